"""Whether a denoised picture can be trusted, assessed without the clean one.

Three questions: was the noise what the model was trained to remove, is what was removed noise and nothing else, and
how far from the clean picture is the result likely to be, and where?
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from jaxtyping import Bool, Float, Num

from explorer.core.intervals import Interval
from explorer.core.row_samples import spread_sample
from explorer.denoising.noise_level import MAX_VALUES, NoisyPicture, estimate_noise, rounding_error

Verdict = Literal["trust", "check these regions", "outside what this model was trained on"]
Cleaner = Callable[[np.ndarray], np.ndarray]
"""(C, H, W) noisy -> (C, H, W) denoised: one method at one strength."""

BLOCK = 32
"""Side of the regions that are assessed, in pixels."""
LAGS = ((0, 1), (1, 0), (1, 1), (1, -1), (0, 2), (2, 0))
"""Neighbours (rows, columns away) that noise has nothing to do with."""
POOR = 0.75
"""A region is to be checked where this share of the noise's size is expected to remain as error."""
POOR_SHARE = 0.02
"""Of all regions, from which on the picture is not simply trusted."""
WILD_SHARE, WILD, LEAST_WILD = 0.003, 4.0, 10 / 255
"""More than this share of the residual beyond so many standard deviations is not Gaussian; smaller ones are detail."""
SLOPE, SLOPE_CERTAINTY = 0.5, 5.0
"""How much of the noise's variance may grow with brightness, if it is so many standard errors from none."""
DEPENDENCE = 4
COARSE_STEP = 1.5 / 255
"""Between values that occur; pictures of 8 bits and more have smaller ones."""
LEVEL_SLACK = 0.2
"""How far the level that was set may be from the one that is found, beyond the latter's uncertainty."""
CALIBRATION = 1.1
"""True squared error over the expected one: a trained network is not quite the mean of all clean pictures. On the
validation photos of the grey model it is 1.09 to 1.14 at levels from 5 to 70."""
JPEG = "The photo was saved as JPEG, which changed its noise in blocks of 8x8 pixels."
PHOTONS = "The noise differs between dark and bright places, as photon noise does."
"""The reason that ``denoise_poisson`` is the answer to."""
PROBE = 0.05
"""Size of the change that shows how the result depends on the noise, in noise levels."""
MASK_STEP = 4


@dataclass(frozen=True, eq=False)
class NoReferenceQuality:
    """What speaks for and against a denoised picture. Maps are (rows, columns) of regions of ``BLOCK`` pixels.

    Args:
        sigma: the noise level that the model was told, in units where white is 1.
        noise: the noise level of the noisy picture, as estimated.
        left: the noise level of the result, as estimated.
        psnr: expected PSNR of the result in dB.
        expected_error: expected root mean squared error of each region, in units where white is 1.
        structure: mean correlation of neighbouring pixels of what was removed, in [0, 1]; of noise it is near 0.
        self_supervised: root mean squared error of predicting pixels from their surroundings alone, noise taken off.
        regions: those to be checked.
        verdict: in short.
        reasons: one sentence each.
    """

    sigma: float
    noise: Interval
    left: float
    psnr: float
    expected_error: Float[np.ndarray, "rows columns"]
    structure: Float[np.ndarray, "rows columns"]
    self_supervised: float
    regions: Bool[np.ndarray, "rows columns"]
    verdict: Verdict
    reasons: tuple[str, ...]

    @property
    def figures(self) -> dict[str, Any]:
        """Plain values by name, for tables and JSON; noise levels in grey levels of 255."""
        return {
            "estimated_sigma": 255 * self.noise.value,
            "estimated_sigma_low": 255 * self.noise.low,
            "estimated_sigma_high": 255 * self.noise.high,
            "noise_left": 255 * self.left,
            "expected_psnr": self.psnr,
            "structure_removed": float(self.structure.mean()),
            "self_supervised_error": 255 * self.self_supervised,
            "verdict": self.verdict,
            "reasons": " ".join(self.reasons),
            "share_to_check": float(self.regions.mean()),
        }

    def for_photo(self, growth: Float[np.ndarray, "h w"]) -> NoReferenceQuality:
        """With the expected PSNR of the photo itself, where squared errors are so many times as large as here."""
        squares = np.square(self.expected_error) * region_means(growth)
        mean = np.average(squares, weights=region_means(np.ones_like(growth), np.sum))
        return replace(self, psnr=-10 * float(np.log10(mean)))


