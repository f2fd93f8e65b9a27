"""How the command line reads images: said, changed by flags, kept with what learns from them, alike each time."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from click.testing import Result
from PIL import Image
from typer.testing import CliRunner

from explorer import data
from explorer.cli import app
from explorer.data import ImportOptions
from explorer.io.images.asked import ImagesAsked

RECIPE = """
name = "{name}"
[data]
dataset = "{dataset}"
[model]
family = "undercomplete"
latent_dim = 2
hidden = [8]
[training]
epochs = 1
"""
RNG = np.random.default_rng(0)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / ".cache"))
    return tmp_path


def called(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def answer(*arguments: str) -> Any:
    result = called(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def rows(path: str) -> list[dict[str, str]]:
    with Path(path).open(newline="") as file:
        return list(csv.DictReader(file))


def blobs(n: int, channels: int = 1, white: float = 4095) -> np.ndarray:
    """(n, channels, 12, 12) uint16 pictures of one bright blob each."""
    y, x = np.mgrid[:12, :12]
    cx, cy = RNG.uniform(2, 10, (2, n, 1, 1))
    shares = np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / 8)[:, None] * RNG.uniform(0.3, 1, (n, channels, 1, 1))
    shares[0, :, 0, 0] = 1
    return np.rint(shares * white).astype(np.uint16)


def tiffs(name: str, x: np.ndarray) -> str:
    Path(name).mkdir()
    for i, image in enumerate(x):
        planar = "separate" if len(image) > 1 else None
        values = image if len(image) > 1 else image[0]
        tifffile.imwrite(f"{name}/{i:02}.tif", values, photometric="minisblack", planarconfig=planar, metadata=None)
    return name


def trained(name: str, dataset: str, *flags: str) -> str:
    Path(f"{name}.toml").write_text(RECIPE.format(name=name, dataset=dataset))
    result = called("train", f"{name}.toml", "--out", f"{name}.safetensors", *flags)
    assert result.exit_code == 0, result.output
    return f"{name}.safetensors"


def test_the_scale_is_said_kept_in_the_card_and_used_on_one_file() -> None:
    x = blobs(40)
    model = trained("blobs", tiffs("set", x))
    contract = answer("show", model)["data"]["contract"]
    assert (contract["kind"], contract["scales"][0]["white"]) == ("image", 4095)
    all_codes = {row["item"]: row["z1"] for row in _encoded(model, "set", "--split", "all")}
    assert set(all_codes) == {f"{i:02}.tif" for i in range(40)}
    dimmest = min(range(40), key=lambda i: x[i].max())
    (alone,) = _encoded(model, f"set/{dimmest:02}.tif")
    assert alone["item"] == f"{dimmest:02}.tif"
    assert float(alone["z1"]) == pytest.approx(float(all_codes[alone["item"]]), abs=1e-5)


def _encoded(model: str, source: str, *flags: str) -> list[dict[str, str]]:
    result = called("encode", model, source, "--out", "codes.csv", *flags)
    assert result.exit_code == 0, result.output
    return rows("codes.csv")


def test_a_detector_reads_new_arrays_by_the_scale_it_learnt() -> None:
    np.savez("train.npz", x=blobs(200)[:, 0])
    new = blobs(60, white=2228)[:, 0]
    np.savez("test.npz", x=new)
    hot = new.copy()
    hot[0, 6, 6] = 4095
    np.savez("hot.npz", x=hot)
    assert (
        "12-bit"
        in answer("detector", "fit", "train.npz", "--scorer", "pca", "--out", "d.safetensors")["contract"]["line"]
    )
    scores = {}
    for name in ("test", "hot"):
        answer("score", "d.safetensors", f"{name}.npz", "--out", f"{name}.csv")
        scores[name] = [float(row["score"]) for row in rows(f"{name}.csv")]
    assert scores["hot"][1:] == pytest.approx(scores["test"][1:])  # the hot pixel is in the first image alone


def test_data_show_gives_reasons_and_the_flags_change_it() -> None:
    np.savez("a.npz", x=blobs(20)[:, 0])
    shown = answer("data", "show", "a.npz")
    assert shown["line"] == "20 images 1x12x12; 12-bit in 16-bit numbers, white is 4095; axes NHW"
    assert all(finding["reason"] for finding in shown["findings"])
    assert answer("data", "show", "a.npz", "--white", "65535")["scales"][0]["white"] == 65535
    assert answer("data", "show", "a.npz", "--size", "6x8", "--channels", "3")["size"] == [6, 8]
    assert "border" in answer("data", "show", "a.npz", "--size", "6x12", "--fit", "border")["line"]
    assert answer("data", "show", "a.npz", "--axes", "CHW", "--channels", "20")["items"] == 1


AMBIGUOUS = {
    "--axes NHWC or --axes NCHW": np.zeros((100, 3, 32, 3), np.uint8),
    "--axes NHW or --axes HWN": np.zeros((12, 12, 12), np.uint8),
    "--white 12 or --white 255": np.arange(576).reshape(4, 12, 12) % 13,
}


@pytest.mark.parametrize("flag", AMBIGUOUS)
def test_two_readings_are_asked_about_with_status_2(flag: str) -> None:
    np.savez("a.npz", x=AMBIGUOUS[flag])
    result = called("detector", "fit", "a.npz", "--out", "d.safetensors")
    assert result.exit_code == 2
    assert flag in result.stderr
    assert "Say which it is" in result.stderr


def test_flags_that_do_not_fit_the_data_are_refused() -> None:
    Path("a.csv").write_text("a,b\n1,2\n3,4\n")
    for flags, words in ((("--white", "255"), "holds no images"), (("--size", "3xx"), "is no size")):
        result = (
            called("data", "show", "a.csv", *flags)
            if flags[0] == "--size"
            else called("detector", "fit", "a.csv", "--out", "d.safetensors", *flags)
        )
        assert result.exit_code == 1
        assert words in result.stderr


@pytest.mark.slow
def test_a_broken_file_in_the_middle_moves_no_name_and_every_command_says_it() -> None:
    model = trained("blobs", tiffs("set", blobs(40)))
    Path("set/07.tif").write_bytes(b"II*\0 cut short")
    result = called("encode", model, "set", "--out", "codes.csv", "--split", "all")
    assert "07.tif left out" in result.stderr
    assert [row["item"] for row in rows("codes.csv")] == [f"{i:02}.tif" for i in range(40) if i != 7]
    told = answer("reconstruct", model, "set", "--out", "pictures", "--split", "all")
    assert told["left_out"][0][0] == "07.tif"
    assert sorted(path.name for path in Path("pictures").iterdir()) == [f"{i:02}.png" for i in range(40) if i != 7]
    scored = answer("score", model, "set", "--out", "scores.csv", "--split", "all")
    assert scored["left_out"][0][0] == "07.tif"
    assert rows("scores.csv")[7]["item"] == "08.tif"


@pytest.mark.slow
def test_what_is_cut_is_said_and_a_border_keeps_it() -> None:
    model = trained("blobs", tiffs("set", blobs(40, white=255)))
    Path("wide").mkdir()
    wide = np.zeros((12, 36), np.uint8)
    for i, column in enumerate((1, 33)):
        picture = wide.copy()
        picture[:, column] = 255
        Image.fromarray(picture).save(f"wide/{i}.png")
    result = called("encode", model, "wide", "--out", "codes.csv")
    assert "middle cut out of 2 of 2" in result.stderr
    first, second = rows("codes.csv")
    assert first["z1"] == second["z1"]  # what differs is cut off, which is said
    first, second = _encoded(model, "wide", "--fit", "border")
    assert first["z1"] != second["z1"]


@pytest.mark.slow
def test_five_channels_are_learnt_and_what_is_shown_of_them_is_said() -> None:
    model = trained("five", tiffs("set", blobs(40, channels=5)))
    assert answer("show", model)["data"]["event_shape"] == [5, 12, 12]
    result = called("reconstruct", model, "set", "--out", "pictures")
    assert "Channels 1 to 3 of 5 are shown" in result.stderr
    with Image.open(next(Path("pictures").iterdir())) as picture:
        assert picture.mode == "RGB"
    Image.fromarray(np.zeros((12, 12, 3), np.uint8)).save("rgb.png")
    refused = called("encode", model, "rgb.png", "--out", "codes.csv")
    assert refused.exit_code == 1
    assert "3 channels cannot become one of 5" in refused.stderr


def test_a_name_of_a_dataset_and_of_a_folder_is_asked_about() -> None:
    tiffs("digits", blobs(3))
    result = called("data", "show", "digits")
    assert result.exit_code == 2
    assert "./digits" in result.stderr
    assert answer("data", "show", "./digits")["items"] == 3


@pytest.mark.slow
def test_flags_of_a_training_are_kept_in_its_recipe() -> None:
    model = trained("dim", tiffs("set", blobs(40, white=900)), "--white", "4095")
    card = answer("show", model)
    assert card["recipe"]["data"]["images"]["white"] == 4095
    assert card["data"]["contract"]["scales"][0]["white"] == 4095
    assert "white is 4095" in called("evaluate", model).stderr


def test_all_pages_of_stacks_are_items_where_that_is_asked_for(tmp_path: Path) -> None:
    stacks = RNG.integers(0, 4096, (2, 3, 12, 16), dtype=np.uint16)
    stacks[1, 2, 0, 0] = 4095
    (tmp_path / "in").mkdir()
    for name, stack in zip("ab", stacks, strict=True):
        tifffile.imwrite(tmp_path / "in" / f"{name}.tif", stack, photometric="minisblack")
    first = data.dataset(str(tmp_path / "in"))
    np.testing.assert_allclose(first.x[:, 0] * 4095, stacks[:, 0], atol=0.01)
    finding = next(finding for finding in first.contract.findings if finding.what == "pages")
    assert (finding.value, finding.flag) == ("first", "--pages all")
    options = ImportOptions(ImagesAsked(pages="all"))
    every = data.dataset(str(tmp_path / "in"), options=options)
    np.testing.assert_allclose(every.x[:, 0] * 4095, stacks.reshape(6, 12, 16), atol=0.01)
    assert every.item_names == tuple(f"{name}.tif #{page}" for name in "ab" for page in (1, 2, 3))
    assert "all pictures of each file" in every.contract.line
    parts = (every.splits.train, every.splits.validation, every.splits.test)
    files = [set(part // 3) for part in parts]
    assert sum(map(len, files)) == len(set().union(*files)), "no file is in two splits"
    # What is read later for a model of these is read so too.
    again = data.dataset(str(tmp_path / "in"), options=ImportOptions(like=every.contract))
    assert len(again) == 6


def test_flags_of_files_and_of_arrays_are_refused_for_the_other(tmp_path: Path) -> None:
    Image.fromarray(np.zeros((8, 8), np.uint8)).save(tmp_path / "a.png")
    np.save(tmp_path / "a.npy", np.zeros((5, 8, 8), np.uint8))
    for name, flags in (("a.png", ["--axes", "NHW"]), ("a.npy", ["--pages", "all"]), ("a.npy", ["--layout", "none"])):
        result = CliRunner().invoke(app, ["data", "show", str(tmp_path / name), *flags])
        assert result.exit_code != 0
        assert f"{flags[0]} {flags[1]}: " in result.stderr


def test_a_model_of_grey_images_tells_the_axes_and_another_size_is_changed_for_it_with_a_word(folder: Path) -> None:
    np.save("x.npy", RNG.integers(0, 256, (12, 20, 20), np.uint8))
    assert "12 images 1x28x28" in called("encode", "mnist-vae-2d", "x.npy", "--out", "z.csv").output
    said = called("encode", "mnist-vae-2d", "x.npy", "--size", "20x20", "--out", "z.csv")
    assert "12 images 1x20x20" in said.output
    assert "for mnist-vae-2d 12 items resized from 20x20 to 28x28" in said.output
