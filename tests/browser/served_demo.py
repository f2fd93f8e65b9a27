"""A map and ways over a decoder that stays on the server; it is linear, so that tests know each picture."""

from __future__ import annotations

import numpy as np
import streamlit as st
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA

from explorer.browser.interpolation.message import Track
from explorer.browser.latent_map.message import LatentMap
from explorer.browser.latent_map.parts import PlaceDecoder, Points
from explorer.ui.map.latent_map import latent_map
from explorer.ui.widgets.interpolation import live_interpolation
from explorer.ui.widgets.served import ServedDecoder, decoder_for

st.set_page_config(layout="wide")
digits = load_digits()
model = PCA(2, svd_solver="full").fit(digits.data / 16)
codes = model.transform(digits.data / 16)


def decode(z: np.ndarray) -> np.ndarray:
    """(N, 2) to (N, 1, 8, 8)."""
    return np.asarray(model.inverse_transform(z)).reshape(-1, 1, 8, 8)


served = ServedDecoder("pca", (1, 8, 8), decode, "This decoder is a test.")
if st.query_params.get("show") == "map":
    points = Points(places=codes, palette=["#0072b2"])
    decoding = PlaceDecoder(decoder=decoder_for(served, "map_served"))
    latent_map(LatentMap(points=points, decoding=decoding), key="map")
else:
    path = np.linspace(codes[0], codes[1], 3)
    track = Track(key="linear", title="Straight", codes=path, items_at=[0, 1], colour="#0072b2")
    live_interpolation(served, [track], key="ways", items=["a 0", "a 1"], decoded=decode(path)[None])
