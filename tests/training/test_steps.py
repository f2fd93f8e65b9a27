"""What a step of training does, against torch.optim on the same problem, closed forms and the statistics of noise."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from explorer.data import Dataset
from explorer.data.splits import Splits
from explorer.data.stored import fingerprint
from explorer.noise import GaussianNoise
from explorer.recipe import Recipe
from explorer.training import train
from explorer.training.events import EpochFinished, Finished, Step

N_TRAIN, COLUMNS, SIGMA = 48, 6, 0.5


@pytest.fixture(scope="module")
def table() -> Dataset:
    """48 training and 400 validation rows of six columns that follow each other, in units of their own."""
    random = np.random.default_rng(0)
    x = random.normal(size=(N_TRAIN + 400, 3)) @ random.normal(size=(3, COLUMNS)) * [1, 20, 0.1, 3, 5, 2] + 4
    x = x.astype(np.float32)
    rows = np.arange(len(x))
    splits = Splits(rows[:N_TRAIN], rows[N_TRAIN:], np.empty(0, np.int64), "in order")
    return Dataset(
        name="rows",
        title="rows",
        x=x,
        labels=None,
        label_names=(),
        splits=splits,
        licence="made here",
        source="made here",
        fingerprint=fingerprint(x, None),
        feature_names=tuple("abcdef"),
    )


def recipe(model: dict[str, Any] | None = None, corruption: dict[str, Any] | None = None, **training: Any) -> Recipe:
    return Recipe.parse(
        {
            "data": {"dataset": "rows"},
            "model": model or {"family": "undercomplete", "hidden": [], "latent_dim": 3, "linear": True},
            "corruption": corruption,
            "training": {"batch_size": N_TRAIN, "schedule": "constant", "device": "cpu", **training},
        }
    )


def by_torch(table: Dataset, settings: Recipe, steps: int) -> dict[str, Tensor]:
    """The weights after so many steps on all rows at once, written with nothing but torch."""
    training = settings.training
    torch.manual_seed(training.seed)
    encoder, decoder = nn.Linear(COLUMNS, 3), nn.Linear(3, COLUMNS)
    x = torch.from_numpy(table.x[:N_TRAIN]).double()
    x = ((x - x.mean(0)) / x.std(0, correction=0)).float()
    weights = [*encoder.parameters(), *decoder.parameters()]
    optimiser = torch.optim.AdamW(weights, lr=training.learning_rate, weight_decay=training.weight_decay)
    for _ in range(steps):
        optimiser.zero_grad()
        (decoder(encoder(x)) - x).square().sum(1).mean().backward()
        norm = torch.cat([w.grad.flatten() for w in weights]).norm()
        if training.clip_norm and norm > training.clip_norm:
            for weight in weights:
                weight.grad *= training.clip_norm / norm
        optimiser.step()
    return {
        "encoder.0.weight": encoder.weight,
        "encoder.0.bias": encoder.bias,
        "decoder.0.weight": decoder.weight,
        "decoder.0.bias": decoder.bias,
    }


def after(events: Iterator[Any], steps: int) -> dict[str, Tensor]:
    """The weights after so many steps of a run."""
    step = next(islice((e for e in events if isinstance(e, Step)), steps - 1, None))
    return {name.removeprefix("model."): v for name, v in step.snapshot().tensors.items() if name.startswith("model.")}


@pytest.mark.parametrize(
    "training",
    [{}, {"weight_decay": 0.5}, {"clip_norm": 0.5}, {"clip_norm": 1e-7}, {"weight_decay": 2, "clip_norm": 0.1}],
    ids=str,
)
def test_the_weights_are_those_of_torchs_own_optimiser(training: dict[str, float], table: Dataset) -> None:
    settings = recipe(epochs=12, learning_rate=0.02, **training)
    expected, trained = by_torch(table, settings, 12), after(train(settings, table), 12)
    for name, weight in expected.items():
        torch.testing.assert_close(trained[name], weight.detach(), atol=2e-5, rtol=0)


def test_weight_decay_takes_a_fixed_share_of_each_weight_a_step(table: Dataset) -> None:
    """Decoupled decay: beside Adam's own step, w becomes (1 - learning rate * decay) w (Loshchilov and Hutter 2019)."""
    torch.manual_seed(0)
    start = recipe().model.build((COLUMNS,)).state_dict()["encoder.0.weight"]
    without = after(train(recipe(learning_rate=0.01), table), 1)["encoder.0.weight"]
    with_decay = after(train(recipe(learning_rate=0.01, weight_decay=3), table), 1)["encoder.0.weight"]
    torch.testing.assert_close(with_decay, without - 0.01 * 3 * start, atol=1e-7, rtol=0)


