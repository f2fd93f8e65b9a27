"""The trainings of a sweep, one after the other or several at once; what is done is left as it is."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from explorer import runs
from explorer.core.errors import ExplorerError, TrainingError
from explorer.runs import Run
from explorer.runs.folder import read_json, write_process
from explorer.runs.processes import is_at_work
from explorer.sweeps.sweep import Sweep, SweepPoint
from explorer.training.events import EpochFinished, Finished

SECONDS_BETWEEN_LOOKS = 0.2
OVER = ("finished", "stopped")


@dataclass(frozen=True)
class SweepNews:
    """Something that happened to a training of a sweep.

    Args:
        kind: "skipped" has come to its result before, "going" tells of an epoch, "ended" of an end or a pause.
        number: of the training, from 1.
        point: the training.
        run: its folder.
        words: how far it is, or how it ended.
    """

    kind: Literal["skipped", "begun", "going", "ended"]
    number: int
    point: SweepPoint
    run: Run
    words: str = ""


class SweepTraining:
    """Does what is left of a sweep; iterate to go on.

    Args:
        sweep: what to train. Its file is written, so that others can see what is planned.
        jobs: how many trainings at once. One is done in this process, more in processes of their own.

    Raises:
        ExplorerError: the recipe has changed since, or a training of the sweep is going on.
    """

    def __init__(self, sweep: Sweep, jobs: int = 1) -> None:
        sweep.check_unchanged()
        self.sweep, self.jobs = sweep, jobs
        if is_at_work(sweep.folder) and read_json(sweep.folder / "process.json").get("pid") != os.getpid():
            raise TrainingError(f"The sweep {sweep.name} is going on.", "Wait for it, or pause it on Train.")
        run_of = sweep.runs()
        numbered = list(enumerate(sweep.points, 1))
        self._known = [(n, point, run_of[point.setting]) for n, point in numbered if point.setting in run_of]
        running = [run.id for _, _, run in self._known if run.status == "running"]
        if running:
            raise TrainingError(
                f"Of the sweep {sweep.name} {len(running)} are being trained by another process ({running[0]}).",
                "Wait for it, or pause them on Train.",
            )
        self.done = [entry for entry in self._known if has_ended(entry[2])]
        """Number, training and run of what came to its end before."""
        begun = {n: run for n, _, run in self._known if not has_ended(run)}
        self.begun = len(begun)
        ended = {n for n, _, _ in self.done}
        self._left: list[tuple[int, SweepPoint, Run | None]] = [
            (n, point, begun.get(n)) for n, point in numbered if n not in ended
        ]
        self._going: list[Run] = []
        self._is_pausing = False
        sweep.save()

    @property
    def is_paused(self) -> bool:
        """Whether it was asked to pause, with trainings left."""
        return self._is_pausing

    def pause(self) -> None:
        """Ask what is being trained to pause, and begin nothing more."""
        self._is_pausing = True
        for run in self._going:
            runs.ask_pause(run.folder)

    def __iter__(self) -> Iterator[SweepNews]:
        for number, point, run in self.done:
            yield SweepNews("skipped", number, point, run, run.status_words)
        write_process(self.sweep.folder, os.getpid())
        try:
            yield from self._one_by_one() if self.jobs == 1 else self._together()
        finally:
            for name in ("process.json", "request"):
                (self.sweep.folder / name).unlink(missing_ok=True)

    def _hear(self) -> None:
        """Pause where somebody asks for it from outside, as a page does."""
        if not self._is_pausing and (self.sweep.folder / "request").is_file():
            self.pause()

    def _one_by_one(self) -> Iterator[SweepNews]:
        for number, point, begun in self._left:
            self._hear()
            if self._is_pausing:
                return
            run = begun or self.sweep.new_run(point)
            (run.folder / "request").unlink(missing_ok=True)
            self._going = [run]
            self._hear()
            if self._is_pausing:  # looked at once a pause would reach it
                return
            yield SweepNews("begun", number, point, run)
            words = ""
            try:
                for event in runs.drain(run.recipe, run.folder, resume=True):
                    self._hear()
                    if isinstance(event, EpochFinished):
                        yield SweepNews("going", number, point, run, f"epoch {event.epoch} of {event.epochs}")
                    elif isinstance(event, Finished):
                        words = event.message
            except ExplorerError as error:  # one that cannot be trained does not end the others
                words = str(error)
            self._going = []
            yield SweepNews("ended", number, point, run, f"{run.status_words}. {words}".strip().rstrip("."))

    def _together(self) -> Iterator[SweepNews]:
        left, going = list(self._left), dict[int, tuple[SweepPoint, Run]]()
        self._hear()
        while going or (left and not self._is_pausing):
            while left and len(going) < self.jobs and not self._is_pausing:
                number, point, begun = left.pop(0)
                run = begun or self.sweep.new_run(point)
                run.begin()
                going[number] = point, run
                self._going = [run for _, run in going.values()]
                yield SweepNews("begun", number, point, run)
            time.sleep(SECONDS_BETWEEN_LOOKS)
            self._hear()
            for number, (point, run) in list(going.items()):
                if run.status != "running":
                    del going[number]
                    words = f"{run.status_words}. {run.outcome.get('message', '')}"
                    yield SweepNews("ended", number, point, run, words.strip().rstrip("."))
            self._going = [run for _, run in going.values()]


def has_ended(run: Run) -> bool:
    """Whether training it again would give what it gave: it came to a result, or diverged.

    One that failed otherwise, as without its data, is begun anew; one that was paused or killed goes on.
    """
    return run.status in OVER or (run.status == "failed" and any(e["event"] == "finished" for e in run.events()[0]))


def ended_of(sweep: Sweep) -> list[Run]:
    """The runs of a sweep that are left as they are when it goes on."""
    return [run for run in sweep.runs().values() if has_ended(run)]
