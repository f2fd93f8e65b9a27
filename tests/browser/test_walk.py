"""The program's main job in a real browser: choose a model, drag, upload, open a checkpoint."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import numpy as np
import safetensors.numpy
import torch
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.hands import assert_fine, changed, pixels
from tests.conftest import ROOT

Settle = Callable[[Page], None]


def test_the_choice_of_model_stays_from_page_to_page_and_in_the_link(
    page: Page, new_page: Callable[..., Page], app_url: str, settle: Settle
) -> None:
    page.goto(f"{app_url}/latent_space?model=fashion-vae-2d")
    settle(page)
    page.locator("[data-testid=stSidebarNav] a", has_text="Generate").click()
    settle(page)
    assert "model=fashion-vae-2d" in page.url
    again = new_page()
    again.goto(page.url)
    settle(again)
    expect(again.get_by_role("combobox", name="Model")).to_have_value("VAE · Fashion-MNIST · 2-D")


def test_dragging_a_latent_slider_changes_the_picture_before_it_is_released(
    page: Page, app_url: str, settle: Settle
) -> None:
    page.goto(f"{app_url}/generate?model=mnist-vae-2d")
    settle(page)
    slider = page.locator("[data-testid=stMain] input[type=range]").first
    slider.scroll_into_view_if_needed()
    canvas = page.get_by_role("img", name="Decoded item")
    before = pixels(canvas)
    box = slider.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2, steps=8)
    changed(lambda: pixels(canvas), before)
    page.mouse.up()
    settle(page)


def test_an_uploaded_picture_is_denoised(page: Page, app_url: str, settle: Settle) -> None:
    buffer = io.BytesIO()
    ramp = np.linspace(0, 255, 64 * 48).reshape(48, 64).astype(np.uint8)
    Image.fromarray(ramp).save(buffer, format="PNG")
    page.goto(f"{app_url}/denoise?model=mnist-denoising-32d")
    settle(page)
    uploads = page.locator("[data-testid=stMain] input[type=file]").first
    uploads.set_input_files({"name": "ramp.png", "mimeType": "image/png", "buffer": buffer.getvalue()})
    settle(page)
    assert_fine(page)
    expect(page.locator("[data-testid=stMain]")).to_contain_text("ramp.png")


def refused_files(shipped: bytes) -> dict[str, tuple[bytes, str]]:
    """Name -> content of a file that is no checkpoint of this version, and words of the message it must give."""
    buffer = io.BytesIO()
    torch.save({"weights": torch.zeros(3)}, buffer)
    newer = shipped.replace(b'\\"format_version\\":3', b'\\"format_version\\":9', 1)
    assert newer != shipped
    return {
        "model.pt": (buffer.getvalue(), "is a pickle"),
        "cut.safetensors": (shipped[: len(shipped) // 2], "cut off"),
        "foreign.safetensors": (safetensors.numpy.save({"w": np.zeros(3)}), "another program"),
        "newer.safetensors": (newer, "version 9"),
    }


def test_files_that_are_no_checkpoint_give_one_line_and_change_nothing(
    page: Page, app_url: str, settle: Settle
) -> None:
    shipped = (ROOT / "checkpoints" / "breast-cancer-undercomplete.safetensors").read_bytes()
    page.goto(f"{app_url}/learn")
    settle(page)
    page.get_by_role("button", name="Open a checkpoint").click()
    chooser = page.locator("[data-testid=stPopoverBody] input[type=file]")
    for name, (content, words) in refused_files(shipped).items():
        chooser.set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})
        message = page.locator("[data-testid=stPopoverBody] [data-testid=stAlertContentError]").filter(has_text=name)
        expect(message).to_contain_text(words)
        assert "Traceback" not in message.inner_text()
        settle(page)
    chooser.set_input_files({"name": "own.safetensors", "mimeType": "application/octet-stream", "buffer": shipped})
    settle(page)
    expect(page.get_by_role("combobox", name="Model")).to_have_value(re.compile("breast cancer"))
