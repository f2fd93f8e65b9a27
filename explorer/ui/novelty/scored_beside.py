"""What stands beside scored items and no detector looks at: texts, dates and names in their file or beside it."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from explorer.core.errors import DataError
from explorer.ui.novelty.scored import ScoredItems
from explorer.ui.shell import columns_beside
from explorer.ui.shell.cache import cached

TEXT_FIRST = 20
"""Letters from which a column of text is one that describes its items."""


def beside(scored: ScoredItems, items: Int[np.ndarray, " k"]) -> dict[str, list[str]]:
    """(k,) cells of some scored items by column, as people read them; what describes them at length comes first.

    Of rows of a file: its columns that the detector does not look at, but for labels, which stand beside them anyway.
    Of items of the visitor's own data: what stands beside those.
    """
    cells_of = _of_file(scored) if scored.given is not None else _of_data(scored)
    chosen = {name: [cells[item] for item in items.tolist()] for name, cells in cells_of.items()}
    lengths = {name: np.median([len(cell) for cell in cells] or [0]) for name, cells in cells_of.items()}
    return dict(sorted(chosen.items(), key=lambda column: lengths[column[0]] < TEXT_FIRST))


@cached(max_entries=4, spinner="Reading the columns beside the items")
def _of_file(scored: ScoredItems) -> dict[str, list[str]]:
    if scored.given is None:
        return {}
    contract, card = scored.given.table.contract, scored.detector.card
    looked_at = set(card.windows.columns if card.windows else card.encoding.names if card.encoding else ())
    looked_at |= {*contract.of("label"), scored.given.table.label_column or ""}
    asked = [column.name for column in contract.columns if column.name not in looked_at]
    cells, _ = scored.given.columns(asked)
    return {name: [str(cell) for cell in cells[name]] for name in asked}


def _of_data(scored: ScoredItems) -> dict[str, list[str]]:
    """Of items of several data what stands beside each; empty where nothing does."""
    cells_of: dict[str, list[str]] = {}
    for name in dict.fromkeys(data for data, _ in scored.origins):
        try:
            columns = columns_beside.columns_of(name).columns
        except DataError:  # the sidebar says it
            continue
        places = [place for place, (data, _) in enumerate(scored.origins) if data == name]
        rows = np.array([scored.origins[place][1] for place in places])
        for column in columns:
            cells = cells_of.setdefault(column.name, [""] * len(scored))
            for place, cell in zip(places, column.written(rows), strict=True):
                cells[place] = cell
    return cells_of
