"""What normal items are like, column by column: some are kept with a detector, to see later what has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int, Num, Shaped

from explorer.core.row_samples import spread_positions
from explorer.data.cells import numbers, texts
from explorer.data.encoded_columns import CategoryColumn, ConstantColumn, NumberColumn, Remarks
from explorer.data.encoding import TableEncoding
from explorer.io.images import to_float
from explorer.io.tables.categories import OTHER
from explorer.io.tables.columns import Cells

MAX_ROWS, MAX_CELLS = 2000, 1 << 20
"""A profile holds so many rows at most, and of a wide table so many cells."""
GREY_FEATURES = ("brightness", "contrast", "sharpness")
COLOUR_FEATURES = ("red part", "blue part")
"""Of images with three channels, beside the others."""
LEARNT_FROM = -2
"""The code of rows that the values of a category were learnt from: they have no other value, as new rows may."""
SAME, CHANGED_VALUE = "the same", "another value"


@dataclass(frozen=True, eq=False)
class Features:
    """What is compared of some items.

    Args:
        numbers: (n, k) values in their own units, NaN where one is missing.
        codes: (n, c) numbers of values of a category; -1 where one is missing, ``LEARNT_FROM`` where it does not count.
    """

    numbers: Float[np.ndarray, "n k"]
    codes: Int[np.ndarray, "n c"]

    def __len__(self) -> int:
        return len(self.numbers)

    def take(self, rows: Shaped[np.ndarray, " m"]) -> Features:
        """Some of the items, by position or by a mask."""
        return Features(self.numbers[rows], self.codes[rows])

    def without_codes(self, rows: Bool[np.ndarray, " n"]) -> Features:
        """The same items, with values of categories that do not count in some rows."""
        return Features(self.numbers, np.where(rows[:, None], LEARNT_FROM, self.codes))

    def each_as_if_new(self, encoding: TableEncoding, n: int) -> Features:
        """The same rows of the ``n`` that an encoding learnt from, each as it would be had it not been among them.

        A value that no other row has is then another value, as it is in new rows.
        """
        codes = self.codes.copy()
        categories = [column for column in encoding.columns if not isinstance(column, NumberColumn)]
        for j, column in enumerate(categories):
            if isinstance(column, CategoryColumn):
                counts = np.array(column.shares) * n * (1 - column.missing)
                codes[np.isin(codes[:, j], np.flatnonzero(counts < 1.5)), j] = len(column.values)
        return Features(self.numbers, codes)

    def followed_by(self, others: Features) -> Features:
        """These items, then others."""
        both = zip((self.numbers, self.codes), (others.numbers, others.codes), strict=True)
        values, codes = (np.concatenate(pair) for pair in both)
        return Features(values, codes)


@dataclass(frozen=True)
class FeatureNames:
    """What the columns of ``Features`` are.

    Args:
        numbers: (k,) names.
        categories: (c,) names, each with its values; a code of their number is a value that is none of these.
    """

    numbers: tuple[str, ...]
    categories: tuple[tuple[str, tuple[str, ...]], ...]


def feature_names(encoding: TableEncoding | None, event_shape: tuple[int, ...]) -> FeatureNames:
    """Of a table's rows, or of images.

    Args:
        encoding: of the table; None: images.
        event_shape: (C, H, W) of the images.
    """
    if encoding is None:
        return FeatureNames(GREY_FEATURES + (COLOUR_FEATURES if event_shape[0] == 3 else ()), ())
    return FeatureNames(
        tuple(column.name for column in encoding.columns if isinstance(column, NumberColumn)),
        tuple(
            (column.name, (*column.values, OTHER) if isinstance(column, CategoryColumn) else (SAME, CHANGED_VALUE))
            for column in encoding.columns
            if not isinstance(column, NumberColumn)
        ),
    )


def table_features(encoding: TableEncoding, cells: Mapping[str, Cells]) -> Features:
    """Of rows of a table.

    Args:
        cells: of each column that the encoding has, (n,) each.
    """
    n = len(next(iter(cells.values())))
    values, codes = [], []
    for column in encoding.columns:
        if isinstance(column, NumberColumn):
            of_column = numbers(cells[column.name])
            values.append(np.where(np.isfinite(of_column), of_column, np.nan))
        elif isinstance(column, ConstantColumn):
            encoded = column.encode(cells[column.name], Remarks())[:, 0]
            codes.append(np.where(np.isnan(encoded), -1, encoded != 0))
        else:
            place = {value: i for i, value in enumerate(column.values)} | {"": -1}
            words = texts(cells[column.name]).tolist()
            codes.append(np.array([place.get(word, len(column.values)) for word in words]))
    return Features(_columns(values, n, np.float64), _columns(codes, n, np.int64))


def image_features(x: Num[np.ndarray, "n c h w"]) -> Features:
    """Of images, uint8 or float in [0, 1]: the mean, the standard deviation and the mean step to the next pixel.

    Of three channels also how far red and blue lie above the mean of all: another camera has other colours.
    """
    images = to_float(x).astype(np.float32)
    n = len(images)
    means = images.mean((2, 3), dtype=np.float64)
    brightness = means.mean(1)
    grey = images.mean(1)
    steps = [
        np.abs(np.diff(grey, axis=axis)).reshape(n, -1).mean(1) if grey.shape[axis] > 1 else np.zeros(n)
        for axis in (1, 2)
    ]
    values = [brightness, grey.std((1, 2), dtype=np.float64), (steps[0] + steps[1]) / 2]
    if images.shape[1] == 3:
        values += [means[:, 0] - brightness, means[:, 2] - brightness]
    return Features(_columns(values, n, np.float64), np.empty((n, 0), np.int64))


def profile_rows(n: int, names: FeatureNames) -> Int[np.ndarray, " m"]:
    """Positions of the normal items that a profile is made of, spread over all."""
    return spread_positions(n, rows_kept(names))


def rows_kept(names: FeatureNames) -> int:
    """How many rows of so many features are kept at most."""
    columns = len(names.numbers) + len(names.categories)
    return max(50, min(MAX_ROWS, MAX_CELLS // max(1, columns)))


def _columns(values: list[np.ndarray], n: int, dtype: type) -> np.ndarray:
    return np.stack(values, axis=1).astype(dtype) if values else np.empty((n, 0), dtype)
