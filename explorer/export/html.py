"""HTML that holds whatever a user's file says: every text is escaped in one place, and nothing is fetched."""

from __future__ import annotations

import html
import re

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""What a page may load: its own style and its own pictures. No script is run, whatever stands in the page."""
EMPTY = ("img", "meta", "rect", "line", "polyline", "circle")
"""Elements that hold nothing."""
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
"""Signs that no HTML may hold."""


class Html(str):
    """Text that is HTML already; only ``element`` makes it of other text."""

    __slots__ = ()


def escaped(text: object) -> Html:
    """Any text as HTML that shows it letter by letter; as it is where it is HTML."""
    if isinstance(text, Html):
        return text
    # Bytes of names of files that are no text, which Python keeps as surrogates, are shown as their escapes.
    readable = _UNSEEN.sub("\ufffd", str(text).encode(errors="backslashreplace").decode())
    return Html(html.escape(readable, quote=True))


def element(tag: str, *children: object, **attributes: object) -> Html:
    """An element with what it holds.

    Args:
        tag: its name, never from a file.
        children: text, which is escaped, or HTML.
        attributes: their values are escaped; a trailing underscore is dropped, others become hyphens; None: left out.
    """
    given = [
        f' {name.rstrip("_").replace("_", "-")}="{escaped(str(value))}"'
        for name, value in attributes.items()
        if value is not None
    ]
    start = f"<{tag}{''.join(given)}"
    if tag in EMPTY:
        return Html(f"{start}/>")
    return Html(f"{start}>{''.join(map(escaped, children))}</{tag}>")


def page(title: str, style: str, *body: object) -> bytes:
    """A whole page in UTF-8 that works from a file, without a connection.

    Args:
        style: its CSS, never from a file.
    """
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        element("style", Html(style)),
    )
    whole = element("html", head, element("body", *body), lang="en")
    return f"<!doctype html>\n{whole}\n".encode()
