"""A visitor's picture in a model's format: against Pillow, and round trips of digits that were made unlike MNIST's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from explorer import data
from explorer.core.errors import DataError
from explorer.io import user_image, user_image_style
from explorer.io.user_image import Options
from explorer.io.user_image_style import Style

MNIST = Style(0.0, 20 / 28, "mass")
FRAME = (1, 28, 28)


@pytest.fixture(scope="module")
def digits() -> np.ndarray:
    """(20, 1, 28, 28) in [0, 1], two of each class."""
    dataset = data.dataset("mnist-sample")
    labels = np.asarray(dataset.labels)
    rows = np.concatenate([np.flatnonzero(labels == label)[3:5] for label in range(10)])
    return dataset.x[rows].astype(np.float32) / 255


def noise(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random(shape, np.float32)


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


def by_pillow(plane: np.ndarray, size: tuple[int, int], box: tuple[float, float, float, float]) -> np.ndarray:
    """Pillow's antialiased bilinear resizing of a part of a picture."""
    return np.asarray(Image.fromarray(plane.astype(np.float32)).resize(size, Image.Resampling.BILINEAR, box=box))


@pytest.mark.parametrize(
    ("shape", "fit", "box"),
    [
        ((90, 60), "cut", (0, 15, 60, 75)),
        ((61, 120), "cut", (29.5, 0, 90.5, 61)),
        ((90, 60), "stretch", (0, 0, 60, 90)),
        ((5, 7), "stretch", (0, 0, 7, 5)),  # enlarged
        ((28, 28), "pad", (0, 0, 28, 28)),
    ],
)
def test_resizing_equals_pillow(shape: tuple[int, int], fit: user_image.Fit, box: tuple[float, ...]) -> None:
    picture = noise(1, *shape)
    item = user_image.convert(picture, FRAME, Options(fit=fit)).x[0]
    np.testing.assert_allclose(item, by_pillow(picture[0], (28, 28), box), atol=2e-6)  # type: ignore[arg-type]


def test_padding_shows_the_whole_picture_and_its_border_around_it() -> None:
    picture = noise(3, 40, 80)
    picture[:, 0] = picture[:, -1] = picture[:, :, 0] = picture[:, :, -1] = np.array([0.2, 0.5, 0.7])[:, None]
    item = user_image.convert(picture, (3, 20, 20), Options(fit="pad")).x
    for plane, part in zip(picture, item, strict=True):
        np.testing.assert_allclose(part[5:15], by_pillow(plane, (20, 10), (0, 0, 80, 40)), atol=2e-6)
    np.testing.assert_allclose(item[:, [*range(5), *range(15, 20)]].std(axis=(1, 2)), 0, atol=1e-6)
    np.testing.assert_allclose(item[:, 0, 0], [0.2, 0.5, 0.7], atol=1e-6)


def test_a_picture_in_the_models_format_stays_as_it_is(digits: np.ndarray) -> None:
    for digit in digits:
        choice = user_image_style.automatic(digit, FRAME, MNIST)
        item = user_image.convert(digit, FRAME, choice.options)
        np.testing.assert_array_equal(item.x, digit)
        assert item.steps == ()
        assert "taken as it is" in choice.reason


