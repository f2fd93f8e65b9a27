"""Generate in a real browser: drag, open a sample, copy the link, go back, 512 dimensions."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from explorer import checkpoints
from explorer.data import dataset
from explorer.latent import dimension_order, sampling
from explorer.recipe import Recipe
from explorer.training import train
from explorer.ui.generate.code_state import text_of_code
from tests.browser.hands import changed, pixels, press_on, sent_by, tab_to
from tests.models_at_random import random_checkpoint

Settle = Callable[[Page], None]


def linked_code(page: Page) -> str:
    """The code in the address; empty where it names none."""
    return parse_qs(urlsplit(page.url).query).get("z", [""])[0]


def shown_values(page: Page) -> list[str]:
    return [box.input_value() for box in page.get_by_label(re.compile(r"^z\d+, value$")).all()]


def test_a_drag_changes_the_picture_and_tells_the_server_once_when_it_ends(
    page: Page, app_url: str, settle: Settle
) -> None:
    sent = sent_by(page)
    page.goto(f"{app_url}/generate?model=mnist-conv-vae-16d")
    settle(page)
    picture = page.get_by_role("img", name="Decoded item")
    seen = [pixels(picture)]
    sent.clear()
    x, y, width, _ = press_on(page, page.get_by_role("slider").first, 0.5)
    for step in range(1, 6):
        page.mouse.move(x + step * 0.06 * width, y)
        seen.append(changed(lambda: pixels(picture), seen[-1]))
    assert len(set(seen)) == 6, "every move is painted"
    assert sent == [], "the server must not hear of a drag"
    page.mouse.up()
    page.wait_for_url(re.compile(r"[?&]z="))
    settle(page)
    assert len(sent) == 1
    assert pixels(picture) == seen[-1], "the answer leaves the sliders where they were let go"


def test_a_code_of_two_numbers_is_dragged_on_its_plane(page: Page, app_url: str, settle: Settle) -> None:
    sent = sent_by(page)
    page.goto(f"{app_url}/generate?model=mnist-vae-2d")
    settle(page)
    picture, plane = page.get_by_role("img", name="Decoded item"), page.get_by_role("application")
    seen = [pixels(picture)]
    sent.clear()
    box = plane.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    for step in range(1, 5):
        page.mouse.move(box["x"] + (0.5 + 0.1 * step) * box["width"], box["y"] + 0.5 * box["height"])
        seen.append(changed(lambda: pixels(picture), seen[-1]))
    assert sent == [], "the server must not hear of a drag"
    page.mouse.up()
    page.wait_for_url(re.compile(r"[?&]z="))
    settle(page)
    ends = {d.index: (d.low, d.high) for d in dimension_order(checkpoints.load("mnist-vae-2d").card)}
    for index, (value, share) in enumerate(zip(linked_code(page).split("_"), (0.9, 0.5), strict=True)):
        low, high = ends[index]
        assert float(value) == pytest.approx(low + share * (high - low), abs=0.02 * (high - low))
    before = shown_values(page)
    page.keyboard.press("ArrowUp")
    changed(lambda: shown_values(page), before)


def test_a_copied_link_restores_the_code_and_the_back_button_undoes(
    page: Page, new_page: Callable[..., Page], app_url: str, settle: Settle
) -> None:
    page.goto(f"{app_url}/generate?model=mnist-vae-2d")
    settle(page)
    value = page.get_by_label("z1, value")
    for typed in ("0.75", "-1.5"):
        value.fill(typed)
        value.press("Enter")
        page.wait_for_url(re.compile(rf"z={re.escape(typed)}_0"))
        settle(page)
    picture, values = pixels(page.get_by_role("img", name="Decoded item")), shown_values(page)
    copy = new_page()
    copy.goto(page.url)
    settle(copy)
    assert shown_values(copy) == values
    assert pixels(copy.get_by_role("img", name="Decoded item")) == picture
    page.go_back()
    expect(value).to_have_value("0.75")
    expect(page.get_by_label("z2, value")).to_have_value("0.00")


def test_a_sample_opens_in_the_sliders_by_click_and_by_keyboard(page: Page, app_url: str, settle: Settle) -> None:
    page.goto(f"{app_url}/generate?model=mnist-conv-vae-16d&view=Sample&sample_seed=5")
    settle(page)
    codes = sampling.sample_prior(checkpoints.load("mnist-conv-vae-16d"), 36, seed=5)
    page.get_by_role("button", name="Open sample 3", exact=True).first.click()
    page.wait_for_url(re.compile(r"[?&]z="))
    settle(page)
    assert linked_code(page) == text_of_code(tuple(float(v) for v in codes[2]))
    expect(page.get_by_role("radio", name="Sliders")).to_have_attribute("aria-checked", "true")
    expect(page.get_by_role("combobox", name="Start from")).to_have_value("The opened code")
    first = page.get_by_role("slider").first.get_attribute("aria-valuetext")
    assert first != "0"

    page.get_by_role("radio", name="Sample").click()
    settle(page)
    tab_to(page, "button", "Open sample 1")
    for key in ("ArrowRight", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    settle(page)
    assert linked_code(page) == text_of_code(tuple(float(v) for v in codes[7]))


def test_a_direction_is_dragged_and_its_amount_linked(page: Page, app_url: str, settle: Settle) -> None:
    sent = sent_by(page)
    page.goto(f"{app_url}/generate?model=mnist-conv-vae-16d&view=Attribute&from=3&to=8")
    settle(page)
    picture = page.get_by_role("img", name="Decoded item")
    before = pixels(picture)
    x, y, width, _ = press_on(page, page.get_by_label("3 → 8", exact=True), 0.4)
    sent.clear()
    page.mouse.move(x + 0.2 * width, y)
    changed(lambda: pixels(picture), before)
    assert sent == []
    page.mouse.up()
    page.wait_for_url(re.compile(r"[?&]amount=0\.9|[?&]amount=1"))
    code = linked_code(page)
    settle(page)
    page.get_by_role("radio", name="Sliders").click()
    settle(page)
    assert linked_code(page) == code, "all views show one code"
    first = float(page.get_by_label(re.compile(r"^z\d+, value$")).first.input_value().replace("−", "-"))
    assert first != 0


def test_512_dimensions_are_found_and_moved(page: Page, app_url: str, settle: Settle) -> None:
    checkpoint = random_checkpoint(checkpoints.folders()[0], 512)
    page.goto(f"{app_url}/generate?model={checkpoint.name}")
    settle(page)
    sliders = page.get_by_role("slider")
    expect(sliders).to_have_count(24)
    page.get_by_role("searchbox", name="Find dimensions").fill("z500")
    expect(sliders).to_have_count(1)
    value = page.get_by_label("z500, value")
    value.fill("2.25")
    value.press("Enter")
    page.wait_for_url(re.compile(r"[?&]z="))
    numbers = np.array([float(v) for v in linked_code(page).split("_")])
    assert numbers.shape == (512,)
    assert numbers[499] == 2.25
    page.get_by_role("searchbox", name="Find dimensions").fill("")
    page.get_by_role("button", name="Show all 512").click()
    expect(sliders).to_have_count(512)
    settle(page)
    again = page.url
    page.goto(again)
    settle(page)
    page.get_by_role("searchbox", name="Find dimensions").fill("500")
    expect(page.get_by_label("z500, value")).to_have_value("2.25")


@pytest.mark.parametrize("view", ["Attribute", "Traversals"])
def test_views_fit_a_phone_in_the_dark(new_page: Callable[..., Page], app_url: str, settle: Settle, view: str) -> None:
    page = new_page(width=390, height=844, color_scheme="dark")
    page.goto(f"{app_url}/generate?model=mnist-conv-vae-16d&view={view}")
    settle(page)
    assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 2


def test_the_label_of_a_conditional_model_is_switched_live(page: Page, app_url: str, settle: Settle) -> None:
    values = {
        "name": "tiny-conditional",
        "data": {"dataset": "digits"},
        "model": {"family": "variational", "hidden": [32], "latent_dim": 2, "conditional": True},
        "training": {"epochs": 5, "device": "cpu"},
    }
    *_, last = train(Recipe.parse(values), dataset("digits"))
    checkpoints.save(last.checkpoint, checkpoints.folders()[0] / "tiny-conditional.safetensors")
    page.goto(f"{app_url}/generate?model=tiny-conditional&label=3&z=0.5_-1")
    settle(page)
    picture, labels = page.get_by_role("img", name="Decoded item"), page.get_by_role("group", name="Label", exact=True)
    three = pixels(picture)
    labels.get_by_role("button", name="7").click()
    live = changed(lambda: pixels(picture), three)
    page.wait_for_url(re.compile(r"[?&]label=7"))
    settle(page)
    assert pixels(picture) == live, "the page's own run decodes the same"
    expect(labels.get_by_role("button", name="7")).to_have_attribute("aria-pressed", "true")
    assert linked_code(page) == "0.5_-1"
    labels.get_by_role("button", name="3").click()
    page.wait_for_url(re.compile(r"[?&]label=3"))
    settle(page)
    assert pixels(picture) == three
