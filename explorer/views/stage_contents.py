"""What the stage of a training shows, from the run's events and frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float, UInt8

from explorer.browser.run_stage.message import LossCurve, RunStage, StageFrame
from explorer.core.palette import class_colour
from explorer.latent.alignment import plane_of, turned_onto
from explorer.training.events import Preview

TABLE_ITEMS = 4
MOST_STEPS = 300
"""Points of the curve within epochs, spread over its steps."""
STEPS_COLOUR = "#90918e"


@dataclass
class StageFrames:
    """A run's frames as the stage shows them, each made once: a map of more than two numbers is turned onto the last.

    Args:
        offset: epochs of the stages before the one that the frames are of.
    """

    offset: int = 0
    _made: dict[float, tuple[Preview, StageFrame]] = field(default_factory=dict)
    _last: StageFrame | None = None

    def of(self, frames: Mapping[float, Preview]) -> list[StageFrame]:
        """The frames of epochs, in their order."""
        for epoch, preview in frames.items():
            if epoch not in self._made or self._made[epoch][0] is not preview:
                self._made[epoch] = preview, self._placed(epoch, preview)
        return [self._made[epoch][1] for epoch in frames]

    def _placed(self, epoch: float, preview: Preview) -> StageFrame:
        placed = np.arange(len(preview.z)) if preview.placed is None else preview.placed
        places = plane_of(preview.z)
        if preview.z.shape[1] > 2 and self._last is not None:
            _, both, before = np.intersect1d(placed, self._last.placed, return_indices=True)
            if len(both) > 2:
                places = places @ turned_onto(places[both], self._last.places[before])
        made = in_bytes(preview.x_hat, preview.x)
        self._last = StageFrame(epoch=epoch + self.offset, placed=placed, places=places, made=made)
        return self._last


def in_bytes(
    values: Float[np.ndarray, "n *event"], items: Float[np.ndarray, "m *event"]
) -> UInt8[np.ndarray, "k *event"]:
    """What is shown of items: images from 0 to 1, columns of a few table rows in a range around those of the items."""
    if values.ndim > 2:
        return np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)
    low, high = items.min(0), items.max(0)
    room = np.where(high > low, high - low, 1.0) / 4
    share = (values[:TABLE_ITEMS] - (low - room)) / (high - low + 2 * room)
    return np.rint(np.clip(share, 0, 1) * 255).astype(np.uint8)


def curves_of(
    history: Sequence[Mapping[str, Any]], steps: Sequence[Mapping[str, Any]], steps_per_epoch: int
) -> tuple[LossCurve, ...]:
    """Every term of the loss by epoch, and the total within epochs.

    Args:
        history: as a card's ``history``; stages follow one another.
        steps: events of steps, all of them with their terms or none.
        steps_per_epoch: of all stages.
    """
    along = tuple(float(number) for number in range(1, len(history) + 1))
    curves = [
        LossCurve(
            name=name,
            colour=class_colour(number),
            dashed=split == "validation",
            epochs=along,
            values=tuple(float(entry[split][name]) for entry in history),
        )
        for number, name in enumerate(terms(history))
        for split in ("train", "validation")
        if all(name in entry[split] for entry in history)
    ]
    with_terms = [step for step in steps if "total" in step["terms"]]
    thinned = with_terms[:: max(1, len(with_terms) // MOST_STEPS)]
    if thinned:
        epochs = tuple(step["step"] / steps_per_epoch for step in thinned)
        values = tuple(float(step["terms"]["total"]) for step in thinned)
        name = "total, by step"
        curves.insert(
            0, LossCurve(name=name, colour=STEPS_COLOUR, dashed=False, light=True, epochs=epochs, values=values)
        )
    return tuple(curves)


def terms(history: Sequence[Mapping[str, Any]]) -> list[str]:
    """The terms to draw: a loss of one term is its own total."""
    names = list(dict.fromkeys(name for entry in history for name in entry["train"]))
    return [name for name in names if name != "total"] if len(names) == 2 else names


def stage_message(
    run: str,
    frames: Sequence[StageFrame],
    preview: Preview | None,
    label_names: Sequence[str],
    curves: tuple[LossCurve, ...],
    *,
    unit: str,
    epochs: int,
    whole: bool,
    live: bool,
    labels: Sequence[int] = (),
    code_size: int | None = None,
) -> RunStage:
    """The message.

    Args:
        run: which training it is.
        frames: that are sent.
        preview: any of them, for what stays as it is; None before the first.
        label_names: of the classes; where they are not known, their numbers.
        curves, unit, epochs, whole, live: as in ``RunStage``.
        labels: of all items on the map; empty: none has one.
        code_size: numbers in a code, where the previews hold fewer.
    """
    if preview is None:
        nothing = np.zeros(0, np.uint8)
        return RunStage(
            run=run, frames=(), whole=whole, live=live, epochs=epochs, curves=curves, unit=unit,
            groups=nothing, shape=(0,), given=nothing, items=nothing,
        )  # fmt: skip
    present = np.unique(np.asarray(labels, np.int64))
    d = preview.z.shape[1] if code_size is None else code_size
    is_image = preview.x.ndim > 2
    items = in_bytes(preview.x, preview.x)
    axes = () if not d else ("z₁", "z₂") if d == 2 else ("z₁", "") if d == 1 else ("PCA 1", "PCA 2")
    notes = (
        [f"Codes of {d} numbers by their first two principal components, each map turned onto the one before."]
        if d > 2
        else []
    )
    notes += ["Solid: training, dashed: validation items, which are never trained on."]
    return RunStage(
        run=run,
        frames=tuple(frames),
        whole=whole,
        live=live,
        epochs=epochs,
        curves=curves,
        unit=unit,
        groups=np.searchsorted(present, np.asarray(labels, np.int64)).astype(np.uint16),
        names=tuple(label_names[i] if 0 <= i < len(label_names) else str(i) for i in present.tolist()),
        palette=tuple(class_colour(i) for i in present.tolist()),
        axes=axes,
        shape=items.shape[1:],
        given=items if not is_image else in_bytes(preview.x_noisy, preview.x),
        items=items,
        captions=() if preview.x_names is None else tuple(preview.x_names.tolist())[: len(items)],
        note=" ".join(notes),
    )
