"""How good samples of the shipped checkpoints are: Fréchet distance, precision, recall, and the held-out likelihood.

    EXPLORER_DATA=FOLDER python benchmarks/generation.py [--only NAME ...] [--runs FOLDER] [--write]

Each checkpoint of MNIST and Fashion-MNIST that has codes makes 5,000 samples, as ``explorer sample`` does; they are
compared with 5,000 official test images by 64 numbers inside a classifier of the same data (``feature_spaces.py``).
Beside them stand as many real training images, and as many samples of a Gaussian of 50 principal components. A
vector-quantised model of the 8x8 digits is trained here by its recipe (23 s) and compared in the same way, with a
classifier that is trained then, on the digits' own 360 test items. Samples are the decoders' means.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

from results_file import write_section

from explorer import checkpoints, runs
from explorer.checkpoints import Metric, VectorCheckpoint
from explorer.core import places
from explorer.latent.sample_quality import SampleQuality, sample_quality
from explorer.recipe import Recipe

DATASETS = ("mnist", "fashion-mnist")
QUANTISED = "more/digits-quantised"
HEAD = (
    "| data | samples of | Fréchet distance | precision (%) | recall (%) | IWAE bound, 200 samples (nats) |",
    "|---|---|---|---|---|---|",
)


def models(folder: Path) -> list[VectorCheckpoint]:
    """What is compared, by dataset and size of code; the quantised one is trained where FOLDER has none."""
    shipped = [checkpoints.load(name) for name in checkpoints.available()]
    known = [m for m in shipped if isinstance(m, VectorCheckpoint) and m.card.data.name in DATASETS]
    known.sort(key=lambda m: (DATASETS.index(m.card.data.name), m.latent_dim, m.name))
    run = folder / "digits-quantised"
    if not (run / "checkpoint.safetensors").exists():
        recipe = Recipe.from_toml(places.shipped("recipes") / f"{QUANTISED}.toml")
        for _ in runs.drain(recipe, run, resume=(run / "process.json").exists()):
            pass
    return [*known, checkpoints.with_codes(checkpoints.load(run / "checkpoint.safetensors"))]


def rows(only: list[str] | None, folder: Path) -> Iterator[str]:
    """The table's rows: of each dataset the two that stand beside, then its models."""
    before = ""
    for model in models(folder):
        if only and model.name not in only:
            continue
        dataset = model.card.recipe.data.open()
        quality = sample_quality(model, dataset, dataset.splits.test, "test")
        figures = {m.name: m for m in quality.metrics}
        if dataset.title != before:
            before = dataset.title
            print(f"{dataset.title}: {quality.features}; {quality.compared_with}", flush=True)
            for name in ("real training items", "Gaussian of principal components"):
                yield line(dataset.title, name, figures, name)
        yield line(dataset.title, f"`{model.name}` ({origin(quality)})", figures, "samples")


def origin(quality: SampleQuality) -> str:
    """Where codes come from, short."""
    return "prior" if "prior" in quality.origin else "Gaussian of its codes"


def line(data: str, title: str, figures: dict[str, Metric], name: str) -> str:
    """One row of the table."""
    bound = figures.get("IWAE bound, 200 samples") if name == "samples" else None
    distance = figures[f"{name}: Fréchet distance"]
    shares = [figures[f"{name}: {measure}"] for measure in ("precision", "recall")]
    cells = [
        distance.text("{:.1f}".format),
        *(share.text(lambda v: f"{100 * v:.1f}") for share in shares),
        "–" if bound is None else bound.text("{:.1f}".format),
    ]
    return f"| {' | '.join([data, title, *cells])} |"


def main() -> None:
    """Print the table, and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", help="names of checkpoints; all by default")
    parser.add_argument("--runs", type=Path, default=Path("runs/generation"), help="where the quantised model is kept")
    parser.add_argument("--write", action="store_true", help="put the table into docs/results.md")
    options = parser.parse_args()
    if "EXPLORER_DATA" not in os.environ:
        raise SystemExit("EXPLORER_DATA has to name the folder that holds mnist/ and fashion-mnist/.")
    lines = [*HEAD]
    for row in rows(options.only, options.runs):
        lines.append(row)
        print(row, flush=True)
    if options.write:
        write_section("generation", lines)


if __name__ == "__main__":
    main()
