"""What is scored on the Novelty page: items that were held out, or those that the visitor brings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from explorer.core.errors import ExplorerError
from explorer.export.novelty_python import scoring_file
from explorer.novelty.items import ItemsToScore, read_items
from explorer.ui.novelty import uploads as uploads
from explorer.ui.novelty.scored import Case, ScoredItems, score_items
from explorer.ui.novelty.uploads import Upload
from explorer.ui.shell import session, user_files, user_image
from explorer.ui.shell.cache import cached_resource, key_of
from explorer.ui.shell.frame import show_error
from explorer.ui.widgets.text import plain

UPLOADER = "novelty_upload"


def scored(case: Case) -> ScoredItems | None:
    """Draw the way to bring items; the items to show, None where there are none.

    A file that cannot be scored is named, and what was held out stays.
    """
    given = None
    try:
        given = _ask(case)
        if given is not None:
            return _uploaded(case, given)
    except ExplorerError as error:
        show_error(error)
    if case.scored is None and given is None:
        st.info("The detector is ready. Add items for it to score.", icon=":material/upload:")
    return case.scored


def user_image_scored(case: Case) -> ScoredItems | None:
    """The session's own image as the detector sees it; None where there is none, or the sidebar's model takes another.

    The image was brought into the format of the sidebar's model; a detector of the same format can score it.
    """
    if case.detector.card.kind != "image" or not session.has_data():
        return None
    context = session.current()
    image = user_image.current(context)
    if image is None or tuple(image.x.shape[1:]) != case.detector.card.event_shape:
        return None
    items = ItemsToScore(image.x, (image.name,), ("",), {})
    return score_items(case.detector, items, None, f"{case.key}|{image.name}|{image.error}", image.name)


def _ask(case: Case) -> Upload | None:
    is_image = case.detector.card.kind == "image"
    label = "Images, or a zip or NPZ of them" if is_image else "A CSV or NPZ with the same columns"
    file = user_files.given(UPLOADER)
    if case.scored is None:
        return uploads.upload(label, UPLOADER)
    with st.popover("Scored: your file" if file else "Score your own items", icon=":material/upload:", width="stretch"):
        st.caption("Items of your file replace those that are shown.")
        return uploads.upload(label, UPLOADER)


def _uploaded(case: Case, given: Upload) -> ScoredItems | None:
    given = _as_learnt(case, given)
    file = uploads.opened(given, case.detector.card)
    if not uploads.read_as(given, file, "novelty_scored"):
        return None
    items = _items(case, given)
    normal: tuple[str, ...] = ()
    values = sorted({label for label in items.labels if label})
    if values and len(values) <= uploads.MAX_LABELS:
        normal = uploads.normal_labels(values, case.detector.card.normal_labels, f"novelty_labels.{given.key}")
    notes = list(items.notes)
    is_novel = None
    if normal and all(items.labels):
        is_novel = ~np.isin(np.array(items.labels), list(normal))
        if len(values) == 1:
            notes.append(f"Every label is {values[0]}: there is nothing to compare.")
    elif values and not all(items.labels):
        missing = sum(not label for label in items.labels)
        notes.append(
            f"{missing:,} of {len(items.labels):,} items have no label, so nothing is counted as right or wrong."
        )
    say(notes)
    return _scored(case, given, is_novel, normal)


def _as_learnt(case: Case, given: Upload) -> Upload:
    """A file, to be read as the table that the detector learnt from where it does not tell by itself."""
    contract = case.detector.card.contract
    return replace(given, options=replace(given.options, like=contract), key=f"{given.key}|{key_of(contract)}")


def say(notes: list[str] | tuple[str, ...], shown: int = 4) -> None:
    """Notes as captions; many of them are folded away."""
    for note in notes[:shown]:
        st.caption(plain(note))
    if len(notes) > shown:
        with st.expander(f"{len(notes) - shown:,} more remarks"):
            for note in notes[shown:]:
                st.caption(plain(note))


@cached_resource(max_entries=4, spinner="Reading the items")
def _items(case: Case, given: Upload) -> ItemsToScore:
    return read_items(case.detector, uploads.opened(given, case.detector.card))


@cached_resource(max_entries=4, spinner="Scoring")
def _scored(case: Case, given: Upload, is_novel: np.ndarray | None, normal: tuple[str, ...]) -> ScoredItems:
    items = _items(case, given)
    title = f"{len(items.x):,} items of {given.name}"
    scored = score_items(case.detector, items, is_novel, key_of(case, given, normal), title, case.fitted_on)
    code = case.code
    return replace(scored, code=None if code is None else scoring_file(code, given.file_name, given.options))
