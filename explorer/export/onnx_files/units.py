"""What the numbers of ONNX files' inputs and outputs mean."""

from __future__ import annotations

from dataclasses import dataclass

from explorer.checkpoints import Card
from explorer.io.contract import Contract
from explorer.io.images.contract import ImageContract

BITS_8 = 255.0


@dataclass(frozen=True)
class Units:
    """What black and white are in the numbers that go in and come out: (0, 1) for rows, which keep their own units."""

    black: float
    white: float

    @property
    def span(self) -> float:
        return self.white - self.black


def units_of_contract(contract: Contract | None) -> Units:
    """The numbers that images are written in: what the set that a contract was found from was divided by."""
    return Units(contract.black, contract.white) if isinstance(contract, ImageContract) else Units(0.0, BITS_8)


def units_of(card: Card) -> Units:
    """The numbers that a model's data is written in."""
    return Units(0.0, 1.0) if card.data.kind == "table" else units_of_contract(card.data.contract)
