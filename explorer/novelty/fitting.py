"""Fitting a detector: normal items are shared out, a model is trained and a score fitted, others set the threshold."""

from __future__ import annotations

import datetime
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Int, Num

from explorer.checkpoints import VectorCheckpoint, with_codes
from explorer.core.errors import DataError, ExplorerError, RecipeError, TrainingError
from explorer.core.row_samples import spread_positions, spread_sample
from explorer.core.version import VERSION
from explorer.data.base import Dataset, Progress
from explorer.data.encoding import TableEncoding
from explorer.data.item_names import read_names
from explorer.data.splits import Splits
from explorer.io.images.contract import ImageContract
from explorer.novelty.detector import Detector, checkpoints_of, spec_of
from explorer.novelty.detector_card import DetectorCard
from explorer.novelty.inputs import of_dataset
from explorer.novelty.patches.resnet import ResNetFeatures
from explorer.novelty.profile import Features, feature_names, image_features, profile_rows, table_features
from explorer.novelty.scores.combination import Combination
from explorer.novelty.scores.pretrained_patches import PretrainedPatches
from explorer.novelty.scores.registry import NAMES, REGISTRY, present_name
from explorer.novelty.scores.scorer import CrossCalibrated, Scorer
from explorer.recipe import Recipe
from explorer.training import train
from explorer.training.events import EpochFinished, Finished

MIN_ROWS = 20
MAX_FIT_ITEMS, MAX_CALIBRATION_ITEMS = 20_000, 10_000
CALIBRATION_SHARE, VALIDATION_SHARE = 0.2, 0.1
MAX_EXAMPLES, MAX_EXAMPLE_BYTES = 200, 8 << 20
MAX_MAPS, MAP_VALUES = 1000, 1 << 24
"""So many images at most set the threshold of pixels; so many of their values are looked at at once."""
OWN_RECIPE = "detector"
"""The name of the recipes by which a detector trains a network of its own."""
DEFAULT_SCORER = "combined-mean"
DEFAULT_NATIVE_SCORER = "combined-maps"
SHRUNK_SIDE, NATIVE_SIDE = 128, 2000
"""Images are looked at as a whole up to the first size in pixels; in patches, at their own size, up to the second."""
TRAINING_SHARE = 0.9
"""Of the progress."""


def default_scorer(event_shape: tuple[int, ...]) -> str:
    """The score where nobody chooses: images larger than ``SHRUNK_SIDE`` are looked at in patches."""
    is_large = len(event_shape) == 3 and max(event_shape[1:]) > SHRUNK_SIDE
    return DEFAULT_NATIVE_SCORER if is_large else DEFAULT_SCORER


def of_weights(scorer: str | None) -> str:
    """The score that looks through the weights of a network.

    Raises:
        ExplorerError: another score was asked for.
    """
    name = NAMES[PretrainedPatches]
    if scorer is not None and scorer_name(scorer) != name:
        raise ExplorerError(
            f"The score {scorer} looks through no given weights.", f"Leave out --scorer, or choose {name}."
        )
    return name


def max_side(scorer: str | None) -> int:
    """Up to which size a score takes images, in pixels; None: whatever ``default_scorer`` makes of them."""
    return NATIVE_SIDE if scorer is None or REGISTRY[scorer_name(scorer)].at_native_size else SHRUNK_SIDE


def scorer_name(scorer: str) -> str:
    """The name that a score has today.

    Raises:
        ExplorerError: there is no such score.
    """
    name = present_name(scorer)
    if name not in REGISTRY:
        raise ExplorerError(f"There is no score called {scorer!r}.", f"Choose from: {', '.join(REGISTRY)}.")
    return name


@dataclass(frozen=True, eq=False)
class Parts:
    """Normal items by what they are for; no item has two roles.

    Args:
        train: (n,) sorted numbers of the items that the model learns from.
        validation: (n,) that choose its best epoch, and that the parts of a combination are weighed by; may be empty
            where the model is trained already: a combination then sets some of ``train`` aside.
        calibration: (n,) that set the threshold; nothing else sees them.
    """

    train: Int[np.ndarray, " n"]
    validation: Int[np.ndarray, " m"]
    calibration: Int[np.ndarray, " k"]


def parts_for(scorer: str, rows: Int[np.ndarray, " n"], seed: int = 0) -> Parts:
    """Normal items by what they are for; all are learnt from where the score calibrates on them itself."""
    if issubclass(REGISTRY[scorer_name(scorer)], CrossCalibrated):
        nothing = np.empty(0, np.int64)
        return Parts(np.sort(spread_sample(rows, MAX_FIT_ITEMS)), nothing, nothing)
    return share_out(rows, seed)


