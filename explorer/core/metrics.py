"""How good a reconstruction, a code or a score is: figures per item, and intervals for their summaries."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Shaped
from torch import Tensor

from explorer.core.intervals import Interval
from explorer.core.pca import pca_of

Array = np.ndarray | Tensor

# scikit-learn is imported where it is used: it takes about a second, and most callers never reach it.

SSIM_WINDOW = 11
SSIM_SIGMA = 1.5
"""Window of the structural similarity in pixels, and the standard deviation of its Gaussian (Wang et al. 2004)."""


# --- Reconstructions ---


def squared_error(x: Float[Tensor, "n *event"], x_hat: Float[Tensor, "n *event"]) -> Float[Tensor, " n"]:
    """Squared error of each item, summed over its values.

    Args:
        x: (N, *event) items.
        x_hat: (N, *event) their reconstructions.

    Returns:
        (N,) in squared units of the data.

    Raises:
        ValueError: the shapes differ.
    """
    if x.shape != x_hat.shape:
        raise ValueError(f"The shapes differ: {tuple(x.shape)} and {tuple(x_hat.shape)}.")
    return (x - x_hat).square().flatten(1).sum(1)


def mse(x: Float[Tensor, "n *event"], x_hat: Float[Tensor, "n *event"]) -> Float[Tensor, " n"]:
    """Mean squared error of each item over its values; see ``squared_error``."""
    return squared_error(x, x_hat) / math.prod(x.shape[1:])


def psnr(
    x: Float[Tensor, "n *event"], x_hat: Float[Tensor, "n *event"], data_range: float = 1.0
) -> Float[Tensor, " n"]:
    """Peak signal-to-noise ratio of each item: 10 log10(data_range^2 / mse).

    Args:
        x: (N, *event) items.
        x_hat: (N, *event) their reconstructions.
        data_range: distance from the lowest to the highest possible value.

    Returns:
        (N,) in dB; infinite where the two are equal.

    Raises:
        ValueError: the shapes differ.
    """
    return 10 * torch.log10(data_range**2 / mse(x, x_hat))


def ssim(x: Float[Tensor, "n c h w"], x_hat: Float[Tensor, "n c h w"], data_range: float = 1.0) -> Float[Tensor, " n"]:
    """Structural similarity of each image, the mean over places and channels.

    Only places whose whole 11x11 window lies in the image count. In an image smaller than the window there is none: the
    image is then mirrored at its edges, and every pixel counts. Both agree with scikit-image.

    Args:
        x: (N, C, H, W) images.
        x_hat: (N, C, H, W) their reconstructions.
        data_range: distance from the lowest to the highest possible value.

    Returns:
        (N,) in [-1, 1]; 1 where the two are equal.

    Raises:
        ValueError: the shapes differ.

    Source: Wang et al. 2004, equation 13, with K1 = 0.01 and K2 = 0.03.
    """
    if x.shape != x_hat.shape:
        raise ValueError(f"The shapes differ: {tuple(x.shape)} and {tuple(x_hat.shape)}.")
    # In double precision, since the variances below are small differences of large numbers.
    a, b = x.double(), x_hat.double()
    mean_a, mean_b, mean_aa, mean_bb, mean_ab = (_window_mean(v) for v in (a, b, a * a, b * b, a * b))
    var_a, var_b, cov = mean_aa - mean_a**2, mean_bb - mean_b**2, mean_ab - mean_a * mean_b
    c1, c2 = (0.01 * data_range) ** 2, (0.03 * data_range) ** 2
    luminance = (2 * mean_a * mean_b + c1) / (mean_a**2 + mean_b**2 + c1)
    structure = (2 * cov + c2) / (var_a + var_b + c2)
    return (luminance * structure).flatten(1).mean(1).to(x.dtype)


NORMAL_MAD = 0.6745
"""Median of |n| for n ~ N(0, 1)."""


def noise_level(x: Float[Tensor, "n c h w"]) -> Float[Tensor, " n"]:
    """Standard deviation of white noise in each image, from what differs between diagonal neighbours.

    The median absolute value of the finest diagonal Haar details, which smooth areas leave to the noise. Fine texture
    counts as noise; clipping to [0, 1] hides some.

    Args:
        x: at least 2x2 pixels; the mean over channels is given.

    Returns:
        In units of the values, never negative.

    Raises:
        ValueError: the images are too small.

    Source: Donoho and Johnstone 1994, section 4.2.
    """
    height, width = (side // 2 * 2 for side in x.shape[2:])
    if not height or not width:
        raise ValueError(f"images of {x.shape[3]}x{x.shape[2]} pixels are too small to estimate their noise")
    x = x[:, :, :height, :width]
    diagonal = (x[:, :, ::2, ::2] - x[:, :, 1::2, ::2] - x[:, :, ::2, 1::2] + x[:, :, 1::2, 1::2]) / 2
    return diagonal.abs().flatten(2).median(2).values.mean(1) / NORMAL_MAD


def _window_mean(x: Tensor) -> Tensor:
    """Gaussian-weighted mean of the window around each place: (N, C, H, W) -> (N, C, H', W')."""
    h, w = x.shape[2:]
    radius = SSIM_WINDOW // 2
    if min(h, w) < SSIM_WINDOW:
        x = x[:, :, _mirrored(h, radius)][:, :, :, _mirrored(w, radius)]
    places = torch.arange(-radius, radius + 1, dtype=x.dtype)
    weights = torch.softmax(-0.5 * (places / SSIM_SIGMA) ** 2, 0).tolist()
    # The window is the product of a column and a row; in double precision on the CPU, adding shifted pictures is
    # several times quicker than torch's convolution.
    for dim in (2, 3):
        size = x.shape[dim] - 2 * radius
        mean = x.narrow(dim, 0, size) * weights[0]
        for shift in range(1, SSIM_WINDOW):
            mean.add_(x.narrow(dim, shift, size), alpha=weights[shift])
        x = mean
    return x


def _mirrored(size: int, radius: int) -> Tensor:
    """Indices of a row of pixels continued by ``radius`` on both sides, edge pixel repeated: 1 0 | 0 1 2 | 2 1."""
    index = torch.arange(-radius, size + radius) % (2 * size)
    return torch.minimum(index, 2 * size - 1 - index)


# --- Codes ---


def trustworthiness(x: Shaped[Array, "n *event"], z: Shaped[Array, "n *code"], n_neighbours: int = 5) -> float:
    """How far neighbours in the code are neighbours in the data: 1 where all are.

    Takes memory and time that grow with N squared; a few thousand items give a steady figure.

    Args:
        x: (N, *event) items.
        z: (N, latent_dim) their codes.
        n_neighbours: size of a neighbourhood, under N / 2.

    Returns:
        In [0, 1].

    Raises:
        ValueError: too few items for so many neighbours.

    Source: Venna and Kaski 2001.
    """
    from sklearn import manifold

    return float(manifold.trustworthiness(_rows(x), _rows(z), n_neighbors=n_neighbours))


def continuity(x: Shaped[Array, "n *event"], z: Shaped[Array, "n *code"], n_neighbours: int = 5) -> float:
    """How far neighbours in the data are neighbours in the code: ``trustworthiness`` with the two spaces swapped.

    Source: Venna and Kaski 2001.
    """
    return trustworthiness(z, x, n_neighbours)


def iwae_bound(log_weights: Float[Tensor, "k n"]) -> Float[Tensor, " n"]:
    """Importance-weighted lower bound on log p(x) of each item: log of the mean weight.

    Args:
        log_weights: (K, N) log p(x, z) - log q(z|x) for K samples of z from the posterior of each item, in nats.

    Returns:
        (N,) in nats; for K = 1 an estimate of the ELBO.

    Source: Burda et al. 2016, equation 8.
    """
    return torch.logsumexp(log_weights, 0) - math.log(len(log_weights))


def knn_probe(
    z_train: Shaped[Array, "n *event"],
    y_train: Shaped[Array, " n"],
    z_test: Shaped[Array, "m *event"],
    y_test: Shaped[Array, " m"],
    k: int = 1,
) -> float:
    """Error rate of k nearest neighbours on the codes, fitted on train and measured on test.

    Args:
        z_train: (N, latent_dim) codes, or (N, *event) items, to fit on.
        y_train: (N,) their labels.
        z_test: (n, latent_dim) codes, or (n, *event) items, to measure on.
        y_test: (n,) their labels.
        k: number of neighbours that vote.

    Returns:
        Share of test items given a wrong label, in [0, 1].
    """
    from sklearn.neighbors import KNeighborsClassifier

    return _error_rate(KNeighborsClassifier(k), z_train, y_train, z_test, y_test)


def linear_probe(
    z_train: Shaped[Array, "n *event"],
    y_train: Shaped[Array, " n"],
    z_test: Shaped[Array, "m *event"],
    y_test: Shaped[Array, " m"],
) -> float:
    """Error rate of a logistic regression on the standardised codes, fitted on train and measured on test.

    Args:
        z_train: (N, latent_dim) codes, or (N, *event) items, to fit on.
        y_train: (N,) their labels.
        z_test: (n, latent_dim) codes, or (n, *event) items, to measure on.
        y_test: (n,) their labels.

    Returns:
        Share of test items given a wrong label, in [0, 1].
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    classifier = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    return _error_rate(classifier, z_train, y_train, z_test, y_test)


