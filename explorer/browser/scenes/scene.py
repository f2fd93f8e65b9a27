"""What a scene of Learn is: its words for the route, what its script gets, and where it leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from jaxtyping import Int, Num

from explorer.browser.schema import Component, Message, Report, Whole
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

    def x(self, n: int) -> Num[np.ndarray, "n *event"]:
        """The first n rows' items, as stored."""
        return self.dataset.x[self.rows[:n]]


class SceneMessage(Message):
    """What every scene's script gets.

    Args:
        leads: what stands on the ways into other pages; the page fills it in.
    """

    leads: tuple[str, ...] = ()


class LeadPressed(Report):
    """A way into another page was pressed.

    Args:
        lead: its position.
        item: position among the material's rows of the item that is shown; None for none.
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
        item: name in its link of the row that is shown; empty where that page takes none.
    """

    page: str
    label: str
    query: Mapping[str, str] = field(default_factory=dict)
    item: str = ""

    def address(self, material: Material | None, position: int | None) -> dict[str, str]:
        """What its link says in all.

        Args:
            position: among the material's rows, of the item that is shown; None for none.
        """
        address = dict(self.query)
        if material is None or self.page == "train":  # Train takes a recipe instead
            return address
        address = {"model": material.checkpoint.name, "data": material.dataset.name} | address
        if self.item and position is not None and position < len(material.rows):
            address[self.item] = str(int(material.rows[position]))
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

    @property
    def component(self) -> Component:
        """The contract with its script."""
        return Component(self.name, self.message, states=self.states, events=(LeadPressed,))
