"""Maps of codes: a contract over every kind, PCA against its definition, and how far a map can be trusted."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.core.errors import ExplorerError
from explorer.latent import projection


@pytest.fixture(scope="module")
def codes():
    """Three well separated groups of 30 codes in 5 dimensions."""
    centres = 10 * np.eye(5)[:3]
    return np.concatenate([np.random.default_rng(i).normal(c, 0.5, (30, 5)) for i, c in enumerate(centres)])


@pytest.fixture(scope="module", params=["pca", "tsne", pytest.param("umap", marks=pytest.mark.slow)])
def fitted(request, codes):
    """Of each kind: fitted, the places of the codes, and the shares that it told on the way."""
    told = []
    projector = projection.REGISTRY[request.param](seed=1)
    return projector, projector.fit_transform(codes, told.append), told


def test_neighbours_stay_together(fitted, codes):
    _, places, _ = fitted
    assert places.shape == (90, 2)
    distances = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(distances, np.inf)
    groups = np.repeat([0, 1, 2], 30)
    assert (groups[distances.argmin(1)] == groups).mean() > 0.95


def test_new_codes_are_placed_in_their_group_and_move_nothing(fitted, codes):
    projector, places, _ = fitted
    new = projector.transform(codes[[3, 40, 77]] + 0.01)
    for place, group in zip(new, range(3), strict=True):
        centres = places.reshape(3, 30, 2).mean(1)
        assert np.linalg.norm(centres - place, axis=1).argmin() == group
    np.testing.assert_allclose(projector.transform(codes), places, atol=1e-4)


def test_the_seed_fixes_the_map_watched_or_not(fitted, codes):
    projector, places, _ = fitted
    np.testing.assert_array_equal(type(projector)(seed=1).fit_transform(codes), places)


def test_every_kind_says_what_it_is():
    for kind in projection.REGISTRY.values():
        assert kind.title
        assert kind.summary.endswith(".")
        assert kind.placing.endswith(".")


def test_pca_is_the_leading_singular_vectors_and_its_inverse_lies_on_the_plane(codes):
    projector = projection.PCA()
    places = projector.fit_transform(codes)
    centred = codes - codes.mean(0)
    _, values, rows = np.linalg.svd(centred, full_matrices=False)
    np.testing.assert_allclose(np.abs(places), np.abs(centred @ rows[:2].T), atol=1e-9)
    assert projector.explained_ == pytest.approx((values[:2] ** 2).sum() / (values**2).sum())
    np.testing.assert_allclose(projector.transform(projector.inverse(places)), places, atol=1e-9)


@pytest.mark.slow
def test_a_code_of_one_dimension_lies_on_a_line():
    places = projection.PCA().fit_transform(np.arange(6.0)[:, None])
    assert np.ptp(places[:, 0]) == pytest.approx(5)
    assert not places[:, 1].any()
    assert projection.TSNE().fit_transform(np.arange(6.0)[:, None]).shape == (6, 2)


def test_raw_pair_picks_its_columns(codes):
    np.testing.assert_array_equal(projection.RawPair(i=4, j=0).fit_transform(codes), codes[:, [4, 0]])
    with pytest.raises(ExplorerError, match="no pair"):
        projection.RawPair(i=0, j=5).fit(codes)


def test_a_map_is_taken_up_again_without_fitting(fitted, codes):
    projector, places, _ = fitted
    if not isinstance(projector, projection.IterativeProjector):
        return
    new = codes[[3, 40, 77]] + 0.01
    again = type(projector)(seed=1).restore(codes, places)
    np.testing.assert_array_equal(again.places_, places)
    np.testing.assert_allclose(again.transform(new), projector.transform(new), atol=1e-3)
    np.testing.assert_array_equal(again.places_, places)


def test_progress_rises_to_the_end(fitted):
    projector, _, told = fitted
    assert told == sorted(told)
    if isinstance(projector, projection.IterativeProjector):
        assert len(told) > 3
        assert told[-1] == 1


@pytest.mark.parametrize("kind", ["pca", "tsne", pytest.param("umap", marks=pytest.mark.slow)])
@pytest.mark.parametrize("n", [1, 2, 3, 50])
def test_codes_that_are_all_the_same_or_very_few_have_a_place(kind: str, n: int):
    """scikit-learn's t-SNE ends the whole process on equal codes, umap-learn fails on two."""
    same = np.full((n, 3), 0.3)
    projector = projection.REGISTRY[kind](0)
    np.testing.assert_allclose(projector.fit_transform(same), np.zeros((n, 2)), atol=1e-12)
    assert np.isfinite(projector.transform(same[:1] + 1)).all()
    few = np.eye(3)[np.arange(n) % min(n, 3)]
    places = projection.REGISTRY[kind](0).fit_transform(few)
    gaps = np.linalg.norm(few[:, None] - few[None], axis=2)
    np.testing.assert_allclose(np.linalg.norm(places[:, None] - places[None], axis=2), gaps, atol=1e-9)