@pytest.mark.slow
def test_a_denoiser_comes_near_the_best_linear_one_on_noise_it_has_not_seen(table: Dataset) -> None:
    """Rows of Gaussian columns plus noise: no linear map errs less than Wiener's; handing the noise on errs more."""
    noisy = {"kind": "gaussian", "sigma": SIGMA}
    random = np.random.default_rng(1)
    x = (random.normal(size=(3000, 3)) @ random.normal(size=(3, COLUMNS)) / 2).astype(np.float32)
    rows = np.arange(len(x))
    splits = Splits(rows[:2000], rows[2000:2500], rows[2500:], "in order")
    data = Dataset("rows", "rows", x, None, (), splits, "made here", "made here", fingerprint(x, None))
    wide = recipe(
        {"family": "undercomplete", "hidden": [], "latent_dim": COLUMNS, "linear": True},
        noisy,
        epochs=30,
        learning_rate=0.02,
        batch_size=50,
    )
    *_, finished = train(wide, data)
    std = x[:2000].std(0)
    clean = x[2500:]
    given = clean + SIGMA * random.normal(size=clean.shape).astype(np.float32)
    error = np.square((finished.checkpoint.reconstruct(given) - clean) / std).sum(1).mean()
    covariance = np.cov(x[:2000], rowvar=False)
    wiener = covariance @ np.linalg.inv(covariance + SIGMA**2 * np.eye(COLUMNS))
    best = np.square((given @ wiener.T - clean) / std).sum(1).mean()
    handed_on = np.square((given - clean) / std).sum(1).mean()
    assert best < 0.6 * handed_on
    assert 0.95 * best < error < 1.1 * best


@pytest.mark.slow
def test_where_everything_is_hidden_the_mean_is_all_that_can_be_learnt(table: Dataset) -> None:
    """The input is what is corrupted and the target what is not: the loss ends at the variance of the clean rows."""
    hidden = recipe(None, {"kind": "masking", "fraction": 1.0}, epochs=300, learning_rate=0.05)
    last = [e for e in train(hidden, table) if isinstance(e, EpochFinished)][-1]
    # In units of the training rows' standard deviations the variance of each column is 1.
    assert last.train["total"] == pytest.approx(COLUMNS, rel=1e-3)
    mean, std = table.x[:N_TRAIN].mean(0), table.x[:N_TRAIN].std(0)
    fresh = np.square((table.x[N_TRAIN:] - mean) / std).sum(1).mean()
    assert last.validation["total"] == pytest.approx(fresh, rel=1e-3)


STILL = 1e-9
"""A learning rate that leaves the weights as they are, so that what is measured does not change from epoch to epoch."""


