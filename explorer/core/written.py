"""Numbers and long texts as they are written for people."""

from __future__ import annotations

import math


def three_digits(value: float) -> str:
    """Three significant digits, never in powers of ten for everyday sizes: 0.0123, 4.56, 78.9, 1,234."""
    if not math.isfinite(value):
        return "not known" if math.isnan(value) else "∞" if value > 0 else "−∞"
    if abs(value) >= 100 or value == 0:
        return f"{value:,.0f}"
    # Of the rounded value: 9.999 becomes 10.0.
    decimals = 2 - math.floor(math.log10(abs(float(f"{value:.3g}"))))
    return f"{value:.{decimals}f}" if decimals <= 6 else f"{value:.2e}"


def cut(text: str, most: int) -> str:
    """A text as it is, or so many letters of it, cut after a word, with how long it is."""
    if len(text) <= most:
        return text
    words = text[: most + 1].rsplit(maxsplit=1)[0] if text[: most + 1].strip().count(" ") else text[:most]
    return f"{words.rstrip()} … ({len(text):,} letters)"
