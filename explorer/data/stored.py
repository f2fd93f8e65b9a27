"""Items and labels as they are stored: in parts, as tensors, labels as numbers, and a fingerprint of them."""

from __future__ import annotations

import hashlib
import math
import mmap
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int, Num, Shaped
from torch import Tensor

from explorer.io.tables.roles import as_label_text


def as_float(x: Num[np.ndarray, "*shape"]) -> Float[Tensor, "*shape"]:
    """Stored items as float32: uint8 is divided by 255, float is taken as it is."""
    # torch wants an owned, writable array; a memory-mapped slice is neither.
    items = torch.from_numpy(np.array(x, order="C"))
    return items.float().div_(255) if items.dtype == torch.uint8 else items.float()


def fingerprint_with(
    x: Shaped[np.ndarray, "n *event"],
    labels: Int[np.ndarray, " n"] | None,
    vectors: Shaped[np.ndarray, "n e"] | None,
    known: str = "",
) -> str:
    """As ``fingerprint``, and of the vectors beside the items where there are any.

    Args:
        known: that of the items, where it is known already.
    """
    of_items = known or fingerprint(x, labels)
    if vectors is None:
        return of_items
    return hashlib.sha256(f"{of_items}|{fingerprint(vectors, None)}".encode()).hexdigest()


def encode_labels(values: Sequence[object] | Shaped[np.ndarray, " n"]) -> tuple[Int[np.ndarray, " n"], tuple[str, ...]]:
    """Label values to numbers, in sorted order of the values; text that is all whole numbers in the order of these.

    Args:
        values: (n,) strings or numbers.

    Returns:
        (n,) int64 indices, and the name of each index, as it is written: "007" is not "7".
    """
    array = np.asarray(values)
    if array.dtype.kind == "f":
        array = as_label_text(array)
    names, labels = np.unique(array, return_inverse=True)
    labels = labels.astype(np.int64).reshape(-1)
    texts = [str(name) for name in names.tolist()]
    if array.dtype.kind == "U" and all(text.lstrip("+-").isdecimal() for text in texts):
        order = sorted(range(len(texts)), key=lambda i: (int(texts[i]), texts[i]))
        labels, texts = np.argsort(order).astype(np.int64)[labels], [texts[i] for i in order]
    return labels, tuple(texts)


def fingerprint(x: Shaped[np.ndarray, "n *event"], labels: Shaped[np.ndarray, " n"] | None) -> str:
    """sha256 over shape, dtype, items and labels; read in chunks, so that memory-mapped data stays on disk."""
    digest = hashlib.sha256()
    for array in (x,) if labels is None else (x, labels):
        digest.update(f"{array.shape}{array.dtype.str}".encode())
        for _, chunk in batches(array, max(1, (1 << 22) // max(1, array[:1].nbytes))):
            digest.update(np.ascontiguousarray(chunk).data)
    return digest.hexdigest()


def batches(x: Shaped[Any, "n *event"], rows: int) -> Iterator[tuple[int, Any]]:
    """Items (N, *event), at most so many at a time, with the number of the first of them.

    Of a memory map only the batch is in memory: reading the file leaves this process small, touching the map would
    count every page as its memory.
    """
    for start in range(0, len(x), rows):
        if isinstance(x, np.memmap) and isinstance(x.base, mmap.mmap) and x.filename and x.flags.c_contiguous:
            shape = (min(rows, len(x) - start), *x.shape[1:])
            offset = x.offset + start * math.prod(x.shape[1:]) * x.itemsize
            yield start, np.fromfile(x.filename, x.dtype, math.prod(shape), offset=offset).reshape(shape)
        else:
            yield start, x[start : start + rows]
