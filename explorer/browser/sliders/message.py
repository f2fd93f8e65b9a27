"""A slider for each latent dimension, decoded while it is dragged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from pydantic import Field, model_validator

from explorer.browser.parts import Decoder, Feature, Underlay
from explorer.browser.schema import Component, Float32, Message, Numbers, Part, Report, Whole
from explorer.browser.sliders.density_check import DensityPanel
from explorer.core.errors import ExplorerError


def _label(dimension: dict[str, Any]) -> str:
    return f"z{dimension['index']}"


class Dimension(Part):
    """One latent dimension and its slider.

    Args:
        index: position in the code, from 0.
        low, high: ends of the slider.
        share: part of the codes' information that it carries, in [0, 1]; None where it is not known.
        inactive: the codes of real items hardly differ along it.
        label: shown at the slider; ``z`` and the index by default.
    """

    index: int
    low: float
    high: float
    share: float | None = None
    inactive: bool = False
    label: str = Field(default_factory=_label)


class Direction(Part):
    """A slider that moves the whole code along a direction.

    Args:
        vector: (latent_dim,) what a value of 1 adds to the code.
        low, high: ends of the slider; 0, where it begins, lies between.
        label: shown at the slider.
        hint: what it does, shown on hover.
    """

    vector: Numbers
    low: float
    high: float
    label: str
    hint: str = ""


class Pad(Part):
    """A plane of two dimensions, on which a hand sets both of their sliders at once.

    Args:
        across, up: positions of the dimensions in the code; the ends of their sliders are the plane's edges.
        picture: the plane decoded; None for rows of a table.
        places: (n, 2) codes of real items.
        colours: of each item as ``#rrggbb``.
    """

    across: int
    up: int
    picture: Underlay | None = None
    places: Float32
    colours: tuple[str, ...]

    @model_validator(mode="after")
    def _one_colour_each(self) -> Self:
        if self.places.shape != (len(self.colours), 2):
            raise ExplorerError(f"{len(self.colours)} colours do not fit places of the shape {self.places.shape}.")
        return self


class LabelSwitch(Part):
    """The labels of a conditional model, of which one is chosen; the decoder takes its one-hot vector after the code.

    Args:
        names: of all labels that the decoder takes, in its order.
        offered: positions of those that the model knows.
        at: position of the label of all else that is shown: the real items, and the plane.
    """

    names: tuple[str, ...]
    offered: tuple[int, ...]
    at: int

    @model_validator(mode="after")
    def _is_offered(self) -> Self:
        if self.at not in self.offered or max(self.offered) >= len(self.names):
            raise ExplorerError(f"The label {self.at} is none of {self.offered} of {len(self.names)}.")
        return self


class SlidersAt(Part):
    """Where the sliders stand.

    Args:
        code: (latent_dim,) all of it, with what the directions have added.
        amounts: values of the directions, in their order.
    """

    code: Numbers
    amounts: Numbers = ()


@dataclass(frozen=True)
class Setting:
    """Where sliders begin, and what their last report is checked against.

    Args:
        start: (latent_dim,) the code that a reset goes back to.
        code: (latent_dim,) the code to show at first; ``start`` if empty.
        amounts: of the directions that are part of ``code``, one each; zero if empty.
        token: a new number puts the sliders to ``code`` again, even where nothing else has changed.
    """

    start: tuple[float, ...]
    code: tuple[float, ...] = ()
    amounts: tuple[float, ...] = ()
    token: int = 0

    def first(self, n_directions: int) -> SlidersAt:
        """Where the sliders begin; amounts of another number of directions say nothing."""
        amounts = self.amounts if len(self.amounts) == n_directions else (0.0,) * n_directions
        return SlidersAt(code=self.code or self.start, amounts=amounts)


class Sliders(Message):
    """Sliders over a code and the item that its decoder makes of it.

    Args:
        decoder: of a code.
        model: what the decoder is called in reports.
        token: a new number puts the sliders to ``first`` again.
        start: (latent_dim,) the code that a reset goes back to.
        first: where they begin.
        dims: in the order to show them; a dimension left out stays at its start.
        directions: more sliders, shown first, that move the whole code.
        features: columns, for models of table rows.
        caption: under the decoded item.
        density: real items that the browser compares each code with.
        pad: for a code of two numbers.
        labels: of a conditional model; None: the decoder takes a code alone.

    Raises:
        ExplorerError: a direction of another size than the code.
    """

    decoder: Decoder
    model: str
    token: int
    start: Numbers
    first: SlidersAt
    dims: tuple[Dimension, ...]
    directions: tuple[Direction, ...] = ()
    features: tuple[Feature, ...] = ()
    caption: str
    density: DensityPanel | None = None
    pad: Pad | None = None
    labels: LabelSwitch | None = None

    @model_validator(mode="after")
    def _directions_fit(self) -> Self:
        for direction in self.directions:
            if (n := len(direction.vector)) != len(self.start):
                raise ExplorerError(f"A direction of {n} numbers does not fit a code of {len(self.start)} numbers.")
        return self


class LabelChosen(Report):
    """A label was chosen for a conditional model.

    Args:
        label: its name.
    """

    NAME = "label"
    label: str


class SlidersReleased(Report):
    """Where the sliders were released.

    Args:
        model: what the decoder is called.
        token, start: of the setting.
        at: where they stand.
    """

    NAME = "codes"
    model: str
    token: Whole
    start: Numbers
    at: SlidersAt

    def of(self, model: str, setting: Setting) -> SlidersAt | None:
        """Where they stand; None where the report is about another model or setting, which the page has left since."""
        same = (self.model, self.token, self.start) == (model, setting.token, setting.start)
        return self.at if same else None


COMPONENT = Component("sliders", Sliders, states=(SlidersReleased,), events=(LabelChosen,))
