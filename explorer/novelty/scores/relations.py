"""What ties a table's numbers to one another: sums, differences, products and ratios that normal rows keep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Num

from explorer.novelty.scores.scorer import in_batches
from explorer.novelty.scores.table_score import TableScore

MIN_ROWS = 50
"""Fewer rows than this keep relations by chance."""
MAX_COLUMNS, MAX_TERMS, MAX_RELATIONS = 200, 4, 200
"""In a table with more columns of numbers no relations are looked for: it would take minutes."""
TIGHT, SETTLED = 0.1, 0.01
"""A relation counts where 99 of 100 rows keep it within the first part of the column's own spread; within the
second, no better one is looked for."""
GAIN = 0.25
"""A further term must take at least this part off what is left unexplained."""
ROUNDING = 2.0**-21
"""Of encoded values, which are single precision."""


@dataclass(frozen=True, eq=False)
class _Relation:
    """target = intercept + weights . terms, of values or of their logarithms, with an intercept for each category."""

    target: int
    terms: tuple[int, ...]
    weights: np.ndarray
    intercepts: np.ndarray
    category: int
    is_log: bool
    tolerance: float
    looseness: float
    """The tolerance as a part of the target's own spread."""


class Relations(TableScore):
    """How many times its tolerance the relation is off that a row keeps worst.

    Each number is predicted from at most ``MAX_TERMS`` others, linearly (sums and differences) and in logarithms
    (products and ratios), for all rows alike or with a factor for each value of one category. The terms are chosen
    one by one, by what they leave unexplained; the weights are least squares without the rows that fit worst. Only
    a prediction that is right within a tenth of the column's spread for 99 of 100 normal rows is a relation; that
    error is its tolerance. Where a cell is missing, or a logarithm is of no positive number, a relation says
    nothing.

    Source: least squares by forward selection (Efroymson 1960), trimmed (Rousseeuw 1984).
    """

    title = "Relations between columns"
    summary = "Sums, differences, products and ratios that normal rows keep: how badly a row breaks one of them."
    unit = "tolerances"

    def _fit_rows(self, normal: np.ndarray) -> None:
        rows = normal.astype(np.float64)
        codes = self._codes(normal)
        relations: list[_Relation] = []
        if len(rows) >= MIN_ROWS and 1 < len(self.numbers_) <= MAX_COLUMNS:
            of_kind = [(is_log, self._values(rows, is_log)[0]) for is_log in (False, True)]
            for category in range(-1, codes.shape[1]):
                groups = codes[:, category] if category >= 0 else np.zeros(len(rows), np.int64)
                # What holds for all rows alike needs no factor for each value of a category.
                settled = {relation.target for relation in relations if relation.looseness < SETTLED}
                for is_log, values in of_kind:
                    relations += _relations_among(values, groups, category, is_log, settled)
        self._keep(_best_of(relations))

    def _keep(self, relations: list[_Relation]) -> None:
        width = max((len(relation.intercepts) for relation in relations), default=1)
        self.targets_ = np.array([relation.target for relation in relations], np.int64)
        self.categories_of_ = np.array([relation.category for relation in relations], np.int64)
        self.is_log_ = np.array([relation.is_log for relation in relations], np.int64)
        self.tolerances_ = np.array([relation.tolerance for relation in relations], np.float64)
        self.terms_ = np.full((len(relations), MAX_TERMS), -1)
        self.weights_ = np.zeros((len(relations), MAX_TERMS))
        self.intercepts_ = np.full((len(relations), width), np.nan)
        for number, relation in enumerate(relations):
            self.terms_[number, : len(relation.terms)] = relation.terms
            self.weights_[number, : len(relation.terms)] = relation.weights
            self.intercepts_[number, : len(relation.intercepts)] = relation.intercepts

    def score(self, x: Num[np.ndarray, "n d"]) -> Float[np.ndarray, " n"]:
        return in_batches(lambda rows: self._misfits(rows).max(1, initial=0.0), x, 4096)

    def contributions(self, x: Num[np.ndarray, "n d"]) -> Float[np.ndarray, "n d"]:
        return in_batches(self._parts, x, 4096)

    def _parts(self, x: np.ndarray) -> np.ndarray:
        """What breaks a relation is one of its columns: each of them counts, more where it breaks several."""
        broken = np.log1p(self._misfits(x))
        by_number = np.zeros((len(x), len(self.numbers_)))
        for number, (target, terms) in enumerate(zip(self.targets_.tolist(), self.terms_.tolist(), strict=True)):
            involved = [target, *(term for term in terms if term >= 0)]
            by_number[:, involved] += (broken[:, number] / len(involved))[:, None]
        parts = np.zeros(x.shape, np.float32)
        parts[:, self.numbers_] = by_number
        return np.where(np.isnan(x), 0, parts).astype(np.float32)

    def _misfits(self, x: np.ndarray) -> np.ndarray:
        """(n, relations) how many tolerances each is off, 0 where that cannot be said."""
        rows, codes = x.astype(np.float64), self._codes(x)
        of_kind = [self._values(rows, is_log) for is_log in (False, True)]
        misfits = np.zeros((len(x), len(self.targets_)))
        for number, target in enumerate(self.targets_.tolist()):
            values, rounding = of_kind[int(self.is_log_[number])]
            terms = self.terms_[number][self.terms_[number] >= 0]
            weights = self.weights_[number, : len(terms)]
            category = int(self.categories_of_[number])
            group = codes[:, category] if category >= 0 else np.zeros(len(x), np.int64)
            # A value that no normal row has stands behind all that have a factor of their own.
            of_group = self.intercepts_[number][np.clip(group, 0, self.intercepts_.shape[1] - 1)]
            intercept = np.where((group >= 0) & (group < self.intercepts_.shape[1]), of_group, np.nan)
            error = np.abs(values[:, target] - intercept - values[:, terms] @ weights)
            blurred = rounding[:, target] + rounding[:, terms] @ np.abs(weights)
            misfits[:, number] = error / (self.tolerances_[number] + blurred)
        return np.nan_to_num(misfits, nan=0.0, posinf=0.0)

    def _values(self, rows: np.ndarray, is_log: bool) -> tuple[np.ndarray, np.ndarray]:
        """(n, m) numbers in encoded units, or logarithms of them above zero; and how far rounding moves them."""
        values = rows[:, self.numbers_]
        rounding = ROUNDING * (np.abs(values) + np.abs(self.zeros_))
        if not is_log:
            return values, rounding
        above_zero = values - self.zeros_
        is_positive = above_zero > 0
        divided = np.where(is_positive, above_zero, np.nan)
        return np.log(divided), rounding / divided


