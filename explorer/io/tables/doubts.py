"""Columns that are learnt from as numbers and may be something else: each is said, with the flag that changes it."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Sequence

import numpy as np

from explorer.io.tables.columns import ColumnFacts
from explorer.io.tables.dialect import DialectFinding
from explorer.io.tables.roles import as_instants, is_instant, is_named_identifier, lose_digits, rises

DOUBT = "role of a column"
MISSING_NUMBER = "missing value"
"""What such findings are of."""
_SAID, _DIFFERENT = 3, 10
_STEPS = 256
"""Numbers that single precision makes of a column, from which on it keeps what the column holds."""


def doubts(facts: Sequence[ColumnFacts], names: Collection[str]) -> list[DialectFinding]:
    """What is to be said of columns of numbers, of the first few of each kind.

    Args:
        facts: of each column's cells.
        names: of the columns that are learnt from as numbers because of what they look like.
    """
    known = [fact for fact in facts if fact.name in names]
    return [
        *_missing_numbers(known), *_roles(known), *_written_otherwise(known), *_versions(known), *_rounded(known)
    ]  # fmt: skip


def _rounded(facts: Sequence[ColumnFacts]) -> list[DialectFinding]:
    """Columns of which a model sees less than the file holds: it takes numbers in single precision."""
    remarks = []
    for fact in facts:
        largest = max(-fact.low, fact.high)
        if not largest < float(np.finfo(np.float32).max) / 2:  # infinite in single precision, and so said to be missing
            continue
        step = float(np.spacing(np.float32(largest)))
        if lose_digits(fact):
            reason = f"`{fact.name}` has whole numbers of more digits than double precision keeps, as {largest:g}"
            remarks.append((fact.name, f"{reason}: neighbours are learnt from as one number"))
        elif fact.high - fact.low < _STEPS * step and np.float32(fact.low) != np.float32(fact.high):
            reason = (
                f"`{fact.name}` goes from {fact.low:.15g} to {fact.high:.15g}, and is learnt from in single precision"
            )
            remarks.append((fact.name, f"{reason}, in steps of {step:g}: subtract its least value for finer ones"))
    return [
        DialectFinding(
            what=DOUBT, value=f"{name!r} is taken as a number", confidence=0.7, reason=reason,
            flag=f"--id {shlex.quote(name)} or --category {shlex.quote(name)} to keep all digits",
        )
        for name, reason in remarks[:_SAID]
    ]  # fmt: skip


def _written_otherwise(facts: Sequence[ColumnFacts]) -> list[DialectFinding]:
    return [
        DialectFinding(
            what=DOUBT, value=f"{name!r} is taken as a number", confidence=0.8,
            flag=f"--meta {shlex.quote(name)} to leave it as text",
            reason=f"`{name}` has numbers as {written!r}, read as {value:g}",
        )
        for name, (written, value) in [(fact.name, fact.otherwise) for fact in facts if fact.otherwise][:_SAID]
    ]  # fmt: skip


def _versions(facts: Sequence[ColumnFacts]) -> list[DialectFinding]:
    return [
        DialectFinding(
            what=DOUBT, value=f"{fact.name!r} is taken as a number", confidence=0.7,
            flag=f"--category {shlex.quote(fact.name)} or --meta {shlex.quote(fact.name)} to take it as it is written",
            reason=f"`{fact.name}` has {fact.version!r} beside numbers of fewer decimals, as versions do;"
            f" it is learnt from as the number {float(fact.version):g}",
        )
        for fact in [fact for fact in facts if fact.version and not fact.many][:_SAID]
    ]  # fmt: skip


def _missing_numbers(facts: Sequence[ColumnFacts]) -> list[DialectFinding]:
    for_nothing = [(fact.name, *fact.missing_number) for fact in facts if fact.missing_number]
    return [
        DialectFinding(
            what=MISSING_NUMBER, value=f"{value:g} is taken as a number", confidence=0.7, flag=f"--missing {value:g}",
            reason=f"`{name}` is {value:g} in {n:,} rows, far from all others: it may stand for a missing value",
        )
        for name, value, n in for_nothing[:_SAID]
    ]  # fmt: skip


def _roles(facts: Sequence[ColumnFacts]) -> list[DialectFinding]:
    remarks = []
    for fact in facts:
        quoted = shlex.quote(fact.name)
        if is_instant(fact) and fact.low < fact.high:
            remarks.append((fact.name, f"may be {as_instants(fact)}", f"--time {quoted} or --date {quoted}"))
        elif fact.is_whole and len(fact.values) >= _DIFFERENT and is_named_identifier(fact.name):
            remarks.append((fact.name, "is named as what names rows, and its numbers come again", f"--id {quoted}"))
        elif fact.fractions and rises(fact):
            remarks.append((fact.name, "rises in every row, as a time does", f"--time {quoted}"))
    return [
        DialectFinding(
            what=DOUBT, value=f"{name!r} is taken as a number", confidence=0.7, flag=flag,
            reason=f"`{name}` {what}; it is learnt from as a number",
        )
        for name, what, flag in remarks[:_SAID]
    ]  # fmt: skip