@pytest.mark.parametrize(("batch_size", "at_once"), [(N_TRAIN, 1024), (20, 64)])
def test_losses_are_means_over_items_whatever_the_batches(
    batch_size: int, at_once: int, table: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explorer.training.items.PART_ITEMS", at_once)
    *_, epoch, finished = train(recipe(epochs=2, learning_rate=STILL, batch_size=batch_size), table)
    errors = finished.checkpoint.reconstruction_errors(table.x)
    assert epoch.train["total"] == pytest.approx(errors[:N_TRAIN].mean(), rel=1e-4)
    assert epoch.validation["total"] == pytest.approx(errors[N_TRAIN:].mean(), rel=1e-4)


def test_validation_losses_differ_by_the_weights_alone(table: Dataset) -> None:
    noisy = recipe(None, {"kind": "gaussian", "sigma": 1.0}, epochs=4, learning_rate=STILL)
    losses = [e.validation["total"] for e in train(noisy, table) if isinstance(e, EpochFinished)]
    assert losses == pytest.approx([losses[0]] * 4, rel=1e-5)


def test_validation_weighs_the_kl_as_at_the_end_and_training_as_it_grows(table: Dataset) -> None:
    """The KL's weight is beta * epoch / warm-up; one step an epoch, so the first step of all has the weight 0."""
    model = {"family": "variational", "likelihood": "gaussian", "hidden": [8], "latent_dim": 2}
    warm = recipe(model | {"beta": 3.0, "kl_warmup_epochs": 4}, epochs=6)
    epochs = [e for e in train(warm, table) if isinstance(e, EpochFinished)]
    for number, epoch in enumerate(epochs):
        losses, weight = epoch.validation, 3.0
        assert losses["total"] == pytest.approx(losses["reconstruction"] + weight * losses["KL"], rel=1e-5)
        losses, weight = epoch.train, 3.0 * min(1, number / 4)
        assert losses["total"] == pytest.approx(losses["reconstruction"] + weight * losses["KL"], rel=1e-5)


def noise_of(run: Iterator[Any], monkeypatch: pytest.MonkeyPatch) -> tuple[list[Tensor], list[Tensor]]:
    """What was added in each training step, and what it was added to."""
    drawn: list[Tensor] = []
    targets: list[Tensor] = []
    original = GaussianNoise.__call__

    def recorded(self: GaussianNoise, x: Tensor, generator: torch.Generator | None = None) -> Tensor:
        noisy = original(self, x, generator)
        if len(x) == N_TRAIN and not torch.is_inference_mode_enabled():
            drawn.append(noisy - x)
            targets.append(x.clone())
        return noisy

    with monkeypatch.context() as patch:
        patch.setattr(GaussianNoise, "__call__", recorded)
        for _ in run:
            pass
    return drawn, targets


@pytest.mark.parametrize("by_item", [False, True], ids=["by place in the batch", "by item"])
def test_the_noise_of_two_epochs_has_nothing_in_common(
    by_item: bool, table: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = recipe(None, {"kind": "gaussian", "sigma": 1.0}, epochs=6)
    drawn, targets = noise_of(train(settings, table), monkeypatch)
    assert len(drawn) == 6
    if by_item:
        drawn = [noise[target[:, 0].argsort()] for noise, target in zip(drawn, targets, strict=True)]
    together = np.corrcoef(torch.stack(drawn).flatten(1).numpy())
    # Of independent noise the correlation has the standard deviation 1 / sqrt(288); 15 pairs.
    assert np.abs(together[np.triu_indices(6, 1)]).max() < 4 / (N_TRAIN * COLUMNS) ** 0.5
    assert torch.stack(drawn).std().item() == pytest.approx(1, abs=0.05)


def test_another_seed_draws_other_noise(table: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    noisy = {"kind": "gaussian", "sigma": 1.0}
    draws = [noise_of(train(recipe(None, noisy, epochs=2, seed=s), table), monkeypatch)[0] for s in (0, 1)]
    for one, other in zip(*draws, strict=True):
        assert abs(np.corrcoef(one.flatten(), other.flatten())[0, 1]) < 4 / (N_TRAIN * COLUMNS) ** 0.5


@pytest.mark.parametrize(("precision", "dtype"), [("float32", torch.float32), ("bfloat16", torch.bfloat16)])
def test_layers_work_in_the_precision_that_is_asked_for(precision: str, dtype: torch.dtype, table: Dataset) -> None:
    worked_in = set()

    def look(module: nn.Module, _: Any, result: Tensor) -> None:
        if isinstance(module, nn.Linear) and module.training:
            worked_in.add(result.dtype)

    hook = nn.modules.module.register_module_forward_hook(look)
    try:
        *_, finished = train(recipe(epochs=2, precision=precision), table)
    finally:
        hook.remove()
    assert worked_in == {dtype}
    kept = {weight.dtype for weight in finished.checkpoint.model.parameters()}
    assert kept == {torch.float32}, "weights stay in single precision"


@pytest.mark.parametrize("wanted", [False, True])
def test_the_step_of_each_stage_is_compiled_once_if_asked(
    wanted: bool, table: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[nn.Module] = []
    steps = 0

    class Compiled(nn.Module):
        def __init__(self, module: nn.Module) -> None:
            super().__init__()
            compiled.append(module)
            self.module = module

        def forward(self, *arguments: Any) -> Any:
            nonlocal steps
            steps += 1
            return self.module(*arguments)

    monkeypatch.setattr(torch, "compile", Compiled)
    stacked = {"family": "stacked", "hidden": [5, 4], "latent_dim": 2, "pretrain_epochs": 2}
    events = list(train(recipe(stacked, epochs=3, compile=wanted), table))
    stages = [name for name, _ in events[0].stages]
    assert len(stages) > 1
    assert len(compiled) == wanted * len(stages)
    assert steps == wanted * sum(isinstance(e, Step) for e in events)
    assert isinstance(events[-1], Finished)
