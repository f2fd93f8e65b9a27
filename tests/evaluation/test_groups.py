"""Groups of items against the rest: known tests, corrected, and honest where there is nothing to find."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from explorer.data.beside import ItemColumn
from explorer.evaluation.groups import GroupDifference, group_differences


def number(values: object) -> ItemColumn:
    return ItemColumn("x", "number", np.asarray(values, float))


def one(columns: dict[str, ItemColumn], chosen: np.ndarray) -> GroupDifference:
    (difference,) = group_differences(columns, chosen)
    return difference


def test_numbers_are_compared_by_every_pair() -> None:
    random = np.random.default_rng(0)
    values, chosen = random.integers(0, 9, 60).astype(float), random.random(60) < 0.4
    difference = one({"x": number(values)}, chosen)
    pairs = list(itertools.product(values[chosen], values[~chosen]))
    assert difference.effect == pytest.approx(np.mean([(a > b) + 0.5 * (a == b) for a, b in pairs]))
    assert (difference.selected, difference.rest) == (np.median(values[chosen]), np.median(values[~chosen]))


def test_a_value_is_compared_by_counting_hands_of_cards() -> None:
    """Fisher's test by its definition: all tables with the same margins that are no likelier."""
    has, chosen = np.arange(20) < 8, np.isin(np.arange(20), [0, 1, 2, 3, 4, 12])
    differences = group_differences({"k": ItemColumn("k", "category", has.astype(int), ("no", "yes"))}, chosen)
    likely = [math.comb(8, i) * math.comb(12, 6 - i) / math.comb(20, 6) for i in range(7)]
    expected = sum(p for p in likely if p <= likely[5] * (1 + 1e-9))
    assert [d.p for d in differences] == pytest.approx([expected] * 2)
    yes = next(d for d in differences if d.value == "yes")
    assert yes.effect == pytest.approx((5 / 6) / (3 / 14))
    assert yes.words == ("83.3 %", "21.4 %")


def test_the_correction_is_that_of_benjamini_and_hochberg() -> None:
    random = np.random.default_rng(1)
    chosen = np.arange(80) < 30
    columns = {f"c{i}": number(random.normal(size=80) + chosen * (0.8 if i < 4 else 0)) for i in range(12)}
    differences = group_differences(columns, chosen)
    p = [d.p for d in differences]
    assert p == sorted(p)
    # The paper's rule, as written: the largest k with p(k) <= k / m * q rejects the first k.
    for level in (0.01, 0.05, 0.2, 0.5):
        k = max((i for i in range(1, 13) if p[i - 1] <= i / 12 * level), default=0)
        assert sum(d.q <= level for d in differences) == k


def test_a_group_that_was_drawn_blindly_hardly_ever_differs() -> None:
    random = np.random.default_rng(2)
    columns = {f"c{i}": number(random.normal(size=60)) for i in range(10)}
    alarms = [any(d.q < 0.05 for d in group_differences(columns, random.permutation(60) < 20)) for _ in range(120)]
    assert np.mean(alarms) < 0.05 + 3 * math.sqrt(0.05 * 0.95 / 120)


def test_missing_values_are_compared_and_left_out_of_the_medians() -> None:
    chosen = np.arange(40) < 20
    values = np.where(np.arange(40) % 4 == 0, np.nan, np.arange(40.0))
    values[:20:2] = np.nan
    differences = {d.value: d for d in group_differences({"x": number(values)}, chosen)}
    assert differences["missing"].selected == pytest.approx(np.isnan(values[:20]).mean())
    assert differences[""].selected == np.nanmedian(values[:20])


def test_dates_are_written_as_such_and_text_is_not_compared() -> None:
    days = np.datetime64("2024-01-01", "s").astype(float) + 86400 * np.arange(11.0)
    columns = {"d": ItemColumn("d", "date", days), "t": ItemColumn("t", "text", np.array(["a"] * 11))}
    assert one(columns, np.arange(11) < 5).words == ("2024-01-03", "2024-01-08 12:00:00")


def test_one_item_is_no_group() -> None:
    assert group_differences({"x": number(range(9))}, np.arange(9) == 0) == []
