"""Work in a thread: its progress, its end, its errors, and how it is stopped."""

from __future__ import annotations

import threading

import pytest

from explorer.core.errors import DataError
from explorer.data.base import Progress
from explorer.ui.shell.jobs import MAX_KEPT, Jobs

LIMIT_S = 30


def test_a_job_tells_how_far_it_is_and_gives_its_result() -> None:
    go_on, told = threading.Event(), threading.Event()

    def work(progress: Progress) -> int:
        progress(0.5, "half")
        told.set()
        assert go_on.wait(LIMIT_S)
        return 7

    jobs = Jobs()
    job = jobs.start("a", work)
    assert told.wait(LIMIT_S)
    assert (job.status, job.share, job.words) == ("running", 0.5, "half")
    assert jobs.start("a", work) is job, "the same work is not started twice"
    go_on.set()
    job.wait(LIMIT_S)
    assert (job.status, job.result(), job.error) == ("done", 7, None)
    assert jobs.get("a") is job


def test_a_cancelled_job_ends_at_its_next_word_and_is_forgotten() -> None:
    told, cancelled = threading.Event(), threading.Event()

    def work(progress: Progress) -> None:
        progress(0.1, "begun")
        told.set()
        assert cancelled.wait(LIMIT_S)
        progress(0.2, "never heard")

    jobs = Jobs()
    job = jobs.start("a", work)
    waiting = jobs.start("b", work)
    assert told.wait(LIMIT_S)
    assert waiting.status == "waiting"
    waiting.cancel()
    assert waiting.status == "cancelled"
    job.cancel()
    cancelled.set()
    job.wait(LIMIT_S)
    assert (job.status, job.words) == ("cancelled", "begun")
    assert jobs.get("a") is None


def test_what_a_user_can_act_on_is_kept_and_the_work_can_be_tried_again() -> None:
    def work(progress: Progress) -> int:
        raise DataError("too bright", "dim it")

    jobs = Jobs()
    job = jobs.start("a", work)
    job.wait(LIMIT_S)
    assert job.status == "failed"
    assert str(job.error) == "too bright dim it"
    with pytest.raises(DataError, match="too bright"):
        job.result()
    again = jobs.start("a", lambda progress: 1)
    again.wait(LIMIT_S)
    assert again.result() == 1


def test_only_the_last_results_are_kept() -> None:
    jobs = Jobs()
    for name in range(MAX_KEPT + 3):
        jobs.start(str(name), lambda progress: None).wait(LIMIT_S)
    assert next(name for name in range(MAX_KEPT + 3) if jobs.get(str(name))) >= 2
