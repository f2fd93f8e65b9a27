"""A file that is scored by itself: against plants that anyone would find, and against counts."""

from __future__ import annotations

import numpy as np
import pytest

from explorer import novelty
from explorer.core.errors import DataError, ExplorerError
from explorer.data.base import Dataset
from explorer.novelty import contaminated
from explorer.novelty import detector as detectors
from explorer.novelty.detector import Detector
from explorer.novelty.detector_card import DetectorCard, ScorerSpec


class _Distance(novelty.KNN):
    """How far a number is from the middle of those it was fitted on, times a factor: a score whose truth is known."""

    def __init__(self, factor: float = 1.0) -> None:
        super().__init__()
        self.factor = factor

    def _fit_rows(self, rows: np.ndarray) -> None:
        self.middle_ = np.median(rows, 0)

    def _score_rows(self, rows: np.ndarray, present: np.ndarray) -> np.ndarray:
        return self.factor * np.abs(rows - self.middle_).sum(1)


def _cross(
    x: np.ndarray, seen: list[np.ndarray] | None = None, factors: tuple[float, float] = (1, 1)
) -> contaminated.Contaminated:
    halves: list[np.ndarray] = [] if seen is None else seen

    def fit(rows: np.ndarray, progress: object) -> Detector:
        scorer = _Distance(factors[len(halves) % 2]).fit(x[rows])
        halves.append(rows)
        card = DetectorCard(
            kind="table", normal="", event_shape=(1,), n_fit=len(rows), n_calibration=0, scorer=ScorerSpec(name="pca")
        )
        return Detector(card, scorer, np.empty(0), x[rows])

    return contaminated.cross_fit(len(x), fit, lambda detector, rows: detector.score(x[rows]))


def _numbers(random: np.random.Generator, n: int, anomalous: int = 0) -> np.ndarray:
    x = random.normal(size=(n, 1))
    x[:anomalous] += 30
    return x.astype(np.float32)


def test_no_item_is_scored_by_a_detector_that_saw_it():
    seen: list[np.ndarray] = []
    result = _cross(_numbers(np.random.default_rng(0), 101), seen)
    assert sorted(np.concatenate(seen)) == list(range(101))
    assert not np.isnan(result.scores).any()
    assert len(result.detector.calibration) == result.detector.card.n_calibration == 101


def test_halves_that_differ_in_scale_alone_agree():
    x = _numbers(np.random.default_rng(1), 200)
    same, stretched = _cross(x), _cross(x, factors=(1, 7))
    np.testing.assert_allclose(same.scores, stretched.scores, rtol=1e-9)


def test_p_values_are_the_share_of_items_that_score_as_high():
    result = _cross(_numbers(np.random.default_rng(2), 80, anomalous=4))
    by_hand = [(result.scores >= score).mean() for score in result.scores]
    np.testing.assert_allclose(result.p_values, by_hand)


@pytest.mark.parametrize(("n", "share"), [(100, 0.05), (101, 0.1), (60, 0.2), (997, 0.013)])
def test_a_known_share_is_the_share_that_is_flagged(n: int, share: float):
    result = _cross(_numbers(np.random.default_rng(3), n, anomalous=round(share * n)))
    threshold = result.detector.threshold(contaminated.rate_for_share(share, n))
    flagged = result.scores > threshold.value
    assert flagged.sum() == round(share * n)
    assert set(np.flatnonzero(flagged)) == set(range(round(share * n)))


@pytest.mark.parametrize("anomalous", [0, 10])
def test_new_normal_items_raise_no_more_alarms_than_promised_over_200_draws(anomalous: int):
    random = np.random.default_rng(4)
    rates = []
    for _ in range(200):
        result = _cross(_numbers(random, 200, anomalous))
        fresh = result.detector.score(_numbers(random, 500))
        rates.append((fresh > result.detector.threshold(0.1).value).mean())
    mean, error = np.mean(rates), np.std(rates) / np.sqrt(len(rates))
    if anomalous:
        assert mean + 4 * error < 0.1, "odd items among those that set the threshold make it stricter"
    else:
        assert abs(mean - 0.1) < 4 * error + 0.005


