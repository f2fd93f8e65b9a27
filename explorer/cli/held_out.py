"""Flags that give a second and a third file: whose items are held out for testing and for validation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from explorer.recipe import Recipe

TestData = Annotated[
    Path | None,
    typer.Option(
        "--test-data", metavar="FILE", help="A file or folder beside the recipe's data, all of it held out for testing."
    ),
]
ValidationData = Annotated[
    Path | None,
    typer.Option(
        "--validation-data",
        metavar="FILE",
        help="The same for validation. Default: some of the training items.",
    ),
]


def with_held_out(recipe: Recipe, test_data: Path | None, validation_data: Path | None = None) -> Recipe:
    """A recipe whose split names these files; as it is where none is given.

    Raises:
        RecipeError: its split says otherwise which items are held out.
    """
    from explorer.recipe import Recipe

    given = {"test_data": test_data, "validation_data": validation_data}
    said = {field: str(path.absolute()) for field, path in given.items() if path is not None}
    if not said:
        return recipe
    values = recipe.model_dump(mode="json", exclude_none=True)
    values["data"]["split"] |= said
    return Recipe.parse(values)
