"""Fitting a detector: a model is trained and a score fitted on some normal items, others set the threshold."""

from __future__ import annotations

import datetime
import math
import shlex
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from explorer import __version__, evaluation
from explorer.checkpoints import Checkpoint
from explorer.core.errors import DataError, ExplorerError, TrainingError
from explorer.data.base import Dataset, Progress, Splits, fingerprint
from explorer.data.encoding import TableEncoding
from explorer.io.tables.roles import INPUTS
from explorer.novelty.combination import Combination
from explorer.novelty.detector import Detector, DetectorCard, checkpoints_of, spec_of
from explorer.novelty.inputs import TableInput, gather, of_dataset
from explorer.novelty.labels import NOVEL_WORDS, normal_among
from explorer.novelty.registry import REGISTRY, present_name
from explorer.novelty.scorers import Scorer
from explorer.recipe import Recipe
from explorer.training import train
from explorer.training.events import EpochFinished, Finished

MIN_ROWS = 20
MAX_FIT_ITEMS, MAX_CALIBRATION_ITEMS = 20_000, 10_000
CALIBRATION_SHARE, VALIDATION_SHARE = 0.2, 0.1
MAX_EXAMPLES, MAX_EXAMPLE_BYTES = 200, 2 << 20
MAX_CELLS = 4_000_000
"""Of a wide table fewer rows are taken, so that their text fits in memory."""
DEFAULT_SCORER = "combined-mean"
TRAINING_SHARE = 0.9
"""Of the progress."""


@dataclass(frozen=True, eq=False)
class Parts:
    """Normal items by what they are for; no item has two roles.

    Args:
        train: (n,) sorted numbers of the items that the model learns from.
        validation: (n,) that choose its best epoch, and that the parts of a combination are weighed by; may be empty
            where the model is trained already: a combination then sets some of ``train`` aside.
        calibration: (n,) that set the threshold; nothing else sees them.
    """

    train: np.ndarray
    validation: np.ndarray
    calibration: np.ndarray


def share_out(rows: np.ndarray, seed: int = 0, max_fit: int = MAX_FIT_ITEMS) -> Parts:
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


# --- Tables ----------------------------------------------------------------------------------------------------------


def fit_table(
    table: TableInput,
    normal_labels: Sequence[str] = (),
    recipe: Recipe | None = None,
    scorer: str = DEFAULT_SCORER,
    seed: int = 0,
    progress: Progress | None = None,
) -> Detector:
    """Fit a detector on the normal rows of a table.

    Encoding and standardisation are learnt on the training rows alone. Of a registered dataset the test rows are left
    out, so that they can be judged.

    Args:
        normal_labels: labels of the rows that are normal; none: all of them.
        recipe: of the model; None: ``table_recipe``.
        scorer: a name of the registry.
        seed: of the shares and the training.
        progress: called with the share done and a few words.

    Raises:
        DataError: too few rows, no column that can be used, or labels that are not there.
        TrainingError: the training diverged.
    """
    start = time.perf_counter()
    rows, total = _normal_rows(table, normal_labels)
    _check_number(len(rows), table.name)
    parts = share_out(rows, seed, _max_fit(len(table.rows.columns)))
    wanted = np.sort(np.concatenate([parts.train, parts.validation, parts.calibration]))
    cells, _ = gather(table, wanted)
    places = {name: np.searchsorted(wanted, getattr(parts, name)) for name in ("train", "validation", "calibration")}
    named = {column: cells[column] for column in table.inputs}
    if not named:
        raise DataError(f"{table.name} has no column to learn from.", table.contract.line)
    encoding = TableEncoding.learn({c: _picked(v, places["train"]) for c, v in named.items()}, table.name)
    x = {name: encoding.encode({c: _picked(v, rows) for c, v in named.items()}) for name, rows in places.items()}
    dataset = _encoded(table, encoding, x["train"], x["validation"])
    checkpoint = _model(recipe or table_recipe(dataset, seed), dataset, scorer, progress)
    fitted = _fitted(scorer, checkpoint, x["train"], x["validation"], encoding.encoded)
    calibration = np.sort(fitted.score(x["calibration"]))
    return Detector(
        DetectorCard(
            kind="table",
            normal=_sentence(table.name, "rows", len(rows), total, normal_labels),
            normal_labels=tuple(normal_labels),
            fingerprint=table.dataset.fingerprint if table.dataset else "",
            event_shape=dataset.event_shape,
            n_fit=len(dataset),
            n_calibration=len(calibration),
            encoding=encoding,
            notes=(
                *(f"{column} is not looked at: {reason}" for column, reason in encoding.left_out),
                *(f"{column} is not looked at: {reason}" for column, reason in _unlearnt(table)),
                *([f"{table.label_column} holds labels and is not looked at"] if table.label_column else []),
                *([f"{table.contract.ragged:,} rows had another number of cells"] if table.contract.ragged else []),
            ),
            contract=table.contract,
            **_common(fitted, start, dataset.licence),
        ),
        fitted,
        calibration,
        _examples(x["train"]),
    )


