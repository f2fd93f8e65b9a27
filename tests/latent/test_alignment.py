"""Maps of the same items are turned onto one another and no further."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import orthogonal_procrustes

from explorer.latent.alignment import plane_of, turned_onto

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_turned_and_mirrored_map_comes_back(mirrored: bool) -> None:
    places, angle = RNG.standard_normal((50, 2)), 2.1
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * [1, -1 if mirrored else 1]
    moved = places @ turn + [3, -4]
    back = (moved - moved.mean(0)) @ turned_onto(moved, places)
    np.testing.assert_allclose(back, places - places.mean(0), atol=1e-12)


def test_the_turn_is_scipys() -> None:
    places, before = RNG.standard_normal((2, 40, 2))
    expected, _ = orthogonal_procrustes(places - places.mean(0), before - before.mean(0))
    np.testing.assert_allclose(turned_onto(places, before), expected, atol=1e-12)


def test_codes_of_two_numbers_are_their_own_map_and_more_lie_by_their_widest_directions() -> None:
    two = RNG.standard_normal((9, 2))
    np.testing.assert_array_equal(plane_of(two), two)
    np.testing.assert_array_equal(plane_of(two[:, :1]), np.stack([two[:, 0], np.zeros(9)], axis=1))
    many = RNG.standard_normal((200, 5)) * [1, 10, 1, 5, 1]
    spread = plane_of(many).var(0, ddof=1)
    np.testing.assert_allclose(spread, np.sort(np.linalg.eigvalsh(np.cov(many.T)))[::-1][:2], rtol=1e-6)
