"""Items for a checkpoint without data: decoded from codes that are drawn from what its card knows of them."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from explorer.checkpoints import VectorCheckpoint
from explorer.data import Dataset
from explorer.ui.shell import cache
from explorer.views.items import DECODED, decoded_dataset


@cache.cached_resource(max_entries=8, spinner="Decoding items")
def decoded_samples(checkpoint: VectorCheckpoint) -> tuple[Dataset, Float[np.ndarray, "n d"]]:
    """Decoded items in the shape of a dataset, and their codes; see ``decoded_dataset``."""
    return decoded_dataset(checkpoint)


def split_of(rows: Int[np.ndarray, " n"]) -> str:
    """What decoded samples are called, with their number."""
    return f"{DECODED}, n = {len(rows):,}"
