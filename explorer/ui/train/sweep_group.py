"""A sweep or folds among the runs: how far they are, what can be done, the picture of their outcome, and their runs."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from explorer.core.errors import ExplorerError
from explorer.export.run_figures import sweep_figure
from explorer.sweeps import Sweep, SweepOutcome, outcome_of, start_sweep
from explorer.sweeps.background import ask_pause, last_words, state_words
from explorer.ui.widgets.figure import show_figure
from explorer.ui.widgets.terms import explained
from explorer.ui.widgets.text import interval, plain, three_digits

GOING, PAUSING, DONE = "going on", "pausing", "done"


def sweep_group(sweep: Sweep, table: Callable[[], None]) -> None:
    """A sweep as a group: its state, its figure against the setting or over its folds, and its runs.

    Args:
        sweep: of which there are runs, or a process.
        table: draws its runs.
    """
    outcome, state = outcome_of(sweep), state_words(sweep)
    done = sum(one.is_done for one in outcome.outcomes)
    title = f"Sweep {plain(sweep.name)}: {done} of {sweep.size} done"
    is_open = state in (GOING, PAUSING) or st.session_state.get("newest_sweep") == sweep.name
    with st.expander(title, icon=":material/stacked_line_chart:", expanded=is_open, key=f"sweep_group.{sweep.name}"):
        _actions(sweep, state, done)
        if state not in (GOING, PAUSING, DONE) and not any(one.summary for one in outcome.outcomes):
            # Nothing was begun, so that no run says why.
            st.warning(plain(last_words(sweep)) or "No training has begun.", icon=":material/warning:")
        if done and sweep.swept:
            _outcome(outcome)
        elif done:
            _over_repeats(outcome)
        for remark in outcome.remarks if state not in (GOING, PAUSING) else ():
            explained(plain(remark))
        if outcome.outcomes:
            table()


def _actions(sweep: Sweep, state: str, done: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.badge(state, color="blue" if state in (GOING, PAUSING) else "primary" if state == DONE else "gray")
        st.progress(done / sweep.size, plain(sweep.words), width=320)
        try:
            if state == GOING and st.button("Pause", icon=":material/pause:", key=f"pause_sweep.{sweep.name}"):
                ask_pause(sweep)
                st.toast("Pausing after this step.")
                st.rerun()
            elif state not in (GOING, PAUSING, DONE) and st.button(
                "Go on",
                icon=":material/play_arrow:",
                key=f"go_on.{sweep.name}",
                help="What is done stays as it is; what was begun goes on from where it was.",
            ):
                start_sweep(sweep)
                st.rerun()
        except ExplorerError as error:
            st.error(plain(str(error)), icon=":material/error:")


def _outcome(outcome: SweepOutcome) -> None:
    name = outcome.sweep.name
    chosen, why = outcome.chosen()
    titles = list(outcome.titles)
    title = st.selectbox("Figure", titles, index=titles.index(chosen.title), key=f"sweep_figure.{name}", width=360)
    figure, _ = outcome.chosen(title)
    if why and title == chosen.title:
        explained(plain(why))
    try:
        show_figure(sweep_figure(outcome, figure.title, figure.unit), key=f"sweep.{name}")
    except ExplorerError as error:
        explained(plain(str(error)))
    rows = [
        {
            **dict(row.setting),
            "runs": len(row.values),
            f"{figure.title}, {figure.unit}: mean (95 % interval)": "" if row.mean is None else interval(row.mean),
        }
        for row in outcome.by_setting(figure.title)
    ]
    st.dataframe(rows, hide_index=True, width="content", key=f"settings.{name}")


def _over_repeats(outcome: SweepOutcome) -> None:
    """Every figure over folds or seeds: its mean with its interval, and that of each."""
    rows = [
        {
            "figure": figure.title,
            "mean (95 % interval)": interval(row.mean) if row.mean.has_ends else three_digits(row.mean.value),
            "unit": figure.unit,
            "trainings": len(row.values),
            "of each": " ".join(map(three_digits, row.values)),
        }
        for figure, row in outcome.over_repeats
        if row.mean is not None
    ]
    st.dataframe(rows, hide_index=True, width="stretch", key=f"repeats.{outcome.sweep.name}")
