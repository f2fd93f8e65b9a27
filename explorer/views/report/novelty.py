"""The errors of a report's rows against the threshold that the card's validation errors promise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from explorer import evaluation, novelty
from explorer.checkpoints import VectorCheckpoint
from explorer.core.intervals import Rate, rate
from explorer.core.written import three_digits
from explorer.data import Dataset
from explorer.data.base import Subset
from explorer.export.charts import histogram
from explorer.export.html import Html, element
from explorer.novelty.separation import Separation, separation_of
from explorer.novelty.thresholds import Threshold, threshold_for
from explorer.views.exported.page import StillPart
from explorer.views.report.reported import Reported, errors_of

RATE = 0.05
"""Of normal items that may raise an alarm."""
NOVEL = 2000
"""Items of other classes at most, spread over all."""


@dataclass(frozen=True, eq=False)
class ErrorsAsScores:
    """Errors of items like those of the training, and of other classes where there are some.

    Args:
        threshold: from the errors of validation items that the card keeps.
        normal: (n,) of the reported rows of classes that the model was trained on.
        novel: (m,) of items of other classes; empty where none are known.
        alarms: how many of the normal ones lie above the threshold.
        classes: that the model was trained on; empty: all.
    """

    threshold: Threshold
    normal: Float[np.ndarray, " n"]
    novel: Float[np.ndarray, " m"]
    alarms: Rate
    classes: tuple[str, ...]

    @property
    def separation(self) -> Separation | None:
        """How well errors tell both apart; None where there are too few of either."""
        if min(len(self.normal), len(self.novel)) < 2:
            return None
        is_novel = np.repeat([False, True], [len(self.normal), len(self.novel)])
        return separation_of(np.concatenate([self.normal, self.novel]), is_novel)

    @property
    def breaks_promise(self) -> bool:
        """Whether more alarms are raised than the threshold's promise lets expect: the intervals lie apart."""
        return self.alarms.low > self.threshold.rate.high


def errors_as_scores(reported: Reported) -> ErrorsAsScores | None:
    """Errors against a threshold; None where that says nothing.

    So it is without real items or kept validation errors, and where the rows may have been learnt from: their errors
    are lower than those of new items.
    """
    checkpoint, dataset, card = reported.checkpoint, reported.dataset, reported.card
    if dataset is None or not isinstance(checkpoint, VectorCheckpoint) or not len(card.calibration):
        return None
    if not reported.was_unseen:
        return None
    classes = card.recipe.data.classes
    if not set(classes) <= set(dataset.label_names):
        return None
    normal = reported.errors
    novel = np.zeros(0, normal.dtype)
    if classes:
        normal = normal[_of_classes(dataset, classes)[reported.rows]]
        novel = errors_of(checkpoint, dataset, novelty.novel_rows(checkpoint, dataset, classes, NOVEL))
    if not len(normal):
        return None
    threshold = threshold_for(np.asarray(card.calibration), RATE)
    alarms = rate(int((normal > threshold.value).sum()), len(normal))
    return ErrorsAsScores(threshold, normal, novel, alarms, classes)


def _of_classes(dataset: Dataset, classes: tuple[str, ...]) -> Bool[np.ndarray, " n"]:
    whole = Subset(dataset.x, dataset.labels, np.arange(len(dataset)))
    return evaluation.class_mask(dataset, whole, classes)


def novelty_part(reported: Reported, scores: ErrorsAsScores) -> StillPart:
    """Histograms of the errors with the threshold."""
    threshold, percent = scores.threshold, "{:.1%}".format
    unit = "Reconstruction error, squared"
    charts = [histogram(scores.normal, threshold.value, unit)]
    if len(scores.novel):
        charts = [
            _named(f"Normal: {', '.join(scores.classes)}", charts[0]),
            _named("Novel: the other classes", histogram(scores.novel, threshold.value, unit)),
        ]
    sentence = (
        f"The threshold {three_digits(threshold.value)} is set on {threshold.n:,} validation errors that the card "
        f"keeps, so that {threshold.rate.text(percent)} of new normal items raise an alarm (95 % interval in brackets)."
    )
    of_normal = f"{scores.alarms.text(percent)} do: {scores.alarms.count:,} of {scores.alarms.n:,}"
    notes = [f"Of the normal items here {of_normal} ({reported.of})."]
    if (separation := scores.separation) is not None:
        notes.append(f"{separation.words[:1].upper()}{separation.words[1:]}.")
    return StillPart("novelty", "Novelty", sentence, element("div", *charts), notes)


def _named(words: str, chart: Html) -> Html:
    return element("div", element("h3", words), chart)
