"""All live components on handwritten digits, with a linear decoder (PCA) that needs no training."""

from __future__ import annotations

import io

import numpy as np
import streamlit as st
import torch
from PIL import Image
from sklearn.datasets import load_breast_cancer, load_digits
from sklearn.decomposition import PCA
from torch import nn

from explorer.browser.heat_map.message import heat_map_of
from explorer.browser.interpolation.message import Measure, Place, Track
from explorer.browser.latent_map.message import LatentMap
from explorer.browser.latent_map.parts import Layers, Mark, NearestItem, PlaceDecoder, Points
from explorer.browser.pack import pack
from explorer.browser.parts import Decoder, Feature, SpriteSheet
from explorer.browser.sliders.density_check import AtRest, density_panel
from explorer.browser.sliders.message import Dimension, Direction, Setting
from explorer.browser.swipe.message import residual_of
from explorer.latent.density_check import DensityCheck
from explorer.latent.interpolation import KINDS, NeighbourGraph
from explorer.latent.interpolation import route as paths_between
from explorer.latent.sampling import GaussianMixtureSampler
from explorer.ui.map.latent_map import latent_map
from explorer.ui.widgets.heat_map import heat_map
from explorer.ui.widgets.interpolation import live_interpolation
from explorer.ui.widgets.served import ServedDecoder
from explorer.ui.widgets.sliders import live_sliders
from explorer.ui.widgets.swipe import swipe

PALETTE = (
    "#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#ee8866", "#44bb99", "#999933", "#8c8c8c",
)  # fmt: skip


def png(pixels: np.ndarray) -> bytes:
    """A grey picture from values in [0, 1]."""
    buffer = io.BytesIO()
    Image.fromarray((255 * pixels.clip(0, 1)).astype(np.uint8)).save(buffer, "png")
    return buffer.getvalue()


def linear_decoder(model: PCA, shape: tuple[int, ...]) -> bytes:
    """The inverse of a PCA as a pack."""
    layer = nn.Linear(model.n_components_, model.mean_.size)
    layer.weight.data = torch.tensor(model.components_.T, dtype=torch.float32)
    layer.bias.data = torch.tensor(model.mean_, dtype=torch.float32)
    return pack([layer, nn.Unflatten(1, shape)], (model.n_components_,))


@st.cache_resource
def fitted(codes: np.ndarray, again: np.ndarray) -> tuple[GaussianMixtureSampler, DensityCheck]:
    """Fitted once: a run of the page answers the hand, and a fit takes seconds where the processor is busy."""
    return GaussianMixtureSampler((5,)).fit(codes), DensityCheck().fit(codes, again)


def rectified_encoder(model: PCA, shape: tuple[int, ...]) -> bytes:
    """A PCA as a pack that takes no value below 0, so that codes of pictures with such values come back changed."""
    layer = nn.Linear(model.mean_.size, model.n_components_)
    layer.weight.data = torch.tensor(model.components_, dtype=torch.float32)
    layer.bias.data = torch.tensor(-model.components_ @ model.mean_, dtype=torch.float32)
    return pack([nn.ReLU(), nn.Flatten(), layer], shape)


def encode_again(model: PCA, codes: np.ndarray) -> np.ndarray:
    """What ``rectified_encoder`` makes of what codes decode to."""
    return model.transform(np.maximum(model.inverse_transform(codes), 0))


