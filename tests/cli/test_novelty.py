"""`detector fit`, `detector show` and `score` with a detector: good input, and every kind of bad input."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from sklearn.metrics import average_precision_score
from typer.testing import CliRunner, Result

from explorer.cli import app
from explorer.cli.scoring import WITHDRAWN
from explorer.core import metrics
from explorer.data import dataset
from tests.conftest import ROOT

RECIPE = """
name = "quick"
[model]
family = "undercomplete"
hidden = [16]
latent_dim = 4
[training]
epochs = 60
device = "cpu"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "quick.toml").write_text(RECIPE)
    return tmp_path


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def answer(*arguments: str) -> Any:
    result = call(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def refusal(*arguments: str) -> str:
    result = call(*arguments)
    assert result.exit_code == 1
    assert result.stdout == ""
    last = result.stderr.strip().splitlines()[-1]
    assert last.startswith("Error: ")
    return last


def read(path: str) -> list[dict[str, str]]:
    with Path(path).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


Table = Callable[..., str]


@pytest.fixture
def table(folder: Path) -> Table:
    """Writes rows of two numbers that go together, a colour and a kind (0 normal, 1 not), and says where."""

    def write(
        name: str = "rows.csv",
        n: int = 200,
        anomalous: int = 0,
        delimiter: str = ",",
        encoding: str = "utf-8",
        header: tuple[str, ...] = ("length", "größe", "colour", "kind"),
        seed: int = 0,
    ) -> str:
        random = np.random.default_rng(seed)
        with (folder / name).open("w", newline="", encoding=encoding) as file:
            rows = csv.writer(file, delimiter=delimiter)
            rows.writerow(header)
            for i in range(n + anomalous):
                length = random.normal()
                if i >= n:
                    length += np.sign(length)
                size = -length if i >= n else length
                colour = random.choice(["red", "blue"])
                values = [f"{length:.4f}", f"{3 * size + random.normal(0, 0.1):.4f}", colour, int(i >= n)]
                rows.writerow(values[: len(header)])
        return name

    return write


@pytest.fixture
def detector(table: Table) -> str:
    """Fitted on 200 rows by their nearest ones, in a second."""
    answer("detector", "fit", table(), "--out", "d.safetensors", "--scorer", "knn", "--labels", "kind")
    return "d.safetensors"


@pytest.mark.slow
def test_fit_and_score_a_table(table: Table) -> None:
    said = answer(
        "detector", "fit", table(), "--out", "made/d", "--labels", "kind", "--normal", "0", "--recipe", "quick.toml"
    )
    assert said["written"] == "made/d.safetensors"
    assert said["normal"] == "200 of 200 rows of rows.csv labelled 0"
    assert (said["fitted_on"], said["calibrated_on"]) == (200, 200)
    assert "kind holds labels" in " ".join(said["notes"])
    new = table("new.csv", n=150, anomalous=30, seed=1)
    result = answer("score", said["written"], new, "--out", "s.csv", "--false-alarm-rate", "0.1", "--labels", "kind")
    written = read("s.csv")
    assert result["items"] == len(written) == 180
    alarms = [row["alarm"] == "1" for row in written]
    assert sum(alarms) == result["alarms"]
    scores = np.array([float(row["score"]) for row in written])
    assert [score > result["threshold"] for score in scores] == alarms
    p = np.array([float(row["p_value"]) for row in written])
    np.testing.assert_array_equal(p <= 0.1, alarms)
    assert (np.diff(p[np.argsort(scores)]) <= 0).all()
    promised = result["false_alarm_rate"]
    assert promised["asked"] == 0.1
    assert promised["promised"] == pytest.approx(20 / 201)
    assert promised["low"] < 0.1 < promised["high"]
    novel = np.array([row["label"] == "1" for row in written])
    assert result["auroc"]["value"] == pytest.approx(metrics.auroc(scores, novel).value)
    assert result["auroc"]["value"] > 0.8
    assert (result["auroc"]["normal"], result["auroc"]["novel"]) == (150, 30)
    assert all("%" in row["reasons"] for row in written if row["alarm"] == "1")
    words = call("score", said["written"], new, "--out", "s.npz", "--labels", "kind").stdout
    assert f"AUROC {result['auroc']['value']:.4f}" in words
    assert result["average_precision"]["value"] == pytest.approx(average_precision_score(novel, scores))
    assert f"average precision {result['average_precision']['value']:.4f}" in words
    first = novel[np.argsort(-scores, kind="stable")[:30]]
    assert (result["precision_among_first"]["count"], result["precision_among_first"]["n"]) == (first.sum(), 30)
    assert "95 % interval" in words
    with np.load("s.npz") as arrays:
        np.testing.assert_allclose(arrays["score"], scores)
    assert "colour (category)" in call("detector", "show", said["written"]).stdout
    assert answer("detector", "show", said["written"])["n_fit"] == 200


@pytest.mark.slow
def test_defaults_need_no_recipe(table: Table) -> None:
    said = answer("detector", "fit", table(n=60), "--out", "d.safetensors", "--labels", "kind")
    assert said["score"] == "knn-and-rules"
    assert "no network is trained on fewer than 500 rows" in " ".join(said["notes"])
    assert answer("score", "d.safetensors", table("new.csv", n=30, anomalous=10), "--out", "s.csv")["alarms"] >= 8


@pytest.mark.slow
def test_registered_datasets_are_fitted_on_their_train_rows_and_scored_on_their_test_rows() -> None:
    answer("detector", "fit", "breast-cancer", "--normal", "benign", "--scorer", "knn", "--out", "d.safetensors")
    result = answer("score", "d.safetensors", "breast-cancer", "--out", "s.csv")
    test = dataset("breast-cancer").splits.test
    assert [int(row["item"]) for row in read("s.csv")] == test.tolist()
    assert result["auroc"]["value"] > 0.85
    assert answer("score", "d.safetensors", "breast-cancer", "--out", "s.csv", "--split", "all")["items"] == 569
    assert "no split called 'tset'" in refusal(
        "score", "d.safetensors", "breast-cancer", "--out", "s.csv", "--split", "tset"
    )


def test_an_npz_with_labels_gives_the_auroc() -> None:
    random = np.random.default_rng(0)
    np.savez("normal.npz", X=random.normal(size=(100, 4)))
    x, y = random.normal(size=(60, 4)), np.repeat([0, 1], [40, 20])
    x[y == 1] += 4
    x[3, 2] = np.nan
    np.savez("new.npz", X=x, y=y)
    answer("detector", "fit", "normal.npz", "--scorer", "knn", "--out", "d.safetensors")
    result = answer("score", "d.safetensors", "new.npz", "--out", "s.csv")
    assert result["auroc"]["value"] > 0.99
    assert result["items"] == 60
    assert "column 3: missing, never so in the normal rows, and ignored in 1 of 60 rows" in result["notes"]


def test_a_folder_of_pictures_is_scored_by_file_name(folder: Path) -> None:
    random = np.random.default_rng(0)
    for name, size, bright in (("good", (16, 16), 100), ("new", (24, 20), 100)):
        (folder / name).mkdir()
        for i in range(30):
            noise = random.integers(0, 30, size, dtype=np.uint8) + np.uint8(bright)
            Image.fromarray(noise).save(folder / name / f"{i:02}.png")
    Image.fromarray(random.integers(0, 255, (24, 20), dtype=np.uint8)).save(folder / "new" / "odd.png")
    (folder / "new" / "broken.png").write_bytes(b"nothing")
    answer("detector", "fit", "good", "--scorer", "pca", "--out", "d.safetensors")
    result = answer("score", "d.safetensors", "new", "--out", "s.csv")
    written = {row["item"]: row for row in read("s.csv")}
    assert len(written) == result["items"] == 31
    assert max(written, key=lambda name: float(written[name]["score"])) == "odd.png"
    assert any(note.startswith("broken.png left out: ") for note in result["notes"]), result["notes"]


# --- bad input -------------------------------------------------------------------------------------------------------


def test_other_columns_are_named(detector: str, table: Table) -> None:
    other = table("other.csv", header=("length", "grösse", "colour"))
    message = refusal("score", detector, other, "--out", "s.csv")
    assert "other.csv lacks 1 of the 3 columns that it was fitted on: 'größe'" in message
    assert "Is 'grösse' meant by 'größe'?" in message
    assert not Path("s.csv").exists()


def test_columns_that_nobody_asked_for_are_passed_over_and_named(detector: str, table: Table) -> None:
    new = table("new.csv", n=20)
    text = Path(new).read_text(encoding="utf-8").splitlines()
    Path(new).write_text(
        "\n".join(f"{line},{'more' if i == 0 else 7}" for i, line in enumerate(text)), encoding="utf-8"
    )
    result = answer("score", detector, new, "--out", "s.csv", "--labels", "kind")
    assert "ignored, since the detector was not fitted on it: more" in result["notes"]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["latin-1", "utf-8-sig", "utf-16"])
