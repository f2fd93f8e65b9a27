"""Home: the live map of the current checkpoint, and a way to every page with a picture made from real checkpoints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st
from jaxtyping import Float

from explorer import denoising
from explorer.browser.latent_map.parts import Layers
from explorer.checkpoints import Card, VectorCheckpoint
from explorer.core.errors import ExplorerError
from explorer.core.palette import NORMAL, NOVEL, UNLABELLED, class_colours
from explorer.io import images
from explorer.latent import interpolation, sampling
from explorer.models import REGISTRY
from explorer.noise import Noise
from explorer.noise.gaussian import GaussianNoise
from explorer.ui.map import map_view, planes
from explorer.ui.map.decoded_plane import decoded_plane
from explorer.ui.shell import cache, frame, session, user_image, user_image_controls
from explorer.ui.shell.session import Context
from explorer.ui.widgets import thumbnails
from explorer.ui.widgets.pictures import gallery, strip
from explorer.ui.widgets.text import plain, three_digits
from explorer.views import colouring, item_words

MAP_ITEMS = 2000
MAP_HEIGHT = 480
"""In CSS pixels: the plane fills the first screen down to the tops of the tiles."""
TILE_ITEMS = 200
COMPARED = 2
STEPS = 8
PICTURE = 60
"""Side of a picture in a tile, in screen pixels."""
SAMPLED, SAMPLE_SEED = 2, 1
"""Samples that stand for a variational model, and their seed."""
STORY = {
    "undercomplete": "A narrow code",
    "stacked": "Deeper, layer by layer",
    "denoising": "Trained to remove noise",
    "convolutional": "Small shared filters",
    "variational": "A distribution for every item",
}
"""The five autoencoders in the order in which one follows from the other."""


def first_screen(context: Context) -> None:
    """The live map, decoded under its points, and beside it a surface whose drawing lands on the map."""
    few = context.thinned(MAP_ITEMS)
    draws = user_image.applies_to(context)
    map_side, draw_side = st.columns([27, 10], gap="medium") if draws else (st.container(), st.container())
    if draws:
        with draw_side:
            user_image_controls.surface(context, "home", map_view.link_of(few))
    with map_side:
        _live_map(few)


def context_of_first_model() -> Context | None:
    """What the tiles show where the current model has no code for them; None where that model is not there either."""
    return _items_for(session.FIRST_MODEL) if session.FIRST_MODEL in session.cards() else None


@st.fragment
def _live_map(context: Context) -> None:
    try:
        shown = planes.plane(context)
    except ExplorerError as error:  # too few items, say; the frame sees no error of a fragment
        frame.show_error(error)
        return
    extras = map_view.Extras(
        layers=Layers(underlay=decoded_plane(context, shown), marks=map_view.user_marks(context, shown)),
        link=map_view.link_of(context),
        places_codes=True,
        height=MAP_HEIGHT,
    )
    map_view.show_map(context, shown, colouring.by_label(context), "home_map", extras)
    under = "" if extras.layers.underlay is None else " Behind the points: the decoded centre of each cell."
    st.caption(f"{plain(context.card.title)} · {plain(context.dataset.title)} · {context.split}. {shown.note}{under}")


# --- Tiles --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PageTile:
    """A way to a page.

    Args:
        page: its name in ``frame.PAGES``.
        title: what one does there.
        line: the same in a sentence.
        draw: makes its picture.
        needs_items: whether the picture says something about real items.
    """

    page: str
    title: str
    line: str
    draw: Callable[[Context], None]
    needs_items: bool = False


def tiles(context: Context) -> None:
    """A picture and a line for each page, three a row; a press anywhere on a tile opens its page."""
    few = context.thinned(TILE_ITEMS)
    with st.container(key="home_tiles"):
        columns = [column for _ in range(0, len(TILES), 3) for column in st.columns(3)]
    for column, tile in zip(columns, TILES, strict=True):
        with column, st.container(border=True, height="stretch", key=f"tile_{tile.page}"):
            link(tile.page, f"**{tile.title}**")
            if tile.needs_items and not few.is_real:
                st.caption("Needs a dataset: its picture shows real items.")
            else:
                tile.draw(few)
            st.caption(tile.line)


def link(page: str, label: str | None = None) -> None:
    """A link to a page by its name in ``frame.PAGES``."""
    title, icon = frame.PAGES[page]
    st.page_link(frame.page_file(page), label=label or title, icon=icon)


def _latent_space(context: Context) -> None:
    colours = colouring.by_label(context)
    places = planes.plane(context).points
    groups = np.zeros(len(places), int) if colours.groups is None else colours.groups
    thumbnails.show(
        thumbnails.points(places, [colours.palette[g % len(colours.palette)] for g in groups]),
        f"Map of {len(places)} codes",
    )


def path_steps(context: Context) -> int:
    """Codes on the path that the tile of new ones shows."""
    return STEPS if context.is_image else 3


def _generate(context: Context) -> None:
    codes = context.codes()
    decoded = context.checkpoint.decode(interpolation.linear_path(codes[0], codes[-1], path_steps(context)))
    if context.is_image:
        strip(decoded, size=28, alt="Decoded along the path from one item to another")
        st.caption(
            f"{STEPS} codes on a straight line between those of two {'items' if context.is_real else 'decoded samples'}"
        )
        return
    _row_bars(context, decoded, (NORMAL, UNLABELLED, NOVEL), "Decoded columns of two rows and of the point halfway")
    st.caption(f"{decoded.shape[1]} columns: one row, halfway, another row")


def _row_bars(context: Context, rows: np.ndarray, colours: tuple[str, ...], alt: str) -> None:
    columns = item_words.features(context)
    low = np.array([c.low for c in columns])
    span = np.array([c.high - c.low for c in columns])
    thumbnails.show(thumbnails.bars([(row - low) / span for row in rows], colours), alt)


def _denoise(context: Context) -> None:
    chosen = to_denoise(context)
    if chosen is None:
        st.caption("Needs an image model and a dataset for it.")
        return
    noise = tile_noise(chosen)
    noisy = denoising.add_noise(chosen.x(chosen.samples(2)), noise)
    clean = denoising.denoise(chosen.checkpoint, noisy)
    pairs = np.stack([noisy, clean], axis=1).reshape(-1, *noisy.shape[1:])
    gallery(pairs, ["noisy", "denoised"] * 2, size=PICTURE, alt=f"{noise.title} noise")


def to_denoise(context: Context) -> Context | None:
    """The model and items of the tile of noise: a model that was trained on noise, where there is one."""
    name = _first_model(lambda card: card.recipe.corruption is not None and card.data.kind == "image", context.card)
    chosen = context if name is None or context.card.recipe.corruption is not None else _items_for(name)
    return chosen if chosen is not None and chosen.is_image and chosen.is_real else None


def tile_noise(chosen: Context) -> Noise:
    """The noise of that tile: what the model was trained on."""
    return chosen.card.recipe.corruption or GaussianNoise()


def _novelty(context: Context) -> None:
    errors = context.errors()
    if context.is_image:
        most_anomalous = np.argsort(errors)[::-1][:2]
        x_hat = context.checkpoint.reconstruct(context.x(most_anomalous))
        x = images.to_float(context.x(most_anomalous))
        pairs = np.stack([x, x_hat], axis=1).reshape(-1, *x.shape[1:])
        captions = [text for e in errors[most_anomalous] for text in (f"error {three_digits(float(e))}", "decoded")]
        gallery(pairs, captions, size=PICTURE, alt="Item with a high reconstruction error")
        return
    edges = np.quantile(errors, np.linspace(0, 0.98, 2))
    colours = colouring.by_label(context)
    groups = np.zeros(len(errors), int) if colours.groups is None else colours.groups
    counts = [np.histogram(errors[groups == g], 24, tuple(edges))[0] for g in np.unique(groups)]
    drawn = [colours.palette[g] for g in np.unique(groups)]
    names = [colours.names[g] if colours.names else "rows" for g in np.unique(groups)]
    thumbnails.show(thumbnails.bars([c / max(c.max(), 1) for c in counts], drawn), "Histograms of the error")
    st.caption(f"Error of {plain(' and of '.join(names))} rows, low to high ({context.split})")


def _train(context: Context) -> None:
    history = context.card.history
    series = [[float(epoch[part]["total"]) for epoch in history if epoch.get(part)] for part in ("validation", "train")]
    if not any(len(s) > 1 for s in series):
        st.caption("This checkpoint has no loss curve.")
        return
    thumbnails.show(thumbnails.curves([np.asarray(s) for s in series]), "Loss by epoch")
    st.caption(f"Loss of this checkpoint over {len(history):,} epochs: validation blue, training grey")


def _compare(context: Context) -> None:
    compared = [context.checkpoint, *others_like(context)]
    if context.is_image:
        item = context.x(context.samples(1))
        rebuilt = [checkpoint.reconstruct(item) for checkpoint in compared]
        pictures = np.concatenate([images.to_float(item), *rebuilt])
        gallery(
            pictures,
            ["item", *(f"{c.latent_dim}-D" for c in compared)],
            size=PICTURE,
            alt="One item and its reconstructions:",
        )
        return
    row = np.asarray(context.x(context.samples(1)), np.float32)
    rows = np.concatenate([row, *(checkpoint.reconstruct(row) for checkpoint in compared)])
    _row_bars(
        context, rows, (UNLABELLED, *class_colours(range(len(compared)))), "Columns of a row and of its reconstructions"
    )
    for checkpoint in compared:
        error = float(checkpoint.reconstruction_errors(context.x()).mean())
        unit = "squared standard deviations per row"
        st.caption(
            f"Reconstructed by {plain(checkpoint.card.title)}: error {three_digits(error)} {unit} ({context.split})"
        )


def others_like(context: Context) -> list[VectorCheckpoint]:
    """A few other checkpoints that were trained on the same data."""
    chosen = st.session_state.get("model")
    same = [name for name, card in session.cards_beside(context).items() if session.have_same_data(card, context.card)]
    return [other for name in same if name != chosen and (other := _readable(name)) is not None][:COMPARED]


TILES = (
    PageTile(
        "latent_space",
        "See inside",
        "A map of all codes: what lies between the items, and how far to trust the map.",
        _latent_space,
    ),
    PageTile("denoise", "Clean a picture", "Your photo or an item without its noise, beside other methods.", _denoise),
    PageTile(
        "novelty",
        "Find what is odd",
        "Items unlike the training data come back wrong: set an alarm threshold.",
        _novelty,
        True,
    ),
    PageTile("generate", "Make new ones", "Change a code with sliders, go from item to item, sample.", _generate),
    PageTile("train", "Train your own", "Watch a model learn your images or your table.", _train),
    PageTile("compare", "Compare", "The same items through several, with errors and sizes.", _compare, True),
)


# --- Below the tiles ----------------------------------------------------------------------------------------------


def your_own_data() -> None:
    """Where a visitor's own files go."""
    with st.container(border=True):
        st.markdown(
            "**Your own data.** *Add my data* in the sidebar takes a zip of images, an NPZ, a CSV or a picture. It "
            "stays in the memory of this server. Open it with any model of the same shape, or train one on it:"
        )
        link("train", "Train on my data")


