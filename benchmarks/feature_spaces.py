"""The classifiers in whose codes samples are compared with real images: trains them, and writes checkpoints/features/.

    EXPLORER_DATA=FOLDER python benchmarks/feature_spaces.py

One of MNIST, one of Fashion-MNIST, each on its training split (50,000 and 55,000 images); held-out accuracy is of the
10,000 official test images. Half a minute of processor time each.
"""

from __future__ import annotations

import argparse
import os
import time

from explorer import data
from explorer.core import places
from explorer.evaluation.feature_classifier import trained_space

SPACES = {"mnist": "mnist-sample", "fashion-mnist": "fashion-mnist-sample"}
"""Data that a classifier is trained on -> other data that it stands for."""


def main() -> None:
    """Train each, write it, and say how good it is."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    if "EXPLORER_DATA" not in os.environ:
        raise SystemExit("EXPLORER_DATA has to name the folder that holds mnist/ and fashion-mnist/.")
    for name, like in SPACES.items():
        start = time.process_time()
        space = trained_space(data.dataset(name), like=(data.dataset(like),))
        path = space.save(places.shipped("checkpoints") / "features" / f"{name}.safetensors")
        spent = time.process_time() - start
        print(f"{path.name}: {path.stat().st_size:,} bytes, accuracy {space.card.accuracy.text()}, {spent:.0f} s")


if __name__ == "__main__":
    main()
