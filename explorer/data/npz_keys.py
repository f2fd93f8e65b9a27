"""What the arrays of an NPZ file are, by the names that programs give them: items, labels, and the split of each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Num, Shaped

from explorer.core.errors import DataError
from explorer.data.splits import SPLITS, Split, Splits
from explorer.data.user_npz import ITEM_NAMES, ITEM_NUMBERS, WRITTEN

ITEM_WORDS = (
    "x",
    "images",
    "image",
    "imgs",
    "img",
    "data",
    "inputs",
    "input",
    "pictures",
    "samples",
    "features",
    "fea",
)
VECTOR_WORDS = (
    "embeddings",
    "embedding",
    "emb",
    "embs",
    "vectors",
    "vector",
    "codes",
    "latents",
    "latent",
    "z",
    "features",
    "fea",
)
"""Of vectors that stand beside items; without any items they are the items."""
LABEL_WORDS = ("y", "labels", "label", "lab", "lbl", "lbls", "targets", "target", "classes", "class", "gnd")
SPLIT_WORDS: dict[str, Split] = {
    "train": "train", "training": "train", "tr": "train",
    "validation": "validation", "valid": "validation", "val": "validation", "dev": "validation",
    "test": "test", "testing": "test", "te": "test",
}  # fmt: skip
BESIDE = "beside the items, and no input"
"""What is said of arrays with a value an item."""
NAME_KEYS = ("feature_names", "columns")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


@dataclass(frozen=True, eq=False)
class FoundArrays:
    """The arrays of a file by what they are.

    Args:
        x: (N, ...) all items, those to learn from first.
        labels: of all items, or None.
        feature_names: names of columns, or None.
        splits: which items are for what, where the names say so.
        left_out: (name, reason) of the arrays that are not used. One with a value an item is none of them: it stands
            beside the items (``data.beside``), where it is a colour, a filter and a search.
        told: how items and labels were told where no name says it, and what is neither; empty: all is by its name.
        vectors: (N, D) of the items, such as embeddings of pictures; None: there are none.
    """

    x: Shaped[np.ndarray, "n *event"]
    labels: Shaped[np.ndarray, "*of_labels"] | None
    feature_names: tuple[str, ...] | None
    splits: Splits | None
    left_out: tuple[tuple[str, str], ...]
    told: str = ""
    vectors: Num[np.ndarray, "n d"] | None = None


def find_arrays(arrays: Mapping[str, np.ndarray], name: str) -> FoundArrays:
    """Tell items from labels, and training items from others.

    Names are read as words: ``x``, ``images``, ``X_train``, ``testLabels``, ``val_images``. Arrays without any, such as
    ``arr_0``, are items where they have two axes or more, and labels where they have one number an item.

    Args:
        arrays: by their names.
        name: of the file, for errors.

    Raises:
        DataError: no array holds items, or their shapes do not go together.
    """
    items, labels, vectors = (_named(arrays, words) for words in (ITEM_WORDS, LABEL_WORDS, VECTOR_WORDS))
    vectors = {split: key for split, key in vectors.items() if key not in items.values() and _are_rows(arrays[key])}
    if not items:
        items, vectors = vectors, {}
    is_by_shape = not items
    if is_by_shape:
        items, labels = _by_shape(arrays, labels)
    if not items:
        raise DataError(
            f"{name} has no array of items, such as x, images or x_train.", f"It has: {', '.join(arrays) or 'none'}."
        )
    if items.keys() > {None}:  # x beside x_train: the whole, then
        items = {None: items[None]}
    order = [split for split in (None, *SPLITS) if split in items]
    x = _joined([arrays[items[split]] for split in order], name)
    of_labels = [labels[split] for split in order if split in labels]
    joined = _labels([arrays[key] for key in of_labels]) if len(of_labels) == len(order) else None
    unused = {key: "an array that is neither items nor their labels" for key in arrays if key not in NAME_KEYS}
    beside = _beside(arrays, vectors, order, len(x))
    of_vectors = list(vectors.values()) if beside is not None else []
    for key in (*items.values(), *of_vectors, *(of_labels if joined is not None else ())):
        unused.pop(key, None)
    if joined is not None and joined.ndim > 1 and len(joined) == len(x):
        unused |= dict.fromkeys(of_labels, "several labels an item, of which none is used")
        joined = None
    with_values = [key for key in unused if is_beside(key) and _has_a_value_each(arrays[key], len(x))]
    for key in with_values:
        del unused[key]
    told = ""
    if is_by_shape:
        told = f"`{items[None]}` is taken for the items"
        told += f" and `{of_labels[0]}` for their labels" if joined is not None else ", no array for their labels"
        told += f", by their shapes; left out: {', '.join(unused)}" if unused else ", by their shapes"
    elif unknown := [key for key in unused if not _is_known(key)]:
        told = f"left out: {', '.join(unknown)}, neither items nor one label an item"
    if with_values:
        told += f"{'; ' if told else ''}{BESIDE}: {', '.join(with_values)}"
    names = next((arrays[key] for key in NAME_KEYS if key in arrays), None)
    return FoundArrays(
        x,
        joined,
        None if names is None else tuple(map(str, names.ravel())),
        _splits({split: len(arrays[items[split]]) for split in order if split is not None}),
        tuple((f"{name}: {key}", reason) for key, reason in unused.items()),
        told if len(arrays) > 1 else "",
        beside,
    )


def is_beside(key: str) -> bool:
    """Whether an array is neither items, labels nor their names, so that it may say something of each item."""
    if _is_known(key) or key in NAME_KEYS:
        return False
    return all(_rank(key, words) is None for words in (ITEM_WORDS, LABEL_WORDS, VECTOR_WORDS))


def _named(arrays: Mapping[str, np.ndarray], words: tuple[str, ...]) -> dict[Split | None, str]:
    """The array of each split whose name says best that it is of a kind."""
    chosen: dict[Split | None, str] = {}
    for _, key in sorted((rank, key) for key in arrays if (rank := _rank(key, words)) is not None):
        chosen.setdefault(_split(key), key)
    return chosen


def _has_a_value_each(array: np.ndarray, n: int) -> bool:
    return array.shape in ((n,), (n, 1)) and array.dtype.kind in "MbuifSU"


def _are_rows(array: np.ndarray) -> bool:
    return array.ndim == 2 and array.dtype.kind in "uif" and bool(array.size)


def _beside(
    arrays: Mapping[str, np.ndarray], vectors: Mapping[Split | None, str], order: list[Split | None], n: int
) -> np.ndarray | None:
    """The vectors of n items in these splits; None where they are not one an item."""
    if set(order) != set(vectors):
        return None
    parts = [arrays[vectors[split]] for split in order]
    fits = len({part.shape[1] for part in parts}) == 1 and sum(map(len, parts)) == n
    return (parts[0] if len(parts) == 1 else np.concatenate(parts)) if fits else None


def _is_known(key: str) -> bool:
    """Whether this program wrote an array beside items and labels."""
    return key.startswith(WRITTEN) or key in (ITEM_NAMES, ITEM_NUMBERS)


def _rank(key: str, words: tuple[str, ...]) -> int | None:
    """How well a name says that it is of that kind, the lowest best; None: it does not."""
    parts = _parts(key)
    if "names" in parts or key in NAME_KEYS:
        return None
    kinds = [word for word in parts if word not in SPLIT_WORDS]
    if not kinds and parts and words is ITEM_WORDS:
        return len(words)  # only "train", "test"
    # "image_labels" are labels: the last word says what it is.
    return words.index(kinds[-1]) if kinds and kinds[-1] in words else None


def _split(key: str) -> Split | None:
    return next((SPLIT_WORDS[word] for word in _parts(key) if word in SPLIT_WORDS), None)


def _parts(key: str) -> list[str]:
    words = [word.lower() for word in _WORDS.findall(key.replace("t10k", "test"))]  # as MNIST's files of 10,000
    split = [[word[0], word[1:]] if word[:1] in "xy" and word[1:] in SPLIT_WORDS else [word] for word in words]
    return [part for parts in split for part in parts if not part.isdecimal()]


def _by_shape(
    arrays: Mapping[str, np.ndarray], labels: dict[Split | None, str]
) -> tuple[dict[Split | None, str], dict[Split | None, str]]:
    """Items and labels of arrays whose names say nothing."""
    numbers = [key for key, array in arrays.items() if array.ndim >= 2 and array.dtype.kind in "buif"]
    if len(numbers) != 1:
        numbers = [key for key in numbers if key == "arr_0"]
    if not numbers:
        return {}, {}
    n = len(arrays[numbers[0]])
    single = [key for key, array in arrays.items() if array.size == n and key != numbers[0] and _may_be_labels(array)]
    return {None: numbers[0]}, labels or ({None: single[0]} if len(single) == 1 else {})


def _may_be_labels(array: np.ndarray) -> bool:
    """Whether values name classes: text or whole numbers, of which some come again."""
    values = array.reshape(-1)
    if values.dtype.kind == "f" and not (np.isfinite(values).all() and (values == np.floor(values)).all()):
        return False
    return values.dtype.kind in "buifUS" and len(np.unique(values)) < len(values)


def _joined(parts: list[np.ndarray], name: str) -> np.ndarray:
    if len({part.shape[1:] for part in parts}) > 1:
        shapes = " and ".join(str(part.shape) for part in parts)
        raise DataError(f"{name} holds items of the shapes {shapes}.", "Items of all splits need the same shape.")
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _labels(parts: list[np.ndarray]) -> np.ndarray:
    """Labels of all splits; of a 1 among zeros its place."""
    joined = []
    for part in parts:
        one_hot = part.ndim == 2 and part.shape[1] > 1 and part.dtype.kind in "buif"
        if one_hot and ((part == 0) | (part == 1)).all() and (part.sum(1) == 1).all():
            joined.append(part.argmax(1))
        else:
            joined.append(part.reshape(-1) if part.size == len(part) else part)
    return joined[0] if len(joined) == 1 else np.concatenate(joined)


def _splits(counts: dict[Split, int]) -> Splits | None:
    """The split that the names give; None where they give one part alone."""
    if len(counts) < 2:
        return None
    starts = np.cumsum([0, *counts.values()])
    rows = {split: np.arange(starts[i], starts[i + 1]) for i, split in enumerate(counts)}
    nothing = np.empty(0, np.int64)
    said = ", ".join(f"{n:,} {split}" for split, n in counts.items())
    train, validation, test = (rows.get(split, nothing) for split in SPLITS)
    return Splits(train, validation, test, f"As the file has it: {said}", are_given=True)
