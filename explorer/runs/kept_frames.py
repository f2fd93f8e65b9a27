"""Frames that a checkpoint carries: a small log of its training beside it, ``frames/NAME.bin`` in its folder.

The records are those of a run's own log (``runs.frames``), of fewer epochs and codes; the first also holds the curve
that belongs to the pictures, and whether they are of that very training.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Shaped

from explorer.checkpoints import Card
from explorer.checkpoints.files import write_file
from explorer.core.pca import pca_of
from explorer.core.row_samples import spread_positions
from explorer.runs.folder import current
from explorer.runs.frames import FrameFile, epoch_record, items_record
from explorer.training.events import Preview

EPOCHS, CODES = 20, 250
"""At most so many epochs, the first and the last among them, and so many items on the map."""
DIGITS = 5
"""Of a loss in the curve."""


@dataclass(frozen=True)
class KeptFrames:
    """A training as a checkpoint shows it.

    Args:
        frames: by epoch, of the last stage.
        history: of the training that they are of, as a card's.
        epochs: that it was to have, in all stages.
        code_size: numbers in a code; the frames may hold fewer, their principal components.
        told: what is to be said of them, a sentence; empty where they are of the checkpoint's own training.
    """

    frames: dict[float, Preview]
    history: Sequence[Mapping[str, Any]]
    epochs: int
    code_size: int
    told: str


def place_of(checkpoint: str | os.PathLike[str]) -> Path:
    """Where the frames of a checkpoint's file lie, if it has any."""
    path = Path(checkpoint)
    return path.parent / "frames" / f"{path.stem}.bin"


def kept_frames(checkpoint: str | os.PathLike[str], card: Card) -> KeptFrames | None:
    """What lies beside a checkpoint's file; None where nothing does, or what is of another training of that name.

    Args:
        checkpoint: its file.
        card: of it.
    """
    file = FrameFile(place_of(checkpoint))
    frames, about = file.look(), file.about
    if not frames or about.get("card") != _identity(card):
        return None
    return KeptFrames(frames, about["history"], about["epochs"], about["code_size"], about["told"])


def why_none(checkpoint: str | os.PathLike[str], card: Card) -> str:
    """Why a checkpoint has no frames to show, and what shows some; for one of which ``kept_frames`` is None."""
    if card.code_size is None:
        return (
            "It cleans photos of any size by parts of them and has no code: there is no map that could form, and its"
            " training is its curve."
        )
    if place_of(checkpoint).is_file():
        return "The pictures beside it are of another training of this name and are not shown."
    if card.origin:
        return "It was trained elsewhere, and no pictures of that came with it."
    return (
        "No pictures of its training were kept with it. Its recipe, trained again, shows them; a run that is saved as a"
        " checkpoint takes its own along."
    )


def keep_frames(
    frames: Mapping[float, Preview],
    events: Iterable[dict[str, Any]],
    checkpoint: str | os.PathLike[str],
    card: Card,
    told: str = "",
) -> Path | None:
    """Write frames of a training beside a checkpoint, in place of others; None where there are none.

    Args:
        frames: by epoch, as ``Run.frames``.
        events: of that training.
        checkpoint, card: that get them.
        told: as in ``KeptFrames``.

    Raises:
        CheckpointError: the file cannot be written.
    """
    place = place_of(checkpoint)
    if not frames:
        place.unlink(missing_ok=True)
        return None
    events_so_far = current(events)
    started = next(event for event in reversed(events_so_far) if event["event"] == "started")
    history = [
        {"stage": e["stage"], "epoch": e["epoch"], "train": _short(e["train"]), "validation": _short(e["validation"])}
        for e in events_so_far
        if e["event"] == "epoch"
    ]
    first = next(iter(frames.values()))
    about = {
        "history": history,
        "epochs": sum(epochs for _, epochs in started["stages"]),
        "code_size": getattr(card.recipe.model, "latent_dim", first.z.shape[1]) if first.z.shape[1] else 0,
        "told": told,
        "card": _identity(card),
    }
    chosen = np.array(list(frames))[_chosen(len(frames))].tolist()
    records = [items_record(_few(first), json.dumps(about)), *(epoch_record(n, _few(frames[n])) for n in chosen)]
    place.parent.mkdir(parents=True, exist_ok=True)
    return write_file(place, b"".join(records))


def _identity(card: Card) -> list[Any]:
    """What tells a training's checkpoint from another one of its name."""
    return [card.data.fingerprint, card.best_epoch, card.training_seconds]


def _chosen(n: int) -> Shaped[np.ndarray, " k"]:
    """Positions of frames: dense at the beginning, where most happens, the first and the last among them."""
    if n <= EPOCHS:
        return np.arange(n)
    return np.unique(np.rint(np.geomspace(1, n, EPOCHS)).astype(int)) - 1


def _few(preview: Preview) -> Preview:
    """The same with fewer items on the map, of whose codes three principal components stay."""
    at = spread_positions(len(preview.z), CODES)
    z = preview.z[at]
    labels = None if preview.labels is None else preview.labels[at]
    return Preview(preview.x, preview.x_noisy, preview.x_hat, _few_numbers(z), labels, preview.x_names)


def _few_numbers(z: Float[np.ndarray, "n d"]) -> Float[np.ndarray, "n k"]:
    # Three, since a map of two would be taken for the code itself.
    return z if z.shape[1] <= 3 or len(z) <= 3 else np.asarray(pca_of(z, 3).transform(z), np.float32)


def _short(terms: Mapping[str, float]) -> dict[str, float]:
    return {name: float(f"{value:.{DIGITS}g}") for name, value in terms.items()}
