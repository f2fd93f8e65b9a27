"""An example of what the scene ordered gets."""

from __future__ import annotations

import numpy as np
from torch import nn

from explorer.browser.pack import pack
from explorer.browser.scenes.ordered.scene import Ordered

MESSAGE = Ordered(
    leads=("Train: train one",),
    rows=np.array([3]),
    shape=(1, 2, 2),
    x=np.zeros((3, 1, 2, 2), np.float32),
    codes=np.ones((3, 2), np.float32),
    pack=pack([nn.Linear(2, 4), nn.Unflatten(1, (1, 2, 2))], (2,)),
    mean=np.full((1, 2, 2), 0.5, np.float32),
    components=np.ones((2, 1, 2, 2), np.float32),
    ordered=np.array([[3, 2, 4], [1, 0.5, 1.5]], np.float32),
    pca=np.array([[4, 3, 5], [2, 1, 3]], np.float32),
    measured="Means over 3 test items; PCA was fitted on 4 training items.",
)
REPORTS = ()
