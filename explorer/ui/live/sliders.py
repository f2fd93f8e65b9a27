"""A slider for each latent dimension, decoded in the browser while it is dragged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer.ui.live.component import Feature, Picture, as_header, last_report, mount
from explorer.ui.live.envelope import digest


@dataclass(frozen=True)
class Dimension:
    """One latent dimension and its slider.

    Args:
        index: position in the code, from 0.
        low, high: ends of the slider.
        share: part of the codes' information that it carries, in [0, 1]; None where it is not known.
        inactive: the codes of real items hardly differ along it.
        label: shown at the slider; ``z`` and the index if empty.
    """

    index: int
    low: float
    high: float
    share: float | None = None
    inactive: bool = False
    label: str = ""


@dataclass(frozen=True)
class ServedDecoder:
    """A decoder that is too large for the browser: the server decodes while a slider moves.

    Args:
        key: tells one model from another.
        decode: (1, latent_dim) to (1, C, H, W) or (1, D).
    """

    key: str
    decode: Callable[[np.ndarray], np.ndarray]


def live_sliders(
    decoder: bytes | ServedDecoder,
    dims: Sequence[Dimension],
    start: Sequence[float],
    *,
    key: str,
    features: Sequence[Feature] = (),
    caption: str = "What the decoder makes of this code",
    nearest: Picture | None = None,
) -> list[float]:
    """Sliders over a code and the item that its decoder makes of it.

    The browser decodes while a slider moves; Python hears of the code when it is released. A new decoder, ``dims`` or
    ``start`` puts the sliders back to ``start``. Where the server decodes, it hears of the code at most ten times a
    second, and not before the browser has shown the last answer.

    Args:
        decoder: from ``pack_decoder``; or one that stays in Python.
        dims: in the order to show them; a dimension left out stays at its start.
        start: (latent_dim,) the code to begin with and to reset to.
        key: of the widget.
        features: columns, for models of table rows.
        caption: under the decoded item.
        nearest: the real item nearest to the last code, if the page has looked for it.

    Returns:
        (latent_dim,) the code last reported, or ``start``.
    """
    start_code = [float(value) for value in start]
    header = {
        "dims": [
            {
                "index": dim.index,
                "low": float(dim.low),
                "high": float(dim.high),
                "share": None if dim.share is None else float(dim.share),
                "inactive": dim.inactive,
                "label": dim.label or f"z{dim.index}",
            }
            for dim in dims
        ],
        "start": start_code,
        "features": as_header(features),
        "caption": caption,
        "nearest_caption": nearest.caption if nearest else "",
    }
    sections = {"nearest": nearest.png} if nearest else {}
    if isinstance(decoder, ServedDecoder):
        header["model"] = decoder.key
        reported = last_report(key, "codes")
        header["answers"] = reported["asked"] if reported else 0
        item = decoder.decode(np.array([_code(reported, header)]))[0]
        header["shape"] = list(item.shape)
        sections["decoded"] = np.ascontiguousarray(item, "<f4").tobytes()
    else:
        header["model"] = digest(decoder)
        sections["pack"] = decoder
    return _code(mount("sliders", header, sections, key=key, state="codes"), header)


def _code(reported: Any, header: dict[str, Any]) -> list[float]:
    """The reported code, or the start: a report about another model or start may still be on its way."""
    if reported and (reported["model"], reported["start"]) == (header["model"], header["start"]):
        return [float(value) for value in reported["z"]]  # JSON drops the point of whole numbers
    return list(header["start"])
