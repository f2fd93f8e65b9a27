"""How a codebook is used: most of its entries never."""

from __future__ import annotations

from typing import ClassVar

from explorer.checkpoints import TrainingFinding
from explorer.diagnosis.examination import Examination, Needs, figure, first_change
from explorer.diagnosis.record import TrainingRecord
from explorer.models import QuantisedAutoencoder

USED = 0.5
"""Share of the entries below which most are dead."""
PLACES_AN_ENTRY = 20
"""Fewer cannot tell that an entry is dead: it may only be rare."""


class DeadCodebook(Examination):
    """A codebook most of whose entries no training item has anywhere in its code.

    An entry that is nearest to nothing is never moved, so that it stays so (van den Oord et al. 2017 start them with
    care; Dhariwal et al. 2020 put them elsewhere).
    """

    name: ClassVar[str] = "dead codebook"
    explains: ClassVar[frozenset[str]] = frozenset({"only the mean", "decoder ignores its code"})
    title: ClassVar[str] = "Most entries of the codebook are dead"
    summary: ClassVar[str] = "Fewer than half of the entries are used anywhere by the training items."
    reference: ClassVar[str] = "van den Oord et al. 2017; Dhariwal et al. 2020"
    needs: ClassVar[Needs] = "model"

    def look(self, record: TrainingRecord) -> TrainingFinding | None:
        model = record.vectors.model
        if not isinstance(model, QuantisedAutoencoder):
            return None
        entries, x = len(model.codebook.entries), record.x_train
        figures = model.split_figures(x.split(256))
        (used,) = (value for (name, _), value in figures.items() if name == "entries in use")
        if used >= USED * entries or len(x) * model.latent_dim // model.codebook.size < PLACES_AN_ENTRY * entries:
            return None
        return self.finding(
            "wrong",
            [figure(name, value, unit, "train", len(x)) for (name, unit), value in figures.items()],
            "The codes say less than their size promises, and the decoder has fewer parts to make items of.",
            "Let entries that are hardly used be put at encodings again, or take fewer of them.",
            first_change(
                record.recipe,
                *([] if model.codebook.revive_below else [("model.revive_below", 0.05)]),
                ("model.entries", max(2, int(used))),
            ),
        )
