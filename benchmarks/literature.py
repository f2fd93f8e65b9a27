"""The variational autoencoders of the papers, trained by steps that resume, and their test bounds beside the papers'.

    EXPLORER_DATA=FOLDER python benchmarks/literature.py NAME ... [--minutes M] [--runs FOLDER] [--write] [--draw]

NAME is a recipe of recipes/papers/. Each is trained for at most M minutes from where its run stands (in FOLDER/NAME;
0: not at all), so that a training of hours is done in as many calls as it takes. Then the weights that were best by the
validation loss are measured on the test split: the ELBO, and the importance-weighted bound with K samples, both with
95 % intervals over the test items. Data binarised anew is drawn once by seed for each figure. How many epochs these
weights and the run have behind them stands in the table: a row whose training has not ended is no row of the paper yet.
--draw makes docs/pictures/literature.svg of the runs' kept events: nats of the validation split (minus its ELBO)
against minutes of processor time, which are the run's, shared out evenly over its epochs of equal work; the
test bound as a point, and the paper's as a dashed line.

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
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from results_file import write_section

from explorer import checkpoints, evaluation, runs
from explorer.checkpoints import Checkpoint
from explorer.core.palette import class_colour
from explorer.export import drawn
from explorer.export.figures import figure_json, styled
from explorer.latent import ACTIVE_VARIANCE
from explorer.recipe import Recipe
from explorer.training.events import EpochFinished

RECIPES = Path(__file__).parents[1] / "recipes" / "papers"
PAPERS = {
    "vae-784-400-40": "-89.78 (Pythae, 200 samples)",
    "iwae-static-50": "-86.82 (Pythae, 5,000 samples)",
    "vae-burda-50": "-86.76, 19 active units (Burda et al.)",
    "iwae-burda-50": "-84.78, 25 active units (Burda et al.)",
}
PICTURE = Path(__file__).parents[1] / "docs" / "pictures" / "literature.svg"
ABOVE_BEST = 20.0
"""Nats above the best epoch beyond which the picture leaves epochs out: the first would take most of its height."""
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
        if isinstance(event, EpochFinished):
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


@dataclass(frozen=True)
class Row:
    """One line of the table, and what the picture has of it.

    Args:
        name: of the recipe.
        text: the line.
        bound: on the test split, in nats, of the weights of the epoch ``weights_of``.
        weights_of: from 1.
        minutes: (epochs,) of processor time at the end of each.
        losses: (epochs,) minus the ELBO of the validation split, in nats.
    """

    name: str
    text: str
    bound: float
    weights_of: int
    minutes: list[float]
    losses: list[float]


@torch.inference_mode()
def row(name: str, folder: Path, samples: int) -> Row:
    """One recipe, measured."""
    checkpoint = best_of(folder)
    dataset = checkpoint.card.recipe.data.open()
    test = dataset.splits.test
    [elbo] = [m for m in evaluation.evaluate(checkpoint, dataset, test, "test") if m.name == "ELBO"]
    bound = evaluation.iwae_bound(checkpoint, dataset, test, "test", samples)
    codes = checkpoints.with_codes(checkpoint).encode(dataset.tensor(test))
    active = int((np.asarray(codes).var(0) > ACTIVE_VARIANCE).sum())
    losses = [
        float(event["validation"]["total"])
        for event in runs.current(runs.Run(folder).events()[0])
        if event["event"] == "epoch"
    ]
    cpu = folder / "cpu_seconds.json"
    spent = json.loads(cpu.read_text()) / 60 if cpu.exists() else 0.0
    figures = [f"{m.value:.2f} ± {(m.high - m.low) / 2:.2f}" for m in (elbo, bound)]
    epochs = f"{len(losses)} of {checkpoint.card.recipe.training.epochs} epochs"
    cells = [
        f"`{name}`",
        str(checkpoint.card.best_epoch),
        epochs,
        f"{spent:.0f}" if spent else "–",
        figures[0],
        f"{figures[1]}, {samples} samples",
    ]
    text = f"| {' | '.join([*cells, f'{active} of {codes.shape[1]}', PAPERS.get(name, '–')])} |"
    minutes = [spent * (epoch + 1) / len(losses) for epoch in range(len(losses))]
    return Row(name, text, bound.value, checkpoint.card.best_epoch, minutes, losses)


def picture(measured: Sequence[Row]) -> str:
    """Nats against minutes of processor time, as SVG; see the top of this file."""
    traces, last = [], max(row.minutes[-1] for row in measured)
    for place, one in enumerate(measured):
        colour = class_colour(place)
        shown = [i for i, loss in enumerate(one.losses) if loss <= min(one.losses) + ABOVE_BEST]
        own = {"x": [one.minutes[i] for i in shown], "y": [one.losses[i] for i in shown]}
        traces += [
            {"type": "scatter", "mode": "lines", **own, "name": f"{one.name}: validation", "line": {"color": colour}},
            {
                "type": "scatter",
                "mode": "markers",
                "x": [one.minutes[one.weights_of - 1]],
                "y": [-one.bound],
                "name": "test, bound",
                "marker": {"color": colour, "size": 10},
            },
        ]
        if one.name in PAPERS:
            paper = -float(PAPERS[one.name].split()[0].rstrip(","))
            line = {"color": colour, "dash": "dash"}
            ends = {"x": [0.0, last], "y": [paper, paper]}
            traces.append({"type": "scatter", "mode": "lines", **ends, "name": "paper, bound", "line": line})
    return drawn.svg(figure_json(styled(traces, "minutes of processor time", "nats an image (lower is better)")))


def measured_rows(names: Sequence[str], folder: Path, samples: int) -> list[Row]:
    """Each recipe measured, and its line printed."""
    measured = []
    for name in names:
        measured.append(row(name, folder / name, samples))
        print(measured[-1].text, flush=True)
    return measured


def main() -> None:
    """Train, measure, print, and write where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", default=list(PAPERS), help="recipes of recipes/papers/")
    parser.add_argument("--minutes", type=float, default=0.0, help="train each for so long")
    parser.add_argument("--runs", type=Path, default=Path("runs/literature"), help="where the runs' folders are")
    parser.add_argument("--samples", type=int, default=200, help="of the importance-weighted bound")
    parser.add_argument("--write", action="store_true", help="replace the table in docs/results.md")
    parser.add_argument("--draw", action="store_true", help="draw nats against minutes of processor time, for the docs")
    arguments = parser.parse_args()
    for name in arguments.names:
        train_on(Recipe.from_toml(RECIPES / f"{name}.toml"), arguments.runs / name, arguments.minutes)
    measured = measured_rows(arguments.names, arguments.runs, arguments.samples)
    if arguments.write:
        when = f"Measured {datetime.date.today().isoformat()} on {platform.machine()}, CPU, torch {torch.__version__}"
        write_section("benchmarks/literature.py", [*HEAD, *(one.text for one in measured), "", f"{when}, seed 0."])
    if arguments.draw:
        PICTURE.write_text(picture(measured), encoding="utf-8")


if __name__ == "__main__":
    main()
