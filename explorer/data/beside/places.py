"""Where a table of columns lies beside items: in their folder or zip, or next to their file of vectors."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path, PurePath, PurePosixPath

from explorer.core.errors import DataError

NAMES, ENDINGS = ("metadata", "labels"), (".csv", ".tsv", ".parquet")
"""Of a table in a folder or zip of images; the first that is there is taken."""
MAX_BYTES = 1 << 30
_VECTORS = re.compile(r"(vectors|vecs|tensors|embeddings)", re.IGNORECASE)


def table_beside(source: Path | bytes, name: str) -> tuple[str, bytes] | None:
    """Name and bytes of the table beside items; None: there is none.

    Args:
        source: folder, zip or file that the items come from, by its path or its bytes.
        name: of it.

    Raises:
        DataError: it takes more than ``MAX_BYTES``.
    """
    if isinstance(source, Path) and source.is_dir():
        return _read(_in_folder(source))
    if zipfile.is_zipfile(source if isinstance(source, Path) else io.BytesIO(source)) and not _is_array_file(name):
        return _in_zip(source)
    return _read(_next_to(source)) if isinstance(source, Path) else None


def modified_beside(source: Path | bytes) -> int:
    """When the table beside a folder or file on this machine changed last, in nanoseconds; 0 where there is none."""
    if isinstance(source, bytes):
        return 0
    path = _in_folder(source) if source.is_dir() else _next_to(source)
    return 0 if path is None else path.stat().st_mtime_ns


def _in_folder(folder: Path) -> Path | None:
    return next((folder / name for name in _wanted() if (folder / name).is_file()), None)


def _wanted() -> list[str]:
    return [name + ending for name in NAMES for ending in ENDINGS]


def _is_array_file(name: str) -> bool:
    return name.lower().endswith(".npz")


def _in_zip(source: Path | bytes) -> tuple[str, bytes] | None:
    with zipfile.ZipFile(source if isinstance(source, Path) else io.BytesIO(source)) as archive:
        by_name = {
            PurePosixPath(info.filename).name.lower(): info
            for info in reversed(archive.infolist())
            if len(PurePosixPath(info.filename).parts) <= 2 and not info.filename.startswith("__MACOSX")
        }
        info = next((by_name[name] for name in _wanted() if name in by_name), None)
        if info is None:
            return None
        _check_size(info.file_size, info.filename)
        try:
            return PurePosixPath(info.filename).name, archive.read(info)
        except (RuntimeError, zipfile.BadZipFile, NotImplementedError) as error:  # locked, damaged, packed otherwise
            raise DataError(f"{info.filename} cannot be read: {error}.", "Pack the zip again, without it.") from error


def _next_to(path: Path) -> Path | None:
    """The file of the same name with "metadata" or "labels" in place of "vectors"."""
    if not _VECTORS.search(path.name):
        return None
    for word in NAMES:
        stem = PurePath(_VECTORS.sub(word, path.name)).stem
        for ending in dict.fromkeys((path.suffix, *ENDINGS)):
            beside = path.with_name(stem + ending)
            if beside.is_file() and beside != path:
                return beside
    return None


def _read(path: Path | None) -> tuple[str, bytes] | None:
    if path is None:
        return None
    _check_size(path.stat().st_size, str(path))
    return path.name, path.read_bytes()


def _check_size(n_bytes: int, name: str) -> None:
    if n_bytes > MAX_BYTES:
        raise DataError(
            f"{name} takes {n_bytes / 2**30:.1f} GiB, more than 1 GiB.", "Leave out columns, or save it as Parquet."
        )