def pca_baseline(
    x_train: Shaped[Array, "n *event"], x_test: Shaped[Array, "m *event"], n_components: int
) -> Float[np.ndarray, " m"]:
    """Squared error of each test item after PCA to ``n_components`` and back: what a linear code of that size loses.

    Args:
        x_train: (N, *event) items that the components are fitted on.
        x_test: (n, *event) items to rebuild.
        n_components: size of the code, at most the number of training items and of values in an item.

    Returns:
        (n,) float64, summed over the event, in squared units of the data.

    Raises:
        ValueError: more components than items or values.
    """
    return pca_errors(x_test, *fitted_pca(x_train, n_components))


def fitted_pca(
    x_train: Shaped[Array, "n *event"], n_components: int
) -> tuple[Float[np.ndarray, " v"], Float[np.ndarray, "k v"]]:
    """The mean (V,) of flattened items and their leading principal directions (k, V), both float64.

    Raises:
        ValueError: more components than items or values.
    """
    pca = pca_of(_rows(x_train).astype(np.float64), n_components)
    return pca.mean_, pca.components_


def streamed_pca(
    parts: Iterable[Shaped[Array, "n *event"]], n_components: int
) -> tuple[Float[np.ndarray, " v"], Float[np.ndarray, "k v"]]:
    """``fitted_pca`` of items that come in parts, in the memory of one part and of (V, V) float64.

    Sums of squares are taken about the mean of the first part, since they are small differences of large numbers
    otherwise.

    Raises:
        ValueError: more components than items or values.

    Source: Chan, Golub and LeVeque 1983, equation 1.3 (shifted data).
    """
    n, shift, total, squares = 0, np.zeros(0), np.zeros(0), np.zeros((0, 0))
    for part in parts:
        rows = _rows(part).astype(np.float64)
        if n == 0:
            shift = rows.mean(0)
            total, squares = np.zeros(len(shift)), np.zeros((len(shift), len(shift)))
        rows -= shift
        n, total = n + len(rows), total + rows.sum(0)
        squares += rows.T @ rows
    if n_components > min(n, len(shift)):
        raise ValueError(f"{n_components} components of {n} items with {len(shift)} values.")
    offset = total / n
    _, directions = np.linalg.eigh(squares / n - np.outer(offset, offset))
    return shift + offset, np.ascontiguousarray(directions[:, : -n_components - 1 : -1].T)


