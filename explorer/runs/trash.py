"""Runs that were deleted: for some days they lie in a folder within that of the runs, and can be brought back."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from explorer.core.errors import TrainingError
from explorer.runs.folder import root

FOLDER = "trash"
DAYS = 30
"""After so many the folder is emptied of a run, at the next look."""
_SECONDS = 86_400


@dataclass(frozen=True)
class TrashedRun:
    """A run that was deleted.

    Args:
        folder: where it lies now.
        deleted_at: seconds since 1970.
    """

    folder: Path
    deleted_at: float

    @property
    def id(self) -> str:
        return self.folder.name

    @property
    def days_left(self) -> int:
        """Until it is gone, at least one."""
        return max(1, DAYS - int((time.time() - self.deleted_at) / _SECONDS))


def move_to_trash(folder: Path) -> None:
    """Take a run's folder from the list of runs; what has lain in the trash for too long goes for good.

    Raises:
        TrainingError: it cannot be moved; it is where it was.
    """
    target = root() / FOLDER / folder.name
    try:
        target.parent.mkdir(exist_ok=True)
        folder.rename(target)
    except OSError as error:
        raise TrainingError(f"Cannot delete {folder}: {error.strerror}.", "Check the folder's permissions.") from error
    # Its own time says since when it lies there; without it, it would be emptied sooner, by when it was trained.
    os.utime(target)
    trashed_runs()


def trashed_runs() -> list[TrashedRun]:
    """What can be brought back, the newest deletion first; what has lain there for ``DAYS`` is removed."""
    kept = []
    for folder in (root() / FOLDER).glob("*"):
        with contextlib.suppress(OSError):  # another process is emptying it
            run = TrashedRun(folder, folder.stat().st_mtime)
            if time.time() - run.deleted_at < DAYS * _SECONDS:
                kept.append(run)
            else:
                shutil.rmtree(folder)
    return sorted(kept, key=lambda run: -run.deleted_at)


def restore(run_id: str) -> Path:
    """Bring a deleted run back.

    Returns:
        Its folder.

    Raises:
        TrainingError: it is not in the trash, or cannot be moved.
    """
    source, target = root() / FOLDER / Path(run_id).name, root() / Path(run_id).name
    if not source.is_dir():
        raise TrainingError(f"The run {run_id} is not among the deleted ones.", f"They are kept for {DAYS} days.")
    try:
        source.rename(target)
    except OSError as error:
        raise TrainingError(f"Cannot bring back {run_id}: {error.strerror}.", "Check the folder of runs.") from error
    return target
