"""Finding items by the columns beside them: a word in any text, a value or a range in a named column."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
from jaxtyping import Bool

from explorer.data.beside import ItemColumn

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_RANGE = re.compile(rf"\s*({_NUMBER})\s*(?:\.\.|–|-|to)\s*({_NUMBER})\s*")
_LIMIT = re.compile(rf"\s*([<>]=?|=)?\s*({_NUMBER})\s*")
MISSING = "missing"


def by_named_column(term: str, columns: Mapping[str, ItemColumn]) -> Bool[np.ndarray, " n"] | None:
    """Which items (n,) match ``name: value``; None where no column is called so, or the value is none of its kind.

    Of text and categories a part will do; of numbers ``3``, ``> 3`` or ``2..5``; of dates the beginning, such as
    ``2024-02``; ``missing`` of any.
    """
    name, sign, asked = term.partition(":")
    column = next((c for called, c in columns.items() if called.casefold() == name.strip().casefold()), None)
    asked = asked.strip()
    if not sign or column is None or not asked:
        return None
    if asked.casefold() == MISSING and column.missing.any():
        return column.missing
    if column.kind == "number":
        return _of_numbers(column.values, asked)
    if column.kind == "date":
        return np.array([text.startswith(asked) for text in _written(column)], bool)
    return _holds(column, asked)


def by_any_text(term: str, columns: Mapping[str, ItemColumn]) -> Bool[np.ndarray, " n"] | None:
    """Which items (n,) have this in a text or category; None where none has."""
    hits = [_holds(column, term) for column in columns.values() if column.kind in ("text", "category")]
    matching = np.any(hits, axis=0) if hits else np.zeros(0, bool)
    return matching if matching.any() else None


def _of_numbers(values: np.ndarray, asked: str) -> np.ndarray | None:
    if match := _RANGE.fullmatch(asked):
        low, high = sorted((float(match[1]), float(match[2])))
        return np.asarray((values >= low) & (values <= high))
    if match := _LIMIT.fullmatch(asked):
        limit = float(match[2])
        by_sign = {">": values > limit, ">=": values >= limit, "<": values < limit, "<=": values <= limit}
        return np.asarray(by_sign.get(match[1] or "=", values == limit))
    return None


def _holds(column: ItemColumn, asked: str) -> np.ndarray:
    asked = asked.casefold()
    if column.kind == "category":
        named = np.array([asked in name.casefold() for name in column.names] + [False], bool)
        return np.asarray(named[column.values])  # what is missing is -1, the last
    return np.array([asked in str(cell).casefold() for cell in column.values.tolist()], bool)


def _written(column: ItemColumn) -> list[str]:
    return column.written(np.arange(len(column.values)))
