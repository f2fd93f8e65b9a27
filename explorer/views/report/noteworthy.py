"""What a reader of a report should not miss: sentences that measurements bear out, each with its figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from explorer import latent
from explorer.checkpoints import Card, Metric
from explorer.checkpoints.history import best_position, loss_unit
from explorer.core.errors import ExplorerError
from explorer.core.intervals import POSITIVE, Interval, mean_interval
from explorer.core.written import three_digits
from explorer.export.html import element
from explorer.views.exported.page import StillPart
from explorer.views.report.novelty import ErrorsAsScores
from explorer.views.report.reported import Reported

LEAST_OF_A_CLASS = 10
"""Fewer items say little of their class."""


def noteworthy_part(reported: Reported, here: Sequence[Metric], scores: ErrorsAsScores | None) -> StillPart | None:
    """A list of sentences; None where nothing is to be said.

    Args:
        here: figures that were measured for the report.
        scores: errors against a threshold; None where that says nothing.
    """
    card = reported.card
    said = [*_findings(card), *_training(card), *_dimensions(card), *_pca([*card.metrics, *here]),
            *_classes(reported), *([] if scores is None else _promise(scores))]  # fmt: skip
    if not said:
        return None
    body = element("ul", *(element("li", sentence) for sentence in said))
    return StillPart("noteworthy", "Noteworthy", "What the figures below say, in words.", body)


def _findings(card: Card) -> Iterator[str]:
    """What the look at the training found, the gravest first."""
    for finding in card.findings or ():
        yield f"{'Wrong: ' if finding.is_wrong else ''}{' '.join(finding.lines)}"


def _training(card: Card) -> Iterator[str]:
    place = best_position(card)
    totals = [(entry.get("validation") or {}).get("total") for entry in card.history]
    best = None if place is None else totals[place]
    if place is None or best is None:
        return
    last, unit = totals[-1], loss_unit(card.history)
    if place == len(totals) - 1:
        yield (
            f"The last of {len(totals):,} epochs was kept, at a validation loss of {three_digits(best)} {unit}; more "
            "epochs were not tried."
        )
    elif last is not None:
        yield (
            f"Epoch {place + 1:,} of {len(totals):,} was kept: the validation loss is {three_digits(best)} "
            f"there and {three_digits(last)} {unit} in the last epoch."
        )


def _dimensions(card: Card) -> Iterator[str]:
    if card.code_size is None:
        return
    try:
        order = latent.dimension_order(card)
    except ExplorerError:  # a card without statistics of its codes
        return
    unused = [d.index for d in order if not d.active]
    if unused:
        yield f"{len(unused)} of the {len(order)} dimensions of the code are hardly used."
    elif len(order) > 1:
        yield f"All {len(order)} dimensions of the code are used."


def _pca(figures: Sequence[Metric]) -> Iterator[str]:
    for pca in figures:
        if not pca.name.startswith("PCA") or not pca.name.endswith("reconstruction error"):
            continue
        own = next(
            (m for m in figures if m.name == "reconstruction error" and (m.split, m.n) == (pca.split, pca.n)), None
        )
        if own is None:
            continue
        words = "less than" if own.high < pca.low else "more than" if own.low > pca.high else "not clearly apart from"
        yield (
            f"The error is {words} that of PCA with as many numbers: {own.text(three_digits)} and "
            f"{pca.text(three_digits)} {own.unit} ({own.split}, n = {own.n:,})."
        )


def _classes(reported: Reported) -> Iterator[str]:
    """The classes of the lowest and the highest mean error, with intervals that hold for all classes at once."""
    labels, dataset = reported.labels, reported.dataset
    if labels is None or dataset is None or not len(reported.errors):
        return
    means: list[tuple[str, Interval, int]] = []
    for label, name in enumerate(dataset.label_names):
        errors = reported.errors[labels == label]
        if len(errors) >= LEAST_OF_A_CLASS and np.isfinite(errors).all():
            means.append((name, mean_interval(errors, POSITIVE), len(errors)))
    if len(means) < 2:
        return
    (low_name, low, n_low), *_, (high_name, high, n_high) = sorted(means, key=lambda each: each[1].value)
    yield (
        f"Of {len(means)} classes {high_name} has the highest mean error, {high.text(three_digits)} (n = {n_high:,}), "
        f"and {low_name} the lowest, {low.text(three_digits)} (n = {n_low:,}); {reported.of}. Each interval is of its "
        "class alone: the two were chosen among all."
    )


def _promise(scores: ErrorsAsScores) -> Iterator[str]:
    if scores.breaks_promise:
        percent = "{:.1%}".format
        yield (
            f"More normal items raise an alarm than was promised: {scores.alarms.text(percent)} where "
            f"{scores.threshold.rate.text(percent)} was expected. They differ from the validation items."
        )
