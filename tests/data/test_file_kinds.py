"""Files are opened by what they hold where their names do not say it; what no one reads here is refused with a hint."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from PIL import Image
from pyarrow import parquet

from explorer import data
from explorer.core.errors import DataError
from explorer.novelty.inputs import open_input, open_upload

X = np.random.default_rng(1).normal(size=(30, 3)).round(3)
TEXT = "\n".join(["a,b,c", *(",".join(map(str, row)) for row in X.tolist())])
MARKDOWN = "\n".join(["| a | b | c |", "|---|---|---|", *("| " + " | ".join(map(str, r)) + " |" for r in X.tolist())])


def npy(x: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, x)
    return file.getvalue()


def npz(x: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez(file, x=x)
    return file.getvalue()


def as_parquet(x: np.ndarray) -> bytes:
    file = io.BytesIO()
    parquet.write_table(pa.table(dict(zip("abc", x.T, strict=True))), file)
    return file.getvalue()


TABLES = {
    "t.md": MARKDOWN.encode(),
    "t.dat": TEXT.replace(",", "  ").encode(),
    "t.data": TEXT.encode(),
    "t.log": TEXT.encode(),
    "t.tab": TEXT.replace(",", "\t").encode(),
    "t.asc": TEXT.replace(",", " ").encode(),
    "t.psv": TEXT.replace(",", "|").encode(),
    "t.csv.1": TEXT.encode(),
    "adult": TEXT.encode(),
    "kddcup.data_10_percent": TEXT.encode(),
    "t.dat.gz": gzip.compress(TEXT.encode()),
    "kdd.bz2": bz2.compress(TEXT.encode()),
    "kdd.xz": lzma.compress(TEXT.encode()),
    "array": npy(X),
    "arrays.dat": npz(X),
    "part-0000": as_parquet(X),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_under_any_name(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(TABLES[name])
    for opened in (data.dataset(str(path)), data.from_upload(name, TABLES[name])):
        np.testing.assert_allclose(opened.x, X, rtol=1e-6)
    for opened in (open_input(str(path)), open_upload(name, TABLES[name])):
        assert opened.contract is not None
        assert opened.contract.kind == "table"
        assert opened.contract.rows == 30


@pytest.mark.parametrize("name", ["picture", "picture.dat", "IMG_0001"])
def test_a_picture_under_any_name(name: str) -> None:
    pixels, file = np.arange(64, dtype=np.uint8).reshape(8, 8), io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    np.testing.assert_array_equal(data.from_upload(name, file.getvalue()).x[0, 0], pixels)


def tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        member = tarfile.TarInfo("t.csv")
        member.size = len(TEXT)
        archive.addfile(member, io.BytesIO(TEXT.encode()))
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "hint"),
    [
        ("a.dcm", bytes(128) + b"DICM", "pydicom"),
        ("film.mp4", b"\0\0\0\x18ftypmp42", "frames"),
        ("a.tar.gz", gzip.compress(tar()), "Unpack it first"),
        ("a.bin", gzip.compress(tar()), "Unpack it first"),
        ("a.bin", b"\x13\x88\0\xff" * 100, "CSV or Parquet"),
        ("a.dat", b"", "at least one row"),
        ("a.heic", b"\0\0\0\x18ftypheic", "PNG, JPEG or TIFF"),
        ("IMG_0001", b"\0\0\0\x18ftypheic", "PNG, JPEG or TIFF"),
        ("film", b"\0\0\0\x18ftypisom", "frames"),
        ("speech.dat", b"RIFF\x24\0\0\0WAVEfmt ", "spectrograms"),
        ("report", b"%PDF-1.7\n%\xe2\xe3", "PNG, JPEG or TIFF"),
        ("table.data", b"\x89HDF\r\n\x1a\n", "NPZ"),
        ("book", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "CSV in the spreadsheet"),
    ],
)
def test_what_is_not_read_is_refused_with_a_way_on(name: str, content: bytes, hint: str) -> None:
    with pytest.raises(DataError) as caught:
        data.from_upload(name, content)
    assert hint in caught.value.hint


def test_a_file_of_another_kind_than_its_name_says_nothing_of_is_named() -> None:
    with pytest.raises(DataError, match=r"^report\.dat holds what a \.pdf file does, and files that end in \.pdf are"):
        data.from_upload("report.dat", b"%PDF-1.7\n")
    with pytest.raises(DataError, match=r"^report\.PDF: files that end in \.pdf are not read"):
        data.from_upload("report.PDF", b"%PDF-1.7\n")
