"""Stacked denoising against stacked plain autoencoders on MNIST as it is, rotated, and with a background of noise.

    EXPLORER_DATA=FOLDER python benchmarks/stacked_denoising.py [--seeds 0 1 2] [--only KIND ...] [--write]

The data are made here from MNIST, after Larochelle et al. 2007: 5,000 training and 1,000 validation images spread over
MNIST's training split, and 10,000 official test images. Rotated: each turned about its middle by an angle uniform over
the full circle (bilinear, black outside). Noisy background: of each pixel the larger of itself and a grey level uniform
over 0 to 255. Draws are by seed 0.

Both stacks have three layers of 300 units (ReLU; the last, the code, without), pretrained layer by layer for 8 epochs
each, then all together for one. They differ in the corruption alone: each value is set to 0 with probability 0.25. The
error is that of a logistic regression on the standardised codes of the 5,000 training images, while the paper's stacks
are fine-tuned by labels and have seen 10,000 images; PCA with 300 components and the pixels stand beside. ± is half a
95 % interval over the test images; the difference, in percentage points, is paired over the same images.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Bool, Float, UInt8
from results_file import write_section
from trained import trained

from explorer import checkpoints, data
from explorer.checkpoints import VectorCheckpoint
from explorer.core.intervals import mean_interval, rate
from explorer.core.pca import pca_of
from explorer.core.row_samples import spread_sample
from explorer.data import Dataset, Splits, as_float
from explorer.data.stored import fingerprint
from explorer.recipe import Recipe
from explorer.training import train

TRAIN, VALIDATION, TEST = 5_000, 1_000, 10_000
UNITS, PRETRAINING, TOGETHER = 300, 8, 1
PAPER = {"as it is": "2.84, 3.46", "rotated": "9.53, 10.30", "noisy background": "10.30, 11.28"}
HEAD = (
    "| MNIST | seed | pixels (%) | PCA (%) | plain (%) | denoising (%) | denoising - plain | paper: denoising, plain |",
    "|---|---|---|---|---|---|---|---|",
)


def rotated(x: UInt8[np.ndarray, "n 1 h w"], random: np.random.Generator) -> UInt8[np.ndarray, "n 1 h w"]:
    """Each image turned about its middle by an angle uniform over the full circle."""
    angles = torch.from_numpy(random.uniform(0, 2 * np.pi, len(x)))
    cosine, sine, zero = angles.cos(), angles.sin(), torch.zeros(len(x))
    turns = torch.stack([torch.stack([cosine, -sine, zero], 1), torch.stack([sine, cosine, zero], 1)], 1).float()
    images = torch.from_numpy(x).float()
    places = torch.nn.functional.affine_grid(turns, list(images.shape), align_corners=False)
    turned = torch.nn.functional.grid_sample(images, places, mode="bilinear", align_corners=False)
    return turned.round().clamp(0, 255).to(torch.uint8).numpy()


def noisy(x: UInt8[np.ndarray, "n 1 h w"], random: np.random.Generator) -> UInt8[np.ndarray, "n 1 h w"]:
    """Of each pixel the larger of itself and a grey level uniform over 0 to 255."""
    return np.maximum(x, random.integers(0, 256, x.shape, dtype=np.uint8))


MADE: dict[str, Callable[[np.ndarray, np.random.Generator], np.ndarray]] = {
    "as it is": lambda x, random: x,
    "rotated": rotated,
    "noisy background": noisy,
}


def made(kind: str) -> Dataset:
    """A dataset of these items, by seed 0."""
    mnist = data.dataset("mnist")
    known = spread_sample(mnist.splits.train, TRAIN + VALIDATION)
    rows = np.concatenate([known, spread_sample(mnist.splits.test, TEST)])
    x = MADE[kind](np.asarray(mnist.x[rows]), np.random.default_rng(0))
    assert mnist.labels is not None
    labels = mnist.labels[rows]
    mixed = np.random.default_rng(1).permutation(TRAIN + VALIDATION)
    places = np.sort(mixed[:TRAIN]), np.sort(mixed[TRAIN:]), np.arange(TRAIN + VALIDATION, len(rows))
    learn, held, test = (place.astype(np.int64) for place in places)
    splits = Splits(learn, held, test, note="see benchmarks/stacked_denoising.py")
    title, name = f"MNIST, {kind}", f"mnist-{kind.replace(' ', '-')}"
    marks = fingerprint(x, labels)
    return replace(mnist, name=name, title=title, x=x, labels=labels, splits=splits, fingerprint=marks)


def stack(dataset: Dataset, denoising: bool, seed: int, folder: Path) -> VectorCheckpoint:
    """A stack of three layers, trained where FOLDER has none."""
    path = folder / f"{dataset.name}-{'denoising' if denoising else 'plain'}-{seed}.safetensors"
    if not path.exists():
        values = {
            "name": path.stem,
            "data": {"dataset": "mnist"},
            "model": {
                "family": "stacked",
                "hidden": [UNITS, UNITS],
                "latent_dim": UNITS,
                "pretrain_epochs": PRETRAINING,
            },
            "training": {"epochs": TOGETHER, "seed": seed},
            **({"corruption": {"kind": "masking", "fraction": 0.25}} if denoising else {}),
        }
        checkpoints.save(trained(train(Recipe.parse(values), dataset)), path)
    return checkpoints.with_codes(checkpoints.load(path))


def wrong(
    z: tuple[Float[np.ndarray, "n d"], Float[np.ndarray, "m d"]], y: tuple[np.ndarray, np.ndarray]
) -> Bool[np.ndarray, " m"]:
    """Which test items a logistic regression on standardised codes gets wrong."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    fitted = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(z[0], y[0])
    answer: np.ndarray = fitted.predict(z[1]) != y[1]
    return answer


