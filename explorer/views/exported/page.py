"""The HTML of an exported page: every text is escaped, its one script is known by its hash, and nothing is fetched."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from explorer.browser import exported_page
from explorer.browser.exported_page.carrier import carried
from explorer.core.version import VERSION
from explorer.export.html import POLICY, Html, element
from explorer.views.exported.parts import PagePart

FOLDER = Path(exported_page.__file__).parent
SHOW_A_MODEL = frozenset({"drawing", "entry_grid", "interpolation", "latent_map", "sliders"})
SHOW_A_MAP = frozenset({"filters", "latent_map"})
"""Components that the two smaller ones of the three scripts have."""


@dataclass(frozen=True)
class StillPart:
    """A part of a page that needs no script.

    Args:
        name: in its address.
        title: its heading.
        sentence: what is seen; empty for none.
        body: what stands in it.
        notes: below it, a paragraph each.
    """

    name: str
    title: str
    sentence: str
    body: Html
    notes: Sequence[str] = ()


@cache
def script_for(components: frozenset[str]) -> str:
    """The script that a page with these components needs."""
    name = "map" if components <= SHOW_A_MAP else "model" if components <= SHOW_A_MODEL else "learn"
    return (FOLDER / "built" / f"{name}.js").read_text("utf-8")


def fixed_bytes(parts: Sequence[PagePart]) -> int:
    """Bytes of script and style in a page of these parts."""
    script = script_for(frozenset(part.component for part in parts))
    return len(script.encode()) + (FOLDER / "page.css").stat().st_size


def policy(script: str) -> str:
    """What a page may do: run this one script and its compiled kernel, show its own style and pictures; no more."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{digest}' 'wasm-unsafe-eval'; style-src 'unsafe-inline'; "
        "img-src data: blob:; connect-src 'none'; form-action 'none'; base-uri 'none'"
    )


def page_html(title: str, sentence: str, parts: Sequence[PagePart | StillPart], style: str = "") -> bytes:
    """A page as a file.

    Args:
        title: its heading.
        sentence: what is seen.
        parts: in their order.
        style: CSS beside that of all pages, never from a file.
    """
    live = [part for part in parts if isinstance(part, PagePart)]
    script = script_for(frozenset(part.component for part in live)) if live else ""
    base = (FOLDER / "page.css").read_text("ascii")
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy(script) if live else POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="generator", content=f"Autoencoder Explorer {VERSION}"),
        element("title", title),
        element("style", Html(base + style)),
    )
    links = [element("a", part.title.partition(":")[0], href=f"#{part.name}") for part in parts]
    needs = [element("noscript", element("p", "The live parts of this page need JavaScript."))]
    scripts = [
        element("script", Html(carried([part.message for part in live])), type="text/plain", id="messages"),
        element("script", Html(script)),
    ]
    body = element(
        "body",
        element(
            "main",
            element(
                "header",
                element("h1", title),
                element("p", sentence),
                element("nav", *links, aria_label="Parts of this page"),
            ),
            *(needs if live else []),
            *(_section(part) for part in parts),
            element(
                "footer",
                f"Made with Autoencoder Explorer {VERSION}. This file needs no connection.",
            ),
        ),
        *(scripts if live else []),
    )
    return f"<!doctype html>\n{element('html', head, body, lang='en')}\n".encode()


def _section(part: PagePart | StillPart) -> Html:
    if isinstance(part, PagePart):
        shown = element("div", "Loading", class_="part", data_component=part.component)
    else:
        shown = part.body
    return element(
        "section",
        element("h2", part.title),
        *([element("p", *_strong(part.sentence))] if part.sentence else []),
        shown,
        *(element("p", note, class_="note") for note in part.notes if note),
        id=part.name,
    )


def _strong(text: str) -> list[Html | str]:
    """Text in which two stars stand around what is to be seen first."""
    return [element("strong", words) if i % 2 else words for i, words in enumerate(text.split("**"))]


def facts_part(facts: Sequence[tuple[str, str]], title: str = "The model") -> StillPart:
    """What is to be known of a model and its page, by name; facts without words are left out."""
    rows = [element("div", element("dt", name), element("dd", words)) for name, words in facts if words]
    return StillPart("model", title, "", element("dl", *rows))
