"""Structural similarity against scikit-image's, place by place."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from skimage import metrics

from explorer.novelty.patches.similarity import structural_similarity


@pytest.mark.parametrize("channels", [1, 3])
def test_it_is_that_of_scikit_image(channels: int) -> None:
    random = np.random.default_rng(channels)
    first = random.uniform(size=(channels, 40, 52))
    second = np.clip(0.6 * first + 0.2 + random.normal(0, 0.1, first.shape), 0, 1)
    second[:, 10:20] = 0.5
    _, expected = metrics.structural_similarity(
        first, second, data_range=1.0, channel_axis=0, full=True, gaussian_weights=True, sigma=1.5,
        use_sample_covariance=False,
    )  # fmt: skip
    own = structural_similarity(torch.from_numpy(first), torch.from_numpy(second)).numpy()
    # At the edges scikit-image takes a mirrored picture, which this does not.
    np.testing.assert_allclose(own[:, 5:-5, 5:-5], expected[:, 5:-5, 5:-5], atol=1e-6)
    assert own.min() < 0.2


def test_a_picture_is_like_itself_wherever_it_lies() -> None:
    picture = torch.rand(1, 20, 30, dtype=torch.float64)
    picture[:, 8:] = 0.25
    torch.testing.assert_close(structural_similarity(picture, picture), torch.ones_like(picture))
