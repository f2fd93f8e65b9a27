"""Traversals on the Generate page: one dimension after the other from low to high, the others as the sliders stand."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st
from jaxtyping import Num

from explorer import export, latent
from explorer.latent import LatentDimension, interpolation, sampling
from explorer.ui.generate import code_state
from explorer.ui.shell import copied
from explorer.ui.shell.session import Context
from explorer.ui.widgets.film_form import film_downloads
from explorer.ui.widgets.pictures import strip
from explorer.ui.widgets.tables import number_columns, of_one_kind
from explorer.ui.widgets.terms import explained
from explorer.ui.widgets.text import three_digits
from explorer.views import item_words
from explorer.views.items import dimension_name

AT_FIRST = 8
"""Dimensions shown until others are chosen."""
STEPS = (5, 7, 9, 11, 15, 21)
MAX_PICTURES = 1000
"""Decoded at once; more dimensions are left out, and the page says so."""
QUANTILE, SIGMA = "Quantiles", "Around this code"
TAILS = (0.1, 1.0, 5.0, 25.0)
WIDTHS = (1.0, 2.0, 3.0, 5.0)


def traversal_view(context: Context) -> None:
    """Strips of decoded pictures, one for each chosen dimension; a table of rows for one of them."""
    around = code_state.current(context, sampling.middle_code(context.checkpoint))
    order = latent.dimension_order(context.card)
    chosen, steps, kind, size = _choose(order)
    shown = chosen[: max(1, MAX_PICTURES // steps)]
    spans = {d.index: span(context, d, around, kind, size) for d in shown}
    codes = [interpolation.traversal(around, d.index, *spans[d.index], steps) for d in shown]
    if not shown:
        st.info("Choose a dimension above.", icon=":material/info:")
        return
    if context.is_image:
        _strips(context, shown, codes)
        _describe(context.card.codes_described, kind, size, steps, len(chosen) - len(shown))
        _films(context, shown, partial(_frames, context, around, spans))
    else:
        for dimension, rows in zip(shown, codes, strict=True):
            _table(context, dimension, rows)
        _describe(context.card.codes_described, kind, size, steps, len(chosen) - len(shown))
    with st.expander("Copy as Python"):
        code = export.traversal_code(copied.model_name(context.card), around, spans, steps)
        st.code(code, language="python")


def _choose(order: list[LatentDimension]) -> tuple[list[LatentDimension], int, str, float]:
    """The controls: dimensions, steps, and the range of each with its size."""
    by_name = {dimension_name(d.index): d for d in order}
    usual = [name for name, d in by_name.items() if d.active][:AT_FIRST] or list(by_name)[:1]
    first, second, third, fourth = st.columns([4, 1, 2, 2])
    names = first.multiselect(
        "Dimensions, the most informative first",
        list(by_name),
        usual,
        key="dimensions",
        bind="query-params",
        persist_state="session",
    )
    steps = second.selectbox("Steps", STEPS, STEPS.index(9), key="steps", bind="query-params", persist_state="session")
    kind = third.selectbox(
        "From low to high", (QUANTILE, SIGMA), key="range", bind="query-params", persist_state="session"
    )
    if kind == QUANTILE:
        size = fourth.selectbox(
            "Quantiles",
            TAILS,
            key="tail",
            format_func=lambda tail: f"{tail:g} % to {100 - tail:g} %",
            bind="query-params",
            persist_state="session",
        )
    else:
        size = fourth.selectbox(
            "To either side of the code",
            WIDTHS,
            WIDTHS.index(3.0),
            key="width",
            format_func=lambda width: f"{width:g} standard deviation{'s' if width != 1 else ''}",
            bind="query-params",
            persist_state="session",
        )
    return [by_name[name] for name in names], steps, kind, size


def span(
    context: Context, dimension: LatentDimension, around: Num[np.ndarray, " d"], kind: str, size: float
) -> tuple[float, float]:
    """Where a traversal of a dimension begins and ends.

    Args:
        around: (latent_dim,) the code that the traversal goes through.
        kind: what ``size`` is in.
        size: share of the codes below the beginning and above the end, in percent; or standard deviations of the
            training codes to either side of the code.
    """
    known = latent.statistics_of(context.card)
    if kind == SIGMA:
        half = size * float(known.std[dimension.index])
        middle = float(around[dimension.index])
        return middle - half, middle + half
    if not dimension.active or size == TAILS[0]:
        return dimension.low, dimension.high  # codes barely move along an inactive dimension, but the prior does
    low, high = latent.code_quantiles(known, (size / 100, 1 - size / 100))[:, dimension.index]
    return float(low), float(high)


def _strips(context: Context, shown: list[LatentDimension], codes: list[np.ndarray]) -> None:
    decoded = context.checkpoint.decode(np.concatenate(codes)).reshape(len(shown), -1, *context.dataset.event_shape)
    for dimension, rows, pictures in zip(shown, codes, decoded, strict=True):
        left, right = st.columns([1, 4], vertical_alignment="center")
        left.caption(_caption(dimension, rows))
        with right:
            strip(pictures, size=56, alt=f"Dimension {dimension_name(dimension.index)} from low to high")


def _table(context: Context, dimension: LatentDimension, codes: np.ndarray) -> None:
    """The decoded rows of a traversal, one a column."""
    name = dimension_name(dimension.index)
    explained(_caption(dimension, codes))
    heads = [f"{name} = {three_digits(float(v))}" for v in codes[:, dimension.index]]
    decoded = item_words.columns_of(context, context.checkpoint.decode(codes))
    rows = of_one_kind([{"column": c, **dict(zip(heads, values, strict=True))} for c, values in decoded.items()])
    config = number_columns(rows)
    st.dataframe(rows, hide_index=True, width="stretch", key=f"traversal_{name}", column_config=config)


def _caption(d: LatentDimension, codes: np.ndarray) -> str:
    share = f"{three_digits(d.share)} nats" if d.unit == "nats" else f"{three_digits(100 * d.share)} % of the variance"
    unused = "" if d.active else ", inactive"
    low, high = (three_digits(float(codes[i, d.index])) for i in (0, -1))
    return f"**{dimension_name(d.index)}** · {share}{unused}  \n{low} to {high}"


def _describe(codes: str, kind: str, size: float, steps: int, left_out: int) -> None:
    where = (
        f"the {size:g} % to the {100 - size:g} % quantile of the {codes}"
        if kind == QUANTILE
        else f"{size:g} standard deviations of the {codes} to either side"
    )
    more = f" {left_out} more dimensions are left out: choose fewer steps." if left_out else ""
    explained(
        f"From low to high: {where}, in {steps} even steps. The other dimensions keep the values of the sliders.{more}"
    )


def _films(context: Context, shown: list[LatentDimension], frames: partial[np.ndarray]) -> None:
    names = [dimension_name(d.index) for d in shown]
    name = st.selectbox("Export the traversal of", names, key="film_of")
    index = shown[names.index(name)].index
    film_downloads(
        partial(frames, index),
        context.dataset.event_shape,
        f"{context.card.name}-{name}",
        key="traversal",
        strip_frames=9,
    )


def _frames(
    context: Context, around: np.ndarray, spans: dict[int, tuple[float, float]], index: int, n: int
) -> np.ndarray:
    return context.checkpoint.decode(interpolation.traversal(around, index, *spans[index], n))
