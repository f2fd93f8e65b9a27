"""The Denoise page in Chromium: the viewer asks no server, and an uploaded photo comes back less its noise."""

from __future__ import annotations

import base64
import csv
import io
import os
import pathlib
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms
from playwright.sync_api import Locator, Page, expect

from explorer import checkpoints
from explorer.data import dataset, photos
from explorer.recipe import Recipe
from explorer.training import train
from tests.browser.hands import changed, comes_to_hold, press_on, sent_by

DEMO = "live_demo.py"
Settle = Callable[[Page], None]


@pytest.fixture
def viewer(page: Page, demo_url: str, settle: Settle) -> tuple[Page, list[Any], Locator]:
    """The viewer alone on a page, and a list that grows with each message sent to the server."""
    sent = sent_by(page)
    page.goto(f"{demo_url}/?show=swipe")
    settle(page)
    frame = page.get_by_role("slider")
    # Streamlit itself still tells of the theme while a page starts; what counts comes after a first move of the hand.
    frame.hover(position={"x": 100, "y": 100})
    changed(lambda: frame.get_attribute("aria-valuenow") or "", "50")
    sent.clear()
    return page, sent, frame


def _assert_alike(before_and_after: list[str]) -> None:
    assert before_and_after[0] == before_and_after[1]


def test_zoom_and_place_are_one_for_both_pictures_and_ask_no_server(
    viewer: tuple[Page, list[Any], Locator],
) -> None:
    page, sent, frame = viewer

    def widths() -> list[str]:
        return [frame.locator(f"img.{side}").evaluate("(i) => i.style.width") for side in ("before", "after")]

    def places() -> list[str]:
        return [frame.locator(f"img.{side}").evaluate("(i) => i.style.transform") for side in ("before", "after")]

    fitted = widths()
    assert fitted[0] == fitted[1] != "32px"
    page.get_by_role("button", name="Zoom in").click()
    changed(lambda: widths()[0], fitted[0])
    comes_to_hold(lambda: _assert_alike(widths()))
    before = places()[0]
    x, y, width, _ = press_on(page, frame, 0.5)
    page.mouse.move(x - 0.1 * width, y, steps=3)
    page.mouse.up()
    changed(lambda: places()[0], before)
    comes_to_hold(lambda: _assert_alike(places()))
    page.get_by_role("button", name="1:1").click()
    expect(frame.locator("img.before")).to_have_css("width", "32px")
    frame.press("0")
    expect(frame.locator("img.before")).to_have_css("width", fitted[0])
    assert sent == []


def test_the_residual_is_a_third_view_with_its_scale(viewer: tuple[Page, list[Any], Locator]) -> None:
    page, sent, frame = viewer
    residual = frame.locator("img.residual")
    expect(residual).to_be_hidden()
    page.get_by_role("button", name="Residual").click()
    expect(residual).to_be_visible()
    expect(frame.locator(".divider")).to_be_hidden()
    expect(page.get_by_text("grey levels")).to_be_visible()
    frame.press("r")
    expect(residual).to_be_hidden()
    assert sent == []


def test_a_click_pins_a_detail_and_keys_do_the_same(viewer: tuple[Page, list[Any], Locator]) -> None:
    page, sent, frame = viewer
    detail = page.get_by_role("group", name="Pinned detail")
    expect(detail).to_be_hidden()
    box = frame.bounding_box()
    assert box is not None
    frame.click(position={"x": 0.75 * box["width"], "y": 0.25 * box["height"]})
    expect(detail).to_be_visible()
    # 32 pixels a side: three quarters are column 24, a quarter is row 8.
    expect(detail).to_contain_text("around column 24, row 8")
    expect(detail.get_by_role("img")).to_have_count(3)
    page.get_by_role("button", name="Unpin").click()
    expect(detail).to_be_hidden()
    frame.press("Home")
    frame.press("p")
    expect(detail).to_contain_text("row 16")
    frame.press("Escape")
    expect(detail).to_be_hidden()
    assert sent == []


