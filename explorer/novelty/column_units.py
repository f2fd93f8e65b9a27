"""A table for a model whose likelihood takes each column as what it holds: numbers, counts, and categories."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from explorer.core.counts import hold_counts, vary_as_counts
from explorer.data.cells import numbers
from explorer.data.encoded_columns import CategoryColumn, NumberColumn
from explorer.data.encoding import TableEncoding
from explorer.io.tables.columns import Cells
from explorer.io.tables.contract import TableContract
from explorer.io.tables.roles import AS_ASKED, ColumnRole
from explorer.likelihoods import REGISTRY, ColumnLikelihood
from explorer.novelty.inputs import TableInput
from explorer.novelty.scores.elbo import NegativeElbo
from explorer.novelty.scores.scorer import Scorer
from explorer.recipe import Recipe
from explorer.training.columns import refused_column


def likelihood_by_columns(recipe: Recipe | None) -> ColumnLikelihood | None:
    """The likelihood of a recipe's model, where it is one of columns."""
    name = "" if recipe is None else getattr(recipe.model, "likelihood", "")
    likelihood = REGISTRY.get(name)
    return likelihood if isinstance(likelihood, ColumnLikelihood) else None


def in_own_units(
    encoding: TableEncoding, likelihood: ColumnLikelihood, cells: Mapping[str, Cells], table: TableInput
) -> TableEncoding:
    """An encoding that gives counts and categories as they are; which columns are counts is settled here for all folds.

    Args:
        cells: of each column, (n,) each, the rows that are learnt from.
        table: whose contract says which columns are counts or numbers.

    Raises:
        TrainingError: the likelihood is for counts alone, and a column holds something else.
    """
    said = {role.name: role for role in table.contract.columns}
    counts = []
    for column in encoding.columns:
        role = said.get(column.name)
        if isinstance(column, CategoryColumn):
            if likelihood.counts == "all":
                raise refused_column(likelihood, column.name, "is a category")
        elif isinstance(column, NumberColumn):
            values = numbers(cells[column.name])
            known = values[np.isfinite(values)][:, None]
            is_whole = bool(hold_counts(known)[0])
            if likelihood.counts == "all":
                if not is_whole:
                    stray = known[(known < 0) | (known % 1 != 0)][0]
                    raise refused_column(likelihood, column.name, f"holds {stray:g}")
                counts.append(column.name)
            elif role is not None and role.role == "count":
                counts.append(column.name)
            elif is_whole and not (role is not None and role.role == "number" and role.reason == AS_ASKED):
                facts = known.mean(0), known.var(0), known.max(0)
                if vary_as_counts(*facts, len(known))[0] and (role is None or role.role != "date"):
                    counts.append(column.name)
    return encoding.for_counts(counts)


def training_contract(encoding: TableEncoding, contract: TableContract) -> TableContract | None:
    """What the encoded columns are, for a model with a likelihood by columns; None where all are standardised numbers.

    Args:
        contract: of the table that they are encoded from; of columns that are given as they are it says it itself.
    """
    if any(isinstance(column, NumberColumn) and column.form == "plain" for column in encoding.columns):
        return contract
    columns = []
    for column in encoding.columns:
        if isinstance(column, CategoryColumn) and column.form == "plain":
            columns.append(ColumnRole(name=column.name, role="category", values=column.values))
        elif isinstance(column, NumberColumn) and column.form == "count":
            columns.append(ColumnRole(name=column.name, role="count"))
        else:
            columns.append(ColumnRole(name=column.name, role="number", reason=AS_ASKED))
    if all(column.role == "number" for column in columns):
        return None
    return contract.model_copy(update={"columns": tuple(columns)})


def read_as_counts(encoding: TableEncoding, fitted: Scorer) -> list[str]:
    """In sentences: which columns are counts to the model, and whether the score asks how likely their values are."""
    if not fitted.uses_checkpoint:
        return []
    counts = encoding.counts
    notes = [f"read as counts: {', '.join(counts) if counts else 'no column'}"]
    if not isinstance(fitted, NegativeElbo):
        notes.append(
            "the score does not use the likelihood that the model was trained by: it looks at codes, or at squared"
            " errors of means in standard deviations; --scorer elbo-misfit scores by the likelihood"
        )
    return notes
