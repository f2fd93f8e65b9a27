"""What differences in the columns of a table are divided by, so that they can be compared and summed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from jaxtyping import Float


def shared_scale(std: Float[np.ndarray, " d"], together: Iterable[Sequence[int]]) -> Float[np.ndarray, " d"]:
    """The scale of each column: its standard deviation, or one that columns which stand for one thing share.

    The values of a category are columns of zeros and ones. Each by its own standard deviation, the category would count
    as many times as it has values, and a rare value far more than all else; divided by the root of the sum of their
    variances they vary together as much as one number does.

    Args:
        std: (D,) standard deviations.
        together: places of columns that share a scale.

    Returns:
        (D,) zero where no column varies.
    """
    scale = np.array(std)
    for places in together:
        scale[list(places)] = np.sqrt(np.square(std[list(places)]).sum())
    return scale
