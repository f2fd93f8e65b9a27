"""`detector fit --series` and `score` on it: spans in words, as JSON and as files."""

from __future__ import annotations

import csv
import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pyarrow import parquet
from typer.testing import CliRunner, Result

from explorer.cli import app

START = datetime(2024, 2, 28, 23)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments], catch_exceptions=False)


def write(name: str, n: int, seed: int, event: slice | None = None, without: range = range(0)) -> None:
    rng, t = np.random.default_rng(seed), np.arange(n)
    load = np.sin(2 * np.pi * t / 20) + 0.05 * rng.normal(size=n)
    if event is not None:
        load[event] = load[event.start]
    with Path(name).open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["time", "load", "shift"])
        for i in range(n):
            if i not in without:
                rows.writerow([START + timedelta(minutes=5 * i), f"{load[i]:.4f}", "day" if i % 40 < 20 else "night"])


@pytest.mark.slow
def test_a_span_is_named_by_its_rows_and_times(folder: Path) -> None:
    write("normal.csv", 900, 1)
    write("new.csv", 500, 2, event=slice(300, 315), without=range(100, 110))
    fitted = run("detector", "fit", "normal.csv", "--series", "load", "--scorer", "knn", "--out", "d.safetensors")
    assert fitted.exit_code == 0, fitted.output
    assert "windows of 20 rows of `load` (a period of 20 rows was found)" in fitted.output
    assert "not looked at over time: `shift`" in fitted.output
    scored = run("score", "d.safetensors", "new.csv", "--out", "s.csv", "--maps", "heat", "--false-alarm-rate", "0.03",
                 "--report", "r.html")  # fmt: skip
    assert scored.exit_code == 0, scored.output
    assert "`time` leaps or a row was passed over 1 time" in scored.output
    answer = json.loads(
        run("score", "d.safetensors", "new.csv", "--out", "s.npz", "--json", "--false-alarm-rate", "0.03").stdout
    )
    spans = answer["maps"]["spans"]
    assert len(spans) == 1
    # Rows of the file, of which ten are missing before the event.
    assert 286 <= spans[0]["first"] <= spans[0]["peak"] <= spans[0]["last"] <= 312
    at = START + timedelta(minutes=5 * (spans[0]["first"] - 1 + 10))
    assert spans[0]["first_time"] == str(at)
    assert f"rows {spans[0]['first']:,} to {spans[0]['last']:,} ({at} to " in scored.output
    shown = run("detector", "show", "d.safetensors").output
    assert "Of a series: windows of 20 rows of `load` (a period of 20 rows was found)." in shown
    assert "load at 1" not in shown
    report = (folder / "r.html").read_text()
    assert re.search(r"<b>load</b>: -?[\d.]+ to -?[\d.]+ \(usual: -?[\d.]+ to [\d.]+\), 100%", report), report
    windows = list(csv.DictReader((folder / "s.csv").read_text().splitlines()))
    assert windows[1]["item"] == "3-22"
    assert windows[1]["time"] == str(START + timedelta(minutes=10))
    assert not any(int(row["item"].split("-")[0]) <= 100 < int(row["item"].split("-")[1]) for row in windows)
    run("score", "d.safetensors", "new.csv", "--out", "s.parquet", "--keep", "shift")
    typed = parquet.read_table("s.parquet").to_pydict()
    assert typed["item"][:2] == ["1-20", "3-22"]
    assert typed["time"][1] == windows[1]["time"]
    assert typed["shift"][:11] == [*["day"] * 10, "night"], "of the first row"
    heat = list(csv.DictReader((folder / "heat" / "heat.csv").read_text().splitlines()))
    assert [int(row["row"]) for row in heat] == list(range(1, 491))
    assert {int(row["row"]) for row in heat if row["span"]} == set(range(spans[0]["first"], spans[0]["last"] + 1))
    hottest = max((row for row in heat if row["heat"]), key=lambda row: float(row["heat"]))
    assert int(hottest["row"]) == spans[0]["peak"]
    (written,) = csv.DictReader((folder / "heat" / "spans.csv").read_text().splitlines())
    assert int(written["last"]) == spans[0]["last"]


