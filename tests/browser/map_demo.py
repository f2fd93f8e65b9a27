"""The map of codes with everything it can show, on handwritten digits and a linear decoder (PCA)."""

from __future__ import annotations

import io

import numpy as np
import streamlit as st
import torch
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from torch import nn

from explorer.core import palette
from explorer.io import images
from explorer.ui.live.latent_map import Contour, Detail, MapReport, Mark, SpriteSheet, Underlay, last_choice, latent_map
from explorer.ui.live.pack import pack

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
    return SpriteSheet(images.sprite_sheet(pixels, COLUMNS), COLUMNS, 8, 8)


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
    return [Contour([points.mean(0) + k * circle], f"{k} sigma", dashed=k == 2) for k in (1, 2)]


st.set_page_config(layout="wide")
digits = load_digits()
flat = digits.data / 16
model = PCA(DIM, svd_solver="full").fit(flat)
codes = model.transform(flat)
plane = codes[:, :2]
rebuilt = model.inverse_transform(codes)
error = ((flat - rebuilt) ** 2).sum(axis=1)
decoder = linear_decoder(model.mean_, model.components_[:2])
common = {
    "names": digits.target_names.astype(str).tolist(),
    "palette": [palette.class_colour(i) for i in range(10)],
    "sprites": sheet(digits.images / 16),
    "item_word": "digit",
    "tools": True,
}


def say(name: str, report: MapReport) -> None:
    """What Python knows, as text for the test."""
    chosen = () if report.choice is None else report.choice.positions
    st.text(f"{name} chose {'nothing yet' if report.choice is None else len(chosen)}: {' '.join(map(str, chosen))}")
    st.text(f"{name} clicked: {report.click.index if report.click else 'none'}")


show = st.query_params.get("show", "tools")

if show == "tools":
    st.toggle("Larger digits first", key="rerun")
    say("map", latent_map(plane, digits.target, key="map", model_pack=decoder, **common))

if show == "kept":
    # The page keeps the selection and gives it back, from its own store; at first from the link.
    st.session_state.setdefault("kept", np.arange(int(st.query_params.get("keep", 0))))
    if choice := last_choice("map", len(plane)):
        st.session_state.kept = choice.positions
    if st.button("Choose the first three"):
        st.session_state.kept = np.arange(3)
    plain = "plain" in st.query_params
    kept = st.session_state.kept
    say("map", latent_map(plane, digits.target, key="map", selection=kept, plain_canvas=plain, **common))
    st.text(f"page keeps: {len(kept)}")

if show == "inspector":
    details = [Detail("reconstruction error", error, "per digit"), Detail("share of ink", flat.mean(axis=1))]
    details[1].values[::2] = np.nan
    report = latent_map(
        plane, digits.target, key="map", model_pack=decoder, reconstructions=sheet(rebuilt.reshape(-1, 8, 8)),
        details=details, **common,
    )  # fmt: skip
    say("map", report)

if show == "layers":
    grid = np.block([[digits.images[10 * row + column] / 16 for column in range(10)] for row in range(10)])
    report = latent_map(
        plane, digits.target, key="map", height=500,
        underlay=Underlay(png(0.25 * grid), -1.5, -1.5, 1.5, 1.5),
        contours=level_lines(plane),
        found=np.flatnonzero(digits.target == 7)[:20],
        marks=[Mark(1.0, 1.0, "my image", (0.5, 0.2, 0.5))],
        **common,
    )  # fmt: skip
    say("map", report)

if show == "found":
    st.toggle("Search", key="search")
    hits = np.flatnonzero(digits.target == 0)[:1] if st.session_state.search else None
    say("map", latent_map(plane, digits.target, key="map", found=hits, **common))

if show == "linked":
    left, right = st.columns(2)
    with left:
        say("left", latent_map(plane, digits.target, key="left", link="digits", **common))
    with right:
        other = latent_map(
            codes[:, 2:], digits.target, key="right", link="digits",
            drop=(model.mean_, model.components_[2:].T), **common,
        )  # fmt: skip
        say("right", other)

if show == "codes":
    whole = linear_decoder(model.mean_, model.components_)
    say("map", latent_map(plane, digits.target, key="map", codes=codes, model_pack=whole, **common))

if show == "many":
    n = int(st.query_params.get("n", 70_000))
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, n)
    cloud = rng.normal(size=(n, 2)) + 3 * rng.normal(size=(10, 2))[labels]
    many = latent_map(cloud, labels, key="map", names=common["names"], palette=common["palette"], tools=True)
    st.text(f"chosen: {0 if many.choice is None else len(many.choice.positions)}")
