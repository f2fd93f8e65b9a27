"""A figure leaves a page as SVG, PNG and Plotly's own JSON, each of which another library reads."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import numpy as np
import plotly.io
from PIL import Image
from playwright.sync_api import Page, expect

from explorer import checkpoints


def test_a_figure_is_saved_in_three_forms(
    new_page: Callable[..., Page], app_url: str, settle: Callable[[Page], None], tmp_path: Path
) -> None:
    page = new_page()
    page.goto(f"{app_url}/latent_space?model=mnist-vae-2d&items=500")
    settle(page)
    page.get_by_text("Map as a figure").click()
    settle(page)
    chart = page.get_by_test_id("stPlotlyChart").last
    expect(chart.locator(".main-svg").first).to_be_attached()

    def by_camera() -> Path:
        chart.scroll_into_view_if_needed()
        chart.hover()
        with page.expect_download() as download:
            chart.locator("[data-title^='Download plot']").click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        return path

    picture = by_camera()
    assert picture.name == "latent-figure.png"
    assert np.asarray(Image.open(picture)).std() > 1
    page.get_by_role("button", name="Save this figure").last.click()
    page.get_by_role("radio", name="SVG").click()
    settle(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Plotly JSON").click()
    download.value.save_as(tmp_path / "figure.json")
    figure = plotly.io.read_json(tmp_path / "figure.json")
    assert sum(len(trace.x) for trace in figure.data) == 500
    assert {trace.name for trace in figure.data} <= set(checkpoints.load_card("mnist-vae-2d").data.label_names)
    page.keyboard.press("Escape")
    settle(page)
    drawing = by_camera()
    assert drawing.name == "latent-figure.svg"
    root = ElementTree.fromstring(drawing.read_text())  # noqa: S314 - our own
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "z1" in "".join(root.itertext())
