"""Which values a sweep gives to which fields: lists and ranges as they are typed, and their product."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from explorer.core.errors import RecipeError

SEED = "training.seed"
"""The field whose values are repeats of one setting, over which a mean is taken."""
FOLD = "data.split.fold"
REPEATS = (SEED, FOLD)
"""Such fields."""
MAX_VALUES = 10_000
"""Of one field: a range of more is a slip of the keyboard."""
_NUMBER = r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
_RANGE = re.compile(rf"({_NUMBER})\.\.({_NUMBER})(?:\.\.({_NUMBER}))?")


@dataclass(frozen=True)
class SweptField:
    """A field of a recipe with the values that it takes in turn.

    Args:
        field: its whole name, such as ``model.beta``.
        values: each as ``--set`` takes it.
    """

    field: str
    values: tuple[str, ...]

    @property
    def text(self) -> str:
        """As ``parse`` reads it, ranges written out."""
        return f"{self.field}={','.join(self.values)}"

    @classmethod
    def parse(cls, text: str) -> SweptField:
        """Read ``FIELD=VALUE,VALUE`` where a value may be a range ``0..2`` or, with a step, ``0.1..0.5..0.2``.

        Both ends of a range count. Commas within brackets or quotes part no values.

        Raises:
            RecipeError: not of that form, a value comes twice, or a range has no end that it reaches.
        """
        field, separator, typed = text.partition("=")
        field = field.strip()
        if not separator or "." not in field or not typed.strip():
            raise RecipeError(
                f"Cannot read the setting {text!r}.", "Write it as model.beta=1,4,16 or training.seed=0..2."
            )
        values = [value for piece in _pieces(typed) for value in _expanded(piece, text)]
        twice = next((value for value in values if values.count(value) > 1), None)
        if twice is not None:
            raise RecipeError(f"{field} has the value {twice} twice.", "Give each value once.")
        return cls(field, tuple(values))


def _pieces(typed: str) -> Iterator[str]:
    """Parts between the commas that stand in no bracket and no quotes."""
    depth, quote, start = 0, "", 0
    for at, letter in enumerate(typed):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in "[{":
            depth += 1
        elif letter in "]}":
            depth -= 1
        elif letter == "," and depth == 0:
            yield typed[start:at].strip()
            start = at + 1
    yield typed[start:].strip()


def _expanded(piece: str, text: str) -> list[str]:
    if not piece:
        raise RecipeError(f"A value is missing in {text!r}.", "Give the value, or leave the comma out.")
    told = _RANGE.fullmatch(piece)
    if told is None:
        return [piece]
    low, high = Decimal(told[1]), Decimal(told[2])
    if told[3] is None and (low % 1 or high % 1):
        raise RecipeError(f"The range {piece} has no step.", f"Add one, such as {piece}..0.1, or name the values.")
    step = Decimal(told[3] or 1)
    if step <= 0 or high < low:
        raise RecipeError(f"The range {piece} never reaches its end.", "Give the lower end first, and a step above 0.")
    count = int((high - low) / step) + 1
    if count > MAX_VALUES:
        raise RecipeError(f"The range {piece} has {count:,} values.", f"At most {MAX_VALUES:,} of one field.")
    return [str(low + number * step) for number in range(count)]


def settings_of(fields: Sequence[SweptField]) -> Iterator[tuple[tuple[str, str], ...]]:
    """Every combination of the fields' values, the last field's quickest: pairs of field and value."""
    if not fields:
        yield ()
        return
    first, *others = fields
    for value in first.values:
        for rest in settings_of(others):
            yield ((first.field, value), *rest)
