"""A detector that is told of more normal items: what it has learnt stays, its thresholds are set anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Num

from explorer.core.errors import DataError
from explorer.core.row_samples import spread_positions, spread_sample
from explorer.data.base import Dataset
from explorer.data.encoded_columns import Remarks
from explorer.novelty.detector import Detector
from explorer.novelty.drift import NOT_WATCHED, PromiseCheck, Watched, check_promise, watched
from explorer.novelty.fitting import MAX_CALIBRATION_ITEMS, MIN_ROWS, kept_examples
from explorer.novelty.image_fitting import normal_by_layout, normal_images
from explorer.novelty.inputs import TableInput, gather
from explorer.novelty.items import as_fitted
from explorer.novelty.profile import Features, rows_kept
from explorer.novelty.table_fitting import normal_rows
from explorer.novelty.thresholds import Threshold

RATE = 0.05
"""The false-alarm rate at which alarms among the new items are counted, and thresholds are compared."""


@dataclass(frozen=True, eq=False)
class NewNormals:
    """Normal items that a detector has not seen.

    Args:
        x: (n, *event) as its scorer takes them.
        name: where they come from, in a few words.
        watched: some of them, to be compared with the former ones.
        notes: what was unusual on the way in, a sentence each.
    """

    x: Num[np.ndarray, "n *event"]
    name: str
    watched: Watched = NOT_WATCHED
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Update:
    """What became of a detector.

    Args:
        detector: with the new thresholds.
        items: how many new items set them.
        with_former: whether the former normal items do so as well.
        check: whether the new items are as the former ones.
        before, after: the thresholds at a false-alarm rate of ``RATE``.
        notes: what was unusual on the way in, a sentence each.
    """

    detector: Detector
    items: int
    with_former: bool
    check: PromiseCheck
    before: Threshold
    after: Threshold
    notes: tuple[str, ...]

    @property
    def drift_words(self) -> str:
        """Whether the new normal items are as the former ones, in a sentence."""
        check = self.check
        if not check.is_withdrawn:
            alarms = f"{check.alarms:,} of {check.items:,} would have raised an alarm at {check.promised:.2%}"
            return f"The new normal items are as the former ones: {alarms}."
        return f"The new normal items are not as the former ones: {'; '.join(check.reasons)}."

    @property
    def words(self) -> str:
        """What was done and what can be promised now, in sentences."""
        smallest = 1 / (self.after.n + 1)
        return (
            f"{self.detector.card.updates[-1]} What it had learnt stays as it was. The threshold at {RATE:.0%} false "
            f"alarms goes from {self.before.value:.4g} to {self.after.value:.4g}, which promises "
            f"{self.after.rate.value:.2%} (95 % interval {self.after.rate.ends('{:.2%}'.format)}); the smallest rate "
            f"that can be promised is {smallest:.2g} of all normal items."
        )


def update(detector: Detector, new: NewNormals, with_former: bool | None = None) -> Update:
    """Set a detector's thresholds anew by normal items that it has not seen; its score stays as it was fitted.

    Since the score does not change, scores of new normal items and of those to come are exchangeable, whatever has
    changed since it was fitted: thresholds of these alone keep what they promise exactly. The former normal items may
    stay beside them as long as they are of the same kind, which lets smaller rates be promised.

    Args:
        with_former: whether the former normal items still set thresholds as well; None: as long as no test finds
            that the new ones differ from them.

    Raises:
        DataError: no item with a score, or so few that they cannot set thresholds by themselves.

    Source: Vovk et al. 2005 (inductive conformal prediction); for the thresholds see ``thresholds.threshold_for``.
    """
    scores, maps = detector.scores_and_maps(new.x) if detector.map_peaks is not None else (detector.score(new.x), None)
    before = detector.threshold(RATE)
    check = check_promise(detector, before.value, scores, new.watched)
    kept = not check.is_withdrawn if with_former is None else with_former
    known = ~np.isnan(scores)
    n = int(known.sum())
    if not n:
        raise DataError(f"{new.name} has no item with a score.", "Give it normal items.")
    if not kept and n < MIN_ROWS:
        raise DataError(
            f"{n} new normal item{'' if n == 1 else 's'} cannot set thresholds without the former ones; "
            f"{MIN_ROWS} or more can.",
            "Give more, or say that the former ones still count: --former, in Python with_former=True.",
        )
    whole = detector.calibration if kept else detector.calibration[:0]
    calibration = np.sort(np.concatenate([whole, scores[known]]))
    peaks = None
    if detector.map_peaks is not None and maps is not None:
        former = detector.map_peaks if kept else detector.map_peaks[:0]
        peaks = np.sort(np.concatenate([former, maps[known].max((1, 2)).astype(np.float64)]))
    card = detector.card
    beside = f"beside the {len(detector.calibration):,} of before" if kept else "in place of those of before"
    sentence = f"Since then {n:,} normal items of {new.name} set thresholds, {beside}."
    updated = replace(
        detector,
        card=card.model_copy(
            update={"updates": (*card.updates, sentence), "n_calibration": len(calibration), "example_names": ()}
        ),
        calibration=calibration,
        examples=_examples(detector, new.x, kept),
        profile=_profile(detector, new.watched[0], len(new.x), kept),
        map_peaks=peaks,
    )
    return Update(updated, n, kept, check, before, updated.threshold(RATE), new.notes)


def new_normals(
    detector: Detector, source: TableInput | Dataset, normal_labels: Sequence[str] = (), registered: bool = False
) -> NewNormals:
    """The normal items of a file, read as those were that the detector was fitted on.

    Args:
        normal_labels: labels of the normal ones; none: those that were normal when it was fitted, where there are
            labels; else all.
        registered: whether the data is a registered dataset, whose test items are left out.

    Raises:
        DataError: columns are missing, labels are not there or say that not every item is normal, or there is none.
    """
    if isinstance(source, Dataset):
        learnt = [label for label in detector.card.normal_labels if label in source.label_names]
        rows = normal_images(source, normal_labels or normal_by_layout(source) or learnt, registered)
        chosen = rows[spread_positions(len(rows), MAX_CALIBRATION_ITEMS)]
        x, what = detector.fit_images(source.x[chosen])
        of_images = watched(detector.feature_names, len(x), lambda some: detector.features_of_images(x, some))
        resized = [f"Images: {what}."] if what else []
        return NewNormals(x, source.title, of_images, (*resized, *_fewer(len(chosen), len(rows))))
    table, others = as_fitted(detector, source)
    has_labels = source.label_column is not None or source.labels is not None
    cut = table if table.windows is not None else source
    rows, _ = normal_rows(cut, normal_labels or (detector.card.normal_labels if has_labels else ()))
    if table.windows is not None:
        rows = rows[:: table.windows.overlapping]  # those that have no row in common
    chosen = rows[spread_positions(len(rows), MAX_CALIBRATION_ITEMS)]
    cells, _ = gather(table, chosen)
    remarks = Remarks()
    x = detector.encode(cells, remarks)
    remarks.check()
    unused = [f"Ignored, since it was not fitted on it: {', '.join(others[:10])}."] if others else []
    notes = (*unused, *(f"{sentence}." for sentence in remarks.sentences()), *_fewer(len(chosen), len(rows)))
    if table.windows is not None:
        return NewNormals(x, source.name, NOT_WATCHED, notes)
    of_rows = watched(detector.feature_names, len(x), lambda some: detector.features_of_cells(cells, some))
    return NewNormals(x, source.name, of_rows, notes)


def _fewer(taken: int, of: int) -> tuple[str, ...]:
    return (f"{taken:,} of {of:,} normal items, spread over all, are taken.",) if taken < of else ()


def _examples(detector: Detector, x: np.ndarray, kept: bool) -> np.ndarray:
    """Some of the normal items, as many of the former and the new ones as there are of them."""
    if not kept:
        return kept_examples(x)
    share = len(detector.examples) / (_former(detector) + len(x))
    pieces = [
        spread_sample(items, round(share * number))
        for items, number in ((detector.examples, _former(detector)), (x, len(x)))
    ]
    return np.concatenate(pieces).astype(detector.examples.dtype)


def _former(detector: Detector) -> int:
    """How many normal items the detector knows of, about."""
    return max(detector.card.n_fit, detector.card.n_calibration)


def _profile(detector: Detector, new: Features | None, n: int, kept: bool) -> Features | None:
    """Some former normal items and some new ones, as many of each as there are of them; or the new ones alone."""
    former = detector.profile
    if new is None and kept:
        return former
    if former is None or new is None or not kept:
        return new
    of_former = max(_former(detector), len(former))
    most = rows_kept(detector.feature_names)
    share = min(len(former) / of_former, len(new) / n, most / (of_former + n))
    pieces = [
        features.take(spread_positions(len(features), max(1, round(share * number))))
        for features, number in ((former, of_former), (new, n))
    ]
    return pieces[0].followed_by(pieces[1])
