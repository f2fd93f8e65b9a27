"""`score` and `detector update` in pipelines: Parquet in and out, typed; statuses for alarms and broken promises."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet
from typer.testing import CliRunner, Result

from explorer.cli import app
from explorer.cli.scoring import ALARMED, WITHDRAWN

RNG = np.random.default_rng(0)


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def rows(n: int, spoilt: int = 0, scale: float = 1.0) -> pa.Table:
    """Two numbers that go together, but not in the first ``spoilt`` rows; with a name, a day, a count and a colour."""
    a = scale * RNG.normal(size=n)
    b = a + 0.1 * RNG.normal(size=n)
    b[:spoilt] += 30
    day = np.datetime64("2024-01-01") + np.arange(n)
    colour = pa.array(RNG.choice(["red", "blue"], n)).dictionary_encode()
    serial = [f"{i:05d}" for i in range(n)]
    count = pa.array(RNG.integers(0, 9, n), pa.int16())
    columns = {"serial": serial, "a": a, "b": b, "colour": colour, "count": count, "day": pa.array(day)}
    return pa.table(columns)


@pytest.fixture
def detector(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    parquet.write_table(rows(200), "normal.parquet")
    result = call("detector", "fit", "normal.parquet", "--out", "d.safetensors", "--scorer", "pca", "--id", "serial")
    assert result.exit_code == 0, result.output
    return "d.safetensors"


def test_parquet_out_has_types_and_says_what_a_csv_says(detector: str) -> None:
    given = rows(60, spoilt=3)
    parquet.write_table(given, "new.parquet")
    asked = ("score", detector, "new.parquet", "--id", "serial", "--keep", "all")
    for out in ("s.parquet", "s.csv", "s.npz"):
        assert call(*asked, "--out", out).exit_code == 0
    table = parquet.read_table("s.parquet")
    types = {field.name: field.type for field in table.schema}
    assert list(types)[:5] == ["serial", "item", "score", "p_value", "alarm"]
    assert (types["score"], types["p_value"], types["alarm"]) == (pa.float64(), pa.float64(), pa.bool_())
    assert types["reasons"] == pa.list_(pa.struct([("column", pa.string()), ("share", pa.float64())]))
    for name in ("serial", "a", "b", "count", "day"):
        assert table[name].combine_chunks() == given[name].combine_chunks(), "as the file has it"
    assert table["colour"].to_pylist() == given["colour"].to_pylist()
    with Path("s.csv").open(newline="") as file:
        written = list(csv.DictReader(file))
    assert list(written[0]) == list(types)
    assert [float(row["score"]) for row in written] == table["score"].to_pylist()
    assert [row["alarm"] == "1" for row in written] == table["alarm"].to_pylist()
    words = ["; ".join(f"{part['column']} {part['share']:.0%}" for part in row) for row in table["reasons"].to_pylist()]
    assert [row["reasons"] for row in written] == words
    assert words[0]
    with np.load("s.npz") as arrays:
        assert arrays["reasons"].tolist() == words
        assert arrays["alarm"].tolist() == table["alarm"].to_pylist()


def test_a_csv_becomes_typed_and_says_of_each_row_that_the_promise_is_withdrawn(detector: str) -> None:
    lines = ["serial;a;b;colour;count;day;promise"]
    lines += [f"{i:04d};{50 + i},5;{-i};red;{'' if i == 1 else i};2024-01-01;yes" for i in range(40)]
    Path("new.csv").write_text("\n".join(lines))
    result = call("score", detector, "new.csv", "--id", "serial", "--keep", "all", "--out", "s.parquet")
    assert result.exit_code == 0, result.output
    table = parquet.read_table("s.parquet")
    assert table["promise"].to_pylist() == ["withdrawn"] * 40
    assert table["promise (2)"].to_pylist() == ["yes"] * 40
    assert table["serial"].to_pylist()[7] == "0007"
    assert table["a"].to_pylist()[:2] == [50.5, 51.5]
    assert table["count"].type == pa.int64()
    assert table["count"].to_pylist()[:3] == [0, None, 2]


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_standard_output_takes_a_format(detector: str, form: str) -> None:
    parquet.write_table(rows(30), "new.parquet")
    result = call("score", detector, "new.parquet", "--out", "-", "--format", form)
    assert result.exit_code == 0, result.output
    content = result.stdout_bytes
    n = len(parquet.read_table(io.BytesIO(content))) if form == "parquet" else content.count(b"\n") - 1
    assert n == 30
    assert "no format 'json'" in call("score", detector, "new.parquet", "--out", "-", "--format", "json").stderr
    assert "Cannot tell the format" in call("score", detector, "new.parquet", "--out", "s.json").stderr


def test_an_alarm_and_a_broken_promise_each_have_a_status(detector: str) -> None:
    parquet.write_table(rows(60, spoilt=1), "one.parquet")
    parquet.write_table(rows(60, spoilt=60), "all.parquet")
    parquet.write_table(rows(200).slice(100, 1), "none.parquet")
    flags = ("--out", "s.csv", "--false-alarm-rate", "0.005", "--ignore", "day")
    assert call("score", detector, "one.parquet", *flags).exit_code == 0
    assert call("score", detector, "one.parquet", *flags, "--fail-on-alarm").exit_code == ALARMED
    assert call("score", detector, "one.parquet", *flags, "--fail-on-alarm", "--strict").exit_code == ALARMED
    assert call("score", detector, "all.parquet", *flags, "--fail-on-alarm").exit_code == ALARMED
    assert call("score", detector, "all.parquet", *flags, "--fail-on-alarm", "--strict").exit_code == WITHDRAWN
    assert call("score", detector, "none.parquet", *flags, "--fail-on-alarm").exit_code == 0
    refused = call("score", "breast-cancer-undercomplete", "breast-cancer", "--out", "s.csv", "--fail-on-alarm")
    assert refused.exit_code == 1
    assert "--fail-on-alarm needs a detector" in refused.stderr


def test_a_detector_is_updated_by_a_file(detector: str) -> None:
    parquet.write_table(rows(80, scale=5.0), "new.parquet")
    result = call("detector", "update", detector, "new.parquet", "--out", "d2", "--json")
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert said["written"] == "d2.safetensors"
    assert (said["new_items"], said["with_former"], said["calibrated_on"]) == (80, False, 80)
    assert {"a", "b"} <= {change["column"] for change in said["drift"]["changed"]}
    assert said["after"]["threshold"] != said["before"]["threshold"]
    assert said["after"]["false_alarm_rate"]["promised"] == pytest.approx(4 / 81)
    both = call("detector", "update", detector, "new.parquet", "--out", "d3.safetensors", "--former")
    assert both.exit_code == 0
    assert "beside the 200 of before" in both.stdout
    assert "80 normal items of new.parquet" in call("detector", "show", "d2.safetensors").stdout
    Path("other.csv").write_text("x,y\n1,2\n")
    other = call("detector", "update", detector, "other.csv", "--out", "d4.safetensors")
    assert other.exit_code == 1
    assert "lacks" in other.stderr
    assert not Path("d4.safetensors").exists()
