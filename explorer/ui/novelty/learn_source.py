"""Train a detector on the page: on classes of a dataset, or on the visitor's normal examples."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer import novelty
from explorer.data import Dataset
from explorer.data.base import Progress
from explorer.export import novelty_python
from explorer.io.images.contract import ImageContract
from explorer.novelty import learning
from explorer.novelty.fitting import NATIVE_SIDE, SHRUNK_SIDE, default_scorer, max_side
from explorer.novelty.inputs import TableInput
from explorer.novelty.labels import normal_among
from explorer.novelty.learning import Learnt
from explorer.novelty.series.learning import learn_series
from explorer.novelty.table_fitting import default_table_scorer
from explorer.novelty.table_recipe import Body
from explorer.novelty.windowing import WindowsAsked
from explorer.novelty.windows import Windows
from explorer.ui.novelty import link as link
from explorer.ui.novelty import uploads as uploads
from explorer.ui.novelty.fit_jobs import fitted
from explorer.ui.novelty.scored import Case, score_items
from explorer.ui.novelty.series_source import body_form, windows_form
from explorer.ui.novelty.uploads import Upload
from explorer.ui.shell import copied, kept, session
from explorer.ui.shell.cache import key_of
from explorer.ui.widgets.text import plain

OWN, SET = "My files", "A dataset here"
SCORES = {
    "image": ("combined-mean", "combined-max", "reconstruction-error", "local-error", "knn", "pca"),
    "table": ("combined-mean", "knn-and-rules", "combined-max", "reconstruction-error", "masked-columns", "knn", "pca"),
}
"""What can be chosen before there is a model: scores that every model of that kind has, the usual one first."""
NATIVE_SCORES = (
    "combined-maps",
    "masked-patches",
    "registered-template",
    "structural-error",
    "place-codes",
    "pca-maps",
    "patch-neighbours",
)
"""Those that look at images in their own size."""


def case() -> Case | None:
    """Draw the form, and the fitting while it lasts; None until it has ended."""
    with st.container(border=True):
        left, right = st.columns(2, gap="large")
        with left:
            where = st.segmented_control(
                "Normal examples", [OWN, SET], default=OWN, required=True, key="novelty_good", bind="query-params"
            )
            return _uploaded(right) if where == OWN else _dataset(right)


def score_form(kind: str, key: str, event_shape: tuple[int, ...] = (), rows: int = 0, columns: int = 0) -> str:
    """Choose the score to fit, out of those that need no particular model; the usual one for such items comes first.

    Args:
        kind: of the items: image or table.
        key: of the widget.
        event_shape: (C, H, W) of images; nothing: their size does not matter.
        rows, columns: of a table.
    """
    usual = default_table_scorer(rows, columns) if kind == "table" else SCORES[kind][0]
    scores = (usual, *(name for name in SCORES[kind] if name != usual))
    are_large = default_scorer(event_shape) in NATIVE_SCORES
    large = (
        f" The first {len(NATIVE_SCORES)} take images as they are, the others shrunk to {SHRUNK_SIDE} pixels a side."
    )
    score: str = st.selectbox(
        "Score",
        (*NATIVE_SCORES, *scores) if are_large else scores,
        format_func=lambda name: novelty.REGISTRY[name].title,
        key=kept.control(f"{key}.large" if are_large else key),
        help=f"The first is the best on most data of this kind.{large if are_large else ''}",
    )
    st.caption(novelty.REGISTRY[score].summary)
    return score


def case_of(learnt: Learnt, key: str, what: str, code: novelty_python.DetectorCode) -> Case:
    """A fitted detector with the items held out, scored, and the Python that does the same."""
    card = learnt.detector.card
    scored = None
    if len(learnt.is_novel):
        novel = int(learnt.is_novel.sum())
        others = f", {novel:,} novel" if novel else ""
        title = f"{len(learnt.is_novel) - novel:,} normal items of {what} held out{others}"
        scored = score_items(learnt.detector, learnt.items, learnt.is_novel, key, title, learnt.normal)
    words = f":blue[**Normal**]: {plain(card.normal)}. Fitted in {card.seconds:.0f} s."
    notes = (*(f"{note}." for note in card.notes), *learnt.items.notes)
    return Case(learnt.detector, key, words, scored, learnt.normal, notes, data=(what,), code=code)


def _uploaded(right: DeltaGenerator) -> Case | None:
    given = uploads.upload("A CSV or NPZ, a zip of a folder of images, or several images", "novelty_good_files")
    if given is None:
        st.caption("All normal, or with a column or folders of labels. 20 or more.")
        return None
    file = uploads.opened(given, max_side=NATIVE_SIDE)
    if not uploads.read_as(given, file, "novelty_good"):
        return None
    with right:
        normal = _normal(given)
        if normal is None:
            return None
        cut = None if isinstance(file, Dataset) else windows_form(given, file)
        windows = None if cut is None else cut[0]
        score = _score_for(file, windows)
        if isinstance(file, Dataset):
            file = in_size_for(score, given, file)
        body = "dense" if windows is None else body_form(score, f"novelty_series_body.{given.key}")
        key = f"learn|{given.key}|{normal}|{score}"
        if windows is not None:
            key += f"|{key_of(windows)}|{body}"

        code = _code(given, None if cut is None else cut[1], score, normal, body, isinstance(file, Dataset))

        def work(progress: Progress) -> Case:
            if isinstance(file, Dataset):
                return case_of(_learn_images(file, normal, score, progress), key, given.name, code)
            # Where all rows are normal their labels say nothing.
            table = file if normal else replace(file, label_column=None, labels=None)
            if windows is not None:
                learnt = learn_series(table, windows, normal, score, progress=progress, body=body)
                return case_of(learnt, key, given.name, code)
            return case_of(learning.learn_table(table, normal, score, progress=progress), key, given.name, code)

        return fitted(key, f"Fit on {given.name}", work)


def _code(
    given: Upload, cut: WindowsAsked | None, score: str, normal: tuple[str, ...], body: Body, is_image: bool
) -> novelty_python.DetectorCode:
    """The Python that fits the same on a file."""
    name, options = given.file_name, given.options
    if cut is not None:
        return novelty_python.fitted_on_series(name, options, cut, score, normal, body, NATIVE_SIDE)
    side = max_side(score) if is_image else NATIVE_SIDE
    return novelty_python.fitted_on_file(name, options, score, normal, is_table=not is_image, max_side=side)


def _score_for(file: Dataset | TableInput, windows: Windows | None) -> str:
    """The score that is chosen for a file."""
    if windows is not None:
        rows = 0 if isinstance(file, Dataset) else file.contract.rows
        return score_form("table", "novelty_good_score.series", (), rows, len(windows.names))
    if isinstance(file, Dataset):
        return score_form("image", "novelty_good_score.image", file.event_shape)
    return score_form("table", "novelty_good_score.table", (), file.contract.rows, len(file.inputs))


def in_size_for(score: str, given: Upload, file: Dataset) -> Dataset:
    """The images in the size that a score takes; says so where they are shrunk."""
    taken = uploads.opened(given, max_side=max_side(score))
    if not isinstance(taken, Dataset) or taken.event_shape == file.event_shape:
        return file
    _, height, width = taken.event_shape
    st.caption(f"This score looks at the whole image, shrunk to {width}x{height} pixels.")
    return taken


def shrunk_in_words(dataset: Dataset) -> str:
    """That the images of one's own data were shrunk when they were read; empty where they were not."""
    contract = dataset.contract
    if not isinstance(contract, ImageContract) or not contract.resized:
        return ""
    if max(dataset.event_shape[1:]) != SHRUNK_SIDE:
        return ""
    height, width = contract.size
    return f"The images of {plain(dataset.title)} were shrunk to {width}x{height} pixels when they were read."


