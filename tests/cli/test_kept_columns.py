"""What stands beside each row that a command writes: its identifier, its number, and columns that were asked for."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from explorer import checkpoints, data
from explorer.cli import app

MODEL = "breast-cancer-undercomplete"


def called(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture
def patients(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Five rows that the model takes, with a number, a remark and a column called z1; the third has a gap."""
    monkeypatch.chdir(tmp_path)
    dataset = data.dataset("breast-cancer")
    lines = [["patient_id", *dataset.feature_names, "remark", "z1"]]
    for i, row in enumerate(dataset.x[:5].tolist()):
        cells = [repr(value) for value in row]
        if i == 2:
            cells[4] = ""
        lines.append([f"00{7 - i}", *cells, f"remark; {i}", f"own {i}"])
    with Path("patients.csv").open("w", newline="") as file:
        csv.writer(file).writerows(lines)
    return "patients.csv"


def rows(path: str) -> list[dict[str, str]]:
    with Path(path).open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.slow
def test_a_row_keeps_its_identifier_its_number_and_what_was_asked_for(patients: str) -> None:
    result = called(
        "encode", MODEL, patients, "--out", "z.csv", "--id", "patient_id", "--keep", "remark", "--keep", "z1"
    )
    assert result.exit_code == 0, result.output
    written = rows("z.csv")
    assert [*written[0]][:2] == ["patient_id", "item"], "the identifier stands first"
    assert [row["patient_id"] for row in written] == ["007", "006", "004", "003"], "as it is written"
    assert [row["item"] for row in written] == ["1", "2", "4", "5"], "a gap moves nothing"
    assert [row["remark"] for row in written] == [f"remark; {i}" for i in (0, 1, 3, 4)]
    assert [row["z1 (2)"] for row in written] == [f"own {i}" for i in (0, 1, 3, 4)], "names do not collide"
    model = checkpoints.with_codes(checkpoints.load(MODEL))
    z = model.encode(data.dataset("breast-cancer").x[[0, 1, 3, 4]])
    np.testing.assert_allclose([float(row["z1"]) for row in written], z[:, 0], rtol=1e-4)


@pytest.mark.slow
def test_a_score_keeps_them_too_and_all_means_all(patients: str) -> None:
    assert called("score", MODEL, patients, "--out", "s.npz", "--id", "patient_id", "--keep", "all").exit_code == 0
    with np.load("s.npz") as arrays:
        assert arrays["patient_id"].tolist() == ["007", "006", "004", "003"]
        assert arrays["mean radius"].tolist() == [row["mean radius"] for i, row in enumerate(rows(patients)) if i != 2]
        assert len(arrays["reconstruction_error"]) == 4


@pytest.mark.slow
def test_a_column_that_is_not_there_is_named(patients: str) -> None:
    result = called("encode", MODEL, patients, "--out", "z.csv", "--keep", "age")
    assert result.exit_code == 1
    assert "no column 'age'" in result.stderr
    assert not Path("z.csv").exists()
    result = called("encode", MODEL, "breast-cancer", "--out", "z.csv", "--keep", "age")
    assert "--keep age" in result.stderr
