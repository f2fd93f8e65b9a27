"""Which combination of scores is the default of tables, if each table's is chosen on the eleven others.

Draws and rows are others than those that the table of figures reports: draws 10 and 11, at most 3,000 rows to fit, of
which a fifth sets the scales of the parts.
"""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from explorer import novelty
from explorer.checkpoints import VectorCheckpoint
from explorer.data.base import Dataset
from explorer.data.encoding import TableEncoding
from explorer.io.tables.columns import Cells
from explorer.novelty.fitting import model_splits, trained_model
from explorer.novelty.table_recipe import table_recipe

DRAWS = (10, 11)
MAX_FIT, MAX_NORMAL, MAX_NOVEL = 3_000, 3_000, 2_000
ROWS, CODES = "rows", "codes"
OTHERS = ("ECOD", "isolation forest", "nearest row", "Mahalanobis of codes", "Mahalanobis of rows")
WEIGHTS = (0.25, 0.5, 1.0)
DEFAULT = "rows + codes"
COMBINATIONS: dict[str, dict[str, float]] = {
    ROWS: {ROWS: 1},
    CODES: {CODES: 1},
    DEFAULT: {ROWS: 1, CODES: 1},
    **{f"{DEFAULT} + {w:g} {name}": {ROWS: 1, CODES: 1, name: w} for name in OTHERS for w in WEIGHTS},
    **{f"{DEFAULT} + {w:g} (ECOD + nearest row)": {ROWS: 1, CODES: 1, "ECOD": w, "nearest row": w} for w in WEIGHTS},
}
"""What is compared: weights of the parts, each standardised as the combination does."""

Areas = Mapping[tuple[str, str], Mapping[str, float]]
"""(table, protocol) -> combination -> AUROC in percent."""


class MahalanobisOfRows:
    """Distance of standardised rows from their mean, by a shrunk covariance (Ledoit and Wolf 2004)."""

    def fit(self, x: np.ndarray) -> MahalanobisOfRows:
        from sklearn.covariance import LedoitWolf

        std = x.std(0)
        self.mean, self.std = x.mean(0), np.where(std > 0, std, 1.0)
        self.precision = LedoitWolf().fit((x - self.mean) / self.std).precision_
        return self

    def score(self, x: np.ndarray) -> np.ndarray:
        offsets = (x - self.mean) / self.std
        return np.sqrt(np.einsum("nd,de,ne->n", offsets, self.precision, offsets))


def areas_of(
    path: pathlib.Path,
    halves: Callable[[pathlib.Path, int, tuple[int, int, int]], tuple[np.ndarray, np.ndarray, np.ndarray]],
    columns: Callable[[np.ndarray], dict[str, Cells]],
    draw: int,
) -> dict[str, float]:
    """AUROC of every combination on one draw of a table.

    Args:
        halves: path, draw and limits -> rows that fit, rows that are scored, and (n,) which of these are novel.
        columns: rows as the cells of a table.
    """
    fit, scored, is_novel = halves(path, draw, (MAX_FIT, MAX_NORMAL, MAX_NOVEL))
    cut = len(fit) // 5
    held, fit = fit[:cut], fit[cut:]
    encoding = TableEncoding.learn(columns(fit), path.stem, ())
    checkpoint = _trained(encoding.encode(columns(fit)), path.stem, draw)
    as_rows: dict[str, Any] = {
        ROWS: novelty.KNN(),
        "nearest row": novelty.KNN(1),
        "ECOD": novelty.ECOD(),
        "isolation forest": novelty.IsolationForest(seed=draw),
        "Mahalanobis of rows": MahalanobisOfRows(),
    }
    as_codes: dict[str, Any] = {
        CODES: novelty.NearestNeighbours(checkpoint),
        "Mahalanobis of codes": novelty.LatentMahalanobis(checkpoint),
    }
    parts = {name: _standardised(part.fit(fit), held, scored) for name, part in as_rows.items()}
    encoded = [encoding.encode(columns(rows)) for rows in (fit, held, scored)]
    parts |= {name: _standardised(part.fit(encoded[0]), *encoded[1:]) for name, part in as_codes.items()}
    return {
        name: 100 * novelty.auroc(_weighted(weights, parts), is_novel).value for name, weights in COMBINATIONS.items()
    }


def _weighted(weights: Mapping[str, float], parts: Mapping[str, np.ndarray]) -> np.ndarray:
    """(n,) a combination's scores."""
    return np.sum([weight * parts[part] for part, weight in weights.items()], axis=0)


def _trained(x: np.ndarray, name: str, seed: int) -> VectorCheckpoint:
    """The network of the default, trained on nine tenths of the rows (n, D)."""
    order = np.random.Generator(np.random.PCG64(seed)).permutation(len(x))
    cut = max(1, len(x) // 10)
    dataset = Dataset(
        name=name,
        title=name,
        x=x[order],
        labels=None,
        label_names=(),
        splits=model_splits(np.arange(cut, len(x)), np.arange(cut)),
        licence="",
        source=name,
        fingerprint="",
        feature_names=tuple(f"column {i + 1}" for i in range(x.shape[1])),
    )
    checkpoint = trained_model(table_recipe(dataset, seed), dataset, "nearest-neighbours", None)
    assert checkpoint is not None
    return checkpoint


def _standardised(part: Any, held: np.ndarray, scored: np.ndarray) -> np.ndarray:
    """(n,) logarithms of scores in standard deviations of those of held-out normal rows, as a combination has them."""
    usual, scores = part.score(held), part.score(scored)
    if getattr(part, "is_positive", True):
        floor = max(1e-3 * float(np.median(usual)), 1e-12)
        usual, scores = (np.log(np.maximum(values, 0) + floor) for values in (usual, scores))
    return (scores - usual.mean()) / max(float(usual.std()), 1e-9)


def chosen_without(table: str, areas: Areas) -> str:
    """The combination with the highest mean over all other tables and both protocols; of equal ones the first."""
    others = [key for key in areas if key[0] != table]
    means = {name: float(np.mean([areas[key][name] for key in others])) for name in COMBINATIONS}
    return max(means, key=lambda name: means[name])


def lines_of(areas: Areas) -> list[str]:
    """A row a table: what is chosen without it, and the AUROC there of that choice, of the default and of the best."""
    tables, protocols = sorted({table for table, _ in areas}), sorted({protocol for _, protocol in areas}, reverse=True)
    heads = [f"{protocol}: {what}" for protocol in protocols for what in ("chosen", DEFAULT, "best of all")]
    lines = ["| left out | chosen on the others | " + " | ".join(heads) + " |", "|---" * (len(heads) + 2) + "|"]
    columns: list[list[float]] = []
    for table in tables:
        pick = chosen_without(table, areas)
        values = [
            value
            for protocol in protocols
            for value in (
                areas[table, protocol][pick],
                areas[table, protocol][DEFAULT],
                max(areas[table, protocol].values()),
            )
        ]
        columns.append(values)
        lines.append(f"| {table} | {pick} | " + " | ".join(f"{value:.2f}" for value in values) + " |")
    means = [f"**{value:.2f}**" for value in np.mean(columns, axis=0)]
    return [*lines, "| **mean** | | " + " | ".join(means) + " |"]
