"""A process that waits for trainings with everything loaded, so that the first picture comes in two seconds.

Loading PyTorch and a first step of training take about seven seconds. A waiting process has done both. On Linux it
gives each training a copy of itself, which is a process of its own from then on, and waits for the next. Where a copy
would not work (another system, or an accelerator) it becomes the training's process, and is replaced when that ends or
has gone on for a while, then with the lowest priority. It ends when this process ends, however that happens (its
standard input closes), and after a while in which nothing was to be trained. Until then it takes about 0.5 GB.
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

from explorer.runs.folder import write_process

MODULE = "explorer.cli.waiting"
OFF = "EXPLORER_WARM"
"""Set to 0 in the environment: no process waits."""
GENTLY = "gently"
"""Its argument where it is to load with the lowest priority, beside a training that has just begun."""
SECONDS_BEFORE_REPLACED = 20.0
"""A training that took the one that waited has the processors to itself for so long; if it ends before, until then."""
SECONDS_BETWEEN_LOOKS = 0.25

_lock = threading.Lock()
_waiting: subprocess.Popen[bytes] | None = None
_replacing: threading.Thread | None = None
_over = threading.Event()


def keep_waiting(environment: Mapping[str, str], gently: bool = False) -> None:
    """Have a process waiting from now on.

    Args:
        environment: of the process; the one of its training comes with it.
        gently: whether it loads in time that nobody else needs.
    """
    global _waiting
    with _lock:
        is_there = _waiting is not None and _waiting.poll() is None
        is_awaited = _replacing is not None and _replacing.is_alive() and _replacing is not threading.current_thread()
        if is_there or is_awaited or os.environ.get(OFF) == "0":
            return
        # A session of its own, as every training has: the terminal's Ctrl-C does not reach it. NumPy's and SciPy's
        # threads begin with their import; a training's process has as many as usual.
        _waiting = subprocess.Popen(
            [sys.executable, "-m", MODULE, *([GENTLY] if gently else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**environment, "OPENBLAS_NUM_THREADS": "1"},
        )


def take(run: Path, arguments: Sequence[str], log: str, environment: Mapping[str, str]) -> bool:
    """Hand a training to the process that waits; whether there is one.

    Args:
        run: a folder, of a run or a sweep, that then names its process: the one that waits until another one does.
        arguments: of ``explorer``.
        log: file that gets what it writes on its standard streams.
        environment: that it is to have.
    """
    global _waiting, _replacing
    with _lock:
        process, _waiting = _waiting, None
        if process is None or process.poll() is not None or process.stdin is None:
            return False
        job = {"run": str(run), "arguments": list(arguments), "log": log, "folder": str(Path.cwd())}
        write_process(run, process.pid)
        try:
            process.stdin.write(json.dumps(job | {"environment": dict(environment)}).encode() + b"\n")
            process.stdin.flush()
        except OSError:  # it has just ended
            return False
        _over.clear()
        _replacing = threading.Thread(target=_wait_again, args=(process, dict(environment)), daemon=True)
        _replacing.start()
        return True


def _wait_again(process: subprocess.Popen[bytes], environment: Mapping[str, str]) -> None:
    """Have one waiting again: the same at once where it trains by a copy, else another as soon as there is room."""
    global _waiting
    assert process.stdout is not None  # noqa: S101 - it was opened with a pipe
    if process.stdout.readline() == b"forked\n":
        with _lock:
            if not _over.is_set():
                _waiting = process
                return
        _end(process)
        return
    _close(process)
    latest = time.monotonic() + SECONDS_BEFORE_REPLACED
    while process.poll() is None and time.monotonic() < latest:
        if _over.wait(SECONDS_BETWEEN_LOOKS):
            return
    keep_waiting(environment, gently=process.poll() is None)


def end_waiting() -> None:
    """End the process that waits, if there is one."""
    global _waiting
    with _lock:
        process, _waiting = _waiting, None
        _over.set()
    if process is not None:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    _close(process)
    process.wait()


def _close(process: subprocess.Popen[bytes]) -> None:
    """Nothing more is said to it."""
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
