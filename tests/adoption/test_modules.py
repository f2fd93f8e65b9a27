"""Modules of other people as checkpoints: codes and pictures are those of the modules themselves."""

from __future__ import annotations

import pathlib
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import parametrize

import explorer
from explorer import checkpoints
from explorer.adoption.modules import chain_of
from explorer.core.errors import CheckpointError, ExplorerError
from explorer.data import Dataset
from explorer.models.entries import UnknownLayerError
from tests.adoption.foreign import Attention, Decoder, Drawing, Encoder, NamedEncoder, seeded

TOLERANCE = 1e-4


@pytest.fixture(scope="module")
def digits() -> Dataset:
    return explorer.dataset("digits")


@pytest.fixture(scope="module")
def mnist() -> Dataset:
    return explorer.dataset("mnist-sample")


def images(dataset: Dataset, n: int = 8) -> torch.Tensor:
    return dataset.tensor(dataset.splits.test[:n])


@pytest.mark.parametrize("encoder", [Encoder(), NamedEncoder()], ids=["pair", "dictionary"])
def test_a_foreign_vae_has_its_own_codes_and_pictures(mnist: Dataset, tmp_path: pathlib.Path, encoder: Any) -> None:
    encoder, decoder = seeded(encoder), seeded(Decoder(), 1)
    path = tmp_path / "foreign.safetensors"
    adopted = explorer.adopt("foreign", encoder=encoder, decoder=decoder, data=mnist, pixels=(-1, 1), path=path)
    loaded = checkpoints.with_codes(checkpoints.load(path))
    x = images(mnist)
    with torch.no_grad():
        mean, log_variance = (Encoder.forward(encoder, 2 * x - 1)[i].numpy() for i in (0, 1))
        picture = (decoder(torch.from_numpy(mean)).numpy() + 1) / 2
    for checkpoint in (adopted, loaded):
        np.testing.assert_allclose(checkpoint.encode(x), mean, atol=TOLERANCE)
        np.testing.assert_allclose(checkpoint.decode(mean), picture, atol=TOLERANCE)
        np.testing.assert_allclose(checkpoint.posterior(x)[1], log_variance, atol=TOLERANCE)
    card = loaded.card
    assert "not known" in card.origin
    assert "log variance" in card.origin
    assert {figure.split for figure in card.metrics} == {"given"}, "nobody knows what it was trained on"
    assert card.latent is not None
    np.testing.assert_allclose(
        card.latent.mean, loaded.encode(mnist.tensor(mnist.splits.train)).mean(0), rtol=1e-3, atol=1e-3
    )


def test_a_sequence_is_kept_layer_by_layer(digits: Dataset, tmp_path: pathlib.Path) -> None:
    encoder = seeded(nn.Sequential(nn.Flatten(), nn.Linear(64, 10), nn.BatchNorm1d(10), nn.Dropout(), nn.Linear(10, 2)))
    decoder = seeded(nn.Sequential(nn.Linear(2, 64), nn.Sigmoid(), nn.Unflatten(1, (1, 8, 8))))
    path = tmp_path / "plain.safetensors"
    adopted = explorer.adopt("plain", encoder=encoder, decoder=decoder, data=digits, path=path, held_out=True)
    model = adopted.card.recipe.model
    assert [entry.kind for entry in model.encoder] == ["flatten", "linear", "batch_norm1d", "linear"]
    assert [entry.kind for entry in model.output] == ["sigmoid"], "so that a loss can use the values before it"
    assert {figure.split for figure in adopted.card.metrics} == {"test"}
    x = images(digits)
    with torch.no_grad():
        np.testing.assert_allclose(adopted.encode(x), encoder(x), atol=1e-6)
        np.testing.assert_allclose(adopted.reconstruct(x), decoder(encoder(x)), atol=1e-6)


