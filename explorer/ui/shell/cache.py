"""What is kept between reruns, by value: a result belongs to the weights, the items and the settings it came from.

``cached`` and ``cached_resource`` make the key from a function's arguments, so that no caller writes one and no
argument can be forgotten. Streamlit itself gets one short text a call, never an array or a model.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import inspect
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import ParamSpec, TypeVar

import numpy as np
import streamlit as st
from jaxtyping import Float, Int
from pydantic import BaseModel

from explorer import checkpoints, data, evaluation
from explorer.checkpoints import Card, Checkpoint, VectorCheckpoint
from explorer.core.row_samples import spread_sample
from explorer.data import Dataset, ImportOptions, SplitAsked

ITEMS_SHOWN = 5000
"""Pages look at no more than so many items of a dataset at once, spread over all, and say so."""

P = ParamSpec("P")
T = TypeVar("T")


class Keyed:
    """A value of a page that says itself what it is, since its contents are costly to digest.

    Attributes:
        key: a text that differs wherever the value does.
    """

    key: str


def key_of(*values: object) -> str:
    """A short text for values: equal ones share it, different ones do not.

    A checkpoint stands for its weights and card, a dataset for its name, items, labels and splits, an array for its
    numbers, a pydantic value for its JSON, a dataclass for its fields; a ``Keyed`` value says its own.

    Returns:
        32 hex digits.

    Raises:
        TypeError: a value of another type.
    """
    return hashlib.blake2b(_text(values).encode(), digest_size=16).hexdigest()


def cached(*, max_entries: int | None = None, spinner: str = "") -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Compute a function once for each of its arguments' values; every caller gets a copy of the result.

    Args:
        max_entries: results to keep; None: all.
        spinner: what the page says while it is computed; empty: nothing.
    """
    return functools.partial(_by_value, st.cache_data(max_entries=max_entries, show_spinner=spinner or False))


def cached_resource(*, max_entries: int | None = None, spinner: str = "") -> Callable[[Callable[P, T]], Callable[P, T]]:
    """As ``cached``, but all callers share one result, which none of them changes: for what is large."""
    return functools.partial(_by_value, st.cache_resource(max_entries=max_entries, show_spinner=spinner or False))


def _by_value(keep: Callable[[Callable[..., T]], Callable[..., T]], function: Callable[P, T]) -> Callable[P, T]:
    signature = inspect.signature(function)
    source = inspect.getsource(function)

    def compute(key: str, _function: Callable[[], T]) -> T:
        return _function()

    # By these Streamlit tells the results of one function from those of another.
    compute.__module__, compute.__qualname__ = function.__module__, function.__qualname__
    kept = keep(compute)

    @functools.wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        given = signature.bind(*args, **kwargs)
        given.apply_defaults()
        try:
            key = key_of(source, given.arguments)
        except TypeError as error:
            raise TypeError(f"{function.__qualname__} cannot be cached: {error}") from None
        return kept(key, lambda: function(*args, **kwargs))

    return call


def _text(value: object) -> str:
    """A value in full, or by its digest where it is large; each type in its own form, so that none reads as another."""
    name = type(value).__qualname__
    if value is None or isinstance(value, bool | int | float | str | Path):
        return repr(value)
    if isinstance(value, Checkpoint | Dataset | Keyed):
        return f"{name}:{_identity(value)!r}"
    if isinstance(value, bytes):
        return f"bytes:{_digest(value)}"
    if isinstance(value, np.ndarray | np.generic) and not value.dtype.hasobject:
        return f"array:{value.dtype.str}:{value.shape}:{_digest(np.ascontiguousarray(value).data)}"
    if isinstance(value, BaseModel):
        return f"{name}:{value.model_dump_json()}"
    if dataclasses.is_dataclass(value):
        return f"{name}({_texts((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))})"
    if isinstance(value, Mapping):
        return f"mapping({_texts(value.items())})"
    if isinstance(value, tuple | list):
        return f"{name}({_texts(value)})"
    raise TypeError(f"a value of type {name} has no key.")


def _identity(value: Checkpoint | Dataset | Keyed) -> tuple[str, ...]:
    """What tells a value from all others of its type."""
    if isinstance(value, Checkpoint):
        return (value.fingerprint,)
    if isinstance(value, Dataset):
        return value.name, value.fingerprint, value.splits.note
    return (value.key,)


def _texts(values: Iterable[object]) -> str:
    return ",".join(_text(value) for value in values)


def _digest(content: bytes | memoryview) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


# --- Checkpoints and data -------------------------------------------------------------------------------------------


def load_checkpoint(path: Path) -> Checkpoint:
    """The checkpoint of a file, loaded once for each version of the file."""
    return _load_checkpoint(path, path.stat().st_mtime_ns)


@cached_resource(max_entries=16, spinner="Opening the checkpoint")
def _load_checkpoint(path: Path, modified: int) -> Checkpoint:
    return checkpoints.load(path)


def load_card(path: Path) -> Card:
    """The card of a file, read once for each version of the file."""
    return _load_card(path, path.stat().st_mtime_ns)


@cached_resource(max_entries=256)
def _load_card(path: Path, modified: int) -> Card:
    return checkpoints.load_card(path)


@cached_resource(max_entries=32)
def given(conditional: VectorCheckpoint, label: str) -> VectorCheckpoint:
    """The ordinary model that a conditional one is for a label."""
    return conditional.given(label)


@cached_resource(max_entries=8, spinner="Reading the data")
def load_dataset(name: str, seed: int = 0, split: SplitAsked | None = None) -> Dataset:
    """A dataset of the registry, read once."""
    return data.dataset(name, seed, options=ImportOptions(split=split or SplitAsked()))


def shown_rows(rows: Int[np.ndarray, " n"], limit: int = ITEMS_SHOWN) -> Int[np.ndarray, " m"]:
    """At most ``limit`` of the rows, spread over all; the same ones every time."""
    return spread_sample(rows, limit)


@cached(max_entries=32, spinner="Encoding")
def codes(checkpoint: VectorCheckpoint, dataset: Dataset, rows: Int[np.ndarray, " n"]) -> Float[np.ndarray, "n d"]:
    """(n, latent_dim) codes of rows, computed once."""
    return checkpoint.encode(dataset.x[rows])


@cached(max_entries=32, spinner="Reconstructing")
def errors(checkpoint: Checkpoint, dataset: Dataset, rows: Int[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
    """(n,) reconstruction errors of rows, computed once."""
    return checkpoint.reconstruction_errors(dataset.x[rows])


def rows_for(checkpoint: Checkpoint, dataset: Dataset, limit: int = ITEMS_SHOWN) -> tuple[Int[np.ndarray, " n"], str]:
    """Rows to show for a checkpoint (at most ``limit``), and a label with split and number: "test, n = 1,000"."""
    rows, split = evaluation.rows_for(checkpoint, dataset)
    chosen = shown_rows(rows, limit)
    return chosen, f"{split}, n = {len(chosen):,}"
