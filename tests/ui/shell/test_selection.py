"""What is selected: kept for a session, by dataset, and carried by a link."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.checkpoints import Checkpoint
from explorer.data import Dataset
from explorer.ui.shell import cache, selection
from explorer.ui.shell.session import Context

FINGERPRINT = "0123456789abcdef" * 4


class Query(dict[str, str]):
    """Stands for ``st.query_params``."""


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> tuple[dict[str, object], Query]:
    """The state and the link of a visit."""
    state: dict[str, object] = {}
    query = Query()
    monkeypatch.setattr(selection.st, "session_state", state)
    monkeypatch.setattr(selection.st, "query_params", query)
    return state, query


@pytest.fixture
def context(digits_vae: Checkpoint, digits: Dataset) -> Context:
    return Context(digits_vae, digits, *cache.rows_for(digits_vae, digits))


@given(st.sets(st.integers(0, 2**31 - 1), max_size=300))
def test_a_text_gives_its_rows_back(rows: set[int]) -> None:
    asked = np.array(sorted(rows), np.int64)
    text = selection.link_text(asked, FINGERPRINT)
    rows_back = selection.rows_of(text, FINGERPRINT)
    assert (text == "") == (not rows)
    if rows:
        assert rows_back is not None
        np.testing.assert_array_equal(rows_back, asked)
        assert set(text) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")


@given(st.text(max_size=60))
def test_a_damaged_text_gives_nothing_and_no_error(text: str) -> None:
    for damaged in (text, f"{FINGERPRINT[:8]}.{text}"):
        rows = selection.rows_of(damaged, FINGERPRINT)
        assert rows is None or (np.diff(rows) > 0).all()


def test_a_text_of_other_data_gives_nothing() -> None:
    text = selection.link_text(np.array([1, 5]), FINGERPRINT)
    assert selection.rows_of(text, "f" * 64) is None


def test_a_text_that_unpacks_to_very_much_is_not_unpacked() -> None:
    bomb = selection.link_text(np.arange(1_000_000), FINGERPRINT)
    assert len(bomb) < 20_000
    assert selection.rows_of(bomb, FINGERPRINT) is None


def test_a_usual_selection_fits_a_link() -> None:
    random = np.random.default_rng(0)
    rows = np.sort(random.choice(5000, 1500, replace=False))
    assert len(selection.link_text(rows, FINGERPRINT)) < selection.MAX_TEXT


def test_it_is_kept_and_stands_in_the_link(visit: tuple[dict[str, object], Query], context: Context) -> None:
    state, query = visit
    assert len(selection.current(context)) == 0
    selection.set(context, context.rows[[7, 3, 3]])
    np.testing.assert_array_equal(selection.current(context), context.rows[[3, 7]])
    np.testing.assert_array_equal(selection.positions(context), [3, 7])
    assert selection.query(context) == dict(query)
    state.clear()  # another browser that opens the link
    np.testing.assert_array_equal(selection.current(context), context.rows[[3, 7]])
    selection.set(context, np.empty(0, np.int64))
    assert not query
    assert len(selection.current(context)) == 0


def test_on_other_data_it_is_empty_and_comes_back(visit: tuple[dict[str, object], Query], context: Context) -> None:
    other = dataclasses.replace(context, dataset=dataclasses.replace(context.dataset, fingerprint="e" * 64))
    selection.set(context, context.rows[:5])
    assert len(selection.current(other)) == 0
    assert selection.write_link(other)
    assert not visit[1], "a link to other data says nothing of these rows"
    assert len(selection.current(context)) == 5


def test_groups_are_kept_aside(visit: tuple[dict[str, object], Query], context: Context) -> None:
    selection.set(context, context.rows[:4], "A")
    selection.set(context, context.rows[4:6], "B")
    assert len(selection.current(context)) == 0
    assert {name: len(rows) for name, rows in selection.groups(context).items()} == {"A": 4, "B": 2}
    assert sorted(visit[1]) == ["group_a", "group_b"]


def test_what_is_too_long_for_a_link_stays_out_of_it(visit: tuple[dict[str, object], Query], context: Context) -> None:
    large = dataclasses.replace(
        context, dataset=dataclasses.replace(context.dataset, x=np.zeros((70_000, 1), np.float32))
    )
    rows = np.sort(np.random.default_rng(0).choice(70_000, 20_000, replace=False))
    selection.set(large, rows)
    assert not selection.write_link(large)
    assert not visit[1]
    assert len(selection.current(large)) == 20_000
