"""What a latent space is made of: which dimensions matter, a sheet over two of them, and neighbours.

Codes are float arrays (N, D).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy.special import ndtri

from explorer.checkpoints import Card, LatentStatistics
from explorer.core.errors import ExplorerError

ACTIVE_VARIANCE = 0.01
"""A dimension of a variational code is active where its posterior mean varies more than this (Burda et al. 2016)."""
ACTIVE_SHARE = 0.01
"""Other codes have no scale of their own: active is a variance above this share of the average dimension's."""
SLIDER_LEVELS = (0.001, 0.999)
"""Quantiles of the training codes at which a slider ends."""
CHUNK = 512


# --- Dimensions ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LatentDimension:
    """One dimension of the code, as a slider shows it.

    Args:
        index: its place in the code, from 0.
        share: how much it carries, in ``unit``.
        unit: "nats" (KL from the prior, variational models) or "share of variance" (in [0, 1], others).
        low, high: range of a slider; ``low < high``.
        centre: median of the training codes.
        active: whether the model uses it.
    """

    index: int
    share: float
    unit: str
    low: float
    high: float
    centre: float
    active: bool


def dimension_order(card: Card) -> list[LatentDimension]:
    """Every dimension of a checkpoint's code, the one that carries most first.

    Args:
        card: with statistics of its codes.

    Raises:
        ExplorerError: the card has no such statistics.

    Source: Burda et al. 2016, section 5.1, for active units.
    """
    latent = statistics_of(card)
    variance = np.square(latent.std)
    low, centre, high = code_quantiles(latent, (SLIDER_LEVELS[0], 0.5, SLIDER_LEVELS[1]))
    if card.kl_per_dimension is not None:
        share, unit = np.asarray(card.kl_per_dimension), "nats"
        active = variance > ACTIVE_VARIANCE
        # Codes barely move along an unused dimension, but samples from the prior do.
        low, high = (np.where(active, q, ndtri(level)) for q, level in zip((low, high), SLIDER_LEVELS, strict=True))
    else:
        total = variance.sum()
        share, unit = variance / total if total > 0 else np.zeros_like(variance), "share of variance"
        active = variance > ACTIVE_SHARE * variance.mean()
        constant = high - low <= 1e-6 * np.abs(centre)
        low, high = np.where(constant, centre - 1, low), np.where(constant, centre + 1, high)
    return [
        LatentDimension(int(i), float(share[i]), unit, float(low[i]), float(high[i]), float(centre[i]), bool(active[i]))
        for i in np.argsort(-share, kind="stable")
    ]


def code_quantiles(
    latent: LatentStatistics, levels: tuple[float, ...] | Float[np.ndarray, " k"]
) -> Float[np.ndarray, "k d"]:
    """Quantiles of each dimension, between the card's levels by interpolation: (len(levels), D)."""
    quantiles = np.asarray(latent.quantiles)
    return np.stack([np.interp(levels, latent.levels, column) for column in quantiles.T], axis=1)


def statistics_of(card: Card) -> LatentStatistics:
    """Where the codes of training items lie.

    Raises:
        ExplorerError: the card does not say.
    """
    if card.latent is None:
        raise ExplorerError(
            f"{card.name} was saved without statistics of its codes.", "Let its training finish, then open it again."
        )
    return card.latent


# --- Grids and neighbours -------------------------------------------------------------------------------------------


def manifold_grid(card: Card, n: int) -> Float[np.ndarray, "places 2"]:
    """Codes that cover a 2-D latent space evenly by probability, as an n x n sheet of pictures read row by row.

    At quantiles of the prior for variational models, of the training codes for others. The first row has the largest
    second coordinate, so that the sheet lies like a map whose second axis points up.

    Args:
        card: of a checkpoint with two latent dimensions.
        n: rows and columns.

    Returns:
        (n * n, 2).

    Raises:
        ExplorerError: the code has another size, or the card no statistics.

    Source: Kingma and Welling 2014, figure 4.
    """
    latent = statistics_of(card)
    if len(latent.mean) != 2:
        raise ExplorerError(
            f"{card.name} has {len(latent.mean)} latent dimensions; a sheet needs 2.",
            "Choose a checkpoint with a 2-D code.",
        )
    levels = (np.arange(n) + 0.5) / n
    if card.kl_per_dimension is not None:
        axes = np.repeat(ndtri(levels)[:, None], 2, axis=1)
    else:
        axes = code_quantiles(latent, levels)
    across, down = np.meshgrid(axes[:, 0], axes[::-1, 1])
    return np.stack([across.ravel(), down.ravel()], axis=1)
