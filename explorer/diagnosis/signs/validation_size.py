"""Too few validation items to tell one epoch, or one model, from another."""

from __future__ import annotations

from typing import ClassVar

from explorer.checkpoints import TrainingFinding
from explorer.diagnosis.examination import Examination, Needs, figure, mean_figure
from explorer.diagnosis.record import TrainingRecord

FEWEST = 10
"""Fewer items than this give no interval worth the name."""
WIDE, WIDER = 0.1, 0.5
"""Half the 95 % interval of the mean error, as a share of it."""


class SmallValidation(Examination):
    """How well the validation error is known, and what that does to the choice of the best epoch."""

    name: ClassVar[str] = "validation too small"
    title: ClassVar[str] = "Too few validation items to tell"
    summary: ClassVar[str] = (
        "Fewer than 10 validation items, or an error that is known to within a half only (note: a tenth)."
    )
    needs: ClassVar[Needs] = "items"

    def look(self, record: TrainingRecord) -> TrainingFinding | None:
        n = record.n_validation
        if not n:
            return self.finding(
                "wrong",
                [figure("validation items", 0, f"beside {record.n_train:,} training items", "validation", 0)],
                "The best epoch was chosen by the items that were learnt from, which says nothing of others.",
                "Give data with more items.",
            )
        known = None
        if record.has_vectors and n > 1:
            known = mean_figure("error of validation items", record.errors, "squared error per item", "validation")
        half = (known.high - known.low) / 2 / known.value if known and known.has_ends and known.value > 0 else 0.0
        if n >= FEWEST and half <= WIDE:
            return None
        figures = [figure("validation items", n, f"beside {record.n_train:,} training items", "validation", n)]
        return self.finding(
            "wrong" if n < FEWEST or half > WIDER else "note",
            [*figures, *([known] if known else [])],
            "Differences between epochs, or between models, are smaller than what the choice of items makes.",
            "Give data with more items, or more of them to validation.",
        )
