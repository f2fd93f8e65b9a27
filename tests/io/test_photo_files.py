"""Photos as files: what goes in comes out, in every mode and depth, and bad files are one clear error."""

from __future__ import annotations

import io
import warnings

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from explorer.core.errors import DataError
from explorer.io.photo_files import Photo, PhotoValues, read_photo, write_photo

RNG = np.random.default_rng(0)
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def saved(array: np.ndarray, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(array).save(out, format=kind, **options)
    return out.getvalue()


def tiff(array: np.ndarray, **options: object) -> bytes:
    out = io.BytesIO()
    tifffile.imwrite(out, array, **{"photometric": "rgb" if array.ndim == 3 else "minisblack", **options})
    return out.getvalue()


def values(shape: tuple[int, ...], dtype: type = np.uint8) -> np.ndarray:
    return RNG.integers(0, np.iinfo(dtype).max + 1, shape, dtype=dtype)


def copied(data: bytes) -> tuple[Photo, bytes]:
    """Read, and written back without a change."""
    photo = read_photo(data, "a file")
    return photo, write_photo(photo, photo.images)


@pytest.mark.parametrize("shape", [(9, 13), (9, 13, 3), (9, 13, 2), (9, 13, 4)])
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_eight_bits_come_back_the_same(shape: tuple[int, ...], kind: str) -> None:
    array = values(shape)
    if kind == "WEBP":  # it has colours only, and forgets those under full transparency unless asked
        array = values((*shape[:2], 4 if shape[2:] in ((2,), (4,)) else 3))
        data = saved(array, kind, lossless=True, exact=True)
        array[..., 3:] |= 1
        data = saved(array, kind, lossless=True, exact=True)
    else:
        data = saved(array, kind)
    photo, again = copied(data)
    assert photo.image.shape == ((3 if array.ndim == 3 and array.shape[2] >= 3 else 1), 9, 13)
    with Image.open(io.BytesIO(again)) as result:
        assert result.format == kind
        np.testing.assert_array_equal(np.asarray(result), array)


@pytest.mark.parametrize("shape", [(9, 13), (9, 13, 3), (9, 13, 2), (9, 13, 4)])
def test_sixteen_bit_tiffs_come_back_the_same(shape: tuple[int, ...]) -> None:
    array = values(shape, np.uint16)
    alpha = {"extrasamples": ["unassalpha"]} if shape[2:] in ((2,), (4,)) else {}
    photo, again = copied(tiff(array, photometric="rgb" if shape[2:] in ((3,), (4,)) else "minisblack", **alpha))
    assert photo.scale.dtype == "uint16"
    assert (photo.kept is not None) == bool(alpha)
    np.testing.assert_array_equal(tifffile.imread(io.BytesIO(again)), array)


@pytest.mark.parametrize("samples", [1, 3, 4])
def test_sixteen_bit_pngs_come_back_the_same(samples: int) -> None:
    array = values((samples, 9, 13), np.uint16)
    alpha = array[3] if samples == 4 else None
    image = array[None, :3] / np.float32(65535)
    kept = None if alpha is None else alpha[None, None]
    profile = PROFILE if samples > 1 else None
    written = write_photo(Photo(image, PhotoValues("uint16", 65535), kept=kept, profile=profile), image)
    with Image.open(io.BytesIO(written)) as picture:
        assert picture.info.get("icc_profile") == profile
        picture.load()  # checks the file's own checksums
    photo, again = copied(written)
    assert (photo.scale.dtype, photo.profile) == ("uint16", profile)
    np.testing.assert_array_equal(np.rint(photo.image * 65535), array[: min(samples, 3)])
    assert again == written
    if alpha is not None:
        np.testing.assert_array_equal(photo.kept[0, 0], alpha)


def test_sixteen_bit_grey_png_of_pillow_is_read_in_full() -> None:
    array = values((9, 13), np.uint16)
    photo = read_photo(saved(array), "a.png")
    np.testing.assert_array_equal(np.rint(photo.image[0] * 65535), array)


@pytest.mark.parametrize("shape", [(9, 13), (9, 13, 3)])
def test_floats_stay_as_they_are_beyond_black_and_white(shape: tuple[int, ...]) -> None:
    array = RNG.normal(0.5, 0.5, shape).astype(np.float32)
    photo, again = copied(tiff(array))
    assert (photo.scale.dtype, photo.scale.white) == ("float32", 1)
    assert photo.image.min() < 0
    np.testing.assert_array_equal(tifffile.imread(io.BytesIO(again)), array)


def test_floats_in_grey_levels_are_scaled_and_scaled_back() -> None:
    array = RNG.uniform(0, 255, (9, 13)).astype(np.float32)
    photo, again = copied(tiff(array))
    assert photo.notes == ("255 is taken for white (all numbers are below 256; --white sets it)",)
    np.testing.assert_allclose(photo.image[0], array / 255, rtol=1e-6)
    np.testing.assert_allclose(tifffile.imread(io.BytesIO(again)), array, rtol=1e-6)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_values_that_are_not_finite_are_an_error(bad: float) -> None:
    array = np.zeros((9, 13), np.float32)
    array[3, 4] = bad
    with pytest.raises(DataError, match="not finite"):
        read_photo(tiff(array), "a.tif")


def test_jpeg_keeps_size_profile_and_nearly_every_pixel() -> None:
    smooth = np.add.outer(np.arange(40), np.arange(50))[..., None] * np.array([1, 2, 0]) % 256
    photo, again = copied(saved(smooth.astype(np.uint8), "JPEG", quality=95, icc_profile=PROFILE))
    with Image.open(io.BytesIO(again)) as result:
        assert (result.format, result.mode, result.size) == ("JPEG", "RGB", (50, 40))
        assert result.info["icc_profile"] == PROFILE
    assert np.abs(read_photo(again, "b.jpg").image - photo.image).mean() < 2 / 255


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "TIFF16"])
def test_photos_come_upright(orientation: int, kind: str) -> None:
    array = values((8, 16)).repeat(8, 0).repeat(8, 1)
    exif = Image.Exif()
    exif[0x0112] = orientation
    plain = Image.open(io.BytesIO(saved(array, "PNG", exif=exif)))
    from PIL import ImageOps

    expected = np.asarray(ImageOps.exif_transpose(plain))
    if kind == "JPEG":
        data = saved(array, "JPEG", quality=100, exif=exif)
    else:
        data = tiff(array.astype(np.uint16) * 257, extratags=[(0x0112, "H", 1, orientation, True)])
    photo, again = copied(data)
    np.testing.assert_allclose(photo.image[0] * 255, expected, atol=12 if kind == "JPEG" else 0.01)
    np.testing.assert_allclose(read_photo(again, "again").image, photo.image, atol=12 / 255)


