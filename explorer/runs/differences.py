"""What differs in recipes: field by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from explorer.recipe import Recipe

NAMES = ("name", "title")
"""What a recipe is called; it changes nothing that is trained."""
ABSENT = None
"""In place of the value of a field that a recipe does not have, since its model or part is of another kind."""


def differing_fields(recipes: Sequence[Recipe]) -> dict[str, tuple[Any, ...]]:
    """The fields in which recipes differ, in the order of a recipe; names and titles are left out.

    Args:
        recipes: two or more.

    Returns:
        Field, such as ``model.beta`` -> its value in each recipe; ``ABSENT`` where it has none.
    """
    flat = [_flat(recipe.model_dump(mode="json")) for recipe in recipes]
    fields = dict.fromkeys(field for values in flat for field in values)
    rows = {field: tuple(values.get(field, ABSENT) for values in flat) for field in fields}
    return {field: values for field, values in rows.items() if any(value != values[0] for value in values[1:])}


def _flat(values: Mapping[str, Any], within: str = "") -> dict[str, Any]:
    """Values by the whole name of their field; lists stay whole."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if not within and name in NAMES:
            continue
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{within}{name}.")
        else:
            flat[f"{within}{name}"] = value
    return flat


def value_text(value: Any) -> str:
    """A field's value in words: as it is typed, a list with commas, "not set" for none."""
    if value is ABSENT:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    return ", ".join(map(value_text, value)) if isinstance(value, list | tuple) else str(value)
