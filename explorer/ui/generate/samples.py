"""New items on the Generate page: drawn, shown beside what another way of drawing gives, and opened in the sliders."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from explorer import export, latent
from explorer.core.neighbours import nearest
from explorer.diagnosis import verdicts_withheld
from explorer.export import figures, kinds
from explorer.latent import sampling
from explorer.latent.density_check import Verdict, encode_again
from explorer.latent.sampling import GaussianMixtureSampler
from explorer.ui.generate import sample_checks, starting_code
from explorer.ui.generate.real_codes import code_density, density_check
from explorer.ui.generate.sample_draw import SampleDraw
from explorer.ui.map import told_items
from explorer.ui.map.quantities import MIN_DENSITY_ITEMS
from explorer.ui.shell import copied
from explorer.ui.shell.session import Context
from explorer.ui.widgets.download import download
from explorer.ui.widgets.figure import show_figure
from explorer.ui.widgets.picture_grid import last_picked, picture_grid
from explorer.ui.widgets.tables import number_columns
from explorer.ui.widgets.terms import explained
from explorer.ui.widgets.text import plain, three_digits

SAMPLES = (16, 36, 64)
CHECKED = 200
"""Samples that are drawn for figures about them; the first of them are shown."""


def sample_view(context: Context) -> None:
    """New items: from the model's prior, from a fitted mixture where it has none; beside them the other way."""
    n, seed, temperature = _controls()
    mixture = code_density(context) if context.is_real else None
    draws = _draws(context, mixture, seed, temperature)
    what = "Click a picture" if context.is_image else "Tick a row"
    where = "the sliders" if context.checkpoint.model.code_bits is None else "its grid of entries"
    explained(f"{what} to open it in {where}.")
    for column, draw in zip(st.columns(len(draws), gap="medium"), draws, strict=True):
        with column:
            _show(context, draw, n)
    _why(context)
    if mixture is not None:
        _choice(context, mixture)
    if context.is_real:
        sample_checks.checks(context, draws)
    with st.expander("Copy as Python"):
        st.code(python_of(context, n, seed, temperature), language="python")


def python_of(context: Context, n: int, seed: int, temperature: float) -> str:
    """The Python that draws the samples that stand first."""
    name = copied.model_name(context.card)
    if context.checkpoint.model.has_prior:
        return export.sample_code(name, n, seed, temperature, "prior", drawn=CHECKED)
    if not context.is_real or len(context.rows) < MIN_DENSITY_ITEMS:
        return export.sample_code(name, n, seed, temperature, "card", drawn=CHECKED)
    split = context.split.split(", n")[0]
    of_items = (copied.data_of(context), split, len(context.rows))
    return export.sample_code(name, n, seed, temperature, "mixture", *of_items, drawn=CHECKED)


def _controls() -> tuple[int, int, float]:
    first, second, third = st.columns(3, vertical_alignment="bottom")
    n = first.selectbox("Samples", SAMPLES, index=1, key="samples", bind="query-params", persist_state="session")
    seed = int(second.number_input("Seed", 0, 9999, 0, key="sample_seed", bind="query-params", persist_state="session"))
    temperature = third.slider(
        "Temperature",
        0.0,
        2.0,
        1.0,
        0.05,
        key="temperature",
        bind="query-params",
        persist_state="session",
        help="Scales the standard deviation of the draws, of a mixture that of each of its Gaussians (over entries: "
        "divides the logits): below 1 samples are more typical, above 1 more unusual.",
    )
    return n, seed, temperature


def _draws(context: Context, mixture: GaussianMixtureSampler | None, seed: int, temperature: float) -> list[SampleDraw]:
    fitted = [] if mixture is None else [_from_mixture(mixture, seed, temperature)]
    model = context.checkpoint.model
    if model.has_prior:
        prior = sampling.sample_prior(context.checkpoint, CHECKED, seed, temperature)
        title = f"From {context.checkpoint.prior_words}, which the model was trained towards"
        if not context.card.recipe.model.has_standard_normal:
            title = f"From {context.checkpoint.prior_words}"
        return [SampleDraw("prior", title, prior), *fitted]
    if mixture is None:
        codes, source = sampling.sample_codes(context.checkpoint, CHECKED, seed)
        mean = sampling.middle_code(context.checkpoint)
        fitted = [SampleDraw("card", f"From {source}", mean + temperature * (codes - mean))]
    normal = np.random.default_rng(seed).standard_normal((CHECKED, context.checkpoint.latent_dim)) * temperature
    return [*fitted, SampleDraw("normal", "From N(0, I), as if this were a variational autoencoder", normal)]


def _from_mixture(mixture: GaussianMixtureSampler, seed: int, temperature: float) -> SampleDraw:
    return SampleDraw(
        "mixture", "From a Gaussian mixture fitted to the codes", mixture.sample(CHECKED, seed, temperature)
    )


