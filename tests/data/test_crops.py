"""Random crops: real pieces of the image, every place and every turn alike, the same for the same seed."""

from __future__ import annotations

from collections import Counter

import pytest
import torch

from explorer.data.crops import Crops


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_every_place_is_as_likely() -> None:
    image = torch.arange(5 * 7, dtype=torch.int64).view(1, 1, 5, 7)
    cut = Crops(3)(image.expand(6000, -1, -1, -1), generator())
    assert cut.shape == (6000, 1, 3, 3)
    places = {
        int(image[0, 0, top, left]): image[0, 0, top : top + 3, left : left + 3]
        for top in range(3)
        for left in range(5)
    }
    counts = Counter(cut[:, 0, 0, 0].tolist())
    assert set(counts) == set(places)
    # 400 of each are expected, with a standard deviation of 19.
    assert all(310 < count < 490 for count in counts.values())
    for crop in cut[:50, 0]:
        assert torch.equal(crop, places[int(crop[0, 0])])


def test_a_square_has_eight_views_and_each_is_as_likely() -> None:
    image = torch.tensor([[0, 1], [2, 3]]).view(1, 1, 2, 2)
    views = Counter(tuple(v.flatten().tolist()) for v in Crops(0, True)(image.expand(8000, -1, -1, -1), generator()))
    square = image[0, 0]
    expected = {
        tuple(torch.rot90(turned, k).flatten().tolist()) for turned in (square, square.flip(1)) for k in range(4)
    }
    assert set(views) == expected
    assert all(850 < count < 1150 for count in views.values())


def test_a_rectangle_is_mirrored_only() -> None:
    views = Crops(0, True)(torch.arange(6).view(1, 1, 2, 3).expand(100, -1, -1, -1), generator())
    assert views.shape == (100, 1, 2, 3)
    assert len({tuple(v.flatten().tolist()) for v in views}) == 4


def test_the_seed_decides() -> None:
    x = torch.rand(8, 3, 40, 50)
    crops = Crops(16, True)
    assert torch.equal(crops(x, generator(3)), crops(x, generator(3)))
    assert not torch.equal(crops(x, generator(3)), crops(x, generator(4)))


def test_nothing_asked_for_changes_and_draws_nothing() -> None:
    x, draws = torch.rand(2, 1, 4, 4), generator()
    before = draws.get_state()
    assert Crops()(x, draws) is x
    assert torch.equal(draws.get_state(), before)


def test_the_centre_is_the_middle() -> None:
    x = torch.arange(25).view(1, 1, 5, 5)
    assert Crops(3, True).centre(x)[0, 0].tolist() == [[6, 7, 8], [11, 12, 13], [16, 17, 18]]
    assert Crops().centre(x) is x


def test_too_large_a_crop_is_an_error() -> None:
    with pytest.raises(ValueError, match="smaller"):
        Crops(9)(torch.zeros(1, 1, 8, 20), generator())
