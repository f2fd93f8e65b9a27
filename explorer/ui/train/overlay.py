"""Runs laid over each other: curves, figures side by side, and what differs in their recipes."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from explorer.checkpoints.history import loss_unit
from explorer.export.run_figures import overlaid_curves
from explorer.runs import Run
from explorer.runs.comparison import RunComparison
from explorer.runs.summary import summarise
from explorer.sweeps.outcomes import WEIGHERS
from explorer.ui.widgets.figure import show_figure
from explorer.ui.widgets.history import went_back
from explorer.ui.widgets.terms import explained
from explorer.ui.widgets.text import plain, three_digits

MOST = 6
"""So many lines differ by their dashes as well."""
PARAMETER = "over"


def show(every_run: Sequence[Run]) -> None:
    """Choose runs; from two on they are laid over each other.

    Args:
        every_run: newest first.
    """
    titles = {run.id: run.title for run in every_run}
    if "overlaid" not in st.session_state or went_back():
        given = st.query_params.get(PARAMETER, "").split(",")
        st.session_state["overlaid"] = given if len(given) <= MOST else []
    st.session_state["overlaid"] = [run_id for run_id in st.session_state["overlaid"] if run_id in titles]
    chosen = st.multiselect(
        "Lay over each other",
        list(titles),
        key="overlaid",
        format_func=lambda run_id: f"{titles[run_id]} · {run_id[:15]}",
        max_selections=MOST,
        placeholder="Choose two runs or more",
        persist_state="session",
        help="Their curves in one figure, their figures side by side, and what differs in their recipes.",
    )
    if chosen:
        st.query_params[PARAMETER] = ",".join(chosen)
    else:
        st.query_params.pop(PARAMETER, None)
    if len(chosen) > 1:
        by_id = {run.id: run for run in every_run}
        picked = [by_id[run_id] for run_id in chosen]
        live = any(run.status == "running" for run in picked)
        st.fragment(_overlaid, run_every="2s" if live else None)(picked)


def _overlaid(chosen: Sequence[Run]) -> None:
    together = RunComparison(tuple(summarise(run) for run in chosen))
    names = together.curve_names
    if not names:
        st.info("None of these runs has ended an epoch yet.", icon=":material/info:")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        name = st.selectbox("Validation figure", names, key="overlaid_figure", width=280)
        log_y = st.toggle("Logarithmic axis", key="overlaid_log")
    curves = together.curves(name)
    units = {loss_unit(s.progress.history) for s in together.summaries if s.progress.history}
    if len(units) > 1:
        st.warning(
            f"These runs measure their loss in different units: {plain(', '.join(sorted(units)))}.",
            icon=":material/warning:",
        )
    show_figure(overlaid_curves(curves, f"{name} (validation)", " or ".join(sorted(units)), log_y), key="overlay")
    weighed = [row["field"] for row in together.differences if row["field"].partition(".")[0] in WEIGHERS]
    if name == "total" and weighed:
        explained(plain(f"Totals of runs that differ in {', '.join(weighed)} may be sums of other terms."))
    without = [run for run in together.names if run not in curves]
    if without:
        explained(plain(f"Without {name}: {', '.join(without)}."))
    st.markdown("**Figures of the best epochs**")
    numbers = [{name: _digits(value) for name, value in row.items()} for row in together.figures]
    st.dataframe(numbers, hide_index=True, width="stretch", key="overlaid_figures")
    st.markdown("**What differs in their recipes**")
    if together.differences:
        st.dataframe(together.differences, hide_index=True, width="stretch", key="overlaid_fields")
    else:
        explained("Nothing but what they are called.")


def _digits(value: object) -> object:
    return "" if value is None else three_digits(value) if isinstance(value, float) else value