@pytest.mark.parametrize("width", [28, 27])
def test_content_fills_its_room_and_its_mass_lies_in_the_middle_pixel(width: int) -> None:
    picture = np.zeros((1, 200, 300), np.float32)
    picture[0, 30:150, 210:250] = 1
    picture[0, 130:150, 170:250] = 0.6  # a foot: the centre of mass is no longer the box's
    x = user_image.convert(picture, (1, 28, width), user_image_style.for_drawing(MNIST).options).x[0]
    rows_lit = np.flatnonzero((x > 0.5).any(axis=1))
    assert rows_lit[-1] - rows_lit[0] + 1 == pytest.approx(20, abs=1)
    centre = x.sum(axis=0) @ (np.arange(width) + 0.5) / x.sum(), x.sum(axis=1) @ (np.arange(28) + 0.5) / x.sum()
    assert centre == pytest.approx((width // 2 + 0.5, 14.5), abs=0.02)


def test_swapping_light_and_dark_is_one_minus() -> None:
    picture = noise(1, 28, 28)
    item = user_image.convert(picture, FRAME, Options(invert=True))
    np.testing.assert_allclose(item.x, 1 - picture, atol=1e-6)
    assert item.steps == ("light and dark swapped",)


def test_channels_are_converted_and_said() -> None:
    grey = user_image.convert(np.full((3, 28, 28), [[[0.2]], [[0.4]], [[0.6]]], np.float32), FRAME, Options())
    np.testing.assert_allclose(grey.x, 0.2 * 0.299 + 0.4 * 0.587 + 0.6 * 0.114, atol=1e-6)
    assert grey.steps == ("colour to greyscale",)
    assert user_image.convert(noise(1, 8, 8), (3, 8, 8), Options()).steps == ("greyscale to RGB",)


def as_photo(digit: np.ndarray, seed: int) -> np.ndarray:
    """A digit as dark ink on unevenly lit paper, off the middle, larger, with the camera's noise: (3, 300, 400)."""
    rng = np.random.default_rng(seed)
    ink = np.zeros((300, 400), np.float32)
    size = int(rng.integers(150, 230))
    top, left = int(rng.integers(10, 290 - size)), int(rng.integers(10, 390 - size))
    ink[top : top + size, left : left + size] = by_pillow(digit[0], (size, size), (0, 0, 28, 28))
    light = np.linspace(0.6, 0.95, 400)[None] * np.linspace(1.0, 0.85, 300)[:, None]
    paper = light * (1 - 0.75 * ink) + rng.normal(0, 0.015, ink.shape)
    colour = np.clip(paper[None] * np.array([1.0, 0.97, 0.9])[:, None, None], 0, 1)
    return (255 * colour).astype(np.uint8)


@pytest.mark.slow
def test_a_photo_of_ink_on_paper_becomes_the_digit_again(digits: np.ndarray) -> None:
    for seed, digit in enumerate(digits):
        photo = as_photo(digit, seed)
        choice = user_image_style.automatic(photo, FRAME, MNIST)
        assert choice.options == Options(invert=True, clear=True, crop=True, fit="pad", size=0.714, centre="mass")
        x = user_image.convert(photo, FRAME, choice.options).x
        assert np.abs(x[:, :2]).max() == 0, "paper must turn black"
        together = [correlation(x, other) for other in digits]
        assert np.argmax(together) == seed
        # MNIST puts a digit's mass within a pixel of the middle; a shift by half a pixel alone costs up to 0.1.
        assert together[seed] > 0.85, f"digit {seed}: {together[seed]:.2f}"
        # Without the steps it is another picture altogether.
        plain = user_image.convert(photo, FRAME, Options()).x
        assert correlation(plain, digit) < 0.3


def test_a_dark_drawing_on_white_needs_no_clearing(digits: np.ndarray) -> None:
    picture = 1 - np.kron(np.pad(digits[8], ((0, 0), (20, 5), (3, 30))), np.ones((1, 5, 5), np.float32))
    choice = user_image_style.automatic(picture, FRAME, MNIST)
    assert choice.options.invert
    assert not choice.options.clear
    x = user_image.convert(picture, FRAME, choice.options).x
    assert correlation(x, digits[8]) > 0.9


def test_where_the_border_does_not_tell_the_error_decides() -> None:
    picture = noise(1, 50, 50)
    sums: list[float] = []

    def error(x: np.ndarray) -> float:
        sums.append(float(x.sum()))
        return 100 - sums[-1]

    choice = user_image_style.automatic(picture, FRAME, MNIST, error)
    assert len(sums) == 2
    assert choice.options.invert == (sums[1] > sums[0])
    assert f"{100 - sums[0]:.3g}" in choice.reason
    assert f"{100 - sums[1]:.3g}" in choice.reason


@pytest.mark.parametrize("level", [0.1, 0.9])
def test_without_an_error_the_borders_median_decides(level: float) -> None:
    picture = np.clip(level + 0.5 * (noise(1, 50, 50) - 0.5), 0, 1)
    assert user_image_style.automatic(picture, FRAME, MNIST).options.invert == (level > 0.5)


def test_models_of_photos_get_the_middle() -> None:
    choice = user_image_style.automatic(noise(3, 50, 90), (3, 32, 32), Style())
    assert choice.options == Options(fit="cut")
    assert "cut" in choice.reason
    assert user_image_style.automatic(noise(3, 32, 32), (3, 32, 32), Style()).reason.endswith("taken as it is.")
    assert user_image_style.for_drawing(Style()).options == Options()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mnist-sample", Style(0.0, 20 / 28, "mass")),
        ("fashion-mnist-sample", Style(0.0, 1.0, "middle")),
        ("digits", Style(0.0, 1.0, "middle")),
        ("photo-patches", Style()),
    ],
)
def test_style_of_known_data(name: str, expected: Style) -> None:
    dataset = data.dataset(name)
    x = dataset.x[:: max(1, len(dataset) // 300)]
    assert user_image_style.style_of(x if x.dtype == np.uint8 else x / x.max()) == expected


def test_style_of_light_pictures_and_of_empty_ones(digits: np.ndarray) -> None:
    assert user_image_style.style_of(1 - digits).background == 1
    assert user_image_style.style_of(np.full((3, 1, 5, 5), 0.25, np.float32)) == Style(0.25)


def test_an_empty_drawing_stays_empty() -> None:
    for value in (0.0, 1.0):
        blank = np.full((1, 50, 50), value, np.float32)
        for options in (user_image_style.for_drawing(MNIST).options, Options(clear=True, crop=True, fit="pad")):
            np.testing.assert_array_equal(user_image.convert(blank, FRAME, options).x, value)


@settings(max_examples=60, deadline=None)
@given(
    n=st.integers(1, 20),
    start=st.floats(-30, 30),
    step=st.floats(0.05, 20),
    size=st.integers(1, 40),
)
def test_weights_are_means_inside_and_nothing_outside(n: int, start: float, step: float, size: int) -> None:
    weights = user_image._weights(n, start, step, size)
    assert weights.shape == (n, size)
    assert weights.min() >= 0
    centres = start + (np.arange(n) + 0.5) * step
    sums = np.where((centres >= 0) & (centres <= size), 1, 0)
    np.testing.assert_allclose(weights.sum(axis=1), sums, atol=1e-9)


@settings(max_examples=40, deadline=None)
@given(
    height=st.integers(1, 40),
    width=st.integers(1, 40),
    channels=st.sampled_from([1, 3]),
    frame=st.tuples(st.sampled_from([1, 3]), st.integers(1, 30), st.integers(1, 30)),
    options=st.builds(
        Options,
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.sampled_from(["pad", "cut", "stretch"]),
        st.floats(0.1, 1),
        st.sampled_from(["middle", "mass"]),
    ),
    seed=st.integers(0, 9),
)
def test_any_picture_becomes_an_item(
    height: int, width: int, channels: int, frame: tuple[int, int, int], options: Options, seed: int
) -> None:
    item = user_image.convert(noise(channels, height, width, seed=seed), frame, options)
    assert item.x.shape == frame
    assert item.x.dtype == np.float32
    assert np.isfinite(item.x).all()
    assert item.x.min() >= 0
    assert item.x.max() <= 1


def test_large_pictures_are_kept_smaller() -> None:
    picture = (255 * noise(3, 3000, 10)).astype(np.uint8)
    item = user_image.bounded(picture)
    assert (item.shape, item.dtype) == ((3, 1000, 3), np.uint8)
    expected = picture[:, :, :9].reshape(3, 1000, 3, 3, 3).mean(axis=(2, 4))
    np.testing.assert_allclose(item, expected, atol=0.5)
    assert user_image.bounded(item) is item
    deep = noise(1, 2, 2048)
    np.testing.assert_allclose(user_image.bounded(deep), deep.reshape(1, 1, 2, 1024, 2).mean(axis=(2, 4)), rtol=1e-5)


@pytest.mark.parametrize("shape", [(2, 5, 5), (1, 0, 5), (5, 5)])
def test_what_is_no_picture_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(DataError, match=r"shape|2 channels cannot become one of 1"):
        user_image.convert(np.zeros(shape, np.float32), FRAME, Options())
    with pytest.raises(DataError, match="not images"):
        user_image.convert(noise(1, 5, 5), (30,), Options())


@pytest.mark.parametrize("wrong", [{"fit": "bend"}, {"centre": "left"}, {"size": 0.0}, {"size": 1.5}, {"size": np.nan}])
def test_options_outside_their_range_are_refused(wrong: dict) -> None:
    with pytest.raises(DataError):
        Options(**wrong)
