"""Which score tells novel from normal best on the scored items, by how much, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from jaxtyping import Bool

from explorer import novelty
from explorer.core.errors import ExplorerError
from explorer.core.intervals import Interval
from explorer.novelty import baselines as baseline_scores
from explorer.ui.novelty.scored import ScoredItems
from explorer.ui.shell.cache import cached
from explorer.ui.widgets.terms import explained
from explorer.ui.widgets.text import plain

MIN_KIND = 2
"""Normal and novel items each that a comparison needs."""
DRAWS = 5_000_000
"""Items drawn in all bootstrap draws of one comparison: fewer draws for many items."""


@dataclass(frozen=True)
class Standing:
    """A score among others.

    Args:
        title: what it is called.
        area: its AUROC.
        precision: its average precision.
        difference: of its AUROC from that of the score it is compared with; None for that score itself.
        looks_at: what it sees of an item.
    """

    title: str
    area: Interval
    precision: Interval
    difference: Interval | None
    looks_at: str


def ranking(scored: ScoredItems) -> None:
    """A table of scores fitted on the same normal items and scored on the same ones; nothing without labels."""
    if not scored.knows_novel or _fewest(scored) < MIN_KIND:
        return
    st.subheader("Which score is best here")
    others = baseline_scores.baselines_of(scored.detector)
    baselines = [name for name in others if name in baseline_scores.BASELINES]
    if len(others) > len(baselines) and st.toggle(
        "All scores of this model", key="novelty_all", help="The first time takes longer."
    ):
        baselines = others
    scores, refused = _scores(scored, baselines)
    chosen = _compare_with()
    standings = _standings(scored, scores, chosen)
    st.markdown(verdict(standings, chosen))
    st.dataframe(_table(standings, chosen), hide_index=True, width="stretch")
    explained(_notes(scored, _normal_items(scored)))
    for message in refused:
        st.caption(plain(message))


def verdict(standings: list[Standing], compared_with: str = "best") -> str:
    """The first sentence: who is ahead, by how much, and whether that may be chance.

    Args:
        standings: the best first, as ``compare`` gives them.
        compared_with: "best" or "detector".
    """
    if compared_with == "detector":
        return _beside_detector(standings)
    first, second = standings[0], standings[1]
    assert second.difference is not None  # noqa: S101 - only the first is compared with itself
    ahead_by = _signed(-second.difference)
    level = [standing.title for standing in standings if standing.difference and standing.difference.high >= 0]
    if level:
        said = f"{first.title} leads {second.title} by {ahead_by}"
        return f"**No score is clearly ahead**: {said}; {_listed(level)} may be as good."
    return f"**{first.title}** is ahead of {second.title} by {ahead_by}."


def _beside_detector(standings: list[Standing]) -> str:
    detector = next(standing for standing in standings if standing.difference is None)
    better = [s.title for s in standings if s.difference is not None and s.difference.low > 0]
    worse = [s.title for s in standings if s.difference is not None and s.difference.high < 0]
    parts = [
        f"clearly better: {_listed(better)}" if better else "",
        f"clearly worse: {_listed(worse)}" if worse else "",
    ]
    said = "; ".join(part for part in parts if part)
    return f"Beside **{detector.title}**, the detector's score, {said or 'no score is clearly better or worse'}."


def compare(
    scores: dict[str, np.ndarray], is_novel: Bool[np.ndarray, " n"], compared_with: str | None = None
) -> list[Standing]:
    """Scores of the same items from the best to the worst, each with its distance from one of them.

    Args:
        scores: name in the registry -> (N,); higher is more anomalous.
        is_novel: (N,) bool, two of each kind or more.
        compared_with: a name; None: the best.
    """
    areas = {name: novelty.auroc(values, is_novel) for name, values in scores.items()}
    order = sorted(areas, key=lambda name: -areas[name].value)
    reference = order[0] if compared_with is None else compared_with
    draws = int(np.clip(DRAWS / len(is_novel), 200, 1000))
    return [
        Standing(
            novelty.REGISTRY[name].title,
            areas[name],
            novelty.average_precision(scores[name], is_novel),
            None if name == reference else novelty.auroc_difference(scores[name], scores[reference], is_novel, draws),
            "the model" if novelty.REGISTRY[name].uses_checkpoint else "the items alone",
        )
        for name in order
    ]


# --- Scores ----------------------------------------------------------------------------------------------------------


def _fewest(scored: ScoredItems) -> int:
    known = ~np.isnan(scored.scores)
    novel = np.asarray(scored.is_novel)[known]
    return int(min(novel.sum(), (~novel).sum()))


def _scores(scored: ScoredItems, names: list[str]) -> tuple[dict[str, np.ndarray], list[str]]:
    """The detector's scores and those of others, of the items that have one; and why others are missing."""
    scores = {scored.detector.card.scorer.name: scored.scores[~np.isnan(scored.scores)]}
    refused = []
    for name in names:
        try:
            scores[name] = _scores_of(name, scored)
        except ExplorerError as error:
            refused.append(f"{novelty.REGISTRY[name].title} is not among them: {error.message}")
    return scores, refused


