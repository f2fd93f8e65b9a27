"""Ways through a code space against geometry, networkx and scikit-learn."""

from __future__ import annotations

import itertools

import networkx
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial import geometric_slerp
from sklearn.neighbors import NearestNeighbors

from explorer import checkpoints, data
from explorer.core.errors import ExplorerError
from explorer.latent import interpolation


@pytest.fixture
def random():
    return np.random.default_rng(0)


@pytest.mark.parametrize("path", [interpolation.linear_path, interpolation.spherical_path])
def test_paths_start_and_end_where_they_should(path, random):
    a, b = random.standard_normal((2, 6))
    codes = path(a, b, 7)
    assert codes.shape == (7, 6)
    np.testing.assert_allclose(codes[[0, -1]], [a, b], atol=1e-12)


def test_spherical_path_keeps_the_norm_and_turns_evenly():
    codes = interpolation.spherical_path(np.array([2.0, 0]), np.array([0, 2.0]), 5)
    angles = np.linspace(0, np.pi / 2, 5)
    np.testing.assert_allclose(codes, 2 * np.stack([np.cos(angles), np.sin(angles)], 1), atol=1e-12)


@pytest.mark.parametrize("b", [[3.0, 3.0], [0.0, 0.0]])
def test_spherical_path_between_parallel_codes_or_to_zero_is_straight(b):
    a = np.array([1.0, 1.0])
    for ends in ((a, np.array(b)), (np.array(b), a)):
        np.testing.assert_allclose(
            interpolation.spherical_path(*ends, 4), interpolation.linear_path(*ends, 4), atol=1e-12
        )
        assert interpolation.has_one_arc(*ends)


def test_spherical_path_in_one_dimension_is_straight():
    a, b = np.array([2.0]), np.array([-1.0])
    np.testing.assert_allclose(interpolation.spherical_path(a, b, 7), interpolation.linear_path(a, b, 7))
    np.testing.assert_array_equal(interpolation.spherical_path(np.zeros(3), np.zeros(3), 4), np.zeros((4, 3)))


def test_spherical_path_between_unlike_norms_is_a_spiral():
    """In polar coordinates radius and angle are both linear: an Archimedean spiral, from (1, 0) to (0, 3)."""
    t = np.linspace(0, 1, 9)
    codes = interpolation.spherical_path(np.array([1.0, 0]), np.array([0, 3.0]), 9)
    radius, angle = 1 + 2 * t, t * np.pi / 2
    np.testing.assert_allclose(codes, radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1), atol=1e-12)


def test_spherical_path_between_unit_codes_is_scipys_slerp(random):
    for dimensions in (2, 5, 64):
        a, b = random.standard_normal((2, dimensions))
        a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
        np.testing.assert_allclose(
            interpolation.spherical_path(a, b, 13), geometric_slerp(a, b, np.linspace(0, 1, 13)), atol=1e-12
        )


def test_a_nearly_opposite_pair_keeps_its_norms_and_is_said_to_have_no_one_arc():
    a, b = np.array([1.0, 0]), np.array([-0.5, 0.01])
    norms = np.linalg.norm(interpolation.spherical_path(a, b, 101), axis=1)
    np.testing.assert_allclose(norms, np.linspace(1, np.linalg.norm(b), 101), rtol=1e-12)
    assert interpolation.has_one_arc(a, b), "1.15 degrees from opposite"
    assert not interpolation.has_one_arc(a, np.array([-0.5, 0.008])), "0.92 degrees from opposite"
    for opposite in (-a, np.array([-3.0, 1e-12])):
        assert not interpolation.has_one_arc(a, opposite)
        codes = interpolation.spherical_path(a, opposite, 5)
        np.testing.assert_allclose(np.abs(codes[2]), [0, (1 + np.linalg.norm(opposite)) / 2], atol=1e-9)
    items = np.array([[1.0, 0], [-2, 0], [-2, 1], [2, -1]])
    assert interpolation.route("spherical", items).half_turns == 2
    assert interpolation.route("linear", items).half_turns == 0


CODES = st.integers(2, 6).flatmap(
    lambda d: st.tuples(*[arrays(np.float64, d, elements=st.floats(-1e3, 1e3, width=32)) for _ in range(2)])
)


