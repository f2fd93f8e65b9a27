"""A run as others see it: followed, paused, resumed, stopped and kept from outside the process that trains."""

from __future__ import annotations

import dataclasses
import json
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from explorer import checkpoints, data, evaluation
from explorer.checkpoints import TrainingFinding
from explorer.checkpoints.files import write_file
from explorer.core.errors import RecipeError, TrainingError
from explorer.recipe import Recipe
from explorer.runs.about import RunAbout, read_about, write_about
from explorer.runs.folder import STATE_FILE, Status, new_folder, read_json, root, watch, write_request
from explorer.runs.frames import FrameFile
from explorer.runs.kept_frames import keep_frames
from explorer.runs.processes import is_at_work, start_process
from explorer.runs.trash import move_to_trash
from explorer.training import describe
from explorer.training.events import Preview


@dataclass(frozen=True)
class Run:
    """One run's folder, as seen from outside the process that trains."""

    folder: Path

    @property
    def id(self) -> str:
        return self.folder.name

    @cached_property
    def recipe(self) -> Recipe:
        return Recipe.from_toml(self.folder / "recipe.toml")

    @property
    def status(self) -> Status:
        """What the run is doing, from its files and the process table."""
        # The outcome is read again, since the process may have written it and ended between the two looks.
        if "status" not in self.outcome and not is_at_work(self.folder) and "status" not in self.outcome:
            return "dead"
        return self.outcome.get("status", "running")

    @property
    def outcome(self) -> dict[str, Any]:
        """``status``, ``message`` and ``hint`` of a run that ended or paused; empty if it runs or was killed."""
        return read_json(self.folder / "outcome.json")

    @property
    def findings(self) -> tuple[TrainingFinding, ...]:
        """What a look at the whole of an ended run showed, the gravest first; of others, see its newest events."""
        return tuple(TrainingFinding.model_validate(values) for values in self.outcome.get("findings", ()))

    @property
    def status_words(self) -> str:
        """The status, and of an ended run whether anything is wrong: "finished, with findings"."""
        is_over = self.status in ("finished", "stopped")
        wrong = is_over and any(finding.is_wrong for finding in self.findings)
        return f"{self.status}, with findings" if wrong else self.status

    @property
    def about(self) -> RunAbout:
        """What people and sweeps say of it."""
        return read_about(self.folder)

    @property
    def title(self) -> str:
        """What lists call it: the title that it was given, or its recipe's."""
        return self.about.title or self.recipe.display_title

    def events(self, after: int = 0) -> tuple[list[dict[str, Any]], int]:
        """The events written since the last look, as in ``Event.as_json``.

        Args:
            after: the position that the last look returned; 0 for all.

        Returns:
            The new events, and the position to give next time. A line that is still being written is left for then.
            ``current`` drops those that a resumed run did again.
        """
        try:
            with (self.folder / "events.jsonl").open("rb") as file:
                file.seek(after)
                content = file.read()
        except FileNotFoundError:
            return [], after
        whole = content[: content.rfind(b"\n") + 1]
        return [json.loads(line) for line in whole.splitlines()], after + len(whole)

    @cached_property
    def _frames(self) -> FrameFile:
        return FrameFile(self.folder / "frames.bin")

    def frames(self) -> dict[float, Preview]:
        """How some validation items looked after each epoch that was kept (of long runs, some 200), by its number."""
        return self._frames.look()

    def live(self) -> tuple[float, Preview] | None:
        """How they look now, between two epochs, and how many epochs are done; None where nobody has watched."""
        return next(iter(FrameFile(self.folder / "live.bin").look().items()), None)

    def watch(self) -> None:
        """Have pictures made between epochs, too, for some seconds from now."""
        watch(self.folder)

    @property
    def checkpoint(self) -> Path | None:
        """The run's result, or its best so far; None before the first."""
        names = ("checkpoint.safetensors", "best.safetensors")
        return next((path for name in names if (path := self.folder / name).is_file()), None)

    def pause(self) -> None:
        """Ask the process to save its state and end; ``resume`` goes on from there.

        Raises:
            TrainingError: the run is not running.
        """
        self._require("pause", "running")
        write_request(self.folder, "pause")

    def resume(self) -> None:
        """Start a process that goes on from the saved state: the result is that of a run without the break.

        Raises:
            TrainingError: the run is not paused, dead or failed.
        """
        self._require("resume", "paused", "dead", "failed")
        if self.status == "failed" and not (self.folder / STATE_FILE).is_file():
            raise TrainingError(f"The run {self.id} cannot go on: {self.outcome['message']}", "Start a new run.")
        (self.folder / "request").unlink(missing_ok=True)
        self._start("--resume")

    def begin(self) -> None:
        """Start a process that goes on from the saved state, or from the start where there is none.

        Raises:
            TrainingError: the run is running, or has come to a result.
        """
        self._require("begin", "paused", "dead", "failed")
        (self.folder / "request").unlink(missing_ok=True)
        self._start("--resume")

    def stop(self) -> None:
        """Ask for an end after the next step, with the best weights so far as the result.

        Raises:
            TrainingError: the run is over.
        """
        self._require("stop", "running", "paused", "dead")
        running = self.status == "running"
        write_request(self.folder, "stop")
        if not running:
            self._start("--resume")

    def keep(self, name: str, replace: bool = False) -> Path:
        """Copy the result (or the best so far) to where checkpoints are looked for by name.

        Args:
            name: what to call it, as in ``Recipe.name``.
            replace: whether a checkpoint of that name may be replaced.

        Returns:
            The new file.

        Raises:
            ExplorerError: nothing to keep yet, the name is taken or not a name, or the file cannot be written.
        """
        source = self.checkpoint
        if source is None:
            raise TrainingError(f"The run {self.id} has no checkpoint yet.", "Wait for its first epoch to end.")
        target = checkpoints.folders()[0] / f"{name}.safetensors"
        kept = checkpoints.load(source)
        recipe = Recipe.parse(kept.card.recipe.model_dump(mode="json") | {"name": name})
        if target.exists() and not replace:
            raise RecipeError(f"There is a checkpoint called {name!r} already.", "Choose another name.")
        if not (kept.card.latent or kept.card.metrics):
            kept = _described(kept)
        card = kept.card.model_copy(update={"recipe": recipe})
        saved = checkpoints.save(dataclasses.replace(kept, card=card), target)
        keep_frames(self.frames(), self.events()[0], saved, card)
        return saved

    def delete(self) -> None:
        """Move the run's folder, with its checkpoint, to the trash, from where ``runs.restore`` brings it back.

        Raises:
            TrainingError: the run is running, or the folder cannot be moved.
        """
        self._require("delete", "paused", "finished", "stopped", "failed", "dead")
        move_to_trash(self.folder)

    def describe(self, about: RunAbout) -> None:
        """Keep what is said of it.

        Raises:
            CheckpointError: it cannot be written.
        """
        write_about(self.folder, about)

    def _require(self, what: str, *allowed: Status) -> None:
        status = self.status
        if status not in allowed:
            raise TrainingError(
                f"Cannot {what} the run {self.id}: it is {status}.", f"It has to be {' or '.join(allowed)}."
            )

    def _start(self, *arguments: str) -> None:
        (self.folder / "outcome.json").unlink(missing_ok=True)
        recipe = self.folder / "recipe.toml"
        start_process(["train", str(recipe), "--run-dir", str(self.folder), *arguments], self.folder)


