"""Counts and categories against scipy's distributions, and a mixed table from its file to the new codes' rows."""

from __future__ import annotations

import csv
import dataclasses
import pathlib
from typing import Any

import numpy as np
import pytest
import torch
from scipy import special, stats

from explorer.core.counts import COUNT, NUMBER, log_gamma, log_shares, negative_binomial_log_probability
from explorer.core.errors import DataError, ExplorerError
from explorer.data import ImportOptions, open_dataset
from explorer.io.tables.asked import RolesAsked
from explorer.models import VariationalAutoencoder
from explorer.novelty.scores.elbo import ElboDivergence, ElboMisfit
from explorer.recipe import Recipe
from explorer.training import train

COUNTS = torch.arange(40.0)[:, None]


def model_of(likelihood: str, columns: int) -> VariationalAutoencoder:
    torch.manual_seed(0)
    values = {"family": "variational", "hidden": [8], "latent_dim": 2, "likelihood": likelihood}
    model = Recipe.parse({"model": values}).build((columns,)).double()
    assert isinstance(model, VariationalAutoencoder)
    return model


def test_the_gamma_function_of_small_and_large_numbers() -> None:
    x = torch.logspace(-6, 9, 200, dtype=torch.float64)
    np.testing.assert_allclose(log_gamma(x).numpy(), special.gammaln(x.numpy()), rtol=1e-11, atol=1e-10)


def test_counts_have_the_probabilities_of_scipy_and_none_below_0() -> None:
    logits, x = torch.full_like(COUNTS, 0.7).double(), COUNTS.double()
    poisson, binomial = model_of("poisson", 1), model_of("negative_binomial", 1)
    # Means of 3 and a spread of 2: a rate of 3 exp(0.7), a dispersion that starts at a tenth of (4 / 3 - 1) / 3.
    for model in (poisson, binomial):
        model.fit_input([torch.tensor([[1.0], [5.0]]).double()], counts=[0])
    rate = 3 * np.exp(0.7)
    np.testing.assert_allclose(
        poisson.log_likelihood(x, logits).detach().numpy(), stats.poisson.logpmf(COUNTS[:, 0], rate), rtol=1e-6
    )
    t = 90.0
    assert binomial.log_sigma.exp().item() == pytest.approx(1 / t, rel=1e-6)
    wanted = stats.nbinom.logpmf(COUNTS[:, 0], t, t / (t + rate))
    np.testing.assert_allclose(binomial.log_likelihood(x, logits).detach().numpy(), wanted, rtol=1e-6)
    assert poisson.log_likelihood(-x[1:2], logits[1:2]).item() == -np.inf


@pytest.mark.parametrize("dispersion", [1e-5, 0.3, 4.0])
def test_a_negative_binomial_has_its_moments_and_becomes_poisson(dispersion: float) -> None:
    x = torch.arange(3000.0)[:, None]
    log_rate = torch.full_like(x, 1.2)
    p = negative_binomial_log_probability(x, log_rate, torch.tensor([dispersion]).log()).exp()[:, 0].numpy()
    n, rate = np.arange(3000), np.exp(np.float32(1.2))
    assert p.sum() == pytest.approx(1, abs=1e-6)
    assert (p * n).sum() == pytest.approx(rate, rel=1e-5)
    assert (p * n**2).sum() - rate**2 == pytest.approx(rate + dispersion * rate**2, rel=1e-4)
    if dispersion < 1e-4:
        np.testing.assert_allclose(p, stats.poisson.pmf(n, rate), atol=1e-5)


def test_shares_are_softmax_within_each_category_however_far_apart_they_are() -> None:
    logits = torch.tensor([[800.0, 801.0, 5.0, -700.0, -702.0, -701.0]])
    kinds = torch.tensor([0, 0, NUMBER, 3, 3, 3])
    wanted = torch.cat([logits[:, :2].log_softmax(1), torch.zeros(1, 1), logits[:, 3:].log_softmax(1)], 1)
    torch.testing.assert_close(log_shares(logits, kinds), wanted)


