"""Autoencoder Explorer: train, open and look inside autoencoders.

These few names are all that a notebook needs::

    import explorer

    vae = explorer.load("mnist-vae-2d")  # a name in checkpoints/ or a path
    data = explorer.dataset("mnist-sample")
    z = vae.encode(data.test.x)  # (N, 2)
    picture = vae.decode([[0.3, -1.2]])
    for event in explorer.train(explorer.Recipe.from_toml("recipes/mnist-vae-2d.toml")):
        ...
    mine = explorer.adopt("mine", encoder=my_encoder, decoder=my_decoder, data="digits")  # torch modules of one's own
    detector = explorer.Detector().fit(normal_rows)  # a NumPy array, a pandas data frame or a pyarrow table
    is_outlier = detector.predict(new_rows) == -1
    explorer.show("mnist-vae-2d").map()  # in a notebook: the live map, whose selection comes back as row numbers
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from explorer.core.errors import ExplorerError
from explorer.core.version import VERSION

if TYPE_CHECKING:
    from explorer.adoption import adopt
    from explorer.checkpoints import load
    from explorer.data import dataset
    from explorer.notebook import show
    from explorer.novelty.estimator import Detector
    from explorer.recipe import Recipe
    from explorer.training import train

__version__ = VERSION
__all__ = ["Detector", "ExplorerError", "Recipe", "__version__", "adopt", "dataset", "load", "show", "train"]

# Looked up on first use, so that `import explorer` (and `explorer --help`) does not wait for torch.
_HOMES = {
    "adopt": "explorer.adoption",
    "Detector": "explorer.novelty.estimator",
    "load": "explorer.checkpoints",
    "dataset": "explorer.data",
    "Recipe": "explorer.recipe",
    "show": "explorer.notebook",
    "train": "explorer.training",
}


if not TYPE_CHECKING:  # a type checker would take any misspelt name for one that this finds

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
