"""The most anomalous of many scored items, kept while they go by: with their pictures, or the columns that say why."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Num
from PIL import Image

from explorer.core.written import cut, three_digits
from explorer.export.heat_maps import HeatScale, overlay
from explorer.export.score_columns import TOP_COLUMNS, reasons
from explorer.io.images import shown_channels, to_float, to_uint8
from explorer.io.tables.columns import Cells
from explorer.novelty.detector import Detector
from explorer.novelty.regions import regions_above
from explorer.novelty.usual import normal_values, usual
from explorer.novelty.windows import Windows

LIMIT = 100
"""So many items are shown."""
SIDE = 256
"""Pictures are made smaller to this side in pixels."""
TOLD = 300
"""Letters of a cell that stands beside an item."""
MAX_BYTES = 4 << 20
"""Of all pictures together; the others are left out."""


@dataclass(frozen=True)
class TopReason:
    """Why an item is anomalous.

    Args:
        column: of the table.
        share: of the score, in [0, 1].
        value: in the row, as given.
        usual: what normal rows hold.
    """

    column: str
    share: float
    value: str
    usual: str


@dataclass(frozen=True)
class TopItem:
    """One of the most anomalous items.

    Args:
        name: what it is called.
        label: empty where there is none.
        score, p_value: of it.
        is_alarm: whether the score is above the threshold.
        reasons: of a row of a table, the most first.
        pictures: of an image: itself, and where it differs if that is known, as data URLs; none: they took no room.
        told: (column, cell) of what stands beside the item and the detector does not look at.
    """

    name: str
    label: str
    score: float
    p_value: float
    is_alarm: bool
    reasons: tuple[TopReason, ...] = ()
    pictures: tuple[str, ...] = ()
    told: tuple[tuple[str, str], ...] = ()


@dataclass(eq=False)
class _Kept:
    name: str
    label: str
    score: float
    x: np.ndarray | None
    values: dict[str, str]
    pictures: tuple[str, ...]
    told: tuple[tuple[str, str], ...]


class TopItems:
    """Takes items, some at a time.

    Args:
        detector: that scores them.
        limit: how many are kept.
    """

    def __init__(self, detector: Detector, limit: int = LIMIT) -> None:
        self.n = 0
        self._detector, self._limit = detector, limit
        self._kept: list[_Kept] = []
        self._scale: HeatScale | None = None

    def add(
        self,
        names: Sequence[str],
        x: Num[np.ndarray, "n *event"],
        scores: Float[np.ndarray, " n"],
        labels: Sequence[str] | None = None,
        cells: Mapping[str, Cells] | None = None,
        told: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Take in more items.

        Args:
            names: (n,).
            x: (n, *event) as the scorer takes them.
            scores: (n,), NaN where nothing is known.
            labels: (n,); None: there are none.
            cells: of rows of a table, (n,) each.
            told: columns of what stands beside them, (n,) each; None: nothing does.
        """
        self.n += len(names)
        lowest = min((kept.score for kept in self._kept), default=-np.inf) if self._is_full else -np.inf
        order = np.argsort(-np.nan_to_num(scores, nan=-np.inf), kind="stable")[: self._limit]
        for row in order.tolist():
            if np.isnan(scores[row]) or scores[row] <= lowest:
                break
            is_image = x.ndim == 4
            self._kept.append(
                _Kept(
                    names[row],
                    "" if labels is None else labels[row],
                    float(scores[row]),
                    None if is_image else x[row],
                    {} if cells is None else {column: _value(values[row]) for column, values in cells.items()},
                    self._pictures(x[row]) if is_image else (),
                    tuple((name, cut(of_all[row], TOLD)) for name, of_all in (told or {}).items() if of_all[row]),
                )
            )
        self._kept = sorted(self._kept, key=lambda kept: -kept.score)[: self._limit]

    @property
    def _is_full(self) -> bool:
        return len(self._kept) >= self._limit

    def items(self, threshold: float) -> tuple[TopItem, ...]:
        """What was kept, the most anomalous first.

        Args:
            threshold: above it is an alarm.
        """
        kept = self._kept
        named: list[list[tuple[str, float]]] = [[] for _ in kept]
        normal: dict[str, Cells] = {}
        values = [one.values for one in kept]
        if kept and self._detector.card.encoding is not None:
            rows = np.stack([one.x for one in kept if one.x is not None])
            named = reasons(self._detector, rows, np.ones(len(rows), bool), TOP_COLUMNS)
            normal = normal_values(self._detector)
            if (windows := self._detector.card.windows) is not None:
                told = ranges(windows, self._detector.table_encoding.decode(rows))
                values = [{column: of_windows[k] for column, of_windows in told.items()} for k in range(len(rows))]
                normal = {column: of_column.ravel() for column, of_column in windows.through_time(normal).items()}
        p_values = self._detector.p_values(np.array([one.score for one in kept]))
        room = MAX_BYTES
        shown = []
        for one, parts, p_value, cells in zip(kept, named, p_values.tolist(), values, strict=True):
            size = sum(map(len, one.pictures))
            room -= size
            why = [TopReason(c, share, cells.get(c, ""), usual(normal[c])) for c, share in parts]
            pictures = one.pictures if room >= 0 else ()
            is_alarm = one.score > threshold
            shown.append(TopItem(one.name, one.label, one.score, p_value, is_alarm, tuple(why), pictures, one.told))
        return tuple(shown)

    def _pictures(self, x: np.ndarray) -> tuple[str, ...]:
        """An image, and its map over it."""
        detector = self._detector
        image = x[: shown_channels(len(x))]
        maps = detector.maps(x[None])
        if maps is None:
            return (_data_url(to_uint8(to_float(image))),)
        own = maps[0].astype(np.float32)
        scale = self._scale = self._scale or _scale_of(detector)
        boxes = [region.box for region in regions_above(own, scale.threshold)] if detector.has_native_maps else []
        return _data_url(to_uint8(to_float(image))), _data_url(overlay(x, own, scale, boxes))


