"""The way from one item to another through the code space, decoded live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from explorer.errors import ExplorerError
from explorer.ui.live.component import Feature, as_header, mount
from explorer.ui.live.envelope import digest

Path = Literal["linear", "spherical"]


@dataclass(frozen=True)
class Place:
    """A place on a path.

    Args:
        t: from 0 (first code) to K - 1 (last code).
        path: the way between neighbouring codes.
    """

    t: float
    path: Path


def live_interpolation(
    model_pack: bytes,
    codes: np.ndarray,
    *,
    key: str,
    ends: tuple[str, str] = ("from here", "to here"),
    features: Sequence[Feature] = (),
    paths: Sequence[Path] = ("linear", "spherical"),
    start: float = 0.0,
) -> Place:
    """A slider from the first to the last code, with both ends, the item on the way, and a play button.

    Args:
        model_pack: the decoder, from ``pack_decoder``.
        codes: (K, latent_dim) waypoints, K at least 2.
        key: of the widget.
        ends: captions of the first and the last item.
        features: columns, for models of table rows.
        paths: ways to choose from; spherical goes along the arc between two codes (White 2016).
        start: where the slider stands at first, from 0 to K - 1.

    Returns:
        Where the slider was last released, or where it starts.

    Raises:
        ExplorerError: fewer than two codes, or codes that are not finite.
    """
    waypoints = np.ascontiguousarray(codes, dtype="<f4")
    if waypoints.ndim != 2 or len(waypoints) < 2:
        raise ExplorerError(
            f"A path needs two or more codes, not an array of shape {waypoints.shape}.", "Pick two items."
        )
    if not np.isfinite(waypoints).all():
        raise ExplorerError("Some codes are not finite numbers.", "The model has probably diverged in training.")
    header = {"ends": list(ends), "features": as_header(features), "paths": list(paths), "start": float(start)}
    sections = {"pack": model_pack, "codes": waypoints.tobytes()}
    reported = mount("interpolation", header, sections, key=key, state="place")
    if reported and reported["digests"] == {name: digest(section) for name, section in sections.items()}:
        return Place(reported["t"], reported["path"])
    return Place(float(start), paths[0])
