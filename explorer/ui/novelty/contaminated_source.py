"""Score a file by itself: most of it is normal, and nobody knows which items are."""

from __future__ import annotations

import numpy as np
import streamlit as st

from explorer.data import Dataset
from explorer.data.base import Progress
from explorer.export.novelty_python import fitted_on_most
from explorer.novelty import contaminated
from explorer.novelty.contaminated import Contaminated
from explorer.novelty.fitting import NATIVE_SIDE, max_side
from explorer.novelty.inputs import TableInput
from explorer.novelty.items import ItemsToScore, read_items, read_table
from explorer.ui.novelty import uploads as uploads
from explorer.ui.novelty.fit_jobs import fitted
from explorer.ui.novelty.learn_source import in_size_for, score_form
from explorer.ui.novelty.scored import Case, ScoredItems
from explorer.ui.novelty.uploads import Upload
from explorer.ui.shell import kept
from explorer.ui.widgets.text import plain

UNKNOWN, KNOWN = "not known", "known"
CONTAMINATED = (
    "Each half of the file is scored by a detector fitted on the other half. Nothing here is known to be "
    "normal, so the anomalies are among the items that set the threshold, which raises it: expect fewer false alarms "
    "than the rate says, and some missed anomalies. The detector to save is that of the first half."
)


def case() -> Case | None:
    """Draw the form, and the fitting while it lasts; None until it has ended."""
    with st.container(border=True):
        left, right = st.columns(2, gap="large")
        with left:
            given = uploads.upload("A CSV or NPZ, a zip of images, or several images", "novelty_mixed_files")
            how = st.segmented_control(
                "Share of anomalies",
                [UNKNOWN, KNOWN],
                default=UNKNOWN,
                required=True,
                key=kept.control("novelty_share_known"),
            )
            percent = None
            if how == KNOWN:
                percent = st.number_input(
                    "Anomalies, % of all items",
                    0.1,
                    100 * contaminated.MAX_CONTAMINATION,
                    2.0,
                    0.1,
                    key="novelty_share",
                    bind="query-params",
                )
        with right:
            if given is None:
                st.caption(f"{contaminated.MIN_ITEMS} items or more, most of them normal. No labels are needed.")
                return None
            return _fitted(given, None if percent is None else percent / 100)


def _fitted(given: Upload, share: float | None) -> Case | None:
    file = uploads.opened(given, max_side=NATIVE_SIDE)
    if not uploads.read_as(given, file, "novelty_mixed"):
        return None
    values = uploads.label_values(given)
    normal = uploads.normal_labels(values, (), f"novelty_mixed_labels.{given.key}") if values else ()
    if values:
        st.caption("Labels are not used for fitting; they only count hits.")
    kind = "image" if isinstance(file, Dataset) else "table"
    # Each of two halves is fitted on.
    size = (0, 0) if isinstance(file, Dataset) else (file.contract.rows // 2, len(file.inputs))
    score = score_form(
        kind, f"novelty_mixed_score.{kind}", file.event_shape if isinstance(file, Dataset) else (), *size
    )
    if isinstance(file, Dataset):
        file = in_size_for(score, given, file)
    key = f"mixed|{given.key}|{share}|{score}|{normal}"
    return fitted(
        key, f"Score {given.name}", lambda progress: _fit_and_score(file, given, share, score, normal, key, progress)
    )


def _fit_and_score(
    file: TableInput | Dataset,
    given: Upload,
    share: float | None,
    score: str,
    normal: tuple[str, ...],
    key: str,
    progress: Progress,
) -> Case:
    if isinstance(file, Dataset):
        result = contaminated.fit_contaminated_images(file, share, score, progress=progress)
    else:
        result = contaminated.fit_contaminated_table(read_table(file).cells, file.name, share, score, progress=progress)
    items, is_image = read_items(result.detector, file), isinstance(file, Dataset)
    return Case(
        result.detector,
        key,
        f":blue[**Normal**]: {plain(result.detector.card.normal)}.",
        _scored_items(result, items, normal, key, given.name),
        notes=(*_promise(share, len(items.x)), *items.notes),
        compares=False,
        data=(given.name,),
        rate=None if share is None else contaminated.rate_for_share(share, len(result.detector.calibration)),
        code=fitted_on_most(
            given.file_name,
            given.options,
            score,
            share,
            is_table=not is_image,
            max_side=max_side(score) if is_image else NATIVE_SIDE,
        ),
    )


def _scored_items(
    result: Contaminated, items: ItemsToScore, normal: tuple[str, ...], key: str, name: str
) -> ScoredItems:
    """The file's items with the scores that the other half gave them."""
    is_novel = None
    if normal and all(items.labels):
        is_novel = ~np.isin(np.array(items.labels), list(normal))
    title = f"all {len(items.x):,} items of {name}, each scored by a detector fitted on the other half"
    return ScoredItems(
        result.detector, items.x, items.names, items.labels, is_novel, result.scores, result.p_values, items.cells, key,
        title, keys=items.keys or items.names, given=items.given,
    )  # fmt: skip


def _promise(share: float | None, n: int) -> tuple[str, ...]:
    if share is None:
        return (CONTAMINATED,)
    return (
        f"The threshold flags the {round(share * n):,} most anomalous of {n:,}, since {share:.1%} are said "
        "to be anomalies. "
        "Each half is scored by a detector fitted on the other half; the one to save is that of the first half.",
    )
