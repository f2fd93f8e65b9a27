"""Small drawings from real numbers, for tiles: points, curves and bars as SVG that suits both themes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from jaxtyping import Num

from explorer.core.palette import NORMAL, UNLABELLED

WIDTH, HEIGHT = 240, 96
MARGIN = 4


def show(svg: str, alt: str) -> None:
    """Draw one at the width of its place, described for screen readers."""
    st.image(svg, width="stretch", alt=alt)


def points(places: Num[np.ndarray, "n 2"], colours: Sequence[str]) -> str:
    """A scatter of (n, 2) places, n at least 1, one colour each."""
    x = _scaled(places[:, 0], MARGIN, WIDTH - MARGIN)
    y = _scaled(places[:, 1], HEIGHT - MARGIN, MARGIN)
    dots = (f'<circle cx="{a:.1f}" cy="{b:.1f}" r="1.6" fill="{c}"/>' for a, b, c in zip(x, y, colours, strict=True))
    return _svg("".join(dots))


def curves(series: Sequence[np.ndarray], colours: Sequence[str] = (NORMAL, UNLABELLED)) -> str:
    """Lines over a common range, from left to right; values that are not finite are left out."""
    finite = [s[np.isfinite(s)] for s in series]
    drawn = [s for s in finite if len(s) > 1]
    if not drawn:
        return _svg("")
    low, high = min(s.min() for s in drawn), max(s.max() for s in drawn)
    lines = []
    for values, colour in zip(drawn, colours, strict=False):
        x = np.linspace(MARGIN, WIDTH - MARGIN, len(values))
        y = _scaled(values, HEIGHT - MARGIN, MARGIN, low, high)
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
        lines.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
    return _svg("".join(lines))


def bars(groups: Sequence[np.ndarray], colours: Sequence[str]) -> str:
    """Bars from the bottom, group beside group with a gap, heights in [0, 1]; one colour a group."""
    gap = 8
    width = (WIDTH - gap * (len(groups) - 1)) / sum(len(g) for g in groups)
    parts, x = [], 0.0
    for heights, colour in zip(groups, colours, strict=True):
        for height in HEIGHT * np.clip(heights, 0.01, 1):
            parts.append(
                f'<rect x="{x:.1f}" y="{HEIGHT - height:.1f}" width="{0.85 * width:.2f}" height="{height:.1f}" '
                f'fill="{colour}"/>'
            )
            x += width
        x += gap
    return _svg("".join(parts))


def _scaled(
    values: np.ndarray, start: float, end: float, low: float | None = None, high: float | None = None
) -> np.ndarray:
    low = float(np.min(values)) if low is None else low
    high = float(np.max(values)) if high is None else high
    scaled: np.ndarray = start + (np.asarray(values, np.float64) - low) / ((high - low) or 1.0) * (end - start)
    return scaled


def _svg(body: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}">{body}</svg>'
