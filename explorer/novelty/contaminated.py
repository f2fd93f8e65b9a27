"""Most of a file is normal, and nobody knows which: each half is scored by a detector that was fitted on the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Float

from explorer.core.errors import DataError, ExplorerError
from explorer.data.base import Dataset, Progress
from explorer.data.cells import pick
from explorer.data.encoding import TableEncoding
from explorer.data.memory_rows import CellRows
from explorer.data.stored import as_float
from explorer.io.tables.columns import Cells
from explorer.novelty.detector import Detector
from explorer.novelty.fitting import DEFAULT_SCORER, SHRUNK_SIDE
from explorer.novelty.image_fitting import fit_images
from explorer.novelty.inputs import TableInput
from explorer.novelty.scores.classical import IsolationForest
from explorer.novelty.scores.local_baselines import at_most
from explorer.novelty.table_fitting import fit_table

MIN_ITEMS = 60
MAX_CONTAMINATION = 0.2
"""With a larger share of anomalous items the halves no longer agree on what is normal."""
TRIM = 0.1
"""Share of each half that nothing is fitted on, since it may be anomalous, where the contamination is not known."""
WHOLE_SIDE = 64
"""In pixels: large images are shrunk to it to say which of them may be anomalous as a whole."""


@dataclass(frozen=True, eq=False)
class Contaminated:
    """A file scored by itself.

    Args:
        detector: fitted on one half; all scores set its thresholds.
        scores: (N,) of each item by the detector of the half that it is not in, on one scale.
        p_values: (N,) the share of all items that score at least as high. Odd items among them can only make a
            p-value larger: there are fewer false alarms than promised, not more.
        fitted_on: (n,) numbers of the items that ``detector`` was fitted on.
    """

    detector: Detector
    scores: Float[np.ndarray, " n"]
    p_values: Float[np.ndarray, " n"]


def rate_for_share(share: float, n: int) -> float:
    """The rate whose threshold (``threshold_for`` with n scores) lies below ``share`` of these n scores.

    Args:
        share: of the items that are anomalous, in (0, ``MAX_CONTAMINATION``].
        n: number of scores.
    """
    return (round(share * n) + 1) / (n + 1)


def cross_fit(
    n: int,
    fit: Callable[[np.ndarray, Progress | None], Detector],
    score: Callable[[Detector, np.ndarray], np.ndarray],
    seed: int = 0,
    progress: Progress | None = None,
) -> Contaminated:
    """Score every item by a detector that was fitted on the half that it is not in.

    The scores of the first half are brought to the scale of the second (``on_scale_of``): the two detectors learnt from
    halves of the same file, so they differ in scale at most.

    Args:
        n: number of items.
        fit: numbers of items -> a detector that has seen no others.
        score: of such a detector, for numbers of items.
        seed: of the halves.
    """
    order = np.random.Generator(np.random.PCG64(seed)).permutation(n)
    first, second = np.sort(order[: n // 2]), np.sort(order[n // 2 :])
    detector = fit(first, _part(progress, 0.0, "First half"))
    other = fit(second, _part(progress, 0.5, "Second half"))
    scores = np.empty(n)
    scores[second] = score(detector, second)
    scores[first] = on_scale_of(score(other, first), scores[second])
    known = np.sort(scores[~np.isnan(scores)])
    if not len(known):
        raise DataError("No item has a value in any column.", "Give items with values.")
    above = len(known) - np.searchsorted(known, scores, side="left")
    p_values = np.where(np.isnan(scores), np.nan, above / len(known))
    card = detector.card.model_copy(update={"n_calibration": len(known), "folds": 0})
    return Contaminated(replace(detector, card=card, calibration=known), scores, p_values)


def on_scale_of(scores: Float[np.ndarray, " n"], reference: Float[np.ndarray, " m"]) -> Float[np.ndarray, " n"]:
    """Scores (n,) shifted and stretched to the 10th and 50th percentile of others (m,); NaN stays.

    Odd items are among the highest scores: what lies below the median tells little of how many a half has.
    """
    low, middle = np.nanquantile(scores, [0.1, 0.5])
    wanted_low, wanted_middle = np.nanquantile(reference, [0.1, 0.5])
    stretch = (wanted_middle - wanted_low) / (middle - low) if middle > low and wanted_middle > wanted_low else 1.0
    return (scores - middle) * stretch + wanted_middle


def fit_contaminated_table(
    cells: dict[str, Cells],
    name: str,
    share: float | None = None,
    scorer: str = DEFAULT_SCORER,
    seed: int = 0,
    progress: Progress | None = None,
) -> Contaminated:
    """Score the rows of a table by themselves.

    Args:
        cells: of each column, (N,) each, without labels.
        name: of the file.
        share: of the rows that are anomalous, in (0, ``MAX_CONTAMINATION``]; None: not known.
        scorer: a name of the registry.
        seed: of the halves and the training.

    Raises:
        DataError: too few rows, or no column that can be used.
        ExplorerError: a share that cannot be.
    """
    n = len(next(iter(cells.values())))
    trim = _trim(n, share, name, "rows")

    def of(rows: np.ndarray) -> dict[str, Cells]:
        return {column: pick(values, rows) for column, values in cells.items()}

    def fit(rows: np.ndarray, tell: Progress | None) -> Detector:
        half = of(rows)
        kept = rows[_least_anomalous(TableEncoding.learn(half, name).encode(half), trim)]
        table = TableInput(name, CellRows(of(kept), name))
        return _described(fit_table(table, (), None, scorer, seed, tell), name, n, "rows")

    return cross_fit(n, fit, lambda detector, rows: detector.score(detector.encode(of(rows))), seed, progress)


def fit_contaminated_images(
    dataset: Dataset,
    share: float | None = None,
    scorer: str = DEFAULT_SCORER,
    seed: int = 0,
    progress: Progress | None = None,
) -> Contaminated:
    """Score images by themselves; arguments and errors as ``fit_contaminated_table``."""
    n = len(dataset)
    trim = _trim(n, share, dataset.title, "images")

    def fit(rows: np.ndarray, tell: Progress | None) -> Detector:
        kept = rows[_least_anomalous(_as_a_whole(dataset.x[rows]), trim)]
        part = replace(dataset, x=dataset.x[kept], labels=None, label_names=(), item_names=())
        return _described(fit_images(part, (), None, scorer, seed, tell, registered=False), dataset.title, n, "images")

    return cross_fit(n, fit, lambda detector, rows: detector.score(dataset.x[rows]), seed, progress)


def _trim(n: int, share: float | None, name: str, what: str) -> float:
    """The share of each half that nothing is fitted on."""
    if n < MIN_ITEMS:
        raise DataError(
            f"{name} has {n:,} {what}; scoring a file by itself takes {MIN_ITEMS} or more.",
            "Give more, or normal examples to learn from.",
        )
    if share is None:
        return TRIM
    if not 0 < share <= MAX_CONTAMINATION:
        raise ExplorerError(
            f"A share of {share:.0%} anomalous {what} is not between 0 and {MAX_CONTAMINATION:.0%}.",
            "The normal ones must be the large majority.",
        )
    return 2 * share


def _as_a_whole(x: np.ndarray) -> np.ndarray:
    """Images as they are seen as a whole: those of many pixels shrunk, so that all of them fit into memory at once."""
    if max(x.shape[2:]) <= SHRUNK_SIDE:
        return x
    return np.stack([at_most(as_float(image), WHOLE_SIDE).numpy() for image in x])


def _least_anomalous(x: np.ndarray, trim: float) -> np.ndarray:
    """(n,) sorted positions of the items that an isolation forest of these items alone finds least anomalous."""
    scores = IsolationForest().fit(x).score(x)
    return np.sort(np.argsort(scores, kind="stable")[: len(x) - round(trim * len(x))])


def _described(detector: Detector, name: str, n: int, what: str) -> Detector:
    notes = (
        *detector.card.notes,
        f"No {what[:-1]} was known to be normal: thresholds are set by all {n:,}, anomalies among them, so that fewer "
        "false alarms are to be expected than promised",
    )
    changed: dict[str, Any] = {"normal": f"most of {n:,} {what} of {name}", "notes": notes}
    return replace(detector, card=detector.card.model_copy(update=changed))


def _part(progress: Progress | None, start: float, words: str) -> Progress | None:
    """Progress of one of two halves."""
    if progress is None:
        return None
    tell = progress
    return lambda share, more: tell(start + share / 2, f"{words}: {more[:1].lower()}{more[1:]}")
