"""Runs: a training in a process of its own, and the folder that process writes and everyone else reads."""

from __future__ import annotations

from explorer.runs.folder import Status, ask_pause, current, new_folder, read_state, root
from explorer.runs.progress import Progress, progress
from explorer.runs.run import Run, keep_ready, list_runs, prepare, start
from explorer.runs.writer import drain

__all__ = [
    "Progress",
    "Run",
    "Status",
    "ask_pause",
    "current",
    "drain",
    "keep_ready",
    "list_runs",
    "new_folder",
    "prepare",
    "progress",
    "read_state",
    "root",
    "start",
]
