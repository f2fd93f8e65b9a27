"""What lies under and over the points of a map: the plane decoded, contours of density and of the decoder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from explorer.browser.latent_map.parts import Contour
from explorer.browser.parts import Underlay
from explorer.checkpoints import affordable
from explorer.core.errors import ExplorerError
from explorer.latent import surfaces
from explorer.models import VariationalAutoencoder
from explorer.ui.map.decoded_plane import CELLS, decoded_plane
from explorer.ui.shell.cache import cached
from explorer.ui.shell.session import Context
from explorer.ui.shell.vector_items import MapContext
from explorer.ui.widgets.text import plain, three_digits
from explorer.views.planes import Lift, Plane

UNDER = "Decoded pictures"
DENSITY = "Density of the items"
DECODER = "Decoder's uncertainty"
SURFACE_SIDE = 32
"""Places at which the decoder is asked, along the longer side of the plane; fewer where it takes long."""
DERIVATIVE = 4
"""Decodings that both derivatives at a place take: twice a decoding each."""


def layer_picker(context: MapContext, shown: Plane) -> list[str]:
    """Choose what is drawn with the points; only what this map can have is offered."""
    offered = [*([UNDER] if context.is_image and shown.lift else []), DENSITY, *([DECODER] if shown.lift else [])]
    chosen: list[str] = st.pills(
        "Layers", offered, selection_mode="multi", key="layers", wrap=True, bind="query-params"
    )
    return chosen


def underlay(context: MapContext, shown: Plane, chosen: Sequence[str]) -> Underlay | None:
    """The plane decoded under the points, where that was chosen and the map has a way back to codes."""
    return decoded_plane(context, shown) if UNDER in chosen and isinstance(context, Context) else None


def contours(context: MapContext, shown: Plane, chosen: Sequence[str]) -> list[Contour]:
    """Contour lines of what was chosen; what there is no plane for is said."""
    lines: list[Contour] = []
    try:
        if DENSITY in chosen:
            levels = _density(shown.points)
            lines += [Contour.of(lines_at, f"{100 * share:.0f} %") for share, lines_at in levels if lines_at]
        if DECODER in chosen and shown.lift is not None and isinstance(context, Context):
            levels = _decoder(context, shown.lift, shown.points)
            lines += [Contour.of(lines_at, three_digits(value), dashed=True) for value, lines_at in levels if lines_at]
    except ExplorerError as error:
        st.caption(plain(str(error)))
    return lines


@cached(max_entries=16, spinner="Measuring the density")
def _density(points: np.ndarray) -> list[tuple[float, list[np.ndarray]]]:
    return surfaces.density_contours(points, surfaces.grid_over(points))


@cached(max_entries=16, spinner="Measuring the decoder's uncertainty")
def _decoder(context: Context, lift: Lift, points: np.ndarray) -> list[tuple[float, list[np.ndarray]]]:
    checkpoint = context.checkpoint
    if gives_probabilities(context):
        return surfaces.level_contours(
            lambda places: surfaces.pixel_entropy(checkpoint, lift.codes(places)),
            surfaces.grid_over(points, _surface_side(context)),
        )
    return surfaces.level_contours(
        lambda places: surfaces.sensitivity(checkpoint, lift.codes(places), lift.directions),
        surfaces.grid_over(points, _surface_side(context)),
    )


def gives_probabilities(context: Context) -> bool:
    """Whether the decoder's pixels are probabilities, so that they say themselves how sure they are."""
    model = context.checkpoint.model
    return isinstance(model, VariationalAutoencoder) and model.observation.needs_sigmoid


def legend(context: MapContext, chosen: Sequence[str]) -> str:
    """What the layers on the map mean, in sentences; empty without any."""
    words = []
    if UNDER in chosen:
        words.append("Behind the points: the decoded centre of each cell.")
    if DENSITY in chosen:
        words.append(
            "Solid lines: the smallest regions that hold 25, 50, 75 and 95 % of the shown items "
            "(a sum of Gaussian kernels on the map)."
        )
    if DECODER in chosen and isinstance(context, Context) and gives_probabilities(context):
        words.append(
            "Dashed lines: the decoder's uncertainty, as the entropy of its pixels' probabilities, in nats per pixel "
            "(0: each is black or white; 0.693: every pixel is a coin toss)."
        )
    elif DECODER in chosen:
        thing, unit = ("picture", "pixel values") if context.is_image else ("row", "standard deviations of the columns")
        words.append(
            f"Dashed lines: how fast the decoded {thing} changes, as the norm of the decoder's derivative along the "
            f"map ({unit} per unit of the map). This decoder gives no probabilities; where it changes fast, a "
            f"small error in the code makes another {thing}, so that it is least sure there."
        )
    if isinstance(context, Context) and _has_fewer_places(context, chosen):
        words.append(affordable.fewer_words(context.checkpoint))
    return " ".join(words)


def _surface_side(context: Context) -> int:
    """Places along the longer side at which the decoder is asked how sure it is."""
    passes = 1 if gives_probabilities(context) else DERIVATIVE
    return affordable.side_within(context.checkpoint, SURFACE_SIDE, passes)


def _has_fewer_places(context: Context, chosen: Sequence[str]) -> bool:
    return (UNDER in chosen and affordable.side_within(context.checkpoint, CELLS) < CELLS) or (
        DECODER in chosen and _surface_side(context) < SURFACE_SIDE
    )