def ranges(windows: Windows, cells: Mapping[str, Cells]) -> dict[str, list[str]]:
    """(n,) of each column the least and the greatest value in each of n windows, as people read them.

    Args:
        cells: of the windows, (n,) each.
    """
    told = {}
    for column, of_column in windows.through_time(cells).items():
        known = (values[np.isfinite(values)] for values in of_column)
        told[column] = [f"{three_digits(v.min())} to {three_digits(v.max())}" if len(v) else "missing" for v in known]
    return told


def _scale_of(detector: Detector) -> HeatScale:
    """How maps are coloured: from what is usual to twice the threshold of pixels."""
    if detector.map_peaks is not None:
        return HeatScale(detector.usual_level(), detector.pixel_threshold(0.01).value)
    maps = detector.maps(detector.examples)
    highest = 1.0 if maps is None else float(maps.max())
    return HeatScale(detector.usual_level(), highest)


def _data_url(picture: np.ndarray) -> str:
    """(C, H, W) uint8 as a picture within a page: small ones to the bit, large ones smaller and compressed."""
    channels_last = picture[0] if len(picture) == 1 else picture.transpose(1, 2, 0)
    drawn = Image.fromarray(np.ascontiguousarray(channels_last))
    out = io.BytesIO()
    if max(drawn.size) <= SIDE // 2:
        drawn.save(out, "PNG")
        kind = "png"
    else:
        drawn.thumbnail((SIDE, SIDE))
        drawn.save(out, "WEBP", quality=80)
        kind = "webp"
    return f"data:image/{kind};base64,{base64.b64encode(out.getvalue()).decode()}"


def _value(cell: object) -> str:
    if isinstance(cell, str):
        return cell or "missing"
    number = float(cell)  # type: ignore[arg-type]
    return "missing" if np.isnan(number) else three_digits(number)
