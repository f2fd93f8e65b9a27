"""Names of classes on the map in Chromium: a key writes them, over the points and for the classes that are shown."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

PAINTED = """(canvas) => {
  const { width, height } = canvas;
  const rgba = canvas.getContext('2d').getImageData(width * 0.15, height * 0.15, width * 0.7, height * 0.7).data;
  return rgba.filter((value, i) => i % 4 === 3 && value > 0).length;
}"""
"""Pixels of the overlay's middle that are not clear."""


def test_a_key_writes_the_names_of_the_classes_that_are_shown(
    page: Page, app_url: str, settle: Callable[[Page], None]
) -> None:
    page.goto(f"{app_url}/latent_space?model=mnist-vae-2d")
    settle(page)
    button = page.get_by_role("button", name="Names of classes (N)")
    expect(button).to_have_attribute("aria-pressed", "false")
    overlay = page.locator("canvas.overlay")
    overlay.focus()
    without = overlay.evaluate(PAINTED)
    page.keyboard.press("n")
    expect(button).to_have_attribute("aria-pressed", "true")
    written = overlay.evaluate(PAINTED)
    assert written > without + 200
    page.locator("button.class").first.click(modifiers=["Shift"])  # only this one
    settle(page)
    assert without < overlay.evaluate(PAINTED) < without + (written - without) / 3
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
