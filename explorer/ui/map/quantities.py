"""Numbers of each shown item, by which pages colour and sum up: error, KL, density, neighbours, code, columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Num

from explorer.core.gathered import gathered
from explorer.core.neighbours import nearest
from explorer.core.row_samples import spread_positions
from explorer.data import Dataset
from explorer.io import images
from explorer.latent import embedding_quality, sampling
from explorer.latent.sampling import GaussianMixtureSampler
from explorer.ui.shell import cache
from explorer.ui.shell.cache import cached, cached_resource
from explorer.ui.shell.session import Context
from explorer.ui.shell.vector_items import MapContext
from explorer.views.planes import Plane

DENSITY_ITEMS = 5000
"""A density is fitted to at most so many codes, spread over all."""
MIN_DENSITY_ITEMS = 10
MAX_DENSITY_DIMENSIONS = 256
FAR_NEIGHBOURS = 10
MOST_COMPARED, COMPARED = 70_000, 20_000
"""Items that are each compared with all others; of more, those that each is compared with, spread over all."""


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


def error_unit(context: MapContext) -> str:
    """The unit of a reconstruction error."""
    return "squared error per image" if context.is_image else "squared standard deviations per row"


def quantities(context: MapContext, k: int = 10) -> dict[str, Quantity]:
    """Every quantity that the shown items have, by title, in the order in which they are offered.

    Args:
        k: neighbours for the share of true ones.
    """
    available = [
        *_of_the_model(context),
        *_of_the_map(context, k),
        *_of_the_neighbours(context),
        *_of_the_code(context),
        *_of_the_item(context),
    ]
    return {quantity.title: quantity for quantity in available}


def _of_the_model(context: MapContext) -> Iterator[Quantity]:
    if isinstance(context, Context) and context.is_real:
        yield Quantity(
            "error", "Reconstruction error", error_unit(context), lambda shown: context.errors().astype(np.float64)
        )
        if context.checkpoint.is_variational:
            about = "KL divergence of the item's posterior from the prior: what its code costs."
            yield Quantity("kl", "KL", "nats", lambda shown: kl(context), about)
    if has_density(context):
        about = "That of the code under a Gaussian mixture fitted to the shown codes: low is rare."
        yield Quantity(
            "density", "Log density", "nats", lambda shown: density_of(context).log_density(context.codes()), about
        )


def _of_the_map(context: MapContext, k: int) -> Iterator[Quantity]:
    if len(context.rows) > k:
        about = (
            f"Of the {k} nearest items on the map, the share that is among the {k} nearest by {space_words(context)}"
            f"{_among(len(context.rows), embedding_quality.MAX_REFERENCES, embedding_quality.MAX_REFERENCES)}."
        )
        yield Quantity(
            "neighbours", "True neighbours", "share", lambda shown: neighbour_share(context, shown, k), about
        )


def _of_the_neighbours(context: MapContext) -> Iterator[Quantity]:
    if len(context.rows) > FAR_NEIGHBOURS:
        word = "code" if context.model else "vector"
        about = (
            f"The distance of the {word} to that of its {FAR_NEIGHBOURS}th nearest other shown item "
            f"(Ramaswamy and others 2000){_among(len(context.rows), MOST_COMPARED, COMPARED)}: large is far from all "
            "others."
        )
        yield Quantity("novelty", "Novelty by neighbours", f"units of the {word}", lambda shown: far(context), about)


def _among(n: int, most: int, compared: int) -> str:
    """A clause that says so where neighbours of so many items are looked for among a sample; else empty."""
    return f", looked for among {compared:,} of them, spread over all" if n > most else ""


def _of_the_code(context: MapContext) -> Iterator[Quantity]:
    for i, name in enumerate(context.code_names):
        yield Quantity(name, f"Dimension {name}", "", _dimension(context, i))


def _of_the_item(context: MapContext) -> Iterator[Quantity]:
    if context.is_image:
        yield Quantity("brightness", "Brightness", "mean of the pixels, 0 to 1", lambda shown: brightness(context))
        return
    names = context.dataset.feature_names or tuple(f"column {i + 1}" for i in range(context.dataset.event_shape[0]))
    for i, name in enumerate(names):
        yield Quantity(name, f"Column {name}", "", _column(context, i))


def _dimension(context: MapContext, i: int) -> Callable[[Plane], np.ndarray]:
    return lambda shown: context.codes()[:, i].astype(np.float64)


def _column(context: MapContext, i: int) -> Callable[[Plane], np.ndarray]:
    return lambda shown: np.asarray(context.x()[:, i], np.float64)


# --- How they are computed --------------------------------------------------------------------------------------------


@cached(max_entries=32, spinner="Encoding")
def kl(context: Context) -> Float[np.ndarray, " n"]:
    """(n,) KL of each shown item's posterior from the prior, in nats; variational models."""
    return context.checkpoint.divergence(context.x())


