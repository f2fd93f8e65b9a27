"""Codes as features: scikit-learn estimators over checkpoints, and how much of the labels a code holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from jaxtyping import Float
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from explorer import checkpoints
from explorer.checkpoints import VectorCheckpoint
from explorer.core import metrics
from explorer.core.errors import DataError, TrainingError
from explorer.core.intervals import Rate, rate
from explorer.core.pca import pca_of
from explorer.core.row_samples import spread_sample
from explorer.data.base import Dataset
from explorer.data.splits import split_rows
from explorer.data.stored import as_float, fingerprint
from explorer.recipe import Recipe
from explorer.training import train
from explorer.training.events import Finished

MAX_PROBE_TRAIN, MAX_PROBE_TEST = 10_000, 5_000

ArrayLike = Any
"""Scikit-learn hands on whatever its caller gave: arrays, frames, lists; each method turns it into an array."""


class AutoencoderFeatures(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """A trained checkpoint as a transformer: items in, codes out. ``fit`` opens it and learns nothing.

    Args:
        checkpoint: name or path.

    Attributes:
        checkpoint_: the opened checkpoint.
        n_features_in_: values in an item.
    """

    def __init__(self, checkpoint: str = "mnist-vae-2d") -> None:
        self.checkpoint = checkpoint

    def fit(self, X: ArrayLike, y: object = None) -> Self:
        """Open the checkpoint and check that the items fit it.

        Args:
            X: (N, *event), or (N, D) with the items flattened; images uint8 or float in [0, 1].
            y: not used.

        Raises:
            CheckpointError: there is no such checkpoint.
            DataError: the items do not fit it.
        """
        self.checkpoint_ = checkpoints.with_codes(checkpoints.load(self.checkpoint))
        self.n_features_in_ = int(np.prod(self.checkpoint_.event_shape))
        self._n_features_out = self.checkpoint_.latent_dim
        self._items(X)
        return self

    def transform(self, X: ArrayLike) -> Float[np.ndarray, "n latent_dim"]:
        """(N, *event) or (N, D) items -> (N, latent_dim) codes.

        Raises:
            DataError: the items do not fit the checkpoint.
        """
        check_is_fitted(self)
        return self.checkpoint_.encode(self._items(X))

    def _items(self, X: ArrayLike) -> np.ndarray:
        items = np.asarray(X)
        if items.ndim < 2 or int(np.prod(items.shape[1:])) != self.n_features_in_:
            raise DataError(
                f"Items of shape {items.shape[1:]} do not fit {self.checkpoint}, which takes"
                f" {self.checkpoint_.event_shape}.",
                f"Give (N, {self.n_features_in_}) values.",
            )
        return items.reshape(len(items), *self.checkpoint_.event_shape)


class TrainedAutoencoder(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """An undercomplete autoencoder trained in ``fit`` on rows of numbers, which it standardises itself.

    Args:
        latent_dim: size of the code.
        hidden: units of the encoder's hidden layers; the decoder mirrors them.
        epochs: passes over the rows.
        batch_size: rows in one step.
        learning_rate: Adam's step size at its peak.
        random_state: seed of the weights, the batches and the validation rows.

    Attributes:
        checkpoint_: the trained checkpoint, with its card; ``explorer.checkpoints.save`` writes it.
        n_features_in_: columns of X.
    """

    def __init__(
        self,
        latent_dim: Any = 2,  # scikit-learn wants wrong values refused by fit, not here
        hidden: Any = (64,),
        epochs: Any = 50,
        batch_size: Any = 128,
        learning_rate: Any = 1e-3,
        random_state: Any = 0,
    ) -> None:
        self.latent_dim = latent_dim
        self.hidden = hidden
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.random_state = random_state

    def fit(self, X: ArrayLike, y: object = None) -> Self:
        """Train on rows X (N, D), N >= 2; a tenth of them is kept back to choose the best epoch.

        Raises:
            ValueError: X is not a table of finite numbers.
            RecipeError: a parameter is out of range.
            TrainingError: the loss diverged.
        """
        rows = validate_data(self, X, dtype=[np.float64, np.float32], ensure_min_samples=2)
        *_, last = train(self._recipe(), _as_dataset(rows, self.random_state))
        if not isinstance(last, Finished) or last.checkpoint is None:
            raise TrainingError(getattr(last, "message", "The training ended early."), getattr(last, "hint", ""))
        self.checkpoint_: VectorCheckpoint = checkpoints.with_codes(last.checkpoint)
        self._n_features_out = self.checkpoint_.latent_dim
        return self

    def transform(self, X: ArrayLike) -> Float[np.ndarray, "n latent_dim"]:
        """(N, D) rows -> (N, latent_dim) codes, of the floating type of X."""
        check_is_fitted(self)
        rows = validate_data(self, X, dtype=[np.float64, np.float32], reset=False)
        return self.checkpoint_.encode(rows).astype(rows.dtype)

    def inverse_transform(self, X: ArrayLike) -> Float[np.ndarray, "n d"]:
        """(N, latent_dim) codes -> (N, D) rows."""
        check_is_fitted(self)
        return self.checkpoint_.decode(X)

    def _recipe(self) -> Recipe:
        return Recipe.parse(
            {
                "name": "features",
                "model": {
                    "family": "undercomplete",
                    "latent_dim": self.latent_dim,
                    "hidden": tuple(self.hidden),
                },
                "training": {
                    "epochs": self.epochs,
                    "batch_size": self.batch_size,
                    "learning_rate": self.learning_rate,
                    "seed": self.random_state,
                    "device": "cpu",
                },
            }
        )

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags


def _as_dataset(rows: np.ndarray, seed: int) -> Dataset:
    x = rows.astype(np.float32)
    return Dataset(
        name="given-rows",
        title="Given rows",
        x=x,
        labels=None,
        label_names=(),
        splits=split_rows(len(x), seed, test=0.0),
        licence="not stated",
        source="given in memory",
        fingerprint=fingerprint(x, None),
        feature_names=tuple(f"column {i + 1}" for i in range(x.shape[1])),
    )


# --- Probes ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Probe:
    """How well a simple classifier finds the labels in a code, beside PCA's code of the same size.

    Args:
        classifier: "linear" (logistic regression) or "5 nearest neighbours".
        code: accuracy on the checkpoint's codes, on test items, with its 95 % interval.
        pca: the same on principal components fitted on the same training items.
        n_train: items that the classifiers were fitted on.
        split: the items that accuracy was measured on.
    """

    classifier: str
    code: Rate
    pca: Rate
    n_train: int
    split: str


def probe(checkpoint: VectorCheckpoint, dataset: Dataset) -> list[Probe]:
    """Accuracy of a linear and of a nearest-neighbour classifier on the codes of the test split.

    Fitted on the training split; at most ``MAX_PROBE_TRAIN`` and ``MAX_PROBE_TEST`` items, spread over each.

    Raises:
        DataError: the dataset has no labels, or too few items in a split.
        ExplorerError: the items do not fit the checkpoint.
    """
    if dataset.labels is None:
        raise DataError(f"{dataset.title} has no labels to look for in the code.", "Choose a dataset with labels.")
    train_rows = spread_sample(dataset.splits.train, MAX_PROBE_TRAIN)
    test_rows = spread_sample(dataset.splits.test, MAX_PROBE_TEST)
    y_train, y_test = dataset.labels[train_rows], dataset.labels[test_rows]
    if len(np.unique(y_train)) < 2 or not len(test_rows):
        raise DataError(f"{dataset.title} has too few labelled items to compare.", "Choose a larger dataset.")
    x_train, x_test = dataset.x[train_rows], dataset.x[test_rows]
    codes = checkpoint.encode(x_train), checkpoint.encode(x_test)
    components = _components(x_train, x_test, checkpoint.latent_dim)
    results = []
    for name, error_rate in (("linear", metrics.linear_probe), ("5 nearest neighbours", _five_neighbours)):
        code, pca = (
            _accuracy(error_rate(z_train, y_train, z_test, y_test), len(y_test))
            for z_train, z_test in (codes, components)
        )
        results.append(Probe(name, code, pca, len(train_rows), "test"))
    return results


def _five_neighbours(z_train: np.ndarray, y_train: np.ndarray, z_test: np.ndarray, y_test: np.ndarray) -> float:
    return metrics.knn_probe(z_train, y_train, z_test, y_test, k=5)


def _accuracy(error_rate: float, n: int) -> Rate:
    return rate(round((1 - error_rate) * n), n)


def _components(x_train: np.ndarray, x_test: np.ndarray, n_components: int) -> tuple[np.ndarray, np.ndarray]:
    """Principal components of the items, table columns standardised on the training rows."""
    train, test = (as_float(x).flatten(1).numpy() for x in (x_train, x_test))
    if x_train.ndim == 2:
        mean, std = train.mean(0), train.std(0)
        std[std == 0] = 1
        train, test = (train - mean) / std, (test - mean) / std
    pca = pca_of(train, min(n_components, *train.shape))
    return pca.transform(train), pca.transform(test)
