"""Where the program's own files lie and where the user's go: in a clone of the repository and in an installed wheel."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import platformdirs

_PACKAGE = Path(__file__).resolve().parents[1]
_IN_WHEEL = _PACKAGE / "_app"
"""Where setup.py puts what stands at the top of the repository: the app, its pages/, checkpoints/ and recipes/."""


def shipped(name: str) -> Path:
    """A file or folder that comes with the program.

    Args:
        name: what it is called at the top of the repository, such as ``pages`` or ``streamlit_app.py``.
    """
    return (_IN_WHEEL if _IN_WHEEL.is_dir() else _PACKAGE.parent) / name


def user_folder(name: Literal["checkpoints", "runs"]) -> Path:
    """The folder for what the user makes, absolute; it need not exist yet.

    It is the one that EXPLORER_CHECKPOINTS or EXPLORER_RUNS names. Without it, a clone keeps everything together in
    its own folder; an installed program, which may belong to an administrator and goes with every update, leaves it in
    the place that the operating system has for a user's data.
    """
    chosen = os.environ.get(f"EXPLORER_{name.upper()}")
    if chosen:
        return Path(chosen).absolute()
    if _IN_WHEEL.is_dir():
        return platformdirs.user_data_path("autoencoder-explorer", appauthor=False) / name
    return _PACKAGE.parent / name
