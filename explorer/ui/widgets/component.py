"""Shows a component of ``explorer.browser`` in Streamlit, and reads what it reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

import streamlit as st

from explorer.browser.schema import Component, Message, Report
from explorer.ui.widgets.registered import renderer

R = TypeVar("R", bound=Report)


def mount(
    component: Component,
    message: Message,
    *,
    key: str,
    on_report: Callable[[], None] = lambda: None,
    on_event: Mapping[type[Report], Callable[[Any], None]] | None = None,
) -> None:
    """Show a component; ``last_report`` reads what it reports.

    Args:
        component: to show.
        message: what its script gets.
        key: of the widget.
        on_report: called when the script has reported a state, before the page runs again.
        on_event: for each event of the component, what is called with it before the page runs again; with None where
            what came cannot be read. Each comes once, so that a large value does not travel again with every rerun.
    """
    # Streamlit keeps a reported state only where it has a callback for it.
    callbacks: dict[str, Callable[[], None]] = {f"on_{state.NAME}_change": on_report for state in component.states}
    for event, work in (on_event or {}).items():
        callbacks[f"on_{event.NAME}_change"] = partial(_receive, key, event, work)
    renderer(component.name)(key=key, data=message.seal(), **callbacks)


def last_report(key: str, report: type[R]) -> R | None:
    """What the widget of this key last reported, known before it is shown again; None before the first report."""
    return report.read(_said(key, report))


def _said(key: str, report: type[Report]) -> Any:
    return (st.session_state.get(key) or {}).get(report.NAME)


def _receive(key: str, event: type[Report], work: Callable[[Any], None]) -> None:
    said = _said(key, event)
    if said is not None:
        work(event.read(said))
