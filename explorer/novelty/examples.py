"""Worked examples that open at once and offline: what is normal, the model that has seen only that, and a score."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Int

from explorer import checkpoints, data
from explorer.checkpoints import VectorCheckpoint
from explorer.core import places
from explorer.core.errors import ExplorerError
from explorer.data.base import Dataset
from explorer.novelty import detector as detectors
from explorer.novelty.detector import Detector
from explorer.novelty.fitting import Parts, of_checkpoint
from explorer.novelty.splits import NoveltySplits, normal_splits, novel_rows


@dataclass(frozen=True)
class Example:
    """A question with its data.

    Args:
        name: in links and on the command line.
        title: on the page.
        question: one sentence on what is looked for.
        checkpoint: a shipped model of the normal items alone.
        dataset: an offline dataset; labels say what is novel.
        normal: its labels that are normal.
        scorer: a name of the registry.
        rate: the false-alarm rate that its threshold starts from.
    """

    name: str
    title: str
    question: str
    checkpoint: str
    dataset: str
    normal: tuple[str, ...]
    scorer: str
    rate: float = 0.05


EXAMPLES: dict[str, Example] = {
    example.name: example
    for example in (
        Example(
            name="unseen-digits",
            title="Digits never seen",
            question="The model learnt eight of the ten digits. Which pictures show the other two, 2 and 7?",
            checkpoint="mnist-eight-digits-32d",
            dataset="mnist-sample",
            normal=("0", "1", "3", "4", "5", "6", "8", "9"),
            scorer="combined-mean",
        ),
        Example(
            name="cells",
            title="Breast-cancer cells",
            question="The model learnt the measurements of benign cells. Which rows are of malignant ones?",
            checkpoint="breast-cancer-undercomplete",
            dataset="breast-cancer",
            normal=("benign",),
            scorer="combined-mean",
            rate=0.1,  # 37 normal rows set the threshold: for 5 % it is the highest of them
        ),
        Example(
            name="brick",
            title="Defects in a texture",
            question="The model learnt a clean brick wall. Where did code draw a scratch, a spot or a wrong piece?",
            checkpoint="brick-convolutional-32d",
            dataset="brick-defects",
            normal=("clean",),
            scorer="local-error",
        ),
    )
}
"""The registry; an example is one more entry."""


@dataclass(frozen=True, eq=False)
class OpenExample:
    """An example ready to be shown.

    Args:
        example: what it is.
        checkpoint: its model.
        detector: fitted on normal rows, as shipped; nothing was trained.
        dataset: its data.
        splits: its normal rows by what they are for.
        rows: (n,) rows to score, normal ones first; neither model nor detector has seen them.
        is_novel: (n,) bool.
    """

    example: Example
    checkpoint: VectorCheckpoint
    detector: Detector
    dataset: Dataset
    splits: NoveltySplits
    rows: Int[np.ndarray, " n"]
    is_novel: Bool[np.ndarray, " n"]


def example_named(name: str) -> Example:
    """An example of the registry.

    Raises:
        ExplorerError: there is none of this name.
    """
    if name not in EXAMPLES:
        raise ExplorerError(f"There is no example called {name!r}.", f"Known: {', '.join(EXAMPLES)}.")
    return EXAMPLES[name]


def stored_file(name: str) -> Path:
    """Where the fitted detector of an example is shipped; ``benchmarks/novelty_examples.py`` writes it."""
    return places.shipped("checkpoints") / "novelty" / f"{name}.safetensors"


def fit_example(name: str) -> Detector:
    """Fit an example's score on its normal rows and set its threshold; takes up to ten seconds."""
    example = example_named(name)
    checkpoint, dataset = _model_and_data(example)
    return _fit(example, checkpoint, dataset, normal_splits(checkpoint, dataset, example.normal))


def open_example(name: str, limit: int = 500) -> OpenExample:
    """Load an example's model, data and stored detector, which is fitted here only where it is another model's.

    Args:
        limit: at most so many normal and so many novel rows to score.

    Raises:
        ExplorerError: there is no such example.
    """
    example = example_named(name)
    checkpoint, dataset = _model_and_data(example)
    splits = normal_splits(checkpoint, dataset, example.normal, limit=limit)
    novel = novel_rows(checkpoint, dataset, example.normal, limit)
    detector = _stored(example, checkpoint, dataset) or _fit(example, checkpoint, dataset, splits)
    rows = np.concatenate([splits.test, novel])
    return OpenExample(example, checkpoint, detector, dataset, splits, rows, np.arange(len(rows)) >= len(splits.test))


def _model_and_data(example: Example) -> tuple[VectorCheckpoint, Dataset]:
    return checkpoints.with_codes(checkpoints.load(example.checkpoint)), data.dataset(example.dataset)


def _fit(example: Example, checkpoint: VectorCheckpoint, dataset: Dataset, splits: NoveltySplits) -> Detector:
    parts = Parts(splits.fit, np.empty(0, np.int64), splits.calibrate)
    normal = f"{', '.join(example.normal)} of {dataset.title}"
    return of_checkpoint(checkpoint, dataset, parts, example.scorer, normal, example.normal)


def _stored(example: Example, checkpoint: VectorCheckpoint, dataset: Dataset) -> Detector | None:
    """The detector that is shipped; None where it looks through another model than the loaded one.

    A visitor's own checkpoint of the same name comes before the one that is shipped.
    """
    file = stored_file(example.name)
    if not file.is_file():
        return None
    detector = detectors.load(file)
    of_these = all(model.unexamined == checkpoint.card.unexamined for model in detector.card.models)
    return detector if of_these and detector.card.fingerprint == dataset.fingerprint else None
