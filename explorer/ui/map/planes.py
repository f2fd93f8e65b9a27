"""Codes projected to two dimensions for the pages: which map, the way from a code to its place, and the way back."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Num

from explorer.browser.latent_map.parts import Mark
from explorer.latent.projection import REGISTRY, IterativeProjector, Projector
from explorer.latent.projection_worker import Layout, Layouts
from explorer.ui.shell.cache import cached_resource, key_of
from explorer.ui.shell.vector_items import MapContext
from explorer.views.planes import Plane, checked_codes, default_kind, plane_of, projector_of

SLOW_KINDS = tuple(name for name, kind in REGISTRY.items() if issubclass(kind, IterativeProjector))
"""Maps that take seconds to minutes: laid out on request, in a process of their own."""


def plane(context: MapContext, kind: str | None = None, pair: tuple[int, int] = (0, 1)) -> Plane:
    """The shown codes projected at once.

    Args:
        kind: "pca" or "pair"; None for the default.
        pair: the dimensions of a raw pair, from 0.

    Raises:
        ExplorerError: too few items, or codes that are not finite.
    """
    kind = kind or default_kind(context.code_size)
    projector, points = _fit(kind, pair if kind == "pair" else (0, 1), checked_codes(context))
    return plane_of(context, projector, points)


@cached_resource(max_entries=24)
def _fit(kind: str, pair: tuple[int, int], codes: np.ndarray) -> tuple[Projector, np.ndarray]:
    projector = projector_of(kind, pair)
    return projector, projector.fit_transform(codes)


# --- Slow maps --------------------------------------------------------------------------------------------------------


@cached_resource()
def layouts() -> Layouts:
    """Slow maps of every visitor, by what they show: who asks for the same one finds it."""
    return Layouts()


def layout_key(context: MapContext, kind: str, seed: int) -> str:
    """The name of a slow map in ``layouts``."""
    return key_of(context, kind, seed)


def start_layout(context: MapContext, kind: str, seed: int) -> Layout:
    """Begin to lay a slow map out.

    Raises:
        ExplorerError: too few items, codes that are not finite, or too many maps on their way.
    """
    return layouts().start(layout_key(context, kind, seed), kind, checked_codes(context), seed)


def slow_plane(context: MapContext, kind: str, seed: int) -> Plane | None:
    """A slow map that is laid out; None as long as it is not."""
    key = layout_key(context, kind, seed)
    layout = layouts().get(key)
    if layout is None or layout.places is None:
        return None
    return plane_of(context, _restored(key), layout.places)


@cached_resource(max_entries=24)
def _restored(key: str) -> IterativeProjector:
    layout = layouts().get(key)
    assert layout is not None  # noqa: S101 (the caller has looked)
    return layout.projector()


# --- New codes --------------------------------------------------------------------------------------------------------


def mark(shown: Plane, code: Num[np.ndarray, " d"], std: Num[np.ndarray, " d"] | None, label: str) -> Mark:
    """Where a code lies on a map, with the ellipse of its posterior where the map is linear.

    Args:
        code: (D,).
        std: (D,) standard deviation of its posterior, whose covariance is diagonal; None without one.
        label: beside the ring.
    """
    x, y = shown.projector.transform(code[None])[0]
    ellipse = None if std is None or shown.drop is None else ellipse_of(shown.drop[1], std)
    return Mark(x=float(x), y=float(y), label=label, ellipse=ellipse)


def ellipse_of(matrix: Num[np.ndarray, "d 2"], std: Num[np.ndarray, " d"]) -> tuple[float, float, float]:
    """The 1-sigma ellipse of a diagonal normal distribution of codes, seen on a plane.

    Args:
        matrix: (D, 2) of the linear way to the plane.
        std: (D,) standard deviations.

    Returns:
        Half axes in the plane's units, the longer first, and the angle of the longer from x in radians.
    """
    covariance = (matrix.T * np.square(std)) @ matrix
    variances, axes = np.linalg.eigh(covariance)
    short, long = np.sqrt(np.maximum(variances, 0))
    return float(long), float(short), math.atan2(axes[1, 1], axes[0, 1])
