"""Inside the process that trains: events of the training are written into the run's folder."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from explorer import checkpoints, data
from explorer.checkpoints import TrainingFinding
from explorer.checkpoints.files import read_whole, write_file, write_tensors
from explorer.core import devices
from explorer.core.errors import ExplorerError, TrainingError
from explorer.recipe import Recipe
from explorer.runs.folder import (
    REQUESTS,
    STATE_FILE,
    STATE_KEY,
    Request,
    Status,
    is_watched,
    state_of,
    whole_lines,
    write_process,
)
from explorer.runs.frames import epoch_record, items_record, whole_records
from explorer.runs.tensorboard_log import TensorBoardLog, is_asked_for
from explorer.training import train
from explorer.training.events import EpochFinished, Event, Finished, Started, State, Step

SECONDS_BETWEEN_STEPS = 0.1
SECONDS_BETWEEN_STATES = 2.0
"""After an epoch the state is saved if the last saving is so long ago; short epochs are not slowed by writing."""
SECONDS_BETWEEN_STATES_IN_EPOCH = 30.0
SHARE_OF_SAVING = 0.05
"""Saving takes no more than this share of the time, however large the model or slow the disk."""
MAX_PREVIEWS = 200
SECONDS_BETWEEN_PICTURES = 0.45
SHARE_OF_PICTURES = 0.04
"""Pictures between epochs take no more than this share of the time: fewer codes are placed, or pictures come later."""
FEWEST_CODES, MOST_CODES = 64, 1000


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
        state = _saved_state(recipe, folder) if resume else None
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


def _saved_state(recipe: Recipe, folder: Path) -> State | None:
    """Where a run stands; of processes that train together the main one reads it, for others may be on other hosts."""
    devices.place(recipe.training.device)  # where they meet
    path = folder / STATE_FILE
    content = devices.sent(read_whole(path) if devices.is_main_process() and path.is_file() else b"")
    return state_of(content, str(path)) if content else None


class _Writer:
    """Writes a run's folder from the events of its training."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._log: IO[bytes] | None = None
        self._board: TensorBoardLog | None = None
        self._step_at = 0.0
        self._state_at = self._best_at = time.monotonic()
        self._saving = 0.0
        self._has_items = False
        self._next_picture_at = 0.0
        self._picture = 1.0
        self._codes = FEWEST_CODES
        self._steps_per_epoch = 1

    def open(self, recipe: Recipe, resume: bool) -> None:
        path = self.folder / "events.jsonl"
        if path.exists() and not resume:
            raise TrainingError(f"{self.folder} holds a run already.", "Add --resume, or choose another folder.")
        write_file(self.folder / "recipe.toml", recipe.to_toml().encode())
        for leftover in self.folder.rglob(".*.part"):
            leftover.unlink(missing_ok=True)
        (self.folder / "outcome.json").unlink(missing_ok=True)
        write_process(self.folder, os.getpid())
        self._log = path.open("ab")
        if is_asked_for(self.folder):
            self._board = TensorBoardLog(self.folder, recipe)
        if resume:
            self._log.truncate(whole_lines(path))
            frames = self.folder / "frames.bin"
            if frames.is_file():
                os.truncate(frames, whole_records(frames))

    def resumed(self, state: State | None) -> None:
        """Mark the events after the saved state as superseded."""
        epochs = len(state.values["history"]) if state else 0
        self._append({"event": "resumed", "step": state.values["step"] if state else 0, "epochs": epochs})

    def write(self, event: Event) -> None:
        clock = time.monotonic()
        if self._board is not None:
            self._board.write(event)
        if isinstance(event, Step):
            if clock - self._step_at >= SECONDS_BETWEEN_STEPS:
                self._step_at = clock
                self._append(event.as_json())
            if clock >= self._next_picture_at:
                self._show(event)
            if clock - self._state_at >= SECONDS_BETWEEN_STATES_IN_EPOCH:
                self._save_state(event)
        elif isinstance(event, EpochFinished):
            self._save_preview(event)
            self._append(event.as_json())
            # Not by the last state: those between epochs would put off the best weights for ever, where saving is slow.
            if clock - self._best_at >= max(SECONDS_BETWEEN_STATES, self._saving / SHARE_OF_SAVING):
                self._save_best(event)
                self._save_state(event)
                self._best_at = time.monotonic()
                self._saving = self._best_at - clock
        elif isinstance(event, Finished):
            self._finish(event)
        else:
            assert isinstance(event, Started)  # noqa: S101 - there are no other events
            self._steps_per_epoch = event.steps_per_epoch
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
        # What could not be written on a full disk is tried once more by closing; that error was raised already.
        with contextlib.suppress(OSError):
            if self._log is not None:
                self._log.close()
        with contextlib.suppress(OSError):
            if self._board is not None:
                self._board.close()

    def _finish(self, event: Finished) -> None:
        if event.checkpoint is not None:
            checkpoints.save(event.checkpoint, self.folder / "checkpoint.safetensors")
        self._append(event.as_json())
        status: Status = {"diverged": "failed", "stopped": "stopped"}.get(event.reason, "finished")  # type: ignore[assignment]
        self._end(status, event.message, event.hint, event.findings)
        for name in (STATE_FILE, "best.safetensors", "live.bin", "watched"):
            (self.folder / name).unlink(missing_ok=True)

    def _save_state(self, event: Step | EpochFinished) -> None:
        state = event.snapshot()
        metadata = {STATE_KEY: json.dumps(state.values)}
        write_tensors(self.folder / STATE_FILE, state.tensors, metadata)
        self._state_at = time.monotonic()

    def _save_best(self, event: EpochFinished) -> None:
        checkpoints.save(event.best(), self.folder / "best.safetensors")

    def _save_preview(self, event: EpochFinished) -> None:
        every = -(-event.epochs // MAX_PREVIEWS)
        if event.preview is None or (event.epoch % every and event.epoch not in (1, event.epochs)):
            return
        record = epoch_record(event.epoch, event.preview)
        if not self._has_items:
            record = items_record(event.preview) + record
            self._has_items = True
        self._write("frames.bin", record)

    def _show(self, event: Step) -> None:
        """How items look between two epochs, while somebody watches: with as many codes as the time allows."""
        start = time.monotonic()
        self._next_picture_at = start + SECONDS_BETWEEN_PICTURES
        preview = event.preview(self._codes) if is_watched(self.folder) else None
        if preview is None:
            return
        epoch = event.epoch - 1 + (event.step % self._steps_per_epoch or self._steps_per_epoch) / self._steps_per_epoch
        part = self.folder / ".live.bin.part"
        # Half a second later it is replaced: it need not outlast a power cut, nor stop a training on a full disk.
        with contextlib.suppress(OSError):
            part.write_bytes(items_record(preview) + epoch_record(epoch, preview))
            part.replace(self.folder / "live.bin")
        # One that other work of the machine has held up says little about the next.
        self._picture = seconds = min(time.monotonic() - start, 1.25 * self._picture)
        allowed = SECONDS_BETWEEN_PICTURES * SHARE_OF_PICTURES
        if seconds > allowed:
            self._codes = max(FEWEST_CODES, self._codes // 2)
            self._next_picture_at = start + max(SECONDS_BETWEEN_PICTURES, seconds / SHARE_OF_PICTURES)
        elif seconds < allowed / 2:
            self._codes = min(MOST_CODES, self._codes * 2)

    def _append(self, values: dict[str, Any]) -> None:
        assert self._log is not None  # noqa: S101 - opened first
        try:
            self._log.write(json.dumps(values).encode() + b"\n")
            self._log.flush()
        except OSError as error:
            raise self._no_room("events.jsonl", error) from error

    def _write(self, name: str, content: bytes) -> None:
        """Add to a file of records."""
        try:
            with (self.folder / name).open("ab") as file:
                file.write(content)
        except OSError as error:
            raise self._no_room(name, error) from error

    def _no_room(self, name: str, error: OSError) -> TrainingError:
        return TrainingError(
            f"Cannot write {self.folder / name}: {error.strerror}.", "Free some space, then resume the run."
        )

    def _end(self, status: Status, message: str, hint: str, findings: tuple[TrainingFinding, ...] = ()) -> None:
        (self.folder / "request").unlink(missing_ok=True)
        values: dict[str, Any] = {"status": status, "message": message, "hint": hint}
        if findings:
            values["findings"] = [finding.model_dump(mode="json") for finding in findings]
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
