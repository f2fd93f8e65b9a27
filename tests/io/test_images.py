from __future__ import annotations

import io
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from explorer.core.errors import DataError
from explorer.io.images import (
    decode_image,
    decode_native,
    fit_image,
    grid,
    png_bytes,
    read_header,
    shrunk,
    sprite_sheet,
    to_uint8,
)

RNG = np.random.default_rng(0)
COLOUR = RNG.integers(0, 256, (5, 7, 3), dtype=np.uint8)


def encoded(image: Image.Image, fmt: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, format=fmt, **options)
    return out.getvalue()


PNG = encoded(Image.fromarray(COLOUR))


@pytest.mark.parametrize("fmt", ["PNG", "TIFF", "BMP"])
def test_lossless_formats_decode_exactly(fmt: str) -> None:
    decoded = decode_image(encoded(Image.fromarray(COLOUR), fmt), f"a.{fmt.lower()}")
    np.testing.assert_array_equal(decoded.array, COLOUR.transpose(2, 0, 1))
    assert decoded.notes == ()


@pytest.mark.parametrize("fmt", ["JPEG", "WEBP"])
def test_lossy_formats_decode_closely(fmt: str) -> None:
    flat = Image.new("RGB", (16, 16), (200, 100, 50))
    decoded = decode_image(encoded(flat, fmt, quality=95), f"a.{fmt.lower()}")
    assert np.abs(decoded.array.astype(int) - np.array([200, 100, 50])[:, None, None]).max() <= 4


@pytest.mark.parametrize(
    ("mode", "colour", "expected", "note"),
    [
        ("L", 77, [77], None),
        ("1", 1, [255], "1-bit"),
        ("P", 0, [0, 0, 0], None),
        ("RGBA", (255, 0, 0, 0), [255, 255, 255], "white"),
        ("RGBA", (10, 20, 30, 255), [10, 20, 30], None),
        ("LA", (0, 0), [255], "white"),
        ("CMYK", (0, 255, 255, 0), [255, 0, 0], "CMYK"),
    ],
)
def test_modes(mode: str, colour: object, expected: list[int], note: str | None) -> None:
    fmt = "TIFF" if mode == "CMYK" else "PNG"
    decoded = decode_image(encoded(Image.new(mode, (3, 2), colour), fmt), f"a.{fmt.lower()}")
    values = np.unique(decoded.array.reshape(len(decoded.array), -1), axis=1)[:, 0]
    assert decoded.array.shape[1:] == (2, 3)
    assert values.tolist() == expected[: len(values)]
    assert note is None or any(note in text for text in decoded.notes)


def test_half_transparent_is_blended_with_white() -> None:
    decoded = decode_image(encoded(Image.new("RGBA", (1, 1), (0, 0, 0, 128))), "a.png")
    assert abs(int(decoded.array[0, 0, 0]) - 127) <= 1


def test_palette_of_colours_becomes_rgb_and_of_greys_greyscale() -> None:
    colours = Image.fromarray(COLOUR).quantize(16)
    decoded = decode_image(encoded(colours), "a.png")
    np.testing.assert_array_equal(decoded.array, np.asarray(colours.convert("RGB")).transpose(2, 0, 1))
    greys = Image.new("P", (2, 1))
    greys.putpalette([0, 0, 0, 90, 90, 90])
    greys.putdata([0, 1])
    assert decode_image(encoded(greys), "a.png").array.tolist() == [[[0, 90]]]


