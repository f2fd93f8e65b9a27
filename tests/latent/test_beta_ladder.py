"""The beta ladder: how a rung is measured, and what the shipped ones are."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from torch.distributions import Bernoulli, Normal, kl_divergence

from explorer import checkpoints, data, evaluation
from explorer.checkpoints import VectorCheckpoint
from explorer.core.errors import ExplorerError
from explorer.evaluation.learn_figures import learn_figures
from explorer.latent.beta_ladder import BETAS, load_rung, measure_rung, rung_name


def test_a_rung_is_measured_as_torch_s_distributions_say(digits_vae: VectorCheckpoint) -> None:
    dataset = data.dataset("digits")
    rows = dataset.splits.test
    rung = measure_rung(digits_vae, dataset, rows, "test")
    x = dataset.tensor(rows)
    with torch.inference_mode():
        mu, logvar = digits_vae.model.posterior(x)
        posterior = Normal(mu, (0.5 * logvar).exp())
        kl = kl_divergence(posterior, Normal(0.0, 1.0))
        draws = torch.stack([posterior.sample() for _ in range(20)])
        log_p = torch.stack([Bernoulli(digits_vae.model.decode(z), validate_args=False).log_prob(x) for z in draws])
    assert rung.kl.value == pytest.approx(kl.sum(1).mean().item(), rel=1e-5)
    np.testing.assert_allclose(rung.kl_per_dimension, kl.mean(0).numpy(), rtol=1e-4)
    # One draw of the posterior an image, against the mean of twenty.
    one_draw = -log_p.flatten(2).sum(2)
    error = one_draw.std(0).square().mean().sqrt().item() / len(x) ** 0.5
    assert abs(rung.reconstruction.value - one_draw.mean().item()) < 4 * error
    assert rung.elbo.value == pytest.approx(-rung.reconstruction.value - rung.kl.value)
    assert rung.active_units == int((mu.var(0) > 0.01).sum()) == 2
    assert (rung.beta, rung.kl.n, rung.kl.split) == (1, len(rows), "test")


def test_a_model_without_a_kl_is_no_rung() -> None:
    plain = checkpoints.with_codes(checkpoints.load("mnist-undercomplete-2d"))
    with pytest.raises(ExplorerError, match="not variational"):
        measure_rung(plain, data.dataset("mnist-sample"), np.arange(2), "test")


def test_the_shipped_figures_are_a_ladder() -> None:
    """More weight on the KL: less KL, and a worse reconstruction; the bound itself is best where it was trained for."""
    rungs = learn_figures().ladder
    assert [r.beta for r in rungs] == list(BETAS)
    assert [r.name for r in rungs] == [rung_name(beta) for beta in BETAS]
    kl, reconstruction = [r.kl.value for r in rungs], [r.reconstruction.value for r in rungs]
    assert kl == sorted(kl, reverse=True)
    assert reconstruction == sorted(reconstruction)
    for rung in rungs:
        assert rung.elbo.value == pytest.approx(-rung.reconstruction.value - rung.kl.value)
        assert sum(rung.kl_per_dimension) == pytest.approx(rung.kl.value, rel=1e-4)
        figure = checkpoints.load_card(rung.name).metric("ELBO")
        assert figure is not None
        assert figure.low < rung.elbo.value < figure.high
    best = max(rungs, key=lambda r: r.elbo.value)
    assert next(r for r in rungs if r.beta == 1).elbo.high > best.elbo.value


@pytest.mark.slow
def test_the_maps_of_neighbouring_rungs_lie_over_one_another() -> None:
    sample = data.dataset("mnist-sample")
    rungs = [load_rung(beta) for beta in BETAS]
    rows, split = evaluation.rows_for(rungs[0], sample)
    assert split == "held out"
    codes = [rung.encode(sample.x[rows]) for rung in rungs]
    for before, after in itertools.pairwise(codes):
        for one, other in zip(before.T, after.T, strict=True):
            assert np.corrcoef(one, other)[0, 1] > 0.9
