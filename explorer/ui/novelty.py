"""What the Novelty page shows: scores of normal and novel items, a threshold, and the oddest items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from explorer import data, figures, images, novelty, palette
from explorer.checkpoints import Checkpoint
from explorer.data import Dataset
from explorer.errors import ExplorerError
from explorer.novelty import Confusion, Rate, Scorer
from explorer.ui import cache, my_image, selection
from explorer.ui.frame import show_error
from explorer.ui.live.threshold import threshold_view
from explorer.ui.novelty_question import Question
from explorer.ui.pictures import picture_row
from explorer.ui.session import Current
from explorer.ui.tables import csv_button
from explorer.ui.text import plain, three_digits

RATES = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2)
GALLERY_ITEMS = 8
TOP_COLUMNS = 3
MAX_CLASSES_DRAWN = 40
BASELINES = ("pca", "isolation-forest")


# --- Scores ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Scores:
    """Of one scorer: (n,) each; higher is more anomalous.

    Args:
        calibration: of the normal items that set the threshold.
        judged: of the judged items, normal ones first.
    """

    calibration: np.ndarray
    judged: np.ndarray


def applicable(checkpoint: Checkpoint) -> list[str]:
    """Names of the scores that are defined for a checkpoint."""
    return [name for name, scorer in novelty.REGISTRY.items() if scorer.applies_to(checkpoint)]


def fitted(name: str, now: Current, asked: Question) -> Scorer:
    """A scorer that has learnt the normal items, fitted once."""
    return _fitted(name, cache.checkpoint_key(now.checkpoint), asked.key, now.checkpoint, asked)


@st.cache_resource(max_entries=24, show_spinner="Learning what is normal")
def _fitted(name: str, model_key: str, question_key: str, _checkpoint: Checkpoint, _asked: Question) -> Scorer:
    return novelty.REGISTRY[name].for_checkpoint(_checkpoint).fit(_asked.normal.x[_asked.roles.fit])


def scores(name: str, now: Current, asked: Question) -> Scores:
    """Scores of the calibration and of the judged items, computed once."""
    return _scores(name, cache.checkpoint_key(now.checkpoint), asked.key, now, asked)


@st.cache_data(max_entries=64, show_spinner="Scoring")
def _scores(name: str, model_key: str, question_key: str, _now: Current, _asked: Question) -> Scores:
    scorer = fitted(name, _now, _asked)
    return Scores(scorer.score(_asked.normal.x[_asked.roles.calibrate]), scorer.score(_asked.judged()))


def score_picker(now: Current) -> str:
    """Choose the score that the page shows."""
    name: str = st.selectbox(
        "Score",
        applicable(now.checkpoint),
        format_func=lambda name: novelty.REGISTRY[name].title,
        key="novelty_score",
        help="How odd an item is; higher is odder.",
    )
    st.caption(novelty.REGISTRY[name].summary)
    return name


# --- Threshold -------------------------------------------------------------------------------------------------------


def rate_picker() -> float:
    """Choose the false-alarm rate that sets the threshold."""
    rate: float = st.select_slider(
        "False alarms to accept",
        RATES,
        0.05,
        lambda rate: f"{rate:.1%}".replace(".0%", "%"),
        key="novelty_rate",
        bind="query-params",
        help="The share of normal items that may be called novel. It sets the threshold; dragging moves it from there.",
    )
    return rate


def histogram(name: str, found: Scores, asked: Question, rate: float) -> float:
    """Scores of normal and novel items with the threshold to drag.

    Returns:
        The threshold as it stands.
    """
    threshold = novelty.threshold_for(found.calibration, rate)
    novel = asked.is_novel()
    scorer = novelty.REGISTRY[name]
    value = threshold_view(
        found.judged,
        novel if novel.any() else None,
        found.calibration,
        key="novelty_threshold",
        title=f"{scorer.title} ({scorer.unit})",
        rate=rate,
    )
    st.caption(
        f"Set by {threshold.n:,} other normal items: at {three_digits(threshold.value)}, expect {threshold.rate:.1%} "
        f"false alarms (95 % interval {threshold.low:.1%} to {threshold.high:.1%}). {asked.roles.note}"
    )
    return value


def counts(found: Scores, asked: Question, threshold: float) -> None:
    """Confusion matrix and rates at the threshold."""
    seen = novelty.confusion(found.judged, asked.is_novel(), threshold)
    st.caption(f"At a threshold of {three_digits(threshold)}")
    kinds = [("normal", seen.false_alarms, seen.passed)]
    if asked.novel is not None:
        kinds.append(("novel", seen.found, seen.missed))
    columns = {title: [kind[i] for kind in kinds] for i, title in enumerate(("", "alarm", "no alarm"))}
    st.dataframe(columns, hide_index=True, width="stretch")
    for line in rate_lines(seen, asked.novel is not None):
        st.markdown(line)


def rate_lines(seen: Confusion, has_novel: bool) -> list[str]:
    """False alarms, and where novel items are known also what is found and how many alarms are right."""
    lines = [f"False alarms: {_share(seen.false_alarm_rate)}"]
    if has_novel:
        lines += [
            f"Novel items found: {_share(seen.detection_rate)}",
            f"Alarms that are right: {_share(seen.precision)}",
        ]
    return lines


def _share(rate: Rate) -> str:
    if not rate.n:
        return "none to count"
    return f"**{rate.value:.1%}** ({rate.low:.1%} to {rate.high:.1%}), {rate.count:,} of {rate.n:,}"


# --- Beside other scores ---------------------------------------------------------------------------------------------


def ranking(chosen: str, now: Current, asked: Question) -> None:
    """AUROC of the chosen score beside the baselines', on the same items."""
    names = list(dict.fromkeys([chosen, *BASELINES]))
    if st.toggle(
        "All scores", key="novelty_all", help="Adds every score that this model has; the first time takes longer."
    ):
        names = list(dict.fromkeys([*names, *applicable(now.checkpoint)]))
    rows = []
    for name in names:
        area = novelty.auroc(scores(name, now, asked).judged, asked.is_novel())
        scorer = novelty.REGISTRY[name]
        rows.append(
            (area.value, scorer.title, f"{area.value:.3f}", f"{area.low:.3f} to {area.high:.3f}", _sees(scorer))
        )
    rows.sort(key=lambda row: -row[0])
    titles = ("Score", "AUROC", "95 % interval", "Looks at")
    st.dataframe(
        {title: [row[i + 1] for row in rows] for i, title in enumerate(titles)}, hide_index=True, width="stretch"
    )
    st.caption(
        f"AUROC: how often a novel item scores above a normal one; 0.5 is guessing. {len(asked.roles.judge):,} normal "
        f"and {len(asked.novel_rows):,} novel items, the same for every score."
    )