def share_out(rows: Int[np.ndarray, " n"], seed: int = 0, max_fit: int = MAX_FIT_ITEMS) -> Parts:
    """Shuffle normal items by seed and cut them: a fifth for the threshold, a tenth of the others to validate.

    Args:
        rows: (n,) their numbers.
        max_fit: at most so many for training and validation together.
    """
    order = rows[np.random.Generator(np.random.PCG64(seed)).permutation(len(rows))]
    n_calibration = min(max(1, round(CALIBRATION_SHARE * len(rows))), MAX_CALIBRATION_ITEMS)
    fit = order[n_calibration:][:max_fit]
    n_validation = max(1, round(VALIDATION_SHARE * len(fit)))
    cut = fit[:n_validation], fit[n_validation:], order[:n_calibration]
    validation, training, calibration = (np.sort(part) for part in cut)
    return Parts(training, validation, calibration)


def of_checkpoint(
    checkpoint: VectorCheckpoint | None,
    dataset: Dataset,
    parts: Parts,
    scorer: str = DEFAULT_SCORER,
    normal: str = "",
    normal_labels: Sequence[str] = (),
    start: float | None = None,
    progress: Progress | None = None,
    network: ResNetFeatures | None = None,
) -> Detector:
    """A detector that looks through a trained model; nothing is trained.

    Args:
        checkpoint: the model; None for scores that look at the items alone.
        dataset: of images, or of table rows of numbers without missing values.
        parts: its normal rows by what they are for.
        scorer: a name of the registry.
        normal: what was normal, in a sentence.
        normal_labels: labels of the normal rows.
        start: of the fitting, by ``time.perf_counter``.
        progress: called with the share done where fitting the score takes long.
        network: what pretrained patches look through.

    Raises:
        ExplorerError: the score is not defined for the model.
    """
    start = time.perf_counter() if start is None else start
    encoding = None
    if dataset.kind == "table":
        encoding = TableEncoding.plain(of_dataset(dataset).rows.columns, dataset.x[parts.train], dataset.counts)
    fitted = fitted_score(
        scorer, checkpoint, dataset.x[parts.train], dataset.x[parts.validation], encoding, progress, network
    )
    if isinstance(fitted, CrossCalibrated):
        calibration = np.sort(fitted.crossed_)
    else:
        calibration = np.sort(fitted.score(dataset.x[parts.calibration]))
    examples = _example_positions(len(parts.train), dataset.x[:1].nbytes)
    detector = Detector(
        DetectorCard(
            kind=dataset.kind,
            normal=normal or normal_in_words(dataset.title, "items", len(dataset), len(dataset), normal_labels),
            normal_labels=tuple(normal_labels),
            fingerprint=dataset.fingerprint,
            event_shape=dataset.event_shape,
            n_fit=len(parts.train) + len(parts.validation),
            n_calibration=len(calibration),
            encoding=encoding,
            contract=dataset.contract,
            example_names=() if dataset.kind == "table" else tuple(read_names(dataset, parts.train[examples])),
            notes=(*notes_of(dataset), *fitted.remarks),
            **fit_fields(fitted, start, dataset.licence),
        ),
        fitted,
        calibration,
        np.array(dataset.x[parts.train[examples]]),
        _profile(dataset, parts, encoding),
    )
    return detector if dataset.kind == "table" else _with_map_peaks(detector, dataset, parts)


