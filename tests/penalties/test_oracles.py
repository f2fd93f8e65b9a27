"""Penalties against closed forms, torch.distributions, NumPy and their own derivatives."""

from __future__ import annotations

import itertools
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch import distributions as D

from explorer.penalties import REGISTRY
from explorer.penalties.contractive import Contractive
from explorer.penalties.orthogonal import Orthogonal
from explorer.penalties.sparse import SparseCode, TargetRate
from explorer.recipe import Recipe


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def items(n: int = 5, d: int = 7) -> Tensor:
    return torch.rand(n, d, generator=generator(1), dtype=torch.float64)


def encoder(*sizes: int) -> nn.Sequential:
    """Linear layers with sigmoids, the last with one, too."""
    torch.manual_seed(0)
    layers = [m for a, b in itertools.pairwise(sizes) for m in (nn.Linear(a, b), nn.Sigmoid())]
    return nn.Sequential(*layers).double()


# --- Sparse ---


def test_a_sparse_code_costs_its_absolute_numbers() -> None:
    z = torch.tensor([[1.0, -2.0, 0.0], [0.5, 0.0, -0.5]], requires_grad=True)
    code, terms = SparseCode(weight=0.3)(lambda x: z, torch.zeros(2, 1))
    value, weight = terms["absolute code"]
    assert (value.tolist(), weight) == ([3.0, 1.0], 0.3)
    value.mean().backward()
    torch.testing.assert_close(z.grad, z.detach().sign() / 2)
    assert code is z


@pytest.mark.parametrize("rate", [0.05, 0.5])
def test_the_target_rate_is_the_kl_of_bernoullis(rate: float) -> None:
    z = torch.randn(40, 6, generator=generator(), dtype=torch.float64)
    value, _ = TargetRate(rate=rate)(lambda x: z, z)[1]["divergence from the rate"]
    wanted = D.kl_divergence(D.Bernoulli(torch.full((6,), rate).double()), D.Bernoulli(torch.sigmoid(z).mean(0))).sum()
    torch.testing.assert_close(value, wanted)
    exact = torch.full((9, 2), float(np.log(rate / (1 - rate))), dtype=torch.float64)
    assert float(TargetRate(rate=rate)(lambda x: exact, exact)[1]["divergence from the rate"][0]) == pytest.approx(0)


def test_the_target_rate_stays_finite_where_numbers_are_always_active() -> None:
    z = torch.full((8, 2), 200.0, requires_grad=True)
    value, _ = TargetRate()(lambda x: z, z)[1]["divergence from the rate"]
    value.backward()
    assert value.item() == pytest.approx(2 * 0.95 * 200, rel=0.01)
    assert z.grad is not None
    assert (z.grad > 0).all()


# --- Contractive ---


def test_of_one_sigmoid_layer_it_is_the_papers_closed_form_with_its_gradient() -> None:
    encode, x = encoder(7, 4), items()
    weights: Any = encode[0].weight
    h = encode(x)
    wanted = (h * (1 - h)).square() @ weights.square().sum(1)
    value, weight = Contractive(probes=0, weight=0.7)(encode, x)[1]["squared derivatives"]
    torch.testing.assert_close(value, wanted)
    assert weight == 0.7
    for ours, theirs in zip(
        torch.autograd.grad(value.mean(), [*encode.parameters()]),
        torch.autograd.grad(wanted.mean(), [*encode.parameters()]),
        strict=True,
    ):
        torch.testing.assert_close(ours, theirs)


def test_of_several_layers_it_is_the_norm_of_torchs_jacobian() -> None:
    encode, x = encoder(7, 6, 3), items(4)
    jacobians = [torch.autograd.functional.jacobian(encode, row[None]).squeeze() for row in x]
    wanted = torch.stack([jacobian.square().sum() for jacobian in jacobians])
    torch.testing.assert_close(Contractive(probes=0)(encode, x)[1]["squared derivatives"][0], wanted)


