"""The Denoise page with a photo denoiser: what it shows at once, both ways in, files good and bad, whole photos."""

from __future__ import annotations

import io
import pathlib
import re
import zipfile
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms
from streamlit.testing.v1 import AppTest

from explorer import checkpoints, denoising
from explorer.checkpoints import Checkpoint
from explorer.data import photos
from explorer.denoising import DenoisingSetting
from explorer.io.images.asked import ImagesAsked
from explorer.io.photo_files import read_photo
from explorer.noise import GaussianNoise
from explorer.ui.denoise import batch, photo_figures, photo_result, settings
from explorer.ui.shell.jobs import jobs
from explorer.ui.widgets.text import three_digits
from tests.pages.conftest import OpenPage, words

WHITE = "White"
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _file(name: str, pixels: np.ndarray, **options: object) -> tuple[str, bytes, str]:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, format=Image.registered_extensions()[pathlib.Path(name).suffix], **options)
    return name, out.getvalue(), "image/png"


def _noisy(height: int, width: int, sigma: float, seed: int = 0) -> np.ndarray:
    rows = np.linspace(60, 190, height)[:, None] + np.zeros(width)
    noise = np.random.default_rng(seed).normal(0, sigma, (height, width))
    return np.clip(np.rint(rows + noise), 0, 255).astype(np.uint8)


def _upload(app: AppTest, *files: tuple[str, bytes, str]) -> AppTest:
    app.main.get("file_uploader")[0].set_value(list(files)).run()
    return app


def test_a_shipped_photo_is_cleaned_without_a_click(photo_page: AppTest) -> None:
    assert not photo_page.exception
    assert not photo_page.main.error
    assert photo_page.selectbox(key="photo").value == "camera"
    assert photo_page.slider(key="strength").value == 25.5, "the level of the noise that was added: 0.1 of 255"
    psnr, ssim = photo_page.main.metric
    assert psnr.label == "PSNR, noisy 20.0 dB", "white noise of 0.1, by definition"
    assert "over all 512x512 pixels" in words(photo_page), "the figures of all that is shown say so"
    [figures] = [frame.value for frame in photo_page.main.dataframe if "Method" in frame.value]
    assert any(re.fullmatch(r"PSNR of \d+x\d+ pixels, dB", column) for column in figures), "those of a square say so"
    assert ssim.label.startswith("SSIM, noisy 0.")
    assert "wins" in words(photo_page), "the barely trained model loses to some classical method"
    table = photo_page.main.dataframe[0].value
    assert set(table["Method"]) == {"This model", *(method.title for method in denoising.REGISTRY.values())}
    assert [button.label for button in photo_page.main.get("download_button")] == ["Download the result"]


@pytest.mark.slow
def test_the_strength_follows_the_noise_and_stays_where_it_is_put(photo_page: AppTest) -> None:
    photo_page.slider(key="strength").set_value(10.0).run()
    assert photo_page.slider(key="strength").value == 10.0
    photo_page.slider(key="gaussian.sigma").set_value(0.2).run()
    assert photo_page.slider(key="strength").value == 51.0
    photo_page.selectbox(key="noise").select("poisson").run()
    assert not photo_page.exception
    assert photo_page.slider(key="strength").disabled, "the transform makes the level"
    photo_page.toggle(key="anscombe").set_value(False).run()
    assert not photo_page.slider(key="strength").disabled


@pytest.mark.slow
def test_ones_own_photo_model_is_used_where_it_is_chosen_and_the_shipped_one_elsewhere(
    open_page: OpenPage, folder: pathlib.Path, photo_denoiser: Checkpoint
) -> None:
    checkpoints.save(photo_denoiser, folder / "a-tiny-photo.safetensors")
    app = open_page("denoise", model="mnist-vae-2d")
    assert not app.exception
    assert "Denoised with photo-denoiser-grey." in words(app)
    app.selectbox(key="photo").select("coffee").run()
    assert "checkpoints.load('photo-denoiser-colour')" in app.main.code[0].value
    app.selectbox(key="model").select("a-tiny-photo").run()
    assert "tiny-photo takes grey photos" in words(app)


