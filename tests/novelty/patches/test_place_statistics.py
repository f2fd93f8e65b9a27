"""What is usual at each place, against statistics computed in full."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import ndimage

from explorer.novelty.patches.place_statistics import PlaceStatistics, blurred, logarithmic


@pytest.fixture
def maps() -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(0).normal(3, 2, (30, 12, 17)))


def test_leaving_one_out_is_as_if_it_had_not_been_there(maps: torch.Tensor) -> None:
    by_others = PlaceStatistics.of(maps).by_others(maps)
    for row in (0, 7, 29):
        rest = PlaceStatistics.of(maps[torch.arange(30) != row])
        torch.testing.assert_close(by_others[row], rest.standardised(maps[row]))


def test_normal_maps_are_standardised(maps: torch.Tensor) -> None:
    standardised = torch.stack([PlaceStatistics.of(maps).standardised(own) for own in maps])
    assert float(standardised.mean()) == pytest.approx(0, abs=0.02)
    assert float(standardised.std()) == pytest.approx(1, abs=0.05)
    one_higher = PlaceStatistics.of(maps).standardised(maps[0] + 2.0) - PlaceStatistics.of(maps).standardised(maps[0])
    assert float(one_higher.mean()) == pytest.approx(1, abs=0.1)  # one standard deviation of the maps


def test_the_gaussian_is_scipys_inside_and_a_mean_at_the_edge(maps: torch.Tensor) -> None:
    ours = blurred(maps, 1.5)
    theirs = ndimage.gaussian_filter(maps.numpy(), (0, 1.5, 1.5), radius=(0, 5, 5))
    np.testing.assert_allclose(ours[:, 5:-5, 5:-5], theirs[:, 5:-5, 5:-5], atol=1e-6)
    torch.testing.assert_close(blurred(torch.full((1, 4, 4), 7.0), 1.5), torch.full((1, 4, 4), 7.0))
    assert float(logarithmic(torch.full((1, 4, 4), float(np.e) - 1e-3)).mean()) == pytest.approx(1, abs=1e-5)
