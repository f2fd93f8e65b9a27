"""Charts within a page that needs no script: histograms and curves as SVG, every text escaped."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from explorer.core.palette import NORMAL, NOVEL
from explorer.core.written import three_digits
from explorer.export.html import Html, element

BINS, WIDTH, HEIGHT, FOOT = 60, 640, 220, 50
"""Bars of a histogram, and sizes of a chart in its own units."""
REACH = 3.0
"""How far the bars reach from the lowest score, in its distances from the threshold."""
LEFT, TOP, TALL = 58, 14, 260
"""Margins and height of curves."""
TICKS = 4
WIDE_RANGE = 20
"""A quotient of the largest and the smallest value from which a logarithmic axis shows more."""
STYLE = """
figure { margin: 0; }
.chart { width: 100%; height: auto; max-width: 60rem; }
.chart text { fill: currentColor; font-size: 12px; }
.chart polyline { fill: none; stroke-width: 2; }
.threshold { stroke: currentColor; stroke-width: 1.5; stroke-dasharray: 4 3; }
.axis { stroke: color-mix(in srgb, currentColor 22%, transparent); }
@media (max-width: 640px) { .chart text { font-size: 20px; } }
"""


def histogram(scores: Float[np.ndarray, " n"], threshold: float, name: str) -> Html:
    """How often each score is met, blue up to the threshold and orange above it, as a picture within the page.

    Args:
        scores: (n,), NaN where nothing is known.
        name: of the score, with its unit.
    """
    known = scores[np.isfinite(scores)]
    if not len(known):
        return element("p", "No item has a score.")
    low = min(float(known.min()), threshold)
    # Far outliers would leave one bar for all others: the last bar counts what lies beyond.
    end = max(min(float(known.max()), low + REACH * (threshold - low)), threshold)
    end = end if end > low else max(float(known.max()), low + 1)
    edges = np.linspace(low, end, BINS + 1)
    places = np.clip(np.floor((known - low) / (end - low) * BINS).astype(int), 0, BINS - 1)
    above = known > threshold
    counts = [np.bincount(places[of], minlength=BINS) for of in (~above, above)]
    highest = max(int((counts[0] + counts[1]).max()), 1)
    plot, step = HEIGHT - FOOT, WIDTH / BINS
    bars = []
    for place, (below, over) in enumerate(zip(*(of.tolist() for of in counts), strict=True)):
        bottom = plot
        for count, colour in ((below, NORMAL), (over, NOVEL)):
            if count:
                tall = max(1.0, count / highest * (plot - 22))
                bottom -= tall
                size = {"width": f"{step - 1:.1f}", "height": f"{tall:.1f}", "fill": colour}
                bars.append(element("rect", x=f"{place * step:.1f}", y=f"{bottom:.1f}", **size))
    at = (threshold - low) / (end - low) * WIDTH
    side = "end" if at > WIDTH / 2 else "start"
    beyond = int((known > edges[-1]).sum())
    last = f"{three_digits(end)}, and {beyond:,} above" if beyond else three_digits(end)
    return element(
        "figure",
        element(
            "svg",
            element("title", f"Histogram of {len(known):,} scores"),
            *bars,
            element("line", x1=f"{at:.1f}", x2=f"{at:.1f}", y1=0, y2=plot, class_="threshold"),
            element(
                "text", f"threshold {three_digits(threshold)}", x=f"{at + (-5 if side == 'end' else 5):.1f}", y=17,
                text_anchor=side,
            ),
            element("line", x1=0, x2=WIDTH, y1=plot, y2=plot, class_="axis"),
            element("text", three_digits(low), x=0, y=plot + 19),
            element("text", last, x=WIDTH, y=plot + 19, text_anchor="end"),
            element("text", name, x=WIDTH / 2, y=plot + 42, text_anchor="middle"),
            viewBox=f"0 0 {WIDTH} {HEIGHT}",
            class_="chart",
            role="img",
        ),
        element("figcaption", f"{len(known):,} scores; the highest bar counts {highest:,} items."),
    )  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A curve.

    Args:
        name: in the legend.
        values: one a step, NaN where nothing is known.
        colour: of the line.
        dash: its dashes and gaps; empty: drawn through.
    """

    name: str
    values: Sequence[float]
    colour: str
    dash: str = ""


