"""Faults that were planted in trainings, and what ``explorer diagnose`` says of them; then every shipped recipe.

    nice -n 10 python benchmarks/diagnosis.py [--part faults|healthy|shipped] [--write]

Each fault is trained with three seeds on small data that come with the program, and counts as named right where the
first of the findings is the one that was planted. Healthy trainings of the same data, and the checkpoints that are
shipped, are to have none that says "wrong". Limits were chosen on other seeds and other data (``--tuning`` trains
those). Outcomes are kept in ``--folder``, so that a run that was broken off goes on.

About ten minutes on one core; shipped checkpoints need EXPLORER_DATA for the data that are not bundled, and are looked
at by their weights and curves alone without it.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import pathlib
import tempfile
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from results_file import write_section
from torch import nn

from explorer import checkpoints, data, diagnosis
from explorer.core.errors import ExplorerError
from explorer.core.intervals import rate
from explorer.data import Dataset
from explorer.data.splits import Splits
from explorer.models import Autoencoder
from explorer.recipe import Recipe
from explorer.training import train
from explorer.training.card import card_of
from explorer.training.events import Finished

SEEDS, TUNING_SEEDS = (0, 1, 2), (100, 101, 102)
DATA, TUNING_DATA = "digits", "fashion-mnist-sample"
GREY, TUNING_GREY = "photo-patches", "brick-defects"
Weights = Callable[[Autoencoder], None]
Items = Callable[[Dataset, int], Dataset]


@dataclasses.dataclass(frozen=True)
class Planted:
    """A fault.

    Args:
        finding: name of the examination that is to find it; "" for a healthy training.
        settings: of the recipe, beyond ``BASE``.
        items: what is done to the data.
        weights: what is done to the weights that training starts from.
        grey: trained on photos.
        model: in place of the one in ``BASE``.
    """

    finding: str
    settings: tuple[str, ...] = ()
    items: Items | None = None
    weights: Weights | None = None
    grey: bool = False
    model: dict[str, Any] | None = None


BASE: dict[str, Any] = {
    "model": {"family": "undercomplete", "latent_dim": 8, "hidden": [128, 64]},
    "training": {"epochs": 40, "batch_size": 64, "learning_rate": 2e-3, "device": "cpu"},
    "data": {"limit": 1500},
}
VAE = {"family": "variational", "latent_dim": 4, "hidden": [128, 64]}


def layers_of(part: nn.Module) -> list[nn.Linear]:
    """The dense layers of an encoder or decoder, in order."""
    return [module for module in part.modules() if isinstance(module, nn.Linear)]


def dead_encoder(model: Autoencoder) -> None:
    """Nearly all units of the first layer far below zero."""
    bias = layers_of(model.encoder)[0].bias.data
    bias[: int(0.95 * len(bias))] = -50


def dead_decoder(model: Autoencoder) -> None:
    """All units of the decoder's first layer far below zero."""
    layers_of(model.decoder)[0].bias.data.fill_(-50)


def huge(model: Autoencoder) -> None:
    """Every layer's weights thirty times as large."""
    for layer in (*layers_of(model.encoder), *layers_of(model.decoder)):
        layer.weight.data.mul_(30)


def steep(model: Autoencoder) -> None:
    """The encoder's weights a hundred times as large, so that tanh ends."""
    for layer in layers_of(model.encoder):
        layer.weight.data.mul_(100)


def twice(model: Autoencoder) -> None:
    """The second number of the code is the first, for encoder and decoder alike."""
    last, first = layers_of(model.encoder)[-1], layers_of(model.decoder)[0]
    last.weight.data[1], last.bias.data[1] = last.weight.data[0], last.bias.data[0]
    first.weight.data[:, 1] = first.weight.data[:, 0]


def cut(dataset: Dataset, train_rows: np.ndarray, validation: np.ndarray, test: np.ndarray) -> Dataset:
    """The same items with other splits."""
    return dataclasses.replace(dataset, splits=Splits(train_rows, validation, test, "as planted"))


def few_validation(dataset: Dataset, seed: int) -> Dataset:
    """Five validation items."""
    rows = np.random.default_rng(seed).permutation(dataset.splits.validation)
    return cut(dataset, np.concatenate([dataset.splits.train, rows[5:]]), rows[:5], dataset.splits.test)


