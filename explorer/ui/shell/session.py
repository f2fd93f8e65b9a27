"""What a visitor is looking at: the checkpoint and the current dataset, and what they brought themselves."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import streamlit as st
from jaxtyping import Float, Int, Num

from explorer import checkpoints, evaluation
from explorer.checkpoints import Card, Checkpoint, VectorCheckpoint
from explorer.core.errors import DataError, ExplorerError
from explorer.data import DATASETS, Dataset, downloads
from explorer.io.contract import Contract
from explorer.models import REGISTRY
from explorer.ui.shell import cache, decoded_samples, user_data, user_files
from explorer.ui.shell.cache import cached_resource
from explorer.ui.shell.user_files import UserFile
from explorer.views.items import class_by_class, dimension_names

FIRST_MODEL = "mnist-vae-2d"
CHECKPOINT_UPLOAD = "checkpoint_upload"
LABEL = "label"
"""In the session and the link: the label that a conditional model is given."""
NEXT_LABEL = "next_label"
"""In the session: a label that was chosen elsewhere than in the sidebar, until that takes it."""
NO_MODEL = "none"
"""Chosen in place of a model: the items' own vectors, which came without one."""
NO_DATA = "none"
"""Chosen in place of a dataset: decoded samples, from what the card knows of the codes."""


@dataclass(frozen=True)
class Context:
    """The choice in the sidebar.

    Args:
        checkpoint: the model and its card.
        dataset: items of the shape it takes; made by its decoder where there are no others.
        rows: row numbers to show, at most ``cache.ITEMS_SHOWN``.
        split: what those rows are to the model, with their number: "test, n = 1,000".
        drawn: (N, latent_dim) the codes that ``dataset`` was decoded from; None for real items.
        conditional: the model that ``checkpoint`` is for one label, where it is conditional.
    """

    checkpoint: VectorCheckpoint
    dataset: Dataset
    rows: Int[np.ndarray, " n"]
    split: str
    drawn: Num[np.ndarray, "total d"] | None = None
    conditional: VectorCheckpoint | None = None

    @property
    def model_key(self) -> str:
        """What tells the model from others, whichever label it is given: its codes mean the same for all of them."""
        return (self.conditional or self.checkpoint).fingerprint

    @property
    def model(self) -> VectorCheckpoint:
        return self.checkpoint

    @property
    def code_size(self) -> int:
        return self.checkpoint.latent_dim

    @property
    def code_names(self) -> tuple[str, ...]:
        return dimension_names(self.code_size)

    @property
    def name(self) -> str:
        """What files are called that hold something of this choice."""
        return self.card.name

    @property
    def card(self) -> Card:
        return self.checkpoint.card

    @property
    def contract(self) -> Contract | None:
        return self.card.data.contract

    @property
    def is_image(self) -> bool:
        return self.dataset.kind == "image"

    @property
    def is_real(self) -> bool:
        """Whether the items come from data, and not from the decoder itself."""
        return self.drawn is None

    @property
    def encodes(self) -> bool:
        """Whether the model gives items codes, as a decoder alone does not."""
        return self.card.lacks != "encoder"

    def x(self, positions: Int[np.ndarray, " k"] | slice = slice(None)) -> Num[np.ndarray, "n *event"]:
        """Shown items by position among ``rows``, as stored."""
        return self.dataset.x[self.rows[positions]]

    def labels(self) -> Int[np.ndarray, " n"] | None:
        return None if self.dataset.labels is None else np.asarray(self.dataset.labels)[self.rows]

    def samples(self, n: int) -> Int[np.ndarray, " k"]:
        """(n,) positions among ``rows`` to show first: every class in turn, the same ones every time."""
        return class_by_class(self.labels(), len(self.rows), n)

    def codes(self) -> Num[np.ndarray, "n d"]:
        """(n, latent_dim) codes of the shown rows, cached; of decoded samples, those that they were decoded from."""
        if self.drawn is not None:
            return self.drawn[self.rows]
        return cache.codes(self.checkpoint, self.dataset, self.rows)

    def thinned(self, limit: int) -> Context:
        """The same choice with at most ``limit`` rows, for what must be quick; its ``split`` says how many."""
        if self.drawn is not None:
            rows = cache.shown_rows(np.arange(len(self.drawn)), limit)
            return replace(self, rows=rows, split=decoded_samples.split_of(rows))
        rows, split = cache.rows_for(self.checkpoint, self.dataset, limit)
        return replace(self, rows=rows, split=split)

    def with_row(self, row: int, among: Int[np.ndarray, " m"]) -> Context:
        """The same choice with one more row, where that is one of these; its ``split`` counts it."""
        if row in self.rows or row not in among:
            return self
        rows = np.sort(np.append(self.rows, row))
        return replace(self, rows=rows, split=f"{self.split.split(', n = ')[0]}, n = {len(rows):,}")

    def errors(self) -> Float[np.ndarray, " n"]:
        """(n,) reconstruction errors of the shown rows, cached.

        Raises:
            ExplorerError: the items are decoded samples, so that an error says nothing about real ones.
        """
        if not self.is_real:
            raise ExplorerError(
                "A reconstruction error needs real items, and no dataset is open.", "Add your data in the sidebar."
            )
        return cache.errors(self.checkpoint, self.dataset, self.rows)


