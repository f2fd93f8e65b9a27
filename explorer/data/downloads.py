"""Datasets too large to ship: read from the folder named by EXPLORER_DATA, or from an earlier download."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from explorer.data.base import Items, Progress, Source, Splits
from explorer.data.bundled import (
    CLOTHING_NAMES,
    DIGIT_NAMES,
    FASHION_LICENCE,
    FASHION_SOURCE,
    MNIST_LICENCE,
    MNIST_SOURCE,
)
from explorer.data.cache import cache_folder, cached_items, file_key
from explorer.data.idx import gunzip, read_idx
from explorer.errors import DataError

N_TRAIN_FILE, N_TEST_FILE, N_VALIDATION = 60_000, 10_000, 5_000
MNIST_SAMPLE_PER_CLASS = 500


@dataclass(frozen=True)
class RemoteFile:
    """One file of a dataset.

    Args:
        name: of the file.
        checksum: of the file as its publisher serves it, "md5:..." or "sha256:...".
        unpacked: md5 of the unpacked bytes; where given, it alone decides, since packers may differ in the header.
    """

    name: str
    checksum: str
    unpacked: str = ""

    def matches(self, data: bytes) -> bool:
        """Whether these bytes are the file."""
        if self.unpacked:
            return hashlib.md5(gunzip(data, self.name), usedforsecurity=False).hexdigest() == self.unpacked
        algorithm, _, digest = self.checksum.partition(":")
        return hashlib.new(algorithm, data, usedforsecurity=False).hexdigest() == digest


@dataclass(frozen=True)
class Remote:
    """Where a dataset's files come from.

    Args:
        folder: its sub-folder of EXPLORER_DATA and of the cache.
        address: base address, ending in a slash.
        files: in the order its reader takes them.
    """

    folder: str
    address: str
    files: tuple[RemoteFile, ...]


def _idx_files(checksums: tuple[str, ...], unpacked: tuple[str, ...]) -> tuple[RemoteFile, ...]:
    names = (f"{part}-{kind}-ubyte.gz" for part in ("train", "t10k") for kind in ("images-idx3", "labels-idx1"))
    return tuple(RemoteFile(*entry) for entry in zip(names, checksums, unpacked, strict=True))


REMOTES = {
    "mnist": Remote(
        "mnist",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        _idx_files(
            (
                "sha256:440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                "sha256:3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
                "sha256:8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
                "sha256:f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            ),
            (
                "6bbc9ace898e44ae57da46a324031adb",
                "a25bea736e30d166cdddb491f175f624",
                "2646ac647ad5339dbf082846283269ea",
                "27ae3e4e09519cfbb04c329615203637",
            ),
        ),
    ),
    "fashion-mnist": Remote(
        "fashion-mnist",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        _idx_files(
            (
                "md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d",
                "md5:25c81989df183df01b3e8a0aad5dffbe",
                "md5:bef4ecab320f06d8554ea6380940ec79",
                "md5:bb300cfdad3c16e7a12a480ee83cd310",
            ),
            (
                "f4a8712d7a061bf5bd6d2ca38dc4d50a",
                "9018921c3c673c538a1fc5bad174d6f9",
                "8181f5470baa50b63fa0f6fddb340f0a",
                "15d484375f8d13e6eb1aabb0c3f46965",
            ),
        ),
    ),
}


def local_files(name: str) -> list[Path]:
    """The dataset's files on this machine: those of EXPLORER_DATA, else those of an earlier download.

    Raises:
        DataError: a file is in neither place.
    """
    remote = REMOTES[name]
    places = [cache_folder() / "downloads"]
    if folder := os.environ.get("EXPLORER_DATA"):
        places.insert(0, Path(folder))
    for place in places:
        paths = [place / remote.folder / file.name for file in remote.files]
        if all(path.is_file() for path in paths):
            return paths
    raise DataError(
        f"The dataset {name!r} is not on this machine.",
        f"Get it with: python -m explorer data fetch {name}",
    )


def _reader(
    name: str, label_names: tuple[str, ...], split: Callable[[np.ndarray, int], Splits]
) -> Callable[[int, Progress | None], Items]:
    """A reader of IDX sets: train and t10k files become one array of rows, train first."""

    def read(seed: int, progress: Progress | None) -> Items:
        paths = local_files(name)
        remote = REMOTES[name]

        def build(draft: Path) -> dict[str, Any]:
            arrays = []
            for done, (path, file) in enumerate(zip(paths, remote.files, strict=True)):
                if progress:
                    progress(done / len(paths), f"Unpacking {path.name}")
                arrays.append(read_idx(_checked(path, file), str(path)))
            x = np.concatenate(arrays[0::2])[:, None]
            np.save(draft / "x.npy", x)
            np.save(draft / "labels.npy", np.concatenate(arrays[1::2]).astype(np.int64))
            return {}

        cached = cached_items(f"{name}-{file_key(*paths)}", build)
        assert cached.labels is not None  # noqa: S101 - written above
        return Items(cached.x, cached.labels, label_names, split(cached.labels, seed), fingerprint=cached.fingerprint)

    return read


def _checked(path: Path, file: RemoteFile) -> bytes:
    data = path.read_bytes()
    if not file.matches(data):
        raise DataError(f"{path} is damaged: its checksum is not the published one.", "Delete it and fetch it again.")
    return data


def _official(rows: np.ndarray, seed: int, note: str) -> Splits:
    """Hold out 5,000 of the given training rows by seed; the t10k file's rows are the test split."""
    order = np.random.Generator(np.random.PCG64(seed)).permutation(rows)
    return Splits(
        train=np.sort(order[N_VALIDATION:]),
        validation=np.sort(order[:N_VALIDATION]),
        test=np.arange(N_TRAIN_FILE, N_TRAIN_FILE + N_TEST_FILE, dtype=np.int64),
        note=note,
    )


def _split_official(labels: np.ndarray, seed: int) -> Splits:
    note = f"The official test split; 5,000 of the 60,000 training rows, by seed {seed}, validate."
    return _official(np.arange(N_TRAIN_FILE, dtype=np.int64), seed, note)


def _split_without_sample(labels: np.ndarray, seed: int) -> Splits:
    """As `_split_official`, without the rows of "mnist-sample": the first 500 of each class."""
    training = labels[:N_TRAIN_FILE]
    sample = np.concatenate([np.flatnonzero(training == c)[:MNIST_SAMPLE_PER_CLASS] for c in range(len(DIGIT_NAMES))])
    note = (
        f"The official test split; the 5,000 training rows of mnist-sample are left out of all splits, "
        f"and 5,000 of the other 55,000, by seed {seed}, validate."
    )
    return _official(np.setdiff1d(np.arange(N_TRAIN_FILE, dtype=np.int64), sample), seed, note)


SOURCES = (
    Source(
        name="mnist",
        title="MNIST",
        kind="image",
        licence=MNIST_LICENCE,
        source=MNIST_SOURCE,
        offline=False,
        size="70,000 images, 1x28x28",
        read=_reader("mnist", DIGIT_NAMES, _split_without_sample),
    ),
    Source(
        name="fashion-mnist",
        title="Fashion-MNIST",
        kind="image",
        licence=FASHION_LICENCE,
        source=FASHION_SOURCE,
        offline=False,
        size="70,000 images, 1x28x28",
        read=_reader("fashion-mnist", CLOTHING_NAMES, _split_official),
    ),
)
