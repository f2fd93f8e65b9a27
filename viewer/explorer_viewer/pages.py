"""Exported pages, and a list of what lies in a folder as a page of its own."""

from __future__ import annotations

import html
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

HEAD_BYTES = 1 << 16
"""Of a page, in which its title and its maker stand."""
_MAKER = re.compile(r'<meta name="generator" content="Autoencoder Explorer [^"]*"')
_TITLE = re.compile(r"<title>([^<]*)</title>")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@dataclass(frozen=True)
class Exported:
    """An exported file.

    Args:
        path: where it lies.
        title: what it is called, as text.
        is_page: whether a browser shows it; else onnxruntime runs it.
    """

    path: Path
    title: str
    is_page: bool


def exported(path: Path) -> Exported | None:
    """What a file is; None where the program has not made it."""
    if path.suffix.lower() == ".onnx":
        return Exported(path, path.name, False)
    if path.suffix.lower() not in (".html", ".htm"):
        return None
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES).decode(errors="replace")
    title = _TITLE.search(head)
    if not _MAKER.search(head) or title is None:
        return None
    return Exported(path, html.unescape(title[1]), True)


def list_page(folder: Path, files: list[Exported]) -> Path:
    """A page with a link to each exported page of a folder, in a temporary file; every text is escaped."""
    rows = [
        f'<li><a href="{html.escape(one.path.resolve().as_uri())}">{html.escape(one.title)}</a></li>'
        if one.is_page
        else f"<li>{html.escape(one.title)}: explorer-view {html.escape(one.path.name)} ITEMS --out FILE</li>"
        for one in files
    ]
    name = html.escape(str(folder))
    content = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
        f'content="{_POLICY}"><title>{name}</title><h1>{name}</h1><ul>{"".join(rows)}</ul></html>\n'
    )
    place = Path(tempfile.mkdtemp(prefix="explorer-view-")) / "list.html"
    place.write_text(content, "utf-8")
    return place
