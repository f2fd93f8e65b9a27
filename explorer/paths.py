"""Ways through a code space: straight, along an arc, along the data, and along one dimension.

Codes are float arrays (N, D).
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree


def linear_path(z_a: np.ndarray, z_b: np.ndarray, n: int) -> np.ndarray:
    """``n`` codes on the straight line from ``z_a`` to ``z_b`` (D,), both included: (n, D)."""
    t = np.linspace(0, 1, n)[:, None]
    return (1 - t) * np.asarray(z_a) + t * np.asarray(z_b)


def spherical_path(z_a: np.ndarray, z_b: np.ndarray, n: int) -> np.ndarray:
    """``n`` codes along the arc from ``z_a`` to ``z_b`` (D,), both included: (n, D).

    The norm stays between those of the ends, where a straight line cuts through the middle that high-dimensional normal
    codes never visit. Where the angle defines no arc (parallel, opposite or zero codes), it is the straight line.

    Source: Shoemake 1985; for generative models White 2016, section 3.1.
    """
    a, b = np.asarray(z_a, np.float64), np.asarray(z_b, np.float64)
    norms = np.linalg.norm(a) * np.linalg.norm(b)
    angle = np.arccos(np.clip(a @ b / norms, -1, 1)) if norms > 0 else 0.0
    if np.sin(angle) < 1e-6:
        return linear_path(a, b, n)
    t = np.linspace(0, 1, n)[:, None]
    return (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)


def along_data_path(codes: np.ndarray, z_a: np.ndarray, z_b: np.ndarray, n: int, k: int = 10) -> np.ndarray:
    """``n`` codes from ``z_a`` to ``z_b`` through places where there is data, at equal distances along the way.

    The shortest path in the graph that links each code to its ``k`` nearest (in either direction). Where the two ends
    lie in parts that are not linked, the shortest bridges between the parts are added.

    Args:
        codes: (N, D) codes of real items, N >= 1; a few thousand give a good path in well under a second.
        z_a, z_b: (D,) ends, among the codes or not.
        n: number of codes on the path, both ends included.
        k: neighbours of each code.

    Returns:
        (n, D).

    Source: the neighbour graph of Isomap, Tenenbaum et al. 2000.
    """
    nodes = np.vstack([codes, z_a, z_b]).astype(np.float64)
    start, end = len(nodes) - 2, len(nodes) - 1
    graph = _bridged(_neighbour_graph(nodes, k), nodes, start, end)
    _, before = dijkstra(graph, directed=False, indices=start, return_predecessors=True)
    stops = [end]
    while stops[-1] != start:
        stops.append(int(before[stops[-1]]))
    return _at_equal_steps(nodes[stops[::-1]], n)


def _neighbour_graph(nodes: np.ndarray, k: int) -> coo_array:
    distances, indices = cKDTree(nodes).query(nodes, min(k + 1, len(nodes)))
    rows = np.repeat(np.arange(len(nodes)), indices.shape[1])
    return _graph(len(nodes), rows, indices.ravel(), distances.ravel())


def _graph(n: int, rows: np.ndarray, columns: np.ndarray, distances: np.ndarray) -> coo_array:
    # A sparse graph reads zero as "no link", so codes that coincide get the smallest length there is.
    return coo_array((np.maximum(distances, np.finfo(np.float64).tiny), (rows, columns)), (n, n))


def _bridged(graph: coo_array, nodes: np.ndarray, start: int, end: int) -> coo_array:
    """The graph with the shortest links added, part after part, until ``end`` can be reached from ``start``."""
    _, parts = connected_components(graph, directed=False)
    rows, columns, distances = list(graph.coords[0]), list(graph.coords[1]), list(graph.data)
    while parts[start] != parts[end]:
        inside, outside = np.flatnonzero(parts == parts[start]), np.flatnonzero(parts != parts[start])
        gaps, nearest_outside = cKDTree(nodes[outside]).query(nodes[inside])
        shortest = int(np.argmin(gaps))
        there = outside[nearest_outside[shortest]]
        rows.append(inside[shortest])
        columns.append(there)
        distances.append(gaps[shortest])
        parts[parts == parts[there]] = parts[start]
    return _graph(len(nodes), np.asarray(rows), np.asarray(columns), np.asarray(distances))


def _at_equal_steps(stops: np.ndarray, n: int) -> np.ndarray:
    """``n`` points at equal arc length along the polygon through ``stops`` (m, D)."""
    lengths = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(stops, axis=0), axis=1))])
    at = np.linspace(0, lengths[-1], n)
    return np.stack([np.interp(at, lengths, column) for column in stops.T], axis=1)


def traversal(z: np.ndarray, dim: int, low: float, high: float, n: int) -> np.ndarray:
    """``n`` copies of the code ``z`` (D,) whose dimension ``dim`` goes from ``low`` to ``high``: (n, D)."""
    codes = np.tile(np.asarray(z, np.float64), (n, 1))
    codes[:, dim] = np.linspace(low, high, n)
    return codes
