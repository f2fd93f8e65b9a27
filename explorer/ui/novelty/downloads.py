"""Downloads of the Novelty page: the flagged items, all scores, a report, and the detector."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

import numpy as np
import streamlit as st
from jaxtyping import Int

from explorer.data.cells import as_written
from explorer.export import kinds
from explorer.export.batch_report import BatchReport, report_html
from explorer.export.heat_maps import HeatScale
from explorer.export.map_folder import HeatMaps
from explorer.export.novelty_python import novelty_code
from explorer.export.score_columns import Along, region_columns, score_columns
from explorer.export.score_files import FORMATS, score_bytes
from explorer.export.top_items import TopItems
from explorer.novelty.detector import Detector
from explorer.novelty.drift import PromiseCheck
from explorer.novelty.separation import separation_of
from explorer.novelty.thresholds import Threshold, threshold_at
from explorer.ui.novelty import verdicts
from explorer.ui.novelty.native_maps import RATE
from explorer.ui.novelty.scored import Case, ScoredItems
from explorer.ui.novelty.scored_beside import beside
from explorer.ui.widgets.download import download
from explorer.ui.widgets.onnx_button import OnnxDownload, onnx_button

IMAGES_AT_ONCE, MAX_MAPS = 64, 100
"""Images whose maps are made at once, and that are packed at most."""
ONNX_RATE = 0.05
"""Of false alarms, where no threshold is drawn yet."""
ONNX_ITEMS = 1000
"""Of the scored ones, that the detector's ONNX file is held against it on."""
FORM, WITH_COLUMNS = "novelty_file_format", "novelty_with_columns"


def downloads(scored: ScoredItems, threshold: float, promise: PromiseCheck) -> None:
    """Draw the choices and the buttons; a file is made when it is asked for.

    Args:
        promise: whether the promised false-alarm rate holds.
    """
    flagged = np.array([item for item in scored.order if scored.scores[item] > threshold], np.int64)
    every = np.arange(len(scored))
    with st.container(horizontal=True, vertical_alignment="center"):
        form = st.segmented_control(
            "Format",
            FORMATS,
            default=FORMATS[0],
            required=True,
            key=FORM,
            format_func=_called,
            label_visibility="collapsed",
        )
        with_columns = bool(scored.cells) and st.toggle(
            "With all columns", True, key=WITH_COLUMNS, help="The columns that the rows came with go along."
        )
    with st.container(horizontal=True):
        for items, what, name in ((flagged, "The {:,} flagged", "flagged"), (every, "All {:,} scores", "scores")):
            download(
                f"{what.format(len(items))} ({_called(form)})",
                partial(file_of, scored, threshold, items, form, with_columns, promise.is_withdrawn),
                f"{name}.{form}",
                kinds.SCORES,
                key=f"novelty_{name}",
                disabled=not len(items),
            )
        if scored.detector.has_native_maps:
            mapped = scored.order[:MAX_MAPS]
            few = "The" if len(mapped) == len(scored) else f"The first {len(mapped)}"
            download(
                f"{few} maps (zip)",
                partial(maps_of, scored, mapped),
                "maps.zip",
                kinds.HEAT_MAPS,
                key="novelty_maps",
                help="As `score --maps` writes them: 16-bit grey, overlay with the defects' boxes, and numbers (NPZ), "
                "of the most anomalous images.",
            )
        download(
            "A report (HTML)",
            partial(report_of, scored, threshold, promise),
            "report.html",
            kinds.SCORE_REPORT,
            key="novelty_report",
            icon=":material/description:",
            help="One page that needs no connection: alarms, the promise, and the most anomalous items with their "
            "reasons or pictures.",
        )
        detector_button(scored.detector)
        onnx_button(
            partial(onnx_of, scored.detector, threshold_at(scored.detector.calibration, threshold), scored),
            f"{scored.key}|{threshold!r}",
            "detector",
            kinds.DETECTOR_ONNX,
            key="novelty_onnx",
            what="Units or columns, score and the threshold as it stands above, in one file.",
        )


def python(case: Case, scored: ScoredItems, threshold: float, own: ScoredItems | None = None) -> None:
    """The Python that gives these scores and alarms, and the score of the visitor's own image."""
    code = scored.code or case.code
    if code is not None:
        with st.expander("Copy as Python"):
            st.code(novelty_code(code, threshold, None if own is None else own.x[0]), language="python")


def detector_alone(detector: Detector, key: str) -> None:
    """The downloads of a detector that has scored nothing yet.

    Args:
        key: differs for different detectors.
    """
    with st.container(horizontal=True):
        detector_button(detector)
        onnx_button(
            partial(onnx_of, detector, detector.threshold(ONNX_RATE)),
            key,
            "detector",
            kinds.DETECTOR_ONNX,
            key="novelty_onnx",
            what=f"Units or columns, score and a threshold for {100 * ONNX_RATE:g} % false alarms, in one file.",
        )


