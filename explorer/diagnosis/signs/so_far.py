"""While a training goes: what the codes and reconstructions of its newest epoch show, which are made anyway."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from explorer.checkpoints import TrainingFinding
from explorer.diagnosis.examination import Examination, Needs, change, figure, first_change
from explorer.diagnosis.record import TrainingRecord
from explorer.diagnosis.signs.collapse import ACTIVE_VARIANCE, ONE_BIT, active_units

RECENT = 3
"""Epochs before anything is said: at the very beginning each code is empty, and each reconstruction the mean."""
SAME_SHARE = 0.01
"""Reconstructions are one picture where they vary by less than this share of what the items vary by."""
FLAT_SHARE = 1e-6
"""A number of a code is dead where its variance is below this share of the largest one's."""


class CollapseSoFar(Examination):
    """A variational code whose units are all inactive, and whose KL has stayed below one bit and does not grow."""

    name: ClassVar[str] = "collapse so far"
    explains: ClassVar[frozenset[str]] = frozenset({"empty code so far", "same picture so far", "inactive so far"})
    title: ClassVar[str] = "Posterior collapse so far"
    summary: ClassVar[str] = (
        "No unit of the code is active, and the KL has been below one bit for three epochs at its full weight without"
        " growing."
    )
    reference: ClassVar[str] = "Bowman et al. 2016; Burda et al. 2016"
    needs: ClassVar[Needs] = "codes"

    def look(self, record: TrainingRecord) -> TrainingFinding | None:
        after = record.epochs[record.kl_warmup :]
        recent = [entry["validation"]["KL"] for entry in after[-RECENT:] if "KL" in entry["validation"]]
        glance = record.newest
        if len(recent) < RECENT or glance.kl is None or max(recent) >= ONE_BIT or recent[-1] > 1.5 * recent[0]:
            return None
        active, n, dimensions = active_units(glance.z), *glance.z.shape
        if active:
            return None
        beta = getattr(record.recipe.model, "beta", 1.0)
        slowly = ("model.kl_warmup_epochs", max(1.0, record.recipe.training.epochs / 4))
        return self.finding(
            "wrong",
            [
                figure("active units", active, f"of {dimensions}", record.held_out, n),
                figure("KL of posterior from prior", recent[-1], "nats per item", record.held_out, n),
                figure("largest KL of a dimension", float(glance.kl.max()), "nats", record.held_out, n),
            ],
            "Every item has about the same posterior, the prior: if it stays so, the decoder rebuilds all items alike.",
            "Stop it, and lower beta or let the KL's weight grow slowly.",
            first_change(record.recipe, ("model.beta", 1.0) if beta > 1 else slowly, ("model.beta", beta / 4)),
        )


class InactiveSoFar(Examination):
    """Most numbers of a code are the same for every item."""

    name: ClassVar[str] = "inactive so far"
    title: ClassVar[str] = "Most dimensions of the code are inactive so far"
    summary: ClassVar[str] = (
        "More than half of the code's numbers hardly vary over the items after three epochs (a variance of 0.01 for a"
        " variational model, a millionth of the largest one for others)."
    )
    reference: ClassVar[str] = "Burda et al. 2016"
    needs: ClassVar[Needs] = "codes"

    def look(self, record: TrainingRecord) -> TrainingFinding | None:
        glance = record.newest
        if len(record.epochs) < record.kl_warmup + RECENT:
            return None
        variances = glance.z.var(0, dtype=np.float64)
        limit = ACTIVE_VARIANCE if glance.kl is not None else FLAT_SHARE * float(variances.max(initial=0.0))
        n, dimensions = glance.z.shape
        active = int((variances > limit).sum())
        if active >= dimensions / 2:
            return None
        figures = [figure("active dimensions of the code", active, f"of {dimensions}", record.held_out, n)]
        if glance.kl is not None:
            figures.append(figure("largest KL of a dimension", float(glance.kl.max()), "nats", record.held_out, n))
        return self.finding(
            "note",
            figures,
            "These numbers say nothing of the items: the model does without them.",
            "Where it stays so, a smaller code would do.",
            change(record.recipe, "model.latent_dim", max(1, active)),
        )


class SamePictureSoFar(Examination):
    """What the model makes of different items is one and the same."""

    name: ClassVar[str] = "same picture so far"
    title: ClassVar[str] = "Every reconstruction is the same so far"
    summary: ClassVar[str] = (
        "After three epochs the reconstructions that are shown vary by less than 1 % of what their items vary by."
    )
    needs: ClassVar[Needs] = "codes"

    def look(self, record: TrainingRecord) -> TrainingFinding | None:
        glance = record.newest
        spread_of_items = float(glance.x.var(0, dtype=np.float64).sum())
        if len(record.epochs) < record.kl_warmup + RECENT or not spread_of_items > 0:
            return None
        share = float(glance.x_hat.var(0, dtype=np.float64).sum()) / spread_of_items
        if not share < SAME_SHARE:
            return None
        return self.finding(
            "note",
            [figure("variance of the reconstructions, beside that of their items", share, "share", record.held_out,
                    len(glance.x))],
            "The mean of all items is what a model learns first; so far it has learnt no more.",
            "Wait some epochs; where it stays so, change the learning rate.",
        )  # fmt: skip