def has_density(context: MapContext) -> bool:
    """Whether a density can be fitted: a mixture of Gaussians takes the square of the dimensions."""
    return len(context.rows) >= MIN_DENSITY_ITEMS and context.code_size <= MAX_DENSITY_DIMENSIONS


@cached(max_entries=16, spinner="Looking for neighbours")
def far(context: MapContext) -> Float[np.ndarray, " n"]:
    """(n,) distance of each shown code to that of its ``FAR_NEIGHBOURS``th nearest other, or nearest of a sample."""
    codes = context.codes()
    compared = np.arange(len(codes)) if len(codes) <= MOST_COMPARED else spread_positions(len(codes), COMPARED)
    itself = np.full(len(codes), -1)
    itself[compared] = np.arange(len(compared))
    return nearest(codes[compared], codes, FAR_NEIGHBOURS, itself=itself)[1][:, -1]


@cached_resource(max_entries=8, spinner="Fitting a density to the codes")
def density_of(context: MapContext) -> GaussianMixtureSampler:
    """A density fitted to the shown codes, once.

    Raises:
        ExplorerError: they are too few.
    """
    fitted_on = context.codes()[cache.shown_rows(np.arange(len(context.rows)), DENSITY_ITEMS)]
    return sampling.density(fitted_on)


def brightness(context: MapContext) -> Float[np.ndarray, " n"]:
    """(n,) mean of each shown image's values, in [0, 1]."""
    return _brightness(context.dataset, context.rows)


@cached(max_entries=8)
def _brightness(dataset: Dataset, rows: np.ndarray) -> np.ndarray:
    # In parts, since all of a large dataset as float would take eight times its memory.
    parts = np.array_split(rows, -(-len(rows) // 1024))
    means = (images.to_float(dataset.x[part]).mean((1, 2, 3), dtype=np.float64) for part in parts)
    return gathered(means, len(rows))


def space_words(context: MapContext) -> str:
    """What a map is compared with: the code, or the items themselves where the code is the map."""
    if context.model is None:
        return "vector"
    if context.code_size > 2:
        return "code"
    return "pixels" if context.is_image else "standardised columns"


def space(context: MapContext) -> Num[np.ndarray, "n d"]:
    """(n, D) what a map is compared with, in ``space_words``."""
    return context.codes() if context.model is None or context.code_size > 2 else items_flat(context)


def items_flat(context: MapContext) -> Num[np.ndarray, "n d"]:
    """(n, D) the shown items as rows of numbers; the columns of a table in their standard deviations."""
    x = np.asarray(context.x()).reshape(len(context.rows), -1)
    if context.is_image:
        return x
    std = x.std(0)
    return (x - x.mean(0)) / np.where(std > 0, std, 1)


def neighbour_share(context: MapContext, shown: Plane, k: int) -> Float[np.ndarray, " n"]:
    """(n,) share of each shown item's neighbours on a map that are true ones; see ``trust.neighbour_share``."""
    return _share(context, shown.points, k)


@cached(max_entries=16, spinner="Comparing neighbours")
def _share(context: MapContext, points: np.ndarray, k: int) -> np.ndarray:
    return embedding_quality.neighbour_share(space(context), points, k)
