"""The promised false-alarm rate is withdrawn where new items are not as the normal ones were, and only there."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from explorer.core.row_samples import Reservoir
from explorer.data.splits import split_rows
from explorer.novelty import detector as detectors
from explorer.novelty import drift
from explorer.novelty.detector import Detector
from explorer.novelty.drift import Watch, alarms_p_value, changed_columns, check_promise, fisher_p_value, ks_p_value
from explorer.novelty.fitting import Parts, of_checkpoint
from explorer.novelty.inputs import TableInput, open_upload
from explorer.novelty.profile import LEARNT_FROM, FeatureNames, Features, image_features
from explorer.novelty.table_fitting import fit_table
from tests.test_samples import _dataset

NAMES = FeatureNames(("a", "b", "c"), (("colour", ("red", "blue", "(another value)")),))


def made_up(n: int, random: np.random.Generator) -> Features:
    """Continuous, tied and partly missing numbers, and a category."""
    values = np.column_stack([random.normal(size=n), random.poisson(2.0, n), random.exponential(size=n)])
    values[random.random(n) < 0.1, 2] = np.nan
    return Features(values, random.choice(3, (n, 1), p=[0.7, 0.29, 0.01]))


# --- How often it is wrong ------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(("n", "m"), [(17, 60), (200, 500), (500, 30)])
def test_columns_that_have_not_changed_are_seldom_named(n: int, m: int) -> None:
    """At a level of 5 %, so that 400 draws can tell: at most so many are wrong but for chance (one in 10,000)."""
    random = np.random.default_rng(0)
    draws, level = 400, 0.05
    wrong = sum(bool(changed_columns(NAMES, made_up(n, random), made_up(m, random), level)) for _ in range(draws))
    assert wrong <= stats.binom.ppf(1 - 1e-4, draws, level)


@pytest.mark.parametrize(("n", "m", "rate"), [(200, 500, 0.05), (37, 1000, 0.1), (1000, 50, 0.01)])
def test_alarms_at_the_promised_rate_are_seldom_too_many(n: int, m: int, rate: float) -> None:
    """Over calibration sets and new items of one distribution, p-values are uniform, but for steps of whole alarms."""
    random = np.random.default_rng(1)
    p_values = []
    for _ in range(600):
        calibration, scores = np.sort(random.normal(size=n)), random.normal(size=m)
        threshold = detectors.threshold_for(calibration, rate).value
        above = int((calibration > threshold).sum())
        p_values.append(alarms_p_value(int((scores > threshold).sum()), m, above, n))
    for level in (0.01, 0.05, 0.3):
        wrong = np.mean(np.array(p_values) <= level)
        assert wrong <= level + 4 * np.sqrt(level * (1 - level) / 600)
    # The steps are small where alarms are many: there the test is not timid either.
    if rate * m > 20:
        assert np.mean(np.array(p_values) <= 0.3) >= 0.3 - 4 * np.sqrt(0.21 / 600) - 0.03


def test_the_number_of_alarms_follows_the_beta_binomial() -> None:
    """Against scipy's distribution function, and for one calibration score: then all numbers are as likely."""
    for alarms, items, above, n in ((3, 40, 4, 99), (500, 500, 9, 200), (1, 7, 0, 20)):
        expected = stats.betabinom(items, above + 1, n - above).sf(alarms - 1)
        assert alarms_p_value(alarms, items, above, n) == pytest.approx(expected, rel=1e-6)
    assert alarms_p_value(3, 9, 0, 1) == pytest.approx(7 / 10)
    assert alarms_p_value(0, 9, 0, 1) == 1.0


@pytest.mark.parametrize(("n", "m"), [(5, 400), (50, 60), (500, 500)])
def test_the_two_sample_bound_is_above_the_exact_probability(n: int, m: int) -> None:
    random = np.random.default_rng(2)
    for shift in (0.0, 0.3, 1.0, 3.0):
        first, second = random.normal(size=n), random.normal(shift, size=m)
        exact = stats.ks_2samp(first, second, method="exact").pvalue
        assert exact <= ks_p_value(first, second) * (1 + 1e-9)
        if min(n, m) >= 50 and exact < 1e-3:  # not so far above that it finds nothing
            assert ks_p_value(first, second) <= max(200 * exact, 1e-9)


