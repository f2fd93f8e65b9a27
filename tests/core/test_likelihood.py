"""Closed forms against torch.distributions, in double precision, over random shapes and values."""

from __future__ import annotations

import inspect
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import distributions as D

from explorer.core.likelihood import (
    bernoulli_log_likelihood,
    diagonal_normal_log_density,
    gaussian_log_likelihood,
    kl_per_dimension,
    kl_to_standard_normal,
    standard_normal_log_density,
)

event_shapes = st.one_of(
    st.tuples(st.integers(1, 20)), st.tuples(st.integers(1, 3), st.integers(1, 7), st.integers(1, 7))
)
seeds = st.integers(0, 2**31)


def normal(seed: int, *shape: int, scale: float = 1.0) -> torch.Tensor:
    return scale * torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def close(actual: torch.Tensor, expected: torch.Tensor) -> None:
    torch.testing.assert_close(actual, expected, rtol=1e-10, atol=1e-10)


@pytest.mark.slow
@given(n=st.integers(1, 4), event=event_shapes, seed=seeds)
def test_bernoulli_of_binary_values(n: int, event: tuple[int, ...], seed: int) -> None:
    logits = normal(seed, n, *event, scale=5)
    x = (normal(seed + 1, n, *event) > 0).double()
    oracle = D.Independent(D.Bernoulli(logits=logits), len(event)).log_prob(x)
    close(bernoulli_log_likelihood(x, logits), oracle)


@given(n=st.integers(1, 4), event=event_shapes, seed=seeds)
@pytest.mark.slow
def test_bernoulli_of_grey_values_is_minus_the_cross_entropy(n: int, event: tuple[int, ...], seed: int) -> None:
    logits = normal(seed, n, *event, scale=3)
    x = normal(seed + 1, n, *event).sigmoid()
    p = logits.sigmoid()
    oracle = (x * p.log() + (1 - x) * (1 - p).log()).flatten(1).sum(1)
    close(bernoulli_log_likelihood(x, logits), oracle)


def test_bernoulli_of_extreme_logits_is_finite_and_exact() -> None:
    logits = torch.tensor([[1000.0, -1000.0], [1000.0, 1000.0]])
    x = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    assert bernoulli_log_likelihood(x, logits).tolist() == [0.0, -1000.0]


@given(n=st.integers(1, 4), event=event_shapes, seed=seeds, log_sigma=st.floats(-3, 3))
def test_gaussian_with_one_sigma(n: int, event: tuple[int, ...], seed: int, log_sigma: float) -> None:
    x, mean = normal(seed, n, *event), normal(seed + 1, n, *event)
    oracle = D.Independent(D.Normal(mean, math.exp(log_sigma)), len(event)).log_prob(x)
    for shape in ((), (1,), (1,) * x.ndim):
        value = torch.full(shape, log_sigma, dtype=torch.float64)
        close(gaussian_log_likelihood(x, mean, value), oracle)


@given(n=st.integers(1, 4), event=event_shapes, seed=seeds)
def test_gaussian_with_a_sigma_for_each_place_or_value(n: int, event: tuple[int, ...], seed: int) -> None:
    x, mean = normal(seed, n, *event), normal(seed + 1, n, *event)
    for shape in (event, (n, *event), (n, *(1,) * len(event))):
        log_sigma = normal(seed + 2, *shape)
        oracle = D.Independent(D.Normal(mean, log_sigma.exp().expand_as(x)), len(event)).log_prob(x)
        close(gaussian_log_likelihood(x, mean, log_sigma), oracle)


@given(n=st.integers(1, 5), d=st.integers(1, 12), seed=seeds)
def test_kl(n: int, d: int, seed: int) -> None:
    mu, logvar = normal(seed, n, d), normal(seed + 1, n, d, scale=2)
    oracle = D.kl_divergence(D.Normal(mu, (logvar / 2).exp()), D.Normal(torch.zeros_like(mu), 1.0))
    close(kl_per_dimension(mu, logvar), oracle)
    close(kl_to_standard_normal(mu, logvar), oracle.sum(1))


