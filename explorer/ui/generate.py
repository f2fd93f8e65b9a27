"""The Generate page: sliders over the code, traversals, ways between two items, and new items."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from explorer import export, images, latent, paths, sampling
from explorer.sampling import GaussianMixtureSampler
from explorer.ui import generate_code, latent_view
from explorer.ui.generate_sliders import code_density
from explorer.ui.generate_start import middle_code
from explorer.ui.latent_view import dimension_name
from explorer.ui.pictures import gallery, strip
from explorer.ui.session import Current
from explorer.ui.text import three_digits

ITEMS = 1000
"""Real items that codes are compared with: enough for a density, few enough to fit it in a second or two."""
TRAVERSED = 12
STEPS = 11
SAMPLES = (16, 36, 64)


# --- Traversals ---------------------------------------------------------------------------------------------------


def traversal_view(now: Current) -> None:
    """One dimension after the other from low to high, the others at the start code."""
    start = generate_code.current(now, middle_code(now))
    dimensions = latent.dimension_order(now.card)
    if not now.is_image:
        names = {d.index: dimension_name(d.index) for d in dimensions}
        index = st.selectbox("Dimension", list(names), key="traversed", format_func=lambda i: names[i])
        dimension = next(d for d in dimensions if d.index == index)
        codes = paths.traversal(start, dimension.index, dimension.low, dimension.high, 7)
        heads = [f"{names[index]} = {three_digits(float(v))}" for v in codes[:, dimension.index]]
        show_items(now, now.checkpoint.decode(codes), heads, "traversal_table")
        st.caption(f"{_traversal_caption(dimension)}. Columns in their own units.")
        return
    shown = dimensions[:TRAVERSED]
    codes = np.concatenate([paths.traversal(start, d.index, d.low, d.high, STEPS) for d in shown])
    decoded = now.checkpoint.decode(codes).reshape(len(shown), STEPS, *now.dataset.event_shape)
    for dimension, pictures in zip(shown, decoded, strict=True):
        left, right = st.columns([1, 4], vertical_alignment="center")
        left.caption(_traversal_caption(dimension))
        with right:
            strip(pictures, size=56, alt=f"Dimension {dimension_name(dimension.index)} from low to high")
    hidden = (
        f" The {len(dimensions) - len(shown)} that carry least are left out." if len(shown) < len(dimensions) else ""
    )
    st.caption(f"Left to right: the 0.1 % to the 99.9 % quantile of the training codes, in {STEPS} even steps.{hidden}")


def _traversal_caption(d: latent.Dimension) -> str:
    share = f"{three_digits(d.share)} nats" if d.unit == "nats" else f"{three_digits(100 * d.share)} % of the variance"
    unused = "" if d.active else ", inactive"
    return f"**{dimension_name(d.index)}** · {share}{unused}  \n{three_digits(d.low)} to {three_digits(d.high)}"


# --- Sample -------------------------------------------------------------------------------------------------------


def sample_view(now: Current) -> None:
    """New items: from the prior of a variational model, from a fitted mixture for others; beside them the other way."""
    first, second, third = st.columns(3, vertical_alignment="bottom")
    n = first.selectbox("Samples", SAMPLES, index=1, key="samples", bind="query-params")
    seed = int(second.number_input("Seed", 0, 9999, 0, key="sample_seed", bind="query-params"))
    temperature = third.slider(
        "Temperature",
        0.0,
        2.0,
        1.0,
        0.05,
        key="temperature",
        bind="query-params",
        help="Multiplies the spread of the draws: below 1 they are more alike and more typical, above 1 odder.",
    )
    mixture = code_density(now)
    normal = np.random.default_rng(seed).standard_normal((n, now.checkpoint.latent_dim)) * temperature
    if now.checkpoint.is_variational:
        prior = sampling.sample_prior(now.checkpoint, n, seed, temperature)
        drawn = {"From the prior N(0, I), which the model was trained towards": prior}
        if mixture is not None:
            drawn["From a mixture fitted to the codes"] = mixture.sample(n, seed, temperature)
    else:
        fitted = {} if mixture is None else {"From a mixture fitted to the codes": mixture.sample(n, seed, temperature)}
        drawn = {**fitted, "From N(0, I), as if this were a variational autoencoder": normal}
    for column, (title, codes) in zip(st.columns(len(drawn), gap="medium"), drawn.items(), strict=True):
        with column:
            _samples(now, title, codes)
    _why(now, mixture)
    with st.expander("Copy as Python"):
        python = export.sample_code(
            now.card.name, now.card.data.name, n, seed, temperature, now.checkpoint.is_variational
        )
        st.code(python, language="python")


def _samples(now: Current, title: str, codes: np.ndarray) -> None:
    st.markdown(f"**{title}**")
    decoded = now.checkpoint.decode(codes)
    if now.is_image:
        strip(decoded, size=56, alt=title, columns=int(np.sqrt(len(decoded))))
    else:
        show_items(now, decoded[:16], [f"sample {i + 1}" for i in range(min(16, len(decoded)))], f"samples_{title}")
    _, distances = latent.nearest(now.codes(), codes, 1)
    away = three_digits(float(np.median(distances)))
    st.caption(f"Median distance to the nearest real code: {away} in units of the code ({now.split})")
    st.download_button(
        "Codes and samples as NPZ",
        lambda: export.npz_bytes(codes=codes, samples=decoded),
        f"{now.card.name}-samples.npz",
        icon=":material/download:",
        key=f"npz_{title}",
        on_click="ignore",
    )


def _why(now: Current, mixture: GaussianMixtureSampler | None) -> None:
    if now.checkpoint.is_variational:
        st.caption(
            "Training pulls the codes towards the prior, but never quite onto it: where the two distances differ much, "
            "the prior reaches places without data. It needs no data; the mixture does."
        )
        return
    spread = now.codes().std(axis=0)
    fitted = f" The mixture has {mixture.n_components_} Gaussians, chosen on held-out codes." if mixture else ""
    st.caption(
        "Nothing in the training of a plain autoencoder says where its codes should lie: here their spread is "
        f"{three_digits(float(spread.min()))} to {three_digits(float(spread.max()))} a dimension ({now.split}), not 1. "
        f"A draw from N(0, I) has no reason to look real.{fitted}"
    )


# --- Items --------------------------------------------------------------------------------------------------------


def show_items(now: Current, decoded: np.ndarray, heads: Sequence[str], key: str) -> None:
    """Decoded items: pictures side by side, or a table with a column for each item.

    Args:
        decoded: (n, *event).
        heads: (n,) what each is.
    """
    if now.is_image:
        gallery(images.to_float(decoded), heads, size=168, alt="Decoded")
        return
    rows = [
        {"column": name, **{head: float(v) for head, v in zip(heads, values, strict=True)}}
        for name, values in zip(latent_view.column_names(now), decoded.T, strict=True)
    ]
    number = st.column_config.NumberColumn(format="%.3g")
    st.dataframe(rows, hide_index=True, width="stretch", key=key, column_config=dict.fromkeys(heads, number))
