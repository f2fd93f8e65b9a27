"""The Latent space page: what to show, the map, the inspector of one item, and what can be taken away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from explorer import denoising, export, figures, images, latent, novelty
from explorer.errors import ExplorerError
from explorer.projection import REGISTRY
from explorer.ui import cache, latent_view
from explorer.ui.latent_view import Colouring, Plane, dimension_name
from explorer.ui.live.latent_map import Mark
from explorer.ui.pictures import gallery, strip
from explorer.ui.session import Current
from explorer.ui.text import plain, three_digits

MAP_KEY = "latent_map"
ITEM_COUNTS = (500, 1000, 2000, 5000)
NEIGHBOURS = 6
GRID_SIDE = 14
UPLOADS = ("png", "jpg", "jpeg", "webp", "bmp", "gif", "tif", "tiff")


@dataclass(frozen=True)
class View:
    """What the page's controls say.

    Args:
        kind: of map, a name in ``projection.REGISTRY``.
        pair: dimensions of a raw pair, from 0.
        colour: "label", "error", or the name of a dimension.
        count: most items to show.
        k: neighbours for the trust of the map.
        seed: of t-SNE and UMAP.
    """

    kind: str
    pair: tuple[int, int]
    colour: str
    count: int
    k: int
    seed: int


@dataclass(frozen=True)
class MyImage:
    """The visitor's own picture.

    Args:
        x: (1, C, H, W), as the model takes it.
        note: what was done to it.
        code: (1, D).
    """

    x: np.ndarray
    note: str
    code: np.ndarray


def controls(now: Current) -> View:
    """What to show: a row above the map, rarely changed options in a popover. All of it stands in the URL."""
    dim = now.checkpoint.latent_dim
    names = [dimension_name(i) for i in range(dim)]
    wide = [2, 2, 1] if dim > 2 else [4, 1]
    first, *second, third = st.columns(wide, vertical_alignment="bottom")
    colours = [*(["label"] if now.dataset.labels is not None else []), *(["error"] if now.is_real else []), *names]
    titles = {"label": "Label", "error": "Reconstruction error"}
    colour = first.selectbox(
        "Colour by", colours, key="colour", format_func=lambda c: titles.get(c, f"Dimension {c}"), bind="query-params"
    )
    kind = latent_view.default_kind(now)
    if dim > 2:
        kind = second[0].selectbox(
            "Map",
            list(REGISTRY),
            key="projection",
            format_func=lambda name: REGISTRY[name].title,
            bind="query-params",
            help="How the codes are laid flat. PCA is there at once; t-SNE and UMAP are laid out on request.",
        )
    with third.popover("Options", width="stretch"):
        count = st.selectbox("Items shown, at most", ITEM_COUNTS, index=2, key="items", bind="query-params")
        pair = _pair(names) if kind == "pair" and dim > 2 else (0, 1)
        k = st.slider("Neighbours for the trust of the map", 2, 50, 10, key="neighbours", bind="query-params")
        seed = 0
        if kind in latent_view.SLOW_KINDS:
            seed = int(st.number_input("Seed of the map", 0, 9999, 0, key="map_seed", bind="query-params"))
    return View(kind, pair, colour, count, k, seed)


def _pair(names: list[str]) -> tuple[int, int]:
    i = st.selectbox("Across", names, index=0, key="across", bind="query-params")
    j = st.selectbox("Up", names, index=1, key="up", bind="query-params")
    return names.index(i), names.index(j)


def chosen_plane(now: Current, view: View) -> Plane:
    """The plane that was asked for; for a slow one PCA and a button, until it is laid out."""
    if view.kind not in latent_view.SLOW_KINDS:
        return latent_view.plane(now, view.kind, view.pair)
    title = REGISTRY[view.kind].title
    laid_out: set[tuple[str, ...]] = st.session_state.setdefault("laid_out", set())
    asked = (cache.checkpoint_key(now.checkpoint), now.dataset.fingerprint, now.split, view.kind, str(view.seed))
    if asked not in laid_out:
        st.info(f"{title} takes from a few seconds to a minute for {now.split}. Until then, this is PCA.")
        if not st.button(f"Lay out with {title}", type="primary", key="lay_out"):
            return latent_view.plane(now, "pca")
        with st.spinner(f"Laying out {now.split} with {title}"):
            latent_view.plane(now, view.kind, seed=view.seed)
        laid_out.add(asked)
        st.rerun()
    return latent_view.plane(now, view.kind, seed=view.seed)


def colouring(now: Current, view: View) -> Colouring:
    """Colours by the chosen quantity."""
    if view.colour == "label":
        return latent_view.by_label(now)
    if view.colour == "error":
        return latent_view.by_value(now.errors())
    names = [dimension_name(i) for i in range(now.checkpoint.latent_dim)]
    return latent_view.by_value(now.codes()[:, names.index(view.colour)])


def error_unit(now: Current) -> str:
    """The unit of a reconstruction error."""
    return "squared error an image" if now.is_image else "squared standard deviations a row"


# --- My image -----------------------------------------------------------------------------------------------------


def my_image(now: Current) -> MyImage | None:
    """An upload as the model takes it and its code; what is wrong with a file is said beside the uploader."""
    if not now.is_image:
        st.caption("To place your own rows, add a CSV with these columns in the sidebar.")
        return None
    upload = st.file_uploader("Place my image on the map", UPLOADS, key="my_image", help="It stays in this session.")
    if upload is None:
        return None
    inverted = st.toggle("Swap light and dark", key="my_image_swap", help="MNIST's digits are light on dark.")
    try:
        decoded = images.decode_image(upload.getvalue(), upload.name)
        pixels = images.to_float(decoded.array)
        x, note = denoising.fit_upload(now.checkpoint, 1 - pixels if inverted else pixels)
    except ExplorerError as error:
        st.error(plain(str(error)))
        return None
    return MyImage(x, note, now.checkpoint.encode(x))


def mark_of(mine: MyImage | None, shown: Plane) -> list[Mark]:
    """The ring of the visitor's image on a map."""
    if mine is None:
        return []
    x, y = shown.projector.transform(mine.code)[0]
    return [Mark(float(x), float(y), "my image")]


