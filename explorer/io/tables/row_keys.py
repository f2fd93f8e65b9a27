"""Columns that name rows only together, as the index of several levels that a data frame writes."""

from __future__ import annotations

import itertools
import math
import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.columns import Chunk, ColumnFacts
from explorer.io.tables.labels import LabelFinding
from explorer.io.tables.roles import AS_ASKED, AS_LEARNT, INPUTS, MIN_PERMUTATION, NUMBERS, ColumnRole

KEY = "names of rows"
"""What findings about such columns are of."""
_LEVELS = 4
"""Columns that are looked at, from the left."""
_BY_CHANCE = math.log(1e-6)
"""Of the chance that cells in any order stand in this one."""

Read = Callable[[Sequence[str]], Iterator[Chunk]]
"""Reads the cells of some columns, from the first row on."""


@dataclass(frozen=True)
class RowKey:
    """Columns that name rows together.

    Args:
        names: of the columns, from the outermost level to the innermost.
        step: from one number of the innermost to the next, where all groups count alike from the same number on; 0:
            they do not.
    """

    names: tuple[str, ...]
    step: float


def find_row_key(levels: Sequence[str], read: Read) -> RowKey | None:
    """The columns that name rows together: rows of one outer value follow one another, ordered within.

    Args:
        levels: columns that may, from the left.
        read: how to read some columns.

    Returns:
        As few of them as tell all rows apart; None where they do not, or may stand in this order by chance.
    """
    for n in range(2, len(levels) + 1):
        order = _Order(n)
        for row in _rows(read(levels[:n]), levels[:n]):
            if not order.add(row):
                break
        else:
            return RowKey(tuple(levels[:n]), order.step) if order.is_no_accident else None
        if not order.is_repeated:
            return None
    return None


def with_row_key(
    roles: Sequence[ColumnRole], facts: Sequence[ColumnFacts], read: Read
) -> tuple[tuple[ColumnRole, ...], list[LabelFinding]]:
    """Roles in which what only names rows is no input, and what is to be said or asked about it.

    Where the innermost column counts alike in each group it is an identifier, and so are the whole numbers of the
    groups; groups of text may be categories, which is said. Where it does not count, it is asked.
    """
    of = {role.name: role for role in roles}
    first = itertools.takewhile(lambda fact: _may_be_level(fact, of[fact.name]), facts[:_LEVELS])
    key = find_row_key([fact.name for fact in first], read)
    if key is None or of[key.names[-1]].role not in INPUTS:
        return tuple(roles), []
    if not any(role.role in INPUTS for role in roles if role.name not in key.names):
        return tuple(roles), []
    outer, inner = key.names[:-1], key.names[-1]
    quoted = [shlex.quote(name) for name in key.names]
    listed = f"{', '.join(f'`{name}`' for name in outer)} and `{inner}`"
    to_learn = f"{' '.join(f'--input {name}' for name in quoted)} to learn from them"
    if not key.step:
        finding = LabelFinding(
            what=KEY, value="learnt from", confidence=0.5,
            reason=f"{listed} are different in every row and in order: they may only name the rows",
            flag=f"{' '.join(f'--id {name}' for name in quoted)}, or {to_learn}",
            readings=(RolesAsked(inputs=key.names), RolesAsked(identifier=key.names)),
        )  # fmt: skip
        return tuple(roles), [finding]
    why = f"it rises by {key.step:g} within each `{outer[-1]}`"
    changed = {inner: ColumnRole(name=inner, role="identifier", reason=why, confidence=0.8)}
    findings = []
    for name in outer:
        if of[name].role in NUMBERS:
            reason = f"its rows follow one another and are counted by `{inner}`"
            changed[name] = ColumnRole(name=name, role="identifier", reason=reason, confidence=0.75)
        elif of[name].role in INPUTS:
            reason = f"`{name}` and `{inner}` name the rows together; `{name}` is learnt from as a category"
            value, flag = f"{name!r} is learnt from", f"--id {shlex.quote(name)}"
            findings.append(LabelFinding(what=KEY, value=value, reason=reason, confidence=0.7, flag=flag))
    return tuple(changed.get(role.name, role) for role in roles), findings


def _may_be_level(fact: ColumnFacts, role: ColumnRole) -> bool:
    """Whether a column's cells may name rows with others: whole numbers or text in each of many rows."""
    is_told = role.reason in (AS_ASKED, AS_LEARNT) or role.role in ("label", "time", "date", "left out")
    is_name = (fact.is_whole or not fact.is_number) and not is_told
    return is_name and not fact.missing and not fact.names_rows and fact.n >= MIN_PERMUTATION


def _rows(chunks: Iterable[Chunk], names: Sequence[str]) -> Iterator[tuple[str | float, ...]]:
    for chunk in chunks:
        columns = [chunk.cells[name] for name in names]
        yield from zip(*(c.tolist() if isinstance(c, np.ndarray) else c for c in columns), strict=True)


class _Order:
    """Whether rows of so many cells are all different and in order, row by row.

    Attributes:
        is_repeated: a row is the same as the one before it.
    """

    def __init__(self, levels: int) -> None:
        self.is_repeated = False
        self._seen: list[set[str | float]] = [set() for _ in range(levels)]
        self._last: tuple[str | float, ...] = ()
        self._first: list[str | float] = []
        self._place = 0
        self._rises = self._is_same = True
        self._steps: set[float] = set()
        self._starts: set[str | float] = set()
        self._sizes: list[int] = []

    def add(self, row: tuple[str | float, ...]) -> bool:
        """Take the next row in; whether all so far are different and those of one group follow one another."""
        level = next((i for i, cells in enumerate(zip(row, self._last, strict=False)) if cells[0] != cells[1]), None)
        if level is None and self._last:
            self.is_repeated = True
            return False
        level = level or 0
        if row[level] in self._seen[level]:
            return False
        self._seen[level].add(row[level])
        for i in range(level + 1, len(row)):
            self._seen[i] = {row[i]}
        is_within = bool(self._last) and level == len(row) - 1
        self._count(row[-1], self._last[-1] if is_within else None)
        self._last = row
        return self._rises or self._is_same

    def _count(self, cell: str | float, before: str | float | None) -> None:
        if before is None:
            self._starts.add(cell)
            self._sizes.append(0)
        elif isinstance(cell, str) or isinstance(before, str):
            self._rises &= str(before) < str(cell)
        else:
            self._rises &= before < cell
            self._steps.add(cell - before)
        place = self._sizes[-1]
        self._sizes[-1] += 1
        if len(self._sizes) == 1:
            self._first.append(cell)
        else:
            self._is_same &= place < len(self._first) and self._first[place] == cell

    @property
    def is_no_accident(self) -> bool:
        """Several groups, whose cells would hardly be in order by chance."""
        told = self._sizes if self._rises else self._sizes[1:]
        return len(self._sizes) > 1 and -sum(math.lgamma(size + 1) for size in told) < _BY_CHANCE

    @property
    def step(self) -> float:
        """From one number of the innermost column to the next, the same in all groups; 0: there is none."""
        return next(iter(self._steps)) if self._rises and len(self._steps) == 1 == len(self._starts) else 0.0