def curves(lines: Sequence[Line], across: str, up: str, marks: Sequence[tuple[float, str]] = ()) -> Html:
    """Curves over steps 1 to n, as a picture within the page; logarithmic upwards where the values ask for it.

    Args:
        lines: of the same length.
        across, up: titles of the axes, with units.
        marks: places on the axis of steps that are marked, and their words.
    """
    known = np.array([value for line in lines for value in line.values if math.isfinite(value)])
    if not len(known):
        return element("p", "There is no figure to draw.")
    is_log = bool(known.min() > 0 and known.max() > WIDE_RANGE * known.min())
    low, high = float(known.min()), float(known.max())
    if low == high:
        low, high = low - 0.5, high + 0.5
    steps = max(len(line.values) for line in lines)
    bottom, right = TALL - FOOT, WIDTH - 8

    def x(step: float) -> float:
        return LEFT + (step - 1) / max(steps - 1, 1) * (right - LEFT)

    def y(value: float) -> float:
        share = math.log(value / low) / math.log(high / low) if is_log else (value - low) / (high - low)
        return bottom - share * (bottom - TOP)

    levels = np.geomspace(low, high, TICKS) if is_log else np.linspace(low, high, TICKS)
    drawn: list[Html] = []
    for level in levels.tolist():
        height = f"{y(level):.1f}"
        drawn.append(element("line", x1=LEFT, x2=right, y1=height, y2=height, class_="axis"))
        drawn.append(element("text", three_digits(level), x=LEFT - 6, y=f"{y(level) + 4:.1f}", text_anchor="end"))
    for line in lines:
        places = " ".join(
            f"{x(step):.1f},{y(value):.1f}" for step, value in enumerate(line.values, 1) if math.isfinite(value)
        )
        if places.count(" "):
            drawn.append(element("polyline", points=places, stroke=line.colour, stroke_dasharray=line.dash or None))
        elif places:  # one point makes no line
            cx, cy = places.split(",")
            drawn.append(element("circle", cx=cx, cy=cy, r=4, fill=line.colour))
    for number, (step, words) in enumerate(marks):
        side = "end" if x(step) > (LEFT + right) / 2 else "start"
        at, beside = f"{x(step):.1f}", f"{x(step) + (-5 if side == 'end' else 5):.1f}"
        drawn.append(element("line", x1=at, x2=at, y1=TOP, y2=bottom, class_="threshold"))
        drawn.append(element("text", words, x=beside, y=TOP + 12 + 16 * number, text_anchor=side))
    scale = ", logarithmic" if is_log else ""
    drawn += [
        element("text", "1", x=LEFT, y=bottom + 18),
        element("text", f"{steps:,}", x=right, y=bottom + 18, text_anchor="end"),
        element("text", across, x=(LEFT + right) / 2, y=bottom + 34, text_anchor="middle"),
    ]
    title = element("title", f"{up} over {across}: {', '.join(line.name for line in lines)}")
    picture = element("svg", title, *drawn, viewBox=f"0 0 {WIDTH} {TALL}", class_="chart", role="img")
    return element("figure", element("p", f"{up}{scale}. ", *_legend(lines), class_="legend"), picture)


def _legend(lines: Sequence[Line]) -> list[Html]:
    """What each line is, beside a piece of it."""
    samples = []
    for line in lines:
        piece = {"stroke": line.colour, "stroke_width": 3, "stroke_dasharray": line.dash or None}
        sample = element("line", x1=0, x2=26, y1=6, y2=6, **piece)
        samples.append(element("svg", sample, width=26, height=12, aria_hidden="true"))
        samples.append(element("span", f" {line.name}  "))
    return samples
