"""Masked blocks: what is hidden is not seen, and what is told of noise is what noise is."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explorer.novelty.patches.masked_blocks import MaskedBlocks, NormalImages, fit_masked_blocks, likelihood


def noise(n: int, seed: int = 0) -> np.ndarray:
    """(n, 1, 40, 40) grey of 0.5 with a standard deviation of 0.1, each pixel by itself."""
    return np.random.default_rng(seed).normal(0.5, 0.1, (n, 1, 40, 40)).astype(np.float32)


def learnt(images: np.ndarray, knows_place: bool, steps: int) -> MaskedBlocks:
    """From all images, of blocks of two pixels a side."""
    return fit_masked_blocks(NormalImages.of(images, 2), np.arange(len(images)), knows_place, 0, steps)


@pytest.fixture(scope="module")
def of_noise() -> MaskedBlocks:
    return learnt(noise(20), False, 300)


def test_a_block_is_hidden_from_what_is_expected_of_it(of_noise: MaskedBlocks) -> None:
    """Another value in a block changes its own error by just that, and so the network cannot have seen it."""
    windows = torch.from_numpy(noise(1, 5))[:, :, :10, :10]
    places = torch.zeros(1, 1, 1, 2)
    before, variance = of_noise(windows, places)
    changed = windows.clone()
    changed[:, :, 4:6, 4:6] += torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    after, same = of_noise(changed, places)
    torch.testing.assert_close((after - before).flatten(), torch.tensor([1.0, 2.0, 3.0, 4.0]))
    torch.testing.assert_close(same, variance)
    around = windows.clone()
    around[:, :, 3, 3] += 5.0
    assert (of_noise(around, places)[0] - before).abs().max() > 0.01


def test_the_misfit_of_noise_is_one(of_noise: MaskedBlocks) -> None:
    """Of pixels that nothing tells, the best guess is their mean and variance: squared errors are 1 in these."""
    maps = torch.stack([of_noise.misfit(torch.from_numpy(image)) for image in noise(20, 1)])
    assert maps.shape == (20, 20, 20)
    assert float(maps.mean()) == pytest.approx(1, abs=0.05)
    louder = torch.stack([of_noise.misfit(torch.from_numpy(0.5 + 2 * (image - 0.5))) for image in noise(5, 2)])
    assert float(louder.mean()) > 2


def test_surprise_is_the_gaussian_one(of_noise: MaskedBlocks) -> None:
    """0.5 (1 + log of the variance), in standard deviations of the images' brightness, for noise that nothing tells."""
    values = [of_noise.surprise(torch.from_numpy(image)) for image in noise(20, 3)]
    assert np.mean(values) == pytest.approx(0.5, abs=0.05)
    error, log_variance = torch.tensor([0.3]), torch.tensor([0.7])
    density = torch.distributions.Normal(0.0, float(np.exp(0.35))).log_prob(error)
    torch.testing.assert_close(likelihood(error, log_variance), -density - 0.5 * np.log(2 * np.pi))


def test_what_follows_from_its_surroundings_is_known() -> None:
    """Stripes of any phase: the hidden middle follows from the rest, so that little is left of its variance."""
    random = np.random.default_rng(0)
    columns = np.arange(40)[None, None] + random.uniform(0, 8, (20, 1, 1))
    stripes = np.broadcast_to(0.5 + 0.3 * np.sin(columns * np.pi / 4)[:, :, None], (20, 1, 40, 40)).astype(np.float32)
    network = learnt(stripes, False, 300)
    assert network.surprise(torch.from_numpy(stripes[0])) < -1
    broken = stripes[0].copy()
    broken[:, 20:22, 20:22] = 0.5 - (broken[:, 20:22, 20:22] - 0.5)
    misfit = network.misfit(torch.from_numpy(broken)) / network.misfit(torch.from_numpy(stripes[0]))
    assert np.unravel_index(int(misfit.argmax()), misfit.shape) == (10, 10)


@pytest.mark.slow
def test_places_help_where_parts_lie_alike() -> None:
    """A step at one place of all pictures is foretold by the place alone."""
    random = np.random.default_rng(0)
    images = random.normal(0.3, 0.02, (20, 1, 40, 40)).astype(np.float32)
    images[:, :, 16:24, 16:24] += 0.4
    aware, free = (learnt(images[:15], knows, 400) for knows in (True, False))
    held = [torch.from_numpy(image) for image in images[15:]]
    assert np.mean([aware.surprise(i) for i in held]) < np.mean([free.surprise(i) for i in held])


def test_one_block_and_many_at_once_are_the_same(of_noise: MaskedBlocks) -> None:
    """Blocks by themselves, as in training, against all of a picture at once, as in scoring."""
    windows = torch.from_numpy(noise(1, 7))[:, :, :14, :16]
    together, of_all = of_noise(windows, torch.zeros(1, 3, 4, 2))
    for row in range(3):
        for column in range(4):
            alone = windows[:, :, 2 * row : 2 * row + 10, 2 * column : 2 * column + 10]
            error, variance = of_noise(alone, torch.zeros(1, 1, 1, 2))
            torch.testing.assert_close(error[0, 0, 0], together[0, row, column], rtol=1e-4, atol=1e-5)
            torch.testing.assert_close(variance[0, 0, 0], of_all[0, row, column], rtol=1e-4, atol=1e-5)


def test_images_that_are_not_chosen_change_nothing() -> None:
    """Neither weights nor brightness: what is prepared once for all shares must not join them."""
    images = noise(6)
    others = images.copy()
    others[4:] = 1 - others[4:] * 0.5
    chosen = np.arange(4)
    first, second = (fit_masked_blocks(NormalImages.of(x, 2), chosen, True, 0, 3) for x in (images, others))
    for name, value in first.state_dict().items():
        assert torch.equal(value, second.state_dict()[name]), name
    assert float(first.level) == pytest.approx(images[:4].mean(), rel=1e-5)
    assert float(first.spread) == pytest.approx(np.mean([image.std() for image in images[:4]]), rel=1e-5)
