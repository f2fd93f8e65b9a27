"""The values of rows that a map sends, and the words on them."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest

from explorer.core.written import cut
from explorer.data import Dataset, Splits
from explorer.data.beside import ItemColumn
from explorer.ui.shell.vector_items import VectorItems
from explorer.views import item_words, row_values


class Encoded(VectorItems):
    """The same rows with a model."""

    @property
    def model(self) -> object:  # type: ignore[override]
        return object()


def rows(n: int, *, of: type[VectorItems] = Encoded) -> VectorItems:
    """Rows of two columns, of which the first is normal: its quantiles are known."""
    normal = [NormalDist(5, 2).inv_cdf((i + 0.5) / n) for i in range(n)]
    x = np.stack([normal, np.full(n, 3.0)], axis=1)
    every = np.arange(n)
    splits = Splits(every, every[:0], every[:0], "")
    data = Dataset("d", "D", x, None, (), splits, "", "", "0" * 64, feature_names=("height", "same"))
    return of(data, every, "all")


def test_numbers_have_their_median_and_spread_and_categories_their_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    sort = ItemColumn("sort", "category", np.array([0, 1, 1, -1] * 100), ("a", "b"))
    day = ItemColumn("day", "date", np.full(400, 86_400.0))
    told = ItemColumn("told", "text", np.array(["<script>"] * 400))
    beside = {"sort": sort, "day": day, "told": told}
    height, same, of_sort, of_day = row_values.row_columns(rows(400), beside)
    assert (height.name, same.name, of_sort.name, of_day.kind) == ("height", "same", "sort", "date")
    assert height.middle == pytest.approx(5)
    assert height.spread == pytest.approx(2, rel=0.02)
    assert (same.middle, same.spread) == (3, 1), "what never varies is never unusual"
    assert of_sort.shares == pytest.approx((1 / 3, 2 / 3))
    assert np.isnan(of_sort.values[3])
    assert len(row_values.row_columns(rows(400, of=VectorItems), beside)) == 4
    monkeypatch.setattr(row_values, "MAX_OWN", 1)
    without = row_values.row_columns(rows(400, of=VectorItems), beside)
    assert [one.name for one in without] == ["sort", "day"], "in place of a vector's own numbers"
    assert [one.name for one in row_values.row_columns(rows(400, of=VectorItems), {"told": told})] == ["height", "same"]


def test_more_values_than_a_browser_is_sent_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_values, "MAX_NUMBERS", 799)
    assert row_values.row_columns(rows(400), {}) == ()
    assert len(row_values.row_columns(rows(399), {})) == 2


def test_a_text_is_cut_after_a_word_and_says_its_length() -> None:
    assert cut("one two three", 13) == "one two three"
    assert cut("one two three", 9) == "one two … (13 letters)"
    assert cut("onetwothree", 6) == "onetwo … (11 letters)"
    assert item_words.described({"n": ItemColumn("n", "number", np.ones(2))}) == []
