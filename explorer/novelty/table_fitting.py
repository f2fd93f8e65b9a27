"""Fitting a detector on the rows of a table."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

import numpy as np
from jaxtyping import Float, Int, Num

from explorer.core.errors import DataError, RecipeError
from explorer.core.row_samples import spread_sample
from explorer.data.base import Dataset, Progress
from explorer.data.cells import pick
from explorer.data.encoding import NumberColumn, TableEncoding
from explorer.data.memory_rows import CellRows
from explorer.data.stored import fingerprint
from explorer.data.tables import nothing_to_learn
from explorer.io.tables.columns import Cells
from explorer.io.tables.roles import INPUTS
from explorer.novelty.crossing import FOLDS, cross_fitted, folds_of, stretches_of
from explorer.novelty.detector import Detector
from explorer.novelty.detector_card import DetectorCard
from explorer.novelty.fitting import (
    DEFAULT_SCORER,
    MAX_FIT_ITEMS,
    MIN_ROWS,
    OWN_RECIPE,
    VALIDATION_SHARE,
    Parts,
    check_labels,
    check_number,
    fit_fields,
    fitted_score,
    kept_examples,
    model_splits,
    normal_in_words,
    scorer_name,
    share_out,
    trained_model,
    without_test,
)
from explorer.novelty.inputs import TableInput, gather
from explorer.novelty.labels import check_mixture
from explorer.novelty.profile import Features, feature_names, profile_rows, table_features
from explorer.novelty.scores.combination import Combination
from explorer.novelty.scores.registry import REGISTRY
from explorer.novelty.scores.relations import MAX_COLUMNS, Relations
from explorer.novelty.scores.scorer import Scorer
from explorer.novelty.windows import Windows
from explorer.recipe import Recipe

MODEL_FREE_SCORER, MIN_MODEL_ROWS = "knn-and-rules", 500
_WITHOUT_MODEL = (
    f"the score is {MODEL_FREE_SCORER}: "
    f"no network is trained on fewer than {MIN_MODEL_ROWS} rows, or on one or two columns"
)
MIN_WINDOWS = 10
"""That have no row in common."""
Body = Literal["dense", "convolutional"]
"""What the layers of a model of rows see: all values at once, or neighbouring rows of a window."""
TRAINING_STEPS = 1000
MAX_CELLS = 4_000_000
"""Of a wide table fewer rows are taken, so that their text fits in memory."""


def fit_table(
    table: TableInput,
    normal_labels: Sequence[str] = (),
    recipe: Recipe | None = None,
    scorer: str | None = None,
    seed: int = 0,
    progress: Progress | None = None,
    body: Body = "dense",
) -> Detector:
    """Fit a detector on the normal rows of a table.

    Encoding and standardisation are learnt on the training rows alone. Up to ``MAX_FIT_ITEMS`` rows these are all: each
    of them is scored by what was fitted without it, which sets the threshold. Of a registered dataset the test rows
    are left out, so that they can be scored.

    Args:
        normal_labels: labels of the rows that are normal; none: all of them.
        recipe: of the model; None: ``table_recipe``.
        scorer: a name of the registry; None: the one for such a table, see ``default_table_scorer``.
        seed: of the shares and the training.
        progress: called with the share done and a few words.
        body: of the model where no recipe says it: what its layers see; convolutions run along the rows of windows.

    Raises:
        DataError: too few rows, no column that can be used, or labels that are not there.
        RecipeError: convolutions along rows that are no windows.
        TrainingError: the training diverged.
    """
    rows, total = normal_rows(table, normal_labels)
    check_number(len(rows), table.name)
    return fit_rows(table, rows, total, normal_labels, recipe, scorer, seed, progress, body)


def default_table_scorer(rows: int, columns: int) -> str:
    """The score where nobody chooses: a network learns too little from few rows, or of one or two columns."""
    return MODEL_FREE_SCORER if rows < MIN_MODEL_ROWS or columns <= 2 else DEFAULT_SCORER


def fit_rows(
    table: TableInput,
    rows: Int[np.ndarray, " n"],
    total: int,
    normal_labels: Sequence[str] = (),
    recipe: Recipe | None = None,
    scorer: str | None = None,
    seed: int = 0,
    progress: Progress | None = None,
    body: Body = "dense",
) -> Detector:
    """As ``fit_table``, on chosen rows of the table, two or more.

    Args:
        rows: (n,) their positions, rising.
        total: how many rows there are in all.
    """
    start = time.perf_counter()
    length = _length_for(body, table)
    n_apart = None if table.windows is None else _apart(table.windows, len(rows), table.name)
    parts = _parts(rows, seed, _max_fit(len(table.rows.columns)), table.windows is not None)
    wanted = np.sort(np.concatenate([parts.train, parts.validation, parts.calibration]))
    cells, _ = gather(table, wanted)
    places = {name: np.searchsorted(wanted, getattr(parts, name)) for name in ("train", "validation", "calibration")}
    named = {column: cells[column] for column in table.inputs}
    if not named:
        raise nothing_to_learn(table.contract, table.name)
    is_chosen, scorer = scorer is None, scorer or default_table_scorer(len(rows), len(named))
    learnt_from = {c: pick(v, places["train"]) for c, v in named.items()}
    encoding = TableEncoding.learn(learnt_from, table.name, table.contract.of("category"))
    x = {name: encoding.encode({c: pick(v, rows) for c, v in named.items()}) for name, rows in places.items()}
    if is_crossed := not len(parts.calibration):
        fitted, calibration = _crossed(table, encoding, x["train"], recipe, scorer, seed, progress, len(rows), length)
    else:
        dataset = _encoded(table, encoding, x["train"], x["validation"])
        checkpoint = trained_model(recipe or table_recipe(dataset, seed, length), dataset, scorer, progress)
        fitted = fitted_score(scorer, checkpoint, x["train"], x["validation"], encoding)
        calibration = fitted.score(x["calibration"])
    calibration = np.sort(calibration)
    if n_apart is not None:
        calibration = _spread_scores(calibration, min(n_apart, len(calibration)))
    profile = None if table.windows is not None else _profile_of(encoding, named, wanted, parts)
    return Detector(
        DetectorCard(
            kind="table",
            normal=normal_in_words(table.name, _items_in_words(table), len(rows), total, normal_labels),
            normal_labels=tuple(normal_labels),
            fingerprint=table.dataset.fingerprint if table.dataset else "",
            event_shape=(len(encoding.encoded),),
            n_fit=len(parts.train) + len(parts.validation),
            n_calibration=len(calibration),
            folds=FOLDS if is_crossed else 0,
            encoding=encoding,
            windows=table.windows,
            notes=(
                *table.remarks,
                *(f"{column} is ignored: {reason}" for column, reason in (*encoding.left_out, *_not_inputs(table))),
                *([f"{table.label_column} holds labels and is ignored"] if table.label_column else []),
                *([_ALONG] if length is not None and fitted.uses_checkpoint else []),
                *([_WITHOUT_MODEL] if is_chosen and scorer == MODEL_FREE_SCORER else []),
                *(_unrelated(encoding, fitted) if table.windows is None else [_SPREAD, _NOT_COMPARED]),
                *([f"{table.contract.ragged:,} rows had another number of cells"] if table.contract.ragged else []),
            ),
            contract=table.contract,
            **fit_fields(fitted, start, _licence(table)),
        ),
        fitted,
        calibration,
        kept_examples(x["train"]),
        profile,
    )


def check_body(body: str, has_recipe: bool, scorer: str | None) -> None:
    """Check that a body is one, and that a network is trained that has no other.

    Raises:
        RecipeError: it is none, a recipe says what the network is, or the score uses none.
    """
    if body not in get_args(Body):
        raise RecipeError(f"There is no body called {body!r}.", f"Choose from: {', '.join(get_args(Body))}.")
    if body == "dense":
        return
    if has_recipe:
        raise RecipeError(
            "The recipe says what the network is, and so does the body.",
            "Leave the body out; a recipe of the family convolutional says model.window.",
        )
    if scorer is not None and not REGISTRY[scorer_name(scorer)].uses_checkpoint:
        raise RecipeError(f"The score {scorer} uses no network.", "Leave the body out, or choose another score.")


def _length_for(body: Body, table: TableInput) -> int | None:
    """Rows of the windows that convolutions run along; None: the body is dense.

    Raises:
        RecipeError: rows are no windows.
    """
    if body == "dense":
        return None
    if table.windows is None:
        raise RecipeError(
            f"Rows of {table.name} have no order that convolutions could run along.",
            "Choose a dense body, or windows of a series.",
        )
    return table.windows.length


def table_recipe(dataset: Dataset, seed: int = 0, length: int | None = None) -> Recipe:
    """A denoising autoencoder for encoded rows that trains in seconds: it learns to fill in hidden columns.

    Args:
        length: rows of windows, along which convolutions run; None: dense layers.
    """
    n, columns = len(dataset.splits.train), dataset.event_shape[0]
    batch = int(np.clip(2 ** round(math.log2(max(n, 1) / 8)), 16, 256))
    steps = math.ceil(n / batch)
    return Recipe.parse(
        {
            "name": OWN_RECIPE,
            "title": f"Denoising · {dataset.title}"[:120],
            "data": {"dataset": dataset.name},
            "model": _dense_model(columns) if length is None else _model_along(length, columns),
            "corruption": {"kind": "masking", "fraction": 0.4},
            "training": {
                "epochs": max(1, math.ceil(TRAINING_STEPS / steps)),
                "batch_size": batch,
                "learning_rate": 2e-3,
                "weight_decay": 1e-4,
                "seed": seed,
                "device": "cpu",
            },
        }
    )


def _dense_model(columns: int) -> dict[str, Any]:
    return {
        "family": "undercomplete",
        "hidden": [256],
        "latent_dim": min(2 * columns, 256),
        "activation": "silu",
    }


def _model_along(length: int, columns: int) -> dict[str, Any]:
    levels = max(1, min(3, length.bit_length() - 3))
    return {
        "family": "convolutional",
        "channels": [16 * 2**level for level in range(levels)],
        "window": length,
        "latent_dim": min(max(2, columns // 4), 256),
        "activation": "silu",
    }


def normal_rows(table: TableInput, normal_labels: Sequence[str]) -> tuple[Int[np.ndarray, " n"], int]:
    """Positions (n,) of the normal rows, and how many rows there are.

    Args:
        normal_labels: of the rows that are normal; none: all of them.

    Raises:
        DataError: labels that are not there, or that say that not every row is normal.
    """
    blocks, total = [], 0
    counts: Counter[str] = Counter()
    for part in table.parts():
        if part.labels is not None:
            counts.update(part.labels.tolist())
        if normal_labels and part.labels is not None:
            blocks.append(part.start + np.flatnonzero(np.isin(part.labels, list(normal_labels))))
        else:
            blocks.append(np.arange(part.start, part.start + len(part)))
        total += len(part)
    if normal_labels and not counts:
        raise DataError(f"{table.name} has no labels to choose normal rows by.", "Name their column with --label.")
    if not normal_labels and table.dataset is None:
        check_mixture(counts, table.name, table.label_column)
    check_labels(normal_labels, set(counts), table.name)
    rows = np.concatenate(blocks) if blocks else np.empty(0, np.int64)
    return (without_test(table.splits, rows) if table.splits else rows), total


def _unrelated(encoding: TableEncoding, fitted: Scorer) -> list[str]:
    """Says that no relations were looked for, where they would have been in a narrower table."""
    n = sum(isinstance(column, NumberColumn) for column in encoding.columns)
    parts = fitted.parts if isinstance(fitted, Combination) else (fitted,)
    if n <= MAX_COLUMNS or not any(isinstance(part, Relations) for part in parts):
        return []
    return [
        f"relations between columns are not looked for: there are {n:,} columns of numbers, more than {MAX_COLUMNS}"
    ]


def _not_inputs(table: TableInput) -> list[tuple[str, str]]:
    """Columns that are not learnt from, and why."""
    return [
        (column.name, column.reason)
        for column in table.contract.columns
        if column.role not in (*INPUTS, "label") and column.name != table.label_column
    ]


def _licence(table: TableInput) -> str:
    return table.dataset.licence if table.dataset else "your own data"


def _parts(rows: np.ndarray, seed: int, max_fit: int, in_time: bool) -> Parts:
    """Normal rows by what they are for: where no more can be learnt from, each is also calibrated on.

    Args:
        in_time: whether neighbours are alike, so that a share drawn at random has much in common with the rest.
    """
    if len(rows) > max_fit and not in_time:
        return share_out(rows, seed, max_fit)
    nothing = np.empty(0, np.int64)
    return Parts(spread_sample(rows, max_fit), nothing, nothing)


def _items_in_words(table: TableInput) -> str:
    return "rows" if table.windows is None else f"windows of {table.windows.length:,} rows"


def _apart(windows: Windows, n: int, name: str) -> int:
    """How many of n windows, one from each row on, have no row in common.

    Raises:
        DataError: too few to set a threshold.
    """
    apart = math.ceil(n / windows.length)
    if apart < MIN_WINDOWS:
        raise DataError(
            f"{name} has {n:,} normal windows, of which {apart:,} have no row in common; {MIN_WINDOWS} are needed.",
            "Give a longer series, or a shorter --window.",
        )
    return apart


def _spread_scores(scores: np.ndarray, n: int) -> np.ndarray:
    """(n,) rising scores that have the distribution of all (m,): of each n-th part the highest.

    Windows that overlap are scored much alike, so that m of them promise no more than the n that have no row in common.
    """
    ordered = np.sort(scores)
    return ordered[np.ceil(np.arange(1, n + 1) * len(ordered) / n).astype(np.int64) - 1]


_ALONG = "the network's convolutions run along the rows of a window"
_SPREAD = "thresholds are set by as many scores as there are windows without a row in common, spread over those of all"
_NOT_COMPARED = "whether columns have changed is not tested, since windows that follow one another are alike"


def _profile_of(
    encoding: TableEncoding, cells: Mapping[str, Cells], rows: Int[np.ndarray, " n"], parts: Parts
) -> Features:
    """What the rows (n,) that a detector is fitted on are like, column by column."""
    some = profile_rows(len(rows), feature_names(encoding, (len(encoding.encoded),)))
    profile = table_features(encoding, {column: pick(values, some) for column, values in cells.items()})
    if not len(parts.calibration):
        return profile.each_as_if_new(encoding, len(rows))
    return profile.without_codes(np.isin(rows[some], parts.train))


def _crossed(
    table: TableInput,
    encoding: TableEncoding,
    x: np.ndarray,
    recipe: Recipe | None,
    scorer: str,
    seed: int,
    progress: Progress | None,
    total: int,
    length: int | None,
) -> tuple[Scorer, np.ndarray]:
    """A score fitted on all rows (n, D), of so many in all, and (n,) their scores by others that have not seen them."""
    # So many windows, of those learnt from, lie within the length of one.
    apart = 1 if table.windows is None else math.ceil(table.windows.length * len(x) / total)
    of_fold = folds_of(len(x), FOLDS, seed) if table.windows is None else stretches_of(len(x), FOLDS)

    def fitted(rows: np.ndarray, fold: int) -> Scorer:
        number = fold + 1
        train_rows, held = _validated(x[rows], seed) if table.windows is None else _validated_last(x[rows], apart)
        dataset = _encoded(table, encoding, train_rows, held)
        tell = None if progress is None else _part_of(progress, number, FOLDS + 1)
        checkpoint = trained_model(recipe or table_recipe(dataset, seed, length), dataset, scorer, tell)
        return fitted_score(scorer, checkpoint, x[rows], None, encoding)

    return cross_fitted(x, fitted, of_fold, apart)


def crossed_again(
    card: DetectorCard, encoding: TableEncoding, x: Num[np.ndarray, "n d"], progress: Progress | None = None
) -> tuple[Scorer, Float[np.ndarray, " n"]]:
    """A detector's score and network, fitted anew on encoded rows (n, D), and these' scores by what had not seen them.

    Args:
        card: of the detector; its network is trained by the same recipe.
    """
    name = "the normal rows"
    table = TableInput(name, CellRows(encoding.decode(x[:1]), name))
    return _crossed(table, encoding, x, card.models[0].recipe, card.scorer.name, 0, progress, len(x), None)


def _validated(x: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows that a model learns from, and a tenth that chooses its best epoch."""
    order = np.random.Generator(np.random.PCG64(seed)).permutation(len(x))
    n_held = max(1, round(VALIDATION_SHARE * len(x)))
    return x[np.sort(order[n_held:])], x[np.sort(order[:n_held])]