@pytest.mark.parametrize("mode", ["1", "P", "CMYK", "YCbCr", "LAB", "HSV"])
def test_other_modes_become_rgb_or_grey_and_say_so(mode: str) -> None:
    picture = Image.fromarray(values((9, 13, 3))).convert("RGB")
    picture = picture.convert(mode) if mode != "LAB" else picture.convert("L").convert("RGB")
    kind = {"1": "PNG", "P": "PNG", "CMYK": "JPEG", "YCbCr": "JPEG"}.get(mode, "TIFF")
    out = io.BytesIO()
    (picture.convert("RGB") if mode in ("HSV",) else picture).save(out, format=kind)
    photo = read_photo(out.getvalue(), "a file")
    with Image.open(io.BytesIO(out.getvalue())) as stored:
        expected = np.asarray(stored.convert("L" if mode == "1" else "RGB")) / 255
        is_plain = stored.mode in ("1", "RGB")
    assert bool(photo.notes) != (is_plain and mode != "1")
    np.testing.assert_allclose(photo.image.squeeze(), np.moveaxis(expected, -1, 0) if expected.ndim == 3 else expected)


def test_transparency_of_a_palette_is_kept() -> None:
    picture = Image.fromarray(values((9, 13, 3))).quantize(8)
    out = io.BytesIO()
    picture.save(out, format="PNG", transparency=3)
    photo, again = copied(out.getvalue())
    assert set(np.unique(photo.kept)) == {0, 255}
    assert "transparency is kept" in photo.notes[-1]
    with Image.open(io.BytesIO(again)) as result:
        np.testing.assert_array_equal(np.asarray(result.getchannel("A")), photo.kept[0, 0])


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_every_frame_of_an_animation_comes_back_with_its_time(kind: str) -> None:
    colours = np.array([[0, 0, 0], [255, 0, 0], [0, 255, 0], [255, 255, 255]], np.uint8)  # a GIF holds these
    arrays = [colours[RNG.integers(0, 4, (9, 13))] for _ in range(3)]
    frames = [Image.fromarray(array) for array in arrays]
    out = io.BytesIO()
    frames[0].save(
        out, format=kind, save_all=True, append_images=frames[1:], duration=[40, 80, 120], loop=2, lossless=True
    )
    photo, again = copied(out.getvalue())
    assert "3 frames, each cleaned on its own" in photo.notes
    np.testing.assert_allclose(photo.images, np.stack(arrays).transpose(0, 3, 1, 2) / 255, atol=1e-6)
    with Image.open(io.BytesIO(again)) as result:
        assert result.format == ("PNG" if kind == "GIF" else kind)
        assert (result.n_frames, result.info["loop"]) == (3, 2)
        for number, time in enumerate([40, 80, 120]):
            result.seek(number)
            np.testing.assert_array_equal(np.asarray(result.convert("RGB")), arrays[number])
            assert result.info["duration"] == time


