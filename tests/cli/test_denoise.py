"""The command ``denoise`` on photos: figures, levels, references, and what a bad file does to the rest."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PIL import Image
from typer.testing import CliRunner, Result

from explorer import checkpoints, denoising
from explorer.checkpoints import Checkpoint
from explorer.cli import app
from explorer.data import dataset
from explorer.recipe import Recipe
from explorer.training import train

RNG = np.random.default_rng(0)
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def denoiser() -> Checkpoint:
    """A photo denoiser, hardly trained."""
    values = {
        "name": "tiny-photo",
        "data": {"dataset": "digits", "limit": 64},
        "model": {"family": "photo", "widths": [4], "latent_dim": 4, "blocks": 1},
        "training": {"epochs": 2, "learning_rate": 0.01},
    }
    *_, last = train(Recipe.parse(values), dataset("digits"))
    return last.checkpoint


@pytest.fixture(autouse=True)
def folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, denoiser: Checkpoint, digits_autoencoder: Checkpoint
) -> Path:
    """A working folder with the checkpoints photo and plain."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path / "checkpoints"))
    for name, checkpoint in {"photo": denoiser, "plain": digits_autoencoder}.items():
        checkpoints.save(checkpoint, tmp_path / "checkpoints" / f"{name}.safetensors")
    return tmp_path


def picture(name: str, size: tuple[int, int] = (48, 40), mode: str = "L") -> np.ndarray:
    array = RNG.integers(0, 256, (size[1], size[0]), dtype=np.uint8)
    Image.fromarray(array).convert(mode).save(name)
    return array / np.float32(255)


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["denoise", *arguments])


def answer(*arguments: str) -> Rows:
    result = call(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)["items"]


@pytest.mark.slow
def test_the_former_name_of_a_flag_still_works(denoiser: Checkpoint) -> None:
    picture("a.png")
    common = ("photo", "a.png", "--sigma", "25", "--out")
    (plain,), (former,), (assessed,) = (answer(*common, "o", *flag) for flag in (["--no-assess"], ["--no-judge"], []))
    assert set(former) == set(plain)
    assert {"verdict", "expected_psnr"} <= set(assessed) - set(plain)
    assert "--judge" not in call("--help").output


def test_a_photo_is_denoised_at_the_level_told(denoiser: Checkpoint) -> None:
    y = picture("a.png")
    (row,) = answer("photo", "a.png", "--sigma", "25", "--out", "clean", "--no-assess")
    assert (row["file"], row["written"]) == ("a.png", str(Path("clean/a.png")))
    assert row["sigma"] == pytest.approx(25)
    expected = np.rint(255 * np.clip(denoising.denoise_photo(denoiser, y[None], 25 / 255)[0], 0, 1))
    np.testing.assert_array_equal(np.asarray(Image.open("clean/a.png")), expected)


@pytest.mark.slow
def test_auto_says_what_it_found_and_what_it_thinks_of_the_result() -> None:
    picture("a.png", (200, 160))
    (row,) = answer("photo", "a.png", "--sigma", "auto", "--out", "clean")
    assert row["sigma"] == row["estimated_sigma"]
    assert row["estimated_sigma_low"] < row["estimated_sigma"] < row["estimated_sigma_high"]
    assert row["verdict"] in ("trust", "check these regions", "outside what this model was trained on")
    assert row["reasons"]
    assert row["expected_psnr"] > 0
    said = call("photo", "a.png", "--out", "clean").stdout
    assert row["verdict"] in said
    assert "noise level" in said


def test_floats_stay_floats_beyond_white_and_are_measured_against_a_reference() -> None:
    x = RNG.random((40, 48)).astype(np.float32)
    y = x + np.float32(0.3) * RNG.standard_normal(x.shape).astype(np.float32)
    tifffile.imwrite("noisy.tif", y)
    tifffile.imwrite("clean.tif", x)
    arguments = ("photo", "noisy.tif", "--sigma", "76.5", "--no-assess", "--reference", "clean.tif", "--out", "o")
    (row,) = answer(*arguments)
    written = tifffile.imread("o/noisy.tif")
    assert written.dtype == np.float32
    assert row["psnr_before"] == pytest.approx(-10 * np.log10(np.mean((x - y) ** 2)), abs=1e-3)
    assert row["psnr_after"] == pytest.approx(-10 * np.log10(np.mean((x - written) ** 2)), abs=1e-3)
    assert "dB after" in call(*arguments).stdout


