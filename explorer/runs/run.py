"""Runs: a training in a process of its own, and the folder that process writes and everyone else reads.

A run's folder holds::

    recipe.toml               what is trained
    events.jsonl              one event a line, as it happens
    previews/epoch-0001.npz   how some validation items looked after that epoch
    state.safetensors         everything needed to go on; until the run is over
    best.safetensors          the best weights so far; until the run is over
    checkpoint.safetensors    the result, with its figures
    process.json              which process trains
    data.npz                  the items, where they were given in memory
    request                   "pause" or "stop", until it is obeyed
    outcome.json              how the run ended or paused; not there while it runs
    log.txt                   what a process started by ``start`` wrote on its standard streams

Every file but the log and the events is replaced whole, so that a killed process leaves no damaged one.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any, Literal

import numpy as np
import psutil

from explorer import checkpoints, data, evaluation
from explorer.checkpoints.files import read_tensors, write_file, write_tensors
from explorer.core import devices, places
from explorer.core.errors import ExplorerError, RecipeError, TrainingError
from explorer.recipe import Recipe
from explorer.training import describe, train
from explorer.training.events import EpochFinished, Event, Finished, Preview, Started, State, Step

Status = Literal["running", "paused", "finished", "stopped", "failed", "dead"]
"""``failed`` ended with an error that it could write down; ``dead`` was killed, and can be resumed."""
Request = Literal["pause", "stop"]
REQUESTS: tuple[Request | None, ...] = (None, "pause", "stop")

SECONDS_BETWEEN_STEPS = 0.1
SECONDS_BETWEEN_STATES = 2.0
"""After an epoch the state is saved if the last saving is so long ago; short epochs are not slowed by writing."""
SECONDS_BETWEEN_STATES_IN_EPOCH = 30.0
SHARE_OF_SAVING = 0.05
"""Saving takes no more than this share of the time, however large the model or slow the disk."""
MAX_PREVIEWS = 200
STATE_KEY = "explorer_state"


def root() -> Path:
    """The folder of all runs: ``places.own`` says which."""
    return places.own("runs")


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
        if "status" not in self.outcome and not self._is_alive() and "status" not in self.outcome:
            return "dead"
        return self.outcome.get("status", "running")

    @property
    def outcome(self) -> dict[str, Any]:
        """``status``, ``message`` and ``hint`` of a run that ended or paused; empty if it runs or was killed."""
        return _read_json(self.folder / "outcome.json")

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

    def previews(self) -> list[int]:
        """The epochs that have a preview, in order (of long runs, some 200 of them)."""
        return sorted(int(path.stem.removeprefix("epoch-")) for path in (self.folder / "previews").glob("epoch-*.npz"))

    def preview(self, epoch: int) -> Preview:
        """How some validation items looked after an epoch.

        Raises:
            TrainingError: that epoch has no preview.
        """
        try:
            with np.load(_preview_path(self.folder, epoch)) as arrays:
                return Preview(**{"labels": None, **arrays})
        except OSError as error:
            raise TrainingError(f"The run {self.id} has no preview of epoch {epoch}.") from error

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
        _request(self.folder, "pause")

    def resume(self) -> None:
        """Start a process that goes on from the saved state: the result is that of a run without the break.

        Raises:
            TrainingError: the run is not paused, dead or failed.
        """
        self._require("resume", "paused", "dead", "failed")
        if self.status == "failed" and not (self.folder / "state.safetensors").is_file():
            raise TrainingError(f"The run {self.id} cannot go on: {self.outcome['message']}", "Start a new run.")
        (self.folder / "request").unlink(missing_ok=True)
        self._start("--resume")

    def stop(self) -> None:
        """Ask for an end after the next step, with the best weights so far as the result.

        Raises:
            TrainingError: the run is over.
        """
        self._require("stop", "running", "paused", "dead")
        running = self.status == "running"
        _request(self.folder, "stop")
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
        return checkpoints.save(dataclasses.replace(kept, card=card), target)

    def delete(self) -> None:
        """Remove the run's folder and all that is in it.

        Raises:
            TrainingError: the run is running, or a file cannot be removed.
        """
        self._require("delete", "paused", "finished", "stopped", "failed", "dead")
        try:
            shutil.rmtree(self.folder)
        except OSError as error:
            raise TrainingError(
                f"Cannot delete {self.folder}: {error.strerror}.", "Check the folder's permissions."
            ) from error

    def _require(self, what: str, *allowed: Status) -> None:
        status = self.status
        if status not in allowed:
            raise TrainingError(
                f"Cannot {what} the run {self.id}: it is {status}.", f"It has to be {' or '.join(allowed)}."
            )

    def _start(self, *arguments: str) -> None:
        (self.folder / "outcome.json").unlink(missing_ok=True)
        recipe = self.folder / "recipe.toml"
        command = [sys.executable, "-m", "explorer", "train", str(recipe), "--run-dir", str(self.folder), *arguments]
        package_home = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join([package_home, *filter(None, [os.environ.get("PYTHONPATH")])])
        with (self.folder / "log.txt").open("ab") as log:
            # A session of its own: it outlives the app and is not reached by the terminal's Ctrl-C.
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
                env=os.environ | {"PYTHONPATH": path},
            )
        _write_process(self.folder, process.pid)
        # Remembered so that Python can reap it once it has ended.
        _children.append(process)

    def _is_alive(self) -> bool:
        _children[:] = [child for child in _children if child.poll() is None]
        written = _read_json(self.folder / "process.json")
        try:
            process = psutil.Process(written["pid"])
            # Process numbers are used again; together with the start they are not.
            return abs(process.create_time() - written["started"]) < 1 and process.status() != psutil.STATUS_ZOMBIE
        except (KeyError, psutil.Error):
            return False


_children: list[subprocess.Popen[bytes]] = []


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
    run = Run(folder)
    write_file(run.folder / "recipe.toml", recipe.to_toml().encode())
    run._start()
    return run


def new_folder(recipe: Recipe) -> Path:
    """Make an empty folder for a run, named by the time and the recipe.

    Raises:
        TrainingError: it cannot be made.
    """
    name = f"{datetime.datetime.now():%Y%m%d-%H%M%S}-{recipe.name}"
    number = 1
    while True:
        folder = root() / (name if number == 1 else f"{name}-{number}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            number += 1
        except OSError as error:
            raise TrainingError(
                f"Cannot make the folder {folder}: {error.strerror}.", "Set EXPLORER_RUNS to another folder."
            ) from error
        else:
            return folder


def list_runs() -> list[Run]:
    """Every run in ``root()``, newest first."""
    return [Run(path.parent) for path in sorted(root().glob("*/recipe.toml"), reverse=True)]


def current(events: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Events without those that came after the state a run was resumed from: the resumed run does them again."""
    kept: list[dict[str, Any]] = []
    for event in events:
        if event["event"] == "resumed":
            kept = _before(kept, event["step"], event["epochs"])
        else:
            kept.append(event)
    return kept


