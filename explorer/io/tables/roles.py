"""What each column of a table is for: found from all its cells and its name, or said by the user."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from typing import Literal

import numpy as np
from jaxtyping import Shaped
from pydantic import BaseModel, ConfigDict

from explorer.core.errors import DataError
from explorer.io.tables.asked import NO_LABEL, RolesAsked, RolesWithSplit
from explorer.io.tables.categories import coded_names
from explorer.io.tables.columns import ColumnFacts, as_text
from explorer.io.tables.date_cells import is_date, to_seconds, unit_of
from explorer.io.tables.dates import DateForm, are_whole_days
from explorer.io.tables.forms import is_sign
from explorer.io.tables.labels import MEASURED, find_label
from explorer.io.tables.numbers import MOSTLY, number

Role = Literal["number", "count", "category", "date", "label", "identifier", "time", "metadata", "left out"]
INPUTS: tuple[Role, ...] = ("number", "count", "category", "date")
NUMBERS: tuple[Role, ...] = ("number", "count")
"""Columns whose cells are numbers; of counts it is known that they are whole and never below 0."""
AS_ASKED, AS_LEARNT = "as asked", "as in the table learnt from"
"""Why a column has its role that the user named, or that it had before."""
MAX_VALUES = 50
"""A column of text with more different values than this names things (a remark, an address)."""
_IDENTIFIER = re.compile(
    r"^(unnamed.*|column \d+|)$|(^|[_\s.-])(id|ids|idx|index|uuid|guid|key|nr|no|rowid|row)$|^(id|row)[_\s.-]"
    r"|[a-z]Id$|ID$|nummer$|(^|[_\s.-])(number|numero|num|account|barcode|customer|ean|iban|imei|isbn|passport|phone|serial|sku|ssn)$"
)
_TIME = re.compile(r"(^|[_\s.-])(time|date|datetime|timestamp|ts|zeit|datum|day|created|updated)([_\s.-]|$)|_at$")
_EPOCHS = ((8e8, 2.2e9), (8e11, 2.2e12), (8e14, 2.2e15), (8e17, 2.2e18))
"""Seconds, milliseconds, microseconds and nanoseconds from 1995 to 2039."""
_LARGE, _EXACT, _DIGITS = 1e6, 2.0**53, 15
_LONGEST_NAME = 64
"""Letters of what names a row, at most."""
_MIN_DAYS = 5
"""Different numbers that are all days such as 20241231: no accident, whatever the column's name."""
_MOST_UNITS = 4
"""Words behind numbers that may be units: more of them are names or remarks."""
_FEW_VALUES = 20
"""A column of fewer different values, some of them numbers, may be a category."""
MIN_PERMUTATION = 20
"""Rows from which on it is no accident that each number of a range stands in one of them."""


