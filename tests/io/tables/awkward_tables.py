"""Tables written from known values in a random dialect, and whether they are read back to those values.

Left out is what no reader can know: a comma that is the decimal sign between commas that separate cells, and tables of
text alone, whose first row may or may not name the columns.
"""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from explorer.core.errors import DataError
from explorer.data.cells import texts
from explorer.data.table_rows import open_rows
from explorer.io.tables.asked import RolesAsked

GAPS = ("", "NA", "NaN", "null", "-", "?", "n/a", "N/A", "nan")
WORDS = ("red", "blue; dark", 'so-called "x"', "grün", "a, b", "two\nlines", "tab\tin it", "it's", "007", "yes", "1st")
TITLES = ("# made by hand\n", "# twice, with a comma\n# and; more\n", "Report of May\n\n", "Report, second; part\n")


@dataclass(frozen=True)
class AwkwardTable:
    """A table and what is right about it.

    Args:
        content: the file's bytes.
        names: of its columns; empty: it has no header.
        columns: (rows) values of each column: numbers, text, or None where a cell holds nothing.
        rows: number of each of these rows in the file, from 1 below the header.
        roles: what is asked of some columns.
        wanted: the roles that these then have.
    """

    content: bytes
    names: tuple[str, ...]
    columns: tuple[tuple[Any, ...], ...]
    rows: tuple[int, ...]
    roles: RolesAsked
    wanted: dict[str, str]
    text: str = ""
    """The content before it was encoded and packed."""


def wrong(table: AwkwardTable) -> str:
    """How a table is read wrongly; empty where it is read right or asked about, "refused: why" where it is refused."""
    try:
        opened = open_rows(table.content, "t.csv", roles=table.roles)
        if opened.contract.undecided:
            return ""
        chunks = list(opened.chunks(7))
    except DataError as error:
        return f"refused: {error}"
    if len(opened.columns) != len(table.columns):
        return f"{len(opened.columns)} columns, not {len(table.columns)}"
    if opened.has_names != bool(table.names) or (table.names and opened.columns != table.names):
        return f"names {opened.columns}, not {table.names or 'none'}"
    rows = [int(row) for chunk in chunks for row in chunk.rows]
    if rows != list(table.rows):
        return f"rows {rows}, not {list(table.rows)}"
    for name, values in zip(opened.columns, table.columns, strict=True):
        if all(value is None for value in values):
            continue
        parts = [chunk.cells[name] for chunk in chunks]
        if fault := _fault(parts, values):
            return f"{name}: {fault}"
    roles = {column.name: column.role for column in opened.contract.columns}
    return next((f"{c} is {roles[c]}, not {r}" for c, r in table.wanted.items() if roles[c] != r), "")


def _fault(parts: list[Any], values: tuple[Any, ...]) -> str:
    if any(isinstance(value, str) for value in values):
        read = [
            cell for part in parts for cell in (texts(part) if isinstance(part, list) else ["a number"] * len(part))
        ]
        wanted = [value or "" for value in values]
        return "" if read == wanted else f"{read}, not {wanted}"
    if any(isinstance(part, list) for part in parts):
        return "text, not numbers"
    numbers = np.concatenate(parts)
    right = np.array([np.nan if value is None else value for value in values], float)
    same = np.isclose(numbers, right, rtol=1e-12, atol=0) | (np.isnan(numbers) & np.isnan(right))
    return "" if same.all() else f"{numbers.tolist()}, not {right.tolist()}"