def test_references_are_found_by_name() -> None:
    Path("noisy").mkdir()
    Path("clean").mkdir()
    for name in ("a", "b"):
        picture(f"noisy/{name}.png")
        picture(f"clean/{name}.png")
    names = ("noisy/a.png", "noisy/b.png")
    rows = answer("photo", *names, "--sigma", "9", "--no-assess", "--reference", "clean", "--out", "o")
    assert all(row["psnr_before"] > 0 for row in rows)
    assert "one picture for several" in call("photo", *names, "--reference", "clean/a.png", "--out", "o").stderr
    Path("clean/b.png").unlink()
    assert "no clean/b.png" in call("photo", *names, "--reference", "clean", "--out", "o").stderr


def test_one_bad_file_is_one_line_and_the_rest_is_done() -> None:
    picture("a.png")
    Path("bad.png").write_bytes(b"no image")
    result = call("photo", "bad.png", "gone.png", "a.png", "--sigma", "9", "--no-assess", "--out", "o", "--json")
    assert result.exit_code == 1
    rows = json.loads(result.stdout)["items"]
    assert ["error" in row for row in rows] == [True, True, False]
    assert Path("o/a.png").is_file()
    assert sum(line.startswith("Error: ") for line in result.stderr.splitlines()) == 2
    assert "bad.png is not an image" in result.stderr


def test_two_results_of_one_name_are_not_written_over_one_another() -> None:
    for name in ("p", "q"):
        Path(name).mkdir()
        picture(f"{name}/a.png")
    result = call("photo", "p/a.png", "q/a.png", "--sigma", "9", "--no-assess", "--out", "o")
    assert result.exit_code == 1
    assert "Two pictures" in result.stderr


@pytest.mark.parametrize("level", ["-1", "300", "loud", "nan"])
def test_a_level_that_is_none_is_refused(level: str) -> None:
    picture("a.png")
    result = call("photo", "a.png", "--sigma", level, "--out", "o")
    assert result.exit_code == 1
    assert "no noise level" in result.stderr


