"""Tiles: nothing of them is seen in the result, every pixel is done once, and the work can be watched and stopped."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer import denoising
from explorer.checkpoints import Checkpoint
from explorer.core.errors import DataError
from explorer.denoising.photo import tiles

MakeDenoiser = Callable[..., Checkpoint]


def noisy(channels: int, height: int, width: int) -> np.ndarray:
    return np.random.default_rng(0).random((channels, height, width), dtype=np.float32)


@pytest.mark.parametrize(("height", "width"), [(331, 260), (256, 256), (100, 402)])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.slow
def test_tiled_is_whole(random_denoiser: MakeDenoiser, channels: int, height: int, width: int) -> None:
    checkpoint, y = random_denoiser(channels), noisy(channels, height, width)
    whole = denoising.denoise_photo(checkpoint, y, 0.1, tile=4096)
    tiled = denoising.denoise_photo(checkpoint, y, 0.1, tile=64)
    assert np.abs(whole - y).max() > 0.1
    assert np.abs(tiled - whole).max() < 1e-5


@pytest.mark.slow
def test_a_map_of_levels_is_cut_like_the_picture(random_denoiser: MakeDenoiser) -> None:
    checkpoint, y = random_denoiser(), noisy(1, 200, 150)
    level = np.linspace(0, 0.3, 200 * 150, dtype=np.float32).reshape(200, 150)
    whole = denoising.denoise_photo(checkpoint, y, level, tile=4096)
    np.testing.assert_allclose(denoising.denoise_photo(checkpoint, y, level, tile=64), whole, atol=1e-5)
    assert np.abs(whole - denoising.denoise_photo(checkpoint, y, 0.15)).max() > 1e-3


@given(
    height=st.integers(1, 300),
    width=st.integers(1, 300),
    size=st.integers(1, 200),
    margin=st.integers(0, 60),
    multiple=st.sampled_from([1, 4, 8]),
)
@pytest.mark.slow
def test_tiles_cover_every_pixel_once_and_see_their_surroundings(
    height: int, width: int, size: int, margin: int, multiple: int
) -> None:
    times = np.zeros((height, width), int)
    for tile in tiles(height, width, size, margin, multiple):
        times[tile.kept] += 1
        for side, seen, kept, inner in zip((height, width), tile.seen, tile.kept, tile.inner, strict=True):
            assert seen.start % multiple == 0
            assert seen.start == 0 or kept.start - seen.start >= margin
            assert seen.stop == side or seen.stop - kept.stop >= margin
            assert (seen.start + inner.start, seen.start + inner.stop) == (kept.start, kept.stop)
    assert (times == 1).all()


def test_a_grey_model_takes_colours_one_by_one(random_denoiser: MakeDenoiser) -> None:
    checkpoint, y = random_denoiser(1), noisy(3, 40, 56)
    each = np.concatenate([denoising.denoise_photo(checkpoint, plane[None], 0.1) for plane in y])
    np.testing.assert_array_equal(denoising.denoise_photo(checkpoint, y, 0.1), each)


def test_fast_is_nearly_the_same(random_denoiser: MakeDenoiser) -> None:
    y = noisy(3, 90, 70)
    exact, fast = (denoising.denoise_photo(random_denoiser(3), y, 0.1, fast=fast) for fast in (False, True))
    assert fast.dtype == np.float32
    assert 0 < np.abs(fast - exact).max() < 0.02 * np.abs(exact - y).max()


def test_bytes_are_values_out_of_255(random_denoiser: MakeDenoiser) -> None:
    y = (255 * noisy(1, 20, 30)).astype(np.uint8)
    of_bytes = denoising.denoise_photo(random_denoiser(), y, 0.1)
    np.testing.assert_allclose(of_bytes, denoising.denoise_photo(random_denoiser(), y / np.float32(255), 0.1))


@pytest.mark.slow
def test_progress_counts_the_tiles_and_an_exception_in_it_stops(random_denoiser: MakeDenoiser) -> None:
    seen: list[float] = []
    y = noisy(1, 300, 300)
    denoising.denoise_photo(random_denoiser(), y, 0.1, lambda share, _: seen.append(share), tile=64)
    assert len(seen) > 4
    assert seen == sorted(seen)
    assert seen[-1] == 1

    def stop(share: float, _: str) -> None:
        seen.append(share)
        raise InterruptedError

    seen.clear()
    with pytest.raises(InterruptedError):
        denoising.denoise_photo(random_denoiser(), y, 0.1, stop, tile=64)
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("y", "sigma", "message"),
    [
        (np.zeros((20, 20)), 0.1, "shape"),
        (np.zeros((2, 20, 20)), 0.1, "shape"),
        (np.zeros((1, 0, 20)), 0.1, "shape"),
        (np.full((1, 9, 9), np.nan), 0.1, "finite"),
        (np.zeros((1, 9, 9)), -0.1, "level"),
        (np.zeros((1, 9, 9)), np.inf, "level"),
        (np.zeros((1, 9, 9)), np.zeros((9, 8)), "level"),
    ],
)
def test_what_cannot_be_denoised_says_why(
    random_denoiser: MakeDenoiser, y: np.ndarray, sigma: float, message: str
) -> None:
    with pytest.raises(DataError, match=message) as caught:
        denoising.denoise_photo(random_denoiser(), y, sigma)
    assert caught.value.hint


def test_models_and_pictures_that_do_not_go_together(
    random_denoiser: MakeDenoiser, digits_autoencoder: Checkpoint
) -> None:
    with pytest.raises(DataError, match="grey"):
        denoising.denoise_photo(random_denoiser(3), noisy(1, 20, 20), 0.1)
    with pytest.raises(DataError, match="one size"):
        denoising.denoise_photo(digits_autoencoder, noisy(1, 20, 20), 0.1)
    assert denoising.is_photo_denoiser(random_denoiser())
    assert not denoising.is_photo_denoiser(digits_autoencoder)
