"""What `train` does with --series: a series is cut into windows, which are kept in the run's folder and learnt from."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from explorer.cli.reading import Reading
from explorer.core.errors import ExplorerError, RecipeError, TrainingError

if TYPE_CHECKING:
    from explorer.data import Dataset
    from explorer.novelty.windowing import WindowsAsked
    from explorer.recipe import Recipe

DATA_FILE = "data.npz"


def recipe_of_series(
    given: Path, settings: list[str], asked: WindowsAsked, reading: Reading
) -> tuple[Recipe, Dataset, tuple[str, ...]]:
    """A recipe for the windows of a series, these windows, and sentences on how they were cut.

    Args:
        given: a recipe whose data is a table, or a table: it is then learnt from by convolutions along the windows.
        settings: fields to change.
        asked: of the windows.

    Raises:
        ExplorerError: it holds images, or rows that make no series.
        RecipeError: the recipe's network is for windows of another length.
    """
    from explorer.data import Dataset
    from explorer.novelty import inputs
    from explorer.novelty.series.training_windows import training_windows
    from explorer.novelty.windowing import find_windows, windowed
    from explorer.recipe import Recipe

    recipe = Recipe.from_toml(given).with_settings(settings) if given.suffix.lower() == ".toml" else None
    source, dialect, roles = (str(given), reading.dialect, reading.roles) if recipe is None else (
        recipe.data.dataset, reading.over(recipe.data.dialect), reading.roles_over(recipe.data.roles)
    )  # fmt: skip
    table = inputs.open_input(source, reading.images, None, dialect, roles)
    if isinstance(table, Dataset):
        raise ExplorerError(f"{table.title} holds images, and no series.", "Leave out --series, --window and --step.")
    reading.check_used(table, source)
    table.contract.require_decided(source)
    length = _window_of(recipe)
    if length is not None and asked.length is None:
        asked = asked.model_copy(update={"length": length})
    windows = find_windows(table, asked, dialect)
    if length is not None and length != windows.length:
        raise RecipeError(
            f"The recipe's network is for windows of {length:,} rows, not of {windows.length:,}.",
            f"Leave out --window, or add --set model.window={windows.length}.",
        )
    cut = windowed(table, windows, to_fit=asked.step is None)
    dataset, remarks = training_windows(cut, windows)
    return (
        _along(recipe, windows.length) if recipe is not None else _own(dataset, windows.length, given, settings),
        dataset,
        (table.contract.line, *cut.remarks, *remarks, dataset.splits.note),
    )


def keep_windows(recipe: Recipe, dataset: Dataset, folder: Path) -> Recipe:
    """Write the windows into the run's folder; the recipe that learns from that file.

    Raises:
        TrainingError: the folder holds a run already.
    """
    from explorer.checkpoints.files import write_file
    from explorer.data import npz_bytes
    from explorer.io.tables.asked import RolesAsked
    from explorer.io.tables.dialect import Asked

    if (folder / "events.jsonl").exists():
        raise TrainingError(f"{folder} holds a run already.", "Choose another folder.")
    path = write_file(folder / DATA_FILE, npz_bytes(dataset))
    typer.echo(f"Its windows: {path}", err=True)
    # How the table is written says nothing of a file of windows.
    part = {"dataset": str(path.absolute()), "dialect": Asked(), "roles": RolesAsked()}
    return recipe.model_copy(update={"data": recipe.data.model_copy(update=part)})


def _window_of(recipe: Recipe | None) -> int | None:
    """Rows of the windows that a recipe's network is for; None: it does not say."""
    window = None if recipe is None else getattr(recipe.model, "window", None)
    return window if isinstance(window, int) else None


def _along(recipe: Recipe, length: int) -> Recipe:
    """A recipe whose convolutions, if it has any, run along windows of so many rows."""
    from explorer.models.convolutional import ConvolutionalConfig

    if not isinstance(recipe.model, ConvolutionalConfig) or recipe.model.window is not None:
        return recipe
    return recipe.with_settings([f"model.window={length}"])


def _own(dataset: Dataset, length: int, given: Path, settings: list[str]) -> Recipe:
    """The recipe where none was given."""
    from explorer.novelty.table_recipe import table_recipe

    name = re.sub(r"[^A-Za-z0-9._-]+", "-", given.stem).strip("-._")[:80] or "series"
    title = f"Convolutional · {dataset.title}"[:120]
    update = {"name": name, "title": title, "corruption": None}
    recipe = table_recipe(dataset, length=length).model_copy(update=update)
    return recipe.with_settings(settings)
