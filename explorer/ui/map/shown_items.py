"""The items that a page looks at, to choose one from."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from explorer.ui.shell.vector_items import MapContext
from explorer.ui.widgets.item_choice import ItemsToChoose
from explorer.views import item_words


def items_of(context: MapContext, positions: Int[np.ndarray, " k"] | None = None) -> ItemsToChoose:
    """Shown items by their row in the dataset.

    Args:
        context: the choice in the sidebar.
        positions: (k,) which of the shown ones, in this order; None: pictures with every class in turn, rows in order.
    """
    if positions is None:
        positions = context.samples(len(context.rows)) if context.is_image else np.arange(len(context.rows))
    rows, dataset = context.rows[positions], context.dataset
    names = [item_words.item_title(context, position) for position in positions.tolist()]
    labels: list[str] = []
    if (numbers := context.labels()) is not None and dataset.label_names:
        labels = [dataset.label_names[i] if i >= 0 else "" for i in numbers[positions].tolist()]
    return ItemsToChoose(
        tuple(map(str, rows.tolist())),
        names,
        rows if dataset.item_numbers is None or not context.is_real else dataset.item_numbers[rows],
        (lambda shown: dataset.x[rows[shown]]) if context.is_image else None,
        labels,
    )
