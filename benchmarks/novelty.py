"""How well novel items are found, beside PCA and other baselines: the two novelty tables of docs/results.md.

    EXPLORER_DATA=FOLDER python benchmarks/novelty.py [images] [tables] [--write] [--keep FILE] [--only NAME ...]

images: one class of MNIST and of Fashion-MNIST is normal, the other nine are novel. A convolutional autoencoder that
fills in hidden blocks is trained on that class of the training split alone (and chosen on that class of the validation
split); every score is judged on the 10,000 official test images.

tables: the twelve tables in FOLDER/adbench. Half of the normal rows, drawn by a seed, at most 20,000, fit each score;
the other half and all anomalies (at most 50,000 and 10,000) are judged. The autoencoder is trained on nine tenths of
the rows that fit, and chosen on the other tenth.

Each figure is an AUROC in percent. With --keep, figures are kept in FILE as they come and not computed again.
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

import numpy as np
import torch
from results_file import write_section

from explorer import data, novelty
from explorer.checkpoints import Checkpoint
from explorer.data.base import Dataset, Splits, fingerprint
from explorer.data.encoding import TableEncoding
from explorer.novelty import Scorer
from explorer.novelty.table_fitting import table_recipe
from explorer.recipe import Recipe
from explorer.training import train
from explorer.training.events import Finished

IMAGE_SETS = ("mnist", "fashion-mnist")
SEEDS = (0, 1, 2)
MAX_FIT, MAX_NORMAL, MAX_NOVEL, MAX_SVM = 20_000, 50_000, 10_000, 5_000

Figures = dict[str, float]


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
    *_, last = train(image_recipe(name, label), dataset)
    checkpoint = _checkpoint(last)
    code = dataset.label_names.index(label)
    normal, held, test = (dataset.split(part) for part in ("train", "validation", "test"))
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


def one_table(path: pathlib.Path, seed: int) -> Figures:
    """Each score's figure on one table with one draw of the normal rows."""
    with np.load(path, allow_pickle=False) as file:
        rows, is_anomaly = file["X"].astype(np.float32), file["y"].astype(bool)
    random = np.random.default_rng(seed)
    normal, novel = random.permutation(np.flatnonzero(~is_anomaly)), random.permutation(np.flatnonzero(is_anomaly))
    half = len(normal) // 2
    fit, scored, novel = normal[:half][:MAX_FIT], normal[half:][:MAX_NORMAL], novel[:MAX_NOVEL]
    n_held = max(1, len(fit) // 10)
    dataset, encoding = _encoded(path.stem, rows[fit[n_held:]], rows[fit[:n_held]])
    *_, last = train(table_recipe(dataset, seed), dataset)
    checkpoint = _checkpoint(last)
    x_fit, x_held = dataset.train.x, dataset.validation.x
    x = encoding.encode(_columns(np.concatenate([rows[scored], rows[novel]])))
    scorers: dict[str, Scorer] = {
        "PCA, d/2": novelty.PCAReconstruction(max(1, rows.shape[1] // 2)),
        "isolation forest": novelty.IsolationForest(seed=seed),
        "one-class SVM": novelty.OneClassSVM(seed=seed),
        "kNN 5": novelty.KNN(5),
        "ECOD": novelty.ECOD(),
        "squared error": novelty.ReconstructionError(checkpoint),
        "columns from the others": novelty.MaskedColumns(checkpoint),
        "kNN 5 of the code": novelty.NearestNeighbours(checkpoint),
        "**combined, mean (default)**": novelty.MeanOfScores.for_checkpoint(checkpoint),
        "combined, maximum": novelty.MaxOfScores.for_checkpoint(checkpoint),
        "combined with columns from the others": novelty.MeanOfScores(
            [novelty.KNN(), novelty.NearestNeighbours(checkpoint), novelty.MaskedColumns(checkpoint)]
        ),
    }
    return _scores(scorers, x_fit, x_held, x, np.arange(len(x)) >= len(scored))


def _scores(
    scorers: dict[str, Scorer], x_fit: np.ndarray, x_held: np.ndarray, x: np.ndarray, is_novel: np.ndarray
) -> Figures:
    everything = np.concatenate([x_fit, x_held])
    figures = {}
    for name, scorer in scorers.items():
        fitted = scorer.fit(x_fit, x_held) if isinstance(scorer, novelty.Combination) else scorer.fit(everything)
        figures[name] = 100 * novelty.auroc(fitted.score(x), is_novel).value
    return figures


def _checkpoint(last: object) -> Checkpoint:
    if not isinstance(last, Finished) or last.checkpoint is None:
        raise SystemExit(f"the training ended without a model: {last}")
    return last.checkpoint


def _columns(rows: np.ndarray) -> dict[str, np.ndarray]:
    return {f"column {i + 1}": column.astype(np.float64) for i, column in enumerate(rows.T)}


def _encoded(name: str, fit: np.ndarray, held: np.ndarray) -> tuple[Dataset, TableEncoding]:
    encoding = TableEncoding.learn(_columns(fit), name)
    x = encoding.encode(_columns(np.concatenate([fit, held])))
    train_rows, held_rows = np.split(np.arange(len(x)), [len(fit)])
    splits = Splits(train_rows, held_rows, np.empty(0, np.int64), "normal rows alone")
    return Dataset(
        name=name,
        title=name,
        x=x,
        labels=None,
        label_names=(),
        splits=splits,
        licence="of its own, see ADBench",
        source="Han et al. 2022",
        fingerprint=fingerprint(x, None),
        feature_names=encoding.encoded,
    ), encoding


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
        rows = [kept.get(f"{name} {label}", lambda n=name, c=label: one_class(n, c)) for label in chosen]
        for scorer in rows[0]:
            values = [row[scorer] for row in rows]
            worst = int(np.argmin(values))
            means.setdefault(scorer, []).extend([f"{np.mean(values):.2f}", f"{values[worst]:.1f} ({chosen[worst]})"])
    head = ["score", *(f"{data.DATASETS[n].title}{words}" for n in IMAGE_SETS for words in (", mean", ", worst class"))]
    return [*_lines(head), *(f"| {scorer} | " + " | ".join(values) + " |" for scorer, values in means.items())]


def tables_table(kept: Kept, only: list[str]) -> list[str]:
    """Rows: tables; columns: scores, the mean over the seeds; the last row is the mean over the tables."""
    folder = pathlib.Path(os.environ["EXPLORER_DATA"]) / "adbench"
    paths = sorted(p for p in folder.glob("*.npz") if not only or p.stem in only)
    means: dict[str, Figures] = {}
    for path in paths:
        runs = [kept.get(f"{path.stem} seed {seed}", lambda p=path, s=seed: one_table(p, s)) for seed in SEEDS]
        means[path.stem] = {scorer: float(np.mean([run[scorer] for run in runs])) for scorer in runs[0]}
    scorers = list(next(iter(means.values())))
    rows = [f"| {name} | " + " | ".join(f"{figures[s]:.2f}" for s in scorers) + " |" for name, figures in means.items()]
    overall = [f"**{np.mean([figures[s] for figures in means.values()]):.2f}**" for s in scorers]
    return [*_lines(["table", *scorers]), *rows, "| **mean** | " + " | ".join(overall) + " |"]


def _lines(head: list[str]) -> list[str]:
    return ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]


def main() -> None:
    """Print the tables, and put them into docs/results.md where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", help="images, tables; both where none is given")
    parser.add_argument("--only", nargs="*", default=[], help="only these classes, datasets or tables")
    parser.add_argument("--keep", type=pathlib.Path, help="a file for figures as they come")
    parser.add_argument("--write", action="store_true", help="replace the tables in docs/results.md")
    args = parser.parse_args()
    torch.set_num_threads(1)
    kept = Kept(args.keep)
    for part, table in (("images", images_table), ("tables", tables_table)):
        if args.parts and part not in args.parts:
            continue
        today = datetime.date.today().isoformat()
        machine = f"Measured {today} on {platform.machine()}, CPU, one thread, torch {torch.__version__}."
        lines = [*table(kept, args.only), "", machine]
        print("\n".join(lines), flush=True)
        if args.write:
            write_section(f"benchmarks/novelty.py {part}", lines)


if __name__ == "__main__":
    main()
