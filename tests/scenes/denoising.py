"""An example of what the scene denoising gets."""

from __future__ import annotations

import numpy as np
from torch import nn

from explorer.browser.pack import pack
from explorer.browser.scenes.denoising.scene import Brush, Denoising

MESSAGE = Denoising(
    leads=("Train: train one",),
    rows=np.array([3]),
    pack=pack([nn.Flatten(), nn.Linear(4, 4), nn.Unflatten(1, (1, 2, 2))], (1, 2, 2)),
    shape=(1, 2, 2),
    items=np.zeros((1, 1, 2, 2)),
    trained="masking (share of values lost 0.25)",
    kind="masking",
    split="test",
    brushes=(Brush(kind="masking", title="Masking", level="Share", low=0, high=1, step=0.05, start=0.25),),
)
REPORTS = ()
