"""Fitting in the background: a button, a bar with a way to stop, and then the detector."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from explorer.data.base import Progress
from explorer.ui.novelty.scored import Case
from explorer.ui.shell import kept
from explorer.ui.shell.cache import cached_resource
from explorer.ui.shell.frame import show_error
from explorer.ui.shell.jobs import Jobs, await_job

_FITTED = "novelty_fitted"
"""Where a session keeps its last fit, with what it was asked for."""


@cached_resource()
def fit_jobs() -> Jobs:
    """The fittings of this server; one runs at a time."""
    return Jobs()


def _size(case: Case) -> int:
    """About what a fit takes in memory, in bytes."""
    of_items = [] if case.scored is None else [case.scored.x, case.scored.scores, case.scored.p_values]
    arrays = [*of_items, *([] if case.fitted_on is None else [case.fitted_on])]
    cells = {} if case.scored is None else case.scored.cells
    return len(case.detector.to_bytes()) + sum(array.nbytes for array in arrays) + 60 * sum(map(len, cells.values()))


def fitted(key: str, button: str, work: Callable[[Progress], Case]) -> Case | None:
    """The result of work that was done before; else a button that starts it, or how far it is.

    Args:
        key: differs for different work.
        button: what the button says.
        work: called in a thread, so it must not draw anything.
    """
    own: tuple[str, Case] | None = st.session_state.get(_FITTED)
    if own is not None and own[0] == key:
        return own[1]
    job = fit_jobs().get(key)
    if job is not None and job.is_running:
        await_job(job, "Waiting for another fit", key="novelty_cancel")
        return None
    if job is not None and job.error is None:
        result: Case = job.result()
        # The visitor's own: the server keeps the last fits of all visitors, and others may fit many.
        kept.keep(_FITTED, (key, result), _size(result))
        return result
    if job is not None and job.error is not None:
        show_error(job.error)
    if st.button(button, type="primary", icon=":material/model_training:", key="novelty_fit"):
        fit_jobs().start(key, work)
        st.rerun()
    return None