def _sees(scorer: type[Scorer]) -> str:
    return "the model" if scorer.uses_checkpoint else "the items alone"


def curves(found: Scores, asked: Question, threshold: float) -> None:
    """ROC and precision-recall with the point where the threshold stands."""
    novel = asked.is_novel()
    seen = novelty.confusion(found.judged, novel, threshold)
    alarms, detections, _ = novelty.roc(found.judged, novel)
    precision, recall, _ = novelty.precision_recall(found.judged, novel)
    at = (seen.false_alarm_rate.value, seen.detection_rate.value)
    left, right = st.columns(2)
    with left:
        area = novelty.auroc(found.judged, novel)
        st.plotly_chart(figures.roc_curve(alarms, detections, area, at), width="stretch", key="novelty_roc")
    with right:
        at_alarms = (seen.detection_rate.value, seen.precision.value) if seen.precision.n else None
        chart = figures.precision_recall(precision, recall, float(novel.mean()), at_alarms)
        st.plotly_chart(chart, width="stretch", key="novelty_precision")


def by_class(name: str, found: Scores, asked: Question, threshold: float) -> None:
    """Scores of each class as histograms over the same bins, normal classes blue and novel ones orange."""
    groups: dict[str, list[float]] = {}
    novel: set[str] = set()
    two_sources = asked.novel is not None and asked.novel is not asked.normal
    for score, (title, _, label), is_novel in zip(found.judged, asked.sources(), asked.is_novel(), strict=True):
        group = f"{title}: {label}" if two_sources and label else label or title
        groups.setdefault(group, []).append(float(score))
        if is_novel:
            novel.add(group)
    shown = {group: np.array(values) for group, values in list(groups.items())[:MAX_CLASSES_DRAWN]}
    if len(groups) > len(shown):
        st.caption(f"The first {len(shown)} of {len(groups)} classes.")
    scorer = novelty.REGISTRY[name]
    chart = figures.class_histograms(shown, novel, threshold, f"{scorer.title} ({scorer.unit})")
    st.plotly_chart(chart, width="stretch", key="novelty_by_class")


