"""Ways through a code space: straight, along arcs, along the data, and along one dimension.

Codes are float arrays (N, D). A ``Route`` leads through two to eight of them, leg by leg, and can be walked in any
number of frames.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float, Int, Num
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra

from explorer.core.errors import ExplorerError
from explorer.core.neighbours import nearest

MIN_ITEMS, MAX_ITEMS = 2, 8
"""Items that a route leads through."""
NEIGHBOURS = 10
ARC_SAMPLES = 257
"""Places at which the length of an arc is measured: the chords of a half circle are 6 millionths too short."""
OPPOSITE_ANGLE = np.pi - np.radians(1)
"""Beyond this angle a code that moves by a hundredth turns the arc to another side: the ends have no one arc."""

Kind = Literal["linear", "spherical", "data"]
KINDS: tuple[Kind, ...] = ("linear", "spherical", "data")
Spacing = Literal["steps", "length"]
"""How frames are spread: the same number on every leg, or at equal distances over the whole route."""


# --- Between two codes --------------------------------------------------------------------------------------------


def linear_path(z_a: Num[np.ndarray, " d"], z_b: Num[np.ndarray, " d"], n: int) -> Float[np.ndarray, "frames d"]:
    """``n`` codes on the straight line from ``z_a`` to ``z_b`` (D,), both included: (n, D)."""
    t = np.linspace(0, 1, n)[:, None]
    return (1 - t) * np.asarray(z_a) + t * np.asarray(z_b)


def spherical_path(z_a: Num[np.ndarray, " d"], z_b: Num[np.ndarray, " d"], n: int) -> Float[np.ndarray, "frames d"]:
    """``n`` codes along the arc from ``z_a`` to ``z_b`` (D,), both included: (n, D).

    The direction turns at one angular speed in the plane of the two codes, and the norm goes linearly from that of one
    end to that of the other: it never leaves them, where a straight line cuts through the middle that high-dimensional
    normal codes never visit. Between codes of one direction this is the straight line, as it is from or to the zero
    code, which has no direction, and in one dimension, where nothing can turn. Opposite codes have no plane of their
    own: the arc is one of the many that are as short (see ``has_one_arc``).

    Source: Shoemake 1985, for the directions; for generative models White 2016, section 3.1.
    """
    return _arc(np.asarray(z_a, np.float64), np.asarray(z_b, np.float64), np.linspace(0, 1, n))


def has_one_arc(z_a: Num[np.ndarray, " d"], z_b: Num[np.ndarray, " d"]) -> bool:
    """Whether one arc between two codes (D,) is the shortest: not where they are opposite, or nearly so."""
    return bool(_angle(np.asarray(z_a, np.float64), np.asarray(z_b, np.float64)) <= OPPOSITE_ANGLE)


def _arc(a: np.ndarray, b: np.ndarray, shares: np.ndarray) -> np.ndarray:
    t = shares[:, None]
    norm_a, norm_b = np.linalg.norm(a), np.linalg.norm(b)
    if len(a) < 2 or norm_a == 0 or norm_b == 0:
        straight: np.ndarray = (1 - t) * a + t * b
        return straight
    from_a, turn = a / norm_a, t * _angle(a, b)
    directions = np.cos(turn) * from_a + np.sin(turn) * _across(from_a, b / norm_b)
    codes = ((1 - t) * norm_a + t * norm_b) * directions
    codes[shares == 0], codes[shares == 1] = a, b  # exactly, whatever the rounding
    return codes


def _angle(a: np.ndarray, b: np.ndarray) -> float:
    """Between two codes, in [0, pi]; 0 where one of them is zero.

    By the halves of a rhombus, which keeps the digits that an arc cosine loses near 0 and pi (Kahan 2006, section 12).
    """
    norm_a, norm_b = np.linalg.norm(a), np.linalg.norm(b)
    if norm_a == 0 or norm_b == 0:
        return 0.0
    a, b = a / norm_a, b / norm_b
    return 2 * float(np.arctan2(np.linalg.norm(a - b), np.linalg.norm(a + b)))


def _across(from_a: np.ndarray, towards: np.ndarray) -> np.ndarray:
    """The unit vector at a right angle to one (D,), D >= 2, on the side of another; on any side if opposite."""
    across = towards - (towards @ from_a) * from_a
    if np.linalg.norm(across) < 1e-8:  # rounding
        axis = int(np.argmin(np.abs(from_a)))
        across = np.eye(len(from_a))[axis] - from_a[axis] * from_a
    unit: np.ndarray = across / np.linalg.norm(across)
    return unit


def traversal(z: Num[np.ndarray, " d"], dim: int, low: float, high: float, n: int) -> Float[np.ndarray, "frames d"]:
    """``n`` copies of the code ``z`` (D,) whose dimension ``dim`` goes from ``low`` to ``high``: (n, D)."""
    codes = np.tile(np.asarray(z, np.float64), (n, 1))
    codes[:, dim] = np.linspace(low, high, n)
    return codes


# --- The neighbour graph ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stops:
    """A path through a neighbour graph.

    Args:
        codes: (m, D), the two ends included; between neighbouring stops the path is straight.
        nodes: (m - 2,) row number of every stop but the ends, which need not be nodes of the graph.
        bridges: how many links on it are no neighbours, but were added to join parts of the graph.
    """

    codes: Float[np.ndarray, "m d"]
    nodes: Int[np.ndarray, " k"]
    bridges: int


class NeighbourGraph:
    """Codes, each linked to its nearest ones in either direction, with the Euclidean distance as a link's length.

    Parts that are not linked are joined by the shortest links between them, the bridges, so that there is a path
    between any two codes.

    Args:
        codes: (N, D), N >= 1.
        k: nearest codes that each is linked to.

    Attributes:
        codes_: (N, D) float64.
        links_: (L, 2) row numbers of linked codes, the smaller first, without bridges.
        bridges_: pairs of row numbers, the smaller first.

    Source: the neighbour graph of Isomap, Tenenbaum et al. 2000.
    """

    def __init__(self, codes: Num[np.ndarray, "n d"], k: int = NEIGHBOURS) -> None:
        self.k = k
        self.codes_ = np.asarray(codes, np.float64)
        near, _ = nearest(self.codes_, self.codes_, k, itself=np.arange(len(self.codes_)))
        here = np.repeat(np.arange(len(self.codes_)), near.shape[1])
        self.links_ = np.unique(np.sort(np.stack([here, near.ravel()], axis=1), axis=1), axis=0)
        self.bridges_ = frozenset(_bridges(self.codes_, self.links_))

    def stops(self, z_a: Num[np.ndarray, " d"], z_b: Num[np.ndarray, " d"]) -> Stops:
        """The shortest path from ``z_a`` to ``z_b`` (D,), which join the graph by links to their own nearest codes."""
        ends = np.stack([z_a, z_b]).astype(np.float64)
        n = len(self.codes_)
        start, goal = n, n + 1
        near, gaps = nearest(self.codes_, ends, self.k)
        pairs = [self.links_, np.array(sorted(self.bridges_), int).reshape(-1, 2)]
        pairs += [np.stack([near[i], np.full(near.shape[1], n + i)], axis=1) for i in (0, 1)]
        if np.linalg.norm(ends[0] - ends[1]) <= gaps.max():  # they are neighbours themselves
            pairs.append(np.array([[start, goal]]))
        nodes = np.vstack([self.codes_, ends])
        _, before = dijkstra(_graph(nodes, np.vstack(pairs)), directed=False, indices=start, return_predecessors=True)
        path = [goal]
        while path[-1] != start:
            path.append(int(before[path[-1]]))
        path.reverse()
        crossed = sum(tuple(sorted(link)) in self.bridges_ for link in itertools.pairwise(path))
        return Stops(nodes[path], np.array(path[1:-1], int), crossed)


def _graph(nodes: np.ndarray, pairs: np.ndarray) -> coo_array:
    lengths = np.linalg.norm(nodes[pairs[:, 0]] - nodes[pairs[:, 1]], axis=1)
    # A sparse graph reads zero as "no link", so codes that coincide get the smallest length there is.
    lengths = np.maximum(lengths, np.finfo(np.float64).tiny)
    return coo_array((lengths, (pairs[:, 0], pairs[:, 1])), (len(nodes), len(nodes)))


def _bridges(codes: np.ndarray, links: np.ndarray) -> list[tuple[int, int]]:
    """The shortest link from the first code's part to another, again and again, until all are one."""
    count, parts = connected_components(_graph(codes, links), directed=False)
    bridges = []
    for _ in range(count - 1):
        inside, outside = np.flatnonzero(parts == parts[0]), np.flatnonzero(parts != parts[0])
        nearest_outside, gaps = nearest(codes[outside], codes[inside], 1)
        shortest = int(np.argmin(gaps))
        inner, outer = int(inside[shortest]), int(outside[nearest_outside[shortest, 0]])
        bridges.append((min(inner, outer), max(inner, outer)))
        parts[parts == parts[outer]] = parts[0]
    return bridges


