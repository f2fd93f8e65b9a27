"""Cells of text as numbers: which sign is the decimal one, and which only groups thousands, told from all cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Float

from explorer.io.tables.forms import SPACES, bare

MISSING = (
    "", "na", "n/a", "nan", "null", "none", "?", "-", "#n/a", "<na>", "nat", "n.a.", "n.d.", "n/d", "--", "---", "–",
    "—", ".", "..", "...", "…", "(null)", "\\n", "missing", "not available", "no data", "k.a.", "k. a.",
    "keine angabe", "fehlt", "s.o.", "s/o", "non disponible", "#nv", "#null!", "#div/0!", "#value!", "#ref!",
    "#name?", "#num!", "#wert!", "#bezug!", "#zahl!", "#valeur!", "-nan", "nan(ind)", "1.#qnan", "-1.#ind", "1.#ind",
)  # fmt: skip
"""Cells that hold nothing, in small letters: as people and programs write it, in some languages."""
MOSTLY = 0.9
"""A column with this share of numbers among its cells is one of numbers; its other cells count as missing."""
Decimal = Literal[".", ","]
Thousands = Literal["", ".", ",", " ", "'"]
_SIGN, _EXPONENT = r"^[+-]?", r"([eE][+-]?\d+)?$"
_INFINITE = r"^[+-]?[iI]nf(inity)?$"
_APOSTROPHES = "['\u2019]"
_LEADING_ZERO = r"^[=\"']*[+-]?0\d+[\"']*$"
_LAKHS = r"\d{1,2}(,\d{2})+,\d{3}|"
"""As India groups digits: 12,34,567."""
_GROUPS: dict[Thousands, str] = {".": r"\.", ",": ",", " ": SPACES, "'": _APOSTROPHES}


def pattern(decimal: Decimal, thousands: Thousands) -> str:
    """A regular expression for a number that is written with these signs."""
    mark = r"\." if decimal == "." else ","
    lakhs = _LAKHS if thousands == "," else ""
    whole = r"\d+" if not thousands else rf"(\d{{1,3}}({_GROUPS[thousands]}\d{{3}})+|{lakhs}\d+)"
    return rf"{_SIGN}({whole}({mark}\d*)?|{mark}\d+){_EXPONENT}"


@dataclass
class Marks:
    """How often cells are written in a way that tells the two signs apart.

    Args:
        point, comma: cells in which the sign can only be the decimal one, such as 0.5 or 12.25.
        grouping_point, grouping_comma: cells in which it can only group thousands, such as 1.234.567.
        either_point, either_comma: cells that can be read both ways, such as 2.471.
        examples: one cell of the last two kinds.
    """

    point: int = 0
    comma: int = 0
    grouping_point: int = 0
    grouping_comma: int = 0
    either_point: int = 0
    either_comma: int = 0
    spaces: int = 0
    apostrophes: int = 0
    examples: tuple[str, str] = ("", "")

    def count(self, cells: pa.Array) -> None:
        """Add the cells (n,) of text of one column."""
        cells = bare(cells)

        def of(expression: str, among: pa.Array) -> pa.Array:
            return pc.match_substring_regex(among, expression)

        for mark, other, name in ((",", r"\.", "comma"), (r"\.", ",", "point")):
            some = cells.filter(pc.match_substring(cells, "," if name == "comma" else "."))
            if not len(some):
                continue
            either = of(rf"{_SIGN}[1-9]\d{{0,2}}{mark}\d{{3}}$", some)
            grouping = of(
                rf"{_SIGN}[1-9]\d{{0,2}}({mark}\d{{3}}){{2,}}$|{_SIGN}[1-9]\d{{0,2}}({mark}\d{{3}})+{other}\d*$"
                rf"|{_SIGN}[1-9]\d?({mark}\d{{2}})+{mark}\d{{3}}({other}\d*)?$",
                some,
            )
            decimal = pc.and_not(
                of(rf"{_SIGN}(\d+|\d{{1,3}}({other}\d{{3}})+)?{mark}\d*{_EXPONENT}", some), pc.or_(either, grouping)
            )
            n_either = _count(either)
            setattr(self, name, getattr(self, name) + _count(decimal))
            setattr(self, f"grouping_{name}", getattr(self, f"grouping_{name}") + _count(grouping))
            setattr(self, f"either_{name}", getattr(self, f"either_{name}") + n_either)
            if n_either and not self.examples[name == "point"]:
                example = some.filter(either)[0].as_py()
                self.examples = (example, self.examples[1]) if name == "comma" else (self.examples[0], example)
        for name, sign in (("spaces", SPACES), ("apostrophes", _APOSTROPHES)):
            groups = rf"{_SIGN}[1-9]\d{{0,2}}({sign}\d{{3}})+"
            some = cells.filter(of(rf"{groups}([.,]\d*)?$", cells))
            if len(some):
                setattr(self, name, getattr(self, name) + len(some))
                self.comma += _count(pc.match_substring(some, ","))
                self.point += _count(pc.match_substring(some, "."))


@dataclass(frozen=True)
class Signs:
    """Which sign is which.

    Args:
        decimal, thousands: the signs; no thousands sign: "".
        reason: why, in a few words.
        confidence: in [0, 1]; at 0.5 the other reading is as likely.
        other: the other reading as (decimal, thousands), where there is one.
    """

    decimal: Decimal
    thousands: Thousands
    reason: str
    confidence: float
    other: tuple[Decimal, Thousands] | None = None


def tell_signs(marks: Marks, delimiter: str) -> Signs:
    """Which sign is the decimal one, from all cells of a file.

    Args:
        marks: counted over all of them.
        delimiter: between cells: where it is a comma, an undecided point is the decimal sign.
    """
    if marks.point and marks.comma:
        first: Decimal = "." if marks.point >= marks.comma else ","
        share = max(marks.point, marks.comma) / (marks.point + marks.comma)
        return Signs(
            first, "", f"{marks.point:,} cells have a decimal point, {marks.comma:,} a decimal comma", share,
            ("," if first == "." else ".", ""),
        )  # fmt: skip
    groups: Thousands = " " if marks.spaces else "'" if marks.apostrophes else ""
    if marks.comma or marks.grouping_point:
        points: Thousands = "." if marks.grouping_point or marks.either_point else groups
        why = f"{marks.comma:,} cells can only have a decimal comma" if marks.comma else "points group thousands"
        return Signs(",", points, why, 1.0)
    if marks.point or marks.grouping_comma:
        commas: Thousands = "," if marks.grouping_comma or marks.either_comma else groups
        why = f"{marks.point:,} cells can only have a decimal point" if marks.point else "commas group thousands"
        return Signs(".", commas, why, 1.0)
    if marks.either_comma and marks.either_point:
        return Signs(".", ",", "signs that can be read both ways", 0.5, (",", "."))
    if marks.either_point:
        example = marks.examples[1]
        return Signs(
            ",", ".", f"every point stands before three digits, as in {example}: it may group thousands", 0.5, (".", "")
        )
    if marks.either_comma:
        if delimiter == ",":
            return Signs(".", ",", f"commas inside quoted cells group thousands, as in {marks.examples[0]}", 0.95)
        example = marks.examples[0]
        return Signs(
            ",", "", f"every comma stands before three digits, as in {example}: it may group thousands", 0.5, (".", ",")
        )
    return Signs(".", groups, "no cell says otherwise" if not groups else "digits stand in groups", 1.0)


def is_missing(cells: pa.Array) -> pa.Array:
    """(n,) whether each trimmed cell of text holds nothing."""
    return pc.is_in(pc.utf8_lower(cells), value_set=pa.array(MISSING))


def to_numbers(cells: pa.Array, decimal: Decimal, thousands: Thousands) -> Float[np.ndarray, " n"]:
    """(n,) float64 of trimmed cells of text, NaN where one is missing or no number."""
    if decimal == "." and not thousands:
        try:
            values: np.ndarray = pc.cast(cells, pa.float64()).to_numpy(zero_copy_only=False)
        except pa.ArrowInvalid:
            pass
        else:
            return values
    cells = bare(cells)
    good = pc.match_substring_regex(cells, f"({pattern(decimal, thousands)})|({_INFINITE})")
    cells = pc.if_else(good, cells, pa.scalar(None, pa.string()))
    if thousands:
        cells = pc.replace_substring_regex(cells, _GROUPS[thousands], "")
    if decimal == ",":
        cells = pc.replace_substring(cells, ",", ".")
    return pc.cast(cells, pa.float64()).to_numpy(zero_copy_only=False)


def leading_zeros(cells: pa.Array) -> int:
    """How many cells of text are whole numbers with a zero before them, such as 007: they name something."""
    return _count(pc.match_substring_regex(cells, _LEADING_ZERO))


def number(cell: str, decimal: Decimal = ".", thousands: Thousands = "") -> float:
    """One cell as a number, NaN where it is none."""
    return float(to_numbers(pa.array([cell.strip()], pa.string()), decimal, thousands)[0])


def without(values: Float[np.ndarray, "*shape"], missing: Sequence[str]) -> Float[np.ndarray, "*shape"]:
    """Numbers, NaN where one is among those words that are said to hold nothing: -999 is -999.0, too."""
    known = [value for value in map(number, missing) if np.isfinite(value)]
    if not known:
        return values
    return np.where(np.isin(values, known), np.nan, values)


def joined(parts: Sequence[pa.Array]) -> pa.Array:
    """Pieces of a column as one."""
    return pa.concat_arrays([*parts]) if parts else pa.array([], pa.string())


def _count(mask: pa.Array) -> int:
    return int(pc.sum(mask).as_py() or 0)
