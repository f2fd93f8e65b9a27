"""A run's folder: what stands in it, and how its parts are read and written.

A run's folder holds::

    recipe.toml               what is trained
    events.jsonl              one event a line, as it happens
    frames.bin                how some validation items looked after each epoch
    live.bin                  how they look now, while somebody watches; until the run is over
    watched                   touched by who watches
    state.safetensors         everything needed to go on; until the run is over
    best.safetensors          the best weights so far; until the run is over
    checkpoint.safetensors    the result, with its figures
    process.json              which process trains
    data.npz                  the items, where they were given in memory
    request                   "pause" or "stop", until it is obeyed
    outcome.json              how the run ended or paused; not there while it runs
    tensorboard/              event files, where they were asked for
    about.json                its title, notes, star and sweep, where there are any
    log.txt                   what a process started by ``start`` wrote on its standard streams

Every file but the log and the events is replaced whole, so that a killed process leaves no damaged one.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import psutil

from explorer.checkpoints.files import read_tensors, read_whole, write_file
from explorer.core import places
from explorer.core.errors import TrainingError
from explorer.recipe import Recipe
from explorer.training.events import State

Status = Literal["running", "paused", "finished", "stopped", "failed", "dead"]
"""``failed`` ended with an error that it could write down; ``dead`` was killed, and can be resumed."""
Request = Literal["pause", "stop"]
REQUESTS: tuple[Request | None, ...] = (None, "pause", "stop")
STATE_FILE = "state.safetensors"
STATE_KEY = "explorer_state"
SECONDS_WATCHED = 5.0
"""Who has not looked for so long no longer watches."""


def root() -> Path:
    """The folder of all runs: ``places.user_folder`` says which."""
    return places.user_folder("runs")


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


def read_state(folder: Path) -> State:
    """The state that a run saved last.

    Raises:
        CheckpointError: it is damaged or not a state.
    """
    path = folder / STATE_FILE
    return state_of(read_whole(path), str(path))


def state_of(content: bytes, name: str) -> State:
    """The state of a run from the bytes of its file, which is called ``name`` in an error.

    Raises:
        CheckpointError: it is damaged or not a state.
    """
    tensors, metadata = read_tensors(content, name)
    if STATE_KEY not in metadata:
        raise TrainingError(f"{name} is not the state of a run.", "Start a new run instead of resuming.")
    return State(tensors, json.loads(metadata[STATE_KEY]))


def ask_pause(folder: Path) -> None:
    """Ask the process that trains in a folder to pause: what its Ctrl-C does."""
    write_request(folder, "pause")


def write_request(folder: Path, request: Request) -> None:
    """Ask the process that trains in a folder to pause or stop."""
    write_file(folder / "request", request.encode())


def watch(folder: Path) -> None:
    """Say that somebody watches now: the process that trains then shows items between epochs, too."""
    with contextlib.suppress(OSError):  # of a full disk: pictures then come after epochs alone
        (folder / "watched").touch()


def is_watched(folder: Path) -> bool:
    """Whether somebody watched just now."""
    try:
        return time.time() - (folder / "watched").stat().st_mtime < SECONDS_WATCHED
    except OSError:
        return False


def write_process(folder: Path, pid: int) -> None:
    """Write which process trains, with its start, since numbers of processes are used again."""
    with contextlib.suppress(psutil.NoSuchProcess):  # it ended at once: not running then
        values = {"pid": pid, "started": psutil.Process(pid).create_time()}
        write_file(folder / "process.json", json.dumps(values).encode())


def read_json(path: Path) -> dict[str, Any]:
    """The values in a JSON file; none where there is no file."""
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}


def whole_lines(path: Path) -> int:
    """Bytes up to the end of the last whole line: a killed process may have left half of one."""
    return path.read_bytes().rfind(b"\n") + 1