def start(
    recipe: Recipe, dataset_path: str | os.PathLike[str] | None = None, dataset: data.Dataset | None = None
) -> Run:
    """Train in a process of its own, which goes on when this one ends.

    Args:
        recipe: what to train.
        dataset_path: a file or folder to train on in place of the recipe's ``data.dataset``.
        dataset: items that exist in memory alone, to train on instead: they are written into the run's folder.

    Raises:
        CheckpointError: the run's folder cannot be written.
    """
    folder = new_folder(recipe)
    if dataset is not None:
        dataset_path = write_file(folder / "data.npz", data.npz_bytes(dataset))
    if dataset_path is not None:
        part = recipe.data.model_copy(update={"dataset": str(Path(dataset_path).absolute())})
        recipe = recipe.model_copy(update={"data": part})
    run = _laid_down(recipe, folder)
    run._start()
    return run


def prepare(recipe: Recipe, about: RunAbout | None = None) -> Run:
    """A folder for a training that has not begun: ``drain`` or ``Run.resume`` begins it.

    Args:
        recipe: what to train.
        about: what is said of it.

    Raises:
        ExplorerError: the folder cannot be made or written.
    """
    folder = new_folder(recipe)
    if about is not None:
        write_about(folder, about)
    return _laid_down(recipe, folder)


def _laid_down(recipe: Recipe, folder: Path) -> Run:
    write_file(folder / "recipe.toml", recipe.to_toml().encode())
    return Run(folder)


def list_runs() -> list[Run]:
    """Every run in ``root()``, newest first."""
    return [Run(path.parent) for path in sorted(root().glob("*/recipe.toml"), reverse=True)]


def _described(best: checkpoints.Checkpoint) -> checkpoints.Checkpoint:
    """A best-so-far checkpoint with the figures that only a finished run measures."""
    part = best.card.recipe.data
    dataset = part.open()
    rows = evaluation.training_rows(dataset, part.classes, "train", part.limit)
    return describe(best, dataset, rows, evaluation.training_rows(dataset, part.classes, "validation"))