def test_rows_without_any_value_have_no_score():
    x = _numbers(np.random.default_rng(5), 90)
    x[7] = np.nan
    result = _cross(x)
    assert list(np.flatnonzero(np.isnan(result.scores))) == [7]
    assert list(np.flatnonzero(np.isnan(result.p_values))) == [7]


def test_planted_rows_of_a_table_are_found_and_the_detector_is_kept(tmp_path):
    random = np.random.default_rng(6)
    values = random.normal(size=(300, 3))
    values[:, 2] = values[:, 0] + 0.1 * random.normal(size=300)
    values[:12, 2] += 3  # only the relation between two columns is odd
    cells = {name: [f"{v:.4f}" for v in column] for name, column in zip("abc", values.T, strict=True)}
    cells["place"] = random.choice(["north", "south"], 300).tolist()
    result = contaminated.fit_contaminated_table(cells, "rows.csv", share=12 / 300, scorer="knn")
    assert novelty.auroc(result.scores, np.arange(300) < 12).value > 0.97
    kept = detectors.load(result.detector.save(tmp_path / "mixed.safetensors"))
    x = kept.encode(cells)
    np.testing.assert_allclose(kept.score(x), result.detector.score(x))
    assert "known to be normal" in " ".join(kept.card.notes)


@pytest.mark.parametrize(("anomalous", "share"), [(24, 0.08), (14, None)])
def test_anomalous_rows_that_stand_close_together_are_not_learnt_as_normal(anomalous: int, share: float | None):
    """Anomalous rows in each half, all alike, are one another's nearest neighbours unless they are left out first."""
    random = np.random.default_rng(8)
    values = random.normal(size=(300, 3))
    values[:anomalous] = 5 + 0.05 * random.normal(size=(anomalous, 3))
    cells = {name: [f"{v:.4f}" for v in column] for name, column in zip("abc", values.T, strict=True)}
    result = contaminated.fit_contaminated_table(cells, "rows.csv", share=share, scorer="knn")
    assert novelty.auroc(result.scores, np.arange(300) < anomalous).value > 0.99
    distances = np.linalg.norm(result.detector.examples - result.detector.encode(_row(5, 5, 5)), axis=1)
    assert distances.min() > 1, "no odd row is among those that were learnt from"


@pytest.mark.slow
@pytest.mark.parametrize(("share", "left_out"), [(0.05, 0.1), (0.1, 0.2), (None, 0.1)])
def test_twice_the_known_share_is_left_out_of_each_half(share: float | None, left_out: float):
    cells = {"a": [f"{v:.4f}" for v in np.random.default_rng(9).normal(size=400)]}
    card = contaminated.fit_contaminated_table(cells, "rows.csv", share=share, scorer="knn").detector.card
    # Of the 200 rows of a half all are fitted on that are kept.
    assert card.n_fit == round((1 - left_out) * 200)


def _row(*values: float) -> dict[str, list[str]]:
    return {name: [str(value)] for name, value in zip("abc", values, strict=True)}


def test_planted_images_are_found(digits: Dataset):
    from dataclasses import replace

    zeros = digits.x[np.asarray(digits.labels) == 0]
    noise = np.random.default_rng(7).integers(0, 256, (8, *zeros.shape[1:]), np.uint8)
    contaminated_digits = replace(
        digits, x=np.concatenate([noise, zeros]), labels=None, label_names=(), title="mixed.zip"
    )
    result = contaminated.fit_contaminated_images(contaminated_digits, scorer="pca")
    assert set(np.argsort(-result.scores)[:8]) == set(range(8))


def test_too_few_or_too_contaminated_is_refused():
    cells = {"a": [str(i) for i in range(20)]}
    with pytest.raises(DataError, match=r"rows\.csv has 20 rows"):
        contaminated.fit_contaminated_table(cells, "rows.csv")
    with pytest.raises(ExplorerError, match="70%"):
        contaminated.fit_contaminated_table({"a": [str(i) for i in range(80)]}, "rows.csv", share=0.7)