def test_shares_are_compared_by_fishers_exact_test() -> None:
    for count, n, new, m in ((0, 200, 9, 50), (20, 200, 30, 300), (3, 10, 0, 400)):
        tables = [[count, n - count], [new, m - new]]
        smaller = min(stats.fisher_exact(tables, alternative=side).pvalue for side in ("less", "greater"))
        assert fisher_p_value(count, n, new, m) == pytest.approx(min(1.0, 2 * smaller), rel=1e-9)


# --- What it finds --------------------------------------------------------------------------------------------------


def test_what_has_changed_is_named_and_said() -> None:
    random = np.random.default_rng(3)
    normal = made_up(1000, random)
    new = made_up(300, random)
    new.numbers[:, 0] += 20
    new.numbers[:, 1] += random.random(300) < 0.6
    new.numbers[:200, 2] = np.nan
    new.codes[:, 0] = 2
    changes = {change.name: change.words for change in changed_columns(NAMES, normal, new, drift.LEVEL)}
    assert set(changes) == {"a", "b", "c", "colour"}
    assert "outside what was learnt" in changes["a"]
    assert "has moved" in changes["b"]
    assert "is missing in" in changes["c"]
    assert "is (another value) in 100.0% of the items, learnt" in changes["colour"]
    assert not changed_columns(NAMES, normal, made_up(300, random), drift.LEVEL)


def test_rows_that_values_were_learnt_from_do_not_count_for_them() -> None:
    """The values of a category are those of the training rows: these have no other, while one in ten new rows may."""
    random = np.random.default_rng(4)
    names = FeatureNames((), (("colour", ("red", "(another value)")),))
    codes = np.zeros((1000, 1), np.int64)
    codes[800:] = random.random((200, 1)) < 0.1
    normal = Features(np.empty((1000, 0)), codes)
    new = Features(np.empty((500, 0)), (random.random((500, 1)) < 0.1).astype(np.int64))
    assert changed_columns(names, normal, new, drift.LEVEL)
    apart = normal.without_codes(np.arange(1000) < 800)
    assert (apart.codes[:800] == LEARNT_FROM).all()
    assert not changed_columns(names, apart, new, drift.LEVEL)


# --- In a stream ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_reservoir_keeps_each_row_of_a_stream_as_likely_as_any_other() -> None:
    draws, n, kept = 2000, 60, 12
    counts: Counter[int] = Counter()
    for seed in range(draws):
        reservoir, rows, start = Reservoir(kept, seed), np.empty(0, np.int64), 0
        for size in (1, 0, 20, 5, 34):
            stay, come = reservoir.choose(size)
            rows, start = np.concatenate([rows[stay], start + come]), start + size
        assert len(rows) == kept
        counts.update(rows.tolist())
    share = kept / n
    chances = np.array([counts[row] for row in range(n)]) / draws
    assert np.abs(chances - share).max() < 5 * np.sqrt(share * (1 - share) / draws)


def test_what_is_watched_stays_with_its_position_and_within_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drift, "rows_kept", lambda names: 100)
    watch = Watch(NAMES)
    everything = np.arange(5000.0)
    for start in range(0, 5000, 700):
        part = everything[start : start + 700]
        watch.add(len(part), lambda rows, part=part: Features(np.tile(part[rows, None], 3), rows[:, None] * 0))
    features, positions = watch.sample()
    assert features is not None
    assert len(features) == 100
    np.testing.assert_array_equal(features.numbers[:, 0], positions)
    assert positions.min() < 500 < 4500 < positions.max()


# --- With a detector ------------------------------------------------------------------------------------------------


def table(n: int, seed: int, first: float = 0.0, shift: float = 0.0) -> TableInput:
    random = np.random.default_rng(seed)
    columns = [first + np.arange(n), shift + random.normal(size=n), random.normal(size=n)]
    kinds = random.choice(["red", "blue"], n)
    rows = [f"{t},{a:.4f},{b:.4f},{kind}" for t, a, b, kind in zip(*columns, kinds, strict=True)]
    from explorer.io.tables.asked import RolesAsked

    opened = open_upload("n.csv", "\n".join(["t,a,b,kind", *rows]).encode(), roles=RolesAsked(inputs=("t",)))
    assert isinstance(opened, TableInput)
    return opened


