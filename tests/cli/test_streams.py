"""Standard input and output in the place of files."""

from __future__ import annotations

import csv
import gzip
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image
from pyarrow import parquet
from typer.testing import CliRunner

from explorer.cli import app, streams
from explorer.data.file_kinds import kind_of
from explorer.io.images import png_bytes

MODEL = "breast-cancer-undercomplete"


def saved(array: np.ndarray) -> bytes:
    content = io.BytesIO()
    np.save(content, array)
    return content.getvalue()


def zipped(name: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, b"x")
    return content.getvalue()


def as_parquet() -> bytes:
    content = io.BytesIO()
    parquet.write_table(pa.table({"a": [1]}), content)
    return content.getvalue()


IDX = b"\0\0\x08\x01\0\0\0\1\7"
PICTURES = {"AVIF": ".avif", "JPEG2000": ".jp2", "ICO": ".ico", "ICNS": ".icns", "SGI": ".sgi", "PPM": ".pnm"}


def pictured(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (32, 32), "red").save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (b"a,b\n1,2\n", ".csv"),
        ("a;b\n1;2\n".encode("utf-16"), ".csv"),
        (gzip.compress(b"a,b\n1,2\n", mtime=0), ".csv.gz"),
        (pa.compress(b"a,b\n1,2\n", "zstd", asbytes=True), ".csv.zst"),
        (as_parquet(), ".parquet"),
        (saved(np.zeros(3)), ".npy"),
        (zipped("x.npy"), ".npz"),
        (zipped("x.png"), ".zip"),
        (IDX, ".idx"),
        (gzip.compress(IDX, mtime=0), ".idx.gz"),
        (png_bytes(np.zeros((1, 4, 4), np.float32)), ".png"),
        (b"PK broken", ".zip"),
        *((pictured(kind), suffix) for kind, suffix in PICTURES.items()),
    ],
)
def test_a_kind_is_told_by_the_first_bytes(content: bytes, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / "draft"
    path.write_bytes(content)
    with path.open("rb") as file:
        assert kind_of(file) == suffix


def piped(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "explorer", *arguments], input=stdin, capture_output=True, check=False)


def said(*arguments: str, stdin: bytes = b"") -> str:
    """All that a command says, in this process."""
    streams._standard_input.cache_clear()
    answer = CliRunner().invoke(app, arguments, input=stdin)
    assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
    return answer.stdout + answer.stderr


@pytest.mark.slow
def test_a_table_goes_through_a_pipe(tmp_path: Path) -> None:
    rows = [f"{i},{i % 7}.5,{i % 5}.25" for i in range(60)]
    table = "\n".join(["a,b,c", *rows]).encode()
    detector = str(tmp_path / "d.safetensors")
    fitted = piped(
        "detector", "fit", "-", "--out", "-", "--scorer", "pca", "--input", "a", stdin=gzip.compress(table, mtime=0)
    )
    assert fitted.returncode == 0, fitted.stderr
    assert b"Read as: 60 rows" in fitted.stderr
    Path(detector).write_bytes(fitted.stdout)
    scored = piped("score", detector, "-", "--out", "-", stdin=table)
    assert scored.returncode == 0, scored.stderr
    answer = list(csv.DictReader(io.StringIO(scored.stdout.decode())))
    assert [row["item"] for row in answer] == [str(i) for i in range(1, 61)]
    assert all(float(row["score"]) >= 0 for row in answer)
    nothing = piped("score", detector, "-", "--out", "-")
    assert nothing.returncode == 1
    assert nothing.stdout == b""
    assert b"Standard input is empty" in nothing.stderr


@pytest.mark.slow
def test_no_message_and_no_card_names_where_standard_input_is_kept(tmp_path: Path) -> None:
    table = "\n".join(["a,b,c", *(f"{i * 7 % 60},{i % 7}.5,{i % 5}.25" for i in range(60))]).encode()
    detector = str(tmp_path / "d.safetensors")
    commands = [
        (("detector", "fit", "-", "--out", detector, "--scorer", "pca"), table),
        (("detector", "show", detector, "--json"), b""),
        (("score", detector, "-", "--out", "-"), table.replace(b"a,b,c", b"a,b,d")),
        (("encode", MODEL, "-", "--out", "-"), table),
        (("data", "show", "-", "--label", "kind"), table),
        (("data", "show", "-"), b"{}"),
        (("data", "show", "-"), saved(np.zeros(3))),
        (("detector", "fit", "-", "--out", detector), gzip.compress(table)[:40]),
        (("data", "show", "-"), b"PK broken"),
    ]
    for arguments, stdin in commands:
        text = said(*arguments, stdin=stdin)
        assert "standard input" in text or arguments[1] == "show", (arguments, text)
        for word in ("/tmp", "explorer-", "standard-input", "Traceback"):  # noqa: S108 - what must not be there
            assert word not in text.replace(str(tmp_path), ""), (arguments, text)
    assert '"normal": "60 of 60 rows of standard input"' in said("detector", "show", detector, "--json")
