"""Figures as SVG and PNG without a browser: what ``export.figures`` makes, drawn here.

It reads Plotly's JSON and knows what those figures use: markers, lines, bars, linear, logarithmic and named axes, a
legend, upright lines with words, a heat map with its scale, pictures. Other kinds of traces are refused in words.
"""

from __future__ import annotations

import base64
import itertools
import json
import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from explorer.core.errors import ExplorerError
from explorer.export.drawn_cells import cell_marks
from explorer.export.painted import FigureMark, as_png, as_svg
from explorer.io.images import png_bytes

WIDTH = 900
"""CSS pixels of a figure that says none."""
LETTER, TEXT = 7.0, "#1d2b33"
"""Width of a letter about, and the colour of text."""
BAR = 100
"""CSS pixels beside a heat map for its scale."""
GRID = "#d9dee1"
GAP, TICKS = 0.04, 6
SAMPLE = 18
"""Width of what stands before a name in the legend."""
DASHES = {"dash": (8, 5), "dot": (2, 4)}


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
        elif self.told.get("tickvals") is not None:
            marks = list(zip(self.told["tickvals"], self.told["ticktext"], strict=True))
        elif self.is_log:
            marks = [(10.0**n, f"{10.0**n:g}") for n in range(math.ceil(self.low), math.floor(self.high) + 1)]
        else:
            low, high = sorted((self.low, self.high))
            step = _step(high - low)
            first, last = math.ceil(low / step), math.floor(high / step)
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
    strange = [trace["type"] for trace in traces if trace["type"] not in ("scatter", "scattergl", "bar", "heatmap")]
    if strange:
        raise ExplorerError(f"A figure of the kind {strange[0]} is not drawn as SVG or PNG.", "Take .json.")
    width, height = float(layout.get("width", WIDTH)), float(layout.get("height", 360))
    heat = [trace for trace in traces if trace["type"] == "heatmap" and not trace.get("text")]
    legend = [trace for trace in traces if trace.get("name") and trace.get("showlegend", True)]
    legend = legend if layout.get("showlegend", len(legend) > 1) else []
    told_y = layout.get("yaxis", {})
    longest = max((len(str(text)) for text in told_y.get("ticktext", [])), default=0)
    left, right, bottom = max(70.0, 20 + LETTER * longest), width - 16.0 - BAR * len(heat), height - 52
    lines = _legend(legend, left, right)
    top = 14.0 + 20 * (1 + max((line for line, _, _ in lines), default=-1)) + (16 if told_y.get("title") else 0)
    x = _Axis(layout.get("xaxis", {}), [v for trace in traces for v in _across(trace)], left, right)
    y = _Axis(told_y, [v for trace in traces for v in _up(trace)], bottom, top)
    marks = [*_frame(x, y, height), *_pictures(layout, x, y)]
    for line, at, trace in lines:
        middle = 18.0 + 20 * line
        marks.append(_sample(trace, at, middle - 4))
        marks.append(FigureMark("text", ((at + SAMPLE + 5, middle),), TEXT, text=trace["name"]))
    for trace in traces:
        heat_map = cell_marks if trace.get("text") else _heat
        kind = {"bar": _bars, "heatmap": heat_map}.get(trace["type"], _scatter)
        marks += kind(trace, x, y)
    marks += _upright(layout, x, y)
    return marks, width, height


def svg(figure_json: str) -> str:
    """A figure as an SVG file.

    Raises:
        ExplorerError: as ``marks_of``.
    """
    return as_svg(*marks_of(figure_json))


def png(figure_json: str) -> bytes:
    """A figure as a PNG on white.

    Raises:
        ExplorerError: as ``marks_of``.
    """
    return as_png(*marks_of(figure_json))


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
    # A line breaks where a value is missing.
    pieces = [
        [(a, b) for a, b in piece if a is not None and b is not None]
        for _, piece in itertools.groupby(places, lambda place: None not in place)
    ]
    known = [place for piece in pieces for place in piece]
    marker = trace.get("marker", {})
    if "lines" in mode:
        line = trace.get("line", {})
        dash = DASHES.get(line.get("dash", ""), ())
        for piece in pieces:
            if len(piece) > 1:
                colour, width = str(line.get("color", TEXT)), float(line.get("width", 2))
                yield FigureMark("line", tuple(piece), colour, width, dash=dash)
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


def _pictures(layout: dict[str, Any], x: _Axis, y: _Axis) -> Iterator[FigureMark]:
    """Pictures of the figure, each with its upper left corner at a place."""
    for picture in layout.get("images", []):
        left, top = x.place(picture["x"]), y.place(picture["y"])
        right, bottom = x.place(picture["x"] + picture["sizex"]), y.place(picture["y"] + picture["sizey"])
        if None not in (left, top, right, bottom):
            yield FigureMark("picture", ((left, top), (right, bottom)), TEXT, text=picture["source"])  # type: ignore[arg-type]


def _heat(trace: dict[str, Any], x: _Axis, y: _Axis) -> Iterator[FigureMark]:
    """A heat map over its axes, row 0 where its axis begins, and its scale at the right."""
    z = np.asarray(trace["z"], float)
    low, high = float(trace["zmin"]), float(trace["zmax"])
    shares = np.clip((z - low) / ((high - low) or 1.0), 0, 1)
    top, bottom = sorted((y.start, y.end))
    yield FigureMark("picture", ((x.start, top), (x.end, bottom)), TEXT, text=_coloured(shares, trace["colorscale"]))
    at = x.end + 24
    scale = _coloured(np.linspace(1, 0, 128)[:, None], trace["colorscale"])
    yield FigureMark("picture", ((at, top), (at + 14, bottom)), TEXT, text=scale)
    for share in (0.0, 0.5, 1.0):
        place = bottom + share * (top - bottom)
        yield FigureMark("text", ((at + 20, place + 4),), TEXT, text=f"{low + share * (high - low):.3g}")


def _coloured(shares: np.ndarray, scale: Sequence[Sequence[Any]]) -> str:
    """Shares (H, W) in [0, 1] in the colours of a scale, as a ``data:`` address."""
    steps = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for _, colour in scale])
    places = [place for place, _ in scale]
    pixels = np.stack([np.interp(shares, places, channel) for channel in steps.T])
    return f"data:image/png;base64,{base64.b64encode(png_bytes(np.rint(pixels).astype(np.uint8))).decode()}"


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
