"""Cells of text and numbers as instants: the ways in which programs and people write dates and times."""

from __future__ import annotations

import re
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Float

from explorer.io.tables.columns import Cells
from explorer.io.tables.numbers import to_numbers

Order = Literal[
    "year first", "day first", "month first", "month by name", "yyyymmdd", "time of day", "seconds since 1970"
]
DAY = 86_400.0
_MONTHS = (
    "jan(?:uary|uar|vier|uari|eiro)?|jänner|enero?|gennaio",
    "feb(?:ruary|ruar|ruari|rero|braio)?|févr?(?:ier)?|fevereiro",
    "mar(?:ch|s|zo|ço)?|märz?|mrz|maart",
    "apr(?:il|ile)?|avr(?:il)?|abr(?:il)?",
    "ma[yi]|mayo|maggio|maio|mei",
    "june?|juni|juin|junio|giugno|junho",
    "july?|juli|juil(?:let)?|julio|luglio|julho",
    "aug(?:ust|ustus)?|août|agosto?",
    "sept?(?:ember|embre|iembre)?|settembre|setembro",
    "o[ck]t(?:ober|obre|ubre)?|ottobre|outubro",
    "nov(?:ember|embre|iembre|embro)?",
    "de[cz](?:ember|embro)?|déc(?:embre)?|dic(?:iembre|embre)?",
)
"""In English, German, French, Dutch, Spanish, Italian and Portuguese."""
_NAME = rf"(?:{'|'.join(_MONTHS)})\.?"
_WEEKDAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+"
_NTH = "(?:st|nd|rd|th)?"
_BEHIND = r"(?:\[[\w/+-]+\]|\s*\([\w ]+\))?"
"""A zone's name, which only repeats the offset before it."""
_ZONE = rf"(?P<zone>Z|UTC|GMT|(?:UTC|GMT)?[+-]\d{{2}}(?::?\d{{2}})?)?{_BEHIND}"
TIME = (
    r"(?i:(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?(?::(?P<second>\d{2}(?:[.,]\d+)?))?\s*(?P<half>[ap]\.?m\.?)?"
    rf"\s*{_ZONE}$)"
)
_REST = rf"(?:$|[T ,]+{TIME})"
_YEAR_FIRST = rf"^(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_REST}"
YEAR_LAST = rf"^(?P<first>\d{{1,2}})(?P<sign>[-/.])(?P<second_part>\d{{1,2}})[-/.](?P<year>\d{{4}}|\d{{2}}){_REST}"
_OFFSET = r"(?P<sign>[+-])(?P<hours>\d{2}):?(?P<minutes>\d{2})?$"
_COMPACT = r"^(\d{4})(\d{2})(\d{2})T(\d{2}):?(\d{2}):?(\d{2}(?:[.,]\d+)?)?"
_FORMS = (
    (rf"^(\d{{1,2}}){_NTH}[-/., ]*@(\d+)@[-/., ]*(\d{{4}}|\d{{2}})(?:$|[T:, ]+)", r"\1.\2.\3 "),  # 3-Jan-2024
    (r"^(\d{4})[-/., ]*@(\d+)@[-/., ]*(\d{1,2})(?:$|[T:, ]+)", r"\3.\2.\1 "),  # 2024-Jan-03
    (rf"^@(\d+)@[-/., ]*(\d{{1,2}}){_NTH}[-/., ]+(\d{{4}})(?:$|[T:, ]+)", r"\2.\1.\3 "),  # Jan 3, 2024
    (r"^@(\d+)@ +(\d{1,2}) +(\d{1,2}:.*) (\d{4})$", r"\2.\1.\4 \3"),  # Jan 3 10:00:00 2024
    (r"^@(\d+)@[-/., ]*(\d{4})$", r"1.\1.\2"),  # Jan 2024
    (r"^(\d{4})[-/., ]*@(\d+)@$", r"1.\2.\1"),  # 2024-Jan
)
"""Dates with a month by its name, as its number between two signs: how they are written with digits."""
_CLOCK = (
    r"(?:\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[ap]\.?m\.?)?|\d{1,2} ?[ap]\.?m\.?)"
    rf" ?(?:Z|UTC|GMT|(?:UTC|GMT)?[+-]\d{{2}}(?::?\d{{2}})?)?{_BEHIND}"
)
_DIGITS = r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))"
_NAMED = (
    rf"(?:\d{{1,2}}{_NTH}[-/., ]*{_NAME}[-/., ]*(?:\d{{4}}|\d{{2}})|\d{{4}}[-/., ]+{_NAME}[-/., ]+\d{{1,2}}"
    rf"|{_NAME}[-/., ]+\d{{1,2}}{_NTH}[-/., ]+\d{{4}})"
)
_DATE = re.compile(
    rf"^(?:{_DIGITS}(?:[T ,]+{_CLOCK})?|{_CLOCK}|\d{{8}}T\d{{4,6}}(?:Z|[+-]\d{{2}}:?\d{{2}})?"
    rf"|\d{{4}}[-/](?:0?[1-9]|1[0-2])|{_NAME}[-/., ]*\d{{4}}|\d{{4}}[-/., ]*{_NAME}|\d{{4}}[- ]?(?:W\d{{2}}|Q[1-4])"
    rf"|(?:{_WEEKDAY})?(?:{_NAMED}(?:[T:, ]+{_CLOCK})?|{_NAME} +\d{{1,2}} +{_CLOCK} +\d{{4}}))$",
    re.IGNORECASE,
)
PER_SECOND = ((2.2e9, 1.0), (2.2e12, 1e3), (2.2e15, 1e6), (2.2e18, 1e9))
"""Up to which number an instant is in seconds, milli-, micro- or nanoseconds since 1970, and how many a second has."""
UNITS = {1.0: "seconds", 1e3: "milliseconds", 1e6: "microseconds", 1e9: "nanoseconds"}


