"""Numbers that are written otherwise than 1234.5: with a unit, in brackets for minus, as Fortran or a spreadsheet does.

A cell is brought to the plain form here; which sign is the decimal one and which groups digits is told in ``numbers``.
"""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc

SPACES = "[ \u00a0\u2007\u2009\u202f]"
_MINUS = "[\u2212\uff0d\ufe63]"
"""Minus signs of typesetting, for which most programs write a hyphen."""
_DIGITS = {
    chr(start + digit): str(digit) for start in (0xFF10, 0x660, 0x6F0, 0x966) for digit in range(10)
} | {"\uff0e": ".", "\uff0c": ",", "\u066b": ".", "\u066c": "'"}  # fmt: skip
"""Digits of full width, Arabic, Persian and Devanagari ones, and the signs between them."""
_FOREIGN = "[\uff10-\uff19\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]"
_SIGNS_OF_UNITS = "[%‰$€£¥₹]"
_CURRENCIES = r"(?:USD|EUR|GBP|CHF|JPY|CNY|INR|AUD|CAD|SEK|NOK|DKK|PLN|CZK|BRL|US\$|R\$|Rs\.?)"
_TIGHT = (
    "kg|mg|µg|μg|ug|g|t|km|cm|mm|µm|μm|nm|m|km/h|kmh|m/s|mph|rpm|min|ms|s|h|d|Hz|kHz|MHz|GHz|kV|mV|V|mA|A|kW|MW|kWh|W|"
    "kPa|hPa|MPa|Pa|bar|mbar|psi|°C|°F|°|K|k|M|px|L|l|ml|mL|kJ|J|kN|N|ppm|ppb|dB|lb|lbs|oz|ft|in|mi|B|kB|KB|MB|GB|TB|x|"
    "m2|m3|m²|m³|cm²|cm³|mol|mmol|mg/dL|mg/l|mg/L|µg/m³"
)
"""Units that may stand right behind a number; other words need a space between."""
_WORD = r"[\pL°µ][\pL°²³µ/·*^%0-9-]{0,11}"
_NUMBER = rf"(?:[.,]?\d(?:[\d.,'\x{{2019}}]|{SPACES}\d)*(?:[eE][+-]?\d+)?)"
_BEHIND = rf"^(?P<number>[+-]?{_NUMBER})(?:(?P<tight>{_TIGHT})|{SPACES}(?P<word>{_WORD}|{_CURRENCIES}))$"
_BEFORE = rf"^(?P<before>{_CURRENCIES}){SPACES}?(?P<number>[+-]?{_NUMBER})$"
_SIGN_OF_UNIT = (
    f"^{_SIGNS_OF_UNITS}{SPACES}?|{SPACES}?{_SIGNS_OF_UNITS}$|^([+-]){SPACES}?{_SIGNS_OF_UNITS}{SPACES}?"
    f"|^{_SIGNS_OF_UNITS}{SPACES}?([+-])"
)
_NO_UNITS = frozenset(
    [
        "am",
        "pm",
        "uhr",
        "jan",
        "feb",
        "mar",
        "apr",
        "may",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "januar",
        "februar",
        "märz",
        "mai",
        "juni",
        "juli",
        "oktober",
        "dezember",
        "bc",
        "ad",
        "ce",
        "th",
        "st",
        "nd",
        "rd",
        "or",
        "and",
        "to",
        "of",
        "und",
        "oder",
        "bis",
        "et",
        "ou",
    ]
)
"""Words behind a number that make a date, a time or a range of it."""
_AMONG = 0.5
"""Share of the cells with digits from which on a word behind them is a unit, not a remark to some of them."""
_CELLS = (
    (r"^=?\"(.*)\"$", r"\1"),  # as a spreadsheet writes what is not to be changed
    (r"^'(.*)'$", r"\1"),
    (r"^'([+-]?[\d.,].*)$", r"\1"),
    (rf"^[\x{{2013}}\x{{2014}}]{SPACES}?([.,]?\d)", r"-\1"),
    (rf"^([+-]){SPACES}([.,]?\d)", r"\1\2"),
    (
        rf"^({_SIGNS_OF_UNITS}?)\({SPACES}?({_SIGNS_OF_UNITS}?{SPACES}?{_NUMBER}{SPACES}?{_SIGNS_OF_UNITS}?)\)$",
        r"-\1\2",
    ),
    (rf"^({_NUMBER})-$", r"-\1"),
    (r"^([+-]?(?:\d+[.,]\d*|[.,]\d+))[dDqQ]([+-]?\d{1,3})$", r"\1e\2"),
    (r"^([+-]?\d?[.,]\d{4,})([+-][123]\d\d)$", r"\1e\2"),
)
"""Other ways to write a number -> the usual one: quotes, minus signs, brackets for minus, exponents of Fortran."""
_LIKE_A_NAME = r"^\d+[eE]\d+$|^\+\d{7,}$"
"""12E5 and +4930123456 may be codes and phone numbers."""
_OTHERWISE = "|".join(f"(?:{expression})" for expression, _ in _CELLS) + f"|{_FOREIGN}|{_LIKE_A_NAME}"