def _before(events: list[dict[str, Any]], step: int, epochs: int) -> list[dict[str, Any]]:
    kept, finished_epochs = [], 0
    for event in events:
        finished_epochs += event["event"] == "epoch"
        too_late = {"step": event.get("step", 0) > step, "epoch": finished_epochs > epochs, "finished": True}
        if not too_late.get(event["event"], False):
            kept.append(event)
    return kept


# --- inside the process that trains ---------------------------------------------------------------------------------


def drain(recipe: Recipe, folder: Path, resume: bool = False, dataset: data.Dataset | None = None) -> Iterator[Event]:
    """Train, write the run's folder, and pass the events on.

    Where several processes train together, each of them drains and the main one alone writes.

    Args:
        recipe: what to train.
        folder: the run's; made if need be.
        resume: go on from the state in the folder, or from the start where there is none yet.
        dataset: as in ``train``.

    Raises:
        ExplorerError: the training cannot start or go on, or a file cannot be written. The folder says so too.
    """
    writer = _Writer(folder) if devices.is_main_process() else _Bystander(folder)
    try:
        writer.open(recipe, resume)
        state = read_state(folder) if resume and (folder / "state.safetensors").is_file() else None
        if resume:
            writer.resumed(state)
        for event in train(recipe, dataset, resume=state):
            writer.write(event)
            yield event
            if isinstance(event, Step):
                request = REQUESTS[devices.agreed(REQUESTS.index(writer.request()))]
                if request == "pause":
                    writer.pause(event)
                    return
                if request == "stop":
                    finished = event.finish()
                    writer.write(finished)
                    yield finished
                    return
    except ExplorerError as error:
        writer.failed(error.message, error.hint)
        raise
    except Exception as error:
        writer.failed(f"Training broke off: {type(error).__name__}: {error}", "See log.txt in the run's folder.")
        raise
    finally:
        writer.close()


