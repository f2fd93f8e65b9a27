"""Graphs of the rules that normal rows keep; see ``novelty.scores.relations`` and ``categories`` for the formulas."""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from explorer.export.onnx_files.scores.rows import kept
from explorer.novelty.scores.categories import Categories
from explorer.novelty.scores.relations import ROUNDING, Relations
from explorer.novelty.scores.table_score import TableScore


class CategoryCodes(nn.Module):
    """(n, D) encoded rows to (n, c) the number of each category's value, -1 where it is missing."""

    def __init__(self, scorer: TableScore) -> None:
        super().__init__()
        self.places = [(int(start), int(stop)) for start, stop in scorer.categories_]

    def forward(self, x: Float[Tensor, "n d"]) -> Int[Tensor, "n c"]:
        codes = [torch.zeros_like(x[:, :1], dtype=torch.int64)] if not self.places else []
        for start, stop in self.places:
            part = x[:, start:stop]
            missing = part[:, :1].isnan()
            known = torch.where(missing, torch.zeros_like(part), part)
            code = known.argmax(1, keepdim=True)
            codes.append(torch.where(missing, torch.full_like(code, -1), code))
        return torch.cat(codes, 1)


class RelationsGraph(nn.Module):
    """All relations side by side: values in their own units, then their logarithms."""

    def __init__(self, scorer: Relations) -> None:
        super().__init__()
        m, width = len(scorer.numbers_), scorer.intercepts_.shape[1]
        shift = m * scorer.is_log_
        self.codes, self.width = CategoryCodes(scorer), width
        self.numbers, self.zeros = kept(scorer.numbers_), kept(scorer.zeros_)
        self.targets = kept(scorer.targets_ + shift)
        self.used = kept(scorer.terms_ >= 0)
        self.terms = kept(np.where(scorer.terms_ >= 0, scorer.terms_ + shift[:, None], 0))
        self.weights, self.tolerances = kept(scorer.weights_), kept(scorer.tolerances_)
        self.grouped, self.group = kept(scorer.categories_of_ >= 0), kept(np.maximum(scorer.categories_of_, 0))
        self.intercepts = kept(scorer.intercepts_.reshape(-1))
        self.starts = kept(width * np.arange(len(scorer.targets_)))

    def forward(self, x: Float[Tensor, "n *event"]) -> Float[Tensor, " n"]:
        if not len(self.targets):
            return torch.zeros_like(x[:, 0], dtype=torch.float64)
        values, rounding = self._values(x.double())
        codes = self.codes(x)[:, self.group]
        group = torch.where(self.grouped, codes, torch.zeros_like(codes))
        is_known = (group >= 0) & (group < self.width)
        intercept = self.intercepts[self.starts + group.clamp(0, self.width - 1)]
        error = values[:, self.targets] - intercept - self._sums(values, self.weights)
        blurred = rounding[:, self.targets] + self._sums(rounding, self.weights.abs())
        misfits = error.abs() / (self.tolerances + blurred)
        says = is_known & ~misfits.isnan() & ~misfits.isinf()
        return torch.where(says, misfits, torch.zeros_like(misfits)).amax(1)

    def _sums(self, values: Tensor, weights: Tensor) -> Tensor:
        """(n, relations) of their terms."""
        parts = values[:, self.terms] * weights
        return torch.where(self.used, parts, torch.zeros_like(parts)).sum(2)

    def _values(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        values = rows[:, self.numbers]
        rounding = ROUNDING * (values.abs() + self.zeros.abs())
        above_zero = values - self.zeros
        divided = torch.where(above_zero > 0, above_zero, torch.full_like(above_zero, torch.nan))
        return torch.cat([values, divided.log()], 1), torch.cat([rounding, rounding / divided], 1)


class CategoriesGraph(nn.Module):
    """One over the share of normal rows that are as rare, by single values and by pairs."""

    def __init__(self, scorer: Categories) -> None:
        super().__init__()
        self.codes, sizes = CategoryCodes(scorer), scorer.sizes_.astype(np.int64)
        self.has_any = len(sizes) > 0
        self.starts = kept(np.cumsum([0, *sizes[:-1]]) if self.has_any else sizes)
        self.values, self.pairs = kept(scorer.value_shares_), kept(scorer.pair_shares_)
        first, second = scorer.pairs_[:, 0], scorer.pairs_[:, 1]
        self.first, self.second, self.across = kept(first), kept(second), kept(sizes[second])
        self.pair_starts = kept(np.cumsum([0, *(sizes[first] * sizes[second])])[:-1].astype(np.int64))

    def forward(self, x: Float[Tensor, "n *event"]) -> Float[Tensor, " n"]:
        if not self.has_any:
            return torch.ones_like(x[:, 0], dtype=torch.float64)
        codes = self.codes(x)
        shares = [self._of(self.values, self.starts + codes.clamp(min=0), codes >= 0)]
        if len(self.first):
            first, second = codes[:, self.first], codes[:, self.second]
            places = self.pair_starts + first.clamp(min=0) * self.across + second.clamp(min=0)
            shares.append(self._of(self.pairs, places, (first >= 0) & (second >= 0)))
        return 1 / torch.cat(shares, 1).amin(1).clamp(max=1)

    def _of(self, shares: Tensor, places: Tensor, is_known: Tensor) -> Tensor:
        """(n, k) shares of normal rows that are as rare; 1 where a value is missing."""
        chosen = shares[places]
        return torch.where(is_known, chosen, torch.ones_like(chosen))