def test_a_file_that_is_not_what_its_name_says_is_read_and_that_is_said() -> None:
    data = saved(values((9, 13)), "JPEG")
    assert read_photo(data, "photo.PNG").notes == ("JPEG in spite of its name",)
    assert read_photo(data, "photo.jpeg").notes == read_photo(data, "photo").notes == ()
    assert read_photo(data, "photo.PNG").suffix == ".jpg", "the result is named for what it is"


def test_bad_files_are_one_clear_error() -> None:
    whole = tiff(values((60, 60, 3), np.uint16))
    for data in (b"", b"hello", whole[:300], saved(values((9, 13)))[:40], b"II*\0", tiff(values((2000, 2000)))):
        with pytest.raises(DataError) as caught:
            read_photo(data, "a file", max_pixels=1_000_000)
        assert caught.value.hint
    with pytest.raises(DataError, match="MiB"):
        read_photo(whole, "a.tif", max_bytes=100)
    with pytest.raises(DataError, match="million pixels"):
        read_photo(tiff(values((2000, 2000), np.uint16)), "a.tif", max_pixels=1_000_000)


def test_a_result_must_have_the_size_of_its_photo() -> None:
    with pytest.raises(ValueError, match="shape"):
        write_photo(read_photo(saved(values((9, 13))), "a.png"), np.zeros((1, 13, 9)))


FILES = [saved(values((9, 13, 3))), saved(values((9, 13), np.uint16)), saved(values((9, 13, 3)), "JPEG")]
FILES += [tiff(values((9, 13, 3), np.uint16)), tiff(np.ones((9, 13), np.float32)), saved(values((9, 13)), "TIFF")]
FILES += [saved(values((9, 13, 3)), kind) for kind in ("WEBP", "BMP", "GIF")]


@settings(max_examples=300)
@given(
    data=st.sampled_from(FILES),
    cut=st.integers(0, 400),
    changes=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=6),
)
@pytest.mark.slow
def test_damaged_files_are_read_or_refused(data: bytes, cut: int, changes: list[tuple[int, int]]) -> None:
    body = bytearray(data[: len(data) - cut] if cut < len(data) else data)
    for place, value in changes:
        body[place % len(body)] = value
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            photo = read_photo(bytes(body), "a file", max_pixels=10_000)
        except DataError as error:
            assert error.message
        else:
            assert photo.images.ndim == 4
            assert np.isfinite(photo.images).all()
            write_photo(photo, photo.images)
