"""What a scene of Learn is: its words for the route, what its script gets, and where it leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Int, Num

from explorer.browser.schema import Component, Message, Report
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


@dataclass(frozen=True)
class Lead:
    """A way from a scene into the page where its idea is the trade.

    Args:
        page: file name in pages/.
        label: what stands on it.
        query: what its link says.
    """

    page: str
    label: str
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Scene:
    """One scene: a component of the browser with its place in the story.

    Args:
        name: of its folder, its component and its address (``?scene=NAME``).
        number: place in the story, from 1.
        title: its heading.
        sentence: what to do, in Markdown.
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
    message: type[Message]
    prepare: Callable[[Material | None], Message]
    leads: tuple[Lead, ...] = ()
    matches: Callable[[Card], bool] | None = None
    recipe: str = ""
    states: tuple[type[Report], ...] = ()

    @property
    def component(self) -> Component:
        """The contract with its script."""
        return Component(self.name, self.message, states=self.states)