class _Writer:
    """Writes a run's folder from the events of its training."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._log: IO[bytes] | None = None
        self._step_at = 0.0
        self._state_at = time.monotonic()
        self._saving = 0.0

    def open(self, recipe: Recipe, resume: bool) -> None:
        path = self.folder / "events.jsonl"
        if path.exists() and not resume:
            raise TrainingError(f"{self.folder} holds a run already.", "Add --resume, or choose another folder.")
        write_file(self.folder / "recipe.toml", recipe.to_toml().encode())
        for leftover in self.folder.rglob(".*.part"):
            leftover.unlink(missing_ok=True)
        (self.folder / "outcome.json").unlink(missing_ok=True)
        _write_process(self.folder, os.getpid())
        self._log = path.open("ab")
        if resume:
            self._log.truncate(_whole_lines(path))

    def resumed(self, state: State | None) -> None:
        """Mark the events after the saved state as superseded."""
        epochs = len(state.values["history"]) if state else 0
        self._append({"event": "resumed", "step": state.values["step"] if state else 0, "epochs": epochs})

    def write(self, event: Event) -> None:
        now = time.monotonic()
        if isinstance(event, Step):
            if now - self._step_at >= SECONDS_BETWEEN_STEPS:
                self._step_at = now
                self._append(event.as_json())
            if now - self._state_at >= SECONDS_BETWEEN_STATES_IN_EPOCH:
                self._save_state(event)
        elif isinstance(event, EpochFinished):
            self._save_preview(event)
            self._append(event.as_json())
            if now - self._state_at >= max(SECONDS_BETWEEN_STATES, self._saving / SHARE_OF_SAVING):
                self._save_best(event)
                self._save_state(event)
                self._saving = time.monotonic() - now
        elif isinstance(event, Finished):
            self._finish(event)
        else:
            assert isinstance(event, Started)  # noqa: S101 - there are no other events
            self._append(event.as_json())

    def request(self) -> Request | None:
        """What someone asked for, if anything."""
        path = self.folder / "request"
        # Looked at after every step: a look at the directory costs a microsecond, a failed opening ten.
        if not path.exists():
            return None
        text = path.read_text()
        return "pause" if text == "pause" else "stop" if text == "stop" else None

    def pause(self, event: Step) -> None:
        self._save_state(event)
        self._end("paused", f"Paused after step {event.step}.", "")

    def failed(self, message: str, hint: str) -> None:
        # With a full disk this cannot be written either; the error that is on its way says the same.
        with contextlib.suppress(ExplorerError):
            self._end("failed", message, hint)

    def close(self) -> None:
        if self._log:
            # What could not be written on a full disk is tried once more by closing; that error was raised already.
            with contextlib.suppress(OSError):
                self._log.close()

    def _finish(self, event: Finished) -> None:
        if event.checkpoint is not None:
            checkpoints.save(event.checkpoint, self.folder / "checkpoint.safetensors")
        self._append(event.as_json())
        status: Status = {"diverged": "failed", "stopped": "stopped"}.get(event.reason, "finished")  # type: ignore[assignment]
        self._end(status, event.message, event.hint)
        for name in ("state.safetensors", "best.safetensors"):
            (self.folder / name).unlink(missing_ok=True)

    def _save_state(self, event: Step | EpochFinished) -> None:
        state = event.snapshot()
        metadata = {STATE_KEY: json.dumps(state.values)}
        write_tensors(self.folder / "state.safetensors", state.tensors, metadata)
        self._state_at = time.monotonic()

    def _save_best(self, event: EpochFinished) -> None:
        checkpoints.save(event.best(), self.folder / "best.safetensors")

    def _save_preview(self, event: EpochFinished) -> None:
        every = -(-event.epochs // MAX_PREVIEWS)
        if event.preview is None or (event.epoch % every and event.epoch not in (1, event.epochs)):
            return
        named = {f.name: getattr(event.preview, f.name) for f in dataclasses.fields(Preview)}
        content = io.BytesIO()
        np.savez(content, **{name: array for name, array in named.items() if array is not None})
        write_file(_preview_path(self.folder, event.epoch), content.getvalue())

    def _append(self, values: dict[str, Any]) -> None:
        assert self._log is not None  # noqa: S101 - opened first
        try:
            self._log.write(json.dumps(values).encode() + b"\n")
            self._log.flush()
        except OSError as error:
            raise TrainingError(
                f"Cannot write {self.folder / 'events.jsonl'}: {error.strerror}.",
                "Free some space, then resume the run.",
            ) from error

    def _end(self, status: Status, message: str, hint: str) -> None:
        (self.folder / "request").unlink(missing_ok=True)
        values = {"status": status, "message": message, "hint": hint}
        write_file(self.folder / "outcome.json", json.dumps(values).encode())


class _Bystander(_Writer):
    """What a process has that trains along with the main one: it writes nothing and hears of requests from that one."""

    def open(self, recipe: Recipe, resume: bool) -> None:
        pass

    def resumed(self, state: State | None) -> None:
        pass

    def write(self, event: Event) -> None:
        pass

    def request(self) -> Request | None:
        return None

    def pause(self, event: Step) -> None:
        pass

    def failed(self, message: str, hint: str) -> None:
        pass


def read_state(folder: Path) -> State:
    """The state that a run saved last.

    Raises:
        CheckpointError: it is damaged or not a state.
    """
    path = folder / "state.safetensors"
    tensors, metadata = read_tensors(path)
    if STATE_KEY not in metadata:
        raise TrainingError(f"{path} is not the state of a run.", "Start a new run instead of resuming.")
    return State(tensors, json.loads(metadata[STATE_KEY]))


def ask_pause(folder: Path) -> None:
    """Ask the process that trains in a folder to pause: what its Ctrl-C does."""
    _request(folder, "pause")


def _request(folder: Path, request: Request) -> None:
    write_file(folder / "request", request.encode())


def _write_process(folder: Path, pid: int) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):  # it ended at once: not running then
        values = {"pid": pid, "started": psutil.Process(pid).create_time()}
        write_file(folder / "process.json", json.dumps(values).encode())


def _read_json(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}


def _preview_path(folder: Path, epoch: int) -> Path:
    return folder / "previews" / f"epoch-{epoch:04d}.npz"


def _whole_lines(path: Path) -> int:
    """Bytes up to the end of the last whole line: a killed process may have left half of one."""
    return path.read_bytes().rfind(b"\n") + 1


def _described(best: checkpoints.Checkpoint) -> checkpoints.Checkpoint:
    """A best-so-far checkpoint with the figures that only a finished run measures."""
    part = best.card.recipe.data
    dataset = part.open()
    rows = evaluation.training_rows(dataset, part.classes, "train", part.limit)
    return describe(best, dataset, rows, evaluation.training_rows(dataset, part.classes, "validation"))