def user_checkpoints() -> dict[str, Checkpoint]:
    """Checkpoints opened from the visitor's own files; one that cannot be read is left out."""
    opened = (open_checkpoint(file) for file in user_files.given(CHECKPOINT_UPLOAD))
    return {checkpoint.name: checkpoint for checkpoint in opened if isinstance(checkpoint, Checkpoint)}


@cached_resource(max_entries=8, spinner="Opening the checkpoint")
def open_checkpoint(file: UserFile) -> Checkpoint | ExplorerError:
    """A checkpoint, or why the file is none."""
    try:
        return checkpoints.load(file.content, file.name)
    except ExplorerError as error:
        return error


def user_datasets() -> dict[str, Dataset]:
    """Datasets of the visitor's own files."""
    return user_data.datasets()


def models() -> dict[str, Card | None]:
    """Name -> card of every model, sorted by training data, then family, then code size; None: it cannot be read.

    The data of ``FIRST_MODEL`` come first. Models without a vector code, which most pages cannot show, come after the
    others, and those that cannot be read come last.
    """
    files, opened = checkpoints.available(), user_checkpoints()
    read = {name: _card_in(path) for name, path in files.items()}
    read |= {name: checkpoint.card for name, checkpoint in opened.items()}
    known = {name: card for name, card in read.items() if card is not None}
    first = known[FIRST_MODEL].data.title if FIRST_MODEL in known else ""
    families = list(REGISTRY)

    def place(name: str) -> tuple[object, ...]:
        card = known[name]
        model = card.recipe.model
        data = (takes_photos(card), card.data.title != first, card.data.title)
        return (*data, families.index(model.family), model.latent_dim, name)

    return {name: known[name] for name in sorted(known, key=place)} | {n: None for n in read if n not in known}


def cards() -> dict[str, Card]:
    """The cards of all models that can be read, in the order of ``models``; without halves of autoencoders."""
    return {name: card for name, card in models().items() if card is not None and not card.lacks}


def cards_beside(context: Context) -> dict[str, Card]:
    """As ``cards``, without other conditional models: each is for one label, and the items of a page have several."""
    return {name: card for name, card in cards().items() if not card.n_labels or name == context.card.name}


def is_without_model() -> bool:
    """Whether items are to be shown by their own vectors."""
    return st.session_state.get("model") == NO_MODEL


def lacks_decoder() -> bool:
    """Whether the chosen model is an encoder alone, of which only codes can be shown."""
    card = card_of(st.session_state.get("model") or "")
    return card is not None and card.lacks == "decoder"


def is_table(name: str) -> bool:
    """Whether a registered dataset holds rows of numbers."""
    return name in DATASETS and len(DATASETS[name].event_shape) == 1


def have_same_data(card: Card, other: Card) -> bool:
    """Whether two models were trained on the same data; items of the same shape may be of quite another kind."""
    return card.data.fingerprint == other.data.fingerprint


def card_of(name: str) -> Card | None:
    """The card of a model by name; None where its file cannot be read."""
    if name in user_checkpoints():
        return user_checkpoints()[name].card
    path = checkpoints.available().get(name)
    return None if path is None else _card_in(path)


def _card_in(path: Path) -> Card | None:
    try:
        return cache.load_card(path)
    except ExplorerError:
        return None


def stored_checkpoint_of(name: str) -> Checkpoint:
    """The checkpoint of a model by name, as its file has it.

    Raises:
        CheckpointError: no such checkpoint, or a damaged one.
    """
    if name in user_checkpoints():
        return user_checkpoints()[name]
    return cache.load_checkpoint(checkpoints.find(name))


def checkpoint_of(name: str) -> Checkpoint:
    """The checkpoint of a model by name; of a conditional one the ordinary model that it is for the chosen label.

    Raises:
        CheckpointError: no such checkpoint, or a damaged one.
    """
    conditional = conditional_of(name)
    return stored_checkpoint_of(name) if conditional is None else cache.given(conditional, chosen_label(conditional))