def test_hutchinsons_estimate_has_the_exact_norm_as_its_mean_and_its_gradient_too() -> None:
    encode, x = encoder(7, 6, 3), items(4)
    exact = Contractive(probes=0)(encode, x)[1]["squared derivatives"][0].mean()
    wanted = torch.autograd.grad(exact, [encode[0].weight])[0].flatten()
    draws, values, gradients = generator(2), [], []
    for _ in range(400):
        value = Contractive(probes=2)(encode, x, draws)[1]["squared derivatives"][0].mean()
        gradients.append(torch.autograd.grad(value, [encode[0].weight])[0].flatten())
        values.append(value.detach())
    estimates = torch.stack(values)
    assert abs((estimates.mean() - exact) / (estimates.std() / 20)) < 4
    sampled = torch.stack(gradients)
    z = (sampled.mean(0) - wanted) / (sampled.std(0) / 20)
    assert float(z.square().mean()) < 2, "1 where the mean is right"


def test_in_validation_it_has_the_same_value_and_leaves_no_graph() -> None:
    encode, x = encoder(7, 6, 3), items()
    wanted = Contractive(probes=0)(encode, x)[1]["squared derivatives"][0]
    with torch.inference_mode():
        value = Contractive(probes=0)(encode, x * 1)[1]["squared derivatives"][0]
    torch.testing.assert_close(value, wanted.detach())
    assert not value.requires_grad


COMPILED = """
import torch
from explorer.recipe import Recipe
model = Recipe.parse({"model": {"family": "undercomplete", "hidden": [6], "activation": "tanh"},
    "penalty": {"kind": "contractive", "weight": 1.0}}).build((7,))
gradients = []
for loss in (model.loss, torch.compile(model.loss, backend="aot_eager")):
    model.zero_grad()
    x = torch.rand(5, 7, generator=torch.Generator().manual_seed(0))
    loss(x, x, torch.Generator().manual_seed(1)).total.backward()
    gradients.append([p.grad.clone() for p in model.parameters()])
for one, other in zip(*gradients, strict=True):
    torch.testing.assert_close(one, other)
"""


@pytest.mark.slow
def test_a_compiled_step_takes_it_as_it_is() -> None:
    """In a process of its own, since the checks of shapes in tests cannot be compiled."""
    done = subprocess.run([sys.executable, "-c", COMPILED], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


# --- Orthogonal ---


def test_squared_correlations_are_numpys_whatever_the_scale() -> None:
    z = torch.randn(30, 4, generator=generator(), dtype=torch.float64)
    z[:, 3] = 2 * z[:, 0] + 0.1 * z[:, 1]
    r = np.corrcoef(z.numpy(), rowvar=False)
    wanted = np.square(r[np.triu_indices(4, 1)]).sum()
    for scale in (1.0, 1e-3):
        value, _ = Orthogonal()(lambda x, scale=scale: scale * z, z)[1]["squared correlations"]  # type: ignore[misc]
        assert float(value) == pytest.approx(wanted, rel=1e-5)
    basis, _ = torch.linalg.qr(torch.randn(30, 4, generator=generator(), dtype=torch.float64))
    centred, _ = torch.linalg.qr(basis - basis.mean(0))
    assert float(Orthogonal()(lambda x: centred, z)[1]["squared correlations"][0]) == pytest.approx(0, abs=1e-12)


# --- Limits ---


@pytest.mark.parametrize("kind", [kind for kind, cls in REGISTRY.items() if "weight" in cls.model_fields])
def test_without_weight_it_is_the_plain_autoencoder(kind: str) -> None:
    fields = {"model": {"family": "undercomplete", "hidden": [6], "latent_dim": 3}}
    models = []
    for penalty in (None, {"kind": kind, "weight": 0}):
        torch.manual_seed(0)
        models.append(Recipe.parse(fields | {"penalty": penalty}).build((5,)))
    x = torch.randn(8, 5, generator=generator())
    plain, ours = (model.loss(x, x, generator()).total for model in models)
    torch.testing.assert_close(ours, plain)
    plain.backward()
    ours.backward()
    for one, other in zip(models[0].parameters(), models[1].parameters(), strict=True):
        torch.testing.assert_close(one.grad, other.grad)
