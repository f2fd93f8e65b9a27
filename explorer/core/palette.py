"""The colours of everything drawn from data: classes, normal and novel; the same on every page and in every file."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Num, UInt8

CLASS_COLOURS = (
    "#0072b2",  # blue
    "#ed6d03",  # orange
    "#40a768",  # green
    "#c00088",  # magenta
    "#817eff",  # violet
    "#6a7346",  # olive
    "#d80703",  # red
    "#ac86af",  # mauve
    "#90918e",  # grey
    "#7b5f64",  # brown
)
"""Ten class colours that stay apart for every eye and on both themes.

Any two are at least 12 apart (CIEDE2000) as seen with protanopia, deuteranopia and tritanopia, and 19 with all three
cones; each has a contrast of at least 3 : 1 with the ground of both themes. Blue is that of Okabe and Ito 2008; the
others were searched for, to be as far apart as they can.

Source of the simulation: Machado et al. 2009.
"""
NORMAL = CLASS_COLOURS[0]
NOVEL = CLASS_COLOURS[1]
"""Normal is blue, novel is orange, everywhere."""
UNLABELLED = "#7f7f7f"
SEQUENTIAL = ("#440154", "#46327e", "#365c8d", "#277f8e", "#1fa187", "#4ac16d", "#a0da39", "#fde725")
"""Low to high in even steps: viridis, by Nathaniel Smith and Stéfan van der Walt."""

BELOW, MIDDLE, ABOVE = (118, 42, 131), (247, 247, 247), (27, 120, 55)
"""Ends and middle of the diverging map: purple for less, near white for none, green for more (RGB).

Purple and green stay apart for every eye (ColorBrewer's PRGn), and neither is the colour of normal or novel.
"""
DIVERGING = ("#762a83", "#975ba2", "#b48abd", "#a6a0aa", "#a0a8a1", "#86b48e", "#4f9a60", "#1b7837")
"""Below to above in eight steps, of those ends, with greys in the middle that are seen on both themes."""


def class_colour(label: int) -> str:
    """The colour of a class. After ten classes the colours start again: name the class beside the colour.

    Args:
        label: index into the dataset's label names; below 0: not labelled.
    """
    return UNLABELLED if label < 0 else CLASS_COLOURS[label % len(CLASS_COLOURS)]


def class_colours(labels: Sequence[int]) -> list[str]:
    """``class_colour`` of each label."""
    return [class_colour(int(label)) for label in labels]


def diverging(values: Num[np.ndarray, "n h w"], limit: float) -> UInt8[np.ndarray, "n 3 h w"]:
    """Signed values as colours: purple below zero, near white at zero, green above.

    Args:
        values: (N, H, W) in any unit.
        limit: the size at which a colour is full, above 0; larger values are clipped.

    Returns:
        (N, 3, H, W) uint8.
    """
    share = np.clip(values / limit, -1, 1)[:, None]
    ends = np.where(share < 0, np.reshape(BELOW, (1, 3, 1, 1)), np.reshape(ABOVE, (1, 3, 1, 1)))
    middle = np.reshape(MIDDLE, (1, 3, 1, 1))
    return np.rint(middle + np.abs(share) * (ends - middle)).astype(np.uint8)


def sequential(shares: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape 3"]:
    """Shares in [0, 1] as colours of ``SEQUENTIAL``, evenly between its steps; others are clipped.

    Args:
        shares: (...) in [0, 1].

    Returns:
        (..., 3) float RGB in [0, 255].
    """
    steps = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in SEQUENTIAL])
    at = np.clip(shares, 0, 1) * (len(steps) - 1)
    return np.stack([np.interp(at, np.arange(len(steps)), channel) for channel in steps.T], axis=-1)
