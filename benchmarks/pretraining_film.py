"""Make the film that Learn plays of a stacked autoencoder: trained layer by layer, and at once for as many epochs.

Run: EXPLORER_DATA=FOLDER OMP_NUM_THREADS=1 python benchmarks/pretraining_film.py [--pretrain N] [--epochs N]

It takes the recipe of mnist-stacked-30d with fewer epochs. Both trainings start from the same weights.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import nn

from explorer.core import places
from explorer.core.intervals import POSITIVE, mean_interval
from explorer.core.row_samples import spread_sample
from explorer.data import Dataset
from explorer.evaluation.pretraining_film import AT_ONCE, LAYER_BY_LAYER, PretrainingFilm, Reel, shipped_film
from explorer.io.images import to_uint8
from explorer.models.stacked import StackedAutoencoder
from explorer.recipe import Recipe
from explorer.training import train
from explorer.training.events import EpochFinished

UNITS, MEASURED = 16, 2000
TOLD_ARCHITECTURE = "mnist-stacked-30d"


def moments(recipe: Recipe, dataset: Dataset) -> Iterator[tuple[str, int, int, StackedAutoencoder]]:
    """(stage, epoch, depth, model) before the training and after each of its epochs."""
    torch.manual_seed(recipe.training.seed)
    model = recipe.build(dataset.event_shape)
    assert isinstance(model, StackedAutoencoder)
    model.eval()
    layers = len(recipe.model.hidden) + 1
    yield "start", 0, layers, model
    for event in train(recipe, dataset):
        if isinstance(event, EpochFinished):
            state = event.snapshot()
            weights = {k.removeprefix("model."): v for k, v in state.tensors.items() if k.startswith("model.")}
            model.load_state_dict(weights)
            is_pretraining = event.stage != "end to end"
            depth = int(state.values["stage_number"]) + 1 if is_pretraining else layers
            print(f"{event.stage} {event.epoch}/{event.epochs}: {event.validation}", flush=True)
            yield event.stage, event.epoch, depth, model


def _first_layer(model: StackedAutoencoder) -> nn.Linear:
    layer = model.encoder[1]
    assert isinstance(layer, nn.Linear)
    return layer


def reel(recipe: Recipe, dataset: Dataset, shown: np.ndarray, measured: np.ndarray, units: np.ndarray) -> Reel:
    """Train and keep a frame of each moment."""
    stages, epochs, depths, weights, pictures, errors = [], [], [], [], [], []
    x, x_measured = dataset.tensor(shown), dataset.tensor(measured)
    for stage, epoch, depth, model in moments(recipe, dataset):
        with torch.inference_mode():
            weight = _first_layer(model).weight[units]
            first = weight.reshape(-1, *dataset.event_shape).numpy().copy()
            x_hat = to_uint8(model.forward_through(x, depth).numpy())
            error = model.reconstruction_error(x_measured, model.forward_through(x_measured, depth)).numpy()
        interval = mean_interval(error, POSITIVE)
        stages.append(stage)
        epochs.append(epoch)
        depths.append(depth)
        weights.append(first)
        pictures.append(x_hat)
        errors.append((interval.value, interval.low, interval.high))
        print(f"  held-out error through {depth} layers: {interval.text()}", flush=True)
    return Reel(
        recipe, tuple(stages), tuple(epochs), tuple(depths), np.stack(weights), np.stack(pictures), np.array(errors)
    )


def main() -> None:
    """Train both, and write the film."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pretrain", type=int, default=3, help="epochs for each layer")
    parser.add_argument("--epochs", type=int, default=8, help="epochs of all layers after that")
    parser.add_argument("--out", type=Path, default=shipped_film())
    arguments = parser.parse_args()
    recipe = Recipe.from_toml(places.shipped("recipes") / f"{TOLD_ARCHITECTURE}.toml")
    layers = len(recipe.model.hidden) + 1
    recipes = {
        LAYER_BY_LAYER: (arguments.pretrain, arguments.epochs),
        AT_ONCE: (0, layers * arguments.pretrain + arguments.epochs),
    }
    dataset = recipe.data.open()
    test = dataset.splits.test
    shown = one_of_each(dataset, test)
    measured = spread_sample(test, MEASURED)
    units = np.linspace(0, recipe.model.hidden[0] - 1, UNITS).round().astype(np.int64)
    reels = {}
    for name, (pretrain, epochs) in recipes.items():
        settings = [f"model.pretrain_epochs={pretrain}", f"training.epochs={epochs}", "training.device=cpu"]
        reels[name] = reel(recipe.with_settings(settings), dataset, shown, measured, units)
    film = PretrainingFilm(
        to_uint8(dataset.x[shown]), tuple(units.tolist()), dataset.title, "test", len(measured), reels
    )
    path = film.save(arguments.out)
    print(f"{path}: {path.stat().st_size:,} bytes")


def one_of_each(dataset: Dataset, rows: np.ndarray, n: int = 8) -> np.ndarray:
    """The first row of each of n labels."""
    assert dataset.labels is not None
    labels = np.asarray(dataset.labels[rows])
    return np.array([rows[np.flatnonzero(labels == label)[0]] for label in range(n)])


if __name__ == "__main__":
    main()
