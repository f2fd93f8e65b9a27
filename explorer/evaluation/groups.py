"""What tells some items from the others: each column beside them compared, with a correction for how many there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Int

from explorer.data.beside import ItemColumn
from explorer.data.beside.typed import date_in_words

MISSING = "missing"
MIN_ITEMS = 2
"""In each of the two groups, to be compared."""
CLEAR = 0.05
"""Below it a q is a difference that names a group."""
NAMED = 2
"""Differences in a group's name, the surest."""


CLUSTER, NOT_IN_ONE = "Cluster", "in none"
"""What the column of clusters is called, and its value of items that are in none."""


@dataclass(frozen=True)
class GroupDifference:
    """One column, or one value of a category, in a group of items and in the rest.

    Args:
        column: its name.
        value: of a category; empty: it holds numbers or dates, of which the medians are compared.
        selected, rest: median, or share of the items that have the value, in the group and in the rest.
        effect: of numbers the probability that one of the group has more than one of the rest (a tie counts half), 0.5
            for no difference; of a value the ratio of its shares, infinite where the rest has none of it.
        p: two-sided, of Mann and Whitney's test for numbers and of Fisher's for a value.
        q: the same after the correction; a list of all differences with q below 0.05 has about 5 % false ones.
        is_date: whether the medians are seconds since 1970.
    """

    column: str
    value: str
    selected: float
    rest: float
    effect: float
    p: float
    q: float = float("nan")
    is_date: bool = False

    @property
    def words(self) -> tuple[str, str]:
        """The two medians or shares as text."""
        if self.value:
            return f"{100 * self.selected:.1f} %", f"{100 * self.rest:.1f} %"
        write = date_in_words if self.is_date else "{:.4g}".format
        return write(self.selected), write(self.rest)


def group_words(labels: Int[np.ndarray, " n"], columns: Mapping[str, ItemColumn]) -> list[str]:
    """(K,) what each group has more of than all other items, by the surest differences; empty for nothing.

    Args:
        labels: (n,) group of each item from 0; below 0: in none.
        columns: (n,) beside the items, by name.
    """
    words = []
    for k in range(int(labels.max(initial=-1)) + 1):
        clear = [one for one in group_differences(columns, labels == k) if one.q < CLEAR]
        values = [f"{one.column} = {one.value}" for one in clear if one.value and one.effect > 1]
        numbers = [f"{'high' if one.effect > 0.5 else 'low'} {one.column}" for one in clear if not one.value]
        words.append(", ".join([*values, *numbers][:NAMED]))
    return words


def cluster_column(labels: Int[np.ndarray, " n"], words: Sequence[str]) -> ItemColumn:
    """Clusters as a column (n,) of categories; what is in none is one, too.

    Args:
        labels: (n,) cluster of each item from 0; below 0: in none.
        words: (K,) of each cluster, as by ``group_words``.
    """
    names = [f"{k + 1}: {text}" if text else str(k + 1) for k, text in enumerate(words)]
    return ItemColumn(CLUSTER, "category", np.where(labels < 0, len(names), labels), (*names, NOT_IN_ONE))


def group_differences(columns: Mapping[str, ItemColumn], chosen: Bool[np.ndarray, " n"]) -> list[GroupDifference]:
    """Columns (n,) of items in a group and in the rest, the surest difference first.

    All comparisons are corrected together, for the share of false ones among those that are called differences. A group
    that was chosen by one of the columns differs in it by that choice alone.

    Args:
        columns: by name; text is not compared.
        chosen: (n,) which items are the group.

    Returns:
        Empty where one of the two has fewer than ``MIN_ITEMS`` items, or nothing can be compared.

    Source: Benjamini and Hochberg 1995; Mann and Whitney 1947; Fisher 1922.
    """
    from scipy.stats import false_discovery_control

    if min(chosen.sum(), (~chosen).sum()) < MIN_ITEMS:
        return []
    differences = [one for name, column in columns.items() for one in _of_column(name, column, chosen)]
    if not differences:
        return []
    corrected = false_discovery_control([one.p for one in differences], method="bh")
    tested = [replace(one, q=float(q)) for one, q in zip(differences, corrected, strict=True)]
    return sorted(tested, key=lambda one: (one.p, one.column, one.value))


def _of_column(name: str, column: ItemColumn, chosen: np.ndarray) -> Iterator[GroupDifference]:
    if column.kind == "text":
        return
    if column.kind == "category":
        for i, value in enumerate(column.names):
            yield from _of_value(name, value, column.values == i, chosen)
    else:
        known = ~column.missing
        yield from _of_numbers(name, column.values[known], chosen[known], column.kind == "date")
    if column.missing.any():
        yield from _of_value(name, MISSING, column.missing, chosen)


def _of_numbers(name: str, values: np.ndarray, chosen: np.ndarray, is_date: bool) -> Iterator[GroupDifference]:
    from scipy.stats import mannwhitneyu

    group, rest = values[chosen], values[~chosen]
    if min(len(group), len(rest)) < MIN_ITEMS or values.min() == values.max():
        return
    test = mannwhitneyu(group, rest, method="asymptotic")
    effect = float(test.statistic) / (len(group) * len(rest))
    medians = float(np.median(group)), float(np.median(rest))
    yield GroupDifference(name, "", *medians, effect, float(test.pvalue), is_date=is_date)


def _of_value(name: str, value: str, has_it: np.ndarray, chosen: np.ndarray) -> Iterator[GroupDifference]:
    from scipy.stats import fisher_exact

    if not has_it.any():
        return
    table = [[int((has_it & group).sum()), int((~has_it & group).sum())] for group in (chosen, ~chosen)]
    shares = [has / (has + lacks) for has, lacks in table]
    effect = shares[0] / shares[1] if shares[1] else float("inf")
    yield GroupDifference(name, value, shares[0], shares[1], effect, float(fisher_exact(table).pvalue))
