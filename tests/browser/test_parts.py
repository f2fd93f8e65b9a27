"""Novelty in Chromium with parts at the size they have: judged, the pixel threshold dragged, and maps downloaded."""

from __future__ import annotations

import io
import pathlib
import zipfile
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from explorer.data.base import Dataset
from explorer.data.parts import good_part, spoilt_part
from explorer.data.parts.kinds import KINDS
from explorer.data.splits import Splits
from explorer.novelty.image_fitting import fit_images
from tests.browser.hands import sent_by

Settle = Callable[[Page], None]
N_GOOD, N_BAD = 6, 6


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A folder with a detector of washers and a zip of twelve others, half of them spoilt."""
    random, kind = np.random.Generator(np.random.PCG64(5)), KINDS["washer"]
    x = np.stack([good_part(kind, random) for _ in range(30)])
    nothing = np.empty(0, np.int64)
    normal = Dataset(
        name="washers",
        title="washers",
        x=x,
        labels=None,
        label_names=(),
        splits=Splits(np.arange(30), nothing, nothing, ""),
        licence="MIT",
        source="drawn",
        fingerprint="",
        item_names=tuple(f"good{i:02d}.png" for i in range(30)),
    )
    folder = tmp_path_factory.mktemp("parts")
    fit_images(normal, scorer="pca-maps", registered=False).save(folder / "washers.safetensors")
    with zipfile.ZipFile(folder / "twelve.zip", "w") as archive:
        for i in range(N_GOOD + N_BAD):
            image = good_part(kind, random) if i < N_GOOD else spoilt_part(kind, "spot", "large", random)[0]
            out = io.BytesIO()
            Image.fromarray(image.transpose(1, 2, 0) if len(image) == 3 else image[0]).save(out, "PNG")
            archive.writestr(f"part{i:02d}.png", out.getvalue())
    return folder


def test_twelve_parts_are_judged_the_pixel_threshold_is_dragged_and_maps_are_downloaded(
    page: Page, app_url: str, settle: Settle, made: pathlib.Path
) -> None:
    sent = sent_by(page)
    page.goto(f"{app_url}/novelty?novelty_from=detector")
    settle(page)
    page.locator("input[type=file]").last.set_input_files(made / "washers.safetensors")
    settle(page)
    page.locator("input[type=file]").last.set_input_files(made / "twelve.zip")
    settle(page)
    expect(page.get_by_role("heading", name="An alarm")).to_be_visible()
    expect(page.get_by_label("with its heat map").first).to_be_visible()
    expect(page.get_by_alt_text("The same place: normal: good")).to_be_visible()

    line = page.get_by_role("slider", name="Pixel threshold")
    line.scroll_into_view_if_needed()
    settle(page)
    before, messages = line.get_attribute("aria-valuetext"), len(sent)
    box = line.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    for share in np.linspace(0.5, 0.2, 20):
        page.mouse.move(box["x"] + float(share) * box["width"], box["y"] + box["height"] / 2)
    page.mouse.up()
    expect(line).not_to_have_attribute("aria-valuetext", before or "")
    assert len(sent) == messages, "nothing of it is reported to the server"

    with page.expect_download() as kept:
        page.get_by_role("button", name="The maps (zip)").click()
    with zipfile.ZipFile(kept.value.path()) as archive:
        names = archive.namelist()
        assert len(names) == 3 * (N_GOOD + N_BAD)
        with np.load(io.BytesIO(archive.read("numbers/part06.npz"))) as numbers:
            assert numbers["map"].shape == (512, 512)
            assert numbers["map"].max() > numbers["threshold"]
            assert len(numbers["boxes"])
        grey = np.asarray(Image.open(io.BytesIO(archive.read("heat/part06.png"))))
        assert (grey.shape, grey.max() > 255) == ((512, 512), True)
