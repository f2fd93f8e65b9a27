"""The Latent space page: what to show, and the map or two of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from jaxtyping import Num

from explorer import latent
from explorer.browser.latent_map.parts import Detail, Layers, Selection
from explorer.checkpoints import affordable
from explorer.core.errors import ExplorerError
from explorer.data.beside import ItemColumn
from explorer.data.vectors import VECTOR_SCALES, uneven_columns
from explorer.evaluation import groups
from explorer.latent.projection import REGISTRY
from explorer.latent.projection_worker import Layout
from explorer.ui.latent_space import filter_panel, item_search, map_layers, map_quality
from explorer.ui.latent_space.item_search import SearchHits
from explorer.ui.map import map_clusters, map_view
from explorer.ui.map.columns import LABEL, columns
from explorer.ui.map.latent_map import last_choice
from explorer.ui.map.planes import (
    SLOW_KINDS,
    layout_key,
    layouts,
    plane,
    slow_plane,
    start_layout,
)
from explorer.ui.map.quantities import Quantity, quantities
from explorer.ui.shell import selection, session, vector_items
from explorer.ui.shell.session import Context
from explorer.ui.shell.vector_items import MapContext, VectorItems
from explorer.ui.widgets import item_choice
from explorer.ui.widgets.pictures import strip
from explorer.ui.widgets.terms import explained
from explorer.ui.widgets.text import duration, plain
from explorer.views import colouring
from explorer.views.colouring import COLOUR_SCALES, Colouring, ColourScale
from explorer.views.exported import ShownMap
from explorer.views.planes import Lift, Plane
from explorer.views.row_values import are_too_many

MAP_KEY = "latent_map"
SECOND_KEY = "latent_map_2"
ITEM_COUNTS = (500, 1000, 2000, 5000, 10_000, 20_000, 70_000, 200_000, 1_000_000)
GRID_SIDE = 14
"""Places of the decoded plane each way; fewer where a decoder takes long."""
ALONE = "None"
FEW_SECONDS_ITEMS = 5000
_LINKED = "latent_linked_item"


@dataclass(frozen=True)
class View:
    """What the page's controls say.

    Args:
        kind: of map, a name in ``projection.REGISTRY``; empty where a code of two dimensions leaves no choice.
        pair: dimensions of a raw pair, from 0.
        colour: ``LABEL``, the name of a column beside the items, or the title of a quantity.
        scale: of the colours of numbers.
        wanted: what is searched for.
        count: most items to show.
        k: neighbours for the trust of the map.
        seed: of t-SNE and UMAP.
        second: name of the checkpoint beside it; None for none.
    """

    kind: str
    pair: tuple[int, int]
    colour: str
    scale: ColourScale
    wanted: str
    count: int
    k: int
    seed: int
    second: str | None


def sentence() -> str:
    """What is seen on the page and what to try."""
    if session.lacks_decoder():
        return (
            "Every point is an item where an encoder alone puts it: nothing decodes its codes, so no place shows a "
            "picture. Click a point to inspect it, draw around some to select them."
        )
    if session.is_without_model():
        return (
            "Every point is an item, laid out by its own numbers. Click a point to inspect it, draw around some to "
            "select them."
        )
    if session.shows_decoded():
        return (
            "Every point is a code that was drawn for the decoder: there are no items of data. Move over the map to "
            "decode any place; click a point to see what its code decodes to, draw around some to select them."
        )
    return (
        "Every point is the code of one item. Move over the map to decode any place; click a point to inspect its "
        "item, draw around some to select them."
    )


def controls(context: MapContext) -> View:
    """What to show: a row above the map, rarely changed options in a popover. All of it stands in the URL."""
    dim = context.code_size
    wide = [3, 3, 3, 2] if dim > 2 else [4, 4, 2]
    first, *middle, search, last = st.columns(wide, vertical_alignment="bottom")
    labelled = [LABEL] if context.dataset.labels is not None else []
    # The clusters are those of the items that the map shows, of which this is not known yet.
    beside = [name for name, column in columns(context, with_clusters=False).items() if column.kind != "text"]
    beside += [groups.CLUSTER] if map_clusters.asked() else []
    colours = [*labelled, *beside, *quantities(context)]
    colour = first.selectbox("Colour by", colours, key="colour", bind="query-params")
    kind = ""
    if dim > 2:
        kind = middle[0].selectbox(
            "Map",
            list(REGISTRY),
            key="projection",
            format_func=lambda name: REGISTRY[name].title,
            bind="query-params",
            help="How the codes are projected to 2-D. PCA is instant; t-SNE and UMAP are computed on request.",
        )
    with search:
        wanted = item_search.search_field()
    with last.popover("Options", width="stretch"):
        count = st.selectbox("Maximum number of items", ITEM_COUNTS, index=2, key="items", bind="query-params")
        pair = _pair(context) if kind == "pair" else (0, 1)
        k = st.slider("Neighbours (k) for the trust measures", 2, 50, 10, key="neighbours", bind="query-params")
        seed = 0
        if kind in SLOW_KINDS:
            seed = int(st.number_input("Seed of the map", 0, 9999, 0, key="map_seed", bind="query-params"))
        scale: ColourScale = st.selectbox(
            "Colour scale of numbers",
            COLOUR_SCALES,
            key="colour_scale",
            bind="query-params",
            format_func=str.capitalize,
            help="Steps that hold as many items each; or steps of one width, linear or logarithmic; or two colours "
            "around a middle, 0 where values lie on both sides of it, else the median.",
        )
        st.selectbox(
            "Clusters of at least",
            list(map_clusters.LEAST),
            key=map_clusters.KEY,
            bind="query-params",
            help="Looked for among the codes of the shown items (HDBSCAN): a colour, a filter and a table of them.",
        )
        if map_clusters.asked():
            st.selectbox(
                "Clusters of",
                (map_clusters.OF_CODES, map_clusters.OF_MAP),
                key=map_clusters.OF_KEY,
                bind="query-params",
                help="Groups on a map of t-SNE or UMAP may be made by the map: compare both.",
            )
        second = None if isinstance(context, VectorItems) else _second_picker(context)
        if isinstance(context, VectorItems):
            _scale_picker(context)
    return View(kind, pair, colour, scale, wanted, count, k, seed, second)


def with_chosen_item(context: MapContext, count: int) -> MapContext:
    """So many of the items, and the one of the link where it is one of the others: it stays as long as the data do."""
    few = context.thinned(count)
    row = item_choice.chosen_row(len(context.dataset))
    if row is not None and row not in few.rows:
        st.session_state[_LINKED] = context.dataset.fingerprint, row
    fingerprint, linked = st.session_state.get(_LINKED, ("", -1))
    return few.with_row(linked, context.rows) if fingerprint == context.dataset.fingerprint else few


def _pair(context: MapContext) -> tuple[int, int]:
    names = list(context.code_names)
    i = st.selectbox("Across", names, index=0, key="across", bind="query-params")
    j = st.selectbox("Up", names, index=1, key="up", bind="query-params")
    return names.index(i), names.index(j)


def _scale_picker(context: VectorItems) -> None:
    """What distances between vectors are measured in; every page that shows them asks the session."""
    st.selectbox(
        "Distances between vectors",
        VECTOR_SCALES,
        key=vector_items.SCALE,
        bind="query-params",
        format_func=str.capitalize,
        help="As they are in the file; scaled to length 1, in which near means a small angle (cosine); or each number "
        "less its mean and divided by its standard deviation over all items.",
    )


def _second_picker(context: Context) -> str | None:
    """Another checkpoint that takes the same items, to be shown beside the current one."""
    cards = session.cards_beside(context)
    names = [
        name
        for name, card in cards.items()
        if name != context.checkpoint.name
        and card.data.event_shape == context.checkpoint.event_shape
        and not session.takes_photos(card)
    ]
    names.sort(key=lambda name: not session.have_same_data(cards[name], context.card))
    if not names or not context.is_real:
        return None
    chosen: str = st.selectbox(
        "Second model",
        [ALONE, *names],
        key="compare",
        format_func=lambda name: cards[name].title if name in cards else name,
        bind="query-params",
        help="Shows the same items: pointer and lasso mark them on both maps.",
    )
    return None if chosen == ALONE else chosen


# --- The map ----------------------------------------------------------------------------------------------------------


def chosen_plane(context: MapContext, view: View, place: str = "") -> Plane:
    """The plane that was asked for; for a slow one PCA with a button or the progress, until it is laid out.

    Args:
        place: tells the widgets of the second map from those of the first.
    """
    dim = context.code_size
    if dim <= 2 or view.kind not in SLOW_KINDS:
        # The second model can have fewer dimensions than the first, and another map of its own accord.
        return plane(context, "pair", view.pair) if view.kind == "pair" and max(view.pair) < dim > 2 else plane(context)
    laid_out = slow_plane(context, view.kind, view.seed)
    if laid_out is not None:
        return laid_out
    layout = layouts().get(layout_key(context, view.kind, view.seed))
    if layout is not None and layout.status == "running":
        _progress(layout, f"{view.kind}{place}")
    else:
        _offer_layout(context, view, layout, place)
    return plane(context, "pca")


def _offer_layout(context: MapContext, view: View, layout: Layout | None, place: str) -> None:
    title = REGISTRY[view.kind].title
    if layout is not None and layout.status == "failed":
        st.error(plain(f"{title} failed: {layout.message}. This is PCA instead."), icon=":material/error:")
    else:
        long = "seconds to a minute" if len(context.rows) <= FEW_SECONDS_ITEMS else "minutes; fewer items take less"
        st.info(f"{title} of {plain(context.split)} takes {long}. Until then, this is PCA.")
    if st.button(f"Compute {title}", type="secondary" if place else "primary", key=f"lay_out{place}"):
        start_layout(context, view.kind, view.seed)
        st.rerun()


@st.fragment(run_every=1)
def _progress(layout: Layout, key: str) -> None:
    """How far a map is, asked every second; the page runs again when it has ended."""
    if layout.status != "running":
        st.rerun()
    title = REGISTRY[layout.kind].title
    n = len(layout.codes)
    if layout.share is None:
        words = f"{title} of {n:,} codes: looking for neighbours, {duration(layout.seconds)} so far"
    else:
        words = f"{title} of {n:,} codes: {layout.share:.0%} of its steps, {duration(layout.seconds)} so far"
    st.progress(layout.share or 0.0, f"{words}. Until then, this is PCA.")
    if st.button("Cancel", key=f"cancel_{key}", icon=":material/close:"):
        layout.cancel()
        st.rerun()


def show_maps(context: MapContext, shown: Plane, view: View, hits: SearchHits, item: int) -> Callable[[], ShownMap]:
    """The map, and beside it that of the second checkpoint where one is chosen.

    Returns:
        What the first map shows, for an exported page.
    """
    _take_choices(context)
    if view.second is None or isinstance(context, VectorItems):
        return _map(context, shown, view, hits, item, MAP_KEY)
    other = replace(context, checkpoint=session.vector_checkpoint_of(view.second))
    left, right = st.columns(2, gap="small")
    with left:
        st.markdown(f"**{plain(context.card.title)}**")
        first = _map(context, shown, view, hits, item, MAP_KEY)
    with right:
        st.markdown(f"**{plain(other.card.title)}**")
        second_plane = chosen_plane(other, view, ".2")
        _map(other, second_plane, view, hits, item, SECOND_KEY)
    return first


def _map(
    context: MapContext, shown: Plane, view: View, hits: SearchHits, item: int, key: str
) -> Callable[[], ShownMap]:
    """One map with its layers, and what is to be said of it; what it shows, for an exported page."""
    is_first = key == MAP_KEY
    place = st.container()
    layers = map_layers.layer_picker(context, shown) if is_first else list(st.session_state.get("layers") or [])
    offered = quantities(context, view.k)
    quantity = offered.get(view.colour)
    column = columns(context).get(view.colour)
    if column is not None:
        colours = colouring.by_column(column, view.scale)
        if view.colour == groups.CLUSTER:  # what is in none is no cluster
            in_one = [name for name in colours.names[: colours.kinds] if name != groups.NOT_IN_ONE]
            colours = replace(colours, kinds=len(in_one), kinds_written=True)
    elif quantity is not None:
        colours = colouring.by_value(quantity.values(shown), view.scale)
    else:
        colours = colouring.by_label(context)
    with place:
        extras = map_view.Extras(
            layers=Layers(
                underlay=map_layers.underlay(context, shown, layers),
                contours=map_layers.contours(context, shown, layers),
                marks=map_view.user_marks(context, shown),
            ),
            selection=Selection(ringed=item, chosen=selection.positions(context), hits=hits.ringed),
            details=_details(context, shown, offered, quantity),
            rebuilt=True,
            tools=True,
            link=map_view.link_of(context),
            places_codes=is_first,
        )
        map_view.show_map(context, shown, colours, key, extras)
    of_colours = _colour_words(view, quantity, column, colours)
    for words in filter(None, _words(context, shown, of_colours, view.k, layers)):
        explained(words)
    about = f"{context.dataset.title}, {context.split}. {shown.note} {of_colours}".strip()
    return lambda: ShownMap(
        map_view.map_message(context, shown, colours, extras), shown, (about, map_layers.legend(context, layers))
    )


def _take_choices(context: MapContext) -> None:
    """Make the last lasso or box on any of the maps, or what was brushed last, the selection, once."""
    choices = [c for key in (MAP_KEY, SECOND_KEY) if (c := last_choice(key, len(context.rows))) is not None]
    if (brushed := filter_panel.last_choice(len(context.rows))) is not None:
        choices.append(brushed)
    newest = max(choices, key=lambda choice: choice.stamp, default=None)
    if newest is None or newest.stamp <= st.session_state.get("latent_choice", 0):
        return
    st.session_state["latent_choice"] = newest.stamp
    selection.set(context, context.rows[newest.positions])


def _details(
    context: MapContext, shown: Plane, offered: dict[str, Quantity], coloured: Quantity | None
) -> list[Detail]:
    """Numbers of the item under the pointer: those that are quick, and the one that colours the map."""
    quick = ("error", "kl") if len(context.rows) <= map_view.most_rebuilt(context) else ()
    told = [q for q in offered.values() if q.name in quick or q is coloured]
    return [
        Detail(name=q.title, values=q.values(shown), unit="" if q.unit.startswith("squared") else q.unit) for q in told
    ]


def _words(context: MapContext, shown: Plane, of_colours: str, k: int, layers: list[str]) -> list[str]:
    """What is on the map, what its layers are, and how far it can be trusted; a paragraph each, some empty."""
    about = [f"{plain(context.dataset.title)}, {context.split}.", shown.note, of_colours]
    if isinstance(context, VectorItems):
        about.insert(1, _vector_words(context))
    elif len(context.rows) > (most := map_view.most_rebuilt(context)):
        about.append(f"With more than {most:,} items{_of_this_model(most)}, only a click shows a reconstruction.")
    if are_too_many(context, columns(context, with_clusters=False)):
        about.append("Of so many rows with so many columns the values are shown for a clicked one alone.")
    if context.is_image and len(context.rows) > map_view.full_size_items(context):
        about.append("Thumbnails are smaller, since there are many items.")
    return [
        " ".join(filter(None, about)),
        map_layers.legend(context, layers),
        map_quality.in_a_sentence(context, shown, k),
    ]


def _of_this_model(most_rebuilt: int) -> str:
    return " of a model that takes this long" if most_rebuilt < map_view.REBUILT_ITEMS else ""


def _vector_words(context: VectorItems) -> str:
    """What the vectors are, and what their distances are measured in."""
    vectors, scale = context.vectors, context.scale
    words = [f"{len(vectors.columns):,} numbers an item, {scale}."]
    if vectors.beside:
        words.append(f"Not part of the vectors: {plain(', '.join(vectors.beside))}.")
    if scale == "as they are" and (uneven := uneven_columns(vectors)) is not None:
        name, times = uneven
        words.append(
            f"{plain(name)} spreads {times:,.0f} times as much as the median column, so that it decides nearly alone "
            "what is near: choose standardised distances under Options where columns have units of their own."
        )
    return " ".join(words)


def _colour_words(view: View, quantity: Quantity | None, column: ItemColumn | None, colours: Colouring) -> str:
    if column is not None:
        return f"Colour: {plain(view.colour)}. {plain(colours.note)}".strip()
    if quantity is None:
        return "" if view.colour == LABEL else f"{plain(view.colour)} is not available here."
    unit = f" ({quantity.unit})" if quantity.unit else ""
    return f"Colour: {plain(quantity.title.lower())}{unit}. {quantity.about} {plain(colours.note)}".strip()


# --- Below the map ------------------------------------------------------------------------------------------------


def has_sheet(context: MapContext, shown: Plane) -> bool:
    """Whether a grid of places on the map can be decoded: to pictures, and from the plane itself."""
    return isinstance(context, Context) and context.is_image and shown.lift is not None


def sheet_side(context: Context) -> int:
    """Places of the decoded plane each way."""
    return affordable.side_within(context.checkpoint, GRID_SIDE)


def sheet_codes(context: Context, lift: Lift, places: Num[np.ndarray, "n 2"]) -> Num[np.ndarray, "m d"]:
    """The codes (M, D) of a grid on the plane, row by row from the top: ``sheet_side`` each way, at even quantiles.

    Args:
        lift: the way from the plane to codes.
        places: (n, 2) of the shown items.
    """
    if context.code_size == 2:
        return latent.manifold_grid(context.card, sheet_side(context))
    levels = (np.arange(sheet_side(context)) + 0.5) / sheet_side(context)
    across, up = np.quantile(places, levels, axis=0).T
    return lift.codes(np.stack(np.meshgrid(across, up[::-1]), axis=-1).reshape(-1, 2))


def decoded_sheet(context: MapContext, shown: Plane) -> None:
    """What the decoder makes of a grid of places on the plane, as one picture."""
    if isinstance(context, VectorItems) or not has_sheet(context, shown) or shown.lift is None:
        return
    st.subheader("Decoded plane")
    of_what = "places at even quantiles of the shown points"
    if context.code_size == 2:
        distribution = (
            "the prior" if context.card.recipe.model.has_standard_normal else f"the {context.card.codes_described}"
        )
        of_what = f"codes at even quantiles of {distribution}"
    side = sheet_side(context)
    fewer = f" {affordable.fewer_words(context.checkpoint)}" if side < GRID_SIDE else ""
    st.caption(f"{side} x {side} {of_what}, arranged as on the map.{fewer}")
    codes = sheet_codes(context, shown.lift, shown.points)
    strip(context.checkpoint.decode(codes), size=56, alt="Grid of decoded codes", columns=side)


def trust_panel(context: MapContext, shown: Plane, view: View) -> None:
    """How far to trust the map, computed when it is opened."""
    opened = st.expander("How far to trust this map", key="trust", bind="query-params", icon=":material/rule:")
    if not opened.open:
        return
    with opened:
        try:
            map_quality.panel(context, shown, view.k)
        except ExplorerError as error:
            st.caption(plain(str(error)))
