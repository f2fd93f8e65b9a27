"""A slider for each latent dimension, decoded in the browser while it is dragged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer.core.errors import ExplorerError
from explorer.ui.live.density_check import DensityPanel
from explorer.ui.live.envelope import digest
from explorer.ui.live.served import ServedDecoder, serve
from explorer.ui.widgets.component import Feature, as_header, last_report, mount

STATE = "codes"


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


@dataclass(frozen=True, eq=False)
class Direction:
    """A slider that moves the whole code along a direction.

    Args:
        vector: (latent_dim,) what a value of 1 adds to the code.
        low, high: ends of the slider; 0, where it begins, lies between.
        label: shown at the slider.
        hint: what it does, shown on hover.
    """

    vector: np.ndarray
    low: float
    high: float
    label: str
    hint: str = ""


@dataclass(frozen=True)
class Setting:
    """Where sliders begin, and what their last report is checked against.

    Args:
        start: (latent_dim,) the code that a reset goes back to.
        code: (latent_dim,) the code to show at first; ``start`` if empty.
        amounts: of the directions that are part of ``code``, one each; zero if empty.
        token: a new number puts the sliders to ``code`` again, even where nothing else has changed.
    """

    start: tuple[float, ...]
    code: tuple[float, ...] = ()
    amounts: tuple[float, ...] = ()
    token: int = 0


@dataclass(frozen=True)
class SlidersAt:
    """Where the sliders stand.

    Args:
        code: (latent_dim,) all of it, with what the directions have added.
        amounts: values of the directions, in their order.
    """

    code: tuple[float, ...]
    amounts: tuple[float, ...] = ()


def live_sliders(
    decoder: bytes | ServedDecoder,
    dims: Sequence[Dimension],
    setting: Setting,
    *,
    key: str,
    directions: Sequence[Direction] = (),
    features: Sequence[Feature] = (),
    caption: str = "Decoded from this code",
    density: DensityPanel | None = None,
) -> SlidersAt:
    """Sliders over a code and the item that its decoder makes of it.

    The browser decodes while a slider moves; Python hears of the code when it is released. A new decoder, setting,
    ``dims`` or ``directions`` puts the sliders to the setting's code. A served decoder decodes while they move, too, as
    often as it can.

    Args:
        decoder: from ``pack_decoder``; or one that stays in Python.
        dims: in the order to show them; a dimension left out stays at its start.
        setting: where the sliders begin.
        key: of the widget.
        directions: more sliders, shown first, that move the whole code.
        features: columns, for models of table rows.
        caption: under the decoded item.
        density: real items that the browser compares each code with.

    Returns:
        Where the sliders were last released, or where they begin.

    Raises:
        ExplorerError: a direction of another size than the code.
    """
    size = len(setting.start)
    for direction in directions:
        if (shape := np.shape(direction.vector)) != (size,):
            raise ExplorerError(f"A direction of shape {shape} does not fit a code of {size} numbers.")
    first = _first(setting, len(directions))
    header = {
        "model": _name(decoder),
        "token": setting.token,
        "dims": [_dimension(dim) for dim in dims],
        "directions": [_direction(direction) for direction in directions],
        "start": list(setting.start),
        "code": list(first.code),
        "amounts": list(first.amounts),
        "features": as_header(features),
        "caption": caption,
        "density": None,
    }
    sections: dict[str, bytes] = {}
    if isinstance(decoder, ServedDecoder):
        header["served"] = serve(decoder, f"{key}_served")
    else:
        sections["pack"] = decoder
    if density is not None:
        header["density"], more = density.parcel()
        sections |= more
    return _read(mount("sliders", header, sections, key=key, state=STATE), decoder, setting) or first


def last_sliders(decoder: bytes | ServedDecoder, setting: Setting, *, key: str) -> SlidersAt | None:
    """Where these sliders were last released, known before they are drawn again; None before the first report."""
    return _read(last_report(key, STATE), decoder, setting)


def _read(report: Any, decoder: bytes | ServedDecoder, setting: Setting) -> SlidersAt | None:
    # A report about another model or setting may still be on its way when the page has moved on.
    if not report or [report["model"], report["token"], report["start"]] != [
        _name(decoder),
        setting.token,
        list(setting.start),
    ]:
        return None
    # JSON drops the point of whole numbers.
    return SlidersAt(tuple(float(v) for v in report["z"]), tuple(float(v) for v in report["amounts"]))


def _first(setting: Setting, n_directions: int) -> SlidersAt:
    amounts = setting.amounts if len(setting.amounts) == n_directions else (0.0,) * n_directions
    return SlidersAt(setting.code or setting.start, amounts)


def _name(decoder: bytes | ServedDecoder) -> str:
    return decoder.key if isinstance(decoder, ServedDecoder) else digest(decoder)


def _dimension(dim: Dimension) -> dict[str, Any]:
    return {
        "index": dim.index,
        "low": float(dim.low),
        "high": float(dim.high),
        "share": None if dim.share is None else float(dim.share),
        "inactive": dim.inactive,
        "label": dim.label or f"z{dim.index}",
    }


def _direction(direction: Direction) -> dict[str, Any]:
    return {
        "vector": [float(v) for v in direction.vector],
        "low": float(direction.low),
        "high": float(direction.high),
        "label": direction.label,
        "hint": direction.hint,
    }
