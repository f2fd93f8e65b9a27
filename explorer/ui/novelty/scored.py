"""What everything on the Novelty page looks at: a detector and the items that it scores."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Int, Num

from explorer.data.base import Masks
from explorer.data.cells import pick
from explorer.export.novelty_python import DetectorCode
from explorer.io.tables.columns import Cells
from explorer.novelty.detector import Detector
from explorer.novelty.drift import NOT_WATCHED, Watched
from explorer.novelty.items import GivenRows, ItemsToScore
from explorer.ui.shell.cache import Keyed


@dataclass(frozen=True, eq=False)
class ScoredItems(Keyed):
    """A detector and what it makes of some items; none of them fitted it or set its threshold.

    Args:
        detector: what scores the items.
        x: (N, *event) the items as its scorer takes them.
        names: (N,) what each is called: "MNIST sample, row 12", or a file's name.
        labels: (N,) what each is labelled; empty where it is not.
        is_novel: (N,) bool; None where no labels say so.
        scores: (N,) higher is more anomalous; NaN for a row in which nothing is known.
        p_values: (N,) how likely a normal item is to score at least as high.
        cells: the columns of the rows as they were given, (N,) each; empty for images.
        key: differs wherever any of this does.
        title: what is scored and which split it is, in a sentence.
        fitted_on: (n, *event) normal items that other scores may be fitted on, to be compared on the scored ones: none
            of them is scored. None where there are no such items.
        watched: some of the items, to see whether they are as the normal ones were.
        masks: where images are anomalous, by their position; None: nobody knows.
        origins: (N,) name of the data and row in these of each; empty for items of a file.
        keys: (N,) what each is called in files.
        given: of rows of a file, these as they are there; None: the cells are all that there is.
        rows: (N,) number of each row in its file, of a window that of its first; None: that is not known.
        code: the Python that leaves the detector and these items; None: that of the case.
    """

    detector: Detector
    x: Num[np.ndarray, "n *event"]
    names: tuple[str, ...]
    labels: tuple[str, ...]
    is_novel: Bool[np.ndarray, " n"] | None
    scores: Num[np.ndarray, " n"]
    p_values: Num[np.ndarray, " n"]
    cells: Mapping[str, Cells] = field(repr=False)
    key: str
    title: str
    fitted_on: Num[np.ndarray, "k *event"] | None = field(default=None, repr=False)
    watched: Watched = field(default=NOT_WATCHED, repr=False)
    masks: Masks | None = field(default=None, repr=False)
    origins: tuple[tuple[str, int], ...] = field(default=(), repr=False)
    keys: tuple[str, ...] = field(default=(), repr=False)
    given: GivenRows | None = field(default=None, repr=False)
    rows: Int[np.ndarray, " n"] | None = field(default=None, repr=False)
    code: DetectorCode | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(self.scores)

    @cached_property
    def order(self) -> np.ndarray:
        """(N,) positions from the most to the least anomalous; rows without a score last."""
        return np.argsort(-np.nan_to_num(self.scores, nan=-np.inf), kind="stable")

    def without(self, items: Int[np.ndarray, " m"], detector: Detector) -> ScoredItems:
        """The other items, scored by a detector for which these are normal.

        Args:
            items: (m,) their positions.
        """
        kept = np.setdiff1d(np.arange(len(self)), items)
        scores = detector.score(self.x[kept])
        features, positions = self.watched
        stays = np.isin(positions, kept)
        return ScoredItems(
            detector,
            self.x[kept],
            tuple(self.names[item] for item in kept),
            tuple(self.labels[item] for item in kept),
            None if self.is_novel is None else self.is_novel[kept],
            scores,
            detector.p_values(scores),
            {column: pick(values, kept) for column, values in self.cells.items()},
            f"{self.key}|{items.tolist()}",
            self.title,
            self.fitted_on,
            (None if features is None else features.take(stays), np.searchsorted(kept, positions[stays])),
            None if self.masks is None else self.masks.of(kept),
            tuple(self.origins[item] for item in kept) if self.origins else (),
            tuple(self.keys[item] for item in kept) if self.keys else (),
            None if self.given is None else self.given.take(kept),
            None if self.rows is None else self.rows[kept],
        )

    @property
    def knows_novel(self) -> bool:
        """Whether labels tell at least one normal and one novel item apart."""
        return self.is_novel is not None and bool(self.is_novel.any()) and not bool(self.is_novel.all())


@dataclass(frozen=True, eq=False)
class Case(Keyed):
    """A detector with what is known of it, and the items that it scores where the visitor gives none.

    Args:
        detector: what scores the items.
        key: differs for different detectors.
        words: what was normal, in a sentence, as Markdown.
        scored: held-out items; None where there are none.
        fitted_on: as in ``ScoredItems``.
        notes: what a visitor should know of how it was fitted, a sentence each.
        rate: the false-alarm rate that sets the threshold; None: the visitor chooses.
        compares: whether other scores can be fitted beside it without seeing the items of ``scored``.
        selected: (N,) bool which scored items are selected on the map of Latent space; None: that does not apply.
        data: titles of the data or names of the files that ``scored`` is of.
        code: the Python that leaves the detector and the items of ``scored``.
    """

    detector: Detector
    key: str
    words: str
    scored: ScoredItems | None = None
    fitted_on: Num[np.ndarray, "k *event"] | None = None
    notes: tuple[str, ...] = ()
    rate: float | None = None
    compares: bool = True
    selected: Bool[np.ndarray, " n"] | None = None
    data: tuple[str, ...] = ()
    code: DetectorCode | None = None


def score_items(
    detector: Detector,
    items: ItemsToScore,
    is_novel: Bool[np.ndarray, " n"] | None,
    key: str,
    title: str,
    fitted_on: Num[np.ndarray, "k *event"] | None = None,
    origins: tuple[tuple[str, int], ...] = (),
) -> ScoredItems:
    """Score items that the detector has not seen; arguments as in ``ScoredItems``."""
    scores = detector.score(items.x)
    p_values = detector.p_values(scores)
    return ScoredItems(
        detector,
        items.x,
        items.names,
        items.labels,
        is_novel,
        scores,
        p_values,
        items.cells,
        key,
        title,
        fitted_on,
        items.watched,
        items.masks,
        origins,
        items.keys or items.names,
        items.given,
        items.rows,
    )
