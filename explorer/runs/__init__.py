"""Runs: a training in a process of its own, and the folder that process writes and everyone else reads."""

from __future__ import annotations

from explorer.runs.run import (
    MAX_PREVIEWS,
    REQUESTS,
    SECONDS_BETWEEN_STATES,
    SECONDS_BETWEEN_STATES_IN_EPOCH,
    SECONDS_BETWEEN_STEPS,
    SHARE_OF_SAVING,
    STATE_KEY,
    Request,
    Run,
    Status,
    ask_pause,
    current,
    drain,
    list_runs,
    new_folder,
    read_state,
    root,
    start,
)

__all__ = [
    "MAX_PREVIEWS",
    "REQUESTS",
    "SECONDS_BETWEEN_STATES",
    "SECONDS_BETWEEN_STATES_IN_EPOCH",
    "SECONDS_BETWEEN_STEPS",
    "SHARE_OF_SAVING",
    "STATE_KEY",
    "Request",
    "Run",
    "Status",
    "ask_pause",
    "current",
    "drain",
    "list_runs",
    "new_folder",
    "read_state",
    "root",
    "start",
]
