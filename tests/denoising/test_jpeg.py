"""A picture that went through a JPEG file is told from one that did not."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from explorer.denoising import NoisyPicture
from explorer.denoising.jpeg import TRACE, jpeg_trace
from explorer.denoising.no_reference import JPEG, no_reference_quality
from tests.denoising.conftest import with_noise


def through_jpeg(x: np.ndarray, quality: int) -> np.ndarray:
    planes = np.rint(np.clip(x, 0, 1) * 255).astype(np.uint8)
    out = io.BytesIO()
    Image.fromarray(planes[0] if len(planes) == 1 else planes.transpose(1, 2, 0)).save(out, "JPEG", quality=quality)
    again = np.asarray(Image.open(out), np.float32) / 255
    return again[None] if again.ndim == 2 else again.transpose(2, 0, 1)


@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize("level", [5, 25, 60])
def test_white_noise_leaves_no_trace(photo: np.ndarray, level: float, colour: bool) -> None:
    x = photo if colour else photo[:1]
    assert jpeg_trace(with_noise(x, level)) < 0.03
    assert jpeg_trace(np.rint(255 * np.clip(with_noise(x, level), 0, 1)) / 255) < 0.03


@pytest.mark.parametrize("colour", [False, True])
@pytest.mark.parametrize(("level", "quality"), [(10, 60), (10, 85), (25, 40), (25, 60), (25, 75), (50, 60)])
def test_a_jpeg_file_is_seen_wherever_the_picture_is_cut(
    photo: np.ndarray, level: float, quality: int, colour: bool
) -> None:
    y = through_jpeg(with_noise(photo if colour else photo[:1], level), quality)
    for down, right in ((0, 0), (3, 5)):
        assert jpeg_trace(y[:, down:, right:]) > TRACE


def test_too_small_and_even_pictures_have_no_trace() -> None:
    assert jpeg_trace(np.zeros((1, 63, 200), np.float32)) == 0
    assert jpeg_trace(np.full((3, 90, 90), 0.5, np.float32)) == 0


def test_the_verdict_says_so(grey: np.ndarray) -> None:
    from scipy import ndimage

    def blur(y: np.ndarray) -> np.ndarray:
        return ndimage.gaussian_filter(y, (0, 1, 1))

    for y, expected in ((with_noise(grey, 25), False), (through_jpeg(with_noise(grey, 25), 60), True)):
        quality = no_reference_quality(blur, NoisyPicture(y), blur(y), 25 / 255, 75 / 255)
        assert (JPEG in quality.reasons) == expected
        if expected:
            assert quality.verdict == "outside what this model was trained on"