def inspect_mine(now: Current, mine: MyImage) -> None:
    """The visitor's image, its reconstruction and the real items nearest to it."""
    x_hat = now.checkpoint.reconstruct(mine.x)
    error = float(now.checkpoint.reconstruction_errors(mine.x)[0])
    gallery(np.concatenate([mine.x, x_hat]), ["my image", f"rebuilt, error {three_digits(error)}"], alt="My image")
    if mine.note:
        st.caption(plain(mine.note))
    _error_line(now, error)
    _neighbours(now, mine.code[0], skip=None)


# --- One item -----------------------------------------------------------------------------------------------------


def choose_item(now: Current) -> int:
    """Position of the item to inspect: the one clicked last or typed last. To be called before the map is drawn."""
    click = latent_view.last_click(MAP_KEY, len(now.rows))
    if click is not None and click.index is not None and click != st.session_state.get("latent_click"):
        st.session_state["latent_click"] = click
        st.session_state["item"] = int(now.rows[click.index])
    elif st.session_state.get("item", 0) >= len(now.dataset):
        del st.session_state["item"]  # a row of the dataset that was shown before
    row = st.number_input(
        "Item",
        0,
        len(now.dataset) - 1,
        int(now.rows[0]),
        key="item",
        bind="query-params",
        help="Its row in the dataset. Click a point of the map to choose one; of a row that is not shown, the next is.",
    )
    return min(int(np.searchsorted(now.rows, row)), len(now.rows) - 1)


def inspect(now: Current, position: int) -> None:
    """One shown item: picture or columns, reconstruction, label, error, code and nearest neighbours."""
    x = now.x(slice(position, position + 1))
    x_hat = now.checkpoint.reconstruct(x)
    error = float(now.checkpoint.reconstruction_errors(x)[0])
    caption = latent_view.item_caption(now, position)
    if now.is_image:
        item = images.to_float(x)
        captions = [caption, f"rebuilt, error {three_digits(error)}" if now.is_real else "encoded and decoded again"]
        gallery(np.concatenate([item, x_hat]), captions, size=112, alt="Chosen item")
    else:
        st.caption(plain(caption))
        _columns(now, np.asarray(x, np.float64)[0], x_hat[0])
    if now.is_real:
        _error_line(now, error)
    code = now.codes()[position]
    st.caption(f"Code: ({', '.join(three_digits(float(v)) for v in code[:4])}{', …' if len(code) > 4 else ''})")
    if len(code) > 4:
        with st.popover(f"All {len(code)} dimensions", width="stretch"):
            rows = [{"dimension": dimension_name(i), "value": float(v)} for i, v in enumerate(code)]
            st.dataframe(rows, hide_index=True, width="stretch")
    _neighbours(now, code, skip=position)


def _columns(now: Current, x: np.ndarray, x_hat: np.ndarray) -> None:
    columns = zip(latent_view.column_names(now), x, x_hat, strict=True)
    rows = [{"column": name, "value": float(a), "rebuilt": float(b)} for name, a, b in columns]
    number = st.column_config.NumberColumn(format="%.3g")
    st.dataframe(rows, hide_index=True, width="stretch", height=220, column_config={"value": number, "rebuilt": number})


