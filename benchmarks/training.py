"""How fast ``train()`` is against a bare PyTorch loop, and whether its memory stays level.

    python benchmarks/training.py [--rounds 3] [--images 50000] [--epochs 3]

Trains a 784-512-512-2 variational autoencoder, batch 128, in four ways:

- loop: a bare loop over the same model with Adam as torch gives it by default
- loop, fused: the same with ``fused=True``
- train(): what ``explorer train`` does, with validation, events, run folder, preview and checkpoint
- Pythae, where it is installed, on the same layers

The ways take turns, each in a process of its own, so that a busy machine slows all of them and none changes another's
settings; what counts is the median of the ratios within a round. CPU time leaves out what other programs took.
Several epochs count, since Adam's averages of rarely used weights sink to denormal numbers after some hundred steps,
and arithmetic on those is slow unless they are flushed to zero, as ``train()`` does.
Data: MNIST where EXPLORER_DATA names a folder that has it, else the bundled sample.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib.util
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import torch

from explorer import data, runs
from explorer.core.errors import DataError
from explorer.data import Dataset
from explorer.recipe import Recipe

BATCH = 128
SETTLED, EPOCHS_FOR_MEMORY = 20, 120
Seconds = tuple[float, float]


def dataset() -> Dataset:
    """MNIST, or its sample."""
    try:
        return data.dataset("mnist")
    except DataError:
        return data.dataset("mnist-sample")


def clocks() -> Seconds:
    """Wall time and this process's CPU time."""
    return time.perf_counter(), time.process_time()


def since(start: Seconds) -> Seconds:
    """How much of both has passed."""
    wall, cpu = clocks()
    return wall - start[0], cpu - start[1]


def recipe(source: Dataset, epochs: int) -> Recipe:
    """The measured training."""
    return Recipe.parse(
        {
            "name": "benchmark",
            "data": {"dataset": source.name},
            "model": {"family": "variational", "hidden": [512, 512], "latent_dim": 2},
            "training": {"epochs": epochs, "batch_size": BATCH, "schedule": "constant", "device": "cpu"},
        }
    )


def part(source: Dataset, n: int) -> Dataset:
    """The first ``n`` training images, and a share of validation images as in the whole."""
    splits = source.splits
    share = n / len(splits.train)
    validation = splits.validation[: round(share * len(splits.validation))]
    return dataclasses.replace(
        source, splits=dataclasses.replace(splits, train=splits.train[:n], validation=validation)
    )


def loop(source: Dataset, epochs: int, fused: bool) -> Seconds:
    """A bare loop over the training images, in memory."""
    torch.manual_seed(0)
    x = torch.from_numpy(source.train.x)
    model = recipe(source, 1).model.build(source.event_shape)
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3, fused=fused)
    start = clocks()
    for _ in range(epochs):
        for batch in x[torch.randperm(len(x))].split(BATCH):
            target = batch.float() / 255
            loss = model.loss(target, target).total
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return since(start)


def whole(source: Dataset, epochs: int) -> Seconds:
    """``train()`` from its first event to its last, with validation, previews, held-out figures and files."""
    start = clocks()
    with tempfile.TemporaryDirectory() as folder:
        for event in runs.drain(recipe(source, epochs), Path(folder), dataset=source):
            if event.kind == "started":
                start = clocks()
        return since(start)


