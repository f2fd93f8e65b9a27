"""The components that a notebook shows, each with what the hand chose in it as row numbers and codes."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from explorer.browser.envelope import digest
from explorer.browser.latent_map.message import LatentMap, MapChosen, MapClicked, map_report
from explorer.browser.sliders.message import LabelChosen, Setting, Sliders, SlidersReleased
from explorer.browser.threshold.message import ThresholdReleased, ThresholdView
from explorer.notebook.view import NotebookView


class MapView(NotebookView):
    """The map of codes.

    Args:
        message: what its component gets.
        rows: (n,) of the points in their dataset.
    """

    def __init__(self, message: LatentMap, rows: Int[np.ndarray, " n"]) -> None:
        super().__init__("latent_map", message)
        self._points, self._rows, self._first = message.points, rows, message.selection.chosen

    @property
    def selection(self) -> Int[np.ndarray, " m"]:
        """(m,) row numbers, in the dataset, of the items that the lasso or the box chose."""
        choice = map_report(self._points, None, self.last(MapChosen)).choice
        if choice is not None:
            return self._rows[choice.positions]
        return self._rows[np.zeros(0, np.int64) if self._first is None else np.asarray(self._first, np.int64)]

    @property
    def clicked(self) -> int | None:
        """Row number of the item that was clicked last; None: none yet, or none was near."""
        click = map_report(self._points, self.last(MapClicked), None).click
        return None if click is None or click.index is None else int(self._rows[click.index])


class SliderView(NotebookView):
    """Sliders over a code.

    Args:
        message: what its component gets.
        setting: where they begin.
    """

    def __init__(self, message: Sliders, setting: Setting) -> None:
        super().__init__("sliders", message)
        self._decoder, self._setting, self._first = message.decoder.pack or b"", setting, message.first
        self._labels = message.labels

    @property
    def label(self) -> str | None:
        """The label that is chosen, of a conditional model; None for others."""
        if self._labels is None:
            return None
        chosen, offered = self.last(LabelChosen), [self._labels.names[i] for i in self._labels.offered]
        first = self._labels.names[self._labels.at]
        return chosen.label if chosen is not None and chosen.label in offered else first

    @property
    def code(self) -> Float[np.ndarray, " d"]:
        """(D,) the code where the sliders were last released."""
        released = self.last(SlidersReleased)
        at = None if released is None else released.of(digest(self._decoder), self._setting)
        return np.array((at or self._first).code)


class ScoreView(NotebookView):
    """Scores with a threshold to drag.

    Args:
        message: what its component gets.
        scores: (n,) of the items.
        rows: (n,) of the items in their dataset.
    """

    def __init__(self, message: ThresholdView, scores: Float[np.ndarray, " n"], rows: Int[np.ndarray, " n"]) -> None:
        super().__init__("threshold", message)
        self._sets, self._first, self._scores, self._rows = message.scores, message.threshold, scores, rows

    @property
    def value(self) -> float:
        """The threshold where it was last released."""
        released = self.last(ThresholdReleased)
        about = None if released is None else released.about(self._sets, None)
        return self._first if about is None else about.value

    @property
    def alarms(self) -> Int[np.ndarray, " m"]:
        """(m,) row numbers, in the dataset, of the items above the threshold."""
        return self._rows[self._scores > self.value]
