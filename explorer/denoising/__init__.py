"""Removing noise: with a checkpoint, with classical methods beside it, and how good the result is.

Images are (C, H, W) float32 in [0, 1]; the noise level sigma is in the same units (25 grey levels of 255 are 0.098).
"""

from __future__ import annotations

from explorer.denoising.classical import (
    REGISTRY,
    Bilateral,
    Denoised,
    Denoiser,
    Median,
    NonLocalMeans,
    TotalVariation,
    Tuned,
    timed,
    tune,
    tune_each,
)
from explorer.denoising.evidence import Evidence, evidence, self_supervised_loss
from explorer.denoising.items import Comparison, add_noise, compare, denoise, fit_upload
from explorer.denoising.noise_level import NoiseEstimate, estimate_noise, estimate_sigma
from explorer.denoising.photo import denoise_photo, denoiser_for, is_photo_denoiser
from explorer.denoising.poisson import anscombe, denoise_poisson, unbiased_inverse

__all__ = [
    "REGISTRY",
    "Bilateral",
    "Comparison",
    "Denoised",
    "Denoiser",
    "Evidence",
    "Median",
    "NoiseEstimate",
    "NonLocalMeans",
    "TotalVariation",
    "Tuned",
    "add_noise",
    "anscombe",
    "compare",
    "denoise",
    "denoise_photo",
    "denoise_poisson",
    "denoiser_for",
    "estimate_noise",
    "estimate_sigma",
    "evidence",
    "fit_upload",
    "is_photo_denoiser",
    "self_supervised_loss",
    "timed",
    "tune",
    "tune_each",
    "unbiased_inverse",
]
