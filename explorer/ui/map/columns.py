"""The columns beside the shown items of a map: for colours, search, filters and groups."""

from __future__ import annotations

from collections.abc import Sequence

from explorer.core.errors import DataError, ExplorerError
from explorer.data.beside import ItemColumn
from explorer.evaluation.groups import CLUSTER, cluster_column
from explorer.ui.map.map_clusters import asked, clusters
from explorer.ui.map.map_clusters import described as described_clusters
from explorer.ui.map.quantities import quantities
from explorer.ui.shell import columns_beside
from explorer.ui.shell.vector_items import MapContext
from explorer.views import item_words

LABEL = "Label"


def columns(context: MapContext, with_clusters: bool = True) -> dict[str, ItemColumn]:
    """Those of the shown items, by what pages call them: their names, told from those of a map's own numbers.

    Args:
        with_clusters: the clusters of the codes among them, where they are asked for.
    """
    try:
        beside = columns_beside.columns_of(context.dataset.name).columns
    except DataError:  # the sidebar says it
        return {}
    called = renamed(context, [column.name for column in beside])
    of_items = {called.get(column.name, column.name): column.of(context.rows) for column in beside}
    return of_items | _clusters(context, of_items) if asked() and with_clusters else of_items


def renamed(context: MapContext, names: Sequence[str]) -> dict[str, str]:
    """What columns are called whose names a map has for something else."""
    taken = {LABEL, CLUSTER, *quantities(context)}
    return {name: f"{name} (beside)" for name in names if name in taken}


def _clusters(context: MapContext, beside: dict[str, ItemColumn]) -> dict[str, ItemColumn]:
    try:
        labels = clusters(context).labels
    except ExplorerError:  # the table of clusters says it
        return {}
    return {CLUSTER: cluster_column(labels, described_clusters(labels, beside))}


def described(context: MapContext) -> list[str]:
    """(n,) what the first column of text says of each shown item, cut at a word; empty without one."""
    return item_words.described(columns(context, with_clusters=False))
