"""The Denoise page: what it shows at once, uploads good and bad, and models that it does not fit."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from explorer import checkpoints, denoising
from explorer.checkpoints import Checkpoint
from explorer.denoising.pictures import read_pictures
from explorer.io import images
from explorer.noise import GaussianNoise
from explorer.ui.denoise import item_denoising as view
from explorer.ui.shell.links import ITEMS
from explorer.ui.shell.user_image import UserPicture
from tests.pages.conftest import OpenPage, words


def _save(checkpoint: Checkpoint, folder: Path, name: str, **recipe: object) -> None:
    changed = checkpoint.card.recipe.model_copy(update={"name": name, **recipe})
    card = checkpoint.card.model_copy(update={"recipe": changed})
    checkpoints.save(replace(checkpoint, card=card), folder / f"{name}.safetensors")


def _png(x: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(x).save(out, format="PNG")
    return out.getvalue()


def _tiff(x: np.ndarray) -> bytes:
    out = io.BytesIO()
    tifffile.imwrite(out, x, photometric="minisblack")
    return out.getvalue()


@pytest.mark.slow
def test_a_result_with_figures_is_there_at_once(open_page: OpenPage, folder, digits_autoencoder):
    _save(digits_autoencoder, folder, "cleaner", corruption=GaussianNoise(sigma=0.25))
    app = open_page("denoise", model="cleaner", data="digits")
    assert not app.exception
    assert app.selectbox(key="noise").value == "gaussian"
    assert app.slider(key="gaussian.sigma").value == 0.25, "what the model was trained on"
    table = app.main.dataframe[0].value
    assert list(table["PSNR, dB"].str.contains(" to ")) == [True, True, True], "each with its interval"
    assert "test, n = 200" in words(app)
    assert "not trained to remove noise" not in words(app)


@pytest.mark.slow
def test_figures_follow_the_level(open_page: OpenPage, folder, digits_autoencoder):
    _save(digits_autoencoder, folder, "plain")
    app = open_page("denoise", model="plain", data="digits", denoise_what=ITEMS)
    before = float(app.main.dataframe[0].value["PSNR, dB"][0].split()[0])
    app.slider(key="gaussian.sigma").set_value(0.6).run()
    after = float(app.main.dataframe[0].value["PSNR, dB"][0].split()[0])
    assert before == pytest.approx(-20 * np.log10(0.3), abs=0.2), "white noise of that size, by definition"
    assert after == pytest.approx(-20 * np.log10(0.6), abs=0.2)


@pytest.mark.slow
def test_a_model_that_never_saw_noise_says_so_and_offers_one_that_did(open_page: OpenPage, folder, digits_autoencoder):
    _save(digits_autoencoder, folder, "plain")
    _save(digits_autoencoder, folder, "cleaner", corruption=GaussianNoise(sigma=0.25))
    app = open_page("denoise", model="plain", data="digits", denoise_what=ITEMS)
    assert "not trained to remove noise" in words(app)
    assert app.main.dataframe, "it is still shown"
    next(button for button in app.button if button.label.startswith("Show ")).click().run()
    assert app.selectbox(key="model").value == "cleaner"
    assert app.slider(key="gaussian.sigma").value == 0.25


def test_a_model_of_tables_is_refused_with_one_that_fits(
    open_page: OpenPage, folder, table_autoencoder, digits_autoencoder
):
    _save(table_autoencoder, folder, "rows")
    _save(digits_autoencoder, folder, "cleaner", corruption=GaussianNoise())
    app = open_page("denoise", model="rows", data="breast-cancer", denoise_what=ITEMS)
    assert not app.exception
    assert "table rows" in words(app)
    [button] = app.main.button
    assert button.label.replace("\\", "") == "Show Denoising · MNIST · 32-D instead", (
        "the shipped one, before the visitor's own"
    )


def test_uploads_are_cleaned_and_a_damaged_one_is_named_while_the_rest_stays(
    open_page: OpenPage, folder, digits_autoencoder
):
    _save(digits_autoencoder, folder, "plain")
    app = open_page("denoise", model="plain", data="digits", denoise_what=ITEMS)
    good, bad = (
        ("good.png", _png(np.full((40, 30), 200, np.uint8)), "image/png"),
        ("bad[1].png", b"no image", "image/png"),
    )
    app.main.get("file_uploader")[0].set_value([good, bad]).run()
    assert not app.exception
    (error,) = app.main.error
    assert r"bad\[1\].png is not an image" in error.value, "as it is written, not as Markdown"
    assert app.main.dataframe, "the figures stay"
    assert [button.label for button in app.main.get("download_button")] == ["Download the result"]


@pytest.mark.slow
def test_the_sessions_own_image_is_cleaned_without_an_upload(open_page: OpenPage, folder, digits_autoencoder):
    _save(digits_autoencoder, folder, "plain")
    app = open_page("denoise", model="plain", data="digits", denoise_what=ITEMS)
    assert not app.main.get("download_button")
    app.session_state["own_picture"] = UserPicture(np.full((1, 8, 8), 128, np.uint8), "my drawing")
    app.run()
    assert not app.exception
    assert [button.label for button in app.main.get("download_button")] == ["Download the result"]


@pytest.mark.slow
def test_uploads_share_one_scale_which_is_shown_and_changed(open_page: OpenPage, folder, digits_autoencoder):
    _save(digits_autoencoder, folder, "plain")
    app = open_page("denoise", model="plain", data="digits", denoise_what=ITEMS)
    deep = [np.full((8, 8), high, np.uint16) for high in (200, 4095)]
    files = [(f"{i}.tif", _tiff(x), "image/tiff") for i, x in enumerate(deep)]
    app.main.get("file_uploader")[0].set_value(files).run()
    assert not app.exception
    assert "2 images 1x8x8; 12" in words(app)
    assert "white is 4095" in words(app)
    next(w for w in app.main.number_input if w.label == "White").set_value(8190.0)
    next(button for button in app.main.button if button.label == "Read it again").click().run()
    assert not app.exception
    assert "white is 8190" in words(app)


@pytest.mark.slow
def test_pictures_in_a_zip_are_read_as_chosen_of_two_readings(open_page: OpenPage, folder, digits_autoencoder):
    _save(digits_autoencoder, folder, "plain")
    app = open_page("denoise", model="plain", data="digits", denoise_what=ITEMS)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for i in range(30):
            archive.writestr(f"in/{i:02}.tif", _tiff(np.full((8, 8), 1000 if i else 300, np.uint16)))
        archive.writestr("notes.txt", "no picture")
    app.main.get("file_uploader")[0].set_value([("a.zip", packed.getvalue(), "application/zip")]).run()
    assert not app.exception
    assert "White cannot be told" in app.main.warning[0].value
    assert not app.main.get("download_button"), "nothing is cleaned before"
    buttons = {button.label: button for button in app.main.button if button.label.startswith("Read with")}
    assert set(buttons) == {"Read with white 1023", "Read with white 1000"}
    buttons["Read with white 1000"].click().run()
    assert "30 images 1x8x8; 16" in words(app)
    assert "white is 1000" in words(app)
    assert "The first 24 of 30 pictures are shown" in words(app)
    (error,) = app.main.error
    assert "notes.txt" in error.value
    assert [button.label for button in app.main.get("download_button")] == ["Download the result"]


def test_an_upload_is_scaled_to_the_model_with_a_note(digits_autoencoder):
    wide = ("wide.png", _png(np.zeros((20, 40, 3), np.uint8)))
    read = read_pictures(digits_autoencoder, [wide])
    assert read.x.shape == (1, 1, 8, 8)
    assert "resized from 40x20 to 8x8" in dict(read.report.converted)["wide.png"]


def test_results_are_one_png_or_a_zip_of_them():
    x = np.linspace(0, 1, 2 * 64, dtype=np.float32).reshape(2, 1, 8, 8)
    name, data = view.results_file([r"C:\photos\my cat.jpeg"], x[:1])
    assert name == "my cat-denoised.png"
    np.testing.assert_array_equal(images.decode_image(data, name).array, images.to_uint8(x[0]))
    name, data = view.results_file(["../../a.png", "../../a.png"], x)
    assert name == "denoised.zip"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == ["001-a-denoised.png", "002-a-denoised.png"], "no folders, no name twice"
        np.testing.assert_array_equal(
            images.decode_image(archive.read("002-a-denoised.png"), "b").array, images.to_uint8(x[1])
        )


def test_the_verdict_names_the_winner_only_where_the_interval_leaves_no_doubt():
    classical = np.random.default_rng(0).normal(15, 1, 100)
    assert view.verdict(classical + 2, classical, "Median").startswith("The model wins: 2.00 (2.00 to 2.00) dB")
    assert view.verdict(classical - 2, classical, "Median").startswith("Median wins: 2.00")
    noise = np.random.default_rng(1).normal(0, 1, 100)
    assert view.verdict(classical + noise - noise.mean(), classical, "Median").startswith("No clear winner")
    assert view.verdict(classical[:1] + 2, classical[:1], "Median").startswith("One item alone")
    assert "unchanged" in view.verdict(np.array([np.inf, 1.0]), np.array([np.inf, 2.0]), "Median")


@pytest.mark.slow
def test_no_noise_is_no_traceback(open_page: OpenPage, folder, digits_autoencoder):
    _save(digits_autoencoder, folder, "plain")
    app = open_page("denoise", model="plain", data="digits", denoise_what=ITEMS)
    app.slider(key="gaussian.sigma").set_value(0.0).run()
    assert not app.exception
    assert app.main.dataframe[0].value["PSNR, dB"][0].startswith("∞")


@pytest.mark.slow
def test_tuning_finds_the_method_made_for_the_noise(digits):
    from explorer.noise import SaltAndPepperNoise

    x = digits.x[:24].repeat(4, axis=2).repeat(4, axis=3)  # large enough for a median window
    x_noisy = denoising.add_noise(x, SaltAndPepperNoise(fraction=0.1))
    tuned = denoising.tune(x, x_noisy)
    assert tuned.name == "median"
    again = denoising.compare(x, x_noisy, tuned.denoise(x_noisy)).psnr_after.mean()
    assert tuned.psnr == pytest.approx(again, abs=1e-4), "on the images it was tuned on"