def test_rows_of_a_table_keep_the_units_that_the_model_was_trained_on(tmp_path: pathlib.Path) -> None:
    rows = np.random.default_rng(0).normal([5, -300, 0.01], [1, 40, 0.002], (200, 3)).astype(np.float32)
    encoder, decoder = seeded(nn.Linear(3, 2)), seeded(nn.Linear(2, 3), 1)
    adopted = explorer.adopt("rows", encoder=encoder, decoder=decoder, data=rows, path=tmp_path / "rows.safetensors")
    with torch.no_grad():
        z = encoder(torch.from_numpy(rows[:9])).numpy()
        x_hat = decoder(torch.from_numpy(z)).numpy()
    np.testing.assert_allclose(adopted.encode(rows[:9]), z, rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(adopted.decode(z), x_hat, rtol=1e-4, atol=1e-3)
    error = (((rows[:9] - x_hat) / rows[adopted_train(rows)].std(0)) ** 2).sum(1)
    np.testing.assert_allclose(adopted.reconstruction_errors(rows[:9]), error, rtol=2e-3)


def adopted_train(rows: np.ndarray) -> np.ndarray:
    from explorer.data.user_data import from_array

    return from_array(rows, "array").splits.train


def test_one_vector_may_hold_mean_and_log_variance(digits: Dataset, tmp_path: pathlib.Path) -> None:
    encoder = seeded(nn.Sequential(nn.Flatten(), nn.Linear(64, 6)))
    decoder = seeded(nn.Sequential(nn.Linear(3, 64), nn.Sigmoid()))
    adopted = explorer.adopt("halves", encoder=encoder, decoder=decoder, data=digits, path=tmp_path / "h.safetensors")
    x = images(digits)
    with torch.no_grad():
        both = encoder(x).numpy()
    mean, log_variance = adopted.posterior(x)
    np.testing.assert_allclose(np.concatenate([mean, log_variance], 1), both, atol=1e-6)
    assert "3 numbers of the encoder's 6" in adopted.card.origin


def test_heads_may_be_modules_of_their_own(digits: Dataset, tmp_path: pathlib.Path) -> None:
    body, mu, logvar = nn.Sequential(nn.Flatten(), nn.Linear(64, 9), nn.ELU()), nn.Linear(9, 2), nn.Linear(9, 2)
    decoder = nn.Sequential(nn.Linear(2, 64))
    adopted = explorer.adopt(
        "heads",
        encoder=seeded(body),
        decoder=seeded(decoder, 1),
        mu=seeded(mu, 2),
        logvar=seeded(logvar, 3),
        data=digits,
        output="logits",
        path=tmp_path / "heads.safetensors",
    )
    x = images(digits)
    with torch.no_grad():
        h = body(x)
        np.testing.assert_allclose(adopted.posterior(x)[0], mu(h), atol=1e-6)
        np.testing.assert_allclose(adopted.posterior(x)[1], logvar(h), atol=1e-6)
        picture = torch.sigmoid(decoder(mu(h))).view(-1, 1, 8, 8)
        np.testing.assert_allclose(adopted.reconstruct(x), picture, atol=1e-6)
    assert adopted.card.recipe.model.likelihood == "bernoulli"


def test_a_gaussian_decoder_gets_the_spread_of_its_errors(mnist: Dataset, tmp_path: pathlib.Path) -> None:
    encoder, decoder = seeded(Encoder()), seeded(Decoder(), 1)
    path = tmp_path / "foreign.safetensors"
    adopted = explorer.adopt("foreign", encoder=encoder, decoder=decoder, data=mnist, pixels=(-1, 1), path=path)
    x = mnist.train.x
    squared = (x.astype(np.float64) / 255 - adopted.reconstruct(x)) ** 2
    sigma = float(adopted.model.log_sigma.exp())
    assert sigma == pytest.approx(np.sqrt(squared.mean()), rel=0.03)
    assert f"{sigma:.3g}" in adopted.card.origin


def test_other_units_are_doubted_in_words(mnist: Dataset, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "foreign.safetensors"
    decoder = seeded(Decoder(), 1)
    with torch.no_grad():
        decoder.end.bias.fill_(-3.0)
    adopted = explorer.adopt("foreign", encoder=seeded(Encoder()), decoder=decoder, data=mnist, path=path)
    assert "say what black and white are" in adopted.card.origin
    assert "worse than their mean" in adopted.card.origin


@pytest.mark.parametrize(
    ("module", "shape", "named"),
    [
        (Attention(), (4,), "Softmax"),
        (Drawing(), (4,), "draws at random"),
        (nn.Sequential(nn.Linear(4, 4), nn.LSTM(4, 2)), (4,), "LSTM"),
        (nn.Linear(5, 2), (4,), "takes no items of shape"),
    ],
    ids=["softmax", "drawn", "recurrent", "size"],
)
def test_what_cannot_be_kept_is_named(module: nn.Module, shape: tuple[int, ...], named: str) -> None:
    with pytest.raises((CheckpointError, UnknownLayerError), match=named) as caught:
        chain_of(module, shape, "encoder")
    assert caught.value.hint


class Undecided(nn.Module):
    """Another way for items above zero, which a trace of zeros does not see."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = self.layer(x)
        return 2 * h if x.sum() > 0 else h


class Together(Undecided):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(x - x.mean(0)) if len(x) > 2 else self.layer(x)


class StillDropping(Undecided):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(nn.functional.dropout(x, 0.5))


class Rooted(Undecided):
    """No number of half of all items, each time the same half."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(x).sqrt()


class OfTwo(Undecided):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.layer(x).view(2, 2)


@pytest.mark.parametrize(
    ("module", "named"),
    [
        (Undecided(), "an if"),
        (Together(), "come with them"),
        (StillDropping(), "draws at random"),
        (OfTwo(), "does not take 1 of the items"),
        (Rooted(), "Sqrt"),
    ],
    ids=["branch", "batch", "dropout", "view", "root"],
)
def test_layers_that_are_not_all_of_a_module_are_refused(module: nn.Module, named: str) -> None:
    with pytest.raises(CheckpointError, match=named) as caught:
        chain_of(seeded(module), (4,), "encoder")
    assert caught.value.hint


@pytest.mark.parametrize(
    "normalised",
    [
        torch.nn.utils.parametrizations.weight_norm,
        torch.nn.utils.parametrizations.spectral_norm,
        torch.nn.utils.parametrizations.orthogonal,
        torch.nn.utils.weight_norm,
        torch.nn.utils.spectral_norm,
    ],
    ids=["weight", "spectral", "orthogonal", "weight-by-hook", "spectral-by-hook"],
)
@pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning")
def test_normalised_weights_are_what_they_come_to(normalised: Any) -> None:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Flatten(), normalised(nn.Linear(4, 3)), nn.ELU()).eval()
    parametrised = parametrize.is_parametrized(module[1])
    chain = chain_of(module, (4,), "encoder")
    x = torch.randn(5, 4)
    torch.testing.assert_close(nn.Sequential(*chain.trunk)(x), module(x))
    assert parametrize.is_parametrized(module[1]) == parametrised, "the given module stays as it was"


def test_what_a_hook_does_is_kept() -> None:
    module = nn.Sequential(nn.Linear(4, 2))
    module[0].register_forward_hook(lambda _module, _given, made: made + 1)
    chain = chain_of(module, (4,), "encoder")
    x = torch.randn(5, 4)
    torch.testing.assert_close(nn.Sequential(*chain.trunk)(x), module(x))


def test_a_file_that_is_there_is_not_replaced_unasked(digits: Dataset, tmp_path: pathlib.Path) -> None:
    encoder, decoder = nn.Sequential(nn.Flatten(), nn.Linear(64, 2)), nn.Sequential(nn.Linear(2, 64), nn.Sigmoid())
    path = tmp_path / "mine.safetensors"
    path.write_bytes(b"mine")
    with pytest.raises(CheckpointError, match="already"):
        explorer.adopt("mine", encoder=encoder, decoder=decoder, data=digits, path=path)
    assert path.read_bytes() == b"mine"
    explorer.adopt("mine", encoder=encoder, decoder=decoder, data=digits, path=path, overwrite=True)
    assert checkpoints.load_card(path).name == "mine"


def test_a_decoder_of_other_items_is_refused(digits: Dataset, tmp_path: pathlib.Path) -> None:
    encoder, decoder = nn.Sequential(nn.Flatten(), nn.Linear(64, 2)), nn.Linear(2, 784)
    with pytest.raises(ExplorerError, match="makes items of shape"):
        explorer.adopt("other", encoder=encoder, decoder=decoder, data=digits, path=tmp_path / "o.safetensors")
