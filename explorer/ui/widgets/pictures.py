"""Small images as they are: whole-number scaling, hard pixels, one size in a row, a thin border and a caption."""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from jaxtyping import Num
from PIL import Image, ImageDraw

from explorer.io import images

_STYLE = """<style>
.ex-row{display:flex;flex-wrap:wrap;gap:.5rem .6rem;align-items:flex-start}
.ex-row figure{margin:0;max-width:100%}
.ex-row img{display:block;image-rendering:pixelated;border:1px solid rgba(128,140,150,.45);border-radius:3px;
max-width:100%;background:#fff}
.ex-row img.smooth{image-rendering:auto}
.ex-row figcaption{font-size:.78rem;line-height:1.25;margin-top:.2rem;opacity:.8;font-variant-numeric:tabular-nums;
white-space:pre-line;overflow-wrap:anywhere}
.ex-cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,var(--ex-least)),1fr));gap:.9rem}
.ex-card{border:1px solid rgba(128,140,150,.35);border-radius:8px;padding:.6rem .75rem .7rem}
.ex-card.marked{border-left:3px solid var(--ex-mark)}
.ex-card h5{margin:0;padding:0;font-size:.9rem;font-weight:600}
.ex-card p{margin:0 0 .45rem;font-size:.8rem;line-height:1.35;opacity:.8;overflow-wrap:anywhere;
font-variant-numeric:tabular-nums}
.ex-card .ex-row+.ex-row{margin-top:.5rem}
@media (max-width:600px){.ex-row figure:nth-last-child(n+3),.ex-row figure:nth-last-child(n+3)~figure{
max-width:calc(33.3% - .45rem)}.ex-row figure:nth-last-child(n+5),.ex-row figure:nth-last-child(n+5)~figure{
max-width:calc(25% - .45rem)}}
.ex-scale{height:.6rem;max-width:16rem;border-radius:3px}
.ex-scale-ends{display:flex;justify-content:space-between;max-width:16rem;font-size:.78rem;opacity:.8}
</style>"""

_GAP, _CARD_EDGES = 10, 28
"""Screen pixels between two pictures, and those of a card's padding and borders."""


_FINER = 3
"""Lines are drawn so many times larger, and then made smooth."""


def scale_for(event_shape: tuple[int, ...], target: int) -> int:
    """The whole number of screen pixels for each image pixel that comes nearest below ``target`` on the longer side."""
    return max(1, target // max(event_shape[1:]))


@dataclass(frozen=True, eq=False)
class ItemPictures:
    """One item with its pictures.

    Args:
        title: in bold.
        text: under it, plain.
        rows: of pictures, each (image (C, H, W), caption).
        mark: colour of its left edge; empty: none.
    """

    title: str
    text: str
    rows: Sequence[Sequence[tuple[np.ndarray, str]]]
    mark: str = ""


def cards(shown: Sequence[ItemPictures], size: int = 100) -> None:
    """Items as cards in a grid that wraps, each with rows of pictures.

    Args:
        size: largest side of a picture in screen pixels.
    """
    widest = max((sum(_width(x, size) + _GAP for x, _ in row) for card in shown for row in card.rows), default=0)
    body = "".join(_card(card, size) for card in shown)
    st.html(f'{_STYLE}<div class="ex-cards" style="--ex-least:{widest + _CARD_EDGES}px">{body}</div>')


def _card(card: ItemPictures, size: int) -> str:
    rows = "".join(
        f'<div class="ex-row">{"".join(_figure(x, text, size, f"{card.title}:") for x, text in row)}</div>'
        for row in card.rows
        if row
    )
    marked = f' marked" style="--ex-mark:{card.mark}' if card.mark else ""
    title, text = html.escape(card.title), html.escape(card.text)
    return f'<div class="ex-card{marked}"><h5>{title}</h5><p>{text}</p>{rows}</div>'


def colour_scale(colours: Sequence[str], low: str, high: str) -> None:
    """A bar of colours in even steps, with what its ends mean."""
    ends = f"<span>{html.escape(low)}</span><span>{html.escape(high)}</span>"
    st.html(
        f'{_STYLE}<div class="ex-scale" style="background:linear-gradient(to right,{",".join(colours)})"></div>'
        f'<div class="ex-scale-ends">{ends}</div>'
    )


def gallery(x: Num[np.ndarray, "n c h w"], captions: Sequence[str] = (), size: int = 84, alt: str = "image") -> None:
    """Images side by side, wrapping, each with its caption.

    Args:
        x: (N, C, H, W), uint8 or float in [0, 1].
        captions: one for each image (plain text), or none.
        size: largest side in screen pixels.
        alt: what the pictures are, for screen readers; the caption is added.
    """
    if not len(x):
        return
    texts = [*captions, *[""] * (len(x) - len(captions))]
    figures = [_figure(item, text, size, alt) for item, text in zip(x, texts, strict=True)]
    st.html(f'{_STYLE}<div class="ex-row">{"".join(figures)}</div>')


def _figure(item: np.ndarray, text: str, size: int, alt: str) -> str:
    """An image (C, H, W) with its caption."""
    width, shrunk = _width(item, size), _is_shrunk(item, size)
    caption = f"<figcaption>{html.escape(text)}</figcaption>" if text else ""
    return (
        f'<figure style="width:{width}px"><img class="{"smooth" if shrunk else ""}" width="{width}" '
        f'alt="{html.escape(f"{alt} {text}".strip(), quote=True)}" src="{_data_uri(item)}">{caption}</figure>'
    )


def _is_shrunk(item: np.ndarray, size: int) -> bool:
    """A picture larger than its place is shrunk smoothly; a small one keeps its pixels."""
    return max(item.shape[1:]) > size


def _width(item: np.ndarray, size: int) -> int:
    """Of an image (C, H, W) on the screen, in pixels."""
    if _is_shrunk(item, size):
        return max(1, size * item.shape[2] // max(item.shape[1:]))
    return scale_for(item.shape, size) * item.shape[2]


def picture_row(label: str, x: Num[np.ndarray, "n c h w"], captions: Sequence[str] = (), size: int = 84) -> None:
    """A labelled row of images: the label above, the images in one line that wraps."""
    st.caption(label)
    gallery(x, captions, size, alt=label)


def strip(x: Num[np.ndarray, "n c h w"], size: int = 32, alt: str = "images", columns: int | None = None) -> None:
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


def line_picture(values: Num[np.ndarray, " n"], width: int, height: int) -> Num[np.ndarray, "1 1 h w"]:
    """A series as a dark line on white, in [0, 1], such as one picture of a card.

    Args:
        values: (n,) two or more.
        width, height: in pixels.
    """
    margin = 3
    across = np.linspace(margin, width - margin, len(values)) * _FINER
    share = (values - values.min()) / max(float(np.ptp(values)), 1e-12)
    down = (height - margin - share * (height - 2 * margin)) * _FINER
    picture = Image.new("L", (width * _FINER, height * _FINER), 255)
    points = [(float(x), float(y)) for x, y in zip(across, down, strict=True)]
    ImageDraw.Draw(picture).line(points, fill=40, width=2 * _FINER, joint="curve")
    smooth = picture.resize((width, height), Image.Resampling.LANCZOS)
    return np.asarray(smooth, np.float32)[None, None] / 255


def _data_uri(x: np.ndarray) -> str:
    return "data:image/png;base64," + base64.b64encode(images.png_bytes(x)).decode()
