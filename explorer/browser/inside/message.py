"""What the script gets: the tensors of a model in the order in which an item goes through them."""

from __future__ import annotations

from explorer.browser.schema import Component, Float32, Message, Number, Part, Uint8, Whole


class Tensor(Part):
    """Values between two layers.

    Args:
        name: such as "x" or "code z"; empty for most.
        role: ``encoder``, ``code`` or ``decoder``.
        shape: of the values.
        layers: kinds of the layers that made them, in words; empty for what goes in.
        weights_name: of the weights of these, such as "W_e1"; empty where they have none.
        weights: trained numbers in these.
        column, row: place in the drawing: columns from 0, rows above the middle below 0.
        after: positions of the tensors that it is made of.
        values: (n, size) for each item, 0 at its least value and 255 at its largest.
        low, high: (n,) these values.
    """

    name: str
    role: str
    shape: tuple[int, ...]
    layers: str
    weights_name: str
    weights: Whole
    column: Number
    row: Number
    after: tuple[int, ...]
    values: Uint8
    low: Float32
    high: Float32


class Inside(Message):
    """A model, and items that go through it.

    Args:
        tensors: from the item to what comes back.
        names: (n,) what the items are called.
        losses: (n,) the loss of each in numbers.
        glossary: what words of the field in these mean; empty for none.
    """

    tensors: tuple[Tensor, ...]
    names: tuple[str, ...]
    losses: tuple[str, ...]
    glossary: str = ""


COMPONENT = Component("inside", Inside)
