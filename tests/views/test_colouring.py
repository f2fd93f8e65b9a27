"""Scales of colour: their steps, their limits, and what has no place on them."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.core.palette import DIVERGING, SEQUENTIAL, UNLABELLED
from explorer.data.beside import ItemColumn
from explorer.views import colouring
from explorer.views.colouring import COLOUR_SCALES, by_column, by_value

X = np.linspace(1, 81, 8001)


def groups(colours: colouring.Colouring) -> np.ndarray:
    assert colours.groups is not None
    return colours.groups


def test_a_linear_scale_has_steps_of_one_width() -> None:
    colours = by_value(X, "linear")
    np.testing.assert_array_equal(groups(colours), np.minimum(np.floor((X - 1) / 10 + 1e-9), 7))
    assert colours.names[0] == "1.00 to 11.0"
    assert colours.note == "Linear from 1.00 to 81.0."
    assert colours.palette == SEQUENTIAL


def test_a_logarithmic_scale_has_steps_of_one_factor_and_names_what_is_not_above_0() -> None:
    values = np.r_[np.geomspace(1, 256, 4000), -1.0, 0.0, np.nan]
    colours = by_value(values, "logarithmic")
    expected = np.minimum(np.floor(np.log2(values[:4000]) + 1e-9), 7)
    np.testing.assert_array_equal(groups(colours)[:4000], expected)
    assert colours.names[8:] == ("0 or below", "missing (1)")
    np.testing.assert_array_equal(groups(colours)[4000:], [8, 8, 9])


def test_few_values_far_out_do_not_make_the_rest_one_colour() -> None:
    values = np.r_[X, 1e6, 2e6]
    colours = by_value(values, "linear")
    counts = np.bincount(groups(colours), minlength=8)
    assert counts.min() > 500
    assert colours.names[-1].startswith("from ")
    assert "items beyond have the colour of their end" in colours.note


@pytest.mark.parametrize(("shift", "middle"), [(0.0, 0.0), (100.0, 100.0)])
def test_a_diverging_scale_has_its_middle_at_0_where_values_lie_on_both_sides(shift: float, middle: float) -> None:
    values = np.r_[np.linspace(-4, 1, 500), np.linspace(-1, 4, 500)] + shift
    colours = by_value(values, "diverging")
    assert colours.palette == DIVERGING
    np.testing.assert_array_equal(groups(colours) >= 4, values >= middle)
    # Both sides are as long as one another, whatever values there are.
    lopsided = by_value(np.linspace(-1, 7, 800), "diverging")
    assert groups(lopsided).min() == 3


@pytest.mark.parametrize("scale", COLOUR_SCALES)
def test_missing_values_are_grey_and_counted(scale: colouring.ColourScale) -> None:
    values = np.where(np.arange(len(X)) % 10 == 0, np.nan, X)
    colours = by_value(values, scale)
    assert colours.names[-1] == f"missing ({np.isnan(values).sum():,})"
    assert colours.palette[-1] == UNLABELLED
    np.testing.assert_array_equal(groups(colours) == len(colours.names) - 1, np.isnan(values))


@pytest.mark.parametrize("scale", COLOUR_SCALES)
@pytest.mark.parametrize("values", [[np.nan] * 3, [2.0] * 3, [2.0, np.nan, 2.0], [-1.0, -1.0, -2.0]])
def test_nothing_to_scale_is_no_error(scale: colouring.ColourScale, values: list[float]) -> None:
    colours = by_value(np.array(values), scale)
    assert colours.groups is None or colours.groups.max() < len(colours.names)


def test_categories_have_a_colour_each_and_the_rare_ones_share_one() -> None:
    values = np.r_[np.repeat(np.arange(50), 60 - np.arange(50)), -1]
    column = ItemColumn("c", "category", values, tuple(f"n{i}" for i in range(50)))
    colours = by_column(column)
    assert len(colours.names) == colouring.MOST_CLASSES + 2
    assert colours.names[-2:] == ("10 others", "missing (1)")
    np.testing.assert_array_equal(groups(colours), np.where(values < 0, 41, np.minimum(values, 40)))
    assert "40 commonest" in colours.note
    assert colours.names[: colours.kinds] == column.names[:40]


def test_steps_of_a_quantity_have_no_name_on_a_map() -> None:
    assert by_value(X).kinds == 0
    assert by_column(ItemColumn("age", "number", X.astype(np.float64))).kinds == 0


def test_dates_are_named_as_such() -> None:
    days = np.datetime64("2024-01-01", "s").astype(float) + 86400 * np.arange(81.0)
    colours = by_column(ItemColumn("day", "date", days), "linear")
    assert colours.names[0] == "2024-01-01 to 2024-01-11"
