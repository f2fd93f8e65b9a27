"""The entries of a vector-quantised model's code on the Generate page: a grid of whole numbers to change one by one."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch

from explorer import export
from explorer.browser.entry_grid.message import are_entries
from explorer.models import QuantisedAutoencoder
from explorer.ui.generate import starting_code
from explorer.ui.shell import copied
from explorer.ui.shell.decoders import model_decoder
from explorer.ui.shell.session import Context
from explorer.ui.widgets.entry_grid import entry_grid
from explorer.ui.widgets.served import ServedDecoder
from explorer.ui.widgets.terms import explained
from explorer.ui.widgets.text import three_digits
from explorer.views import item_words

KEY = "entries"
PARAMETER = "entries"
_STATE = "generate_entries"
_tokens = itertools.count(1)

Numbers = tuple[int, ...]


@dataclass(frozen=True)
class _GridSetting:
    """What the grid was last given.

    Args:
        model: fingerprint of the checkpoint.
        start, first: numbers of entries, as the component takes them.
        token: of this setting.
    """

    model: str
    start: Numbers
    first: Numbers
    token: int


def has_entries(context: Context) -> bool:
    """Whether codes of the model are made of entries of a codebook."""
    return isinstance(context.checkpoint.model, QuantisedAutoencoder)


@st.fragment
def entries_view(context: Context) -> None:
    """The code of an item as a grid of entries; one is changed, and the picture follows."""
    model = context.checkpoint.model
    assert isinstance(model, QuantisedAutoencoder)  # noqa: S101 - ``has_entries`` is asked first
    code = starting_code.start(context).code
    start = _numbers_of(model, code)
    shown = _settled(context, start)
    decoder = model_decoder(context.checkpoint)
    codebook = model.codebook.entries.numpy()
    numbers = entry_grid(
        decoder,
        codebook,
        model.grid,
        shown.start,
        shown.first,
        key=KEY,
        token=shown.token,
        features=item_words.features(context),
    )
    _write(numbers, start)
    h, w = model.grid
    places = f"{h} x {w} places" if h > 1 else f"{w} places"
    explained(
        f"The code of an item is {places}, each one of {len(codebook)} entries: {model.code_bits:.4g} bits. "
        "Click a place and move the slider to give it another entry; colours go along the direction in which entries "
        "differ most. A start that is no item's code is taken to the nearest entries."
    )
    if isinstance(decoder, ServedDecoder):
        explained(f"The picture follows as fast as the server decodes. {decoder.reason}")
    _use(context, model)
    with st.expander("Copy as Python"):
        st.code(
            export.entries_code(copied.model_name(context.card), np.reshape(numbers, model.grid)), language="python"
        )


def caution(context: Context) -> None:
    """What the views of codes as numbers say of a code that is made of entries."""
    if has_entries(context):
        st.info(
            "This model's code is a grid of entries, and what is shown here moves its numbers freely: between two "
            "entries the decoder sees what it was never trained on. **Entries** changes one entry for another, and "
            "**Sample** draws whole grids.",
            icon=":material/grid_view:",
        )


def _numbers_of(model: QuantisedAutoencoder, code: np.ndarray) -> Numbers:
    indices = model.indices_of(torch.as_tensor(code, dtype=torch.float32)[None])
    return tuple(indices.flatten().tolist())


def _settled(context: Context, start: Numbers) -> _GridSetting:
    """What to give the grid: as it stands, or begun anew at another start, or as the link says on the first run."""
    shown: _GridSetting | None = st.session_state.get(_STATE)
    model = context.checkpoint.fingerprint
    if shown is None or (shown.model, shown.start) != (model, start):
        linked = _linked(len(start), context) if shown is None else None
        shown = _GridSetting(model, start, linked or start, next(_tokens))
        st.session_state[_STATE] = shown
    return shown


def _linked(places: int, context: Context) -> Numbers | None:
    """The numbers in the link, which counts entries from 1; None where it has none that fit."""
    words = str(st.query_params.get(PARAMETER, "")).split("_")
    if not all(word.isascii() and word.isdigit() and len(word) < 6 for word in words):
        return None
    numbers = tuple(int(word) - 1 for word in words)
    model = context.checkpoint.model
    assert isinstance(model, QuantisedAutoencoder)  # noqa: S101 - the view is shown for no other
    return numbers if are_entries(numbers, places, len(model.codebook.entries)) else None


def _write(numbers: Numbers, start: Numbers) -> None:
    """Keep what was changed in the link."""
    text = "" if numbers == start else "_".join(str(number + 1) for number in numbers)
    if text and text != st.query_params.get(PARAMETER, ""):
        st.query_params[PARAMETER] = text
    elif not text and PARAMETER in st.query_params:
        del st.query_params[PARAMETER]


def _use(context: Context, model: QuantisedAutoencoder) -> None:
    """How the shown items use the codebook."""
    if not context.is_real:
        return
    counts = np.zeros(len(model.codebook.entries))
    codes = torch.as_tensor(np.asarray(context.codes()), dtype=torch.float32)
    for part in codes.split(512):
        counts += torch.bincount(model.indices_of(part).flatten(), minlength=len(counts)).numpy()
    shares = counts / counts.sum()
    perplexity = math.exp(-float(np.sum(shares[shares > 0] * np.log(shares[shares > 0]))))
    explained(
        f"Codebook in use: {int((counts > 0).sum())} of {len(counts)} entries, perplexity "
        f"{three_digits(perplexity)} ({context.split})."
    )
