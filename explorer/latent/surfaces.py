"""Quantities over a flat map of codes, and their contour lines: where items lie dense, and how sure the decoder is.

scikit-image and scipy's statistics are imported where they are used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Num
from scipy.special import xlogy

from explorer.checkpoints import VectorCheckpoint
from explorer.core.errors import ExplorerError
from explorer.core.row_samples import spread_sample

GRID_SIDE = 48
"""Places along the longer side of a grid."""
MARGIN = 0.05
"""A grid reaches so far beyond the points, as a share of their range."""
KERNEL_POINTS = 2000
"""A density is made of at most so many points' kernels, spread over all."""
SHARES = (0.25, 0.5, 0.75, 0.95)
"""Of the points, inside the contours of a density."""
BATCH = 256


@dataclass(frozen=True, eq=False)
class Grid:
    """Evenly spaced places over the plane.

    Args:
        x: (nx,) rising; two or more.
        y: (ny,) rising; two or more.
    """

    x: Float[np.ndarray, " nx"]
    y: Float[np.ndarray, " ny"]

    @property
    def places(self) -> Float[np.ndarray, "places 2"]:
        """(ny * nx, 2), row by row from the lowest y."""
        return np.stack(np.meshgrid(self.x, self.y), axis=-1).reshape(-1, 2)

    def surface(self, values: Num[np.ndarray, " places"]) -> Float[np.ndarray, "ny nx"]:
        """Values of ``places`` as (ny, nx)."""
        return np.reshape(values, (len(self.y), len(self.x)))


def grid_over(points: Num[np.ndarray, "n 2"], side: int = GRID_SIDE) -> Grid:
    """A grid over (N, 2) points with a small margin, ``side`` places along the longer side and about square cells.

    Raises:
        ExplorerError: the points lie on a line along an axis, which no plane covers.
    """
    low, high = np.min(points, axis=0), np.max(points, axis=0)
    span = high - low
    if not (span > 0).all():
        raise ExplorerError("These points lie on a line: there is no plane to show anything over.", "Show other items.")
    low, high = low - MARGIN * span, high + MARGIN * span
    counts = np.clip(np.rint(side * span / span.max()), 8, side).astype(int)
    return Grid(*(np.linspace(low[i], high[i], counts[i]) for i in (0, 1)))


# --- Density ----------------------------------------------------------------------------------------------------------


def density_contours(
    points: Float[np.ndarray, "n 2"], grid: Grid, shares: Sequence[float] = SHARES
) -> list[tuple[float, list[np.ndarray]]]:
    """The smallest regions that hold given shares of the points, from a sum of Gaussian kernels.

    The width of the kernels is Scott's; the level of each region is the density that so many points exceed.

    Args:
        points: (N, 2).
        grid: over them.
        shares: in (0, 1).

    Returns:
        For each share: the share, and its lines, each (m, 2).

    Raises:
        ExplorerError: the points lie on a line.

    Source: Hyndman 1996, section 3.2; Scott 1992.
    """
    from scipy.stats import gaussian_kde

    chosen = np.asarray(points, np.float64)[spread_sample(np.arange(len(points)), KERNEL_POINTS)]
    variances = np.linalg.eigvalsh(np.cov(chosen.T))
    if variances[0] <= 1e-9 * variances[1]:
        raise ExplorerError("These points lie on a line, so they have no density.", "Show other items.")
    kernels = gaussian_kde(chosen.T)
    surface = grid.surface(kernels(grid.places.T))
    at_points = kernels(chosen.T)
    return [(share, contour_lines(surface, grid, float(np.quantile(at_points, 1 - share)))) for share in shares]


# --- The decoder ------------------------------------------------------------------------------------------------------


def pixel_entropy(checkpoint: VectorCheckpoint, codes: Float[np.ndarray, "n d"]) -> Float[np.ndarray, " n"]:
    """How undecided a Bernoulli decoder is: the entropy of p(x|z), whose pixels are independent, for each pixel.

    Args:
        checkpoint: whose decoder gives each pixel a probability.
        codes: (N, D).

    Returns:
        (N,) mean over the pixels, in nats a pixel, from 0 to log 2.

    Source: Shannon 1948; for this decoder Kingma and Welling 2014, appendix C.1.
    """
    p = checkpoint.decode(codes).reshape(len(codes), -1).astype(np.float64)
    return -(xlogy(p, p) + xlogy(1 - p, 1 - p)).mean(1)


def sensitivity(
    checkpoint: VectorCheckpoint, codes: Float[np.ndarray, "n d"], directions: Float[np.ndarray, "k d"]
) -> Float[np.ndarray, " n"]:
    """How fast what is decoded changes: the Frobenius norm of the decoder's Jacobian along given directions.

    Table columns count in their standard deviations, pixels as they are.

    Args:
        codes: (N, D).
        directions: (K, D): for a map those of a step of one unit along each of its axes; for all of the code the unit
            matrix.

    Returns:
        (N,) change for each unit on the map.

    Source: the trace of the pullback metric, Arvanitidis et al. 2018, section 2.
    """
    model = checkpoint.model
    z = torch.as_tensor(np.asarray(codes), dtype=torch.float32)
    steps = torch.as_tensor(np.asarray(directions), dtype=torch.float32)
    squares = torch.zeros(len(z))
    with torch.no_grad():
        for step in steps:
            for start in range(0, len(z), BATCH):
                part = z[start : start + BATCH]
                along = step.expand_as(part).contiguous()
                change = torch.func.jvp(lambda z: model.input(model.decode(z)), (part,), (along,))[1]
                squares[start : start + BATCH] += change.flatten(1).square().sum(1)
    return squares.sqrt().numpy()


def level_contours(
    values: Callable[[np.ndarray], np.ndarray], grid: Grid, quantiles: Sequence[float] = (0.25, 0.5, 0.75, 0.9)
) -> list[tuple[float, list[np.ndarray]]]:
    """Contours of a quantity at quantiles of its values over the grid.

    Args:
        values: (n, 2) places -> (n,).
        grid: where it is asked.
        quantiles: in (0, 1).

    Returns:
        For each level that differs from the others: the level, and its lines, each (m, 2).
    """
    surface = grid.surface(values(grid.places))
    return [(float(v), contour_lines(surface, grid, float(v))) for v in np.unique(np.quantile(surface, quantiles))]


# --- Lines ------------------------------------------------------------------------------------------------------------


def contour_lines(surface: Float[np.ndarray, "ny nx"], grid: Grid, level: float) -> list[np.ndarray]:
    """Where a surface (ny, nx) crosses a level, by marching squares: lines, each (m, 2), in the grid's units."""
    from skimage.measure import find_contours

    return [
        np.stack(
            [
                np.interp(line[:, 1], np.arange(len(grid.x)), grid.x),
                np.interp(line[:, 0], np.arange(len(grid.y)), grid.y),
            ],
            axis=1,
        )
        for line in find_contours(surface, level)
    ]