def five_autoencoders() -> None:
    """One picture for each kind, from the first available checkpoint of it, and the way to Learn."""
    st.subheader("Five autoencoders")
    with st.container(key="home_kinds"):
        columns = st.columns(len(STORY))
    for column, (kind, line) in zip(columns, STORY.items(), strict=True):
        with column:
            st.markdown(f"**{kind.capitalize()}**")
            _family_picture(kind)
            st.caption(line)
    link("learn", "What is an autoencoder? The story, step by step")


def of_kind(kind: str) -> Context | None:
    """The first image model of a kind in ``STORY`` with items for it; None where there is none."""
    name = _first_model(lambda card: card.data.kind == "image" and _kind_of(card) == kind)
    return None if name is None else _items_for(name)


def pictures_of_kind(kind: str, chosen: Context) -> Float[np.ndarray, "2 c h w"]:
    """(2, C, H, W) an item and what its model makes of it; of a variational model two samples of its prior."""
    if kind == "variational":
        codes = sampling.sample_prior(chosen.checkpoint, SAMPLED, seed=SAMPLE_SEED)
        return chosen.checkpoint.decode(codes)
    x = images.to_float(chosen.x(chosen.samples(1)))
    if chosen.card.recipe.corruption is not None:
        x = denoising.add_noise(x, chosen.card.recipe.corruption)
    return np.concatenate([x, chosen.checkpoint.reconstruct(x)])


