"""What a user says of a table's columns."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

NO_LABEL = "none"
"""As a label's column: there is none, where no column has that name."""


class RolesAsked(BaseModel):
    """What a user said of a table's columns.

    Args:
        label: the column of labels; "": there is none; None: to be found.
        inputs: columns that are to be learnt from, as the numbers, categories or dates that they hold.
        numbers, counts, categories, dates: columns that are to be learnt from as that, whatever they look like.
        identifier, metadata, time, ignore: columns that are not.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str | None = None
    inputs: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    identifier: tuple[str, ...] = ()
    metadata: tuple[str, ...] = ()
    time: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()


class RolesWithSplit(RolesAsked):
    """The same of a table whose split goes by columns.

    Args:
        aside: these: they are not learnt from, where they are there and nobody said what else they are.
    """

    aside: tuple[str, ...] = ()
