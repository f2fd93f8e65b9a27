"""Scoring items with a detector, chunk by chunk, so that a table of any length fits in memory.

What takes long to import is imported inside the commands.
"""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

import typer

from explorer.cli.heat_maps import HeatMaps
from explorer.cli.output import progress_line
from explorer.cli.reading import Reading, check_keeps, contract_of
from explorer.cli.score_report import ScoredSoFar, outcome_of, report
from explorer.cli.streams import called, is_stream, local, written_text
from explorer.core.errors import DataError, ExplorerError

if TYPE_CHECKING:
    import numpy as np

    from explorer.data import Dataset
    from explorer.data.base import Splits
    from explorer.novelty.detector import Detector
    from explorer.novelty.inputs import TableInput
    from explorer.novelty.localisation import Localisation
    from explorer.novelty.thresholds import Threshold


TOP_COLUMNS = 3
"""How many of a row's columns an alarm names."""
IMAGES_AT_ONCE, VALUES_AT_ONCE = 1024, 1 << 25
PROMISE = "promise"
"""The column that says that the promised false-alarm rate is withdrawn."""
WITHDRAWN = 3
"""The status of the command, with --strict, where the promised false-alarm rate is withdrawn."""


def score_by_detector(
    name: str,
    source: str,
    out: Path,
    split: str | None,
    false_alarm_rate: float,
    reading: Reading,
    normal: Sequence[str],
    keep: Sequence[str],
    as_json: bool,
    strict: bool,
    maps: Path | None,
    pixel_false_alarm_rate: float,
) -> None:
    """Score the items of ``source`` by a detector's file and write them; see the command ``score``.

    Raises:
        ExplorerError: maps of rows of a table.
        typer.Exit: with ``WITHDRAWN``, where the promised rate does not hold and that is to count as a failure.
    """
    from explorer.data import Dataset
    from explorer.io.images.asked import of_shape
    from explorer.novelty import detector as detectors
    from explorer.novelty import inputs
    from explorer.novelty.drift import Watch

    detector = detectors.load(name)
    threshold = detector.threshold(false_alarm_rate)
    if maps is not None and detector.card.kind == "table":
        raise ExplorerError(f"{name} scores rows of a table, which have no maps.", "Leave --maps out.")
    of_pixels = (
        None if detector.map_peaks is None and maps is None else detector.pixel_threshold(pixel_false_alarm_rate)
    )
    heat = None
    images = reading.images_over(of_shape(detector.card.event_shape))
    scored = ScoredSoFar(Watch(detector.feature_names))
    with progress_line() as progress:
        new_items = inputs.open_input(
            local(source), images, progress, reading.dialect, reading.roles, detector.card.contract, called(source)
        )
        source = called(source)
        reading.check_used(new_items, source)
        if isinstance(new_items, Dataset):
            if new_items.contract is not None:
                new_items.contract.require_decided(source)
            check_keeps(None, keep, source)
            if maps is not None and of_pixels is not None:
                heat = HeatMaps.into(maps, Path(source), detector, of_pixels)
            chunks = _image_chunks(detector, new_items, split, scored)
        else:
            new_items.contract.require_decided(source)
            chunks = _table_chunks(detector, new_items, split, reading.label, keep, scored)
        with _writer(out) as write:
            for names, x, of_items, kept in chunks:
                columns = _scored_rows(detector, threshold, names, x, of_items, scored)
                columns |= {} if heat is None else heat.add(names, x)
                write.add(_beside(columns, kept, scored.ids))
                progress(-1, f"{sum(map(len, scored.scores)):,} items scored")
            if not scored.scores:
                raise DataError(f"{source} has no items to score.", "Give it at least one.")
            outcome = outcome_of(detector, threshold, normal, scored)
            if isinstance(new_items, Dataset) and new_items.masks is not None and outcome.is_novel is not None:
                progress(-1, "Comparing with the masks")
                pixels = _localised(detector, new_items, scored.rows, ~outcome.is_novel, of_pixels)
                outcome = replace(outcome, pixels=pixels)
            write.is_withdrawn = outcome.promise.is_withdrawn
        if heat is not None:
            progress(-1, "Writing maps")
            heat.finish()
    report(threshold, out, outcome, scored, of_pixels, heat, as_json)
    if strict and outcome.promise.is_withdrawn:
        raise typer.Exit(WITHDRAWN)


Chunk = tuple["Sequence[str]", "np.ndarray", "np.ndarray | None", dict[str, list[str]]]
"""Names, items as the scorer takes them, labels where they are known, and columns that go along as they are written."""


