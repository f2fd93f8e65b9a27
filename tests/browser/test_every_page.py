"""Every page as it opens, on a large screen in both themes and on a phone: each opened once for all that is asked."""

from __future__ import annotations

import pathlib
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from explorer.ui.shell.frame import PAGES
from tests.browser.hands import assert_fine, comes_to_hold

LARGE = {"width": 1440, "height": 900}
VIEWS: dict[str, dict[str, Any]] = {
    "light": {**LARGE, "color_scheme": "light"},
    "dark": {**LARGE, "color_scheme": "dark"},
    "phone": {"width": 390, "height": 844, "has_touch": True, "is_mobile": True, "device_scale_factor": 2},
}
LOW = pathlib.Path(__file__).with_name("contrast.js").read_text()
LEAST_CONTRAST = 4.5
"""WCAG 2.2, level AA, for words of usual size."""
MOST_SCREENS = {"home": 3.7, "novelty": 3.4, "compare": 3.2}
"""How high a page may be on a phone: Home took 4.9 screens, Compare 5.9, Novelty 8.5."""


def screens(page: Page) -> float:
    """How many screens high the page is."""
    return float(
        page.evaluate("document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight / innerHeight")
    )


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_a_picture_without_a_click_fits_and_can_be_read(
    new_page: Callable[..., Page], app_url: str, settle: Callable[[Page], None], name: str, view: str
) -> None:
    page = new_page(**VIEWS[view])
    page.goto(f"{app_url}/{'' if name == 'home' else name}")  # the start page has no path of its own
    settle(page)
    assert_fine(page)
    if view == "phone":
        assert screens(page) < MOST_SCREENS.get(name, 9)

    def check() -> None:
        assert page.evaluate(LOW, LEAST_CONTRAST) == []

    comes_to_hold(check)  # words that have just been chosen fade into their colour