# --- Routes through several items ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Leg:
    """The part of a route between two items.

    Args:
        place: shares of the leg (n,) in [0, 1] -> codes (n, D).
        shares: (m,) shares at which the distance walked is known, from 0 to 1.
        walked: (m,) that distance.
    """

    place: Callable[[np.ndarray], np.ndarray]
    shares: Float[np.ndarray, " m"]
    walked: Float[np.ndarray, " m"]


def _polygon(stops: np.ndarray) -> Leg:
    """Straight from stop to stop (m, D), at one speed."""
    walked = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(stops, axis=0), axis=1))])
    shares = walked / walked[-1] if walked[-1] > 0 else np.linspace(0, 1, len(stops))

    def place(at: np.ndarray) -> np.ndarray:
        return np.stack([np.interp(at, shares, column) for column in stops.T], axis=1)

    return Leg(place, shares, walked)


def _turn(a: np.ndarray, b: np.ndarray) -> Leg:
    """Along the arc from a to b (D,), at one angular speed; its norm is linear."""
    shares = np.linspace(0, 1, ARC_SAMPLES)
    steps = np.linalg.norm(np.diff(_arc(a, b, shares), axis=0), axis=1)
    return Leg(lambda at: _arc(a, b, at), shares, np.concatenate([[0], np.cumsum(steps)]))


