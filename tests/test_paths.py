"""Ways through a code space against geometry."""

from __future__ import annotations

import numpy as np
import pytest

from explorer import paths


@pytest.fixture
def random():
    return np.random.default_rng(0)


@pytest.mark.parametrize("path", [paths.linear_path, paths.spherical_path])
def test_paths_start_and_end_where_they_should(path, random):
    a, b = random.standard_normal((2, 6))
    codes = path(a, b, 7)
    assert codes.shape == (7, 6)
    np.testing.assert_allclose(codes[[0, -1]], [a, b], atol=1e-12)


def test_spherical_path_keeps_the_norm_and_turns_evenly():
    codes = paths.spherical_path(np.array([2.0, 0]), np.array([0, 2.0]), 5)
    angles = np.linspace(0, np.pi / 2, 5)
    np.testing.assert_allclose(codes, 2 * np.stack([np.cos(angles), np.sin(angles)], 1), atol=1e-12)


@pytest.mark.parametrize("b", [[3.0, 3.0], [-1.0, -1.0], [0.0, 0.0]])
def test_spherical_path_without_an_arc_is_straight(b):
    a = np.array([1.0, 1.0])
    np.testing.assert_allclose(paths.spherical_path(a, np.array(b), 4), paths.linear_path(a, np.array(b), 4))


def test_a_path_along_data_follows_the_circle_the_data_lies_on():
    angles = np.linspace(0, 1.5 * np.pi, 400)
    circle = np.stack([np.cos(angles), np.sin(angles)], 1)
    codes = paths.along_data_path(circle, circle[0], circle[-1], 30)
    assert np.abs(np.linalg.norm(codes, axis=1) - 1).max() < 0.01, "a straight line would pass at a distance of 0.71"
    steps = np.linalg.norm(np.diff(codes, axis=0), axis=1)
    np.testing.assert_allclose(steps, 1.5 * np.pi / 29, rtol=0.01)
    np.testing.assert_allclose(codes[[0, -1]], circle[[0, -1]], atol=1e-12)


def test_a_path_along_data_bridges_separate_clusters(random):
    clusters = np.concatenate([random.normal(centre, 0.1, (50, 2)) for centre in ([0, 0], [5, 0], [5, 5])])
    codes = paths.along_data_path(clusters, np.array([0.0, 0]), np.array([5.0, 5]), 50, k=3)
    assert np.linalg.norm(codes - [5, 0], axis=1).min() < 0.5, "the short bridges lead over the middle cluster"


def test_a_path_along_data_between_equal_codes_stays(random):
    codes = random.standard_normal((20, 2))
    np.testing.assert_allclose(paths.along_data_path(codes, codes[3], codes[3], 4), np.tile(codes[3], (4, 1)))


def test_traversal_moves_one_dimension():
    codes = paths.traversal(np.array([1.0, 2, 3]), 1, -4, 4, 5)
    np.testing.assert_allclose(codes, [[1, v, 3] for v in (-4, -2, 0, 2, 4)])
