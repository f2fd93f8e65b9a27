"""Codes projected to two dimensions for the pages: which map, the way from a code to its place, and the way back."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Num

from explorer.browser.latent_map.parts import Mark
from explorer.core.errors import ExplorerError
from explorer.latent import projection
from explorer.latent.projection import REGISTRY, IterativeProjector, Projector
from explorer.latent.projection_worker import Layout, Layouts
from explorer.ui.shell.cache import cached_resource, key_of
from explorer.ui.shell.session import Context

SLOW_KINDS = tuple(name for name, kind in REGISTRY.items() if issubclass(kind, IterativeProjector))
"""Maps that take seconds to minutes: laid out on request, in a process of their own."""
MIN_ITEMS = 4


@dataclass(frozen=True, eq=False)
class Lift:
    """The way back from a place on a flat map to a code: ``origin + place @ directions``.

    Args:
        origin: (D,) the code of the place (0, 0).
        directions: (2, D) the step in the code for a step along each axis.
    """

    origin: Num[np.ndarray, " d"]
    directions: Num[np.ndarray, "2 d"]

    def codes(self, places: Num[np.ndarray, "n 2"]) -> Num[np.ndarray, "n d"]:
        """(M, 2) places -> (M, D) codes."""
        codes: np.ndarray = self.origin + np.asarray(places) @ self.directions
        return codes


@dataclass(frozen=True, eq=False)
class Plane:
    """A map of the shown codes.

    Args:
        points: (n, 2) place of each shown item.
        axes: titles of x and y.
        note: what near and far mean on it, and what the picture under the pointer is.
        projector: fitted; places new codes.
        lift: the way back to a code; None where the codes of the nearest items have to do.
    """

    points: Num[np.ndarray, "n 2"]
    axes: tuple[str, str]
    note: str
    projector: Projector
    lift: Lift | None

    @property
    def drop(self) -> tuple[Num[np.ndarray, " d"], Num[np.ndarray, "d 2"]] | None:
        """Origin (D,) and matrix (D, 2) of a linear way from a code to its place; None where it is not linear."""
        if self.lift is None:
            return None
        steps = np.eye(len(self.lift.origin))
        zero, *ends = self.projector.transform(np.vstack([np.zeros(len(steps)), steps]))
        matrix = np.stack(ends) - zero
        # Where zero lies decides the origin: any code that falls on the map's own origin will do.
        return -np.linalg.pinv(matrix).T @ zero, matrix


def dimension_name(index: int) -> str:
    """What pages call a dimension of the code, counted from 1."""
    return f"z{index + 1}"


def default_kind(context: Context) -> str:
    """The map to open with: the code itself where it has two dimensions, else PCA."""
    return "pair" if context.checkpoint.latent_dim == 2 else "pca"


def plane(context: Context, kind: str | None = None, pair: tuple[int, int] = (0, 1)) -> Plane:
    """The shown codes projected at once.

    Args:
        kind: "pca" or "pair"; None for the default.
        pair: the dimensions of a raw pair, from 0.

    Raises:
        ExplorerError: too few items, or codes that are not finite.
    """
    kind = kind or default_kind(context)
    codes = _checked_codes(context)
    projector, points = _fit(kind, pair if kind == "pair" else (0, 1), codes)
    if isinstance(projector, projection.PCA):
        origin, *steps = projector.inverse(np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
        note = (
            f"PCA of the {context.checkpoint.latent_dim}-D codes: this plane holds {100 * projector.explained_:.3g} % "
            "of their variance. What is decoded is the point on the plane, so it can differ from an item near it."
        )
        return Plane(points, ("PC1", "PC2"), note, projector, Lift(origin, np.stack(steps) - origin))
    axes = (dimension_name(pair[0]), dimension_name(pair[1]))
    return Plane(points, axes, _pair_note(context), projector, _pair_lift(codes, pair))


def _checked_codes(context: Context) -> np.ndarray:
    codes = context.codes()
    if len(codes) < MIN_ITEMS:
        raise ExplorerError(f"A map needs {MIN_ITEMS} items or more; here are {context.split}.", "Choose other data.")
    if not np.isfinite(codes).all():
        raise ExplorerError("Some codes are not finite numbers.", "The model has probably diverged in training.")
    return codes


def _pair_note(context: Context) -> str:
    if context.checkpoint.latent_dim == 2:
        return "The code has two dimensions, so the map is the whole of it."
    return "Two of the code's dimensions as they are; what is decoded has the others at their medians."


def _pair_lift(codes: np.ndarray, pair: tuple[int, int]) -> Lift:
    origin = np.median(codes, axis=0).astype(np.float64)
    origin[list(pair)] = 0
    directions = np.zeros((2, codes.shape[1]))
    directions[[0, 1], list(pair)] = 1
    return Lift(origin, directions)


@cached_resource(max_entries=24)
def _fit(kind: str, pair: tuple[int, int], codes: np.ndarray) -> tuple[Projector, np.ndarray]:
    projector = projection.RawPair(i=pair[0], j=pair[1]) if kind == "pair" else REGISTRY[kind]()
    return projector, projector.fit_transform(codes)


# --- Slow maps --------------------------------------------------------------------------------------------------------


@cached_resource()
def layouts() -> Layouts:
    """Slow maps of every visitor, by what they show: who asks for the same one finds it."""
    return Layouts()


def layout_key(context: Context, kind: str, seed: int) -> str:
    """The name of a slow map in ``layouts``."""
    return key_of(context, kind, seed)


def start_layout(context: Context, kind: str, seed: int) -> Layout:
    """Begin to lay a slow map out.

    Raises:
        ExplorerError: too few items, codes that are not finite, or too many maps on their way.
    """
    return layouts().start(layout_key(context, kind, seed), kind, _checked_codes(context), seed)


def slow_plane(context: Context, kind: str, seed: int) -> Plane | None:
    """A slow map that is laid out; None as long as it is not."""
    key = layout_key(context, kind, seed)
    layout = layouts().get(key)
    if layout is None or layout.places is None:
        return None
    projector = _restored(key)
    title = projector.title
    note = (
        f"{projector.summary} A place on this map has no exact code: what is decoded under the pointer is "
        "the mean of the codes of the nearest items."
    )
    return Plane(projector.places_, (f"{title} 1", f"{title} 2"), note, projector, None)


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