def by_class(dataset: Dataset, seed: int) -> Dataset:
    """Sorted by class (in an order drawn by lot), then cut at 70 and 85 %."""
    place = np.random.default_rng(seed).permutation(10)
    order = np.argsort(place[dataset.labels], kind="stable")
    ends = int(0.7 * len(order)), int(0.85 * len(order))
    return cut(dataset, order[: ends[0]], order[ends[0] : ends[1]], order[ends[1] :])


def repeated(dataset: Dataset, seed: int) -> Dataset:
    """Some items, each three times, split by lot."""
    rows = np.random.default_rng(seed).permutation(len(dataset))[:600].repeat(3)
    order = np.random.default_rng(seed + 1).permutation(len(rows))
    labels = None if dataset.labels is None else dataset.labels[rows]
    many = dataclasses.replace(dataset, x=dataset.x[rows], labels=labels, item_names=(), item_numbers=None)
    return cut(many, order[:1400], order[1400:1600], order[1600:])


def shuffled_columns(dataset: Dataset, seed: int) -> Dataset:
    """Each pixel from another item: nothing of an item tells anything else of it."""
    random = np.random.default_rng(seed)
    flat = dataset.x.reshape(len(dataset), -1)
    mixed = np.stack([column[random.permutation(len(column))] for column in flat.T], axis=1)
    return dataclasses.replace(dataset, x=mixed.reshape(dataset.x.shape))


FAULTS: dict[str, Planted] = {
    "nothing that a code could say": Planted(
        "posterior collapse", ("training.epochs=30",), items=shuffled_columns, model=VAE
    ),
    "beta 50": Planted("beta too high", ("model.beta=50",), model=VAE),
    "beta 0.001": Planted("beta too low", ("model.beta=0.001",), model=VAE),
    "learning rate 10": Planted("divergence", ("training.learning_rate=10", "training.epochs=10"), model=VAE),
    "learning rate 0.3": Planted("learning rate too high", ("training.learning_rate=0.3",)),
    "learning rate 1e-6": Planted("learning rate too low", ("training.learning_rate=1e-6",)),
    "gradient descent, learning rate 1e-6": Planted(
        "learning rate too low", ("training.optimiser=sgd", "training.learning_rate=1e-6")
    ),
    "gradient descent, learning rate 1": Planted(
        "learning rate too high", ("training.optimiser=sgd", "training.learning_rate=1")
    ),
    "one pass": Planted("only the mean", ("training.epochs=1", "training.batch_size=256")),
    "40 items, 400 epochs": Planted(
        "overfit", ("data.limit=40", "training.epochs=400", "model.latent_dim=32", "model.hidden=[256, 128]")
    ),
    "four epochs": Planted("underfit", ("training.epochs=4", "training.schedule=constant", "training.batch_size=32")),
    "first layer dead": Planted("dead units", weights=dead_encoder),
    "decoder dead": Planted("decoder ignores its code", weights=dead_decoder),
    "weights times 30": Planted("exploding values", weights=huge),
    "tanh, weights times 100": Planted("saturated sigmoid", ("model.activation=tanh",), weights=steep),
    "code numbers twice": Planted("copied dimension", weights=twice),
    "five validation items": Planted("validation too small", items=few_validation),
    "sorted by class, then cut": Planted("sorted classes", items=by_class),
    "each item three times": Planted("repeated items", items=repeated),
    "Bernoulli for grey photos": Planted("wrong likelihood", ("training.epochs=15",), grey=True, model=VAE),
}
HEALTHY: dict[str, Planted] = {
    "undercomplete": Planted("", ("training.epochs=80",)),
    "gradient descent": Planted("", ("training.optimiser=sgd", "training.learning_rate=0.005", "training.epochs=80")),
    "denoising": Planted("", ("training.epochs=80", "corruption.kind=gaussian", "corruption.sigma=0.2")),
    "variational": Planted("", ("training.epochs=80",), model=VAE),
    "variational, Gaussian, photos": Planted(
        "", ("model.likelihood=gaussian", "training.epochs=40"), grey=True, model=VAE
    ),
}