def is_date(cell: str) -> bool:
    """Whether a cell of text is a date, a time of day, or both."""
    return bool(_DATE.match(cell))


def unit_of(greatest: float) -> str:
    """What instants since 1970 are counted in, by the greatest of them."""
    return UNITS[next((per_second for limit, per_second in PER_SECOND if greatest <= limit), 1.0)]


def to_seconds(cells: Cells, order: Order) -> Float[np.ndarray, " n"]:
    """(n,) seconds since 1970 of cells, by the clock that they show; in UTC where a cell says how far that is ahead.

    NaN where one is no date.
    """
    if isinstance(cells, np.ndarray):
        return whole_days(cells) if order == "yyyymmdd" else _instants(cells)
    text = in_digits(pa.array(cells, pa.string()))
    if order in ("seconds since 1970", "yyyymmdd"):
        return to_seconds(to_numbers(text, ".", ""), order)
    if order == "time of day":
        return _time(pc.extract_regex(text, rf"^{TIME}")) % DAY
    if order == "year first":
        parts = pc.extract_regex(text, _YEAR_FIRST)
        year, month, day = (_whole(parts, part) for part in ("year", "month", "day"))
    else:
        parts = pc.extract_regex(text, YEAR_LAST)
        year, month, day = (_whole(parts, part) for part in ("year", "second_part", "first"))
        month, day = (day, month) if order == "month first" else (month, day)
        year = np.where(year < 69, year + 2000, np.where(year < 100, year + 1900, year))
    has_time = pc.not_equal(pc.struct_field(parts, "hour"), "").to_numpy(zero_copy_only=False) == True  # noqa: E712
    return _days(year, month, day) * DAY + np.where(has_time, _time(parts), 0.0)


def in_digits(text: pa.Array) -> pa.Array:
    """Cells (n,) with a month by its name as day.month.year, those as 20240103T1015 or 2024-01 with all their signs.

    A month without a day is its first. The others are as they are.
    """
    if pc.any(pc.match_substring_regex(text, _COMPACT)).as_py():
        text = pc.replace_substring_regex(text, _COMPACT, r"\1-\2-\3 \4:\5:\6")
        text = pc.replace_substring_regex(text, r"(:\d{2}):($|[Z+-])", r"\1:00\2")
    text = pc.replace_substring_regex(text, r"^(\d{4})[-/](\d{1,2})$", r"\1-\2-1")
    if not pc.any(pc.match_substring_regex(text, rf"(?i)(?:^|[^a-z]){_NAME}(?:[^a-z]|$)")).as_py():
        return text
    text = pc.replace_substring_regex(text, rf"(?i)^{_WEEKDAY}", "")
    for number, month in enumerate(_MONTHS, 1):
        text = pc.replace_substring_regex(text, rf"(?i)(^|[^a-z])(?:{month})\.?([^a-z]|$)", rf"\1@{number}@\2")
    for form, digits in _FORMS:
        text = pc.replace_substring_regex(text, form, digits)
    return pc.utf8_trim_whitespace(text)


