"""Scored items, the most anomalous first, and why each is: where it differs, and the nearest normal items."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import streamlit as st
from jaxtyping import Bool, Num, UInt8

from explorer.core import palette
from explorer.core.written import cut
from explorer.data.cells import pick
from explorer.data.item_names import with_title
from explorer.export.top_items import ranges
from explorer.io import images
from explorer.novelty.detector import Detector
from explorer.novelty.items import ItemsToScore
from explorer.novelty.scores.local_error import LocalError
from explorer.novelty.usual import normal_values, usual
from explorer.ui.novelty import native_maps, scored_beside, series_view
from explorer.ui.novelty.scored import ScoredItems, score_items
from explorer.ui.shell import session
from explorer.ui.shell.cache import cached, key_of
from explorer.ui.widgets import item_choice, pictures
from explorer.ui.widgets.item_choice import ItemsToChoose
from explorer.ui.widgets.text import plain, three_digits
from explorer.views.item_words import DESCRIBED

CHOICES = 18
"""Pictures to choose from at once."""
LARGE, SMALL = 216, 84
"""Largest sides of the pictures of the chosen item and of normal ones, on the screen."""
ROWS_HEIGHT = 320
"""Of the columns of a row, in screen pixels."""
NEIGHBOURS = 3
TOP_COLUMNS = 3
SCALED_BY = 36
"""So many of the most anomalous items set the scale of all heat maps: full colour is the maximum of half of them."""
OVERLAY = 0.9
"""How much of an image a full colour covers."""


def gallery(
    scored: ScoredItems,
    threshold: float,
    marked: Bool[np.ndarray, " n"] | None = None,
    correct: Callable[[int], None] | None = None,
) -> None:
    """One item with its verdict and its reasons, at first the most anomalous, and the others in order to choose from.

    Args:
        threshold: above it is an alarm.
        marked: (N,) bool items that can be shown alone, such as those selected on a map; None: there are none.
        correct: called with the position of an item that is said to be fine; None: that cannot be said here.
    """
    order = scored.order
    if marked is not None and st.toggle(
        f"Only the {int(marked.sum()):,} selected items that are scored here", key="novelty_selected"
    ):
        order = order[marked[order]]
    items = _items(scored, order, threshold, marked)
    chosen = item_choice.chosen_id()
    item = int(order[items.ids.index(chosen)]) if chosen in items.ids else int(order[0])
    other = _chosen_beside(scored)
    if other is None:
        verdict(scored, item, threshold, marked is not None and bool(marked[item]), correct)
    else:
        verdict(other, 0, threshold)
        st.caption(
            "It is none of the items counted here, which are a sample: others are left out, teach the detector, or set "
            "its threshold."
        )
    a_page = CHOICES if _is_image(scored) else None
    item_choice.item_choice(
        items, chosen if other else ids_of(scored)[item], label="Item, by rank or name", a_page=a_page
    )


def ids_of(scored: ScoredItems) -> list[str]:
    """(N,) what the link calls each scored item; one of a file by its place there."""
    if scored.origins:
        return [item_choice.id_of(row, data) for data, row in scored.origins]
    file = key_of(scored.key)[:8]
    return [item_choice.id_of(place, file) for place in range(len(scored))]


def _chosen_beside(scored: ScoredItems) -> ScoredItems | None:
    """The item that was chosen on another page, scored alone; None where it is one of these, or of other data."""
    data = st.session_state.get("data")
    if data not in {name for name, _ in scored.origins} or item_choice.chosen_id() in ids_of(scored):
        return None
    dataset = session.dataset_of(data, session.card_of(st.session_state["model"]))
    row = item_choice.chosen_row(len(dataset))
    if row is None:
        return None
    x = dataset.x[[row]]
    label = "" if dataset.labels is None or dataset.labels[row] < 0 else dataset.label_names[dataset.labels[row]]
    cells = dict(zip(scored.cells, x.astype(np.float64).T, strict=True)) if scored.cells else {}
    items = ItemsToScore(x, (with_title(dataset, row),), (label,), cells)
    return score_items(scored.detector, items, None, f"{scored.key}|{row}", "", origins=((dataset.name, row),))


def _is_image(scored: ScoredItems) -> bool:
    return scored.detector.card.kind == "image"


def _items(scored: ScoredItems, order: np.ndarray, threshold: float, marked: np.ndarray | None) -> ItemsToChoose:
    """The scored items in this order, to choose from."""
    ranks = np.empty(len(scored), np.int64)
    ranks[scored.order] = np.arange(1, len(scored) + 1)
    ids = ids_of(scored)
    return ItemsToChoose(
        tuple(ids[item] for item in order.tolist()),
        [f"#{ranks[item]}, {scored.names[item]}" for item in order.tolist()],
        ranks[order],
        (lambda shown: scored.x[order[shown]]) if _is_image(scored) else None,
        [_label(scored, item, marked is not None and bool(marked[item])) for item in order.tolist()],
        None if _is_image(scored) else lambda shown: _columns(scored, order[shown], threshold),
    )


def _columns(scored: ScoredItems, items: np.ndarray, threshold: float) -> dict[str, list[str]]:
    """What the list says of rows beside their names and labels."""
    table = {
        "Score": [three_digits(float(scored.scores[item])) for item in items],
        "p-value": [three_digits(float(scored.p_values[item])) for item in items],
        "Alarm": ["yes" if scored.scores[item] > threshold else "no" for item in items],
    }
    shares = column_shares(scored.detector, scored.x[items])
    if shares is not None:
        names = scored.detector.card.encoding.names if scored.detector.card.encoding else ()
        if (windows := series_view.windows_of(scored.detector)) is not None:
            shares, names = windows.by_column(shares, names), windows.columns
            values = ranges(windows, {name: pick(cells, items) for name, cells in scored.cells.items()})
        else:
            values = {name: [_cell(scored.cells[name][item]) for item in items] for name in names}
        of_rows = [{name: cells[k] for name, cells in values.items()} for k in range(len(items))]
        table["Most anomalous columns (share of the score)"] = [
            _most_anomalous(names, row, of_row) for row, of_row in zip(shares, of_rows, strict=True)
        ]
    told = scored_beside.beside(scored, items)
    return table | {name: [cut(cell, DESCRIBED) for cell in cells] for name, cells in told.items() if name not in table}


def verdict(
    scored: ScoredItems,
    item: int,
    threshold: float,
    marked: bool = False,
    correct: Callable[[int], None] | None = None,
) -> None:
    """An item beside what is said of it.

    Args:
        item: its position.
        threshold: above it is an alarm.
        marked: whether it is selected elsewhere.
        correct: as of ``gallery``.
    """
    reasons, said = st.columns([2, 1], gap="large")
    with said:
        _say(scored, item, threshold, marked)
        if correct is not None and scored.scores[item] > threshold:
            st.button(
                "This is fine",
                icon=":material/check:",
                key="novelty_fine",
                on_click=correct,
                args=(item,),
                help="It then counts as normal: the detector learns from it, or its thresholds are set anew. "
                "This can be undone.",
            )
        if _is_image(scored):
            _nearest_images(scored, item)
    with reasons:
        if _is_image(scored):
            _show_image(scored, item)
            if scored.detector.map_peaks is not None:
                native_maps.beside_normal(scored, item)
        elif series_view.windows_of(scored.detector) is not None:
            series_view.window(scored, item)
        else:
            _look_into(scored, item)
        _beside(scored, item)


def _beside(scored: ScoredItems, item: int) -> None:
    """What stands beside the item in its file, or in a table beside that, in full; nothing where nothing does."""
    told = scored_beside.beside(scored, np.array([item]))
    rows = [{"beside it": name, "value": cells[0]} for name, cells in told.items()]
    if rows:
        st.dataframe(rows, hide_index=True, width="stretch", height=min(220, 36 * (len(rows) + 1)))


def _say(scored: ScoredItems, item: int, threshold: float, marked: bool) -> None:
    score, p_value = float(scored.scores[item]), float(scored.p_values[item])
    rank = int(np.flatnonzero(scored.order == item)[0]) + 1
    if np.isnan(score):
        st.markdown("### No score")
        st.markdown("Nothing is known of this row, so nothing can be said.")
    else:
        st.markdown("### :orange[An alarm]" if score > threshold else "### :blue[No alarm]")
        beside = "above" if score > threshold else "not above"
        st.markdown(
            f"Score **{three_digits(score)}**, {beside} the threshold {three_digits(threshold)}. Of normal items "
            f"{p_value:.1%} score at least as high (p-value {three_digits(p_value)})."
        )
    label = _label(scored, item, marked)
    known = f" Known to be: {plain(label)}." if label else ""
    place = f", rank {rank:,} of {len(scored):,}" if len(scored) > 1 else ""
    st.markdown(f"{plain(scored.names[item])}{place}.{known}")


def _label(scored: ScoredItems, item: int, marked: bool) -> str:
    """Whether an item is novel, its label, and whether it is marked; empty where nothing is known."""
    kind = "" if scored.is_novel is None else "novel" if scored.is_novel[item] else "normal"
    label = scored.labels[item] if scored.labels[item] != kind else ""
    return ", ".join(part for part in (kind, label, "selected" if marked else "") if part)


# --- Images ----------------------------------------------------------------------------------------------------------


def _show_image(scored: ScoredItems, item: int) -> None:
    """An image large, with its reconstruction and where it differs; at its real size where it is looked at in that."""
    detector, x = scored.detector, scored.x[item : item + 1]
    if detector.has_native_maps:
        native_maps.show(scored, item)
        return
    rebuilt, maps = detector.reconstruct(x), detector.maps(x)
    views, captions = [images.to_float(x[0])], ["item"]
    if rebuilt is not None:
        views.append(images.to_float(rebuilt[0]))
        captions.append("reconstruction")
    limit = _full_colour(scored)
    if maps is not None:
        views.append(images.to_float(overlay(x, maps, limit)[0]))
        captions.append("where it differs")
    channels = max(len(view) for view in views)
    same = np.stack([np.broadcast_to(view, (channels, *view.shape[1:])) if len(view) == 1 else view for view in views])
    pictures.gallery(same, captions, LARGE, alt="Item:")
    if maps is not None:
        pictures.colour_scale(palette.SEQUENTIAL, "0", f"{three_digits(limit)} and more")
        st.caption(f"Where it differs: {map_unit(detector)}, the same scale for every item.")


def _nearest_images(scored: ScoredItems, item: int) -> None:
    """The normal images that are nearest to an item."""
    detector = scored.detector
    (near,), (distances,) = detector.nearest(scored.x[item : item + 1], NEIGHBOURS)
    captions = [f"normal, at {three_digits(float(distance))}" for distance in distances]
    pictures.gallery(detector.examples[near], captions, SMALL, alt="Nearest")
    st.caption(f"Nearest of {len(detector.examples):,} kept normal examples, by {space(detector)}.")


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
    if detector.card.models:
        return "squared error of the reconstruction, smoothed"
    return detector.map_unit


def space(detector: Detector) -> str:
    """Where a detector measures how near its examples are."""
    return "distance between codes" if detector.card.models else "distance, value by value"


# --- Table rows ------------------------------------------------------------------------------------------------------


def _most_anomalous(names: Sequence[str], shares: np.ndarray, values: Mapping[str, str]) -> str:
    top = [i for i in np.argsort(-shares)[:TOP_COLUMNS] if shares[i] > 0]
    told = (" ".join(filter(None, (names[i], values.get(names[i], "")))) for i in top)
    return ", ".join(f"{one} ({shares[i]:.0%})" for i, one in zip(top, told, strict=True))


def column_shares(detector: Detector, x: Num[np.ndarray, "n d"]) -> Num[np.ndarray, "n columns"] | None:
    """(N, columns) the share of each item's score that is due to each column; None where a score has no such parts."""
    parts = detector.contributions(x)
    if parts is None:
        return None
    return parts / np.maximum(parts.sum(1, keepdims=True), np.finfo(np.float32).tiny)


