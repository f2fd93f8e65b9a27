"""What the scores have in common that look at a table's columns as what they are: numbers and categories."""

from __future__ import annotations

from abc import abstractmethod
from typing import Self

import numpy as np
from jaxtyping import Num

from explorer.checkpoints import VectorCheckpoint
from explorer.core.errors import ExplorerError
from explorer.data.encoded_columns import CategoryColumn, NumberColumn
from explorer.data.encoding import TableEncoding
from explorer.novelty.scores.scorer import Scorer


class TableScore(Scorer):
    """A score of encoded rows that is told what their columns are.

    Attributes:
        numbers_: (m,) which encoded columns are numbers; until ``learn_columns`` all of them.
        zeros_: (m,) what they are where the number itself is zero.
        categories_: (c, 2) the first encoded column of each category, and the one behind its last value, which stands
            for values never seen.
    """

    uses_checkpoint = False
    is_rule = True
    of_tables = True

    numbers_: np.ndarray
    zeros_: np.ndarray
    categories_: np.ndarray

    @classmethod
    def applies_to(cls, checkpoint: VectorCheckpoint) -> bool:
        return checkpoint.model.is_table

    @classmethod
    def for_checkpoint(cls, checkpoint: VectorCheckpoint) -> Self:
        if not cls.applies_to(checkpoint):
            raise ExplorerError(f"{cls.title} are not defined for {checkpoint.name}.", "Choose another score.")
        return cls()

    def learn_columns(self, encoding: TableEncoding) -> Self:
        numbers, zeros, categories, start = [], [], [], 0
        for column in encoding.columns:
            if isinstance(column, NumberColumn):
                numbers.append(start)
                zeros.append(-column.shift / column.scale)
            elif isinstance(column, CategoryColumn):
                categories.append((start, start + len(column.values) + 1))
            start += len(column.encoded)
        self.numbers_, self.zeros_ = np.array(numbers, np.int64), np.array(zeros, np.float64)
        self.categories_ = np.array(categories, np.int64).reshape(-1, 2)
        return self

    def fit(self, normal: Num[np.ndarray, "n d"]) -> Self:
        if normal.ndim != 2:
            raise ExplorerError(f"{self.title} are not defined for images.", "Choose another score.")
        if not hasattr(self, "numbers_"):
            self.numbers_, self.zeros_ = np.arange(normal.shape[1]), np.zeros(normal.shape[1])
            self.categories_ = np.empty((0, 2), np.int64)
        self._fit_rows(normal)
        return self

    @abstractmethod
    def _fit_rows(self, normal: np.ndarray) -> None: ...

    def _codes(self, x: np.ndarray) -> np.ndarray:
        """(n, c) number of each category's value, -1 where it is missing."""
        codes = np.full((len(x), len(self.categories_)), -1)
        for j, (start, stop) in enumerate(self.categories_.tolist()):
            part = x[:, start:stop]
            known = ~np.isnan(part[:, 0])
            codes[known, j] = part[known].argmax(1)  # only the column of the value itself is above its share
        return codes
