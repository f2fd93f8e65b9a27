"""Small images as they are: whole-number scaling, hard pixels, one size in a row, a thin border and a caption."""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence

import numpy as np
import streamlit as st

from explorer import images

_STYLE = """<style>
.ex-row{display:flex;flex-wrap:wrap;gap:.5rem .6rem;align-items:flex-start}
.ex-row figure{margin:0;max-width:100%}
.ex-row img{display:block;image-rendering:pixelated;border:1px solid rgba(128,140,150,.45);border-radius:3px;
max-width:100%;background:#fff}
.ex-row img.smooth{image-rendering:auto}
.ex-row figcaption{font-size:.78rem;line-height:1.25;margin-top:.2rem;opacity:.8;font-variant-numeric:tabular-nums;
white-space:pre-line;overflow-wrap:anywhere}
</style>"""


def scale_for(event_shape: tuple[int, ...], target: int) -> int:
    """The whole number of screen pixels for each image pixel that comes nearest below ``target`` on the longer side."""
    return max(1, target // max(event_shape[1:]))


def gallery(x: np.ndarray, captions: Sequence[str] = (), size: int = 84, alt: str = "image") -> None:
    """Images side by side, wrapping, each with its caption.

    Args:
        x: (N, C, H, W), uint8 or float in [0, 1].
        captions: one for each image (plain text), or none.
        size: largest side in screen pixels.
        alt: what the pictures are, for screen readers; the caption is added.
    """
    if not len(x):
        return
    scale = scale_for(x.shape[1:], size)
    # A picture larger than its place is shrunk smoothly; a small one keeps its pixels.
    shrunk = max(x.shape[2:]) > size
    width = size * x.shape[3] // max(x.shape[2:]) if shrunk else scale * x.shape[3]
    texts = [*captions, *[""] * (len(x) - len(captions))]
    figures = [
        f'<figure style="width:{max(width, 1)}px"><img class="{"smooth" if shrunk else ""}" width="{width}" '
        f'alt="{html.escape(f"{alt} {text}".strip(), quote=True)}" src="{_data_uri(item)}">'
        f"{f'<figcaption>{html.escape(text)}</figcaption>' if text else ''}</figure>"
        for item, text in zip(x, texts, strict=True)
    ]
    st.html(f'{_STYLE}<div class="ex-row">{"".join(figures)}</div>')


def picture_row(label: str, x: np.ndarray, captions: Sequence[str] = (), size: int = 84) -> None:
    """A labelled row of images: the label above, the images in one line that wraps."""
    st.caption(label)
    gallery(x, captions, size, alt=label)


def strip(x: np.ndarray, size: int = 32, alt: str = "images", columns: int | None = None) -> None:
    """Many images as one picture: a thumbnail strip, or a sheet of so many columns.

    Args:
        x: (N, C, H, W), uint8 or float in [0, 1].
        size: largest side of one image, in screen pixels.
        alt: what the pictures are, for screen readers.
        columns: images a row; None: all in one row.
    """
    scale = scale_for(x.shape[1:], size)
    sheet = images.grid(x, columns=columns or len(x), gap=1)
    st.html(
        f'{_STYLE}<div class="ex-row"><img width="{sheet.shape[2] * scale}" alt="{html.escape(alt, quote=True)}" '
        f'src="{_data_uri(sheet)}"></div>'
    )


def _data_uri(x: np.ndarray) -> str:
    return "data:image/png;base64," + base64.b64encode(images.png_bytes(x)).decode()
