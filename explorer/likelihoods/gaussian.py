"""Gaussian likelihoods with a learnt spread: one for all values, or one for each."""

from __future__ import annotations

from typing import ClassVar

from jaxtyping import Float
from torch import Tensor

from explorer.core import likelihood
from explorer.likelihoods.base import Likelihood, bounded


class Gaussian(Likelihood):
    """x ~ N(mean, sigma^2 I) with one sigma for all values.

    The likelihood is highest where sigma is the root mean squared error.

    Source: Kingma and Welling 2014, appendix C.2; the learnt sigma: Rybkin et al. 2021.
    """

    title: ClassVar[str] = "Gaussian"
    summary: ClassVar[str] = "Values lie around what the decoder gives, all with one spread that is learnt."
    formula: ClassVar[str] = r"\log p(x|z) = \sum_i \log \mathcal{N}(x_i; \mu_i, \sigma^2)"
    reference: ClassVar[str] = "Rybkin, Daniilidis and Levine 2021"
    of_tables: ClassVar[bool] = True

    def sigma_shape(self, event_shape: tuple[int, ...]) -> tuple[int, ...] | None:
        return ()

    def log_density(
        self,
        target: Float[Tensor, "n *event"],
        logits: Float[Tensor, "n *values"],
        mean: Float[Tensor, "n *event"],
        log_sigma: Float[Tensor, "*shape"] | None,
    ) -> Float[Tensor, " n"]:
        return likelihood.gaussian_log_likelihood(target, mean, bounded(log_sigma))


class GaussianEach(Gaussian):
    """x_i ~ N(mean_i, sigma_i^2) with a sigma for each value, the same for all items.

    Columns and pixels that cannot be foretold then cost no others their weight.

    Source: Takahashi et al. 2018 have a sigma of the code; this is its constant form.
    """

    title: ClassVar[str] = "Gaussian, a spread each"
    summary: ClassVar[str] = "Each pixel or column has a spread of its own around what the decoder gives."
    formula: ClassVar[str] = r"\log p(x|z) = \sum_i \log \mathcal{N}(x_i; \mu_i, \sigma_i^2)"

    def sigma_shape(self, event_shape: tuple[int, ...]) -> tuple[int, ...] | None:
        return event_shape