# --- The oddest items ------------------------------------------------------------------------------------------------


def gallery(found: Scores, now: Current, asked: Question, threshold: float) -> None:
    """Judged items from the most to the least odd, what the model makes of them, and where that differs."""
    order = np.argsort(-found.judged, kind="stable")
    selected = selected_items(now, asked)
    if _only_selected(now, selected):
        order = order[selected[order]]
    last = max(0, len(order) - GALLERY_ITEMS)
    start = st.slider("From the most odd (0) to the least", 0, last, 0, GALLERY_ITEMS) if last else 0
    chosen = order[start : start + GALLERY_ITEMS]
    sources, novel = asked.sources(), asked.is_novel()
    kinds = ["novel" if novel[i] else "normal" for i in chosen]
    whats = [f"{kind}, {sources[i][2]}" if sources[i][2] else kind for kind, i in zip(kinds, chosen, strict=True)]
    whats = [f"{what}\nselected" if selected[i] else what for what, i in zip(whats, chosen, strict=True)]
    captions = [_caption(what, found.judged[i], threshold) for what, i in zip(whats, chosen, strict=True)]
    show_items(now, asked.judged()[chosen], captions, [f"#{start + i + 1}" for i in range(len(chosen))])


def selected_items(now: Current, asked: Question) -> np.ndarray:
    """(n,) bool: which judged items are selected, as on the map of Latent space."""
    rows = selection.current(now)
    sources = [(asked.normal, asked.roles.judge)]
    if asked.novel is not None:
        sources.append((asked.novel, asked.novel_rows))
    here = now.dataset.fingerprint
    return np.concatenate([np.isin(judged, rows) & (source.fingerprint == here) for source, judged in sources])


def _only_selected(now: Current, selected: np.ndarray) -> bool:
    """Say how many selected items are judged, and ask whether to show only them."""
    total = len(selection.current(now))
    if not total:
        return False
    selection.write_link(now)
    if not selected.any():
        st.caption(f"None of the {total:,} selected items is among those that are judged here.")
        return False
    wanted: bool = st.toggle(
        f"Only the {int(selected.sum()):,} selected items that are judged here (of {total:,})", key="novelty_selected"
    )
    return wanted


def _caption(what: str, score: float, threshold: float) -> str:
    return "\n".join([what, f"score {three_digits(float(score))}", *(["alarm"] if score > threshold else [])])


def show_items(now: Current, x: np.ndarray, captions: Sequence[str], names: Sequence[str]) -> None:
    """Items beside their reconstructions, and what makes them odd: pixels, or columns."""
    x_hat = now.checkpoint.reconstruct(x)
    if not now.is_image:
        _columns_that_differ(now, x, x_hat, captions, names)
        return
    difference = (x_hat - images.to_float(x)).mean(1)
    limit = max(float(np.abs(difference).max()), 1e-6)
    picture_row("Item", x, captions)
    picture_row("Reconstruction", x_hat)
    picture_row(
        f"Reconstruction − item: purple is too dark, green too bright; full colour at ±{three_digits(limit)}",
        palette.diverging(difference, limit),
    )


def _columns_that_differ(
    now: Current, x: np.ndarray, x_hat: np.ndarray, captions: Sequence[str], names: Sequence[str]
) -> None:
    parts = novelty.contributions(now.checkpoint, x)
    shares = parts / np.maximum(parts.sum(1, keepdims=True), np.finfo(np.float32).tiny)
    columns = now.dataset.feature_names or tuple(f"column {i + 1}" for i in range(x.shape[1]))
    tops = [np.argsort(-share)[:TOP_COLUMNS] for share in shares]
    st.dataframe(
        {
            "Item": list(names),
            "What it is": [caption.replace("\n", ", ") for caption in captions],
            "Columns that differ most (share of its error)": [
                ", ".join(f"{columns[c]} {share[c]:.0%}" for c in top) for top, share in zip(tops, shares, strict=True)
            ],
        },
        hide_index=True,
        width="stretch",
    )
    item = st.selectbox("Look into", range(len(x)), format_func=lambda i: names[i], key=f"novelty_item.{names[0]}")
    order = np.argsort(-shares[item])
    st.dataframe(
        {
            "Column": [columns[c] for c in order],
            "Value": [three_digits(float(x[item, c])) for c in order],
            "Model's value": [three_digits(float(x_hat[item, c])) for c in order],
            "Share of the error": [float(shares[item, c]) for c in order],
        },
        hide_index=True,
        width="stretch",
        height=280,
        column_config={
            "Share of the error": st.column_config.ProgressColumn(format="percent", min_value=0.0, max_value=1.0)
        },
    )


