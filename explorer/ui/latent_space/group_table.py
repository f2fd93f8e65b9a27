"""What tells the selected items from the other shown ones, column by column."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from explorer.data.beside import ItemColumn
from explorer.evaluation.groups import GroupDifference, group_differences
from explorer.ui.map.columns import LABEL, columns
from explorer.ui.shell import selection
from explorer.ui.shell.cache import cached
from explorer.ui.shell.vector_items import MapContext
from explorer.ui.widgets.terms import explained
from explorer.ui.widgets.text import three_digits

SHOWN = 12
"""Differences in the table at first sight."""


def against_the_rest(context: MapContext) -> None:
    """A table of the columns beside the items, in the selection and in the others; nothing without columns."""
    compared = columns_with_label(context)
    chosen = selection.positions(context)
    if not compared or len(chosen) < 2:
        return
    differences = _differences(compared, chosen, len(context.rows))
    if not differences:
        return
    st.markdown("**How the selection differs from the other shown items**")
    rows = [_row(one) for one in differences]
    st.dataframe(rows, hide_index=True, width="stretch", height=36 * (min(len(rows), SHOWN) + 1))
    clear = sum(one.q < 0.05 for one in differences)
    explained(
        f"{len(chosen):,} selected against {len(context.rows) - len(chosen):,} others. {len(differences):,} comparisons"
        f" (Mann and Whitney for numbers and dates, Fisher for values of categories), {clear:,} of them with q below "
        "0.05: q is p after the correction of Benjamini and Hochberg, so that of a list of such differences about 5 % "
        "are false. Effect: how often a selected item has the higher number (50 %: no difference), or how many times "
        "as common a value is. A selection that was made by a column, or by its colours, differs in it by that choice."
    )


def columns_with_label(context: MapContext) -> dict[str, ItemColumn]:
    """The columns beside the shown items that can be compared, their label among them."""
    beside = {name: column for name, column in columns(context).items() if column.kind != "text"}
    labels = context.labels()
    if labels is None or not context.dataset.label_names:
        return beside
    named = ItemColumn(LABEL, "category", np.asarray(labels, np.int64), context.dataset.label_names)
    return {LABEL: named} | beside


@cached(max_entries=32, spinner="Comparing the selection with the rest")
def _differences(compared: dict[str, ItemColumn], chosen: np.ndarray, n: int) -> list[GroupDifference]:
    return group_differences(compared, np.isin(np.arange(n), chosen))


def _row(one: GroupDifference) -> dict[str, str]:
    selected, rest = one.words
    if one.value:
        effect = "only here" if math.isinf(one.effect) else f"{three_digits(one.effect)} times"
    else:
        effect = f"{100 * one.effect:.0f} % higher"
    return {
        "column": one.column,
        "value": one.value or "median",
        "selected": selected,
        "others": rest,
        "effect": effect,
        "q": f"{one.q:.2g}",
    }
