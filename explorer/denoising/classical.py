"""Denoisers that need no training, and the choice among them where clean images are known.

scikit-image is imported where it is used: it takes about a second.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Float, Num
from scipy import ndimage

from explorer.core import metrics
from explorer.data.stored import as_float


@dataclass(frozen=True, eq=False)
class Denoised:
    """A result and what it took.

    Args:
        image: (C, H, W) float32.
        seconds: wall time.
    """

    image: Float[np.ndarray, "*shape"]
    seconds: float


class Denoiser(ABC):
    """A method that needs no training: an image and its noise level in, a cleaner image out."""

    title: ClassVar[str]
    summary: ClassVar[str]
    """One sentence a student can read."""
    reference: ClassVar[str]

    @abstractmethod
    def denoise(self, image: Num[np.ndarray, "c h w"], sigma: float) -> Float[np.ndarray, "c h w"]:
        """Remove noise.

        Args:
            image: (C, H, W) float, any size and number of channels.
            sigma: standard deviation of the noise, in the image's units, above 0.

        Returns:
            (C, H, W) float32.
        """


class Median(Denoiser):
    """The median of each pixel's neighbourhood: 3x3, or 5x5 from sigma 0.1."""

    title = "Median"
    summary = "Each pixel becomes the middle value of its neighbours, so single wild pixels vanish."
    reference = "Tukey 1977"

    def denoise(self, image: Num[np.ndarray, "c h w"], sigma: float) -> Float[np.ndarray, "c h w"]:
        size = 3 if sigma < 0.1 else 5
        return ndimage.median_filter(image.astype(np.float32), size=(1, size, size), mode="reflect")


class Bilateral(Denoiser):
    """A mean over near pixels of near brightness: Gaussian weights of 1.5 pixels and of 2.5 sigma."""

    title = "Bilateral"
    summary = "Each pixel is averaged with neighbours of similar brightness, which keeps edges."
    reference = "Tomasi and Manduchi 1998"

    def denoise(self, image: Num[np.ndarray, "c h w"], sigma: float) -> Float[np.ndarray, "c h w"]:
        from skimage.restoration import denoise_bilateral

        planes = np.clip(image, 0, 1).astype(np.float64)
        cleaned = [denoise_bilateral(plane, sigma_color=2.5 * sigma, sigma_spatial=1.5, win_size=7) for plane in planes]
        return np.stack(cleaned).astype(np.float32)


class TotalVariation(Denoiser):
    """The image nearest to the noisy one among those with little total variation; the weight is sigma."""

    title = "Total variation"
    summary = "The flattest picture that still explains the noisy one: areas become even, edges stay sharp."
    reference = "Rudin, Osher and Fatemi 1992; Chambolle 2004"

    def denoise(self, image: Num[np.ndarray, "c h w"], sigma: float) -> Float[np.ndarray, "c h w"]:
        from skimage.restoration import denoise_tv_chambolle

        return denoise_tv_chambolle(image.astype(np.float64), weight=sigma, channel_axis=0).astype(np.float32)


class NonLocalMeans(Denoiser):
    """A mean over pixels whose surroundings look alike: patches of 5x5 within 13x13, bandwidth 0.8 sigma."""

    title = "Non-local means"
    summary = "Each pixel is averaged with others whose surroundings look the same, wherever they are."
    reference = "Buades, Coll and Morel 2005"

    def denoise(self, image: Num[np.ndarray, "c h w"], sigma: float) -> Float[np.ndarray, "c h w"]:
        from skimage.restoration import denoise_nl_means

        # Channels last, since a single channel in any other place comes back as a turned picture without it.
        pixels = np.moveaxis(image.astype(np.float32), 0, -1)
        cleaned = denoise_nl_means(
            pixels, patch_size=5, patch_distance=6, h=0.8 * sigma, sigma=sigma, channel_axis=-1
        ).reshape(pixels.shape)
        return np.ascontiguousarray(np.moveaxis(cleaned, -1, 0), dtype=np.float32)


