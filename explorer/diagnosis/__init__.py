"""What is wrong with a training, and what to change.

A new examination is a class in a file under ``signs`` and an entry in ``EXAMINATIONS``; the command line, cards, pages
and tests take it from there.
"""

from __future__ import annotations

from explorer.checkpoints import Card, Checkpoint, TrainingFinding
from explorer.data.base import Dataset
from explorer.diagnosis.examination import Examination
from explorer.diagnosis.record import Glance, TrainingRecord, record_of
from explorer.diagnosis.signs.code_use import CopiedDimension, IgnoredCode, MeanOnly
from explorer.diagnosis.signs.codebook_use import DeadCodebook
from explorer.diagnosis.signs.collapse import ONE_BIT, EmptyCodeSoFar, HighBeta, LowBeta, PosteriorCollapse
from explorer.diagnosis.signs.divergence import Divergence, RisingLoss
from explorer.diagnosis.signs.fit import Overfit, Underfit
from explorer.diagnosis.signs.learning_rate import HighLearningRate, LowLearningRate
from explorer.diagnosis.signs.repeated_items import RepeatedItems
from explorer.diagnosis.signs.so_far import CollapseSoFar, InactiveSoFar, SamePictureSoFar
from explorer.diagnosis.signs.sorted_classes import SortedClasses
from explorer.diagnosis.signs.units import DeadUnits, ExplodingValues, SaturatedUnits
from explorer.diagnosis.signs.validation_size import SmallValidation
from explorer.diagnosis.signs.wrong_likelihood import WrongLikelihood

# In the order of cause before consequence: what comes first is named first among equally grave findings.
_ALL: tuple[type[Examination], ...] = (
    Divergence,
    WrongLikelihood,
    RepeatedItems,
    SortedClasses,
    HighLearningRate,
    LowLearningRate,
    RisingLoss,
    HighBeta,
    LowBeta,
    PosteriorCollapse,
    CollapseSoFar,
    EmptyCodeSoFar,
    InactiveSoFar,
    SamePictureSoFar,
    ExplodingValues,
    SaturatedUnits,
    IgnoredCode,
    DeadUnits,
    DeadCodebook,
    MeanOnly,
    CopiedDimension,
    SmallValidation,
    Overfit,
    Underfit,
)

EXAMINATIONS: dict[str, Examination] = {kind.name: kind() for kind in _ALL}
"""Every examination by its name, in the order in which findings are told."""


def diagnose(record: TrainingRecord) -> tuple[TrainingFinding, ...]:
    """Everything that is wrong or noted, the gravest first and among equals the cause before its consequence.

    What follows by itself from something that is wrong is left out. Of a model from elsewhere the weights are looked at
    alone: how it was trained is not known, and no recipe trains it again.
    """
    elsewhere = record.checkpoint is not None and bool(record.checkpoint.card.origin)
    asked = [one for one in EXAMINATIONS.values() if one.needs == "model" or not elsewhere]
    looked = (one.look(record) for one in asked if one.can_look(record))
    findings = [finding for finding in looked if finding is not None]
    if elsewhere:
        findings = [finding.model_copy(update={"remedy": None}) for finding in findings]
    explained = frozenset[str]().union(*(EXAMINATIONS[f.name].explains for f in findings if f.is_wrong))
    told = (finding for finding in findings if finding.name not in explained)
    return tuple(sorted(told, key=lambda finding: not finding.is_wrong))


def diagnose_checkpoint(checkpoint: Checkpoint, dataset: Dataset | None) -> tuple[TrainingFinding, ...]:
    """The same of a checkpoint; without the items that it learnt from, as far as its card goes."""
    return diagnose(record_of(checkpoint, dataset))


def verdicts_withheld(card: Card) -> str | None:
    """Why nothing can be said of where a code of this model lies among real ones, a sentence; None: it can be.

    Of a card that nobody has looked at a variational model's KL tells.
    """
    for finding in card.wrongs:
        if finding.name in EXAMINATIONS and EXAMINATIONS[finding.name].empties_codes:
            return f"{finding.title}: {finding.meaning}"
    kl = card.kl_per_dimension
    if card.findings is None and kl is not None and sum(kl) < ONE_BIT:
        return f"{PosteriorCollapse.title}: a code says {sum(kl):.2g} nats of its item, less than one bit."
    return None


__all__ = [
    "EXAMINATIONS",
    "Examination",
    "Glance",
    "TrainingRecord",
    "diagnose",
    "diagnose_checkpoint",
    "record_of",
    "verdicts_withheld",
]
