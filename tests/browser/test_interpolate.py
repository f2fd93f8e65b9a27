"""The Interpolate view in the running app: ways play and are scrubbed, items are picked, films leave it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.hands import becomes, changed, pixels, sent_by

ROWS = "0,500,1001"

Opened = tuple[Page, list[Any]]


@pytest.fixture
def open_paths(new_page: Callable[..., Page], app_url: str, settle: Callable[[Page], None]) -> Callable[..., Opened]:
    """Opens the view; returns the page and a list that grows with each message sent to the server."""

    def open_one(query: str = f"path={ROWS}", **size: int) -> Opened:
        page = new_page(**size)
        sent = sent_by(page)
        page.goto(f"{app_url}/generate?view=Interpolate&{query}")
        expect(strip(page, "Straight")).to_have_attribute("data-drawn", re.compile(r"\d+"))
        settle(page)
        return page, sent

    return open_one


def strip(page: Page, path: str) -> Locator:
    return page.get_by_role("img", name=f"{path}: decoded items")


def shown(page: Page) -> Locator:
    return page.get_by_role("img", name="Decoded item on the path")


def in_link(url: str, name: str) -> str:
    return parse_qs(urlparse(url).query).get(name, [""])[0]


def wait_for_link(page: Page, name: str, value: str | re.Pattern[str]) -> None:
    pattern = value if isinstance(value, re.Pattern) else re.compile(re.escape(value) + "$")
    page.wait_for_url(lambda url: pattern.match(in_link(url, name)) is not None)


def test_the_pointer_scrubs_without_asking_the_server(open_paths: Callable[..., Opened]) -> None:
    page, sent = open_paths()
    film = strip(page, "Along the data")
    film.scroll_into_view_if_needed()
    box = film.bounding_box()
    assert box is not None
    caption = page.get_by_text(re.compile(r"of the path from|: at row"))
    sent.clear()
    seen = [pixels(shown(page))]
    mark = page.locator(".chart .mark").first
    places = [mark.get_attribute("x1") or ""]
    for share in (0.2, 0.35, 0.6, 0.8):  # over it, without a button
        page.mouse.move(box["x"] + share * box["width"], box["y"] + 0.5 * box["height"])
        seen.append(changed(lambda: pixels(shown(page)), seen[-1]))
        places.append(changed(lambda: mark.get_attribute("x1") or "", places[-1]))
    assert len(set(seen)) == 5
    assert len(set(places)) == 5, "the mark in the chart goes along"
    expect(caption).to_contain_text("Along the data")
    page.mouse.move(5, 5)
    expect(caption).to_contain_text("Straight: at row 0")
    becomes(page, shown(page), seen[0])  # a pointer that only passes over changes nothing

    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 0.5 * box["height"], steps=5)
    assert sent == [], "the server must not hear of a drag"
    page.mouse.up()
    wait_for_link(page, "along", "data")
    wait_for_link(page, "at", re.compile(r"0\.[67]"))
    assert sent
    expect(page.get_by_text("Export: Along the data")).to_be_visible()


def test_it_plays_and_pauses_and_takes_keys(open_paths: Callable[..., Opened]) -> None:
    page, sent = open_paths()
    slider = page.get_by_role("slider", name="Position on the path")
    sent.clear()
    seen = [pixels(shown(page))]
    page.get_by_role("button", name="Play").click()
    for _ in range(3):
        seen.append(changed(lambda: pixels(shown(page)), seen[-1]))
    assert sent == [], "playing asks nothing of the server"
    page.get_by_role("button", name="Pause").click()
    wait_for_link(page, "at", re.compile(r"0\.\d"))
    before = float(slider.input_value())
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("PageUp")
    page.wait_for_function(
        "([range, value]) => Math.abs(range.value - value) < 1e-6", arg=[slider.element_handle(), min(1, before + 0.11)]
    )
    page.keyboard.press("End")
    expect(page.get_by_text("Straight: at row 1,001")).to_be_visible()
    page.get_by_role("button", name="Spherical").click()
    wait_for_link(page, "along", "spherical")
    wait_for_link(page, "at", "1")


def test_a_film_that_plays_once_stops_at_the_end(open_paths: Callable[..., Opened]) -> None:
    page, _ = open_paths(f"path={ROWS}&along=linear&at=0.97")
    page.get_by_label("Repeat").select_option("Once")
    page.get_by_label("Speed").select_option("4 ×")
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_text("Straight: at row 1,001")).to_be_visible()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    wait_for_link(page, "at", "1")


def test_items_are_added_moved_and_removed(open_paths: Callable[..., Opened], settle: Callable[[Page], None]) -> None:
    page, _ = open_paths()
    page.get_by_role("button", name="Add items", exact=True).click()
    page.get_by_role("button", name="7", exact=True).click()
    pick = page.locator(".pick").first
    row = re.search(r"row ([\d,]+) \(7\)", pick.get_attribute("aria-label") or "")
    assert row is not None
    seven = row[1].replace(",", "")
    pick.click()
    wait_for_link(page, "path", f"{ROWS},{seven}")
    expect(page.get_by_text("4 of at most 8 chosen")).to_be_visible()
    page.get_by_role("button", name=f"Move left row {row[1]} (7)").click()
    wait_for_link(page, "path", f"0,500,{seven},1001")
    page.get_by_role("button", name="Remove row 500 (1)").click()
    wait_for_link(page, "path", f"0,{seven},1001")
    page.get_by_role("button", name="Reverse the order").click()
    wait_for_link(page, "path", f"1001,{seven},0")
    page.get_by_label("Row number").fill("42")
    page.get_by_label("Row number").press("Enter")
    wait_for_link(page, "path", f"1001,{seven},0,42")
    settle(page)  # the server sends the picture of row 42
    tiles = page.locator(".chosen .grip")
    first, last = tiles.first.bounding_box(), tiles.last.bounding_box()
    assert first is not None
    assert last is not None
    page.mouse.move(last["x"] + last["width"] / 2, last["y"] + last["height"] / 2)
    page.mouse.down()
    page.mouse.move(first["x"] + first["width"] / 2, first["y"] + first["height"] / 2, steps=6)
    page.mouse.up()
    wait_for_link(page, "path", f"42,1001,{seven},0")
    settle(page)
    expect(page.locator(".chosen li")).to_have_count(4)


def test_films_are_real_files(open_paths: Callable[..., Opened]) -> None:
    page, _ = open_paths(f"path={ROWS}&film_frames=12&film_seconds=1.2&film_scale=2+×+(56+by+56+pixels)")
    kept = {}
    for title in ("PNG strip", "GIF", "MP4"):
        with page.expect_download() as download:
            page.get_by_role("button", name=title, exact=True).click()
        kept[title] = download.value.path().read_bytes()
        assert download.value.suggested_filename.startswith("mnist-vae-2d-straight.")
    gif = Image.open(io.BytesIO(kept["GIF"]))
    assert (gif.format, gif.n_frames, gif.size) == ("GIF", 22, (56, 56))
    assert Image.open(io.BytesIO(kept["PNG strip"])).size == (2 * (11 * 28 + 10), 56)
    assert kept["MP4"][4:8] == b"ftyp"


def test_fits_a_phone(open_paths: Callable[..., Opened]) -> None:
    page, _ = open_paths(width=390, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 392
    for root in page.locator(".live").all():
        assert root.evaluate("(node) => node.scrollWidth - node.clientWidth") <= 1
