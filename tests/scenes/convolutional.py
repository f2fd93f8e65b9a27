"""An example of what the scene convolutional gets."""

from __future__ import annotations

import numpy as np
from torch import nn

from explorer.browser.pack import pack
from explorer.browser.scenes.convolutional.scene import Convolutional

MESSAGE = Convolutional(
    leads=("Train: train one",),
    rows=np.array([3]),
    network=pack([nn.Conv2d(1, 2, 3, 2, 1), nn.ReLU(), nn.Flatten(), nn.Linear(8, 2)], (1, 4, 4), merge=False),
    x=np.zeros((2, 1, 4, 4), np.float32),
    names=("row 3 (test), class 7", "row 9 (test), class 1"),
)
REPORTS = ()