def no_reference_quality(
    clean: Cleaner,
    picture: NoisyPicture,
    denoised: Float[np.ndarray, "c h w"],
    sigma: float,
    sigma_max: float = 1.0,
    seed: int = 0,
) -> NoReferenceQuality:
    """Assess a result; takes two more runs of the method.

    Args:
        clean: the method that was used, at its strength.
        picture: what was cleaned.
        denoised: (C, H, W), ``clean(picture.image)``.
        sigma: the noise level that the method was told, in the same units.
        sigma_max: the highest level that it was made for.
        seed: of the probes.
    """
    noisy = picture.image
    errors = expected_errors(clean, noisy, denoised, sigma, seed).mean(0) * np.float32(CALIBRATION)
    expected = np.sqrt(np.maximum(region_means(errors), 0))
    regions = expected > POOR * sigma if sigma > 0 else np.zeros(expected.shape, bool)
    loss = self_supervised_loss(clean, noisy, seed)
    residual = noisy - denoised
    rounding = rounding_error(picture.step, sigma)
    against = [
        *_noise_reasons(picture, sigma, sigma_max),
        *_residual_reasons(denoised, residual, picture.noise, expected),
        *_rounding_reasons(picture.step, rounding, float(errors.mean())),
    ]
    verdict, reasons = _verdict(against, _setting_reasons(picture.noise, sigma), regions)
    return NoReferenceQuality(
        sigma=sigma,
        noise=picture.noise,
        left=estimate_noise(denoised).value,
        psnr=-10 * float(np.log10(max(errors.mean() + rounding, 1e-12))),
        expected_error=expected,
        structure=structure_map(residual),
        self_supervised=float(np.sqrt(max(0.0, loss - sigma**2))),
        regions=regions,
        verdict=verdict,
        reasons=reasons,
    )


# --- Expected error ---------------------------------------------------------------------------------------------------


def expected_errors(
    clean: Cleaner, noisy: Float[np.ndarray, "c h w"], denoised: Float[np.ndarray, "c h w"], sigma: float, seed: int = 0
) -> Float[np.ndarray, "c h w"]:
    r"""(C, H, W) squared error to be expected at each pixel; means over many pixels are what counts.

    If $f(y)$ is the mean of all clean pictures that the noisy one may come from, then $\sigma^2\, \partial f_i(y) /
    \partial y_i$ is their variance at pixel i: where the result follows the noise, it is unsure. The derivative is
    taken along a random probe. Stein's estimate would need no such assumption, but it is a small difference of large
    numbers: with a level that is off by a hundredth it was off by 1 dB and more at high noise (docs/decisions.md).

    Source: Efron 2011, equation 2.8 (Tweedie's formula); Ramani, Blu and Unser 2008 (the probe).
    """
    if sigma == 0:
        return np.zeros_like(noisy)
    # Small and in place, since a photo may have tens of millions of values.
    signs = np.random.default_rng(seed).integers(0, 2, noisy.shape, dtype=np.int8)
    signs *= 2
    signs -= 1
    step = np.float32(PROBE * sigma)
    errors = clean(noisy + step * signs)
    errors -= denoised
    errors *= signs
    errors *= np.float32(sigma**2) / step
    return errors


def self_supervised_loss(clean: Cleaner, noisy: Float[np.ndarray, "c h w"], seed: int = 0) -> float:
    """Mean of ``self_supervised_errors``."""
    return float(self_supervised_errors(clean, noisy, seed).mean())


