"""Fitting a detector on the rows of a table."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Int

from explorer.core.errors import DataError
from explorer.core.row_samples import spread_sample
from explorer.data.base import Progress
from explorer.data.cells import pick
from explorer.data.encoded_columns import NumberColumn
from explorer.data.encoding import TableEncoding
from explorer.data.tables import nothing_to_learn
from explorer.io.tables.columns import Cells
from explorer.io.tables.roles import INPUTS
from explorer.novelty.column_units import in_own_units, likelihood_by_columns, read_as_counts
from explorer.novelty.crossing import FOLDS
from explorer.novelty.detector import Detector
from explorer.novelty.detector_card import DetectorCard
from explorer.novelty.fitting import (
    DEFAULT_SCORER,
    MAX_FIT_ITEMS,
    MIN_ROWS,
    Parts,
    check_labels,
    check_number,
    fit_fields,
    fitted_score,
    kept_examples,
    normal_in_words,
    share_out,
    trained_model,
    without_test,
)
from explorer.novelty.inputs import TableInput, gather
from explorer.novelty.labels import check_mixture
from explorer.novelty.profile import Features, feature_names, profile_rows, table_features
from explorer.novelty.scores.combination import Combination
from explorer.novelty.scores.relations import MAX_COLUMNS, Relations
from explorer.novelty.scores.scorer import Scorer
from explorer.novelty.table_crossing import crossed_rows, encoded_rows, licence_of
from explorer.novelty.table_recipe import Body, length_for, table_recipe
from explorer.novelty.window_calibration import OF_WINDOWS, spread_scores, windows_apart
from explorer.recipe import Recipe

MODEL_FREE_SCORER, MIN_MODEL_ROWS = "knn-and-rules", 500
_WITHOUT_MODEL = (
    f"the score is {MODEL_FREE_SCORER}: "
    f"no network is trained on fewer than {MIN_MODEL_ROWS} rows, or on one or two columns"
)
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
        TrainingError: the training diverged, or the recipe's likelihood is for counts and a column holds others.
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
    length = length_for(body, table)
    n_apart = None if table.windows is None else windows_apart(table.windows, len(rows), table.name)
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
    by_columns = likelihood_by_columns(recipe)
    if by_columns is not None:
        encoding = in_own_units(encoding, by_columns, learnt_from, table)
    x = {name: encoding.encode({c: pick(v, rows) for c, v in named.items()}) for name, rows in places.items()}
    if is_crossed := not len(parts.calibration):
        fitted, calibration = crossed_rows(
            table, encoding, x["train"], recipe, scorer, seed, progress, len(rows), length
        )
    else:
        dataset = encoded_rows(table, encoding, x["train"], x["validation"])
        checkpoint = trained_model(recipe or table_recipe(dataset, seed, length), dataset, scorer, progress)
        fitted = fitted_score(scorer, checkpoint, x["train"], x["validation"], encoding)
        calibration = fitted.score(x["calibration"])
    calibration = np.sort(calibration)
    if n_apart is not None:
        calibration = spread_scores(calibration, min(n_apart, len(calibration)))
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
                *([] if by_columns is None else read_as_counts(encoding, fitted)),
                *(_unrelated(encoding, fitted) if table.windows is None else OF_WINDOWS),
                *([f"{table.contract.ragged:,} rows had another number of cells"] if table.contract.ragged else []),
            ),
            contract=table.contract,
            **fit_fields(fitted, start, licence_of(table)),
        ),
        fitted,
        calibration,
        kept_examples(x["train"]),
        profile,
    )


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
        (column.name, column.reason or "as asked")
        for column in table.contract.columns
        if column.role not in (*INPUTS, "label") and column.name != table.label_column
    ]


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


_ALONG = "the network's convolutions run along the rows of a window"


def _profile_of(
    encoding: TableEncoding, cells: Mapping[str, Cells], rows: Int[np.ndarray, " n"], parts: Parts
) -> Features:
    """What the rows (n,) that a detector is fitted on are like, column by column."""
    some = profile_rows(len(rows), feature_names(encoding, (len(encoding.encoded),)))
    profile = table_features(encoding, {column: pick(values, some) for column, values in cells.items()})
    if not len(parts.calibration):
        return profile.each_as_if_new(encoding, len(rows))
    return profile.without_codes(np.isin(rows[some], parts.train))


def _max_fit(columns: int) -> int:
    return max(MIN_ROWS, min(MAX_FIT_ITEMS, MAX_CELLS // columns))
