"""What the Novelty page says of a detector and the items that it scores: the threshold, and scores by label."""

from __future__ import annotations

import numpy as np
import streamlit as st
from jaxtyping import Bool

from explorer import novelty
from explorer.export import figures
from explorer.novelty.drift import PromiseCheck, check_promise
from explorer.novelty.localisation import Localisation, localise
from explorer.ui.novelty import scored_items
from explorer.ui.novelty.native_maps import RATE
from explorer.ui.novelty.scored import Case, ScoredItems
from explorer.ui.shell import selection, session
from explorer.ui.shell.cache import cached
from explorer.ui.widgets.figure import show_figure
from explorer.ui.widgets.text import plain
from explorer.ui.widgets.threshold import threshold_view

MAX_CLASSES_DRAWN = 40


def in_use(case: Case, scored: ScoredItems | None) -> tuple[list[str], list[str]]:
    """Titles of the models, of the score, and of the items that it scores: for the sidebar."""
    card = case.detector.card
    models = [model.title for model in card.models]
    data = list(case.data) if scored is case.scored else [scored.title] if scored is not None else []
    return [*models, novelty.REGISTRY[card.scorer.name].title], data or [card.normal]


def words(case: Case, scored: ScoredItems) -> None:
    """What is normal and what is scored, and what a visitor should know of either."""
    st.markdown(case.words)
    if scored is not case.scored:
        st.markdown(f"**Scored**: {plain(scored.title)}.")
    scored_items.say(case.notes)


def threshold(case: Case, scored: ScoredItems, user_scored: ScoredItems | None, detailed: bool) -> float:
    """The scores with the threshold to drag, and all that follows it.

    Args:
        user_scored: the visitor's own image.
        detailed: whether it is shown for professionals.

    Returns:
        The threshold as it stands.
    """
    return threshold_view(
        scored.scores,
        scored.is_novel,
        case.detector.calibration,
        key=f"novelty_threshold.{case.key}",
        title=score_title(scored),
        labels=("normal", "novel") if scored.is_novel is not None else ("items", "novel"),
        own=None if user_scored is None else user_scored.scores,
        rate=case.rate,
        detailed=detailed,
    )


PROFESSIONAL = "professional"
"""In the session and in the link: whether intervals, curves, costs and other scores are shown."""


def for_professionals() -> bool:
    """Draw the switch for what a first look does not need; whether it is on."""
    return st.toggle(
        "For professionals: intervals, curves, costs, other scores",
        key=PROFESSIONAL,
        bind="query-params",
        persist_state="session",
    )


def promise(scored: ScoredItems, threshold: float) -> PromiseCheck:
    """Say so where the promised false-alarm rate does not hold for the scored items."""
    check = _checked(scored, threshold)
    if check.is_withdrawn:
        st.warning(plain(check.words), icon=":material/warning:")
    return check


def pixels(scored: ScoredItems) -> None:
    """How well the maps agree with the masks that came with the images; nothing where none did."""
    if scored.masks is None or scored.is_novel is None:
        return
    result = _localised(scored)
    if result is not None:
        st.markdown(plain(result.words) + ".")
        if result.touched:
            promised = scored.detector.pixel_threshold(RATE).rate.value
            st.markdown(
                plain(f"{result.touched_words}. Of normal images {promised:.1%} are expected to have such a pixel.")
            )


def pixels_words(scored: ScoredItems) -> str:
    """The same in a line; empty where there are no masks."""
    result = None if scored.masks is None or scored.is_novel is None else _localised(scored)
    if result is None:
        return ""
    return ". ".join([result.words, *([result.touched_words] if result.touched else [])])


@cached(max_entries=8, spinner="Comparing with the masks")
def _localised(scored: ScoredItems) -> Localisation | None:
    is_normal = np.zeros(len(scored), bool) if scored.is_novel is None else ~scored.is_novel
    detector = scored.detector
    of_pixels = None if detector.map_peaks is None else detector.pixel_threshold(RATE).value
    return localise(detector, lambda rows: scored.x[rows], scored.masks, is_normal, of_pixels)


@cached(max_entries=64)
def _checked(scored: ScoredItems, threshold: float) -> PromiseCheck:
    windows = scored.detector.card.windows
    # Of windows that overlap only as many count as have no row in common.
    apart = slice(None, None, 1 if windows is None else windows.overlapping)
    is_novel = None if scored.is_novel is None else scored.is_novel[apart]
    return check_promise(scored.detector, threshold, scored.scores[apart], scored.watched, is_novel)


def score_title(scored: ScoredItems) -> str:
    """The score's name with its unit."""
    scorer = novelty.REGISTRY[scored.detector.card.scorer.name]
    return f"{scorer.title} ({scorer.unit})"


def marked(case: Case, scored: ScoredItems) -> Bool[np.ndarray, " n"] | None:
    """(N,) bool: which scored items are selected on the map of Latent space; None where that does not apply.

    Says how many of the selected items are scored here.
    """
    if case.selected is None or scored is not case.scored:
        return None
    context = session.current()
    total = len(selection.current(context))
    if not total:
        return None
    selection.write_link(context)
    here = int(case.selected.sum())
    if not here:
        st.caption(f"None of the {total:,} selected items is among those that are scored here.")
        return None
    return case.selected


def by_label(scored: ScoredItems, threshold: float) -> None:
    """Scores of each label as histograms over the same bins, normal ones blue and novel ones orange."""
    groups: dict[str, list[float]] = {}
    novel_labels: set[str] = set()
    is_novel = np.zeros(len(scored), bool) if scored.is_novel is None else scored.is_novel
    for score, label, novel in zip(scored.scores, scored.labels, is_novel, strict=True):
        if label and not np.isnan(score):
            groups.setdefault(label, []).append(float(score))
            if novel:
                novel_labels.add(label)
    if len(groups) < 2:
        return
    st.subheader("Scores by class")
    shown = {group: np.array(values) for group, values in list(groups.items())[:MAX_CLASSES_DRAWN]}
    if len(groups) > len(shown):
        st.caption(f"The first {len(shown)} of {len(groups)} classes.")
    chart = figures.class_histograms(shown, novel_labels, threshold, score_title(scored))
    show_figure(chart, key="novelty_by_class")