def flagged_button(name: str, found: Scores, asked: Question, threshold: float) -> None:
    """The items above the threshold as CSV, the oddest first, with all their columns where they are table rows."""
    percentiles = novelty.percentile(found.judged, found.calibration)
    flagged = [int(i) for i in np.argsort(-found.judged, kind="stable") if found.judged[i] > threshold]
    sources, novel, judged = asked.sources(), asked.is_novel(), asked.judged()
    rows = [
        {
            "dataset": sources[i][0],
            "row": sources[i][1],
            "label": sources[i][2],
            "novel": bool(novel[i]) if asked.novel is not None else "",
            "score": float(found.judged[i]),
            "percent_of_normal_below": float(percentiles[i]),
            **(dict(zip(asked.normal.feature_names, map(float, judged[i]), strict=True)) if judged.ndim == 2 else {}),
        }
        for i in flagged
    ]
    csv_button(f"Download the {len(rows):,} flagged items (CSV)", rows, f"flagged-{name}.csv", "novelty_flagged")


# --- The visitor's own items -----------------------------------------------------------------------------------------


def own_items(name: str, found: Scores, now: Current, asked: Question, threshold: float) -> None:
    """Score uploaded items and the session's own image: how odd each is among normal ones."""
    st.subheader("Your items")
    kind = "Pictures, or a zip or NPZ of them" if now.is_image else "A CSV with the same columns, or an NPZ"
    files = st.file_uploader(f"{kind}; read into memory only", accept_multiple_files=True, key="novelty_upload")
    mine = my_image.current(now)
    if mine is not None:
        _show_own(mine.name, fitted(name, now, asked).score(mine.x), mine.x, found, now, threshold)
    for file in files:
        try:
            uploaded = data.from_upload(file.name, file.getvalue(), options=_options(now))
            x = as_items(now, uploaded)
            _show_own(file.name, fitted(name, now, asked).score(x), x, found, now, threshold)
        except ExplorerError as error:
            show_error(error)


def _options(now: Current) -> data.ImportOptions | None:
    if not now.is_image:
        return None
    channels, height, width = now.checkpoint.event_shape
    return data.ImportOptions(image_size=(height, width), channels=3 if channels == 3 else 1)


def as_items(now: Current, uploaded: Dataset) -> np.ndarray:
    """Uploaded items in the model's shape; pictures are scaled to it.

    Raises:
        ExplorerError: rows with another number of columns, or rows for a model of pictures.
    """
    shape = now.checkpoint.event_shape
    if uploaded.event_shape == shape:
        return uploaded.x
    if now.is_image and uploaded.kind == "image":
        return np.stack([images.fit_image(x, shape)[0] for x in uploaded.x])
    raise ExplorerError(
        f"{uploaded.title} has items of shape {uploaded.event_shape}; {now.checkpoint.name} takes {shape}.",
        "Upload items of that shape: for a table, the same columns in the same order.",
    )


def _show_own(title: str, own: np.ndarray, x: np.ndarray, found: Scores, now: Current, threshold: float) -> None:
    percentiles = novelty.percentile(own, found.calibration)
    order = np.argsort(-own, kind="stable")
    count = "1 item" if len(own) == 1 else f"{len(own):,} items"
    st.markdown(f"**{plain(title)}**: {count}, {int((own > threshold).sum()):,} above the threshold.")
    top = order[:GALLERY_ITEMS]
    captions = [_caption(f"odder than {percentiles[i]:.1f} % of normal", own[i], threshold) for i in top]
    show_items(now, x[top], captions, [f"{title}, item {i + 1}" for i in top])
    rows = [
        {
            "item": int(i) + 1,
            "score": float(own[i]),
            "percent_of_normal_below": float(percentiles[i]),
            "alarm": bool(own[i] > threshold),
        }
        for i in range(len(own))
    ]
    csv_button("Download the scores (CSV)", rows, "scores.csv", f"novelty_scores.{title}")