def pca_errors(
    x: Shaped[Array, "n *event"], mean: Float[np.ndarray, " v"], components: Float[np.ndarray, "k v"]
) -> Float[np.ndarray, " n"]:
    """(n,) squared error of items from their projection, as ``fitted_pca`` has it."""
    centred = _rows(x).astype(np.float64) - mean
    return np.square(centred - (centred @ components.T) @ components).sum(1)


# --- Summaries ---


def auroc(scores: Shaped[Array, " n"], is_novel: Shaped[Array, " n"], confidence: float = 0.95) -> Interval:
    """Area under the ROC curve, with DeLong's interval: how often a novel item scores above a normal one.

    The interval is taken on the logit scale, which keeps it in [0, 1]. Where the scores separate perfectly there is no
    variance to go by, and the interval has no width.

    Args:
        scores: (N,) higher is more novel; a tie counts one half.
        is_novel: (N,) bool or 0 and 1, at least two of each.
        confidence: share of intervals that should hold the true area, in (0, 1).

    Returns:
        The area and its interval, in [0, 1].

    Raises:
        ValueError: fewer than two normal or two novel items.

    Source: DeLong et al. 1988; by midranks, Sun and Xu 2014.
    """
    from scipy.stats import norm, rankdata

    score, novel = _array(scores).astype(np.float64), _array(is_novel).astype(bool)
    n_novel, n_normal = int(novel.sum()), int((~novel).sum())
    if min(n_novel, n_normal) < 2:
        raise ValueError(f"Needs two items or more of each kind, not {n_normal} normal and {n_novel} novel.")
    ranks = rankdata(score)
    # For each novel item the share of normal items below it, and for each normal item the share of novel ones above.
    below = (ranks[novel] - rankdata(score[novel])) / n_normal
    above = 1 - (ranks[~novel] - rankdata(score[~novel])) / n_novel
    area = float(below.mean())
    error = math.sqrt(below.var(ddof=1) / n_novel + above.var(ddof=1) / n_normal)
    if not 0 < area < 1:
        return Interval(value=area, low=area, high=area)
    logit = math.log(area / (1 - area))
    half = float(norm.ppf((1 + confidence) / 2)) * error / (area * (1 - area))
    return Interval(value=area, low=_logistic(logit - half), high=_logistic(logit + half))


def _logistic(value: float) -> float:
    # By tanh, which does not overflow.
    return 0.5 * (1 + math.tanh(value / 2))


def _rows(x: Array) -> np.ndarray:
    """Items as rows of numbers: (N, *event) -> (N, D)."""
    array = _array(x)
    return array.reshape(len(array), -1)


def _array(x: Array) -> np.ndarray:
    return x.detach().cpu().numpy() if isinstance(x, Tensor) else x


def _error_rate(
    classifier: Any,
    z_train: Array,
    y_train: Array,
    z_test: Array,
    y_test: Array,
) -> float:
    classifier.fit(_rows(z_train), _array(y_train))
    predicted = classifier.predict(_rows(z_test))
    return float(np.mean(predicted != _array(y_test)))
