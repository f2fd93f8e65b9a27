"""What the drawing of a model shows: its tensors with the values of some items, and their losses in words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Int

from explorer import denoising
from explorer.browser.inside import model_inside
from explorer.browser.inside.message import Inside
from explorer.checkpoints import VectorCheckpoint
from explorer.core.written import three_digits
from explorer.data import Dataset
from explorer.data.item_names import item_name
from explorer.data.stored import as_float
from explorer.evaluation.activations import Term, loss_terms


def inside_message(checkpoint: VectorCheckpoint, dataset: Dataset, rows: Int[np.ndarray, " n"]) -> Inside:
    """The drawing of a model with rows (n,) of a dataset, corrupted as they were in training."""
    x, corruption = dataset.x[rows], checkpoint.card.recipe.corruption
    given = as_float(x).numpy() if corruption is None else denoising.add_noise(as_float(x).numpy(), corruption)
    labels = None if dataset.labels is None else [dataset.label_names[label] for label in dataset.labels[rows]]
    names = [item_name(dataset, int(row)) for row in rows]
    titles = names if labels is None else [f"{name}, class {label}" for name, label in zip(names, labels, strict=True)]
    losses = [loss_in_words(loss_terms(checkpoint, item[None])) for item in x]
    return model_inside.inside(checkpoint, given, titles, losses)


def loss_in_words(terms: Sequence[Term]) -> str:
    """A loss as text: every term's value with its name, times its weight, and their sum."""
    parts = [f"{'' if t.weight == 1 else f'{t.weight:.3g} · '}{three_digits(t.value)} ({t.name})" for t in terms]
    total = "" if len(terms) == 1 else f" = {three_digits(sum(t.value * t.weight for t in terms))}"
    return f"loss {' + '.join(parts)}{total} {unit_of(terms) if len(terms) > 1 else ''}".rstrip()


def unit_of(terms: Sequence[Term]) -> str:
    """What the terms are measured in."""
    return "squared error" if {term.name for term in terms} == {"squared error"} else "nats"
