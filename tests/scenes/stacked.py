"""An example of what the scene stacked gets."""

from __future__ import annotations

import numpy as np
from torch import nn

from explorer.browser.pack import pack
from explorer.browser.scenes.stacked.scene import Film, Frames, Stack, Stacked

FRAMES = Frames(
    name="layer by layer",
    stages=("start", "layer 1 of 1, epoch 1"),
    weights=np.full((2, 3, 2, 2), 128, np.uint8),
    rebuilt=np.zeros((2, 2, 2, 2), np.uint8),
    errors=np.ones((2, 3), np.float32),
)
MESSAGE = Stacked(
    leads=("Train: train one",),
    rows=np.array([3]),
    models=(
        Stack(
            network=pack([nn.Flatten(), nn.Linear(4, 2), nn.Linear(2, 4), nn.Unflatten(1, (1, 2, 2))], (1, 2, 2)),
            tied=True,
            exciting=np.zeros((2, 6), np.uint32),
            ranges=np.array([[0, 1], [-1, 1]], np.float32),
        ),
    ),
    x=np.zeros((2, 1, 2, 2), np.float32),
    names=("row 3 (test), class 7", "row 9 (test), class 1"),
    seen=np.zeros((5, 2, 2), np.uint8),
    seen_in_words="5 test items",
    film=Film(measured="5 test items of digits", x=np.zeros((2, 2, 2), np.uint8), reels=(FRAMES, FRAMES)),
)
REPORTS = ()
