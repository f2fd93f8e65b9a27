"""A sweep: a recipe trained once for every combination of some fields' values, each time as a run of its own."""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import tomli_w

from explorer import runs
from explorer.checkpoints.files import write_file
from explorer.core.errors import RecipeError, TrainingError
from explorer.recipe import Recipe
from explorer.runs import Run
from explorer.runs.about import RunAbout
from explorer.runs.differences import differing_fields, value_text
from explorer.sweeps.fields import REPEATS, SweptField, settings_of

FOLDER = "sweeps"
"""Within the folder of runs; a file a sweep."""
LONGEST_NAME, LONGEST_TITLE = 80, 120
LIMIT = 50
"""So many trainings are begun without a further word."""


@dataclass(frozen=True)
class SweepPoint:
    """One training of a sweep.

    Args:
        setting: pairs of field and value, as they were typed.
        recipe: what is trained.
    """

    setting: tuple[tuple[str, str], ...]
    recipe: Recipe

    @property
    def words(self) -> str:
        """The setting as it is typed."""
        return " ".join(f"{field}={value}" for field, value in self.setting)


@dataclass(frozen=True)
class Sweep:
    """What is swept.

    Args:
        name: unique among the sweeps of a folder of runs; letters, digits, dot, dash and underscore.
        recipe: whose fields are changed.
        fields: that are changed, each of them once.
    """

    name: str
    recipe: Recipe
    fields: tuple[SweptField, ...]

    @classmethod
    def parse(cls, recipe: Recipe, settings: list[str], name: str = "") -> Sweep:
        """A sweep from what was typed.

        Args:
            recipe: whose fields are changed.
            settings: ``FIELD=VALUES``, as ``SweptField.parse`` reads them.
            name: empty: made of the recipe's and the fields'.

        Raises:
            RecipeError: no field, one twice, or a setting or a name that cannot be read.
        """
        fields = tuple(SweptField.parse(setting) for setting in settings)
        if not fields:
            raise RecipeError("A sweep needs a field to change.", "Add --set, such as --set model.beta=1,4,16.")
        twice = next((field for field, times in Counter(f.field for f in fields).items() if times > 1), None)
        if twice is not None:
            raise RecipeError(f"{twice} is given twice.", f"Put its values together: --set {twice}=VALUE,VALUE.")
        return cls(_checked_name(name or _name_of(recipe, fields)), recipe, fields)

    @property
    def size(self) -> int:
        """How many trainings it is."""
        return math.prod(len(field.values) for field in self.fields)

    @property
    def words(self) -> str:
        """What is multiplied: "3 values of model.beta x 2 values of training.seed"."""
        return " x ".join(
            f"{len(field.values):,} values of {field.field}" if len(field.values) > 1 else field.text
            for field in self.fields
        )

    @cached_property
    def points(self) -> tuple[SweepPoint, ...]:
        """Its trainings, in the order in which they are done.

        Raises:
            RecipeError: a value does not fit its field, or two settings are the same training.
        """
        points = tuple(SweepPoint(setting, self._recipe_at(setting)) for setting in settings_of(self.fields))
        seen: dict[str, SweepPoint] = {}
        for point in points:
            key = _training_key(point.recipe)
            if key in seen:
                raise RecipeError(
                    f"{seen[key].words} and {point.words} are the same training.", "Give each value once."
                )
            seen[key] = point
        return points

    def _recipe_at(self, setting: tuple[tuple[str, str], ...]) -> Recipe:
        words = [f"{field.rpartition('.')[2]} {value}" for field, value in setting]
        title = f"{self.recipe.display_title} · {' · '.join(words)}"
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", f"{self.recipe.name}-{'-'.join(words).replace(' ', '')}")
        changed = self.recipe.with_settings([f"{field}={value}" for field, value in setting])
        called = {"name": name[:LONGEST_NAME], "title": title[:LONGEST_TITLE]}
        return changed.model_copy(update=called)

    # --- its file and its runs -------------------------------------------------------------------------------------

    @property
    def file(self) -> Path:
        """Where it is kept."""
        return runs.root() / FOLDER / f"{self.name}.toml"

    @property
    def folder(self) -> Path:
        """Of the process that trains it: ``process.json``, ``request``, ``log.txt``; it need not be there."""
        return runs.root() / FOLDER / self.name

    @property
    def data_file(self) -> Path:
        """Of items that existed in memory alone, once it was started."""
        return self.folder / "data.npz"

    @property
    def in_memory(self) -> Sweep:
        """The same on the items in its own folder."""
        part = self.recipe.data.model_copy(update={"dataset": str(self.data_file)})
        return replace(self, recipe=self.recipe.model_copy(update={"data": part}))

    def save(self) -> None:
        """Write it down, in place of what was kept of the name.

        Raises:
            CheckpointError: it cannot be written.
        """
        fields = {field.field: list(field.values) for field in self.fields}
        values = {"fields": fields, "recipe": tomllib.loads(self.recipe.to_toml())}
        write_file(self.file, tomli_w.dumps(values).encode())

    @classmethod
    def load(cls, name: str) -> Sweep | None:
        """The sweep of that name; None where there is none.

        Raises:
            TrainingError: its file cannot be read.
        """
        path = runs.root() / FOLDER / f"{_checked_name(name)}.toml"
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
            fields = tuple(SweptField(field, tuple(given)) for field, given in values["fields"].items())
            return cls(name, Recipe.parse(values["recipe"]), fields)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
            raise TrainingError(f"Cannot read the sweep {path}.", "Delete the file; its runs stay.") from error

    def check_unchanged(self) -> Sweep | None:
        """What is kept of the name, if it is a sweep of the same recipe; other values of the fields are no change.

        Raises:
            TrainingError: it is of another recipe, or of other fields.
        """
        kept = Sweep.load(self.name)
        if kept is None:
            return None
        hint = "Give this sweep another name (--name), or take the change back."
        names, names_kept = ([field.field for field in sweep.fields] for sweep in (self, kept))
        if sorted(names) != sorted(names_kept):
            raise TrainingError(
                f"The sweep {self.name} changes {' and '.join(names_kept)}, not {' and '.join(names)}.", hint
            )
        same = [f"{field.field}={field.values[0]}" for field in self.fields]
        changed = differing_fields([kept.recipe.with_settings(same), self.recipe.with_settings(same)])
        if changed:
            said = "; ".join(
                f"{name}: {value_text(before)}, now {value_text(after)}" for name, (before, after) in changed.items()
            )
            raise TrainingError(f"The recipe has changed since the sweep {self.name} began ({said}).", hint)
        return kept

    def runs(self) -> dict[tuple[tuple[str, str], ...], Run]:
        """The newest run of each training that has one, by its setting."""
        of_sweep: dict[str, Run] = {}
        for run in runs.list_runs():
            if run.about.sweep == self.name:
                of_sweep.setdefault(_training_key(run.recipe), run)
        keys = {point.setting: _training_key(point.recipe) for point in self.points}
        return {setting: of_sweep[key] for setting, key in keys.items() if key in of_sweep}

    def new_run(self, point: SweepPoint) -> Run:
        """A folder for one of its trainings.

        Raises:
            ExplorerError: it cannot be made.
        """
        return runs.prepare(point.recipe, RunAbout(sweep=self.name))

    @property
    def swept(self) -> tuple[SweptField, ...]:
        """The fields that take several values, but those whose values are repeats."""
        return tuple(field for field in self.fields if field.field not in REPEATS and len(field.values) > 1)


def _training_key(recipe: Recipe) -> str:
    """The same for recipes that differ in nothing but what they are called."""
    return recipe.model_copy(update={"name": "same", "title": ""}).model_dump_json()


def list_sweeps() -> list[Sweep]:
    """The sweeps in the folder of runs, by name; one whose file cannot be read is left out."""
    sweeps = []
    for path in sorted((runs.root() / FOLDER).glob("*.toml")):
        try:
            sweep = Sweep.load(path.stem)
        except (TrainingError, RecipeError):
            continue
        sweeps += [] if sweep is None else [sweep]
    return sweeps


def _name_of(recipe: Recipe, fields: tuple[SweptField, ...]) -> str:
    chosen = [field for field in fields if field.field not in REPEATS] or fields
    names = [field.field.rpartition(".")[2] for field in chosen]
    return f"{recipe.name}-by-{'-'.join(names)}"[:LONGEST_NAME]


def _checked_name(name: str) -> str:
    pattern: Any = Recipe.model_fields["name"].metadata[0].pattern
    if not re.fullmatch(pattern, name):
        raise RecipeError(f"{name!r} is no name for a sweep.", "Take letters, digits, dot, dash and underscore.")
    return name