def bare(cells: pa.Array) -> pa.Array:
    """(n,) trimmed cells of text in the usual form, numbers without their units (12 %, $5, 3 kg)."""
    plain = usual(cells)
    if not _any(plain, r"\d"):
        return plain
    if _any(plain, _SIGNS_OF_UNITS):
        plain = pc.replace_substring_regex(plain, _SIGN_OF_UNIT, r"\1\2")
    parts = _parts(plain)
    if parts is None:
        return plain
    return pc.if_else(parts[0].is_valid(), parts[0], plain)


def usual(cells: pa.Array) -> pa.Array:
    """(n,) trimmed cells of text, each number with plain digits, a hyphen for minus and e before its exponent."""
    if _any(cells, _MINUS):
        cells = pc.replace_substring_regex(cells, _MINUS, "-")
    if _any(cells, _FOREIGN):
        for sign, digit in _DIGITS.items():
            cells = pc.replace_substring(cells, sign, digit)
    if _any(cells, r"\d[dDqQ+-]|^[('\"=\x{2013}\x{2014}$€£]|^[+-]\s"):
        for expression, form in _CELLS:
            cells = pc.replace_substring_regex(cells, expression, form)
    return cells


def units(cells: pa.Array) -> Counter[str]:
    """The units of cells of text that are numbers, each with how many have it; "" of those that have none."""
    plain = usual(cells)
    signs = pc.struct_field(pc.extract_regex(plain, f"(?P<sign>{_SIGNS_OF_UNITS})"), [0])
    parts = _parts(pc.replace_substring_regex(plain, _SIGN_OF_UNIT, r"\1\2"))
    named = signs if parts is None else pc.coalesce(signs, parts[1])
    counted = pc.value_counts(pc.fill_null(named, "")).to_pylist()
    return Counter({count["values"]: count["counts"] for count in counted})


def is_sign(unit: str) -> bool:
    """Whether a unit, or that there is none, is a sign such as %, no word."""
    return not unit or unit in _SIGNS_OF_UNITS


def with_signs(cells: pa.Array) -> pa.Array:
    """Those among cells of text, no numbers, that are made of digits and signs alone, as ~5, 3±1 and 1:20 are."""
    return cells.filter(pc.match_substring_regex(cells, r"^[^\pL]*\d[^\pL]*$"))


def first_otherwise(cells: pa.Array) -> int:
    """Where the first of some cells of text, numbers all, stands that is written in another than the usual way; -1."""
    return int(pc.index(pc.match_substring_regex(cells, _OTHERWISE), True).as_py())


def first_version(cells: pa.Array) -> str:
    """Among cells of text, numbers all, the first that ends in a zero where others have fewer decimals; else empty.

    As a number 1.10 is 1.1, and below 1.9; as a version it is neither.
    """
    decimals = cells.filter(pc.match_substring_regex(cells, r"^\d{1,3}\.\d{1,3}$"))
    if not len(decimals):
        return ""
    places = pc.subtract(pc.utf8_length(decimals), pc.find_substring(decimals, "."))
    longer = pc.and_(pc.greater(places, pc.min(places)), pc.ends_with(decimals, "0"))
    place = pc.index(longer, True).as_py()
    return "" if place < 0 else str(decimals[place].as_py())


def may_name(cells: pa.Array) -> bool:
    """Whether some of the cells of text, numbers all, have a form that codes have, too."""
    return _any(cells, _LIKE_A_NAME)


def _parts(cells: pa.Array) -> tuple[pa.Array, pa.Array] | None:
    """The number and the unit of each cell of text that is both, null of others; None where few are."""
    if not _any(cells, rf"\d{SPACES}?[\pL°]|^[A-Z][A-Zs$]"):
        return None
    behind, before = pc.extract_regex(cells, _BEHIND), pc.extract_regex(cells, _BEFORE)
    tight, word = (pc.struct_field(behind, name) for name in ("tight", "word"))
    unit = pc.if_else(pc.equal(pc.fill_null(tight, ""), ""), word, tight)
    is_unit = pc.fill_null(pc.invert(pc.is_in(pc.utf8_lower(unit), value_set=pa.array(sorted(_NO_UNITS)))), False)
    unit = pc.if_else(is_unit, unit, pa.scalar(None, pa.string()))
    number = pc.if_else(unit.is_valid(), pc.struct_field(behind, "number"), pa.scalar(None, pa.string()))
    unit = pc.coalesce(unit, pc.struct_field(before, "before"))
    number = pc.coalesce(number, pc.struct_field(before, "number"))
    with_digits = pc.sum(pc.match_substring_regex(cells, r"\d")).as_py() or 0
    if len(number) - number.null_count < _AMONG * with_digits:
        return None
    return number, unit


def _any(cells: pa.Array, expression: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(cells, expression)).as_py())
