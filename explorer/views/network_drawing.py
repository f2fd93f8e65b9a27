"""A model's network with the sizes chosen: a bar a tensor, as tall as its numbers are many, and what acts on which."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

import torch
from torch import nn

from explorer.browser.inside.blocks import blocks
from explorer.core.palette import NORMAL, UNLABELLED
from explorer.likelihoods import REGISTRY as LIKELIHOODS
from explorer.models import Autoencoder, layers
from explorer.noise import REGISTRY as NOISES
from explorer.objectives import REGISTRY as OBJECTIVES
from explorer.penalties import REGISTRY as PENALTIES
from explorer.priors import REGISTRY as PRIORS
from explorer.recipe import Recipe

WIDTH, HEIGHT, STEP, LINE = 14, 84, 74, 15
INK = "#1A80C0"
"""Of what stands below a tensor: the blue of the code, as readable on a light ground as on a dark one."""
BRANCH = 92
"""Height of the row of a discriminator, with its words."""


@dataclass(frozen=True)
class DrawnMark:
    """Something of a recipe that is no layer, below the tensor that it acts on.

    Args:
        at: which tensor.
        text: what it is.
    """

    at: Literal["x", "code", "x_hat"]
    text: str


def marks_of(recipe: Recipe) -> tuple[DrawnMark, ...]:
    """What a recipe has beside its layers: corruption, prior, penalty, objective and likelihood, by their titles."""
    prior, observed = getattr(recipe.model, "prior", ""), getattr(recipe.model, "likelihood", "")
    marks: list[DrawnMark] = []
    if recipe.corruption is not None:
        marks.append(DrawnMark("x", f"corrupted: {NOISES[recipe.corruption.kind].title}"))
    if prior in PRIORS:
        marks.append(DrawnMark("code", f"prior: {PRIORS[prior].title}"))
    if recipe.penalty is not None:
        marks.append(DrawnMark("code", f"penalty: {PENALTIES[recipe.penalty.kind].title}"))
    if recipe.objective is not None:
        marks.append(DrawnMark("code", f"objective: {OBJECTIVES[recipe.objective.kind].title}"))
    if observed in LIKELIHOODS:
        marks.append(DrawnMark("x_hat", f"likelihood: {LIKELIHOODS[observed].title}"))
    return tuple(marks)


def network_drawing(recipe: Recipe, event_shape: tuple[int, ...]) -> str:
    """The drawing as SVG, in greys that are seen on both themes; empty where a model has no code.

    Args:
        recipe: whose model is built for it, with weights that are thrown away.
        event_shape: of an item.

    Raises:
        RecipeError: the model does not fit the items.
    """
    with torch.random.fork_rng(devices=[]):
        built = recipe.build(event_shape).eval()
    if not isinstance(built, Autoencoder):
        return ""
    stops = [("x", event_shape, "")]
    stops += [(block.name, block.shape, block.part) for block in blocks(layers(built), event_shape)]
    code = max((i for i, stop in enumerate(stops) if stop[2] == "encoder"), default=-1)
    labelled = {1, code + 1} if recipe.model.is_conditional else set()
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
        if i in labelled:
            parts.append(f'<text x="{x}" y="{HEIGHT + 58}" fill="{INK}">+ label y</text>')
        if i:
            parts.append(f'<path d="M{x - STEP + WIDTH:.1f} {y}H{x - WIDTH:.1f}" stroke="{UNLABELLED}"/>')
    bottom = HEIGHT + 43 + (LINE if labelled else 0)
    columns, critic = len(stops), getattr(built, "critic", None)
    if critic is not None:
        branch, used = _branch(critic, code, bottom, top)
        parts += branch
        bottom, columns = bottom + BRANCH, max(columns, used)
    marks = marks_of(recipe)
    places = {"x": 0, "code": code, "x_hat": len(stops) - 1}
    parts += _mark_lines(marks, [places[mark.at] for mark in marks], len(stops), bottom)
    width, height = columns * STEP, bottom + LINE * len(marks) + 7
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' font-size="11" text-anchor="middle" fill="#858585" font-family="sans-serif">'
        f"<title>The network, from item to reconstruction</title>{''.join(parts)}</svg>"
    )


def _branch(critic: nn.Module, code: int, bottom: float, top: float) -> tuple[list[str], int]:
    """The discriminator of an adversarial objective, which branches off from the code; and columns used with it.

    Args:
        critic: its layers, one after the other.
        code: column of the code.
        bottom: of what stands above.
        top: the logarithm that a bar of full height stands for.
    """
    row, tallest, start = bottom + 34, 44.0, (code + 1) * STEP
    parts = [
        f'<path d="M{start} {HEIGHT / 2 + 8}V{row}H{start + STEP / 2 - WIDTH:.1f}" fill="none" stroke="{INK}"'
        ' stroke-dasharray="3 3"/>'
    ]
    sizes = [layer.out_features for layer in critic.modules() if isinstance(layer, nn.Linear)]
    for i, size in enumerate(sizes):
        x = start + i * STEP + STEP / 2
        tall = max(6.0, min(tallest, tallest * math.log(1 + size) / top))
        parts.append(
            f'<rect x="{x - WIDTH / 2:.1f}" y="{row - tall / 2:.1f}" width="{WIDTH}" height="{tall:.1f}" fill="{INK}"/>'
            f'<text x="{x}" y="{row + 38}">{size}</text>'
        )
        if i:
            parts.append(f'<path d="M{x - STEP + WIDTH:.1f} {row}H{x - WIDTH:.1f}" stroke="{INK}"/>')
    parts.append(
        f'<text x="{start + 6}" y="{row + 38 + LINE}" text-anchor="start" fill="{INK}">'
        "discriminator: a code, or a draw of the prior?</text>"
    )
    # Its sentence is as wide as four columns.
    return parts, code + 1 + max(len(sizes), 4)


def _mark_lines(marks: Sequence[DrawnMark], stops: Sequence[int], count: int, bottom: int) -> list[str]:
    """A line for each mark, below its tensor; at the edges it reads inwards, since it is wider than a step."""
    lines = []
    for number, (mark, stop) in enumerate(zip(marks, stops, strict=True), 1):
        share = stop / max(1, count - 1)
        x, anchor = (stop + 0.5) * STEP, "middle"
        if share < 0.25:
            x, anchor = stop * STEP + 6, "start"
        elif share > 0.75:
            x, anchor = (stop + 1) * STEP - 6, "end"
        lines.append(
            f'<text x="{x:.1f}" y="{bottom + LINE * number}" text-anchor="{anchor}" fill="{INK}">'
            f"{escape(mark.text)}</text>"
        )
    return lines
