"""Clusters of the shown items as a column beside them: asked for under Options, named by what they hold more of."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st
from jaxtyping import Int, Num

from explorer.core.errors import ExplorerError
from explorer.data.beside import ItemColumn
from explorer.evaluation.groups import group_words
from explorer.latent.clusters import Clusters, find_clusters
from explorer.ui.shell.cache import cached, key_of
from explorer.ui.shell.vector_items import MapContext

KEY, NOT_ASKED = "clusters", "None"
LEAST = {NOT_ASKED: 0.0, "0.5 % of the items": 0.005, "1 % of the items": 0.01, "2 % of the items": 0.02,
         "5 % of the items": 0.05}  # fmt: skip
"""Least size of a cluster, in words and as a share."""
OF_KEY, OF_CODES, OF_MAP = "clusters_of", "Codes", "Places on the map"
_PLACES = "cluster_places"
MIN_SIZE = 5


def asked() -> float:
    """The least share of the items that a cluster is asked to have; 0: no clusters are."""
    return LEAST.get(st.session_state.get(KEY) or st.query_params.get(KEY, NOT_ASKED), 0.0)


def clusters(context: MapContext) -> Clusters:
    """Those of the shown codes, as they were asked for; once.

    Raises:
        ExplorerError: too many items, or too few.
    """
    places = _places(context) if of_map() else None
    return _clusters(context, min_size(context), places)


def min_size(context: MapContext) -> int:
    """Items of the smallest cluster that is asked for."""
    return max(MIN_SIZE, round(asked() * len(context.rows)))


def of_map() -> bool:
    """Whether clusters are looked for among the places on the map, and not among the codes."""
    return (st.session_state.get(OF_KEY) or st.query_params.get(OF_KEY, OF_CODES)) == OF_MAP


def take_places(context: MapContext, points: Num[np.ndarray, "n 2"]) -> None:
    """Keep where the shown items lie on the map, for clusters of their places."""
    st.session_state[_PLACES] = key_of(context.dataset, context.rows), points


def _places(context: MapContext) -> np.ndarray:
    key, points = st.session_state.get(_PLACES, ("", np.empty((0, 2))))
    if key != key_of(context.dataset, context.rows):
        raise ExplorerError("These items lie on no map yet.", "Open Latent space.")
    return np.asarray(points)


@cached(max_entries=16, spinner="Looking for clusters, and whether they come again where items are drawn anew")
def _clusters(context: MapContext, min_size: int, places: np.ndarray | None) -> Clusters:
    return find_clusters(context.codes() if places is None else places, min_size)


@cached(max_entries=16, spinner="Naming the clusters")
def described(labels: Int[np.ndarray, " n"], columns: Mapping[str, ItemColumn]) -> list[str]:
    """As ``group_words``, once."""
    return group_words(labels, columns)