@pytest.mark.slow
def test_colours_by_a_grey_model_and_the_pair_of_shipped_ones(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    picture("a.png", mode="RGB")
    (row,) = answer("photo", "a.png", "--sigma", "9", "--no-assess", "--out", "o", "--fast")
    assert Image.open(row["written"]).mode == "RGB"
    only_grey = folder / "only-grey"
    only_grey.mkdir()
    shutil.copy(folder / "checkpoints" / "photo.safetensors", only_grey / "photo-denoiser-grey.safetensors")
    monkeypatch.setattr(checkpoints.library, "folders", lambda: [only_grey])
    (row,) = answer("photo-denoiser", "a.png", "--sigma", "9", "--no-assess", "--out", "o")
    assert Image.open(row["written"]).mode == "RGB"


def test_other_checkpoints_take_no_level() -> None:
    picture("a.png")
    assert call("plain", "a.png", "--out", "o").exit_code == 0
    result = call("plain", "a.png", "--sigma", "25", "--out", "o")
    assert result.exit_code == 1
    assert "no photo denoiser" in result.stderr


@pytest.mark.slow
def test_a_stack_is_written_whole_and_what_was_decided_is_said() -> None:
    stack = RNG.integers(0, 4094, (3, 40, 48), dtype=np.uint16)
    stack[1, 20, 24] = 4094
    tifffile.imwrite("z.tif", stack, photometric="minisblack")
    arguments = ("photo", "z.tif", "--sigma", "9", "--no-assess", "--out", "o")
    (row,) = answer(*arguments)
    assert (row["pages"], len(row["each"])) == (3, 3)
    written = tifffile.imread("o/z.tif")
    assert (written.shape, written.dtype) == (stack.shape, stack.dtype)
    assert all(not np.array_equal(new, old) for new, old in zip(written, stack, strict=True))
    said = call(*arguments)
    for note in (
        "3 pictures, each cleaned on its own",
        "4095 is taken for white (the greatest number is 4094: 12 bits; --white sets it)",
    ):
        assert note in row["notes"]
        assert f"z.tif: {note}" in said.stderr or note in said.stderr
    assert "3 pictures, noise level 9.0 of 255" in said.stdout
    (told,) = answer(*arguments, "--white", "8190")
    assert "8190 is white, as told" in told["notes"]


@pytest.mark.slow
def test_photon_noise_by_its_number_of_photons() -> None:
    x = np.full((80, 90), 0.5)
    tifffile.imwrite("a.tif", (RNG.poisson(40 * x) / 40).astype(np.float32))
    (row,) = answer("photo", "a.tif", "--peak", "auto", "--no-assess", "--out", "o")
    assert row["peak"] == pytest.approx(40, rel=0.2)
    assert "photon noise of 40 photons" in call("photo", "a.tif", "--peak", "40", "--no-assess", "--out", "o").stdout
    for bad in ("0", "-3", "nan", "inf", "many"):
        assert "no number of photons" in call("photo", "a.tif", "--peak", bad, "--out", "o").stderr
    assert "in place of a level" in call("photo", "a.tif", "--peak", "40", "--sigma", "9", "--out", "o").stderr
    assert "takes no --sigma, --peak" in call("plain", "a.tif", "--peak", "40", "--out", "o").stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "way", ["folder", "spelling", "link to the folder", "hard link", "symbolic link", "other name"]
)
def test_the_source_is_not_written_over_unasked(folder: Path, way: str) -> None:
    (folder / "in").mkdir()
    picture("in/a.png")
    before = Path("in/a.png").read_bytes()
    name, out = "in/a.png", "in"
    if way == "spelling":
        out = "in/../in/."
    elif way == "link to the folder":
        Path("door").symlink_to("in", target_is_directory=True)
        out = "door"
    elif way in ("hard link", "symbolic link"):
        Path("o").mkdir()
        out = "o"
        Path("o/a.png").symlink_to("../in/a.png") if way[0] == "s" else Path("o/a.png").hardlink_to("in/a.png")
    elif way == "other name":  # the result of a GIF is a PNG, which is read as well
        Image.fromarray(np.zeros((40, 48), np.uint8)).save("in/a.gif")
        name = "in/a.gif"
    arguments = ("photo", name, *(["in/a.png"] if way == "other name" else []), "--sigma", "9", "--no-assess")
    result = call(*arguments, "--out", out)
    assert result.exit_code == 1
    assert "would be lost" in result.stderr
    assert Path("in/a.png").read_bytes() == before
    if way == "other name":
        return
    assert call(*arguments, "--out", out, "--overwrite").exit_code == 0
    assert (Path(out) / "a.png").read_bytes() != before
    assert (Path("in/a.png").read_bytes() != before) == (way != "hard link")
    assert (Path(out) / "a.png").is_symlink() == (way == "symbolic link")


def test_fitted_pictures_are_not_written_over_unasked_either() -> None:
    picture("a.png")
    before = Path("a.png").read_bytes()
    result = call("plain", "a.png", "--out", ".")
    assert result.exit_code == 1
    assert "would be lost" in result.stderr
    assert Path("a.png").read_bytes() == before
    assert call("plain", "a.png", "--out", ".", "--overwrite").exit_code == 0


def test_a_result_is_written_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    picture("a.png")
    (folder / "o").mkdir()
    (folder / "o" / "a.png").write_bytes(b"what was there")

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoints.files.os, "replace", broken)
    result = call("photo", "a.png", "--sigma", "9", "--no-assess", "--out", "o")
    assert result.exit_code == 1
    assert "No space left on device" in result.stderr
    assert [path.name for path in (folder / "o").iterdir()] == ["a.png"]
    assert (folder / "o" / "a.png").read_bytes() == b"what was there"


def test_of_one_picture_out_may_be_the_file() -> None:
    y = picture("a.png")
    (row,) = answer("photo", "a.png", "--sigma", "25", "--out", "o/clean.png", "--no-assess")
    assert row["written"] == str(Path("o/clean.png"))
    assert np.asarray(Image.open("o/clean.png")).shape == y.shape[-2:]
    assert call("plain", "a.png", "--out", "o/fitted.png").exit_code == 0
    assert Path("o/fitted.png").is_file()


@pytest.mark.parametrize(
    ("pictures", "out", "said"),
    [
        (["a.png", "b.png"], "o.png", "one file for 2 pictures"),
        (["a.png"], "o.jpg", "in its own format, not as o.jpg"),
        (["a.png"], "./a.png", "would be lost"),
    ],
)
def test_a_file_to_write_that_cannot_be_is_refused(pictures: list[str], out: str, said: str) -> None:
    for name in ("a.png", "b.png"):
        picture(name)
    before = Path("a.png").read_bytes()
    result = call("photo", *pictures, "--sigma", "25", "--no-assess", "--out", out)
    assert result.exit_code == 1
    assert said in result.stderr
    assert Path("a.png").read_bytes() == before


