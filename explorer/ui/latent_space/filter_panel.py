"""Filters under the map: bars of the columns beside the items, brushed in the browser, and what they choose."""

from __future__ import annotations

import numpy as np
import streamlit as st

from explorer.browser.filters.message import COMPONENT, Filtered, Filters
from explorer.browser.latent_map.message import MapChoice
from explorer.data.beside import ItemColumn
from explorer.ui.latent_space.group_table import columns_with_label
from explorer.ui.map import map_view
from explorer.ui.map.columns import columns
from explorer.ui.map.quantities import quantities
from explorer.ui.shell import selection
from explorer.ui.shell.vector_items import MapContext
from explorer.ui.widgets.component import last_report, mount
from explorer.views.filter_contents import filter_column
from explorer.views.planes import Plane

KEY = "filters"
AT_FIRST = 6
"""Columns that are shown where nobody has chosen any."""


def last_choice(n: int) -> MapChoice | None:
    """What was brushed last, known before the panel is drawn again.

    Args:
        n: items that are shown; a choice among another number was among others.
    """
    filtered = last_report(KEY, Filtered)
    return filtered.among(n) if filtered else None


def panel(context: MapContext, shown: Plane) -> None:
    """Choose columns, the map's own numbers among them, and brush them."""
    beside, numbers = columns_with_label(context), quantities(context)
    chosen: list[str] = st.multiselect(
        "Filter by",
        [*beside, *numbers],
        default=list(beside)[:AT_FIRST] if columns(context) else [],
        key=f"filter_by.{context.dataset.fingerprint[:8]}",  # other data have other columns
        placeholder="Columns and numbers of the items",
        help="Bars to drag over or to press: what passes all of them is selected, on the map as the hand moves.",
    )
    of_items = beside | {
        name: ItemColumn(name, "number", numbers[name].values(shown)) for name in chosen if name not in beside
    }
    bars = [column for name in chosen if (column := filter_column(name, of_items[name])) is not None]
    if not bars:
        return
    seen = last_report(KEY, Filtered)
    message = Filters(
        n=len(context.rows),
        columns=tuple(bars),
        link=map_view.link_of(context),
        chosen=np.asarray(selection.positions(context)),
        stamp=seen.stamp if seen else 0,
    )
    mount(COMPONENT, message, key=KEY)
