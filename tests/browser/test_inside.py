"""The live drawing of the current model on Learn: what it writes of a layer is what the model computes for the item."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
from playwright.sync_api import Page, expect

from explorer import checkpoints
from explorer.checkpoints import VectorCheckpoint
from explorer.data import dataset
from tests.browser.hands import changed, pixels, place_on, sent_by

Settle = Callable[[Page], None]
HIDDEN = 512


def row_in(words: str) -> int:
    """The row of the item that the drawing names."""
    match = re.search(r"row ([\d,]+)", words)
    assert match is not None, words
    return int(match[1].replace(",", ""))


def test_the_drawing_says_what_the_model_computes(new_page: Callable[..., Page], app_url: str, settle: Settle) -> None:
    model = checkpoints.load("mnist-vae-2d")
    assert isinstance(model, VectorCheckpoint)
    items = dataset("mnist-sample")
    page = new_page(reduced_motion="reduce")
    sent = sent_by(page)
    page.goto(f"{app_url}/learn?model=mnist-vae-2d")
    settle(page)
    drawing = page.locator(".inside")
    layers = drawing.get_by_role("application")
    values = drawing.get_by_role("img", name="The values of the layer that is pointed at")
    says, named = drawing.locator(".caption"), drawing.locator(".buttons > span")
    expect(named).to_have_attribute("title", re.compile("^KL: Kullback-Leibler", re.M))
    sent.clear()

    def numbers() -> list[float]:
        text = says.inner_text().replace("−", "-").split(" · ")[-1]
        return [float(number) for number in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", text)]

    # At first the code is shown, of one item after the other.
    seen = set()
    for _ in range(3):
        row = row_in(named.inner_text())
        seen.add(row)
        expect(says).to_contain_text(re.compile(r"^μ · .*514 weights"))
        np.testing.assert_allclose(numbers(), model.encode(items.x[[row]])[0], rtol=0.02, atol=0.02)
        before = pixels(layers), pixels(values)
        drawing.get_by_role("button", name="Another item").click()
        changed(lambda: pixels(layers), before[0])
    assert len(seen) == 3
    # The hand goes from end to end, and to the first hidden layer.
    row, x = row_in(named.inner_text()), items.x[[row_in(named.inner_text())]]
    page.mouse.move(*place_on(layers, 0.01))
    expect(says).to_contain_text(re.compile(r"^x · .*784 values from 0 to "))
    page.mouse.move(*place_on(layers, 0.99))
    expect(says).to_contain_text("x̂")
    np.testing.assert_allclose(numbers()[-1], model.reconstruct(x).max(), atol=0.02)
    expect(named).to_contain_text(f"row {row:,}")
    last = pixels(values)
    layers.focus()
    for _ in range(10):
        page.keyboard.press("Shift+ArrowLeft")
    changed(lambda: pixels(values), last)
    page.mouse.move(*place_on(layers, 0.17))
    expect(says).to_contain_text(re.compile(rf"· {HIDDEN} · W_e1: 401,920 weights"))
    assert sent == [], "the server must not hear of a hand on the drawing"
