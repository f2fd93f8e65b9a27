"""How alike two pictures are at each place in their structure, whatever their brightness and contrast say."""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor

from explorer.novelty.patches.place_statistics import blurred

SIGMA = 1.5
K1, K2 = 0.01, 0.03


def structural_similarity(first: Float[Tensor, "c h w"], second: Float[Tensor, "c h w"]) -> Float[Tensor, "c h w"]:
    """The structural similarity (SSIM) of two pictures in [0, 1] at each pixel, 1 where they are the same.

    Under a Gaussian of 11 by 11 pixels, which at the edges takes what is there alone.

    Source: Wang et al. 2004, equation 13.
    """
    mean, other_mean = blurred(first, SIGMA), blurred(second, SIGMA)
    variance = blurred(first.square(), SIGMA) - mean.square()
    other_variance = blurred(second.square(), SIGMA) - other_mean.square()
    covariance = blurred(first * second, SIGMA) - mean * other_mean
    c1, c2 = K1**2, K2**2
    brightness = (2 * mean * other_mean + c1) / (mean.square() + other_mean.square() + c1)
    return brightness * (2 * covariance + c2) / (variance.clamp_min(0) + other_variance.clamp_min(0) + c2)
