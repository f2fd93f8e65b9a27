"""Quantities over a map against closed forms, and the decoder's derivative against torch's own."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from explorer.checkpoints import Checkpoint
from explorer.core.errors import ExplorerError
from explorer.latent import surfaces
from explorer.latent.surfaces import Grid


def test_a_grid_covers_the_points_with_square_cells() -> None:
    points = np.random.default_rng(0).uniform((0, -1), (10, 4), (500, 2))
    grid = surfaces.grid_over(points)
    assert grid.x[0] < points[:, 0].min()
    assert grid.y[-1] > points[:, 1].max()
    assert len(grid.x) == surfaces.GRID_SIDE
    assert np.diff(grid.x)[0] == pytest.approx(np.diff(grid.y)[0], rel=0.1)
    places = grid.places
    np.testing.assert_array_equal(places[1] - places[0], [grid.x[1] - grid.x[0], 0])
    np.testing.assert_array_equal(grid.surface(places[:, 1])[:, 3], grid.y)


def test_points_on_a_line_have_no_plane() -> None:
    with pytest.raises(ExplorerError, match="on a line"):
        surfaces.grid_over(np.stack([np.arange(9.0), np.zeros(9)], axis=1))
    diagonal = np.repeat(np.arange(9.0)[:, None], 2, axis=1)
    with pytest.raises(ExplorerError, match="on a line"):
        surfaces.density_contours(diagonal, surfaces.grid_over(diagonal))


def test_the_contour_of_a_cone_is_a_circle() -> None:
    grid = Grid(np.linspace(-3, 3, 61), np.linspace(-2, 2, 41))
    surface = grid.surface(np.linalg.norm(grid.places, axis=1))
    (line,) = surfaces.contour_lines(surface, grid, 1.5)
    np.testing.assert_allclose(np.linalg.norm(line, axis=1), 1.5, atol=0.01)


def test_contours_of_a_normal_density_are_the_circles_that_hold_their_share() -> None:
    points = np.random.default_rng(0).normal(size=(4000, 2))
    for share, lines in surfaces.density_contours(points, surfaces.grid_over(points)):
        longest = max(lines, key=len)
        radius = np.linalg.norm(longest, axis=1)
        # The share p of a plane's normal distribution lies within sqrt(-2 log(1 - p)); kernels widen it a little.
        assert radius.mean() == pytest.approx(math.sqrt(-2 * math.log(1 - share)), rel=0.15)
        assert radius.std() < 0.2 * radius.mean()


def test_entropy_is_that_of_torchs_bernoulli(digits_vae: Checkpoint) -> None:
    codes = np.random.default_rng(0).normal(size=(5, 2))
    p = torch.as_tensor(digits_vae.decode(codes), dtype=torch.float64)
    expected = torch.distributions.Bernoulli(p).entropy().flatten(1).mean(1)
    measured = surfaces.pixel_entropy(digits_vae, codes)
    np.testing.assert_allclose(measured, expected, rtol=1e-6)
    assert (measured <= math.log(2)).all()


@pytest.mark.parametrize("name", ["digits_vae", "digits_autoencoder", "table_autoencoder"])
@pytest.mark.slow
def test_sensitivity_is_the_norm_of_torchs_jacobian(name: str, request: pytest.FixtureRequest) -> None:
    checkpoint: Checkpoint = request.getfixturevalue(name)
    codes = np.random.default_rng(0).normal(size=(3, checkpoint.latent_dim)).astype(np.float32)
    directions = np.random.default_rng(1).normal(size=(2, checkpoint.latent_dim))
    measured = surfaces.sensitivity(checkpoint, codes, directions)
    for code, value in zip(codes, measured, strict=True):
        jacobian = torch.autograd.functional.jacobian(
            lambda z: checkpoint.model.input(checkpoint.model.decode(z[None])).flatten(), torch.tensor(code)
        )
        expected = (jacobian.double() @ torch.tensor(directions).T).norm()
        assert value == pytest.approx(float(expected), rel=1e-4)


def test_levels_of_a_flat_surface_are_one() -> None:
    grid = Grid(np.arange(5.0), np.arange(4.0))
    (level,) = surfaces.level_contours(lambda places: np.ones(len(places)), grid)
    assert level == (1.0, [])
    levels = surfaces.level_contours(lambda places: places[:, 0], grid, (0.25, 0.75))
    assert [value for value, _ in levels] == [1, 3]
    np.testing.assert_allclose(levels[0][1][0][:, 0], 1)
