"""Every word of a page can be read on the ground it stands on, in both themes."""

from __future__ import annotations

import pathlib
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.hands import comes_to_hold

LOW = pathlib.Path(__file__).with_name("contrast.js").read_text()
LEAST = 4.5
"""WCAG 2.2, level AA, for words of usual size."""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["generate", "novelty", "compare", "learn"])
def test_all_words_can_be_read(page: Page, app_url: str, settle: Callable[[Page], None], name: str, theme: str) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.goto(f"{app_url}/{name}")
    settle(page)

    def check() -> None:
        assert page.evaluate(LOW, LEAST) == []

    comes_to_hold(check)  # words that have just been chosen fade into their colour
