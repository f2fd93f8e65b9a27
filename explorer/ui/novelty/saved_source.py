"""Open a detector that was saved here or by the command line; it scores the sidebar's dataset where that fits."""

from __future__ import annotations

import numpy as np

from explorer.browser.envelope import digest
from explorer.core.errors import ExplorerError
from explorer.data import Dataset
from explorer.export import novelty_python
from explorer.novelty import detector as detectors
from explorer.novelty import learning
from explorer.novelty.detector import Detector
from explorer.ui.novelty.scored import Case, ScoredItems, score_items
from explorer.ui.shell import copied, session, user_files
from explorer.ui.shell.cache import cached_resource, key_of
from explorer.ui.shell.frame import show_error
from explorer.ui.widgets.text import plain


def case() -> Case | None:
    """Draw the way to open a file; None until there is one that can be read."""
    files = user_files.take(
        "A detector (.safetensors), saved here or by the command `detector fit`",
        ["safetensors"],
        "novelty_detector",
        help_text="Weights, scores and a card; no code of the file is run.",
    )
    if not files:
        return None
    file, content = files[0], files[0].content
    key = f"saved|{digest(content)}"
    try:
        detector = _opened(file.name, content)
    except ExplorerError as error:
        show_error(error)
        return None
    card = detector.card
    words = f":blue[**Normal**]: {plain(card.normal)}. Fitted {plain(card.created[:10])}. {detector.calibrated_by}"
    scored = _sidebar_items(file.name, content)
    data = () if scored is None else (session.current().dataset.title,)
    notes = tuple(f"{note}." for note in card.notes)
    code = novelty_python.saved(file.name) if scored is None else _code(file.name, detector)
    return Case(detector, key, words, scored, None, notes, data=data, code=code)


def _code(name: str, detector: Detector) -> novelty_python.DetectorCode:
    """The Python that has the sidebar's items scored by the file."""
    context = session.current()
    rows, which = _rows(detector, context)
    every = context.dataset.splits.test if which == "test" else np.arange(len(context.dataset))
    items = len(rows) if len(rows) < len(every) else None
    return novelty_python.saved(name, copied.data_of(context), which, items)


def _rows(detector: Detector, context: session.Context) -> tuple[np.ndarray, str]:
    """Which rows of the sidebar's dataset are scored: of the one that it was fitted on, those of the test."""
    if context.dataset.fingerprint == detector.card.fingerprint:
        return context.dataset.splits.test, "test"
    return context.rows, context.split.split(", n")[0]


@cached_resource(max_entries=3, spinner="Opening the detector")
def _opened(name: str, content: bytes) -> Detector:
    return detectors.load(content, name)


def _sidebar_items(name: str, content: bytes) -> ScoredItems | None:
    """The sidebar's dataset, where it has what the detector takes; of the one it was fitted on, the test rows."""
    if not session.has_data():
        return None
    context = session.current()
    card, dataset = _opened(name, content).card, context.dataset
    columns = card.encoding.names if card.encoding is not None else ()
    if dataset.kind != card.kind or (dataset.event_shape != card.event_shape if not columns else False):
        return None
    if not set(columns) <= set(dataset.feature_names):
        return None
    rows, _ = _rows(_opened(name, content), context)
    return _scored_items(name, content, dataset, rows)


@cached_resource(max_entries=4, spinner="Scoring")
def _scored_items(name: str, content: bytes, dataset: Dataset, rows: np.ndarray) -> ScoredItems:
    detector = _opened(name, content)
    items = learning.items_of(dataset, detector, rows)
    normal = detector.card.normal_labels
    is_novel = ~np.isin(np.array(items.labels), list(normal)) if normal and all(items.labels) else None
    key, title = key_of(content, dataset, rows), f"{len(rows):,} items of {dataset.title}"
    return score_items(detector, items, is_novel, key, title)
