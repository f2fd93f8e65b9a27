"""What a waiting process does (``explorer.runs.warm``): load everything, wait for one training, and become it."""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any

SECONDS_OF_PATIENCE = 15 * 60.0
"""A process that nobody has needed for so long ends; the page starts another when it is opened again."""


def main() -> None:
    """Load, wait for a line on standard input, and do what it says."""
    if "gently" in sys.argv[1:] and sys.platform == "linux":
        # A thread of its own, since a process that has made way cannot come back: its training runs in this one.
        loading = threading.Thread(target=_load_last)
        loading.start()
        loading.join()
    else:
        _load()
    job = _job()
    if job is None:
        return
    log = os.open(job["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, stream in ((nothing, 0), (log, 2)):
        os.dup2(source, stream)
        os.close(source)
    os.environ.clear()
    os.environ.update(job["environment"])
    os.chdir(job["folder"])
    sys.argv = ["explorer", *job["arguments"]]
    from explorer.cli import main as command_line

    command_line()


def _load_last() -> None:
    """Load with the lowest priority, which on Linux is a thread's own."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)
    _load()


def _load() -> None:
    """Import what a training needs, and train a little: PyTorch loads parts of itself with the first step."""
    from explorer import data, runs  # noqa: F401 - both are needed by the training to come
    from explorer.recipe import Recipe
    from explorer.training import train

    values = {
        "name": "warm",
        "data": {"dataset": "digits", "limit": 8},
        "model": {"family": "variational", "hidden": [8]},
        "training": {"epochs": 1, "device": "cpu"},
    }
    for event in train(Recipe.parse(values)):
        if event.kind == "epoch":
            break


def _job() -> dict[str, Any] | None:
    """The line that says what to train; None where who would say it has ended, or has not for long."""
    patience = threading.Timer(SECONDS_OF_PATIENCE, os._exit, (0,))
    patience.daemon = True
    patience.start()
    line = sys.stdin.readline()
    patience.cancel()
    return json.loads(line) if line.endswith("\n") else None


if __name__ == "__main__":
    main()
