"""A linear undercomplete autoencoder against PCA."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.linalg import subspace_angles
from sklearn.decomposition import PCA
from torch import Tensor

from explorer.core import metrics
from explorer.models import Autoencoder
from explorer.models.undercomplete import UndercompleteConfig


def correlated(shape: tuple[int, ...], n: int = 400) -> Tensor:
    """Items whose standard deviation along the axes of a random rotation falls from 2 by a fifth at a time."""
    d = int(np.prod(shape))
    generator = torch.Generator().manual_seed(0)
    rotation, _ = torch.linalg.qr(torch.randn(d, d, generator=generator, dtype=torch.float64))
    scales = 2 * 0.8 ** torch.arange(d, dtype=torch.float64)
    x = torch.randn(n, d, generator=generator, dtype=torch.float64) * scales @ rotation.T
    return x.reshape(n, *shape) + 0.5


def train_to_convergence(model: Autoencoder, x: Tensor) -> None:
    optimiser = torch.optim.LBFGS(
        model.parameters(),
        max_iter=3000,
        max_eval=6000,
        tolerance_grad=1e-10,
        tolerance_change=1e-14,
        history_size=30,
        line_search_fn="strong_wolfe",
    )

    def closure() -> Tensor:
        optimiser.zero_grad()
        total = model.loss(x, x).total
        total.backward()
        return total

    optimiser.step(closure)


@pytest.mark.slow
@pytest.mark.parametrize("shape", [(8,), (1, 3, 4)])
@pytest.mark.parametrize("hidden", [(), (6,)])
def test_linear_autoencoder_spans_the_principal_subspace(shape: tuple[int, ...], hidden: tuple[int, ...]) -> None:
    """Baldi and Hornik 1989: the only minimum is the projection on the leading principal components."""
    x = correlated(shape)
    torch.manual_seed(0)
    model = UndercompleteConfig(latent_dim=3, hidden=hidden, linear=True).build(shape).double()
    train_to_convergence(model, x)
    with torch.no_grad():
        flat, x_hat = x.flatten(1).numpy(), model(x)
        # The decoder's directions: where the reconstruction goes as each code dimension moves.
        steps = (model.decode(torch.eye(3).double()) - model.decode(torch.zeros(1, 3).double())).flatten(1).numpy()
    pca = PCA(3).fit(flat)
    assert subspace_angles(steps.T, pca.components_.T).max() < 1e-3
    np.testing.assert_allclose(
        metrics.squared_error(x, x_hat).mean(), metrics.pca_baseline(flat, flat, 3).mean(), rtol=1e-6
    )


def test_without_linear_there_are_activations() -> None:
    linear, plain = (
        UndercompleteConfig(hidden=(5,), linear=linear).build((4,)).double().eval() for linear in (True, False)
    )
    x = correlated((4,))
    for model, additive in ((linear, True), (plain, False)):
        f = lambda v: model(v) - model(torch.zeros_like(v))  # noqa: B023, E731
        assert torch.allclose(f(x[:50] + x[50:100]), f(x[:50]) + f(x[50:100])) == additive


@pytest.mark.parametrize("shape", [(1, 6, 5), (3, 4, 4), (7,)])
def test_the_squared_error_is_summed_over_the_event_and_a_mean_over_the_items(shape: tuple[int, ...]) -> None:
    torch.manual_seed(0)
    model = UndercompleteConfig(hidden=(6,), latent_dim=2).build(shape)
    x, target = torch.rand(9, *shape), torch.rand(9, *shape)
    scale = torch.ones(shape)
    if len(shape) == 1:
        # A table's columns count in their own standard deviations, whatever their units are.
        rows = torch.rand(50, *shape) * torch.arange(1.0, 8.0) ** 3
        model.fit_input([rows])
        scale = rows.std(0, correction=0)
    expected = (((model(x) - target) / scale) ** 2).sum() / 9
    torch.testing.assert_close(model.loss(x, target).total, expected, rtol=1e-4, atol=1e-5)


def test_the_cross_entropy_is_summed_over_the_event_and_a_mean_over_the_items() -> None:
    torch.manual_seed(0)
    model = UndercompleteConfig(hidden=(6,), latent_dim=2, reconstruction="cross_entropy").build((1, 6, 5))
    x, target = torch.rand(9, 1, 6, 5), torch.rand(9, 1, 6, 5).round()
    expected = -torch.distributions.Bernoulli(model(x)).log_prob(target).sum() / 9
    torch.testing.assert_close(model.loss(x, target).total, expected, rtol=1e-4, atol=1e-5)