def test_a_folder_is_its_pictures() -> None:
    Path("in").mkdir()
    for name in ("in/b.png", "in/a.png"):
        picture(name)
    Path("in/notes.txt").write_text("not a picture")
    rows = answer("photo", "in", "--sigma", "25", "--no-assess", "--out", "o")
    assert [row["written"] for row in rows] == [str(Path("o/a.png")), str(Path("o/b.png"))]
    Path("empty").mkdir()
    assert "holds no picture" in call("photo", "empty", "--out", "o").stderr


@pytest.mark.parametrize("model", ["photo", "plain"])
def test_one_result_goes_to_standard_output_and_words_elsewhere(model: str) -> None:
    y = picture("a.png")
    result = call(model, "a.png", *(["--sigma", "25", "--no-assess"] if model == "photo" else []), "--out", "-")
    assert result.exit_code == 0, result.stderr
    written = np.asarray(Image.open(io.BytesIO(result.stdout_bytes)))
    assert model == "plain" or written.shape == y.shape[-2:]
    assert result.stderr
    picture("b.png")
    assert "takes one picture" in call(model, "a.png", "b.png", "--out", "-").stderr


# --- Several photos together -----------------------------------------------------------------------------------------


def deep(name: str, high: int, **options: object) -> np.ndarray:
    """A photo of 16-bit numbers, none above ``high``, which is among them."""
    array = RNG.integers(0, high, (40, 48), dtype=np.uint16)
    array[20, 24] = high
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    tifffile.imwrite(name, array, photometric="minisblack", **options)
    return array