@given(CODES, st.integers(2, 40))
def test_spherical_path_has_linear_norms_and_turns_evenly_in_one_plane(ends, n):
    a, b = ends
    codes = interpolation.spherical_path(a, b, n)
    np.testing.assert_array_equal(codes[[0, -1]], [a, b])
    norms = np.linalg.norm(codes, axis=1)
    norm_a, norm_b = np.linalg.norm(a), np.linalg.norm(b)
    np.testing.assert_allclose(norms, np.linspace(norm_a, norm_b, n), rtol=1e-7)
    assume(min(norm_a, norm_b) > 1e-30)
    values = np.linalg.svd(codes / norms[:, None], compute_uv=False)
    assert (values[2:] < 1e-7 * n).all(), "planar"
    directions = codes / norms[:, None]
    turns = 2 * np.arcsin(np.clip(np.linalg.norm(np.diff(directions, axis=0), axis=1) / 2, 0, 1))
    whole = np.arccos(np.clip(a @ b / (norm_a * norm_b), -1, 1))
    np.testing.assert_allclose(turns, whole / (n - 1), atol=1e-6)


@pytest.mark.slow
def test_no_pair_of_real_items_leaves_the_norms_of_its_ends(root, random):
    """4,000 pairs of the bundled digits: slerp of the codes themselves left them in 39 of 100."""
    codes = checkpoints.load(root / "checkpoints" / "mnist-vae-2d.safetensors").encode(data.dataset("mnist-sample").x)
    for _ in range(4000):
        ends = codes[random.choice(len(codes), 2, replace=False)]
        norms = np.linalg.norm(interpolation.spherical_path(*ends, 25), axis=1)
        bounds = np.linalg.norm(ends.astype(np.float64), axis=1)
        assert bounds.min() * (1 - 1e-9) <= norms.min()
        assert norms.max() <= bounds.max() * (1 + 1e-9)


def _along_data(codes, z_a, z_b, n, k=interpolation.NEIGHBOURS):
    return interpolation.route("data", [z_a, z_b], interpolation.NeighbourGraph(codes, k)).frames(n, "length")


def test_a_path_along_data_follows_the_circle_the_data_lies_on():
    angles = np.linspace(0, 1.5 * np.pi, 400)
    circle = np.stack([np.cos(angles), np.sin(angles)], 1)
    codes = _along_data(circle, circle[0], circle[-1], 30)
    assert np.abs(np.linalg.norm(codes, axis=1) - 1).max() < 0.01, "a straight line would pass at a distance of 0.71"
    steps = np.linalg.norm(np.diff(codes, axis=0), axis=1)
    np.testing.assert_allclose(steps, 1.5 * np.pi / 29, rtol=0.01)
    np.testing.assert_allclose(codes[[0, -1]], circle[[0, -1]], atol=1e-12)


def test_a_path_along_data_bridges_separate_clusters(random):
    clusters = np.concatenate([random.normal(centre, 0.1, (50, 2)) for centre in ([0, 0], [5, 0], [5, 5])])
    codes = _along_data(clusters, np.array([0.0, 0]), np.array([5.0, 5]), 50, k=3)
    assert np.linalg.norm(codes - [5, 0], axis=1).min() < 0.5, "the short bridges lead over the middle cluster"


def test_a_path_along_data_between_equal_codes_stays(random):
    codes = random.standard_normal((20, 2))
    np.testing.assert_allclose(_along_data(codes, codes[3], codes[3], 4), np.tile(codes[3], (4, 1)))


def test_traversal_moves_one_dimension():
    codes = interpolation.traversal(np.array([1.0, 2, 3]), 1, -4, 4, 5)
    np.testing.assert_allclose(codes, [[1, v, 3] for v in (-4, -2, 0, 2, 4)])


# --- Routes through several items ------------------------------------------------------------------------------------


def cloud(random, n=200, dimensions=5):
    return random.standard_normal((n, dimensions))


