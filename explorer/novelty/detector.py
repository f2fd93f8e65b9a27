"""A detector: a fitted score, the scores of held-out normal items, and what is needed to read new data. One file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int, Num
from torch import Tensor

from explorer import checkpoints
from explorer.checkpoints import VectorCheckpoint
from explorer.checkpoints.files import DETECTOR_KEY, read_metadata, read_tensors, tensors_bytes, write_file
from explorer.core.errors import CheckpointError, DataError, ExplorerError
from explorer.core.neighbours import nearest
from explorer.data.cells import pick
from explorer.data.encoded_columns import Remarks
from explorer.data.encoding import TableEncoding
from explorer.io import images
from explorer.io.tables.columns import Cells
from explorer.novelty.detector_card import DetectorCard, ScorerSpec, read_card
from explorer.novelty.profile import FeatureNames, Features, feature_names, image_features, table_features
from explorer.novelty.scores.combination import Combination
from explorer.novelty.scores.local_error import error_maps
from explorer.novelty.scores.model_scorer import CheckpointScorer
from explorer.novelty.scores.registry import NAMES, REGISTRY
from explorer.novelty.scores.scorer import CrossCalibrated, Scorer
from explorer.novelty.thresholds import Threshold, p_values, threshold_for

LEVEL_EXAMPLES = 8
"""Of so many examples the usual level of maps is taken: a median over all their pixels needs no more."""
_HOW_TO = "Fit one: python -m explorer detector fit NORMAL --out FILE"


@dataclass(frozen=True, eq=False)
class Detector:
    """Scores new items against the normal ones that it was fitted on.

    Args:
        card: what it is.
        scorer: the fitted score; higher is more anomalous.
        calibration: (n,) sorted scores of normal items that nothing was fitted on.
        examples: (m, *event) some of the normal items, as the scorer takes them.
        profile: what some of the normal items are like, to see what has changed; None: of a detector of version 0.1.0.
        map_peaks: (k,) sorted highest values of the maps of normal images that nothing was fitted on; None: it has no
            maps, or did not keep them.
    """

    card: DetectorCard
    scorer: Scorer
    calibration: Num[np.ndarray, " n"]
    examples: Num[np.ndarray, "m *event"]
    profile: Features | None = None
    map_peaks: Num[np.ndarray, " k"] | None = None

    @property
    def calibrated_by(self) -> str:
        """Which normal items fitted it, and which set its thresholds, in a sentence."""
        n, k = self.card.n_fit, self.card.n_calibration
        if self.card.updates:
            return f"{n:,} items fitted it, {k:,} set thresholds. {' '.join(self.card.updates)}"
        if self.card.folds or isinstance(self.scorer, CrossCalibrated):
            return f"{n:,} items fitted it and set thresholds as well, each scored by what had not seen it."
        return f"{n:,} items fitted it, {k:,} others set thresholds."

    # --- items ---

    @property
    def feature_names(self) -> FeatureNames:
        """What is compared of new items and of the profile."""
        return feature_names(self.card.encoding, self.card.event_shape)

    def encode(self, cells: Mapping[str, Cells], remarks: Remarks | None = None) -> Float[np.ndarray, "n d"]:
        """Rows of a table as the scorer takes them: (n, D) float32, NaN where a cell is missing.

        Raises:
            DataError: the detector is one of images, or a column of numbers holds text.
        """
        return self.table_encoding.encode(cells, remarks)

    def features_of_cells(self, cells: Mapping[str, Cells], rows: Int[np.ndarray, " n"]) -> Features:
        """Some rows of a table as the profile has them.

        Raises:
            DataError: the detector is one of images.
        """
        return table_features(
            self.table_encoding, {name: pick(cells[name], rows) for name in self.table_encoding.names}
        )

    def features_of_images(self, x: Num[np.ndarray, "n *event"], rows: Int[np.ndarray, " m"]) -> Features:
        """Some of images (N, C, H, W) as the profile has them."""
        return image_features(x[rows])

    def check_columns(self, columns: tuple[str, ...], name: str) -> tuple[str, ...]:
        """The columns of a table that are ignored.

        Raises:
            DataError: columns that it was fitted on are missing, or the detector is one of images.
        """
        return self.table_encoding.check(columns, name)

    def fit_images(self, x: Num[np.ndarray, "n *event"]) -> tuple[Num[np.ndarray, "n *fitted"], str]:
        """Images (N, C, H, W) in the shape that it was fitted on, and a few words on what was done to them.

        Raises:
            DataError: the detector is one of tables.
        """
        if self.card.kind != "image":
            raise DataError("This detector was fitted on the rows of a table, not on images.", "Give it a CSV or NPZ.")
        if tuple(x.shape[1:]) == self.card.event_shape:
            return x, ""
        fitted = [images.fit_image(image, self.card.event_shape) for image in x]
        return np.stack([image for image, _ in fitted]), fitted[0][1]

    @property
    def table_encoding(self) -> TableEncoding:
        """How a table's columns become numbers.

        Raises:
            DataError: the detector is one of images.
        """
        if self.card.encoding is None:
            raise DataError("This detector was fitted on images, not on a table.", "Give it images.")
        return self.card.encoding

    # --- scores ---

    def score(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, " n"]:
        """(N, *event) -> (N,) scores in ``scorer.unit``; NaN for a row in which nothing is known."""
        scores = self.scorer.score(x)
        if x.ndim == 2 and x.dtype.kind == "f":
            scores = np.where(np.isnan(x).all(1), np.nan, scores)
        return scores

    def scores_and_maps(
        self, x: Num[np.ndarray, "n *event"]
    ) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, "n h w"] | None]:
        """What ``score`` and ``maps`` give, an image looked at once where its score is that of its highest place."""
        maps = self.maps(x)
        if maps is not None and isinstance(self.scorer, CrossCalibrated):
            return maps.max((1, 2)).astype(np.float64), maps
        return self.score(x), maps

    @property
    def has_native_maps(self) -> bool:
        """Whether it looks at images at their size, and knows maps of normal ones: these have boxes."""
        return self.scorer.at_native_size and self.map_peaks is not None

    def p_values(self, scores: Float[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
        """(N,) how likely a normal item is to score at least as high; see ``thresholds.p_values``."""
        return p_values(scores, self.calibration)

    def threshold(self, false_alarm_rate: float) -> Threshold:
        """Where to draw the line: an alarm is a score above it.

        Raises:
            ExplorerError: a rate outside (0, 1).
        """
        return threshold_for(self.calibration, false_alarm_rate)

    def pixel_threshold(self, false_alarm_rate: float) -> Threshold:
        """Above which value a pixel of a map is anomalous.

        The rate is the share of normal images that may have any pixel above it. Pixels of an image depend on one
        another, images do not: so this rate can be promised exactly, as for scores, and a box on a normal part is a
        false alarm whatever its size.

        Raises:
            ExplorerError: a rate outside (0, 1), or nothing is known of the maps of normal images.
        """
        if self.map_peaks is None:
            raise ExplorerError(
                "This detector knows no maps of normal images, and so no threshold of pixels.",
                "Fit one that has: python -m explorer detector fit NORMAL --scorer combined-maps --out FILE",
            )
        return threshold_for(self.map_peaks, false_alarm_rate)

    # --- reasons ---

    def contributions(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n columns"] | None:
        """(N, columns) what each column of the table adds to each score; None where the score has no such parts.

        The columns are ``card.encoding.names``.
        """
        parts = self.scorer.contributions(x)
        return None if parts is None else self.table_encoding.by_column(parts)

    def maps(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n h w"] | None:
        """(N, H, W) where images are anomalous: the smoothed error map; None where no model rebuilds items.

        In standard deviations of the normal ones where the score has maps of its own, else squared error.
        """
        maps = self.scorer.maps(x)
        if maps is not None:
            return maps
        checkpoint = _checkpoint_of(self.scorer)
        return None if checkpoint is None or checkpoint.model.lacks else error_maps(checkpoint, x)

    def usual_level(self) -> float:
        """What maps of normal images have at most places: the median over those of some of its examples.

        Raises:
            ExplorerError: it has no maps.
        """
        # The examples are spread over all normal items already.
        maps = self.maps(self.examples[:: -(-len(self.examples) // LEVEL_EXAMPLES)])
        if maps is None:
            raise ExplorerError("This detector's score has no maps.", "Fit one with --scorer combined-maps.")
        return float(np.median(maps))

    @property
    def map_unit(self) -> str:
        """What maps are measured in."""
        return "squared error" if type(self.scorer).maps is Scorer.maps else self.scorer.unit

    def reconstruct(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n *event"] | None:
        """(N, *event) what the model makes of items; None where the score uses none, or an encoder alone."""
        checkpoint = _checkpoint_of(self.scorer)
        if checkpoint is None or checkpoint.model.lacks:
            return None
        return checkpoint.reconstruct(x if self.card.encoding is None else self.table_encoding.filled(x))

    def nearest(
        self, x: Num[np.ndarray, "n *event"], k: int = 3
    ) -> tuple[Int[np.ndarray, "n k"], Float[np.ndarray, "n k"]]:
        """The examples most like each item: (N, k) row numbers in ``examples`` and distances, nearest first.

        By the code where there is a model, else value by value.
        """
        return nearest(self._place(self.examples).astype(np.float32), self._place(x), k)

    def _place(self, x: np.ndarray) -> np.ndarray:
        items = x if self.card.encoding is None else self.table_encoding.filled(x)
        checkpoint = _checkpoint_of(self.scorer)
        if checkpoint is not None:
            return checkpoint.encode(items)
        return items.reshape(len(items), -1).astype(np.float64)

    # --- file ---

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the detector as one safetensors file: arrays, weights and in its header the card.

        Raises:
            CheckpointError: the file cannot be written.
        """
        return write_file(path, self.to_bytes())

    def to_bytes(self) -> bytes:
        """What ``save`` writes."""
        tensors = {"calibration": torch.from_numpy(self.calibration), "examples": torch.from_numpy(self.examples)}
        tensors |= {f"scorer.{k}": torch.from_numpy(np.array(v)) for k, v in self.scorer.learnt().items()}
        for i, checkpoint in enumerate(checkpoints_of(self.scorer)):
            tensors |= {f"model.{i}.{k}": v.detach() for k, v in checkpoint.model.state_dict().items()}
        if self.map_peaks is not None:
            tensors["map_peaks"] = torch.from_numpy(self.map_peaks)
        if self.profile is not None:
            tensors |= {f"profile.{k}": torch.from_numpy(v) for k, v in vars(self.profile).items()}
        whole = {k: v.contiguous() for k, v in tensors.items()}
        return tensors_bytes(whole, {DETECTOR_KEY: self.card.model_dump_json()})


