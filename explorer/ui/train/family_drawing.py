"""A family's network with the sizes chosen, as the form shows it."""

from __future__ import annotations

import streamlit as st

from explorer.core.errors import ExplorerError
from explorer.recipe import Recipe
from explorer.ui.shell.cache import cached
from explorer.views.network_drawing import network_drawing

MOST_WEIGHTS = 30_000_000
"""Larger models are not built for the sake of a drawing."""


@cached(max_entries=64)
def drawing(parts: str, event_shape: tuple[int, ...]) -> str:
    """The drawing of a recipe's parts as SVG.

    Args:
        parts: a recipe as JSON, of what is drawn alone.
        event_shape: of an item.
    """
    return network_drawing(Recipe.model_validate_json(parts), event_shape)


def show_drawing(recipe: Recipe, event_shape: tuple[int, ...], weights: int) -> None:
    """Draw it, where it can be drawn."""
    if weights > MOST_WEIGHTS:
        st.caption("The network is too large to be drawn here.")
        return
    try:
        drawn = {"model", "corruption", "penalty", "objective"}
        picture = drawing(recipe.model_dump_json(include=drawn), event_shape)
    except ExplorerError:
        return  # said at its field
    if picture:
        st.image(picture, width="content")
