"""Packed encoders and whole autoencoders in the browser against PyTorch: every family, and every shipped checkpoint."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from explorer import checkpoints, data
from explorer.browser.pack import can_encode_live, pack_encoder, pack_reconstruction
from explorer.models import Autoencoder
from explorer.models.variational import VariationalAutoencoder
from tests.browser.runtime import assert_runs_as, randomise
from tests.models.test_contract import build, every_case_with_a_code

FOUND = sorted(checkpoints.folders()[-1].glob("*.safetensors"))
SHIPPED = [path.stem for path in FOUND if checkpoints.load_card(path).code_size]


def expected_codes(model: Autoencoder, x: Tensor) -> np.ndarray:
    """The code, followed by the log variance where there is a posterior."""
    with torch.no_grad():
        return (
            torch.cat(model.posterior(x), 1) if isinstance(model, VariationalAutoencoder) else model.encode(x)
        ).numpy()


def check(page: Any, model: Autoencoder, x: Tensor) -> None:
    with torch.no_grad():
        x_hat = model(x).numpy()
    codes = expected_codes(model, x)
    assert codes.std() > 0.05, "the test would accept a constant"
    assert x_hat.std() > 0.05, "the test would accept a constant"
    assert can_encode_live(model) is None
    assert_runs_as(codes, page, pack_encoder(model), x)
    assert_runs_as(x_hat, page, pack_reconstruction(model), x)


@every_case_with_a_code
def test_every_family_encodes_and_rebuilds_in_the_browser(runtime_page: Any, name: str, shape: tuple[int, ...]) -> None:
    model = build(name, shape)
    randomise(model)
    check(runtime_page, model, torch.rand(3, *shape, generator=torch.Generator().manual_seed(2)))


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_checkpoint_encodes_and_rebuilds_in_the_browser(runtime_page: Any, name: str) -> None:
    checkpoint = checkpoints.load(name)
    dataset = data.dataset(
        {"mnist": "mnist-sample", "fashion-mnist": "fashion-mnist-sample"}.get(
            checkpoint.card.data.name, checkpoint.card.data.name
        )
    )
    check(runtime_page, checkpoint.model, checkpoint.tensor(dataset.x[:: len(dataset) // 5]))


def test_switches_belong_to_one_item(runtime_page: Any) -> None:
    # Three times the same two items in turn: what one leaves behind must not show in the next.
    model = build("convolutional unpooling", (3, 33, 20))
    randomise(model)
    x = torch.rand(2, 3, 33, 20, generator=torch.Generator().manual_seed(5)).repeat(3, 1, 1, 1)
    with torch.no_grad():
        assert not torch.allclose(model(x), model.decode(model.encode(x)), atol=0.05), "switches must matter"
        expected = model(x).numpy()
    assert_runs_as(expected, runtime_page, pack_reconstruction(model), x)