def table_recipe(dataset: Dataset, seed: int = 0) -> Recipe:
    """A denoising autoencoder for encoded rows that trains in seconds: it learns to fill in hidden columns."""
    n, columns = len(dataset.splits.train), dataset.event_shape[0]
    batch = int(np.clip(2 ** round(math.log2(max(n, 1) / 8)), 16, 256))
    steps = math.ceil(n / batch)
    return Recipe.parse(
        {
            "name": "detector",
            "title": f"Denoising · {dataset.title}"[:120],
            "data": {"dataset": dataset.name},
            "model": {
                "family": "undercomplete",
                "hidden": [256],
                "latent_dim": min(2 * columns, 256),
                "activation": "silu",
            },
            "corruption": {"kind": "masking", "fraction": 0.4},
            "training": {
                "epochs": max(1, math.ceil(2000 / steps)),
                "batch_size": batch,
                "learning_rate": 2e-3,
                "weight_decay": 1e-4,
                "seed": seed,
                "device": "cpu",
            },
        }
    )


def _normal_rows(table: TableInput, normal_labels: Sequence[str]) -> tuple[np.ndarray, int]:
    """Numbers of the normal rows, and how many rows there are."""
    normal, total = [], 0
    counts: Counter[str] = Counter()
    for part in table.parts():
        if part.labels is not None:
            counts.update(part.labels.tolist())
        if normal_labels and part.labels is not None:
            normal.append(part.start + np.flatnonzero(np.isin(part.labels, list(normal_labels))))
        else:
            normal.append(np.arange(part.start, part.start + len(part)))
        total += len(part)
    if normal_labels and not counts:
        raise DataError(f"{table.name} has no labels to choose normal rows by.", "Name their column with --label.")
    if not normal_labels and table.dataset is None:
        check_mixture(counts, table.name, table.label_column)
    _check_labels(normal_labels, set(counts), table.name)
    rows = np.concatenate(normal) if normal else np.empty(0, np.int64)
    return (_without_test(table.dataset, rows) if table.dataset else rows), total


def check_mixture(counts: Mapping[str, int], name: str, column: str | None = None) -> None:
    """Refuse to learn all rows as normal where their labels say that some are not.

    Args:
        counts: how many rows have each label.
        name: of the table, for messages.
        column: that holds the labels.

    Raises:
        DataError: some labels are words for what is not normal, such as "attack" or "1".
    """
    novel = [label for label in counts if label.lower() in NOVEL_WORDS]
    others = [label for label in counts if label and label not in novel]
    if not novel or not others:
        return
    listed = ", ".join(f"{label!r} ({n:,} rows)" for label, n in Counter(counts).most_common(6))
    where = f"The labels in {column!r}" if column else "The labels"
    raise DataError(
        f"{where} of {name} say that not every row is normal: {listed}.",
        f"Say which are, as in --normal {shlex.quote(normal_among(tuple(counts))[0])}, or --no-label for all.",
    )


