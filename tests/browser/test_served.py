"""Decoders that stay on the server: map and ways come to show what it decodes, and say so."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA

from tests.browser.hands import changed, place_on

DEMO = "served_demo.py"
LEVELS = 2
"""Of 255: how far a drawn pixel may be from the value at a place that is known to three digits."""


@pytest.fixture(scope="module")
def model() -> PCA:
    """The demo's decoder."""
    return PCA(2, svd_solver="full").fit(load_digits().data / 16)


@pytest.fixture
def open_demo(page: Page, demo_url: str, settle: Callable[[Page], None]) -> Callable[[str], Page]:
    def open_one(show: str) -> Page:
        page.goto(f"{demo_url}/?show={show}")
        settle(page)
        expect(page.get_by_text("This decoder is a test. The server decodes while you drag")).to_be_visible()
        return page

    return open_one


def comes_to_show(page: Page, canvas: Locator, code: np.ndarray, model: PCA) -> None:
    """Wait until a canvas shows the picture of a code (2,)."""
    expected = (255 * model.inverse_transform(code[None])[0]).clip(0, 255)
    page.wait_for_function(
        """([canvas, expected, levels]) => {
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          return expected.every((value, i) => Math.abs(data[4 * i] - value) <= levels);
        }""",
        arg=[canvas.element_handle(), expected.tolist(), LEVELS],
    )


def place_in(words: str) -> np.ndarray:
    """The place (2,) that a caption names."""
    return np.array([float(v.replace("−", "-")) for v in re.findall(r"−?[\d.]+", words)[:2]])


def test_the_map_comes_to_show_what_lies_under_the_pointer(
    open_demo: Callable[[str], Page], settle: Callable[[Page], None], model: PCA
) -> None:
    page = open_demo("map")
    picture = page.get_by_role("img", name="Decoded from the cursor position")
    words = page.locator(".caption", has_text=re.compile(r"^Decoded at \("))
    seen = set()
    for share in (0.35, 0.5, 0.65):
        # The caption belongs to the picture: it changes when there is a newer one, and stays once the newest is there.
        before = words.inner_text()
        page.mouse.move(*place_on(page.get_by_role("application"), share, share))
        changed(words.inner_text, before)
        settle(page)
        comes_to_show(page, picture, place_in(words.inner_text()), model)
        seen.add(words.inner_text())
    assert len(seen) == 3


def test_paths_show_the_very_place_where_the_hand_rests(open_demo: Callable[[str], Page], model: PCA) -> None:
    page = open_demo("ways")
    picture = page.get_by_role("img", name="Decoded item on the path")
    a, b = model.transform(load_digits().data[:2] / 16)
    comes_to_show(page, picture, a, model)
    slider = page.get_by_role("slider").first
    for share in (0.3, 0.6):  # between the frames at 0, a half and 1
        slider.evaluate("(range, share) => { range.value = share; range.dispatchEvent(new Event('input')); }", share)
        comes_to_show(page, picture, a + share * (b - a), model)
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_text(re.compile("[0-9]+ % of the path"))).to_be_visible()
    page.get_by_role("button", name="Pause").click()
