"""Fitting in the background: a button, a bar with a way to stop, and then the detector."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from explorer.data.base import Progress
from explorer.ui.novelty.scored import Case
from explorer.ui.shell.cache import cached_resource
from explorer.ui.shell.frame import show_error
from explorer.ui.shell.jobs import Jobs, await_job


@cached_resource()
def fit_jobs() -> Jobs:
    """The fittings of this server; one runs at a time."""
    return Jobs()


def fitted(key: str, button: str, work: Callable[[Progress], Case]) -> Case | None:
    """The result of work that was done before; else a button that starts it, or how far it is.

    Args:
        key: differs for different work.
        button: what the button says.
        work: called in a thread, so it must not draw anything.
    """
    job = fit_jobs().get(key)
    if job is not None and job.is_running:
        await_job(job, "Waiting for another fit", key="novelty_cancel")
        return None
    if job is not None and job.error is None:
        result: Case = job.result()
        return result
    if job is not None and job.error is not None:
        show_error(job.error)
    if st.button(button, type="primary", icon=":material/model_training:", key="novelty_fit"):
        fit_jobs().start(key, work)
        st.rerun()
    return None
