"""How the commands read tables: each kind of file that was once read wrongly, with what is right."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from explorer import checkpoints, data
from explorer.cli import app

MODEL = "breast-cancer-undercomplete"


def called(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def answer(*arguments: str) -> Any:
    result = called(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refusal(*arguments: str) -> str:
    result = called(*arguments)
    assert result.exit_code == (2 if "Say which it is" in result.stderr else 1), result.output
    return " ".join(result.stderr.split())


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(name: str, lines: list[str]) -> str:
    Path(name).write_text("\n".join([*lines, ""]), encoding="utf-8")
    return name


def parts(n: int, first: int = 1, seed: int = 0, step: int = 1) -> list[str]:
    """Rows of three measured columns after a running number."""
    values = np.random.default_rng(seed).normal([20, 3, 100], [2, 0.5, 10], (n, 3))
    return [f"{first + step * i},{a:.3f},{b:.3f},{c:.3f}" for i, (a, b, c) in enumerate(values)]


@pytest.mark.parametrize(("name", "first", "step"), [("id", 1, 1), ("", 0, 1), ("time", 1_700_000_000, 60)])
def test_a_running_number_is_not_learnt_from(name: str, first: int, step: int) -> None:
    head = f"{name},temp,volt,press"
    fitted = written("normal.csv", [head, *parts(400, first, step=step)])
    new = written("new.csv", [head, *parts(400, first + 400 * step, seed=1, step=step)])
    answer("detector", "fit", fitted, "--out", "d.safetensors", "--scorer", "pca")
    result = answer("score", "d.safetensors", new, "--out", "s.csv", "--false-alarm-rate", "0.05")
    # 20 of 400 are expected; of as many draws of a fair coin of 5 %, fewer than 1 in a million exceed 45.
    assert result["alarms"] <= 45


@pytest.mark.slow
def test_a_sign_that_can_be_read_both_ways_is_asked_for() -> None:
    lines = [f"{1 + i % 9}.{(137 * i) % 1000:03d};{i * 7 % 11}" for i in range(60)]
    name = written("eu.csv", ["amount;pieces", *lines])
    said = refusal("detector", "fit", name, "--out", "d.safetensors", "--scorer", "pca")
    assert "the decimal sign cannot be told" in said
    for flags in (("--decimal", ","), ("--decimal", "."), ("--thousands", ".")):
        answer("detector", "fit", name, "--out", "d.safetensors", "--scorer", "pca", *flags)
    shown = answer("data", "show", name, "--decimal", ",")
    assert shown["dialect"]["thousands"] == "."
    assert shown["line"].startswith("60 rows; semicolon, decimal comma, points between thousands")


def test_one_new_row_is_read_as_the_file_that_was_learnt_from() -> None:
    random = np.random.default_rng(0)
    rows = [
        f"{value:.2f};{other:.2f}".replace(".", ",") for value, other in random.normal([2000, 5], [300, 1], (80, 2))
    ]
    answer("detector", "fit", written("a.csv", ["sum;n", *rows]), "--out", "d.safetensors", "--scorer", "pca")
    plain = answer("score", "d.safetensors", written("b.csv", ["sum;n", "2000,00;5,00"]), "--out", "b.out.csv")
    assert plain["alarms"] == 0


@pytest.mark.slow
def test_a_mixture_is_not_learnt_as_normal() -> None:
    rows = [f"{line.split(',', 1)[1]},{'attack' if i % 6 == 0 else 'normal'}" for i, line in enumerate(parts(120))]
    name = written("all.csv", ["temp,volt,press,label", *rows])
    said = refusal("detector", "fit", name, "--out", "d.safetensors", "--scorer", "pca")
    assert "'normal' (100), 'attack' (20)" in said
    assert "--normal normal" in said
    fit = ("detector", "fit", name, "--out", "d.safetensors", "--scorer", "pca")
    assert answer(*fit, "--normal", "normal")["normal"].startswith("100 of 120 rows")
    said = answer(*fit, "--no-label")
    assert said["fitted_on"] == said["calibrated_on"] == 120, "every row teaches, and sets the threshold"


def test_a_column_that_was_fitted_on_can_be_named_as_label() -> None:
    rows = [f"{line.split(',', 1)[1]},{'ab'[i % 2]}" for i, line in enumerate(parts(100))]
    name = written("n.csv", ["x,y,z,kind", *rows])
    answer("detector", "fit", name, "--out", "d.safetensors", "--scorer", "pca")
    assert answer("score", "d.safetensors", name, "--out", "s.csv", "--label", "kind")["items"] == 100


def test_rows_keep_their_numbers_where_some_are_skipped() -> None:
    rows = [line.split(",", 1)[1] for line in parts(60)]
    answer("detector", "fit", written("n.csv", ["a,b,c", *rows]), "--out", "d.safetensors", "--scorer", "pca")
    new = written("m.csv", ["a,b,c", rows[0], "1,2,3,4", "", rows[1]])
    answer("score", "d.safetensors", new, "--out", "s.csv")
    assert [line.split(",")[0] for line in Path("s.csv").read_text().splitlines()[1:]] == ["1", "4"]
    assert "passed over (row 2)" in answer("data", "show", new)["line"]


def test_a_constant_number_that_is_another_one_is_not_the_same() -> None:
    values = np.random.default_rng(0).normal(size=(100, 2))
    rows = [f"{a:.4f},{b:.4f},20240001" for a, b in values]
    fitted = written("n.csv", ["a,b,machine", *rows])
    answer("detector", "fit", fitted, "--out", "d.safetensors", "--scorer", "knn")
    other = written("m.csv", ["a,b,machine", *(row.replace("20240001", "20240002") for row in rows)])
    assert answer("score", "d.safetensors", other, "--out", "s.csv")["alarms"] == 100


# --- A model takes its columns by name ---


def cancer() -> tuple[tuple[str, ...], np.ndarray]:
    dataset = data.dataset("breast-cancer")
    return dataset.feature_names, dataset.x[:40].astype(np.float64)


def table(name: str, names: list[str], x: np.ndarray) -> str:
    return written(name, [",".join(names), *(",".join(f"{v:.9g}" for v in row) for row in x)])


def codes(name: str) -> tuple[list[str], np.ndarray]:
    answer("encode", MODEL, name, "--out", "codes.csv")
    lines = [line.split(",") for line in Path("codes.csv").read_text().splitlines()[1:]]
    return [line[0] for line in lines], np.array([line[1:] for line in lines], np.float64)


@pytest.mark.slow
def test_columns_are_found_by_their_names() -> None:
    names, x = cancer()
    expected = checkpoints.load(MODEL).encode(x.astype(np.float32))  # type: ignore[attr-defined]
    orders = {"same": range(30), "reversed": range(29, -1, -1)}
    for name, order in orders.items():
        rows, z = codes(table(f"{name}.csv", [names[i] for i in order], x[:, [*order]]))
        np.testing.assert_allclose(z, expected, rtol=1e-4, atol=1e-4)
        assert rows[:2] == ["1", "2"]
    flat = x.copy()
    flat[:, 0] = 14.0  # a constant column is a column of the model all the same; a foreign one is left out
    extra = np.column_stack([flat, np.arange(40) * 0.5])
    _, z = codes(table("extra.csv", [*names, "extra"], extra))
    expected_flat = checkpoints.load(MODEL).encode(flat.astype(np.float32))  # type: ignore[attr-defined]
    np.testing.assert_allclose(z, expected_flat, rtol=1e-4, atol=1e-4)
    _, one = codes(table("one.csv", [*names], x[:1]))
    np.testing.assert_allclose(one, expected[:1], rtol=1e-4, atol=1e-4)


@pytest.mark.slow
def test_renamed_and_missing_columns_are_named() -> None:
    names, x = cancer()
    said = refusal("encode", MODEL, table("renamed.csv", ["mean radus", *names[1:]], x), "--out", "codes.csv")
    assert "lacks 1 of the 30 columns that the model takes: 'mean radius'" in said
    assert "Is 'mean radus' meant by 'mean radius'?" in said
    assert "lacks 1 of the 30" in refusal("encode", MODEL, table("m.csv", [*names[1:]], x[:, 1:]), "--out", "c.csv")


@pytest.mark.slow
def test_a_row_with_a_gap_moves_no_other() -> None:
    names, x = cancer()
    name = table("gaps.csv", [*names], x)
    lines = Path(name).read_text().splitlines()
    lines[3] = "," + lines[3].split(",", 1)[1]
    Path(name).write_text("\n".join(lines) + os.linesep)
    rows, _ = codes(name)
    assert rows == [str(i) for i in range(1, 41) if i != 3]


def test_labels_stay_as_they_are_written(folder: Path) -> None:
    for first, second in (("12345671", "12345672"), ("007", "7")):
        lines = [f"{i * 7 % 13 / 4},{(i * 5 % 11) / 3:.3f},{first if i % 2 else second}" for i in range(40)]
        dataset = data.dataset(written("l.csv", ["a,b,class", *lines]))
        assert set(dataset.label_names) == {first, second}


@pytest.mark.slow
def test_identifiers_and_kept_columns_stand_beside_each_score() -> None:
    lines = parts(400)
    fitted = written("normal.csv", ["id,temp,volt,press,place", *(f"{line},p{i % 3}" for i, line in enumerate(lines))])
    lines[4] = "5,,,"
    lines[9] = "10,1,2"
    new = written("new.csv", ["id,temp,volt,press,place", *(f"{line},p{i % 3}" for i, line in enumerate(lines[:20]))])
    answer("detector", "fit", fitted, "--out", "d.safetensors", "--scorer", "pca")
    answer("score", "d.safetensors", new, "--out", "s.csv", "--keep", "place", "--keep", "temp")
    text = Path("s.csv").read_text(encoding="utf-8").splitlines()
    assert text[0] == "id,item,score,p_value,alarm,reasons,place,temp"
    cells = [line.split(",") for line in text[1:]]
    kept = [i for i in range(20) if i != 9]
    assert [row[:2] for row in cells] == [[str(i + 1)] * 2 for i in kept]
    assert [row[-2] for row in cells] == [f"p{i % 3}" for i in kept]
    assert [row[-1] for row in cells] == [lines[i].split(",")[1] for i in kept], "as written, not as read"


@pytest.mark.slow
def test_numbers_beside_a_stray_word_keep_their_thousands_when_scored() -> None:
    values = np.random.default_rng(0).normal([12_345.5, 7.25], [500, 1], (300, 2))
    lines = [f"{a:,.2f};{b:.3f}".translate(str.maketrans(",.", ".,")) for a, b in values]
    fitted = written("normal.csv", ["power;ratio", *lines])
    answer("detector", "fit", fitted, "--out", "d.safetensors", "--scorer", "pca")
    answer("score", "d.safetensors", written("clean.csv", ["power;ratio", *lines[:40]]), "--out", "clean.out.csv")
    answer("score", "d.safetensors", written("stray.csv", ["power;ratio", *lines[:40], "broken;7,5"]), "--out", "s.csv")
    clean, stray = (Path(name).read_text(encoding="utf-8").splitlines() for name in ("clean.out.csv", "s.csv"))
    assert [line.split(",")[1:3] for line in stray[1:41]] == [line.split(",")[1:3] for line in clean[1:41]]
