"""The code of the Generate page: from the start, from released sliders, from the link, handed over, kept."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.browser.sliders.message import SlidersAt
from explorer.ui.generate import code_state
from explorer.ui.generate.code_state import CurrentCode, Start, code_of_text, text_of_code

DECODER = b"pack"


class Page:
    """Stands in for Streamlit: a session, a link, and sliders that report what they are told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.session: dict[str, Any] = {}
        self.link: dict[str, str] = {}
        self.report: SlidersAt | None = None
        self.token: int | None = None
        stand_in = SimpleNamespace(session_state=self.session, query_params=self.link)
        monkeypatch.setattr(code_state, "st", stand_in)
        monkeypatch.setattr(code_state, "last_sliders", self._last)

    def _last(self, decoder: bytes, setting: Any, *, key: str) -> SlidersAt | None:
        return self.report if setting.token == self.token else None

    def run(self, start: tuple[float, ...], model: str = "m", in_link: bool = True, **options: Any) -> CurrentCode:
        context: Any = SimpleNamespace(model_key=model, checkpoint=SimpleNamespace(latent_dim=len(start)))
        return code_state.settle(context, Start(np.array(start), in_link), DECODER, "s", **options)

    def release(self, at: CurrentCode, *code: float, amounts: tuple[float, ...] = ()) -> None:
        self.report, self.token = SlidersAt(code=code, amounts=amounts), at.setting.token

    def leave(self) -> None:
        """Show another page: the sliders forget, and the link loses the code."""
        self.report = None
        self.link.clear()


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    return Page(monkeypatch)


def test_the_code_starts_where_the_controls_say_and_leaves_no_trace_in_the_link(page: Page) -> None:
    at = page.run((1.0, 2.0))
    assert at.code == (1.0, 2.0)
    assert page.link == {}
    assert page.run((1.0, 2.0)) == at, "nothing has happened"


def test_a_released_slider_goes_into_the_link_and_leaves_the_sliders_alone(page: Page) -> None:
    at = page.run((1.0, 2.0))
    page.release(at, 0.123456, -3.0)
    moved = page.run((1.0, 2.0))
    assert moved.code == (0.123456, -3.0)
    assert page.link == {"z": "0.1235_-3"}
    assert moved.setting == at.setting
    assert page.run((1.0, 2.0)) == moved
    page.release(at, 1.0, 2.0)
    page.run((1.0, 2.0))
    assert page.link == {}, "a reset needs no words"


def test_a_link_restores_the_code_and_its_start(page: Page) -> None:
    page.link["z"] = "0.5_-1.25"
    at = page.run((1.0, 2.0))
    assert at.code == at.setting.code == (0.5, -1.25)
    assert at.setting.start == (1.0, 2.0)
    assert page.link == {"z": "0.5_-1.25"}


@pytest.mark.parametrize("text", ["0.5", "0.5_1_2", "a_b", "nan_1", "inf_1", "_"])
def test_a_link_with_no_code_of_this_size_is_cleaned(page: Page, text: str) -> None:
    page.link["z"] = text
    assert page.run((1.0, 2.0)).code == (1.0, 2.0)
    assert page.link == {}


def test_the_back_button_undoes_a_release(page: Page) -> None:
    at = page.run((0.0, 0.0))
    page.release(at, 1.0, 1.0)
    page.run((0.0, 0.0))
    page.release(at, 2.0, 2.0)
    page.run((0.0, 0.0))
    page.link["z"] = "1_1"
    back = page.run((0.0, 0.0))
    assert back.code == (1.0, 1.0)
    assert back.setting.token != at.setting.token, "the sliders are put there"
    assert page.run((0.0, 0.0)) == back


def test_a_link_that_lags_behind_a_release_does_not_undo_it(page: Page) -> None:
    at = page.run((0.0, 0.0))
    page.release(at, 1.0, 1.0)
    page.run((0.0, 0.0))
    page.release(at, 2.0, 2.0)
    page.link["z"] = ""  # as it was before the first release had been answered
    assert page.run((0.0, 0.0)).code == (2.0, 2.0)


def test_another_start_takes_the_place_of_the_code(page: Page) -> None:
    at = page.run((0.0, 0.0))
    page.release(at, 1.0, 1.0)
    page.run((0.0, 0.0))
    fresh = page.run((5.0, 5.0))
    assert fresh.code == (5.0, 5.0)
    assert page.link == {}


def test_the_code_survives_another_page(page: Page) -> None:
    at = page.run((0.0, 0.0))
    page.release(at, 1.0, 1.0)
    page.run((0.0, 0.0))
    page.leave()
    back = page.run((0.0, 0.0))
    assert back.code == back.setting.code == (1.0, 1.0)
    assert page.link == {"z": "1_1"}


def test_another_model_starts_anew_though_the_link_still_names_the_old_code(page: Page) -> None:
    at = page.run((0.0, 0.0))
    page.release(at, 1.0, 1.0)
    page.run((0.0, 0.0))
    assert page.run((0.0, 0.0), model="other").code == (0.0, 0.0)
    assert page.link == {}


def test_a_code_that_is_handed_over_is_start_and_code_and_stands_in_the_link(page: Page) -> None:
    page.link["z"] = "9_9"
    page.run((0.0, 0.0))
    context: Any = SimpleNamespace(model_key="m", checkpoint=SimpleNamespace(latent_dim=2))
    code_state.set_code(context, np.array([3.0, 4.0]))
    given_code = code_state.given(context)
    assert given_code is not None
    at = page.run(tuple(given_code), in_link=False)
    assert at.code == at.setting.start == (3.0, 4.0)
    assert page.link == {"z": "3_4"}


def test_a_view_without_sliders_puts_the_code_into_the_link_that_its_start_would_have_named(page: Page) -> None:
    page.run((3.0, 4.0))
    assert page.link == {}
    context: Any = SimpleNamespace(model_key="m", checkpoint=SimpleNamespace(latent_dim=2))
    np.testing.assert_array_equal(code_state.current(context, np.zeros(2)), [3, 4])
    assert page.link == {"z": "3_4"}
    page.run((3.0, 4.0))
    assert page.link == {}, "here the controls say it again"
    np.testing.assert_array_equal(code_state.current(context, np.array([3.0, 4.0])), [3, 4])
    assert page.link == {}


def test_a_view_without_sliders_takes_the_code_from_the_link(page: Page) -> None:
    context: Any = SimpleNamespace(model_key="m", checkpoint=SimpleNamespace(latent_dim=2))
    np.testing.assert_array_equal(code_state.current(context, np.zeros(2)), [0, 0])
    page.link["z"] = "5_6"
    np.testing.assert_array_equal(code_state.current(context, np.zeros(2)), [5, 6])


def test_amounts_belong_to_one_direction(page: Page) -> None:
    page.link["z"] = "1_1"
    at = page.run((0.0, 0.0), direction="older", amount=0.5)
    assert (at.code, at.setting.amounts) == ((1.0, 1.0), (0.5,))
    page.release(at, 2.0, 2.0, amounts=(1.5,))
    assert page.run((0.0, 0.0), direction="older").amounts == (1.5,)
    other = page.run((0.0, 0.0), direction="bolder")
    assert (other.code, other.amounts) == ((2.0, 2.0), ())


@pytest.mark.slow
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=512))
def test_a_code_survives_the_link_to_four_digits(code: list[float]) -> None:
    text = text_of_code(tuple(code))
    assert all(c in "0123456789.-_e" for c in text)
    again = code_of_text(text, len(code))
    assert again is not None
    np.testing.assert_allclose(again, code, rtol=1e-3)
    assert text_of_code(again) == text
