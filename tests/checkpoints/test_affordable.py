"""How much a page decodes unasked: by multiply-adds, which torch's own counter and the layers' sizes tell."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from explorer.checkpoints import affordable
from explorer.models import work
from explorer.views.items import MADE, decoded_dataset


def test_multiply_adds_are_those_of_the_layers_sizes():
    chain = nn.Sequential(nn.Linear(4, 8 * 25), nn.GELU(), nn.Unflatten(1, (8, 5, 5)), nn.Conv2d(8, 3, 3, padding=1))
    assert work.multiply_adds(chain, torch.zeros(2, 4)) == 2 * (4 * 200 + 3 * 8 * 9 * 25)


def test_a_models_work_is_that_of_torchs_counter_and_both_halves_together(digits_vae):
    model = digits_vae.model
    with torch.no_grad(), FlopCounterMode(display=False) as counted:
        model.decode(torch.zeros(1, digits_vae.latent_dim))
    decoding = work.decoding_work(model, digits_vae.latent_dim)
    assert decoding == counted.get_total_flops() // 2 > 0
    assert decoding < work.rebuilding_work(model, digits_vae.event_shape)


@pytest.fixture
def slow(monkeypatch):
    """Every decoder takes a thousand million multiply-adds a code."""
    monkeypatch.setattr(affordable.work, "decoding_work", lambda model, latent_dim: 10**9)


def test_a_decoder_that_takes_long_decodes_fewer_codes_unasked_and_as_many_as_are_asked_for(digits_vae, slow):
    assert len(decoded_dataset(digits_vae)[1]) == 200 < MADE
    assert len(decoded_dataset(digits_vae, 250)[1]) == 250
    assert affordable.side_within(digits_vae, 14) ** 2 <= 200
    assert affordable.side_within(digits_vae, 32, passes=4) == affordable.side_within(digits_vae, 7)
    assert "1,000 million" in affordable.fewer_words(digits_vae)