def _family_picture(kind: str) -> None:
    chosen = of_kind(kind)
    if chosen is None:
        st.caption(REGISTRY[kind][1].summary if kind in REGISTRY else "There is no checkpoint of this kind.")
        return
    code = f"{chosen.checkpoint.latent_dim} numbers"
    pair = pictures_of_kind(kind, chosen)
    if kind == "variational":
        gallery(pair, ["drawn from", "the prior"], size=56, alt="Decoded sample")
        return
    gallery(pair, ["noisy" if kind == "denoising" else "item", f"from {code}"], size=56, alt=kind)


def _kind_of(card: Card) -> str:
    return "denoising" if card.recipe.corruption is not None else card.recipe.model.family


def _first_model(wanted: Callable[[Card], bool], current: Card | None = None) -> str | None:
    """The first available checkpoint whose card is wanted; if there is one, of the same data as the current one."""
    names = {name: card for name, card in session.cards().items() if wanted(card)}
    same = [name for name, card in names.items() if current is not None and session.have_same_data(card, current)]
    return next(iter([*same, *names]), None)


def _readable(name: str) -> VectorCheckpoint | None:
    """A checkpoint beside the chosen one; None where its file is damaged, which is no reason to show nothing."""
    try:
        return session.vector_checkpoint_of(name)
    except ExplorerError:
        return None


def _items_for(name: str) -> Context | None:
    """A few items for another checkpoint than the one chosen; None where it or its data is not to be had."""
    checkpoint = _readable(name)
    if checkpoint is None:
        return None
    names = session.dataset_names(checkpoint.event_shape, checkpoint.card.data.feature_names)
    data_name = session.preferred_dataset(checkpoint.card, names)
    if data_name is None:
        return None
    dataset = session.dataset_of(data_name, checkpoint.card)
    rows, split = cache.rows_for(checkpoint, dataset, TILE_ITEMS)
    return Context(checkpoint, dataset, rows, split) if len(rows) else None
