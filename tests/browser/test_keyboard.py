"""Latent space and Generate by keyboard alone: from the top of the page to the map and the sliders, and back."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.hands import becomes, changed, pixels, tab_to

Settle = Callable[[Page], None]


def test_sliders_by_keyboard(page: Page, app_url: str, settle: Settle) -> None:
    page.goto(f"{app_url}/generate?model=mnist-conv-vae-16d")
    settle(page)
    picture = page.get_by_role("img", name="Decoded item")
    first = page.get_by_role("slider").first
    name = first.evaluate("(range) => range.labels[0].firstChild.textContent").strip()
    value = page.get_by_label(f"{name}, value")
    start, at_start = value.input_value(), pixels(picture)
    tab_to(page, "slider", name)
    page.keyboard.press("ArrowRight")
    expect(value).not_to_have_value(start)
    moved = changed(lambda: pixels(picture), at_start)
    page.keyboard.press("Tab")
    page.keyboard.type("-1.25")
    page.keyboard.press("Enter")
    expect(value).to_have_value("−1.25")
    changed(lambda: pixels(picture), moved)
    page.wait_for_url(re.compile(r"[?&]z="))
    page.keyboard.press("Tab")  # to the button that resets this one
    page.keyboard.press("Enter")
    expect(value).to_have_value(start)
    becomes(page, picture, at_start)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("End")
    expect(value).not_to_have_value(start)


def test_the_map_by_keyboard(page: Page, app_url: str, settle: Settle) -> None:
    page.goto(f"{app_url}/latent_space?model=mnist-vae-2d")
    settle(page)
    picture = page.get_by_role("img", name="Decoded from the cursor position")
    item = page.get_by_role("textbox", name="Item")
    before, chosen = pixels(picture), item.input_value()
    tab_to(page, "application", "Map of")
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    decoded = changed(lambda: pixels(picture), before)
    page.keyboard.press("+")
    page.keyboard.press("ArrowUp")
    changed(lambda: pixels(picture), decoded)
    page.keyboard.press("Enter")
    expect(item).not_to_have_value(chosen)
    page.wait_for_url(re.compile(r"[?&]item=\d+"))
