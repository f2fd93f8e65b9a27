"""What leaves a page as a file: codes and scores as CSV and NPZ, pictures as PNGs in a zip, recipes as TOML."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePath

import numpy as np
from jaxtyping import Int, Num, Shaped

from explorer.io.images import SUFFIXES, png_bytes


def csv_bytes(columns: Mapping[str, Sequence[object] | np.ndarray]) -> bytes:
    """Columns of equal length as CSV with a header, UTF-8; float32 values keep every digit they have.

    Raises:
        ValueError: the lengths differ.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in zip(*columns.values(), strict=True):
        writer.writerow([str(value) if isinstance(value, np.generic) else value for value in row])
    # Names of files may hold bytes that are no text, which Python keeps as surrogates.
    return text.getvalue().encode(errors="backslashreplace")


def code_columns(
    codes: Num[np.ndarray, "n d"],
    indices: Int[np.ndarray, " n"] | None = None,
    labels: Int[np.ndarray, " n"] | None = None,
    label_names: Sequence[str] = (),
) -> dict[str, Sequence[object] | np.ndarray]:
    """Codes as columns of a table: ``index``, ``label`` where there are labels, then ``z1`` to ``zD``.

    Args:
        codes: (N, D).
        indices: (N,) row numbers in the dataset; by default 0 to N - 1.
        labels: (N,) indices into ``label_names``.
        label_names: one name a label.
    """
    columns: dict[str, Sequence[object] | np.ndarray] = {"index": np.arange(len(codes)) if indices is None else indices}
    if labels is not None:
        columns["label"] = [label_names[k] if 0 <= k < len(label_names) else str(k) for k in labels]
    return columns | {f"z{d + 1}": column for d, column in enumerate(np.asarray(codes).T)}


def npz_bytes(**arrays: Shaped[np.ndarray, "..."]) -> bytes:
    """Named arrays as a compressed NPZ, which ``numpy.load`` reads without pickle.

    Raises:
        ValueError: an array holds Python objects, which only a pickle could keep.
    """
    out = io.BytesIO()
    if any(array.dtype.hasobject for array in arrays.values()):
        raise ValueError("arrays of Python objects cannot be exported")
    np.savez_compressed(out, allow_pickle=False, **arrays)
    return out.getvalue()


def images_zip(images: Num[np.ndarray, "n c h w"], names: Sequence[str] | None = None) -> bytes:
    """Images as PNG files in a zip.

    Args:
        images: (N, C, H, W), uint8 or float in [0, 1].
        names: one an image, without suffix; whatever does not belong in a file name becomes "-", and names that come
            twice get a number. By default numbers.

    Raises:
        ValueError: as many names as images are needed.
    """
    titles = [f"{i:05d}" for i in range(len(images))] if names is None else [_file_name(name) for name in names]
    out = io.BytesIO()
    taken: dict[str, int] = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:  # PNGs are compressed already
        for image, title in zip(images, titles, strict=True):
            taken[title] = taken.get(title, 0) + 1
            suffix = f" ({taken[title]})" if taken[title] > 1 else ""
            archive.writestr(f"{title}{suffix}.png", png_bytes(image))
    return out.getvalue()


def picture_names(names: Sequence[str]) -> list[str]:
    """Names of PNG files for items: those of their own files with that ending; whole where two would be the same."""
    endings = [PurePath(name).suffix for name in names]
    pairs = zip(names, endings, strict=True)
    short = [name.removesuffix(ending) if ending.lower() in SUFFIXES else name for name, ending in pairs]
    times = Counter(short)
    return [f"{name if times[stem] > 1 else stem}.png" for name, stem in zip(names, short, strict=True)]


def _file_name(name: str) -> str:
    return re.sub(r"[^\w.() -]+", "-", name).strip(". ")[:120] or "image"
