"""The values in the drawing of a model, against the model itself."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explorer.browser.inside import model_inside
from explorer.browser.inside.message import Inside, Tensor
from explorer.checkpoints import VectorCheckpoint, with_codes
from explorer.data import Dataset, dataset


def shown(tensor: Tensor) -> np.ndarray:
    """(n, size) values as the browser reads them."""
    low, high = tensor.low[:, None], tensor.high[:, None]
    return low + (high - low) * tensor.values / 255


def drawn(checkpoint: VectorCheckpoint, x: np.ndarray) -> Inside:
    return model_inside.inside(checkpoint, x, ["a"] * len(x), ["loss"] * len(x))


def of(drawing: Inside, name: str) -> Tensor:
    return next(tensor for tensor in drawing.tensors if tensor.name == name)


def test_what_goes_in_what_is_kept_and_what_comes_back(digits: Dataset, digits_autoencoder: VectorCheckpoint) -> None:
    x = digits.tensor(digits.splits.test[:4]).numpy()
    drawing = drawn(with_codes(digits_autoencoder), x)
    codes, rebuilt = digits_autoencoder.encode(x), digits_autoencoder.reconstruct(x)
    for name, expected in (("x", x), ("code z", codes), ("x̂", rebuilt)):
        tensor = of(drawing, name)
        assert tensor.shape == expected.shape[1:]
        step = (tensor.high - tensor.low).max() / 255
        np.testing.assert_allclose(shown(tensor), expected.reshape(4, -1), atol=0.51 * step + 1e-6)
    assert sum(tensor.weights for tensor in drawing.tensors) == digits_autoencoder.card.weights


def test_a_variational_model_shows_its_draw(digits: Dataset, digits_vae: VectorCheckpoint) -> None:
    x = digits.tensor(digits.splits.test[:3]).numpy()
    drawing = drawn(with_codes(digits_vae), x)
    mu, logvar = digits_vae.posterior(x)
    epsilon = torch.randn(mu.shape, generator=torch.Generator().manual_seed(0)).numpy()
    z = mu + np.exp(logvar / 2) * epsilon
    for name, expected in (("μ", mu), ("σ", np.exp(logvar / 2)), ("ε", epsilon), ("z", z), ("x̂", digits_vae.decode(z))):
        tensor = of(drawing, name)
        step = (tensor.high - tensor.low).max() / 255
        np.testing.assert_allclose(shown(tensor), expected.reshape(3, -1), atol=0.51 * step + 1e-5)
    parts = {drawing.tensors[i].name for i in of(drawing, "z").after}
    assert parts == {"μ", "σ", "ε"}
    assert sum(tensor.weights for tensor in drawing.tensors) == digits_vae.card.weights


def test_rows_of_a_table_are_in_standard_deviations(table_autoencoder: VectorCheckpoint) -> None:
    table = dataset("breast-cancer")
    rows = table.x[table.splits.train]
    drawing = drawn(with_codes(table_autoencoder), rows[:6])
    mean, std = rows.mean(0), rows.std(0)
    np.testing.assert_allclose(shown(of(drawing, "x")), (rows[:6] - mean) / std, atol=0.1)


def test_a_large_model_is_shown_with_fewer_items(
    digits: Dataset, digits_autoencoder: VectorCheckpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    x = digits.tensor(digits.splits.test[:4]).numpy()
    size = sum(int(np.prod(tensor.shape)) for tensor in drawn(with_codes(digits_autoencoder), x).tensors)
    monkeypatch.setattr(model_inside, "MAX_BYTES", 2 * size)
    drawing = drawn(with_codes(digits_autoencoder), x)
    assert len(drawing.names) == len(drawing.losses) == 2
    assert {tensor.values.shape[0] for tensor in drawing.tensors} == {2}
