"""The plane of a map decoded, as a sheet of pictures under its points."""

from __future__ import annotations

import numpy as np

from explorer.browser.parts import Underlay
from explorer.checkpoints import VectorCheckpoint, affordable
from explorer.io import images
from explorer.latent import surfaces
from explorer.latent.surfaces import Grid
from explorer.ui.shell.cache import cached
from explorer.ui.shell.session import Context
from explorer.views.planes import Lift, Plane

CELLS = 24
"""Pictures along the longer side of the plane; fewer where a decoder takes long."""
CELL_PIXELS = 32
"""Largest side of one of them."""


def decoded_plane(context: Context, shown: Plane) -> Underlay | None:
    """The plane as a sheet of pictures, each the picture of its own middle.

    Returns:
        None for rows of a table, and for a map without a way back to codes.
    """
    if not context.is_image or shown.lift is None:
        return None
    png, (left, bottom, right, top) = _sheet(context.checkpoint, shown.lift, shown.points)
    return Underlay(png=png, left=left, bottom=bottom, right=right, top=top)


@cached(max_entries=8, spinner="Decoding the plane")
def _sheet(
    checkpoint: VectorCheckpoint, lift: Lift, points: np.ndarray
) -> tuple[bytes, tuple[float, float, float, float]]:
    grid = surfaces.grid_over(points, affordable.side_within(checkpoint, CELLS))
    from_the_top = Grid(grid.x, grid.y[::-1])
    pictures = checkpoint.decode(lift.codes(from_the_top.places))
    step = min(-(-max(pictures.shape[2:]) // CELL_PIXELS), *pictures.shape[2:])
    across, up = (axis[1] - axis[0] for axis in (grid.x, grid.y))
    left, bottom = float(grid.x[0] - across / 2), float(grid.y[0] - up / 2)
    right, top = float(grid.x[-1] + across / 2), float(grid.y[-1] + up / 2)
    return images.sprite_sheet(images.shrunk(pictures, step), len(grid.x)), (left, bottom, right, top)
