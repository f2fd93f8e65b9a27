"""Paths through the code space side by side: decoded while they play or the pointer moves over them, and measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from pydantic import Field, model_validator

from explorer.browser.envelope import digest
from explorer.browser.parts import Decoder, Feature
from explorer.browser.schema import Component, Float32, Message, Number, Numbers, Part, Report
from explorer.core.errors import ExplorerError


class Track(Part):
    """One path, in frames.

    Args:
        key: its name in reports.
        title: its name on the page.
        codes: (n, latent_dim) from the first item to the last; between two frames the path is straight.
        items_at: (K,) share of the path at which each item stands, from 0 to 1.
        colour: of its curve, as ``#rrggbb``.
        dash: of its curve, as in SVG; empty for a solid line.
        note: a few words about the whole path.
    """

    key: str
    title: str
    codes: Float32
    items_at: Numbers
    colour: str
    dash: str = ""
    note: str = ""


class Measure(Part):
    """A number of every frame, drawn as a curve over each path.

    Args:
        title: what it is.
        unit: after the number; may be empty.
        values: (paths, n).
        band: from where to where most real items lie; None for no band.
        band_title: what the band holds.
    """

    title: str
    unit: str
    values: Float32
    band: tuple[float, float] | None = None
    band_title: str = ""


class Place(Part):
    """A place on a path.

    Args:
        track: key of the path.
        at: share of the path, from 0 (first item) to 1 (last item).
    """

    track: str
    at: float


class Interpolation(Message):
    """Paths as strips and curves, one decoded large.

    Args:
        decoder: of a code; where it is served, only the place at which the hand rests is asked for.
        decoded: (paths, n, *event) decoded frames, for a decoder that is too large for the browser: it then moves from
            frame to frame.
        tracks: with as many frames each.
        items: (K,) captions of the items that the paths lead through.
        measures: curves.
        features: columns, for models of table rows.
        start: where it stands at first.

    Raises:
        ExplorerError: no paths, paths that do not fit together, or codes that are not finite.
    """

    decoder: Decoder
    decoded: Float32 | None = None
    tracks: tuple[Track, ...]
    items: tuple[str, ...]
    measures: tuple[Measure, ...] = ()
    features: tuple[Feature, ...] = ()
    start: Place

    @model_validator(mode="after")
    def _fits(self) -> Self:
        shapes = {track.codes.shape for track in self.tracks}
        if len(shapes) != 1 or len(shape := shapes.pop()) != 2 or shape[0] < 2:
            raise ExplorerError(
                "Paths need two or more codes each, and equal numbers of them.", "Pick two items or more."
            )
        if not all(np.isfinite(track.codes).all() for track in self.tracks):
            raise ExplorerError("Some codes are not finite numbers.", "The model has probably diverged in training.")
        if any(measure.values.shape != (len(self.tracks), shape[0]) for measure in self.measures):
            raise ExplorerError(f"Each of {len(self.tracks)} paths has {shape[0]} frames, but a measure has others.")
        return self


class PlaceReached(Report):
    """Where the hand let go.

    Args:
        codes: digests of the paths' codes, in their order.
        track: key of the path.
        at: share of it.
    """

    NAME = "place"
    codes: tuple[str, ...]
    track: str
    at: Number = Field(ge=0, le=1)

    def on(self, message: Interpolation) -> Place | None:
        """The place; None where it is on other paths, which the page has left since."""
        same = self.codes == tuple(digest(track.codes.tobytes()) for track in message.tracks)
        known = self.track in [track.key for track in message.tracks]
        return Place(track=self.track, at=self.at) if same and known else None


COMPONENT = Component("interpolation", Interpolation, states=(PlaceReached,))


def first_place(tracks: Sequence[Track], start: Place | None) -> Place:
    """Where it stands at first: at ``start`` if there is such a path, else at the first item of the first path."""
    if start is None or start.track not in [track.key for track in tracks]:
        return Place(track=tracks[0].key if tracks else "", at=0)
    return Place(track=start.track, at=min(1.0, max(0.0, start.at)))
