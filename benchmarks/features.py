"""The error of the nearest training image on MNIST, by codes of the shipped checkpoints and by principal components.

    EXPLORER_DATA=FOLDER python benchmarks/features.py [--write]

Each of the 10,000 official test images gets the label of the image, among those that are not test images, whose code is
nearest (Euclidean). A checkpoint's codes and the components beside it have as many numbers and the same images to
compare with, all 60,000; components are fitted on those. That the published figures of PCA come out again says that the
measure is theirs. ± is half a 95 % interval over the test images (Wilson's).
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator

import numpy as np
from results_file import write_section

from explorer import checkpoints, data
from explorer.checkpoints import VectorCheckpoint
from explorer.core import metrics
from explorer.core.intervals import rate
from explorer.core.pca import pca_of
from explorer.data import Dataset, as_float

PUBLISHED = {2: 61.07, 10: 8.63, 16: 4.16, 30: 2.82, 32: 2.75}
"""Errors of principal components, in %, as measured with scikit-learn on the same images."""

Halves = tuple[np.ndarray, np.ndarray]
"""Of the items that are known, and of the test items."""


def error(z: Halves, labels: Halves) -> str:
    """Of the nearest neighbour, in %, with half its interval."""
    (z_train, z_test), (y_train, y_test) = z, labels
    wrong = metrics.knn_probe(z_train, y_train, z_test, y_test, k=1)
    share = rate(round(wrong * len(y_test)), len(y_test))
    return f"{100 * share.value:.2f} ± {50 * (share.high - share.low):.2f}"


def rows(dataset: Dataset) -> Iterator[str]:
    """The table's rows: pixels, components, and every checkpoint of MNIST that has codes of whole images."""
    assert dataset.labels is not None
    test = dataset.splits.test
    known = np.setdiff1d(np.arange(len(dataset)), test)
    labels = dataset.labels[known], dataset.labels[test]
    x, x_test = (as_float(dataset.x[part]).flatten(1).numpy() for part in (known, test))
    yield f"| pixels | 784 | {error((x, x_test), labels)} | – | – |"
    loaded = (checkpoints.load(name) for name in checkpoints.available())
    models = [m for m in loaded if isinstance(m, VectorCheckpoint) and m.card.data.name == "mnist"]
    components = {}
    for size in sorted({*PUBLISHED, *(model.latent_dim for model in models)}):
        pca = pca_of(x, size)
        components[size] = error((pca.transform(x), pca.transform(x_test)), labels)
        yield f"| PCA | {size} | {components[size]} | – | {PUBLISHED.get(size, '–')} |"
    for model in sorted(models, key=lambda m: (m.latent_dim, m.name)):
        codes = model.encode(dataset.x[known]), model.encode(dataset.x[test])
        yield f"| `{model.name}` | {model.latent_dim} | {error(codes, labels)} | {components[model.latent_dim]} | – |"


def main() -> None:
    """Print the table, and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the table into docs/results.md")
    options = parser.parse_args()
    if "EXPLORER_DATA" not in os.environ:
        raise SystemExit("EXPLORER_DATA has to name the folder that holds mnist/.")
    lines = ["| code | numbers | error of the nearest neighbour (%) | PCA, same size (%) | published (%) |"]
    lines.append("|---|---|---|---|---|")
    for line in rows(data.dataset("mnist")):
        lines.append(line)
        print(line, flush=True)
    if options.write:
        write_section("features", lines)


if __name__ == "__main__":
    main()
