"""Attribute directions on the Generate page: two groups of items give one more slider, and a probe measures it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st
from jaxtyping import Int, Num
from streamlit.delta_generator import DeltaGenerator

from explorer import export, latent
from explorer.browser.sliders.message import Direction
from explorer.checkpoints import VectorCheckpoint
from explorer.data import Dataset
from explorer.export import figures
from explorer.latent import directions
from explorer.latent.density_check import encode_again
from explorer.latent.directions import AttributeProbe, Effect
from explorer.ui.generate import code_state, starting_code
from explorer.ui.generate.code_state import Start
from explorer.ui.generate.real_codes import RealCodes
from explorer.ui.shell import cache, copied, selection, session
from explorer.ui.shell.cache import cached_resource
from explorer.ui.shell.decoders import model_decoder
from explorer.ui.shell.session import Context
from explorer.ui.widgets.figure import show_figure
from explorer.ui.widgets.sliders import live_sliders
from explorer.ui.widgets.text import percent, plain, three_digits
from explorer.views import item_words, slider_contents

KEY = "attribute"
AMOUNT = "amount"
"""How much of the direction is part of the code, in the link."""
SPAN = (-2.0, 3.0)
"""Ends of the direction's slider: 1 leads from the mean of the first group to that of the second."""
EFFECT_ITEMS = 100
DIMENSIONS = 8
"""Sliders of single dimensions shown under the direction's."""
MEANS, NORMAL = "Difference of means", "Normal of the probe"
REST = "all others"


@dataclass(frozen=True, eq=False)
class Groups:
    """Two groups of items, by rows of the dataset.

    Args:
        rows_a, rows_b: without and with the attribute.
        name_a, name_b: what they are called.
    """

    rows_a: Int[np.ndarray, " n"]
    rows_b: Int[np.ndarray, " m"]
    name_a: str
    name_b: str


@dataclass(frozen=True, eq=False)
class MeasuredDirection:
    """A direction with what a probe found.

    Args:
        vector: (latent_dim,).
        probe: fitted on one half of the groups.
        effect: on items of the first group that neither probe nor direction has seen.
    """

    vector: Num[np.ndarray, " d"]
    probe: AttributeProbe
    effect: Effect


@st.fragment
def attribute_view(context: Context, real_codes: RealCodes) -> None:
    """Choose two groups; the sliders get one that leads from one to the other."""
    everything = session.current()  # more items than the other views need give a better probe
    options = _options(everything)
    if len(options) < 2:
        lack = "this data has no labels" if everything.labels() is None else "the items that are shown have one label"
        st.info(
            f"This view needs two groups of items, and {lack}. On the Latent space page, keep one "
            "selection as group A and another as group B.",
            icon=":material/info:",
        )
        return
    first, second, third, fourth = st.columns(4)
    groups = _choose(everything, options, first, second)
    method = _method(third)
    start = starting_code.start(context, fourth)
    if min(len(groups.rows_a), len(groups.rows_b)) < directions.MIN_ITEMS:
        sizes = f"{len(groups.rows_a)} and {len(groups.rows_b)}"
        st.info(f"Each group needs {directions.MIN_ITEMS} items or more; these have {sizes}.", icon=":material/info:")
        return
    measured = _measure(everything, groups, method)
    at = _sliders(context, real_codes, groups, measured.vector, start)
    _report(context, groups, measured, at.array)
    with st.expander("Copy as Python"):
        st.code(python_of(everything, groups, method), language="python")
    if not selection.groups(everything):
        st.caption("Other groups: keep selections as A and B on the Latent space page, and choose them here.")


def python_of(context: Context, groups: Groups, method: str) -> str:
    """The Python that measures the direction."""
    kept = {f"group {name}": rows for name, rows in selection.groups(context).items()}
    named = {groups.name_a: groups.rows_a, groups.name_b: groups.rows_b}
    a, b = (
        named[name].tolist() if name in kept else "" if name == REST else name
        for name in (groups.name_a, groups.name_b)
    )
    name, data = copied.model_name(context.card), copied.data_of(context)
    return export.attribute_code(name, data, (a, b), method == MEANS, len(context.rows))


# --- The groups -----------------------------------------------------------------------------------------------------


def _options(context: Context) -> dict[str, np.ndarray]:
    """What a group can be -> its rows in the dataset: kept selections, and labels."""
    options = {f"group {name}": rows for name, rows in selection.groups(context).items()}
    labels = context.labels()
    if labels is not None:
        options |= {
            name: context.rows[labels == i] for i, name in enumerate(context.dataset.label_names) if i in labels
        }
    return options


def _choose(context: Context, options: dict[str, np.ndarray], left: DeltaGenerator, right: DeltaGenerator) -> Groups:
    first = left.selectbox(
        "From",
        [*options, REST],
        key="from",
        format_func=plain,
        bind="query-params",
        persist_state="session",
    )
    second = right.selectbox(
        "To",
        list(options),
        1,
        key="to",
        format_func=plain,
        bind="query-params",
        persist_state="session",
    )
    rows_a = context.rows if first == REST else options[first]
    return Groups(np.setdiff1d(rows_a, options[second]), options[second], first, second)


