"""Bernoulli likelihoods: pixels as probabilities as they are, or as chances of bits that are drawn anew."""

from __future__ import annotations

from typing import ClassVar

from jaxtyping import Float
from torch import Tensor

from explorer.core import likelihood
from explorer.likelihoods.base import Likelihood


class Bernoulli(Likelihood):
    """log p(x|z) = sum_i x_i log p_i + (1 - x_i) log(1 - p_i), p the decoder's sigmoid.

    Of grey x it is the negative cross-entropy, which is no log-probability of anything (see
    ``core.likelihood.bernoulli_log_likelihood``): nats of grey images are not comparable with those of bits.

    Source: Kingma and Welling 2014, appendix C.1.
    """

    title: ClassVar[str] = "Bernoulli"
    summary: ClassVar[str] = "Each pixel is a probability, and so is what the decoder gives."
    formula: ClassVar[str] = r"\log p(x|z) = \sum_i x_i \log p_i + (1 - x_i) \log (1 - p_i)"
    reference: ClassVar[str] = "Kingma and Welling 2014"
    is_probability: ClassVar[bool] = True
    needs_sigmoid: ClassVar[bool] = True

    def log_density(
        self,
        target: Float[Tensor, "n *event"],
        logits: Float[Tensor, "n *values"],
        mean: Float[Tensor, "n *event"],
        log_sigma: Float[Tensor, "*shape"] | None,
    ) -> Float[Tensor, " n"]:
        return likelihood.bernoulli_log_likelihood(target, logits)


class Binarised(Bernoulli):
    """Bernoulli of bits b ~ Bernoulli(x) that are drawn anew each time an item is seen, in each epoch and step.

    The encoder is given the bits, too. Bounds are then nats of binarised items and can be compared with the
    literature's on dynamically binarised MNIST; items of 0 and 1 stay as they are. ``encode`` and scores of novelty
    draw nothing: they take the grey items as they are.

    Source: Salakhutdinov and Murray 2008; drawn anew: Burda, Grosse and Salakhutdinov 2016, section 5.
    """

    title: ClassVar[str] = "Binarised anew"
    summary: ClassVar[str] = "Each pixel is the chance of a 1, drawn anew each time the image is seen."
    formula: ClassVar[str] = r"b_i \sim \mathrm{Bernoulli}(x_i),\quad \log p(b|z)"
    reference: ClassVar[str] = "Burda, Grosse and Salakhutdinov 2016"

    @property
    def draws(self) -> bool:
        return True

    def seen(self, x: Float[Tensor, "n *event"], u: Float[Tensor, "n *event"] | None) -> Float[Tensor, "n *event"]:
        assert u is not None  # noqa: S101 - the model draws where ``draws`` says so
        return (u < x).to(x.dtype)
