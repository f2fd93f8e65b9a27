"""Finding items by what is typed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.ui.latent_space.item_search import find

ROWS = np.array([2, 7, 50, 120, 125, 140, 141])
LABELS = np.array([0, 1, 2, 3, 0, 1, -1])
NAMES = ("T-shirt/top", "Shirt", "7", "bag, large")


@pytest.mark.parametrize(
    ("text", "positions"),
    [
        ("", []),
        ("7", [2]),
        ("row 7", [1]),
        ("rows:7", [1]),
        ("50", [2]),
        ("row 120-140", [3, 4, 5]),
        ("140 - 120", [3, 4, 5]),
        ("label:shirt", [1, 5]),
        ("Label shirt", [1, 5]),
        ("t-shirt/TOP", [0, 4]),
        ("top", [0, 4]),
        ("shirt, 2; row 141", [0, 1, 5, 6]),
    ],
)
def test_it_finds_labels_and_rows(text: str, positions: list[int]) -> None:
    hits = find(text, ROWS, LABELS, NAMES)
    assert hits.positions.tolist() == positions
    assert not hits.problems


def test_it_says_what_it_did_not_find() -> None:
    hits = find("zebra, row 3, shirt, row 9-1x", ROWS, LABELS, NAMES)
    assert hits.positions.tolist() == [1, 5]
    assert hits.problems == (
        "'zebra' is neither a label nor a row number.",
        "'row 3': none of the shown items.",
        "'row 9-1x' is neither a label nor a row number.",
    )


def test_without_labels_a_number_is_a_row() -> None:
    assert find("7", ROWS, None, ()).positions.tolist() == [1]
    assert find("shirt", ROWS, None, ()).problems


@pytest.mark.slow
@given(st.text(max_size=40))
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    hits = find(text, ROWS, LABELS, NAMES)
    assert set(hits.positions.tolist()) <= set(range(len(ROWS)))
