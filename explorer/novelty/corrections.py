"""Items that raised an alarm and are fine, says who knows: they count as normal from then on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Num

from explorer.data.base import Dataset, Progress
from explorer.novelty.crossing import FOLDS, cross_fitted, folds_of
from explorer.novelty.detector import Detector, checkpoints_of, spec_of
from explorer.novelty.fitting import OWN_RECIPE, fitted_score, model_splits
from explorer.novelty.image_fitting import fit_images
from explorer.novelty.scores.registry import REGISTRY
from explorer.novelty.scores.scorer import CrossCalibrated, Scorer
from explorer.novelty.table_crossing import crossed_again
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
    """Whether a score can learn again: all that it had learnt from is there.

    A network is trained again where the detector had trained it itself; one that was given to it had other items.

    Args:
        normal: (n, *event) the normal items that are known.
    """
    card, kind = detector.card, REGISTRY[detector.card.scorer.name]
    if normal is None or card.windows is not None:  # windows that share rows are no items of their own
        return False
    if kind.uses_checkpoint:
        is_own = all(model.recipe.name == OWN_RECIPE for model in card.models)
        learnt_from = card.n_fit if card.folds else card.n_fit + card.n_calibration
        return is_own and not card.updates and len(normal) >= learnt_from
    return len(normal) >= card.n_fit and (detector.map_peaks is None or issubclass(kind, CrossCalibrated))


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
    fit = _refitted(detector, whole, progress)
    sentence = f"Since then {items} taught it too."
    models = checkpoints_of(fit.scorer)
    card = detector.card.model_copy(
        update={
            "updates": (*detector.card.updates, sentence),
            "n_fit": fit.n_fit,
            "n_calibration": len(fit.calibration),
            "folds": fit.folds,
            "scorer": spec_of(fit.scorer, models),
            "models": tuple(model.card for model in models),
            "example_names": (),
        }
    )
    refitted = replace(
        changed.detector, card=card, scorer=fit.scorer, calibration=fit.calibration, map_peaks=fit.map_peaks
    )
    words = (
        f"The score has learnt again from {len(normal):,} normal items and {items}; the threshold at {RATE:.0%} false "
        f"alarms goes from {before:.4g} to {refitted.threshold(RATE).value:.4g}. {careful}"
    )
    return Correction(refitted, True, words)


@dataclass(frozen=True, eq=False)
class _Fit:
    """A score, (n,) rising scores of normal items by what had not seen them, and as of ``Detector`` and its card."""

    scorer: Scorer
    calibration: np.ndarray
    n_fit: int
    folds: int = 0
    map_peaks: np.ndarray | None = None


def _refitted(detector: Detector, x: np.ndarray, progress: Progress | None) -> _Fit:
    """The same kind of score of other normal items."""
    name, encoding = detector.card.scorer.name, detector.card.encoding
    if detector.card.models and encoding is not None:
        scorer, crossed = crossed_again(detector.card, encoding, x, progress)
        return _Fit(scorer, np.sort(crossed), len(x), FOLDS)
    if detector.card.models:
        images = Dataset(
            name="the normal images", title="the normal images", x=x, labels=None, label_names=(),
            splits=model_splits(np.arange(len(x)), np.arange(0)), licence=detector.card.licence, source="",
            fingerprint="",
        )  # fmt: skip
        again = fit_images(images, (), detector.card.models[0].recipe, name, 0, progress, registered=False)
        return _Fit(again.scorer, again.calibration, again.card.n_fit, 0, again.map_peaks)
    if issubclass(REGISTRY[name], CrossCalibrated):
        scorer = fitted_score(name, None, x, x[:0], encoding, progress)
        assert isinstance(scorer, CrossCalibrated)  # noqa: S101 - its kind is one
        calibration = np.sort(scorer.crossed_)
        return _Fit(scorer, calibration, len(x), 0, None if detector.map_peaks is None else calibration.copy())
    scorer, crossed = cross_fitted(
        x, lambda rows, _: fitted_score(name, None, x[rows], None, encoding), folds_of(len(x), FOLDS)
    )
    return _Fit(scorer, np.sort(crossed), len(x), FOLDS)
