"""How well novel items are found, beside PCA and other baselines: the two novelty tables of docs/results.md.

    EXPLORER_DATA=FOLDER python benchmarks/novelty.py [images] [tables] [--write] [--keep FILE] [--only NAME ...]
    EXPLORER_DATA=FOLDER python benchmarks/novelty.py --leave-one-out [--write] [--keep FILE]

images: one class of MNIST and of Fashion-MNIST is normal, the other nine are novel. A convolutional autoencoder that
fills in hidden blocks is trained on that class of the training split alone (and chosen on that class of the validation
split); every score is measured on the 10,000 official test images.

tables: the twelve tables in FOLDER/adbench. Half of the normal rows, at most 10,000, fit each method; of the other
half and all anomalies at most 10,000 and 5,000 are scored. In one protocol the halves are drawn by a seed, in the
other the first half in file order fits, as in the papers (whose means over 47 tables are 83.88 for DTE-NP and 83.42
for kNN). The default is the whole detector, as `detector fit` makes it. Figures are AUROC, average precision, and
the precision among as many of the first rows as there are anomalies, in percent.

With --leave-one-out, on other draws of the twelve tables: for each table the combination of scores that is best on
the eleven others, with its AUROC there, beside the default's; see leave_one_out.py.

With --keep, figures are kept in FILE as they come and not computed again.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import pathlib
import platform
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import leave_one_out
import numpy as np
import torch
from dte import DiffusionTime
from pyod.models.copod import COPOD
from pyod.models.hbos import HBOS
from results_file import write_section
from scipy.stats import t as student
from sklearn.neighbors import LocalOutlierFactor as LOF  # noqa: N817 - as the field calls it
from trained import trained

from explorer import data, novelty
from explorer.checkpoints import with_codes
from explorer.data.memory_rows import CellRows
from explorer.io.tables.columns import Cells
from explorer.novelty import Scorer
from explorer.novelty.inputs import TableInput
from explorer.novelty.table_fitting import fit_table
from explorer.recipe import Recipe
from explorer.training import train

IMAGE_SETS = ("mnist", "fashion-mnist")
MAX_FIT, MAX_NORMAL, MAX_NOVEL = 10_000, 10_000, 5_000

SHUFFLED, IN_ORDER = "shuffled halves", "first half in file order"
PROTOCOLS, TABLE_SEEDS = (SHUFFLED, IN_ORDER), (0,)
DEFAULT = "**default**"

Figures = dict[str, Any]


def image_recipe(name: str, label: str, seed: int = 0) -> Recipe:
    """The same for every class of both datasets."""
    return Recipe.parse(
        {
            "name": "one-class",
            "data": {"dataset": name, "classes": [label]},
            "model": {
                "family": "convolutional",
                "channels": [32, 64],
                "upsampling": "transposed",
                "activation": "leaky_relu",
                "latent_dim": 32,
            },
            "corruption": {"kind": "blocks", "fraction": 0.5, "largest": 14},
            "training": {
                "epochs": 25,
                "batch_size": 128,
                "learning_rate": 2e-3,
                "seed": seed,
                "device": "cpu",
                "precision": "bfloat16",
            },
        }
    )


def one_class(name: str, label: str) -> Figures:
    """Each score's figure with one class as the normal one."""
    dataset = data.dataset(name)
    checkpoint = with_codes(trained(train(image_recipe(name, label), dataset)))
    code = dataset.label_names.index(label)
    normal, held, test = (dataset.split(part) for part in ("train", "validation", "test"))
    if normal.labels is None or held.labels is None or test.labels is None:
        raise SystemExit(f"{name} is measured by its labels, and has none.")
    x_fit, x_held = normal.x[normal.labels == code], held.x[held.labels == code]
    scorers: dict[str, Scorer] = {
        "PCA, 32 components": novelty.PCAReconstruction(32),
        "PCA, 64 components": novelty.PCAReconstruction(64),
        "isolation forest": novelty.IsolationForest(),
        "one-class SVM": novelty.OneClassSVM(),
        "5 nearest items": novelty.KNN(),
        "autoencoder, squared error": novelty.ReconstructionError(checkpoint),
        "autoencoder, shape error": novelty.CosineError(checkpoint),
        "autoencoder, 5 nearest codes": novelty.NearestNeighbours(checkpoint),
        "autoencoder, distance of the code": novelty.LatentMahalanobis(checkpoint),
        "autoencoder, 5 nearest directions": novelty.NearestDirections(checkpoint),
        "**combined, mean (default)**": novelty.MeanOfScores.for_checkpoint(checkpoint),
        "combined, maximum": novelty.MaxOfScores.for_checkpoint(checkpoint),
    }
    return _scores(scorers, x_fit, x_held, test.x, test.labels != code)