def _normal(given: Upload) -> tuple[str, ...] | None:
    """Which labels are normal; none: all items are. None as long as labels tell kinds apart and nobody has said."""
    values = uploads.label_values(given)
    if len(values) < 2:
        return ()
    normal = uploads.normal_labels(values, (), f"novelty_good_labels.{given.key}")
    if normal:
        return normal
    listed = ", ".join(values[:6]) + (", …" if len(values) > 6 else "")
    all_normal = st.checkbox(
        "All of them are normal",
        key=kept.control(f"novelty_good_all.{given.key}"),
        help="The labels are then not looked at.",
    )
    if not all_normal:
        st.warning(f"The labels tell {len(values)} kinds apart: {plain(listed)}. Choose which of them are normal.")
        return None
    return ()


def _learn_images(dataset: Dataset, normal: tuple[str, ...], score: str, progress: Progress) -> Learnt:
    return learning.learn_images(dataset, normal, score, progress=progress)


def _dataset(right: DeltaGenerator) -> Case | None:
    names = session.dataset_names()
    current = st.session_state.get("data")
    name = st.selectbox(
        "Dataset",
        names,
        names.index(current) if current in names else 0,
        session.dataset_title,
        key="novelty_good_data",
        bind="query-params",
    )
    dataset = session.dataset_of(name)
    normal: list[str] = []
    if len(dataset.label_names) > 1:
        first = normal_among(dataset.label_names) or dataset.label_names[:1]
        link.start_from("novelty_good_for", name, {"novelty_good_classes": list(first)})
        normal = st.multiselect(
            "Normal classes (none: all)",
            dataset.label_names,
            list(first),
            key="novelty_good_classes",
            bind="query-params",
        )
    with right:
        if shrunk := shrunk_in_words(dataset):
            st.caption(f"{shrunk} Given under “{OWN}”, images are looked at in their own size.")
        of_rows = (len(dataset), dataset.event_shape[0]) if dataset.kind == "table" else (0, 0)
        score = score_form(dataset.kind, f"novelty_good_score.{dataset.kind}", dataset.event_shape, *of_rows)
        key = f"learn|{dataset.fingerprint}|{normal}|{score}"

        code = novelty_python.fitted_on_dataset(copied.of_dataset(dataset), score, normal)

        def work(progress: Progress) -> Case:
            learnt = learning.learn_dataset(dataset, tuple(normal), score, progress=progress)
            return case_of(learnt, key, dataset.title, code)

        return fitted(key, f"Fit on {dataset.title}", work)
