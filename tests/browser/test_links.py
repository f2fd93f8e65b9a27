"""A copied link, opened in another browser, shows the same: map, colours, selection, item, sliders, seeds, ways."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hands import becomes, changed, pixels, place_on

Settle = Callable[[Page], None]
NewPage = Callable[..., Page]

STATE = """() => {
  // Every control of the page's body with its value, and what is pressed, in the order of the page; also in components.
  const all = (node) => [...node.querySelectorAll('*')].flatMap((e) => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])]);
  const name = (e) => e.getAttribute('aria-label') ?? e.labels?.[0]?.textContent ?? e.textContent;
  const controls = all(document.querySelector('[data-testid=stMain]')).filter((e) =>
    e.checkVisibility() && e.matches('input:not([type=file]), select, [aria-pressed], [aria-checked], [role=slider]'));
  // A link carries four digits: a slider's place is compared in the words that a screen reader hears.
  const values = (e) => [e.ariaValueText ?? e.value, e.checked, e.ariaPressed, e.ariaChecked, e.ariaValueNow];
  return controls.map((e) => [name(e), ...values(e)].join(' | '));
}"""


def choose(page: Page, settle: Settle, name: str, option: str) -> None:
    """Choose from one of Streamlit's menus."""
    page.get_by_role("combobox", name=name).click()
    page.get_by_role("option", name=option, exact=True).click()
    settle(page)


def type_into(page: Page, settle: Settle, name: str, value: str) -> None:
    field = page.get_by_label(name).first
    field.fill(value)
    field.press("Enter")
    settle(page)


def opened_again(page: Page, new_page: NewPage, settle: Settle) -> Page:
    """The page's address in a new browser context; every control there must be as it is here."""
    settle(page)
    again = new_page()
    again.goto(page.url)
    settle(again)
    assert again.evaluate(STATE) == page.evaluate(STATE)
    assert again.url == page.url, "the link must not change by being opened"
    return again


def test_a_link_brings_the_map_its_colour_the_item_and_the_selection(
    page: Page, new_page: NewPage, app_url: str, settle: Settle
) -> None:
    page.goto(f"{app_url}/latent_space?model=mnist-conv-vae-16d")
    settle(page)
    choose(page, settle, "Colour by", "Reconstruction error")
    choose(page, settle, "Map", "Two dimensions")
    page.get_by_role("button", name="Options").click()
    choose(page, settle, "Across", "z3")
    choose(page, settle, "Maximum number of items", "500")
    page.keyboard.press("Escape")
    surface = page.get_by_role("application")
    page.get_by_role("button", name="Box").click()
    page.mouse.move(*place_on(surface, 0.3, 0.3))
    page.mouse.down()
    page.mouse.move(*place_on(surface, 0.55, 0.6), steps=5)
    page.mouse.up()
    selection = page.get_by_role("heading", name=re.compile("^Selection: "))
    expect(selection).to_be_visible()
    page.get_by_role("button", name="Move (M)").click()
    item = page.get_by_role("textbox", name="Item")
    first = item.input_value()
    surface.focus()
    page.keyboard.press("Enter")
    expect(item).not_to_have_value(first)
    again = opened_again(page, new_page, settle)
    expect(again.get_by_role("heading", name=selection.inner_text(), exact=True)).to_be_visible()
    expect(again.get_by_role("combobox", name="Map")).to_have_value("Two dimensions")
    again.get_by_role("button", name="Options").click()
    expect(again.get_by_role("combobox", name="Across")).to_have_value("z3")
    selected = page.get_by_alt_text("Selected").first
    assert again.get_by_alt_text("Selected").first.get_attribute("src") == selected.get_attribute("src")


def test_a_link_brings_a_slow_map_and_its_seed(page: Page, new_page: NewPage, app_url: str, settle: Settle) -> None:
    page.goto(f"{app_url}/latent_space?model=mnist-conv-vae-16d")
    settle(page)
    choose(page, settle, "Map", "t-SNE")
    page.get_by_role("button", name="Options").click()
    type_into(page, settle, "Seed of the map", "7")
    page.keyboard.press("Escape")
    again = opened_again(page, new_page, settle)
    expect(again.get_by_role("combobox", name="Map")).to_have_value("t-SNE")
    again.get_by_role("button", name="Options").click()
    expect(again.get_by_label("Seed of the map").first).to_have_value("7")


def test_a_link_brings_the_sliders_and_the_picture(page: Page, new_page: NewPage, app_url: str, settle: Settle) -> None:
    page.goto(f"{app_url}/generate?model=mnist-conv-vae-16d")
    settle(page)
    choose(page, settle, "Start from", "A random draw")
    type_into(page, settle, "Seed of the draw", "7")
    picture = page.get_by_role("img", name="Decoded item")
    for slider, key in ((0, "PageUp"), (2, "End"), (5, "PageDown")):
        before = pixels(picture)
        page.get_by_role("slider").nth(slider).press(key)
        changed(lambda: pixels(picture), before)
    page.wait_for_url(re.compile(r"[?&]z="))
    again = opened_again(page, new_page, settle)
    expect(again.get_by_role("combobox", name="Start from")).to_have_value("A random draw")
    # Two browsers with the same link show the same picture; the sender's differs by what four digits leave out.
    third = new_page()
    third.goto(again.url)
    settle(third)
    becomes(third, third.get_by_role("img", name="Decoded item"), pixels(again.get_by_role("img", name="Decoded item")))
    again.get_by_role("button", name="Reset all").click()
    settle(again)
    page.get_by_role("button", name="Reset all").click()
    settle(page)
    becomes(again, again.get_by_role("img", name="Decoded item"), pixels(picture))


@pytest.mark.parametrize(
    "query",
    [
        "view=Sample&sample_seed=5&temperature=0.8",
        "view=Interpolate&path=3,700,1500&along=spherical&at=0.4&spacing=Even+by+distance",
        "view=Traversals&start=item&item=12",
    ],
)
def test_the_other_views_are_as_the_link_says(
    page: Page, new_page: NewPage, app_url: str, settle: Settle, query: str
) -> None:
    page.goto(f"{app_url}/generate?model=mnist-conv-vae-16d&{query}")
    settle(page)
    for part in query.split("&"):
        assert part.replace(",", "%2C") in page.url
    opened_again(page, new_page, settle)
