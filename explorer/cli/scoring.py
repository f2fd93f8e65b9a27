"""Scoring items with a detector, chunk by chunk, so that a table of any length fits in memory.

What takes long to import is imported inside the commands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from explorer.cli.output import progress_line
from explorer.cli.reading import Reading, check_keeps, contract_of
from explorer.cli.score_report import ScoredSoFar, outcome_of, report, write_report
from explorer.cli.series import SeriesHeat
from explorer.cli.streams import called, is_stream, local, written
from explorer.core.errors import DataError, ExplorerError

if TYPE_CHECKING:
    import numpy as np
    from jaxtyping import Num, Shaped

    from explorer.data import Dataset
    from explorer.data.splits import Splits
    from explorer.export.map_folder import HeatMaps
    from explorer.export.score_columns import Along
    from explorer.io.tables.columns import Cells
    from explorer.novelty.detector import Detector
    from explorer.novelty.inputs import TableInput
    from explorer.novelty.localisation import Localisation
    from explorer.novelty.thresholds import Threshold


IMAGES_AT_ONCE, VALUES_AT_ONCE = 1024, 1 << 25
WITHDRAWN = 3
"""The status of the command, with --strict, where the promised false-alarm rate is withdrawn."""
ALARMED = 4
"""The status of the command, with --fail-on-alarm, where an item raised an alarm."""


@dataclass(frozen=True)
class ScoreAsked:
    """What was asked of the command ``score``; see there.

    Args:
        form: of the file, one of ``FORMATS``; None: its name says it.
    """

    source: str
    out: Path
    form: str | None
    split: str | None
    false_alarm_rate: float
    normal: Sequence[str]
    maps: Path | None
    pixel_false_alarm_rate: float
    keep: Sequence[str]
    strict: bool
    fail_on_alarm: bool
    report: Path | None
    as_json: bool

    @property
    def written_as(self) -> str:
        """The format of the file.

        Raises:
            ExplorerError: nothing says it.
        """
        from explorer.export.score_files import FORMATS, format_of

        if self.form is not None and self.form not in FORMATS:
            raise ExplorerError(f"There is no format {self.form!r}.", f"Use one of: {', '.join(FORMATS)}.")
        return self.form or ("csv" if is_stream(self.out) else format_of(str(self.out)))


def score_by_detector(name: str, asked: ScoreAsked, reading: Reading) -> None:
    """Score items by a detector's file and write them; see the command ``score``.

    Raises:
        ExplorerError: maps of rows of a table.
        typer.Exit: with ``WITHDRAWN``, where the promised rate does not hold and that is to count as a failure; else
            with ``ALARMED``, where an alarm is to.
    """
    from explorer.data import Dataset
    from explorer.export.score_files import score_writer
    from explorer.export.top_items import TopItems
    from explorer.novelty import detector as detectors
    from explorer.novelty.drift import Watch

    detector, form = detectors.load(name), asked.written_as
    threshold = detector.threshold(asked.false_alarm_rate)
    of_pixels = _pixel_threshold(name, detector, asked)
    top = None if asked.report is None else TopItems(detector)
    scored = ScoredSoFar(Watch(detector.feature_names))
    with progress_line() as progress:
        new_items = _opened(detector, asked, reading, progress)
        source = called(asked.source)
        heat = _heat_maps(detector, asked, new_items, of_pixels)
        over_time = None if isinstance(new_items, Dataset) else _series_heat(detector, asked, new_items)
        if isinstance(new_items, Dataset):
            chunks = _image_chunks(detector, new_items, asked.split, scored)
        else:
            chunks = _table_chunks(detector, new_items, asked, form, scored)
        with written(asked.out) as out, score_writer(out, form) as write:
            for chunk in chunks:
                columns = _scored(detector, threshold, of_pixels, chunk, heat, scored)
                if over_time is not None:
                    over_time.add(chunk.keys, chunk.x, columns)
                if top is not None:
                    top.add(chunk.names, chunk.x, scored.scores[-1], columns.get("label"), chunk.cells, chunk.told)
                write.add(columns)
                progress(-1, f"{sum(map(len, scored.scores)):,} items scored")
            if not scored.scores:
                raise DataError(f"{source} has no items to score.", "Give it at least one.")
            outcome = outcome_of(detector, threshold, asked.normal, scored)
            if isinstance(new_items, Dataset) and new_items.masks is not None and outcome.is_novel is not None:
                progress(-1, "Comparing with the masks")
                pixels = _localised(detector, new_items, scored.rows, ~outcome.is_novel, of_pixels)
                outcome = replace(outcome, pixels=pixels)
            write.is_withdrawn = outcome.promise.is_withdrawn
        written_heat = heat or over_time
        if written_heat is not None:
            progress(-1, "Writing maps")
            written_heat.finish()
    if asked.report is not None and top is not None:
        line = "" if new_items.contract is None else new_items.contract.line
        write_report(asked.report, source, line, detector, threshold, outcome, top.items(threshold.value), scored)
    report(threshold, asked.out, outcome, scored, of_pixels, written_heat, asked.as_json)
    _end(asked, outcome.promise.is_withdrawn, scored.alarms)


def open_for(detector: Detector, source: str, reading: Reading, progress: Any) -> TableInput | Dataset:
    """An input, read as what a detector learnt from.

    Raises:
        DataError, UndecidedError: it cannot be read so, or a flag has to say how.
    """
    from explorer.io.images.asked import of_shape
    from explorer.novelty import inputs

    name = called(source)
    images = reading.images_over(of_shape(detector.card.event_shape))
    given = inputs.open_input(
        local(source), images, progress, reading.dialect, reading.roles, detector.card.contract, name
    )
    reading.check_used(given, name)
    if given.contract is not None:
        given.contract.require_decided(name)
    return given


def _opened(detector: Detector, asked: ScoreAsked, reading: Reading, progress: Any) -> TableInput | Dataset:
    """What is to be scored."""
    from explorer.data import Dataset
    from explorer.novelty.windowing import windowed

    given, name = open_for(detector, asked.source, reading, progress), called(asked.source)
    if given.contract is None or given.contract.kind != "table":
        check_keeps(given.contract, asked.keep, name)
    if detector.card.windows is not None and not isinstance(given, Dataset):
        return windowed(given, detector.card.windows)
    return given


def _heat_maps(
    detector: Detector, asked: ScoreAsked, given: TableInput | Dataset, of_pixels: Threshold | None
) -> HeatMaps | None:
    """What writes maps of images; None where none are asked for."""
    from explorer.data import Dataset
    from explorer.export.map_folder import HeatMaps

    if asked.maps is None or of_pixels is None or not isinstance(given, Dataset):
        return None
    return HeatMaps.into(asked.maps, Path(called(asked.source)), detector, of_pixels)


def _series_heat(detector: Detector, asked: ScoreAsked, given: TableInput) -> SeriesHeat | None:
    """What gathers the heat of a series; None of rows by themselves."""
    return None if detector.card.windows is None else SeriesHeat.of(asked.maps, given, detector)


def _pixel_threshold(name: str, detector: Detector, asked: ScoreAsked) -> Threshold | None:
    """That of maps of images; None where there are none.

    Raises:
        ExplorerError: maps of rows of a table that are no series, or of images that are not known.
    """
    if detector.card.windows is not None:
        return None
    if asked.maps is not None and detector.card.kind == "table":
        raise ExplorerError(f"{name} scores rows of a table, which have no maps.", "Leave --maps out.")
    if detector.map_peaks is None and asked.maps is None:
        return None
    return detector.pixel_threshold(asked.pixel_false_alarm_rate)


def _end(asked: ScoreAsked, is_withdrawn: bool, alarms: int) -> None:
    if asked.strict and is_withdrawn:
        raise typer.Exit(WITHDRAWN)
    if asked.fail_on_alarm and alarms:
        raise typer.Exit(ALARMED)


@dataclass(frozen=True, eq=False)
class ItemsPart:
    """Some items.

    Args:
        keys: (n,) what each is called.
        x: (n, *event) as the scorer takes them.
        labels: (n,); None: there are none.
        along: columns that go along.
        names: (n,) what each is called where people read it.
        cells: of rows of a table, (n,) each.
        told: for a report, columns that the detector does not look at, (n,) each.
    """

    keys: Sequence[str]
    x: Num[np.ndarray, "n *event"]
    labels: Shaped[np.ndarray, " n"] | None
    along: Along
    names: Sequence[str]
    cells: dict[str, Cells] | None = None
    told: dict[str, list[str]] | None = None


def _table_chunks(
    detector: Detector,
    table: TableInput,
    asked: ScoreAsked,
    form: str,
    scored: ScoredSoFar,
) -> Iterator[ItemsPart]:
    import numpy as np

    from explorer.data.cells import pick
    from explorer.data.encoded_columns import Remarks
    from explorer.export.score_columns import Along
    from explorer.novelty.inputs import kept_parts, taken, typed_parts
    from explorer.novelty.items import as_fitted

    typer.echo(f"Read as: {table.contract.line}", err=True)
    scored.read = {"contract": table.contract.answer}
    table, unused = as_fitted(detector, table)
    if unused:
        scored.notes.append(f"ignored, since the detector was not fitted on it: {', '.join(unused[:10])}")
    wanted = None
    if table.splits is not None:
        registered = table.dataset is not None and _is_fitted_on(detector, table.dataset)
        wanted = _split_rows(table.splits, asked.split, registered, np.arange(table.rows.contract.rows))
    remarks = Remarks()
    scored.notes += table.remarks
    columns = table.contract.kept(asked.keep, table.name)
    if table.windows is not None and table.windows.time and table.windows.time not in columns:
        columns = (table.windows.time, *columns)
    ids = len(table.contract.of("identifier"))
    kept = typed_parts(table, columns) if form == "parquet" else kept_parts(table, columns)
    beside = kept_parts(table, _told_columns(detector, table) if asked.report is not None else ())
    for part, cells_kept, cells_beside in zip(table.parts(), kept, beside, strict=False):
        chosen = np.arange(len(part))
        if wanted is not None:
            chosen = chosen[np.isin(part.start + chosen, wanted)]
        if len(chosen):
            cells = {column: pick(values, chosen) for column, values in part.cells.items()}
            of_rows = None if part.labels is None else part.labels[chosen]
            along = Along({column: taken(values, chosen) for column, values in cells_kept.items()}, ids)
            if table.windows is None:
                scored.watch.add(len(chosen), partial(detector.features_of_cells, cells))
            numbers = part.rows[chosen]
            names = table.names(numbers, {column: _texts(along.columns[column]) for column in columns[:ids]})
            told = {column: taken(values, chosen) for column, values in cells_beside.items()}
            yield ItemsPart(table.keys(numbers), detector.encode(cells, remarks), of_rows, along, names, cells, told)
    remarks.check()
    scored.notes += remarks.sentences()
    if table.contract.ragged:
        scored.notes.append(f"{table.contract.ragged:,} rows had another number of cells and were skipped")


def _told_columns(detector: Detector, table: TableInput) -> list[str]:
    """Columns of rows that a report tells: those that nothing else tells. A window holds many rows, and tells none."""
    if table.windows is not None:
        return []
    encoding = detector.card.encoding
    others = {*(encoding.names if encoding is not None else ()), *table.contract.of("label", "identifier")}
    return [c.name for c in table.contract.columns if c.name not in others and c.name != table.label_column]


def _texts(values: Any) -> list[str]:
    """A column that goes along as text."""
    return values if isinstance(values, list) else ["" if cell is None else str(cell) for cell in values.to_pylist()]


def _image_chunks(detector: Detector, dataset: Dataset, split: str | None, scored: ScoredSoFar) -> Iterator[ItemsPart]:
    import numpy as np

    from explorer.data.item_names import item_keys
    from explorer.data.reading import how_read
    from explorer.export.score_columns import NOTHING_ALONG

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
        keys = item_keys(dataset, rows)
        yield ItemsPart(keys, x, labels, NOTHING_ALONG, keys)


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


def _scored(
    detector: Detector,
    threshold: Threshold,
    of_pixels: Threshold | None,
    chunk: ItemsPart,
    heat: HeatMaps | None,
    scored: ScoredSoFar,
) -> dict[str, Any]:
    """The columns to write for some items; their maps are written, where they were asked for."""
    import numpy as np

    from explorer.export.score_columns import score_columns

    maps = None
    if heat is not None or detector.has_native_maps:
        scores, maps = detector.scores_and_maps(chunk.x)
    else:
        scores = detector.score(chunk.x)
    scored.alarms += int((scores > threshold.value).sum())
    scored.scores.append(scores)
    if chunk.labels is not None:
        scored.labels.append(chunk.labels)
    maps = None if maps is None else maps.astype(np.float32)
    columns = score_columns(
        detector,
        chunk.keys,
        chunk.x,
        scores,
        detector.p_values(scores),
        threshold.value,
        None if chunk.labels is None else chunk.labels.tolist(),
        maps,
        None if of_pixels is None else of_pixels.value,
        chunk.along,
    )
    if heat is not None and maps is not None:
        heat.add(chunk.keys, chunk.x, maps, columns)
    return columns