def pythae(source: Dataset, epochs: int) -> Seconds:
    """Pythae's own trainer on the same layers."""
    from pythae.models import VAE, VAEConfig
    from pythae.models.base.base_utils import ModelOutput
    from pythae.models.nn import BaseDecoder, BaseEncoder
    from pythae.trainers import BaseTrainer, BaseTrainerConfig

    from explorer.models import VariationalAutoencoder

    ours: VariationalAutoencoder = recipe(source, 1).model.build(source.event_shape)

    class Encoder(BaseEncoder):
        def __init__(self) -> None:
            super().__init__()
            self.body, self.mu, self.logvar = ours.encoder, ours.mu, ours.logvar

        def forward(self, x: torch.Tensor) -> ModelOutput:
            h = self.body(x)
            return ModelOutput(embedding=self.mu(h), log_covariance=self.logvar(h))

    class Decoder(BaseDecoder):
        def __init__(self) -> None:
            super().__init__()
            self.body = torch.nn.Sequential(ours.decoder, ours.output)

        def forward(self, z: torch.Tensor) -> ModelOutput:
            return ModelOutput(reconstruction=self.body(z))

    x = torch.from_numpy(source.train.x).float() / 255
    config = VAEConfig(input_dim=source.event_shape, latent_dim=2, reconstruction_loss="bce")
    with tempfile.TemporaryDirectory() as folder:
        settings = BaseTrainerConfig(
            output_dir=folder, num_epochs=epochs, per_device_train_batch_size=BATCH, learning_rate=1e-3, no_cuda=True
        )
        from pythae.data.datasets import BaseDataset

        trainer = BaseTrainer(VAE(config, Encoder(), Decoder()), BaseDataset(x, torch.ones(len(x))), None, settings)
        start = clocks()
        trainer.train(log_output_dir=folder)
        return since(start)


def memory(source: Dataset, epochs: int) -> tuple[float, float]:
    """Resident MiB when the allocator has settled (epoch ``SETTLED``), and how much more there is after the last."""
    process = psutil.Process()
    with tempfile.TemporaryDirectory() as folder:
        events = runs.drain(recipe(source, epochs), Path(folder), dataset=source)
        resident = [process.memory_info().rss / 2**20 for event in events if event.kind == "epoch"]
    return resident[SETTLED - 1], resident[-1] - resident[SETTLED - 1]


METHODS: dict[str, Callable[[Dataset, int], Seconds]] = {
    "loop": lambda source, epochs: loop(source, epochs, fused=False),
    "loop, fused": lambda source, epochs: loop(source, epochs, fused=True),
    "train()": whole,
    "Pythae": pythae,
}


def measured(method: str, chosen: argparse.Namespace) -> Seconds:
    """One method in a process of its own."""
    command = [
        sys.executable,
        __file__,
        "--method",
        method,
        "--images",
        str(chosen.images),
        "--epochs",
        str(chosen.epochs),
    ]
    answer = subprocess.run([*command, "--threads", str(chosen.threads)], check=True, capture_output=True, text=True)
    wall, cpu = json.loads(answer.stdout.splitlines()[-1])
    return wall, cpu


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--images", type=int, default=50_000, help="training images")
    options.add_argument("--epochs", type=int, default=3, help="of each method in a round")
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--method", choices=METHODS, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    torch.set_num_threads(chosen.threads)
    source = dataset()
    source = part(source, min(chosen.images, len(source.splits.train)))
    if chosen.method:
        print(json.dumps(METHODS[chosen.method](source, chosen.epochs)))
        return
    n = len(source.splits.train) * chosen.epochs
    print(f"{source.title}, {n:,} images a round, {chosen.threads} thread(s), torch {torch.__version__}", flush=True)
    methods = [method for method in METHODS if method != "Pythae" or importlib.util.find_spec("pythae")]
    rounds = [{method: measured(method, chosen) for method in methods} for _ in range(chosen.rounds)]
    for name in methods:
        rate = statistics.median(n / of_round[name][0] for of_round in rounds)
        wall, cpu = ([of_round["loop"][i] / of_round[name][i] for of_round in rounds] for i in (0, 1))
        print(
            f"{name:12} {rate:8,.0f} images/s; of the loop: {range_text(wall)} by the clock, "
            f"{range_text(cpu)} by CPU time"
        )
    settled, growth = memory(part(source, min(n, 2000)), EPOCHS_FOR_MEMORY)
    print(f"memory: {settled:,.0f} MiB after {SETTLED} epochs, {growth:+.1f} MiB after {EPOCHS_FOR_MEMORY}")


def range_text(ratios: list[float]) -> str:
    """Median and range."""
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


if __name__ == "__main__":
    main()
