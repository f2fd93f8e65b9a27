"""Which numbers are black and white, by how the numbers of a set are spread: whole ones, signed ones, floats."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from explorer.io.images.values import Values, few

DEPTHS = (8, 10, 12, 14, 16)
"""Bits that cameras, scanners and programs give a number."""
_WIDE_DEPTHS = (24, 31, 32)
_SEVERAL = 0.01
"""From this share of images on, those that go up to 1 are no exceptions among others."""
_FEW = 1e-5
"""So small a share of all numbers just above a usual white may be hot pixels, or the brightest of a deeper set."""
_LEAST_BYTES, _LEAST = 32, 64
"""8 bits of which all numbers are below these are asked about: in bytes, and in wider numbers."""
_SURE, _LIKELY, _OPEN = 0.95, 0.8, 0.5
_HOUNSFIELD = (-1024.0, 3071.0)


class Ends(NamedTuple):
    """Ends of a scale that were found, why, and how sure that is."""

    black: float
    white: float
    reason: str
    confidence: float
    other: tuple[float, float] | None = None
    """Black and white of the other reading, where it is about as likely."""


def find_ends(kind: str, values: Values) -> Ends:
    """Which numbers are black and white, by all numbers of one type.

    Args:
        kind: of the numbers, as ``decode.type_of`` calls it.
        values: at least one.
    """
    name, _, said = kind.partition(", white ")
    if said:
        return Ends(0.0, float(said), "the files say so", 1.0)
    if name == "bool":
        return Ends(0.0, 1.0, "true is white", 1.0)
    if name == "uint8":
        return _of_bytes(values)
    if name.startswith("float"):
        return of_one_scale(values, _of_floats(values))
    ends = _of_whole(values, np.iinfo(name).bits)
    return ends._replace(white=min(ends.white, float(np.iinfo(name).max)))  # of 16 bits, one may be the sign


def _of_bytes(values: Values) -> Ends:
    high = values.high
    if high == 1:
        return Ends(0.0, 1.0, "all numbers are 0 or 1", _LIKELY)
    if 1 < high < _LEAST_BYTES:
        return _either(255.0, high, f"8 bits go up to 255, the greatest number is {high:g}")
    return Ends(0.0, 255.0, "8 bits", 1.0)


def _either(white: float, other: float, reason: str) -> Ends:
    return Ends(0.0, white, reason, _OPEN, (0.0, other))


def _of_whole(values: Values, held: int) -> Ends:
    """The scale of whole numbers kept in so many bits."""
    if values.low < 0 and (signed := _of_signed(values)) is not None:
        return signed
    high, hot = values.usual_high()
    if values.high <= 0:
        return Ends(0.0, float(2 ** min(held, 16) - 1), "all numbers are 0", _SURE)
    if high <= 1 and not hot:
        return Ends(0.0, 1.0, "all numbers are 0 or 1", 0.9)
    if high < _LEAST:
        return _either(high, 255.0, f"the greatest number is {high:g}, far below that of any usual depth")
    bits = next((bits for bits in (*DEPTHS, *_WIDE_DEPTHS) if high <= 2**bits), 64)
    white = float(2**bits - 1)
    if bits > 16 and (bits == 64 or high < white / 2):
        return Ends(0.0, high, f"no usual depth ends near {high:g}, the greatest number", 0.65)
    if (spaced := _spaced(values.step, high, white)) is not None:
        return spaced
    if (decimal := decimal_white(high)) is not None:
        return _either(white, decimal, f"the greatest number is {high:g}")
    reason = f"the greatest number is {values.high:g}" if not hot else (
        f"all numbers but {hot:,} are below {high:.4g}; those, up to {values.high:g}, are cut"
    )  # fmt: skip
    shallower = [b for b in DEPTHS if b < bits]
    if shallower and not hot:
        beyond = values.above(shallower[-1])
        if beyond <= few(values.n, _FEW):
            fewer = 2 ** shallower[-1] - 1
            return _either(white, fewer, f"only {beyond:,} of {values.n:,} numbers are above {fewer}")
    return Ends(0.0, white, f"{reason}: {bits} bits", _LIKELY if hot else 0.85 if high < white else _SURE)


def _spaced(step: int, high: float, white: float) -> Ends | None:
    """The scale of numbers that are all multiples of one, such as 10 bits times 3; None where a usual white fits."""
    if step < 2 or high + step > white:
        return None
    base = high / step
    bits = next((bits for bits in DEPTHS if base <= 2**bits - 1), None)
    if bits is None or 1 < base < 16:
        return None
    top = step * (1.0 if base == 1 else float(2**bits - 1))
    if top >= white:
        return None
    words = "0 or 1" if base == 1 else f"{bits} bits"
    return Ends(0.0, top, f"all numbers are {words} times {step}", _LIKELY)


def decimal_white(high: float) -> float | None:
    """A white such as of per cent that the greatest number all but reaches; None: none."""
    return next((white for white in (100.0, 1000.0, 10_000.0) if 0.99 * white <= high <= white), None)


def _of_signed(values: Values) -> Ends | None:
    """The scale of numbers of which some are negative; None where these are so few and small that black is 0."""
    (low, cold), (high, hot) = values.usual_low(), values.usual_high()
    cut = f"; {cold + hot:,} outliers are cut" if cold + hot else ""
    if cut and _with_sign(low, high, 1, "") is None and _with_sign(values.low, values.high, 1, "") is not None:
        low, high, cut = values.low, values.high, ""  # a usual range with the outliers, and none without
    steps = [step for step in (1, values.step) if step]
    ends = [one for one in (_with_sign(low, high, step, cut) for step in steps) if one is not None]
    if ends:
        # All numbers may be multiples of one: that counts where it ends more than one such step before.
        return min(ends, key=lambda one: (one.white // max(1, values.step), one is not ends[0]))
    if -1100 <= low <= -900 and 300 < high <= _HOUNSFIELD[1]:
        return Ends(*_HOUNSFIELD, "numbers as of computed tomography, -1024 to 3071", 0.7)
    if high > 0 and values.negative <= 0.01 * values.n and -low <= 0.02 * high:
        return None
    return Ends(low, high, f"the range of all numbers{cut}", 0.65)


def _with_sign(low: float, high: float, step: int, cut: str) -> Ends | None:
    """The scale of so many bits with a sign, times a step, that numbers from low to high fill at both ends."""
    bits = next((b for b in (7, 8, 9, 10, 11, 12, 13, 15, 31) if max(-low, high) / step <= 2**b), None)
    if bits is None or low / step > -(2.0 ** (bits - 1)) or high / step < 2.0 ** (bits - 1) - 1:
        return None
    times = f" times {step}" if step > 1 else ""
    reason = f"numbers from {low:g} to {high:g}: {bits + 1} bits with a sign{times}{cut}"
    return Ends(-(2.0**bits) * step, (2.0**bits - 1) * step, reason, 0.85)


def of_one_scale(values: Values, ends: Ends) -> Ends:
    """What was found of floats, or a question where some images go up to 1 and others far beyond."""
    if ends.white < _LEAST or not max(1, _SEVERAL * values.images) <= values.unit_images < values.images:
        return ends
    reason = f"{values.unit_images:,} of {values.images:,} images go up to 1, others up to {values.high:.4g}"
    return _either(ends.white, 1.0, f"{reason}: no scale fits all, unless they are read apart")


def _of_floats(values: Values) -> Ends:
    low, (high, hot) = values.usual_low()[0], values.usual_high()
    if low < 0:
        return _of_floats_below_zero(values, low, high)
    if high <= 1:
        if 0 < high < 1 / 16 and not hot:
            return _either(1.0, high, f"the greatest number is {high:.4g}")
        cut = f"; {hot:,} outliers, up to {values.high:g}, are cut" if hot else ""
        return Ends(0.0, 1.0, f"numbers from {low:g} to {min(high, 1.0):g}{cut}", _LIKELY if hot else _SURE)
    if values.whole:
        return _of_whole(values, 32)
    if values.above(0) <= 1e-3 * values.n and high < 2:
        return Ends(0.0, 1.0, f"all numbers but {values.above(0):,} are at most 1; those are cut", 0.7)
    if high < _LEAST:
        return _either(high, 255.0, f"the greatest number is {high:.4g}, far below that of any usual depth")
    bits = next((bits for bits in DEPTHS if high <= 2**bits), None)
    if bits is None:
        return Ends(0.0, high, f"no usual depth ends near {high:.4g}, the greatest number", 0.65)
    if (decimal := decimal_white(high)) is not None:
        return _either(2.0**bits - 1, decimal, f"the greatest number is {high:.4g}")
    beyond = values.above(bits - 2) if bits > 8 else values.n
    if beyond <= few(values.n, _FEW):
        return _either(2.0**bits - 1, 2.0 ** (bits - 2) - 1, f"only {beyond:,} numbers are above {2 ** (bits - 2) - 1}")
    cut = f"; {hot:,} outliers are cut" if hot else ""
    return Ends(0.0, 2.0**bits - 1, f"numbers up to {values.high:.4g}: {bits} bits{cut}", 0.85 if bits == 8 else 0.75)


def _of_floats_below_zero(values: Values, low: float, high: float) -> Ends:
    share = values.negative / values.n
    if low >= -0.5 and high <= 0.5 and low < -0.25 and high > 0.25:
        return Ends(-0.5, 0.5, f"numbers from {low:.4g} to {high:.4g}", 0.75)
    if low >= -1 and high <= 1:
        if low < -0.25:
            return Ends(-1.0, 1.0, f"numbers from {low:.4g} to {high:.4g}", 0.9)
        if share <= 0.1:
            return Ends(0.0, 1.0, f"all but {share:.2%} of the numbers are from 0 to 1; those are cut", 0.7)
        return Ends(-1.0, 1.0, f"{share:.0%} of the numbers are negative", _OPEN, (0.0, 1.0))
    if high > 0 and share <= 0.01 and -low <= 0.02 * high:
        above = _of_whole(values, 32) if values.whole else _positive(values, high)
        return above._replace(reason=f"{above.reason}; {values.negative:,} small negative numbers are cut")
    if low > -0.5 and 0.5 < high < 1.5:
        reason = f"numbers from {low:.4g} to {high:.4g}: from 0 to 1 with noise, or a range of their own"
        return Ends(0.0, 1.0, reason, _OPEN, (low, high))
    return Ends(low, high, "the range of all numbers, which has no usual ends", 0.65)


def _positive(values: Values, high: float) -> Ends:
    if high < 2:
        return Ends(0.0, 1.0, f"numbers up to {high:.4g}", 0.7)
    bits = next((bits for bits in DEPTHS if high <= 2**bits), None)
    if bits is None or high < _LEAST:
        return Ends(0.0, high, f"no usual depth ends near {high:.4g}, the greatest number", 0.65)
    return Ends(0.0, 2.0**bits - 1, f"numbers up to {values.high:.4g}: {bits} bits", 0.7)
