"""The Latent space page in Chromium: a box selects, the link keeps it, a slow map tells progress and is cancelled."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlparse

import numpy as np
from playwright.sync_api import Page, expect

from explorer import checkpoints, data
from explorer.core.row_samples import spread_sample
from explorer.ui.shell import selection

Settle = Callable[[Page], None]
MODEL = "mnist-vae-2d"


def selected_rows(page: Page) -> np.ndarray:
    """What the page's address says is selected."""
    text = parse_qs(urlparse(page.url).query)["selected"][0]
    rows = selection.rows_of(text, data.dataset("mnist-sample").fingerprint)
    assert rows is not None
    return rows


def draw_box(page: Page, left: float, top: float, right: float, bottom: float) -> None:
    """Choose a box on the first map, in shares of its width and height."""
    page.get_by_role("button", name=re.compile("^Box")).first.click()
    surface = page.get_by_role("application").first
    surface.scroll_into_view_if_needed()
    box = surface.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + left * box["width"], box["y"] + top * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + right * box["width"], box["y"] + bottom * box["height"], steps=6)
    page.mouse.up()


def test_a_box_fills_the_drawer_with_exactly_its_items_and_the_link_brings_them_back(
    page: Page, new_page: Callable[..., Page], app_url: str, settle: Settle
) -> None:
    page.goto(f"{app_url}/latent_space?model={MODEL}")
    settle(page)
    draw_box(page, 0.25, 0.55, 0.6, 0.85)
    heading = page.get_by_role("heading", name=re.compile(r"^Selection: [\d,]+ images"))
    expect(heading).to_be_visible()
    settle(page)
    rows = selected_rows(page)
    assert heading.inner_text() == f"Selection: {len(rows):,} images"

    dataset = data.dataset("mnist-sample")
    shown = spread_sample(np.arange(len(dataset)), 2000)
    codes = checkpoints.load(MODEL).encode(dataset.x[shown])
    chosen = np.isin(shown, rows)
    assert 20 < chosen.sum() == len(rows) < len(shown)
    low, high = codes[chosen].min(0), codes[chosen].max(0)
    inside = ((codes >= low) & (codes <= high)).all(1)
    np.testing.assert_array_equal(inside, chosen, "a box holds all that lies in it and nothing else")

    captions = page.locator("figure:has(img[alt^=Selected]) figcaption").all_inner_texts()
    assert [int(re.sub(r"\D", "", text.split("\n")[0])) for text in captions] == rows[:24].tolist()

    again = new_page()
    again.goto(page.url)
    settle(again)
    expect(again.get_by_role("heading", name=re.compile(r"^Selection:"))).to_have_text(heading.inner_text())
    again.get_by_role("button", name="Clear", exact=True).last.click()
    expect(again.get_by_role("heading", name=re.compile(r"^Selection:"))).to_have_count(0)


def test_two_checkpoints_choose_the_same_items(page: Page, app_url: str, settle: Settle) -> None:
    page.goto(f"{app_url}/latent_space?model={MODEL}&items=500&compare=Convolutional+VAE+%C2%B7+MNIST+%C2%B7+16-D")
    settle(page)
    expect(page.get_by_role("application")).to_have_count(2)
    draw_box(page, 0.3, 0.3, 0.7, 0.7)
    expect(page.get_by_role("heading", name=re.compile(r"^Selection:"))).to_be_visible()
    settle(page)
    said = page.get_by_text(f"{len(selected_rows(page)):,} selected", exact=True)
    expect(said).to_have_count(2)


def test_a_slow_map_says_how_far_it_is_and_can_be_cancelled(page: Page, app_url: str, settle: Settle) -> None:
    page.goto(f"{app_url}/latent_space?model=mnist-conv-vae-16d&projection=t-SNE&map_seed=7&items=5000")
    settle(page)
    page.get_by_role("button", name="Compute t-SNE").click()
    expect(page.get_by_text(re.compile(r"t-SNE of 5,000 codes: \d+% of its steps"))).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Compute t-SNE")).to_be_visible()
    expect(page.get_by_text(re.compile("of its steps"))).to_have_count(0)


def test_a_map_coloured_by_a_number_still_says_what_an_item_is(page: Page, app_url: str, settle: Settle) -> None:
    caption = page.get_by_text(re.compile(r"^Nearest real image: "))
    said = []
    for colour in ("Label", "Reconstruction+error"):
        page.goto(f"{app_url}/latent_space?model={MODEL}&items=500&colour={colour}")
        settle(page)
        said.append(caption.inner_text())
    assert re.fullmatch(r"Nearest real image: \d, at distance .+", said[0])
    assert said[0] == said[1]