@pytest.fixture(scope="module")
def photo_model(own_folders: None) -> str:
    """A photo denoiser in the folder where the app looks first; hardly trained, since here only its way counts."""
    values = {
        "name": "browser-photo",
        "data": {"dataset": "digits", "limit": 32},
        "model": {"family": "photo", "widths": [4], "latent_dim": 4, "blocks": 1},
        "training": {"epochs": 1},
    }
    *_, last = train(Recipe.parse(values), dataset("digits"))
    path = pathlib.Path(os.environ["EXPLORER_CHECKPOINTS"]) / "browser-photo.safetensors"
    path.parent.mkdir(parents=True, exist_ok=True)
    checkpoints.save(last.checkpoint, path)
    return "browser-photo"


def test_an_uploaded_photo_is_dragged_zoomed_and_downloaded_as_it_was(
    page: Page, app_url: str, settle: Settle, photo_model: str, tmp_path: pathlib.Path
) -> None:
    coffee = Image.fromarray(next(photo.array for photo in photos() if photo.name == "coffee"))
    alpha = Image.fromarray(np.linspace(0, 255, 600 * 400).reshape(400, 600).astype(np.uint8))
    coffee.putalpha(alpha)
    given = io.BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    coffee.save(given, format="PNG", icc_profile=profile)

    page.goto(f"{app_url}/denoise?model={photo_model}")
    settle(page)
    upload = page.locator("[data-testid=stMain] input[type=file]").first
    upload.set_input_files({"name": "coffee.png", "mimeType": "image/png", "buffer": given.getvalue()})
    expect(page.get_by_role("combobox", name="Photo")).to_have_value("coffee.png")
    settle(page)

    frame = page.get_by_role("slider", name="Divider")
    share = frame.get_attribute("aria-valuenow")
    x, y, width, _ = press_on(page, frame, 0.5)
    page.mouse.move(x + 0.3 * width, y, steps=3)
    page.mouse.up()
    changed(lambda: frame.get_attribute("aria-valuenow") or "", share or "")
    before = frame.locator("img.after").evaluate("(i) => i.style.width")
    page.get_by_role("button", name="Zoom in").click()
    changed(lambda: frame.locator("img.after").evaluate("(i) => i.style.width"), before)

    with page.expect_download() as download:
        page.get_by_role("button", name="Download the result").click()
    assert download.value.suggested_filename == "coffee-denoised.png"
    download.value.save_as(tmp_path / "result.png")
    result = Image.open(tmp_path / "result.png")
    assert (result.size, result.mode) == (coffee.size, coffee.mode)
    assert result.info["icc_profile"] == profile
    np.testing.assert_array_equal(np.asarray(result)[..., 3], np.asarray(coffee)[..., 3])


def _png(pixels: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, format="PNG")
    return out.getvalue()


def _noisy(height: int, width: int, seed: int = 0) -> bytes:
    rows = np.linspace(60, 190, height)[:, None] + np.zeros(width)
    noise = np.random.default_rng(seed).normal(0, 20, (height, width))
    return _png(np.clip(np.rint(rows + noise), 0, 255).astype(np.uint8))


def _open_with(page: Page, app_url: str, settle: Settle, model: str) -> Locator:
    """The page with a model, and its upload."""
    page.goto(f"{app_url}/denoise?model={model}")
    settle(page)
    return page.locator("[data-testid=stMain] input[type=file]").first


COPY = """async (data) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  await navigator.clipboard.write([new ClipboardItem({'image/png': new Blob([bytes], {type: 'image/png'})})]);
}"""


