"""Numbers as pages write them."""

from __future__ import annotations

import pytest

from explorer.ui.widgets.text import plain, three_digits, weights, with_code


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.01234, "0.0123"),
        (4.561, "4.56"),
        (9.996, "10.0"),
        (99.97, "100"),
        (-0.9999, "-1.00"),
        (78.9, "78.9"),
        (1234.5, "1,234"),
        (1.234e-9, "1.23e-09"),
    ],
)
def test_three_digits_are_three_also_where_rounding_makes_a_number_longer(value: float, text: str) -> None:
    assert three_digits(value) == text


def test_what_stands_between_backticks_is_code_and_nothing_else_is() -> None:
    assert with_code("`a_b` left out: *x*") == r"`a_b` left out\: \*x\*"
    assert with_code("a ` b_") == plain("a ` b_")
    assert with_code("`` :red[x]") == plain(" :red[x]")


@pytest.mark.parametrize(
    ("number", "text"), [(1_914, "1,914 weights"), (99_999, "99,999 weights"), (1_065_108, "1.07 M weights")]
)
def test_weights_are_in_millions_where_there_are_that_many(number: int, text: str) -> None:
    assert weights(number) == text