def _relations_among(
    values: np.ndarray, groups: np.ndarray, category: int, is_log: bool, settled: set[int]
) -> Iterator[_Relation]:
    """Of each column (n, m) that others predict well."""
    is_known = ~np.isnan(values)
    usable = np.flatnonzero(is_known.mean(0) > 0.8)
    if len(usable) < 2:
        return
    complete = is_known[:, usable].all(1) & (groups >= 0)
    if complete.sum() < MIN_ROWS:
        complete = is_known[:, usable].mean(1) > 0.5
    within = _within_groups(np.nan_to_num(values[complete][:, usable]), groups[complete])
    spreads = within.std(0)
    varies = spreads > 1e-9
    usable, within = usable[varies], within[:, varies] / spreads[varies]
    if len(usable) < 2:
        return
    products = within.T @ within / len(within)
    for place, target in enumerate(usable.tolist()):
        if target in settled:
            continue
        terms = _forward(products, place)
        if terms:
            relation = _fitted(values, target, usable[terms], groups, category, is_log)
            if relation is not None and relation.looseness <= TIGHT:
                yield relation


def _forward(products: np.ndarray, target: int) -> list[int]:
    """Terms that predict a column, chosen one by one; none where they leave more than a tenth of its variance."""
    terms: list[int] = []
    left = products.copy()
    own = np.diag(products)
    for _ in range(MAX_TERMS):
        rest = np.diag(left)
        is_free = rest > 1e-9 * own
        is_free[[target, *terms]] = False
        explained = np.where(is_free, np.square(left[target]) / np.where(is_free, rest, 1.0), 0.0)
        best = int(explained.argmax())
        # What is left of an exact relation is rounding.
        if explained[best] < GAIN * rest[target] or rest[target] < 1e-11 * own[target]:
            break
        terms.append(best)
        left = left - np.outer(left[:, best], left[best]) / rest[best]
    return terms if left[target, target] < 0.1 * own[target] else []


def _fitted(
    values: np.ndarray, target: int, terms: np.ndarray, groups: np.ndarray, category: int, is_log: bool
) -> _Relation | None:
    """A relation with its weights and its tolerance."""
    known = ~np.isnan(values[:, [target, *terms.tolist()]]).any(1) & (groups >= 0)
    if known.sum() < MIN_ROWS:
        return None
    y, x, of_row = values[known, target], values[known][:, terms], groups[known]
    kept = np.full(len(y), True)
    n_groups = int(of_row.max()) + 1
    for _ in range(2):
        moved = _within_groups(np.column_stack([x, y]), of_row, kept)
        weights = np.linalg.lstsq(moved[kept, :-1], moved[kept, -1], rcond=None)[0]
        rest = y - x @ weights
        intercepts = _middles(rest, of_row, n_groups)
        errors = np.abs(rest - intercepts[of_row])
        kept = errors <= np.quantile(errors, 0.95)
    low, high = np.quantile(y, [0.25, 0.75])
    spread = (high - low) / 1.349 or float(y.std())
    few = np.bincount(of_row, minlength=n_groups) < 3
    intercepts[few] = np.nan  # a factor of its own would fit one row whatever it is
    tolerance = float(np.quantile(errors[~few[of_row]], 0.99)) if (~few[of_row]).any() else np.inf
    if not spread > 0:
        return None
    return _Relation(
        target, tuple(terms.tolist()), weights, intercepts, category, is_log, tolerance, tolerance / spread
    )


def _within_groups(values: np.ndarray, groups: np.ndarray, counted: np.ndarray | None = None) -> np.ndarray:
    """(n, k) differences from the means of each group's counted rows."""
    weights = np.ones(len(values)) if counted is None else counted.astype(np.float64)
    numbers = np.maximum(groups, 0)
    n = np.maximum(np.bincount(numbers, weights), 1)
    means = np.stack([np.bincount(numbers, weights * column) for column in values.T], axis=1) / n[:, None]
    return values - means[numbers]


def _middles(values: np.ndarray, groups: np.ndarray, n_groups: int) -> np.ndarray:
    """(n_groups,) median of each group's values, NaN where it has none."""
    middles = np.full(n_groups, np.nan)
    order = np.argsort(groups, kind="stable")
    for part in np.split(order, np.flatnonzero(np.diff(groups[order])) + 1):
        middles[groups[part[0]]] = np.median(values[part])
    return middles


def _best_of(relations: list[_Relation]) -> list[_Relation]:
    """The tightest, each set of columns once; with a category only where that makes it much tighter."""
    best: dict[tuple, _Relation] = {}
    for relation in sorted(relations, key=lambda r: (r.looseness * (1 if r.category < 0 else 3), r.target)):
        best.setdefault((frozenset((relation.target, *relation.terms)), relation.is_log), relation)
    return list(best.values())[:MAX_RELATIONS]
