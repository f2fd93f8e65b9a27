"""Finds the built scripts of the components."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parent / "built"
"""Every component's script as NAME-HASH.js; what several of them share as HASH.js: scripts name each file they need."""
_IMPORT = re.compile(r'(?:from|import)\s*"\.\./explorer\.shared/([^"]+)"')


def components() -> list[str]:
    """Names of the components that have a script."""
    return sorted({path.stem.rpartition("-")[0] for path in FOLDER.glob("*-*.js")})


def script(name: str) -> str:
    """The file of a component's script in ``FOLDER``.

    The hash in its name changes with its content, so no browser shows an old script after an upgrade.

    Raises:
        FileNotFoundError: there is none, or more than one, as after a build beside an older one.
    """
    files = [path.name for path in FOLDER.glob(f"{name}-*.js")]
    if len(files) != 1:
        raise FileNotFoundError(f"Found {len(files)} built scripts of {name} in {FOLDER}; `make scripts` builds them.")
    return files[0]


def brings(file: str) -> set[str]:
    """The files that a browser loads for one of ``FOLDER``: itself, and all that it imports, directly or not."""
    names: set[str] = set()
    waiting = [file]
    while waiting:
        name = waiting.pop()
        if name not in names:
            names.add(name)
            waiting += _IMPORT.findall((FOLDER / name).read_text("utf-8"))
    return names
