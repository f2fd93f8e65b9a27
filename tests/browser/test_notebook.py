"""The notebook's script in Chromium: with a model such as anywidget's, in JupyterLab and in marimo."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from explorer import checkpoints, data
from explorer.browser import notebook
from explorer.browser.latent_map.message import LatentMap, MapChosen, MapClicked, map_report
from explorer.views.exported import PageWishes, parts
from explorer.views.exported.rounded import live_packs
from explorer.views.items import HeldItems, thinned_items
from tests.browser.conftest import ROOT, free_port, watch

FOLDER = Path(notebook.__file__).parent
MODEL = """async ([script, style, bytes]) => {
  const { default: widget } = await import(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
  document.head.append(Object.assign(document.createElement('style'), { textContent: style }));
  const of = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  const values = { component: 'latent_map', message: of(bytes), reports: {} };
  window.listeners = [];
  window.model = {
    get: (name) => values[name],
    set: (name, value) => { values[name] = value; },
    save_changes: () => { window.saved = values.reports; },
    on: (event, call) => window.listeners.push([event, call]),
    off: (event, call) => { window.listeners = window.listeners.filter((each) => each[1] !== call); },
  };
  window.changed = (text) => { values.message = of(text); for (const [, call] of window.listeners) call(); };
  window.leave = widget.render({ model: window.model, el: document.body });
}"""


@pytest.fixture(scope="module")
def items() -> HeldItems:
    checkpoint = checkpoints.with_codes(checkpoints.load("mnist-vae-2d"))
    dataset = data.dataset("mnist-sample")
    return thinned_items(checkpoint, dataset, np.arange(len(dataset)), "held out", 200)


def message_of(items: HeldItems, colour: str) -> LatentMap:
    message = parts.map_part(items, live_packs(items.checkpoint, half=False), PageWishes(colour=colour)).message
    assert isinstance(message, LatentMap)
    return message


def choose_by_keys(page: Page) -> None:
    """A box over much of the map, from its cursor, by the keyboard alone."""
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    for key in ("ArrowRight", "ArrowUp"):
        for _ in range(12):
            page.keyboard.press(f"Shift+{key}")
    page.keyboard.press("Enter")


def test_the_script_shows_the_message_and_reports_into_the_model(items: HeldItems, chromium: Browser) -> None:
    assert len((FOLDER / "widget.js").read_text().splitlines()) <= 60
    page = chromium.new_page(viewport={"width": 1000, "height": 800})
    problems = watch(page)
    message = message_of(items, "label")
    script = (FOLDER / "built" / "widget.js").read_text()
    page.evaluate(MODEL, [script, (FOLDER / "style.css").read_text(), base64.b64encode(message.seal()).decode()])
    surface = page.locator(".map-side canvas").last
    expect(surface).to_be_visible()
    surface.hover()
    expect(page.locator(".inspector .caption").first).to_contain_text("Decoded at")
    surface.click()
    page.locator(".map-side [tabindex='0']").first.focus()
    choose_by_keys(page)
    page.wait_for_function("window.saved?.chosen")
    saved = page.evaluate("window.saved")
    report = map_report(message.points, MapClicked.read(saved["selected"]), MapChosen.read(saved["chosen"]))
    assert report.click is not None
    assert report.choice is not None
    assert 0 < len(report.choice.positions) <= 200
    page.evaluate("text => window.changed(text)", base64.b64encode(message_of(items, "error").seal()).decode())
    expect(page.locator(".map-side")).to_contain_text(" to ")  # the steps of a quantity
    assert page.locator(".map-side").count() == 1
    page.evaluate("window.leave()")
    assert page.locator(".map-side").count() == 0
    assert page.evaluate("window.listeners.length") == 0
    assert problems == []
    page.close()


# --- JupyterLab -----------------------------------------------------------------------------------------------------


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[str]:
    """A JupyterLab with one notebook."""
    cells = [
        "import explorer; model = explorer.show('mnist-vae-2d', 'mnist-sample', items=200); view = model.map(); view",
        "print('rows', len(view.selection), view.selection.dtype)",
    ]
    code = [
        {"cell_type": "code", "id": f"c{i}", "execution_count": None, "metadata": {}, "outputs": [], "source": cell}
        for i, cell in enumerate(cells)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    content = {"cells": code, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "live.ipynb").write_text(json.dumps(content))
    port = free_port()
    options = [f"--port={port}", "--no-browser", "--allow-root", "--IdentityProvider.token="]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options], cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}/lab/tree/live.ipynb"
    for _ in range(600):
        with contextlib.suppress(urllib.error.URLError):
            urllib.request.urlopen(url, timeout=5)
            break
        time.sleep(0.2)
    yield url
    server.terminate()
    server.wait()


def test_a_notebook_shows_the_map_and_python_hears_the_choice(lab: str, chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 1400, "height": 1000})
    page.goto(lab)
    first = page.locator(".jp-Cell").first
    first.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    surface = page.locator(".explorer-view .map-side canvas").last
    expect(surface).to_be_visible()
    surface.hover()
    expect(page.locator(".explorer-view .inspector .caption").first).to_contain_text("Decoded at")
    page.locator(".explorer-view .map-side [tabindex='0']").first.focus()
    choose_by_keys(page)
    page.locator(".jp-Cell").nth(1).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    words = page.locator(".jp-Cell").nth(1).locator(".jp-OutputArea-output").first
    expect(words).to_contain_text("rows")
    assert int(words.inner_text().split()[1]) > 0
    page.close()


# --- marimo ---------------------------------------------------------------------------------------------------------

MARIMO = """
import marimo

app = marimo.App()


@app.cell
def _():
    import explorer
    import marimo as mo

    view = mo.ui.anywidget(explorer.show("mnist-vae-2d", "mnist-sample", items=200).map())
    view
    return mo, view


@app.cell
def _(mo, view):
    view.value
    mo.md(f"rows {len(view.widget.selection)} {view.widget.selection.dtype}")
    return
"""


@pytest.fixture
def marimo(tmp_path: Path) -> Iterator[str]:
    """A marimo app of two cells, the second of which follows the first."""
    (tmp_path / "live.py").write_text(MARIMO)
    port = free_port()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    command = [sys.executable, "-m", "marimo", "run", "live.py", "--headless", "--no-token", "--port", str(port)]
    server = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    for _ in range(600):
        with contextlib.suppress(urllib.error.URLError):
            urllib.request.urlopen(url, timeout=5)
            break
        time.sleep(0.2)
    yield url
    server.terminate()
    server.wait()


def test_marimo_shows_the_map_and_cells_follow_the_choice(marimo: str, chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 1400, "height": 1000})
    page.goto(marimo)
    surface = page.locator(".explorer-view .map-side canvas").last
    expect(surface).to_be_visible()
    surface.hover()
    expect(page.locator(".explorer-view .inspector .caption").first).to_contain_text("Decoded at")
    expect(page.get_by_text("rows 0 int64")).to_be_visible()
    page.locator(".explorer-view .map-side [tabindex='0']").first.focus()
    choose_by_keys(page)
    expect(page.get_by_text(re.compile(r"rows [1-9]\d* int64"))).to_be_visible()
    page.close()
