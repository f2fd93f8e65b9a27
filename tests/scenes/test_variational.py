"""What the scene on variational autoencoders gets: posterior, decoder and means of the models themselves."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch

from explorer import checkpoints, data
from explorer.browser.scenes.scene import Material
from explorer.browser.scenes.variational.scene import MEASURED, SHOWN, matches, prepare
from explorer.core import likelihood
from explorer.core.row_samples import spread_sample
from explorer.latent.beta_ladder import BETAS


@pytest.fixture(scope="module")
def material() -> Material:
    dataset = data.dataset("mnist-sample")
    checkpoint = checkpoints.with_codes(checkpoints.load("mnist-vae-2d"))
    return Material(checkpoint, dataset, spread_sample(np.arange(len(dataset)), 600), "held out, n = 600")


def test_each_model_s_figures_are_its_own(material: Material) -> None:
    shown = prepare(material)
    assert [rung.beta for rung in shown.ladder] == sorted(BETAS)
    assert shown.measured == f"held out, n = {min(600, MEASURED)}"
    assert len(shown.items) == len(shown.labels) == SHOWN
    assert shown.items.min() >= 0
    assert shown.items.max() <= 1
    model = material.checkpoint.model
    mu, logvar = model.posterior(material.dataset.tensor(material.rows))
    assert shown.current.mu == pytest.approx(mu[:SHOWN].detach().numpy(), abs=1e-5)
    assert shown.current.sigma == pytest.approx(logvar[:SHOWN].mul(0.5).exp().detach().numpy(), abs=1e-5)
    kl = torch.distributions.kl_divergence(
        torch.distributions.Normal(mu, logvar.mul(0.5).exp()), torch.distributions.Normal(0.0, 1.0)
    )
    assert shown.current.kl == pytest.approx(kl.sum(1).mean().item(), rel=1e-4)
    assert shown.current.reconstruction == pytest.approx(
        -likelihood.bernoulli_log_likelihood(material.dataset.tensor(material.rows), model.decoder(mu)).mean().item(),
        rel=0.1,
    )


@pytest.mark.slow
def test_dearer_nats_buy_less_kl_and_a_worse_reconstruction(material: Material) -> None:
    ladder = prepare(material).ladder
    assert all(np.diff([rung.kl for rung in ladder]) < 0)
    assert all(np.diff([rung.reconstruction for rung in ladder]) > -1)
    assert ladder[-1].reconstruction > ladder[0].reconstruction + 10
    # One map each, aligned: from one to the next, each number of the code keeps its meaning.
    for one, other in itertools.pairwise(ladder):
        for d in range(2):
            assert np.corrcoef(one.mu[:, d], other.mu[:, d])[0, 1] > 0.8
    assert all((np.abs(rung.mu) <= prepare(material).reach).mean() > 0.98 for rung in ladder)


def test_a_plane_of_codes_of_pictures_matches_and_no_other() -> None:
    cards = {name: checkpoints.load_card(name) for name in checkpoints.available()}
    assert {name for name, card in cards.items() if matches(card)} >= {"mnist-vae-2d", "fashion-vae-2d"}
    assert not matches(cards["mnist-conv-vae-16d"])
    assert not matches(cards["mnist-undercomplete-2d"])


def test_other_data_has_no_ladder() -> None:
    dataset = data.dataset("fashion-mnist-sample")
    checkpoint = checkpoints.with_codes(checkpoints.load("fashion-vae-2d"))
    shown = prepare(Material(checkpoint, dataset, np.arange(40), "held out, n = 40"))
    assert shown.ladder == ()
    assert shown.current.title == checkpoint.card.title
