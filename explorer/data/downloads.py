"""Datasets too large to ship: read from the folder named by EXPLORER_DATA, or downloaded on request."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from explorer.core.errors import DataError
from explorer.data import binarised, photo_sets
from explorer.data.base import Progress
from explorer.data.bundled import (
    CLOTHING_NAMES,
    DIGIT_NAMES,
    FASHION_LICENCE,
    FASHION_SOURCE,
    MNIST_LICENCE,
    MNIST_SOURCE,
)
from explorer.data.cache import cache_folder, cached_items, file_key
from explorer.data.cifar import read_cifar
from explorer.data.source import Source, SourceItems
from explorer.data.splits import Splits
from explorer.io.idx import gunzip, read_idx

PHOTO_SETS = tuple(source.name for source in photo_sets.SOURCES)
N_TEST, N_VALIDATION = 10_000, 5_000
MNIST_SAMPLE_PER_CLASS = 500
KMNIST_NAMES = ("お o", "き ki", "す su", "つ tsu", "な na", "は ha", "ま ma", "や ya", "れ re", "を wo")
CIFAR_NAMES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


_Arrays = tuple[np.ndarray, np.ndarray]


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


def _idx_files(checksums: tuple[str, ...], unpacked: tuple[str, ...] = ("",) * 4) -> tuple[RemoteFile, ...]:
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
    "kmnist": Remote(
        "kmnist",
        "http://codh.rois.ac.jp/kmnist/dataset/kmnist/",
        _idx_files(
            (
                "sha256:51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4",
                "sha256:e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17",
                "sha256:edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5",
                "sha256:20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c",
            )
        ),
    ),
    "cifar-10": Remote(
        "cifar-10",
        "https://www.cs.toronto.edu/~kriz/",
        (
            RemoteFile(
                "cifar-10-binary.tar.gz", "sha256:c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"
            ),
        ),
    ),
}


def fetch(name: str, progress: Progress | None = None, mirror: str | None = None) -> list[Path]:
    """Make sure that a dataset's files are on this machine; download those that are missing.

    Args:
        name: of `REMOTES`.
        progress: called with the share of all files.
        mirror: address to download from instead, with one folder a dataset, such as
            ``MIRROR/mnist/train-images-idx3-ubyte.gz``; by default the environment variable EXPLORER_MIRROR.

    Returns:
        The files: those of EXPLORER_DATA where it has them all, else those in the cache folder.

    Raises:
        DataError: unknown name, no connection, or a file that is not the published one.
    """
    from explorer.data.fetching import download  # brings requests, which takes 0.2 s that only a download needs

    if name in PHOTO_SETS:
        raise DataError(
            f"Nobody may pass on the photos {name!r}, so there is no address to fetch them from.",
            f"Put them into a folder {name} below the one that EXPLORER_DATA names.",
        )
    if name == binarised.NAME:
        raise DataError(
            f"There is no address to fetch {name!r} from.",
            f"Put {binarised.PACKED} into a folder {name} below the one that EXPLORER_DATA names.",
        )
    if name not in REMOTES:
        raise DataError(f"There is nothing to fetch for {name!r}.", f"These can be fetched: {', '.join(REMOTES)}.")
    if (paths := _find(name, _places()[:-1])) is not None:
        return paths
    remote, folder = REMOTES[name], _places()[-1] / REMOTES[name].folder
    mirror = mirror or os.environ.get("EXPLORER_MIRROR")
    address = f"{mirror.rstrip('/')}/{remote.folder}/" if mirror else remote.address
    for done, file in enumerate(remote.files):
        hint = (
            f"Without a connection, put {file.name} into {folder} by hand, "
            f"or name a folder that has {remote.folder}/{file.name} in EXPLORER_DATA."
        )
        step = _part_of(progress, done, len(remote.files), f"Downloading {file.name}")
        download(address + file.name, folder / file.name, file.checksum, step, hint)
    if progress:
        progress(1.0, f"{name} is on this machine")
    return [folder / file.name for file in remote.files]


def _part_of(progress: Progress | None, done: int, parts: int, what: str) -> Progress | None:
    if progress is None:
        return None
    return lambda share, words: progress((done + share) / parts, f"{what}: {words}")


def _places() -> list[Path]:
    """Folders to look in, in this order; downloads go into the last."""
    chosen = os.environ.get("EXPLORER_DATA")
    return [*([Path(chosen)] if chosen else []), cache_folder() / "downloads"]


def _find(name: str, places: list[Path]) -> list[Path] | None:
    remote = REMOTES[name]
    for place in places:
        paths = [place / remote.folder / file.name for file in remote.files]
        if all(path.is_file() for path in paths):
            return paths
    return None


def is_local(name: str) -> bool:
    """Whether the dataset of this name needs no download: it is bundled, or its files are on this machine."""
    if name in (*PHOTO_SETS, binarised.NAME):
        return photo_sets.folder_of(name) is not None
    return name not in REMOTES or _find(name, _places()) is not None


Read = Callable[[int, Progress | None], SourceItems]
Split = Callable[[np.ndarray, int], Splits]


def _reader(name: str, label_names: tuple[str, ...], split: Split, parse: Callable[[list[bytes]], _Arrays]) -> Read:
    """A reader of the files of `REMOTES[name]`: checked and decoded once, then memory-mapped.

    Args:
        name: of `REMOTES`.
        label_names: one name a label value.
        split: labels and seed to splits.
        parse: the files' bytes to items (N, C, H, W) uint8 and labels (N,), training rows first.
    """

    def read(seed: int, progress: Progress | None) -> SourceItems:
        paths = _find(name, _places())
        if paths is None:
            raise DataError(
                f"The dataset {name!r} is not on this machine.", f"Get it with: python -m explorer data fetch {name}"
            )

        def build(draft: Path) -> dict[str, Any]:
            if progress:
                progress(0.0, f"Unpacking {name}")
            x, labels = parse([_checked(path, file) for path, file in zip(paths, REMOTES[name].files, strict=True)])
            np.save(draft / "x.npy", x)
            np.save(draft / "labels.npy", labels.astype(np.int64))
            return {}

        cached = cached_items(f"{name}-{file_key(*paths)}", build)
        assert cached.labels is not None  # noqa: S101 - written above
        return SourceItems(
            cached.x, cached.labels, label_names, split(cached.labels, seed), fingerprint=cached.fingerprint
        )

    return read


def _parse_idx(files: list[bytes]) -> _Arrays:
    """Train images, train labels, test images, test labels; checked already, so that a name is not needed."""
    arrays = [read_idx(data, "The file") for data in files]
    return np.concatenate(arrays[0::2])[:, None], np.concatenate(arrays[1::2])


def _parse_cifar(files: list[bytes]) -> _Arrays:
    return read_cifar(files[0], REMOTES["cifar-10"].files[0].name)


def _checked(path: Path, file: RemoteFile) -> bytes:
    data = path.read_bytes()
    if not file.matches(data):
        raise DataError(f"{path} is damaged: its checksum is not the published one.", "Delete it and fetch it again.")
    return data


def _official(rows: np.ndarray, seed: int, n: int, note: str) -> Splits:
    """Hold out 5,000 of the given training rows by seed; the last 10,000 of all n rows are the test split."""
    order = np.random.Generator(np.random.PCG64(seed)).permutation(rows)
    return Splits(
        train=np.sort(order[N_VALIDATION:]),
        validation=np.sort(order[:N_VALIDATION]),
        test=np.arange(n - N_TEST, n, dtype=np.int64),
        note=note,
    )


def _split_official(labels: np.ndarray, seed: int) -> Splits:
    rows = np.arange(len(labels) - N_TEST, dtype=np.int64)
    note = f"The official test split; 5,000 of the {len(rows):,} training rows, by seed {seed}, validate."
    return _official(rows, seed, len(labels), note)


def _split_without_sample(labels: np.ndarray, seed: int) -> Splits:
    """As `_split_official`, without the rows of "mnist-sample": the first 500 of each class."""
    training = labels[:-N_TEST]
    sample = np.concatenate([np.flatnonzero(training == c)[:MNIST_SAMPLE_PER_CLASS] for c in range(len(DIGIT_NAMES))])
    rows = np.setdiff1d(np.arange(len(training), dtype=np.int64), sample)
    note = (
        f"The official test split; the 5,000 training rows of mnist-sample are left out of all splits, "
        f"and 5,000 of the other {len(rows):,}, by seed {seed}, validate."
    )
    return _official(rows, seed, len(labels), note)


SOURCES = (
    Source(
        name="mnist",
        title="MNIST",
        kind="image",
        licence=MNIST_LICENCE,
        source=MNIST_SOURCE,
        offline=False,
        n_items=70_000,
        event_shape=(1, 28, 28),
        read=_reader("mnist", DIGIT_NAMES, _split_without_sample, _parse_idx),
        fingerprint="4b00702781eee7b0e2b273ae0500400245ca48c60de344f9a876e4f5c839cd23",
    ),
    Source(
        name="fashion-mnist",
        title="Fashion-MNIST",
        kind="image",
        licence=FASHION_LICENCE,
        source=FASHION_SOURCE,
        offline=False,
        n_items=70_000,
        event_shape=(1, 28, 28),
        read=_reader("fashion-mnist", CLOTHING_NAMES, _split_official, _parse_idx),
        fingerprint="0219298d6e46d2b30f65ccb756a000f9eb81c9d7b8d63ad5f3b691c8b3f8207c",
    ),
    Source(
        name="kmnist",
        title="Kuzushiji-MNIST",
        kind="image",
        licence="CC BY-SA 4.0, ROIS-DS Center for Open Data in the Humanities",
        source="Clanuwat, Bober-Irizar, Kitamoto, Lamb, Yamamoto, Ha, arXiv:1812.01718; doi:10.20676/00000341",
        offline=False,
        n_items=70_000,
        event_shape=(1, 28, 28),
        read=_reader("kmnist", KMNIST_NAMES, _split_official, _parse_idx),
    ),
    Source(
        name="cifar-10",
        title="CIFAR-10",
        kind="image",
        licence="no licence stated; cite the source",
        source="Krizhevsky, Learning multiple layers of features from tiny images, 2009",
        offline=False,
        n_items=60_000,
        event_shape=(3, 32, 32),
        read=_reader("cifar-10", CIFAR_NAMES, _split_official, _parse_cifar),
    ),
    *photo_sets.SOURCES,
)