@pytest.mark.slow
def test_a_links_photo_noise_and_strength_come_first(
    open_page: OpenPage, folder: pathlib.Path, photo_denoiser: Checkpoint
) -> None:
    checkpoints.save(photo_denoiser, folder / "tiny-photo.safetensors")
    link = {"photo": "chelsea", "noise": "Gaussian", "gaussian.sigma": "0.05", "strength": "40.0"}
    app = open_page("denoise", model="tiny-photo", **link)
    assert app.selectbox(key="photo").value == "chelsea"
    assert app.slider(key="gaussian.sigma").value == 0.05
    assert app.slider(key="strength").value == 40.0


@pytest.mark.slow
def test_an_upload_is_taken_as_noisy_and_its_level_set_on_the_slider(photo_page: AppTest) -> None:
    app = _upload(photo_page, _file("my photo.png", _noisy(120, 160, 20.0)))
    assert not app.exception
    assert app.slider(key="strength").value == pytest.approx(20, abs=2)
    assert "Estimated noise: " in words(app)
    names = [metric.label for metric in app.main.metric]
    assert names == ["Noise left", "Expected PSNR", "Structure removed", "Self-supervised error"]
    assert float(app.main.metric[0].value) <= 21, "no more than there was"
    assert any(verdict in words(app) for verdict in photo_figures.VERDICTS.values())
    app.radio(key="user_photo_is").set_value("clean").run()
    assert app.slider(key="strength").value == 25.5
    assert len(app.main.metric) == 2, "with a clean photo there are figures"


@pytest.mark.slow
def test_a_damaged_file_is_named_and_the_others_stay(photo_page: AppTest) -> None:
    good = _file("good.png", _noisy(60, 80, 20.0))
    app = _upload(photo_page, ("bad[1].png", b"no image", "image/png"), good)
    assert not app.exception
    assert r"bad\[1\].png is not an image" in app.main.error[0].value
    assert app.selectbox(key="photo").options[:1] == ["good.png"]
    assert "cleaned" not in words(app)
    next(button for button in app.main.button if button.label == "Denoise 2 files").click().run()
    done = _wait(app)
    assert "1 of 2 files cleaned" in words(done)
    assert any("bad" in warning.value for warning in done.main.warning)


def _wait(app: AppTest) -> AppTest:
    """Run again until no work is under way."""
    for job in list(jobs()._known.values()):
        job.wait(60)
    return app.run()


