"""Ways through the code space side by side: decoded while they play or the pointer moves over them, and measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explorer.core.errors import ExplorerError
from explorer.ui.live.envelope import digest
from explorer.ui.live.served import ServedDecoder, serve
from explorer.ui.widgets.component import Feature, as_header, mount


@dataclass(frozen=True, eq=False)
class Track:
    """One way, in frames.

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
    codes: np.ndarray
    items_at: np.ndarray
    colour: str
    dash: str = ""
    note: str = ""


@dataclass(frozen=True, eq=False)
class Measure:
    """A number of every frame, drawn as a curve over each way.

    Args:
        title: what it is.
        unit: after the number; may be empty.
        values: (paths, n).
        band: from where to where most real items lie; None for no band.
        band_title: what the band holds.
    """

    title: str
    unit: str
    values: np.ndarray
    band: tuple[float, float] | None = None
    band_title: str = ""


@dataclass(frozen=True)
class Place:
    """A place on a way.

    Args:
        track: key of the path.
        at: share of the path, from 0 (first item) to 1 (last item).
    """

    track: str
    at: float


def live_interpolation(
    decoder: bytes | np.ndarray,
    tracks: Sequence[Track],
    *,
    key: str,
    items: Sequence[str],
    measures: Sequence[Measure] = (),
    features: Sequence[Feature] = (),
    start: Place | None = None,
    served: ServedDecoder | None = None,
) -> Place:
    """Ways as strips and curves, one decoded large: play, pause, repeat, speed, and a pointer that scrubs.

    Nothing is asked of the server while it plays or the pointer moves; it hears of the place when the hand lets go.

    Args:
        decoder: from ``pack_decoder``; or the decoded frames of all paths (paths, n, *event), for a decoder that is too
            large for the browser: it then moves from frame to frame.
        tracks: with as many frames each.
        key: of the widget.
        items: (K,) captions of the items that the paths lead through.
        measures: curves.
        features: columns, for models of table rows.
        start: where it stands at first; the first item on the first way if None.
        served: beside decoded frames, what decodes the very place at which the hand rests.

    Returns:
        The place last reported, or where it starts.

    Raises:
        ExplorerError: no paths, paths that do not fit together, or codes that are not finite.
    """
    codes = _codes(tracks)
    if any(np.shape(measure.values) != codes.shape[:2] for measure in measures):
        raise ExplorerError(f"Each of {len(codes)} paths has {codes.shape[1]} frames, but a measure has others.")
    keys = [track.key for track in tracks]
    first = start if start is not None and start.track in keys else Place(keys[0], 0.0)
    header = {
        "tracks": [
            {
                "key": track.key,
                "title": track.title,
                "colour": track.colour,
                "dash": track.dash,
                "note": track.note,
                "items_at": [float(at) for at in track.items_at],
            }
            for track in tracks
        ],
        "frames": codes.shape[1],
        "items": list(items),
        "measures": [
            {
                "title": m.title,
                "unit": m.unit,
                "band": m.band and [float(b) for b in m.band],
                "band_title": m.band_title,
            }
            for m in measures
        ],
        "features": as_header(features),
        "start": {"track": first.track, "at": min(1.0, max(0.0, first.at))},
    }
    sections = {"codes": codes.tobytes()}
    if measures:
        sections["measures"] = np.stack([m.values for m in measures]).astype("<f4").tobytes()
    if isinstance(decoder, bytes):
        sections["pack"] = decoder
    else:
        header["shape"] = list(decoder.shape[2:])
        header["served"] = serve(served, f"{key}_served") if served else None
        sections["decoded"] = np.ascontiguousarray(decoder, dtype="<f4").tobytes()
    reported = mount("interpolation", header, sections, key=key, state="place")
    # A report about other ways may still be on its way when the page has moved on.
    if reported and reported["codes"] == digest(sections["codes"]) and reported["track"] in keys:
        return Place(reported["track"], float(reported["at"]))
    return first


def _codes(tracks: Sequence[Track]) -> np.ndarray:
    """(paths, n, latent_dim) float32."""
    shapes = {np.shape(track.codes) for track in tracks}
    if len(shapes) != 1 or len(shape := shapes.pop()) != 2 or shape[0] < 2:
        raise ExplorerError("Paths need two or more codes each, and equal numbers of them.", "Pick two items or more.")
    codes = np.stack([track.codes for track in tracks]).astype("<f4")
    if not np.isfinite(codes).all():
        raise ExplorerError("Some codes are not finite numbers.", "The model has probably diverged in training.")
    return codes
