"""Methods beside a model's result: on which square each is tuned and assessed."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.metrics import peak_signal_noise_ratio

from explorer.denoising import REGISTRY, Tuned, beside


def test_squares_lie_side_by_side_in_the_middle() -> None:
    first, second = beside.squares(500, 800)
    assert (first[1], first[2]) == (slice(154, 346), slice(208, 400))
    assert (second[1], second[2]) == (slice(154, 346), slice(400, 592))
    narrow = beside.squares(20, 33)
    assert [square[2].stop - square[2].start for square in narrow] == [16, 16], "no wider than half of the picture"


def test_a_result_is_assessed_on_the_second_square_and_strengths_come_from_the_first() -> None:
    """Noise on one of the squares alone: scikit-image's PSNR of the second, and weak or strong methods by the first."""
    rng = np.random.default_rng(0)
    clean = np.tile(np.linspace(0.2, 0.8, 64, dtype=np.float32), (1, 64, 1))
    first, second = beside.squares(64, 64)
    noisy = clean.copy()
    noisy[second] += rng.normal(0, 0.1, noisy[second].shape).astype(np.float32)
    denoised = clean + 0.01
    rows = beside.scored(clean, noisy, denoised, 0.1, [Tuned("median", 0.1)])
    by_title = {row.title: row.psnr for row in rows}
    median = np.clip(REGISTRY["median"].denoise(noisy[second], 0.1), 0, 1)
    expected = {
        beside.MODEL: peak_signal_noise_ratio(clean[second], denoised[second], data_range=1),
        REGISTRY["median"].title: peak_signal_noise_ratio(clean[second], median, data_range=1),
    }
    assert by_title == pytest.approx(expected, rel=1e-4)
    assert [row.psnr for row in rows] == sorted(by_title.values(), reverse=True)
    noisy[first] += rng.normal(0, 0.2, noisy[first].shape).astype(np.float32)
    strong = {one.name: one.sigma for one in beside.tuned_on(noisy, clean)}
    noisy[first] = clean[first] + rng.normal(0, 0.02, noisy[first].shape).astype(np.float32)
    weak = {one.name: one.sigma for one in beside.tuned_on(noisy, clean)}
    assert all(weak[name] < strong[name] for name in ("wavelet", "total-variation") if name in weak)
    assert {*weak} == {*REGISTRY}


def test_hidden_pixels_rank_methods_on_the_second_square() -> None:
    """A model that gives the clean picture predicts best, and its error is the noise's own variance there."""
    rng = np.random.default_rng(1)
    clean = np.tile(np.linspace(0.2, 0.8, 96, dtype=np.float32), (1, 96, 1))
    noisy = clean + rng.normal(0, 0.1, clean.shape).astype(np.float32)
    second = beside.squares(96, 96)[1]
    rows = beside.ranked(
        lambda y: clean[second][:, : y.shape[1], : y.shape[2]], noisy, 0.1, beside.tuned_on(noisy, size=0.1)
    )
    assert rows[0].title == beside.MODEL
    assert rows[0].loss == pytest.approx(0.01, rel=0.1)
    assert [row.loss for row in rows] == sorted(row.loss for row in rows)