@pytest.mark.parametrize("source", ["key", "button"])
def test_a_picture_comes_from_the_clipboard(
    new_page: Callable[..., Page], app_url: str, settle: Settle, photo_model: str, source: str
) -> None:
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    _open_with(page, app_url, settle, photo_model)
    page.evaluate(COPY, base64.b64encode(_noisy(90, 130)).decode())
    if source == "key":
        page.locator("h1").first.click()
        page.keyboard.press("Control+V")
    else:
        page.get_by_role("button", name="Paste a picture").click()
    expect(page.get_by_role("combobox", name="Photo", exact=True)).to_have_value("pasted picture")
    expect(page.get_by_text("130x90 pixels.", exact=False).first).to_be_visible()
    expect(page.get_by_text("Estimated noise:")).to_be_visible()


def test_of_several_files_a_bad_one_is_reported_and_the_rest_is_downloaded(
    page: Page, app_url: str, settle: Settle, photo_model: str, tmp_path: pathlib.Path
) -> None:
    upload = _open_with(page, app_url, settle, photo_model)
    bodies = {"one.png": _noisy(80, 120, 1), "bad.png": b"no picture at all", "two.png": _noisy(70, 60, 2)}
    upload.set_input_files([{"name": n, "mimeType": "image/png", "buffer": body} for n, body in bodies.items()])
    expect(page.get_by_text("bad.png is not an image.")).to_be_visible()
    page.get_by_role("button", name="Denoise 3 files").click()
    expect(page.get_by_text("2 of 3 files cleaned")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download all results").click()
    download.value.save_as(tmp_path / "results.zip")
    with zipfile.ZipFile(tmp_path / "results.zip") as archive:
        rows = {row["file"]: row for row in csv.DictReader(io.StringIO(archive.read("figures.csv").decode()))}
        sizes = [Image.open(io.BytesIO(archive.read(rows[name]["written"]))).size for name in ("one.png", "two.png")]
    assert sizes == [(120, 80), (60, 70)]
    assert "not an image" in rows["bad.png"]["error"]
    assert float(rows["one.png"]["sigma"]) == pytest.approx(20, abs=3)


def test_cleaning_a_large_photo_is_cancelled_and_nothing_is_lost(
    page: Page, app_url: str, settle: Settle, photo_model: str
) -> None:
    upload = _open_with(page, app_url, settle, "photo-denoiser-grey")
    upload.set_input_files({"name": "large.png", "mimeType": "image/png", "buffer": _noisy(2100, 2200)})
    clean = page.get_by_role("button", name="Denoise the whole photo (4.6 megapixels)")
    expect(clean).to_be_visible()
    settle(page)
    clean.click()
    cancel = page.get_by_role("button", name="Cancel")
    expect(cancel).to_be_visible()
    cancel.click()
    expect(clean).to_be_visible()
    expect(cancel).to_be_hidden()
    expect(page.get_by_role("button", name="Download the result")).to_be_hidden()
    expect(page.get_by_role("combobox", name="Photo", exact=True)).to_have_value("large.png")


def test_a_photo_that_was_cleaned_whole_is_there_pixel_for_pixel(
    page: Page, app_url: str, settle: Settle, photo_model: str
) -> None:
    upload = _open_with(page, app_url, settle, photo_model)
    upload.set_input_files({"name": "large.png", "mimeType": "image/png", "buffer": _noisy(1700, 1800)})
    page.get_by_role("button", name="Denoise the whole photo").click()
    expect(page.get_by_text("1800x1700 pixels. Residual")).to_be_visible()
    settle(page)
    frame = page.get_by_role("slider", name="Divider")
    for side in ("before", "after", "residual"):
        picture = frame.locator(f"img.{side}")
        assert picture.evaluate("async (i) => (await i.decode(), [i.naturalWidth, i.naturalHeight])") == [1800, 1700]
    sent = sent_by(page)
    frame.press("1")
    expect(frame.locator("img.after")).to_have_css("width", "1800px")
    before = frame.locator("img.after").evaluate("(i) => i.style.transform")
    frame.press("Shift+ArrowRight")
    changed(lambda: frame.locator("img.after").evaluate("(i) => i.style.transform"), before)
    assert sent == []
