"""Shows a component of ``explorer.browser`` in Streamlit, and the small values that components share."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

import explorer
from explorer.browser import assets
from explorer.ui.live.envelope import seal

_PACKAGE = "explorer"
_SHARED = "shared"
"""The address under which components find the scripts that several of them share; the build writes it into them."""
_registering = threading.Lock()
Renderer = Callable[..., Any]


@dataclass(frozen=True)
class Feature:
    """A column of a table, for the bar beside its decoded value.

    Args:
        name: of the column.
        low, high: ends of the bar, in the column's unit; usually its range in the data.
    """

    name: str
    low: float
    high: float


def as_header(features: Sequence[Feature]) -> list[dict[str, Any]]:
    """Features as the browser reads them."""
    return [asdict(feature) for feature in features]


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
    name: str,
    header: Mapping[str, Any],
    sections: Mapping[str, bytes],
    *,
    key: str,
    state: str = "",
    on_report: Callable[[], None] | None = None,
) -> Any:
    """Show a component and return the last value it reported.

    Args:
        name: of its folder in ``explorer.browser``.
        header: JSON values for the browser.
        sections: bytes for the browser.
        key: of the widget.
        state: name under which the browser reports; empty for a component that reports nothing.
        on_report: called when the browser has reported, before the page runs again.

    Returns:
        The reported value as JSON gave it; None before the first report.
    """
    return mount_reporting(name, header, sections, key=key, states=[state] if state else [], on_report=on_report).get(
        state
    )


def mount_reporting(
    name: str,
    header: Mapping[str, Any],
    sections: Mapping[str, bytes],
    *,
    key: str,
    states: Sequence[str],
    on_report: Callable[[], None] | None = None,
) -> dict[str, Any]:
    """Show a component that reports under several names, and return the last value of each; see ``mount``."""
    # Streamlit keeps a reported state only where it has a callback for it.
    callbacks = {f"on_{state}_change": on_report or _keep for state in states}
    result = _renderer(name)(key=key, data=seal(header, sections), **callbacks)
    return {state: result.get(state) for state in states}


def mount_events(
    name: str,
    header: Mapping[str, Any],
    sections: Mapping[str, bytes],
    *,
    key: str,
    events: Mapping[str, Callable[[Any], None]],
) -> None:
    """Show a component that tells of events: each once, so that a large value does not travel again with every rerun.

    Args:
        events: name of an event -> what is called with its value, as JSON gave it, before the page runs again.
    """

    def receive(event: str) -> None:
        value = last_report(key, event)
        if value is not None:
            events[event](value)

    callbacks = {f"on_{event}_change": partial(receive, event) for event in events}
    _renderer(name)(key=key, data=seal(header, sections), **callbacks)


def last_report(key: str, state: str) -> Any:
    """What ``mount`` will return for this widget, known before it is shown again; None before the first report."""
    return (st.session_state.get(key) or {}).get(state)


def _keep() -> None:
    """Nothing to do: the value is read from the component's result."""
