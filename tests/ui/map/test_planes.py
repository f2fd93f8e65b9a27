"""Codes laid flat: the planes, the way back from them, slow maps, and where a new code lies."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from sklearn import decomposition

from explorer.checkpoints import Checkpoint
from explorer.core.errors import ExplorerError
from explorer.data import Dataset
from explorer.latent.projection_worker import Layouts
from explorer.ui.map import planes
from explorer.ui.shell import cache
from explorer.ui.shell.session import Context


@pytest.fixture
def plain(digits_autoencoder: Checkpoint, digits: Dataset) -> Context:
    return Context(digits_autoencoder, digits, *cache.rows_for(digits_autoencoder, digits))


@pytest.fixture
def flat(digits_vae: Checkpoint, digits: Dataset) -> Context:
    return Context(digits_vae, digits, *cache.rows_for(digits_vae, digits))


def test_a_two_dimensional_code_is_its_own_map(flat: Context) -> None:
    shown = planes.plane(flat)
    np.testing.assert_allclose(shown.points, flat.codes(), rtol=1e-6)
    assert shown.lift is not None
    np.testing.assert_allclose(shown.lift.codes(shown.points), flat.codes(), rtol=1e-5)


def test_the_way_back_from_pca_is_that_of_scikit_learn(plain: Context) -> None:
    shown = planes.plane(plain)
    oracle = decomposition.PCA(2, svd_solver="full").fit(plain.codes().astype(np.float64))
    assert shown.lift is not None
    np.testing.assert_allclose(shown.lift.codes(shown.points), oracle.inverse_transform(shown.points), rtol=1e-6)


def test_a_raw_pair_is_decoded_with_the_others_at_their_medians(plain: Context) -> None:
    shown = planes.plane(plain, "pair", (3, 1))
    assert shown.axes == ("z4", "z2")
    assert shown.lift is not None
    code = shown.lift.codes(np.array([[7.0, -8.0]]))[0]
    medians = np.median(plain.codes(), axis=0)
    np.testing.assert_allclose(code, [medians[0], -8, medians[2], 7], rtol=1e-6)


@pytest.mark.parametrize(("kind", "pair"), [("pca", (0, 1)), ("pair", (2, 0))])
def test_the_way_to_a_plane_is_linear(plain: Context, kind: str, pair: tuple[int, int]) -> None:
    shown = planes.plane(plain, kind, pair)
    assert shown.drop is not None
    origin, matrix = shown.drop
    np.testing.assert_allclose((plain.codes() - origin) @ matrix, shown.points, atol=1e-5)


def test_what_cannot_be_laid_flat_says_why(plain: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ExplorerError, match="needs 4 items"):
        planes.plane(dataclasses.replace(plain, rows=plain.rows[:3]))
    monkeypatch.setattr(Context, "codes", lambda self: np.full((len(self.rows), 4), np.nan))
    with pytest.raises(ExplorerError, match="not finite"):
        planes.plane(plain)


@pytest.mark.slow
def test_a_slow_map_is_there_once_it_is_laid_out(plain: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    layouts_here = Layouts()
    monkeypatch.setattr(planes, "layouts", lambda: layouts_here)
    few = plain.thinned(40)
    assert planes.slow_plane(few, "tsne", 5) is None
    planes.start_layout(few, "tsne", 5).wait(120)
    shown = planes.slow_plane(few, "tsne", 5)
    assert shown is not None
    assert shown.points.shape == (40, 2)
    assert shown.lift is None
    assert shown.drop is None
    assert "nearest items" in shown.note
    assert planes.slow_plane(few, "tsne", 6) is None, "another seed is another map"
    place = planes.mark(shown, few.codes()[7], np.ones(4), "here")
    np.testing.assert_allclose((place.x, place.y), shown.points[7], rtol=1e-6)
    assert place.ellipse is None


def test_the_ellipse_is_the_spread_of_codes_seen_on_the_plane(plain: Context) -> None:
    shown = planes.plane(plain)
    assert shown.drop is not None
    std = np.array([0.1, 2.0, 0.5, 1.0])
    code = plain.codes()[3]
    place = planes.mark(shown, code, std, "mine")
    np.testing.assert_allclose((place.x, place.y), shown.points[3], rtol=1e-5)
    assert place.ellipse is not None
    long, short, angle = place.ellipse
    drawn = shown.projector.transform(code + std * np.random.default_rng(0).normal(size=(40_000, 4)))
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    along = (drawn - shown.points[3]) @ turn.T
    np.testing.assert_allclose(along.std(0), (long, short), rtol=0.03)
    assert abs(np.corrcoef(along.T)[0, 1]) < 0.02
    assert planes.mark(shown, code, None, "mine").ellipse is None
