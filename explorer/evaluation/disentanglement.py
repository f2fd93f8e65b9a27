"""How far single numbers of a code stand for single factors that made the items, where the factors are known.

Three measures that ask different things; each is 1 for a code that is the factors themselves, one number each, and
near 0 for one whose numbers all hold a little of everything. None is of use where the factors are not independent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from explorer.core.errors import ExplorerError

BINS = 20
"""A number of the code is cut into so many parts of equal width, as in Locatello et al. 2019."""
TREES = 50


def mutual_information(
    z: Float[np.ndarray, "n d"], factors: Int[np.ndarray, "n k"], bins: int = BINS
) -> Float[np.ndarray, "d k"]:
    """(D, K) nats that each number of a code, cut into bins, and each factor say of one another in these items.

    Of few items it is too large: by about (bins - 1)(values - 1) / (2 n) where there is nothing.
    """
    cut = np.stack([_cut(column, bins) for column in z.T], 1)
    return np.array([[_information(a, b) for b in factors.T] for a in cut.T])


def entropies(factors: Int[np.ndarray, "n k"]) -> Float[np.ndarray, " k"]:
    """(K,) nats of each factor in these items."""
    return np.array([_information(factor, factor) for factor in factors.T])


def mutual_information_gap(z: Float[np.ndarray, "n d"], factors: Int[np.ndarray, "n k"], bins: int = BINS) -> float:
    """MIG = mean_k (I(z_1; v_k) - I(z_2; v_k)) / H(v_k), z_1 and z_2 the numbers that say most of factor k.

    Source: Chen, Li, Grosse and Duvenaud 2018, equation 6; information by bins, as in Locatello et al. 2019.

    Raises:
        ExplorerError: a factor has one value alone, or the code has one number alone.
    """
    _require(z, factors)
    best = np.sort(mutual_information(z, factors, bins), 0)
    return float(((best[-1] - best[-2]) / entropies(factors)).mean())


def separated_predictability(z: Float[np.ndarray, "n d"], factors: Int[np.ndarray, "n k"]) -> float:
    """SAP = mean_k (R2_1k - R2_2k): how much better the best line in one number gives factor k than the next best.

    R2_jk = cov(z_j, v_k)^2 / (var z_j var v_k), the values of a factor taken as numbers in their order; 0 of a number
    that never changes. A factor that turns round, as an angle does, is not met by any line.

    Source: Kumar, Sattigeri and Balakrishnan 2018, section 3.

    Raises:
        ExplorerError: a factor has one value alone, or the code has one number alone.
    """
    _require(z, factors)
    v = factors - factors.mean(0)
    centred = z - z.mean(0, dtype=np.float64)
    spread = (centred**2).sum(0)[:, None] * (v**2).sum(0)[None]
    explained = np.divide((centred.T @ v) ** 2, spread, out=np.zeros_like(spread), where=spread > 0)
    best = np.sort(explained, 0)
    return float((best[-1] - best[-2]).mean())


@dataclass(frozen=True)
class Importances:
    """What trees that tell factors from a code made use of.

    Args:
        of: (D, K) share of each number in telling each factor; columns sum to 1.
        informativeness: mean share of held-out items whose value of a factor was told.
        chance: the same by always saying the most frequent value.
    """

    of: Float[np.ndarray, "d k"]
    informativeness: float
    chance: float

    @property
    def disentanglement(self) -> float:
        """1 - H_K of each number's shares over factors, weighed by how much the number was used at all."""
        each = 1 - _relative_entropy(self.of)
        weights = self.of.sum(1)
        return float((each * weights).sum() / weights.sum())

    @property
    def completeness(self) -> float:
        """1 - H_D of each factor's shares over numbers, the mean over factors."""
        return float((1 - _relative_entropy(self.of.T)).mean())


def importances(
    z: Float[np.ndarray, "n d"],
    factors: Int[np.ndarray, "n k"],
    z_test: Float[np.ndarray, "m d"],
    factors_test: Int[np.ndarray, "m k"],
    seed: int = 0,
) -> Importances:
    """What DCI is worked out from: a random forest for each factor, fitted on some items and tried on others.

    Source: Eastwood and Williams 2018 (theirs are lasso and random forests for numbers; these factors are few values,
    and the forests tell which).

    Raises:
        ExplorerError: a factor has one value alone, or the code has one number alone.
    """
    from sklearn.ensemble import RandomForestClassifier

    _require(z, factors)
    shares, told, chances = [], [], []
    for factor, held in zip(factors.T, factors_test.T, strict=True):
        forest = RandomForestClassifier(TREES, min_samples_leaf=2, random_state=seed).fit(z, factor)
        shares.append(forest.feature_importances_)
        told.append(forest.score(z_test, held))
        chances.append(float((held == np.bincount(factor).argmax()).mean()))
    return Importances(np.array(shares).T, float(np.mean(told)), float(np.mean(chances)))


def _require(z: np.ndarray, factors: np.ndarray) -> None:
    if z.shape[1] < 2:
        raise ExplorerError("A code of one number has no second to compare with.", "Take a model with a wider code.")
    if (factors == factors[:1]).all(0).any():
        raise ExplorerError("A factor has the same value in all items.", "Take items in which every factor changes.")


def _cut(values: np.ndarray, bins: int) -> np.ndarray:
    low, high = values.min(), values.max()
    if low == high:
        return np.zeros(len(values), np.int64)
    return np.clip(((values - low) / (high - low) * bins).astype(np.int64), 0, bins - 1)


def _information(a: np.ndarray, b: np.ndarray) -> float:
    """Nats that two columns of whole numbers from 0 say of one another."""
    joint = np.zeros((a.max() + 1, b.max() + 1))
    np.add.at(joint, (a, b), 1 / len(a))
    apart = joint.sum(1, keepdims=True) * joint.sum(0, keepdims=True)
    seen = joint > 0
    return float((joint[seen] * np.log(joint[seen] / apart[seen])).sum())


def _relative_entropy(shares: np.ndarray) -> np.ndarray:
    """Of each row, as a share of the most that it can be; 1 of a row of zeros."""
    sums = shares.sum(1, keepdims=True)
    p = np.divide(shares, sums, out=np.full_like(shares, 1 / shares.shape[1]), where=sums > 0)
    logs = np.log(p, out=np.zeros_like(p), where=p > 0)
    return -(p * logs).sum(1) / np.log(shares.shape[1])
