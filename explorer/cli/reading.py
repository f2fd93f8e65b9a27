"""What was said of how a command's input is read, and what the command says of it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from explorer.core.errors import DataError

if TYPE_CHECKING:
    from pydantic import BaseModel

    from explorer.data import Dataset
    from explorer.io.contract import Contract
    from explorer.io.images.asked import ImagesAsked
    from explorer.io.tables.asked import RolesAsked
    from explorer.io.tables.dialect import Asked
    from explorer.novelty.inputs import TableInput
    from explorer.recipe import Recipe


@dataclass(frozen=True)
class Reading:
    """What was said of an input.

    Args:
        dialect: how a table is written.
        roles: what its columns are for.
        images: how images are read.
    """

    dialect: Asked
    roles: RolesAsked
    images: ImagesAsked

    def over(self, dialect: Asked) -> Asked:
        """What was said, and where nothing was, what another place says, such as a recipe."""
        return dialect.model_copy(update=_said(self.dialect))

    def roles_over(self, roles: RolesAsked) -> RolesAsked:
        """As ``over``, of the columns."""
        return roles.model_copy(update=_said(self.roles))

    def images_over(self, images: ImagesAsked) -> ImagesAsked:
        """As ``over``, of images."""
        return images.model_copy(update=_said(self.images))

    def in_recipe(self, recipe: Recipe) -> Recipe:
        """A recipe that says the same, so that a run that goes on and whoever opens its checkpoint read alike.

        Raises:
            DataError: it learns from no file.
        """
        from explorer.data import DATASETS

        said = self._flags()
        if said and recipe.data.dataset in DATASETS:
            raise DataError(f"{said}: {recipe.data.dataset} is not read from a file.", "Leave the flag out.")
        part = recipe.data
        update: dict[str, BaseModel] = {
            "dialect": self.over(part.dialect),
            "roles": self.roles_over(part.roles),
            "images": self.images_over(part.images),
        }
        return recipe.model_copy(update={"data": recipe.data.model_copy(update=update)})

    def _flags(self) -> str:
        from explorer.export.reading import image_flags, table_flags

        return shlex.join((*table_flags(self.dialect, self.roles), *image_flags(self.images)))

    def check_used(self, given: Dataset | TableInput, name: str) -> None:
        """Refuse flags that say nothing of such data.

        Raises:
            DataError: with the flags.
        """
        from explorer.export.reading import image_flags, table_flags

        kind = None if given.contract is None else given.contract.kind
        if kind != "table" and (said := table_flags(self.dialect, self.roles)):
            raise DataError(f"{shlex.join(said)}: {name} is not read from a table's file.", "Leave the flag out.")
        if kind != "image" and (said := image_flags(self.images)):
            raise DataError(f"{shlex.join(said)}: {name} holds no images to be read.", "Leave the flag out.")

    @property
    def label(self) -> str | None:
        """The column of labels that was named."""
        return self.roles.label or None


def say_how_read(dataset: Dataset) -> None:
    """Say on stderr how data was read, what was changed and what was left out."""
    from explorer.data.reading import how_read

    if dataset.contract is not None:
        typer.echo(f"Read as: {dataset.contract.line}", err=True)
    for line in how_read(dataset):
        typer.echo(line, err=True)


def check_keeps(contract: Contract | None, keep: Sequence[str], name: str) -> None:
    """Refuse to keep columns of data that has none.

    Raises:
        DataError: with their names.
    """
    if keep and (contract is None or contract.kind != "table"):
        raise DataError(f"--keep {shlex.join(keep)}: {name} is not read from a table's file.", "Leave the flag out.")


def contract_of(dataset: Dataset) -> dict[str, Any]:
    """How data was read, for an answer in JSON, with what was left out and changed; nothing of registered data."""
    if dataset.contract is None:
        return {}
    report = dataset.report
    changes = {} if report is None else {"left_out": report.left_out, "changed": report.converted}
    return {"contract": dataset.contract.answer, **changes}


def _said(asked: BaseModel) -> dict[str, Any]:
    return {field: value for field, value in asked if value is not None and value != ()}