@pytest.mark.parametrize("spacing", ["steps", "length"])
@pytest.mark.parametrize("kind", interpolation.KINDS)
@pytest.mark.parametrize("k", range(2, 9))
def test_a_route_starts_and_ends_at_its_items_and_is_no_shorter_than_straight(kind, k, spacing, random):
    codes = cloud(random)
    items = codes[random.choice(len(codes), k, replace=False)]
    straight = np.linalg.norm(np.diff(items, axis=0), axis=1).sum()
    route = interpolation.route(kind, items, interpolation.NeighbourGraph(codes))
    frames = route.frames(61, spacing)
    assert frames.shape == (61, 5)
    np.testing.assert_allclose(frames[[0, -1]], items[[0, -1]], atol=1e-12)
    assert route.length >= straight * (1 - 1e-12)
    if kind == "linear":
        assert route.length == pytest.approx(straight)
    # The walk itself is as long as the route says, less the corners that 61 frames cut.
    walked = np.linalg.norm(np.diff(frames, axis=0), axis=1).sum()
    assert 0.8 * route.length < walked <= route.length * (1 + 1e-9)


@pytest.mark.parametrize("kind", interpolation.KINDS)
@pytest.mark.parametrize("spacing", ["steps", "length"])
def test_a_route_passes_every_item_where_it_says(kind, spacing, random):
    codes = cloud(random)
    items = codes[[3, 70, 12, 150]]
    route = interpolation.route(kind, items, interpolation.NeighbourGraph(codes))
    fine = route.frames(30_001, spacing)
    at = np.rint(route.items_at(spacing) * 30_000).astype(int)
    np.testing.assert_allclose(fine[at], items, atol=1e-3 * route.length)
    if spacing == "steps":
        np.testing.assert_allclose(route.items_at(spacing), [0, 1 / 3, 2 / 3, 1])
        np.testing.assert_allclose(route.frames(31)[::10], items, atol=1e-9)


@pytest.mark.parametrize("kind", interpolation.KINDS)
def test_equal_distances_are_equal(kind, random):
    codes = cloud(random, dimensions=2)
    route = interpolation.route(
        kind, codes[[0, 1, 2]] * [[1, 1], [3, 3], [0.5, 0.5]], interpolation.NeighbourGraph(codes)
    )
    # Distances along the route, which a fine walk measures: chords between coarse frames would cut its corners.
    steps = np.linalg.norm(np.diff(route.frames(20_001, "length"), axis=0), axis=1).reshape(20, 1000).sum(1)
    np.testing.assert_allclose(steps, route.length / 20, rtol=2e-3)


def test_an_arc_between_unit_codes_stays_on_the_sphere(random):
    items = cloud(random, 6, 64)
    items /= np.linalg.norm(items, axis=1, keepdims=True)
    route = interpolation.route("spherical", items)
    for spacing in ("steps", "length"):
        np.testing.assert_allclose(np.linalg.norm(route.frames(101, spacing), axis=1), 1, atol=1e-12)
    angles = np.arccos((items[:-1] * items[1:]).sum(1))
    assert route.length == pytest.approx(angles.sum(), rel=1e-5), "on the unit sphere, length is angle"
    assert np.linalg.norm(interpolation.route("linear", items).frames(101), axis=1).min() < 0.8


def test_a_path_along_the_data_stops_at_codes_and_goes_from_neighbour_to_neighbour(random):
    codes = cloud(random, 300, 3)
    graph = interpolation.NeighbourGraph(codes, k=6)
    _, nearest = NearestNeighbors(n_neighbors=7).fit(codes).kneighbors(codes)
    neighbours = {frozenset((i, int(j))) for i, row in enumerate(nearest) for j in row[1:]}
    assert {frozenset(link) for link in graph.links_.tolist()} == neighbours
    linked = neighbours | {frozenset(bridge) for bridge in graph.bridges_}
    far = np.argsort(codes @ [1, 1, 1])
    stops = graph.stops(codes[far[0]], codes[far[-1]])
    np.testing.assert_array_equal(stops.codes[1:-1], codes[stops.nodes])
    path = [int(far[0]), *stops.nodes.tolist(), int(far[-1])]
    assert len(path) > 4
    assert all(a == b or frozenset((a, b)) in linked for a, b in itertools.pairwise(path))