def conditional_of(name: str) -> VectorCheckpoint | None:
    """A conditional model by name, before it is given a label; None for others."""
    checkpoint = stored_checkpoint_of(name)
    return checkpoint if isinstance(checkpoint, VectorCheckpoint) and checkpoint.labels else None


def chosen_label(conditional: VectorCheckpoint) -> str:
    """The label in the sidebar, where the model knows it; else the first that it knows."""
    chosen = st.session_state.get(LABEL)
    return chosen if chosen in conditional.labels else conditional.labels[0]


def vector_checkpoint_of(name: str) -> VectorCheckpoint:
    """The checkpoint of a model by name, for what needs codes.

    Raises:
        CheckpointError: no such checkpoint, or a damaged one.
        ExplorerError: its items have no codes.
    """
    return checkpoints.with_codes(checkpoint_of(name))


def takes_photos(card: Card | None) -> bool:
    """Whether a model takes photos of any size, and gives them no code: the Denoise page is all it has."""
    return card is not None and card.code_size is None


def dataset_names(event_shape: tuple[int, ...] | None = None, columns: tuple[str, ...] = ()) -> list[str]:
    """Datasets on this machine whose items fit, the visitor's own first.

    Args:
        event_shape: of an item; None: any.
        columns: names of a table's columns, which a visitor's own table must have too; none: any.
    """
    added = [
        name
        for name, own in user_datasets().items()
        if event_shape in (None, own.event_shape) and (not columns or own.feature_names == columns)
    ]
    offline = [n for n, s in DATASETS.items() if s.offline or downloads.is_local(n)]
    return [*added, *(n for n in offline if event_shape is None or DATASETS[n].event_shape == event_shape)]


def dataset_of(name: str, card: Card | None = None) -> Dataset:
    """A dataset by name, split as it was for a checkpoint that was trained on it.

    Raises:
        DataError: no such dataset.
    """
    part = None if card is None else card.recipe.data
    if name in user_datasets():
        dataset = user_datasets()[name]
        if card is not None and part is not None and evaluation.is_split_otherwise(card, dataset):
            try:
                return user_data.split_again(name, part.seed, part.split)
            except DataError:  # its split column is gone: ``rows_for`` says that some items may have been learnt from
                return dataset
        return dataset
    if card is None or part is None or card.data.name != name:
        return cache.load_dataset(name)
    return cache.load_dataset(name, part.seed, part.split)


def dataset_title(name: str) -> str:
    """What the pages call a dataset."""
    if name == NO_DATA:
        return "No dataset"
    if name in user_datasets():
        return user_datasets()[name].title
    return DATASETS[name].title if name in DATASETS else name


def preferred_dataset(card: Card, names: list[str]) -> str | None:
    """The dataset to open a model with: rows held out for it that are here at once, else what it was trained on."""
    held_out = [n for n in names if n in DATASETS and card.data.name in DATASETS[n].held_out_for]
    same = [n for n in names if n == card.data.name]
    return next(iter([*held_out, *same, *names]), None)


def has_data() -> bool:
    """Whether there are real items for the current model, and they are wanted."""
    return st.session_state.get("data") not in (None, NO_DATA)


def shows_decoded() -> bool:
    """Whether the items of the current model are decoded samples: there are no data, or it is a decoder alone."""
    card = card_of(st.session_state.get("model") or "")
    return card is not None and (not has_data() or card.lacks == "encoder")


def no_checkpoint() -> ExplorerError:
    """That there is no model at all to choose, and how to get one."""
    return ExplorerError("There is no checkpoint yet.", "Train one on the Train page, or open one in the sidebar.")


def current() -> Context:
    """The checkpoint and dataset chosen in the sidebar; without a dataset, items that the decoder makes.

    Raises:
        ExplorerError: nothing to show, with what to do about it.
    """
    model, data_name = st.session_state.get("model"), st.session_state.get("data")
    if model is None:
        raise no_checkpoint()
    if model == NO_MODEL:
        raise ExplorerError("This needs a model, and none is chosen.", "Choose one in the sidebar.")
    checkpoint, conditional = vector_checkpoint_of(model), conditional_of(model)
    if data_name is None or shows_decoded():
        samples, codes = decoded_samples.decoded_samples(checkpoint)
        rows = cache.shown_rows(np.arange(len(codes)))
        return Context(checkpoint, samples, rows, decoded_samples.split_of(rows), codes, conditional)
    dataset = dataset_of(data_name, checkpoint.card)
    rows, split = cache.rows_for(checkpoint, dataset)
    return Context(checkpoint, dataset, rows, split, conditional=conditional)
