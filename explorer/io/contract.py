"""The contract of any input: how it was found to be written, and is read from then on."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from explorer.io.images.contract import ImageContract
from explorer.io.images.scale import Scale
from explorer.io.tables.contract import TableContract

Contract = Annotated[TableContract | ImageContract, Field(discriminator="kind")]
"""Of a table or of images."""


def scales_of(contract: TableContract | ImageContract | None) -> tuple[Scale, ...]:
    """The scales of the images that a model learnt from; none of tables and of registered data."""
    return contract.scales if isinstance(contract, ImageContract) else ()
