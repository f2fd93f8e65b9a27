"""Table rows and other short lists of numbers as small bar drawings, in colours that suit both themes."""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence

import numpy as np
import streamlit as st
from jaxtyping import Num

from explorer.core.palette import NORMAL, NOVEL, UNLABELLED

WIDTH, HEIGHT = 240, 72
_STYLE = (
    "<style>.ex-bars{display:flex;flex-wrap:wrap;gap:.6rem}.ex-bars figure{margin:0;max-width:100%}"
    ".ex-bars img{border:1px solid rgba(128,140,150,.45);border-radius:3px;max-width:100%;display:block}"
    ".ex-bars figcaption{font-size:.78rem;opacity:.8;margin-top:.2rem;font-variant-numeric:tabular-nums}</style>"
)


def show(drawings: Sequence[str], captions: Sequence[str] = ()) -> None:
    """Drawings side by side, wrapping, each with its caption (plain text)."""
    texts = [*captions, *[""] * (len(drawings) - len(captions))]
    figures = [
        f"<figure>{drawing}<figcaption>{html.escape(text)}</figcaption></figure>"
        for drawing, text in zip(drawings, texts, strict=True)
    ]
    st.html(f'{_STYLE}<div class="ex-bars">{"".join(figures)}</div>')


def bars(
    values: Num[np.ndarray, " n"],
    alt: str,
    marks: Num[np.ndarray, " n"] | None = None,
    width: int = WIDTH,
    height: int = HEIGHT,
) -> str:
    """Signed bars from a zero line, as an HTML picture.

    Args:
        values: (D,) any numbers; drawn over their own range and zero.
        alt: what they are, for screen readers.
        marks: (D,) a second value for each bar, drawn as a line across it.
        width, height: in screen pixels.
    """
    both = np.concatenate([np.ravel(values), [] if marks is None else np.ravel(marks), [0.0]])
    low, high = float(both.min()), float(both.max())
    unit = (height - 4) / ((high - low) or 1.0)
    zero = 2 + high * unit
    step = width / max(1, len(values))
    parts = []
    for i, value in enumerate(np.ravel(values).tolist()):
        top, tall = zero - max(value, 0.0) * unit, max(abs(value) * unit, 0.5)
        parts.append(
            f'<rect x="{i * step:.2f}" y="{top:.1f}" width="{0.8 * step:.2f}" height="{tall:.1f}" fill="{NORMAL}"/>'
        )
    for i, mark in enumerate([] if marks is None else np.ravel(marks).tolist()):
        y = zero - mark * unit
        parts.append(f'<rect x="{i * step:.2f}" y="{y - 1:.1f}" width="{0.8 * step:.2f}" height="2" fill="{NOVEL}"/>')
    line = f'<line x1="0" x2="{width}" y1="{zero:.1f}" y2="{zero:.1f}" stroke="{UNLABELLED}"/>'
    body = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">{"".join(parts)}{line}</svg>'
    # As a picture, since Streamlit takes inline SVG out of HTML.
    uri = base64.b64encode(f'<svg xmlns="http://www.w3.org/2000/svg" {body}'.encode()).decode()
    return f'<img width="{width}" alt="{html.escape(alt, quote=True)}" src="data:image/svg+xml;base64,{uri}">'
