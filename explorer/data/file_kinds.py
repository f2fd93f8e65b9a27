"""Of which kind a file is: by its name where that says it, else by what it holds."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from pathlib import Path, PurePath
from typing import IO

from explorer.core.errors import DataError
from explorer.io import matlab, pickles
from explorer.io.idx import is_idx_name
from explorer.io.images import SUFFIXES
from explorer.io.tables.source import SUFFIXES as TABLE_SUFFIXES

ARRAY_SUFFIXES = (".npz", ".npy")
OFTEN_TABLES = (".dat", ".data", ".tab", ".asc", ".prn", ".psv", ".log", ".md")
"""Endings that do not say what a file holds, and often are a table's."""
ELSEWHERE = (
    ((".xlsx", ".xlsm", ".xls", ".ods", ".numbers"), "Save the sheet as CSV in the spreadsheet."),
    ((".feather", ".arrow", ".ipc"), "Convert it in Python: pandas.read_feather(path).to_parquet('data.parquet')."),
    ((".json", ".jsonl", ".ndjson"), "Convert it in Python: pandas.read_json(path).to_csv('data.csv', index=False)."),
    ((".dta", ".sav", ".sas7bdat", ".xpt", ".orc"), "Convert it in Python: pandas.read_stata, read_spss, read_sas or"
     " read_orc, then to_parquet('data.parquet')."),
    ((".7z", ".rar", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz"), "Unpack it first."),
    ((".h5", ".hdf5", ".rds", ".rdata", ".sqlite", ".db"), "Save the table in it as CSV, or the array as NPZ."),
    ((".docx", ".doc", ".pptx", ".tex", ".rtf"), "Save the table in it as .csv."),
    ((".safetensors", ".onnx", ".ckpt"), "It holds a model. Data is a .csv, an .npz or a folder of images."),
    ((".dcm", ".dicom", ".nii", ".nii.gz", ".mha", ".nrrd", ".czi", ".nd2", ".lif", ".svs"), "Save its images as TIFF"
     " or PNG, or its array as NPZ: pydicom, nibabel, SimpleITK and Fiji read such files."),
    ((".heic", ".heif", ".svg", ".pdf", ".eps", ".ps", ".wmf", ".emf", ".cr2", ".nef", ".arw", ".dng"), "Save it as"
     " PNG, JPEG or TIFF."),
    ((".mp4", ".avi", ".mov", ".mkv", ".webm"), "Save its frames as images: ffmpeg -i FILM frame-%04d.png."),
    ((".wav", ".mp3", ".flac", ".ogg"), "Save features of the sound as CSV, or spectrograms as images."),
)  # fmt: skip
"""Endings of files that other programs read, and how to get from them to one that is read here."""
_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"PAR1", ".parquet"), (b"\x93NUMPY", ".npy"), (b"\x28\xb5\x2f\xfd", ".csv.zst"), (b"BZh", ".csv.bz2"),
    (b"\xfd7zX", ".csv.xz"), (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"), (b"GIF8", ".gif"), (b"BM", ".bmp"), (b"II*\0", ".tif"), (b"MM\0*", ".tif"),
    (b"II+\0", ".tif"), (b"MM\0+", ".tif"), (b"\0\0\0\x0cjP  ", ".jp2"), (b"\xff\x4f\xff\x51", ".j2k"),
    (b"8BPS\0", ".psd"), (b"icns", ".icns"), (b"\0\0\1\0", ".ico"), (b"\1\xda", ".sgi"),
    (b"%PDF-", ".pdf"), (b"%!PS", ".ps"), (b"\xd7\xcd\xc6\x9a", ".wmf"), (b"{\\rtf", ".rtf"), (b"\x89HDF", ".h5"),
    (b"SQLite format 3", ".sqlite"), (b"ARROW1", ".arrow"), (b"7z\xbc\xaf", ".7z"), (b"Rar!", ".rar"),
    (b"\xd0\xcf\x11\xe0", ".xls"), (b"OggS", ".ogg"), (b"fLaC", ".flac"), (b"ID3", ".mp3"), (b"\x1aE\xdf\xa3", ".mkv"),
)  # fmt: skip
"""How files begin; those of ``ELSEWHERE`` are refused by their ending."""
_BRANDS = {b"avif": ".avif", b"avis": ".avif", b"heic": ".heic", b"heix": ".heic", b"mif1": ".heic", b"qt  ": ".mov"}
"""What follows "ftyp" in pictures; all else there is a film."""
_CHUNKS = {b"WEBP": ".webp", b"WAVE": ".wav", b"AVI ": ".avi"}
"""What a RIFF file holds."""
_PNM = re.compile(rb"P[1-6Ff][ \t\r\n]+[\d#]")
_IDX_TYPES = frozenset(b"\x08\x09\x0b\x0c\x0d\x0e")


def is_known(name: str) -> bool:
    """Whether a file's name says of which kind it is."""
    lowered = name.lower()
    endings = (*TABLE_SUFFIXES, *ARRAY_SUFFIXES, ".h5ad", ".zip", *pickles.SUFFIXES, matlab.SUFFIX)
    others = tuple(suffix for suffixes, _ in ELSEWHERE for suffix in suffixes)
    return lowered.endswith((*endings, *others)) or PurePath(lowered).suffix in SUFFIXES or is_idx_name(lowered)


def known_as(name: str, content: Path | bytes) -> str:
    """A file's name, with the ending of its content behind it where its own does not say the kind.

    Args:
        name: of the file.
        content: its path, or its bytes.

    Raises:
        DataError: it cannot be read.
    """
    if is_known(name):
        return name
    try:
        with io.BytesIO(content) if isinstance(content, bytes) else content.open("rb") as file:
            return f"{name}{kind_of(file)}"
    except OSError as error:
        raise DataError(f"{name} cannot be read: {error.strerror or error}.", "Check the path.") from error


def kind_of(file: IO[bytes]) -> str:
    """The ending that a file of this content has, by its first bytes, also where it is not read; text is a CSV."""
    start = file.read(16)
    file.seek(0)
    if start.startswith(b"PK"):
        return ".npz" if _holds_arrays(file) else ".zip"
    if start.startswith(b"\x1f\x8b"):
        return ".idx.gz" if _is_idx(_unpacked_start(file)) else ".csv.gz"
    if start[:4] == b"RIFF" and start[8:12] in _CHUNKS:
        return _CHUNKS[start[8:12]]
    if start[4:8] == b"ftyp":
        return _BRANDS.get(start[8:12], ".mp4")
    if _PNM.match(start):
        return ".pnm"
    if _is_idx(start):
        return ".idx"
    return next((suffix for magic, suffix in _KINDS if start.startswith(magic)), ".csv")


def _is_idx(start: bytes) -> bool:
    return len(start) >= 4 and start[:2] == b"\0\0" and start[2] in _IDX_TYPES and 1 <= start[3] <= 8


def _holds_arrays(file: IO[bytes]) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            return all(name.endswith(".npy") for name in archive.namelist())
    except zipfile.BadZipFile:
        return False


def _unpacked_start(file: IO[bytes]) -> bytes:
    try:
        with gzip.open(file) as unpacked:
            return unpacked.read(4)
    except (OSError, EOFError, zlib.error):
        return b""
