"""Marks of a figure as an SVG file and as a PNG: two ways to write each of the few kinds of marks."""

from __future__ import annotations

import base64
import io
import itertools
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from PIL import Image, ImageColor, ImageDraw, ImageFont

from explorer.export.html import Html, element

SCALE, SIZE = 2, 13
"""Pixels of a PNG for each of CSS, and height of the text in CSS pixels."""
_RGBA = re.compile(r"rgba?\(([\d.]+), ?([\d.]+), ?([\d.]+)(?:, ?([\d.]+))?\)")


@dataclass(frozen=True)
class FigureMark:
    """Something that is drawn.

    Args:
        kind: "line", "dot", "bar", "text" or "picture".
        points: in CSS pixels: of a line all, of a dot or text one, of a bar or picture the upper left and lower right
            corner.
        colour: as CSS has it.
        size: of a line its width, of a dot its radius.
        opacity: 0 to 1.
        dash: lengths of a stroke and of the gap after it; empty for none.
        text: words; of a picture a PNG as a ``data:`` address, whose pixels become rectangles, never blurred.
        anchor: of words: "start", "middle" or "end".
    """

    kind: str
    points: tuple[tuple[float, float], ...]
    colour: str
    size: float = 1.0
    opacity: float = 1.0
    dash: tuple[int, ...] = ()
    text: str = ""
    anchor: str = "start"


class _Canvas(NamedTuple):
    """What a mark is painted on."""

    image: Any
    draw: Any
    font: Any


def as_svg(marks: Sequence[FigureMark], width: float, height: float) -> str:
    """Marks as an SVG file on white, every text escaped.

    Args:
        width, height: in CSS pixels.
    """
    whole = element(
        "svg", element("rect", width=f"{width:g}", height=f"{height:g}", fill="#ffffff"), *map(_as_svg, marks),
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width:g} {height:g}", width=f"{width:g}",
        height=f"{height:g}", font_family="sans-serif", font_size=str(SIZE),
    )  # fmt: skip
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{whole}\n'


def as_png(marks: Sequence[FigureMark], width: float, height: float) -> bytes:
    """Marks as a PNG on white, ``SCALE`` pixels for each of CSS.

    Args:
        width, height: in CSS pixels.
    """
    image = Image.new("RGB", (round(width * SCALE), round(height * SCALE)), "white")
    canvas = _Canvas(image, ImageDraw.Draw(image, "RGBA"), ImageFont.load_default(SIZE * SCALE))
    for mark in marks:
        _DRAWERS[mark.kind](canvas, mark)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _as_svg(mark: FigureMark) -> Html:
    (x, y) = mark.points[0]
    if mark.kind == "text":
        return element("text", mark.text, x=f"{x:.2f}", y=f"{y:.2f}", fill=mark.colour, text_anchor=mark.anchor)
    if mark.kind == "dot":
        opacity = None if mark.opacity == 1 else f"{mark.opacity:g}"
        return element("circle", cx=f"{x:.3f}", cy=f"{y:.3f}", r=f"{mark.size:.2f}", fill=mark.colour, opacity=opacity)
    if mark.kind == "bar":
        (left, top), (right, bottom) = mark.points
        return element("rect", x=f"{left:.2f}", y=f"{top:.2f}", width=f"{right - left:.2f}",
                       height=f"{bottom - top:.2f}", fill=mark.colour)  # fmt: skip
    if mark.kind == "picture":
        (left, top), (right, bottom) = mark.points
        size = {"width": f"{right - left:.2f}", "height": f"{bottom - top:.2f}"}
        return element("image", href=mark.text, x=f"{left:.2f}", y=f"{top:.2f}", preserveAspectRatio="none",
                       style="image-rendering: pixelated", **size)  # fmt: skip
    points = " ".join(f"{a:.2f},{b:.2f}" for a, b in mark.points)
    dash = " ".join(map(str, mark.dash)) or None
    return element("polyline", points=points, fill="none", stroke=mark.colour, stroke_width=f"{mark.size:g}",
                   stroke_dasharray=dash)  # fmt: skip


def _rgba(mark: FigureMark) -> tuple[int, int, int, int]:
    told = _RGBA.fullmatch(mark.colour)
    if told:
        red, green, blue = (round(float(part)) for part in told.groups()[:3])
        opacity = float(told[4] or 1)
    else:
        (red, green, blue), opacity = ImageColor.getrgb(mark.colour)[:3], 1.0
    return red, green, blue, round(255 * opacity * mark.opacity)


def _draw_line(canvas: _Canvas, mark: FigureMark) -> None:
    width = max(1, round(SCALE * mark.size))
    for piece in _strokes(mark.points, mark.dash):
        canvas.draw.line([(SCALE * a, SCALE * b) for a, b in piece], _rgba(mark), width)


def _strokes(points: Sequence[tuple[float, float]], dash: Sequence[int]) -> Iterator[list[tuple[float, float]]]:
    """The pieces of a line that are seen: all of it, or strokes that go on from one piece to the next."""
    period, done = sum(dash), 0.0
    for start, end in itertools.pairwise(points):
        length = math.dist(start, end)
        if not dash or not length:
            yield [start, end]
            continue
        begins = -(done % period)
        while begins < length:
            low, high = max(begins, 0.0), min(begins + dash[0], length)
            if high > low:
                yield [
                    (start[0] + t / length * (end[0] - start[0]), start[1] + t / length * (end[1] - start[1]))
                    for t in (low, high)
                ]
            begins += period
        done += length


def _draw_dot(canvas: _Canvas, mark: FigureMark) -> None:
    ((x, y),), r = mark.points, SCALE * mark.size
    canvas.draw.ellipse((SCALE * x - r, SCALE * y - r, SCALE * x + r, SCALE * y + r), _rgba(mark))


def _draw_bar(canvas: _Canvas, mark: FigureMark) -> None:
    (left, top), (right, bottom) = mark.points
    canvas.draw.rectangle((SCALE * left, SCALE * top, SCALE * right, SCALE * bottom), _rgba(mark))


def _draw_text(canvas: _Canvas, mark: FigureMark) -> None:
    ((x, y),) = mark.points
    anchor = {"start": "ls", "middle": "ms", "end": "rs"}[mark.anchor]
    canvas.draw.text((SCALE * x, SCALE * y), mark.text, _rgba(mark), font=canvas.font, anchor=anchor)


def _draw_picture(canvas: _Canvas, mark: FigureMark) -> None:
    (left, top), (right, bottom) = mark.points
    pixels = Image.open(io.BytesIO(base64.b64decode(mark.text.partition(",")[2]))).convert("RGB")
    size = max(1, round(SCALE * (right - left))), max(1, round(SCALE * (bottom - top)))
    canvas.image.paste(pixels.resize(size, Image.Resampling.NEAREST), (round(SCALE * left), round(SCALE * top)))


_DRAWERS: dict[str, Callable[[_Canvas, FigureMark], None]] = {
    "line": _draw_line,
    "dot": _draw_dot,
    "bar": _draw_bar,
    "text": _draw_text,
    "picture": _draw_picture,
}
