"""Which fields of a form mean something beside what the others hold: said on each field, judged here alone.

A field says with ``only_where`` beside which values of its neighbours, and for which items, it changes anything; and
with ``choices`` which of its words fit the rows of a table. What does not apply is not shown, and keeps its default.
"""

from __future__ import annotations

import typing
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

SOME = "some"
"""In place of values: any that is not empty, zero or false."""
_RULE, _FOR = "only where", "choices for "
_ONLY_FOR_COUNTS = "choices for counts alone"
Condition = Mapping[str, Sequence[Any] | str]


def only_where(*conditions: Condition) -> dict[str, Any]:
    """For a field's ``json_schema_extra``: it applies where one of these holds.

    Args:
        conditions: name of a neighbouring field, or of a trait of the items -> values with which it applies, or
            ``SOME``; all of one condition have to hold. Names that a model lacks are passed over, so that families can
            share a field.
    """
    return {_RULE: [dict(condition) for condition in conditions]}


def choices(
    for_rows: Iterable[str], for_images: Iterable[str] | None = None, only_for_counts: Iterable[str] = ()
) -> dict[str, Any]:
    """For a field's ``json_schema_extra``: which of its words fit the items.

    Args:
        for_rows: those that fit the rows of a table.
        for_images: those that fit images; None: all.
        only_for_counts: those of ``for_rows`` that fit only rows all of whose columns are counts (the trait
            ``are_counts``; where nothing is said of it, they are offered).
    """
    of_images = {} if for_images is None else {f"{_FOR}images": list(for_images)}
    return {f"{_FOR}rows": list(for_rows), _ONLY_FOR_COUNTS: list(only_for_counts), **of_images}


def choices_of(info: FieldInfo, traits: Mapping[str, Any]) -> tuple[Any, ...]:
    """The words of a ``Literal`` field that fit the items; none for other fields."""
    if typing.get_origin(info.annotation) is not typing.Literal:
        return ()
    words = typing.get_args(info.annotation)
    said = _said(info)
    fitting = said.get(f"{_FOR}{traits.get('items')}", words)
    unfit = () if traits.get("are_counts", True) else said.get(_ONLY_FOR_COUNTS, ())
    return tuple(word for word in words if word in fitting and word not in unfit)


def applying(model: type[BaseModel], values: Mapping[str, Any], traits: Mapping[str, Any]) -> list[str]:
    """The fields of a model that mean something, in their order.

    Args:
        model: whose fields.
        values: of its fields, plain or as typed; those that are missing have their defaults.
        traits: of the items and of what else is chosen; ``items`` is "images" or "rows".
    """
    around = {name: info.get_default() for name, info in model.model_fields.items()} | dict(values) | dict(traits)
    return [name for name, info in model.model_fields.items() if _applies(info, around, traits)]


def settled(model: type[BaseModel], traits: Mapping[str, Any]) -> dict[str, Any]:
    """Fields to which the items leave one word, with that word."""
    left = {name: choices_of(info, traits) for name, info in model.model_fields.items()}
    return {name: words[0] for name, words in left.items() if len(words) == 1}


def _applies(info: FieldInfo, around: Mapping[str, Any], traits: Mapping[str, Any]) -> bool:
    if len(choices_of(info, traits)) == 1:
        return False
    rule = _said(info).get(_RULE, ())
    conditions = [{name: wanted for name, wanted in one.items() if name in around} for one in rule]
    known = [condition for condition in conditions if condition]
    return not known or any(all(_holds(around[name], wanted) for name, wanted in one.items()) for one in known)


def _holds(value: Any, wanted: Sequence[Any] | str) -> bool:
    if wanted == SOME:
        return bool(value.strip() if isinstance(value, str) else value)
    return value in wanted


def _said(info: FieldInfo) -> Mapping[str, Any]:
    return info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
