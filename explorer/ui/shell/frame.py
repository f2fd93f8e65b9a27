"""The frame around every page: navigation, sidebar, heading, and the one place where errors are shown."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from explorer.checkpoints import Card
from explorer.core import places
from explorer.core.errors import ExplorerError
from explorer.models.base import Half
from explorer.ui.shell import kept, session, vector_items
from explorer.ui.shell.imported import set_modules_aside
from explorer.ui.shell.session import Context
from explorer.ui.shell.sidebar import sidebar
from explorer.ui.shell.vector_items import MapContext
from explorer.ui.widgets import terms
from explorer.ui.widgets.text import plain

ICON = Path(__file__).with_name("icon.png")
STYLE = Path(__file__).with_name("style.css")
PAGES = {
    "home": ("Home", ":material/home:"),
    "latent_space": ("Latent space", ":material/scatter_plot:"),
    "generate": ("Generate", ":material/tune:"),
    "denoise": ("Denoise", ":material/blur_off:"),
    "novelty": ("Novelty", ":material/flag:"),
    "train": ("Train", ":material/model_training:"),
    "compare": ("Compare", ":material/compare:"),
    "learn": ("Learn", ":material/school:"),
}
"""File name in pages/ -> title and icon, in the order of the navigation."""

_drawn: ContextVar[bool] = ContextVar("drawn", default=False)
"""Whether the frame is around the page that runs."""


def run_app() -> None:
    """Draw the frame and the chosen page; an error a user can act on is shown in its place."""
    st.set_page_config(page_title="Autoencoder Explorer", page_icon=str(ICON), layout="wide")
    st.html(STYLE)
    terms.new_page()
    page = navigation()
    token = _drawn.set(True)
    try:
        sidebar()
        page.run()
        kept.note_what_the_run_set()
    except ExplorerError as error:
        show_error(error)
    finally:
        _drawn.reset(token)
        set_modules_aside()


def page_file(name: str) -> Path:
    """The script of a page, by which Streamlit knows it."""
    return places.shipped("pages") / f"{name}.py"


def navigation() -> StreamlitPage:
    """Draw the navigation, which also makes every page one that can be linked to; the chosen page."""
    return st.navigation(
        [
            st.Page(page_file(name), title=title, icon=icon, url_path=name, default=name == "home")
            for name, (title, icon) in PAGES.items()
        ]
    )


def show_error(error: ExplorerError) -> None:
    """What happened and what to do about it, in the words of the error."""
    st.error("\n\n".join(plain(part) for part in (error.message, error.hint) if part), icon=":material/error:")


def header(title: str, sentence: str, beside: Callable[[], None] | None = None) -> None:
    """The page's title and one sentence on what is seen and what to try.

    Args:
        beside: draws what stands at the right of them.
    """
    if not _drawn.get():
        # Until the entry script has run once, Streamlit runs the files of pages/ alone, as when a link straight to a
        # page is the first thing that a new server sees. The frame takes over, and runs this page again inside it.
        run_app()
        st.stop()
    place = st.container()
    if beside is not None:
        place, right = st.columns([4, 1], vertical_alignment="bottom")
        with right:
            beside()
    place.title(title)
    place.markdown(sentence)


def how_it_works(text: str) -> None:
    """The explanation at the end of a page, folded away."""
    with st.expander("How this works"):
        st.markdown(text)


def no_real_items(context: Context, reason: str) -> None:
    """Say why a page cannot show a checkpoint without data, and offer the data that it could be shown with.

    Args:
        context: the choice, with decoded samples.
        reason: one sentence.
    """
    names = session.dataset_names(context.checkpoint.event_shape, context.card.data.feature_names)
    shape = " x ".join(map(str, context.checkpoint.event_shape))
    advice = "Choose a dataset" if names else f"No dataset here has items of {shape}. Add your data"
    st.info(f"{reason} {advice} in the sidebar.", icon=":material/info:")
    available = session.preferred_dataset(context.card, names)
    if available is not None and st.button(f"Show {session.dataset_title(available)}", type="primary"):
        st.session_state["next_data"] = available
        st.rerun()


def current(may_lack: Half = "") -> Context:
    """The choice in the sidebar; without a model whose code is a vector, the page says so and ends here.

    Args:
        may_lack: the half of an autoencoder that the page can do without.

    Raises:
        ExplorerError: nothing to show, with what to do about it.
    """
    if session.is_without_model():
        if not session.models():
            raise session.no_checkpoint()
        needs_a_model()
        st.stop()
    name = st.session_state.get("model")
    card = session.card_of(name) if name else None
    if card is not None and session.takes_photos(card):
        not_for_this_model(
            f"{plain(card.title)} denoises photos of any size. It has no vector code of a whole picture, so there"
            " is nothing to place on a map, to decode or to compare by its size.",
            session.FIRST_MODEL,
        )
        st.stop()
    if card is not None and card.lacks not in ("", may_lack):
        _half_of_a_model(card)
        st.stop()
    return session.current()


def current_items() -> MapContext:
    """The choice in the sidebar, of which items with vectors and no model are one, for a page that shows codes alone.

    Raises:
        ExplorerError: nothing to show, with what to do about it.
    """
    if session.lacks_decoder():
        return vector_items.current()
    return vector_items.current() if session.is_without_model() else current(may_lack="encoder")


def _half_of_a_model(card: Card) -> None:
    """Say what a model that is one half of an autoencoder lacks for a page, with a way to where it is shown."""
    if card.lacks == "decoder":
        reason = (
            "is an encoder alone: it gives items codes, and nothing decodes them or rebuilds an item. Latent space lays"
            " the codes out, with their neighbours, and Novelty scores items by them"
        )
        page, label = "latent_space", "Show its codes on Latent space"
    else:
        reason = (
            "is a decoder alone: it makes items of codes, and gives no item a code, so that none can be placed, rebuilt"
            " or scored. Generate decodes codes with it, and Latent space shows a map of samples"
        )
        page, label = "generate", "Decode codes on Generate"
    st.info(f"{plain(card.title)} {reason}.", icon=":material/info:")
    if st.button(label, type="primary", key="to_half"):
        st.switch_page(page_file(page))


def needs_a_model() -> None:
    """Say why a page has nothing to show of vectors that came without a model, with a way to where they are shown."""
    st.info(
        "No model is chosen. Vectors alone can be laid out, searched and compared, which Latent space does; this page"
        " rebuilds and decodes items, for which it needs a model's encoder and decoder. Choose one in the sidebar, or"
        " train one on your data.",
        icon=":material/info:",
    )
    if st.button("Show the vectors on Latent space", type="primary", key="to_vectors"):
        st.switch_page(page_file("latent_space"))


def _title_of(name: str) -> str:
    """What the pages call a checkpoint."""
    card = session.card_of(name)
    return plain(name if card is None else card.title)


def not_for_this_model(reason: str, try_instead: str | None = None) -> None:
    """Say why a page cannot show this checkpoint, and offer one that it can.

    Args:
        reason: one sentence.
        try_instead: name of a checkpoint that the page can show.
    """
    st.info(reason, icon=":material/info:")
    if try_instead is not None and st.button(f"Show {_title_of(try_instead)} instead", type="primary"):
        # The picker's own value cannot be set once it is drawn; the sidebar takes this one before it draws again.
        st.session_state["next_model"] = try_instead
        st.rerun()