def share(errors: Bool[np.ndarray, " n"]) -> str:
    """In %, with half its interval."""
    found = rate(int(errors.sum()), len(errors))
    return f"{100 * found.value:.2f} ± {50 * (found.high - found.low):.2f}"


def rows(kind: str, seeds: list[int], folder: Path) -> list[str]:
    """A line for each seed."""
    dataset = made(kind)
    assert dataset.labels is not None
    parts = dataset.splits.train, dataset.splits.test
    y = dataset.labels[parts[0]], dataset.labels[parts[1]]
    flat = tuple(as_float(dataset.x[part]).flatten(1).numpy() for part in parts)
    pca = pca_of(flat[0], UNITS)
    beside = [share(wrong(z, y)) for z in ((flat[0], flat[1]), (pca.transform(flat[0]), pca.transform(flat[1])))]
    lines = []
    for seed in seeds:
        plain, denoising = (
            wrong((model.encode(dataset.x[parts[0]]), model.encode(dataset.x[parts[1]])), y)
            for model in (stack(dataset, flag, seed, folder) for flag in (False, True))
        )
        difference = mean_interval(100.0 * (denoising.astype(np.float64) - plain))
        cells = [
            kind,
            str(seed),
            *beside,
            share(plain),
            share(denoising),
            difference.text("{:.2f}".format),
            PAPER[kind],
        ]
        lines.append(f"| {' | '.join(cells)} |")
        print(lines[-1], flush=True)
    return lines


def main() -> None:
    """Print the table, and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--only", nargs="+", choices=MADE, help="of the three; all by default")
    parser.add_argument("--runs", type=Path, default=Path("runs/stacked-denoising"), help="where models are kept")
    parser.add_argument("--write", action="store_true", help="put the table into docs/results.md")
    options = parser.parse_args()
    if "EXPLORER_DATA" not in os.environ:
        raise SystemExit("EXPLORER_DATA has to name the folder that holds mnist/.")
    options.runs.mkdir(parents=True, exist_ok=True)
    lines = [*HEAD]
    for kind in options.only or MADE:
        lines += rows(kind, options.seeds, options.runs)
    if options.write:
        write_section("stacked denoising", lines)


if __name__ == "__main__":
    main()
