"""Which sign stands between the cells of a text table, told from lines all over the file."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence

from explorer.io.findings import SURE
from explorer.io.tables.colons import Colons, find_colons
from explorer.io.tables.dialect import DELIMITERS, Asked, DialectFinding, Quote
from explorer.io.tables.one_column import UNCUT, OneNumber, one_number
from explorer.io.tables.records import SAMPLE_ROWS, holds_number, records

_USUAL = (",", ";", "\t", "|", " ")
"""Signs that are tried at once; a colon, which stands in times too, where none of them cuts."""
_MOST_NUMBERS = 0.5
"""Share of the columns that hold numbers, from which on what cuts these is no accident."""
_QUOTED = re.compile(r'(?<![^,;\t| ])"(?:[^"\\]|\\.|"")*"(?![^,;\t| ])')
_DOUBLED = {sign: re.compile(rf"(?<!{re.escape(sign)}){re.escape(sign)}(?!{re.escape(sign)})") for sign in ";|\t"}
"""Each of these where it stands alone: two of them that always stand together are another sign."""
_SIGNS_IN_CELLS = str.maketrans(dict.fromkeys(",;\t| ", "_"))
_UNITS = frozenset("%‰$€£¥₹")


def find_delimiter(
    body: Sequence[str], later: Sequence[str], said: str | None, quote: Quote, asked: bool
) -> tuple[str, DialectFinding]:
    """The sign between cells, and what was found about it.

    Args:
        body: the first lines of the table.
        later: lines from all over the rest.
        said: the sign, where it is known.
        quote: stands around cells.
        asked: a user said it, not the file.
    """
    if said:
        value, why = DELIMITERS.get(said, repr(said)), "as asked" if asked else "the file's first line says so"
        return said, DialectFinding(what="delimiter", value=value, reason=why, flag="--delimiter SIGN")
    bare, bare_later = (
        [_QUOTED.sub(_without_signs, line) if quote else line for line in part] for part in (body, later)
    )
    scores = {delimiter: _score(bare, bare_later, delimiter, quote) for delimiter in _USUAL}
    best = max(scores, key=lambda sign: scores[sign])
    better, is_sure = _better([*bare, *bare_later], [sign for sign in scores if scores[sign]], best, quote)
    if better is not None and is_sure:
        best, scores = better, {better: 1.0, **dict.fromkeys(scores.keys() - {better}, 0.0)}
    elif better is not None:
        scores[better] = scores[best]
    second = max((sign for sign in scores if sign != best), key=lambda sign: scores[sign])
    if ends := next((sign for sign in (";", "\t", "|") if _all_end_in([*body, *later], sign)), None):
        reason = "each row ends in it, and it stands nowhere else"
        return ends, DialectFinding(what="delimiter", value=DELIMITERS[ends], reason=reason, flag="--delimiter SIGN")
    if scores[best] == 0 and (colons := find_colons([*body, *later], lambda lines: records(lines, ":", quote))):
        return ":", _cut_or_not(colons)
    if scores[best] == 0:
        return ",", DialectFinding(
            what="delimiter", value="none", reason="each row is one cell", flag="--delimiter SIGN"
        )
    if (single := one_number(body[0], [*body[1:], *later], best)) is not None:
        return (UNCUT, _one_or_two(single, best)) if single.is_sure else (best, _one_or_two(single, best))
    confidence = min(1.0, 0.5 + scores[best] - scores[second]) if scores[second] else 1.0
    return best, DialectFinding(
        what="delimiter",
        value=DELIMITERS[best],
        reason="it cuts the rows into the same number of cells, with none of the other signs left in them",
        confidence=confidence,
        flag="--delimiter SIGN",
        readings=(Asked(delimiter=best), Asked(delimiter=second)) if confidence < SURE else (),
    )


def _cut_or_not(colons: Colons) -> DialectFinding:
    """That colons stand between cells, or may."""
    return DialectFinding(
        what="delimiter", value=DELIMITERS[":"], reason=colons.reason, confidence=0.9 if colons.is_sure else 0.5,
        flag="--delimiter SIGN" if colons.is_sure
        else "--delimiter colon to cut there, or --delimiter semicolon for one column",
        readings=() if colons.is_sure else (Asked(delimiter=":"), Asked(delimiter=UNCUT)),
    )  # fmt: skip


def _one_or_two(single: OneNumber, sign: str) -> DialectFinding:
    """That each line is one number, or may be two."""
    if single.is_sure:
        return DialectFinding(
            what="delimiter", value="none", reason=f"each row is one number: {single.reason}", confidence=0.9,
            flag=f"--delimiter {DELIMITERS[sign]}",
        )  # fmt: skip
    return DialectFinding(
        what="delimiter", value=DELIMITERS[sign], reason=single.reason, confidence=0.5,
        flag=f"--delimiter {DELIMITERS[sign]} for two columns, or --delimiter semicolon for one",
        readings=(Asked(delimiter=sign), Asked(delimiter=UNCUT)),
    )  # fmt: skip


def _all_end_in(lines: Sequence[str], sign: str) -> bool:
    """Whether a sign ends each line and stands nowhere else: a table of one column."""
    return all(line.rstrip(" ").endswith(sign) and line.count(sign) == 1 for line in lines)


def _without_signs(quoted: re.Match[str]) -> str:
    """A quoted cell in which no sign is left that could cut."""
    return quoted[0].translate(_SIGNS_IN_CELLS)


def _score(body: Sequence[str], later: Sequence[str], delimiter: str, quote: Quote) -> float:
    """How well a sign cuts lines into rows, in [0, 1]: the same number of cells in each, with no other sign in them."""
    rows = [row for row in [*records(body, delimiter, quote), *records(later[:SAMPLE_ROWS], delimiter, quote)] if row]
    if delimiter in _DOUBLED and not any(_DOUBLED[delimiter].search(line) for line in body):
        return 0.0
    widths = Counter(len(row) - (len(row) > 1 and not row[-1].strip()) for row in rows)
    width, n = max(widths.items(), key=lambda item: (item[1], item[0]))
    if width < 2:
        # A ragged or short table: the first row may still be cut.
        width, n = max(((w, k) for w, k in widths.items() if w > 1), default=(0, 0), key=lambda item: item[1])
        if n < 0.3 * len(rows):
            return 0.0
    others = [sign for sign in _USUAL if sign not in (delimiter, ",", " ")]
    cells = [cell for row in rows for cell in row]
    clean = sum(not any(sign in cell.strip() for sign in others) for cell in cells) / len(cells)
    if delimiter == ",":
        # "6,33;8,05": commas that are decimal signs leave the delimiter in what they cut.
        clean **= 2
    if delimiter in (" ", "\t"):
        # "1.5 ,a": a comma at a cell's edge is what cuts, and the spaces only pad.
        clean *= sum(not cell.startswith(",") and not cell.endswith(",") for cell in cells) / len(cells)
    if delimiter == " ":
        # Words are no columns; neither are the signs of units behind numbers.
        columns = list(zip(*(row for row in rows[1:] if len(row) == width), strict=True))
        if not any(_are_numbers(column) for column in columns) or any({*column} <= _UNITS for column in columns):
            return 0.0
    full = sum(1 for cell in cells if cell.strip()) / len(cells)
    return (n / len(rows)) ** 2 * clean * (0.5 * full if delimiter == " " else 1.0)


def _better(lines: Sequence[str], signs: Sequence[str], best: str, quote: Quote) -> tuple[str | None, bool]:
    """A sign that cuts all lines alike, where the best one stands within the cells of one column, and how sure that is.

    The best one then leaves no numbers, or does not cut the first line, which names the columns: ``tags,a`` above
    ``x|y,0.5``.
    """
    left = records(lines, best, quote)
    has_numbers = any(map(holds_number, itertools.chain(*left[1:])))
    for sign in signs:
        rows = [row for row in records(lines, sign, quote) if row]
        if sign == best or len({len(row) for row in rows}) != 1:
            continue
        share = sum(map(_are_numbers, zip(*rows[1:], strict=True))) / len(rows[0])
        if len(left[0]) == 1 and len(rows[0]) > 1:
            return sign, True
        if share and not has_numbers:
            return sign, share > _MOST_NUMBERS
    return None, False


def _are_numbers(cells: Sequence[str]) -> bool:
    return 2 * sum(map(holds_number, cells)) > len(cells)