def _table_chunks(
    detector: Detector,
    table: TableInput,
    split: str | None,
    labels: str | None,
    keep: Sequence[str],
    scored: ScoredSoFar,
) -> Iterator[Chunk]:
    import numpy as np

    from explorer.data.encoding import Remarks
    from explorer.novelty.inputs import kept_parts, pick
    from explorer.novelty.items import as_fitted

    typer.echo(f"Read as: {table.contract.line}", err=True)
    scored.read = {"contract": table.contract.answer}
    table, unused = as_fitted(detector, table)
    if unused:
        scored.notes.append(f"ignored, since the detector was not fitted on it: {', '.join(unused[:10])}")
    wanted = None
    if table.splits is not None:
        registered = table.dataset is not None and _is_fitted_on(detector, table.dataset)
        wanted = _split_rows(table.splits, split, registered, np.arange(table.rows.contract.rows))
    use_labels = labels is not None or table.labels is not None
    remarks = Remarks()
    columns = table.contract.kept(keep, table.name)
    scored.ids = len(table.contract.of("identifier"))
    for part, written in zip(table.parts(), kept_parts(table, columns), strict=False):
        chosen = np.arange(len(part))
        if wanted is not None:
            chosen = chosen[np.isin(part.start + chosen, wanted)]
        if len(chosen):
            cells = {column: pick(values, chosen) for column, values in part.cells.items()}
            of_rows = None if part.labels is None or not use_labels else part.labels[chosen]
            kept = {column: [values[i] for i in chosen.tolist()] for column, values in written.items()}
            scored.watch.add(len(chosen), partial(detector.features_of_cells, cells))
            yield [str(row) for row in part.rows[chosen]], detector.encode(cells, remarks), of_rows, kept
    remarks.check()
    scored.notes += remarks.sentences()
    if table.contract.ragged:
        scored.notes.append(f"{table.contract.ragged:,} rows had another number of cells and were skipped")