@st.composite
def awkward_tables(draw: st.DrawFn) -> AwkwardTable:
    """A table in a random dialect with gaps, quotes, titles, blank and ragged lines, and roles that are asked."""

    def one(*choices: Any) -> Any:
        return draw(st.sampled_from(choices))

    n, width = draw(st.integers(4, 30)), draw(st.integers(2, 6))
    kinds = ["fraction", *(one("fraction", "fine", "whole", "large", "text", "code", "same") for _ in range(width - 1))]
    kinds = draw(st.permutations(kinds))
    delimiter = one(",", ";", "\t", "|")
    decimal = "." if delimiter == "," else one(".", ",")
    thousands = one("", "", "", "," if decimal == "." else ".", " ", "'")
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    gaps = one((), ("",), ("NA",), GAPS)
    share = one(0.05, 0.2)
    columns = [_values(kind, n, random, share if gaps else 0.0) for kind in kinds]
    empty = [all(column[i] is None for column in columns) for i in range(n)]  # would be passed over
    place = kinds.index("fraction")
    columns[place] = tuple(0.25 if e else v for v, e in zip(columns[place], empty, strict=True))
    style = _Style(delimiter, decimal, thousands, gaps, one(csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL),
                   one("\n", "\n", "\r\n"), one("", "", " "))  # fmt: skip
    names = _names(one("plain", "plain", "years", "none"), kinds)
    cells = [[style.cell(column[i], random) for column in columns] for i in range(n)]
    lines, numbered = [style.line(row) for row in cells], list(range(1, n + 1))
    if draw(st.booleans()):
        lines, numbered = _disturbed(cells, style, random)
    head = [] if not names else [style.line([style.trimmed(name) for name in names])]
    above = one("", "", *TITLES, f"sep={delimiter}\n") if names else one("", "", TITLES[0], f"sep={delimiter}\n")
    text = above.replace("\n", style.ending) + "".join([*head, *lines]) + one("", "", style.ending)
    if one(False, False, True) and text.endswith(style.ending):
        text = text.removesuffix(style.ending)
    encoding = one("utf-8", "utf-8", "utf-8-sig", "utf-16", "cp1252")
    pack: Any = one(bytes, bytes, gzip.compress, lambda content: pa.compress(content, "zstd", asbytes=True))
    roles, wanted = _roles(names, draw)
    return AwkwardTable(pack(text.encode(encoding)), names, tuple(columns), tuple(numbered), roles, wanted, text)


@dataclass(frozen=True)
class _Style:
    delimiter: str
    decimal: str
    thousands: str
    gaps: tuple[str, ...]
    quoting: Any
    ending: str
    padding: str

    def cell(self, value: Any, random: np.random.Generator) -> str:
        if value is None:
            return self.gaps[random.integers(len(self.gaps))]
        if isinstance(value, str):
            return value
        text = f"{value:,}" if self.thousands else f"{value}"
        return self.trimmed(text.translate(str.maketrans({",": self.thousands, ".": self.decimal})))

    def trimmed(self, text: str) -> str:
        return f"{self.padding}{text}{self.padding}" if self.delimiter != "\t" else text

    def line(self, cells: list[str]) -> str:
        file = io.StringIO()
        csv.writer(file, delimiter=self.delimiter, quoting=self.quoting, lineterminator=self.ending).writerow(cells)
        return file.getvalue()


def _values(kind: str, n: int, random: np.random.Generator, share: float) -> tuple[Any, ...]:
    whole = random.integers(-(10**6), 10**6, n)
    values: list[Any] = {
        "fraction": lambda: ((2 * whole + 1) / 100).tolist(),  # two digits tell the decimal sign
        "fine": lambda: ((2 * whole + 1) / 1000).tolist(),
        "whole": lambda: (whole % int(10 ** random.integers(1, 7))).tolist(),
        "large": lambda: (1_700_000_000 + whole).tolist(),
        "same": lambda: [random.integers(2, 9).item()] * n,
        "text": lambda: [WORDS[i] for i in random.integers(len(WORDS), size=n)],
        "code": lambda: [f"k{i}" for i in random.integers(4, size=n)],
    }[kind]()
    return tuple(None if gap else value for value, gap in zip(values, random.random(n) < share, strict=True))


def _names(kind: str, kinds: list[str]) -> tuple[str, ...]:
    if kind == "none":
        return ()
    if kind == "years" and len(kinds) > 2 and not {"text", "code"} & {*kinds}:
        return tuple(str(2001 + i) for i in range(len(kinds)))
    return tuple(f"{kind} {i}" for i, kind in enumerate(kinds))


def _disturbed(cells: list[list[str]], style: _Style, random: np.random.Generator) -> tuple[list[str], list[int]]:
    """Blank lines and rows with a cell too many or too few among the rows, and what number each whole row then has."""
    lines: list[str] = []
    numbered = []
    limit = max(1, len(cells) // 8)
    for i, row in enumerate(cells):
        if i and limit and random.random() < 0.15:
            limit -= 1
            lines.append([style.ending, style.line(["1.5"]), style.line([*row, "9", "9"])][random.integers(3)])
        lines.append(style.line(row))
        numbered.append(len(lines))
    return lines, numbered


def _roles(names: tuple[str, ...], draw: st.DrawFn) -> tuple[RolesAsked, dict[str, str]]:
    if not names or not draw(st.booleans()):
        return RolesAsked(label=""), {}
    order = draw(st.permutations(names))
    fields = {"label": "label", "identifier": "identifier", "ignore": "left out", "metadata": "metadata"}
    chosen = dict(zip(draw(st.permutations(list(fields)))[:2], order[:-1], strict=False))
    asked = {field: column if field == "label" else (column,) for field, column in chosen.items()}
    return RolesAsked.model_validate({"label": "", **asked}), {column: fields[f] for f, column in chosen.items()}