def test_sixteen_bits_are_kept() -> None:
    values = np.array([[0, 1, 257, 65535]], np.uint16)
    for fmt in ("PNG", "TIFF"):
        decoded = decode_image(encoded(Image.fromarray(values), fmt), f"a.{fmt.lower()}")
        assert decoded.array.dtype == np.float32
        np.testing.assert_allclose(decoded.array[0], values / 65535, atol=1e-7)
        assert any("16-bit" in note for note in decoded.notes)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_rotation_matches_the_standard(orientation: int) -> None:
    # What the tag's value says of row 0 and column 0 (Exif 2.3, 4.6.4): as array operations that turn upright.
    upright = {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a, -1),
        7: lambda a: a[::-1, ::-1].transpose(1, 0, 2),
        8: lambda a: np.rot90(a),
    }[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(Image.fromarray(COLOUR), exif=exif)
    decoded = decode_image(data, "a.png")
    np.testing.assert_array_equal(decoded.array, upright(COLOUR).transpose(2, 0, 1))
    header = read_header(data, "a.png")
    assert (header.channels, header.height, header.width) == decoded.array.shape
    assert bool(decoded.notes) == (orientation != 1)


def test_gif_gives_its_first_frame() -> None:
    frames = [Image.new("L", (2, 2), value) for value in (10, 200)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    decoded = decode_image(data, "a.gif")
    assert np.unique(decoded.array).tolist() == [10]
    assert "first frame only, of 2" in decoded.notes


def test_an_image_under_a_wrong_name_is_read_and_said_so() -> None:
    assert decode_image(PNG, "a.jpg").notes == ("PNG in spite of its name",)


@pytest.mark.parametrize(
    ("data", "word"),
    [(b"", "empty"), (b"hello, this is text", "not an image"), (PNG[:60], "damaged"), (PNG[:20], "a.png")],
)
def test_bad_files_name_themselves_and_the_reason(data: bytes, word: str) -> None:
    with pytest.raises(DataError, match=word) as caught:
        decode_image(data, "a.png")
    assert "a.png" in caught.value.message
    assert caught.value.hint


def test_limits_are_checked_before_decoding() -> None:
    with pytest.raises(DataError, match="million pixels"):
        decode_image(PNG, "a.png", max_pixels=34)
    assert decode_image(PNG, "a.png", max_pixels=35).array.shape == (3, 5, 7)
    with pytest.raises(DataError, match="limit"):
        decode_image(PNG, "a.png", max_bytes=10)


def test_a_bomb_is_refused_by_its_header() -> None:
    small = bytearray(encoded(Image.new("L", (1, 1))))
    small[16:24] = (60_000).to_bytes(4, "big") * 2
    small[29:33] = zlib.crc32(bytes(small[12:29])).to_bytes(4, "big")
    with pytest.raises(DataError, match="million pixels"):
        decode_image(bytes(small), "bomb.png")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", PNG[:8], PNG[:33], b"GIF89a", b"BM", b"II*\0", b"\xff\xd8\xff"]))
def test_random_bytes_give_an_image_or_a_data_error(data: bytes, start: bytes) -> None:
    _decode_or_refuse(start + data)


SAMPLES = [
    PNG,
    encoded(Image.fromarray(COLOUR), "JPEG"),
    encoded(Image.fromarray(COLOUR), "TIFF", compression="tiff_lzw"),
    encoded(Image.fromarray(COLOUR), "BMP"),
    encoded(Image.fromarray(COLOUR), "WEBP"),
    encoded(Image.fromarray(COLOUR).quantize(8), "GIF"),
]


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SAMPLES), st.data())
def test_damaged_files_give_an_image_or_a_data_error(sample: bytes, data: st.DataObject) -> None:
    cut = bytearray(sample[: data.draw(st.integers(0, len(sample)))])
    for _ in range(data.draw(st.integers(0, 3))):
        if cut:
            cut[data.draw(st.integers(0, len(cut) - 1))] = data.draw(st.integers(0, 255))
    _decode_or_refuse(bytes(cut))


def _decode_or_refuse(data: bytes) -> None:
    try:
        decoded = decode_image(data, "a", max_pixels=1_000_000)
    except DataError:
        return
    assert decoded.array.ndim == 3
    assert decoded.array.dtype in (np.uint8, np.float32)


def test_fit_leaves_a_fitting_image_alone() -> None:
    image = COLOUR.transpose(2, 0, 1)
    fitted, note = fit_image(image, (3, 5, 7))
    np.testing.assert_allclose(fitted, image / 255, atol=1e-7)
    assert note == ""


def test_fit_to_greyscale_is_pillows_luma() -> None:
    fitted, note = fit_image(COLOUR.transpose(2, 0, 1), (1, 5, 7))
    np.testing.assert_allclose(fitted[0] * 255, np.asarray(Image.fromarray(COLOUR).convert("L")), atol=1)
    assert note == "colour to greyscale"


def test_fit_keeps_the_middle_and_the_proportions() -> None:
    image = np.zeros((1, 10, 30), np.uint8)
    image[:, :, 10:20] = 255  # the middle square
    fitted, note = fit_image(image, (1, 5, 5))
    assert fitted[0, :, 1:4].min() > 0.95
    assert note == "middle cut out and resized from 30x10 to 5x5"
    assert fit_image(np.zeros((1, 321, 481), np.uint8), (1, 85, 128))[1] == "resized from 481x321 to 128x85"


def test_fit_is_antialiased() -> None:
    checker = np.indices((64, 64)).sum(0) % 2
    fitted, _ = fit_image((checker[None] * 255).astype(np.uint8), (1, 8, 8))
    np.testing.assert_allclose(fitted, 0.5, atol=0.05)


