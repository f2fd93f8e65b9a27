"""The visitor's own picture in the running app: from the map to the pages that take it on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from explorer.io import images
from tests.browser.digits import DIGITS, rasterise


@pytest.fixture
def with_a_four(page: Page, app_url: str, settle: Callable[[Page], None]) -> Page:
    """The map with an uploaded four on it."""
    digit, strokes = DIGITS[9]
    assert digit == 4
    ink = rasterise([[(10 + 60 * x, 10 + 60 * y) for x, y in stroke] for stroke in strokes], 80, 80, 7)
    page.goto(f"{app_url}/latent_space?model=mnist-vae-2d&items=500")
    settle(page)
    page.get_by_role("radio", name="My image").click()
    page.get_by_role("radio", name="Upload").click()
    page.get_by_test_id("stMain").locator("input[type=file]").set_input_files(
        {"name": "four.png", "mimeType": "image/png", "buffer": images.png_bytes(ink)}
    )
    expect(page.get_by_role("button", name="Denoise it")).to_be_visible()
    return page


def test_it_is_denoised_by_the_model_that_placed_it(with_a_four: Page, settle: Callable[[Page], None]) -> None:
    with_a_four.get_by_role("button", name="Denoise it").click()
    expect(with_a_four.get_by_role("heading", name="Denoise", exact=True)).to_be_visible()
    settle(with_a_four)
    expect(with_a_four.get_by_text("four.png").first).to_be_visible()


def test_it_is_scored_by_the_model_that_placed_it(with_a_four: Page, settle: Callable[[Page], None]) -> None:
    with_a_four.get_by_role("button", name="Novelty score").click()
    expect(with_a_four.get_by_role("heading", name="Novelty", exact=True)).to_be_visible()
    settle(with_a_four)
    expect(with_a_four.get_by_role("heading", name="Your image")).to_be_visible()