def test_the_path_along_the_data_is_the_shortest(random):
    codes = cloud(random, 60, 2)
    graph = interpolation.NeighbourGraph(codes, k=4)
    reference = networkx.Graph()
    for a, b in [*graph.links_.tolist(), *graph.bridges_]:
        reference.add_edge(a, b, weight=float(np.linalg.norm(codes[a] - codes[b])))
    for a, b in ((0, 1), (5, 40), (59, 7)):
        expected = networkx.dijkstra_path_length(reference, a, b)
        assert interpolation.route("data", codes[[a, b]], graph).length == pytest.approx(expected, rel=1e-9)


def test_parts_are_joined_by_the_shortest_bridges(random):
    clusters = np.concatenate([random.normal(centre, 0.1, (40, 2)) for centre in ([0, 0], [5, 0], [5, 5])])
    graph = interpolation.NeighbourGraph(clusters, k=3)
    homes = {frozenset((a // 40, b // 40)) for a, b in graph.bridges_ if a // 40 != b // 40}
    assert homes == {frozenset((0, 1)), frozenset((1, 2))}, "the long gap, from the first to the last, is not bridged"
    for a, b in graph.bridges_:
        if a // 40 != b // 40:
            between = np.linalg.norm(clusters[a // 40 * 40 :][:40, None] - clusters[b // 40 * 40 :][None, :40], axis=2)
            assert np.linalg.norm(clusters[a] - clusters[b]) == pytest.approx(between.min())
    assert graph.stops(clusters[0], clusters[100]).bridges >= 2
    assert interpolation.route("data", clusters[[0, 100, 0]], graph).bridges >= 4


@pytest.mark.parametrize("kind", interpolation.KINDS)
@pytest.mark.parametrize("spacing", ["steps", "length"])
def test_an_item_may_come_twice(kind, spacing, random):
    codes = cloud(random, 30, 3)
    graph = interpolation.NeighbourGraph(codes)
    still = interpolation.route(kind, codes[[4, 4]], graph)
    np.testing.assert_allclose(still.frames(5, spacing), np.tile(codes[4], (5, 1)), atol=1e-9)
    np.testing.assert_array_equal(still.items_at(spacing), [0, 1])
    back = interpolation.route(kind, codes[[4, 4, 9, 4]], graph)
    np.testing.assert_allclose(back.frames(31, spacing)[[0, -1]], codes[[4, 4]], atol=1e-9)
    assert np.isfinite(back.frames(31, spacing)).all()


def test_ends_off_the_graph_join_it_at_their_nearest_codes(random):
    codes = cloud(random, 100, 2)
    ends = np.array([[4.0, 4.0], [-4.0, -4.0]])
    stops = interpolation.NeighbourGraph(codes, k=5).stops(*ends)
    np.testing.assert_array_equal(stops.codes[[0, -1]], ends)
    for end, node in ((0, stops.nodes[0]), (1, stops.nodes[-1])):
        distances = np.linalg.norm(codes - ends[end], axis=1)
        assert distances[node] <= np.sort(distances)[4]
    outside = interpolation.NeighbourGraph(codes).stops(ends[0], ends[0])
    np.testing.assert_array_equal(outside.codes, ends[[0, 0]])


@pytest.mark.parametrize("n", [1, 2, 3])
def test_a_graph_of_hardly_any_codes_still_leads_through(n):
    codes = np.eye(3)[:n]
    frames = interpolation.route(
        "data", np.array([[0.0, 0, 1], [0, 1, 1]]), interpolation.NeighbourGraph(codes)
    ).frames(9)
    assert frames.shape == (9, 3)


@pytest.mark.parametrize("k", [0, 1, 9])
def test_too_few_or_too_many_items_are_refused(k):
    with pytest.raises(ExplorerError, match=f"2 to 8 items, not {k}"):
        interpolation.route("linear", np.zeros((k, 3)))


def test_what_is_no_route_is_refused():
    with pytest.raises(ExplorerError, match="not finite"):
        interpolation.route("linear", np.array([[0.0], [np.nan]]))
    with pytest.raises(ValueError, match="no path 'curly'"):
        interpolation.route("curly", np.zeros((2, 3)))
    with pytest.raises(ValueError, match="needs a graph"):
        interpolation.route("data", np.zeros((2, 3)))
