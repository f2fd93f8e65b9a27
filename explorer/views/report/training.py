"""The training of a model as a part of its report: every term of the loss by epoch."""

from __future__ import annotations

from explorer.checkpoints import Card
from explorer.checkpoints.history import best_position, loss_unit
from explorer.core.palette import class_colour
from explorer.core.written import three_digits
from explorer.export.charts import Line, curves
from explorer.views.exported.page import StillPart


def training_part(card: Card) -> StillPart | None:
    """Curves of training and validation; None for a card without them."""
    history = card.history
    if not history:
        return None
    names = list(dict.fromkeys(name for entry in history for name in entry["train"]))
    if len(names) == 2 and "total" in names:
        names.remove("total")  # a loss of one term is its own total
    lines = [
        Line(
            f"{name}, {part}",
            [float((entry.get(part) or {}).get(name, float("nan"))) for entry in history],
            class_colour(number),
            "5 4" if part == "validation" else "",
        )
        for number, name in enumerate(names)
        for part in ("train", "validation")
    ]
    kept = best_position(card)
    marks = [] if kept is None else [(kept + 1, f"kept: epoch {kept + 1}")]
    stages = [str(entry.get("stage", "")) for entry in history]
    starts = [i for i in range(1, len(stages)) if stages[i] != stages[i - 1]]
    marks = [*((start + 1, stages[start]) for start in starts), *marks]
    training = card.recipe.training
    sentence = (
        f"{len(history):,} epochs in {three_digits(card.training_seconds)} s on {card.device or 'an unknown device'}"
        f"{f' ({card.finished})' if card.finished else ''}, batches of {training.batch_size:,}, learning rate "
        f"{training.learning_rate:g}, seed {training.seed}."
    )
    unit = loss_unit(history)
    return StillPart(
        "training", "Training", sentence, curves([line for line in lines if any(v == v for v in line.values)], "epoch",
        f"Loss ({unit})", marks),
    )  # fmt: skip
