"""The live components in a running app: they follow the hand without asking the server, and report on release."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sklearn.datasets import load_digits

from tests.browser.hands import becomes, changed, pixels, press_on, sent_by

DEMO = "live_demo.py"


@pytest.fixture
def open_demo(page: Page, demo_url: str, settle: Callable[[Page], None]) -> Callable[[str], tuple[Page, list[Any]]]:
    """Opens one component; returns the page and a list that grows with each message sent to the server."""

    def open_one(show: str) -> tuple[Page, list[Any]]:
        sent = sent_by(page)
        page.goto(f"{demo_url}/?show={show}")
        settle(page)
        return page, sent

    return open_one


def test_a_slider_decodes_while_it_is_dragged(open_demo: Callable[[str], tuple[Page, list[Any]]]) -> None:
    page, sent = open_demo("sliders")
    picture = page.get_by_role("img", name="Decoded item")
    slider = page.get_by_label("z0", exact=False).and_(page.get_by_role("slider")).first
    before = pixels(picture)
    sent.clear()
    x, y, width, _ = press_on(page, slider, 0.5)
    seen = [before]
    for step in range(1, 9):
        page.mouse.move(x + step * 0.05 * width, y)
        seen.append(changed(lambda: pixels(picture), seen[-1]))
    assert len(set(seen)) == 9, "every move must be painted"
    assert sent == [], "the server must not hear of a drag"
    page.mouse.up()
    expect(page.get_by_text(re.compile(r"first dimension: [1-9]"))).to_be_visible()
    assert sent

    page.get_by_role("button", name="Reset all").click()
    expect(page.get_by_text("first dimension: 0.0")).to_be_visible()
    becomes(page, picture, before)


def test_a_decoder_on_the_server_follows_a_drag_at_most_ten_times_a_second(
    open_demo: Callable[[str], tuple[Page, list[Any]]], settle: Callable[[Page], None]
) -> None:
    page, sent = open_demo("served")
    picture = page.get_by_role("img", name="Decoded item")
    slider = page.get_by_role("slider").first
    start = pixels(picture)
    sent.clear()
    x, y, width, _ = press_on(page, slider, 0.5)
    began = time.monotonic()
    for step in range(40):
        page.mouse.move(x + (step % 20 - 10) * 0.04 * width, y)
        page.wait_for_timeout(20)
    page.mouse.move(x + 0.3 * width, y)
    seconds = time.monotonic() - began
    during = changed(lambda: pixels(picture), start)
    assert 1 <= len(sent) <= 10 * seconds + 2
    page.mouse.up()
    # The newest code wins, also over an answer that is still on its way: it ends with the place of the handle.
    settle(page)
    shown = float(page.get_by_label("z0, value").input_value())
    reported = float(page.get_by_text("served dimension:").inner_text().split()[-1])
    assert reported == pytest.approx(shown, abs=0.006)
    last = changed(lambda: pixels(picture), start)
    assert during != start
    page.get_by_role("button", name="Reset all").click()
    changed(lambda: pixels(picture), last)
    settle(page)
    expect(page.get_by_text("served dimension: 0.0")).to_be_visible()
    becomes(page, picture, start)


def test_a_slider_takes_keys_typed_values_and_a_double_click(
    open_demo: Callable[[str], tuple[Page, list[Any]]],
) -> None:
    page, _ = open_demo("sliders")
    slider = page.get_by_role("slider").first
    value = page.get_by_label("z0, value")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(value).not_to_have_value("0.00")
    value.fill("−1,5")
    value.press("Enter")
    expect(page.get_by_text("first dimension: -1.5")).to_be_visible()
    value.fill("nonsense")
    value.press("Enter")
    expect(value).to_have_value("−1.50")
    slider.dblclick()
    expect(page.get_by_text("first dimension: 0.0")).to_be_visible()


def test_many_dimensions_are_folded_and_found(open_demo: Callable[[str], tuple[Page, list[Any]]]) -> None:
    page, _ = open_demo("sliders")
    sliders = page.get_by_role("slider")
    expect(sliders).to_have_count(24)
    search = page.get_by_role("searchbox", name="Find dimensions")
    search.fill("z3")
    expect(sliders).to_have_count(11)
    expect(sliders.first).to_have_accessible_name(re.compile("^z3 "))
    search.fill("38, z7")
    expect(sliders).to_have_count(2)
    expect(page.get_by_text("2 of 40")).to_be_visible()
    search.fill("")
    page.get_by_role("button", name="Show all 40").click()
    expect(sliders).to_have_count(40)
    expect(page.get_by_text("inactive").first).to_be_attached()


def test_a_code_is_compared_with_real_ones_while_it_moves(
    open_demo: Callable[[str], tuple[Page, list[Any]]], settle: Callable[[Page], None]
) -> None:
    page, sent = open_demo("sliders")
    nearest = page.get_by_role("img", name="Nearest real item")
    words = page.locator(".density-check")
    expect(words).to_contain_text("Nearest real digit")
    before, picture = words.inner_text(), pixels(nearest)
    sent.clear()
    x, y, width, _ = press_on(page, page.get_by_role("slider").first, 0.5)
    page.mouse.move(x + 0.2 * width, y)
    changed(words.inner_text, before)
    changed(lambda: pixels(nearest), picture)
    assert sent == []
    page.mouse.up()
    expect(page.get_by_text(re.compile(r"first dimension: [1-9]"))).to_be_visible()
    settle(page)
    # What the browser says of the code is what Python finds.
    share = page.get_by_text("share less likely:").inner_text().split()[-1]
    said = f"More likely than {share} %" if share != "0" else r"More likely than 0\.\d %|Less likely than each"
    expect(words).to_contain_text(re.compile(said))
    nearest_row = int(page.get_by_text("nearest:").inner_text().split()[-1])
    expect(words).to_contain_text(f"Nearest real digit: a {load_digits().target[nearest_row]}.")
    page.get_by_label("z0, value").fill("900")
    page.get_by_label("z0, value").press("Enter")
    expect(words).to_contain_text("Made up: real codes are not like this")
    expect(words).to_contain_text("Less likely than each of the 1,797 real codes")


@pytest.mark.parametrize("show", ["verdict", "rest"])
def test_the_verdict_of_the_browser_is_that_of_python(
    open_demo: Callable[[str], tuple[Page, list[Any]]], show: str
) -> None:
    """Where the browser encodes again itself, and where the server tells it of the code at rest."""
    page, _ = open_demo(show)
    words, python = page.locator(".density-check"), page.get_by_text("Python says:")
    value = page.get_by_label("z0, value")
    seen = set()
    for number in ("", "0.2", "1.2", "1.5", "60"):
        if number:
            value.fill(number)
            value.press("Enter")
            expect(page.get_by_text(f"first dimension: {float(number)}", exact=True)).to_be_visible()
        verdict, _, reason = python.inner_text().removeprefix("Python says:").partition(" -")
        verdict, reason = verdict.strip(), reason.strip()
        expect(words).to_contain_text(re.compile(f"^{re.escape(verdict)}", re.IGNORECASE))
        if reason:
            expect(words).to_contain_text(reason)
        seen.add(verdict)
    assert len(seen) == 3


def test_a_direction_moves_the_whole_code_and_is_undone_by_a_reset(
    open_demo: Callable[[str], tuple[Page, list[Any]]],
) -> None:
    page, sent = open_demo("directions")
    picture = page.get_by_role("img", name="Decoded item")
    start = pixels(picture)
    direction = page.get_by_label("rounder", exact=True)
    value = page.get_by_label("z0, value")
    expect(value).to_have_value("0.00")
    sent.clear()
    x, y, width, _ = press_on(page, direction, 0.5)
    page.mouse.move(x + 0.25 * width, y)
    changed(lambda: pixels(picture), start)
    expect(value).not_to_have_value("0.00")
    assert sent == []
    page.mouse.up()
    expect(page.get_by_text(re.compile(r"rounder: 0\.9|rounder: 1"))).to_be_visible()
    # A dimension that is set by hand stays where it was put, and the direction keeps its part of the others.
    value.fill("5")
    value.press("Enter")
    expect(page.get_by_text("first dimension: 5.0")).to_be_visible()
    page.get_by_role("button", name="Reset all").click()
    expect(page.get_by_text("first dimension: 0.0")).to_be_visible()
    expect(page.get_by_text("rounder: 0")).to_be_visible()
    changed(lambda: str(pixels(picture) == start), "False")


def test_a_table_shows_its_columns(open_demo: Callable[[str], tuple[Page, list[Any]]]) -> None:
    page, sent = open_demo("table")
    row = page.get_by_role("row").filter(has_text="mean area")
    before = row.inner_text()
    sent.clear()
    x, y, width, _ = press_on(page, page.get_by_role("slider").first, 0.3)
    page.mouse.move(x + 0.4 * width, y)
    changed(row.inner_text, before)
    assert sent == []
    page.mouse.up()


@pytest.mark.parametrize(("show", "renderer"), [("map", "webgl2"), ("plainmap", "canvas")])
def test_the_map_decodes_under_the_pointer(
    open_demo: Callable[[str], tuple[Page, list[Any]]], show: str, renderer: str
) -> None:
    page, sent = open_demo(show)
    surface = page.get_by_role("application")
    decoded = page.get_by_role("img", name="Decoded from the cursor position")
    nearest = page.get_by_role("img", name="Nearest real item")
    assert page.locator(".map").get_attribute("data-renderer") == renderer
    box = surface.bounding_box()
    assert box is not None
    sent.clear()
    pictures, neighbours = [pixels(decoded)], {pixels(nearest)}
    for share in (0.3, 0.45, 0.6, 0.75):
        page.mouse.move(box["x"] + share * box["width"], box["y"] + 0.5 * box["height"])
        pictures.append(changed(lambda: pixels(decoded), pictures[-1]))
        neighbours.add(pixels(nearest))
    assert len(set(pictures)) == 5
    assert len(neighbours) > 3
    assert sent == [], "the server must not hear of the pointer"
    expect(page.get_by_text(re.compile("^Nearest real digit: [0-9], at distance"))).to_be_visible()

    points = page.locator("canvas.points")
    shot = points.screenshot()
    page.mouse.wheel(0, -400)
    zoomed = changed(lambda: points.screenshot().hex(), shot.hex())
    surface.dblclick(position={"x": 5, "y": 300})
    changed(lambda: points.screenshot().hex(), zoomed)
    page.get_by_role("button", name="0", exact=True).click()
    expect(page.get_by_role("button", name="0", exact=True)).to_have_attribute("aria-pressed", "false")


def test_a_click_on_the_map_reports_the_item(open_demo: Callable[[str], tuple[Page, list[Any]]]) -> None:
    page, sent = open_demo("map")
    expect(page.get_by_text("selected item: none")).to_be_visible()
    sent.clear()
    box = page.get_by_role("application").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + 0.85 * box["height"])
    expect(page.get_by_text(re.compile(r"selected item: \d+"))).to_be_visible()
    assert sent


def test_the_map_works_by_keyboard(open_demo: Callable[[str], tuple[Page, list[Any]]]) -> None:
    page, _ = open_demo("map")
    page.get_by_role("application").focus()
    caption = page.get_by_text(re.compile("Decoded at"), exact=False).first
    before = caption.inner_text()
    for _press in range(3):
        page.keyboard.press("ArrowRight")
    changed(caption.inner_text, before)
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile(r"selected item: \d+"))).to_be_visible()


def test_interpolation_plays_scrubs_and_reports_when_it_stops(
    open_demo: Callable[[str], tuple[Page, list[Any]]],
) -> None:
    page, sent = open_demo("interpolation")
    picture = page.get_by_role("img", name="Decoded item on the path")
    strips = page.locator(".film canvas")
    expect(strips).to_have_count(3)
    expect(page.get_by_text("Spherical: 50 % of the path from a 0 to a 4")).to_be_visible()
    before = pixels(picture)
    sent.clear()
    page.get_by_role("button", name="Play").click()
    changed(lambda: pixels(picture), before)
    assert sent == []
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text(re.compile(r"way: spherical 0\.[0-9]+"))).to_be_visible()

    press_on(page, strips.first, 0.4)
    page.mouse.up()
    expect(page.get_by_text(re.compile(r"Straight: \d+ % of the path from a 0 to a 4"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"way: linear 0\.[34]"))).to_be_visible()
    middle = pixels(picture)
    expect(page.locator(".chart .dot")).to_have_count(3)
    press_on(page, page.locator(".chart svg"), 0.9)
    changed(lambda: pixels(picture), middle)
    page.mouse.up()
    page.get_by_role("slider").press("Home")
    expect(page.get_by_text("Straight: at a 0")).to_be_visible()


def test_paths_decoded_on_the_server_play_from_frame_to_frame(
    open_demo: Callable[[str], tuple[Page, list[Any]]],
) -> None:
    page, sent = open_demo("frames")
    picture = page.get_by_role("img", name="Decoded item on the path")
    before = pixels(picture)
    sent.clear()
    page.get_by_role("button", name="Play").click()
    changed(lambda: pixels(picture), before)
    assert sent == []


def test_the_swipe_divider_follows_the_pointer_and_the_keys(
    open_demo: Callable[[str], tuple[Page, list[Any]]],
) -> None:
    page, sent = open_demo("swipe")
    divider = page.get_by_role("slider")
    sent.clear()

    def share() -> str:
        return divider.get_attribute("aria-valuenow") or ""

    divider.hover(position={"x": 100, "y": 100})
    left = changed(share, "50")
    divider.hover(position={"x": 400, "y": 100})
    assert 0 < int(left) < int(changed(share, left)) < 100
    divider.focus()
    page.keyboard.press("End")
    expect(divider).to_have_attribute("aria-valuenow", "100")
    assert sent == []


def test_a_heat_map_follows_opacity_zoom_and_pixel_threshold_without_the_server(
    open_demo: Callable[[str], tuple[Page, list[Any]]],
) -> None:
    page, sent = open_demo("heat_map")
    boxes = page.locator(".boxes rect")
    expect(boxes).to_have_count(2)
    sent.clear()
    first = {name: boxes.first.get_attribute(name) for name in ("x", "y", "width", "height")}
    assert first == {"x": "50", "y": "100", "width": "40", "height": "20"}
    expect(page.locator(".counted")).to_contain_text("40 × 20 at row 100, column 50 (800 pixels)")
    line = page.get_by_role("slider", name="Pixel threshold")
    line.fill("900")  # of 1,000 steps up to 9.18: 8.26
    expect(boxes).to_have_count(1)
    line.focus()
    page.keyboard.press("Home")  # at what is usual: half of the noise is above
    expect(page.locator(".counted")).not_to_contain_text("1 region ")
    page.get_by_role("slider", name="Heat").fill("0.2")
    assert page.locator("canvas").evaluate("(canvas) => canvas.style.opacity") == "0.2"
    wide = page.locator("canvas").evaluate("(canvas) => canvas.getBoundingClientRect().width")
    page.get_by_role("button", name="Zoom in").click()
    changed(lambda: page.locator("canvas").evaluate("(canvas) => canvas.getBoundingClientRect().width"), wide)
    image = page.get_by_role("img", name="part")
    for edge in ("left", "width", "height"):
        of_canvas, of_image = (
            part.evaluate(f"(node) => node.getBoundingClientRect().{edge}") for part in (page.locator("canvas"), image)
        )
        assert of_canvas == pytest.approx(of_image, abs=0.1)
    assert sent == []


def test_fits_a_phone(new_page: Callable[..., Page], demo_url: str, settle: Callable[[Page], None]) -> None:
    page = new_page(width=390, height=844, color_scheme="dark")
    page.goto(demo_url)
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 392
    for root in page.locator(".live").all():
        assert root.evaluate("(node) => node.scrollWidth - node.clientWidth") <= 1
