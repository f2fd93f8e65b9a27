"""Codes laid flat: the plane, its colours and its thumbnails, as the map component shows them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st
import torch
from torch import nn

from explorer import images, projection
from explorer.errors import ExplorerError
from explorer.palette import NORMAL, NOVEL, SEQUENTIAL, UNLABELLED, class_colours
from explorer.projection import REGISTRY, Projector, Trust
from explorer.ui import cache
from explorer.ui.live.component import Feature
from explorer.ui.live.latent_map import MapSelection, Mark, SpriteSheet, latent_map
from explorer.ui.live.pack import can_run_live, pack
from explorer.ui.pictures import gallery
from explorer.ui.session import Current
from explorer.ui.text import three_digits

SLOW_KINDS = ("tsne", "umap")
"""Maps that take seconds to minutes: laid out on request only, and on no more than ``SLOW_ITEMS``."""
SLOW_ITEMS = 2000
MIN_ITEMS = 4
SPRITE_SIDE = 48
"""Largest side of a thumbnail in the sheet the browser gets, in pixels."""


@dataclass(frozen=True)
class Lift:
    """The way back from a place on a map to a code: ``origin + place @ directions``.

    Args:
        origin: (D,) the code of the place (0, 0).
        directions: (2, D) the step in the code for a step along each axis.
    """

    origin: np.ndarray
    directions: np.ndarray

    def codes(self, places: np.ndarray) -> np.ndarray:
        """(M, 2) places -> (M, D) codes."""
        codes: np.ndarray = self.origin + np.asarray(places) @ self.directions
        return codes


@dataclass(frozen=True)
class Plane:
    """A map of the shown codes.

    Args:
        points: (n, 2) place of each shown item.
        axes: titles of x and y.
        note: what near and far mean on it, and what the picture under the pointer is.
        projector: fitted; places new codes.
        lift: the way back to a code, which makes places decodable; None where there is none.
    """

    points: np.ndarray
    axes: tuple[str, str]
    note: str
    projector: Projector
    lift: Lift | None


@dataclass(frozen=True)
class Colouring:
    """Colours of the items: ``groups`` (n,) from 0 into ``names`` and ``palette``; None for one colour."""

    groups: np.ndarray | None
    names: tuple[str, ...]
    palette: tuple[str, ...]


def dimension_name(index: int) -> str:
    """What pages call a dimension of the code, counted from 1."""
    return f"z{index + 1}"


# --- Planes -------------------------------------------------------------------------------------------------------


def default_kind(now: Current) -> str:
    """The map to open with: the code itself where it has two dimensions, else PCA."""
    return "pair" if now.checkpoint.latent_dim == 2 else "pca"


def plane(now: Current, kind: str | None = None, pair: tuple[int, int] = (0, 1), seed: int = 0) -> Plane:
    """The shown codes laid flat.

    Args:
        kind: a name in ``projection.REGISTRY``; None for the default.
        pair: the dimensions of a raw pair, from 0.
        seed: of t-SNE and UMAP.

    Raises:
        ExplorerError: too few items, or codes that are not finite.
    """
    kind = kind or default_kind(now)
    codes = now.codes()
    if len(codes) < MIN_ITEMS:
        raise ExplorerError(f"A map needs {MIN_ITEMS} items or more; here are {now.split}.", "Choose other data.")
    if not np.isfinite(codes).all():
        raise ExplorerError("Some codes are not finite numbers.", "The model has probably diverged in training.")
    projector, points = _fit(*_keys(now), kind, pair if kind == "pair" else (0, 1), seed, codes)
    if kind == "pair":
        lift = _pair_lift(codes, pair)
        return Plane(points, (dimension_name(pair[0]), dimension_name(pair[1])), _pair_note(now), projector, lift)
    if isinstance(projector, projection.PCA):
        origin, *steps = projector.inverse(np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
        note = (
            f"PCA of the {now.checkpoint.latent_dim}-D codes: this plane holds {100 * projector.explained_:.3g} % of "
            "their variance. The decoded picture is of the point on the plane, so it can differ from an item near it."
        )
        return Plane(points, ("PC1", "PC2"), note, projector, Lift(origin, np.stack(steps) - origin))
    title = projector.title
    note = f"{projector.summary} There is no way back from a place to a code, so nothing is decoded under the pointer."
    return Plane(points, (f"{title} 1", f"{title} 2"), note, projector, None)


def _pair_note(now: Current) -> str:
    if now.checkpoint.latent_dim == 2:
        return "The code has two dimensions, so the map is the whole of it."
    return "Two of the code's dimensions as they are; what is decoded has the others at their medians."


def _pair_lift(codes: np.ndarray, pair: tuple[int, int]) -> Lift:
    origin = np.median(codes, axis=0).astype(np.float64)
    origin[list(pair)] = 0
    directions = np.zeros((2, codes.shape[1]))
    directions[[0, 1], list(pair)] = 1
    return Lift(origin, directions)


@st.cache_resource(max_entries=24, show_spinner=False)
def _fit(
    model_key: str, data_key: str, row_key: str, kind: str, pair: tuple[int, int], seed: int, _codes: np.ndarray
) -> tuple[Projector, np.ndarray]:
    options = {"i": pair[0], "j": pair[1]} if kind == "pair" else {}
    projector = REGISTRY[kind](seed, **options)
    return projector, projector.fit_transform(_codes)


def plane_trust(now: Current, shown: Plane, k: int, items: int = 1000) -> Trust:
    """How far neighbours on the map are neighbours in the code; in the items themselves, where the code is the map.

    Raises:
        ExplorerError: too few items for so many neighbours.
    """
    places = np.ascontiguousarray(shown.points)
    return _trust(*_keys(now), cache.rows_key((1e6 * places).astype(np.int64)), k, items, now, places)


@st.cache_data(max_entries=64, show_spinner=False)
def _trust(
    model_key: str, data_key: str, row_key: str, places_key: str, k: int, items: int, _now: Current, _places: np.ndarray
) -> Trust:
    chosen = cache.shown_rows(np.arange(len(_places)), items)
    if _now.checkpoint.latent_dim > 2:
        return projection.trust(_now.codes()[chosen], _places[chosen], k)
    return projection.trust(np.asarray(_now.x(chosen), np.float64).reshape(len(chosen), -1), _places[chosen], k)


def _keys(now: Current) -> tuple[str, str, str]:
    return cache.checkpoint_key(now.checkpoint), now.dataset.fingerprint, cache.rows_key(now.rows)


# --- Colours ------------------------------------------------------------------------------------------------------


def by_label(now: Current) -> Colouring:
    """One colour a class; normal and novel in their own, where a model was trained on one class of two."""
    labels = now.labels()
    if labels is None:
        return Colouring(None, (), (UNLABELLED,))
    names = now.dataset.label_names
    palette = class_colours(range(len(names)))
    trained_on = now.card.recipe.data.classes
    if len(names) == 2 and len(trained_on) == 1 and trained_on[0] in names:
        palette = [NORMAL if name == trained_on[0] else NOVEL for name in names]
    if (labels < 0).any():
        labels = np.where(labels < 0, len(names), labels)
        names, palette = (*names, "not labelled"), [*palette, UNLABELLED]
    return Colouring(labels, tuple(names), tuple(palette))


def by_value(values: np.ndarray) -> Colouring:
    """Eight steps of colour with about as many items each, dark to light; the legend names their ranges."""
    edges = np.unique(np.quantile(values, np.linspace(0, 1, len(SEQUENTIAL) + 1)))
    if len(edges) < 2:
        return Colouring(None, (), (SEQUENTIAL[0],))
    groups = np.searchsorted(edges[1:-1], values, side="right")
    names = tuple(f"{three_digits(a)} to {three_digits(b)}" for a, b in itertools.pairwise(edges))
    return Colouring(groups, names, SEQUENTIAL)


# --- The map ------------------------------------------------------------------------------------------------------


def features(now: Current) -> list[Feature]:
    """Columns of a table with the range that holds 98 % of the shown rows; empty for images."""
    if now.is_image:
        return []
    low, high = np.quantile(np.asarray(now.x(), np.float64), (0.01, 0.99), axis=0)
    return [
        Feature(name, float(a), float(b) if b > a else float(a) + 1)
        for name, a, b in zip(column_names(now), low, high, strict=True)
    ]


def column_names(now: Current) -> list[str]:
    """Names of a table's columns; numbered where the data has none."""
    names = now.dataset.feature_names
    return list(names) or [f"column {i + 1}" for i in range(now.dataset.event_shape[0])]


