"""How far the map can be trusted: over the whole, at one spot, and for what is read from it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from explorer.core.errors import ExplorerError
from explorer.core.intervals import Rate
from explorer.export import figures
from explorer.latent import embedding_quality
from explorer.latent.embedding_quality import Curves, Spot
from explorer.ui.map.quantities import items_flat, space, space_words
from explorer.ui.shell.cache import cached
from explorer.ui.shell.vector_items import MapContext
from explorer.ui.widgets.figure import show_figure
from explorer.ui.widgets.terms import explained
from explorer.ui.widgets.text import percent, plain
from explorer.views.planes import Plane


def curves(context: MapContext, shown: Plane, k: int) -> Curves:
    """Trustworthiness and continuity of a map by size of the neighbourhood, ``k`` among them; computed once.

    Raises:
        ExplorerError: too few items.
    """
    return _curves(context, shown.points, k)


@cached(max_entries=64)
def _curves(context: MapContext, points: np.ndarray, k: int) -> Curves:
    return embedding_quality.curves(space(context), points, sorted({*embedding_quality.KS, k}))


def is_measured(context: MapContext, k: int) -> bool:
    """Whether there are items enough for the trust in neighbourhoods of this size."""
    return 2 * k < len(context.rows)


def compares_labels(context: MapContext) -> bool:
    """Whether neighbours can be asked for their labels."""
    labels = context.labels()
    return labels is not None and len(np.unique(labels[labels >= 0])) > 1


def in_a_sentence(context: MapContext, shown: Plane, k: int) -> str:
    """The trust of the whole map at one size of neighbourhood."""
    try:
        quality = curves(context, shown, k)
    except ExplorerError:
        quality = None
    if quality is None or k not in quality.ks:
        return f"Too few items to say how far neighbourhoods of {k} can be trusted."
    at = int(np.flatnonzero(quality.ks == k)[0])
    words = space_words(context)
    return (
        f"Trust: neighbours on the map are neighbours by {words} to {quality.trustworthiness[at]:.3f} "
        f"(trustworthiness), neighbours by {words} are neighbours on the map to {quality.continuity[at]:.3f} "
        f"(continuity); 1 is best, k = {k} ({_measured_on(context, quality.n)})."
    )


def spot(context: MapContext, shown: Plane, item: int, k: int) -> Spot | None:
    """The trust of the place of one shown item; None where there are too few items."""
    if len(context.rows) <= k:
        return None
    return embedding_quality.spot(space(context), shown.points, item, k)


def spot_in_a_sentence(context: MapContext, spot: Spot) -> str:
    """What the trust of a spot says."""
    references = embedding_quality.MAX_REFERENCES
    sample = f", counted among {references:,} items spread over all" if len(context.rows) > references else ""
    return (
        f"Trust at this item: {100 * spot.of_item:.0f} % of its {spot.k} nearest on the map are among its {spot.k} "
        f"nearest by {space_words(context)}; around it {100 * spot.around:.0f} %{sample}."
    )


def panel(context: MapContext, shown: Plane, k: int) -> None:
    """The curves, and how well the nearest neighbours' labels fit in the code, on the map and in the data.

    Raises:
        ExplorerError: too few items.
    """
    quality = curves(context, shown, k)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        chart = figures.trust_curves(quality, k, space_words(context))
        show_figure(chart, key="latent_trust")
        explained(
            f"Measured on {_measured_on(context, quality.n)}. Trustworthiness falls where the map puts strangers "
            "side by side, continuity where it tears neighbours apart. Colour the map by True neighbours to see where."
        )
    with right:
        accuracies(context, shown, k)


def accuracies(context: MapContext, shown: Plane, k: int) -> None:
    """A table of how often the nearest neighbours share an item's label, in each space."""
    labels = context.labels()
    if labels is None or not compares_labels(context):
        explained("These items have no labels, so there is no neighbour accuracy.")
        return
    words = "pixels" if context.is_image else "standardised columns"
    titles = {"map": "the map", "code": f"the {'code' if context.model else 'vector'} ({context.code_size}-D)"}
    if context.model is not None or context.is_image:
        titles["items"] = words
    if context.code_size == 2:
        del titles["map"]  # it is the code
    by_space = {title: _accuracy(context, shown.points, name, k) for name, title in titles.items()}
    rows = [
        {
            "neighbours by": name,
            "label correct": f"{100 * one.value:.1f} %",
            "95 % interval": f"{one.ends(percent)} %",
        }
        for name, one in by_space.items()
    ]
    st.dataframe(rows, hide_index=True, width="stretch", height="content")
    n = next(iter(by_space.values())).n
    explained(
        f"How often the {k} nearest other items vote for an item's own label ({plain(_measured_on(context, n))}; "
        "each item is left out of its own vote). Where the map is well below the code, it mixes what the code keeps "
        "apart."
    )


@cached(max_entries=64, spinner="Comparing neighbours")
def _accuracy(context: MapContext, points: np.ndarray, name: str, k: int) -> Rate:
    labels = context.labels()
    assert labels is not None  # noqa: S101 (the caller has looked)
    x = {"map": lambda: points, "code": context.codes, "items": lambda: items_flat(context)}[name]()
    return embedding_quality.knn_accuracy(x, labels, k)


def _split(context: MapContext) -> str:
    return context.split.split(", n")[0]


def _measured_on(context: MapContext, n: int) -> str:
    """Which items figures are of, of which they may have been measured on a part: "test, n = 1,000 of 5,000"."""
    of_all = f" of {len(context.rows):,}, spread over all" if n < len(context.rows) else ""
    return f"{_split(context)}, n = {n:,}{of_all}"
