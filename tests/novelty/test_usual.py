"""What is usual of a column is said in the column's own unit, as the file had it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from explorer.core.errors import DataError
from explorer.data.base import Dataset
from explorer.data.memory_rows import CellRows
from explorer.novelty import image_fitting
from explorer.novelty.inputs import TableInput
from explorer.novelty.table_fitting import fit_table
from explorer.novelty.usual import normal_values, usual


def test_what_is_usual_is_what_the_rows_hold() -> None:
    """A column that is 0 in nearly all rows comes back as 0, with a profile and, as from version 0.1.0, without one."""
    random = np.random.default_rng(0)
    rare = np.where(np.arange(400) % 50 == 0, 0.37, 0.0)
    cells = {"rare": rare, "money": np.round(random.lognormal(9, 1, 400), 2), "kind": ["a", "b"] * 200}
    detector = fit_table(TableInput("t", CellRows(cells, "t")), scorer="pca")
    for one in (detector, replace(detector, profile=None)):
        values = normal_values(one)
        assert set(np.unique(values["rare"])) == {0.0, 0.37}
        assert usual(values["rare"]) == "mostly 0"
        apart = np.abs(np.subtract.outer(np.asarray(values["money"]), cells["money"])).min(1)
        assert apart.max() < 0.06, "each is one of the rows', to a millionth of the spread"
        assert usual(values["kind"]).startswith(("a 5", "b 5", "a 4", "b 4"))


def test_images_have_no_columns(digits: Dataset) -> None:
    with pytest.raises(DataError, match="on images"):
        normal_values(image_fitting.fit_images(digits, ("0",), scorer="pca"))
