"""An example of what the scene novelty gets."""

from __future__ import annotations

import numpy as np
from torch import nn

from explorer.browser.pack import pack
from explorer.browser.scenes.novelty.scene import Items, Novelty

ITEMS = Items(title="Normal", values=np.zeros((1, 1, 2, 2)), names=("3",))
MESSAGE = Novelty(
    leads=("Train: train one",),
    rows=np.array([3]),
    pack=pack([nn.Flatten(), nn.Linear(4, 4), nn.Unflatten(1, (1, 2, 2))], (1, 2, 2)),
    shape=(1, 2, 2),
    calibration=np.array([1.0, 2.0]),
    split="test, n = 2",
    seen="3, 4",
    normal=ITEMS,
    new=ITEMS,
    rebuilt=ITEMS,
)
REPORTS = ()