@pytest.mark.parametrize("kind", ["tsne", pytest.param("umap", marks=pytest.mark.slow)])
@pytest.mark.parametrize("unit", [1e-30, 1e30])
@pytest.mark.slow
def test_codes_in_any_unit_have_places(kind: str, unit: float):
    codes = unit * np.random.default_rng(0).normal(size=(30, 3))
    projector = projection.REGISTRY[kind](0)
    assert np.isfinite(projector.fit_transform(codes)).all()
    assert np.isfinite(projector.transform(codes[:2] + 1)).all()


class FirstTwo(projection.IterativeProjector):
    """Lays codes out by their first two numbers, at once."""

    title, summary, placing = "First two", "As they are.", "As they are."

    def _lay_out(self, codes, progress):
        if progress:
            progress(1.0)
        return self.restore(codes, codes[:, :2])

    def transform(self, codes):
        return self._among_nearest(codes)


def test_of_very_many_codes_a_sample_is_laid_out_and_the_others_placed_among_it(codes, monkeypatch):
    from sklearn.neighbors import NearestNeighbors

    monkeypatch.setattr(projection, "MOST_LAID_OUT", 60)
    monkeypatch.setattr(projection, "LAID_OUT", 45)
    monkeypatch.setattr(projection, "PART", 32)
    told = []
    projector = FirstTwo()
    places = projector.fit_transform(codes, told.append)
    sample = projection.laid_out(len(codes))
    assert len(sample) == len(projector.codes_) == 45
    assert sample[-1] >= len(codes) - 2, "spread over all"
    np.testing.assert_allclose(places[sample], codes[sample, :2])
    others = np.setdiff1d(np.arange(len(codes)), sample)
    distances, nearest = NearestNeighbors(n_neighbors=5).fit(codes[sample]).kneighbors(codes[others])
    weights = 1 / distances**2
    expected = (weights[:, :, None] * codes[sample][nearest][:, :, :2]).sum(1) / weights.sum(1, keepdims=True)
    np.testing.assert_allclose(places[others], expected)
    assert told == sorted(told)
    assert told[-1] == 1
    assert "45 of them" in projection.laid_out_in_words(len(codes))
    assert not projection.laid_out_in_words(60)


def test_pca_of_very_many_codes_is_that_of_few(codes, monkeypatch):
    expected, few = projection.PCA(), projection.PCA()
    places = expected.fit_transform(codes)
    monkeypatch.setattr(projection, "MANY_CODES", 50)
    monkeypatch.setattr(projection, "PART", 32)
    np.testing.assert_allclose(few.fit_transform(codes), places, atol=1e-9)
    assert few.explained_ == pytest.approx(expected.explained_)
    np.testing.assert_allclose(few.inverse(places), expected.inverse(places), atol=1e-9)