class Wavelet(Denoiser):
    """Soft thresholds on wavelet coefficients, one a scale by BayesShrink; the mean over four shifts by a pixel."""

    title = "Wavelet"
    summary = "The picture is taken apart into details of each size, and details no stronger than the noise go."
    reference = "Chang, Yu and Vetterli 2000; Coifman and Donoho 1995"

    def denoise(self, image: Num[np.ndarray, "c h w"], sigma: float) -> Float[np.ndarray, "c h w"]:
        from skimage.restoration import denoise_wavelet

        smallest = min(image.shape[1:])
        if smallest < 2:
            return image.astype(np.float32)  # nothing to compare a pixel with
        wavelet = "db2" if smallest >= 8 else "haar"  # the shorter one fits into any picture

        def cleaned(plane: np.ndarray) -> np.ndarray:
            return denoise_wavelet(plane, sigma=sigma, wavelet=wavelet, rescale_sigma=False)

        shifts = [(0, 0), (0, 1), (1, 0), (1, 1)]
        planes = [
            np.mean([np.roll(cleaned(np.roll(plane, (y, x), (0, 1))), (-y, -x), (0, 1)) for y, x in shifts], axis=0)
            for plane in image.astype(np.float64)
        ]
        return np.stack(planes).astype(np.float32)


REGISTRY: dict[str, Denoiser] = {
    "median": Median(),
    "bilateral": Bilateral(),
    "total-variation": TotalVariation(),
    "non-local-means": NonLocalMeans(),
    "wavelet": Wavelet(),
}
"""Classical methods by name; a new one is a class above and a line here."""


TUNING_FACTORS = (0.35, 0.5, 0.7, 1.0, 1.4, 2.0)
"""Strengths tried in tuning, as multiples of the noise's own size."""


@dataclass(frozen=True)
class Tuned:
    """A classical method at the strength that did best on tuning images.

    Args:
        name: in ``REGISTRY``.
        sigma: what it is told the noise level is, which sets its strength.
        psnr: mean over the tuning images, in dB; not a number where their clean versions were not known.
    """

    name: str
    sigma: float
    psnr: float = float("nan")

    @property
    def title(self) -> str:
        return REGISTRY[self.name].title

    def denoise(self, x_noisy: Num[np.ndarray, "n c h w"]) -> Float[np.ndarray, "n c h w"]:
        """(N, C, H, W) noisy -> (N, C, H, W) float32, clipped to [0, 1] as a model's pictures are."""
        return _denoise_all(REGISTRY[self.name], x_noisy, self.sigma)


def tune(x: Num[np.ndarray, "n c h w"], x_noisy: Num[np.ndarray, "n c h w"]) -> Tuned:
    """The best of ``tune_each``: the classical method and strength with the highest mean PSNR.

    Raises:
        ValueError: the shapes differ.
    """
    return max(tune_each(x, x_noisy), key=lambda tuned: tuned.psnr)


def tune_each(x: Num[np.ndarray, "n c h w"], x_noisy: Num[np.ndarray, "n c h w"]) -> list[Tuned]:
    """Each classical method at the strength with the highest mean PSNR on images whose clean versions are known.

    A trained model has seen what the noise is like; a classical method gets the same chance here. Tune on other images
    than those it is assessed on.

    Args:
        x, x_noisy: (N, C, H, W) clean and noisy, N >= 1; a few dozen are enough.

    Raises:
        ValueError: the shapes differ.
    """
    clean = as_float(x)
    # Below this level there is nothing to remove, and no method takes a level of 0.
    size = max(1e-3, float(metrics.mse(clean, as_float(x_noisy)).mean().sqrt()))
    best = []
    for name, method in REGISTRY.items():
        tried = []
        for sigma in (factor * size for factor in TUNING_FACTORS):
            x_hat = as_float(_denoise_all(method, x_noisy, sigma))
            tried.append(Tuned(name, sigma, float(metrics.psnr(clean, x_hat).mean())))
        best.append(max(tried, key=lambda tuned: tuned.psnr))
    return best


def _denoise_all(method: Denoiser, x_noisy: np.ndarray, sigma: float) -> np.ndarray:
    cleaned = [method.denoise(image, sigma) for image in as_float(x_noisy).numpy()]
    return np.clip(np.stack(cleaned), 0, 1)


def timed(function: Callable[[], np.ndarray]) -> Denoised:
    """Call a denoising and note how long it took."""
    start = time.perf_counter()
    image = function()
    return Denoised(image, time.perf_counter() - start)
