"""What a scene of Learn is: its words for the route, what its script gets, and where it leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from jaxtyping import Int, Num
from pydantic import Field

from explorer.browser.schema import Component, Message, Report, Uint32, Whole
from explorer.checkpoints import Card, VectorCheckpoint
from explorer.data import Dataset


@dataclass(frozen=True)
class Material:
    """A trained model and items for a scene that shows one.

    Args:
        checkpoint: the current one where it is of the scene's kind, else a shipped one.
        dataset: items of the shape it takes.
        rows: row numbers to show, held-out ones where there are any.
        split: what those rows are to the model, with their number.
    """

    checkpoint: VectorCheckpoint
    dataset: Dataset
    rows: Int[np.ndarray, " n"]
    split: str

    def first(self, n: int) -> Int[np.ndarray, " k"]:
        """The first n rows at most: every class in turn."""
        return self.rows[:n]

    def x(self, n: int) -> Num[np.ndarray, "n *event"]:
        """The first n rows' items, as stored."""
        return self.dataset.x[self.first(n)]


class SceneMessage(Message):
    """What every scene's script gets.

    Args:
        leads: what stands on the ways into other pages; the page fills it in.
        rows: (n,) in the data of the items that the scene shows, by the positions at which its script has them.
    """

    leads: tuple[str, ...] = ()
    rows: Uint32 = Field(default_factory=lambda: np.empty(0, np.uint32))


class LeadPressed(Report):
    """A way into another page was pressed.

    Args:
        lead: its position.
        item: row in the data of the item that is shown; None for none.
    """

    NAME: ClassVar[str] = "lead"

    lead: Whole
    item: Whole | None


@dataclass(frozen=True)
class Lead:
    """A way from a scene into the page where its idea is the trade; the scene's model and data go along.

    Args:
        page: file name in pages/.
        label: what stands on it.
        query: what else its link says.
    """

    page: str
    label: str
    query: Mapping[str, str] = field(default_factory=dict)

    def address(self, material: Material | None, row: int | None) -> dict[str, str]:
        """What its link says in all.

        Args:
            row: in the material's data, of the item that is shown; None for none.
        """
        address = dict(self.query)
        if material is None or self.page == "train":  # Train takes a recipe instead, whose model has seen no item yet
            return address
        address = {"model": material.checkpoint.name, "data": material.dataset.name} | address
        if row is not None and row < len(material.dataset):
            address["item"] = str(row)
        return address


@dataclass(frozen=True)
class Scene:
    """One scene: a component of the browser with its place in the story.

    Args:
        name: of its folder, its component and its address (``?scene=NAME``).
        number: place in the story, from 1.
        title: its heading.
        sentence: what to do, in Markdown.
        for_tables: what is said to those whose current model is of a table: what of the scene are rows and columns, or
            why it shows pictures instead.
        message: what its script gets.
        prepare: makes that message of a model and items; of None where the scene shows no trained model.
        leads: into other pages.
        matches: whether a checkpoint is of the scene's kind; None where the scene shows no trained model.
        recipe: a shipped recipe of that kind, to train one where none is available.
        states: what its script reports; the page keeps the last of each.
        smaller: its message without what other models add, for an exported page that has no room for all of it; None
            where there is no such part.
        about_others: whether it sets other models beside the one that it is given: no exported page of that one has it.
    """

    name: str
    number: int
    title: str
    sentence: str
    for_tables: str
    message: type[SceneMessage]
    prepare: Callable[[Material | None], SceneMessage]
    leads: tuple[Lead, ...] = ()
    matches: Callable[[Card], bool] | None = None
    recipe: str = ""
    states: tuple[type[Report], ...] = ()
    smaller: Callable[[SceneMessage], SceneMessage] | None = None
    about_others: bool = False

    @property
    def component(self) -> Component:
        """The contract with its script."""
        return Component(self.name, self.message, states=self.states, events=(LeadPressed,))