def is_detector(path: str | os.PathLike[str]) -> bool:
    """Whether a file is a detector, by its header; False for anything else, whole or not."""
    try:
        return DETECTOR_KEY in read_metadata(Path(path))
    except CheckpointError:
        return False


def load(source: str | os.PathLike[str] | bytes, name: str = "the file") -> Detector:
    """Open a detector that ``Detector.save`` wrote; no code of the file is run.

    Args:
        source: its path, or a file's bytes.
        name: what to call bytes in an error.

    Raises:
        CheckpointError: not a detector of this version, or damaged.
    """
    file = source if isinstance(source, bytes) else Path(source)
    if isinstance(file, Path):
        name = str(source)
        if not file.is_file():
            raise CheckpointError(f"There is no detector {name}.", _HOW_TO)
        if DETECTOR_KEY not in read_metadata(file):
            raise CheckpointError(f"{name} is not a detector.", _HOW_TO)
    tensors, metadata = read_tensors(file, name)
    if DETECTOR_KEY not in metadata:
        raise CheckpointError(f"{name} is not a detector.", _HOW_TO)
    card = read_card(metadata[DETECTOR_KEY], name)
    try:
        models = [
            checkpoints.with_codes(
                checkpoints.checkpoint_of(checkpoints.build(model, _under(tensors, f"model.{i}."), name), model)
            )
            for i, model in enumerate(card.models)
        ]
        scorer = _scorer(card.scorer, models)
        scorer.restore({k: v.numpy() for k, v in _under(tensors, "scorer.").items()})
        calibration, examples = tensors["calibration"].numpy(), tensors["examples"].numpy()
        peaks = tensors["map_peaks"].numpy() if "map_peaks" in tensors else None
        detector = Detector(card, scorer, calibration, examples, _profile(tensors, card), peaks)
        scores = detector.score(examples[:1])
    except (KeyError, ValueError, TypeError, IndexError, AttributeError, RuntimeError) as error:
        raise CheckpointError(f"{name} does not hold what its card describes.", "Fit the detector again.") from error
    is_whole = all(c.ndim == 1 and len(c) and np.isfinite(c).all() for c in (calibration, peaks) if c is not None)
    if scores.shape != (1,) or not is_whole:
        raise CheckpointError(f"{name} does not hold what its card describes.", "Fit the detector again.")
    return detector


