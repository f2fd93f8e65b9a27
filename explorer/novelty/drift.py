"""Whether what a detector promises still holds: new items have to be like the normal ones that it was fitted on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.special import betaln, gammaln

from explorer.core.row_samples import Reservoir
from explorer.novelty.detector import Detector
from explorer.novelty.profile import LEARNT_FROM, FeatureNames, Features, rows_kept

LEVEL = 0.001
"""How often items that are as the normal ones were are said to differ: half for alarms, half for columns."""
SHOWN = 5
"""Columns that are named in a sentence each."""
_KS_FACTOR = 2.17


@dataclass(frozen=True)
class Change:
    """A column, or a measure of images, that is no longer what was learnt.

    Args:
        name: of the column.
        words: what has changed, in a sentence without its end.
        p_value: how likely so large a change is by chance; of one test among many.
    """

    name: str
    words: str
    p_value: float


@dataclass(frozen=True)
class PromiseCheck:
    """What became of the promised false-alarm rate.

    Args:
        alarms, items: how many items raised an alarm, and of how many; those labelled novel do not count.
        promised: share of normal items that were promised to raise an alarm.
        p_value: how likely so many alarms are by chance.
        level: of all tests together.
        changes: columns that have changed, the surest first.
        of_labelled: whether labels said which items are normal.
    """

    alarms: int
    items: int
    promised: float
    p_value: float
    level: float
    changes: tuple[Change, ...]
    of_labelled: bool = False

    @property
    def too_many_alarms(self) -> bool:
        return self.p_value < self.level / 2

    @property
    def is_withdrawn(self) -> bool:
        """Whether the promise does not hold for these items."""
        return self.too_many_alarms or bool(self.changes)

    @property
    def words(self) -> str:
        """In a sentence; empty where nothing has changed."""
        if not self.is_withdrawn:
            return ""
        return f"The promise of {self.promised:.2%} false alarms is withdrawn: {'; '.join(self.reasons)}."

    @property
    def reasons(self) -> list[str]:
        """What has changed, in words; none where nothing has."""
        reasons = []
        if self.too_many_alarms:
            what = "normal items" if self.of_labelled else "items"
            expected = f"{self.promised * self.items:,.0f} were to be expected"
            reasons.append(f"{self.alarms:,} of {self.items:,} {what} raise an alarm where {expected}")
        reasons += [change.words for change in self.changes[:SHOWN]]
        if len(self.changes) > SHOWN:
            reasons.append(f"{len(self.changes) - SHOWN:,} more columns have changed")
        if self.too_many_alarms and not self.changes and not self.of_labelled:
            reasons.append("most of them are anomalous, or what is normal has changed")
        return reasons

    @property
    def answer(self) -> dict[str, Any]:
        """For an answer in JSON."""
        return {
            "withdrawn": self.is_withdrawn,
            "words": self.words,
            "alarms": self.alarms,
            "items": self.items,
            "p_value": self.p_value,
            "changed": [{"column": c.name, "words": c.words, "p_value": c.p_value} for c in self.changes],
            "false_alarm_rate_of_this_check": self.level,
        }


Watched = tuple[Features | None, Int[np.ndarray, " m"]]
"""Features of some of many items, and their positions among all."""
NOT_WATCHED: Watched = (None, np.empty(0, np.int64))


class Watch:
    """Keeps some of the items that go by, each as likely as any other, to compare them with the normal ones.

    Args:
        names: of what is compared.
    """

    def __init__(self, names: FeatureNames) -> None:
        self._reservoir = Reservoir(rows_kept(names))
        self._features: Features | None = None
        self._positions = np.empty(0, np.int64)
        self._n = 0

    def add(self, n: int, features: Callable[[Int[np.ndarray, " m"]], Features]) -> None:
        """Take in ``n`` more items.

        Args:
            features: of some of them, by position among these.
        """
        kept, new = self._reservoir.choose(n)
        added = features(new)
        self._features = added if self._features is None else self._features.take(kept).followed_by(added)
        self._positions = np.concatenate([self._positions[kept], self._n + new])
        self._n += n

    def sample(self) -> Watched:
        """What was kept, and its positions among all items."""
        return self._features, self._positions


def watched(names: FeatureNames, n: int, features: Callable[[Int[np.ndarray, " m"]], Features]) -> Watched:
    """Some of ``n`` items that are all there already; arguments as of `Watch`."""
    watch = Watch(names)
    watch.add(n, features)
    return watch.sample()


def check_promise(
    detector: Detector,
    threshold: float,
    scores: Float[np.ndarray, " n"],
    watched: Watched = NOT_WATCHED,
    is_novel: Bool[np.ndarray, " n"] | None = None,
    level: float = LEVEL,
) -> PromiseCheck:
    """Test whether scored items are as the normal ones were that set the threshold.

    Args:
        threshold: an alarm is a score above it.
        scores: (N,) of all items, NaN where there is none.
        watched: some of the items; None: only alarms are counted.
        is_novel: (N,) by their labels: these items are left out. None: nobody knows.
        level: how often all tests together may be wrong about items that are as the normal ones were.
    """
    counted = ~np.isnan(scores) if is_novel is None else ~np.isnan(scores) & ~is_novel
    alarms, items = int((scores[counted] > threshold).sum()), int(counted.sum())
    calibration = detector.calibration
    above = int((calibration > threshold).sum())
    changes: tuple[Change, ...] = ()
    features, positions = watched
    if detector.profile is not None and features is not None and items:
        kept = features.take(counted[positions])
        changes = changed_columns(detector.feature_names, detector.profile, kept, level / 2)
    return PromiseCheck(
        alarms,
        items,
        (above + 1) / (len(calibration) + 1),
        alarms_p_value(alarms, items, above, len(calibration)),
        level,
        changes,
        is_novel is not None,
    )


def alarms_p_value(alarms: int, items: int, above: int, n: int) -> float:
    """How likely so many alarms are, or more, where the items are as those that set the threshold.

    With k of n calibration scores above the threshold, the rate of alarms is distributed as Beta(k + 1, n - k) (see
    ``threshold_for``), and their number as the beta-binomial of it, which allows for a threshold set by few items.

    Args:
        alarms, items: of the new items.
        above, n: of the calibration scores.

    Source: Vovk 2012, proposition 2 (a); for ties the probability is smaller.
    """
    if not alarms or n == above:
        return 1.0
    a, b = above + 1, n - above
    counts = np.arange(alarms, items + 1)
    log_p = _log_choose(items, counts) + betaln(counts + a, items - counts + b) - betaln(a, b)
    return float(min(1.0, np.exp(log_p).sum()))


def changed_columns(names: FeatureNames, normal: Features, new: Features, level: float) -> tuple[Change, ...]:
    """Columns whose values are no longer distributed as those of the normal items, the surest first.

    Numbers are compared by the two-sample test of Kolmogorov and Smirnov, values of categories and missing cells
    each by Fisher's exact test; Bonferroni's correction holds them together.

    Args:
        normal, new: items of either kind.
        level: how often any column may be named by chance, at most.
    """
    if not len(normal) or not len(new):
        return ()
    tests = 2 * len(names.numbers) + sum(len(values) + 1 for _, values in names.categories)
    changes = [
        *(_of_number(name, normal.numbers[:, i], new.numbers[:, i]) for i, name in enumerate(names.numbers)),
        *(
            _of_category(name, values, normal.codes[:, i], new.codes[:, i])
            for i, (name, values) in enumerate(names.categories)
        ),
    ]
    sure = [change for change in changes if change.p_value * tests < level]
    return tuple(sorted(sure, key=lambda change: change.p_value))


def ks_p_value(first: Float[np.ndarray, " n"], second: Float[np.ndarray, " m"]) -> float:
    """An upper bound of how likely two samples of one distribution differ so much.

    Source: Wei and Dudley 2012, theorem 1 (the inequality of Dvoretzky, Kiefer, Wolfowitz and Massart for two samples).
    """
    n, m = len(first), len(second)
    if not n or not m:
        return 1.0
    ordered, others = np.sort(first), np.sort(second)
    values = np.concatenate([ordered, others])
    shares = np.searchsorted(ordered, values, "right") / n - np.searchsorted(others, values, "right") / m
    return float(min(1.0, _KS_FACTOR * np.exp(-2 * np.abs(shares).max() ** 2 * n * m / (n + m))))


def fisher_p_value(count: int, n: int, new_count: int, m: int) -> float:
    """How likely two shares, of ``n`` and of ``m`` items, differ so much by chance: twice the smaller tail."""
    of_both = count + new_count
    counts = np.arange(max(0, of_both - n), min(m, of_both) + 1)  # that may fall on the second, given that of both
    p = np.exp(_log_choose(m, counts) + _log_choose(n, of_both - counts) - _log_choose(n + m, of_both))
    return float(min(1.0, 2 * min(p[counts <= new_count].sum(), p[counts >= new_count].sum())))


def _log_choose(n: int, k: np.ndarray | int) -> np.ndarray:
    chosen = np.asarray(k)
    return np.asarray(gammaln(n + 1) - gammaln(chosen + 1) - gammaln(n + 1 - chosen))


def _of_number(name: str, normal: np.ndarray, new: np.ndarray) -> Change:
    known, known_new = normal[~np.isnan(normal)], new[~np.isnan(new)]
    missing = _of_share(name, "is missing", np.isnan(normal), np.isnan(new))
    moved = ks_p_value(known, known_new)
    if missing.p_value < moved:
        return missing
    if not len(known) or not len(known_new):
        return Change(name, "", 1.0)
    whole, middle_part = np.quantile(known, [0.0, 0.5, 1.0]), np.quantile(known, [0.05, 0.5, 0.95])
    ends = np.quantile(known_new, [0.05, 0.5, 0.95])
    if ((known_new < whole[0]) | (known_new > whole[2])).mean() > 0.5:
        low, _, high, learnt_low, _, learnt_high = _written(*ends, *whole)
        words = f"`{name}` lies outside what was learnt ({low} to {high}; learnt {learnt_low} to {learnt_high})"
    else:
        low, middle, high, learnt_low, learnt_middle, learnt_high = _written(*ends, *middle_part)
        words = (
            f"`{name}` has moved (median {middle}, mostly {low} to {high}; "
            f"learnt {learnt_middle}, {learnt_low} to {learnt_high})"
        )
    return Change(name, words, moved)


def _written(*values: float) -> list[str]:
    """Numbers with as many digits as tell them apart: times in seconds need ten."""
    spread, largest = max(values) - min(values), max(map(abs, values))
    digits = 3 if not spread or not largest else int(np.clip(np.ceil(np.log10(largest / spread)), 0, 13)) + 3
    return [np.format_float_positional(value, digits, fractional=False, trim="-") for value in values]


def _of_category(name: str, values: tuple[str, ...], normal: np.ndarray, new: np.ndarray) -> Change:
    normal = normal[normal != LEARNT_FROM]
    if not len(normal):
        return Change(name, "", 1.0)
    tested = [_of_share(name, f"is {value}", normal == i, new == i) for i, value in enumerate(values)]
    return min([*tested, _of_share(name, "is missing", normal == -1, new == -1)], key=lambda change: change.p_value)


def _of_share(name: str, what: str, normal: np.ndarray, new: np.ndarray) -> Change:
    p_value = fisher_p_value(int(normal.sum()), len(normal), int(new.sum()), len(new))
    return Change(name, f"`{name}` {what} in {new.mean():.1%} of the items, learnt {normal.mean():.1%}", p_value)
