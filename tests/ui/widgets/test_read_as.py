"""What the controls of a reading say: the table is read again by it, and gives what was chosen."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.data.table_rows import open_rows
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.contract import TableContract
from explorer.io.tables.dialect import Asked
from explorer.ui.widgets import read_as

TABLE = "id;kind;a;b;when\n" + "".join(
    f"{n};{'xy'[n % 2]};{n * 7 % 11},5;{n % 5};2024-05-{n % 28 + 1:02d}\n" for n in range(60)
)
NUMBERS = ("id", "a", "b")
HOLDING = {"number": NUMBERS, "count": ("id", "b"), "date": ("when",)}
"""Columns that can have these roles."""


def contract(dialect: Asked | None = None, roles: RolesAsked | None = None) -> TableContract:
    return open_rows(TABLE.encode(), "t.csv", dialect, roles).contract


def roles_of(as_read: TableContract) -> dict[str, str]:
    return {column.name: column.role for column in as_read.columns}


choices = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(list(read_as.ROLES)) for name in roles_of(contract())}
)


@pytest.mark.slow
@given(st.lists(choices, min_size=1, max_size=3))
@settings(max_examples=40, deadline=None)
def test_the_table_read_again_has_the_roles_that_were_chosen(steps: list[dict[str, str]]) -> None:
    said, as_read = RolesAsked(), contract()
    for step in steps:
        step = {name: role for name, role in step.items() if name in HOLDING.get(role, (*NUMBERS, "kind", "when"))}
        wanted = roles_of(as_read) | step
        said = read_as.with_roles(said, as_read.columns, list(wanted.values()))
        as_read = contract(roles=said)
        labels = [name for name, role in step.items() if role == "label"]
        for name, role in roles_of(as_read).items():
            if role == "label":
                assert wanted[name] == "label"
            elif wanted[name] != "label":  # of several labels the last one is taken
                assert role == wanted[name]
        assert bool(labels) <= (as_read.label in labels or as_read.label is not None)


def test_only_what_was_changed_is_said() -> None:
    as_read = contract()
    unchanged = [column.role for column in as_read.columns]
    assert read_as.with_roles(RolesAsked(), as_read.columns, unchanged) == RolesAsked()
    assert as_read.dialect is not None
    chosen: dict[str, Any] = as_read.dialect.model_dump(exclude={"packing"})
    assert read_as.with_dialect(Asked(), as_read.dialect, chosen) == Asked()
    said = read_as.with_dialect(Asked(), as_read.dialect, chosen | {"decimal": "."})
    assert said == Asked(decimal=".")
    assert contract(said).dialect.decimal == "."


def test_a_label_that_is_none_any_more_is_not_found_again() -> None:
    as_read = contract(roles=RolesAsked(label="kind"))
    chosen = [("category" if column.name == "kind" else column.role) for column in as_read.columns]
    again = contract(roles=read_as.with_roles(RolesAsked(label="kind"), as_read.columns, chosen))
    assert again.label is None
    assert roles_of(again)["kind"] == "category"
