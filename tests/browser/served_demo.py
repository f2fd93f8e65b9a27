"""A map and ways over a decoder that stays on the server; it is linear, so that tests know each picture."""

from __future__ import annotations

import numpy as np
import streamlit as st
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA

from explorer.ui.live.interpolation import Track, live_interpolation
from explorer.ui.live.latent_map import latent_map
from explorer.ui.live.served import ServedDecoder

st.set_page_config(layout="wide")
digits = load_digits()
model = PCA(2, svd_solver="full").fit(digits.data / 16)
codes = model.transform(digits.data / 16)


def decode(z: np.ndarray) -> np.ndarray:
    """(N, 2) to (N, 1, 8, 8)."""
    return np.asarray(model.inverse_transform(z)).reshape(-1, 1, 8, 8)


served = ServedDecoder("pca", (1, 8, 8), decode, "This decoder is a test.")
if st.query_params.get("show") == "map":
    latent_map(codes, key="map", palette=["#0072b2"], served=served)
else:
    path = np.linspace(codes[0], codes[1], 3)
    track = Track("linear", "Straight", path, np.array([0.0, 1.0]), "#0072b2")
    live_interpolation(decode(path)[None], [track], key="ways", items=["a 0", "a 1"], served=served)
