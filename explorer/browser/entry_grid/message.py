"""A code that is a grid of entries of a codebook: one is changed, and the decoded item follows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Self

import numpy as np
from jaxtyping import Float, Num
from pydantic import model_validator

from explorer.browser.parts import Decoder, Feature
from explorer.browser.schema import Component, Float32, Message, Part, Report, Whole
from explorer.core.errors import ExplorerError
from explorer.core.palette import sequential


class GridEntry(Part):
    """One entry of a codebook, as it is shown.

    Args:
        number: of the entry, from 0.
        colour: as ``#rrggbb``.
    """

    number: int
    colour: str


class EntryGrid(Message):
    """A grid of entries and the item that its decoder makes of them.

    Args:
        decoder: of a code: the numbers of the entries at all places side by side, channel by channel.
        model: what the decoder is called in reports.
        token: a new number puts the grid to ``first`` again.
        grid: (h, w) places.
        codebook: (K, D).
        entries: all K, those that are like one another side by side.
        start: (h w) numbers of entries that a reset goes back to, row by row.
        first: where it begins.
        features: columns, for models of table rows.
        caption: under the decoded item.

    Raises:
        ExplorerError: places or numbers that do not fit the grid or the codebook.
    """

    decoder: Decoder
    model: str
    token: int
    grid: tuple[int, int]
    codebook: Float32
    entries: tuple[GridEntry, ...]
    start: tuple[int, ...]
    first: tuple[int, ...]
    features: tuple[Feature, ...] = ()
    caption: str

    @model_validator(mode="after")
    def _fits(self) -> Self:
        places, known = math.prod(self.grid), len(self.codebook)
        if sorted(entry.number for entry in self.entries) != list(range(known)):
            raise ExplorerError(f"The entries shown are not the {known} of the codebook.")
        for numbers in (self.start, self.first):
            if not are_entries(numbers, places, known):
                raise ExplorerError(f"A grid of {places} places needs as many numbers from 0 to {known - 1}.")
        return self


class EntriesChosen(Report):
    """What the grid holds since the hand let go.

    Args:
        model, token: of the message.
        numbers: (h w) of the entries, row by row.
    """

    NAME = "entries"
    model: str
    token: Whole
    numbers: tuple[Whole, ...]

    def on(self, message: EntryGrid) -> tuple[int, ...] | None:
        """The numbers; None where they are of another grid, which the page has left since."""
        same = (self.model, self.token) == (message.model, message.token)
        fits = are_entries(self.numbers, len(message.start), len(message.entries))
        return self.numbers if same and fits else None


COMPONENT = Component("entry_grid", EntryGrid, states=(EntriesChosen,))


def are_entries(numbers: tuple[int, ...], places: int, known: int) -> bool:
    """Whether there is one number for each place, each of one of so many entries."""
    return len(numbers) == places and all(0 <= number < known for number in numbers)


def grid_of(
    decoder: Decoder,
    model: str,
    codebook: Num[np.ndarray, "k d"],
    grid: tuple[int, int],
    start: tuple[int, ...],
    first: tuple[int, ...],
    *,
    token: int = 0,
    features: Sequence[Feature] = (),
    caption: str = "Decoded from these entries",
) -> EntryGrid:
    """The message of a grid, with the entries of its codebook in order; see ``EntryGrid`` for the parts."""
    return EntryGrid(
        decoder=decoder,
        model=model,
        token=token,
        grid=grid,
        codebook=codebook,
        entries=ordered_entries(codebook),
        start=start,
        first=first,
        features=tuple(features),
        caption=caption,
    )


def ordered_entries(codebook: Num[np.ndarray, "k d"]) -> tuple[GridEntry, ...]:
    """All entries of a codebook in the order of their first principal component, coloured from end to end."""
    order = np.argsort(first_component(codebook), kind="stable")
    colours = np.rint(sequential(np.linspace(0, 1, len(order)))).astype(int)
    return tuple(
        GridEntry(number=int(number), colour="#{:02x}{:02x}{:02x}".format(*colour))
        for number, colour in zip(order, colours, strict=True)
    )


def first_component(codebook: Num[np.ndarray, "k d"]) -> Float[np.ndarray, " k"]:
    """Where each entry lies along the direction in which they differ most."""
    centred = np.asarray(codebook, np.float64) - np.mean(codebook, 0, dtype=np.float64)
    *_, axes = np.linalg.svd(centred, full_matrices=False)
    # The sign of an axis is arbitrary: here its largest number is positive.
    axis = axes[0] * np.sign(axes[0][np.abs(axes[0]).argmax()])
    return centred @ axis
