"""What a waiting process does (``explorer.runs.warm``): load everything once, then become or give training processes.

Where that is safe it stays as it is and gives each training a process of its own by a fork, in some hundredths of a
second; elsewhere it becomes the process of the one training that it is asked for.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import sys
import threading
from pathlib import Path
from typing import Any

SECONDS_OF_PATIENCE = 15 * 60.0
"""A process that nobody has needed for so long ends; the page starts another when it is opened again."""
FORKED, BECAME = "forked", "became"
"""What it answers on its standard output once it knows a training's process: a new one, or itself."""
SURVIVE_FORKS = frozenset({"jemalloc_bg_thd"})
"""Native threads that know what to do in a fork: the one of pyarrow's allocator, which stops and starts anew."""


def main() -> None:
    """Load, wait for lines on standard input, and do what each says."""
    threads = _one_thread()
    if "gently" in sys.argv[1:] and sys.platform == "linux":
        # A thread of its own, since a process that has made way cannot come back: its training runs in this one.
        loading = threading.Thread(target=_load_last)
        loading.start()
        loading.join()
    else:
        _load()
    while (job := _job()) is not None:
        if may_fork():
            if _forked():
                continue
        else:
            _answer(BECAME)
        _become(job, threads)
        return


def may_fork() -> bool:
    """Whether a copy of this process works: no thread whose lock the copy would wait for, and no accelerator in use.

    macOS's own libraries do not survive a fork, Windows has none; CUDA's driver does not work in a copy once it was
    asked for its devices, which finding none of them does not count as.
    """
    if sys.platform != "linux":
        return False
    import torch

    names = {path.read_text().strip() for path in Path("/proc/self/task").glob("*/comm") if path.parent.name != _own}
    return names <= SURVIVE_FORKS and not torch.cuda.is_available()


_own = str(os.getpid())


def _forked() -> bool:
    """Fork; whether this is still the process that waits."""
    gc.collect()
    gc.freeze()  # so that a look for garbage does not copy what both share
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody here waits for trainings that have ended
    if os.fork():
        _answer(FORKED)
        return True
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    return False


def _answer(word: str) -> None:
    os.write(1, f"{word}\n".encode())


def _become(job: dict[str, Any], threads: int) -> None:
    """Be the process of a training: the folder says so, and standard streams, environment and place are its own."""
    import torch
    from threadpoolctl import threadpool_limits

    from explorer.runs.folder import write_process

    write_process(Path(job["run"]), os.getpid())
    log = os.open(job["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    nothing = os.open(os.devnull, os.O_RDWR)
    for source, stream in ((nothing, 0), (nothing, 1), (log, 2)):
        os.dup2(source, stream)
    os.close(nothing)
    os.close(log)
    os.environ.clear()
    os.environ.update(job["environment"])
    os.chdir(job["folder"])
    torch.set_num_threads(threads)
    threadpool_limits(threads, "blas")
    sys.argv = ["explorer", *job["arguments"]]
    from explorer.cli import main as command_line

    command_line()


def _one_thread() -> int:
    """Have no threads from now on, which a fork would lose; how many PyTorch had."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    return threads


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
    if sys.platform == "win32":
        patience = threading.Timer(SECONDS_OF_PATIENCE, os._exit, (0,))
        patience.daemon = True
        patience.start()
        line = sys.stdin.readline()
        patience.cancel()
    else:
        # Not by a thread, which a fork would lose.
        if not select.select([sys.stdin], [], [], SECONDS_OF_PATIENCE)[0]:
            return None
        line = sys.stdin.readline()
    return json.loads(line) if line.endswith("\n") else None


if __name__ == "__main__":
    main()
