"""A family's network with the sizes chosen: a bar a tensor, as tall as its numbers are many."""

from __future__ import annotations

import math
from html import escape

import streamlit as st
import torch

from explorer.browser.inside.blocks import blocks
from explorer.core.errors import ExplorerError
from explorer.core.palette import NORMAL, UNLABELLED
from explorer.models import Autoencoder, layers
from explorer.recipe import Recipe
from explorer.ui.shell.cache import cached

WIDTH, HEIGHT, STEP = 14, 84, 74
MOST_WEIGHTS = 30_000_000
"""Larger models are not built for the sake of a drawing."""


@cached(max_entries=64)
def drawing(model: str, event_shape: tuple[int, ...]) -> str:
    """The drawing as SVG, in greys that are seen on both themes; empty where a model has no code.

    Args:
        model: the recipe's model as JSON.
        event_shape: of an item.
    """
    recipe = Recipe.model_validate_json(f'{{"model": {model}}}')
    with torch.random.fork_rng():
        built = recipe.build(event_shape).eval()
    if not isinstance(built, Autoencoder):
        return ""
    stops = [("x", event_shape, "")]
    stops += [(block.name, block.shape, block.part) for block in blocks(layers(built), event_shape)]
    code = max((i for i, stop in enumerate(stops) if stop[2] == "encoder"), default=-1)
    told = {1, code + 1} if recipe.model.is_conditional else set()
    top = max(math.log(1 + math.prod(shape)) for _, shape, _ in stops)
    parts = []
    for i, (name, shape, _) in enumerate(stops):
        tall = max(6.0, HEIGHT * math.log(1 + math.prod(shape)) / top)
        x, y = i * STEP + STEP / 2, HEIGHT / 2 + 8
        title = "code z" if i == code else "x̂" if i == len(stops) - 1 else name
        fill = NORMAL if i == code else UNLABELLED
        parts.append(
            f'<rect x="{x - WIDTH / 2:.1f}" y="{y - tall / 2:.1f}" width="{WIDTH}" height="{tall:.1f}" fill="{fill}"'
            "/>"
            f'<text x="{x}" y="{HEIGHT + 28}">{escape("×".join(map(str, shape)))}</text>'
            f'<text x="{x}" y="{HEIGHT + 43}">{escape(title)}</text>'
        )
        if i in told:
            parts.append(f'<text x="{x}" y="{HEIGHT + 58}" fill="{NORMAL}">+ label y</text>')
        if i:
            parts.append(f'<path d="M{x - STEP + WIDTH:.1f} {y}H{x - WIDTH:.1f}" stroke="{UNLABELLED}"/>')
    width, height = len(stops) * STEP, HEIGHT + (65 if told else 50)
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}"'
        ' font-size="11" text-anchor="middle" fill="#858585" font-family="sans-serif">'
        f"<title>The network, from item to reconstruction</title>{''.join(parts)}</svg>"
    )


def show_drawing(recipe: Recipe, event_shape: tuple[int, ...], weights: int) -> None:
    """Draw it, where it can be drawn."""
    if weights > MOST_WEIGHTS:
        st.caption("The network is too large to be drawn here.")
        return
    try:
        picture = drawing(recipe.model.model_dump_json(), event_shape)
    except ExplorerError:
        return  # said at its field
    if picture:
        st.image(picture, width="content")
