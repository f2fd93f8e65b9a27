"""A score with its network, fitted on all rows: five others, each of a share that it has not seen, set thresholds."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float, Num

from explorer.data.base import Dataset, Progress
from explorer.data.encoding import TableEncoding
from explorer.data.memory_rows import CellRows
from explorer.data.stored import fingerprint
from explorer.io.tables.contract import TableContract
from explorer.novelty.column_units import training_contract
from explorer.novelty.crossing import FOLDS, cross_fitted, folds_of, stretches_of
from explorer.novelty.detector_card import DetectorCard
from explorer.novelty.fitting import VALIDATION_SHARE, fitted_score, model_splits, trained_model
from explorer.novelty.inputs import TableInput
from explorer.novelty.scores.scorer import Scorer
from explorer.novelty.table_recipe import table_recipe
from explorer.novelty.window_calibration import validated_last
from explorer.recipe import Recipe


def crossed_rows(
    table: TableInput,
    encoding: TableEncoding,
    x: Num[np.ndarray, "n d"],
    recipe: Recipe | None,
    scorer: str,
    seed: int,
    progress: Progress | None,
    total: int,
    length: int | None,
) -> tuple[Scorer, Float[np.ndarray, " n"]]:
    """A score fitted on all rows (n, D), of so many in all, and (n,) their scores by others that have not seen them."""
    # So many windows, of those learnt from, lie within the length of one.
    apart = 1 if table.windows is None else math.ceil(table.windows.length * len(x) / total)
    of_fold = folds_of(len(x), FOLDS, seed) if table.windows is None else stretches_of(len(x), FOLDS)

    def fitted(rows: np.ndarray, fold: int) -> Scorer:
        number = fold + 1
        train_rows, held = _validated(x[rows], seed) if table.windows is None else validated_last(x[rows], apart)
        dataset = encoded_rows(table, encoding, train_rows, held)
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
    like = card.contract if isinstance(card.contract, TableContract) else None
    table = TableInput(name, CellRows(encoding.decode(x[:1]), name, like))
    return crossed_rows(table, encoding, x, card.models[0].recipe, card.scorer.name, 0, progress, len(x), None)


def _validated(x: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows that a model learns from, and a tenth that chooses its best epoch."""
    order = np.random.Generator(np.random.PCG64(seed)).permutation(len(x))
    n_held = max(1, round(VALIDATION_SHARE * len(x)))
    return x[np.sort(order[n_held:])], x[np.sort(order[:n_held])]


def _part_of(progress: Progress, number: int, total: int) -> Progress:
    """Progress of one of several fits."""
    return lambda share, words: progress((number + share) / total, f"{words} ({number + 1} of {total})")


def encoded_rows(
    table: TableInput, encoding: TableEncoding, train_rows: Num[np.ndarray, "n d"], validation: Num[np.ndarray, "m d"]
) -> Dataset:
    """Encoded rows that a model learns from and others that choose its best epoch, as a dataset."""
    x = encoding.filled(np.concatenate([train_rows, validation]))
    n = len(train_rows)
    return Dataset(
        name=table.name,
        title=table.name if table.dataset is None else table.dataset.title,
        x=x,
        labels=None,
        label_names=(),
        splits=model_splits(np.arange(n), np.arange(n, len(x))),
        licence=licence_of(table),
        source=table.dataset.source if table.dataset else table.name,
        fingerprint=fingerprint(x, None),
        feature_names=encoding.encoded,
        contract=training_contract(encoding, table.contract),
    )


def licence_of(table: TableInput) -> str:
    """Of a registered dataset its own."""
    return table.dataset.licence if table.dataset else "your own data"
