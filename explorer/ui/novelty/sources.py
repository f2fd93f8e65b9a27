"""Where the Novelty page starts: the current model, an example, normal items, a contaminated file, or a detector."""

from __future__ import annotations

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.io import images
from explorer.novelty import detector as detectors
from explorer.novelty.examples import EXAMPLES, stored_file
from explorer.novelty.series import heartbeat
from explorer.ui.novelty import contaminated_source, learn_source, model_source, saved_source, series_source
from explorer.ui.novelty import link as link
from explorer.ui.novelty.scored import Case
from explorer.ui.shell import session
from explorer.ui.shell.cache import cached
from explorer.ui.shell.in_use import page_uses
from explorer.ui.widgets.pictures import line_picture, strip
from explorer.ui.widgets.text import plain

FROM = "novelty_from"
"""In the session and in the link."""

MODEL, LEARN, MIXED, SAVED = "model", "good-examples", "most-of-a-file", "detector"
CARDS = {**{name: (example.title, example.question) for name, example in EXAMPLES.items()},
         heartbeat.NAME: (heartbeat.TITLE, heartbeat.QUESTION)}  # fmt: skip
"""The worked examples: title and question."""
SOURCES = (MODEL, *CARDS, LEARN, MIXED, SAVED)
USER_DATA = {
    LEARN: (":material/model_training: Fit on normal examples", "Items that are known to be normal."),
    MIXED: (":material/filter_alt: Most of a file is normal", "Nobody knows which of its items are not."),
    SAVED: (":material/folder_open: A saved detector", "Fitted here or by the command line."),
}
"""What a visitor can bring -> what its button says, and when to take it."""
_POPOVER = "novelty_user_data"
CARD_ITEMS, CARD_ROWS = 3, 6
"""Normal images on the card of an example, beside one of each novel kind; and rows where it is of a table."""
CARD_WIDTH = 300
"""Of the pictures on a card, in screen pixels."""


def chosen() -> str:
    """Where the page starts, by its link or the session; the first time the sidebar's model."""
    link.settle(FROM, SOURCES, MODEL)
    source: str = st.session_state[FROM]
    link.keep(FROM, source, MODEL)
    if source in EXAMPLES:
        example = EXAMPLES[source]
        card = session.card_of(example.checkpoint)
        # It takes seconds to open, and the sidebar must not name another model until then.
        page_uses([example.checkpoint if card is None else card.title], [session.dataset_title(example.dataset)])
    return source


def choose(source: str) -> None:
    """Start the page elsewhere, from a callback."""
    st.session_state[FROM] = source
    st.session_state[_POPOVER] = False


def user_data_button() -> None:
    """The way to one's own data."""
    with st.popover(
        "Use my data", icon=":material/upload_file:", width="stretch", key=_POPOVER, on_change="rerun", type="primary"
    ):
        for source, (title, words) in USER_DATA.items():
            st.button(title, key=f"novelty_from_{source}", width="stretch", on_click=choose, args=(source,))
            st.caption(words)


def cards(source: str) -> None:
    """The worked examples, and the sidebar's model, each a press away.

    Args:
        source: what is shown, which has no card.
    """
    st.subheader("Worked examples")
    with st.container(key="novelty_examples"):
        places_of_cards = st.columns(len(CARDS))
    for place, (name, (title, question)) in zip(places_of_cards, CARDS.items(), strict=True):
        with place.container(border=True, height="stretch"):
            st.markdown(f"**{title}**")
            x = _picture(name)
            size = CARD_WIDTH if len(x) == 1 else CARD_WIDTH // (2 * CARD_ITEMS)
            strip(x, size=size, alt=f"Items of {title}")
            st.caption(question)
            st.button(
                "Shown above" if name == source else "Open",
                key=f"novelty_from_{name}",
                on_click=choose,
                args=(name,),
                disabled=name == source,
                width="stretch",
            )
    if source != MODEL:
        card = session.card_of(st.session_state.get("model") or "")
        title = "the model" if card is None else card.title
        st.button(
            f"Back to {plain(title)}",
            icon=":material/network_node:",
            key="novelty_from_model",
            on_click=choose,
            args=(MODEL,),
        )


def _evenly(n: int, at_most: int) -> np.ndarray:
    """(k,) places among the kept examples of a detector, which are a spread sample already."""
    places: np.ndarray = np.linspace(0, n - 1, min(n, at_most)).astype(int)
    return places


@cached(max_entries=len(CARDS))
def _picture(name: str) -> np.ndarray:
    """(n, C, H, W) in [0, 1]: normal items and then novel ones; of a table some normal rows as one picture."""
    if name == heartbeat.NAME:
        return line_picture(heartbeat.recording(), CARD_WIDTH, CARD_WIDTH // 5)
    example = EXAMPLES[name]
    normal = detectors.load(stored_file(name)).examples
    if normal.ndim == 2:
        rows = normal[_evenly(len(normal), CARD_ROWS)]
        return np.clip(0.5 + (rows - normal.mean(0)) / (4 * normal.std(0)), 0, 1)[None, None]
    dataset = session.dataset_of(example.dataset)
    labels = np.asarray(dataset.labels)
    is_novel = ~np.isin(np.array(dataset.label_names)[labels], example.normal)
    novel = [int(np.flatnonzero(is_novel & (labels == label))[0]) for label in np.unique(labels[is_novel])]
    shown = normal[_evenly(len(normal), CARD_ITEMS)], dataset.x[novel]
    return np.concatenate([images.to_float(x) for x in shown])


def places(source: str) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Where the source and what is scored are asked for: side by side where that is little, else stacked."""
    if source in (LEARN, MIXED, SAVED):
        return st.container(), st.container()
    left, right = st.columns([2, 1] if source == MODEL else 2, vertical_alignment="bottom")
    return left, right


def case(source: str) -> Case | None:
    """Draw what the chosen way asks for; None until there is a detector.

    Raises:
        ExplorerError: nothing can be scored in this way, with what to do about it.
    """
    if source in EXAMPLES:
        return model_source.example_case(source)
    if source == heartbeat.NAME:
        return series_source.example_case()
    if source == LEARN:
        return learn_source.case()
    if source == MIXED:
        return contaminated_source.case()
    if source == SAVED:
        return saved_source.case()
    return model_source.case()
