"""What an interpolation shows: ways from item to item, drawn and measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Num

from explorer.browser.interpolation.message import Measure, Track
from explorer.core.neighbours import nearest
from explorer.core.palette import CLASS_COLOURS
from explorer.core.written import three_digits
from explorer.latent.density_check import DensityCheck
from explorer.latent.interpolation import Kind, Route, Spacing
from explorer.latent.sampling import GaussianMixtureSampler
from explorer.views.items import ShownItems

BAND = (0.01, 0.99)
"""Quantiles of the real codes between which a curve is like them."""


@dataclass(frozen=True)
class Look:
    """How a path is called and drawn.

    Args:
        title: its name.
        colour, dash: of its curve.
    """

    title: str
    colour: str
    dash: str = ""


LOOKS: dict[Kind, Look] = {
    "linear": Look("Straight", CLASS_COLOURS[0]),
    "spherical": Look("Spherical", CLASS_COLOURS[1], "9 5"),
    "data": Look("Along the data", CLASS_COLOURS[3], "3 4"),
}


def tracks(
    items: ShownItems,
    routes: Mapping[Kind, Route],
    n: int,
    spacing: Spacing,
    mixture: GaussianMixtureSampler | None,
    check: DensityCheck,
) -> tuple[list[Track], list[Measure]]:
    """Ways from item to item as their component shows them, and what is measured along each.

    Args:
        routes: by kind.
        n: frames of each.
        spacing: of the frames.
        mixture, check: fitted to the shown codes; no density is drawn without the first.
    """
    plain = [
        Track(
            key=kind,
            title=LOOKS[kind].title,
            codes=route.frames(n, spacing),
            items_at=route.items_at(spacing),
            colour=LOOKS[kind].colour,
            dash=LOOKS[kind].dash,
        )
        for kind, route in routes.items()
    ]
    measures = _measures(items, np.stack([track.codes for track in plain]), mixture, check)
    noted = [
        _noted(track, route, measures, i) for i, (track, route) in enumerate(zip(plain, routes.values(), strict=True))
    ]
    return noted, measures


def _measures(
    items: ShownItems, codes: np.ndarray, mixture: GaussianMixtureSampler | None, check: DensityCheck
) -> list[Measure]:
    """Log density and distance to the nearest code of paths (paths, n, D)."""
    flat = codes.reshape(-1, codes.shape[2])
    word = "real codes" if items.is_real else "sample codes"
    measures = []
    if mixture is not None:
        values = mixture.log_density(flat).reshape(codes.shape[:2])
        low, high = np.quantile(mixture.log_densities_, BAND)
        measures.append(
            Measure(
                title="Log density",
                unit="nats",
                values=values,
                band=(low, high),
                band_title=f"98 % of the {word} ({items.split})",
            )
        )
    low, high = np.quantile(check.distances_, BAND)
    apart = distances(items, flat).reshape(codes.shape[:2])
    title = "Distance to the nearest " + word.removesuffix("s")
    band_title = f"98 % of the {word}, each to its nearest other"
    measures.append(Measure(title=title, unit="", values=apart, band=(low, high), band_title=band_title))
    return measures


def distances(items: ShownItems, codes: Num[np.ndarray, "m d"]) -> Num[np.ndarray, " m"]:
    """(M,) distances to the nearest shown code; rounding of a code itself is no distance."""
    apart = nearest(items.codes(), codes, 1)[1][:, 0]
    return np.where(apart < 1e-6 * np.abs(codes).max(), 0.0, apart)


def _noted(track: Track, route: Route, measures: list[Measure], i: int) -> Track:
    """The track with a few words about the whole path."""
    words = [f"length {three_digits(route.length)}"]
    if len(measures) > 1:
        words.append(f"log density down to {three_digits(float(measures[0].values[i].min()))} nats")
    words.append(f"at most {three_digits(float(measures[-1].values[i].max()))} from the nearest code")
    if route.bridges:
        words.append(f"{route.bridges} bridge{'s' if route.bridges > 1 else ''}")
    if route.half_turns:
        words.append("not the only shortest arc")
    return track.model_copy(update={"note": ", ".join(words)})
