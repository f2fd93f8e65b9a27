"""A row of units below the names of the columns, such as ``-;°C;kg``: it is none of the rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

from explorer.io.tables.numbers import MISSING, MOSTLY

_PREFIX = "(?:da|[kKMGTPmµμunpfcdh])?"
_WITH_PREFIX = (
    "m|g|s|A|K|mol|cd|Hz|N|Pa|J|W|C|V|F|Ω|ohm|Ohm|S|Wb|T|H|lm|lx|Bq|Gy|Sv|L|l|eV|bar|B|b|bit|Byte|Wh|VA|VAr|var|Ah|"
    "cal|rad|sr|sec|t"
)
_ALONE = (
    "%|‰|°|º|[°º] ?[CFKEWNS]|deg(?:ree)?s?|deg ?[CFK]|[Cc]elsius|min|mins|minutes?|sec|secs|seconds?|h|hr|hrs|hours?|d|"
    "days?|weeks?|months?|yrs?|years?|a|Std|Stunden|Tage|Jahre|ft|in|inch|inches|yd|mi|miles?|mph|kmh|kn|knots|kt|lbs?|"
    "oz|psi|atm|mmHg|inHg|Torr|ppm|ppb|ppt|dBm?|dBA|rpm|counts?|cts|pcs|pieces|Stück|Stk|units?|x|px|pixels?|points?|"
    "USD|EUR|GBP|CHF|JPY|CNY|INR|AUD|CAD|SEK|NOK|DKK|PLN|CZK|BRL|[$€£¥₹]|1|a\\. ?u\\.|arb\\. ?units?|dimensionless|"
    "unitless|Grad|Gal|gal|gallons?|ha|acres?|people|persons|persons|RH|vol|NTU|IU|U|PSU|psu|km²|°dH"
)
_FACTOR = rf"(?:{_PREFIX}(?:{_WITH_PREFIX})|{_ALONE})(?:\^?[-\u2212]?[1-9]|[⁻⁺]?[¹²³⁴]|\*\*-?[1-9])?"
_UNIT = re.compile(rf"(?=.*[^\d. -]){_FACTOR}(?: ?[/*·⋅×. ] ?{_FACTOR}){{0,4}}")
_IN_BRACKETS = re.compile(r"\[([^\[\]]{0,24})\]|\(([^()]{0,24})\)")
_FORM_OF_DATES = re.compile(
    r"[yYmMdDhHsSjJtTzZ]{1,4}([-/.: T]?[yYmMdDhHsSjJtTzZ]{1,4}){1,6}|UTC|GMT|ISO ?8601", re.ASCII
)
_NONE = frozenset(["n/a", "none", "text", "string", "id", "name"])
"""What stands for a unit above cells that have none."""


def unit_of_cell(cell: str) -> str | None:
    """The unit that a trimmed cell names, empty where it says that there is none; None where it names no unit."""
    if bracketed := _IN_BRACKETS.fullmatch(cell):
        inside = (bracketed[1] or bracketed[2] or "").strip()
        return None if re.fullmatch(r"[\d.,+\- ]+", inside) and inside != "-" else "" if inside == "-" else inside
    if cell.lower() in MISSING or cell.lower() in _NONE or cell == "1":
        return ""
    return cell if _UNIT.fullmatch(cell) else None


def units_below(
    row: Sequence[str], others: Sequence[Sequence[str]], is_number: Sequence[float], asked: bool | None
) -> tuple[str, ...]:
    """The unit of each column, empty for one without; nothing where a row names no units.

    Args:
        row: the record below the first.
        others: some of the records below it, with as many cells.
        is_number: the share of cells of each column in these that are numbers.
        asked: whether it was said to name units.
    """
    cells = [cell.strip() for cell in row]
    units = [unit_of_cell(cell) for cell in cells]
    if asked:
        return tuple(cell if unit is None else unit for cell, unit in zip(cells, units, strict=True))
    numbers = [place for place, share in enumerate(is_number) if share >= MOSTLY]
    # One letter names a column as well, below a title of as many cells.
    is_told = any(units[place] and not (len(cells[place]) == 1 and cells[place].isalpha()) for place in numbers)
    if asked is False or not others or not is_told:
        return ()
    for place, (cell, unit) in enumerate(zip(cells, units, strict=True)):
        comes_again = unit != "" and any(other[place].strip() == cell for other in others)
        if comes_again or (unit is None and (place in numbers or not _FORM_OF_DATES.fullmatch(cell))):
            return ()
    return tuple(unit or "" for unit in units)
