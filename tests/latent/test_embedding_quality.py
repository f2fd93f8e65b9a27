"""How far a map can be trusted, against scikit-learn and against maps whose trust is known."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.manifold import trustworthiness
from sklearn.model_selection import LeaveOneOut, cross_val_score
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors

from explorer.core.errors import ExplorerError
from explorer.latent import embedding_quality


@pytest.fixture(scope="module")
def codes() -> np.ndarray:
    """Three groups of 40 codes in 5 dimensions."""
    centres = 2 * np.eye(5)[:3]
    return np.concatenate([np.random.default_rng(i).normal(c, 1, (40, 5)) for i, c in enumerate(centres)])


LABELS = np.repeat([0, 1, 2], 40)


def test_curves_are_scikit_learns_trustworthiness_both_ways(codes: np.ndarray) -> None:
    places = codes[:, :2]
    quality = embedding_quality.curves(codes, places)
    assert quality.n == 120
    assert quality.ks.tolist() == [k for k in embedding_quality.KS if k < 60]
    for k, t, c in zip(quality.ks, quality.trustworthiness, quality.continuity, strict=True):
        assert t == pytest.approx(trustworthiness(codes, places, n_neighbors=k), abs=1e-12)
        assert c == pytest.approx(trustworthiness(places, codes, n_neighbors=k), abs=1e-12)


def test_a_map_that_loses_nothing_has_full_trust(codes: np.ndarray) -> None:
    flat = np.pad(codes[:, :2], ((0, 0), (0, 3)))
    quality = embedding_quality.curves(flat, codes[:, :2])
    assert (quality.trustworthiness == 1).all()
    assert (quality.continuity == 1).all()
    assert (embedding_quality.neighbour_share(flat, codes[:, :2], 7) == 1).all()


def test_many_items_are_thinned(monkeypatch: pytest.MonkeyPatch, codes: np.ndarray) -> None:
    monkeypatch.setattr(embedding_quality, "MAX_CURVE_ITEMS", 60)
    assert embedding_quality.curves(codes, codes[:, :2]).n == 60


def test_shares_are_those_counted_by_hand(codes: np.ndarray) -> None:
    places = codes[:, :2]
    truly, on_map = (NearestNeighbors(n_neighbors=6).fit(x).kneighbors(return_distance=False) for x in (codes, places))
    expected = [len({*a} & {*b}) / 6 for a, b in zip(truly, on_map, strict=True)]
    np.testing.assert_allclose(embedding_quality.neighbour_share(codes, places, 6), expected)
    np.testing.assert_allclose(
        embedding_quality.neighbour_share(codes, places, 6, np.array([3, 50])), np.array(expected)[[3, 50]]
    )


def test_shares_of_a_map_without_meaning_are_those_of_chance() -> None:
    random = np.random.default_rng(0)
    share = embedding_quality.neighbour_share(random.normal(size=(800, 4)), random.normal(size=(800, 2)), 40)
    assert share.mean() == pytest.approx(40 / 799, abs=0.01)


def test_items_that_coincide_have_neighbours_other_than_themselves() -> None:
    same = np.zeros((30, 2))
    assert embedding_quality.neighbour_share(same, same, 5).shape == (30,)
    assert embedding_quality._nearest_others(same, np.arange(30), np.arange(30), 5).shape == (30, 5)


def test_among_many_items_neighbours_are_found_among_references(
    monkeypatch: pytest.MonkeyPatch, codes: np.ndarray
) -> None:
    monkeypatch.setattr(embedding_quality, "MAX_REFERENCES", 50)
    assert (embedding_quality.neighbour_share(codes[:, :2], codes[:, :2], 9) == 1).all()


def test_a_spot_is_the_mean_around_an_item(codes: np.ndarray) -> None:
    places = codes[:, :2]
    shares = embedding_quality.neighbour_share(codes, places, 5)
    nearby = NearestNeighbors(n_neighbors=6).fit(places).kneighbors(places[[7]], return_distance=False)[0]
    spot = embedding_quality.spot(codes, places, 7, 5)
    assert spot.of_item == pytest.approx(shares[7])
    assert spot.around == pytest.approx(shares[nearby].mean())


@pytest.mark.slow
def test_accuracy_is_that_of_leave_one_out(codes: np.ndarray) -> None:
    for k in (1, 5, 8):
        expected = cross_val_score(KNeighborsClassifier(k), codes, LABELS, cv=LeaveOneOut()).mean()
        quality = embedding_quality.knn_accuracy(codes, LABELS, k)
        assert quality.value == pytest.approx(expected)
        assert quality.n == 120
        assert quality.low < quality.value < quality.high


def test_items_without_a_label_take_no_part(codes: np.ndarray) -> None:
    labels = np.where(np.arange(120) % 2, LABELS, -1)
    assert (
        embedding_quality.knn_accuracy(codes, labels, 3).count
        == embedding_quality.knn_accuracy(codes[1::2], LABELS[1::2], 3).count
    )


def test_too_few_items_say_so() -> None:
    few = np.random.default_rng(0).normal(size=(4, 3))
    with pytest.raises(ExplorerError, match="too few"):
        embedding_quality.curves(few, few[:, :2])
    with pytest.raises(ExplorerError, match="too few"):
        embedding_quality.neighbour_share(few, few[:, :2], 4)
    with pytest.raises(ExplorerError, match="too few"):
        embedding_quality.spot(few, few[:, :2], 0, 4)
    with pytest.raises(ExplorerError, match="too few"):
        embedding_quality.knn_accuracy(few, np.array([0, 1, -1, -1]), 2)