def _with_map_peaks(detector: Detector, dataset: Dataset, parts: Parts) -> Detector:
    """With the highest values of the maps of images that nothing was fitted on, where it has maps."""
    if isinstance(detector.scorer, CrossCalibrated):
        return replace(detector, map_peaks=detector.calibration.copy())
    rows = spread_sample(parts.calibration, MAX_MAPS)
    peaks = []
    at_once = max(1, MAP_VALUES // max(1, dataset.x[:1].size))
    for start in range(0, len(rows), at_once):
        maps = detector.maps(dataset.x[rows[start : start + at_once]])
        if maps is None:
            return detector
        peaks.append(maps.max((1, 2)))
    return replace(detector, map_peaks=np.sort(np.concatenate(peaks)).astype(np.float64))


def _profile(dataset: Dataset, parts: Parts, encoding: TableEncoding | None) -> Features:
    """Of some of the normal items, whatever they are for: new ones are to be like any of them."""
    rows = np.sort(np.concatenate([parts.train, parts.validation, parts.calibration]))
    x = dataset.x[rows[profile_rows(len(rows), feature_names(encoding, dataset.event_shape))]]
    if encoding is None:
        return image_features(x)
    return table_features(encoding, dict(zip(encoding.names, x.astype(np.float64).T, strict=True)))


def notes_of(dataset: Dataset) -> tuple[str, ...]:
    """What was left out or does not fit on the way in, a sentence each."""
    contract, report = dataset.contract, dataset.report
    remarks = contract.remarks if isinstance(contract, ImageContract) else ()
    return (*remarks, *(f"{name}: {what}" for name, what in (report.left_out if report else ())))


def trained_model(recipe: Recipe, dataset: Dataset, scorer: str, progress: Progress | None) -> VectorCheckpoint | None:
    """A model trained as the recipe says; None where the score needs none."""
    if not REGISTRY[scorer_name(scorer)].uses_checkpoint:
        return None
    if recipe.data.split.is_said:
        raise RecipeError(
            "A detector learns from all normal items that it is given, whatever the recipe's data.split holds out.",
            "Leave data.split out of the recipe, and give a file of the items to learn from.",
        )
    # The rows are chosen already: neither classes nor a limit choose among them again.
    recipe = recipe.model_copy(update={"data": recipe.data.model_copy(update={"classes": (), "limit": None})})
    last = None
    for last in train(recipe, dataset):
        if progress and isinstance(last, EpochFinished):
            progress(TRAINING_SHARE * last.epoch / last.epochs, f"Training, epoch {last.epoch} of {last.epochs}")
    if not isinstance(last, Finished) or last.checkpoint is None:
        raise TrainingError(getattr(last, "message", "The training ended early."), getattr(last, "hint", ""))
    if progress:
        progress(TRAINING_SHARE, "Fitting the score")
    return with_codes(last.checkpoint)


def fitted_score(
    scorer: str,
    checkpoint: VectorCheckpoint | None,
    fit: Num[np.ndarray, "n *event"],
    held: Num[np.ndarray, "m *event"] | None,
    encoding: TableEncoding | None = None,
    progress: Progress | None = None,
    network: ResNetFeatures | None = None,
) -> Scorer:
    """A new score, fitted; a combination weighs its parts on the items ``held`` back from fitting them.

    Args:
        held: (m, *event) other items; None: ``crossing.cross_fitted`` gives a combination its scales.
        encoding: of a table's rows.
        network: what pretrained patches look through.
    """
    kind = REGISTRY[present_name(scorer)]
    fitted = kind() if checkpoint is None else kind.for_checkpoint(checkpoint)
    if encoding is not None:
        fitted.learn_columns(encoding)
    if network is not None and isinstance(fitted, PretrainedPatches):
        fitted.use_weights(network)
    if held is None:
        return fitted.fit_parts(fit) if isinstance(fitted, Combination) else fitted.fit(fit)
    if isinstance(fitted, Combination) and len(held):
        return fitted.fit(fit, held)
    if isinstance(fitted, CrossCalibrated):
        return fitted.fit(fit, progress)
    return fitted.fit(np.concatenate([fit, held]))


def model_splits(train_rows: Int[np.ndarray, " n"], validation: Int[np.ndarray, " m"]) -> Splits:
    """Splits of a dataset whose other items set the threshold."""
    nothing = np.empty(0, np.int64)
    return Splits(train_rows, validation, nothing, "Normal items alone, split by a seed; others set the threshold")


def without_test(splits: Splits, rows: Int[np.ndarray, " n"]) -> Int[np.ndarray, " m"]:
    """Row numbers without those of the data's own test split."""
    return rows[~np.isin(rows, splits.test)]


def check_labels(normal_labels: Sequence[str], known: set[str], name: str) -> None:
    """Check that the data know every label asked for.

    Raises:
        DataError: one is not there.
    """
    if unknown := [label for label in normal_labels if label not in known]:
        some = ", ".join(sorted(known)[:20])
        raise DataError(f"{name} has no label {unknown[0]!r}.", f"Its labels: {some or 'none'}.")


def check_number(n: int, name: str) -> None:
    """Check that there are enough normal items.

    Raises:
        DataError: fewer than ``MIN_ROWS``.
    """
    if n < MIN_ROWS:
        raise DataError(
            f"{name} has {n} normal item{'' if n == 1 else 's'} to learn from; a detector needs {MIN_ROWS} or more.",
            "Give it more normal items.",
        )


def normal_in_words(name: str, what: str, n: int, total: int, labels: Sequence[str]) -> str:
    """What was normal, in a few words."""
    chosen = f" labelled {', '.join(labels)}" if labels else ""
    return f"{n:,} of {total:,} {what} of {name}{chosen}"


def fit_fields(fitted: Scorer, start: float, licence: str) -> dict:
    """The fields of a detector's card that say how it was fitted."""
    models = checkpoints_of(fitted)
    return {
        "scorer": spec_of(fitted, models),
        "models": tuple(model.card for model in models),
        "seconds": round(time.perf_counter() - start, 1),
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "versions": {"explorer": VERSION},
        "licence": licence,
    }


def kept_examples(x: Num[np.ndarray, "n *event"]) -> Num[np.ndarray, "m *event"]:
    """Some of the items, spread over all, as a detector keeps them."""
    return np.array(x[_example_positions(len(x), x[:1].nbytes)])


def _example_positions(n: int, item_bytes: int) -> Int[np.ndarray, " m"]:
    """Which of n normal items are kept, spread over all."""
    return spread_positions(n, max(1, min(MAX_EXAMPLES, MAX_EXAMPLE_BYTES // max(1, item_bytes))))
