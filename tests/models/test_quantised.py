"""The vector-quantised autoencoder, against plain loops, k-means, enumeration and what a copy and an identity give."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import scipy.stats
import torch
from sklearn.cluster import KMeans
from torch import Tensor

from explorer.models.codebook import SMOOTHING, Codebook, perplexity
from explorer.models.grid_prior import GridPrior
from explorer.models.quantised import QuantisedConfig

SMALL = {"entries": 8, "latent_dim": 3, "channels": (4,), "prior_units": 8}


def drawn(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def nearest_by_hand(vectors: np.ndarray, entries: np.ndarray) -> np.ndarray:
    return np.array([min(range(len(entries)), key=lambda k: float(np.sum((v - entries[k]) ** 2))) for v in vectors])


def test_each_place_gets_the_entry_nearest_to_it() -> None:
    codebook, maps = Codebook(8, 3), drawn(5, 3, 2, 4)
    vectors = maps.permute(0, 2, 3, 1).reshape(-1, 3).numpy()
    expected = nearest_by_hand(vectors, codebook.entries.numpy())
    indices = codebook.indices(maps)
    assert indices.flatten().tolist() == expected.tolist()
    placed = codebook(maps).permute(0, 2, 3, 1).reshape(-1, 3)
    assert torch.equal(placed, codebook.entries[torch.from_numpy(expected)])
    assert torch.equal(codebook.indices(codebook.maps(indices)), indices)


def test_averages_of_batches_are_those_of_a_plain_loop() -> None:
    decay = 0.9
    codebook = Codebook(4, 2, decay, revive_below=0)
    entries = codebook.entries.double().numpy().copy()
    shares, sums = np.zeros(4), np.zeros((4, 2))
    for step in range(5):
        maps = drawn(6, 2, 3, 1, seed=step)
        codebook.learn(maps, codebook.indices(maps))
        vectors = maps.permute(0, 2, 3, 1).reshape(-1, 2).double().numpy()
        nearest = nearest_by_hand(vectors, entries)
        for k in range(4):
            own = vectors[nearest == k]
            shares[k] = decay * shares[k] + (1 - decay) * len(own) / len(vectors)
            sums[k] = decay * sums[k] + (1 - decay) * own.sum(0) / len(vectors)
        total = shares.sum()
        for k in range(4):
            entries[k] = sums[k] / ((shares[k] + SMOOTHING) / (total + 4 * SMOOTHING) * total)
        np.testing.assert_allclose(codebook.entries.numpy(), entries, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(codebook.shares.numpy(), shares, rtol=1e-5)


def test_without_memory_a_batch_is_a_step_of_k_means() -> None:
    codebook, maps = Codebook(5, 2, decay=0.0, revive_below=0), drawn(200, 2, 1, 1)
    vectors = maps[:, :, 0, 0].double().numpy()
    step = KMeans(5, init=codebook.entries.double().numpy(), n_init=1, max_iter=1, algorithm="lloyd").fit(vectors)
    labels = codebook.indices(maps).flatten().numpy()
    expected = np.stack([vectors[labels == k].mean(0) for k in range(5)])
    codebook.learn(maps, codebook.indices(maps))
    # Laplace smoothing moves a centre by its share of 1e-5.
    np.testing.assert_allclose(codebook.entries.numpy(), expected, rtol=1e-3)
    assert step.inertia_ < np.square(vectors - vectors.mean(0)).sum()
    moved = nearest_by_hand(vectors, codebook.entries.numpy())
    np.testing.assert_array_equal(moved, step.labels_)


def test_dead_entries_are_put_at_encodings_and_the_draw_is_the_seeds() -> None:
    maps = drawn(40, 2, 1, 1) + 50  # far from every entry, so that most are dead at the first batch
    books = [Codebook(6, 2) for _ in range(3)]
    for book in books:
        book.load_state_dict(books[0].state_dict())
    used = len(books[0].indices(maps).unique())
    for book, seed in zip(books, (1, 1, 2), strict=True):
        book.learn(maps, book.indices(maps), torch.Generator().manual_seed(seed))
    assert torch.equal(books[0].entries, books[1].entries)
    assert not torch.equal(books[0].entries, books[2].entries)
    vectors = maps[:, :, 0, 0]
    at_encodings = (books[0].entries[:, None] == vectors[None]).all(2).any(1)
    assert int(at_encodings.sum()) == 6 - used
    # What is used evenly enough stays where its average is.
    steady = Codebook(2, 1, decay=0.5, revive_below=0.05)
    two = torch.tensor([0.0] * 9 + [1.0]).view(10, 1, 1, 1)
    steady.load_state_dict({"entries": torch.tensor([[0.0], [1.0]]), "shares": torch.full((2,), 0.5),
                            "sums": torch.tensor([[0.0], [0.5]])})  # fmt: skip
    for step in range(20):
        steady.learn(two, steady.indices(two), torch.Generator().manual_seed(step))
    torch.testing.assert_close(steady.entries, torch.tensor([[0.0], [1.0]]), atol=1e-3, rtol=0)


def test_the_gradient_goes_straight_through_and_entries_get_none() -> None:
    codebook, maps = Codebook(8, 3), drawn(5, 3, 2, 4).requires_grad_()
    through = codebook.straight_through(maps, codebook(maps.detach()))
    torch.testing.assert_close(through, codebook(maps.detach()))
    handed = drawn(5, 3, 2, 4, seed=1)
    through.backward(handed)
    assert torch.equal(maps.grad, handed)
    assert not codebook.entries.requires_grad


def test_a_codebook_that_holds_the_encodings_changes_nothing() -> None:
    x = torch.rand(1, 1, 6, 6, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        model = QuantisedConfig(**SMALL | {"entries": 9}).build((1, 6, 6)).eval()
        encodings = model.encodings(x)
        held = encodings.permute(0, 2, 3, 1).reshape(-1, 3)
        model.codebook.entries.copy_(held)
        assert float(model.loss(x, x).terms["commitment"][0]) == 0
        assert float(model.item_figures(x)["quantisation error", "squared distance per item"]) == 0
        torch.testing.assert_close(model.encode(x), encodings.flatten(1))
        assert torch.equal(model.indices_of(model.encode(x)), model.indices(x))


def test_the_commitment_draws_the_encoder_to_its_entries_by_its_weight() -> None:
    x = torch.rand(4, 1, 6, 6, generator=torch.Generator().manual_seed(0))
    model = QuantisedConfig(**SMALL, commitment=0.5).build((1, 6, 6)).eval()
    loss = model.loss(x, x)
    encodings = model.encodings(x)
    apart = (encodings - model.codebook(encodings)).square().flatten(1).sum(1).mean()
    torch.testing.assert_close(loss.terms["commitment"][0], apart)
    torch.testing.assert_close(loss.total, loss.terms["squared error"][0] + 0.5 * apart)


def test_perplexity_is_the_exponential_of_the_entropy() -> None:
    shares = np.array([0.5, 0.25, 0.25, 0.0])
    expected = math.exp(scipy.stats.entropy(shares))
    assert float(perplexity(torch.from_numpy(shares))) == pytest.approx(expected)
    assert float(perplexity(torch.full((64,), 1 / 64))) == pytest.approx(64, rel=1e-5)
    assert float(perplexity(torch.tensor([0.0, 1.0]))) == 1


def test_the_prior_sums_to_one_and_draws_what_it_says() -> None:
    torch.manual_seed(0)
    prior = GridPrior(3, (2, 2), units=6).eval()
    with torch.no_grad():
        prior.next.bias.copy_(torch.tensor([1.0, 0.0, -0.5]))  # far from an even one
    grids = torch.tensor(list(itertools.product(range(3), repeat=4))).view(-1, 2, 2)
    with torch.no_grad():
        probability = prior.log_probability(grids).exp()
    assert float(probability.sum()) == pytest.approx(1, abs=1e-5)
    expected = probability.double() / probability.double().sum()
    samples = prior.sample(6000, torch.Generator().manual_seed(0)).flatten(1)
    counts = torch.bincount(samples @ torch.tensor([27, 9, 3, 1]), minlength=81).numpy()
    assert scipy.stats.chisquare(counts, 6000 * expected.numpy()).pvalue > 1e-3
    # At temperature 0 it is what is likeliest place by place, for every sample.
    likeliest = prior.sample(3, temperature=0.0)
    assert torch.equal(likeliest, likeliest[:1].expand(3, -1, -1))
    assert int(likeliest[0, 0, 0]) == int(prior.logits(likeliest)[0, 0].argmax())


def test_no_place_of_the_prior_sees_itself_or_what_comes_after() -> None:
    prior = GridPrior(5, (2, 3), units=6)
    grid = torch.zeros(1, 2, 3, dtype=torch.long)
    for place in range(6):
        other = grid.clone()
        other.view(-1)[place] = 4
        same = torch.isclose(prior.logits(grid), prior.logits(other)).all(2)[0]
        assert same.tolist() == [at <= place for at in range(6)]
