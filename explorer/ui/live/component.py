"""Registers a browser component from its source files, and the small values that components share."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import streamlit as st

from explorer.ui.live.envelope import seal

_FOLDER = Path(__file__).parent
_SHARED_SOURCES = ("kernel.js", "runtime.js", "kit.js", "decoder.js")
_EXTRA_SOURCES = {
    "drawing": ("own_image.js", "sketch.js", "clipboard.js"),
    "interpolation": ("way_charts.js", "way_strips.js"),
    "latent_map": (
        "scatter.js",
        "map_view.js",
        "map_layers.js",
        "map_choice.js",
        "map_tools.js",
        "map_input.js",
        "map_surface.js",
        "inspector.js",
    ),
    "paste": ("clipboard.js",),
    "sliders": ("likeness.js",),
    "threshold": ("threshold_rates.js", "threshold_charts.js", "threshold_panels.js"),
}
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


def source_of(file: str) -> str:
    """The text of a component's source file."""
    return (_FOLDER / file).read_text("utf-8")


def shared_script() -> str:
    """The script that comes before every component's own: the decoder runtime with its kernel, and the kit.

    The compiled kernel goes with it as text, so that a component asks the server for nothing more.
    """
    wasm = base64.b64encode((_FOLDER / "kernel.wasm").read_bytes()).decode()
    sources = (source_of(file) for file in _SHARED_SOURCES)
    return "\n".join([f"const KERNEL_WASM = '{wasm}';", *sources])


@cache
def _renderer(name: str) -> Renderer:
    """The Streamlit component of ``NAME.js`` and ``NAME.css``, registered once.

    Streamlit takes one script for each component; the shared sources go before the component's own, in one module.
    """
    sources = [*_EXTRA_SOURCES.get(name, ()), f"{name}.js"]
    script = "\n".join([shared_script(), *(source_of(file) for file in sources)])
    styles = [source_of(file) for file in ("live.css", f"{name}.css")]
    return st.components.v2.component(f"explorer_{name}", js=script, css="\n".join(styles))


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
        name: of its source files.
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