def _look_into(scored: ScoredItems, item: int) -> None:
    """The columns of a row, the most anomalous first, beside what is usual and the nearest normal rows."""
    detector = scored.detector
    parts = column_shares(detector, scored.x[item : item + 1])
    shares = None if parts is None else parts[0]
    encoding = detector.card.encoding
    if encoding is None:
        return
    x = scored.x[item : item + 1]
    examples, normal = encoding.decode(detector.examples), normal_values(detector)
    rebuilt = detector.reconstruct(x)
    guessed = None if rebuilt is None else encoding.decode(rebuilt)
    near, distances = detector.nearest(x, NEIGHBOURS)
    order = np.arange(len(encoding.names)) if shares is None else np.argsort(-shares, kind="stable")
    columns = [encoding.names[i] for i in order]
    table: dict[str, list[str] | list[float]] = {
        "Column": columns,
        "Value": [_cell(scored.cells[name][item]) for name in columns],
        "Usual": [usual(normal[name]) for name in columns],
    }
    if shares is not None:
        table["Share of the score"] = [float(shares[i]) for i in order]
    if guessed is not None:
        table["Reconstruction"] = [_cell(guessed[name][0]) for name in columns]
    for rank, (row, distance) in enumerate(zip(near[0], distances[0], strict=True), 1):
        title = f"Normal {rank}, at {three_digits(float(distance))}"
        table[title] = [_cell(examples[name][row]) for name in columns]
    share = st.column_config.ProgressColumn(format="percent", min_value=0.0, max_value=1.0)
    st.dataframe(
        table, hide_index=True, width="stretch", height=ROWS_HEIGHT, column_config={"Share of the score": share}
    )
    st.caption(
        f"Usual: the middle 90 % of normal rows that are kept, or their most frequent values. "
        f"Normal 1 to {len(near[0])}: the nearest of them, by {space(detector)}."
    )


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value or "missing"
    number = float(value)  # type: ignore[arg-type]
    return "missing" if np.isnan(number) else three_digits(number)
