"""Columns found by their names: which other one may be meant is said once, best matches first."""

from __future__ import annotations

import pytest

from explorer.core.errors import DataError
from explorer.data.column_names import matched_columns


def hint(wanted: list[str], names: list[str]) -> str:
    with pytest.raises(DataError) as caught:
        matched_columns(wanted, names, "new.csv")
    return caught.value.hint


def test_places_are_those_of_the_names() -> None:
    assert matched_columns(["b", "a"], ["a", "x", "b"], "new.csv") == [2, 0]


def test_a_foreign_column_is_meant_by_one_alone() -> None:
    said = hint(["depth", "width", "height"], ["Width", "length", "height"])
    assert "Is 'Width' meant by 'width'?" in said
    assert said.count("meant by") == 1  # 'length' is like neither


def test_the_most_alike_are_paired_first() -> None:
    said = hint(["temp in", "temp out"], ["Temp Out", "temp_in"])
    assert "'temp_in' meant by 'temp in'" in said
    assert "'Temp Out' meant by 'temp out'" in said.replace("Is", "is")


def test_a_name_that_goes_on_may_be_meant() -> None:
    assert "Is 'speed [m/s]' meant by 'speed'?" in hint(["speed"], ["speed [m/s]", "n"])


def test_capitals_do_not_count() -> None:
    assert "Is 'WIDTH' meant by 'width'?" in hint(["width"], ["WIDTH", "n"])
