"""Classical methods beside a result on one picture: tuned on one square of it, assessed on the square beside that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Num

from explorer.denoising.classical import REGISTRY, Tuned, timed, tune_each
from explorer.denoising.items import compare
from explorer.denoising.no_reference import self_supervised_errors
from explorer.denoising.self_supervised import method_errors, tune_each_self_supervised
from explorer.models.photo import GREY_LEVELS

SIDE = 192
"""Of the two squares, in the middle of the picture, on which methods are tuned and assessed."""
SMALLEST = 16
"""Side of a picture that has room for two squares."""
DRAWS = 4
"""Sets of hidden pixels, each a sixteenth of all, on which methods are ranked."""
MODEL = "This model"
Square = tuple[slice, slice, slice]
Cleaner = Callable[[Float[np.ndarray, "c h w"]], Float[np.ndarray, "c h w"]]
Hide = Callable[[int], Float[np.ndarray, "c h w"]]
"""Which set of pixels is hidden -> squared errors of a method there."""


def squares(height: int, width: int) -> tuple[Square, Square]:
    """Two neighbouring squares in the middle of a picture (C, H, W): one to tune on, one to test on."""
    rows, columns = min(SIDE, height), min(SIDE, width // 2)
    top, left = (height - rows) // 2, (width - 2 * columns) // 2
    channels, down = slice(None), slice(top, top + rows)
    middle = left + columns
    return (channels, down, slice(left, middle)), (channels, down, slice(middle, middle + columns))


def tuned_on(
    noisy: Num[np.ndarray, "c h w"], clean: Num[np.ndarray, "c h w"] | None = None, size: float = 0.0
) -> list[Tuned]:
    """Each classical method at its best strength on the first square.

    Args:
        noisy: white is 1.
        clean: by which the strengths are chosen; None: by what predicts hidden pixels best.
        size: about the standard deviation of the noise, where the clean picture is not known.
    """
    square = squares(*noisy.shape[1:])[0]
    if clean is None:
        return tune_each_self_supervised(noisy[square], size)
    return tune_each(clean[square][None], noisy[square][None])


@dataclass(frozen=True)
class MethodResult:
    """One method on the square that it was not tuned on.

    Args:
        title: of the method.
        strength: noise level that it was told, in units where white is 1.
        psnr: in dB.
        ssim: at most 1.
        seconds_a_megapixel: that it took.
    """

    title: str
    strength: float
    psnr: float
    ssim: float
    seconds_a_megapixel: float


def scored(
    clean: Num[np.ndarray, "c h w"],
    noisy: Num[np.ndarray, "c h w"],
    denoised: Num[np.ndarray, "c h w"],
    strength: float,
    methods: Sequence[Tuned],
    seconds_a_megapixel: float = float("nan"),
) -> list[MethodResult]:
    """A model's result and those of the methods on the second square, by PSNR against the clean picture, best first.

    Args:
        denoised: the model's.
        strength: noise level that the model was told.
        methods: from ``tuned_on``.
        seconds_a_megapixel: that the model took.
    """
    square = squares(*noisy.shape[1:])[1]
    known, given = clean[square][None], noisy[square][None]
    megapixels = given.shape[2] * given.shape[3] / 1e6
    rows = [_result(MODEL, strength, known, given, denoised[square][None], seconds_a_megapixel)]
    for method in methods:
        cleaned = timed(lambda method=method: method.denoise(given))  # type: ignore[misc]
        rows.append(_result(method.title, method.sigma, known, given, cleaned.image, cleaned.seconds / megapixels))
    return sorted(rows, key=lambda row: -row.psnr)


def _result(
    title: str, strength: float, clean: np.ndarray, noisy: np.ndarray, cleaned: np.ndarray, seconds: float
) -> MethodResult:
    figures = compare(clean, noisy, cleaned)
    return MethodResult(title, strength, float(figures.psnr_after[0]), float(figures.ssim_after[0]), seconds)


@dataclass(frozen=True, eq=False)
class Guess:
    """One method on the square that it was not tuned on, where the clean picture is not known.

    Args:
        title: of the method.
        strength: noise level that it was told, in units where white is 1.
        errors: (C, h, w) squared errors of predicting hidden pixels, the noise in them.
        seconds_a_megapixel: that it took.
    """

    title: str
    strength: float
    errors: Float[np.ndarray, "c h w"]
    seconds_a_megapixel: float

    @property
    def loss(self) -> float:
        return float(self.errors.mean())

    @property
    def size(self) -> float:
        """Root mean square of the error with the noise in it, in grey levels."""
        return GREY_LEVELS * self.loss**0.5


def ranked(
    clean_with: Cleaner, noisy: Num[np.ndarray, "c h w"], strength: float, methods: Sequence[Tuned]
) -> list[Guess]:
    """A model and the methods on the second square, by the error of predicting hidden pixels, lowest first.

    Args:
        clean_with: the model, (C, H, W) noisy -> (C, H, W) without noise.
        strength: noise level that the model is told.
        methods: from ``tuned_on``.

    Source: Batson and Royer 2019 (J-invariance).
    """
    square = noisy[squares(*noisy.shape[1:])[1]]

    def by_model(draw: int) -> np.ndarray:
        return self_supervised_errors(lambda y: np.clip(clean_with(y), 0, 1), square, draw=draw)

    rows = [_guess(MODEL, strength, by_model, square)]
    for one in methods:

        def by_method(draw: int, one: Tuned = one) -> np.ndarray:
            return method_errors(REGISTRY[one.name], one.sigma, square, draw=draw)

        rows.append(_guess(one.title, one.sigma, by_method, square))
    return sorted(rows, key=lambda row: row.loss)


def _guess(title: str, strength: float, hide: Hide, square: np.ndarray) -> Guess:
    errors = timed(lambda: np.hstack([hide(draw) for draw in range(DRAWS)]))
    megapixels = square.shape[1] * square.shape[2] / 1e6
    return Guess(title, strength, errors.image, errors.seconds / DRAWS / megapixels)