def test_other_separators_and_encodings_give_the_same_scores(
    detector: str, table: Table, delimiter: str, encoding: str
) -> None:
    answer("score", detector, table("a.csv", n=20, seed=3), "--out", "a.out.csv")
    answer(
        "score", detector, table("b.csv", n=20, seed=3, delimiter=delimiter, encoding=encoding), "--out", "b.out.csv"
    )
    assert read("a.out.csv") == read("b.out.csv")


def test_one_row(detector: str, table: Table) -> None:
    assert answer("score", detector, table("one.csv", n=1), "--out", "s.csv")["items"] == 1
    assert "1 normal item to learn from" in refusal("detector", "fit", table("one.csv", n=1), "--out", "e.safetensors")


@pytest.mark.slow
def test_no_rows_and_no_table(detector: str, folder: Path) -> None:
    (folder / "head.csv").write_text("length,größe,colour\n", encoding="utf-8")
    assert "no items to score" in refusal("score", detector, "head.csv", "--out", "s.csv")
    assert not Path("s.csv").exists()
    (folder / "none.csv").write_text("")
    assert "is empty" in refusal("score", detector, "none.csv", "--out", "s.csv")
    (folder / "binary.csv").write_bytes(b"a,b\n\0\1\2")
    assert "not a text file" in refusal("score", detector, "binary.csv", "--out", "s.csv")
    assert "nowhere.csv" in refusal("score", detector, "nowhere.csv", "--out", "s.csv")
    assert "is not read from a table's file" in refusal(
        "score", detector, "digits", "--out", "s.csv", "--labels", "kind"
    )
    assert "rows of a table, not on images" in refusal("score", detector, "digits", "--out", "s.csv")


