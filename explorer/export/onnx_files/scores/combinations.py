"""Graphs of several scores as one; see ``novelty.scores.combination`` for the formulas."""

from __future__ import annotations

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor, nn

from explorer.export.onnx_files.scores.rows import kept
from explorer.novelty.scores.combination import Combination, MaxOfScores
from explorer.novelty.scores.scorer import Scorer


class CombinationGraph(nn.Module):
    """Each part in standard deviations of normal ones, then their mean and the rules, or their maximum.

    Args:
        graph_of: the graph of a part.
    """

    def __init__(self, scorer: Combination, graph_of: Callable[[Scorer], nn.Module]) -> None:
        super().__init__()
        self.parts = nn.ModuleList(graph_of(part) for part in scorer.parts)
        self.is_positive = [part.is_positive for part in scorer.parts]
        self.is_rule = [part.is_rule for part in scorer.parts]
        self.floors = scorer.floor_.tolist()
        self.mean, self.std = kept(scorer.mean_), kept(scorer.std_)
        self.takes_highest = isinstance(scorer, MaxOfScores)

    def forward(self, x: Float[Tensor, "n *event"]) -> Float[Tensor, " n"]:
        scores = []
        for part, is_positive, floor in zip(self.parts, self.is_positive, self.floors, strict=True):
            score = part(x)
            scores.append((score.clamp(min=0) + floor).log() if is_positive else score)
        standardised = (torch.stack(scores, 1) - self.mean) / self.std
        if self.takes_highest:
            return standardised.amax(1)
        usual = [i for i, is_rule in enumerate(self.is_rule) if not is_rule]
        rules = [i for i, is_rule in enumerate(self.is_rule) if is_rule]
        total = standardised[:, usual].mean(1) if usual else 0 * standardised[:, 0]
        return total + standardised[:, rules].clamp(min=0).sum(1) if rules else total
