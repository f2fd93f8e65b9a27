"""Items that raised an alarm and are fine, says who knows: they count as normal from then on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Num

from explorer.data.base import Progress
from explorer.novelty.crossing import FOLDS, cross_fitted, folds_of
from explorer.novelty.detector import Detector, spec_of
from explorer.novelty.fitting import fitted_score
from explorer.novelty.scores.registry import REGISTRY
from explorer.novelty.scores.scorer import CrossCalibrated, Scorer
from explorer.novelty.updating import RATE, NewNormals, update


@dataclass(frozen=True, eq=False)
class Correction:
    """What became of a detector.

    Args:
        detector: for which the items are normal.
        is_refitted: whether its score has learnt from them; else only its thresholds were set anew.
        words: what was done and what it means, in sentences.
    """

    detector: Detector
    is_refitted: bool
    words: str


def can_refit(detector: Detector, normal: Num[np.ndarray, "n *event"] | None) -> bool:
    """Whether a score can learn again: all that it had learnt from is there, and no network has to be trained.

    Args:
        normal: (n, *event) the normal items that are known.
    """
    kind = REGISTRY[detector.card.scorer.name]
    has_all = normal is not None and len(normal) >= detector.card.n_fit
    if detector.card.windows is not None:  # windows that share rows are no items of their own
        return False
    return has_all and not kind.uses_checkpoint and (detector.map_peaks is None or issubclass(kind, CrossCalibrated))


def correct(
    detector: Detector,
    fine: Num[np.ndarray, "m *event"],
    normal: Num[np.ndarray, "n *event"] | None = None,
    progress: Progress | None = None,
) -> Correction:
    """Count items as normal: the score learns from them where it can, else thresholds are set anew with theirs.

    Who names items fine chooses among those that scored high: so their scores stand too high among the normal ones,
    and thresholds err to the side of fewer false alarms than they promise.

    Args:
        fine: (m, *event) the items.
        normal: (n, *event) the normal items that it had learnt from, where they are known; see ``can_refit``.
        progress: called with the share done and a few words.
    """
    n = len(fine)
    items = f"{n:,} item{'s' if n > 1 else ''} said to be fine"
    changed = update(detector, NewNormals(fine, "those said to be fine"), with_former=True)
    before = changed.before.value
    careful = f"What is said to be fine was chosen for its high score: expect fewer false alarms than {RATE:.0%}."
    if normal is None or not can_refit(detector, normal):
        words = (
            f"{items} set thresholds beside the normal ones: at {RATE:.0%} false alarms it goes from {before:.4g} to "
            f"{changed.after.value:.4g}. The score itself stays as it was. {careful}"
        )
        return Correction(changed.detector, False, words)
    whole = np.concatenate([normal, fine.astype(normal.dtype)])
    scorer, calibration = _refitted(detector, whole, progress)
    sentence = f"Since then {items} taught it too."
    card = detector.card.model_copy(
        update={
            "updates": (*detector.card.updates, sentence),
            "n_fit": len(whole),
            "n_calibration": len(calibration),
            "folds": 0 if isinstance(scorer, CrossCalibrated) else FOLDS,
            "scorer": spec_of(scorer, []),
        }
    )
    refitted = replace(
        changed.detector,
        card=card,
        scorer=scorer,
        calibration=calibration,
        map_peaks=None if detector.map_peaks is None else calibration.copy(),
    )
    words = (
        f"The score has learnt again from {len(normal):,} normal items and {items}; the threshold at {RATE:.0%} false "
        f"alarms goes from {before:.4g} to {refitted.threshold(RATE).value:.4g}. {careful}"
    )
    return Correction(refitted, True, words)


def _refitted(detector: Detector, x: np.ndarray, progress: Progress | None) -> tuple[Scorer, np.ndarray]:
    """The same kind of score of other normal items, and their sorted scores by what had not seen them."""
    name, encoding = detector.card.scorer.name, detector.card.encoding
    if issubclass(REGISTRY[name], CrossCalibrated):
        scorer = fitted_score(name, None, x, x[:0], encoding, progress)
        assert isinstance(scorer, CrossCalibrated)  # noqa: S101 - its kind is one
        return scorer, np.sort(scorer.crossed_)
    scorer, crossed = cross_fitted(
        x, lambda rows, _: fitted_score(name, None, x[rows], None, encoding), folds_of(len(x), FOLDS)
    )
    return scorer, np.sort(crossed)
