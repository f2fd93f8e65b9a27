"""The variational autoencoders of the papers, trained by steps that resume, and their test bounds beside the papers'.

    EXPLORER_DATA=FOLDER python benchmarks/literature.py NAME ... [--minutes M] [--runs FOLDER] [--samples K] [--write]

NAME is a recipe of recipes/papers/. Each is trained for at most M minutes from where its run stands (in FOLDER/NAME;
0: not at all), so that a training of hours is done in as many calls as it takes. Then the weights that were best by the
validation loss are measured on the test split: the ELBO, and the importance-weighted bound with K samples, both with
95 % intervals over the test items. Data binarised anew is drawn once by seed for each figure. How many epochs these
weights and the run have behind them stands in the table: a row whose training has not ended is no row of the paper yet.

The papers' figures: Pythae's table of reproductions and its scripts (Chadebec, Vincent and Allassonniere 2022: static
binarised MNIST; the VAE is 784-400-40, the IWAE has two layers of 200 and 50 numbers), and table 1 of Burda, Grosse and
Salakhutdinov 2016 (binarised anew, 5,000 samples). Where a recipe differs from its paper, the recipe says so.
"""

from __future__ import annotations

import argparse
import datetime
import json
import platform
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from results_file import write_section

from explorer import checkpoints, evaluation, runs
from explorer.checkpoints import Checkpoint
from explorer.latent import ACTIVE_VARIANCE
from explorer.recipe import Recipe

RECIPES = Path(__file__).parents[1] / "recipes" / "papers"
PAPERS = {
    "vae-784-400-40": "-89.78 (Pythae, 200 samples)",
    "iwae-static-50": "-86.82 (Pythae, 5,000 samples)",
    "vae-burda-50": "-86.76, 19 active units (Burda et al.)",
    "iwae-burda-50": "-84.78, 25 active units (Burda et al.)",
}
HEAD = (
    "| recipe | weights of epoch | trained | CPU minutes | test ELBO (nats) | bound (nats) | active units | paper |",
    "|---|---|---|---|---|---|---|---|",
)


def train_on(recipe: Recipe, folder: Path, minutes: float) -> None:
    """Train for at most so many minutes from where the run stands, to the end of an epoch."""
    status = folder / "process.json"
    if minutes <= 0 or (folder / "checkpoint.safetensors").exists():
        return
    start, before, cpu = time.monotonic(), time.process_time(), folder / "cpu_seconds.json"
    spent = json.loads(cpu.read_text()) if cpu.exists() else 0.0
    for event in runs.drain(recipe, folder, resume=status.exists()):
        if event.kind == "epoch":
            cpu.write_text(json.dumps(spent + time.process_time() - before))
            print(f"{recipe.name}: epoch {event.epoch}, validation {event.validation['total']:.3f}", flush=True)
            if time.monotonic() - start > 60 * minutes:
                return


def best_of(folder: Path) -> Checkpoint:
    """The weights of the run that were best by its validation loss.

    Raises:
        SystemExit: no epoch has ended yet.
    """
    for name in ("checkpoint.safetensors", "best.safetensors"):
        if (folder / name).exists():
            return checkpoints.load(folder / name)
    raise SystemExit(f"{folder} has no weights yet: give --minutes.")


@torch.inference_mode()
def row(name: str, folder: Path, samples: int) -> str:
    """One line of the table."""
    checkpoint = best_of(folder)
    dataset = checkpoint.card.recipe.data.open()
    test = dataset.splits.test
    [elbo] = [m for m in evaluation.evaluate(checkpoint, dataset, test, "test") if m.name == "ELBO"]
    bound = evaluation.iwae_bound(checkpoint, dataset, test, "test", samples)
    codes = checkpoints.with_codes(checkpoint).encode(dataset.tensor(test))
    active = int((np.asarray(codes).var(0) > ACTIVE_VARIANCE).sum())
    trained = sum(1 for event in runs.current(runs.Run(folder).events()[0]) if event["event"] == "epoch")
    cpu = folder / "cpu_seconds.json"
    spent = f"{json.loads(cpu.read_text()) / 60:.0f}" if cpu.exists() else "–"
    figures = [f"{m.value:.2f} ± {(m.high - m.low) / 2:.2f}" for m in (elbo, bound)]
    epochs = f"{trained} of {checkpoint.card.recipe.training.epochs} epochs"
    cells = [
        f"`{name}`",
        str(checkpoint.card.best_epoch),
        epochs,
        spent,
        figures[0],
        f"{figures[1]}, {samples} samples",
    ]
    return f"| {' | '.join([*cells, f'{active} of {codes.shape[1]}', PAPERS.get(name, '–')])} |"


def table(names: Sequence[str], folder: Path, samples: int) -> list[str]:
    """The whole of it, with a line on when and where."""
    lines = [*HEAD]
    for name in names:
        lines.append(row(name, folder / name, samples))
        print(lines[-1], flush=True)
    today = datetime.date.today().isoformat()
    return [*lines, "", f"Measured {today} on {platform.machine()}, CPU, torch {torch.__version__}, seed 0."]


def main() -> None:
    """Train, measure, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", default=list(PAPERS), help="recipes of recipes/papers/")
    parser.add_argument("--minutes", type=float, default=0.0, help="train each for so long")
    parser.add_argument("--runs", type=Path, default=Path("runs/literature"), help="where the runs' folders are")
    parser.add_argument("--samples", type=int, default=200, help="of the importance-weighted bound")
    parser.add_argument("--write", action="store_true", help="replace the table in docs/results.md")
    arguments = parser.parse_args()
    for name in arguments.names:
        train_on(Recipe.from_toml(RECIPES / f"{name}.toml"), arguments.runs / name, arguments.minutes)
    lines = table(arguments.names, arguments.runs, arguments.samples)
    if arguments.write:
        write_section("benchmarks/literature.py", lines)


if __name__ == "__main__":
    main()