def test_a_mixed_row_is_the_sum_of_its_columns_in_their_own_units() -> None:
    model = model_of("by_column", 5)
    rows = torch.tensor([[10.0, 2, 1, 0, 0], [30, 0, 0, 1, 0], [20, 7, 0, 1, 0], [40, 3, 0, 0, 1]]).double()
    model.fit_input([rows], [[2, 3, 4]], [1])
    assert model.output.kinds.tolist() == [NUMBER, COUNT, 2, 2, 2]
    middle = model.output(torch.zeros(1, 5).double())
    torch.testing.assert_close(middle, rows.mean(0, keepdim=True), rtol=2e-3, atol=0)
    logits = torch.randn(4, 5, generator=torch.Generator().manual_seed(1)).double()
    mean, rate, *p = model.output(logits).T.numpy()
    with torch.no_grad():
        model.log_sigma[0] = 0.4
    t = np.exp(-model.log_sigma[1].item())
    wanted = (
        stats.norm.logpdf(rows[:, 0], mean, np.exp(0.4) * rows[:, 0].std(correction=0))
        + stats.nbinom.logpmf(rows[:, 1], t, t / (t + rate))
        + stats.multinomial.logpmf(rows[:, 2:].numpy(), 1, np.stack(p, 1))
    )
    np.testing.assert_allclose(model.log_likelihood(rows, logits).detach().numpy(), wanted, rtol=1e-6)


def test_each_column_has_half_its_own_deviance_whatever_it_holds() -> None:
    """By the textbook: (x - m)^2 / (2 s^2), x log(x / r) - (x - r) of Poisson's counts, -log p of a value."""
    model = model_of("by_column", 5)
    rows = torch.tensor([[10.0, 2, 1, 0, 0], [30, 0, 0, 1, 0], [20, 7, 0, 1, 0], [40, 3, 0, 0, 1]]).double()
    model.fit_input([rows], [[2, 3, 4]], [1])
    with torch.no_grad():
        model.log_sigma[:2] = torch.tensor([0.4, -12.0])  # a spread, and a dispersion that is Poisson's
    logits = torch.randn(4, 5, generator=torch.Generator().manual_seed(1)).double()
    mean, rate, *p = model.output(logits).T.numpy()
    x, counted = rows[:, 0].numpy(), rows[:, 1].numpy()
    parts = model.deviance_by_column(rows, logits)
    assert parts is not None
    found = parts.detach().numpy()
    np.testing.assert_allclose(found[:, 0], ((x - mean) / (np.exp(0.4) * x.std())) ** 2 / 2, rtol=1e-5)
    np.testing.assert_allclose(found[:, 1], special.xlogy(counted, counted / rate) - (counted - rate), atol=2e-3)
    of_value = -np.log(np.stack(p, 1))
    np.testing.assert_allclose(found[:, 2:], of_value * rows[:, 2:].numpy(), rtol=1e-5)
    assert model_of("gaussian", 3).deviance_by_column(rows[:, :3], logits[:, :3]) is None


@pytest.mark.slow
def test_a_detector_names_the_column_whose_count_is_unlikely(tmp_path: pathlib.Path) -> None:
    """Not by a squared error of rates: very many toys of one who buys little bread, and much spent."""
    path = write(tmp_path / "shop.csv")
    checkpoint = trained(path, "by_column")
    names = list(checkpoint.card.data.feature_names)
    row = np.array([{"bread": 8, "spent": 30, "toys": 0, "pays=cash": 1}.get(name, 0) for name in names], np.float32)
    odd = np.stack([row, row, row])
    odd[1, [names.index("bread"), names.index("toys")]] = 1, 300
    odd[2, names.index("spent")] = 90
    scorer = ElboMisfit(checkpoint)
    parts = scorer.contributions(odd)
    assert parts is not None
    assert (parts >= 0).all()
    assert [names[place] for place in parts[1:].argmax(1)] == ["toys", "spent"]
    # What is left of the misfit is what exact decoding costs: the same of rows that differ in one number alone.
    left = scorer.score(odd) - parts.sum(1)
    assert left[0] == pytest.approx(left[2], abs=1e-3)
    missing = odd[1:2].copy()
    missing[0, names.index("toys")] = np.nan
    of_missing = scorer.contributions(missing)
    assert of_missing is not None
    assert of_missing[0, names.index("toys")] == 0
    assert ElboDivergence(checkpoint).contributions(odd) is None