def one_table(path: pathlib.Path, protocol: str, seed: int) -> Figures:
    """Each score's figures on one table with one draw of the rows."""
    fit_rows, scored_rows, is_novel = halves(path, protocol, seed, (MAX_FIT, MAX_NORMAL, MAX_NOVEL))
    known = fit_rows.astype(np.float64)
    baselines: dict[str, Any] = {
        "kNN": novelty.KNN(),
        "ECOD": novelty.ECOD(),
        "isolation forest": novelty.IsolationForest(seed=seed),
        "PCA": novelty.PCAReconstruction(max(1, known.shape[1] // 2)),
        "DTE-NP": DiffusionTime(),
        "LOF": _Standardised(LOF(n_neighbors=20, novelty=True)),
        "COPOD": _Standardised(COPOD()),
        "HBOS": _Standardised(HBOS()),
    }
    scores = {name: baseline.fit(known).score(scored_rows.astype(np.float64)) for name, baseline in baselines.items()}
    detector = fit_table(TableInput(path.stem, CellRows(_columns(fit_rows), path.stem)), (), None, None, seed)
    scores[DEFAULT] = detector.score(detector.encode(_columns(scored_rows)))
    return {name: _figures_of(of_score, is_novel) for name, of_score in scores.items()}


def halves(
    path: pathlib.Path, protocol: str, seed: int, limits: tuple[int, int, int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Normal rows that fit, rows that are scored, and (n,) which of these are novel.

    Args:
        limits: rows that fit, normal and novel ones that are scored, at most.
    """
    with np.load(path, allow_pickle=False) as file:
        rows, is_anomaly = file["X"].astype(np.float32), file["y"].astype(bool)
    random = np.random.default_rng(seed)
    normal, novel = np.flatnonzero(~is_anomaly), random.permutation(np.flatnonzero(is_anomaly))
    if protocol == SHUFFLED:
        normal = random.permutation(normal)
    half = len(normal) // 2
    fit, scored = (random.permutation(part) for part in (normal[:half], normal[half:]))
    fit, scored, novel = (part[:limit] for part, limit in zip((fit, scored, novel), limits, strict=True))
    scored_rows = rows[np.concatenate([scored, novel])]
    return rows[fit], scored_rows, np.arange(len(scored_rows)) >= len(scored)


def _figures_of(scores: np.ndarray, is_novel: np.ndarray) -> dict[str, float]:
    """AUROC, average precision, and the precision among as many rows as there are novel ones, in percent."""
    return {
        "AUROC": 100 * novelty.auroc(scores, is_novel).value,
        "average precision": 100 * novelty.average_precision(scores, is_novel).value,
        "precision": 100 * novelty.precision_among_first(scores, is_novel).value,
    }


class _Standardised:
    """A baseline of scikit-learn or PyOD on standardised columns; higher is more anomalous."""

    def __init__(self, baseline: Any) -> None:
        self.baseline = baseline

    def fit(self, x: np.ndarray) -> _Standardised:
        self.mean, std = x.mean(0), x.std(0)
        self.std = np.where(std > 0, std, 1.0)
        self.baseline.fit((x - self.mean) / self.std)
        return self

    def score(self, x: np.ndarray) -> np.ndarray:
        rows = (x - self.mean) / self.std
        return (
            -self.baseline.score_samples(rows)
            if isinstance(self.baseline, LOF)
            else self.baseline.decision_function(rows)
        )


def _scores(
    scorers: dict[str, Scorer], x_fit: np.ndarray, x_held: np.ndarray, x: np.ndarray, is_novel: np.ndarray
) -> Figures:
    everything = np.concatenate([x_fit, x_held])
    figures = {}
    for name, scorer in scorers.items():
        fitted = scorer.fit(x_fit, x_held) if isinstance(scorer, novelty.Combination) else scorer.fit(everything)
        figures[name] = 100 * novelty.auroc(fitted.score(x), is_novel).value
    return figures


def _halves_by(
    protocol: str, path: pathlib.Path, seed: int, limits: tuple[int, int, int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return halves(path, protocol, seed, limits)


def _columns(rows: np.ndarray) -> dict[str, Cells]:
    return {f"column {i + 1}": column.astype(np.float64) for i, column in enumerate(rows.T)}


# --- tables of figures -----------------------------------------------------------------------------------------------


class Kept:
    """Figures in a file of JSON lines, so that an interrupted run goes on."""

    def __init__(self, path: pathlib.Path | None) -> None:
        self.path = path
        self.known: dict[str, Figures] = {}
        if path is not None and path.exists():
            self.known = dict(json.loads(line) for line in path.read_text().splitlines())

    def get(self, key: str, compute: Callable[[], Figures]) -> Figures:
        """The kept figures, or those computed now."""
        if key not in self.known:
            start = time.perf_counter()
            self.known[key] = compute()
            print(f"{key}: {time.perf_counter() - start:.0f} s", flush=True)
            if self.path is not None:
                with self.path.open("a") as file:
                    file.write(json.dumps([key, self.known[key]]) + "\n")
        return self.known[key]


def images_table(kept: Kept, only: list[str]) -> list[str]:
    """Rows: scores; columns: the mean over the classes of each dataset, and the class that is hardest."""
    means: dict[str, list[str]] = {}
    for name in IMAGE_SETS:
        labels = data.DATASETS[name].load().label_names
        chosen = [label for label in labels if not only or label in only or name in only]
        rows = [kept.get(f"{name} {label}", partial(one_class, name, label)) for label in chosen]
        for scorer in rows[0]:
            values = [row[scorer] for row in rows]
            worst = int(np.argmin(values))
            means.setdefault(scorer, []).extend([f"{np.mean(values):.2f}", f"{values[worst]:.1f} ({chosen[worst]})"])
    head = ["score", *(f"{data.DATASETS[n].title}{words}" for n in IMAGE_SETS for words in (", mean", ", worst class"))]
    return [*_lines(head), *(f"| {scorer} | " + " | ".join(values) + " |" for scorer, values in means.items())]


def tables_table(kept: Kept, only: list[str]) -> list[str]:
    """For either protocol a table of AUROC, a row a data set, and the means of all three figures."""
    folder = pathlib.Path(os.environ["EXPLORER_DATA"]) / "adbench"
    paths = sorted(p for p in folder.glob("*.npz") if not only or p.stem in only)
    lines: list[str] = []
    for protocol in PROTOCOLS:
        means: dict[str, dict[str, Figures]] = {}
        for path in paths:
            runs = [
                kept.get(f"{path.stem} {protocol} seed {seed}", partial(one_table, path, protocol, seed))
                for seed in TABLE_SEEDS
            ]
            means[path.stem] = {
                scorer: {f: float(np.mean([run[scorer][f] for run in runs])) for f in runs[0][scorer]}
                for scorer in runs[0]
            }
        scorers = list(next(iter(means.values())))
        lines += ["", f"{protocol}:", "", *_lines(["table", *scorers])]
        for name, figures in means.items():
            lines.append(f"| {name} | " + " | ".join(f"{figures[s]['AUROC']:.2f}" for s in scorers) + " |")
        for figure in ("AUROC", "average precision", "precision"):
            values = [_with_interval([of[s][figure] for of in means.values()]) for s in scorers]
            lines.append(f"| **{figure}, mean** | " + " | ".join(values) + " |")
        best = {name: max(of[s]["AUROC"] for s in scorers if s != DEFAULT) for name, of in means.items()}
        near = sum(of[DEFAULT]["AUROC"] > best[name] - 1 for name, of in means.items())
        lines += ["", f"The default is within 1.0 of the best baseline, or ahead, on {near} of {len(means)} tables."]
    return lines[1:]


def leave_one_out_table(kept: Kept, only: list[str]) -> list[str]:
    """Each table's combination as the eleven others choose it; see leave_one_out.py."""
    areas = {}
    for path in sorted((pathlib.Path(os.environ["EXPLORER_DATA"]) / "adbench").glob("*.npz")):
        for protocol in PROTOCOLS:
            runs = [
                kept.get(
                    f"{path.stem} {protocol} draw {draw} combinations",
                    partial(leave_one_out.areas_of, path, partial(_halves_by, protocol), _columns, draw),
                )
                for draw in leave_one_out.DRAWS
            ]
            areas[path.stem, protocol] = {name: float(np.mean([run[name] for run in runs])) for name in runs[0]}
    return leave_one_out.lines_of(areas)


def _with_interval(values: list[float]) -> str:
    """The mean over tables, with the 95 % interval of Student's t."""
    mean, error = float(np.mean(values)), float(np.std(values, ddof=1)) / len(values) ** 0.5 if len(values) > 1 else 0.0
    half = float(student.ppf(0.975, max(1, len(values) - 1))) * error
    return f"**{mean:.2f}** ± {half:.1f}"


def _lines(head: list[str]) -> list[str]:
    return ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]


def main() -> None:
    """Print the tables, and put them into docs/results.md where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", help="images, tables; both where none is given")
    parser.add_argument("--leave-one-out", action="store_true", help="choose each table's default on the others")
    parser.add_argument("--only", nargs="*", default=[], help="only these classes, datasets or tables")
    parser.add_argument("--keep", type=pathlib.Path, help="a file for figures as they come")
    parser.add_argument("--write", action="store_true", help="replace the tables in docs/results.md")
    args = parser.parse_args()
    torch.set_num_threads(1)
    kept = Kept(args.keep)
    wanted = args.parts or ([] if args.leave_one_out else ["images", "tables"])
    tables = {"images": images_table, "tables": tables_table, "leave-one-out": leave_one_out_table}
    for part, table in tables.items():
        if part not in wanted and not (part == "leave-one-out" and args.leave_one_out):
            continue
        today = datetime.date.today().isoformat()
        machine = f"Measured {today} on {platform.machine()}, CPU, one thread, torch {torch.__version__}."
        lines = [*table(kept, args.only), "", machine]
        print("\n".join(lines), flush=True)
        if args.write:
            write_section(f"benchmarks/novelty.py {part}", lines)


if __name__ == "__main__":
    main()
