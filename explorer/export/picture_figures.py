"""Figures that hold pictures: what each number of a code does, and where a model loses most."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float, Num

from explorer.core.palette import NORMAL, SEQUENTIAL
from explorer.export.figures import Figure, styled
from explorer.io.images import png_bytes, shown_channels

PICTURE, LARGEST = 64, 420
"""Side of one picture of a strip in CSS pixels about, and the longer side of a heat map."""
COLUMNS, ROW = 40, 20
"""Most columns of a table in a figure, and the height of each in CSS pixels."""
WHITE = 255
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 16, 30, 52
"""CSS pixels around what is drawn, as ``export.drawn`` leaves them."""
_BAR = 100


def traversal_strips(
    pictures: Num[np.ndarray, "rows steps c h w"], names: Sequence[str], ends: str = "from low to high"
) -> Figure:
    """A row of decoded pictures for each dimension of a code, from low to high.

    Args:
        pictures: (rows, steps, C, H, W) in [0, 1], or uint8.
        names: (rows,) of the dimensions, with where they begin and end.
        ends: what low and high are, for the axis.
    """
    rows, steps, _, height, width = pictures.shape
    across, down = PICTURE * steps, round(PICTURE * rows * height / width)
    axis = {"showgrid": False, "zeroline": False}
    left = max(_LEFT, 20 + 7 * max(map(len, names)))
    return styled(
        [], f"{steps} even steps {ends}", "",
        images=[{
            "source": _address(_sheet(pictures)), "xref": "x", "yref": "y", "x": 0, "y": 0, "sizex": steps,
            "sizey": rows, "sizing": "stretch", "layer": "below",
        }],
        width=across + left + _RIGHT, height=down + _TOP + _BOTTOM,
        margin={"l": left, "r": _RIGHT, "t": _TOP, "b": _BOTTOM},
        xaxis={**axis, "range": [0, steps], "tickvals": [], "ticktext": []},
        yaxis={**axis, "range": [rows, 0], "tickvals": [i + 0.5 for i in range(rows)], "ticktext": list(names)},
    )  # fmt: skip


def error_map(errors: Float[np.ndarray, "h w"], unit: str) -> Figure:
    """Where images lose most: a mean error for each pixel.

    Args:
        errors: (H, W) over the items.
        unit: of it.
    """
    height, width = errors.shape
    scale = LARGEST / max(height, width)
    heat: dict[str, Any] = {
        "type": "heatmap",
        "z": errors.tolist(),
        "zmin": 0.0,
        "zmax": float(errors.max()),
        "colorscale": [[i / (len(SEQUENTIAL) - 1), colour] for i, colour in enumerate(SEQUENTIAL)],
        "hovertemplate": f"column %{{x}}, row %{{y}}: %{{z:.3g}} {unit}<extra></extra>",
    }
    axis = {"showgrid": False, "zeroline": False}
    return styled(
        [heat], f"Column of pixels; colour: {unit}", "Row of pixels",
        width=round(scale * width) + _LEFT + _RIGHT + _BAR, height=round(scale * height) + _TOP + _BOTTOM,
        margin={"l": _LEFT, "r": _RIGHT, "t": _TOP, "b": _BOTTOM},
        xaxis={**axis, "range": [-0.5, width - 0.5]}, yaxis={**axis, "range": [height - 0.5, -0.5]},
    )  # fmt: skip


def column_errors(errors: Float[np.ndarray, " d"], names: Sequence[str], unit: str) -> Figure:
    """Which columns of a table lose most: a mean error for each, the largest first.

    Args:
        errors: (D,) over the items.
        names: (D,) of the columns.
        unit: of the errors.
    """
    order = np.argsort(-errors, kind="stable")[:COLUMNS]
    rows = list(range(len(order)))
    dots = {"type": "scatter", "mode": "markers", "x": errors[order].tolist(), "y": rows,
            "marker": {"color": NORMAL, "size": 9}}  # fmt: skip
    more = f" (the {COLUMNS} largest of {len(errors):,} columns)" if len(errors) > COLUMNS else ""
    called = [names[i] for i in order]
    return styled(
        [dots], f"{unit}{more}", "Column", height=ROW * len(order) + _TOP + _BOTTOM, showlegend=False,
        xaxis={"range": [0, 1.04 * float(errors.max())]},
        yaxis={"range": [len(order) - 0.5, -0.5], "tickvals": rows, "ticktext": called},
        margin={"l": max(_LEFT, 20 + 7 * max(map(len, called))), "r": _RIGHT, "t": _TOP, "b": _BOTTOM},
    )  # fmt: skip


def _sheet(pictures: np.ndarray) -> np.ndarray:
    """(C, rows * H, steps * W) all pictures on one, a white pixel between any two."""
    rows, steps, channels, height, width = pictures.shape
    shown = pictures[:, :, : shown_channels(channels)]
    if shown.dtype != np.uint8:
        shown = np.rint(WHITE * shown.clip(0, 1)).astype(np.uint8)
    spaced = np.pad(shown, ((0, 0), (0, 0), (0, 0), (0, 1), (0, 1)), constant_values=WHITE)
    sheet = spaced.transpose(2, 0, 3, 1, 4).reshape(shown.shape[2], rows * (height + 1), steps * (width + 1))
    return np.ascontiguousarray(sheet)


def _address(pixels: np.ndarray) -> str:
    return f"data:image/png;base64,{base64.b64encode(png_bytes(pixels)).decode()}"
