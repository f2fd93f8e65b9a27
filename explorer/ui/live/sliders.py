"""A slider for each latent dimension, decoded in the browser while it is dragged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from explorer.ui.live.component import Feature, Picture, as_header, mount
from explorer.ui.live.envelope import digest
from explorer.ui.live.served import ServedDecoder, serve


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
    ``start`` puts the sliders back to ``start``. A served decoder decodes while they move, too, as often as it can.

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
        header["served"] = serve(decoder, f"{key}_served")
    else:
        header["model"] = digest(decoder)
        sections["pack"] = decoder
    return _code(mount("sliders", header, sections, key=key, state="codes"), header)


def _code(reported: Any, header: dict[str, Any]) -> list[float]:
    """The reported code, or the start: a report about another model or start may still be on its way."""
    if reported and (reported["model"], reported["start"]) == (header["model"], header["start"]):
        return [float(value) for value in reported["z"]]  # JSON drops the point of whole numbers
    return list(header["start"])
