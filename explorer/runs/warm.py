"""A process that waits for a training with everything loaded, so that the first picture comes in two seconds.

Loading PyTorch and a first step of training take about seven seconds. A waiting process has done both; it gets one
training, becomes its process, and is replaced later. It ends when this process ends, however that happens (its standard
input closes), and after a while in which nothing was to be trained. Until then it takes about 0.5 GB.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

MODULE = "explorer.cli.waiting"
OFF = "EXPLORER_WARM"
"""Set to 0 in the environment: no process waits."""
SECONDS_BEFORE_REPLACED = 20.0
"""A new one loads while the training that took the last one has begun to show itself, not before."""

_lock = threading.Lock()
_waiting: subprocess.Popen[bytes] | None = None
_taken_at = -SECONDS_BEFORE_REPLACED


def keep_waiting(environment: Mapping[str, str]) -> None:
    """Have a process waiting, from now on or after the time that its last training needs to begin.

    Args:
        environment: of the process; the one of its training comes with it.
    """
    global _waiting
    with _lock:
        is_there = _waiting is not None and _waiting.poll() is None
        if is_there or os.environ.get(OFF) == "0" or time.monotonic() - _taken_at < SECONDS_BEFORE_REPLACED:
            return
        # A session of its own, as every training has: the terminal's Ctrl-C does not reach it.
        _waiting = subprocess.Popen(
            [sys.executable, "-m", MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=dict(environment),
        )


def take(arguments: Sequence[str], log: str, environment: Mapping[str, str]) -> subprocess.Popen[bytes] | None:
    """Hand a training to the process that waits.

    Args:
        arguments: of ``explorer``.
        log: file that gets what it writes on its standard streams.
        environment: that it is to have.

    Returns:
        The process, which is no longer waiting; None where there is none.
    """
    global _waiting, _taken_at
    with _lock:
        process, _waiting = _waiting, None
        if process is None or process.poll() is not None or process.stdin is None:
            return None
        _taken_at = time.monotonic()
        job = {"arguments": list(arguments), "log": log, "folder": str(Path.cwd()), "environment": dict(environment)}
        try:
            with process.stdin:
                process.stdin.write(json.dumps(job).encode() + b"\n")
        except OSError:  # it has just ended
            return None
        return process


def end_waiting() -> None:
    """End the process that waits, if there is one."""
    global _waiting
    with _lock:
        process, _waiting = _waiting, None
    if process is not None and process.stdin is not None:
        process.stdin.close()
        process.wait()
