"""A detector of table rows as scikit-learn's estimators are: for pipelines, grids and notebooks."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import pyarrow as pa
from jaxtyping import Float, Int
from pyarrow import parquet
from sklearn.base import BaseEstimator, OutlierMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from explorer.core.errors import DataError
from explorer.data.encoded_columns import Remarks
from explorer.data.memory_rows import CellRows
from explorer.data.table_rows import open_rows
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.columns import Cells
from explorer.io.tables.contract import TableContract
from explorer.novelty import detector as detectors
from explorer.novelty.inputs import TableInput, gather
from explorer.novelty.items import as_fitted
from explorer.novelty.table_fitting import fit_rows
from explorer.novelty.updating import Update, new_normals, update
from explorer.novelty.usual import normal_values, usual
from explorer.recipe import Recipe

NAME = "the table"
"""What messages call what was given."""


@dataclass(frozen=True)
class ColumnReason:
    """One column of a row, and what it has to do with its score.

    Args:
        column: its name.
        share: of the score, in [0, 1].
        value: of the row, as given.
        usual: what normal rows hold, in the column's own unit.
    """

    column: str
    share: float
    value: float | str
    usual: str


class TableDetector(OutlierMixin, BaseEstimator):
    """Finds rows of a table that are unlike the normal ones it was fitted on; ``explorer.Detector`` is this.

    ``X`` is a NumPy array of numbers (NaN is a missing value), or a pandas data frame or pyarrow table, whose columns
    may hold text and dates as well: what each is for is found as in a file, and ``notes_`` says what is left out. As
    everywhere in scikit-learn higher scores are more normal, -1 is an outlier, 1 is none.

    Args:
        scorer: a name of the registry (`python -m explorer detector fit --help`); "auto" chooses by the table.
        false_alarm_rate: share of normal rows that may be called outliers, in (0, 1).
        seed: of folds and training.
        recipe: of the network, an `explorer.Recipe` or the path of one (TOML); None: one that trains quickly.

    Attributes:
        detector_: the fitted `explorer.novelty.detector.Detector`.
        offset_: ``decision_function`` is ``score_samples`` minus this.
        n_features_in_: number of columns.
        feature_names_in_: (n_features_in_,) their names, where they had any.
        notes_: what was left out or ignored, a sentence each.
    """

    # Whatever is given is kept as it is, as scikit-learn asks; ``fit`` looks at it.
    def __init__(self, scorer: Any = "auto", false_alarm_rate: Any = 0.05, seed: Any = 0, recipe: Any = None) -> None:
        self.scorer = scorer
        self.false_alarm_rate = false_alarm_rate
        self.seed = seed
        self.recipe = recipe

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags

    def fit(self, X: Any, y: object = None) -> Self:
        """Learn from normal rows.

        Args:
            X: (n, d), two rows or more; 20 or more make a threshold that means something.
            y: not used.

        Raises:
            DataError: no column can be used.
            ExplorerError: no such score, or a recipe that cannot be read.
            TrainingError: the recipe's likelihood is for counts and a column holds others.
        """
        table = self._table(X, reset=True)
        scorer = None if self.scorer == "auto" else self.scorer
        n = table.contract.rows
        recipe = Recipe.from_toml(self.recipe) if isinstance(self.recipe, str | os.PathLike) else self.recipe
        self._take(fit_rows(table, np.arange(n), n, recipe=recipe, scorer=scorer, seed=self.seed))
        return self

    def _take(self, detector: detectors.Detector) -> None:
        self.detector_ = detector
        self.offset_ = -detector.threshold(self.false_alarm_rate).value
        self.notes_ = detector.card.notes

    def update(self, X: Any, with_former: bool | None = None) -> Update:
        """Set the threshold anew by more normal rows; what was learnt stays.

        Args:
            X: (n, d) normal rows that it was not fitted on.
            with_former: whether the former normal rows set it as well; None: as long as the new ones are like them.

        Returns:
            What was done and what can be promised now (``words``), and whether the new rows are as the former ones
            (``drift_words``).

        Raises:
            DataError: no row with a score, or too few to stand for themselves.
        """
        check_is_fitted(self)
        changed = update(self.detector_, new_normals(self.detector_, self._table(X)), with_former)
        self._take(changed.detector)
        return changed

    def score_samples(self, X: Any) -> Float[np.ndarray, " n"]:
        """(n,) how normal each row is: minus the detector's score.

        Raises:
            DataError: columns that it was fitted on are missing, or hold text where there were numbers.
        """
        x = self._encoded(X)
        return -self.detector_.score(x)

    def decision_function(self, X: Any) -> Float[np.ndarray, " n"]:
        """(n,) ``score_samples`` above the threshold; below 0 is an outlier."""
        return self.score_samples(X) - self.offset_

    def predict(self, X: Any) -> Int[np.ndarray, " n"]:
        """(n,) -1 for outliers at the promised false-alarm rate, else 1; a row without any value is none."""
        return np.where(self.decision_function(X) < 0, -1, 1)

    def p_values(self, X: Any) -> Float[np.ndarray, " n"]:
        """(n,) how likely a normal row is to score at least as high."""
        scores = -self.score_samples(X)
        return self.detector_.p_values(scores)

    def explain(self, X: Any, top: int = 3) -> list[list[ColumnReason]]:
        """Of each row the columns that add most to its score, the most first; none where the score has no such parts.

        Args:
            X: (n, d).
            top: so many columns at most.
        """
        check_is_fitted(self)
        cells = self._cells(X)
        x = self.detector_.encode(cells, Remarks())
        parts = self.detector_.contributions(x)
        if parts is None:
            return [[] for _ in range(len(x))]
        shares = parts / np.maximum(parts.sum(1, keepdims=True), np.finfo(np.float32).tiny)
        names = self.detector_.table_encoding.names
        normal = normal_values(self.detector_)
        reasons = []
        for row, share in enumerate(shares):
            order = [j for j in np.argsort(-share, kind="stable")[:top] if share[j] > 0]
            reasons.append(
                [ColumnReason(names[j], float(share[j]), cells[names[j]][row], usual(normal[names[j]])) for j in order]
            )
        return reasons

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the detector as one safetensors file, which the command line and the page open too.

        Raises:
            CheckpointError: the file cannot be written.
        """
        check_is_fitted(self)
        return self.detector_.save(path)

    @classmethod
    def load(cls, path: str | os.PathLike[str], false_alarm_rate: float = 0.05) -> Self:
        """Open what ``save`` or `detector fit` wrote; nothing in the file is run.

        Raises:
            CheckpointError: not a detector, or damaged.
            DataError: a detector of images, or of a series.
        """
        detector = detectors.load(path)
        if detector.card.windows is not None:
            raise DataError(
                "This detector scores windows of a series, not rows.",
                "Score a file with it: python -m explorer score DETECTOR FILE --out scores.csv",
            )
        contract = detector.card.contract
        names = detector.table_encoding.names
        if contract is not None and contract.kind == "table":
            names = tuple(column.name for column in contract.columns)
        loaded = cls(detector.card.scorer.name, false_alarm_rate)
        loaded._take(detector)
        loaded.n_features_in_ = len(names)
        if names != _numbered(len(names)):
            loaded.feature_names_in_ = np.array(names, object)
        return loaded

    def _encoded(self, X: Any) -> Float[np.ndarray, "n d"]:
        check_is_fitted(self)
        return self.detector_.encode(self._cells(X))

    def _cells(self, X: Any) -> dict[str, Cells]:
        """The columns that the detector looks at, by name, read as those were that it was fitted on."""
        table, _ = as_fitted(self.detector_, self._table(X))
        cells, _ = gather(table, np.arange(table.contract.rows))
        return cells

    def _table(self, X: Any, reset: bool = False) -> TableInput:
        """What was given as a table; of a frame it is found what each column is for, as of a file."""
        least = 2 if reset else 1
        if hasattr(X, "column_names"):  # a pyarrow table
            X = X.to_pandas()
        if not hasattr(X, "columns"):
            checked = validate_data(
                self,
                X,
                reset=reset,
                dtype=np.float64,
                ensure_all_finite="allow-nan",
                ensure_min_samples=least,
            )
            cells = dict(zip(self._names(checked.shape[1]), checked.T, strict=True))
            return TableInput(NAME, CellRows(cells, NAME))
        validate_data(self, X, reset=reset, skip_check_array=True)
        if len(X) < least:
            raise ValueError(f"Found array with {len(X)} sample(s) where {least} are required.")
        like = None if reset else self.detector_.card.contract
        content = _as_parquet({name: X.iloc[:, j] for j, name in enumerate(self._names(X.shape[1]))})
        known = like if isinstance(like, TableContract) else None
        return TableInput(NAME, open_rows(content, NAME, roles=RolesAsked(label=""), like=known))

    def _names(self, n: int) -> tuple[str, ...]:
        names = getattr(self, "feature_names_in_", None)
        return _numbered(n) if names is None else tuple(map(str, names))


Detector = TableDetector


def _numbered(n: int) -> tuple[str, ...]:
    return tuple(f"column {j + 1}" for j in range(n))


def _as_parquet(columns: Mapping[str, Any]) -> bytes:
    """Columns of a data frame as a file, which keeps what they are: numbers, text or dates.

    Raises:
        ValueError: an infinite number.
    """
    arrays = {}
    for name, column in columns.items():
        if column.dtype.kind == "f" and np.isinf(column.to_numpy(np.float64, na_value=np.nan)).any():
            raise ValueError(f"Input X contains infinity, in column {name!r}.")
        try:
            arrays[name] = pa.Array.from_pandas(column)
        except (pa.ArrowInvalid, pa.ArrowTypeError):  # several kinds of values: their text
            arrays[name] = pa.array([None if v is None or v != v else str(v) for v in column.tolist()], pa.string())
    file = io.BytesIO()
    parquet.write_table(pa.table(arrays), file)
    return file.getvalue()
