"""Filters in Chromium: a brush chooses on the map at once, and two columns together select what both let through."""

from __future__ import annotations

import pathlib
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlparse

import numpy as np
from playwright.sync_api import Page, expect

from explorer import data
from explorer.ui.shell import selection

Settle = Callable[[Page], None]
N = 240


def pair(folder: pathlib.Path) -> pathlib.Path:
    x = np.random.default_rng(0).normal(size=(N, 4))
    (folder / "vectors.tsv").write_text("\n".join("\t".join(f"{v:.5f}" for v in row) for row in x))
    lines = [f"{'cat' if i % 3 else 'dog'}\t{i / 10 + 0.05:.2f}" for i in range(N)]
    (folder / "metadata.tsv").write_text("\n".join(["kind\tage", *lines]))
    return folder / "vectors.tsv"


def test_what_two_columns_let_through_is_selected(
    page: Page, app_url: str, settle: Settle, tmp_path: pathlib.Path
) -> None:
    path = pair(tmp_path)
    page.goto(f"{app_url}/latent_space?model=none")
    settle(page)
    page.get_by_role("button", name="Add my data").first.click()
    page.get_by_role("textbox", name="A path on this machine").fill(str(path))
    page.keyboard.press("Enter")
    bars = page.get_by_role("group", name="age", exact=True).get_by_role("button", name=re.compile("^age, "))
    expect(bars).to_have_count(24)
    settle(page)
    page.keyboard.press("Escape")

    bars.nth(5).scroll_into_view_if_needed()
    for i, bar in enumerate([5, 6, 7, 8]):
        box = bars.nth(bar).bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        if not i:
            page.mouse.down()
    page.mouse.up()
    expect(page.get_by_text("40 of 240 shown items pass")).to_be_visible()
    dogs = page.get_by_role("group", name="kind", exact=True).get_by_role("button", name=re.compile("^kind, dog"))
    expect(dogs).to_have_attribute("aria-label", re.compile("^kind, dog: 1[34] of 80$"))
    dogs.click()
    expect(page.get_by_role("heading", name=re.compile(r"^Selection: 1[34] rows"))).to_be_visible()
    settle(page)

    text = parse_qs(urlparse(page.url).query)["selected"][0]
    rows = selection.rows_of(text, data.dataset(str(path)).fingerprint)
    i = np.arange(N)
    expected = i[(i % 3 == 0) & (i >= 50) & (i < 90)]
    np.testing.assert_array_equal(rows, expected)

    page.get_by_role("button", name="Clear filters").click()
    expect(page.get_by_text("All of 240 shown items")).to_be_visible()
    expect(page.get_by_text("Nothing is selected")).to_be_visible()
