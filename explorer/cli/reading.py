"""How a command's table is read, said by flags: how it is written, and what its columns are for."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from explorer.core.errors import DataError

if TYPE_CHECKING:
    from explorer.io.tables.contract import TableContract
    from explorer.io.tables.dialect import Asked
    from explorer.io.tables.roles import RolesAsked

_PANEL = "How a table is read (found from the file where it is not said)"


def _option(*flags: str, text: str, metavar: str = "COLUMN") -> Any:
    return typer.Option(*flags, help=text, metavar=metavar, rich_help_panel=_PANEL)


_OPTIONS: dict[str, tuple[Any, Any]] = {
    "label": (Annotated[str | None, _option("--label", "--labels", text="The column of labels.")], None),
    "no_label": (
        Annotated[bool, typer.Option("--no-label", help="No column holds labels.", rich_help_panel=_PANEL)],
        False,
    ),
    "ids": (Annotated[list[str] | None, _option("--id", text="A column that names rows; may be repeated.")], None),
    "ignore": (Annotated[list[str] | None, _option("--ignore", text="A column to leave out; may be repeated.")], None),
    "meta": (
        Annotated[list[str] | None, _option("--meta", text="A column that goes along unread; may be repeated.")],
        None,
    ),
    "time": (Annotated[list[str] | None, _option("--time", text="A column of times; may be repeated.")], None),
    "numbers": (
        Annotated[list[str] | None, _option("--number", text="A column to learn from as numbers; may be repeated.")],
        None,
    ),
    "categories": (
        Annotated[
            list[str] | None, _option("--category", text="A column to learn from as categories; may be repeated.")
        ],
        None,
    ),
    "inputs": (
        Annotated[list[str] | None, _option("--input", text="A column to learn from all the same; may be repeated.")],
        None,
    ),
    "delimiter": (Annotated[str | None, _option("--delimiter", text="Between cells.", metavar="SIGN")], None),
    "decimal": (Annotated[str | None, _option("--decimal", text="The decimal sign: . or ,", metavar="SIGN")], None),
    "thousands": (
        Annotated[str | None, _option("--thousands", text="Groups digits: . , ' or a space.", metavar="SIGN")],
        None,
    ),
    "header": (
        Annotated[
            bool | None,
            typer.Option(
                "--header/--no-header", help="Whether the first row names the columns.", rich_help_panel=_PANEL
            ),
        ],
        None,
    ),
    "lines_above": (
        Annotated[int | None, _option("--lines-above", text="Lines above the table to pass over.", metavar="N")],
        None,
    ),
    "encoding": (Annotated[str | None, _option("--encoding", text="Such as utf-8 or cp1252.", metavar="NAME")], None),
}


@dataclass(frozen=True)
class Reading:
    """What was said of a table.

    Args:
        dialect: how it is written.
        roles: what its columns are for.
    """

    dialect: Asked
    roles: RolesAsked

    @property
    def label(self) -> str | None:
        """The column of labels that was named."""
        return self.roles.label or None


def reads_tables(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the flags that say how a table is read; it gets them as its argument ``reading``."""

    @functools.wraps(command)
    def with_flags(**given: Any) -> None:
        said = {name: given.pop(name) for name in _OPTIONS}
        command(**given, reading=_reading(**said))

    signature = inspect.signature(command, eval_str=True)
    kept = [p for p in signature.parameters.values() if p.name != "reading"]
    flags = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in _OPTIONS.items()
    ]
    as_keywords = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in kept]
    with_flags.__signature__ = signature.replace(parameters=[*as_keywords, *flags])  # type: ignore[attr-defined]
    with_flags.__annotations__ = {p.name: p.annotation for p in [*as_keywords, *flags]} | {"return": None}
    del with_flags.__wrapped__  # typer is to see these flags, not the command's own parameters
    return with_flags


def require_decided(contract: TableContract, name: str) -> None:
    """Refuse a table of which two readings are about as likely.

    Raises:
        DataError: with the flags that decide it.
    """
    for finding in contract.undecided:
        raise DataError(
            f"{name}: the {finding.what} cannot be told: {finding.reason}.", f"Say which it is: {finding.flag}."
        )


def _reading(
    *,
    label: str | None,
    no_label: bool,
    ids: list[str] | None,
    ignore: list[str] | None,
    meta: list[str] | None,
    time: list[str] | None,
    numbers: list[str] | None,
    categories: list[str] | None,
    inputs: list[str] | None,
    delimiter: str | None,
    decimal: str | None,
    thousands: str | None,
    header: bool | None,
    lines_above: int | None,
    encoding: str | None,
) -> Reading:
    from pydantic import ValidationError

    from explorer.io.tables.dialect import Asked
    from explorer.io.tables.roles import RolesAsked

    signs = {"tab": "\t", "\\t": "\t", "space": " ", "comma": ",", "semicolon": ";"}
    if delimiter is not None and len(signs.get(delimiter, delimiter)) != 1:
        raise DataError(f"{delimiter!r} is no delimiter.", "Give one sign, or tab.")
    try:
        dialect = Asked.model_validate(
            {
                "delimiter": None if delimiter is None else signs.get(delimiter, delimiter),
                "decimal": decimal,
                "thousands": thousands,
                "header": header,
                "lines_above": lines_above,
                "encoding": encoding,
            }
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise DataError(f"--{first['loc'][0]}: {first['input']!r} cannot be used.", str(first["msg"])) from error
    return Reading(
        dialect,
        RolesAsked(
            label="" if no_label else label,
            inputs=tuple(inputs or ()),
            identifier=tuple(ids or ()),
            metadata=tuple(meta or ()),
            time=tuple(time or ()),
            numbers=tuple(numbers or ()),
            categories=tuple(categories or ()),
            ignore=tuple(ignore or ()),
        ),
    )
