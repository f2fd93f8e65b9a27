"""The question of the Novelty page: which items are normal, which are novel, and what each is used for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from jaxtyping import Bool, Int, Num

from explorer import evaluation, novelty
from explorer.data import DATASETS, Dataset
from explorer.data.item_names import with_title
from explorer.io import images
from explorer.novelty import NoveltySplits
from explorer.ui.novelty import link as link
from explorer.ui.shell import session
from explorer.ui.shell.session import Context
from explorer.ui.widgets.text import plain

OTHER_CLASSES = "(other classes)"
NONE_KNOWN = "(none known)"


@dataclass(frozen=True)
class ClassChoice:
    """What is normal and what is novel, by name.

    Args:
        normal: dataset of the normal items.
        classes: labels that are normal; empty: all.
        novel: dataset of the novel items, ``OTHER_CLASSES`` of the normal dataset, or ``NONE_KNOWN``.
    """

    normal: str
    classes: tuple[str, ...]
    novel: str


@dataclass(frozen=True, eq=False)
class ClassItems:
    """The items behind a choice: normal ones by their role, and novel ones.

    Args:
        normal: dataset of the normal items.
        splits: its rows.
        novel: dataset of the novel items; None where none are known.
        novel_rows: its rows.
        words: what is scored against what, in a sentence, as Markdown.
        normal_words: what is normal, in a few words.
        normal_labels: labels that are normal; empty: all of the dataset's.
    """

    normal: Dataset
    splits: NoveltySplits
    novel: Dataset | None
    novel_rows: Int[np.ndarray, " n"]
    words: str
    normal_words: str
    normal_labels: tuple[str, ...]

    def scored(self) -> Num[np.ndarray, "n *event"]:
        """(n, *event) normal items, then novel ones, as stored."""
        normal = self.normal.x[self.splits.test]
        if self.novel is None:
            return normal
        novel = self.novel.x[self.novel_rows]
        if normal.dtype == novel.dtype:
            return np.concatenate([normal, novel])
        return np.concatenate([images.to_float(normal), images.to_float(novel)])

    def is_novel(self) -> Bool[np.ndarray, " n"]:
        return np.arange(len(self.splits.test) + len(self.novel_rows)) >= len(self.splits.test)

    def origins(self) -> tuple[tuple[str, int], ...]:
        """Of each scored item: the name of its data, and its row in these."""
        parts = [(self.normal, self.splits.test), *([] if self.novel is None else [(self.novel, self.novel_rows)])]
        return tuple((dataset.name, row) for dataset, rows in parts for row in rows.tolist())

    def sources(self) -> list[tuple[str, str]]:
        """Of each scored item: what it is called, and its label (empty where it has none)."""
        sources = _sources(self.normal, self.splits.test)
        return sources + (_sources(self.novel, self.novel_rows) if self.novel is not None else [])


def _sources(dataset: Dataset, rows: np.ndarray) -> list[tuple[str, str]]:
    names = dataset.label_names
    labels = [""] * len(rows) if dataset.labels is None else [names[i] if i >= 0 else "" for i in dataset.labels[rows]]
    return [(with_title(dataset, row), label) for row, label in zip(rows.tolist(), labels, strict=True)]


def default_choice(context: Context) -> ClassChoice:
    """What shows something at once: the classes a model was trained on against the others; else another dataset.

    A model that was trained on every class of its data knows no novel class there: another dataset of the same shape is
    novel to it. Where there is none, the last class stands in, and the page says what that means.
    """
    trained_on = context.card.recipe.data
    names = session.dataset_names(context.checkpoint.event_shape, context.card.data.feature_names)
    normal = context.dataset.name
    if context.split.startswith("other data"):
        normal = session.preferred_dataset(context.card, names) or normal
    dataset = session.dataset_of(normal, context.card)
    classes = tuple(c for c in trained_on.classes if c in dataset.label_names)
    if 0 < len(classes) < len(dataset.label_names):
        return ClassChoice(normal, classes, OTHER_CLASSES)
    if context.dataset.name != normal:
        return ClassChoice(normal, (), context.dataset.name)
    # The same images under another name are not novel: a held-out sample, or what the model was trained on.
    kin = {normal, trained_on.dataset, *dataset.held_out_for}
    others = [n for n in names if n not in kin and not (n in DATASETS and kin.intersection(DATASETS[n].held_out_for))]
    if others:
        return ClassChoice(normal, (), others[0])
    if len(dataset.label_names) > 1:
        return ClassChoice(normal, dataset.label_names[:-1], OTHER_CLASSES)
    return ClassChoice(normal, (), NONE_KNOWN)


def choice_form(context: Context, default: ClassChoice) -> ClassChoice:
    """Let the visitor say what is normal; each model and dataset starts from its own default, or from the link."""
    names = session.dataset_names(context.checkpoint.event_shape, context.card.data.feature_names)
    link.start_from(
        "novelty_choice_for",
        f"{context.checkpoint.name}|{context.dataset.name}",
        {"novelty_normal": default.normal, "novelty_classes": list(default.classes), "novelty_novel": default.novel},
    )
    normal = st.selectbox(
        "Normal items from",
        names,
        names.index(default.normal),
        session.dataset_title,
        key="novelty_normal",
        bind="query-params",
    )
    label_names = session.dataset_of(normal, context.card).label_names
    classes: list[str] = []
    if len(label_names) > 1:
        start = [c for c in default.classes if c in label_names]
        classes = st.multiselect(
            "Normal classes (none: all)", label_names, start, key="novelty_classes", bind="query-params"
        )
    some = 0 < len(classes) < len(label_names)
    novel = [*([OTHER_CLASSES] if some else []), *(n for n in names if n != normal), NONE_KNOWN]
    titles = {OTHER_CLASSES: "the other classes", NONE_KNOWN: "none known"}
    chosen = st.selectbox(
        "Novel items",
        novel,
        novel.index(default.novel) if default.novel in novel else 0,
        lambda name: titles.get(name) or session.dataset_title(name),
        key="novelty_novel",
        bind="query-params",
    )
    return ClassChoice(normal, tuple(classes) if some else (), chosen)


def question(context: Context, choice: ClassChoice) -> ClassItems:
    """The items behind a choice.

    Raises:
        ExplorerError: too few normal items.
    """
    dataset = session.dataset_of(choice.normal, context.card)
    splits = novelty.normal_splits(context.checkpoint, dataset, choice.classes)
    novel, rows = None, np.empty(0, np.int64)
    if choice.novel == OTHER_CLASSES:
        novel, rows = dataset, novelty.novel_rows(context.checkpoint, dataset, choice.classes)
    elif choice.novel != NONE_KNOWN:
        novel = session.dataset_of(choice.novel, context.card)
        rows = novelty.novel_rows(context.checkpoint, novel)
    words = _words(context, dataset, choice, len(splits.test), len(rows))
    normal = f"{', '.join(choice.classes) or 'all'} of {dataset.title}"
    return ClassItems(dataset, splits, novel, rows, words, normal, choice.classes)


def _words(context: Context, dataset: Dataset, choice: ClassChoice, n_normal: int, n_novel: int) -> str:
    split = evaluation.rows_for(context.checkpoint, dataset)[1]
    named = f" ({', '.join(choice.classes)})" if choice.classes else ""
    words = f":blue[**Normal**]: {plain(f'{n_normal:,} of {dataset.title}{named}')}, {split}. "
    if choice.novel == NONE_KNOWN:
        return words + "There are no novel items: only the threshold is set."
    of = "its other classes" if choice.novel == OTHER_CLASSES else session.dataset_title(choice.novel)
    return words + f":orange[**Novel**]: {plain(f'{n_novel:,} of {of}')}."


def was_trained_on_novel(context: Context, choice: ClassChoice) -> bool:
    """Whether the model saw the novel classes in training, so that its own scores cannot be expected to find them."""
    trained_on = context.card.recipe.data
    return choice.novel == OTHER_CLASSES and not trained_on.classes
