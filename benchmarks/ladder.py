"""The figures of Learn's scenes: the beta ladder, the ordered code beside PCA, and labels against accuracy.

    EXPLORER_DATA=FOLDER python benchmarks/ladder.py [--write]

All on MNIST's official test images. With --write they go into docs/results.md, and into checkpoints/learn/figures.json,
which the scenes draw. How far the ladder's maps agree is the correlation of each dimension with that of the map before.
"""

from __future__ import annotations

import argparse
import datetime
import platform

import numpy as np
import torch
from results_file import write_section

from explorer import checkpoints, data
from explorer.checkpoints import Metric
from explorer.checkpoints.files import write_file
from explorer.data import Dataset
from explorer.evaluation.few_labels import LABELS, FewLabels, few_labels
from explorer.evaluation.learn_figures import LearnFigures, Rung, Width, figures_file
from explorer.evaluation.ordered_code import errors_by_width, pca_errors_by_width
from explorer.latent.beta_ladder import BETAS, load_rung, measure_rung

ORDERED = "mnist-ordered-32d"
LABELLED = ("mnist-vae-2d", "mnist-conv-vae-16d", "mnist-undercomplete-32d")
SHOWN_WIDTHS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)


def figure(metric: Metric) -> str:
    """A value with half its 95 % interval."""
    return f"{metric.value:.4g} ± {(metric.high - metric.low) / 2:.2g}"


def ladder(dataset: Dataset) -> tuple[list[Rung], list[str]]:
    """The rungs, and their table."""
    rungs, before = [], None
    lines = [
        "| beta | reconstruction (nats) | KL (nats) | ELBO (nats) | active units | correlation with the map before |",
        "|---|---|---|---|---|---|",
    ]
    for beta in BETAS:
        checkpoint = load_rung(beta)
        rung = measure_rung(checkpoint, dataset, dataset.splits.test, "test")
        codes = checkpoint.encode(dataset.test.x)
        agreement = "–"
        if before is not None:
            pairs = zip(before.T, codes.T, strict=True)
            agreement = ", ".join(f"{np.corrcoef(one, other)[0, 1]:.3f}" for one, other in pairs)
        before = codes
        rungs.append(rung)
        values = (figure(rung.reconstruction), figure(rung.kl), figure(rung.elbo), str(rung.active_units), agreement)
        lines.append(f"| {beta:g} | " + " | ".join(values) + " |")
    return rungs, lines


def widths(dataset: Dataset) -> tuple[list[Width], list[str]]:
    """The ordered code's error at each width, and some of them as a table."""
    checkpoint = checkpoints.with_codes(checkpoints.load(ORDERED))
    every = range(1, checkpoint.latent_dim + 1)
    train, test = dataset.splits.train, dataset.splits.test
    ordered = errors_by_width(checkpoint, dataset, test, "test", every)
    pca = pca_errors_by_width(dataset, train, test, "test", every)
    measured = [Width(width=k, ordered=a, pca=b) for k, a, b in zip(every, ordered, pca, strict=True)]
    lines = [f"| numbers of the code | `{ORDERED}`, the first of its 32 | PCA, as many components |", "|---|---|---|"]
    lines += [f"| {w.width} | {figure(w.ordered)} | {figure(w.pca)} |" for w in measured if w.width in SHOWN_WIDTHS]
    return measured, lines


def labels(dataset: Dataset) -> tuple[dict[str, tuple[FewLabels, ...]], list[str]]:
    """Accuracy by the number of labels, for each model, and the table."""
    measured: dict[str, tuple[FewLabels, ...]] = {}
    lines = [f"| accuracy in percent by labels per class | {' | '.join(map(str, LABELS))} |", "|---" * 10 + "|"]
    for name in LABELLED:
        checkpoint = checkpoints.with_codes(checkpoints.load(name))
        measured[name] = tuple(few_labels(checkpoint, dataset))
    rows: dict[str, list[str]] = {}
    for name, answers in measured.items():
        for one in answers:
            # What the classifier sees without a model is the same for all of them.
            title = f"code of `{name}`" if one.inputs == "code" else one.inputs
            half = 50 * (one.accuracy.high - one.accuracy.low)
            cells = rows.setdefault(title, [])
            if len(cells) < len(LABELS):
                cells.append(f"{100 * one.accuracy.value:.1f} ± {half:.1f}")
    return measured, lines + [f"| {title} | " + " | ".join(cells) + " |" for title, cells in rows.items()]


def main() -> None:
    """Print the three tables, and put them where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="replace the tables in docs/results.md, and the figures")
    arguments = parser.parse_args()
    dataset = data.dataset("mnist")
    parts = {"beta ladder": ladder, "ordered code": widths, "few labels": labels}
    measured, sections = {}, {}
    today = datetime.date.today().isoformat()
    for name, measure in parts.items():
        measured[name], lines = measure(dataset)
        print("\n".join(lines), end="\n\n", flush=True)
        lines += ["", f"Measured {today} on {platform.machine()}, CPU, torch {torch.__version__}, seed 0."]
        sections[name] = lines
    if arguments.write:
        figures = LearnFigures(
            ladder=measured["beta ladder"],
            ordered_name=ORDERED,
            widths=measured["ordered code"],
            labels=measured["few labels"],
        )
        write_file(figures_file(), f"{figures.model_dump_json(indent=1)}\n".encode())
        for name, lines in sections.items():
            write_section(f"benchmarks/ladder.py {name}", lines)


if __name__ == "__main__":
    main()
