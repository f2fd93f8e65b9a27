"""Columns that name rows together, against the index that a data frame keeps of them in Parquet."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest

from explorer.core.errors import UndecidedError
from explorer.data.table_rows import open_rows
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.contract import TableContract

pandas = pytest.importorskip("pandas")
RNG = np.random.default_rng(5)


def frame(*levels: list[Any], names: str) -> Any:
    index = pandas.MultiIndex.from_product(levels, names=names.split())
    return pandas.DataFrame(RNG.normal(size=(len(index), 3)).round(4), index=index, columns=list("xyz"))


def of_csv(table: Any, **asked: Any) -> TableContract:
    return open_rows(table.to_csv().encode(), "t.csv", roles=RolesAsked(**asked)).contract


@pytest.mark.parametrize(
    "levels",
    [
        ([*range(6)], [*range(10)]),
        ([*range(1, 21)], [1, 2, 3]),
        ([30, 10, 20], [*range(0, 100, 10)]),
        ([*range(4)], [*range(3)], [*range(2000, 2005)]),
    ],
)
def test_levels_that_count_name_rows_as_the_index_in_parquet_does(levels: tuple[list[int], ...]) -> None:
    table = frame(*levels, names="run part step"[: 8 if len(levels) == 2 else None])
    content = io.BytesIO()
    table.to_parquet(content)
    kept = open_rows(content.getvalue(), "t.parquet").contract
    read = of_csv(table)
    assert {*read.of("identifier")} == {*kept.of("identifier")} == {*table.index.names}
    assert read.inputs == kept.inputs == ("x", "y", "z")
    assert not read.undecided
    assert f"`{table.index.names[-1]}` left out: it rises by" in read.line


def test_groups_of_text_stay_a_category_and_that_is_said() -> None:
    table = frame(["de", "fr", "it"], [*range(2001, 2021)], names="country year")
    read = of_csv(table)
    assert read.of("identifier") == ("year",)
    assert read.of("category") == ("country",)
    assert "`country` and `year` name the rows together" in read.line
    assert "--id country" in read.line
    assert of_csv(table, identifier=("country",)).of("category") == ()


def test_what_does_not_count_is_asked_and_each_answer_decides() -> None:
    table = frame([*range(12)], ["apple", "fig", "kiwi", "pear"], names="shop fruit")
    read = of_csv(table)
    (question,) = read.undecided
    assert question.flag == "--id shop --id fruit, or --input shop --input fruit to learn from them"
    with pytest.raises(UndecidedError, match="only name the rows"):
        read.require_decided("t.csv")
    for answer, inputs in zip(question.readings, (("shop", "fruit", "x", "y", "z"), ("x", "y", "z")), strict=True):
        decided = of_csv(table, **answer.model_dump(exclude_none=True))
        assert decided.inputs == inputs
        assert not decided.undecided


def test_a_later_table_is_read_as_the_one_learnt_from() -> None:
    table = frame([*range(6)], [*range(10)], names="run step")
    learnt = of_csv(table)
    later = open_rows(table.iloc[[3, 11, 2, 40]].to_csv().encode(), "t.csv", like=learnt).contract
    assert later.of("identifier") == ("run", "step")


@pytest.mark.parametrize("seed", range(5))
def test_rows_in_any_order_have_no_such_names(seed: int) -> None:
    table = frame([*range(6)], [*range(10)], names="run step").sample(frac=1, random_state=seed)
    assert {"run", "step"} <= {*of_csv(table).inputs}


def test_what_may_be_so_by_chance_or_repeats_is_an_input() -> None:
    by_class = pandas.DataFrame(
        {"u": np.repeat([0, 1, 2], 40), "v": RNG.integers(0, 9, 120), "w": RNG.normal(size=120)}
    )
    assert of_csv(by_class.set_index("u")).inputs == ("u", "v", "w")
    by_class["v"] = [*RNG.permutation(100)[:40], *RNG.permutation(100)[:40], *RNG.permutation(100)[:40]]
    assert of_csv(by_class.set_index("u")).inputs == ("u", "v", "w")
    groups, cells = [5, 3, 9, 4, 8, 1, 7, 2, 6, 0], [1, 2, 4, 7, 3, 9, 2, 6, 5, 8, 1, 4, 2, 3, 6, 7, 0, 5, 3, 4]
    pairs = pandas.DataFrame({"u": np.repeat(groups, 2), "v": cells, "w": RNG.normal(size=20)})
    assert of_csv(pairs.set_index("u")).inputs == ("u", "v", "w")
    assert not of_csv(pairs.set_index("u")).undecided
    again = pandas.concat([frame([*range(3)], [*range(10)], names="run step")] * 2)
    assert of_csv(again).inputs == ("run", "step", "x", "y", "z")
    places = frame([47.1, 47.2, 47.4], [*np.arange(10) / 8], names="lat lon")
    assert of_csv(places).inputs == ("lat", "lon", "x", "y", "z")
