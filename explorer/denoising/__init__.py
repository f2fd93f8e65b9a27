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
    Wavelet,
    timed,
    tune,
    tune_each,
)
from explorer.denoising.files import (
    DenoisedFile,
    DenoisingSetting,
    Failed,
    choice_of,
    clean_file,
    clean_files,
    files_of_zip,
    zip_of,
)
from explorer.denoising.items import Comparison, add_noise, compare, denoise
from explorer.denoising.no_reference import (
    NoReferenceQuality,
    no_reference_quality,
    self_supervised_errors,
    self_supervised_loss,
)
from explorer.denoising.noise_level import NoisyPicture, estimate_noise, estimate_sigma
from explorer.denoising.photo import denoise_photo, denoiser_for, is_photo_denoiser
from explorer.denoising.poisson import (
    PhotonScale,
    anscombe,
    denoise_poisson,
    estimate_peak,
    unbiased_inverse,
)
from explorer.denoising.quality import assess
from explorer.denoising.self_supervised import (
    ErrorDifference,
    error_difference,
    method_errors,
    tune_each_self_supervised,
)

__all__ = [
    "REGISTRY",
    "Bilateral",
    "Comparison",
    "Denoised",
    "DenoisedFile",
    "Denoiser",
    "DenoisingSetting",
    "ErrorDifference",
    "Failed",
    "Median",
    "NoReferenceQuality",
    "NoisyPicture",
    "NonLocalMeans",
    "PhotonScale",
    "TotalVariation",
    "Tuned",
    "Wavelet",
    "add_noise",
    "anscombe",
    "assess",
    "choice_of",
    "clean_file",
    "clean_files",
    "compare",
    "denoise",
    "denoise_photo",
    "denoise_poisson",
    "denoiser_for",
    "error_difference",
    "estimate_noise",
    "estimate_peak",
    "estimate_sigma",
    "files_of_zip",
    "is_photo_denoiser",
    "method_errors",
    "no_reference_quality",
    "self_supervised_errors",
    "self_supervised_loss",
    "timed",
    "tune",
    "tune_each",
    "tune_each_self_supervised",
    "unbiased_inverse",
    "zip_of",
]
