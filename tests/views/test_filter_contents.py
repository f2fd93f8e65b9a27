"""Columns as bars: every item in the bar that its title says."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.browser.filters.message import FilterColumn
from explorer.core.written import three_digits
from explorer.data.beside import ItemColumn
from explorer.views.filter_contents import BARS, MOST_VALUES, filter_column


def column(kind: str, values: object, names: tuple[str, ...] = ()) -> FilterColumn:
    bars = filter_column("c", ItemColumn("c", kind, np.asarray(values), names))  # type: ignore[arg-type]
    assert bars is not None
    return bars


def test_numbers_fall_into_bars_of_one_width() -> None:
    values = np.random.default_rng(0).uniform(0, 48, 3000)
    values[:3] = [0, 48, np.nan]
    bars = column("number", values)
    known = ~np.isnan(values)
    counts, _ = np.histogram(values[known], BARS)
    np.testing.assert_array_equal(np.bincount(bars.bars[known], minlength=BARS), counts)
    assert bars.bars[2] == BARS
    assert bars.titles[-1] == "missing"
    assert bars.missing
    assert bars.ordered
    assert bars.titles[0] == "0 to 2.00"


def test_numbers_over_powers_of_ten_fall_into_bars_of_one_factor() -> None:
    values = np.r_[1, 2 ** (np.arange(0, BARS, 0.25) + 0.125), 2.0**BARS]
    bars = column("number", values)
    expected = np.minimum(np.floor(np.log2(values) + 1e-9), BARS - 1)
    np.testing.assert_array_equal(bars.bars, expected)


def test_few_values_far_out_are_in_the_last_bar() -> None:
    values = np.r_[np.linspace(-1, 1, 2000), 1e6]
    bars = column("number", values)
    assert bars.titles[-1].endswith(f"to {three_digits(1e6)}")
    assert len(np.unique(bars.bars)) == BARS


def test_the_commonest_values_of_a_category_come_first_and_the_rare_ones_share_a_bar() -> None:
    n = MOST_VALUES + 5
    values = np.repeat(np.arange(n), 2 + np.arange(n))
    bars = column("category", np.r_[values, -1], tuple(f"n{i}" for i in range(n)))
    assert bars.titles[0] == f"n{n - 1}"
    assert bars.titles[-2:] == ("5 others", "missing")
    counts = np.bincount(bars.bars)
    assert counts[0] == n + 1
    assert counts[-2] == sum(2 + i for i in range(5))
    assert not bars.ordered


def test_grades_keep_their_order() -> None:
    assert column("category", [2, 2, 2, 0, 1, 1], ("1", "2", "10")).titles == ("1", "2", "10")


@pytest.mark.parametrize(
    ("kind", "values", "names"),
    [
        ("text", ["a", "b"], ()),
        ("number", [1.0, 1.0], ()),
        ("category", [0, 0], ("a", "b")),
        ("number", [np.nan] * 2, ()),
    ],
)
def test_what_cannot_be_brushed_has_no_bars(kind: str, values: list[object], names: tuple[str, ...]) -> None:
    assert filter_column("c", ItemColumn("c", kind, np.array(values), names)) is None  # type: ignore[arg-type]
