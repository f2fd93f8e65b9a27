"""What photo files say beside their pixels: profiles that fit, dates, cameras, places, resolution, words and axes."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
import tifffile
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from explorer.io.images.asked import ImagesAsked
from explorer.io.photo_files import read_photo, write_photo

RNG = np.random.default_rng(0)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
DATE, MAKER, SETTINGS, TIME_TAKEN, EXPOSURE, GPS = 0x0132, 0x010F, 0x8769, 0x9003, 0x829A, 0x8825
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a tiff:Orientation="6"/>words</x:xmpmeta>'


def pixels(*shape: int) -> np.ndarray:
    return RNG.integers(0, 256, shape, dtype=np.uint8)


def cmyk_profile(lab_of_yellow: tuple[float, float, float]) -> bytes:
    """A CMYK profile (ICC.1:2001-04) by which full yellow has this colour, and every other mixture is white."""
    corners = np.tile([100.0, 0, 0], (16, 1))
    corners[0b0010] = lab_of_yellow
    codes = np.rint(corners * [2.55, 1, 1] + [0, 128, 128]).astype(np.uint8)
    identity = b"".join(struct.pack(">i", 65536 * (i == j)) for i in range(3) for j in range(3))
    table = b"mft1" + bytes(4) + bytes([4, 3, 2, 0]) + identity + bytes(range(256)) * 4
    white = struct.pack(">iii", 63190, 65536, 54061)
    tags = {
        b"desc": b"desc" + bytes(4) + struct.pack(">I", 2) + b"a\0" + bytes(78),
        b"cprt": b"text" + bytes(4) + b"none\0",
        b"wtpt": b"XYZ " + bytes(4) + white,
        b"A2B0": table + codes.tobytes() + bytes(range(256)) * 3,
    }
    entries, body, start = struct.pack(">I", len(tags)), b"", 132 + 12 * len(tags)
    for name, content in tags.items():
        entries += name + struct.pack(">II", start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    head = struct.pack(">I4sI4s4s4s", start + len(body), b"none", 0x02400000, b"prtr", b"CMYK", b"Lab ")
    head += struct.pack(">6H", 2024, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + white
    return head.ljust(128, b"\0") + entries + body


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, format=kind, **options)
    return out.getvalue()


def again(data: bytes, name: str = "a file") -> tuple[tuple[str, ...], Image.Image]:
    """The notes on a file, and the file that is written without a change."""
    photo = read_photo(data, name)
    return photo.notes, Image.open(io.BytesIO(write_photo(photo, photo.images)))


def exif_of(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[DATE], exif[MAKER] = "2024:01:02 03:04:05", "Maker"
    exif[SETTINGS] = {TIME_TAKEN: "2024:01:02 03:04:06", EXPOSURE: 0.25, 0xA002: 16, 0xA003: 8}
    exif[GPS] = {1: "N", 2: (48.0, 8.0, 30.0)}
    return exif


# --- Profiles ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_becomes_rgb_by_its_profile_which_does_not_stay(kind: str) -> None:
    yellow = Image.new("CMYK", (9, 8), (0, 0, 255, 0))
    notes, result = again(saved(yellow, kind, icc_profile=cmyk_profile((50, 0, 0)), quality=100))
    assert "CMYK became RGB (sRGB) by its colour profile" in notes
    assert result.info["icc_profile"][16:20] == b"RGB "
    # L* = 50 is the luminance 0.184, which sRGB writes as 119 (IEC 61966-2-1).
    np.testing.assert_allclose(np.asarray(result.convert("RGB")), 119, atol=2)


@pytest.mark.parametrize("profile", [b"", b"no profile", SRGB, cmyk_profile((50, 0, 0))[:200]])
def test_cmyk_without_a_profile_that_can_be_used_says_so(profile: bytes) -> None:
    notes, result = again(saved(Image.new("CMYK", (9, 8), (0, 0, 255, 0)), "JPEG", icc_profile=profile, quality=100))
    assert any("without a profile" in note for note in notes)
    assert "icc_profile" not in result.info
    np.testing.assert_allclose(np.asarray(result)[..., 2], 0, atol=3)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
def test_a_profile_stays_where_it_fits_the_pixels_and_goes_where_it_does_not(kind: str) -> None:
    notes, result = again(saved(Image.fromarray(pixels(9, 8, 3)), kind, icc_profile=SRGB))
    assert notes == ()
    assert result.info["icc_profile"] == SRGB
    if kind == "WEBP":  # always in colour
        return
    notes, result = again(saved(Image.fromarray(pixels(9, 8)), kind, icc_profile=SRGB))
    assert notes == ("its colour profile is for RGB and the result is grey, so it is left out",)
    assert "icc_profile" not in result.info
    notes, result = again(saved(Image.fromarray(pixels(9, 8, 3)), kind, icc_profile=cmyk_profile((50, 0, 0))))
    assert notes == ("its colour profile is for CMYK and the result is RGB, so it is left out",)
    assert "icc_profile" not in result.info


# --- Dates, cameras, places, resolution, words ------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", [1, 3, 6])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_exif_resolution_and_xmp_stay_and_the_picture_is_turned_once(kind: str, orientation: int) -> None:
    picture = Image.fromarray(pixels(8, 16, 3))
    resolution = {} if kind == "WEBP" else {"dpi": (300, 150)}
    if kind == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_itxt("XML:com.adobe.xmp", XMP.decode())
        info.add_text("Author", "me")
        data = saved(picture, kind, exif=exif_of(orientation), pnginfo=info, **resolution)
    elif kind == "TIFF":
        exif = exif_of(orientation)
        exif[700] = XMP
        data = saved(picture, kind, exif=exif.tobytes(), **resolution)
    else:
        data = saved(picture, kind, exif=exif_of(orientation), xmp=XMP, **resolution)
    notes, result = again(data)
    assert any("turned upright" in note for note in notes) == (orientation != 1)
    assert result.size == ((8, 16) if orientation == 6 else (16, 8))
    exif = result.getexif()
    assert exif.get(ExifTags.Base.Orientation, 1) == 1
    assert (exif[DATE], exif[MAKER]) == ("2024:01:02 03:04:05", "Maker")
    settings = exif.get_ifd(SETTINGS)
    assert (settings[TIME_TAKEN], float(settings[EXPOSURE])) == ("2024:01:02 03:04:06", 0.25)
    if kind != "TIFF":
        assert (settings[0xA002], settings[0xA003]) == result.size
    assert tuple(map(float, exif.get_ifd(GPS)[2])) == (48, 8, 30)
    if resolution:
        turned = (150, 300) if orientation == 6 else (300, 150)
        np.testing.assert_allclose(np.array(result.info["dpi"], float), turned, atol=0.1)
    xmp = bytes(exif[700]) if kind == "TIFF" else result.info["xmp"]
    assert b"words" in xmp
    assert (b'Orientation="6"' in xmp) == (orientation == 1), "what readers would turn it by once more"
    if kind == "PNG":
        assert result.text["Author"] == "me"


def test_metadata_stay_in_a_png_of_16_bits() -> None:
    picture = Image.fromarray(RNG.integers(0, 65536, (8, 16), dtype=np.uint16))
    notes, result = again(saved(picture, "PNG", exif=exif_of(), dpi=(300, 300)))
    assert notes == ()
    assert result.getexif()[MAKER] == "Maker"
    np.testing.assert_allclose(result.info["dpi"], 300, atol=0.1)
    np.testing.assert_array_equal(np.asarray(result), np.asarray(picture))


def test_the_words_of_a_jpeg_stay() -> None:
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x08\x1c\x02\x78\0\x03cat"
    data = saved(Image.fromarray(pixels(8, 16, 3)), "JPEG", comment=b"a comment")
    data = data[:2] + b"\xff\xed" + struct.pack(">H", len(iptc) + 2) + iptc + data[2:]
    _, result = again(data)
    assert result.info["comment"] == b"a comment"
    assert dict(result.applist)["APP13"] == iptc


# --- TIFF: pages, channels, axes --------------------------------------------------------------------------------------


def tiff_again(array: np.ndarray, **options: object) -> tuple[tuple[str, ...], tifffile.TiffFile]:
    out = io.BytesIO()
    tifffile.imwrite(out, array, **options)
    photo = read_photo(out.getvalue(), "a.tif")
    return photo.notes, tifffile.TiffFile(io.BytesIO(write_photo(photo, photo.images)))


@pytest.mark.parametrize("axes", ["ZYX", "TZCYX", "ZCYX"])
@pytest.mark.parametrize("compression", [None, "zlib", "lzw"])
def test_imagejs_stacks_keep_their_axes_and_their_order(axes: str, compression: str | None) -> None:
    array = RNG.integers(0, 65536, (*range(2, len(axes)), 8, 16), dtype=np.uint16)
    described = {"axes": axes, "spacing": 0.5, "unit": "um"}
    notes, file = tiff_again(array, imagej=True, metadata=described, resolution=(4, 4), compression=compression)
    assert any(note.startswith(f"{array[..., 0, 0].size} pictures") for note in notes)
    assert file.is_imagej
    assert file.series[0].axes == axes
    np.testing.assert_array_equal(file.series[0].asarray(), array)
    assert (file.imagej_metadata["spacing"], file.imagej_metadata["unit"]) == (0.5, "um")
    assert file.pages.first.resolution == (4, 4)


@pytest.mark.parametrize("options", [{"ome": True, "metadata": {"axes": "CZYX"}}, {"metadata": {"axes": "CZYX"}}])
@pytest.mark.parametrize("byteorder", ["<", ">"])
def test_other_stacks_keep_their_axes(options: dict[str, object], byteorder: str) -> None:
    array = RNG.integers(0, 65536, (2, 3, 8, 16), dtype=np.uint16)
    _, file = tiff_again(array, photometric="minisblack", byteorder=byteorder, **options)
    assert file.series[0].axes == "CZYX"
    np.testing.assert_array_equal(file.asarray(), array)


@pytest.mark.parametrize("planes", ["contig", "separate"])
@pytest.mark.parametrize("colours", ["rgb", "minisblack"])
def test_channels_beside_rgb_and_channels_without_colours_stay(planes: str, colours: str) -> None:
    shape = (8, 16, 5) if planes == "contig" else (5, 8, 16)
    array = RNG.integers(0, 65536, shape, dtype=np.uint16)
    notes, file = tiff_again(array, photometric=colours, planarconfig=planes)
    assert ("the channels beside RGB are kept as they were" in notes) == (colours == "rgb")
    assert ("5 channels a page, none of them a colour that is named" in notes) == (colours != "rgb")
    assert file.pages.first.photometric.name.lower() == colours
    np.testing.assert_array_equal(file.asarray(), array)


def test_pages_of_another_size_are_left_out_and_named() -> None:
    out = io.BytesIO()
    with tifffile.TiffWriter(out) as file:
        for side in (16, 16, 8):
            file.write(pixels(side, side))
    photo = read_photo(out.getvalue(), "a.tif")
    assert len(photo) == 2
    assert "1 of 3 pages are of another size or kind and left out" in photo.notes


def test_bits_that_were_packed_are_read_in_full() -> None:
    array = RNG.integers(0, 65536, (8, 16, 3), dtype=np.uint16)
    for compression in ("lzw", "zstd", "packbits"):
        notes, file = tiff_again(array, photometric="rgb", compression=compression)
        assert notes == ()
        np.testing.assert_array_equal(file.asarray(), array)


# --- What the numbers mean --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["int8", "int16", "int32", "uint16", "uint32", "float16", "float32", "float64"])
def test_values_come_back_in_their_own_range_and_type(dtype: str) -> None:
    low, high = (-0.5, 1.5) if dtype.startswith("float") else (max(-5000, np.iinfo(dtype).min), 120)
    array = RNG.uniform(low, high, (8, 16)).astype(dtype)
    out = io.BytesIO()
    tifffile.imwrite(out, array)
    photo = read_photo(out.getvalue(), "a.tif")
    written = tifffile.imread(io.BytesIO(write_photo(photo, photo.images)))
    assert written.dtype == array.dtype
    np.testing.assert_allclose(written, array, rtol=1e-6)
    assert (photo.images.min() < 0) == (array.min() < 0), "black is 0, and nothing is cut there"


@pytest.mark.parametrize(
    ("dtype", "highest", "white"),
    [
        ("uint8", 7, 255),
        ("uint16", 200, 255),
        ("uint16", 1023, 1023),
        ("uint16", 3900, 4095),
        ("uint16", 16000, 16383),
        ("uint16", 60000, 65535),
        ("int16", 3071, 4095),
        ("int16", 20500, 32767),
        ("int32", 65535, 65535),
        ("uint32", 2**32 - 1, 2**32 - 1),
        ("float32", 1.0, 1),
        ("float32", 4000.0, 4095),
    ],
)
def test_white_is_what_the_bits_in_use_reach(dtype: str, highest: float, white: float) -> None:
    array = np.linspace(0, highest, 200).reshape(10, 20).astype(dtype)
    out = io.BytesIO()
    tifffile.imwrite(out, array)
    photo = read_photo(out.getvalue(), "a.tif")
    assert photo.scale.white == white
    is_full = dtype == "uint8" or white in (1, np.iinfo(dtype).max if dtype[0] != "f" else 1)
    assert any(f"{white:g} is taken for white" in note for note in photo.notes) != is_full
    told = read_photo(out.getvalue(), "a.tif", asked=ImagesAsked(white=500))
    assert told.scale.white == 500
    np.testing.assert_allclose(told.images[0, 0] * 500, array, rtol=1e-6)


def test_noise_around_black_and_beyond_what_was_there_is_not_wrapped_around() -> None:
    for dtype in ("uint8", "uint16", "int16"):
        array = np.linspace(0, 4000 if dtype != "uint8" else 255, 128).reshape(8, 16).astype(dtype)
        out = io.BytesIO()
        tifffile.imwrite(out, array)
        photo = read_photo(out.getvalue(), "a.tif")
        written = tifffile.imread(io.BytesIO(write_photo(photo, photo.images * 40 - 20)))
        assert written.min() == (0 if dtype[0] == "u" else np.iinfo(dtype).min)
        assert written.max() == photo.scale.white
