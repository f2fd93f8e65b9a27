"""Lines below a table, names that come again, single quotes and quotes without an end, against known rows."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.core.errors import DataError
from explorer.data.table_rows import FileRows, open_rows
from explorer.io.tables.dialect import Asked

random = np.random.default_rng(2)
A, B = np.round(random.normal(20, 3, 40), 2), np.round(random.normal(0, 1, 40), 2)
BODY = [f"{a},{b},{'uvw'[i % 3]}" for i, (a, b) in enumerate(zip(A.tolist(), B.tolist(), strict=True))]


def opened(lines: list[str], encoding: str = "utf-8", **asked: object) -> FileRows:
    return open_rows("\n".join(lines).encode(encoding), "t.csv", Asked.model_validate(asked))


def rows(table: FileRows) -> list[int]:
    return [int(row) for chunk in table.chunks() for row in chunk.rows]


@pytest.mark.parametrize(
    "below",
    [
        ["Total,200.5,"],
        ["Total:,,"],
        ["Grand total,812.4,3.3"],
        ["Summe;200"],
        ["", "Source: Eurostat, 2024"],
        ["(40 rows)"],
        ["Note: all values, as measured, in May"],
        ["", "mean,0.1,"],
        ["mean,20.0,", "std,3.0,"],
        ["Average,,", "20.1,0.1,"],
        ["Итого,5,"],
        ["\x1a"],
    ],
    ids=lambda lines: repr("|".join(lines)),
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_lines_below_are_left_out_with_a_word(below: list[str], encoding: str) -> None:
    table = opened(["a,b,kind", *BODY, *below], encoding)
    assert rows(table) == list(range(1, 41))
    np.testing.assert_array_equal(np.concatenate([c.cells["a"] for c in table.chunks()]), A)
    assert "no row" in table.contract.line
    assert "--lines-below 0" in table.contract.line
    kept = opened(["a,b,kind", *BODY, *below], encoding, lines_below=0)
    assert "no row" not in kept.contract.line


def test_sums_without_a_word_are_told_by_their_values() -> None:
    sums = f"{A.sum():.2f},{np.abs(B).sum():.2f}"
    table = opened(["a,b", *(f"{a},{abs(b)}" for a, b in zip(A.tolist(), B.tolist(), strict=True)), sums])
    assert rows(table) == list(range(1, 41))
    assert "holds the sums" in table.contract.line


@pytest.mark.parametrize("sums", [True, False])
def test_sums_are_told_in_a_large_file_too(sums: bool) -> None:
    a, b = (np.round(random.gamma(4, 5, 9_000), 2) for _ in range(2))
    last = f"{a.sum():.2f},{b.sum() + (0 if sums else 0.01):.2f}"
    lines = ["a,b", *(f"{x},{y}" for x, y in zip(a.tolist(), b.tolist(), strict=True)), last]
    assert sum(map(len, lines)) > 1 << 16
    table = opened(lines)
    assert table.contract.rows == 9_001 - sums
    assert ("holds the sums" in table.contract.line) == sums
    assert not sums or [fact.high for fact in table.facts] == [a.max(), b.max()]
    assert opened(lines, lines_below=0).contract.rows == 9_001


@pytest.mark.parametrize(
    "lines",
    [
        ["a,b,kind", *BODY, "21.5,,"],
        ["a,b,kind", *BODY, "21.5,0.5,total"],
        ["name,b", *(f"{'total' if i % 4 == 0 else 'part'},{b}" for i, b in enumerate(B.tolist())), "total,0.5"],
        ["name,b", *(f"n{i},{b}" for i, b in enumerate(B.tolist())), "Max,0.5"],
        ["name,b", *(f"n{i},{b}" for i, b in enumerate(B.tolist())), "Summer,0.5"],
        ["a,b,kind", *BODY, "NA,NA,u"],
        ["a,b,kind", *BODY, "absent,absent,u"],
        ["a,b,kind", *(f"1,{2 + i % 2},{'xy'[i % 2]}" for i in range(8)), "8,20,x"],
        ["a,b", *("0,0" for _ in range(20))],
        ["a,b", *(f"{i % 3 - 1},{1 - i % 3}" for i in range(20)), "-1,1"],
        ["name,b", *(f"n{i},{b}" for i, b in enumerate(B.tolist())), "n40,absent"],
        ["name,kind,b", *(f"n{i},{'uv'[i % 2]},{b}" for i, b in enumerate(B.tolist())), "n40,,"],
        ["title,b", *(f"a film of year {i},{b}" for i, b in enumerate(B.tolist())), "the film of last year,absent"],
    ],
    ids=[
        *("gaps", "a label", "a category", "a name", "a word like it", "words for nothing"),
        *(
            "no numbers but a category",
            "sums of a category",
            "zeros",
            "sums below the greatest",
            "a name without a number",
            "a name alone",
            "a sentence among sentences",
        ),
    ],
)
def test_rows_stay_rows(lines: list[str]) -> None:
    table = opened(lines)
    assert rows(table)[-1] == len(lines) - 1
    assert "no row" not in table.contract.line


def test_a_number_of_lines_can_be_said() -> None:
    assert rows(opened(["a,b,kind", *BODY], lines_below=3)) == list(range(1, 38))


@pytest.mark.parametrize("below", ["Source: the office,", "* revised,", "All values as of May 2024,unchecked"])
def test_a_remark_below_names_is_no_row(below: str) -> None:
    table = opened(["name,b", *(f"n{i},{b}" for i, b in enumerate(B.tolist())), below])
    assert rows(table) == list(range(1, 41))
    assert "no row" in table.contract.line


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_names_that_come_again_are_no_row(mark: str) -> None:
    table = opened(["a,b,kind", *BODY[:20], f"{mark}a,b,kind", *BODY[20:]])
    assert rows(table) == [*range(1, 21), *range(22, 42)]
    assert "a row that repeats the names of the columns passed over" in table.contract.line


def test_single_quotes_hold_the_delimiter() -> None:
    table = opened(["name,b", *(f"'x, {'uvw'[i % 3]}',{b}" for i, b in enumerate(B.tolist()))])
    assert table.columns == ("name", "b")
    assert next(iter(table.chunks())).cells["name"][0] == "x, u"
    assert "single quotes" in table.contract.line


def test_a_quote_without_an_end_is_refused_and_can_be_a_letter() -> None:
    lines = ["a,b,kind", *BODY[:5], f'{BODY[5][:-1]}"u', *BODY[6:]]
    with pytest.raises(DataError, match="the quote before it has no end") as caught:
        opened(lines)
    assert "--quote none" in caught.value.hint
    assert rows(opened(lines, quote="")) == list(range(1, 41))


def test_two_quotes_far_apart_do_not_hide_the_rows_between_them() -> None:
    lines = [f"{i},w{i},{i % 7}.5" for i in range(30)]
    for row in (5, 20):
        lines[row] = lines[row].replace(",w", ',"w')
    with pytest.raises(DataError, match="holds 14 whole rows: the quote before it has no end"):
        opened(["n,word,v", *lines])


def test_a_last_row_that_begins_with_a_word_for_missing_is_a_row() -> None:
    rows = [f"{i / 7:.2f},{i % 5}.5,{i % 3}" for i in range(30)]
    assert open_rows("\n".join(["a,b,c", *rows, "NA,,see the note"]).encode(), "t.csv").contract.rows == 31
    assert open_rows("\n".join(["a,b,c", *rows, ",,see the note"]).encode(), "t.csv").contract.rows == 30


def test_what_stands_below_an_average_is_no_row_either() -> None:
    rows = [f"n{i},{i / 7:.2f},{i % 5}.5" for i in range(30)]
    below = ["Average,2.07,2.5", "Std dev,1.2,1.4"]
    assert open_rows("\n".join(["name,a,b", *rows, *below]).encode(), "t.csv").contract.rows == 30
    assert open_rows("\n".join(["name,a,b", *rows, below[1]]).encode(), "t.csv").contract.rows == 31
