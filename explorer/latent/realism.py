"""How real decoded items are: how sharp they are, and whether they are copies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Num

from explorer.core.intervals import Rate, rate
from explorer.core.neighbours import nearest
from explorer.data.stored import as_float

COPY_QUANTILE = 0.01
"""A sample nearer to a training item than all but this share of real held-out items looks like a copy."""


def sharpness(x: Num[np.ndarray, "n c h w"]) -> Float[np.ndarray, " n"]:
    """Variance of each image's Laplacian: high where edges are crisp, zero where nothing changes.

    The Laplacian is that of the four neighbours, at the pixels that have them; noise raises it as edges do.

    Args:
        x: (N, C, H, W), uint8 or float in [0, 1], at least 3x3 pixels.

    Returns:
        (N,) in squared units of intensity in [0, 1], the mean over channels.

    Raises:
        ValueError: the images are too small.

    Source: Pech-Pacheco et al. 2000.
    """
    if min(x.shape[2:]) < 3:
        raise ValueError(f"images of {x.shape[3]}x{x.shape[2]} pixels have no place with four neighbours")
    values = as_float(x).numpy().astype(np.float64)
    middle = values[:, :, 1:-1, 1:-1]
    around = values[:, :, :-2, 1:-1] + values[:, :, 2:, 1:-1] + values[:, :, 1:-1, :-2] + values[:, :, 1:-1, 2:]
    laplacian = around - 4 * middle
    variance: np.ndarray = laplacian.var(axis=(2, 3)).mean(1)
    return variance


def nearest_items(
    x: Num[np.ndarray, "m *event"], among: Num[np.ndarray, "n *event"], skip_itself: bool = False
) -> tuple[Int[np.ndarray, " m"], Float[np.ndarray, " m"]]:
    """The item of a collection that is nearest to each of some items, value by value.

    Args:
        x: (M, *event), uint8 or float.
        among: (N, *event), N >= 1; read in chunks, so that memory-mapped data stays on disk.
        skip_itself: ``x`` is ``among``, and the nearest other item is meant; N >= 2.

    Returns:
        (M,) positions in ``among`` and (M,) Euclidean distances, images in units of intensity in [0, 1].
    """
    # In the collection's own numbers, so that nothing of it is converted beyond the chunk that is read.
    unit = 255.0 if among.dtype == np.uint8 else 1.0
    asked = x if x.dtype == among.dtype else unit * as_float(np.asarray(x)).numpy().astype(np.float64)
    positions, distances = nearest(among, asked, 1, itself=np.arange(len(x)) if skip_itself else None)
    return positions[:, 0], distances[:, 0] / unit


@dataclass(frozen=True)
class CopyCheck:
    """Whether samples lie nearer to known items than real items do that were not among them.

    Args:
        limit: the ``COPY_QUANTILE`` of real held-out items' distances to their nearest known item.
        closer: share of samples nearer than that; about ``COPY_QUANTILE`` where samples are as real ones are.
        positions: (n,) nearest known item of each sample.
        distances: (n,) its distance.
        usual: median distance of real held-out items.
    """

    limit: float
    closer: Rate
    positions: Int[np.ndarray, " n"]
    distances: Float[np.ndarray, " n"]
    usual: float


def check_copies(
    positions: Int[np.ndarray, " n"], distances: Float[np.ndarray, " n"], real_distances: Float[np.ndarray, " m"]
) -> CopyCheck:
    """Compare samples' distances to their nearest known items with those of real held-out items.

    Args:
        positions, distances: (n,) of the samples, from ``nearest_items``.
        real_distances: (m,) of real items that are not among the known ones, m >= 1.
    """
    limit, usual = (float(d) for d in np.quantile(real_distances, (COPY_QUANTILE, 0.5)))
    return CopyCheck(limit, rate(int((distances < limit).sum()), len(distances)), positions, distances, usual)