@pytest.mark.slow
def test_every_page_of_a_stack_is_shown_cleaned_and_written(
    photo_page: AppTest, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pages = np.stack([_noisy(60, 80, 20.0, seed).astype(np.uint16) * 16 for seed in range(3)])
    tifffile.imwrite("stack.tif", pages, photometric="minisblack")
    app = _upload(photo_page, ("stack.tif", pathlib.Path("stack.tif").read_bytes(), "image/tiff"))
    assert not app.exception
    assert "3 pictures, each cleaned on its own" in words(app)
    white, page = (next(w for w in app.main.number_input if w.label == label) for label in (WHITE, "Page"))
    assert (white.value, page.value, page.max) == (4080, 1, 3), "bytes times 16"
    page.set_value(2).run()
    assert r"Read as: 1 photo with 3 pictures; 16\-bit, white is 4080; axes NHW" in words(app)
    next(w for w in app.main.number_input if w.label == WHITE).set_value(8160.0)
    next(button for button in app.main.button if button.label == "Read it again").click().run()
    assert "--white 8160" in [code.value for code in app.main.code]
    assert app.slider(key="strength").value == pytest.approx(10, abs=1), "twice as high a white, half the noise"
    next(button for button in app.main.button if button.label.startswith("Denoise all 3 pages")).click().run()
    app = _wait(app)
    assert not app.exception
    assert [button.label for button in app.main.get("download_button")] == ["Download the result"]
    done = list(jobs()._known.values())[-1].result()
    written = tifffile.imread(io.BytesIO(done.file))
    assert (written.shape, written.dtype) == ((3, 60, 80), np.uint16)
    assert all(0 < np.abs(new - old.astype(int)).mean() < 500 for new, old in zip(written, pages, strict=True))
    lines = next(code.value for code in app.main.code if "write_photo" in code.value)
    exec(compile(lines, "copied", "exec"), {})  # noqa: S102 (the same by the lines on the page)
    np.testing.assert_array_equal(tifffile.imread("stack-denoised.tif"), written)


@pytest.mark.slow
def test_photos_of_one_upload_share_one_white(photo_page: AppTest) -> None:
    files = []
    for name, white in (("bright.tif", 4000), ("dark.tif", 250)):
        out = io.BytesIO()
        pixels = (_noisy(60, 80, 20.0).astype(np.uint32) * white // 255).astype(np.uint16)
        pixels[0, 0] = white
        tifffile.imwrite(out, pixels, photometric="minisblack")
        files.append((name, out.getvalue(), "image/tiff"))
    app = _upload(photo_page, *files)
    assert not app.exception
    assert r"Read as: 1 photo; 12\-bit in 16\-bit numbers, white is 4095" in words(app)
    assert "of this one alone it would be 255" in words(app)
    lines = next(code.value for code in app.main.code if "write_photo" in code.value)
    assert "asked=ImagesAsked(white=4095.0)" in lines


def _dark(name: str) -> tuple[str, bytes, str]:
    """A photo of 12 or of 16 bits: nobody can tell."""
    out = io.BytesIO()
    tifffile.imwrite(out, _noisy(60, 80, 20.0).astype(np.uint16) * 5 + 703, photometric="minisblack")
    return name, out.getvalue(), "image/tiff"


@pytest.mark.slow
def test_both_whites_of_a_photo_are_shown_and_one_is_chosen(photo_page: AppTest) -> None:
    app = _upload(photo_page, _dark("dark.tif"))
    assert not app.exception
    assert "White cannot be told" in app.main.warning[0].value
    pictures = "".join(element.proto.body for element in app.main.get("html"))
    assert pictures.count("The first images with white") == 2, "a picture of each"
    buttons = {button.label: button for button in app.main.button if button.label.startswith("Read with")}
    assert set(buttons) == {"Read with white 4095", "Read with white 65535"}
    assert not list(app.main.get("download_button")), "nothing is cleaned before"
    buttons["Read with white 65535"].click().run()
    assert r"16\-bit, white is 65535" in words(app)
    assert not app.main.warning


def test_many_photos_are_not_cleaned_before_their_white_is_known(photo_denoiser: Checkpoint) -> None:
    files = [_dark(name)[:2] for name in ("a.tif", "b.tif")]
    done = batch.clean_all(files, lambda _: photo_denoiser, DenoisingSetting())
    assert done.example == files[0]
    assert (done.rows, done.archive) == ([], b"")
    assert [one.white for one in done.contract.undecided[0].readings] == [4095, 65535]
    said = DenoisingSetting(asked=ImagesAsked(white=65535.0), scored=False)
    assert len(batch.clean_all(files, lambda _: photo_denoiser, said).rows) == 2


@pytest.mark.slow
def test_a_large_photo_shows_a_part_first_and_its_whole_by_a_job(photo_page: AppTest) -> None:
    app = _upload(photo_page, _file("large.png", _noisy(700, 800, 20.0)))
    assert "512x512 pixels from column 144, row 94" in words(app)
    code = app.main.code[0].value
    assert "noisy_shown = photo.image[:, 94:606, 144:656]" in code
    assert "denoised_shown = denoising.denoise_photo(model, noisy_shown, " in code, "a part is cleaned on its own"
    assert not app.main.get("download_button")
    next(button for button in app.main.button if button.label.startswith("Denoise the whole photo")).click().run()
    app = _wait(app)
    assert not app.exception
    assert [button.label for button in app.main.get("download_button")] == ["Download the result"]
    assert app.segmented_control(key="photo_show").value == "Whole photo"
    assert "800x700 pixels." in words(app)
    assert "denoised_shown = result\n" in app.main.code[0].value
    next(button for button in app.main.button if button.label == "Check the whole photo").click().run()
    app = _wait(app)
    assert not app.exception
    assert "In 800x700 pixels, without knowing the clean photo" in words(app)


def _noisy_own_photo(app: AppTest, counts: np.ndarray | None = None) -> AppTest:
    pixels = _noisy(120, 160, 20.0) if counts is None else np.clip(np.rint(counts), 0, 255).astype(np.uint8)
    return _upload(app, _file("mine.png", pixels))


def test_without_a_clean_photo_methods_are_ranked_by_an_estimate(photo_page: AppTest) -> None:
    app = _noisy_own_photo(photo_page)
    assert not app.exception
    table = app.main.dataframe[0].value
    assert set(table["Method"]) == {"This model", *(method.title for method in denoising.REGISTRY.values())}
    sizes = table["The noise in it"].astype(float)
    assert sizes.is_monotonic_increasing
    assert sizes.iloc[0] >= 19, "no less than the noise itself, which nobody can predict"
    assert "lowest estimate" in words(app)
    assert "An estimate: the clean photo is not known." in words(app)
    app.selectbox(key="right").select("Median").run()
    assert not app.exception
    assert "noisy less median" in words(app)


@pytest.mark.slow
def test_of_a_photo_without_noise_no_method_is_named(photo_page: AppTest) -> None:
    photo_page.selectbox(key="photo").select("coffee").run()
    app = photo_page.radio(key="shipped_photo_is").set_value("noisy").run()
    assert not app.exception
    assert "this estimate names no best method" in words(app)


@pytest.mark.slow
def test_a_photo_with_photon_noise_gets_its_peak_estimated(photo_page: AppTest) -> None:
    rows = np.linspace(0.2, 0.9, 200)[:, None] + np.zeros(240)
    app = _noisy_own_photo(photo_page, 255 * np.random.default_rng(0).poisson(40 * rows) / 40)
    app.radio(key="noise_kind").set_value("photons").run()
    assert not app.exception
    assert app.number_input(key="photons").value == pytest.approx(40, rel=0.15)
    assert "Estimated from the photo: " in words(app)
    assert "denoise_poisson(model, photo.image, peak=" in app.main.code[0].value
    assert any(verdict in words(app) for verdict in photo_figures.VERDICTS.values())
    assert "after the transform that evens out photon noise" in words(app)
    app.number_input(key="photons").set_value(10.0).run()
    assert not app.exception
    assert "peak=10)" in app.main.code[0].value


def test_the_shipped_models_stand_in_for_each_other(photo_denoiser: Checkpoint) -> None:
    grey, colour = (checkpoints.load(denoising.photo.SHIPPED[channels]) for channels in (1, 3))
    assert settings.is_fitting(grey, 1)
    assert settings.is_fitting(colour, 3)
    assert not settings.is_fitting(grey, 3), "a model of colour photos is at hand"
    assert not settings.is_fitting(colour, 1)
    assert settings.is_fitting(photo_denoiser, 3), "one's own is used where it can be"
    model_for = batch.models_beside(grey)
    assert [model_for(channels).name for channels in (1, 3)] == [grey.name, colour.name]


@pytest.mark.slow
@pytest.mark.parametrize("model", ["photo-denoiser-grey", "photo-denoiser-colour"])
def test_a_photo_gets_the_model_of_its_colours(open_page: OpenPage, model: str) -> None:
    app = open_page("denoise", model=model, photo="coffee")
    assert not app.exception
    assert "checkpoints.load('photo-denoiser-colour')" in app.main.code[0].value
    assert ("so photo-denoiser-colour is used" in words(app)) == (model == "photo-denoiser-grey")
    app.selectbox(key="photo").select("camera").run()
    assert "checkpoints.load('photo-denoiser-grey')" in app.main.code[0].value
    assert ("so photo-denoiser-grey is used" in words(app)) == (model == "photo-denoiser-colour")


def test_python_lines_give_what_the_page_gives(
    photo_page: AppTest, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, photo_denoiser: Checkpoint
) -> None:
    monkeypatch.chdir(tmp_path)
    code = photo_page.main.code[0].value
    names: dict[str, Any] = {}
    exec(compile(code, "copied", "exec"), names)  # noqa: S102 (the point of this test)
    psnr, ssim = photo_page.main.metric
    assert psnr.value == f"{three_digits(float(names['figures'].psnr_after[0]))} dB"
    assert ssim.value == three_digits(float(names["figures"].ssim_after[0]))
    table = photo_page.main.dataframe[0].value
    assert table["Method"].tolist() == [row.title for row in names["table"]]
    assert table.iloc[:, 1].tolist() == [three_digits(row.psnr) for row in names["table"]]
    written = read_photo((tmp_path / "camera-denoised.png").read_bytes(), "written")
    camera = next(photo.array for photo in photos() if photo.name == "camera")
    noisy = denoising.add_noise(camera[None, None], GaussianNoise(sigma=0.1), 0)[0]
    wanted = np.clip(denoising.denoise_photo(photo_denoiser, noisy, 25.5 / 255), 0, 1)
    np.testing.assert_allclose(written.image, wanted, atol=0.51 / 255)


def test_python_lines_of_a_noisy_photo_give_what_the_page_says_of_it(
    photo_page: AppTest, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = _noisy_own_photo(photo_page)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.png").write_bytes(_file("mine.png", _noisy(120, 160, 20.0))[1])
    names: dict[str, Any] = {}
    exec(compile(app.main.code[0].value, "copied", "exec"), names)  # noqa: S102 (the point of this test)
    shown = {metric.label: metric.value for metric in app.main.metric}
    quality = names["quality"]
    assert shown["Noise left"] == f"{255 * quality.left:.1f}"
    assert shown["Expected PSNR"] == f"{quality.psnr:.1f} dB"
    assert photo_figures.VERDICTS[quality.verdict] in words(app)
    table = app.main.dataframe[0].value
    assert table["Method"].tolist() == [row.title for row in names["table"]]
    assert table["The noise in it"].tolist() == [f"{row.size:.2f}" for row in names["table"]]


def test_half_precision_is_in_the_python_lines_too(photo_page: AppTest) -> None:
    assert "fast=True" not in photo_page.main.code[0].value
    photo_page.toggle(key="half").set_value(True).run()
    assert not photo_page.exception
    assert "sigma=25.5 / 255, fast=True)" in photo_page.main.code[0].value
    assert photo_page.main.metric[0].label == "PSNR, noisy 20.0 dB"


def test_the_result_is_a_file_of_the_same_kind(photo_denoiser: Checkpoint) -> None:
    pixels = np.dstack([_noisy(40, 50, 9, seed) for seed in range(4)])
    name, data, _ = _file("photo.png", pixels, icc_profile=PROFILE)
    photo = read_photo(data, name)
    whole = photo_result.clean_whole(photo, [denoising.denoise_photo(photo_denoiser, photo.image, 0.1)], 0)
    again = Image.open(io.BytesIO(whole.file))
    assert (again.size, again.mode, again.info["icc_profile"]) == ((50, 40), "RGBA", PROFILE)
    np.testing.assert_array_equal(np.asarray(again)[..., 3], pixels[..., 3])
    assert photo_result.result_name(r"C:\my.photos\cat.jpeg", photo) == "cat-denoised.png"


def test_a_batch_goes_on_past_bad_files_and_into_zips(photo_denoiser: Checkpoint) -> None:
    good = [_file(f"photo{i}.png", _noisy(40, 50, 20.0, i)) for i in range(2)]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inside/photo.png", good[0][1])
        archive.writestr("../out.png", good[0][1])
        archive.writestr("notes.txt", "words")
    files = [
        (good[0][0], good[0][1]),
        ("cut.png", good[1][1][:60]),
        ("many.zip", packed.getvalue()),
        ("none.zip", b"no zip"),
        (good[1][0], good[1][1]),
    ]
    told: list[float] = []
    done = batch.clean_all(files, lambda _: photo_denoiser, DenoisingSetting(), lambda share, _: told.append(share))
    problems = {row["file"]: row.get("error", "") for row in done.rows}
    fine = [name for name, problem in problems.items() if not problem]
    assert fine == ["photo0.png", "inside/photo.png", "photo1.png"]
    assert "leads out of the archive" in problems["../out.png"]
    assert "not an image" in problems["notes.txt"]
    assert "not a whole zip" in problems["none.zip"]
    assert told == sorted(told)
    assert done.rows[0]["sigma"] == done.rows[0]["estimated_sigma"] == pytest.approx(20, abs=3)
    assert done.rows[0]["verdict"]
    with zipfile.ZipFile(io.BytesIO(done.archive)) as archive:
        names = archive.namelist()
        table = archive.read("figures.csv").decode().splitlines()
        assert Image.open(io.BytesIO(archive.read(names[0]))).size == (50, 40)
    assert len(names) == len(set(names)) == len(fine) + 1
    assert not any(".." in name for name in names)
    assert len(table) == len(problems) + 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("model", "opens_with"), [("mnist-denoising-32d", "Items of the model"), ("mnist-vae-2d", "A photo")]
)
def test_a_model_of_other_items_opens_with_them_only_if_it_removes_noise(
    open_page: OpenPage, photo_page: AppTest, model: str, opens_with: str
) -> None:
    app = open_page("denoise", model=model)
    what = app.main.segmented_control(key="denoise_what")
    assert what.value == opens_with
    what.set_value("A photo").run()
    assert not app.exception
    assert app.selectbox(key="model").value == model, "the model of the other pages stays"
    assert app.selectbox(key="photo").value == "camera"
    what.set_value("Items of the model").run()
    assert not app.exception
    assert ("not trained to remove noise" in words(app)) == (opens_with == "A photo")


def test_photon_noise_has_one_expected_psnr_on_the_page_and_on_the_command_line(photo_denoiser: Checkpoint) -> None:
    peak = 40.0
    clean = np.linspace(0.02, 0.9, 64)[:, None] + np.zeros(64)
    noisy = (np.random.default_rng(3).poisson(peak * clean) / peak).astype(np.float32)[None]
    with io.BytesIO() as out:
        tifffile.imwrite(out, noisy[0])
        file = denoising.clean_file(lambda _: photo_denoiser, "a.tif", out.getvalue(), DenoisingSetting(peak=peak))
    asked = settings.DenoisingTask(noisy, None, None, 0, None, 0.0, peak, False, "a", "a")
    quality = asked.quality(photo_denoiser, noisy, asked.clean_with(photo_denoiser, noisy))
    assert quality.psnr == pytest.approx(file.figures["expected_psnr"], abs=1e-6)
    even = denoising.no_reference_quality  # what is measured where the noise is even is another figure
    scale = denoising.PhotonScale(peak)
    picture = scale.even(noisy)
    model = lambda y: denoising.denoise_photo(photo_denoiser, y, scale.sigma)  # noqa: E731
    assert abs(even(model, picture, model(picture.image), scale.sigma).psnr - quality.psnr) > 0.3
