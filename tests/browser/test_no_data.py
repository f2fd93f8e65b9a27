"""A checkpoint's file without data, opened through the sidebar: its latent space and its sliders are live."""

from __future__ import annotations

import pathlib
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from explorer import checkpoints
from tests.browser.hands import changed, pixels, place_on, press_on
from tests.unusual_models import MODELS, trained


@pytest.mark.parametrize("model", ["odd-images", "odd-table"])
def test_an_uploaded_checkpoint_without_data_is_live(
    page: Page, app_url: str, settle: Callable[[Page], None], tmp_path: pathlib.Path, model: str
) -> None:
    file = tmp_path / f"{model}.safetensors"
    checkpoints.save(trained(model), file)
    page.goto(f"{app_url}/latent_space")
    settle(page)
    page.get_by_role("button", name="Open a checkpoint").click()
    page.locator("[data-testid=stPopoverBody] input[type=file]").set_input_files(file)
    sidebar = page.locator("[data-testid=stSidebar]")
    expect(sidebar).to_contain_text(f"No dataset here has items of {' x '.join(map(str, MODELS[model][0]))}.")
    expect(sidebar).to_contain_text("None of them is real.")
    settle(page)
    page.keyboard.press("Escape")

    def shown() -> str:
        """The decoded picture, or the decoded row."""
        canvas = page.get_by_role("img", name="Decoded", exact=False).and_(page.locator("canvas")).first
        return pixels(canvas) if model == "odd-images" else page.get_by_role("table").first.inner_text()

    surface = page.get_by_role("application")
    x, y = place_on(surface, 0.3)
    page.mouse.move(x, y)
    before = shown()
    page.mouse.move(*place_on(surface, 0.7))
    changed(shown, before)

    page.locator("[data-testid=stSidebarNav] a", has_text="Generate").click()
    expect(page.get_by_role("heading", name="Generate")).to_be_visible()
    settle(page)
    before = shown()
    x, y, width, _ = press_on(page, page.get_by_role("slider").first, 0.5)
    page.mouse.move(x + 0.3 * width, y)
    changed(shown, before)
    page.mouse.up()
    settle(page)
    assert page.query_selector_all("[data-testid=stException], [data-testid=stAlertContentError]") == []