def _profile(tensors: Mapping[str, Tensor], card: DetectorCard) -> Features | None:
    values = {name: tensor.numpy() for name, tensor in _under(tensors, "profile.").items()}
    if not values:
        return None
    profile, names = Features(values["numbers"], values["codes"]), feature_names(card.encoding, card.event_shape)
    of_names = len(names.numbers), len(names.categories)
    if (profile.numbers.shape[1], profile.codes.shape[1]) != of_names or len(profile.numbers) != len(profile.codes):
        raise ValueError("the profile has other columns than the card")
    return profile


def spec_of(scorer: Scorer, models: list[VectorCheckpoint]) -> ScorerSpec:
    """What a detector's card says of a score.

    Args:
        models: the detector's, as ``checkpoints_of`` lists them.
    """
    parts = scorer.parts if isinstance(scorer, Combination) else ()
    number = None
    if isinstance(scorer, CheckpointScorer):
        number = next(i for i, model in enumerate(models) if model is scorer.checkpoint)
    return ScorerSpec(
        name=NAMES[type(scorer)],
        settings=scorer.settings(),
        model=number,
        parts=tuple(spec_of(part, models) for part in parts),
    )


def _scorer(spec: ScorerSpec, models: list[VectorCheckpoint]) -> Scorer:
    kind: Any = REGISTRY[spec.name]
    if issubclass(kind, Combination):
        return kind([_scorer(part, models) for part in spec.parts])
    if issubclass(kind, CheckpointScorer):
        return kind(models[-1 if spec.model is None else spec.model], **spec.settings)
    return kind(**spec.settings)


def checkpoints_of(scorer: Scorer) -> list[VectorCheckpoint]:
    """The models that a score looks through, each once."""
    models: list[VectorCheckpoint] = []
    parts = scorer.parts if isinstance(scorer, Combination) else (scorer,)
    for part in parts:
        inner = checkpoints_of(part) if isinstance(part, Combination) else []
        outer = [part.checkpoint] if isinstance(part, CheckpointScorer) else []
        models += [model for model in (*outer, *inner) if not any(model is known for known in models)]
    return models


def _checkpoint_of(scorer: Scorer) -> VectorCheckpoint | None:
    return next(iter(checkpoints_of(scorer)), None)


def _under(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
