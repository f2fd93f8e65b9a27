"""Files that the Denoise page cannot take as they are: each is named with what is wrong, and what was there stays."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import numpy as np
import pytest
import tifffile
from PIL import Image
from streamlit.testing.v1 import AppTest

from explorer import denoising
from explorer.checkpoints import Checkpoint
from explorer.denoising import DenoisingSetting
from explorer.ui.denoise import batch
from tests.pages.conftest import words


def _noise(height: int = 60, width: int = 80, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(128, 20, (height, width)).clip(0, 255).astype(np.uint8)


def _saved(pixels: np.ndarray, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, format=kind, **options)
    return out.getvalue()


def _not_finite() -> bytes:
    values = np.full((60, 80), 0.5, np.float32)
    values[3, 4] = np.nan
    out = io.BytesIO()
    tifffile.imwrite(out, values)
    return out.getvalue()


def _bomb() -> bytes:
    """A PNG of a few bytes whose header asks for 1.6 thousand million pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(99))) + chunk(b"IEND", b"")
    )


def _no_pixels() -> bytes:
    """A BMP without rows."""
    body = bytearray(_saved(_noise(), "BMP"))
    body[22:26] = struct.pack("<i", 0)
    return bytes(body)


BAD = {
    "empty.png": (b"", "is empty"),
    "words.png": (b"no picture at all", "is not an image"),
    "cut.png": (_saved(_noise())[:900], "damaged or cut short"),
    "cut.jpg": (_saved(_noise(), "JPEG")[:900], "damaged or cut short"),
    "nan.tif": (_not_finite(), "values that are not finite"),
    "bomb.png": (_bomb(), "more than 100 million pixels"),
    "rows.bmp": (_no_pixels(), "rows.bmp"),
}


def _upload(app: AppTest, files: dict[str, bytes]) -> AppTest:
    app.main.get("file_uploader")[0].set_value([(name, data, "image/png") for name, data in files.items()]).run()
    return app


def test_each_bad_file_is_named_and_the_good_one_stays(photo_page: AppTest) -> None:
    app = _upload(photo_page, {**{name: data for name, (data, _) in BAD.items()}, "good.png": _saved(_noise())})
    assert not app.exception
    told = [error.value for error in app.main.error]
    for name, (_, expected) in BAD.items():
        assert any(name in text and expected in text for text in told), (name, told)
    assert len(told) == len(BAD)
    assert app.selectbox(key="photo").value != "camera", "the good one is at hand"
    assert app.selectbox(key="photo").options[0] == "good.png"
    assert "80x60 pixels." in words(app)


def test_what_a_file_lost_on_the_way_is_said(photo_page: AppTest) -> None:
    app = _upload(photo_page, {"photo.png": _saved(_noise(), "JPEG")})
    assert "JPEG in spite of its name." in words(app)


def test_a_zip_packed_a_thousandfold_and_one_that_leads_out_are_refused(photo_denoiser: Checkpoint) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.png", bytes(30_000_000))
        archive.writestr("../../out.png", _saved(_noise()))
        archive.writestr("good.png", _saved(_noise()))
    done = batch.clean_all([("photos.zip", packed.getvalue())], lambda _: photo_denoiser, DenoisingSetting(0.1))
    problems = {row["file"]: row.get("error", "") for row in done.rows}
    assert "1000-fold" in problems["bomb.png"]
    assert "leads out of the archive" in problems["../../out.png"]
    assert problems["good.png"] == ""


@pytest.mark.slow
def test_a_repeated_view_costs_nothing(photo_page: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    data = _saved(_noise(120, 160))
    app = _upload(photo_page, {"one.png": data})
    strength = app.slider(key="strength").value
    app.slider(key="strength").set_value(10.0).run()
    shown = words(app)

    def never(*_: object, **__: object) -> None:
        raise AssertionError("computed again")

    expensive = ("denoise_photo", "estimate_noise", "no_reference_quality", "tune_each_self_supervised")
    for name in (*expensive, "self_supervised_errors"):
        monkeypatch.setattr(denoising, name, never)
    app.run()
    app.slider(key="strength").set_value(strength).run()
    app.slider(key="strength").set_value(10.0).run()
    assert not app.exception
    assert words(app) == shown
    app = _upload(app, {"the same under another name.png": data})
    assert not app.exception, "what counts is what is in the file"
