"""Likelihoods of decoded items. A new one is a file here and a line in ``REGISTRY``; forms and tests find it."""

from __future__ import annotations

from typing import Any, Literal

from explorer.likelihoods.base import LOG_SIGMA_RANGE, Likelihood
from explorer.likelihoods.bernoulli import Bernoulli, Binarised
from explorer.likelihoods.by_column import ByColumn
from explorer.likelihoods.categorical import Categorical
from explorer.likelihoods.columns import ColumnLikelihood
from explorer.likelihoods.counts import NegativeBinomial, Poisson
from explorer.likelihoods.discretised_logistic import DiscretisedLogistic
from explorer.likelihoods.gaussian import Gaussian, GaussianEach

REGISTRY: dict[str, Likelihood] = {
    "bernoulli": Bernoulli(),
    "binarised": Binarised(),
    "gaussian": Gaussian(),
    "gaussian_each": GaussianEach(),
    "discretised_logistic": DiscretisedLogistic(),
    "categorical": Categorical(),
    "poisson": Poisson(),
    "negative_binomial": NegativeBinomial(),
    "by_column": ByColumn(),
}
"""Every likelihood by its name in recipes."""

LikelihoodName: Any = Literal[tuple(REGISTRY)]
"""What a recipe's field holds."""

__all__ = ["LOG_SIGMA_RANGE", "REGISTRY", "ColumnLikelihood", "Likelihood", "LikelihoodName"]
