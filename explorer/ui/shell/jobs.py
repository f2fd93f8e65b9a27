"""Slow work in a thread: it says how far it is, can be stopped, and outlives the run of the page that asked for it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Generic, Literal, TypeVar

import streamlit as st

from explorer.core.errors import ExplorerError
from explorer.data.base import Progress
from explorer.ui.shell.cache import cached_resource

T = TypeVar("T")
Status = Literal["waiting", "running", "done", "cancelled", "failed"]
MAX_KEPT = 3
"""So many ended jobs are kept, the last used ones: the result of a large photo takes much memory."""


class _CancelledError(Exception):
    """Raised where the work tells of its progress, so that it ends there."""


class Job(Generic[T]):
    """One piece of work. Its attributes are written by a thread and may be read by any.

    Args:
        work: called with a function to tell of its progress; that function ends it when the job is cancelled.
        pool: of the threads to run in.

    Attributes:
        share: of the work that is done, in [0, 1].
        words: on what it is doing.
    """

    def __init__(self, work: Callable[[Progress], T], pool: ThreadPoolExecutor) -> None:
        self.share = 0.0
        self.words = ""
        self._stop = threading.Event()
        self._future: Future[T] = pool.submit(work, self._tell)

    @property
    def status(self) -> Status:
        """What has become of it."""
        if self._future.cancelled():
            return "cancelled"
        if not self._future.done():
            return "running" if self._future.running() else "waiting"
        error = self._future.exception()
        if error is None:
            return "done"
        return "cancelled" if isinstance(error, _CancelledError) else "failed"

    @property
    def is_running(self) -> bool:
        return self.status in ("waiting", "running")

    @property
    def error(self) -> ExplorerError | None:
        """What a user can act on, where the work failed with that."""
        error = self._future.exception() if self.status == "failed" else None
        return error if isinstance(error, ExplorerError) else None

    def result(self) -> T:
        """What the work gave, once it is done; where it failed, its error is raised here."""
        return self._future.result(timeout=0)

    def wait(self, timeout_s: float | None = None) -> None:
        """Until it has ended, at most so long."""
        wait([self._future], timeout_s)

    def cancel(self) -> None:
        """Stop it at its next word on progress; what is done stays."""
        self._stop.set()
        self._future.cancel()

    def _tell(self, share: float, words: str) -> None:
        if self._stop.is_set():
            raise _CancelledError
        self.share, self.words = share, words


class Jobs:
    """Jobs by name, one running at a time, so that a reload of the page finds its own again."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="denoise")
        self._known: OrderedDict[str, Job[Any]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Job[Any] | None:
        """The job of this name; None where there is none, or it was stopped."""
        with self._lock:
            job = self._known.get(key)
            if job is None or job.status == "cancelled":
                return None
            self._known.move_to_end(key)
            return job

    def start(self, key: str, work: Callable[[Progress], T]) -> Job[T]:
        """Start work under a name; what is under way or done is not started again."""
        known = self.get(key)
        if known is not None and known.status != "failed":
            return known
        with self._lock:
            self._known[key] = job = Job(work, self._pool)
            self._known.move_to_end(key)
            ended = [name for name, one in self._known.items() if not one.is_running]
            for name in ended[: max(0, len(ended) - MAX_KEPT)]:
                del self._known[name]
        return job


@cached_resource()
def jobs() -> Jobs:
    """The jobs of this server."""
    return Jobs()


def await_job(job: Job[Any], waiting: str, key: str) -> None:
    """A bar with a way to stop, until the job has ended; then the page runs again.

    Args:
        waiting: what it is waiting for before its first words.
        key: of the button.
    """

    @st.fragment(run_every=1.0)
    def follow() -> None:
        if not job.is_running:
            st.rerun()
        st.progress(min(1.0, job.share), job.words or waiting)
        if st.button("Cancel", key=key, icon=":material/close:"):
            job.cancel()
            st.rerun()

    follow()