def _image_chunks(detector: Detector, dataset: Dataset, split: str | None, scored: ScoredSoFar) -> Iterator[Chunk]:
    import numpy as np

    from explorer.data.item_names import item_keys
    from explorer.data.reading import how_read

    if dataset.contract is not None:
        scored.notes.append(f"Read as: {dataset.contract.line}")
        scored.read = contract_of(dataset)
    scored.notes += how_read(dataset)
    wanted = _split_rows(dataset.splits, split, _is_fitted_on(detector, dataset), np.arange(len(dataset)))
    scored.rows = wanted
    at_once = max(1, min(IMAGES_AT_ONCE, VALUES_AT_ONCE // max(1, dataset.x[:1].size)))
    for start in range(0, len(wanted), at_once):
        rows = wanted[start : start + at_once]
        x, what = detector.fit_images(dataset.x[rows])
        if what and start == 0:
            scored.notes.append(f"images of {dataset.title}: {what}")
        scored.watch.add(len(x), partial(detector.features_of_images, x))
        labels = None if dataset.labels is None else np.array(dataset.label_names)[dataset.labels[rows]]
        yield item_keys(dataset, rows), x, labels, {}


def _localised(
    detector: Detector, dataset: Dataset, rows: np.ndarray, is_normal: np.ndarray, of_pixels: Threshold | None
) -> Localisation | None:
    from explorer.novelty.localisation import localise

    masks = None if dataset.masks is None else dataset.masks.of(rows)
    value = None if of_pixels is None else of_pixels.value
    return localise(detector, lambda chosen: detector.fit_images(dataset.x[rows[chosen]])[0], masks, is_normal, value)


def _is_fitted_on(detector: Detector, dataset: Dataset) -> bool:
    from explorer.data import DATASETS

    return dataset.fingerprint == detector.card.fingerprint and dataset.name in DATASETS


def _split_rows(splits: Splits, split: str | None, is_fitted_data: bool, rows: np.ndarray) -> np.ndarray:
    """The rows asked for; by default the test rows of registered data that it was fitted on, or that the data names."""
    from explorer.data import SPLITS

    named = splits.are_given and len(splits.test) > 0
    chosen = split or ("test" if is_fitted_data or named else "all")
    if chosen == "all":
        return rows
    if chosen not in SPLITS:
        raise DataError(f"There is no split called {chosen!r}.", f"Use one of: {', '.join(SPLITS)}, all.")
    return getattr(splits, chosen)


def _scored_rows(
    detector: Detector, threshold: Threshold, names: Sequence[str], x: np.ndarray, labels: Any, scored: ScoredSoFar
) -> dict[str, Any]:
    """The columns to write for some items."""
    import numpy as np

    scores = detector.score(x)
    alarm = scores > threshold.value
    scored.alarms += int(alarm.sum())
    scored.scores.append(scores)
    columns: dict[str, Any] = {"item": list(names)}
    if labels is not None:
        scored.labels.append(labels)
        columns["label"] = labels.tolist()
    columns |= {"score": scores, "p_value": detector.p_values(scores), "alarm": alarm.astype(np.uint8)}
    if detector.card.encoding is not None:
        columns["columns"] = _reasons(detector, x, alarm)
    return columns


def _beside(own: dict[str, Any], kept: dict[str, list[str]], ids: int) -> dict[str, Any]:
    """Identifiers first, then the columns of the score, then the others that go along."""
    from explorer.data.item_names import beside

    along = beside(list(own), kept)
    return {**dict(along[:ids]), **own, **dict(along[ids:])}


def _reasons(detector: Detector, x: np.ndarray, alarm: np.ndarray) -> list[str]:
    """Of each alarm the columns that add most to its score, with their shares; nothing of other rows."""
    import numpy as np

    words = [""] * len(x)
    rows = np.flatnonzero(alarm)
    parts = detector.contributions(x[rows]) if len(rows) else None
    if parts is None or detector.card.encoding is None:
        return words
    shares = parts / np.maximum(parts.sum(1, keepdims=True), np.finfo(np.float32).tiny)
    columns = detector.card.encoding.names
    for row, share in zip(rows, shares, strict=True):
        top = np.argsort(-share, kind="stable")[:TOP_COLUMNS]
        words[row] = "; ".join(f"{columns[c]} {share[c]:.0%}" for c in top if share[c] > 0)
    return words


class _ScoreWriter(Protocol):
    """Takes columns, chunk by chunk; ``is_withdrawn`` says in the end whether the promised rate holds."""

    is_withdrawn: bool

    def add(self, columns: dict[str, Any], /) -> None:
        """Add some items."""


@contextmanager
def _writer(out: Path) -> Iterator[_ScoreWriter]:
    """What writes all items to a CSV or NPZ; where the promise is withdrawn, each of them says so.

    Raises:
        ExplorerError: another format.
        CheckpointError: the file cannot be written; the one that was there is as it was.
    """
    if out.suffix == ".npz":
        chunks = _WaitingArrays()
        yield chunks
        _write_npz(out, chunks)
        return
    if out.suffix != ".csv" and not is_stream(out):
        raise ExplorerError(f"Cannot tell the format of {out}.", "Give a name that ends in .csv or .npz.")
    # Rows wait in a file of their own, since what each of them says of the promise is known last.
    with written_text(out) as file, tempfile.TemporaryFile("w+", newline="", encoding="utf-8") as waiting:
        rows = _WaitingRows(waiting)
        yield rows
        waiting.seek(0)
        if not rows.is_withdrawn:
            shutil.copyfileobj(waiting, file)
            return
        writer = csv.writer(file)
        for number, row in enumerate(csv.reader(waiting)):
            writer.writerow([*row, "withdrawn" if number else PROMISE])


@dataclass(eq=False)
class _WaitingArrays:
    """For an NPZ, which is written at the end."""

    is_withdrawn: bool = False
    columns: list[dict[str, Any]] = field(default_factory=list)

    def add(self, columns: dict[str, Any]) -> None:
        self.columns.append(columns)


class _WaitingRows:
    """Rows of a CSV below their names."""

    def __init__(self, file: IO[str]) -> None:
        self.is_withdrawn = False
        self._writer, self._has_head = csv.writer(file), False

    def add(self, columns: dict[str, Any]) -> None:
        if not self._has_head:
            self._writer.writerow(columns)
        self._has_head = True
        self._writer.writerows(zip(*(_cells(values) for values in columns.values()), strict=True))


def _cells(values: Any) -> list[Any]:
    """Values as they stand in a CSV: what is not known is empty."""
    listed = values if isinstance(values, list) else values.tolist()
    return ["" if value != value else value for value in listed]


def _write_npz(out: Path, chunks: _WaitingArrays) -> None:
    import numpy as np

    from explorer import export
    from explorer.checkpoints.files import write_file

    if chunks.columns:
        arrays = {k: np.concatenate([np.asarray(c[k]) for c in chunks.columns]) for k in chunks.columns[0]}
        n = len(next(iter(arrays.values())))
        withdrawn = {PROMISE: np.full(n, "withdrawn")} if chunks.is_withdrawn else {}
        write_file(out, export.npz_bytes(**arrays, **withdrawn))
