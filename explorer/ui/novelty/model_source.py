"""Novelty through a trained model, where nothing is trained: the sidebar's, or that of a worked example."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from explorer import novelty
from explorer.checkpoints import VectorCheckpoint
from explorer.data import Dataset
from explorer.export import novelty_python
from explorer.io.tables.columns import Cells
from explorer.novelty.detector import Detector
from explorer.novelty.examples import OpenExample, open_example
from explorer.novelty.fitting import Parts, of_checkpoint
from explorer.novelty.inputs import of_dataset
from explorer.novelty.items import ItemsToScore
from explorer.novelty.scores.registry import scores_for
from explorer.ui.novelty import link as link
from explorer.ui.novelty import question as ask
from explorer.ui.novelty.question import ClassItems
from explorer.ui.novelty.scored import Case, ScoredItems, score_items
from explorer.ui.shell import copied, frame, selection
from explorer.ui.shell.cache import cached_resource, key_of
from explorer.ui.shell.session import Context
from explorer.ui.widgets.text import plain
from explorer.ui.widgets.threshold_memory import RATE


def case() -> Case | None:
    """Classes of the sidebar's dataset, looked at through the sidebar's checkpoint."""
    context = frame.current(may_lack="decoder")
    if not context.is_real:
        frame.no_real_items(context, "Novelty detection compares the errors of real items.")
        return None
    left, right = st.columns(2, vertical_alignment="bottom")
    with left.popover("Normal and novel classes", icon=":material/tune:", width="stretch"):
        choice = ask.choice_form(context, ask.default_choice(context))
    with right:
        score = score_picker("model", context.checkpoint, default_score(context.checkpoint))
    asked = ask.question(context, choice)
    notes = []
    if context.card.lacks:
        notes.append(
            "The model is an encoder alone, so that scores look at codes or at the items themselves. What a model"
            " rebuilds, the scores by its error and where an item differs are not there: they need a decoder."
        )
    if context.card.origin:
        notes.append(
            "What the model was trained on is not known. If it saw the novel items, they may look normal to it."
        )
    elif ask.was_trained_on_novel(context, choice):
        notes.append(
            "The model saw these novel classes in training, so it reconstructs them as well as the normal ones."
        )
    return _case(score, context.checkpoint, asked, (*notes, asked.splits.note), _selected(context, asked))


def example_case(name: str) -> Case:
    """A worked example, opened at once from what ships."""
    opened = _example(name)
    score = score_picker(name, opened.checkpoint, opened.example.scorer)
    novel = opened.rows[opened.is_novel]
    classes = ", ".join(opened.example.normal)
    normal = f"{opened.dataset.title} ({classes})"
    words = (
        f":blue[**Normal**]: {plain(f'{len(opened.splits.test):,} of {normal}')}. "
        f":orange[**Novel**]: {len(novel):,} of its other classes. The model saw none of them."
    )
    asked = ClassItems(opened.dataset, opened.splits, opened.dataset, novel, words, normal, opened.example.normal)
    case = _case(score, opened.checkpoint, asked, (opened.splits.note,), None, name)
    return replace(case, rate=None if link.came_with(RATE) else opened.example.rate)


def default_score(checkpoint: VectorCheckpoint) -> str:
    """The score that the page starts from: of an encoder alone one of its codes."""
    return "nearest-neighbours" if checkpoint.card.lacks else "reconstruction-error"


def score_picker(source: str, checkpoint: VectorCheckpoint, default: str = "reconstruction-error") -> str:
    """Choose one of the scores that are defined for a checkpoint; each source starts from its own default."""
    names = scores_for(checkpoint)
    first = default if default in names else names[0]
    link.start_from("novelty_score_for", source, {"novelty_score": first})
    link.settle("novelty_score", names, first)
    name: str = st.selectbox(
        "Score",
        names,
        format_func=lambda name: novelty.REGISTRY[name].title,
        key="novelty_score",
        help="How anomalous an item is; higher is more anomalous. "
        + novelty.REGISTRY[st.session_state["novelty_score"]].summary,
    )
    link.keep("novelty_score", name, first)
    return name


@cached_resource(max_entries=3, spinner="Opening the example")
def _example(name: str) -> OpenExample:
    return open_example(name)


def _case(
    score: str,
    checkpoint: VectorCheckpoint,
    asked: ClassItems,
    notes: tuple[str, ...],
    selected: np.ndarray | None,
    example: str = "",
) -> Case:
    scored = _scored_items(score, checkpoint, asked, example)
    data = tuple(dict.fromkeys(d.title for d in (asked.normal, asked.novel) if d is not None))
    data_code = copied.of_dataset(asked.normal, checkpoint.card)
    novel = "" if asked.novel is None else copied.of_dataset(asked.novel, checkpoint.card)
    stored = example if example and _example(example).detector.card.scorer.name == score else ""
    differ = asked.novel is not None and asked.novel.x.dtype != asked.normal.x.dtype
    code = novelty_python.fitted_of_model(
        copied.model_name(checkpoint.card), data_code, score, asked.normal_labels, novel, stored, differ
    )
    return Case(
        scored.detector, scored.key, asked.words, scored, scored.fitted_on, notes,
        selected=selected, data=data, code=code,
    )  # fmt: skip


@cached_resource(max_entries=24, spinner="Learning what is normal, and scoring")
def _scored_items(score: str, checkpoint: VectorCheckpoint, asked: ClassItems, example: str) -> ScoredItems:
    detector = _example(example).detector if example else None
    if detector is None or detector.card.scorer.name != score:
        detector = _fitted(score, checkpoint, asked)
    splits = asked.splits
    sources = asked.sources()
    cells: dict[str, Cells] = {}
    x = asked.scored()
    if x.ndim == 2:
        columns = of_dataset(asked.normal).rows.columns
        cells = dict(zip(columns, x.astype(np.float64).T, strict=True))
    items = ItemsToScore(x, tuple(name for name, _ in sources), tuple(label for _, label in sources), cells)
    key = key_of(score, checkpoint, asked)
    return score_items(
        detector, items, asked.is_novel(), key, _title(asked), asked.normal.x[splits.fit], asked.origins()
    )


def _fitted(score: str, checkpoint: VectorCheckpoint, asked: ClassItems) -> Detector:
    parts = Parts(asked.splits.fit, np.empty(0, np.int64), asked.splits.calibrate)
    return of_checkpoint(checkpoint, asked.normal, parts, score, asked.normal_words, asked.normal_labels)


def _title(asked: ClassItems) -> str:
    normal, novel = len(asked.splits.test), len(asked.novel_rows)
    others = f", {novel:,} novel" if asked.novel is not None else ""
    return f"{normal:,} held-out normal items of {asked.normal.title}{others}"


def _selected(context: Context, asked: ClassItems) -> np.ndarray:
    """(N,) bool: which scored items are selected, as on the map of Latent space."""
    rows = selection.current(context)
    sources: list[tuple[Dataset, np.ndarray]] = [(asked.normal, asked.splits.test)]
    if asked.novel is not None:
        sources.append((asked.novel, asked.novel_rows))
    here = context.dataset.fingerprint
    return np.concatenate([np.isin(scored, rows) & (source.fingerprint == here) for source, scored in sources])
