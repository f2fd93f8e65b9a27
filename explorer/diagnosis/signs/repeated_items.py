"""Items that stand several times in the data, so that validation items were learnt from."""

from __future__ import annotations

import hashlib
from typing import ClassVar

import numpy as np
from jaxtyping import Int

from explorer.checkpoints import Metric, TrainingFinding
from explorer.core.intervals import rate
from explorer.core.row_samples import spread_sample
from explorer.data.base import Dataset
from explorer.diagnosis.examination import Examination, Needs
from explorer.diagnosis.record import TrainingRecord

MANY, SOME = 0.05, 0.01
"""Shares of validation items that also stand among the training items."""
MAX_BYTES = 1 << 28
"""Training items are compared as far as this many bytes of them go, spread over all; validation items up to 2,000."""
MAX_VALIDATION = 2000


def digests(dataset: Dataset, rows: Int[np.ndarray, " n"]) -> list[bytes]:
    """A digest of each item's stored bytes: items with the same one are the same."""
    return [
        hashlib.blake2b(np.ascontiguousarray(dataset.x[row]).tobytes(), digest_size=16).digest()
        for row in rows.tolist()
    ]


class RepeatedItems(Examination):
    """Which share of the validation items also stands, byte for byte, among the training items."""

    name: ClassVar[str] = "repeated items"
    title: ClassVar[str] = "Validation items were learnt from"
    summary: ClassVar[str] = "More than 5 % of the validation items also stand among the training items (note: 1 %)."
    needs: ClassVar[Needs] = "items"

    def look(self, record: TrainingRecord) -> TrainingFinding | None:
        dataset = record.dataset
        if dataset is None or not len(record.validation_rows):
            return None
        at_most = max(1, MAX_BYTES // max(1, dataset.x[:1].nbytes))
        learnt = set(digests(dataset, spread_sample(record.train_rows, at_most)))
        checked = digests(dataset, spread_sample(record.validation_rows, MAX_VALIDATION))
        share = rate(sum(digest in learnt for digest in checked), len(checked))
        if share.value <= SOME:
            return None
        measured = Metric(
            value=share.value, low=share.low, high=share.high, name="validation items that also stand among training"
            " items", unit="share", split="validation", n=share.n,
        )  # fmt: skip
        return self.finding(
            "wrong" if share.value > MANY else "note",
            [measured],
            "The validation loss counts what was learnt by heart as if it were new: it is too low, and overfitting"
            " does not show.",
            "Remove the repeated items from the data, or put all copies into one split.",
        )
