"""Shows a component of ``explorer.browser`` in Streamlit, and reads what it reports."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any, TypeVar

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

import explorer
from explorer.browser import assets
from explorer.browser.schema import Component, Message, Report

_PACKAGE = "explorer"
_SHARED = "shared"
"""The address under which components find the scripts that several of them share; the build writes it into them."""
_registering = threading.Lock()
Renderer = Callable[..., Any]
R = TypeVar("R", bound=Report)


def _register_folder() -> None:
    """Let Streamlit serve the built scripts as files, once for each server.

    Streamlit itself reads this from the pyproject.toml inside a wheel, which a clone does not have.
    """
    manager = get_bidi_component_manager()
    names = [*assets.components(), _SHARED]
    manifest = ComponentManifest(
        _PACKAGE, explorer.__version__, [ComponentConfig(name, assets.FOLDER.name) for name in names]
    )
    with _registering:
        if manager.get_component_asset_root(f"{_PACKAGE}.{_SHARED}") is None:
            manager.register_from_manifest(manifest, assets.FOLDER.parent)


@cache
def _component(name: str) -> Renderer:
    return st.components.v2.component(f"{_PACKAGE}.{name}", js=assets.script(name))


def _renderer(name: str) -> Renderer:
    """The Streamlit component of the script ``NAME``."""
    _register_folder()
    return _component(name)


def mount(
    component: Component,
    message: Message,
    *,
    key: str,
    on_report: Callable[[], None] | None = None,
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
    callbacks: dict[str, Callable[[], None]] = {
        f"on_{state.NAME}_change": on_report or _keep for state in component.states
    }
    for event, work in (on_event or {}).items():
        callbacks[f"on_{event.NAME}_change"] = partial(_receive, key, event, work)
    _renderer(component.name)(key=key, data=message.seal(), **callbacks)


def last_report(key: str, report: type[R]) -> R | None:
    """What the widget of this key last reported, known before it is shown again; None before the first report."""
    return report.read(_said(key, report))


def _said(key: str, report: type[Report]) -> Any:
    return (st.session_state.get(key) or {}).get(report.NAME)


def _receive(key: str, event: type[Report], work: Callable[[Any], None]) -> None:
    said = _said(key, event)
    if said is not None:
        work(event.read(said))


def _keep() -> None:
    """Nothing to do: the report is read from the session."""
