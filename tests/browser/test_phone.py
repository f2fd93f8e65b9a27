"""Latent space and Generate on a phone: 390 pixels wide, with fingers in place of a mouse."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.hands import Fingers, assert_fine, changed, pixels, place_on, sent_by
from tests.browser.test_every_page import VIEWS, screens

Settle = Callable[[Page], None]


@pytest.fixture
def phone(new_page: Callable[..., Page]) -> Page:
    return new_page(**VIEWS["phone"])


@pytest.mark.parametrize("model", ["mnist-conv-vae-16d", "breast-cancer-undercomplete"])
@pytest.mark.parametrize("path", ["latent_space", "generate", "generate?view=Interpolate", "generate?view=Sample"])
def test_nothing_is_wider_than_a_phone(phone: Page, app_url: str, settle: Settle, path: str, model: str) -> None:
    phone.goto(f"{app_url}/{path}{'&' if '?' in path else '?'}model={model}")
    settle(phone)
    assert_fine(phone)


@pytest.mark.parametrize(
    ("path", "most"), {"novelty?novelty_from=cells": 4.5, "learn?scene=convolutional": 3.4}.items()
)
def test_one_thing_at_a_time_is_shown(phone: Page, app_url: str, settle: Settle, path: str, most: float) -> None:
    phone.goto(f"{app_url}/{path}")
    settle(phone)
    assert_fine(phone)
    assert screens(phone) < most, "a scene of Learn took 4 screens and more, Novelty 8.5"


def test_a_slider_follows_the_finger(phone: Page, app_url: str, settle: Settle) -> None:
    sent = sent_by(phone)
    phone.goto(f"{app_url}/generate?model=mnist-conv-vae-16d")
    settle(phone)
    picture = phone.get_by_role("img", name="Decoded item")
    x, y = place_on(phone.get_by_role("slider").first, 0.5)
    fingers = Fingers(phone)
    shown = [pixels(picture)]
    fingers.down((x, y))
    sent.clear()
    for step in range(1, 6):
        fingers.move((x + 8 * step, y))
        shown.append(changed(lambda: pixels(picture), shown[-1]))
    assert len(set(shown)) == 6
    assert sent == [], "the server must not hear of a drag"
    fingers.up()
    phone.wait_for_url(re.compile(r"[?&]z="))
    assert sent


def test_one_finger_decodes_and_two_move_the_map(phone: Page, app_url: str, settle: Settle) -> None:
    sent = sent_by(phone)
    phone.goto(f"{app_url}/latent_space?model=mnist-vae-2d")
    settle(phone)
    picture = phone.get_by_role("img", name="Decoded from the cursor position")
    words = phone.get_by_text(re.compile(r"^Decoded at \(")).first
    fingers = Fingers(phone)
    sent.clear()

    def decoded_at(place: tuple[float, float]) -> list[float]:
        """What a finger that comes to rest here has decoded, in map units."""
        before = words.inner_text()
        fingers.down((place[0] - 30, place[1]))
        fingers.move((place[0] - 40, place[1]))
        beside = changed(words.inner_text, before)
        fingers.move(place)
        changed(words.inner_text, beside)
        fingers.up()
        return [float(v.replace("−", "-")) for v in re.findall(r"[−\d.]+", words.inner_text().split("(")[1])]

    before = pixels(picture)
    surface = phone.get_by_role("application")
    x, y = place_on(surface, 0.4, 0.4)
    here = decoded_at((x, y))
    changed(lambda: pixels(picture), before)
    # Two fingers take the plane with them: what was here is now 60 pixels to the right.
    fingers.down((x, y), (x + 80, y + 80))
    for step in range(1, 7):
        fingers.move((x + 10 * step, y), (x + 80 + 10 * step, y + 80))
    fingers.up()
    assert decoded_at((x + 60, y)) == pytest.approx(here, abs=0.06)
    assert decoded_at((x, y)) != pytest.approx(here, abs=0.06)
    assert sent == [], "the server must not hear of fingers on the map"