def _unlearnt(table: TableInput) -> list[tuple[str, str]]:
    """Columns that are no inputs, and why."""
    return [
        (column.name, column.reason)
        for column in table.contract.columns
        if column.role not in (*INPUTS, "label") and column.name != table.label_column
    ]


def _max_fit(columns: int) -> int:
    return max(MIN_ROWS, min(MAX_FIT_ITEMS, MAX_CELLS // columns))


def _picked(values: list[str] | np.ndarray, rows: np.ndarray) -> list[str] | np.ndarray:
    return values[rows] if isinstance(values, np.ndarray) else [values[i] for i in rows.tolist()]


def _encoded(table: TableInput, encoding: TableEncoding, train_rows: np.ndarray, validation: np.ndarray) -> Dataset:
    x = encoding.filled(np.concatenate([train_rows, validation]))
    n = len(train_rows)
    return Dataset(
        name=table.name,
        title=table.name if table.dataset is None else table.dataset.title,
        x=x,
        labels=None,
        label_names=(),
        splits=_splits(np.arange(n), np.arange(n, len(x))),
        licence=table.dataset.licence if table.dataset else "your own data",
        source=table.dataset.source if table.dataset else table.name,
        fingerprint=fingerprint(x, None),
        feature_names=encoding.encoded,
    )


# --- Images ----------------------------------------------------------------------------------------------------------


def fit_images(
    dataset: Dataset,
    normal_labels: Sequence[str] = (),
    recipe: Recipe | None = None,
    scorer: str = DEFAULT_SCORER,
    seed: int = 0,
    progress: Progress | None = None,
    registered: bool = True,
) -> Detector:
    """Fit a detector on the normal images of a dataset; arguments and errors as ``fit_table``.

    Args:
        registered: whether the dataset's own test items are left out, so that they can be judged.
    """
    start = time.perf_counter()
    rows = np.arange(len(dataset))
    if normal_labels:
        _check_labels(normal_labels, set(dataset.label_names), dataset.title)
        chosen = [dataset.label_names.index(label) for label in normal_labels]
        rows = np.flatnonzero(np.isin(np.asarray(dataset.labels), chosen))
    if registered:
        rows = _without_test(dataset, rows)
    _check_number(len(rows), dataset.title)
    parts = share_out(rows, seed)
    own = replace(dataset, splits=_splits(parts.train, parts.validation))
    checkpoint = _model(recipe or image_recipe(own, seed), own, scorer, progress)
    return of_checkpoint(
        checkpoint,
        own,
        parts,
        scorer,
        normal=_sentence(dataset.title, "images", len(rows), len(dataset), normal_labels),
        normal_labels=normal_labels,
        start=start,
    )


def of_checkpoint(
    checkpoint: Checkpoint | None,
    dataset: Dataset,
    parts: Parts,
    scorer: str = DEFAULT_SCORER,
    normal: str = "",
    normal_labels: Sequence[str] = (),
    start: float | None = None,
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

    Raises:
        ExplorerError: the score is not defined for the model.
    """
    start = time.perf_counter() if start is None else start
    fitted = _fitted(scorer, checkpoint, dataset.x[parts.train], dataset.x[parts.validation], dataset.feature_names)
    calibration = np.sort(fitted.score(dataset.x[parts.calibration]))
    return Detector(
        DetectorCard(
            kind=dataset.kind,
            normal=normal or _sentence(dataset.title, "items", len(dataset), len(dataset), normal_labels),
            normal_labels=tuple(normal_labels),
            fingerprint=dataset.fingerprint,
            event_shape=dataset.event_shape,
            n_fit=len(parts.train) + len(parts.validation),
            n_calibration=len(calibration),
            encoding=None if dataset.kind == "image" else TableEncoding.plain(of_dataset(dataset).rows.columns),
            notes=tuple(f"{name}: {what}" for name, what in (dataset.report.left_out if dataset.report else ())),
            **_common(fitted, start, dataset.licence),
        ),
        fitted,
        calibration,
        _examples(dataset.x[parts.train]),
    )


def image_recipe(dataset: Dataset, seed: int = 0) -> Recipe:
    """A convolutional autoencoder that learns to fill in hidden blocks, sized so that it trains in a minute or so."""
    n = len(dataset.splits.train)
    side = min(dataset.event_shape[1:])
    levels = max(1, min(4, int(math.log2(max(side, 2))) - 2))
    pixels = math.prod(dataset.event_shape[1:])
    # As many steps as take about half a minute on one core: their time grows with the pixels.
    steps_wanted = int(np.clip(900 * 784 / pixels, 150, 1500))
    batch = int(np.clip(2 ** round(math.log2(max(n, 1) / 8)), 8, 64))
    return Recipe.parse(
        {
            "name": "detector",
            "title": f"Denoising · {dataset.title}"[:120],
            "data": {"dataset": dataset.name},
            "model": {
                "family": "convolutional",
                "channels": [16, 32, 64, 64][:levels],
                "upsampling": "transposed",
                "activation": "leaky_relu",
                "latent_dim": 32,
            },
            "corruption": {"kind": "blocks"},
            "training": {
                "epochs": max(1, math.ceil(steps_wanted / math.ceil(n / batch))),
                "batch_size": batch,
                "learning_rate": 2e-3,
                "seed": seed,
            },
        }
    )


# --- Parts of both ---------------------------------------------------------------------------------------------------


def _model(recipe: Recipe, dataset: Dataset, scorer: str, progress: Progress | None) -> Checkpoint | None:
    """A model trained as the recipe says; None where the score needs none."""
    scorer = present_name(scorer)
    if scorer not in REGISTRY:
        raise ExplorerError(f"There is no score called {scorer!r}.", f"Choose from: {', '.join(REGISTRY)}.")
    if not REGISTRY[scorer].uses_checkpoint:
        return None
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
    return last.checkpoint


def _fitted(
    scorer: str, checkpoint: Checkpoint | None, fit: np.ndarray, held: np.ndarray, columns: Sequence[str]
) -> Scorer:
    kind = REGISTRY[present_name(scorer)]
    made: Callable[[], Scorer] = kind if checkpoint is None else lambda: kind.for_checkpoint(checkpoint)
    fitted = made()
    if isinstance(fitted, Combination) and len(held):
        return fitted.fit(fit, held)
    return fitted.fit(np.concatenate([fit, held]))


def _splits(train_rows: np.ndarray, validation: np.ndarray) -> Splits:
    nothing = np.empty(0, np.int64)
    return Splits(train_rows, validation, nothing, "Normal items alone, shared out by a seed; others set the threshold")


def _without_test(dataset: Dataset, rows: np.ndarray) -> np.ndarray:
    return rows[~np.isin(rows, dataset.splits.test)]


def _check_labels(normal_labels: Sequence[str], known: set[str], name: str) -> None:
    if unknown := [label for label in normal_labels if label not in known]:
        some = ", ".join(sorted(known)[:20])
        raise DataError(f"{name} has no label {unknown[0]!r}.", f"Its labels: {some or 'none'}.")


def _check_number(n: int, name: str) -> None:
    if n < MIN_ROWS:
        raise DataError(
            f"{name} has {n} normal item{'' if n == 1 else 's'} to learn from; a detector needs {MIN_ROWS} or more.",
            "Give it more normal items.",
        )


def _sentence(name: str, what: str, n: int, total: int, labels: Sequence[str]) -> str:
    chosen = f" labelled {', '.join(labels)}" if labels else ""
    return f"{n:,} of {total:,} {what} of {name}{chosen}"


def _common(fitted: Scorer, start: float, licence: str) -> dict:
    models = checkpoints_of(fitted)
    return {
        "scorer": spec_of(fitted, models),
        "models": tuple(model.card for model in models),
        "seconds": round(time.perf_counter() - start, 1),
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "versions": {"explorer": __version__},
        "licence": licence,
    }


def _examples(x: np.ndarray) -> np.ndarray:
    n = max(1, min(MAX_EXAMPLES, MAX_EXAMPLE_BYTES // max(1, x[:1].nbytes)))
    return np.array(x[evaluation.spread(np.arange(len(x)), n)])
