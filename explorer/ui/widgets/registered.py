"""The built scripts of ``explorer.browser``, which Streamlit serves as files, as components of Streamlit's."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

import explorer
from explorer.browser import assets

_PACKAGE = "explorer"
_SHARED = "shared"
"""The address under which components find the scripts that several of them share; the build writes it into them."""
_registering = threading.Lock()
Renderer = Callable[..., Any]


def renderer(name: str) -> Renderer:
    """The Streamlit component of the script ``NAME``."""
    _register_folder()
    return _component(name)


@cache
def _component(name: str) -> Renderer:
    return st.components.v2.component(f"{_PACKAGE}.{name}", js=assets.script(name))


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
