"""A model of rows learns what its columns are: their means and spreads, and which of them are counts."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from explorer.core.counts import vary_as_counts
from explorer.core.errors import TrainingError
from explorer.data.base import Dataset
from explorer.io.tables.contract import TableContract
from explorer.io.tables.roles import AS_ASKED
from explorer.likelihoods import ColumnLikelihood
from explorer.models import Reconstructor, VariationalAutoencoder
from explorer.training.items import Batches

LIKELY = "whole numbers from 0 on that vary at least as much as their mean, as counts do"
TAKEN = "the likelihood takes counts"
"""Why a column of numbers is read as counts."""


@dataclass(frozen=True)
class _Numbers:
    """What the training rows have in each column (D,): ``stray`` is a number that is no count, where there is one."""

    are_counts: Tensor
    mean: Tensor
    variance: Tensor
    highest: Tensor
    stray: Tensor


def fit_columns(model: Reconstructor, dataset: Dataset, train: Batches) -> Dataset:
    """Let a model of rows see its training rows; see ``Reconstructor.fit_input``.

    Returns:
        The data, whose contract says which columns were read as counts where the model's likelihood takes any.

    Raises:
        TrainingError: the likelihood is for counts, and a column holds something else.
    """
    places: list[int] = []
    if isinstance(model, VariationalAutoencoder) and isinstance(model.observation, ColumnLikelihood):
        places = _counts(model.observation, dataset, train)
        dataset = _read_as_counts(dataset, places, TAKEN if model.observation.counts == "all" else LIKELY)
    model.fit_input(train.parts(), dataset.categories.values(), places)
    return dataset


def _counts(likelihood: ColumnLikelihood, dataset: Dataset, train: Batches) -> list[int]:
    """Which columns are counts to the likelihood.

    Raises:
        TrainingError: one has to be and is not.
    """
    names = dataset.feature_names or tuple(f"column {i}" for i in range(1, dataset.event_shape[0] + 1))
    other = {place: name for name, places in dataset.categories.items() for place in places}
    numbers = _numbers(train)
    if likelihood.counts == "all":
        for place, name in enumerate(names):
            if place in other:
                raise refused_column(likelihood, other[place], "is a category")
            if not numbers.are_counts[place]:
                raise refused_column(likelihood, name, f"holds {numbers.stray[place].item():g}")
        return list(range(len(names)))
    contract = dataset.contract
    said = contract.columns if isinstance(contract, TableContract) else ()
    left = {column.name for column in said if column.role == "number" and column.reason == AS_ASKED}
    left |= {name for column in said if column.role == "date" for name in column.features}
    mean, variance, highest = (part.numpy() for part in (numbers.mean, numbers.variance, numbers.highest))
    varied = numbers.are_counts.numpy() & vary_as_counts(mean, variance, highest, len(train))
    likely = {place for place in range(len(names)) if varied[place] and place not in other and names[place] not in left}
    return sorted(likely | {*dataset.counts})


def refused_column(likelihood: ColumnLikelihood, name: str, what: str) -> TrainingError:
    """That a column is none of counts, which the likelihood is for.

    Args:
        name: of the column.
        what: it is or holds, in a few words.
    """
    return TrainingError(
        f"The column {name!r} {what}, and a likelihood {likelihood.title!r} is for counts: whole numbers from 0 on.",
        f"Leave it out (--ignore {shlex.quote(name)}), or set model.likelihood to by_column, which takes numbers,"
        " counts and categories side by side.",
    )


def _numbers(train: Batches) -> _Numbers:
    size = train.event_shape[0]
    mean, square, highest, stray = torch.zeros(4, size, dtype=torch.float64)
    are_counts, n = torch.ones(size, dtype=torch.bool), 0
    # Around the first row: large numbers with a small spread would lose it.
    first: Tensor | None = None
    for part in train.parts():
        x = part.cpu().double()
        first = x[0] if first is None else first
        is_count = (x >= 0) & (x == x.round())
        strays = torch.where(is_count, 0.0, x).gather(0, (~is_count).int().argmax(0, keepdim=True))[0]
        stray = torch.where(are_counts & ~is_count.all(0), strays, stray)
        are_counts &= is_count.all(0)
        highest = torch.maximum(highest, x.amax(0))
        mean, square, n = mean + (x - first).sum(0), square + (x - first).square().sum(0), n + len(x)
    offset = mean / max(n, 1)
    variance = square / max(n, 1) - offset.square()
    return _Numbers(are_counts, offset + (0 if first is None else first), variance, highest, stray)


def _read_as_counts(dataset: Dataset, places: list[int], reason: str) -> Dataset:
    """The data with a contract that says so; registered data has none."""
    contract = dataset.contract
    if not isinstance(contract, TableContract):
        return dataset
    counts = {dataset.feature_names[place] for place in places}
    columns = tuple(
        column.model_copy(update={"role": "count", "reason": reason})
        if column.name in counts and column.role == "number"
        else column
        for column in contract.columns
    )
    return replace(dataset, contract=contract.model_copy(update={"columns": columns}))
