"""Nested dropout: its law, its limits, and PCA's components in their order, which a linear model finds with it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import stats
from sklearn.decomposition import PCA

from explorer.models import Autoencoder
from explorer.penalties import NestedDropout
from explorer.recipe import Recipe

LAWS = [NestedDropout(), NestedDropout(law="geometric", rate=0.8), NestedDropout(law="geometric", rate=0.97)]


def generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def model(penalty: NestedDropout | None, latent_dim: int = 4, **changes: object) -> Autoencoder:
    given = {"family": "undercomplete", "hidden": [], "latent_dim": latent_dim, **changes}
    with torch.random.fork_rng():
        torch.manual_seed(0)
        recipe = Recipe.parse({"model": given, "penalty": None if penalty is None else penalty.model_dump()})
        built = recipe.build((1, 2, 3))
    assert isinstance(built, Autoencoder)
    return built


def probability_of(penalty: NestedDropout, width: int, latent_dim: int) -> float:
    """P(B = width) as the docstring states the laws, written out for each width."""
    if penalty.law == "uniform":
        return 1 / latent_dim
    r = penalty.rate
    return r ** (latent_dim - 1) if width == latent_dim else (1 - r) * r ** (width - 1)


@pytest.mark.parametrize("penalty", LAWS, ids=["uniform", "geometric 0.8", "geometric 0.97"])
def test_widths_follow_the_stated_law_and_are_a_beginning_of_the_code(penalty: NestedDropout) -> None:
    n, latent_dim = 40_000, 10
    z, terms = penalty(lambda x: x, torch.ones(n, latent_dim), generator(0))
    widths = z.sum(1).long()
    beginnings = torch.arange(latent_dim) < widths[:, None]
    assert torch.equal(z, beginnings.float())
    assert terms == {}
    counted = np.bincount(widths.numpy(), minlength=latent_dim + 1)[1:]
    expected = n * np.array([probability_of(penalty, width, latent_dim) for width in range(1, latent_dim + 1)])
    assert expected.sum() == pytest.approx(n)
    assert stats.chisquare(counted, expected * n / expected.sum()).pvalue > 1e-3


def test_items_draw_their_widths_on_their_own() -> None:
    z, _ = NestedDropout()(lambda x: x, torch.ones(20_000, 10), generator(1))
    widths = z.sum(1).numpy()
    assert abs(np.corrcoef(widths[1:], widths[:-1])[0, 1]) < 4.5 / 20_000**0.5


def test_a_rate_of_one_is_plain_training() -> None:
    x = torch.rand(32, 1, 2, 3, generator=generator(2))
    plain, ordered = model(None), model(NestedDropout(law="geometric", rate=1))
    assert ordered.loss(x, x, generator(3)).values() == plain.loss(x, x).values()


def test_a_rate_of_zero_is_a_model_with_one_number() -> None:
    x = torch.rand(32, 1, 2, 3, generator=generator(2))
    ordered, narrow = model(NestedDropout(law="geometric", rate=0)), model(None, latent_dim=1)
    weights = ordered.state_dict()
    first = {"encoder.1.weight": weights["encoder.1.weight"][:1], "encoder.1.bias": weights["encoder.1.bias"][:1]}
    narrow.load_state_dict(weights | first | {"decoder.0.weight": weights["decoder.0.weight"][:, :1]})
    loss = ordered.loss(x, x, generator(3)).total
    torch.testing.assert_close(loss, narrow.loss(x, x).total)
    loss.backward()
    assert ordered.encoder[1].weight.grad is not None
    assert ordered.encoder[1].weight.grad[1:].abs().max() == 0


def test_the_reconstruction_uses_the_whole_code() -> None:
    x = torch.rand(5, 1, 2, 3, generator=generator(2))
    plain, ordered = model(None), model(NestedDropout(law="geometric", rate=0))
    torch.testing.assert_close(ordered(x), plain(x))


@pytest.mark.slow
def test_a_linear_model_finds_the_components_of_pca_in_their_order() -> None:
    """Without it a linear autoencoder finds their span alone (Rippel et al. 2014; Bourlard and Kamp 1988)."""
    rng = np.random.default_rng(0)
    turn, _ = np.linalg.qr(rng.standard_normal((6, 6)))
    spread = np.array([3, 2, 1.4, 0.9, 0.5, 0.3])
    rows = (rng.standard_normal((400, 6)) * spread @ turn.T + rng.standard_normal(6)).astype(np.float32)
    x = torch.from_numpy(rows).reshape(-1, 1, 2, 3)
    components = PCA(4).fit(rows).components_

    def cosines(trained_with: NestedDropout | None) -> np.ndarray:
        linear = model(trained_with, linear=True)
        optimiser, steps = torch.optim.Adam(linear.parameters(), lr=0.05), 500
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
        draws = generator(0)
        for _ in range(steps):
            optimiser.zero_grad()
            linear.loss(x, x, draws).total.backward()
            optimiser.step()
            schedule.step()
        columns = linear.decoder[0].weight.detach().numpy().T
        return np.abs((columns * components).sum(1)) / np.linalg.norm(columns, axis=1)

    np.testing.assert_array_less(0.999, cosines(NestedDropout()))
    assert cosines(None).min() < 0.9
