"""An example of what the scene which gets."""

from __future__ import annotations

import numpy as np

from explorer.browser.scenes.which.scene import Family, Which

PICTURES = np.zeros((1, 1, 2, 2))
FAMILY = Family(
    title="Stacked",
    purpose="deep codes",
    samples="no",
    model="Stacked",
    recipe="mnist-stacked-30d",
    code_size=30,
    weights=1000,
    error=(3.0, 2.9, 3.1),
    noisy_error=9.5,
    rebuilt=PICTURES,
    cleaned=PICTURES,
    decoded=PICTURES,
)
MESSAGE = Which(
    leads=("Train: train one",),
    rows=np.array([3]),
    shape=(1, 2, 2),
    items=PICTURES,
    noisy=PICTURES,
    damage=125.4,
    noise="Gaussian noise",
    split="test, n = 1",
    families=(FAMILY,),
)
REPORTS = ()
