"""What the drawing surface sends is not trusted: every field is checked before a pixel is used."""

from __future__ import annotations

import base64
import contextlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.browser.drawing import message as drawing
from explorer.browser.drawing.message import DrawingDone
from explorer.browser.paste import message as paste
from explorer.browser.paste.message import PastedPicture
from explorer.core.errors import DataError

SHAPE = (3, 64, 40)
SURFACE = (3, 192, 120)


def read_drawing(said: Any, event_shape: tuple[int, ...]) -> drawing.Drawing:
    return drawing.read_drawing(DrawingDone.read(said), event_shape)


def read_picture(said: Any) -> tuple[str, bytes]:
    return paste.read_picture(PastedPicture.read(said))


def report(pixels: np.ndarray, number: object = 7) -> dict[str, Any]:
    return {"id": number, "data": base64.b64encode(pixels.tobytes()).decode()}


@pytest.mark.parametrize(
    ("event_shape", "expected"),
    [
        ((1, 28, 28), (1, 168, 168)),
        ((1, 8, 8), (1, 168, 168)),
        (SHAPE, SURFACE),
        ((3, 256, 256), (3, 256, 256)),
        ((1, 1000, 400), (1, 256, 102)),
        ((1, 1, 500), (1, 1, 256)),
        ((1, 1, 1), (1, 168, 168)),
    ],
)
def test_the_surface_has_the_models_ratio_and_a_bounded_size(
    event_shape: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    assert drawing.surface_shape(event_shape) == expected


def test_pixels_come_back_as_they_were_sent() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, SURFACE, np.uint8)
    sent = read_drawing(report(pixels, 1.7e12), SHAPE)
    assert sent.number == 1_700_000_000_000
    assert sent.pixels is not None
    np.testing.assert_array_equal(sent.pixels, pixels)
    sent.pixels[0] = 0  # its own memory


def test_an_empty_surface_has_no_pixels() -> None:
    assert read_drawing({"id": 3, "data": ""}, SHAPE).pixels is None


GOOD = report(np.zeros(SURFACE, np.uint8))


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        "text",
        {},
        {"id": 3},
        GOOD | {"id": "3"},
        GOOD | {"id": True},
        GOOD | {"id": None},
        GOOD | {"id": 0},
        GOOD | {"id": -1},
        GOOD | {"id": float("nan")},
        GOOD | {"id": float("inf")},
        GOOD | {"id": 1e300},
        GOOD | {"data": None},
        GOOD | {"data": GOOD["data"][:-4]},
        GOOD | {"data": GOOD["data"] + "AAAA"},
        GOOD | {"data": "!" * len(GOOD["data"])},
        GOOD | {"data": "é" * len(GOOD["data"])},
        report(np.zeros((1, 168, 168), np.uint8)),
    ],
    ids=lambda value: str(value)[:40],
)
def test_anything_else_is_refused(wrong: Any) -> None:
    with pytest.raises(DataError) as caught:
        read_drawing(wrong, SHAPE)
    assert caught.value.hint


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.dictionaries(st.sampled_from(["id", "data", "name"]), inner),
        max_leaves=6,
    )
)
@pytest.mark.slow
def test_no_report_does_anything_but_be_read_or_refused(value: Any) -> None:
    for read in (lambda v: read_drawing(v, (1, 28, 28)), read_picture):
        with contextlib.suppress(DataError):
            read(value)


def test_a_pasted_picture_keeps_its_bytes_and_a_printable_name() -> None:
    data = base64.b64encode(b"\x89PNG bytes").decode()
    assert read_picture({"name": "a\x00b\n.png", "data": data}) == ("ab.png", b"\x89PNG bytes")
    assert read_picture({"name": "\n", "data": data})[0] == "picture"
    assert len(read_picture({"name": "x" * 5000, "data": data})[0]) == paste.MAX_NAME


def test_a_pasted_picture_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paste, "MAX_FILE_BYTES", 9)
    read_picture({"name": "a", "data": base64.b64encode(bytes(9)).decode()})
    with pytest.raises(DataError):
        read_picture({"name": "a", "data": base64.b64encode(bytes(10)).decode()})
    for wrong in ({"name": 3, "data": ""}, {"name": "a", "data": 5}, {"name": "a", "data": "###"}, None):
        with pytest.raises(DataError):
            read_picture(wrong)