def item_word(now: Current) -> str:
    """What one item is called."""
    return "image" if now.is_image else "row"


def item_phrase(now: Current) -> str:
    """What one item is called where it matters whether it is real: "real image", "made row"."""
    return f"{'real' if now.is_real else 'made'} {item_word(now)}"


def label_name(now: Current, position: int) -> str:
    """The label of a shown item; empty where it has none."""
    labels, names = now.labels(), now.dataset.label_names
    return names[labels[position]] if labels is not None and 0 <= labels[position] < len(names) else ""


def item_caption(now: Current, position: int) -> str:
    """Row and label of a shown item, as plain text; a made one is called so."""
    row = f"{'row' if now.is_real else 'made item'} {now.rows[position]:,}"
    return ", ".join(part for part in (row, label_name(now, position)) if part)


def show_neighbours(now: Current, positions: np.ndarray, distances: np.ndarray, size: int = 56) -> None:
    """Shown items with their distances from a code: pictures, or a table of rows.

    Args:
        positions, distances: (k,), nearest first.
        size: largest side of a picture, in screen pixels.
    """
    st.caption(f"Nearest {item_phrase(now)}s by code ({now.split}), with the distance in units of the code")
    if now.is_image:
        near = zip(positions, distances, strict=True)
        captions = [f"{label_name(now, p)}\n{three_digits(float(d))}".strip() for p, d in near]
        gallery(now.x(positions), captions, size=size, alt="Near image")
        return
    rows = [
        {"row": int(now.rows[p]), "label": label_name(now, p), "distance": float(d)}
        for p, d in zip(positions, distances, strict=True)
    ]
    number = st.column_config.NumberColumn(format="%.3g")
    st.dataframe(rows, hide_index=True, width="stretch", column_config={"distance": number})


