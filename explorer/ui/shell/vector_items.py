"""Items whose own vectors are their codes: data that came without a model."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from jaxtyping import Float, Int, Num

from explorer.checkpoints import VectorCheckpoint
from explorer.core.errors import ExplorerError
from explorer.data import Dataset
from explorer.data.vectors import Vectors, VectorScale, VectorScaling, are_vectors, scaling_of, vectors_of
from explorer.io.contract import Contract
from explorer.ui.shell import cache, session
from explorer.ui.shell.cache import cached_resource
from explorer.ui.shell.session import Context
from explorer.views.items import class_by_class

SCALE = "vector_scale"
"""In the session and the link: what distances are measured in."""


@dataclass(frozen=True)
class VectorItems:
    """The choice in the sidebar where no model is chosen.

    Args:
        dataset: items with vectors.
        rows: row numbers to show.
        split: which these are, with their number: "all, n = 300", "a sample of 1,000,000, n = 5,000".
        scale: what distances are measured in.
    """

    dataset: Dataset
    rows: Int[np.ndarray, " n"]
    split: str
    scale: VectorScale = "as they are"

    @property
    def model(self) -> None:
        return None

    @property
    def vectors(self) -> Vectors:
        return vectors_of(self.dataset)

    @property
    def code_size(self) -> int:
        return len(self.vectors.columns)

    @property
    def code_names(self) -> tuple[str, ...]:
        return self.vectors.names

    @property
    def name(self) -> str:
        """What files are called that hold something of this choice."""
        return "vectors"

    @property
    def contract(self) -> Contract | None:
        return self.dataset.contract

    @property
    def is_image(self) -> bool:
        return self.dataset.kind == "image"

    @property
    def is_real(self) -> bool:
        return True

    def x(self, positions: Int[np.ndarray, " k"] | slice = slice(None)) -> Num[np.ndarray, "n *event"]:
        """Shown items by position among ``rows``, as stored."""
        return self.dataset.x[self.rows[positions]]

    def labels(self) -> Int[np.ndarray, " n"] | None:
        return None if self.dataset.labels is None else np.asarray(self.dataset.labels)[self.rows]

    def samples(self, n: int) -> Int[np.ndarray, " k"]:
        """(n,) positions among ``rows`` to show first: every class in turn, the same ones every time."""
        return class_by_class(self.labels(), len(self.rows), n)

    def codes(self) -> Float[np.ndarray, "n d"]:
        """(n, D) vectors of the shown rows, scaled."""
        rows = slice(None) if len(self.rows) == len(self.dataset) else self.rows  # all of them are not copied
        return _scaling(self.dataset, self.scale)(self.vectors.rows(rows))

    def thinned(self, limit: int) -> VectorItems:
        """The same choice with at most ``limit`` rows, spread over all."""
        rows = cache.shown_rows(np.arange(len(self.dataset)), limit)
        return replace(self, rows=rows, split=_split(rows, len(self.dataset)))

    def with_row(self, row: int, among: Int[np.ndarray, " m"]) -> VectorItems:
        """The same choice with one more row, where that is one of these."""
        if row in self.rows or row not in among:
            return self
        rows = np.sort(np.append(self.rows, row))
        return replace(self, rows=rows, split=_split(rows, len(self.dataset)))


MapContext = Context | VectorItems
"""What a map can be drawn of: a model with items, or items with vectors."""


def current() -> MapContext:
    """The choice in the sidebar, with or without a model.

    Raises:
        ExplorerError: as ``session.current``; without a model: no data with vectors.
    """
    if session.lacks_decoder():
        return _encoded(session.vector_checkpoint_of(st.session_state["model"]), st.session_state.get("data"))
    if not session.is_without_model():
        return session.current()
    name = st.session_state.get("data")
    if name is None:
        raise ExplorerError("There are no vectors yet.", "Add a file of vectors under Add my data in the sidebar.")
    dataset = session.dataset_of(name)
    rows = cache.shown_rows(np.arange(len(dataset)))
    vectors_of(dataset)
    scale = st.session_state.get(SCALE, "as they are")
    return VectorItems(dataset, rows, _split(rows, len(dataset)), scale)


def _encoded(encoder: VectorCheckpoint, name: str | None) -> VectorItems:
    """Items with the codes that an encoder alone gives them.

    Raises:
        ExplorerError: there are no items for it.
    """
    if name is None or name == session.NO_DATA:
        raise ExplorerError(
            f"{encoder.name} is an encoder alone: without items there are no codes.", "Add your data in the sidebar."
        )
    dataset = session.dataset_of(name, encoder.card)
    rows = cache.shown_rows(np.arange(len(dataset)))
    scale = st.session_state.get(SCALE, "as they are")
    return VectorItems(_with_codes(encoder, dataset), rows, _split(rows, len(dataset)), scale)


@cached_resource(max_entries=4, spinner="Encoding the items")
def _with_codes(encoder: VectorCheckpoint, dataset: Dataset) -> Dataset:
    """The dataset with codes as the vectors beside its items."""
    codes = encoder.encode(dataset.x)
    both = hashlib.sha256(f"{encoder.fingerprint}|{dataset.fingerprint}".encode()).hexdigest()
    return replace(dataset, vectors=codes, fingerprint=both)


def dataset_names() -> list[str]:
    """Data here whose items have vectors, the visitor's own first."""
    added = [name for name, own in session.user_datasets().items() if are_vectors(own)]
    others = [name for name in session.dataset_names() if name not in session.user_datasets()]
    return [*added, *(name for name in others if session.is_table(name))]


def _split(rows: Int[np.ndarray, " n"], total: int) -> str:
    which = "all" if len(rows) == total else f"a sample of {total:,}"
    return f"{which}, n = {len(rows):,}"


@cached_resource(max_entries=8, spinner="Measuring the vectors")
def _scaling(dataset: Dataset, scale: VectorScale) -> VectorScaling:
    return scaling_of(vectors_of(dataset), scale)
