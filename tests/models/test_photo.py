"""The photo denoiser: any size, scaling with its input, and a noise level that matters."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from explorer.core import metrics
from explorer.models import photo
from explorer.models.photo import PhotoConfig, PhotoDenoiser

SMALL = {"widths": (8, 12), "latent_dim": 16, "blocks": 1}


def denoiser(channels: int = 1, seed: int = 0, **config: object) -> PhotoDenoiser:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        model = PhotoConfig(**SMALL | config).build((channels, 64, 64)).eval()
        nn.init.normal_(model.tail.weight, std=0.05)
    return model.requires_grad_(False)


def picture(channels: int, height: int, width: int, n: int = 1) -> Tensor:
    return torch.rand(n, channels, height, width, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize(("height", "width"), [(1, 1), (3, 50), (8, 8), (17, 31), (64, 40)])
@pytest.mark.parametrize("channels", [1, 3])
def test_any_size_goes_in_and_comes_out(channels: int, height: int, width: int) -> None:
    y = picture(channels, height, width, n=2)
    assert denoiser(channels).denoise(y, 0.1).shape == y.shape


@pytest.mark.parametrize("scale", [0.01, 3.0])
def test_picture_and_noise_scaled_together_scale_the_result(scale: float) -> None:
    """Without biases the network is homogeneous: x_hat(a y, a sigma) = a x_hat(y, sigma) (Mohan et al. 2020)."""
    model, y = denoiser(), picture(1, 24, 32)
    torch.testing.assert_close(model.denoise(scale * y, scale * 0.2), scale * model.denoise(y, 0.2))
    assert not any(name.endswith("bias") for name, _ in model.named_parameters())


def test_the_level_may_be_a_number_one_an_item_or_a_map() -> None:
    model, y = denoiser(3), picture(3, 24, 24, n=2)
    same = model.denoise(y, 0.2)
    torch.testing.assert_close(model.denoise(y, torch.tensor([0.2, 0.2])), same)
    torch.testing.assert_close(model.denoise(y, torch.full((2, 1, 24, 24), 0.2)), same)
    each = model.denoise(y, torch.tensor([0.2, 0.5]))
    torch.testing.assert_close(each[:1], same[:1])
    assert (each[1] - same[1]).abs().max() > 1e-3


def test_the_result_at_a_pixel_depends_on_pixels_within_the_radius_alone() -> None:
    model = denoiser(widths=(4, 4), latent_dim=4)
    size, at = 8 * (model.radius // 8 + 3) * 2, 8 * (model.radius // 8 + 3)
    y = picture(1, size, size).requires_grad_()
    (gradient,) = torch.autograd.grad(model.denoise(y, 0.1)[0, 0, at, at], y)
    rows, columns = gradient[0, 0].nonzero().T
    reach = int(torch.stack([rows, columns]).sub(at).abs().max())
    assert model.radius / 3 < reach <= model.radius


def test_layers_work_in_bfloat16_while_sum_and_loss_stay_in_float32() -> None:
    model, x = denoiser(), picture(1, 32, 32, n=4)
    full = model.loss(x, x, torch.Generator().manual_seed(0)).total
    with torch.autocast("cpu", torch.bfloat16):
        y_hat = model.denoise(x, 0.0)
        half = model.loss(x, x, torch.Generator().manual_seed(0)).total
    assert y_hat.dtype == half.dtype == torch.float32
    assert half.item() == pytest.approx(full.item(), rel=0.02)


def test_an_untrained_net_leaves_the_picture_and_its_loss_is_the_noise() -> None:
    model = PhotoConfig(**SMALL, sigma_min=20, sigma_max=20).build((1, 64, 64))
    x = picture(1, 64, 64, n=16)
    assert torch.equal(model.denoise(x, 0.1), x)
    mean_of_the_half_normal = 20 * (2 / torch.pi) ** 0.5
    loss = model.loss(x, x, torch.Generator().manual_seed(0)).total
    assert loss.item() == pytest.approx(mean_of_the_half_normal, rel=0.01)


def test_levels_of_training_are_spread_over_the_range() -> None:
    model = PhotoConfig(**SMALL, sigma_min=10, sigma_max=40).build((1, 8, 8))
    seen: list[Tensor] = []
    model.denoise = lambda y, sigma: (seen.append(sigma), y)[1]  # type: ignore[method-assign]
    x = torch.zeros(2000, 1, 8, 8)
    model.loss(x, x, torch.Generator().manual_seed(0))
    levels = 255 * seen[0]
    assert (levels.min().item(), levels.max().item()) == (pytest.approx(10, abs=0.5), pytest.approx(40, abs=0.5))
    assert levels.mean().item() == pytest.approx(25, abs=0.8)


def test_forward_takes_the_level_that_the_picture_seems_to_have() -> None:
    model, y = denoiser(), picture(1, 32, 32, n=2) * torch.tensor([1.0, 0.2]).view(-1, 1, 1, 1)
    torch.testing.assert_close(model(y), model.denoise(y, metrics.noise_level(y)))


def test_figures_of_an_untrained_net_are_those_of_the_noise() -> None:
    model = PhotoConfig(**SMALL).build((1, 64, 64)).eval()
    figures = model.item_figures(picture(1, 96, 96, n=3), torch.Generator().manual_seed(0))
    assert list(figures) == [(f"PSNR at noise level {level}", "dB") for level in (15, 25, 50)]
    for (name, _), values in figures.items():
        level = int(name.split()[-1])
        expected = 20 * torch.log10(torch.tensor(255 / level))
        torch.testing.assert_close(values, expected.expand(3), atol=0.2, rtol=0)


@pytest.mark.parametrize(("given", "wanted"), [(1, 3), (3, 1), (3, 3)])
def test_weights_for_another_number_of_channels_do_the_same_to_grey_pictures(given: int, wanted: int) -> None:
    source, target = denoiser(given), denoiser(wanted, seed=1)
    target.load_state_dict(target.adapted(source.state_dict()))
    grey = picture(1, 16, 24)
    expected = source.denoise(grey.expand(-1, given, -1, -1), 0.1).mean(1, keepdim=True)
    got = target.denoise(grey.expand(-1, wanted, -1, -1), 0.1).mean(1, keepdim=True)
    torch.testing.assert_close(got, expected)


@pytest.mark.parametrize("bad", [{"widths": ()}, {"widths": (0,)}, {"sigma_min": 50, "sigma_max": 20}, {"blocks": 0}])
def test_config_says_what_is_wrong(bad: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(bad))):
        PhotoConfig.model_validate(bad)


@pytest.mark.parametrize(("size", "mode"), [((13, 10), "reflect"), ((16, 9), "reflect"), ((3, 20), "edge")])
def test_a_photo_is_continued_by_its_mirror_image_and_a_tiny_one_by_its_edge(size: tuple[int, int], mode: str) -> None:
    y = torch.rand(2, 3, *size, generator=torch.Generator().manual_seed(0))
    below, right = -size[0] % 8, -size[1] % 8
    expected = np.pad(y.numpy(), ((0, 0), (0, 0), (0, below), (0, right)), mode=mode)
    np.testing.assert_array_equal(photo._padded(y, 8).numpy(), expected)
