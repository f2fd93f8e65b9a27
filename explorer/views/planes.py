"""Codes projected to two dimensions: the way from a code to its place, and the way back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Num
from torch import nn

from explorer.core.errors import ExplorerError
from explorer.latent import projection
from explorer.latent.projection import REGISTRY, Projector
from explorer.views.items import CodedItems

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


def default_kind(latent_dim: int) -> str:
    """The map to open with: the code itself where it has two dimensions, else PCA."""
    return "pair" if latent_dim == 2 else "pca"


def checked_codes(items: CodedItems) -> Num[np.ndarray, "n d"]:
    """The codes of the shown items.

    Raises:
        ExplorerError: too few items, or codes that are not finite.
    """
    codes = items.codes()
    if len(codes) < MIN_ITEMS:
        raise ExplorerError(f"A map needs {MIN_ITEMS} items or more; here are {items.split}.", "Choose other data.")
    if not np.isfinite(codes).all():
        hint = "The model has probably diverged in training." if items.model else "Leave such items out of the file."
        raise ExplorerError("Some codes are not finite numbers.", hint)
    return codes


def projector_of(kind: str, pair: tuple[int, int] = (0, 1), seed: int = 0) -> Projector:
    """A projector of that kind, a name in ``projection.REGISTRY``; ``pair`` for a raw pair, ``seed`` for a slow map."""
    if kind == "pair":
        return projection.RawPair(i=pair[0], j=pair[1])
    return REGISTRY[kind](seed=seed)


def plane_of(items: CodedItems, projector: Projector, points: Num[np.ndarray, "n 2"]) -> Plane:
    """The map that a projector fitted to the shown codes has made of them.

    Args:
        points: (n, 2) the places of the shown items.
    """
    if isinstance(projector, projection.PCA):
        return _pca_plane(items, projector, points)
    if isinstance(projector, projection.RawPair):
        pair = (projector.i, projector.j)
        axes = (items.code_names[pair[0]], items.code_names[pair[1]])
        lift = None if items.model is None else _pair_lift(items.codes(), pair)
        return Plane(points, axes, _pair_note(items), projector, lift)
    title = projector.title
    note = f"{projector.summary} {projection.laid_out_in_words(len(points))}".strip()
    if items.model is not None:
        note += (
            " A place on this map has no exact code: what is decoded under the pointer is "
            "the mean of the codes of the nearest items."
        )
    return Plane(points, (f"{title} 1", f"{title} 2"), note, projector, None)


def _pca_plane(items: CodedItems, projector: projection.PCA, points: Num[np.ndarray, "n 2"]) -> Plane:
    origin, *steps = projector.inverse(np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
    word = "vectors" if items.model is None else "codes"
    note = (
        f"PCA of the {items.code_size}-D {word}: this plane holds {100 * projector.explained_:.3g} % of their variance."
    )
    if items.model is None:
        return Plane(points, ("PC1", "PC2"), note, projector, None)
    note += " What is decoded is the point on the plane, so it can differ from an item near it."
    return Plane(points, ("PC1", "PC2"), note, projector, Lift(origin, np.stack(steps) - origin))


def _pair_note(items: CodedItems) -> str:
    if items.code_size == 2:
        return f"The {'vector' if items.model is None else 'code'} has two dimensions, so the map is the whole of it."
    if items.model is None:
        return "Two of the vector's dimensions as they are; the others are not shown."
    return "Two of the code's dimensions as they are; what is decoded has the others at their medians."


def _pair_lift(codes: np.ndarray, pair: tuple[int, int]) -> Lift:
    origin = np.median(codes, axis=0).astype(np.float64)
    origin[list(pair)] = 0
    directions = np.zeros((2, codes.shape[1]))
    directions[[0, 1], list(pair)] = 1
    return Lift(origin, directions)


def lifting_layer(lift: Lift) -> nn.Linear:
    """The layer that makes a place (2,) the code (D,) there, to stand before a decoder's own layers."""
    layer = nn.Linear(2, len(lift.origin))
    layer.weight.data = torch.tensor(lift.directions.T, dtype=torch.float32)
    layer.bias.data = torch.tensor(lift.origin, dtype=torch.float32)
    return layer
