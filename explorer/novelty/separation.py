"""How well scores tell items apart that labels call normal and novel, in figures with intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Num

from explorer.core.intervals import Interval, Rate
from explorer.novelty.evaluation import auroc, average_precision, precision_among_first


@dataclass(frozen=True)
class Separation:
    """How well scores separate normal from novel items, with intervals.

    Args:
        area: AUROC.
        precision: the mean over the novel items, from the highest score down.
        first: the share of novel items among as many of the highest scores as there are novel ones.
        counts: of normal and of novel items.
    """

    area: Interval
    precision: Interval
    first: Rate
    counts: dict[str, int]

    @property
    def words(self) -> str:
        """In a line."""
        number = "{:.4f}".format
        return (
            f"AUROC {self.area.text(number)}, average precision {self.precision.text(number)}; of the first "
            f"{self.first.n:,} items {self.first.text('{:.1%}'.format)} are novel; "
            f"{self.counts['normal']:,} normal and {self.counts['novel']:,} novel items"
        )


def separation_of(scores: Num[np.ndarray, " n"], is_novel: Bool[np.ndarray, " n"]) -> Separation:
    """Figures of scores (n,) of items that labels call novel or normal.

    Raises:
        ExplorerError: fewer than two of either kind.
    """
    counts = {"normal": int((~is_novel).sum()), "novel": int(is_novel.sum())}
    return Separation(
        auroc(scores, is_novel), average_precision(scores, is_novel), precision_among_first(scores, is_novel), counts
    )