@pytest.mark.slow
def test_labels_of_rows_say_which_windows_are_novel_and_the_intervals_are_said_to_be_too_narrow(folder: Path) -> None:
    write("normal.csv", 400, 1)
    rows = (folder / "normal.csv").read_text().splitlines()
    labelled = [rows[0].replace("shift", "state"), *(row.rpartition(",")[0] + ",ok" for row in rows[1:])]
    (folder / "ok.csv").write_text("\n".join(labelled) + "\n")
    leaks = [row.replace(",ok", ",leak") if 200 <= i < 220 else row for i, row in enumerate(labelled)]
    (folder / "new.csv").write_text("\n".join(leaks) + "\n")
    run("detector", "fit", "ok.csv", "--series", "load", "--window", "20", "--scorer", "pca", "--label", "state",
        "--normal", "ok", "--out", "d.safetensors")  # fmt: skip
    scored = run("score", "d.safetensors", "new.csv", "--out", "s.csv", "--label", "state", "--normal", "ok")
    assert "wider than they say" in scored.output, scored.output
    windows = list(csv.DictReader((folder / "s.csv").read_text().splitlines()))
    for window in windows:
        first, last = map(int, window["item"].split("-"))
        assert ("leak" in window["label"]) == (first <= 219 and last >= 200), window


def test_what_is_no_series_is_refused(folder: Path) -> None:
    Image.fromarray(np.zeros((8, 8), np.uint8)).save("a.png")
    write("normal.csv", 60, 1)
    images = run("detector", "fit", "a.png", "--window", "5", "--out", "d.safetensors")
    assert images.exit_code == 1
    assert "holds images, and no series" in images.output
    text = run("detector", "fit", "normal.csv", "--series", "shift", "--out", "d.safetensors")
    assert "'shift' of normal.csv is not read as numbers" in text.output
    short = run("detector", "fit", "normal.csv", "--series", "load", "--window", "20", "--out", "d.safetensors")
    assert "of which 3 have no row in common; 10 are needed" in short.output
    assert not (folder / "d.safetensors").exists()


@pytest.mark.slow
def test_a_body_along_the_window_is_asked_for_and_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from explorer.novelty import table_recipe

    monkeypatch.setattr(table_recipe, "TRAINING_STEPS", 20)
    write("normal.csv", 400, 1)
    fit = ("detector", "fit", "normal.csv", "--out", "d.safetensors")
    fitted = run(*fit, "--series", "load", "--body", "convolutional", "--scorer", "reconstruction-error")
    assert fitted.exit_code == 0, fitted.output
    assert "convolutions run along the rows of a window" in run("detector", "show", "d.safetensors").stdout
    (folder / "d.safetensors").unlink()
    for flags, said in (
        (("--series", "load", "--body", "round"), "There is no body called 'round'"),
        (("--series", "load", "--body", "convolutional", "--scorer", "knn"), "The score knn uses no network"),
        (("--body", "convolutional"), "have no order that convolutions could run along"),
    ):
        refused = run(*fit, *flags)
        assert refused.exit_code == 1
        assert said in refused.output
    assert not (folder / "d.safetensors").exists()


@pytest.mark.slow
def test_a_series_is_trained_on_in_windows_that_the_run_keeps(folder: Path) -> None:
    write("load.csv", 400, 1)
    few = ("--set", "training.epochs=2")
    trained = run(
        "train", "load.csv", "--series", "load", "--window", "20", "--run-dir", "r", "--out", "m.safetensors", *few
    )
    assert trained.exit_code == 0, trained.output
    assert "windows of 20 rows of `load`" in trained.output
    assert "not looked at over time: `shift`" in trained.output
    shown = json.loads(run("show", "m.safetensors", "--json").stdout)
    model = shown["recipe"]["model"]
    assert (model["family"], model["window"]) == ("convolutional", 20)
    # What it was trained on is there again: the test windows are those of the last fifth.
    evaluated = run("evaluate", "m.safetensors")
    assert evaluated.exit_code == 0, evaluated.output
    with np.load("r/data.npz") as data:
        assert data["x"].shape == (381 - 2 * 19, 20)
        is_test = data["explorer_split"] == "test"
        assert data["item_names"][is_test][0] == "rows 306 to 325"
        assert f"n = {is_test.sum()}" in evaluated.output
    (folder / "own.toml").write_text(
        'name = "own"\n[data]\ndataset = "load.csv"\n[model]\nfamily = "convolutional"\nlatent_dim = 2\n'
        "channels = [8]\nwindow = 10\n"
    )
    taken = run("train", "own.toml", "--series", "load", "--run-dir", "o", *few)
    assert taken.exit_code == 0, taken.output
    assert "windows of 10 rows of `load`" in taken.output
    for arguments, said in (
        (("own.toml", "--window", "20"), "The recipe's network is for windows of 10 rows, not of 20."),
        (("load.csv", "--series", "load", "--window", "9", "--run-dir", "r"), "r holds a run already"),
        (("r/recipe.toml", "--series", "load", "--run-dir", "r", "--resume"), "A series is cut where a run begins"),
        (("load.csv",), "a series with --series COLUMN --window N"),
    ):
        kept = Path("r/data.npz").read_bytes()
        refused = run("train", *arguments)
        assert refused.exit_code == 1
        assert said in " ".join(refused.output.split())
        assert Path("r/data.npz").read_bytes() == kept
