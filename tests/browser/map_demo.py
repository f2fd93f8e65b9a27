"""The map of codes with everything it can show, on handwritten digits and a linear decoder (PCA)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st
import torch
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from torch import nn

from explorer.browser.latent_map.message import LatentMap, MapReport
from explorer.browser.latent_map.parts import (
    Contour,
    Detail,
    Layers,
    LinearPlace,
    Mark,
    NearestItem,
    PlaceDecoder,
    Points,
    Selection,
    Underlay,
)
from explorer.browser.pack import pack
from explorer.browser.parts import Decoder, SpriteSheet
from explorer.core import palette
from explorer.data import Dataset, Splits
from explorer.io import images
from explorer.ui.map import map_view
from explorer.ui.map.finer_pictures import finer_pictures
from explorer.ui.map.latent_map import last_choice, latent_map
from explorer.ui.shell.vector_items import VectorItems

COLUMNS = 40
DIM = 4


def png(pixels: np.ndarray) -> bytes:
    """A grey picture from values in [0, 1]."""
    buffer = io.BytesIO()
    Image.fromarray((255 * pixels.clip(0, 1)).astype(np.uint8)).save(buffer, "png")
    return buffer.getvalue()


def sheet(pictures: np.ndarray) -> SpriteSheet:
    """Thumbnails of (n, 8, 8) pictures."""
    pixels = (255 * pictures.clip(0, 1)).astype(np.uint8)[:, None]
    return SpriteSheet(png=images.sprite_sheet(pixels, COLUMNS), columns=COLUMNS, width=8, height=8)


def linear_decoder(origin: np.ndarray, directions: np.ndarray) -> bytes:
    """A pack of ``origin + code @ directions``, as a picture of 8 x 8."""
    layer = nn.Linear(*directions.shape)
    layer.weight.data = torch.tensor(directions.T, dtype=torch.float32)
    layer.bias.data = torch.tensor(origin, dtype=torch.float32)
    return pack([layer, nn.Unflatten(1, (1, 8, 8))], (len(directions),))


def level_lines(points: np.ndarray) -> list[Contour]:
    """Ellipses of equal density of a Gaussian fitted to the points."""
    angles = np.linspace(0, 2 * np.pi, 200)
    root = np.linalg.cholesky(np.cov(points.T))
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1) @ root.T
    return [Contour.of([points.mean(0) + k * circle], f"{k} sigma", dashed=k == 2) for k in (1, 2)]


st.set_page_config(layout="wide")
digits = load_digits()
flat = digits.data / 16
model = PCA(DIM, svd_solver="full").fit(flat)
codes = model.transform(flat)
plane = codes[:, :2]
rebuilt = model.inverse_transform(codes)
error = ((flat - rebuilt) ** 2).sum(axis=1)


def say(name: str, report: MapReport) -> None:
    """What Python knows, as text for the test."""
    chosen = () if report.choice is None else report.choice.positions
    st.text(f"{name} chose {'nothing yet' if report.choice is None else len(chosen)}: {' '.join(map(str, chosen))}")
    st.text(f"{name} clicked: {report.click.index if report.click else 'none'}")


def show_map(
    key: str = "map", places: np.ndarray = plane, *, tools: bool = True, titles: Sequence[str] = (), **parts: Any
) -> None:
    """The digits on a map with these parts, and what Python knows of it."""
    points = Points(
        places=places,
        groups=digits.target,
        names=digits.target_names.astype(str),
        palette=[palette.class_colour(i) for i in range(10)],
        item_word="digit",
        titles=titles,
    )
    parts.setdefault("nearest", NearestItem(sprites=sheet(digits.images / 16)))
    say(key, latent_map(LatentMap(points=points, tools=tools, **parts), key=key))


show = st.query_params.get("show", "tools")
ways = PlaceDecoder(decoder=Decoder(pack=linear_decoder(model.mean_, model.components_[:2])))

if show == "tools":
    st.toggle("Larger digits first", key="rerun")
    show_map(decoding=ways)

if show == "kept":
    # The page keeps the selection and gives it back, from its own store; at first from the link.
    st.session_state.setdefault("kept", np.arange(int(st.query_params.get("keep", 0))))
    if choice := last_choice("map", len(plane)):
        st.session_state.kept = choice.positions
    if st.button("Choose the first three"):
        st.session_state.kept = np.arange(3)
    kept = st.session_state.kept
    show_map(selection=Selection(chosen=kept), plain_canvas="plain" in st.query_params)
    st.text(f"page keeps: {len(kept)}")

if show == "inspector":
    ink = flat.mean(axis=1)
    ink[::2] = np.nan
    nearest = NearestItem(
        sprites=sheet(digits.images / 16),
        reconstructions=sheet(rebuilt.reshape(-1, 8, 8)),
        details=[
            Detail(name="reconstruction error", values=error, unit="per digit"),
            Detail(name="share of ink", values=ink),
        ],
    )
    show_map(decoding=ways, nearest=nearest, titles=[f"scan {i}.png" for i in range(len(plane))])

if show == "layers":
    grid = np.block([[digits.images[10 * row + column] / 16 for column in range(10)] for row in range(10)])
    layers = Layers(
        underlay=Underlay(png=png(0.25 * grid), left=-1.5, bottom=-1.5, right=1.5, top=1.5),
        contours=level_lines(plane),
        marks=[Mark(x=1.0, y=1.0, label="my image", ellipse=(0.5, 0.2, 0.5))],
    )
    show_map(layers=layers, selection=Selection(hits=np.flatnonzero(digits.target == 7)[:20]), height=500)

if show == "found":
    st.toggle("Search", key="search")
    hits = np.flatnonzero(digits.target == 0)[:1] if st.session_state.search else None
    show_map(selection=Selection(hits=hits))

if show == "linked":
    left, right = st.columns(2)
    with left:
        show_map("left", link="digits")
    with right:
        drop = LinearPlace.of(model.mean_, model.components_[2:].T)
        show_map("right", codes[:, 2:], link="digits", drop=drop)

if show == "codes":
    whole = Decoder(pack=linear_decoder(model.mean_, model.components_))
    show_map(decoding=PlaceDecoder(decoder=whole, codes=codes))

if show == "many":
    n = int(st.query_params.get("n", 70_000))
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, n)
    cloud = rng.normal(size=(n, 2)) + 3 * rng.normal(size=(10, 2))[labels]
    names, colours = list("0123456789"), [palette.class_colour(i) for i in range(10)]
    points = Points(places=cloud, groups=labels, names=names, palette=colours)
    many = latent_map(LatentMap(points=points, tools=True), key="map")
    st.text(f"chosen: {0 if many.choice is None else len(many.choice.positions)}")

if show == "pictures":
    # Stripes of one pixel, which half the size makes grey.
    stripes = np.zeros((1000, 1, 64, 64), np.uint8)
    stripes[..., ::2] = 255
    grid = np.stack(np.divmod(np.arange(1000), 25), axis=1)
    rows = np.arange(len(grid))
    data = Dataset("s", "S", stripes, None, (), Splits(rows, rows[:0], rows[:0], ""), "", "", "0" * 64, vectors=grid)
    items = VectorItems(data, rows, "all")
    pictures = NearestItem(sprites=map_view.sprites(items), finer=finer_pictures(items, "map_pictures"))
    points = Points(places=grid, palette=[palette.class_colour(0)], item_word="image")
    latent_map(LatentMap(points=points, nearest=pictures), key="map")