@pytest.fixture(scope="module")
def of_table() -> Detector:
    random = np.random.default_rng(0)
    fitted = fit_table(table(600, 0), scorer="knn", seed=int(random.integers(9)))
    return detectors.load(fitted.to_bytes())


def check(detector: Detector, new: TableInput, rate: float = 0.05) -> drift.PromiseCheck:
    from explorer.novelty.items import read_items

    items = read_items(detector, new)
    return check_promise(detector, detector.threshold(rate).value, detector.score(items.x), items.watched)


def test_a_column_that_goes_on_counting_withdraws_the_promise(of_table: Detector) -> None:
    result = check(of_table, table(500, 1, first=600))
    assert result.is_withdrawn
    assert result.too_many_alarms
    assert [change.name for change in result.changes] == ["t"]
    assert result.words.startswith("The promise of 4.99% false alarms is withdrawn: ")
    assert "500 items raise an alarm where 25 were to be expected" in result.words
    assert "`t` lies outside what was learnt (625 to 1070; learnt 0 to 599)" in result.words
    assert result.answer["withdrawn"] is True


def test_rows_as_the_normal_ones_keep_it(of_table: Detector) -> None:
    result = check(of_table, table(600, 2))
    assert not result.is_withdrawn
    assert result.words == ""
    assert result.answer["changed"] == []


def test_one_row_withdraws_nothing(of_table: Detector) -> None:
    assert not check(of_table, table(1, 3, first=5000)).is_withdrawn


def test_items_that_are_labelled_novel_do_not_count(of_table: Detector) -> None:
    from explorer.novelty.items import read_items

    normal = read_items(of_table, table(600, 4))
    odd = read_items(of_table, table(300, 5, shift=9.0))
    scores = np.concatenate([of_table.score(normal.x), of_table.score(odd.x)])
    (first, of_first), (second, of_second) = normal.watched, odd.watched
    assert first is not None
    assert second is not None
    watched = first.followed_by(second), np.concatenate([of_first, 600 + of_second])
    threshold = of_table.threshold(0.05).value
    assert check_promise(of_table, threshold, scores, watched).is_withdrawn
    labelled = check_promise(of_table, threshold, scores, watched, np.arange(900) >= 600)
    assert (labelled.is_withdrawn, labelled.items) == (False, 600)


def test_a_detector_without_a_profile_still_counts_alarms(of_table: Detector) -> None:
    old = replace(of_table, profile=None)
    loaded = detectors.load(old.to_bytes())
    assert loaded.profile is None
    result = check(loaded, table(500, 1, first=600))
    assert result.too_many_alarms
    assert result.changes == ()


def test_a_profile_comes_back_from_a_file(of_table: Detector) -> None:
    assert of_table.profile is not None
    again = detectors.load(of_table.to_bytes()).profile
    assert again is not None
    np.testing.assert_array_equal(again.numbers, of_table.profile.numbers)
    np.testing.assert_array_equal(again.codes, of_table.profile.codes)
    np.testing.assert_array_equal(np.sort(again.numbers[:, 0]), np.arange(600))


def test_darker_pictures_and_those_of_another_camera_withdraw_it() -> None:
    random = np.random.default_rng(0)
    x = np.clip(random.normal(120, 40, (900, 3, 8, 8)), 0, 255).astype(np.uint8)
    dataset = _dataset(x[:500], np.zeros(500, np.int64), split_rows(500, 0))
    rows = np.arange(500)
    detector = of_checkpoint(None, dataset, Parts(rows[:300], rows[300:350], rows[350:]), "pca")

    def result(new: np.ndarray) -> drift.PromiseCheck:
        seen = drift.watched(detector.feature_names, len(new), lambda chosen: image_features(new[chosen]))
        return check_promise(detector, detector.threshold(0.05).value, detector.score(new), seen)

    new = x[500:]
    assert not result(new).is_withdrawn
    darker = {change.name for change in result((new * 0.7).astype(np.uint8)).changes}
    assert {"brightness", "contrast"} <= darker
    reddish = np.clip(new + np.array([9, 0, -9])[:, None, None], 0, 255).astype(np.uint8)
    assert {change.name for change in result(reddish).changes} == {"red part", "blue part"}
    blurred = ((new[..., :-1].astype(int) + new[..., 1:]) // 2).astype(np.uint8)
    assert "sharpness" in {change.name for change in result(np.concatenate([blurred, blurred[..., -1:]], -1)).changes}
