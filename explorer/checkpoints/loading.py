"""Checkpoints from files and into them.

Loading never runs code from the file: the card is checked first (version, sizes, shapes), then the tensors are read.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from explorer.checkpoints.card import Card, read_card
from explorer.checkpoints.checkpoint import Checkpoint
from explorer.checkpoints.files import (
    CARD_KEY,
    MAX_FILE_BYTES,
    metadata_of,
    read_whole,
    tensors_bytes,
    tensors_of,
    write_tensors,
)
from explorer.checkpoints.halves import checkpoint_of
from explorer.checkpoints.library import find
from explorer.core.errors import CheckpointError, ExplorerError
from explorer.models import Reconstructor

MAX_EVENT_VALUES = 1 << 24


def load(source: str | os.PathLike[str] | bytes, name: str = "the file") -> Checkpoint:
    """Load a checkpoint on the CPU, ready for use (evaluation mode, float32).

    Args:
        source: a name in ``checkpoints/``, a path, or a file's bytes.
        name: what to call bytes in an error.

    Raises:
        CheckpointError: not a checkpoint of this program or not of this version; says what the file is instead.
    """
    if isinstance(source, bytes):
        content = source
    else:
        path = find(source)
        name, content = str(path), read_whole(path, MAX_FILE_BYTES)
    card = read_card(metadata_of(content, name), name)
    return checkpoint_of(build(card, tensors_of(content, name), name), card)


def checkpoint_bytes(checkpoint: Checkpoint) -> bytes:
    """What ``save`` writes."""
    return tensors_bytes(_state(checkpoint), {CARD_KEY: checkpoint.card.model_dump_json()})


def save(checkpoint: Checkpoint, path: str | os.PathLike[str], half: bool = False) -> Path:
    """Write a checkpoint beside its place and move it in, so that a crash leaves the old one.

    Args:
        half: store float16 weights (loading gives float32): half the size, figures to be measured after loading.

    Raises:
        CheckpointError: the file cannot be written (a full disk, no permission).
    """
    state = _state(checkpoint)
    if half:
        state = {k: v.half() if v.is_floating_point() else v for k, v in state.items()}
    return write_tensors(path, state, {CARD_KEY: checkpoint.card.model_dump_json()})


def _state(checkpoint: Checkpoint) -> dict[str, Tensor]:
    return {k: v.detach().cpu().contiguous() for k, v in checkpoint.model.state_dict().items()}


def build(card: Card, tensors: Mapping[str, Tensor], name: str) -> Reconstructor:
    """The model that a card describes, with these weights, ready for use.

    Args:
        tensors: the model's state.
        name: of the file, for errors.

    Raises:
        CheckpointError: the weights are not those that the card describes.
    """
    shape = card.data.event_shape
    if len(shape) not in (1, 3) or min(shape) < 1 or math.prod(shape) > MAX_EVENT_VALUES:
        raise CheckpointError(f"{name} says its items have shape {shape}, which cannot be.")
    try:
        # On the meta device nothing is allocated, so a card that lies about sizes costs nothing.
        with torch.device("meta"):
            expected = {k: tuple(v.shape) for k, v in card.recipe.build(shape, card.n_labels).state_dict().items()}
    except ExplorerError as error:
        raise CheckpointError(f"{name} has a card that does not fit together: {error.message}", error.hint) from error
    shapes = {k: tuple(v.shape) for k, v in tensors.items()}
    if shapes != expected:
        wrong = next(k for k in sorted({*shapes, *expected}) if shapes.get(k) != expected.get(k))
        raise CheckpointError(
            f"{name} does not hold the weights its card describes:"
            f" {wrong!r} is {shapes.get(wrong, 'missing')}, not {expected.get(wrong, 'expected')}."
        )
    model = card.recipe.build(shape, card.n_labels)
    model.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in tensors.items()})
    return model.eval().requires_grad_(False)
