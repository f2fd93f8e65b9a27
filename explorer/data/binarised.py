"""Digits of 0 and 1 alone, drawn once: the static binarised MNIST of the papers, and a draw of the bundled sample."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import UInt8

from explorer.core.errors import DataError
from explorer.data.base import Progress
from explorer.data.bundled import DIGIT_NAMES, MNIST_LICENCE, MNIST_SOURCE, mnist_sample
from explorer.data.cache import cached_items, file_key
from explorer.data.photo_sets import folder_of
from explorer.data.source import Source, SourceItems
from explorer.data.splits import Splits

NAME, SIDE = "binarized-mnist", 28
PACKED = "binarized_mnist.npz"
PARTS = {
    "train": "ad693b29f94c14277b095f5238ddefbbdaaae0939789dd2f4f0205278cee3e4d",
    "valid": "1de3d397c40fe8eeb33dafd4099a1f665ec01e96d9be234aaeeac8a34930e2e2",
    "test": "e6687bfea3f820c174f33b7865140b2a2dd2930ef786f35d45795fc193b5ab2c",
}
"""The official splits, in the order of the rows, with the SHA-256 of the text that was published of each."""
DRAW_SEED = 0


def drawn_once(x: UInt8[np.ndarray, "*shape"], seed: int) -> UInt8[np.ndarray, "*shape"]:
    """0 or 255 for each value, one draw with the value as the chance of a 1.

    Args:
        x: (N, ...) uint8, 255 for certain.
        seed: of the draw (NumPy's PCG64, whose stream is fixed across versions).

    Source: Salakhutdinov and Murray 2008, section 4.
    """
    random = np.random.Generator(np.random.PCG64(seed)).integers(0, 255, x.shape, np.uint8)
    return np.where(random < x, np.uint8(255), np.uint8(0))


def _as_text(bits: np.ndarray) -> bytes:
    """Rows of bits as they were published: "0 1 1 ..." a line, a space after each digit."""
    signs = np.full((len(bits), 2 * bits.shape[1]), ord(" "), np.uint8)
    signs[:, 0::2] = bits + ord("0")
    signs[:, -1] = ord("\n")
    return signs.tobytes()


def _parts(folder: Path) -> dict[str, np.ndarray]:
    """(n, 784) bits of each split, from the packed file or from the published texts.

    Raises:
        DataError: neither is there, or it is not what was published.
    """
    texts = {part: folder / f"binarized_mnist_{part}.amat" for part in PARTS}
    if (packed := folder / PACKED).is_file():
        try:
            with np.load(packed, allow_pickle=False) as file:
                parts = {part: np.unpackbits(file[part], axis=1) for part in PARTS}
        except (ValueError, KeyError, OSError) as error:
            raise DataError(f"{packed} cannot be read: {error}.", "Copy it again.") from error
    elif all(path.is_file() for path in texts.values()):
        parts = {
            part: np.frombuffer(path.read_bytes(), np.uint8).reshape(-1, 2 * SIDE * SIDE)[:, ::2] - ord("0")
            for part, path in texts.items()
        }
    else:
        raise DataError(
            f"{folder} has neither {PACKED} nor the files {', '.join(path.name for path in texts.values())}.",
            "Copy one or the other there.",
        )
    for part, bits in parts.items():
        if hashlib.sha256(_as_text(bits)).hexdigest() != PARTS[part]:
            raise DataError(f"The split {part!r} in {folder} is not the published one.", "Copy it again.")
    return parts


def _official(seed: int, progress: Progress | None) -> SourceItems:
    folder = folder_of(NAME)
    if folder is None:
        raise DataError(
            f"The dataset {NAME!r} is not on this machine.",
            f"Put {PACKED}, or the published texts, into a folder {NAME} below the one that EXPLORER_DATA names;"
            " mnist-sample-binarised is there at once.",
        )

    def build(draft: Path) -> dict[str, Any]:
        if progress:
            progress(0.0, f"Unpacking {NAME}")
        parts = _parts(folder)
        np.save(draft / "x.npy", np.concatenate(list(parts.values())).reshape(-1, 1, SIDE, SIDE) * np.uint8(255))
        return {"sizes": [len(bits) for bits in parts.values()]}

    cached = cached_items(f"{NAME}-{file_key(*sorted(path for path in folder.iterdir() if path.is_file()))}", build)
    ends = np.cumsum(cached.notes["sizes"])
    train, validation, test = np.split(np.arange(ends[-1], dtype=np.int64), ends[:-1])
    note = "The official splits of static binarised MNIST: 50,000 train, 10,000 validation, 10,000 test rows."
    return SourceItems(cached.x, None, (), Splits(train, validation, test, note), fingerprint=cached.fingerprint)


def _sample(seed: int, progress: Progress | None) -> SourceItems:
    grey = mnist_sample(seed, progress)
    note = f"{grey.splits.note} Each pixel drawn once by seed {DRAW_SEED}: nats are not those of the official draw."
    splits = Splits(grey.splits.train, grey.splits.validation, grey.splits.test, note)
    return SourceItems(drawn_once(grey.x, DRAW_SEED), grey.labels, DIGIT_NAMES, splits)


SOURCES = (
    Source(
        name="mnist-sample-binarised",
        title="MNIST sample, binarised once",
        kind="image",
        licence=MNIST_LICENCE,
        source=f"{MNIST_SOURCE}; the 500 first of each class, each pixel one draw with its grey value as the chance",
        offline=True,
        n_items=5_000,
        event_shape=(1, SIDE, SIDE),
        read=_sample,
        fingerprint="ed42e898e3994c6a292b7b9eb06f582bc82f427d6207c90a08a84f39154ea2f5",
    ),
    Source(
        name=NAME,
        title="Static binarised MNIST",
        kind="image",
        licence=f"{MNIST_LICENCE}; the draw has no licence of its own",
        source="Salakhutdinov and Murray, ICML 2008; splits of Larochelle and Murray, AISTATS 2011",
        offline=False,
        n_items=70_000,
        event_shape=(1, SIDE, SIDE),
        read=_official,
        fingerprint="4535691fc3df006e5d5476eee0a2312f6cdf23f7d125c9e7eec3dabec77b5420",
    ),
)
