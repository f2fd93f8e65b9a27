"""Scoring items with a detector, chunk by chunk, so that a table of any length fits in memory.

What takes long to import is imported inside the commands.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from explorer.cli.output import print_json, progress_line
from explorer.cli.reading import Reading, check_keeps
from explorer.cli.streams import is_stream, written_text
from explorer.cli.written import beside
from explorer.core.errors import DataError, ExplorerError

if TYPE_CHECKING:
    import numpy as np

    from explorer.core.intervals import Interval
    from explorer.data import Dataset
    from explorer.novelty.detector import Detector
    from explorer.novelty.inputs import TableInput
    from explorer.novelty.thresholds import Threshold


TOP_COLUMNS = 3
"""How many of a row's columns an alarm names."""
IMAGES_AT_ONCE = 1024


@dataclass(eq=False)
class _Scored:
    """What is kept of all items while they are scored chunk by chunk."""

    alarms: int = 0
    ids: int = 0
    """How many of the columns that go along are identifiers."""
    scores: list[np.ndarray] = field(default_factory=list)
    labels: list[np.ndarray] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    read: dict[str, Any] = field(default_factory=dict)


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
) -> None:
    """Score the items of ``source`` by a detector's file and write them; see the command ``score``."""
    from explorer.data import Dataset
    from explorer.novelty import detector as detectors
    from explorer.novelty import inputs

    detector = detectors.load(name)
    threshold = detector.threshold(false_alarm_rate)
    shape = detector.card.event_shape
    image_shape = (shape[0], shape[1], shape[2]) if len(shape) == 3 else None
    scored = _Scored()
    with progress_line() as progress:
        new_items = inputs.open_input(
            source, image_shape, progress, reading.dialect, reading.roles, detector.card.contract
        )
        if isinstance(new_items, Dataset):
            if reading.label is not None:
                raise DataError(f"{source} holds images: it has no column {reading.label!r}.", "Leave out --label.")
            check_keeps(None, keep, source)
            chunks = _image_chunks(detector, new_items, split, scored)
        else:
            new_items.contract.require_decided(source)
            chunks = _table_chunks(detector, new_items, split, reading.label, keep, scored)
        with _writer(out) as write:
            for names, x, of_items, kept in chunks:
                write(_beside(_scored_rows(detector, threshold, names, x, of_items, scored), kept, scored.ids))
                progress(-1, f"{sum(map(len, scored.scores)):,} items scored")
            if not scored.scores:
                raise DataError(f"{source} has no items to score.", "Give it at least one.")
    _report(detector, threshold, out, normal, scored, as_json)


Chunk = tuple["Sequence[str]", "np.ndarray", "np.ndarray | None", dict[str, list[str]]]
"""Names, items as the scorer takes them, labels where they are known, and columns that go along as they are written."""


