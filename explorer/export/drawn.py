"""Figures as SVG and PNG without a browser: what ``export.figures`` makes of points, lines and bars, drawn here.

It reads Plotly's JSON and knows what those figures use: markers, lines, bars, linear, logarithmic and named axes, a
legend, upright lines with words. Other kinds of traces are refused in words.
"""

from __future__ import annotations

import io
import itertools
import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageColor, ImageDraw, ImageFont

from explorer.core.errors import ExplorerError
from explorer.export.html import Html, element

WIDTH, SCALE = 900, 2
"""CSS pixels of a figure, and pixels of a PNG for each of them."""
LETTER, SIZE, TEXT = 7.0, 13, "#1d2b33"
"""Width of a letter about, height of the text, and its colour."""
GRID = "#d9dee1"
GAP, TICKS = 0.04, 6
SAMPLE = 18
"""Width of what stands before a name in the legend."""
DASHES = {"dash": (8, 5), "dot": (2, 4)}
_RGBA = re.compile(r"rgba?\(([\d.]+), ?([\d.]+), ?([\d.]+)(?:, ?([\d.]+))?\)")


@dataclass(frozen=True)
class FigureMark:
    """Something that is drawn.

    Args:
        kind: "line", "dot", "bar" or "text".
        points: in CSS pixels: of a line all, of a dot or text one, of a bar two corners.
        colour: as CSS has it.
        size: of a line its width, of a dot its radius.
        opacity: 0 to 1.
        dash: lengths of a stroke and of the gap after it; empty for none.
        text: words.
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


class _Axis:
    """One axis: from values to pixels."""

    def __init__(self, told: dict[str, Any], values: Sequence[Any], start: float, end: float) -> None:
        self.title = told.get("title", {}).get("text", "")
        self.is_log = told.get("type") == "log"
        self.names = list(dict.fromkeys(values)) if values and all(isinstance(v, str) for v in values) else []
        numbers = [number for v in values if (number := self.number(v)) is not None and math.isfinite(number)]
        asked = told.get("range") or (min(numbers, default=0.0), max(numbers, default=1.0))
        low, high = float(asked[0]), float(asked[1])
        if self.names:
            low, high = -0.5, len(self.names) - 0.5
        elif "range" not in told:
            spare = GAP * ((high - low) or abs(high) or 1.0)
            low, high = low - spare, high + spare
        self.low, self.high, self.start, self.end = low, high, start, end
        self.told = told

    def number(self, value: Any) -> float | None:
        if value is None:
            return None
        if isinstance(value, str):
            return float(self.names.index(value)) if value in self.names else None
        if self.is_log:
            return math.log10(value) if value > 0 else None
        return float(value)

    def place(self, value: Any) -> float | None:
        number = self.number(value)
        if number is None or not math.isfinite(number):
            return None
        return self.start + (number - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self) -> Iterator[tuple[float, str]]:
        if self.names:
            marks: list[tuple[Any, str]] = [(name, name) for name in self.names]
        elif self.told.get("tickvals"):
            marks = list(zip(self.told["tickvals"], self.told["ticktext"], strict=True))
        elif self.is_log:
            marks = [(10.0**n, f"{10.0**n:g}") for n in range(math.ceil(self.low), math.floor(self.high) + 1)]
        else:
            step = _step(self.high - self.low)
            first, last = math.ceil(self.low / step), math.floor(self.high / step)
            marks = [(n * step, f"{n * step:.6g}") for n in range(first, last + 1)]
        for value, words in marks:
            place = self.place(value)
            if place is not None:
                yield place, str(words)


def _step(span: float) -> float:
    """A round number that goes into a span about ``TICKS`` times."""
    rough = (span or 1.0) / TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    return next(round_ * power for round_ in (1, 2, 5, 10) if round_ * power >= rough)


def marks_of(figure_json: str) -> tuple[list[FigureMark], float, float]:
    """What is drawn of a figure, and its width and height in CSS pixels.

    Args:
        figure_json: as ``export.figures.figure_json`` writes it.

    Raises:
        ExplorerError: a kind of trace that is not drawn here.
    """
    figure = json.loads(figure_json)
    traces, layout = figure["data"], figure["layout"]
    strange = [trace["type"] for trace in traces if trace["type"] not in ("scatter", "scattergl", "bar")]
    if strange:
        raise ExplorerError(f"A figure of the kind {strange[0]} is not drawn as SVG or PNG.", "Take .json.")
    height = float(layout.get("height", 360))
    legend = [trace for trace in traces if trace.get("name") and trace.get("showlegend", True)]
    legend = legend if layout.get("showlegend", len(legend) > 1) else []
    told_y = layout.get("yaxis", {})
    longest = max((len(str(text)) for text in told_y.get("ticktext", [])), default=0)
    left, right, bottom = max(70.0, 20 + LETTER * longest), WIDTH - 16.0, height - 52
    lines = _legend(legend, left, right)
    top = 14.0 + 20 * (1 + max((line for line, _, _ in lines), default=-1)) + (16 if told_y.get("title") else 0)
    x = _Axis(layout.get("xaxis", {}), [v for trace in traces for v in _across(trace)], left, right)
    y = _Axis(told_y, [v for trace in traces for v in _up(trace)], bottom, top)
    marks = [*_frame(x, y, height)]
    for line, at, trace in lines:
        middle = 18.0 + 20 * line
        marks.append(_sample(trace, at, middle - 4))
        marks.append(FigureMark("text", ((at + SAMPLE + 5, middle),), TEXT, text=trace["name"]))
    for trace in traces:
        marks += _bars(trace, x, y) if trace["type"] == "bar" else _scatter(trace, x, y)
    marks += _upright(layout, x, y)
    return marks, WIDTH, height


def svg(figure_json: str) -> str:
    """A figure as an SVG file, every text escaped.

    Raises:
        ExplorerError: as ``marks_of``.
    """
    marks, width, height = marks_of(figure_json)
    whole = element(
        "svg", element("rect", width=f"{width:g}", height=f"{height:g}", fill="#ffffff"), *map(_as_svg, marks),
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width:g} {height:g}", width=f"{width:g}",
        height=f"{height:g}", font_family="sans-serif", font_size=str(SIZE),
    )  # fmt: skip
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{whole}\n'


def png(figure_json: str) -> bytes:
    """A figure as a PNG on white, ``SCALE`` pixels for each of CSS.

    Raises:
        ExplorerError: as ``marks_of``.
    """
    marks, width, height = marks_of(figure_json)
    image = Image.new("RGB", (round(width * SCALE), round(height * SCALE)), "white")
    draw = ImageDraw.Draw(image, "RGBA")
    font = ImageFont.load_default(SIZE * SCALE)
    for mark in marks:
        _DRAWERS[mark.kind](draw, mark, font)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


# --- What stands in a figure ------------------------------------------------------------------------------------------


def _across(trace: dict[str, Any]) -> list[Any]:
    values = list(trace.get("x", []))
    widths = trace.get("width")
    if widths is None or isinstance(widths, int | float):
        return values
    return [v + sign * w / 2 for v, w in zip(values, widths, strict=True) for sign in (-1, 1)]


def _up(trace: dict[str, Any]) -> list[Any]:
    values = list(trace.get("y", []))
    if trace["type"] != "bar":
        return values
    base = trace.get("base") or 0
    return [base, *(base + v for v in values if v is not None)]


def _colour(trace: dict[str, Any], position: int = 0) -> str:
    for part in ("marker", "line"):
        colour = trace.get(part, {}).get("color")
        if colour:
            return str(colour[position] if isinstance(colour, list) else colour)
    return TEXT


def _legend(traces: Sequence[dict[str, Any]], left: float, right: float) -> list[tuple[int, float, dict[str, Any]]]:
    """The line of each entry, from 0, and where it begins."""
    places, line, at = [], 0, left
    for trace in traces:
        wide = SAMPLE + 25 + LETTER * len(trace["name"])
        if at + wide > right and at > left:
            line, at = line + 1, left
        places.append((line, at, trace))
        at += wide
    return places


def _sample(trace: dict[str, Any], at: float, middle: float) -> FigureMark:
    """What a legend shows of a trace: a stroke of its line, or a dot."""
    if trace["type"] != "bar" and "markers" not in trace.get("mode", "lines"):
        ends = ((at, middle), (at + SAMPLE, middle))
        dash = DASHES.get(trace.get("line", {}).get("dash", ""), ())
        return FigureMark("line", ends, _colour(trace), 2, dash=dash)
    return FigureMark("dot", ((at + SAMPLE / 2, middle),), _colour(trace), 5)


def _frame(x: _Axis, y: _Axis, height: float) -> Iterator[FigureMark]:
    for place, words in x.ticks():
        yield FigureMark("line", ((place, y.start), (place, y.end)), GRID)
        yield FigureMark("text", ((place, y.start + 18),), TEXT, text=words, anchor="middle")
    for place, words in y.ticks():
        yield FigureMark("line", ((x.start, place), (x.end, place)), GRID)
        yield FigureMark("text", ((x.start - 8, place + 4),), TEXT, text=words, anchor="end")
    yield FigureMark("text", (((x.start + x.end) / 2, height - 8),), TEXT, text=x.title, anchor="middle")
    if y.title:
        yield FigureMark("text", ((8.0, y.end - 3),), TEXT, text=y.title)


def _scatter(trace: dict[str, Any], x: _Axis, y: _Axis) -> Iterator[FigureMark]:
    mode = trace.get("mode", "lines")
    places = [(x.place(a), y.place(b)) for a, b in zip(trace.get("x", []), trace.get("y", []), strict=True)]
    known = [(a, b) for a, b in places if a is not None and b is not None]
    marker = trace.get("marker", {})
    if "lines" in mode and len(known) > 1:
        line = trace.get("line", {})
        dash = DASHES.get(line.get("dash", ""), ())
        yield FigureMark("line", tuple(known), str(line.get("color", TEXT)), float(line.get("width", 2)), dash=dash)
    if "markers" in mode:
        size = float(marker.get("size", 6)) / 2
        for point in known:
            yield FigureMark("dot", (point,), _colour(trace), size, float(marker.get("opacity", 1)))


def _bars(trace: dict[str, Any], x: _Axis, y: _Axis) -> Iterator[FigureMark]:
    base, widths = trace.get("base") or 0, trace.get("width")
    for i, (across, up) in enumerate(zip(trace["x"], trace["y"], strict=True)):
        number = x.number(across)
        if number is None or up is None:
            continue
        half = (widths[i] if isinstance(widths, list) else 0.8) / 2
        unit = (x.end - x.start) / (x.high - x.low)
        middle, low, high = x.start + (number - x.low) * unit, y.place(base), y.place(base + up)
        if low is not None and high is not None and up:
            corners = ((middle - half * unit, min(low, high)), (middle + half * unit, max(low, high)))
            yield FigureMark("bar", corners, _colour(trace, i))


def _upright(layout: dict[str, Any], x: _Axis, y: _Axis) -> Iterator[FigureMark]:
    """Lines from the bottom to the top, and the words that stand beside them."""
    for shape in layout.get("shapes", []):
        place = x.place(shape.get("x0"))
        if place is not None:
            line = shape.get("line", {})
            ends = ((place, y.start), (place, y.end))
            yield FigureMark("line", ends, str(line.get("color", TEXT)), float(line.get("width", 1)),
                       dash=DASHES.get(line.get("dash", ""), ()))  # fmt: skip
    for words in layout.get("annotations", []):
        place = x.place(words.get("x"))
        if place is not None:
            up = y.end + 12 - float(words.get("yshift", 0))
            yield FigureMark("text", ((place + 5, up),), TEXT, text=str(words.get("text", "")))


# --- How it is drawn --------------------------------------------------------------------------------------------------


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


def _draw_line(draw: Any, mark: FigureMark, _: Any) -> None:
    width = max(1, round(SCALE * mark.size))
    for piece in _strokes(mark.points, mark.dash):
        draw.line([(SCALE * a, SCALE * b) for a, b in piece], _rgba(mark), width)


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


def _draw_dot(draw: Any, mark: FigureMark, _: Any) -> None:
    ((x, y),), r = mark.points, SCALE * mark.size
    draw.ellipse((SCALE * x - r, SCALE * y - r, SCALE * x + r, SCALE * y + r), _rgba(mark))


def _draw_bar(draw: Any, mark: FigureMark, _: Any) -> None:
    (left, top), (right, bottom) = mark.points
    draw.rectangle((SCALE * left, SCALE * top, SCALE * right, SCALE * bottom), _rgba(mark))


def _draw_text(draw: Any, mark: FigureMark, font: Any) -> None:
    ((x, y),) = mark.points
    anchor = {"start": "ls", "middle": "ms", "end": "rs"}[mark.anchor]
    draw.text((SCALE * x, SCALE * y), mark.text, _rgba(mark), font=font, anchor=anchor)


_DRAWERS: dict[str, Callable[[Any, FigureMark, Any], None]] = {
    "line": _draw_line,
    "dot": _draw_dot,
    "bar": _draw_bar,
    "text": _draw_text,
}
