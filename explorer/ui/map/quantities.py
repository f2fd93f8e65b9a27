"""Numbers of each shown item, by which pages colour and sum up: error, KL, density, neighbours, code, columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import streamlit as st
import torch

from explorer.core import likelihood
from explorer.io import images
from explorer.latent import embedding_quality, sampling
from explorer.latent.sampling import GaussianMixtureSampler
from explorer.ui.map.planes import Plane, dimension_name, keys
from explorer.ui.shell import cache
from explorer.ui.shell.context import Current

DENSITY_ITEMS = 5000
"""A density is fitted to at most so many codes, evenly spread."""
MIN_DENSITY_ITEMS = 10


@dataclass(frozen=True, eq=False)
class Quantity:
    """One number of each shown item.

    Args:
        name: in code and in files.
        title: what pages and links call it.
        unit: of the values; empty for none.
        values: of a map of the items, (n,) float64; quick once it was asked for.
        about: what exactly it is, in a sentence; empty where the title says it.
    """

    name: str
    title: str
    unit: str
    values: Callable[[Plane], np.ndarray]
    about: str = ""


def error_unit(now: Current) -> str:
    """The unit of a reconstruction error."""
    return "squared error an image" if now.is_image else "squared standard deviations a row"


def quantities(now: Current, k: int = 10) -> dict[str, Quantity]:
    """Every quantity that the shown items have, by title, in the order in which they are offered.

    Args:
        k: neighbours for the share of true ones.
    """
    found = [*_of_the_model(now), *_of_the_map(now, k), *_of_the_code(now), *_of_the_item(now)]
    return {quantity.title: quantity for quantity in found}


def _of_the_model(now: Current) -> Iterator[Quantity]:
    if now.is_real:
        yield Quantity("error", "Reconstruction error", error_unit(now), lambda shown: now.errors().astype(np.float64))
        if now.checkpoint.is_variational:
            about = "KL divergence of the item's posterior from the prior: what its code costs."
            yield Quantity("kl", "KL", "nats", lambda shown: kl(now), about)
    if len(now.rows) >= MIN_DENSITY_ITEMS:
        about = "That of the code under a Gaussian mixture fitted to the shown codes: low is rare."
        yield Quantity("density", "Log density", "nats", lambda shown: density_of(now).log_density(now.codes()), about)


def _of_the_map(now: Current, k: int) -> Iterator[Quantity]:
    if len(now.rows) > k:
        about = f"Of the {k} nearest items on the map, the share that is among the {k} nearest by {space_words(now)}."
        yield Quantity("neighbours", "True neighbours", "share", lambda shown: neighbour_share(now, shown, k), about)


def _of_the_code(now: Current) -> Iterator[Quantity]:
    for i in range(now.checkpoint.latent_dim):
        name = dimension_name(i)
        yield Quantity(name, f"Dimension {name}", "", _dimension(now, i))


def _of_the_item(now: Current) -> Iterator[Quantity]:
    if now.is_image:
        yield Quantity("brightness", "Brightness", "mean of the pixels, 0 to 1", lambda shown: brightness(now))
        return
    names = now.dataset.feature_names or tuple(f"column {i + 1}" for i in range(now.dataset.event_shape[0]))
    for i, name in enumerate(names):
        yield Quantity(name, f"Column {name}", "", _column(now, i))


def _dimension(now: Current, i: int) -> Callable[[Plane], np.ndarray]:
    return lambda shown: now.codes()[:, i].astype(np.float64)


def _column(now: Current, i: int) -> Callable[[Plane], np.ndarray]:
    return lambda shown: np.asarray(now.x()[:, i], np.float64)


# --- How they are computed --------------------------------------------------------------------------------------------


def kl(now: Current) -> np.ndarray:
    """(n,) KL of each shown item's posterior from the prior, in nats; variational models."""
    return _kl(*keys(now), now)


@st.cache_data(max_entries=32, show_spinner="Encoding")
def _kl(model_key: str, data_key: str, row_key: str, _now: Current) -> np.ndarray:
    mu, logvar = (torch.as_tensor(v, dtype=torch.float64) for v in _now.checkpoint.posterior(_now.x()))
    return likelihood.kl_to_standard_normal(mu, logvar).numpy()


def density_of(now: Current) -> GaussianMixtureSampler:
    """A density fitted to the shown codes, once.

    Raises:
        ExplorerError: they are too few.
    """
    fitted_on = now.codes()[cache.shown_rows(np.arange(len(now.rows)), DENSITY_ITEMS)]
    return _density(*keys(now), fitted_on)


@st.cache_resource(max_entries=8, show_spinner="Fitting a density to the codes")
def _density(model_key: str, data_key: str, row_key: str, _codes: np.ndarray) -> GaussianMixtureSampler:
    return sampling.density(_codes)


def brightness(now: Current) -> np.ndarray:
    """(n,) mean of each shown image's values, in [0, 1]."""
    return _brightness(now.dataset.fingerprint, cache.rows_key(now.rows), now)


@st.cache_data(max_entries=8, show_spinner=False)
def _brightness(data_key: str, row_key: str, _now: Current) -> np.ndarray:
    # In parts, since all of a large dataset as float would take eight times its memory.
    parts = np.array_split(np.arange(len(_now.rows)), -(-len(_now.rows) // 1024))
    return np.concatenate([images.to_float(_now.x(part)).mean((1, 2, 3), dtype=np.float64) for part in parts])


def space_words(now: Current) -> str:
    """What a map is compared with: the code, or the items themselves where the code is the map."""
    if now.checkpoint.latent_dim > 2:
        return "code"
    return "pixels" if now.is_image else "standardised columns"


def space(now: Current) -> np.ndarray:
    """(n, D) what a map is compared with, in ``space_words``."""
    return now.codes() if now.checkpoint.latent_dim > 2 else items_flat(now)


def items_flat(now: Current) -> np.ndarray:
    """(n, D) the shown items as rows of numbers; the columns of a table in their standard deviations."""
    x = np.asarray(now.x()).reshape(len(now.rows), -1)
    if now.is_image:
        return x
    spread = x.std(0)
    return (x - x.mean(0)) / np.where(spread > 0, spread, 1)


def neighbour_share(now: Current, shown: Plane, k: int) -> np.ndarray:
    """(n,) share of each shown item's neighbours on a map that are true ones; see ``trust.neighbour_share``."""
    return _share(*keys(now), places_key(shown), k, now, shown.points)


@st.cache_data(max_entries=16, show_spinner="Comparing neighbours")
def _share(
    model_key: str, data_key: str, row_key: str, places_key: str, k: int, _now: Current, _points: np.ndarray
) -> np.ndarray:
    return embedding_quality.neighbour_share(space(_now), _points, k)


def places_key(shown: Plane) -> str:
    """A text that differs for different maps of the same items."""
    return cache.rows_key((1e6 * shown.points).astype(np.int64))