@pytest.mark.slow
def test_text_in_a_column_of_numbers(detector: str, table: Table) -> None:
    new = Path(table("new.csv", n=100))
    lines = new.read_text(encoding="utf-8").splitlines()
    lines[5] = "unknown," + lines[5].split(",", 1)[1]
    new.write_text("\n".join(lines), encoding="utf-8")
    notes = answer("score", detector, str(new), "--out", "s.csv")["notes"]
    assert "length: not a finite number, counted as missing, in 1 of 100 rows" in notes
    new.write_text("\n".join(lines[:1] + [f"much,{line.split(',', 1)[1]}" for line in lines[1:]]), encoding="utf-8")
    message = refusal("score", detector, str(new), "--out", "s.csv")
    assert "column 'length' holds text such as 'much'" in message


def test_missing_values_and_rows_of_another_length(detector: str, table: Table) -> None:
    new = Path(table("new.csv", n=50))
    lines = new.read_text(encoding="utf-8").splitlines()
    lines[1] = ",,,0"
    lines[2] = ",".join(["NA", *lines[2].split(",")[1:]])
    lines.append("1,2")
    new.write_text("\n".join(lines), encoding="utf-8")
    result = answer("score", detector, str(new), "--out", "s.csv")
    written = read("s.csv")
    assert written[0]["score"] == written[0]["p_value"] == ""
    assert float(written[1]["score"]) >= 0
    notes = " ".join(result["notes"])
    assert "length: missing, never so in the normal rows, and ignored in 2 of 50 rows" in notes
    assert "1 rows have no value in any column and so no score" in notes
    assert "1 rows had another number of cells" in notes


