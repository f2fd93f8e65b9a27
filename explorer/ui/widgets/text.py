"""Numbers and strangers' words as pages write them."""

from __future__ import annotations

import math

from explorer.core.intervals import Interval
from explorer.core.written import three_digits as three_digits


def plain(text: str) -> str:
    """Text with Markdown's signs escaped, since titles and file names can come from strangers."""
    return "".join(f"\\{c}" if c in r"\`*_{}[]()#+-!|<>$:~" else c for c in text)


def with_code(text: str) -> str:
    """Text as ``plain``, but for what stands between backticks: code, in which Markdown has no other signs."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return plain(text)
    return "".join(f"`{part}`" if i % 2 and part else plain(part) for i, part in enumerate(parts))


def weights(number: int) -> str:
    """A number of weights, in millions where there are that many: "1,914 weights", "1.07 M weights"."""
    return f"{number:,} weights" if number < 100_000 else f"{number / 1e6:.2f} M weights"


def percent(share: float) -> str:
    """A share in percent, to a tenth: 0.123 gives "12.3"."""
    return f"{100 * share:.1f}"


def interval(figure: Interval) -> str:
    """A figure and its 95 % interval: "12.3 (11.9 to 12.7)"."""
    return figure.text(three_digits)


def duration(seconds: float) -> str:
    """Seconds in words, by size: "0.15 s", "12 s", "3.4 min", "1.2 h"."""
    if not math.isfinite(seconds):
        return "not known"
    if seconds < 60:
        return f"{seconds:.2g} s"
    return f"{seconds / 60:.2g} min" if seconds < 3600 else f"{seconds / 3600:.2g} h"
