"""The contract of any input: how it was found to be written, and is read from then on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import numpy as np
from jaxtyping import Float
from pydantic import Field

from explorer.io.images.contract import ImageContract
from explorer.io.images.scale import Scale
from explorer.io.tables.categories import likeliest
from explorer.io.tables.columns import Cells
from explorer.io.tables.contract import TableContract

Contract = Annotated[TableContract | ImageContract, Field(discriminator="kind")]
"""Of a table or of images."""


def scales_of(contract: TableContract | ImageContract | None) -> tuple[Scale, ...]:
    """The scales of the images that a model learnt from; none of tables and of registered data."""
    return contract.scales if isinstance(contract, ImageContract) else ()


def category_places(contract: TableContract | ImageContract | None, features: Sequence[str]) -> dict[str, list[int]]:
    """Where the numbers that a category became stand among those that a model takes, by the category's name.

    Args:
        contract: of the table that the model learnt from; None, or one of images: there are none.
        features: names of what the model takes.
    """
    if not isinstance(contract, TableContract):
        return {}
    place = {feature: i for i, feature in enumerate(features)}
    of_categories = {column.name: column.features for column in contract.columns if column.role == "category"}
    return {name: [place[f] for f in coded if f in place] for name, coded in of_categories.items() if coded[0] in place}


def count_places(contract: TableContract | ImageContract | None, features: Sequence[str]) -> list[int]:
    """Which of the numbers that a model takes are counts; arguments as in ``category_places``."""
    if not isinstance(contract, TableContract):
        return []
    counts = {*contract.of("count")}
    return [i for i, feature in enumerate(features) if feature in counts]


def as_columns(
    x: Float[np.ndarray, "n d"], contract: TableContract | ImageContract | None, features: Sequence[str]
) -> dict[str, Cells]:
    """Rows as a model takes or gives them, column by column as their table writes them: categories as text.

    Args:
        x: (n, D) rows.
        contract, features: as in ``category_places``; D names.
    """
    values = {column.name: column.values for column in contract.columns} if isinstance(contract, TableContract) else {}
    starts = {places[0]: (name, places) for name, places in category_places(contract, features).items()}
    within = {i for _, places in starts.values() for i in places}
    columns: dict[str, Cells] = {}
    for i, feature in enumerate(features):
        if i in starts:
            name, places = starts[i]
            columns[name] = likeliest(x[:, places], values[name])
        elif i not in within:
            columns[feature] = x[:, i]
    return columns