def _method(place: DeltaGenerator) -> str:
    method: str = place.selectbox(
        "Direction",
        (MEANS, NORMAL),
        key="method",
        bind="query-params",
        persist_state="session",
        help="The means differ in everything that comes along with the attribute. The normal of the plane that parts "
        "the groups turns towards what tells them apart.",
    )
    return method


# --- The direction --------------------------------------------------------------------------------------------------


def _measure(context: Context, groups: Groups, method: str) -> MeasuredDirection:
    return _measured(context.checkpoint, context.dataset, groups.rows_a, groups.rows_b, method)


@cached_resource(max_entries=32, spinner="Measuring the direction")
def _measured(
    checkpoint: VectorCheckpoint, dataset: Dataset, rows_a: np.ndarray, rows_b: np.ndarray, method: str
) -> MeasuredDirection:
    probe = AttributeProbe().fit(*(cache.codes(checkpoint, dataset, rows) for rows in (rows_a, rows_b)))
    make = directions.mean_direction if method == MEANS else directions.probe_direction
    vector = make(probe.fitted_a_, probe.fitted_b_)
    again = partial(encode_again, checkpoint)
    return MeasuredDirection(
        vector, probe, directions.measure_effect(probe, vector, probe.tested_a_[:EFFECT_ITEMS], again)
    )


def _sliders(
    context: Context, real_codes: RealCodes, groups: Groups, vector: np.ndarray, start: Start
) -> code_state.CurrentCode:
    decoder = model_decoder(context.checkpoint)
    title = f"{groups.name_a} → {groups.name_b}"
    name = f"{title}|{','.join(f'{v:.6g}' for v in vector)}"
    at = code_state.settle(context, start, decoder, KEY, name, _linked_amount())
    direction = Direction(
        vector=vector,
        low=SPAN[0],
        high=SPAN[1],
        label=title,
        hint=f"1 is the step from the mean of {groups.name_a} to that of {groups.name_b}.",
    )
    order = latent.dimension_order(context.card)
    live_sliders(
        decoder,
        slider_contents.slider_dimensions(order)[:DIMENSIONS],
        at.setting,
        key=KEY,
        directions=[direction],
        features=item_words.features(context),
        caption=slider_contents.caption(context),
        density=real_codes.panel(at.array),
    )
    more = f" The {DIMENSIONS} most informative dimensions are below it." if len(order) > DIMENSIONS else ""
    st.caption(f"The first slider adds the direction to the code: 0 is none of it, 1 the whole step.{more}")
    _write_amount(at.amounts)
    return at


def _linked_amount() -> float:
    try:
        amount = float(st.query_params.get(AMOUNT, "0"))
    except ValueError:
        return 0.0
    return amount if np.isfinite(amount) else 0.0


def _write_amount(amounts: tuple[float, ...]) -> None:
    text = f"{amounts[0]:.4g}" if amounts and amounts[0] else ""
    if text and st.query_params.get(AMOUNT) != text:
        st.query_params[AMOUNT] = text
    elif not text and AMOUNT in st.query_params:
        del st.query_params[AMOUNT]


# --- What it does ---------------------------------------------------------------------------------------------------


def _report(context: Context, groups: Groups, measured: MeasuredDirection, code: np.ndarray) -> None:
    left, right = st.columns([2, 3], gap="medium")
    with left:
        _accuracy(groups, measured.probe)
        _here(context, groups, measured.probe, code)
    with right:
        show_figure(figures.attribute_effect(measured.effect, groups.name_b), key="effect")
        _survival(context, groups, measured.effect)


def _accuracy(groups: Groups, probe: AttributeProbe) -> None:
    right = probe.accuracy_
    st.metric(
        "Probe accuracy",
        f"{100 * right.value:.1f} %",
        help="A logistic regression on the codes, fitted on one half of each group and tested on the other.",
    )
    st.caption(
        f"{right.ends(percent)} %, 95 % interval; n = {right.n:,} items that it was not "
        f"fitted on, as many {plain(groups.name_a)} as {plain(groups.name_b)}. Guessing gives 50 %."
    )
    if right.low <= 0.5:
        st.warning("The codes do not separate these groups, so the direction means nothing.")


def _here(context: Context, groups: Groups, probe: AttributeProbe, code: np.ndarray) -> None:
    direct = float(probe.probability(code[None])[0])
    again = float(probe.probability(encode_again(context.checkpoint, code[None]))[0])
    st.metric(f"Probability of {plain(groups.name_b)} for this code", f"{100 * direct:.3g} %")
    word = item_words.item_word(context)
    st.caption(
        f"From the probe, when the sliders were last released. "
        f"For the decoded {word}, encoded again: {100 * again:.3g} %."
    )


def _survival(context: Context, groups: Groups, effect: Effect) -> None:
    word = item_words.item_word(context)
    about = (
        f"Mean over {effect.n} {word}s of {plain(groups.name_a)} that neither probe nor direction was fitted on. "
        f"Dashed: after each shifted code was decoded and its {word} encoded again."
    )
    if np.isnan(effect.survived):
        st.caption(f"{about} From 0 to 1 the probability hardly rises, so there is nothing to survive.")
        return
    st.caption(
        f"{about} Of the rise from 0 to 1, {three_digits(100 * effect.survived)} % is seen again in the {word}s: the "
        "rest is in the code alone."
    )
