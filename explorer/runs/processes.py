"""Processes that train: started apart from this one, found again by their number and start."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psutil

from explorer.runs import warm
from explorer.runs.folder import read_json, write_process

SPINS = "1000"
"""So often a thread of PyTorch looks for more work before it sleeps. The default is a million times as often: where the
browser that watches needs the processors, too, such threads hold up those that they wait for (docs/decisions.md)."""

_children: list[subprocess.Popen[bytes]] = []


def environment_of_process() -> dict[str, str]:
    """What a training's process has in its environment: this one's, how threads wait, and where the package is."""
    package_home = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join([package_home, *filter(None, [os.environ.get("PYTHONPATH")])])
    return {"GOMP_SPINCOUNT": SPINS} | os.environ | {"PYTHONPATH": path}


def keep_ready() -> None:
    """Have a process waiting for the next training, which then begins at once; see ``runs.warm``."""
    warm.keep_waiting(environment_of_process())


def start_process(arguments: Sequence[str], folder: Path) -> None:
    """Start a command of ``explorer`` that outlives this process.

    Args:
        arguments: of the command.
        folder: that gets ``process.json``, and ``log.txt`` with what it writes on its standard streams.
    """
    log, environment = folder / "log.txt", environment_of_process()
    if not warm.take(folder, arguments, str(log), environment):
        process = _cold(arguments, log, environment)
        write_process(folder, process.pid)
        # Remembered so that Python can reap it once it has ended.
        _children.append(process)


def is_at_work(folder: Path) -> bool:
    """Whether the process that a folder names is there and has not ended."""
    _children[:] = [child for child in _children if child.poll() is None]
    written = read_json(folder / "process.json")
    try:
        process = psutil.Process(written["pid"])
        # Process numbers are used again; together with the start they are not.
        return abs(process.create_time() - written["started"]) < 1 and process.status() != psutil.STATUS_ZOMBIE
    except (KeyError, psutil.Error):
        return False


def _cold(arguments: Sequence[str], log: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """A command in a process that has yet to load everything."""
    with log.open("ab") as stream:
        # A session of its own: it outlives the app and is not reached by the terminal's Ctrl-C.
        return subprocess.Popen(
            [sys.executable, "-m", "explorer", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stream,
            start_new_session=True,
            env=environment,
        )