def self_supervised_errors(
    clean: Cleaner, noisy: Float[np.ndarray, "c h w"], seed: int = 0, draw: int = 0
) -> Float[np.ndarray, "c h2 w2"]:
    """Squared error of predicting noisy pixels that the method cannot see, from those around them; (C, h, w) of them.

    The method sees the picture with every 16th pixel replaced by the mean of its neighbours. Noise that differs from
    pixel to pixel cannot be predicted, so the mean is the noise's variance plus the squared error of the prediction.
    No noise level is needed: of several methods or strengths, the one with the lowest mean is best at predicting. The
    same pixels are hidden from each, so that they can be compared pixel by pixel.

    Args:
        clean: the method at its strength.
        noisy: (C, H, W) float.
        seed: of the order of the 16 sets of pixels.
        draw: which of them is hidden, from 0 to 15; no two share a pixel.

    Source: Batson and Royer 2019 (J-invariance), equation 3.
    """
    order = np.random.default_rng(seed).permutation(MASK_STEP**2)
    first = np.minimum(divmod(int(order[draw]), MASK_STEP), np.subtract(noisy.shape[1:], 1))
    hidden = (slice(None), slice(first[0], None, MASK_STEP), slice(first[1], None, MASK_STEP))
    padded = np.pad(noisy, ((0, 0), (1, 1), (1, 1)), mode="edge")
    above, below, left, right = padded[:, :-2, 1:-1], padded[:, 2:, 1:-1], padded[:, 1:-1, :-2], padded[:, 1:-1, 2:]
    masked = np.array(noisy, np.float32)
    masked[hidden] = (above[hidden] + below[hidden] + left[hidden] + right[hidden]) / 4
    return np.square(clean(masked)[hidden] - noisy[hidden], dtype=np.float64)


# --- What was removed ----------------------------------------------------------------------------------------------


def structure_map(residual: Float[np.ndarray, "c h w"]) -> Float[np.ndarray, "rows columns"]:
    """Mean absolute correlation of neighbours in each region of (C, H, W), less what chance makes of pure noise.

    Returns:
        (rows, columns) in [0, 1].
    """
    height, width = residual.shape[1:]
    squares = []
    for plane in residual:
        # Single precision, since a photo may have tens of millions of values.
        centred = plane - _to_pixels(region_means(plane).astype(np.float32), height, width)
        variance = np.maximum(region_means(centred**2), 1e-20)
        for lag in LAGS:
            product = centred * np.roll(centred, (-lag[0], -lag[1]), (0, 1))
            squares.append(np.square(region_means(product) / variance))
    counts = region_means(np.ones((height, width)), np.sum)
    return np.sqrt(np.clip(np.mean(squares, axis=0) - 1 / counts, 0, 1))