def write(path: pathlib.Path, n: int = 400) -> pathlib.Path:
    """Two kinds of customer: what they buy, how they pay, what they spend."""
    random = np.random.default_rng(0)
    kind = random.integers(2, size=n)
    bread, toys = random.poisson(np.array([8, 1])[kind]), random.negative_binomial(1, np.array([0.9, 0.2])[kind])
    pays = np.where(random.random(n) < np.array([0.9, 0.1])[kind], "cash", "card")
    spent = random.normal(30, 10, n)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["bread", "spent", "pays", "toys"])
        writer.writerows(zip(bread, spent.round(2), pays, toys, strict=True))
    return path


def own_log_density(n: int = 100_000) -> float:
    """Mean log probability of such rows under what draws them, in nats."""
    random = np.random.default_rng(1)
    kind = random.integers(2, size=n)
    bread, toys = random.poisson(np.array([8, 1])[kind]), random.negative_binomial(1, np.array([0.9, 0.2])[kind])
    cash = random.random(n) < np.array([0.9, 0.1])[kind]
    by_kind = [
        stats.poisson.logpmf(bread, rate) + stats.nbinom.logpmf(toys, 1, p) + np.log(np.where(cash, share, 1 - share))
        for rate, p, share in ((8, 0.9, 0.9), (1, 0.2, 0.1))
    ]
    return float((special.logsumexp(by_kind, axis=0) + np.log(0.5)).mean() - stats.norm(0, 10).entropy())


def trained(path: pathlib.Path, likelihood: str, roles: dict[str, Any] | None = None) -> Any:
    values = {
        "data": {"dataset": str(path), "roles": roles or {}},
        "model": {"family": "variational", "hidden": [16], "latent_dim": 1, "likelihood": likelihood},
        "training": {"epochs": 20, "batch_size": 32, "learning_rate": 0.01, "device": "cpu"},
    }
    *_, last = train(Recipe.parse(values))
    return last.checkpoint


@pytest.mark.slow
def test_a_mixed_table_from_its_file_to_new_rows(tmp_path: pathlib.Path) -> None:
    path = write(tmp_path / "shop.csv")
    checkpoint = trained(path, "by_column")
    contract = checkpoint.card.data.contract
    assert contract.of("count") == ("bread", "toys")
    assert "1 number, 2 counts, 1 category" in contract.line
    rows = checkpoint.decode(np.linspace(-3, 3, 50, dtype=np.float32)[:, None])
    names = checkpoint.card.data.feature_names
    of_pays = [i for i, name in enumerate(names) if name.startswith("pays")]
    assert (rows[:, [names.index("bread"), names.index("toys")]] > 0).all()
    np.testing.assert_allclose(rows[:, of_pays].sum(1), 1, atol=1e-5)
    # What the rows' own probabilities are: no bound lies above them but by chance, and a good one is near them.
    assert own_log_density() - 1 < checkpoint.card.metric("ELBO").value < own_log_density() + 0.5
    assert trained(path, "by_column", {"numbers": ["toys"]}).card.data.contract.of("count") == ("bread",)
    later = dataclasses.replace(ImportOptions(), like=contract, model_columns=names)
    (tmp_path / "later.csv").write_text("bread,spent,pays,toys\n3,60.5,cash,1\n2.5,60.5,cash,1\n")
    with pytest.raises(DataError, match=r"'bread' of .*later\.csv holds numbers that are not whole"):
        open_dataset(str(tmp_path / "later.csv"), options=later)


@pytest.mark.parametrize(("roles", "column"), [({}, "spent"), ({"ignore": ["spent"]}, "pays")])
def test_what_is_no_count_is_refused_by_name_with_a_way_on(tmp_path: pathlib.Path, roles: Any, column: str) -> None:
    with pytest.raises(ExplorerError, match=f"The column '{column}'") as refused:
        trained(write(tmp_path / "shop.csv"), "negative_binomial", roles)
    assert f"--ignore {column}" in refused.value.hint
    assert "by_column" in refused.value.hint


def test_a_column_said_to_be_counts_has_to_hold_some(tmp_path: pathlib.Path) -> None:
    path = write(tmp_path / "shop.csv")
    said = ImportOptions(roles=RolesAsked(counts=("bread",)))
    assert open_dataset(str(path), options=said).contract.of("count") == ("bread",)
    with pytest.raises(DataError, match=r"'spent' of .*shop\.csv holds numbers that are not whole") as refused:
        open_dataset(str(path), options=ImportOptions(roles=RolesAsked(counts=("spent",))))
    assert "--number spent" in refused.value.hint
