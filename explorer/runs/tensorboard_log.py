"""The events of a training as scalars and texts of TensorBoard, beside the run."""

from __future__ import annotations

import time
from pathlib import Path

from explorer.recipe import Recipe
from explorer.runs.event_files import FOLDER, EventFile
from explorer.training.events import EpochFinished, Event, Finished, Started, Step

SECONDS_BETWEEN_BATCHES = 0.1
"""Of batches that come quicker one is written in so many seconds, as in the run's own events."""


class TensorBoardLog:
    """Writes an event file from a training's events.

    ``batch/TERM`` stands at the number of the optimiser's step, ``epoch/TERM/train`` and ``epoch/TERM/validation`` at
    that of the epoch, counted over all stages. A resumed run does some of them again, with the same values.

    Args:
        folder: the run's.
        recipe: written as a text.

    Raises:
        TrainingError: the file cannot be written.
    """

    def __init__(self, folder: Path, recipe: Recipe) -> None:
        self._file = EventFile(folder / FOLDER)
        self._file.text("recipe", f"```toml\n{recipe.to_toml()}```")
        self._before: dict[str, int] = {}
        self._epoch = 0
        self._batch_at = 0.0

    def write(self, event: Event) -> None:
        """Add what an event says in numbers.

        Raises:
            TrainingError: it cannot be written.
        """
        if isinstance(event, Started):
            epochs = 0
            for stage, planned in event.stages:
                self._before[stage] = epochs
                epochs += planned
        elif isinstance(event, Step):
            self._batch(event)
        elif isinstance(event, EpochFinished):
            self._epoch = self._before[event.stage] + event.epoch
            for split, terms in (("train", event.train), ("validation", event.validation)):
                for name, value in terms.items():
                    self._file.scalar(f"epoch/{name}/{split}", value, self._epoch)
            self._file.scalar("epoch/learning_rate", event.learning_rate, self._epoch)
            self._file.scalar("epoch/items_per_second", event.items_per_second, self._epoch)
        elif isinstance(event, Finished) and event.checkpoint is not None:
            for metric in event.checkpoint.card.metrics:
                self._file.scalar(f"{metric.split}/{metric.name}, {metric.unit}", metric.value, self._epoch)

    def _batch(self, event: Step) -> None:
        clock = time.monotonic()
        if event.terms and clock - self._batch_at >= SECONDS_BETWEEN_BATCHES:
            self._batch_at = clock
            for name, value in event.terms.items():
                self._file.scalar(f"batch/{name}", value, event.step)

    def close(self) -> None:
        """End the file."""
        self._file.close()


def ask_for_log(folder: Path) -> None:
    """Have a run write event files from its start or its next resumption on: its folder has a folder for them."""
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)


def is_asked_for(folder: Path) -> bool:
    """Whether a run is to write event files."""
    return (folder / FOLDER).is_dir()