@dataclass(frozen=True)
class Route:
    """A path through items, to be walked in any number of frames.

    Args:
        legs: one for each pair of neighbouring items.
        bridges: links on it between parts of the neighbour graph that are no neighbours; 0 off the data.
        half_turns: arcs on it between nearly opposite items, which others would match; 0 for what is no arc.
    """

    legs: tuple[Leg, ...]
    bridges: int = 0
    half_turns: int = 0

    @property
    def length(self) -> float:
        """In units of the code."""
        return float(sum(leg.walked[-1] for leg in self.legs))

    def frames(self, n: int, spacing: Spacing = "steps") -> Float[np.ndarray, "frames d"]:
        """``n`` codes from the first item to the last, both included: (n, D).

        Args:
            n: 2 or more.
            spacing: "steps" gives every leg the same number of frames; "length" spreads them evenly over the distance.
        """
        shares = np.linspace(0, 1, n)
        lengths = self._lengths(spacing)
        starts = np.concatenate([[0], np.cumsum(lengths)])
        walked = shares * starts[-1]
        number = np.clip(np.searchsorted(starts[1:], walked), 0, len(self.legs) - 1)
        parts = []
        for i, leg in enumerate(self.legs):
            at = walked[number == i] - starts[i]
            parts.append(leg.place(at if spacing == "steps" else np.interp(at, leg.walked, leg.shares)))
        return np.vstack(parts)

    def items_at(self, spacing: Spacing = "steps") -> Float[np.ndarray, " k"]:
        """(K,) share of the whole route at which each item stands, from 0 to 1."""
        ends = np.concatenate([[0], np.cumsum(self._lengths(spacing))])
        return ends / ends[-1] if ends[-1] > 0 else np.linspace(0, 1, len(ends))

    def _lengths(self, spacing: Spacing) -> np.ndarray:
        if spacing == "steps":
            return np.ones(len(self.legs))
        return np.array([leg.walked[-1] for leg in self.legs])


def route(
    kind: Kind,
    items: Num[np.ndarray, "k d"] | Sequence[np.ndarray] | Sequence[Sequence[float]],
    graph: NeighbourGraph | None = None,
) -> Route:
    """A path through codes, in their order.

    Args:
        kind: "linear", straight from item to item; "spherical", along the arc of each leg (White 2016); "data", on each
            leg the shortest path through the neighbour graph, which it never leaves.
        items: (K, D), K from 2 to 8; an item may come twice.
        graph: of real codes; needed for "data".

    Raises:
        ExplorerError: too few or too many items, or codes that are not finite.
        ValueError: another kind, or no graph where one is needed.
    """
    codes = np.asarray(items, np.float64)
    if not MIN_ITEMS <= len(codes) <= MAX_ITEMS:
        raise ExplorerError(f"A path has {MIN_ITEMS} to {MAX_ITEMS} items, not {len(codes)}.", "Add or remove items.")
    if not np.isfinite(codes).all():
        raise ExplorerError("Some codes are not finite numbers.", "The model has probably diverged in training.")
    pairs = list(itertools.pairwise(codes))
    if kind == "linear":
        return Route(tuple(_polygon(np.stack(pair)) for pair in pairs))
    if kind == "spherical":
        return Route(tuple(_turn(*pair) for pair in pairs), half_turns=sum(not has_one_arc(*pair) for pair in pairs))
    if kind != "data" or graph is None:
        raise ValueError(f"there is no path {kind!r}" if kind != "data" else "a path along the data needs a graph")
    stops = [graph.stops(*pair) for pair in pairs]
    return Route(tuple(_polygon(s.codes) for s in stops), sum(s.bridges for s in stops))
