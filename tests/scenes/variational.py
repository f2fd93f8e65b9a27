"""An example of what the scene variational gets."""

from __future__ import annotations

import numpy as np

from explorer.browser.scenes.variational.scene import Vae, Variational

VAE = Vae(
    title="a VAE",
    beta=1.0,
    decoder=b"pack",
    mu=np.zeros((2, 2)),
    sigma=np.ones((2, 2)),
    reconstruction=130.0,
    kl=7.0,
)
MESSAGE = Variational(
    leads=("Train: train one",),
    rows=np.array([3]),
    shape=(1, 2, 2),
    items=np.ones((2, 1, 2, 2)),
    labels=np.array([0, 1]),
    names=("0", "1"),
    colours=("#000000", "#ffffff"),
    current=VAE,
    ladder=(VAE,),
    reach=4.0,
    measured="held out, n = 2,000",
)
REPORTS = ()
