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
HOLDING = {"number": NUMBERS, "date": ("when",)}
"""Columns that can have these roles."""


def contract(dialect: Asked | None = None, roles: RolesAsked | None = None) -> TableContract:
    return open_rows(TABLE.encode(), "t.csv", dialect, roles).contract


def roles_of(found: TableContract) -> dict[str, str]:
    return {column.name: column.role for column in found.columns}


choices = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(list(read_as.ROLES)) for name in roles_of(contract())}
)


@pytest.mark.slow
@given(st.lists(choices, min_size=1, max_size=3))
@settings(max_examples=40, deadline=None)
def test_the_table_read_again_has_the_roles_that_were_chosen(steps: list[dict[str, str]]) -> None:
    said, found = RolesAsked(), contract()
    for step in steps:
        step = {name: role for name, role in step.items() if name in HOLDING.get(role, (*NUMBERS, "kind", "when"))}
        wanted = roles_of(found) | step
        said = read_as.with_roles(said, found.columns, list(wanted.values()))
        found = contract(roles=said)
        labels = [name for name, role in step.items() if role == "label"]
        for name, role in roles_of(found).items():
            if role == "label":
                assert wanted[name] == "label"
            elif wanted[name] != "label":  # of several labels the last one is taken
                assert role == wanted[name]
        assert bool(labels) <= (found.label in labels or found.label is not None)


def test_only_what_was_changed_is_said() -> None:
    found = contract()
    unchanged = [column.role for column in found.columns]
    assert read_as.with_roles(RolesAsked(), found.columns, unchanged) == RolesAsked()
    assert found.dialect is not None
    chosen: dict[str, Any] = found.dialect.model_dump(exclude={"packing"})
    assert read_as.with_dialect(Asked(), found.dialect, chosen) == Asked()
    said = read_as.with_dialect(Asked(), found.dialect, chosen | {"decimal": "."})
    assert said == Asked(decimal=".")
    assert contract(said).dialect.decimal == "."


def test_a_label_that_is_none_any_more_is_not_found_again() -> None:
    found = contract(roles=RolesAsked(label="kind"))
    chosen = [("category" if column.name == "kind" else column.role) for column in found.columns]
    again = contract(roles=read_as.with_roles(RolesAsked(label="kind"), found.columns, chosen))
    assert again.label is None
    assert roles_of(again)["kind"] == "category"