@pytest.mark.slow
def test_constant_and_useless_columns(folder: Path) -> None:
    random = np.random.default_rng(0)
    lines = [f"{random.normal():.3f},EUR,,{i}-x" for i in range(50)]
    (folder / "n.csv").write_text("\n".join(["a,currency,void,id", *lines]))
    said = answer("detector", "fit", "n.csv", "--scorer", "knn", "--out", "d.safetensors")
    assert said["notes"] == ["void is ignored: empty", "id is ignored: text with 50 different values"]
    (folder / "m.csv").write_text("\n".join(["a,currency,void,id", "0.1,EUR,,1-x", "0.1,USD,,2-x"]))
    result = answer("score", "d.safetensors", "m.csv", "--out", "s.csv")
    same, other = read("s.csv")
    assert float(other["score"]) > float(same["score"]) + 5
    assert other["reasons"].startswith("currency")
    assert "currency: not 'EUR', as in every normal row, in 1 of 2 rows" in result["notes"]
    (folder / "flat.csv").write_text("\n".join(["a,b", *["1,x"] * 50]))
    assert "no column that varies" in refusal("detector", "fit", "flat.csv", "--out", "e.safetensors")


@pytest.mark.parametrize(
    ("labels", "normal", "note"),
    [
        ("0", [], "no AUROC: 30 normal and 0 novel items"),
        ("1", [], "no AUROC: 0 normal and 30 novel items"),
        ("same", [], "every label is 'same'"),
        ("same", ["other"], "no item has a normal label (other)"),
        ("", [], "30 items have no label"),
    ],
)
def test_labels_of_one_value_give_no_invented_figure(
    detector: str, table: Table, labels: str, normal: list[str], note: str
) -> None:
    new = Path(table("new.csv", n=30))
    head, *lines = new.read_text(encoding="utf-8").splitlines()
    new.write_text("\n".join([head, *(line[:-1] + labels for line in lines)]), encoding="utf-8")
    options = [part for label in normal for part in ("--normal", label)]
    result = answer("score", detector, str(new), "--out", "s.csv", "--labels", "kind", *options)
    assert result["auroc"] is None
    assert note in " ".join(result["notes"])
    assert result["items"] == 30


def test_labels_that_do_not_say_which_is_normal(detector: str, table: Table) -> None:
    new = Path(table("new.csv", n=30, anomalous=10))
    text = new.read_text(encoding="utf-8")
    new.write_text(text.replace(",0\n", ",cat\n").replace(",1\n", ",dog\n"), encoding="utf-8")
    result = answer("score", detector, str(new), "--out", "s.csv", "--labels", "kind")
    assert result["auroc"] is None
    assert result["items"] == len(read("s.csv")) == 40, "the work is done and kept"
    assert any("'cat', 'dog', and which are normal is not known" in note for note in result["notes"])
    result = answer("score", detector, str(new), "--out", "s.csv", "--labels", "kind", "--normal", "cat")
    assert result["auroc"]["value"] > 0.9
    assert "no column 'nope'" in refusal("score", detector, str(new), "--out", "s.csv", "--labels", "nope")


@pytest.mark.slow
def test_a_column_that_was_fitted_on_is_both_input_and_label_where_it_is_named(table: Table) -> None:
    fitted = table()
    answer("detector", "fit", fitted, "--out", "d.safetensors", "--scorer", "pca", "--category", "colour")
    answer("score", "d.safetensors", fitted, "--out", "plain.csv")
    options = ("--label", "colour", "--normal", "red")
    result = answer("score", "d.safetensors", fitted, "--out", "s.csv", *options)
    assert 0 <= result["auroc"]["value"] <= 1
    plain, labelled = read("plain.csv"), read("s.csv")
    assert [row["score"] for row in labelled] == [row["score"] for row in plain], "it is still an input"
    assert {row["label"] for row in labelled} == {"red", "blue"}
    assert call("score", "d.safetensors", fitted, "--out", "s.csv", "--label", "length").exit_code == 0


def test_a_rate_that_cannot_be_promised_is_said(detector: str, table: Table) -> None:
    new = table("new.csv", n=30)
    result = answer("score", detector, new, "--out", "s.csv", "--false-alarm-rate", "0.001")
    assert "200 calibration items cannot promise 0.10% false alarms, only 0.50%" in result["notes"]
    assert "not between 0 and 1" in refusal("score", detector, new, "--out", "s.csv", "--false-alarm-rate", "1.5")