def onnx_of(detector: Detector, threshold: Threshold, scored: ScoredItems | None = None) -> OnnxDownload:
    """The detector as an ONNX file, like that of the command ``detector export``.

    Args:
        threshold: that the file gets.
        scored: items that it is held against the detector on, beside the normal ones that the detector keeps.

    Raises:
        ExplorerError: its score has no graph, or onnxruntime makes something else of the file.
    """
    from explorer.export.onnx_files import detector_file, scored_items_to_check

    given = None if scored is None else scored_items_to_check(detector, scored.x, scored.cells, ONNX_ITEMS)
    made = detector_file(detector, threshold, given)
    words = (
        f"On {made.items:,} items{'' if given is None else ', of those above and'} of the normal ones that it keeps,"
        f" onnxruntime raises the same alarms as the detector, {made.alarms:,}; scores differ by {made.difference:.1g}"
        " at most. Above the threshold, "
        f"{threshold.value:.6g}, is an alarm: {100 * threshold.rate.value:.3g} % of normal items are expected there."
    )
    return OnnxDownload({"detector.onnx": made.content}, (words,))


def maps_of(scored: ScoredItems, items: Int[np.ndarray, " n"]) -> bytes:
    """A zip of the maps of some of the scored images, as the command ``score --maps`` writes them.

    Args:
        items: (n,) their positions.
    """
    detector = scored.detector
    threshold = detector.pixel_threshold(RATE)
    with tempfile.TemporaryDirectory() as folder:
        scale = HeatScale(detector.usual_level(), threshold.value)
        files = HeatMaps(Path(folder) / "maps", detector, threshold, scale)
        for start in range(0, len(items), IMAGES_AT_ONCE):
            some = items[start : start + IMAGES_AT_ONCE]
            maps = detector.maps(scored.x[some])
            if maps is not None:
                own = maps.astype(np.float32)
                names = [scored.keys[item] for item in some]
                files.add(names, scored.x[some], own, region_columns(own, threshold.value))
        files.finish()
        return files.packed()


def report_of(scored: ScoredItems, threshold: float, promise: PromiseCheck) -> bytes:
    """The scored items as a page, like that of the command ``score --report``."""
    detector = scored.detector
    top = TopItems(detector)
    cells = {column: scored.cells[column] for column in scored.cells if column in _columns(detector)}
    told = beside(scored, np.arange(len(scored)))
    if scored.given is not None and detector.card.windows is not None:
        told = {}  # a window holds many rows
    top.add(scored.names, scored.x, scored.scores, scored.labels, cells or None, told)
    contract = None if scored.given is None else scored.given.table.contract
    words = ""
    if scored.is_novel is not None:
        known = ~np.isnan(scored.scores)
        novel = scored.is_novel[known]
        enough = 2 <= int(novel.sum()) <= len(novel) - 2
        words = separation_of(scored.scores[known], novel).words if enough else ""
    return report_html(
        BatchReport(
            scored.title,
            "" if contract is None else contract.line,
            detector,
            threshold_at(detector.calibration, threshold),
            scored.scores,
            promise,
            top.items(threshold),
            words,
            verdicts.pixels_words(scored),
        )
    )


def _columns(detector: Detector) -> tuple[str, ...]:
    return () if detector.card.encoding is None else detector.card.encoding.names


def _called(form: str) -> str:
    return {"parquet": "Parquet"}.get(form, form.upper())


def detector_button(detector: Detector) -> None:
    """Offer the fitted detector as a file; it is made when it is asked for."""
    download(
        "The detector (.safetensors)",
        detector.to_bytes,
        "detector.safetensors",
        kinds.DETECTOR,
        key="novelty_save",
        help="To use it later: open it here, or `python -m explorer score detector.safetensors FILE --out scores.csv`.",
    )


def file_of(
    scored: ScoredItems,
    threshold: float,
    items: Int[np.ndarray, " n"],
    form: str,
    with_columns: bool,
    is_withdrawn: bool,
) -> bytes:
    """Some of the scored items as a file, like that of the command ``score`` with `--keep all` or without.

    Args:
        items: (n,) their positions.
        form: one of ``FORMATS``.
        with_columns: whether the columns go along that they came with.
    """
    detector = scored.detector
    maps = None
    if detector.has_native_maps:
        parts = np.split(scored.x[items], range(IMAGES_AT_ONCE, len(items), IMAGES_AT_ONCE))
        some = [detector.maps(part) for part in parts]
        maps = np.concatenate([part for part in some if part is not None]).astype(np.float32)
    columns = score_columns(
        detector,
        [scored.keys[item] for item in items],
        scored.x[items],
        scored.scores[items],
        scored.p_values[items],
        threshold,
        [scored.labels[item] for item in items] if any(scored.labels) else None,
        maps,
        None if maps is None else detector.pixel_threshold(RATE).value,
        _along(scored, items, form == "parquet", with_columns),
    )
    return score_bytes(columns, form, is_withdrawn)


def _along(scored: ScoredItems, items: np.ndarray, typed: bool, with_columns: bool) -> Along:
    if scored.given is not None:
        return Along(*scored.given.take(items).columns(["all"] if with_columns else [], typed))
    if not with_columns:
        return Along({})
    cells = {column: np.asarray(values)[items] for column, values in scored.cells.items()}
    if typed:
        return Along(cells)
    numbers = {column: values for column, values in cells.items() if values.dtype.kind == "f"}
    return Along({c: as_written(numbers[c]) if c in numbers else values.tolist() for c, values in cells.items()})
