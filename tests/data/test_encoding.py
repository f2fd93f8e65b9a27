"""Encoded columns: standardised by their own moments, categories that weigh as much as a number, groups, gaps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer.core.errors import DataError
from explorer.data.encoded_columns import CHANGED, LIMIT, Remarks
from explorer.data.encoding import TableEncoding, column_groups
from explorer.data.table_rows import open_rows
from explorer.io.tables.categories import OTHER

RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def columns() -> dict[str, list[str]]:
    n = 300
    ages = [f"{v:.2f}" for v in RNG.normal(40, 10, n)]
    return {
        "age": ages,
        "sex": RNG.choice(["f", "m", "x"], n, p=[0.5, 0.4, 0.1]).tolist(),
        "gap": ["?" if i % 4 == 0 else ages[i] for i in range(n)],
        "town": ["" if i % 5 == 0 else "Bern" if i % 2 else "Genf" for i in range(n)],
        "unit": ["kg"] * n,
        "year": ["2020"] * n,
        "void": [" "] * n,
        "name": [f"n{i}" for i in range(n)],
    }


def test_numbers_are_standardised_and_gaps_have_a_column(columns: dict[str, list[str]]) -> None:
    encoding = TableEncoding.learn(columns, "t.csv")
    x = encoding.encode(columns)
    assert x.dtype == np.float32
    names = list(encoding.encoded)
    age = x[:, names.index("age")]
    assert (age.mean(), age.std()) == (pytest.approx(0, abs=1e-5), pytest.approx(1, abs=1e-5))
    gap, is_missing = x[:, names.index("gap")], x[:, names.index("gap is missing")]
    np.testing.assert_array_equal(np.isnan(gap), np.arange(300) % 4 == 0)
    np.testing.assert_allclose([is_missing.mean(), is_missing.std()], [0, 1], atol=1e-5)
    assert dict(encoding.left_out) == {"void": "empty", "name": "text with 300 different values"}


def test_a_category_weighs_as_much_as_a_number(columns: dict[str, list[str]]) -> None:
    encoding = TableEncoding.learn(columns, "t.csv")
    x = encoding.encode(columns)
    sex = [i for i, name in enumerate(encoding.encoded) if name.startswith("sex = ")]
    assert len(sex) == 4, "three values, and one for those never seen"
    assert x[:, sex].var(0).sum() == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(x[:, sex].mean(0), 0, atol=1e-5)
    assert any(group.tolist() == sex for group in column_groups(encoding.encoded, x.shape[1]))
    np.testing.assert_array_equal(np.concatenate(column_groups(encoding.encoded, x.shape[1])), np.arange(x.shape[1]))


def test_a_constant_counts_where_it_changes(columns: dict[str, list[str]]) -> None:
    encoding = TableEncoding.learn(columns, "t.csv")
    remarks = Remarks()
    row = {name: cells[1:4] for name, cells in columns.items()} | {
        "year": ["2020.0", "2021", ""],
        "unit": ["kg", "", "g"],
    }
    x = encoding.encode(row, remarks)
    names = list(encoding.encoded)
    np.testing.assert_array_equal(x[:, names.index("year")], [0, CHANGED, np.nan])
    np.testing.assert_array_equal(x[:, names.index("unit")], [0, np.nan, CHANGED])
    assert remarks.sentences() == [
        "unit: not 'kg', as in every normal row, in 1 of 3 rows",
        "year: not 2020, as in every normal row, in 1 of 3 rows",
    ]


def test_fill_is_the_median_and_the_most_frequent_value(columns: dict[str, list[str]]) -> None:
    encoding = TableEncoding.learn(columns, "t.csv")
    known = np.array([float(cell) for cell in columns["gap"] if cell != "?"])
    fill = dict(zip(encoding.encoded, encoding.fill, strict=True))
    assert fill["gap"] == pytest.approx((np.median(known) - known.mean()) / known.std(), abs=1e-5)
    values = {name: value for name, value in fill.items() if name.startswith("town = ")}
    # Several towns may be the most frequent; the first of them by name is taken.
    most = max(sorted(set(columns["town"]) - {""}), key=columns["town"].count)
    assert max(values, key=values.__getitem__) == f"town = {most}"
    filled = encoding.filled(encoding.encode(columns))
    assert np.isfinite(filled).all()


def test_decoding_gives_back_the_values(columns: dict[str, list[str]]) -> None:
    encoding = TableEncoding.learn(columns, "table")
    back = encoding.decode(encoding.encode(columns))
    np.testing.assert_allclose(back["age"], np.array(columns["age"], float), rtol=1e-5)
    assert back["sex"] == columns["sex"]
    assert back["town"] == columns["town"], "a gap stays a gap"
    assert [np.isnan(x) for x in back["gap"]] == [cell == "?" for cell in columns["gap"]]
    assert (set(back["unit"]), set(back["year"])) == ({"kg"}, {"2020"})
    unseen = {**{name: cells[:1] for name, cells in columns.items()}, "sex": ["w"], "unit": ["lb"]}
    changed = encoding.decode(encoding.encode(unseen))
    assert (changed["sex"], changed["unit"]) == ([OTHER], [OTHER])


def test_values_that_no_sum_of_squares_could_hold_are_limited() -> None:
    encoding = TableEncoding.learn({"a": ["1", "2", "3"], "b": ["0", "1", "0"]}, "t.csv")
    x = encoding.encode({"a": ["1e300", "-1e300", "inf", *["2"] * 9], "b": ["0"] * 12})
    np.testing.assert_array_equal(x[:4, 0], [LIMIT, -LIMIT, np.nan, 0])


def test_contributions_are_summed_to_the_tables_columns(columns: dict[str, list[str]]) -> None:
    encoding = TableEncoding.learn(columns, "t.csv")
    parts = RNG.random((5, len(encoding.encoded)))
    summed = encoding.by_column(parts)
    assert summed.shape == (5, len(encoding.names))
    np.testing.assert_allclose(summed.sum(1), parts.sum(1))
    sex = [i for i, name in enumerate(encoding.encoded) if name.startswith("sex = ")]
    np.testing.assert_allclose(summed[:, encoding.names.index("sex")], parts[:, sex].sum(1))


def test_a_round_trip_through_json_encodes_the_same(columns: dict[str, list[str]]) -> None:
    encoding = TableEncoding.learn(columns, "t.csv")
    again = TableEncoding.model_validate_json(encoding.model_dump_json())
    assert again == encoding
    np.testing.assert_array_equal(again.encode(columns), encoding.encode(columns))


def test_numbers_in_arrays_are_encoded_like_their_text() -> None:
    numbers = RNG.normal(size=(50, 2)).round(4)
    numbers[3, 1] = np.nan
    as_text = {f"c{i}": ["" if np.isnan(v) else f"{v:.4f}" for v in column] for i, column in enumerate(numbers.T)}
    as_numbers = {f"c{i}": column for i, column in enumerate(numbers.T)}
    first, second = TableEncoding.learn(as_text, "t"), TableEncoding.learn(as_numbers, "t")
    assert first == second
    np.testing.assert_allclose(first.encode(as_text), second.encode(as_numbers))


def test_nothing_to_learn_from_is_an_error() -> None:
    with pytest.raises(DataError, match="no column that varies") as caught:
        TableEncoding.learn({"a": ["1"] * 6, "b": [f"x{i}" for i in range(6)], "c": [""] * 6}, "t.csv")
    assert caught.value.hint


CELL = st.sampled_from(["", "NA", "1", "2.5", "-3", "x", "y", "z", "1,5", "inf", "é"])


@settings(max_examples=150)
@given(
    st.lists(st.tuples(CELL, CELL), min_size=1, max_size=40), st.lists(st.tuples(CELL, CELL), min_size=1, max_size=9)
)
@pytest.mark.slow
def test_any_table_is_encoded_or_refused_in_words(normal: list[tuple[str, str]], new: list[tuple[str, str]]) -> None:
    cells, others = (
        {name: list(v) for name, v in zip("ab", zip(*rows, strict=True), strict=True)} for rows in (normal, new)
    )
    try:
        encoding = TableEncoding.learn(cells, "t.csv")
        x, y = encoding.encode(cells), encoding.encode(others)
    except DataError as error:
        assert error.message
        return
    assert x.shape == (len(normal), len(encoding.encoded))
    assert y.shape == (len(new), len(encoding.encoded))
    assert np.isfinite(encoding.filled(x)).all()
    assert np.isfinite(encoding.filled(y)).all()


def test_a_file_is_read_in_chunks_as_it_is_read_whole() -> None:
    lines = ["a;b;a", *(f"{i};{i / 7:.3f};x{i}" for i in range(45)), "1;2", ""]
    rows = open_rows("\n".join(lines).encode(), "t.csv")
    assert rows.columns == ("a", "b", "a (2)")
    chunks = list(rows.chunks(20))
    assert [len(chunk) for chunk in chunks] == [20, 20, 5]
    assert rows.contract.first_ragged == (46,)
    assert [cell for chunk in chunks for cell in chunk.cells["a (2)"]] == [f"x{i}" for i in range(45)]
    whole = next(iter(rows.chunks(100))).cells["b"]
    np.testing.assert_array_equal(whole, np.concatenate([chunk.cells["b"] for chunk in chunks]))


def test_a_table_without_a_learnt_column_is_refused_by_name() -> None:
    encoding = TableEncoding.learn({"speed": np.arange(9.0), "kind": ["a", "b", "a"] * 3}, "t")
    assert encoding.check(("kind", "speed", "other"), "n.csv") == ("other",)
    for renamed in ("sped", "SPEED", "Speed over ground (km/h)"):
        with pytest.raises(DataError, match="lacks 1 of the 2 columns that it was fitted on: 'speed'") as error:
            encoding.check(("kind", renamed), "n.csv")
        assert f"Is {renamed!r} meant by 'speed'?" in error.value.hint
