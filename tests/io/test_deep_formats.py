"""Formats of more than 8 bits and of several pictures, by both readers: all bits, or a word on what is not read."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image

from explorer.io.images import decode_native
from explorer.io.photo_files import read_photo

RNG = np.random.default_rng(0)


def numbers(bits: int, channels: int) -> np.ndarray:
    """(H, W) or (H, W, C) of so many bits, the greatest among them."""
    values = RNG.integers(0, 2**bits, (16, 24, channels)).astype(np.uint16)
    values[0, 0] = 2**bits - 1
    return values.squeeze()


def avif(bits: int, channels: int) -> tuple[bytes, np.ndarray, float | None]:
    x = numbers(bits, channels)
    return imagecodecs.avif_encode(x, level=100, bitspersample=bits), x, 2**bits - 1


def jpeg2000(bits: int, channels: int) -> tuple[bytes, np.ndarray, float | None]:
    x = numbers(bits, channels)
    return imagecodecs.jpeg2k_encode(x, level=0, bitspersample=bits), x, 2**bits - 1


def png(_: int, channels: int) -> tuple[bytes, np.ndarray, float | None]:
    x = numbers(16, channels)
    return imagecodecs.png_encode(x), x, None


def packed_tiff(bits: int, channels: int) -> tuple[bytes, np.ndarray, float | None]:
    x = numbers(bits, channels)
    out = io.BytesIO()
    kind = "rgb" if channels == 3 else "minisblack"
    tifffile.imwrite(out, x, bitspersample=bits, photometric=kind)
    return out.getvalue(), x, 2**bits - 1


def plain_ppm(bits: int, channels: int) -> tuple[bytes, np.ndarray, float | None]:
    """Numbers as text (ppm(5), pgm(5) of Netpbm): read with white at 65535."""
    x = numbers(bits, channels)
    head = f"P{3 if channels == 3 else 2}\n# a remark\n24 16\n{2**bits - 1}\n"
    spread = np.rint(x.astype(np.float64) * 65535 / (2**bits - 1)).astype(np.uint16)
    return (head + "\n".join(map(str, x.ravel()))).encode(), spread, 65535


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(
    ("write", "bits", "ending"),
    [
        (avif, 10, "avif"), (avif, 12, "avif"), (jpeg2000, 10, "jp2"), (jpeg2000, 16, "jp2"), (png, 16, "png"),
        (plain_ppm, 10, "ppm"), (plain_ppm, 16, "ppm"), (packed_tiff, 10, "tif"), (packed_tiff, 12, "tif"),
        (packed_tiff, 14, "tif"),
    ],
)  # fmt: skip
def test_all_bits_are_read(write: Callable, bits: int, ending: str, channels: int) -> None:
    data, x, white = write(bits, channels)
    expected = np.atleast_3d(x).transpose(2, 0, 1)
    native = decode_native(data, f"a.{ending}")
    np.testing.assert_array_equal(native.array, expected)
    assert native.white == white
    photo = read_photo(data, f"a.{ending}")
    np.testing.assert_allclose(photo.image * (white or 65535), expected, rtol=1e-6)
    assert (photo.scale.dtype, photo.scale.white) == ("uint16", white or 65535)


def test_transparency_of_16_bits_is_transparency() -> None:
    for channels in (2, 4):
        x = RNG.integers(0, 65536, (16, 24, channels)).astype(np.uint16)
        data = imagecodecs.png_encode(x)
        photo = read_photo(data, "a.png")
        np.testing.assert_array_equal(photo.kept[0, 0], x[..., -1])
        share = x[..., -1:] / 65535
        expected = x[..., :-1] * share + 65535 * (1 - share)
        np.testing.assert_allclose(decode_native(data, "a.png").array, expected.transpose(2, 0, 1), atol=0.51)


def test_signed_numbers_of_jpeg_2000_stay_signed() -> None:
    x = RNG.integers(-3000, 3000, (16, 24)).astype(np.int16)
    data = imagecodecs.jpeg2k_encode(x, level=0)
    native = decode_native(data, "a.jp2")
    np.testing.assert_array_equal(native.array[0], x)
    assert native.white is None


@pytest.mark.parametrize("kind", ["TIFF", "SGI"])
def test_bits_that_nothing_reads_are_said(kind: str) -> None:
    if kind == "SGI":  # 16 bits a value (The SGI Image File Format, version 1.00)
        head = struct.pack(">hbbHHHHII", 474, 0, 2, 2, 24, 16, 1, 0, 65535)
        data = head.ljust(512, b"\0") + RNG.integers(0, 65536, 24 * 16).astype(">u2").tobytes()
        name = "a.sgi"
    else:
        out = io.BytesIO()
        tifffile.imwrite(out, RNG.integers(0, 65536, (16, 24, 4), dtype=np.uint16), photometric="separated")
        data, name = out.getvalue(), "a.tif"
    for notes in (decode_native(data, name).notes, read_photo(data, name).notes):
        assert "its values of 16 bits are read with 8" in notes


def test_a_bitmap_of_16_bits_a_pixel_has_8_bits_a_colour() -> None:
    """5 bits of red, 6 of green, 5 of blue: nothing is lost, and nothing is said."""
    header = struct.pack("<2sIHHI", b"BM", 54 + 32, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, 4, 4, 1, 16, *[0] * 6)
    data = header + RNG.integers(0, 2**15, 16).astype("<u2").tobytes()
    assert decode_native(data, "a.bmp").notes == ()


def animated(kind: str, **options: object) -> bytes:
    frames = [Image.fromarray(RNG.integers(0, 256, (16, 24, 3), dtype=np.uint8)) for _ in range(3)]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "AVIF", "TIFF"])
def test_of_several_pictures_all_are_cleaned_and_a_set_says_what_it_takes(kind: str) -> None:
    data = animated(kind)
    name = f"a.{kind.lower()}"
    assert len(read_photo(data, name)) == 3
    native = decode_native(data, name)
    said = "first of 3 pictures in it only" if kind == "TIFF" else "first frame only, of 3"
    assert said in native.notes


def test_of_icons_the_largest_is_read_and_that_is_said() -> None:
    out = io.BytesIO()
    Image.fromarray(RNG.integers(0, 256, (64, 64, 4), dtype=np.uint8)).save(out, "ICO", sizes=[(16, 16), (64, 64)])
    for read in (decode_native, read_photo):
        assert "the largest of 2 pictures in it" in read(out.getvalue(), "a.ico").notes
    assert decode_native(out.getvalue(), "a.ico").array.shape == (3, 64, 64)


def test_the_second_picture_of_a_phones_photo_is_named() -> None:
    data = animated("MPO")
    for read in (decode_native, read_photo):
        assert any("second picture" in note for note in read(data, "a.jpg").notes)
