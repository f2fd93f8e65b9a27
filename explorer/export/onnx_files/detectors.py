"""A detector as one ONNX file: items as they stand in their files in, score and alarm out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Num
from torch import Tensor, nn

from explorer.core.agreement import apart
from explorer.core.errors import ExplorerError
from explorer.core.row_samples import spread_positions
from explorer.data import Dataset
from explorer.data.cells import pick
from explorer.data.encoded_columns import Remarks
from explorer.data.stored import as_float
from explorer.export.onnx_files.columns import ColumnInputs, EncodedRows, with_text
from explorer.export.onnx_files.scores import graph_of
from explorer.export.onnx_files.units import Units, units_of_contract
from explorer.export.onnx_files.writing import Named, OnnxRun, check_difference, described, written
from explorer.io.tables.columns import Cells
from explorer.novelty.detector import Detector
from explorer.novelty.inputs import TableInput
from explorer.novelty.items import as_fitted, read_table
from explorer.novelty.thresholds import Threshold

CHECKED_ITEMS = 10_000
AT_ONCE = 1000
"""Items that the file is run on at once here, and that users are told to: distances to all kept rows take memory."""
SPARE = 4.0
"""The threshold is raised by so many times the largest difference that was seen, so that rounding raises no alarm."""
MARGIN = 1e-9
"""And by at least this, relative where it is above 1."""


@dataclass(frozen=True, eq=False)
class CheckedItems:
    """Items that a file is held against the detector on.

    Args:
        inputs: name -> (n, ...) as the file takes them.
        x: (n, *event) the same as the scorer takes them.
    """

    inputs: Named
    x: Num[np.ndarray, "n *event"]

    def parts(self) -> Iterator[CheckedItems]:
        """So many at once that they fit in memory."""
        for start in range(0, len(self.x), AT_ONCE):
            rows = slice(start, start + AT_ONCE)
            yield CheckedItems({name: values[rows] for name, values in self.inputs.items()}, self.x[rows])


@dataclass(frozen=True)
class DetectorFile:
    """A detector's ONNX file and what is known of it.

    Args:
        content: the file's bytes.
        threshold: of the false-alarm rate that was asked for.
        margin: how far the file's threshold lies above it.
        difference: the largest of its scores from the detector's, relative where they are above 1.
        items, alarms: that it was held against the detector on, and how many of them raise an alarm by both.
    """

    content: bytes
    threshold: Threshold
    margin: float
    difference: float
    items: int
    alarms: int


class _AlarmsOf(nn.Module):
    """Encoded or scaled items to score and alarm."""

    def __init__(self, detector: Detector, reader: nn.Module, threshold: float) -> None:
        super().__init__()
        self.reader, self.score = reader, graph_of(detector.scorer)
        self.is_table = detector.card.kind == "table"
        self.threshold = nn.Parameter(torch.tensor(threshold, dtype=torch.float64), requires_grad=False)

    def forward(self, *given: Tensor) -> tuple[Tensor, Tensor]:
        x = self.reader(*given)
        score = self.score(x)
        if self.is_table:
            nothing = x.isnan().double().amin(1) > 0
            score = torch.where(nothing, torch.full_like(score, torch.nan), score)
        return score, score > self.threshold


class _Scaled(nn.Module):
    """Images as numbers of their files to [0, 1]."""

    def __init__(self, units: Units) -> None:
        super().__init__()
        self.units = units

    def forward(self, x: Tensor) -> Tensor:
        return (x - self.units.black) / self.units.span


def detector_file(
    detector: Detector, false_alarm_rate: float | Threshold = 0.05, given: CheckedItems | None = None
) -> DetectorFile:
    """A detector as an ONNX file that needs nothing but onnxruntime: units, columns, score and threshold are inside.

    It is held against the detector on normal items that the detector keeps, and on those given: scores to
    ``TOLERANCE``, and every single alarm. Its threshold lies above the detector's by a little more than the largest
    difference that was seen: the normal item that set it would else raise an alarm by rounding.

    Args:
        detector: a fitted one.
        false_alarm_rate: in (0, 1), that the threshold promises; or a threshold that was chosen otherwise.
        given: further items; see ``items_to_check``.

    Raises:
        ExplorerError: there is no graph of its score or its network; onnxruntime makes something else of the file; or a
            rate outside (0, 1).
    """
    threshold = false_alarm_rate
    if not isinstance(threshold, Threshold):
        threshold = detector.threshold(threshold)
    checks = [_kept_items(detector), *([] if given is None else [given])]
    first = _content(detector, threshold, threshold.value)
    scores = [_scores(detector, first, items) for items in checks]
    difference = max(apart(ours, theirs["score"]) for ours, theirs in scores)
    check_difference("The detector's file", difference)
    margin = max(SPARE * difference, MARGIN) * max(1.0, abs(threshold.value))
    content = _content(detector, threshold, threshold.value + margin)
    alarms = 0
    for items in checks:
        ours, theirs = _scores(detector, content, items)
        differ = int(((ours > threshold.value) != theirs["alarm"]).sum())
        if differ:
            raise ExplorerError(
                f"{differ:,} of {len(ours):,} alarms are others by onnxruntime than here: their scores lie within "
                f"{margin:.2g} of the threshold.",
                "Choose another false-alarm rate.",
            )
        alarms += int(theirs["alarm"].sum())
    return DetectorFile(content, threshold, margin, difference, sum(len(ours) for ours, _ in scores), alarms)


def items_to_check(detector: Detector, given: TableInput | Dataset, limit: int = CHECKED_ITEMS) -> CheckedItems:
    """Items of an input as a detector reads them, at most so many, spread over all.

    Raises:
        DataError: the detector is one of other items, or there are none.
    """
    if isinstance(given, Dataset):
        return _images(detector, detector.fit_images(given.x[spread_positions(len(given), limit)])[0])
    return _rows(detector, read_table(as_fitted(detector, given)[0], limit).cells)


def scored_items_to_check(
    detector: Detector, x: Num[np.ndarray, "n *event"], cells: Mapping[str, Cells], limit: int = CHECKED_ITEMS
) -> CheckedItems | None:
    """Items that were scored already, at most so many, spread over all; None: rows of which the cells are not known.

    Args:
        x: (n, *event) items as the scorer takes them.
        cells: columns of rows as they were given, (n,) each; none for images.
    """
    shown = spread_positions(len(x), limit)
    if detector.card.kind == "image":
        return _images(detector, x[shown])
    names = detector.table_encoding.names
    if not set(names) <= set(cells):
        return None
    return _rows(detector, {name: pick(cells[name], shown) for name in names})


def _rows(detector: Detector, cells: Mapping[str, Cells]) -> CheckedItems:
    remarks = Remarks()
    x = detector.encode(cells, remarks)
    return CheckedItems(ColumnInputs(detector.table_encoding).arrays(cells), x)


def _images(detector: Detector, x: Num[np.ndarray, "n *event"]) -> CheckedItems:
    units = units_of_contract(detector.card.contract)
    return CheckedItems({"x": (as_float(x) * units.span + units.black).numpy()}, x)


def _kept_items(detector: Detector) -> CheckedItems:
    """Normal items that the detector keeps; rows of a table by way of the cells that they stand for."""
    if detector.card.kind == "image":
        return _images(detector, detector.examples)
    return _rows(detector, detector.table_encoding.decode(detector.examples))


def _content(detector: Detector, threshold: Threshold, value: float) -> bytes:
    facts: dict[str, Any] = {
        "normal": detector.card.normal,
        "licence": detector.card.licence,
        "score": detector.card.scorer.name,
        "threshold": repr(threshold.value),
        "false_alarm_rate": repr(threshold.asked),
        "meaning.score": f"{detector.scorer.unit}; higher is more anomalous, NaN where nothing of a row is known",
        "meaning.alarm": f"whether the score is above {value!r}",
    }
    if detector.card.encoding is None:
        units = units_of_contract(detector.card.contract)
        facts["meaning.x"] = f"images (n, channels, height, width), black is {units.black:g}, white {units.white:g}"
        sample = {"x": torch.from_numpy(_images(detector, detector.examples[:2]).inputs["x"])}
        module = _AlarmsOf(detector, _Scaled(units), value)
        return described(written(module, sample, ("score", "alarm")), facts)
    inputs = ColumnInputs(detector.card.encoding)
    facts |= inputs.facts()
    if detector.card.windows is not None:
        facts["windows"] = detector.card.windows.model_dump(mode="json")
    module = _AlarmsOf(detector, EncodedRows(inputs), value)
    return described(with_text(written(module, inputs.tensors(), ("score", "alarm")), inputs), facts)


def _scores(detector: Detector, content: bytes, items: CheckedItems) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """(n,) scores of the detector, and what onnxruntime makes of its file."""
    run = OnnxRun(content)
    made = [run(part.inputs) for part in items.parts()]
    return detector.score(items.x), {name: np.concatenate([part[name] for part in made]) for name in run.outputs}