st.set_page_config(layout="wide")
digits = load_digits()
images = digits.images / 16
flat = images.reshape(len(images), -1)
columns = 40
sheet = np.zeros((8 * -(-len(images) // columns), 8 * columns))
for i, image in enumerate(images):
    sheet[8 * (i // columns) : 8 * (i // columns) + 8, 8 * (i % columns) : 8 * (i % columns) + 8] = image
sprites = SpriteSheet(png=png(sheet), columns=columns, width=8, height=8)

show = st.query_params.get("show", "all")

if show in ("all", "map", "plainmap"):
    st.subheader("Map")
    plane = PCA(2, svd_solver="full").fit(flat)
    contents = LatentMap(
        points=Points(
            places=plane.transform(flat),
            groups=digits.target,
            names=[str(digit) for digit in range(10)],
            palette=PALETTE,
            item_word="digit",
        ),
        nearest=NearestItem(sprites=sprites),
        decoding=PlaceDecoder(decoder=Decoder(pack=linear_decoder(plane, (1, 8, 8)))),
        layers=Layers(marks=[Mark(x=1.0, y=1.5, label="my image")]),
        plain_canvas=show == "plainmap",
    )
    selection = latent_map(contents, key="map").click
    st.write("selected item:", selection.index if selection else "none")

if show in ("all", "sliders", "directions", "verdict", "rest"):
    st.subheader("Sliders")
    model = PCA(40, svd_solver="full").fit(flat)
    std = np.sqrt(model.explained_variance_)
    dims = [
        Dimension(index=i, low=-3 * float(s), high=3 * float(s), share=float(share), inactive=i > 37)
        for i, (s, share) in enumerate(zip(std, model.explained_variance_ratio_, strict=True))
    ]
    codes = model.transform(flat)
    rounder = codes[digits.target == 0].mean(0) - codes[digits.target == 1].mean(0)
    mixture, check = fitted(codes, encode_again(model, codes))
    start = tuple(codes[24].tolist()) if show in ("verdict", "rest") else (0.0,) * 40
    code = np.array(st.session_state.get("code", start))
    panel = density_panel(
        codes,
        [f"a {digit}" for digit in digits.target],
        check,
        mixture,
        item_word="digit",
        source="all 1,797",
        sprites=sprites,
        encoder=None if show == "rest" else rectified_encoder(model, (1, 8, 8)),
        at_rest=AtRest(code=code, again=encode_again(model, code[None])[0]) if show == "rest" else None,
    )
    at = live_sliders(
        linear_decoder(model, (1, 8, 8)),
        dims,
        Setting(start),
        key="sliders",
        directions=[Direction(vector=rounder, low=-2, high=2, label="rounder")] if show == "directions" else [],
        density=panel,
    )
    if show == "rest" and tuple(code) != at.code:
        st.session_state["code"] = at.code
        st.rerun()
    [checked] = check.check(np.array([at.code]), encode_again(model, np.array([at.code])))
    st.write("Python says:", checked.verdict, "-", checked.reason or "")
    st.write("first dimension:", round(at.code[0], 3))
    st.write("rounder:", *at.amounts)
    st.write("share less likely:", round(float(mixture.percentile(np.array([at.code]))[0])))
    st.write("nearest:", int(np.linalg.norm(codes - at.code, axis=1).argmin()))

if show in ("all", "served"):
    st.subheader("Sliders over a decoder that stays on the server")
    served_model = PCA(4, svd_solver="full").fit(flat)
    served = ServedDecoder(
        "pca", (1, 8, 8), lambda codes: served_model.inverse_transform(codes).reshape(1, 1, 8, 8), "It is a test."
    )
    served_dims = [Dimension(index=i, low=-30, high=30) for i in range(4)]
    served_at = live_sliders(served, served_dims, Setting((0.0,) * 4), key="served", caption="Decoded by the server")
    st.write("served dimension:", round(served_at.code[0], 3))

if show in ("all", "table"):
    st.subheader("Table")
    table = load_breast_cancer()
    rows = PCA(2, svd_solver="full").fit(table.data)
    features = [
        Feature(name=str(name), low=float(column.min()), high=float(column.max()))
        for name, column in zip(table.feature_names, table.data.T, strict=True)
    ]
    row_dims = [
        Dimension(index=0, low=-800, high=2500, share=0.98),
        Dimension(index=1, low=-400, high=400, share=0.02),
    ]
    live_sliders(linear_decoder(rows, (30,)), row_dims, Setting((0.0, 0.0)), key="table", features=features)

if show in ("all", "interpolation", "frames"):
    st.subheader("Interpolation")
    path_model = PCA(16, svd_solver="full").fit(flat)
    path_items = path_model.transform(flat[[0, 4, 9]])
    graph = NeighbourGraph(path_model.transform(flat))
    routes = [paths_between(kind, path_items, graph) for kind in KINDS]
    tracks = [
        Track(
            key=kind,
            title=title,
            codes=r.frames(41),
            items_at=r.items_at(),
            colour=colour,
            dash=dash,
            note=f"length {r.length:.3g}",
        )
        for kind, title, r, colour, dash in zip(
            KINDS, ("Straight", "Spherical", "Along the data"), routes, PALETTE, ("", "8 4", "2 4"), strict=False
        )
    ]
    norms = np.stack([np.linalg.norm(track.codes, axis=1) for track in tracks])
    frames = np.stack([path_model.inverse_transform(track.codes).reshape(-1, 1, 8, 8) for track in tracks])
    place = live_interpolation(
        None if show == "frames" else linear_decoder(path_model, (1, 8, 8)),
        tracks,
        key=f"path_{show}",
        items=("a 0", "a 4", "a 9"),
        decoded=frames if show == "frames" else None,
        measures=[
            Measure(
                title="norm of the code", unit="", values=norms, band=(1, 3), band_title="middle 98 % of the digits"
            )
        ],
        start=Place(track="spherical", at=0.25),
    )
    st.write("way:", place.track, round(place.at, 3))

if show in ("all", "swipe"):
    st.subheader("Swipe")
    noise = np.random.default_rng(0).normal(0, 0.3, (32, 32))
    clean = np.kron(images[3], np.ones((4, 4)))
    taken = residual_of(noise[None], np.zeros((1, 32, 32)), 255, "grey levels")
    swipe(png(clean + noise), png(clean), key="swipe", residual=taken)

if show == "heat_map":
    st.subheader("Heat map")
    map_ = np.random.default_rng(0).normal(0, 1, (300, 400)).astype(np.float32)
    map_[100:120, 50:90], map_[250, 390] = 9.0, 7.0
    part = np.full((1, 300, 400), 120, np.uint8)
    heat_map(
        heat_map_of(part, map_, np.arange(2.0, 6.0), usual=0.0, threshold=6.0, unit="deviations", alt="part"),
        key="heat_map",
    )
