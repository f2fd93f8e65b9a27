"""What normal rows hold in a column, in the column's own unit."""

from __future__ import annotations

from collections import Counter

import numpy as np

from explorer.core.written import three_digits
from explorer.data.encoded_columns import NumberColumn
from explorer.io.tables.columns import Cells
from explorer.novelty.detector import Detector

TOP_VALUES = 3
DIGITS = 6
"""That single precision keeps of a number in standard deviations."""


def normal_values(detector: Detector) -> dict[str, Cells]:
    """Of each column that a detector of a table looks at: what some of its normal rows hold, as the file had it.

    Raises:
        DataError: it is a detector of images.
    """
    encoding = detector.table_encoding
    values = encoding.decode(detector.examples)
    numbers = [column for column in encoding.columns if isinstance(column, NumberColumn)]
    for j, column in enumerate(numbers):
        if detector.profile is not None:
            values[column.name] = detector.profile.numbers[:, j]
        else:
            # Decoded from single precision: a column that is always 0 would come back as -8.87e-10.
            decimals = DIGITS - 1 - int(np.floor(np.log10(column.std)))
            values[column.name] = np.round(np.asarray(values[column.name], np.float64), decimals) + 0.0
    return values


def usual(values: Cells) -> str:
    """In words: the middle 90 % of numbers, or the most frequent values with their shares.

    Args:
        values: (n,) of one column.
    """
    if isinstance(values, np.ndarray):
        known = values[np.isfinite(values)]
        if not len(known):
            return "missing"
        low, high = (float(end) for end in np.quantile(known, [0.05, 0.95]))
        if known.min() == known.max():
            return f"always {three_digits(low)}"
        return f"mostly {three_digits(low)}" if low == high else f"{three_digits(low)} to {three_digits(high)}"
    counts = Counter(values)
    return ", ".join(f"{value or 'missing'} {n / len(values):.0%}" for value, n in counts.most_common(TOP_VALUES))
