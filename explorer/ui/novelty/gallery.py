"""Scored items, the most anomalous first, and why each is: where it differs, and the nearest normal items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import streamlit as st
from jaxtyping import Bool, Num, UInt8

from explorer.core import palette
from explorer.io import images
from explorer.io.tables.columns import Cells
from explorer.novelty.detector import Detector
from explorer.novelty.scores.local_error import LocalError
from explorer.ui.novelty.scored import ScoredItems
from explorer.ui.shell.cache import cached
from explorer.ui.widgets import pictures
from explorer.ui.widgets.pictures import ItemPictures
from explorer.ui.widgets.text import three_digits

IMAGES_A_PAGE, ROWS_A_PAGE = 9, 10
NEIGHBOURS = 3
TOP_COLUMNS = 3
SCALED_BY = 36
"""So many of the most anomalous items set the scale of all heat maps: full colour is the maximum of half of them."""
OVERLAY = 0.9
"""How much of an image a full colour covers."""


def gallery(scored: ScoredItems, threshold: float, marked: Bool[np.ndarray, " n"] | None = None) -> None:
    """A page of items in the order of their scores, each with its reasons.

    Args:
        threshold: above it is an alarm.
        marked: (N,) bool items that can be shown alone, such as those selected on a map; None: there are none.
    """
    order = scored.order
    if marked is not None and st.toggle(
        f"Only the {int(marked.sum()):,} selected items that are scored here", key="novelty_selected"
    ):
        order = order[marked[order]]
    is_image = scored.detector.card.kind == "image"
    size = IMAGES_A_PAGE if is_image else ROWS_A_PAGE
    start = _start(scored.key, len(order), size)
    shown = order[start : start + size]
    if is_image:
        _show_images(scored, shown, start, threshold, marked)
    else:
        _show_rows(scored, shown, start, threshold, marked)


def _start(key: str, n: int, size: int) -> int:
    """Where the page starts: chosen with a slider where there is more than one."""
    last = (n - 1) // size * size
    if last <= 0:
        return 0
    rank: int = st.slider(
        "Start from rank", 1, last + 1, 1, size, key=f"novelty_rank.{key}.{n}", help="1 is the most anomalous."
    )
    return rank - 1


def describe(scored: ScoredItems, item: int, threshold: float, marked: bool = False) -> str:
    """What is known of an item, in one line: its score, p-value, verdict and label."""
    score = float(scored.scores[item])
    parts = [f"score {three_digits(score)}", f"p {three_digits(float(scored.p_values[item]))}"]
    parts += ["alarm" if score > threshold else "no alarm", _label(scored, item, marked)]
    return ", ".join(part for part in parts if part)


def _label(scored: ScoredItems, item: int, marked: bool) -> str:
    """Whether an item is novel, its label, and whether it is marked; empty where nothing is known."""
    kind = "" if scored.is_novel is None else "novel" if scored.is_novel[item] else "normal"
    label = scored.labels[item] if scored.labels[item] != kind else ""
    return ", ".join(part for part in (kind, label, "selected" if marked else "") if part)


# --- Images ----------------------------------------------------------------------------------------------------------


def _show_images(
    scored: ScoredItems, shown: np.ndarray, start: int, threshold: float, marked: np.ndarray | None
) -> None:
    detector, x = scored.detector, scored.x[shown]
    rebuilt, maps = detector.reconstruct(x), detector.maps(x)
    near, distances = detector.nearest(x, NEIGHBOURS)
    heat = None
    if maps is not None:
        limit = _full_colour(scored)
        heat = overlay(x, maps, limit)
        st.caption(f"Where it differs: {map_unit(detector)}, the same scale for every item")
        pictures.colour_scale(palette.SEQUENTIAL, "0", f"{three_digits(limit)} and more")
    cards = []
    for i, item in enumerate(shown):
        views = [(x[i], "item")]
        if rebuilt is not None:
            views.append((rebuilt[i], "reconstruction"))
        if heat is not None:
            views.append((heat[i], "where it differs"))
        normal = [
            (detector.examples[row], f"normal, at {three_digits(float(distance))}")
            for row, distance in zip(near[i], distances[i], strict=True)
        ]
        is_marked = marked is not None and bool(marked[item])
        text = f"{describe(scored, item, threshold, is_marked)} · {scored.names[item]}"
        cards.append(ItemPictures(f"#{start + i + 1}", text, (views, normal), _mark(scored, item)))
    pictures.cards(cards)
    st.caption(
        f"Below each item: the nearest of {len(detector.examples):,} kept normal examples, by {space(detector)}."
    )


def _mark(scored: ScoredItems, item: int) -> str:
    if scored.is_novel is None:
        return ""
    return palette.NOVEL if scored.is_novel[item] else palette.NORMAL


@cached(max_entries=32)
def _full_colour(scored: ScoredItems) -> float:
    maps = scored.detector.maps(scored.x[scored.order[:SCALED_BY]])
    return 1.0 if maps is None else max(float(np.quantile(maps.max((1, 2)), 0.5)), 1e-6)


def overlay(
    x: Num[np.ndarray, "n c h w"], maps: Num[np.ndarray, "n h w"], limit: float
) -> UInt8[np.ndarray, "n 3 h w"]:
    """Images in grey with the colours of a map over them, the more opaque the higher it is.

    Args:
        x: (N, C, H, W) uint8 or float in [0, 1].
        maps: (N, H, W), 0 or below is not anomalous.
        limit: value of the full colour, above 0.

    Returns:
        (N, 3, H, W) uint8.
    """
    grey = 255 * images.to_float(x).mean(1)
    share = np.clip(maps / limit, 0, 1)
    cover = OVERLAY * share[..., None]
    blended = (1 - cover) * grey[..., None] + cover * palette.sequential(share)
    return np.rint(blended).clip(0, 255).astype(np.uint8).transpose(0, 3, 1, 2)


def map_unit(detector: Detector) -> str:
    """What a detector's heat maps are measured in."""
    if isinstance(detector.scorer, LocalError):
        return "smoothed error in standard deviations of that of normal items"
    return "squared error of the reconstruction, smoothed"


