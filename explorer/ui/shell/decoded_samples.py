"""Items for a checkpoint without data: decoded from codes that are drawn from what its card knows of them."""

from __future__ import annotations

import hashlib
import math

import numpy as np
from jaxtyping import Float, Int

from explorer.checkpoints import VectorCheckpoint
from explorer.data import Dataset
from explorer.data.base import Splits, fingerprint
from explorer.latent import sampling
from explorer.ui.shell import cache

ITEMS = 500
MAX_VALUES = 1 << 25
"""Of all decoded samples together: fewer are made of large pictures."""
SPLIT = "decoded samples"


@cache.cached_resource(max_entries=8, spinner="Decoding items")
def decoded_samples(checkpoint: VectorCheckpoint) -> tuple[Dataset, Float[np.ndarray, "n d"]]:
    """Decoded items in the shape of a dataset, and the codes (N, latent_dim) that they were decoded from.

    Its ``source`` says in one sentence where they come from. Nothing in it is real: there are no labels, and the
    model's error on them says nothing about its data.

    Raises:
        ExplorerError: the card has no statistics of its codes, and the model no prior.
    """
    shape = checkpoint.event_shape
    n = min(ITEMS, max(50, MAX_VALUES // math.prod(shape)))
    codes, origin = sampling.sample_codes(checkpoint, n)
    x = checkpoint.decode(codes)
    is_image = len(shape) == 3
    if is_image:
        x = (255 * x.clip(0, 1)).round().astype(np.uint8)
    none = np.zeros(0, np.int64)
    word = "images" if is_image else "rows"
    samples = Dataset(
        name="made-by-the-decoder",
        title=word.capitalize(),
        x=x,
        labels=None,
        label_names=(),
        splits=Splits(none, none, np.arange(n), "Nothing was held out: every item is a decoded sample."),
        licence=checkpoint.card.licence,
        source=f"The decoder made {n:,} {word} from codes drawn from {origin}. None of them is real.",
        fingerprint=hashlib.sha256(f"{checkpoint.fingerprint}|{fingerprint(codes, None)}".encode()).hexdigest(),
        feature_names=checkpoint.card.data.feature_names,
    )
    return samples, codes


def split_of(rows: Int[np.ndarray, " n"]) -> str:
    """What decoded samples are called, with their number."""
    return f"{SPLIT}, n = {len(rows):,}"