def region_means(
    plane: Num[np.ndarray, "h w"], reduce: Callable[..., np.ndarray] = np.nanmean
) -> Float[np.ndarray, "rows columns"]:
    """(H, W) -> (rows, columns): the mean of each region; those at the right and below may be smaller."""
    height, width = plane.shape
    missing = ((0, -height % BLOCK), (0, -width % BLOCK))
    fill = 0.0 if reduce is np.sum else np.nan
    padded = np.pad(plane.astype(np.float64), missing, constant_values=fill)
    rows, columns = (side // BLOCK for side in padded.shape)
    return reduce(padded.reshape(rows, BLOCK, columns, BLOCK), axis=(1, 3))


def _to_pixels(blocks: np.ndarray, height: int, width: int) -> np.ndarray:
    """Each region's value at all of its pixels."""
    return blocks.repeat(BLOCK, 0).repeat(BLOCK, 1)[:height, :width]


# --- The verdict ------------------------------------------------------------------------------------------------------


def _noise_reasons(picture: NoisyPicture, sigma: float, sigma_max: float) -> list[str]:
    """Reasons, from the noisy picture alone, to doubt that its noise is of the kind and level of training."""
    reasons, level = [], max(picture.noise.low, sigma)
    if level > 1.02 * sigma_max:
        limit = f"the {255 * sigma_max:.0f} that training went up to"
        reasons.append(f"The noise level, {255 * level:.0f} of 255, is above {limit}.")
    if picture.was_jpeg:
        reasons.append(JPEG)
    if picture.is_correlated:
        reasons.append("The noise of neighbouring pixels is alike, as after scaling or in a JPEG file.")
    return reasons


def _residual_reasons(denoised: np.ndarray, residual: np.ndarray, noise: Interval, expected: np.ndarray) -> list[str]:
    """A reason, from what was removed, to doubt that the noise is Gaussian and of one size, as in training."""
    # Near black and white, files clip the noise.
    inside = (denoised > 0.15) & (denoised < 0.85)
    if inside.sum() < BLOCK**2:
        return []
    values = _thinned(residual[inside])
    # What detail is taken away makes the residual's own spread smaller than the noise.
    size = max(noise.value, np.median(np.abs(values)) * 1.4826, 1e-6)
    if np.mean(np.abs(values) > max(LEAST_WILD, WILD * size)) > WILD_SHARE:
        return ["Single pixels are far off, as with salt and pepper noise."]
    # Where detail is as fine as the noise, less of the noise is taken away, whatever the brightness.
    inside &= _to_pixels(expected <= np.median(expected), *denoised.shape[1:])
    if inside.sum() >= BLOCK**2 and _grows_with_brightness(_thinned(denoised[inside]), _thinned(residual[inside])):
        return [PHOTONS]
    return []


def _thinned(values: np.ndarray) -> np.ndarray:
    """At most ``MAX_VALUES`` of the (n,) values; of arrays of one length, the same places."""
    return spread_sample(values, MAX_VALUES)


def _grows_with_brightness(brightness: np.ndarray, residual: np.ndarray) -> bool:
    """Whether the residual's variance depends on brightness, by a line through the squares of (n,) pixels."""
    squares = np.square(residual, dtype=np.float64)
    x = brightness - brightness.mean(dtype=np.float64)
    variation = np.square(x).sum()
    if variation == 0:
        return False
    slope = (x * squares).sum() / variation
    rest = squares - squares.mean() - slope * x
    # Residuals of neighbours hang together where something was taken for noise, so each counts for less than one.
    error = np.sqrt(np.square(rest).mean() / variation * DEPENDENCE)
    share = abs(slope) * 0.5 / max(squares.mean(), 1e-20)
    return bool(share > SLOPE and abs(slope) > SLOPE_CERTAINTY * error)


def _setting_reasons(noise: Interval, sigma: float) -> list[str]:
    """Reasons to doubt the level that was set."""
    if (1 - LEVEL_SLACK) * noise.low <= sigma <= (1 + LEVEL_SLACK) * noise.high:
        return []
    risk = "detail may be gone" if sigma > noise.value else "noise may be left"
    return [f"The level was set to {255 * sigma:.0f}, and the picture seems to have {255 * noise.value:.0f}: {risk}."]


def _rounding_reasons(step: float, rounding: float, error: float) -> list[str]:
    """A reason to doubt a picture of few values, whose steps are no noise and stay."""
    if step < COARSE_STEP or rounding < error:
        return []
    return [f"The picture has few values: steps of {255 * step:.0f} of 255 are no noise, and stay."]


def _verdict(outside: list[str], setting: list[str], regions: np.ndarray) -> tuple[Verdict, tuple[str, ...]]:
    if outside:
        return "outside what this model was trained on", tuple(outside)
    poor = []
    if regions.mean() > POOR_SHARE:
        share = f"{regions.mean():.0%} of the picture"
        poor.append(
            f"In {share}, detail is as fine as the noise: most of the error that noise made is expected to stay."
        )
    if setting or poor:
        return "check these regions", (*setting, *poor)
    return "trust", ("The noise is of the kind and level that was trained on, and its removal left no trace.",)
