"""What speaks for and against a photo denoiser's result, of even noise or of photon noise."""

from __future__ import annotations

import numpy as np
from jaxtyping import Num

from explorer.checkpoints import Checkpoint
from explorer.data.base import Progress
from explorer.denoising.no_reference import NoReferenceQuality, no_reference_quality
from explorer.denoising.noise_level import NoisyPicture
from explorer.denoising.photo import denoise_photo, highest_level
from explorer.denoising.poisson import PhotonScale


def assess(
    checkpoint: Checkpoint,
    noisy: Num[np.ndarray, "c h w"],
    denoised: Num[np.ndarray, "c h w"],
    sigma: float,
    peak: float = 0.0,
    *,
    fast: bool = False,
    progress: Progress | None = None,
) -> NoReferenceQuality:
    """Assess a result without a clean photo; photon noise where it is even, between black 0 and white 1.

    The expected PSNR is that of the photo itself in either case, as on the command line.

    Args:
        noisy, denoised: white is 1; the second from ``denoise_photo``, or from ``denoise_poisson`` where it has a peak.
        sigma: noise level that the model was told; of photon noise it is that of the transform.
        peak: photons at white; 0: the noise is even.
        fast: whether the model works in half precision.
        progress: called along the way, over all runs of the model; an exception that it raises ends the work.
    """
    runs, done = 3 if peak else 2, 0
    told = PhotonScale(peak).sigma if peak else sigma

    def tell(share: float, words: str) -> None:
        if progress:
            progress((done + share) / runs, f"Checking, run {done + 1} of {runs}: {words}")

    def clean(y: np.ndarray) -> np.ndarray:
        nonlocal done
        cleaned = denoise_photo(checkpoint, y, told, tell, fast=fast)
        done = min(done + 1, runs - 1)
        return cleaned

    limit = highest_level(checkpoint)
    if not peak:
        return no_reference_quality(clean, NoisyPicture(noisy), denoised, told, limit)
    picture = PhotonScale(peak).even(noisy)
    quality = no_reference_quality(clean, picture, clean(picture.image), told, limit)
    return quality.for_photo(PhotonScale(peak).growth(denoised))