def whole_days(values: Float[np.ndarray, " n"]) -> Float[np.ndarray, " n"]:
    """(n,) seconds since 1970 of days such as 20241231, also with a time behind them; NaN where one is none."""
    known = np.where(np.isfinite(values), values, 0)
    clock = np.where(known >= 1e13, known % 1e6, np.where(known >= 1e11, known % 1e4 * 100, 0))
    day = np.where(known >= 1e13, known // 1e6, np.where(known >= 1e11, known // 1e4, known))
    hour, minute, second = clock // 1e4, clock // 100 % 100, clock % 100
    seconds = _days(day // 10_000, day // 100 % 100, day % 100) * DAY + hour * 3600 + minute * 60 + second
    return np.where((known % 1 == 0) & (hour < 24) & (minute < 60) & (second < 61), seconds, np.nan)


def has_zone(cells: Cells) -> bool:
    """Whether some cells of text say how far their clock is ahead of UTC, or that it is UTC."""
    if isinstance(cells, np.ndarray):
        return False
    said = rf"(?i)\d:\d{{2}}.*?(?:Z|UTC|GMT|[+-]\d{{2}}(?::?\d{{2}})?){_BEHIND}$"
    return bool(pc.any(pc.match_substring_regex(in_digits(pa.array(cells, pa.string())), said)).as_py())


def _instants(values: np.ndarray) -> np.ndarray:
    finite = np.abs(values[np.isfinite(values)])
    most = float(finite.max()) if len(finite) else 0.0
    return values / next((per_second for limit, per_second in PER_SECOND if most <= limit), 1.0)


def _whole(parts: pa.StructArray, part: str) -> np.ndarray:
    """(n,) float64 of one part of dates, NaN where it is not there."""
    text = pc.replace_substring(pc.struct_field(parts, part), ",", ".")
    cells = pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    return pc.cast(cells, pa.float64()).to_numpy(zero_copy_only=False)


def _time(parts: pa.StructArray) -> np.ndarray:
    """(n,) seconds of the time of day, in UTC where its zone is said."""
    hour, minute, second = (_whole(parts, part) for part in ("hour", "minute", "second"))
    half = pc.replace_substring(pc.utf8_lower(pc.struct_field(parts, "half")), ".", "").to_numpy(zero_copy_only=False)
    minute = np.where(np.isnan(minute) & np.isin(half, ("am", "pm")), 0, minute)  # 3 PM
    hour = np.where(half == "pm", hour % 12 + 12, np.where(half == "am", hour % 12, hour))
    second = np.nan_to_num(second)
    seconds = hour * 3600 + minute * 60 + second
    return np.where((hour < 24) & (minute < 60) & (second < 61), seconds - _offset(parts), np.nan)


def _offset(parts: pa.StructArray) -> np.ndarray:
    """(n,) seconds that the clock of each cell is ahead of UTC; 0 where it does not say."""
    zone = pc.extract_regex(pc.fill_null(pc.struct_field(parts, "zone"), ""), _OFFSET)
    hours, minutes = (np.nan_to_num(_whole(zone, part)) for part in ("hours", "minutes"))
    is_behind = pc.fill_null(pc.equal(pc.struct_field(zone, "sign"), "-"), False).to_numpy(zero_copy_only=False)
    return np.where(is_behind, -1, 1) * (hours * 3600 + minutes * 60)


def _days(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    """(n,) days since 1970, NaN where there is no such day."""
    good = (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31) & (year >= 1) & (year <= 9999)
    y, m, d = (np.where(good, part, 1).astype(np.int64) for part in (year, month, day))
    months = (y - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (m - 1)
    days = months.astype("datetime64[D]") + (d - 1)
    good &= days.astype("datetime64[M]") == months
    return np.where(good, days.astype(np.int64).astype(np.float64), np.nan)