def trained(planted: Planted, seed: int, tuning: bool, folder: pathlib.Path) -> list[tuple[str, str]]:
    """(severity, name) of what is said of one training."""
    name = (TUNING_GREY if tuning else GREY) if planted.grey else (TUNING_DATA if tuning else DATA)
    dataset = data.dataset(name)
    if planted.items is not None:
        dataset = planted.items(dataset, seed)
    values = BASE | {"name": "planted"} | ({} if planted.model is None else {"model": planted.model})
    base = Recipe.parse(values).with_settings([f"data.dataset={name}", *planted.settings])
    recipe = base.with_settings([f"training.seed={seed}"])
    if planted.weights is not None:
        torch.manual_seed(seed)
        model = recipe.build(dataset.event_shape)
        assert isinstance(model, Autoencoder)
        planted.weights(model)
        start = checkpoints.checkpoint_of(model, card_of(recipe, dataset, model, 1, 1))
        path = checkpoints.save(start, folder / "start.safetensors")
        recipe = recipe.with_settings([f"training.start_from={json.dumps(str(path))}"])
    *_, finished = train(recipe, dataset)
    assert isinstance(finished, Finished)
    return [(finding.severity, finding.name) for finding in finished.findings]


def outcomes(kind: str, tuning: bool, folder: pathlib.Path, only: list[str]) -> dict[str, list[list[Any]]]:
    """What is said of each fault at each seed, read where it was trained before."""
    path = folder / f"{kind}{'-tuning' if tuning else ''}.json"
    known: dict[str, list[list[Any]]] = json.loads(path.read_text()) if path.exists() else {}
    for name, planted in (FAULTS if kind == "faults" else HEALTHY).items():
        if only and name not in only:
            continue
        told = [] if only else known.get(name, [])
        for seed in (TUNING_SEEDS if tuning else SEEDS)[len(told) :]:
            told.append(trained(planted, seed, tuning, folder))
            print(f"{name}, seed {seed}: {told[-1]}", flush=True)
            known[name] = told
            path.write_text(json.dumps(known))
    return known


def fault_rows(told: dict[str, list[list[Any]]]) -> list[str]:
    """The table of planted faults."""
    lines = ["| planted | to be found | first finding, three seeds | named right first |", "|---|---|---|---|"]
    right = total = 0
    for name, planted in FAULTS.items():
        firsts = [findings[0][1] if findings else "nothing" for findings in told.get(name, [])]
        hits = sum(first == planted.finding for first in firsts)
        right, total = right + hits, total + len(firsts)
        others = ", ".join(sorted({first for first in firsts if first != planted.finding}))
        lines.append(f"| {name} | {planted.finding} | {others or 'that one'} | {hits} of {len(firsts)} |")
    share = rate(right, total)
    lines.append(f"| all | | | **{right} of {total}**: {share.text('{:.0%}'.format)} |")
    return lines


def shipped_rows() -> list[str]:
    """The table of shipped checkpoints: what is said of each."""
    lines = ["| checkpoint | looked at | wrong | notes |", "|---|---|---|---|"]
    for name, path in {**checkpoints.available(), **checkpoints.for_learn()}.items():
        checkpoint = checkpoints.load(path)
        try:
            dataset = checkpoint.card.recipe.data.open()
        except ExplorerError:
            dataset = None
        record = diagnosis.record_of(checkpoint, dataset)
        findings = diagnosis.diagnose(record)
        words = [", ".join(f.name for f in findings if f.is_wrong is wrong) or "–" for wrong in (True, False)]
        lines.append(f"| `{name}` | {'all' if record.has_items else 'curves and weights'} | {words[0]} | {words[1]} |")
    return lines


def main() -> None:
    """Train what has not been trained yet, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=("faults", "healthy", "shipped"), help="one of the tables alone")
    parser.add_argument("--only", action="append", default=[], help="train this fault alone, anew")
    parser.add_argument("--tuning", action="store_true", help="the seeds and data that limits were chosen on")
    parser.add_argument("--folder", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "planted-faults")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/results.md")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    lines: list[str] = []
    if args.part in (None, "faults"):
        lines += fault_rows(outcomes("faults", args.tuning, args.folder, args.only))
    if args.part in (None, "healthy"):
        told = outcomes("healthy", args.tuning, args.folder, args.only)
        lines += ["", "| healthy training | wrong, three seeds | notes |", "|---|---|---|"]
        for name, runs in told.items():
            wrong, notes = ([finding for run in runs for level, finding in run if level == kind]
                            for kind in ("wrong", "note"))  # fmt: skip
            lines.append(f"| {name} | {', '.join(wrong) or '–'} | {', '.join(sorted(set(notes))) or '–'} |")
    if args.part in (None, "shipped"):
        lines += ["", *shipped_rows()]
    print("\n".join(lines))
    if args.write:
        write_section("diagnosis", lines)


if __name__ == "__main__":
    main()