def space(detector: Detector) -> str:
    """Where a detector measures how near its examples are."""
    return "distance between codes" if detector.card.models else "distance, value by value"


# --- Table rows ------------------------------------------------------------------------------------------------------


def _show_rows(scored: ScoredItems, shown: np.ndarray, start: int, threshold: float, marked: np.ndarray | None) -> None:
    detector = scored.detector
    shares = column_shares(detector, scored.x[shown])
    names = detector.card.encoding.names if detector.card.encoding else ()
    table = {
        "Rank": [start + i + 1 for i in range(len(shown))],
        "Item": [scored.names[item] for item in shown],
        "Label": [_label(scored, int(item), marked is not None and bool(marked[item])) for item in shown],
        "Score": [three_digits(float(scored.scores[item])) for item in shown],
        "p-value": [three_digits(float(scored.p_values[item])) for item in shown],
        "Alarm": ["yes" if scored.scores[item] > threshold else "no" for item in shown],
    }
    if not any(table["Label"]):
        del table["Label"]
    if shares is not None:
        table["Most anomalous columns (share of the score)"] = [_most_anomalous(names, row) for row in shares]
    st.dataframe(table, hide_index=True, width="stretch")
    chosen = st.selectbox(
        "Details of",
        range(len(shown)),
        format_func=lambda i: f"#{start + i + 1}, {scored.names[shown[i]]}",
        key=f"novelty_item.{scored.key}.{start}.{len(shown)}",
    )
    _look_into(scored, int(shown[chosen]), None if shares is None else shares[chosen])


def _most_anomalous(names: Sequence[str], shares: np.ndarray) -> str:
    top = [i for i in np.argsort(-shares)[:TOP_COLUMNS] if shares[i] > 0]
    return ", ".join(f"{names[i]} {shares[i]:.0%}" for i in top)


def column_shares(detector: Detector, x: Num[np.ndarray, "n d"]) -> Num[np.ndarray, "n columns"] | None:
    """(N, columns) the share of each item's score that is due to each column; None where a score has no such parts."""
    parts = detector.contributions(x)
    if parts is None:
        return None
    return parts / np.maximum(parts.sum(1, keepdims=True), np.finfo(np.float32).tiny)


def _look_into(scored: ScoredItems, item: int, shares: np.ndarray | None) -> None:
    detector = scored.detector
    encoding = detector.card.encoding
    if encoding is None:
        return
    x = scored.x[item : item + 1]
    examples = encoding.decode(detector.examples)
    rebuilt = detector.reconstruct(x)
    guessed = None if rebuilt is None else encoding.decode(rebuilt)
    near, distances = detector.nearest(x, NEIGHBOURS)
    order = np.arange(len(encoding.names)) if shares is None else np.argsort(-shares, kind="stable")
    columns = [encoding.names[i] for i in order]
    table: dict[str, list[str] | list[float]] = {
        "Column": columns,
        "Value": [_cell(scored.cells[name][item]) for name in columns],
        "Usual": [usual(examples[name]) for name in columns],
    }
    if shares is not None:
        table["Share of the score"] = [float(shares[i]) for i in order]
    if guessed is not None:
        table["Reconstruction"] = [_cell(guessed[name][0]) for name in columns]
    for rank, (row, distance) in enumerate(zip(near[0], distances[0], strict=True), 1):
        title = f"Normal {rank}, at {three_digits(float(distance))}"
        table[title] = [_cell(examples[name][row]) for name in columns]
    share = st.column_config.ProgressColumn(format="percent", min_value=0.0, max_value=1.0)
    st.dataframe(table, hide_index=True, width="stretch", column_config={"Share of the score": share})
    st.caption(
        f"Usual: the middle 90 % of {len(detector.examples):,} kept normal examples, or their most frequent values. "
        f"Normal 1 to {len(near[0])}: the nearest of them, by {space(detector)}."
    )


def usual(values: Cells) -> str:
    """What a column holds in normal rows: the middle 90 % of numbers, or the most frequent values with their shares."""
    if isinstance(values, np.ndarray):
        known = values[np.isfinite(values)]
        if not len(known):
            return "missing"
        low, high = np.quantile(known, [0.05, 0.95])
        return f"{three_digits(float(low))} to {three_digits(float(high))}"
    counts = Counter(values)
    return ", ".join(f"{value or 'missing'} {n / len(values):.0%}" for value, n in counts.most_common(TOP_COLUMNS))


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value or "missing"
    number = float(value)  # type: ignore[arg-type]
    return "missing" if np.isnan(number) else three_digits(number)
