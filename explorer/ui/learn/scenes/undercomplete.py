"""Undercomplete, beside PCA with a code of any size."""

from __future__ import annotations

import numpy as np
import streamlit as st
from jaxtyping import Float, Num
from sklearn import decomposition

from explorer import evaluation
from explorer.checkpoints import VectorCheckpoint
from explorer.data import Dataset, Split
from explorer.evaluation.activations import standardised
from explorer.ui.learn.scenes.scene import ServedScene, show_both, without_corruption
from explorer.ui.learn.walkthrough import show_values
from explorer.ui.shell import cache
from explorer.ui.shell.cache import cached, cached_resource
from explorer.ui.widgets.text import three_digits

DIMENSIONS = 64
FIT_ITEMS, ERROR_ITEMS = 2000, 500
"""PCA is fitted on so many items at most, and errors are means over so many others."""


def play(checkpoint: VectorCheckpoint, dataset: Dataset, x: Num[np.ndarray, "n *event"]) -> None:
    """What can be dragged."""
    show_both(checkpoint, x)
    pca = _pca(checkpoint, dataset)
    largest = len(pca.components_)
    k = st.slider(
        "Dimensions of PCA's code",
        1,
        largest,
        min(checkpoint.latent_dim, largest),
        key="learn_pca",
        help="PCA is the best linear code.",
    )
    errors, model_error = _errors(checkpoint, dataset)
    show_values(pca_rebuilt(pca, standardised(checkpoint, x), k), size=56)
    enough = np.flatnonzero(errors <= model_error)
    verdict = (
        f"PCA needs {enough[0] + 1} dimensions for that." if len(enough) else "PCA needs more dimensions for that."
    )
    st.caption(
        f"PCA with {k} dimensions: squared error {three_digits(float(errors[k - 1]))}. The autoencoder with "
        f"{checkpoint.latent_dim}: {three_digits(model_error)}. {verdict} Mean over "
        f"{len(_rows(checkpoint, dataset, 'test', ERROR_ITEMS))} items of this dataset's test split; "
        "PCA is fitted on its training split."
    )


def pca_rebuilt(pca: decomposition.PCA, x: Num[np.ndarray, "n *event"], k: int) -> Float[np.ndarray, "n *event"]:
    """(N, *event) items after a PCA to ``k`` dimensions and back."""
    directions = pca.components_[:k]
    flat = x.reshape(len(x), -1) - pca.mean_
    rebuilt: np.ndarray = (flat @ directions.T @ directions + pca.mean_).reshape(x.shape)
    return rebuilt


def _rows(checkpoint: VectorCheckpoint, dataset: Dataset, split: Split, limit: int) -> np.ndarray:
    """Rows of a split, of the classes the model was trained on where it was trained on this dataset."""
    is_training_data = checkpoint.card.data.fingerprint == dataset.fingerprint
    classes = checkpoint.card.recipe.data.classes if is_training_data else ()
    return cache.shown_rows(evaluation.training_rows(dataset, classes, split), limit)


def _flat(checkpoint: VectorCheckpoint, dataset: Dataset, split: Split, limit: int) -> np.ndarray:
    """(n, D) values as the model sees them, in which its error is measured too."""
    x = standardised(checkpoint, dataset.x[_rows(checkpoint, dataset, split, limit)])
    return x.reshape(len(x), -1)


@cached_resource(max_entries=4, spinner="Fitting PCA")
def _pca(checkpoint: VectorCheckpoint, dataset: Dataset) -> decomposition.PCA:
    x = _flat(checkpoint, dataset, "train", FIT_ITEMS)
    return fitted_pca(x)


def fitted_pca(x: Num[np.ndarray, "n d"]) -> decomposition.PCA:
    """PCA of items (n, D) to as many dimensions as are offered.

    Exact by the covariance of the values where they are few; else by random projections (Halko and others 2011), whose
    power iterations find the leading directions to far less than what a mean over test items is known to.
    """
    k = min(DIMENSIONS, *x.shape)
    solver = "covariance_eigh" if len(x) >= x.shape[1] else "randomized"
    return decomposition.PCA(k, svd_solver=solver, iterated_power=4, random_state=0).fit(x)


@cached(max_entries=4)
def _errors(checkpoint: VectorCheckpoint, dataset: Dataset) -> tuple[np.ndarray, float]:
    """Mean squared errors on test items: (K,) of PCA with 1 to K dimensions, and the model's own."""
    pca = _pca(checkpoint, dataset)
    model_errors = checkpoint.reconstruction_errors(dataset.x[_rows(checkpoint, dataset, "test", ERROR_ITEMS)])
    return pca_errors(pca, _flat(checkpoint, dataset, "test", ERROR_ITEMS)), float(model_errors.mean())


def pca_errors(pca: decomposition.PCA, x: Num[np.ndarray, "n d"]) -> Float[np.ndarray, " k"]:
    """(K,) mean squared error of items (n, D) after a PCA to 1 to K dimensions and back."""
    centred = x - pca.mean_
    # Directions are orthonormal, so that each takes its own square off what is left.
    errors: np.ndarray = np.square(centred).sum(1).mean() - np.cumsum(np.square(centred @ pca.components_.T).mean(0))
    return errors


SCENE = ServedScene(
    "undercomplete",
    1,
    "The same on pictures",
    "The encoder f squeezes an item x into a few numbers, the decoder g rebuilds it from them, and both are "
    "trained to make the difference small. What does not fit through the code is lost, so the code has to hold "
    "what matters. With straight lines only, this is PCA; bent ones do more with the same number of dimensions.",
    without_corruption("undercomplete"),
    play,
    "mnist-undercomplete-2d",
)