def _error_line(now: Current, error: float) -> None:
    calibration = np.asarray(now.card.calibration)
    text = f"Reconstruction error {three_digits(error)} ({error_unit(now)})"
    if len(calibration):
        share = float(novelty.percentile(np.array([error]), calibration)[0])
        text += f": higher than that of {share:.3g} % of the validation items"
    st.caption(f"{text}.")


def _neighbours(now: Current, code: np.ndarray, skip: int | None) -> None:
    positions, distances = latent.nearest(now.codes(), code, NEIGHBOURS + 1)
    others = np.flatnonzero(positions != skip)[:NEIGHBOURS]
    latent_view.show_neighbours(now, positions[others], distances[others])


# --- Below the map ------------------------------------------------------------------------------------------------


def describe_map(now: Current, view: View, shown: Plane) -> None:
    """What is on the map, and how far it can be trusted."""
    coloured = f" Colour: reconstruction error ({error_unit(now)})." if view.colour == "error" else ""
    st.caption(f"{plain(now.dataset.title)}, {now.split}. {shown.note}{coloured}")
    if len(now.rows) <= 2 * view.k:
        st.caption(f"Too few items to say how far neighbourhoods of {view.k} can be trusted.")
        return
    trust = latent_view.plane_trust(now, shown, view.k)
    space = "code" if now.checkpoint.latent_dim > 2 else "pixels" if now.is_image else "columns"
    split = now.split.split(", n")[0]
    st.caption(
        f"Trust: neighbours on the map are neighbours in the {space} to {trust.trustworthiness:.3f} (trustworthiness), "
        f"neighbours in the {space} are neighbours on the map to {trust.continuity:.3f} (continuity); 1 is best, "
        f"k = {trust.k} ({split}, n = {trust.n:,})."
    )


def decoded_sheet(now: Current, shown: Plane) -> None:
    """What the decoder makes of a grid of places on the plane, as one picture."""
    if not now.is_image or shown.lift is None:
        return
    st.subheader("The plane, decoded")
    if now.checkpoint.latent_dim == 2:
        codes = latent.manifold_grid(now.card, GRID_SIDE)
        spread = "the prior" if now.checkpoint.is_variational else "the training codes"
        st.caption(f"{GRID_SIDE} x {GRID_SIDE} codes at even quantiles of {spread}, lying as on the map.")
    else:
        levels = (np.arange(GRID_SIDE) + 0.5) / GRID_SIDE
        across, up = np.quantile(shown.points, levels, axis=0).T
        places = np.stack(np.meshgrid(across, up[::-1]), axis=-1).reshape(-1, 2)
        codes = shown.lift.codes(places)
        st.caption(f"{GRID_SIDE} x {GRID_SIDE} places at even quantiles of the shown points, lying as on the map.")
    strip(now.checkpoint.decode(codes), size=56, alt="Grid of decoded codes", columns=GRID_SIDE)


def downloads(now: Current, view: View, shown: Plane) -> None:
    """The codes and the places on the map as files, the map as a figure, and the Python that makes it."""
    codes, labels, names = now.codes(), now.labels(), now.dataset.label_names
    stem = f"{now.card.name}-{now.dataset.name}-codes"
    arrays = {"codes": codes, "places": shown.points, "rows": now.rows}
    if labels is not None:
        arrays["labels"] = labels
    with st.container(horizontal=True):
        st.download_button(
            "Codes as CSV",
            lambda: export.codes_csv(codes, now.rows, labels, names),
            f"{stem}.csv",
            "text/csv",
            icon=":material/download:",
            key="codes_csv",
            on_click="ignore",
        )
        st.download_button(
            "Codes and places as NPZ",
            lambda: export.npz_bytes(**arrays),
            f"{stem}.npz",
            icon=":material/download:",
            key="codes_npz",
            on_click="ignore",
        )
    if st.toggle("Map as a figure to download", key="as_figure", help="Its camera button saves a PNG."):
        figure = figures.scatter2d(shown.points, labels, names, shown.axes, now.rows)
        st.plotly_chart(figure, width="stretch", key="latent_figure")
    if not now.is_real:
        return
    with st.expander("Copy as Python"):
        kind = "" if now.checkpoint.latent_dim == 2 else view.kind
        split = now.split.split(", n")[0]
        st.code(export.latent_space_code(now.card.name, now.dataset.name, split, kind, view.seed), language="python")
