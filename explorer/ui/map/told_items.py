"""What a table says of some items: their names, what stands beside them, and of rows their values."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Int, Num

from explorer.ui.map.columns import columns
from explorer.ui.shell.vector_items import MapContext
from explorer.views import item_words
from explorer.views.row_values import has_own


def rows_of(context: MapContext, x: Num[np.ndarray, "n d"]) -> list[dict[str, Any]]:
    """Rows (n, D) of a table, real or decoded, each with its values by column."""
    named = item_words.columns_of(context, x)
    return [dict(zip(named, row, strict=True)) for row in zip(*named.values(), strict=True)]


def told(context: MapContext, positions: Int[np.ndarray, " k"]) -> list[dict[str, Any]]:
    """An item each: its name and label, what stands beside it (text first, in full), and a row's values by column.

    What stands beside a row comes before its own numbers, which may be many. Empty for pictures that nothing stands
    beside: they say more than their names.
    """
    beside = columns(context, with_clusters=False)
    if context.is_image and not beside:
        return []
    ordered = sorted(beside, key=lambda name: beside[name].kind != "text")
    cells = {name: beside[name].written(positions) for name in ordered}
    own = rows_of(context, context.x(positions)) if has_own(context, beside) else [{}] * len(positions)
    rows = []
    for place, position in enumerate(positions.tolist()):
        row = {"item": item_words.item_title(context, position), "label": item_words.label_name(context, position)}
        for more in ({name: written[place] for name, written in cells.items()}, own[place]):
            row |= {name: value for name, value in more.items() if name not in row}
        rows.append(row)
    return rows
