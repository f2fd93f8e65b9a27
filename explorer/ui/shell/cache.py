"""What is kept between reruns, by value: file names with their time, dataset names, fingerprints, row ranges.

The underscored arguments are carried along and never part of a key.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import streamlit as st

from explorer import checkpoints, data, evaluation
from explorer.checkpoints import Card, Checkpoint
from explorer.data import Dataset

ITEMS_SHOWN = 5000
"""Pages look at no more than so many items of a dataset at once, evenly spread, and say so."""


def load_checkpoint(path: Path) -> Checkpoint:
    """The checkpoint of a file, loaded once for each version of the file."""
    return _load_checkpoint(str(path), path.stat().st_mtime_ns)


@st.cache_resource(max_entries=16, show_spinner="Opening the checkpoint")
def _load_checkpoint(path: str, modified: int) -> Checkpoint:
    return checkpoints.load(path)


def load_card(path: Path) -> Card:
    """The card of a file, read once for each version of the file."""
    return _load_card(str(path), path.stat().st_mtime_ns)


@st.cache_data(max_entries=256, show_spinner=False)
def _load_card(path: str, modified: int) -> Card:
    return checkpoints.load_card(path)


@st.cache_resource(max_entries=8, show_spinner="Reading the data")
def load_dataset(name: str, seed: int = 0) -> Dataset:
    """A dataset of the registry, read once."""
    return data.dataset(name, seed)


def shown_rows(rows: np.ndarray, limit: int = ITEMS_SHOWN) -> np.ndarray:
    """At most ``limit`` of the rows, evenly spread; the same ones every time."""
    return evaluation.evenly_spaced(rows, limit)


def codes(checkpoint: Checkpoint, dataset: Dataset, rows: np.ndarray) -> np.ndarray:
    """(n, latent_dim) codes of rows, computed once."""
    return _codes(checkpoint_key(checkpoint), dataset.fingerprint, rows_key(rows), checkpoint, dataset, rows)


@st.cache_data(max_entries=32, show_spinner="Encoding")
def _codes(
    model_key: str, data_key: str, row_key: str, _checkpoint: Checkpoint, _dataset: Dataset, _rows: np.ndarray
) -> np.ndarray:
    return _checkpoint.encode(_dataset.x[_rows])


def errors(checkpoint: Checkpoint, dataset: Dataset, rows: np.ndarray) -> np.ndarray:
    """(n,) reconstruction errors of rows, computed once."""
    return _errors(checkpoint_key(checkpoint), dataset.fingerprint, rows_key(rows), checkpoint, dataset, rows)


@st.cache_data(max_entries=32, show_spinner="Reconstructing")
def _errors(
    model_key: str, data_key: str, row_key: str, _checkpoint: Checkpoint, _dataset: Dataset, _rows: np.ndarray
) -> np.ndarray:
    return _checkpoint.reconstruction_errors(_dataset.x[_rows])


def checkpoint_key(checkpoint: Checkpoint) -> str:
    """A text that differs for different weights: what the card says of when and from what they came."""
    card = checkpoint.card
    return f"{card.name}|{card.created}|{card.data.fingerprint}|{card.best_epoch}|{card.training_seconds}"


def rows_key(rows: np.ndarray) -> str:
    """A text that differs for different rows."""
    import hashlib

    return hashlib.blake2b(np.ascontiguousarray(rows, np.int64).tobytes(), digest_size=12).hexdigest()


def rows_for(checkpoint: Checkpoint, dataset: Dataset, limit: int = ITEMS_SHOWN) -> tuple[np.ndarray, str]:
    """Rows to show for a checkpoint (at most ``limit``), and a label with split and number: "test, n = 1,000"."""
    rows, split = evaluation.rows_for(checkpoint, dataset)
    chosen = shown_rows(rows, limit)
    return chosen, f"{split}, n = {len(chosen):,}"
