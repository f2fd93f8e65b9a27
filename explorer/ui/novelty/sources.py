"""Where the Novelty page starts: the current model, an example, normal items, a contaminated file, or a detector."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.novelty.examples import EXAMPLES
from explorer.ui.novelty import contaminated_source, learn_source, model_source, saved_source
from explorer.ui.novelty import link as link
from explorer.ui.novelty.scored import Case
from explorer.ui.shell import session
from explorer.ui.shell.in_use import page_uses

FROM = "novelty_from"
"""In the session and in the link."""

MODEL, LEARN, MIXED, SAVED = "model", "good-examples", "most-of-a-file", "detector"
TITLES = {
    MODEL: ":material/network_node: The current model",
    **{name: f":material/school: {example.title}" for name, example in EXAMPLES.items()},
    LEARN: ":material/model_training: Fit on normal examples",
    MIXED: ":material/filter_alt: Most of a file is normal",
    SAVED: ":material/folder_open: A saved detector",
}


def choose() -> str:
    """Draw the ways to say what is normal; the first one is today's model, the next open a worked example at once."""
    link.settle(FROM, list(TITLES), MODEL)
    chosen = st.pills(
        "What is normal",
        list(TITLES),
        required=True,
        format_func=TITLES.__getitem__,
        key=FROM,
        wrap=True,
        persist_state="session",
    )
    source: str = chosen or MODEL
    link.keep(FROM, source, MODEL)
    if source in EXAMPLES:
        example = EXAMPLES[source]
        card = session.card_of(example.checkpoint)
        # It takes seconds to open, and the sidebar must not name another model until then.
        page_uses([example.checkpoint if card is None else card.title], [session.dataset_title(example.dataset)])
        st.markdown(example.question)
    return source


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
    if source == LEARN:
        return learn_source.case()
    if source == MIXED:
        return contaminated_source.case()
    if source == SAVED:
        return saved_source.case()
    return model_source.case()