def _show(context: Context, draw: SampleDraw, n: int) -> None:
    st.markdown(f"**{draw.title}**")
    codes = draw.codes[:n]
    decoded = context.checkpoint.decode(codes)
    if context.is_image:
        key = f"samples_{draw.key}"
        columns = int(np.sqrt(n))
        on_pick = partial(_open_picture, context, key, decoded, codes)
        picture_grid(decoded, key=key, label="Open sample", columns=columns, size=56, on_pick=on_pick)
    else:
        _table(context, draw.key, decoded, codes)
    if words := context.checkpoint.model.decoded_words:
        explained(words)
    if context.is_real:
        distances = nearest(context.codes(), draw.codes, 1)[1]
        away = three_digits(float(np.median(distances)))
        explained(f"Median distance to the nearest real code: {away} in units of the code ({context.split})")
        reason = verdicts_withheld(context.card)
        explained(_verdicts(context, draw) if reason is None else f"No density check. {plain(reason)}")
    download(
        "Codes and samples as NPZ",
        lambda: export.npz_bytes(codes=codes, samples=decoded),
        f"{context.card.name}-samples-{draw.key}.npz",
        kinds.SAMPLES,
        key=f"npz_{draw.key}",
    )


def _verdicts(context: Context, draw: SampleDraw) -> str:
    """How many samples get each verdict of the density check, beside what real codes get."""
    again = encode_again(context.checkpoint, draw.codes)
    verdicts = [checked.verdict for checked in density_check(context).check(draw.codes, again)]
    inside, edge, made_up = (100 * verdicts.count(verdict) / len(verdicts) for verdict in Verdict)
    return (
        f"Density check of {len(verdicts)} samples: {inside:.0f} % inside the data, {edge:.0f} % at its edge, "
        f"{made_up:.0f} % made up (of real codes 95, 4 and 1 %)"
    )


def _table(context: Context, key: str, decoded: np.ndarray, codes: np.ndarray) -> None:
    rows = told_items.rows_of(context, decoded)
    table = f"table_{key}"
    st.dataframe(
        rows,
        width="stretch",
        height=420,
        key=table,
        column_config=number_columns(rows),
        on_select=partial(_open_row, context, table, codes),
        selection_mode="single-row",
    )


def _open_picture(context: Context, key: str, pictures: np.ndarray, codes: np.ndarray) -> None:
    place = last_picked(pictures, key=key)
    if place is not None:
        starting_code.open_code(context, codes[place])


def _open_row(context: Context, key: str, codes: np.ndarray) -> None:
    selected = st.session_state[key]["selection"]["rows"]
    if selected:
        starting_code.open_code(context, codes[selected[0]])


def _why(context: Context) -> None:
    if context.checkpoint.model.code_bits is not None:
        explained(_why_of_entries(context))
        return
    if context.checkpoint.is_variational:
        if not context.card.recipe.model.has_standard_normal:
            explained("This prior was learnt together with the model: it shall lie near the codes, and need not.")
        explained(
            "Training pulls the codes towards the prior, but never quite onto it: the prior also reaches places "
            "without data. "
            + (
                "There the distance to the nearest real code is large. The prior needs no data; fitted Gaussians do."
                if context.is_real
                else "How often cannot be measured here without data."
            )
        )
        return
    std = np.asarray(latent.statistics_of(context.card).std)
    explained(
        "Nothing in the training of a plain autoencoder says where its codes should lie: here their spread is "
        f"{three_digits(float(std.min()))} to {three_digits(float(std.max()))} a dimension "
        f"({context.card.codes_described}), not 1, and they need not surround 0. A draw from N(0, I) has "
        "no reason to look real."
    )


def _why_of_entries(context: Context) -> str:
    """What draws of codes that are made of entries are."""
    if not context.checkpoint.model.has_prior:
        return (
            "This model has no prior: it was trained without one (model.prior_epochs), or stopped before it. Gaussians "
            "draw vectors that are no entries of the codebook, which the decoder was never trained on."
        )
    return (
        "The prior draws the grid place by place, each given those before it: a second network, fitted to the codes of "
        "the training items. The mixture knows nothing of entries: it draws vectors between them, which the decoder "
        "was never trained on."
    )


def _choice(context: Context, mixture: GaussianMixtureSampler) -> None:
    with st.expander(f"Why {mixture.n_components_} Gaussians"):
        show_figure(figures.held_out_likelihood(mixture.held_out_, mixture.n_components_), key="held_out")
        share = round(100 * mixture.held_out)
        explained(
            f"Each number of Gaussians was fitted to {100 - share} % of the codes ({context.split}) and asked how "
            f"likely it finds the other {share} %. Too few miss the shape of the data, too many learn single codes by "
            "heart. "
            "The best was then fitted to all of them."
        )
