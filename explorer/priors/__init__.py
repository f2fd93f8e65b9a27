"""Priors of variational models. A new one is a file here and a line in ``REGISTRY``; forms and tests find it."""

from __future__ import annotations

from typing import Any, Literal

from explorer.priors.base import Posterior, Prior
from explorer.priors.distributions import CodeDistribution, DiagonalMixture
from explorer.priors.mixture import MixturePrior
from explorer.priors.standard_normal import StandardNormal
from explorer.priors.vamp import VampPrior

REGISTRY: dict[str, type[Prior]] = {
    "standard_normal": StandardNormal,
    "mixture": MixturePrior,
    "vamp": VampPrior,
}
"""Every prior by its name in recipes."""

PriorName: Any = Literal[tuple(REGISTRY)]
"""What a recipe's field holds."""

__all__ = ["REGISTRY", "CodeDistribution", "DiagonalMixture", "Posterior", "Prior", "PriorName"]