@pytest.mark.parametrize("shape", [(2, 4, 4), (4, 4), (3, 0, 4)])
def test_fit_refuses_what_is_no_image(shape: tuple[int, ...]) -> None:
    with pytest.raises(DataError, match=r"shape|2 channels cannot"):
        fit_image(np.zeros(shape, np.uint8), (1, 4, 4))
    with pytest.raises(DataError, match=r"not images|1 channels cannot"):
        fit_image(np.zeros((1, 4, 4), np.uint8), shape)


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("scale", [1, 3])
def test_png_round_trip_at_whole_number_scales(channels: int, scale: int) -> None:
    x = RNG.integers(0, 256, (channels, 4, 6), dtype=np.uint8)
    back = decode_image(png_bytes(x, scale), "a.png").array
    np.testing.assert_array_equal(back, np.kron(x, np.ones((1, scale, scale), np.uint8)))


def test_floats_round_and_clip() -> None:
    assert to_uint8(np.array([-1, 0, 0.5, 1, 2, np.nan])).tolist() == [0, 0, 128, 255, 255, 0]


@pytest.mark.parametrize("gap", [0, 2])
def test_grid_places_row_by_row(gap: int) -> None:
    x = RNG.random((5, 1, 3, 4)).astype(np.float32)
    sheet = grid(x, columns=3, gap=gap)
    assert sheet.shape == (1, 2 * 3 + gap, 3 * 4 + 2 * gap)
    for i, item in enumerate(x):
        top, left = (i // 3) * (3 + gap), (i % 3) * (4 + gap)
        np.testing.assert_array_equal(sheet[:, top : top + 3, left : left + 4], item)
    assert (sheet[:, 3 + gap :, 2 * (4 + gap) :] == 1).all()  # the empty place is white


def test_sprite_sheet_is_the_gapless_grid() -> None:
    x = RNG.integers(0, 256, (4, 3, 2, 2), dtype=np.uint8)
    np.testing.assert_array_equal(decode_image(sprite_sheet(x, 2), "a.png").array, grid(x, 2, gap=0))


def test_shrunk_images_are_the_means_of_squares():
    from skimage.measure import block_reduce

    x = np.random.default_rng(0).integers(0, 256, (3, 2, 9, 12)).astype(np.uint8)
    for step in (2, 3, 4):
        whole = x[:, :, : 9 // step * step, : 12 // step * step]
        expected = block_reduce(whole.astype(np.float64), (1, 1, step, step), np.mean)
        result = shrunk(x, step)
        assert result.dtype == np.uint8
        assert result.shape == (3, 2, 9 // step, 12 // step)
        np.testing.assert_allclose(result, expected, atol=0.51)
        np.testing.assert_allclose(shrunk(x / np.float32(255), step), expected / 255, atol=1e-6)
    assert shrunk(x, 1) is x


@pytest.mark.parametrize("suffix", [".dds", ".im", ".msp", ".xbm"])
@pytest.mark.parametrize("channels", [1, 3])
def test_rare_formats_are_read_by_their_names_as_pillow_wrote_them(suffix: str, channels: int) -> None:
    bits = np.random.default_rng(4).random((9, 16, channels)) < 0.4
    is_black_and_white = suffix in (".msp", ".xbm")
    array = 255 * bits.astype(np.uint8) if is_black_and_white else np.where(bits, 200, 31).astype(np.uint8)
    picture = Image.fromarray(array.squeeze(2) if channels == 1 else array)
    if is_black_and_white:
        picture, array = picture.convert("1", dither=Image.Dither.NONE), array[..., :1]
        if channels == 3:
            array = 255 * np.asarray(picture)[..., None].astype(np.uint8)
    out = io.BytesIO()
    picture.save(out, format=Image.registered_extensions()[suffix])
    np.testing.assert_array_equal(decode_native(out.getvalue(), f"a{suffix}").array, array.transpose(2, 0, 1))
    with pytest.raises(DataError, match="is not an image"):
        decode_native(out.getvalue(), "a.png")


@pytest.mark.parametrize("suffix", [".dds", ".im", ".msp", ".xbm"])
def test_damaged_files_of_rare_formats_are_refused(suffix: str) -> None:
    out = io.BytesIO()
    Image.new("1" if suffix in (".msp", ".xbm") else "L", (16, 9), 1).save(
        out, format=Image.registered_extensions()[suffix]
    )
    whole = out.getvalue()
    for end in (0, 1, 7, 20, len(whole) // 2):
        with pytest.raises(DataError):
            decode_native(whole[:end], f"a{suffix}")
