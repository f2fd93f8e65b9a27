"""Held-out figures of every shipped checkpoint, beside PCA's, as the first table of docs/results.md.

    EXPLORER_DATA=FOLDER python benchmarks/results.py [--write] [--samples 200] [NAME ...]

Each checkpoint is measured on the test split of the dataset it was trained on, which must be on this machine (see
`python -m explorer data fetch`). PCA has as many components as the code has dimensions, fitted on the same training
rows. The importance-weighted bounds take some minutes. Photo denoisers are measured by benchmarks/denoising.py.
"""

from __future__ import annotations

import argparse
import datetime
import platform

import torch
from results_file import write_section

from explorer import checkpoints, data, evaluation
from explorer.checkpoints import Metric, VectorCheckpoint

HEADER = (
    "| checkpoint | test items | squared error | PCA, same size | ELBO (nats) | IWAE bound, {k} samples (nats) |",
    "|---|---|---|---|---|---|",
)


def figure(metric: Metric | None) -> str:
    """A value with half its 95 % interval, or a dash."""
    if metric is None:
        return "–"
    half = f" ± {(metric.high - metric.low) / 2:.2g}" if metric.has_ends else ""
    return f"{metric.value:.4g}{half}"


def row(checkpoint: VectorCheckpoint, samples: int) -> str:
    """One line of the table."""
    recipe = checkpoint.card.recipe
    dataset = data.dataset(recipe.data.dataset, recipe.data.seed)
    if dataset.fingerprint != checkpoint.card.data.fingerprint:
        raise SystemExit(f"{checkpoint.name}: this {dataset.name} is not what it was trained on")
    train = evaluation.training_rows(dataset, recipe.data.classes, "train", recipe.data.limit)
    test = evaluation.training_rows(dataset, recipe.data.classes, "test")
    figures = {m.name: m for m in evaluation.evaluate(checkpoint, dataset, test, "test")}
    pca = evaluation.pca_error(dataset, train, test, checkpoint.latent_dim, "test")
    iwae = evaluation.iwae_bound(checkpoint, dataset, test, "test", samples) if checkpoint.is_variational else None
    values = (figures["reconstruction error"], pca, figures.get("ELBO"), iwae)
    return f"| `{checkpoint.name}` | {dataset.title}, {len(test):,} | " + " | ".join(map(figure, values)) + " |"


def main() -> None:
    """Print the table, and put it into docs/results.md where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="checkpoints; all of them where none is given")
    parser.add_argument("--samples", type=int, default=200, help="of the importance-weighted bound")
    parser.add_argument("--write", action="store_true", help="replace the table in docs/results.md")
    args = parser.parse_args()
    lines = [HEADER[0].format(k=args.samples), HEADER[1]]
    with_codes = [name for name in checkpoints.available() if checkpoints.load_card(name).code_size]
    for name in args.names or with_codes:
        lines.append(row(checkpoints.with_codes(checkpoints.load(name)), args.samples))
        print(lines[-1], flush=True)
    today = datetime.date.today().isoformat()
    lines += ["", f"Measured {today} on {platform.machine()}, CPU, torch {torch.__version__}, seed 0."]
    if args.write:
        write_section("benchmarks/results.py", lines)


if __name__ == "__main__":
    main()
