"""The report of scored items in Chromium, from a file: it asks for nothing, fits a phone, and has both themes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page
from typer.testing import CliRunner

from explorer.cli import app

EVIL = "<script>document.title = 'broken'<"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of images with a bright spot, in folders whose names are HTML."""
    folder = tmp_path_factory.mktemp("parts")
    random = np.random.default_rng(0)
    for kind, n in ((EVIL, 3), ("good", 40)):
        (folder / "all" / kind).mkdir(parents=True)
        for i in range(n):
            picture = random.normal(120, 4, (160, 200)).clip(0, 255).astype(np.uint8)
            if kind == EVIL:
                picture[40:60, 50:70] = 255
            Image.fromarray(picture).save(folder / "all" / kind / f"{i}.png")
    run, detector = CliRunner(), str(folder / "d.safetensors")
    out = folder / "report.html"
    for arguments in (
        ("detector", "fit", str(folder / "all"), "--normal", "good", "--scorer", "pca-maps", "--out", detector),
        ("score", detector, str(folder / "all"), "--out", str(folder / "s.csv"), "--report", str(out)),
    ):
        result = run.invoke(app, arguments)
        assert result.exit_code == 0, result.output
    return out


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_a_report_opens_from_a_file_and_asks_for_nothing(
    chromium: Browser, report: Path, width: int, scheme: Any
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
    page: Page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    page.wait_for_function("[...document.images].every(image => image.complete)")
    assert said == []
    assert [url for url in asked if not url.startswith("data:")] == [report.as_uri()]
    assert page.title() != "broken"
    assert page.evaluate("[...document.images].every(image => image.naturalWidth > 0)")
    assert page.locator("img").count() == 2 * 43
    assert page.locator("tbody tr").first.inner_text().count(EVIL) == 2, "its name and its label"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    parts = "[...document.querySelectorAll('svg text, svg rect, svg .threshold')]"
    drawn = page.evaluate(f"{parts}.map(part => part.getBoundingClientRect().height)")
    assert len(drawn) > 6
    assert min(drawn) > 0
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") == (scheme == "light")
    assert len(page.pdf()) > 1000
    context.close()
    assert report.stat().st_size < 6 << 20
