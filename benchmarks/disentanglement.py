"""How far single numbers of a code stand for the factors of drawn shapes: VAEs with rising beta, beta-TC, and PCA.

    python benchmarks/disentanglement.py [--seeds 0 1 2] [--epochs 25] [--only NAME ...] [--runs FOLDER] [--write]

Each model is trained on the training items of ``drawn-shapes`` (five independent factors: left, top, size, turn,
colour), with a code of 10 numbers, and measured on its test items: mutual information gap, separated predictability,
and disentanglement, completeness and informativeness by forests that were fitted on the codes of training items, beside
what always saying the most frequent value gets. PCA of the training items with 10 numbers stands beside. Values are
means over the seeds with the least and the most; nothing was chosen by them.
"""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from results_file import write_section

from explorer import checkpoints, data, runs
from explorer.checkpoints import VectorCheckpoint
from explorer.core.pca import pca_of
from explorer.data import Dataset, as_float, shapes
from explorer.evaluation import disentanglement
from explorer.recipe import Recipe
from explorer.training.events import EpochFinished

SIZE = 10
BODY = {"family": "variational", "body": "dense", "hidden": [256, 128], "latent_dim": SIZE}
MODELS: dict[str, dict[str, Any]] = {
    "VAE, beta 1": {"model": BODY},
    "VAE, beta 4": {"model": {**BODY, "beta": 4}},
    "VAE, beta 16": {"model": {**BODY, "beta": 16}},
    "beta-TC, beta 6": {"model": {**BODY, "beta": 6}, "objective": {"kind": "total_correlation"}},
    "FactorVAE-like, gamma 35": {"model": {**BODY, "beta": 36}, "objective": {"kind": "total_correlation"}},
}
COLUMNS = ("MIG", "SAP", "disentanglement", "completeness", "informativeness", "chance")


def measured(codes: dict[str, np.ndarray], dataset: Dataset, seed: int) -> list[float]:
    """Each column's value, on the test items."""
    known = shapes.factors()
    test, train = (known[getattr(dataset.splits, name)] for name in ("test", "train"))
    dci = disentanglement.importances(codes["train"], train, codes["test"], test, seed)
    return [
        disentanglement.mutual_information_gap(codes["test"], test),
        disentanglement.separated_predictability(codes["test"], test),
        dci.disentanglement,
        dci.completeness,
        dci.informativeness,
        dci.chance,
    ]


def trained(name: str, seed: int, epochs: int, folder: Path) -> VectorCheckpoint:
    """A model, trained on from where its run in FOLDER stands."""
    training = {"epochs": epochs, "batch_size": 64, "seed": seed, "learning_rate": 1e-3}
    values = {"name": "shapes", "data": {"dataset": "drawn-shapes"}, "training": training, **MODELS[name]}
    run = folder / f"{name.replace(', ', '-').replace(' ', '-').lower()}-{epochs}-{seed}"
    if not (run / "checkpoint.safetensors").exists():
        for event in runs.drain(Recipe.parse(values), run, resume=(run / "process.json").exists()):
            if isinstance(event, EpochFinished) and event.epoch % 10 == 0:
                total = event.validation["total"]
                print(f"{name}, seed {seed}: epoch {event.epoch}, validation {total:.1f}", flush=True)
    return checkpoints.with_codes(checkpoints.load(run / "checkpoint.safetensors"))


def codes_of(checkpoint: VectorCheckpoint, dataset: Dataset) -> dict[str, np.ndarray]:
    """Of training and test items."""
    return {split: checkpoint.encode(dataset.x[getattr(dataset.splits, split)]) for split in ("train", "test")}


def rows(options: argparse.Namespace, dataset: Dataset) -> Iterator[str]:
    """The table's rows."""
    items = {split: as_float(dataset.x[getattr(dataset.splits, split)]).numpy() for split in ("train", "test")}
    flat = {split: x.reshape(len(x), -1) for split, x in items.items()}
    names = options.only or list(MODELS)
    for seed, name in itertools.product(options.seeds, names):  # one of each before a second: a stop leaves whole seeds
        trained(name, seed, options.epochs, options.runs)
    pca = pca_of(flat["train"], SIZE)
    yield row(
        "PCA", [measured({split: pca.transform(x) for split, x in flat.items()}, dataset, s) for s in options.seeds]
    )
    for name in names:
        models = [trained(name, seed, options.epochs, options.runs) for seed in options.seeds]
        yield row(
            name, [measured(codes_of(m, dataset), dataset, s) for m, s in zip(models, options.seeds, strict=True)]
        )


def row(name: str, values: list[list[float]]) -> str:
    """Means, with the least and the most over seeds; of one seed its values."""
    if len(values) == 1:
        return f"| {name} | " + " | ".join(f"{value:.3f}" for value in values[0]) + " |"
    cells = [f"{np.mean(v):.3f} ({min(v):.3f} to {max(v):.3f})" for v in zip(*values, strict=True)]
    return f"| {name} | " + " | ".join(cells) + " |"


def main() -> None:
    """Print the table, and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--epochs", type=int, default=25)
    parser.add_argument("--only", nargs="+", choices=MODELS, help="models; all by default")
    parser.add_argument("--runs", type=Path, default=Path("runs/shapes"), help="where runs are kept, to go on from")
    parser.add_argument("--write", action="store_true", help="put the table into docs/results.md")
    options = parser.parse_args()
    dataset = data.dataset("drawn-shapes")
    lines = ["| model | " + " | ".join(COLUMNS) + " |", "|---|" + "---|" * len(COLUMNS)]
    for line in rows(options, dataset):
        lines.append(line)
        print(line, flush=True)
    if options.write:
        write_section("disentanglement", lines)


if __name__ == "__main__":
    main()
