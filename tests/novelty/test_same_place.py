"""A defect stands beside what the normal image that is nearest to it there has at the same place."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.novelty.same_place import AROUND, LEAST, same_place

RNG = np.random.default_rng(0)


def test_the_nearest_is_that_of_the_place_and_not_of_the_whole() -> None:
    examples = RNG.integers(0, 256, (5, 3, 90, 120), np.uint8)
    image = examples[1].copy()
    image[:, 30:80, 40:100] = examples[3, :, 30:80, 40:100]
    own = np.zeros((90, 120), np.float32)
    own[45:55, 60:75] = 2
    own[5, 5] = 1.5
    place = same_place(image, own, 1.0, examples, tuple("abcde"))
    assert (place.example, place.name, place.distance) == (3, "d", 0.0)
    assert place.defect == (45, 60, 10, 15)
    top, left, height, width = place.box
    assert (height, width) == (LEAST, round(15 * (1 + 2 * AROUND)))
    assert top <= 45 < 55 <= top + height
    assert left <= 60 < 75 <= left + width
    np.testing.assert_array_equal(place.item, image[:, top : top + height, left : left + width])
    np.testing.assert_array_equal(place.normal, examples[3, :, top : top + height, left : left + width])


@pytest.mark.parametrize("peak", [(0, 0), (89, 119), (40, 60)])
def test_without_a_defect_the_place_with_the_most_heat_is_shown_within_the_image(peak: tuple[int, int]) -> None:
    examples = RNG.random((4, 1, 90, 120)).astype(np.float32)
    image = RNG.random((1, 90, 120)).astype(np.float32)
    own = np.zeros((90, 120), np.float32)
    own[peak] = 0.5
    place = same_place(image, own, 1.0, examples)
    top, left, height, width = place.box
    assert place.defect is None
    assert place.name == ""
    assert (height, width) == (LEAST, LEAST)
    assert 0 <= top <= peak[0] < top + height <= 90
    assert 0 <= left <= peak[1] < left + width <= 120
    rest = np.sqrt(np.square(examples - image)[:, :, top : top + height, left : left + width].mean((1, 2, 3)))
    assert place.example == rest.argmin()
    assert place.distance == pytest.approx(rest.min(), rel=1e-5)