def test_files_of_other_kinds(detector: str, table: Table) -> None:
    assert "format of s.txt" in refusal("score", detector, table("n.csv", n=5), "--out", "s.txt")
    assert "not a safetensors file" in refusal("detector", "show", "quick.toml")
    assert "no checkpoint called 'missing'" in refusal("score", "missing", table("n.csv", n=5), "--out", "s.csv")
    assert "novelty detector, not a checkpoint" in refusal("show", detector)


MEASURE = """
from explorer.cli import app
try:
    app(["score", "d.safetensors", "many.csv", "--out", "s.csv"])
except SystemExit as done:
    assert not done.code
# Not ru_maxrss: Linux starts a new program's with that of the process which started it.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_a_long_table_is_streamed(folder: Path, table: Table) -> None:
    """60,000 rows of 40 columns need no more memory than 20,000 do, give or take."""
    random = np.random.default_rng(0)
    head, rows = ",".join(f"c{i}" for i in range(40)), random.normal(size=(500, 40))
    lines = [",".join(f"{v:.4f}" for v in row) for row in rows]
    (folder / "n.csv").write_text("\n".join([head, *lines]))
    answer("detector", "fit", "n.csv", "--scorer", "ecod", "--out", "d.safetensors")
    peaks = []
    for repeats in (40, 120):
        (folder / "many.csv").write_text("\n".join([head, *(lines * repeats)]))
        env = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
        done = subprocess.run([sys.executable, "-c", MEASURE], capture_output=True, text=True, env=env, check=True)
        peaks.append(int(done.stdout.split()[-1]))
    assert len(read("s.csv")) == 60_000
    assert peaks[1] < peaks[0] + 60, f"MiB: {peaks}; 40,000 more rows as text are 150 MiB"
    assert peaks[1] < 1024


def counted(name: str, n: int, first: int, seed: int) -> str:
    """A table with a running number that is wanted as an input, and says where it is."""
    random = np.random.default_rng(seed)
    rows = [f"{first + i},{a:.3f},{b:.3f}" for i, (a, b) in enumerate(random.normal(size=(n, 2)))]
    Path(name).write_text("\n".join(["t,a,b", *rows]), encoding="utf-8")
    return name


@pytest.mark.slow
def test_a_promise_that_does_not_hold_is_withdrawn_everywhere(folder: Path) -> None:
    answer("detector", "fit", counted("n.csv", 400, 0, 0), "--out", "d", "--scorer", "knn", "--input", "t")
    new = counted("new.csv", 300, 1000, 1)
    said = call("score", "d.safetensors", new, "--out", "s.csv")
    assert said.exit_code == 0
    words = (
        "The promise of 4.99% false alarms is withdrawn: 300 of 300 items raise an alarm where 15 were to be expected"
    )
    assert f"{words}; `t` lies outside what was learnt (1010 to 1280; learnt 0 to 399)." in said.stdout
    assert "are expected to raise an alarm" not in said.stdout
    assert {row["promise"] for row in read("s.csv")} == {"withdrawn"}
    promise = answer("score", "d.safetensors", new, "--out", "s.npz")["promise"]
    assert promise["withdrawn"] is True
    assert [change["column"] for change in promise["changed"]] == ["t"]
    assert set(np.load("s.npz")["promise"]) == {"withdrawn"}
    strict = call("score", "d.safetensors", new, "--out", "s.csv", "--strict")
    assert strict.exit_code == WITHDRAWN == 3
    assert len(read("s.csv")) == 300, "what was asked for is written all the same"
    piped = call("score", "d.safetensors", new, "--out", "-", "--strict")
    assert piped.exit_code == WITHDRAWN
    assert piped.stdout.splitlines()[0].endswith(",promise")
    assert words in piped.stderr


@pytest.mark.slow
def test_a_promise_that_holds_is_kept_by_strict_too(folder: Path) -> None:
    answer("detector", "fit", counted("n.csv", 400, 0, 0), "--out", "d", "--scorer", "knn", "--ignore", "t")
    result = call("score", "d.safetensors", counted("new.csv", 300, 1000, 1), "--out", "s.csv", "--strict")
    assert result.exit_code == 0, result.stdout
    assert "are expected to raise an alarm" in result.stdout
    assert "promise" not in read("s.csv")[0]