def read_as(*arguments: str) -> dict[str, Any]:
    """The contract and items of an answer in JSON."""
    result = call(*arguments, "--sigma", "9", "--no-assess", "--out", "o", "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize("way", ["files", "folder", "zip"])
def test_photos_that_are_given_together_share_one_white(way: str) -> None:
    dark, bright = deep("in/dark.tif", 250), deep("in/bright.tif", 4000)
    with zipfile.ZipFile("in.zip", "w") as archive:
        for name in ("dark.tif", "bright.tif"):
            archive.write(f"in/{name}", name)
    given = {"files": ["in/dark.tif", "in/bright.tif"], "folder": ["in"], "zip": ["in.zip"]}[way]
    answer = read_as("photo", *given)
    assert [scale["white"] for scale in answer["contract"]["scales"]] == [4095]
    assert answer["contract"]["line"] == "2 photos; 12-bit in 16-bit numbers, white is 4095"
    assert any("share one white" in remark for remark in answer["contract"]["remarks"])
    notes = {Path(row["file"]).name: row.get("notes", "") for row in answer["items"]}
    assert "of this one alone it would be 255" in notes["dark.tif"]
    assert notes["bright.tif"] == "", "what is said of all is not said once more of each"
    said = call("photo", *given, "--sigma", "9", "--no-assess", "--out", "o").stderr
    assert "Read as: 2 photos" in said
    assert "share one white" in said
    # What 9 grey levels of 255 are in the numbers of the file is up to white: the dark one is cleaned as with 4095.
    together = tifffile.imread("o/dark.tif")
    (alone,) = read_as("photo", "in/dark.tif", "--white", "4095")["items"]
    np.testing.assert_array_equal(tifffile.imread(alone["written"]), together)
    assert together.dtype == dark.dtype == bright.dtype


def floats(name: str, high: float) -> None:
    """A photo of floats up to ``high``."""
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    array = (high * RNG.random((40, 48))).astype(np.float32)
    array[0, 0] = high
    tifffile.imwrite(name, array, photometric="minisblack")


@pytest.mark.parametrize(
    ("photos", "whites"),
    [
        ({"dark.tif": (deep, 1500)}, (4095, 65535)),
        ({"a.tif": (deep, 1000)}, (1023, 1000)),
        ({"a.tif": (floats, 100)}, (255, 100)),
        ({"a.tif": (floats, 20)}, (20, 255)),
        ({"a.tif": (floats, 1), "b.tif": (floats, 255)}, (255, 1)),
    ],
)
def test_a_white_of_photos_that_may_be_two_is_asked_for(
    photos: dict[str, tuple[Callable[[str, float], Any], int]], whites: tuple[int, int]
) -> None:
    for name, (write, high) in photos.items():
        write(f"in/{name}", high)
    arguments = ("photo", "in", "--sigma", "9", "--no-assess", "--out", "o")
    result = call(*arguments)
    assert result.exit_code == 2
    (error,) = (line for line in result.stderr.splitlines() if line.startswith("Error"))
    assert f"Say which it is: --white {whites[0]} or --white {whites[1]}." in error
    assert not Path("o").exists()
    for white in whites:
        assert read_as(*arguments[:2], "--white", str(white))["contract"]["scales"][0]["white"] == white


def test_a_set_of_photos_decides_what_one_of_them_does_not() -> None:
    deep("in/dark.tif", 1500)
    deep("in/bright.tif", 4000)
    answer = read_as("photo", "in")
    assert [scale["white"] for scale in answer["contract"]["scales"]] == [4095]
    assert [finding["confidence"] >= 0.6 for finding in answer["contract"]["findings"]] == [True]


def test_floats_of_all_16_bits_are_not_taken_for_15() -> None:
    floats("in/a.tif", 65535)
    assert read_as("photo", "in")["contract"]["scales"][0]["white"] == 65535


@pytest.mark.slow
def test_folders_and_zips_keep_their_own_folders_and_say_what_else_was_there() -> None:
    for name in ("in/a/x.tif", "in/b/x.tif"):
        deep(name, 60000)
    Path("in/notes.txt").write_text("no picture")
    with zipfile.ZipFile("in.zip", "w") as archive:
        for name in ("a/x.tif", "b/x.tif"):
            archive.write(f"in/{name}", name)
        archive.write("in/notes.txt", "notes.txt")
        archive.write("in/a/x.tif", "../out.tif")
    for given in ("in", "in.zip"):
        answer = read_as("photo", given)
        assert [row["written"] for row in answer["items"]] == [str(Path("o/a/x.tif")), str(Path("o/b/x.tif"))]
        assert "notes.txt" in str(answer["left_out"])
        assert "notes.txt left out" in call("photo", given, "--sigma", "9", "--no-assess", "--out", "o").stderr
    assert not Path("out.tif").exists()
    assert "not packed" in call("photo", "in", "--out", "o.zip").stderr


@pytest.mark.slow
def test_what_is_found_of_photos_is_changed_by_flags() -> None:
    planes = RNG.integers(0, 65536, (6, 40, 48), dtype=np.uint16)
    tifffile.imwrite("z.tif", planes, photometric="minisblack")
    contract = read_as("photo", "z.tif")["contract"]
    assert (contract["axes"], contract["pages"], contract["pictures"]) == ("NHW", "all", 6)
    colours = read_as("photo", "z.tif", "--axes", "NCHW")
    assert colours["items"][0]["pages"] == 2
    written = tifffile.imread("o/z.tif")
    assert written.shape == planes.shape
    first = read_as("photo", "z.tif", "--pages", "first")
    assert first["contract"]["left_out"] == 5
    assert tifffile.imread("o/z.tif").shape == planes.shape[1:]
    for flags, said in (
        (["--axes", "HWC"], "have no axes HWC"),
        (["--size", "20"], "keep their size"),
        (["--white", "0"], "White cannot be 0"),
        (["--pages", "some"], "--pages"),
    ):
        result = call("photo", "z.tif", "--sigma", "9", "--no-assess", "--out", "o", *flags)
        assert result.exit_code == 1, flags
        assert said in result.stderr
    picture("a.png")
    assert "none of the photos is a stack" in call("photo", "a.png", "--axes", "NHW", "--out", "o").stderr


def test_pictures_for_other_checkpoints_are_read_as_one_set() -> None:
    (one, two) = (RNG.integers(0, high, (8, 8), dtype=np.uint16) for high in (200, 4000))
    two[0, 0] = 4000
    for name, array in (("in/a/one.tif", one), ("in/two.tif", two)):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        tifffile.imwrite(name, array, photometric="minisblack")
    Path("in/bad.png").write_bytes(b"no picture")
    result = call("plain", "in", "--out", "o", "--json")
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert [scale["white"] for scale in answer["contract"]["scales"]] == [4095]
    assert [row.get("written") for row in answer["items"]] == [str(Path("o/a/one.png")), str(Path("o/two.png")), None]
    assert "is not an image" in answer["items"][-1]["error"]
    assert "bad.png left out" in result.stderr