@cached(max_entries=64, spinner="Fitting other scores on the same normal items")
def _scores_of(name: str, scored: ScoredItems) -> np.ndarray:
    known = ~np.isnan(scored.scores)
    return baseline_scores.baseline(name, scored.detector, _normal_items(scored)).score(scored.x[known])


def _normal_items(scored: ScoredItems) -> np.ndarray:
    """(n, *event) normal items that other scores are fitted on; none of them is scored."""
    return scored.detector.examples if scored.fitted_on is None else scored.fitted_on


@cached(max_entries=32, spinner="Comparing scores")
def _standings(scored: ScoredItems, scores: dict[str, np.ndarray], compared_with: str) -> list[Standing]:
    novel = np.asarray(scored.is_novel)[~np.isnan(scored.scores)]
    return compare(scores, novel, scored.detector.card.scorer.name if compared_with == "detector" else None)


# --- Words -----------------------------------------------------------------------------------------------------------


def _compare_with() -> str:
    titles = {"best": "the best", "detector": "the detector's score"}
    chosen = st.segmented_control(
        "Compare each with", list(titles), format_func=titles.__getitem__, default="best", key="novelty_compare"
    )
    return chosen or "best"


def _table(standings: list[Standing], compared_with: str) -> dict[str, list[str]]:
    behind = compared_with == "best"
    difference = "Behind the best by" if behind else "Ahead of the detector's by"
    differences = [standing.difference for standing in standings]
    gaps = ["" if gap is None else _signed(-gap if behind else gap) for gap in differences]
    return {
        "Score": [standing.title for standing in standings],
        "AUROC": [f"{standing.area.value:.3f}" for standing in standings],
        "95 % interval": [standing.area.ends("{:.3f}".format) for standing in standings],
        difference: gaps,
        "Average precision": [
            f"{standing.precision.value:.3f} ({standing.precision.ends('{:.3f}'.format)})" for standing in standings
        ],
        "Looks at": [standing.looks_at for standing in standings],
    }


def _notes(scored: ScoredItems, fair: np.ndarray) -> str:
    novel = int(np.asarray(scored.is_novel).sum())
    words = (
        f"AUROC: how often a novel item scores above a normal one; 0.5 is guessing. {len(scored) - novel:,} normal and "
        f"{novel:,} novel items, the same for every score. Differences with 95 % bootstrap intervals; "
        "the best was chosen on these same items."
    )
    n_fit = scored.detector.card.n_fit
    if len(fair) < n_fit:
        words += (
            f" The others were fitted on {len(fair):,} of the {n_fit:,} normal items that the detector learnt from, "
            "which may cost them a little."
        )
    return words


def _signed(interval: Interval) -> str:
    return interval.text(lambda x: f"{x:.3f}".replace("-0.000", "0.000")).replace("-", "−")


def _listed(titles: list[str]) -> str:
    return titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} and {titles[-1]}"