def _table_chunks(
    detector: Detector, table: TableInput, split: str | None, labels: str | None, keep: Sequence[str], scored: _Scored
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
    wanted = None if table.dataset is None else _split_rows(detector, table.dataset, split)
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
            yield [str(row) for row in part.rows[chosen]], detector.encode(cells, remarks), of_rows, kept
    scored.notes += remarks.sentences()
    if table.contract.ragged:
        scored.notes.append(f"{table.contract.ragged:,} rows had another number of cells and were skipped")


def _image_chunks(detector: Detector, dataset: Dataset, split: str | None, scored: _Scored) -> Iterator[Chunk]:
    import numpy as np

    if dataset.report is not None:
        scored.notes += [f"{name}: {what}" for name, what in dataset.report.left_out]
    wanted = _split_rows(detector, dataset, split)
    for start in range(0, len(wanted), IMAGES_AT_ONCE):
        rows = wanted[start : start + IMAGES_AT_ONCE]
        x, what = detector.fit_images(dataset.x[rows])
        if what and start == 0:
            scored.notes.append(f"images of {dataset.title}: {what}")
        labels = None if dataset.labels is None else np.array(dataset.label_names)[dataset.labels[rows]]
        yield [dataset.item_names[i] if dataset.item_names else str(i + 1) for i in rows], x, labels, {}


def _split_rows(detector: Detector, dataset: Dataset, split: str | None) -> np.ndarray:
    """The rows asked for; by default the test rows of the dataset that it was fitted on, and all rows of another."""
    import numpy as np

    from explorer.data import DATASETS, SPLITS

    is_fitted_data = dataset.fingerprint == detector.card.fingerprint and dataset.name in DATASETS
    chosen = split or ("test" if is_fitted_data else "all")
    if chosen == "all":
        return np.arange(len(dataset))
    if chosen not in SPLITS:
        raise DataError(f"There is no split called {chosen!r}.", f"Use one of: {', '.join(SPLITS)}, all.")
    return getattr(dataset.splits, chosen)


def _scored_rows(
    detector: Detector, threshold: Threshold, names: Sequence[str], x: np.ndarray, labels: Any, scored: _Scored
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


@contextmanager
def _writer(out: Path) -> Iterator[Any]:
    """A function that takes columns, chunk by chunk, and writes them all: to a CSV as they come, to an NPZ at the end.

    Raises:
        ExplorerError: another format.
        CheckpointError: the file cannot be written; the one that was there is as it was.
    """
    if out.suffix == ".npz":
        chunks: list[dict[str, Any]] = []
        yield chunks.append
        _write_npz(out, chunks)
        return
    if out.suffix != ".csv" and not is_stream(out):
        raise ExplorerError(f"Cannot tell the format of {out}.", "Give a name that ends in .csv or .npz.")
    with written_text(out) as file:
        writer = csv.writer(file)
        has_head = False

        def write(columns: dict[str, Any]) -> None:
            nonlocal has_head
            if not has_head:
                writer.writerow(columns)
            has_head = True
            writer.writerows(zip(*(_cells(values) for values in columns.values()), strict=True))

        yield write


def _cells(values: Any) -> list[Any]:
    """Values as they stand in a CSV: what is not known is empty."""
    listed = values if isinstance(values, list) else values.tolist()
    return ["" if value != value else value for value in listed]


def _write_npz(out: Path, chunks: list[dict[str, Any]]) -> None:
    import numpy as np

    from explorer import export
    from explorer.checkpoints.files import write_file

    if chunks:
        write_file(out, export.npz_bytes(**{k: np.concatenate([np.asarray(c[k]) for c in chunks]) for k in chunks[0]}))


def _report(
    detector: Detector, threshold: Threshold, out: Path, normal: Sequence[str], scored: _Scored, as_json: bool
) -> None:
    import numpy as np

    scores = np.concatenate(scored.scores)
    if unknown := int(np.isnan(scores).sum()):
        scored.notes.append(f"{unknown:,} rows have no value in any column and so no score")
    if threshold.rate.value > threshold.asked:
        scored.notes.append(
            f"{threshold.n:,} calibration items cannot promise {threshold.asked:.2%} false alarms,"
            f" only {threshold.rate.value:.2%}"
        )
    separation = _auroc(detector, scores, normal, scored) if scored.labels else None
    if as_json:
        values = None if separation is None else separation[0].model_dump() | separation[1]
        _print_json_report(threshold, out, scores, values, scored)
        return
    for note in scored.notes:
        typer.echo(note, err=True)
    err = is_stream(out)
    typer.echo(
        f"{scored.alarms:,} alarms among {len(scores):,} items at a score above {threshold.value:.4g}: {out}", err=err
    )
    typer.echo(
        f"Of normal items {threshold.rate.value:.2%} are expected to raise an alarm"
        f" (95 % interval {threshold.rate.ends('{:.2%}'.format)}, from {threshold.n:,} calibration items).",
        err=err,
    )
    if separation is not None:
        area, counts = separation
        typer.echo(
            f"AUROC {area.text('{:.4f}'.format)}, {counts['normal']:,} normal and {counts['novel']:,} novel items",
            err=err,
        )


def _print_json_report(
    threshold: Threshold, out: Path, scores: np.ndarray, area: dict[str, Any] | None, scored: _Scored
) -> None:
    print_json(
        {
            "written": str(out),
            "items": len(scores),
            "alarms": scored.alarms,
            "threshold": threshold.value,
            "false_alarm_rate": {
                "asked": threshold.asked,
                "promised": threshold.rate.value,
                "low": threshold.rate.low,
                "high": threshold.rate.high,
                "calibration_items": threshold.n,
            },
            "auroc": area,
            "notes": scored.notes,
            **scored.read,
        },
        err=is_stream(out),
    )


def _auroc(
    detector: Detector, scores: np.ndarray, normal: Sequence[str], scored: _Scored
) -> tuple[Interval, dict[str, int]] | None:
    import numpy as np

    from explorer import novelty
    from explorer.novelty.labels import novel_by_label

    labels = np.concatenate(scored.labels)
    known = (labels != "") & ~np.isnan(scores)
    if unlabelled := int((labels == "").sum()):
        scored.notes.append(f"{unlabelled:,} items have no label and do not count for the AUROC")
    novel, note = novel_by_label(labels[known], tuple(normal) or detector.card.normal_labels)
    if note:
        scored.notes.append(note)
    if novel is None:
        return None
    counts = {"normal": int((~novel).sum()), "novel": int(novel.sum())}
    if min(counts.values()) < 2:
        scored.notes.append(
            f"no AUROC: {counts['normal']:,} normal and {counts['novel']:,} novel items; it needs two of each"
        )
        return None
    return novelty.auroc(scores[known], novel), counts
