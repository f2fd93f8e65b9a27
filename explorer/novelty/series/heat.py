"""Where in a series windows are anomalous: heat row by row, and the spans that raise an alarm."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Bool, Float, Int

from explorer.novelty.detector import Detector
from explorer.novelty.windows import Windows

NARROWED = 0.5
"""A span ends where its heat falls below this share of its peak: its full width at half maximum."""


@dataclass(frozen=True)
class Span:
    """Rows that raise an alarm.

    Args:
        first, last: their numbers in the file.
        peak: number of the row with the most heat.
        score: the highest of its windows.
        p_value: the least of its windows.
        column: that has most of the heat.
    """

    first: int
    last: int
    peak: int
    score: float
    p_value: float
    column: str

    def __len__(self) -> int:
        return self.last - self.first + 1


@dataclass(eq=False)
class HeatOverTime:
    """Gathers what scored windows say of each row.

    The heat of a row in a column is the mean, over all windows that hold it, of the part that it has in how far the
    window's score lies above that of the middle normal window; where a score has no parts, all rows have the same.

    Args:
        detector: of windows.
    """

    detector: Detector
    _sums: np.ndarray = field(init=False)
    _counts: np.ndarray = field(init=False)
    _alarms: list[tuple[int, float, float]] = field(default_factory=list)
    _level: float = field(init=False)

    def __post_init__(self) -> None:
        self._sums = np.zeros((0, len(self.windows.columns)), np.float32)
        self._counts = np.zeros(0, np.int32)
        self._level = float(np.median(self.detector.calibration))

    @property
    def windows(self) -> Windows:
        """How the series is cut."""
        windows = self.detector.card.windows
        assert windows is not None  # noqa: S101 - whoever makes this has looked
        return windows

    def add(
        self,
        firsts: Int[np.ndarray, " n"],
        x: Float[np.ndarray, "n d"],
        scores: Float[np.ndarray, " n"],
        p_values: Float[np.ndarray, " n"],
        alarm: Bool[np.ndarray, " n"],
    ) -> None:
        """Take in windows.

        Args:
            firsts: numbers of their first rows, rising.
            x: the windows as the scorer takes them.
            alarm: which raise an alarm.
        """
        if not len(firsts):
            return
        length = self.windows.length
        self._grow(int(firsts[-1]) + length - 1)
        above = np.where(np.isnan(scores), 0.0, np.maximum(scores - self._level, 0))
        hot = np.flatnonzero(above > 0)
        parts = self._parts(x[hot])
        for offset in range(length):
            self._counts[firsts - 1 + offset] += 1
            self._sums[firsts[hot] - 1 + offset] += above[hot, None] * parts[:, :, offset]
        self._alarms += zip(firsts[alarm].tolist(), scores[alarm].tolist(), p_values[alarm].tolist(), strict=True)

    def _grow(self, rows: int) -> None:
        more = rows - len(self._sums)
        if more > 0:
            more = max(more, len(self._sums))
            self._sums = np.concatenate([self._sums, np.zeros((more, self._sums.shape[1]), np.float32)])
            self._counts = np.concatenate([self._counts, np.zeros(more, np.int32)])

    def _parts(self, x: np.ndarray) -> np.ndarray:
        """(n, C, L) parts of windows' scores, those of a window with a mean of 1."""
        windows = self.windows
        shape = len(x), len(windows.columns), windows.length
        parts = self.detector.contributions(x) if len(x) else None
        if parts is None:
            return np.ones(shape)
        whole = np.zeros((len(x), len(windows.names)))
        place = {name: i for i, name in enumerate(windows.names)}
        whole[:, [place[name] for name in self.detector.table_encoding.names]] = parts
        total = np.maximum(whole.sum(1, keepdims=True), np.finfo(np.float32).tiny)
        return (whole / total * whole.shape[1]).reshape(shape)

    def heat(self) -> Float[np.ndarray, "rows c"]:
        """(rows, C) of each row of the file and each column; NaN for rows that are in no window."""
        rows = int(np.flatnonzero(self._counts)[-1]) + 1 if self._counts.any() else 0
        counts = self._counts[:rows, None]
        with np.errstate(invalid="ignore"):
            return np.where(counts > 0, self._sums[:rows] / counts, np.nan)

    def spans(self) -> list[Span]:
        """Rows that raise an alarm, from the first of the file on: windows with an alarm that touch are one span."""
        heat = self.heat()
        spans: list[Span] = []
        group: list[tuple[int, float, float]] = []
        for alarm in [*sorted(self._alarms), None]:
            if group and (alarm is None or alarm[0] > group[-1][0] + self.windows.length):
                spans.append(self._span(group, heat))
                group = []
            group += [] if alarm is None else [alarm]
        return spans

    def _span(self, group: list[tuple[int, float, float]], heat: np.ndarray) -> Span:
        start, stop = group[0][0] - 1, group[-1][0] - 1 + self.windows.length
        inside = np.nan_to_num(heat[start:stop])
        of_rows = inside.sum(1)
        warm = np.flatnonzero(of_rows >= NARROWED * of_rows.max())
        first, last = int(warm[0]), int(warm[-1])
        return Span(
            first=start + first + 1,
            last=start + last + 1,
            peak=start + int(of_rows.argmax()) + 1,
            score=max(score for _, score, _ in group),
            p_value=min(p_value for *_, p_value in group),
            column=self.windows.columns[int(inside[first : last + 1].sum(0).argmax())],
        )
