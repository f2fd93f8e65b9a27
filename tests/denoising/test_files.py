"""Files through the denoiser: their figures, their format, and what becomes of bad ones."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable

import numpy as np
import pytest
import tifffile
from PIL import Image
from skimage.metrics import peak_signal_noise_ratio

from explorer import denoising
from explorer.checkpoints import Checkpoint
from explorer.core.errors import DataError
from explorer.denoising import DenoisedFile, DenoisingSetting, Failed
from tests.denoising.conftest import psnr, with_noise

MakeDenoiser = Callable[..., Checkpoint]
RNG = np.random.default_rng(0)
QUICK = DenoisingSetting(sigma=0.1, scored=False)


def png(height: int = 40, width: int = 56, channels: int = 3) -> bytes:
    shape = (height, width) if channels == 1 else (height, width, channels)
    out = io.BytesIO()
    Image.fromarray(RNG.integers(0, 256, shape, dtype=np.uint8)).save(out, format="PNG")
    return out.getvalue()


def tiff(array: np.ndarray) -> bytes:
    out = io.BytesIO()
    tifffile.imwrite(out, array, photometric="minisblack")
    return out.getvalue()


@pytest.fixture
def choose(random_denoiser: MakeDenoiser) -> denoising.files.Choose:
    return lambda channels: random_denoiser(channels)


def test_a_file_is_denoised_with_the_model_of_its_channels(
    random_denoiser: MakeDenoiser, choose: denoising.files.Choose
) -> None:
    for channels in (1, 3):
        data = png(channels=channels)
        cleaned = denoising.clean_file(choose, "a.png", data, QUICK)
        expected = denoising.denoise_photo(random_denoiser(channels), cleaned.photo.image, 0.1)
        np.testing.assert_array_equal(cleaned.images[0], expected)
        with Image.open(io.BytesIO(cleaned.file())) as written:
            assert written.size == (56, 40)
            assert written.mode == ("L" if channels == 1 else "RGB")
    assert cleaned.figures["sigma"] == pytest.approx(25.5)


def test_floats_go_in_and_come_out_unclipped(choose: denoising.files.Choose) -> None:
    y = RNG.normal(0.5, 0.6, (40, 56)).astype(np.float32)
    cleaned = denoising.clean_file(choose, "a.tiff", tiff(y), QUICK)
    np.testing.assert_array_equal(cleaned.photo.image[0], y)
    np.testing.assert_array_equal(tifffile.imread(io.BytesIO(cleaned.file())), cleaned.images[0, 0])
    assert cleaned.written_name == "a.tiff"


def test_without_a_level_it_is_estimated(choose: denoising.files.Choose) -> None:
    y = (0.5 + 0.1 * RNG.standard_normal((160, 160))).astype(np.float32)
    cleaned = denoising.clean_file(choose, "a.tif", tiff(y), DenoisingSetting(scored=False))
    assert cleaned.figures["sigma"] == pytest.approx(25.5, rel=0.05)
    assert cleaned.figures["estimated_sigma_low"] < 25.5 < cleaned.figures["estimated_sigma_high"]


def test_figures_against_a_reference_are_scikit_images(choose: denoising.files.Choose) -> None:
    x = RNG.random((40, 56)).astype(np.float32)
    y = (x + 0.1 * RNG.standard_normal(x.shape)).astype(np.float32)
    cleaned = denoising.clean_file(choose, "a.tif", tiff(y), QUICK, reference=tiff(x))
    for name, image in (("psnr_before", y), ("psnr_after", cleaned.images[0, 0])):
        expected = peak_signal_noise_ratio(x, image, data_range=1)
        assert cleaned.figures[name] == pytest.approx(expected, abs=1e-3)
    with pytest.raises(DataError, match="40x40 pixels and the photo 56x40"):
        denoising.clean_file(choose, "a.tif", tiff(y), QUICK, reference=tiff(x[:, :40]))


def test_a_scored_result_has_a_verdict_and_its_figures(choose: denoising.files.Choose) -> None:
    y = (0.5 + 0.5 * RNG.standard_normal((96, 96))).astype(np.float32)
    cleaned = denoising.clean_file(choose, "a.tif", tiff(y), DenoisingSetting(sigma=0.5))
    (quality,) = cleaned.qualities
    assert cleaned.figures["verdict"] == quality.verdict == "outside what this model was trained on"
    assert "above the 75" in cleaned.figures["reasons"]


def test_a_bad_file_is_reported_and_the_rest_is_done(choose: denoising.files.Choose) -> None:
    def gone() -> bytes:
        raise FileNotFoundError(2, "No such file or directory")

    files = [("a.png", png), ("bad.png", lambda: b"no image"), ("gone.png", gone), ("b.png", png)]
    results = list(denoising.clean_files(choose, files, QUICK))
    assert [type(result) for result in results] == [DenoisedFile, Failed, Failed, DenoisedFile]
    assert "not an image" in str(results[1].error)
    assert "No such file" in str(results[2].error)


def test_a_zip_goes_in_and_a_zip_with_a_table_comes_out(choose: denoising.files.Choose) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("a/1.png", "b/1.png", "b/1.gif", "../out.png", "notes.txt"):
            archive.writestr(name, png() if name.endswith("png") else b"words")
    files, left_out = denoising.files_of_zip(packed.getvalue(), "photos.zip")
    assert {name for name, _ in left_out} == {"../out.png", "notes.txt"}
    result = denoising.zip_of(denoising.clean_files(choose, files, QUICK))
    with zipfile.ZipFile(io.BytesIO(result)) as archive:
        assert sorted(archive.namelist()) == ["a/1.png", "b/1.png", "figures.csv"]
        rows = list(csv.DictReader(io.StringIO(archive.read("figures.csv").decode())))
        assert Image.open(io.BytesIO(archive.read("a/1.png"))).size == (56, 40)
    by_name = {row["file"]: row for row in rows}
    assert "not an image" in by_name["b/1.gif"]["error"]
    assert float(by_name["a/1.png"]["sigma"]) == pytest.approx(25.5)


def test_two_results_of_one_name_both_stay(choose: denoising.files.Choose) -> None:
    results = [denoising.clean_file(choose, "a.png", png(), QUICK) for _ in range(2)]
    with zipfile.ZipFile(io.BytesIO(denoising.zip_of(results))) as archive:
        assert archive.namelist() == ["a.png", "a-2.png", "figures.csv"]


@pytest.mark.parametrize(
    ("name", "kind", "written"),
    [("x/a.JPEG", "JPEG", "a.JPEG"), ("a.gif", "GIF", "a.png"), ("a", "PNG", "a.png"), ("a.jpg", "PNG", "a.png")],
)
def test_names_keep_their_ending_where_the_format_does(
    choose: denoising.files.Choose, name: str, kind: str, written: str
) -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(out, format=kind)
    cleaned = denoising.clean_file(choose, name, out.getvalue(), QUICK)
    assert cleaned.written_name == written
    with Image.open(io.BytesIO(cleaned.file())) as picture:
        assert picture.format == ("PNG" if kind == "GIF" else kind)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("level", "steps", "white", "dtype"),
    [(8, 255, 255, "uint16"), (8, 4095, 4095, "uint16"), (8, 255, 65535, "uint16"), (1, 15, 255, "uint8")],
)
def test_the_expected_psnr_is_right_for_data_of_few_bits(
    shipped: Checkpoint, grey: np.ndarray, level: float, steps: int, white: int, dtype: str
) -> None:
    """Bytes and 12 bits in wider files, bytes stretched to 16 bits, and four bits a value."""
    y = np.clip(with_noise(grey, level), 0, 1)
    stored = (np.rint(y * steps) * (white // steps)).astype(dtype)
    result = denoising.clean_file(lambda _: shipped, "a.tif", tiff(stored[0]))
    written = tifffile.imread(io.BytesIO(result.file())) / np.float32(white)
    assert result.figures["expected_psnr"] == pytest.approx(psnr(grey, written[None]), abs=1)
    assert ("few values" in result.figures["reasons"]) == (steps == 15)


def test_each_picture_of_a_stack_is_cleaned_at_its_own_level_and_all_are_written(
    random_denoiser: MakeDenoiser, choose: denoising.files.Choose
) -> None:
    x = RNG.random((3, 64, 72)).astype(np.float32)
    y = np.stack([with_noise(page, level, seed=level) for page, level in zip(x, (5, 15, 40), strict=True)])
    told: list[float] = []
    cleaned = denoising.clean_file(
        choose, "a.tif", tiff(y), DenoisingSetting(scored=False), tiff(x), lambda share, _: told.append(share)
    )
    assert cleaned.images.shape == (3, 1, 64, 72)
    for page, noisy, image in zip(cleaned.pages, y, cleaned.images, strict=True):
        sigma = denoising.estimate_noise(noisy[None]).value
        assert page["sigma"] == pytest.approx(255 * sigma)
        np.testing.assert_array_equal(image, denoising.denoise_photo(random_denoiser(1), noisy[None], sigma))
    assert cleaned.figures["pages"] == 3
    assert cleaned.figures["sigma"] == pytest.approx(np.mean([page["sigma"] for page in cleaned.pages]))
    assert cleaned.figures["psnr_before"] == pytest.approx(peak_signal_noise_ratio(x, y, data_range=1), abs=1e-3)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1)
    np.testing.assert_array_equal(tifffile.imread(io.BytesIO(cleaned.file())), cleaned.images[:, 0])
    with pytest.raises(DataError, match="The reference has 2 pictures and the photo 3"):
        denoising.clean_file(choose, "a.tif", tiff(y), QUICK, tiff(x[:2]))


def test_a_reference_means_the_same_by_its_numbers_as_the_photo(choose: denoising.files.Choose) -> None:
    x = RNG.integers(0, 3000, (40, 56)).astype(np.uint16)
    y = np.clip(x + RNG.normal(0, 300, x.shape), 0, 5000).astype(np.uint16)
    y[0, 0] = 5000  # more bits than the clean picture has
    cleaned = denoising.clean_file(choose, "a.tif", tiff(y), QUICK, tiff(x))
    expected = peak_signal_noise_ratio(x, y, data_range=cleaned.photo.scale.white)
    assert cleaned.figures["psnr_before"] == pytest.approx(expected, abs=1e-3)


@pytest.mark.slow
def test_photon_noise_is_made_even_and_its_figures_are_those_of_the_photo(
    shipped: Checkpoint, grey: np.ndarray
) -> None:
    peak = 60.0
    y = (np.random.default_rng(0).poisson(peak * grey) / peak).astype(np.float32)
    cleaned = denoising.clean_file(lambda _: shipped, "a.tif", tiff(y[0]), DenoisingSetting(peak="auto"))
    assert cleaned.figures["peak"] == pytest.approx(peak, rel=0.15)
    np.testing.assert_array_equal(cleaned.images[0], denoising.denoise_poisson(shipped, y, cleaned.figures["peak"]))
    assert psnr(grey, cleaned.images[0]) > psnr(grey, y) + 5
    assert cleaned.figures["expected_psnr"] == pytest.approx(psnr(grey, cleaned.images[0]), abs=1)
    told = denoising.clean_file(lambda _: shipped, "a.tif", tiff(y[0]), DenoisingSetting(peak=peak, scored=False))
    assert told.figures["sigma"] == pytest.approx(255 * denoising.PhotonScale(peak).sigma)
    with pytest.raises(DataError, match="in place of a level"):
        DenoisingSetting(sigma=0.1, peak=peak)
