"""Items that the visitor says are fine: they move to the normal ones, and the detector follows in the background."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import streamlit as st

from explorer.data.base import Progress
from explorer.export.novelty_python import with_fine
from explorer.novelty.corrections import Correction, correct
from explorer.ui.novelty.fit_jobs import fit_jobs
from explorer.ui.novelty.scored import Case, ScoredItems
from explorer.ui.shell import kept
from explorer.ui.shell.frame import show_error
from explorer.ui.shell.jobs import await_job
from explorer.ui.widgets.text import plain

FINE = "novelty_said_fine"
"""Where a session keeps which items are fine: the key of what is scored, and their positions there."""


def applied(case: Case, scored: ScoredItems) -> tuple[Case, ScoredItems, Callable[[int], None] | None]:
    """What is shown once corrections are made; until the detector has followed, what there was.

    Returns:
        The detector and the items; and what takes the position of one more item that is fine, None where nothing is
        known to be normal.
    """
    if scored is case.scored and not case.compares:
        return case, scored, None
    fine = _fine(scored)
    others = np.setdiff1d(np.arange(len(scored)), fine)

    def add(item: int) -> None:
        kept.keep(FINE, (scored.key, (*fine, int(others[item]))))

    if not fine:
        return case, scored, add
    key = f"correct|{scored.key}|{fine}"

    def work(progress: Progress) -> tuple[Correction, ScoredItems]:
        progress(0.0, "Learning from what is fine")
        done = correct(case.detector, scored.x[list(fine)], scored.fitted_on, progress)
        return done, scored.without(np.array(fine), done.detector)

    job = fit_jobs().start(key, work)
    if job.is_running:
        await_job(job, "Waiting for another fit", key="novelty_correct_cancel")
        _undo(scored, fine)
        return case, scored, None
    if job.error is not None:
        show_error(job.error)
    if job.status != "done":
        _undo(scored, fine)
        return case, scored, None
    done, corrected = job.result()
    threshold = case.detector.threshold(_rate_of(case)).value
    after = done.detector.threshold(_rate_of(case)).value
    alarms = int((scored.scores > threshold).sum()), int((corrected.scores > after).sum())
    st.success(
        plain(f"{done.words} Alarms at {_rate_of(case):.0%}: {alarms[0]:,} before, {alarms[1]:,} now."),
        icon=":material/check:",
    )
    _undo(scored, fine)
    code = scored.code or case.code
    corrected = replace(corrected, code=None if code is None else with_fine(code, fine))
    own = corrected if scored is case.scored else case.scored
    shown = replace(case, detector=done.detector, key=key, scored=own, selected=None)
    return shown, corrected, add


def _rate_of(case: Case) -> float:
    """The false-alarm rate at which alarms are counted before and after."""
    return case.rate or 0.05


def _fine(scored: ScoredItems) -> tuple[int, ...]:
    key, items = st.session_state.get(FINE, ("", ()))
    return items if key == scored.key else ()


def _undo(scored: ScoredItems, fine: tuple[int, ...]) -> None:
    """Ways back: the last item, or all."""
    with st.container(horizontal=True):
        last = scored.names[fine[-1]]
        st.button(
            plain(f"Undo: {last}"),
            icon=":material/undo:",
            key="novelty_undo",
            on_click=kept.keep,
            args=(FINE, (scored.key, fine[:-1])),
        )
        if len(fine) > 1:
            st.button(
                f"Undo all {len(fine)}", key="novelty_undo_all", on_click=kept.keep, args=(FINE, (scored.key, ()))
            )
