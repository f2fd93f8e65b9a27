"""Searching in the columns beside items."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.data.beside import ItemColumn
from explorer.ui.latent_space.item_search import find

DAYS = np.datetime64("2024-01-30", "s").astype(float) + 86400 * np.arange(4.0)
COLUMNS = {
    "age": ItemColumn("age", "number", np.array([20.0, 30.0, np.nan, 45.0])),
    "place": ItemColumn("place", "category", np.array([0, 1, -1, 0]), ("Paris", "Rome")),
    "note": ItemColumn("note", "text", np.array(["a red ball", "Blue", "", "reddish"])),
    "day": ItemColumn("day", "date", DAYS),
}


def hits(text: str) -> list[int]:
    labels = np.array([0, 1, 1, 0])
    return find(text, np.arange(1, 5), labels, ("cat", "dog"), (), COLUMNS).positions.tolist()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("age: > 25", [1, 3]),
        ("AGE: <= 30", [0, 1]),
        ("age: 25..46", [1, 3]),
        ("age: 46-25", [1, 3]),
        ("age: 30", [1]),
        ("age: missing", [2]),
        ("place: par", [0, 3]),
        ("place: missing", [2]),
        ("note: red", [0, 3]),
        ("day: 2024-01", [0, 1]),
        ("red", [0, 3]),
        ("rome", [1]),
        ("dog", [1, 2]),
        ("2", [1]),
        ("age: > 40, blue", [1, 3]),
    ],
)
def test_items_are_found_by_columns(text: str, expected: list[int]) -> None:
    assert hits(text) == expected


def test_what_no_column_has_is_said() -> None:
    found = find("green", np.arange(1, 5), None, (), (), COLUMNS)
    assert found.problems == ("'green' is neither a label nor a row number nor in a column.",)
    assert find("age: > 99", np.arange(1, 5), None, (), (), COLUMNS).problems == (
        "'age: > 99': none of the shown items.",
    )