@given(mu=st.floats(-1e-3, 1e-3), logvar=st.floats(-1e-3, 1e-3))
def test_kl_is_never_negative_and_precise_near_the_prior_in_single_precision(mu: float, logvar: float) -> None:
    single = kl_per_dimension(torch.tensor([[mu]]), torch.tensor([[logvar]])).item()
    assert single >= 0
    # The first terms of the series, exact to far below single precision here.
    series = 0.5 * (mu**2 + logvar**2 / 2 + logvar**3 / 6)
    assert single == pytest.approx(series, rel=1e-3, abs=1e-10)


def test_kl_of_the_prior_is_zero() -> None:
    assert kl_to_standard_normal(torch.zeros(2, 3), torch.zeros(2, 3)).tolist() == [0, 0]


@pytest.mark.slow
@given(n=st.integers(1, 5), d=st.integers(1, 12), seed=seeds)
def test_log_densities(n: int, d: int, seed: int) -> None:
    z, mu, logvar = (normal(seed + i, n, d) for i in range(3))
    close(
        standard_normal_log_density(z),
        D.MultivariateNormal(torch.zeros(d, dtype=torch.float64), torch.eye(d, dtype=torch.float64)).log_prob(z),
    )
    close(diagonal_normal_log_density(z, mu, logvar), D.Independent(D.Normal(mu, (logvar / 2).exp()), 1).log_prob(z))


@pytest.mark.parametrize(
    ("function", "gradient"),
    [
        (lambda x, t: bernoulli_log_likelihood(x, t), lambda x, t: x - t.sigmoid()),
        (lambda x, t: gaussian_log_likelihood(x, t, torch.tensor(0.5)), lambda x, t: (x - t) * math.exp(-1)),
        (lambda x, t: -kl_to_standard_normal(t, x), lambda x, t: -t),
        (lambda x, t: -kl_to_standard_normal(x, t), lambda x, t: 0.5 * (1 - t.exp())),
    ],
    ids=["bernoulli", "gaussian", "kl in mu", "kl in logvar"],
)
def test_gradients_are_the_textbook_ones(function, gradient) -> None:  # type: ignore[no-untyped-def]
    generator = torch.Generator().manual_seed(0)
    x = torch.rand(3, 5, generator=generator)
    t = torch.randn(3, 5, generator=generator, requires_grad=True)
    function(x, t).sum().backward()
    torch.testing.assert_close(t.grad, gradient(x, t.detach()))


@pytest.mark.parametrize(
    "call",
    [
        lambda: bernoulli_log_likelihood(torch.rand(4, 5), torch.rand(4, 1)),
        lambda: gaussian_log_likelihood(torch.rand(4, 5), torch.rand(1, 5), torch.zeros(())),
        lambda: kl_per_dimension(torch.rand(4, 5), torch.rand(4, 1)),
        lambda: diagonal_normal_log_density(torch.rand(4, 5), torch.rand(4, 5), torch.rand(1, 5)),
    ],
)
def test_never_broadcasts_in_silence(call) -> None:  # type: ignore[no-untyped-def]
    # ValueError from the functions themselves; TypeError where the shape annotations are checked first.
    with pytest.raises((ValueError, TypeError)):
        call()


@pytest.mark.parametrize(
    ("function", "shapes"),
    [
        (gaussian_log_likelihood, [(4, 3), (4, 1), ()]),
        (kl_per_dimension, [(4, 3), (3,)]),
        (kl_per_dimension, [(4, 3), (4, 1)]),
        (diagonal_normal_log_density, [(4, 3), (4, 3), (1, 3)]),
        (diagonal_normal_log_density, [(4, 3), (1, 3), (1, 3)]),
    ],
)
def test_shapes_that_differ_are_refused_also_where_no_hook_checks_them(function, shapes) -> None:  # type: ignore[no-untyped-def]
    """A user's program has no shape hook: broadcasting would give a plausible wrong number."""
    with pytest.raises(ValueError, match="differ"):
        inspect.unwrap(function)(*(torch.zeros(shape) for shape in shapes))
