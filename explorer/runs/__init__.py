"""Runs: a training in a process of its own, and the folder that process writes and everyone else reads."""

from __future__ import annotations

from explorer.runs.folder import Status, ask_pause, current, new_folder, read_state, root
from explorer.runs.processes import keep_ready
from explorer.runs.progress import Progress, progress
from explorer.runs.run import Run, list_runs, prepare, start
from explorer.runs.tensorboard_log import ask_for_log, is_asked_for
from explorer.runs.trash import TrashedRun, restore, trashed_runs
from explorer.runs.writer import drain

__all__ = [
    "Progress",
    "Run",
    "Status",
    "TrashedRun",
    "ask_for_log",
    "ask_pause",
    "current",
    "drain",
    "is_asked_for",
    "keep_ready",
    "list_runs",
    "new_folder",
    "prepare",
    "progress",
    "read_state",
    "restore",
    "root",
    "start",
    "trashed_runs",
]
