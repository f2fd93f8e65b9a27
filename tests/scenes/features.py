"""An example of what the scene features gets."""

from __future__ import annotations

import numpy as np

from explorer.browser.scenes.features.scene import FeatureCodes, Input

MESSAGE = FeatureCodes(
    leads=("Train: train one",),
    rows=np.array([3]),
    shape=(1, 2, 2),
    names=("0", "1"),
    colours=("#000000", "#ffffff"),
    counts=(1,),
    places=np.zeros((3, 2)),
    labels=np.array([0, 1, 1]),
    pictures=np.ones((3, 1, 2, 2)),
    labelled=np.array([[0, 1]]),
    pool_places=np.ones((2, 2)),
    pool_labels=np.array([0, 1]),
    pool_pictures=np.ones((2, 1, 2, 2)),
    inputs=(
        Input(
            name="Code, 2 numbers",
            accuracy=np.array([0.5]),
            low=np.array([0.4]),
            high=np.array([0.6]),
            nearest=np.zeros((1, 1, 3)),
        ),
    ),
    axes="the two numbers of the code",
    source="MNIST sample",
    draws=20,
)
REPORTS = ()