class ColumnRole(BaseModel):
    """One column of a table and what it is for.

    Args:
        name: as the file has it.
        role: what it is for.
        reason: why, in a few words.
        confidence: in [0, 1]; 1 where it was said, not found.
        date: how its dates are written and which numbers they become, of a column that is learnt from as dates.
        values: that it may have, of a column that is learnt from as a category; "" where a cell may be missing.
        unit: of its numbers, such as "kg"; empty: they are written without one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    role: Role
    reason: str = ""
    confidence: float = 1.0
    date: DateForm | None = None
    values: tuple[str, ...] = ()
    unit: str = ""

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of what is learnt from it: itself, or the numbers that dates become."""
        if self.role not in INPUTS:
            return ()
        return (self.name,) if self.date is None else self.date.names(self.name)

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the numbers that a model takes: as ``inputs``, of a category a column for each of its values."""
        return coded_names(self.name, self.values) if self.role == "category" else self.inputs


ASKED: dict[str, Role | None] = {
    "inputs": None,
    "numbers": "number",
    "counts": "count",
    "categories": "category",
    "dates": "date",
    "identifier": "identifier",
    "metadata": "metadata",
    "time": "time",
    "ignore": "left out",
}
"""Field of ``RolesAsked`` -> the role of its columns; None: the one that fits their cells."""


def find_roles(
    facts: Sequence[ColumnFacts], asked: RolesAsked, name: str, like: Sequence[ColumnRole] = ()
) -> tuple[ColumnRole, ...]:
    """The role of each column.

    Args:
        facts: of each column's cells.
        asked: what is known.
        name: of the table, for messages.
        like: the columns of the table that a model learnt from: one of the same name is for the same.

    Raises:
        DataError: there is no column of a name that was asked for, or none of its cells is a number where that was.
    """
    return tuple(
        _with_gaps(
            role.model_copy(update={"unit": _unit(role, fact, like, name)}) if role.role in NUMBERS else role, fact
        )
        for role, fact in zip(_roles(facts, asked, name, like), facts, strict=True)
    )


def _with_gaps(role: ColumnRole, fact: ColumnFacts) -> ColumnRole:
    """A column that was found to be an input, with how many of its cells hold nothing."""
    if role.role not in INPUTS or not fact.missing or role.reason in (AS_ASKED, AS_LEARNT):
        return role
    return role.model_copy(update={"reason": f"{role.reason}, missing in {fact.missing:,} of {fact.n:,} rows"})


def _unit(role: ColumnRole, fact: ColumnFacts, like: Sequence[ColumnRole], name: str) -> str:
    """The unit of a column of numbers, which has to be that of the column learnt from.

    Raises:
        DataError: it is another one.
    """
    learnt = next((column for column in like if column.name == role.name and column.role in NUMBERS), None)
    if learnt is None or not fact.unit:
        return learnt.unit if learnt is not None else fact.unit
    if learnt.unit and learnt.unit != fact.unit and role.reason != AS_ASKED:
        quoted = shlex.quote(role.name)
        raise DataError(
            f"{role.name!r} of {name} is in {fact.unit}, where the model learnt from {learnt.unit}.",
            f"Convert it, or say --number {quoted} to take its numbers as they are.",
        )
    return fact.unit


def _roles(
    facts: Sequence[ColumnFacts], asked: RolesAsked, name: str, like: Sequence[ColumnRole] = ()
) -> tuple[ColumnRole, ...]:
    names = [fact.name for fact in facts]
    said: dict[str, Role] = {}
    if asked.label == NO_LABEL and NO_LABEL not in names:
        asked = asked.model_copy(update={"label": ""})
    asked_for = [(role, column) for field, role in ASKED.items() for column in getattr(asked, field)]
    if asked.label:
        asked_for.append(("label", asked.label))
    if isinstance(asked, RolesWithSplit):
        said |= dict.fromkeys((column for column in asked.aside if column in names), "metadata")
    for role, column in asked_for:
        if column not in names:
            raise DataError(f"{name} has no column {column!r}.", f"It has: {', '.join(names[:20])}.")
        fact = facts[names.index(column)]
        if role in NUMBERS and not fact.numbers:
            raise DataError(f"{column!r} of {name} holds no number.", "Take it as a category, or leave it out.")
        if role == "count":
            require_counts(fact, name, f"say --number {shlex.quote(column)}")
        said[column] = role or _input(fact)
    learnt = {
        column.name: column
        for column in like
        if column.name in names and column.name not in said and (column.role != "label" or asked.label is None)
    }
    is_known = asked.label is not None or "label" in {column.role for column in learnt.values()}
    label, why = ("", "") if is_known else find_label(facts, {*said, *learnt})
    roles = []
    for fact in facts:
        if fact.name in said:
            roles.append(ColumnRole(name=fact.name, role=said[fact.name], reason=AS_ASKED))
        elif fact.name in learnt:
            roles.append(learnt[fact.name].model_copy(update={"reason": AS_LEARNT}))
        elif why and fact.name == label:
            roles.append(ColumnRole(name=fact.name, role="label", reason=why, confidence=0.8))
        else:
            roles.append(_column(fact))
    return tuple(roles)


def require_counts(fact: ColumnFacts, name: str, or_else: str) -> None:
    """Refuse a column whose numbers are no counts.

    Args:
        name: of the table.
        or_else: what to do where they are meant to be as they are.

    Raises:
        DataError: they are not whole, or below 0.
    """
    if fact.is_whole and fact.low >= 0:
        return
    held = f"numbers down to {fact.low:g}" if fact.low < 0 else "numbers that are not whole"
    raise DataError(
        f"{fact.name!r} of {name} holds {held}, and counts are whole numbers from 0 on.",
        f"Where they are as they should be, {or_else}.",
    )


def _input(fact: ColumnFacts) -> Role:
    """What a column is learnt from as: dates where its cells are some, since a day is no category."""
    if is_instant(fact) or _are_dates(fact) or _are_day_numbers(fact):
        return "date"
    return "number" if fact.is_number else "category"


def is_instant(fact: ColumnFacts) -> bool:
    """Whether all numbers of a column are instants of these years."""
    return fact.is_number and any(low <= fact.low and fact.high <= high for low, high in _EPOCHS)


def as_instants(fact: ColumnFacts) -> str:
    """What numbers are as instants, such as "milliseconds since 1970: 2024-01-03 to 2024-02-01"."""
    first, last = (
        np.datetime64(int(second), "s").astype("datetime64[D]")
        for second in to_seconds(np.array([fact.low, fact.high]), "seconds since 1970")
    )
    return f"{unit_of(fact.high)} since 1970: {first} to {last}"


def _are_day_numbers(fact: ColumnFacts) -> bool:
    """Whether numbers are days such as 20241231, by the least, the greatest and the first few of them."""
    numbers = np.array([fact.low, fact.high, *map(number, fact.values)])
    return fact.is_whole and (_is_timed(fact.name) or len(numbers) - 2 >= _MIN_DAYS) and are_whole_days(numbers)


def rises(fact: ColumnFacts) -> bool:
    """Whether each of many rows has a greater number than the one before, as no measurement does by accident."""
    return fact.n >= MIN_PERMUTATION and not fact.missing and fact.steps[0] > 0


def is_named_identifier(name: str) -> bool:
    """Whether a name says that a column names rows."""
    return not is_unnamed(name) and bool(_IDENTIFIER.search(name) or _IDENTIFIER.search(name.lower()))


def lose_digits(fact: ColumnFacts) -> bool:
    """Whether whole numbers are so large and so precisely written that double precision does not keep all digits."""
    # As short as they can be written: 1e99 has one digit, whatever its 100 decimal places are in binary.
    digits = [len(f"{abs(value)!r}".partition("e")[0].replace(".", "").rstrip("0")) for value in (fact.low, fact.high)]
    return fact.is_whole and max(-fact.low, fact.high) > _EXACT and max(digits) > _DIGITS


def _is_timed(name: str) -> bool:
    return bool(_TIME.search(name.lower()))


def _are_dates(fact: ColumnFacts) -> bool:
    dates = sum(map(is_date, fact.values))
    return not fact.is_number and dates > 0 and dates >= 0.9 * len(fact.values)


def _column(fact: ColumnFacts) -> ColumnRole:
    name = fact.name

    def column(role: Role, reason: str, confidence: float = 0.95) -> ColumnRole:
        return ColumnRole(name=name, role=role, reason=reason, confidence=confidence)

    if fact.n == fact.missing:
        return column("left out", "empty", 1.0)
    named = bool(_IDENTIFIER.search(name) or _IDENTIFIER.search(name.lower()))
    return _number_column(fact, named) if fact.is_number else _text_column(fact, named)


def _number_column(fact: ColumnFacts, named: bool) -> ColumnRole:
    name = fact.name

    def column(role: Role, reason: str, confidence: float = 0.95) -> ColumnRole:
        return ColumnRole(name=name, role=role, reason=reason, confidence=confidence)

    if why := _time_of(fact):
        return column("time", *why)
    if why := _names_rows(fact, named):
        return column("identifier", *why)
    if fact.names_rows:
        return column("identifier", fact.names_rows, 0.8)
    if fact.fractions and name.strip().lower() in MEASURED:
        return column("left out", "holds measurements, not classes", 0.8)
    stray = f"; some cells are no number, as {fact.stray!r}" if fact.stray else ""
    unit = f" {fact.unit}" if fact.unit else ""
    return column("number", f"numbers from {fact.low:g} to {fact.high:g}{unit}{stray}")


def _time_of(fact: ColumnFacts) -> tuple[str, float] | None:
    """Why a column of numbers holds times, and how sure that is."""
    least, greatest = fact.steps
    timed = _is_timed(fact.name)
    if is_instant(fact) and (timed or _in_order(fact)):
        return as_instants(fact), 0.95
    if _are_day_numbers(fact):
        return f"days written as {fact.low:.0f}", 0.95
    if timed and fact.n >= 5 and not fact.missing and least >= 0 and greatest > 0:
        return "its name, and it never falls", 0.8
    if rises(fact) and np.isclose(least, greatest, rtol=1e-6) and not fact.is_whole:
        return f"it rises by {least:g} each row", 0.85
    return None


def _names_rows(fact: ColumnFacts, named: bool) -> tuple[str, float] | None:
    """Why a column of numbers names rows, and how sure that is."""
    least, greatest = fact.steps
    if not fact.is_whole:
        return None
    in_order, counts = _in_order(fact), fact.n >= 5 and least == greatest
    if counts and least == -1:
        return "it counts down", 0.95
    if in_order and counts:
        return ("it counts up", 0.95) if least == 1 else (f"it rises by {least:g} each row", 0.9 if named else 0.75)
    reasons = (
        (rises(fact) and fact.high - fact.low < 2 * fact.n, "it counts up, with gaps", 0.85),
        (lose_digits(fact) and _all_differ(fact), "whole numbers of more digits than double precision keeps", 0.9),
        (fact.n >= MIN_PERMUTATION and fact.is_permutation,
         f"each number from {fact.low:g} to {fact.high:g} once", 0.9),
        (named and (in_order or (_all_differ(fact) and not is_unnamed(fact.name))),
         "its name, and whole numbers that name things", 0.85),
        (in_order and fact.high >= _LARGE, "large whole numbers, each greater than the last", 0.7),
    )  # fmt: skip
    return next(((reason, confidence) for holds, reason, confidence in reasons if holds), None)


def _in_order(fact: ColumnFacts) -> bool:
    return fact.n >= 5 and not fact.missing and fact.steps[0] > 0


def _text_column(fact: ColumnFacts, named: bool) -> ColumnRole:
    def column(role: Role, reason: str, confidence: float = 0.95) -> ColumnRole:
        return ColumnRole(name=fact.name, role=role, reason=reason, confidence=confidence)

    if _are_dates(fact):
        return column("time", f"dates or times, as {next(iter(fact.values))}")
    if fact.names_rows:
        return column("identifier" if fact.longest <= _LONGEST_NAME else "metadata", fact.names_rows, 0.8)
    known = fact.n - fact.missing
    is_few = not fact.many and len(fact.values) <= _FEW_VALUES and not all(map(is_sign, fact.units))
    if 1 < len(fact.units) <= _MOST_UNITS and fact.numbers >= MOSTLY * known and not is_few:
        signs = " and ".join(sorted(repr(sign) for sign in fact.units if sign))
        other = " and none" if "" in fact.units else ""
        take = f"--number {shlex.quote(fact.name)} to take them without"
        return column("left out", f"numbers of different units: {signs}{other} ({take})", 0.9)
    if (
        2 * fact.numbers >= known
        and not fact.is_coded
        and not fact.is_text
        and (fact.many or len(fact.values) > _FEW_VALUES)
    ):
        none = known - fact.numbers
        return column(
            "left out",
            f"{none:,} of {known:,} cells are no numbers, as {fact.stray!r} (--missing {shlex.quote(fact.stray)}"
            f" where it holds nothing, --number {shlex.quote(fact.name)} to take such cells as missing)",
            0.9,
        )
    if fact.is_coded and fact.many:
        return column("identifier" if named else "metadata", "digits with leading zeros: codes, not numbers", 0.9)
    # One or two rows are as many values as a category may have: there the name tells.
    is_name = named and not is_unnamed(fact.name) and _all_differ(fact)
    if fact.many or is_name or len(fact.values) > min(MAX_VALUES, max(2, fact.n // 2)):
        # Text that is never the same twice names the rows.
        kind: Role = "identifier" if named and fact.longest <= _LONGEST_NAME else "metadata"
        numbers = f", numbers with other signs as {fact.signed!r}" if fact.with_signs >= MOSTLY * known else ""
        if fact.is_text and fact.numbers >= MOSTLY * known:
            numbers = f", whole numbers kept as text (--number {shlex.quote(fact.name)} to learn from them)"
        return column(kind, f"text with {fact.different} different values{numbers}", 0.9)
    return column("category", f"{fact.different} different values of text")


def _all_differ(fact: ColumnFacts) -> bool:
    """As far as is remembered, no cell is like another."""
    return fact.many or len(fact.values) == fact.n - fact.missing


def is_unnamed(name: str) -> bool:
    """Whether a column's name was made here or by the program that wrote the file, not by its author."""
    return not name or name.startswith("column ") or name.lower().startswith("unnamed")


def as_label_text(values: Shaped[np.ndarray, " n"]) -> Shaped[np.ndarray, " n"]:
    """(n,) labels as they are written; whole numbers of an array without a decimal point, none of them shortened."""
    if values.dtype.kind == "f":
        return np.array(as_text(values.astype(np.float64)), str)
    return values.astype(str)
