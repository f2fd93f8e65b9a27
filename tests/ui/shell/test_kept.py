"""The shelf: what is kept comes back by its token alone, and memory and time are bounded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.ui.shell.kept import KeptValues

A, B, C = ("a" * 32, "b" * 32, "c" * 32)


class Clock:
    """Seconds that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_value_comes_back_by_its_token_alone() -> None:
    shelf = KeptValues()
    shelf.put(A, "file", b"rows", 4)
    assert shelf.take(A) == {"file": b"rows"}
    for other in (B, "", A[:-1], A + " ", A.upper()):
        assert shelf.take(other) == {}
    shelf.drop(A, "file")
    assert shelf.take(A) == {}


def test_nobody_who_looks_for_a_token_leaves_a_trace() -> None:
    shelf = KeptValues(max_visitors=2)
    shelf.put(A, "file", 1, 1)
    for number in range(100):
        shelf.take(f"{number:032d}")
    assert shelf.take(A) == {"file": 1}


def test_after_some_hours_nothing_is_kept(clock: Clock) -> None:
    shelf = KeptValues(hours=4, clock=clock)
    shelf.put(A, "file", 1, 10)
    clock.now = 3.9 * 3600
    assert shelf.take(A), "a visit begins the hours anew"
    clock.now = 7.8 * 3600
    assert shelf.take(A)
    clock.now = 11.9 * 3600
    assert not shelf.take(A)
    assert shelf.n_bytes == 0


def test_who_was_away_longest_makes_room() -> None:
    shelf = KeptValues(max_bytes=100, max_visitors=10)
    for token in (A, B):
        shelf.put(token, "file", token, 40)
    shelf.take(A)
    shelf.put(C, "file", C, 40)
    assert [bool(shelf.take(token)) for token in (A, B, C)] == [True, False, True]


def test_too_large_a_value_is_not_kept_and_nobody_else_suffers() -> None:
    shelf = KeptValues(max_bytes=100)
    shelf.put(A, "file", 1, 60)
    assert not shelf.put(B, "file", 1, 101)
    assert shelf.take(A) == {"file": 1}
    assert shelf.put(A, "file", 2, 100)
    assert not shelf.put(A, "file", 3, 101), "the value of before is gone too: it would be an old one"
    assert shelf.take(A) == {}


@given(st.lists(st.tuples(st.sampled_from([A, B, C]), st.sampled_from("xyz"), st.integers(0, 70)), max_size=40))
def test_memory_is_bounded_and_the_newest_value_is_there(puts: list[tuple[str, str, int]]) -> None:
    shelf = KeptValues(max_bytes=60, max_visitors=2)
    for number, (token, name, size) in enumerate(puts):
        fits = shelf.put(token, name, number, size)
        assert fits == (size <= 60)
        assert shelf.n_bytes <= 60
        assert (shelf.take(token).get(name) == number) == fits
