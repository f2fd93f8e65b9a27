"""A grid of entries in a real browser: a place is chosen, its entry changed, and the picture follows the hand."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from explorer import checkpoints
from explorer.data import dataset
from explorer.recipe import Recipe
from explorer.training import train
from tests.browser.hands import changed, pixels, press_on, sent_by

Settle = Callable[[Page], None]


def test_an_entry_is_changed_and_the_link_keeps_it(page: Page, app_url: str, settle: Settle) -> None:
    values = {
        "name": "tiny-quantised",
        "data": {"dataset": "digits", "limit": 256},
        "model": {"family": "quantised", "channels": [4], "latent_dim": 3, "entries": 6, "prior_epochs": 0},
        "training": {"epochs": 2, "device": "cpu"},
    }
    *_, last = train(Recipe.parse(values), dataset("digits"))
    checkpoints.save(last.checkpoint, checkpoints.folders()[0] / "tiny-quantised.safetensors")
    sent = sent_by(page)
    page.goto(f"{app_url}/generate?model=tiny-quantised")
    settle(page)
    picture, cells = page.get_by_role("img", name="Decoded item"), page.get_by_role("button", name=re.compile("^Row "))
    expect(cells).to_have_count(16)
    before = pixels(picture)
    cells.nth(5).click()
    page.keyboard.press("ArrowRight")
    expect(cells.nth(6)).to_have_attribute("aria-pressed", "true")
    sent.clear()
    number = cells.nth(6).inner_text()
    x, y, width, _ = press_on(page, page.get_by_role("slider", name="Row 2, column 3"), 0.02)
    page.mouse.move(x + 0.96 * width, y)
    seen = changed(lambda: pixels(picture), before)
    assert sent == [], "the server must not hear of a drag"
    page.mouse.up()
    page.wait_for_url(re.compile(r"[?&]entries="))
    settle(page)
    assert pixels(picture) == seen
    other = cells.nth(6).inner_text()
    assert other != number
    page.reload()
    settle(page)
    expect(cells.nth(6)).to_have_text(other)
    assert pixels(picture) == seen
    page.get_by_role("button", name="Reset all").click()
    expect(cells.nth(6)).to_have_text(number)
    changed(lambda: pixels(picture), seen)