def show_map(
    now: Current,
    shown: Plane,
    colours: Colouring,
    key: str,
    marks: Sequence[Mark] = (),
    selected: int | None = None,
) -> MapSelection | None:
    """Draw the map of a plane; under the pointer the decoder's picture, where the plane has a way back.

    Args:
        selected: position of the ringed item among the shown ones.

    Returns:
        The last click, or None.
    """
    return latent_map(
        shown.points,
        colours.groups,
        key=key,
        names=colours.names,
        palette=colours.palette,
        sprites=sprites(now) if now.is_image else None,
        model_pack=plane_pack(now, shown),
        features=features(now),
        axes=shown.axes,
        marks=marks,
        selected=selected,
        item_word=item_word(now),
    ).click


def last_click(key: str, n: int) -> MapSelection | None:
    """The last click on the map of this key, known before the map is drawn again.

    Args:
        n: items on the map; a click on one beyond was on another map.
    """
    state: Any = st.session_state.get(key) or {}
    clicked = state.get("selected")
    if not clicked or (clicked["index"] is not None and clicked["index"] >= n):
        return None
    x, y = clicked["code"]
    return MapSelection(clicked["index"], (x, y))


def plane_pack(now: Current, shown: Plane) -> bytes | None:
    """The decoder of places on a plane for the browser; None without a way back or for a decoder too large."""
    if shown.lift is None or can_run_live(now.checkpoint.model) is not None:
        return None
    lift_key = "|".join(f"{v:.9g}" for v in (*shown.lift.origin, *shown.lift.directions.ravel()))
    return _plane_pack(cache.checkpoint_key(now.checkpoint), lift_key, now, shown.lift)


@st.cache_data(max_entries=16, show_spinner=False)
def _plane_pack(model_key: str, lift_key: str, _now: Current, _lift: Lift) -> bytes:
    layer = nn.Linear(2, _now.checkpoint.latent_dim)
    layer.weight.data = torch.tensor(_lift.directions.T, dtype=torch.float32)
    layer.bias.data = torch.tensor(_lift.origin, dtype=torch.float32)
    return pack([layer, *_now.checkpoint.model.decoder_chain()], (2,))


def sprites(now: Current) -> SpriteSheet:
    """Thumbnails of the shown items, at most ``SPRITE_SIDE`` pixels on the longer side."""
    x = now.x(slice(0, 1))
    step = -(-max(x.shape[2:]) // SPRITE_SIDE)  # every so many pixels, so that large pictures make small thumbnails
    height, width = (len(range(0, side, step)) for side in x.shape[2:])
    columns = int(np.ceil(np.sqrt(len(now.rows))))
    png = _sprite_png(now.dataset.fingerprint, cache.rows_key(now.rows), columns, step, now)
    return SpriteSheet(png, columns, width, height)


@st.cache_data(max_entries=8, show_spinner="Making thumbnails")
def _sprite_png(data_key: str, row_key: str, columns: int, step: int, _now: Current) -> bytes:
    return images.sprite_sheet(_now.dataset.x[_now.rows][:, :, ::step, ::step], columns)
