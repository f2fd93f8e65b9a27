"""Ways from item to item through the code space: straight, along arcs and along the data, side by side."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from explorer import export
from explorer.browser.interpolation.message import Place
from explorer.checkpoints import VectorCheckpoint
from explorer.latent import interpolation
from explorer.latent.interpolation import Kind, NeighbourGraph, Route, Spacing
from explorer.ui.generate import interpolation_items, real_codes, starting_code
from explorer.ui.map.exported_page import exported_page
from explorer.ui.shell import copied
from explorer.ui.shell.cache import cached, cached_resource
from explorer.ui.shell.decoders import model_decoder
from explorer.ui.shell.session import Context
from explorer.ui.widgets.film_form import film_downloads
from explorer.ui.widgets.interpolation import live_interpolation
from explorer.ui.widgets.tables import csv_button, number_columns
from explorer.ui.widgets.terms import explained
from explorer.views import item_words, path_contents
from explorer.views.exported import PageWishes
from explorer.views.items import dimension_name

STEPS_A_LEG = 24
"""Frames between two items for what is drawn as a curve and decoded in the browser."""
SERVED_STEPS_A_LEG = 8
"""The same for a decoder that is too large for the browser: these are decoded here before the path is shown."""
SERVED_VALUES = 1 << 23
"""Of all frames that are decoded here (32 MiB): of large pictures there are fewer."""
SHOWN_ROWS = 11
SPACINGS: dict[Spacing, str] = {"steps": "Even between items", "length": "Even by distance"}


@st.fragment
def interpolation_view(context: Context) -> None:
    """Choose two to eight items; the three paths through them play, and are measured, side by side."""
    rows = interpolation_items.pick_items(context)
    with st.container(horizontal=True, vertical_alignment="center"):
        spacing = _spacing()
        sources = interpolation_items.source_toggles(context)
    interpolation_items.show_sources(context, sources)
    if len(rows) < interpolation.MIN_ITEMS:
        st.info("A path needs at least two items: add them above.", icon=":material/info:")
        return
    routes = _routes(context, rows)
    place = _live(context, rows, routes, spacing)
    _explain(context, routes)
    _take_away(context, rows, routes, spacing, place)


def _spacing() -> Spacing:
    spacing: Spacing = st.segmented_control(
        "Frames",
        list(SPACINGS),
        default="steps",
        required=True,
        key="spacing",
        format_func=SPACINGS.__getitem__,
        bind="query-params",
        persist_state="session",
        label_visibility="collapsed",
        help="Spacing of the frames: the same number between any two items, or equal distances along the path.",
    )
    return spacing


def _routes(context: Context, rows: tuple[int, ...]) -> dict[Kind, Route]:
    codes = interpolation_items.codes_of(context, rows)
    graph = _graph(context)
    return {kind: interpolation.route(kind, codes, graph) for kind in interpolation.KINDS}


@cached_resource(max_entries=8, spinner="Linking neighbouring codes")
def _graph(context: Context) -> NeighbourGraph:
    return NeighbourGraph(context.codes())


# --- The live part --------------------------------------------------------------------------------------------------


def _live(context: Context, rows: tuple[int, ...], routes: Mapping[Kind, Route], spacing: Spacing) -> Place:
    decoder = model_decoder(context.checkpoint)
    legs = len(rows) - 1
    n = STEPS_A_LEG * legs + 1 if isinstance(decoder, bytes) else _served_frames(context, legs)
    mixture, check = real_codes.code_density(context), real_codes.density_check(context)
    tracks, measures = path_contents.tracks(context, routes, n, spacing, mixture, check)
    decoded = None
    if not isinstance(decoder, bytes):
        explained(f"{n} frames of each path are decoded in advance; places between them are decoded by the server.")
        decoded = _decoded(context.checkpoint, np.stack([track.codes for track in tracks]))
    place = live_interpolation(
        decoder,
        tracks,
        key="interpolation",
        items=[interpolation_items.caption(context, row) for row in rows],
        measures=measures,
        features=item_words.features(context),
        decoded=decoded,
        start=_linked_place(),
    )
    _write_place(place)
    return place


def _served_frames(context: Context, legs: int) -> int:
    values = len(interpolation.KINDS) * math.prod(context.checkpoint.event_shape)
    return max(2, min(SERVED_STEPS_A_LEG * legs, SERVED_VALUES // values)) + 1


@cached(max_entries=4, spinner="Decoding the paths")
def _decoded(checkpoint: VectorCheckpoint, codes: np.ndarray) -> np.ndarray:
    """(paths, n, *event) what paths of codes (paths, n, D) look like."""
    decoded = checkpoint.decode(codes.reshape(-1, codes.shape[2]))
    return decoded.reshape(*codes.shape[:2], *decoded.shape[1:])


def _linked_place() -> Place | None:
    """Where the link, or else the session, says that the hand let go."""
    kind, share = st.query_params.get("along"), st.query_params.get("at")
    if kind is None or share is None:
        kind, share = st.session_state.get("kept_place", (None, None))
    try:
        return None if kind is None else Place(track=kind, at=float(share or "0"))
    except ValueError:
        return None


def _write_place(place: Place) -> None:
    words = {"along": place.track, "at": f"{place.at:.4f}".rstrip("0").rstrip(".")}
    st.session_state["kept_place"] = tuple(words.values())
    for name, value in words.items():
        if st.query_params.get(name) != value:
            st.query_params[name] = value


def _explain(context: Context, routes: Mapping[Kind, Route]) -> None:
    bridges = routes["data"].bridges
    joined = (
        f" Where no neighbour leads on, it crosses a bridge, the shortest gap to the next part "
        f"({bridges} on this path)."
        if bridges
        else ""
    )
    arcs = routes["spherical"]
    opposite = (
        f" On {arcs.half_turns} of its {len(arcs.legs)} arcs the codes are nearly opposite: no one arc between them is "
        "the shortest, another is as short."
        if arcs.half_turns
        else ""
    )
    explained(
        "Lengths and distances are in units of the code. Spherical turns the code's direction evenly, and its norm "
        f"goes evenly from item to item.{opposite} Along the data goes from code to neighbouring code, the shortest "
        f"way where each is linked to its {interpolation.NEIGHBOURS} nearest ({context.split}).{joined}"
    )


# --- What can be taken away -----------------------------------------------------------------------------------------


def _take_away(
    context: Context, rows: tuple[int, ...], routes: Mapping[Kind, Route], spacing: Spacing, place: Place
) -> None:
    kind: Kind = next(k for k in routes if k == place.track)
    route, title = routes[kind], path_contents.LOOKS[kind].title
    file_name = f"{context.card.name}-{title.lower().replace(' ', '-')}"
    st.markdown(f"**Export: {title}** (choose another path by its name above)")
    if context.is_image:
        film_downloads(
            lambda n: context.checkpoint.decode(route.frames(n, spacing)),
            context.dataset.event_shape,
            file_name,
            key="film",
        )
    else:
        table = _table(context, route, spacing, SHOWN_ROWS)
        column_config = number_columns(table, "%.4g")
        st.dataframe(table, hide_index=True, width="stretch", key="path_table", column_config=column_config)
        explained(f"{SHOWN_ROWS} places on the path. Columns in their own units.")
    with st.container(horizontal=True):
        csv_button(
            "Frames as CSV",
            _table(context, route, spacing, STEPS_A_LEG * (len(rows) - 1) + 1, codes=True),
            f"{file_name}.csv",
            "path_csv",
        )
        here = route.frames(STEPS_A_LEG * 100, spacing)[round(place.at * (STEPS_A_LEG * 100 - 1))]
        st.button(
            "Open this code in the sliders",
            on_click=starting_code.open_code,
            args=(context, here),
            icon=":material/tune:",
        )
    path = tuple(row for row in rows if row != interpolation_items.USER_IMAGE) if context.is_real else ()
    path = path if len(path) >= interpolation.MIN_ITEMS else ()
    exported_page(context, lambda _: PageWishes(path=path, place=place, first="interpolation"), key="path_page")
    if len(path) < len(rows):
        explained("Your image stays here: a page shows the way between items of the data.")
    with st.expander("Copy as Python"):
        dataset = copied.data_of(context) if context.is_real else ""
        items = (
            rows
            if context.is_real and interpolation_items.USER_IMAGE not in rows
            else interpolation_items.codes_of(context, rows)
        )
        if context.is_real or kind != "data":
            name, split = copied.model_name(context.card), context.split.split(", n")[0]
            code = export.interpolate_code(
                name, dataset, items, SHOWN_ROWS, kind, spacing, split, n_items=len(context.rows)
            )
            st.code(code, language="python")
        else:
            explained("A path along the data needs a dataset.")


def _table(
    context: Context, route: Route, spacing: Spacing, n: int, codes: bool = False
) -> list[dict[str, float | str]]:
    """A row a frame: its place, how likely it is, how far from the nearest code; its columns or its code."""
    z = route.frames(n, spacing)
    columns: dict[str, np.ndarray | list[Any]] = {"share of the path": np.linspace(0, 1, n)}
    mixture = real_codes.code_density(context)
    if mixture is not None:
        columns["log density (nats)"] = mixture.log_density(z)
    columns["distance to the nearest code"] = path_contents.distances(context, z)
    if not context.is_image:
        columns |= item_words.columns_of(context, context.checkpoint.decode(z))
    if codes:
        columns |= {dimension_name(i): column for i, column in enumerate(z.T)}
    rows = zip(*columns.values(), strict=True)
    return [{k: v if isinstance(v, str) else float(v) for k, v in zip(columns, row, strict=True)} for row in rows]