def _validated_last(x: np.ndarray, apart: int) -> tuple[np.ndarray, np.ndarray]:
    """As ``_validated`` for windows: the last tenth, without those before it that have rows in common with it."""
    n_held = max(1, round(VALIDATION_SHARE * len(x)))
    rest = len(x) - n_held
    return x[: max(1, rest - apart + 1)], x[rest:]


def _part_of(progress: Progress, number: int, total: int) -> Progress:
    """Progress of one of several fits."""
    return lambda share, words: progress((number + share) / total, f"{words} ({number + 1} of {total})")


def _max_fit(columns: int) -> int:
    return max(MIN_ROWS, min(MAX_FIT_ITEMS, MAX_CELLS // columns))


def _encoded(table: TableInput, encoding: TableEncoding, train_rows: np.ndarray, validation: np.ndarray) -> Dataset:
    x = encoding.filled(np.concatenate([train_rows, validation]))
    n = len(train_rows)
    return Dataset(
        name=table.name,
        title=table.name if table.dataset is None else table.dataset.title,
        x=x,
        labels=None,
        label_names=(),
        splits=model_splits(np.arange(n), np.arange(n, len(x))),
        licence=_licence(table),
        source=table.dataset.source if table.dataset else table.name,
        fingerprint=fingerprint(x, None),
        feature_names=encoding.encoded,
    )
