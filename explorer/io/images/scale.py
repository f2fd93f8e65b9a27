"""Which numbers of a set of images are black and white: found from all of them, never from one image alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Shaped, UInt8
from pydantic import BaseModel, ConfigDict

from explorer.core.errors import DataError
from explorer.io.images.asked import ImageFinding, ImagesAsked
from explorer.io.images.values import Values, few

DEPTHS = (8, 10, 12, 14, 16)
"""Bits that cameras, scanners and programs give a number."""
_WIDE_DEPTHS = (24, 31, 32)
_FEW = 1e-5
"""So small a share of all numbers just above a usual white may be hot pixels, or the brightest of a deeper set."""
_LEAST_BYTES, _LEAST = 32, 64
"""8 bits of which all numbers are below these are asked about: in bytes, and in wider numbers."""
_SURE, _LIKELY, _OPEN = 0.95, 0.8, 0.5
_HOUNSFIELD = (-1024.0, 3071.0)


class Scale(BaseModel):
    """Which numbers of one type are black and white.

    Args:
        type: of the numbers, as ``decode.type_of`` calls it.
        black, white: become 0 and 1; what lies outside is cut to them.
        images: how many have such numbers.
        low, high: the least and the greatest number among them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")

    type: str
    black: float = 0.0
    white: float
    images: int = 0
    low: float = 0.0
    high: float = 0.0

    @property
    def fits_bytes(self) -> bool:
        """Whether 8 bits hold every value: whole numbers from 0 to 255, or 0 and 1."""
        return self.black == 0 and self.white in (1, 255) and not self.type.startswith("float")

    @property
    def words(self) -> str:
        """In a few words, such as "12-bit in 16-bit numbers, white is 4095"."""
        ends = (
            f"white is {self.white:.6g}" if self.black == 0 else f"black is {self.black:.6g}, white is {self.white:.6g}"
        )
        name = self.type.partition(",")[0]
        if name == "uint8" and self.white == 255 and self.black == 0:
            return f"8-bit, {ends}"
        if name.startswith("float"):
            return f"floats, {ends}"
        held = "" if name == "bool" else f"{name.lstrip('uint')}-bit"
        bits = next((bits for bits in DEPTHS if self.black == 0 and self.white == 2**bits - 1), None)
        if self.black == 0 and self.white == 1:
            return f"0 and 1{f' in {held} numbers' if held else ''}, {ends}"
        if bits is None or f"{bits}-bit" == held:
            return f"{'signed ' * name.startswith('int')}{held}, {ends}"
        return f"{bits}-bit in {held} numbers, {ends}"

    def outside(self, x: Shaped[np.ndarray, "*shape"]) -> int:
        """How many numbers lie outside and are cut."""
        return int((x > self.white).sum() + (x < self.black).sum())

    def as_floats(self, x: Shaped[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
        """Numbers of this type as float32 in [0, 1]."""
        if (self.black, self.white) == (0, 1) and x.dtype == np.float32:
            return np.clip(x, 0, 1)
        scaled = (x.astype(np.float64) - self.black) / (self.white - self.black)
        return np.clip(scaled, 0, 1).astype(np.float32)

    def as_bytes(self, x: Shaped[np.ndarray, "*shape"]) -> UInt8[np.ndarray, "*shape"]:
        """Numbers of this type as uint8, where ``fits_bytes``."""
        if self.white == 1:
            return np.where(x > 0, np.uint8(255), np.uint8(0))
        return x if x.dtype == np.uint8 else np.clip(x, 0, 255).astype(np.uint8)


class Found(NamedTuple):
    """A scale that was found, why, and how sure that is."""

    black: float
    white: float
    reason: str
    confidence: float
    other: tuple[float, float] | None = None
    """Black and white of the other reading, where it is about as likely."""


class ScalesFound(NamedTuple):
    """The scales of a set by the type of its numbers, with their reasons, and remarks on what does not fit them."""

    scales: dict[str, Scale]
    findings: tuple[ImageFinding, ...]
    remarks: tuple[str, ...]


def find_scales(
    sets: Mapping[str, Values],
    white: float | None = None,
    black: float | None = None,
    learnt: Sequence[Scale] = (),
) -> ScalesFound:
    """The scale of each type of numbers in a set of images.

    Args:
        sets: the numbers by their type, all images together.
        white, black: as asked; None: found.
        learnt: the scales of the images that a model learnt from; new ones of the same type are read by them.

    Raises:
        DataError: white is not above black.
    """
    scales: dict[str, Scale] = {}
    findings: list[ImageFinding] = []
    remarks: list[str] = []
    for kind, values in sets.items():
        ends = _scale_of(kind, values, white, black, learnt, remarks)
        if not ends.white > ends.black:
            raise DataError(
                f"White {ends.white:g} is not above black {ends.black:g}.", "Say --white and --black together."
            )
        scales[kind] = Scale(
            type=kind,
            black=ends.black,
            white=ends.white,
            images=values.images,
            low=values.low if values.n else 0.0,
            high=values.high if values.n else 0.0,
        )
        findings.append(_finding(ends, f" of {kind}" if len(sets) > 1 else ""))
    return ScalesFound(scales, tuple(findings), tuple(remarks))


def _finding(ends: Found, of_type: str) -> ImageFinding:
    """What was found, for people."""
    readings = ((ends.black, ends.white), ends.other) if ends.other else ()
    return ImageFinding(
        what=f"black and white{of_type}" if ends.black else f"white{of_type}",
        value=f"{ends.black:g} to {ends.white:g}" if ends.black else f"{ends.white:g}",
        reason=ends.reason,
        confidence=ends.confidence,
        flag=" or ".join(map(_flags, readings))
        or ("--black NUMBER --white NUMBER" if ends.black else "--white NUMBER"),
        readings=tuple(ImagesAsked(black=black or None, white=white) for black, white in readings),
    )


def _flags(ends: tuple[float, float]) -> str:
    return f"--black {ends[0]:g} --white {ends[1]:g}" if ends[0] else f"--white {ends[1]:g}"


def _scale_of(
    kind: str, values: Values, white: float | None, black: float | None, learnt: Sequence[Scale], remarks: list[str]
) -> Found:
    if white is not None:
        return Found(black or 0.0, white, "as asked", 1.0)
    known = next((scale for scale in learnt if scale.type == kind), None)
    own = Found(0.0, 1.0, "there are no numbers", 1.0) if not values.n else _found(kind, values)
    if black is not None:
        own = own._replace(black=black, reason=f"black as asked; {own.reason}")
    elif known is None and learnt and not kind.startswith("uint8"):
        # The same numbers, kept in another type on the way.
        known = next((s for s in learnt if (s.black, s.white) != (0, 255) and _may_be_of(values, s)), None)
    if known is not None:
        remarks += _leaving(values, known)
        return Found(known.black, known.white, "as of the images that were learnt from", 1.0)
    if learnt and (own.black, own.white) != (learnt[0].black, learnt[0].white):
        remarks.append(
            f"{values.images:,} images hold {kind} numbers, read with white {own.white:g}, where the images that were"
            f" learnt from hold {learnt[0].words}"
        )
    return own


def _may_be_of(values: Values, scale: Scale) -> bool:
    span = scale.white - scale.black
    return scale.black <= values.low and scale.black + span / 16 < values.high <= scale.white + span / 16


def _leaving(values: Values, scale: Scale) -> list[str]:
    """What there is to say of numbers that are read by a scale which was learnt from others."""
    span = scale.white - scale.black
    remarks = []
    high, hot = values.usual_high()
    learnt = "that was learnt"
    if high > scale.white + 0.01 * span and not hot:
        remarks.append(
            f"numbers reach {values.high:g}, beyond the white {scale.white:g} {learnt}, and are cut to it:"
            " these are brighter images, or images of more bits (say --white)"
        )
    elif hot:
        remarks.append(f"{hot:,} numbers far above the others, up to {values.high:g}, are cut to the white {learnt}")
    if values.usual_low()[0] < scale.black - 0.01 * span:
        remarks.append(
            f"numbers go down to {values.low:g}, below the black {scale.black:g} {learnt}, and are cut to it"
        )
    if 0 < high - scale.black < span / 8 and scale.high - scale.black > span / 4:
        remarks.append(
            f"numbers reach {high:.4g} only, where the white {learnt} is {scale.white:g}:"
            " these are dim images, or images of fewer bits (say --white)"
        )
    return remarks


def _found(kind: str, values: Values) -> Found:
    name, _, said = kind.partition(", white ")
    if said:
        return Found(0.0, float(said), "the files say so", 1.0)
    if name == "bool":
        return Found(0.0, 1.0, "true is white", 1.0)
    if name == "uint8":
        return _of_bytes(values)
    if name.startswith("float"):
        return _of_floats(values)
    return _of_whole(values, np.iinfo(name).bits)


def _of_bytes(values: Values) -> Found:
    high = values.high
    if high == 1:
        return Found(0.0, 1.0, "all numbers are 0 or 1", _LIKELY)
    if 1 < high < _LEAST_BYTES:
        return _either(255.0, high, f"8 bits go up to 255, the greatest number is {high:g}")
    return Found(0.0, 255.0, "8 bits", 1.0)


def _either(white: float, other: float, reason: str) -> Found:
    return Found(0.0, white, reason, _OPEN, (0.0, other))


def _of_whole(values: Values, held: int) -> Found:
    """The scale of whole numbers kept in so many bits."""
    if values.low < 0 and (signed := _of_signed(values)) is not None:
        return signed
    high, hot = values.usual_high()
    if values.high <= 0:
        return Found(0.0, float(2 ** min(held, 16) - 1), "all numbers are 0", _SURE)
    if high <= 1 and not hot:
        return Found(0.0, 1.0, "all numbers are 0 or 1", 0.9)
    if high < _LEAST:
        return _either(high, 255.0, f"the greatest number is {high:g}, far below that of any usual depth")
    bits = next((bits for bits in (*DEPTHS, *_WIDE_DEPTHS) if high <= 2**bits), 64)
    white = float(2**bits - 1)
    if bits > 16 and (bits == 64 or high < white / 2):
        return Found(0.0, high, f"no usual depth ends near {high:g}, the greatest number", 0.65)
    if (spaced := _spaced(values.step, high, white)) is not None:
        return spaced
    if (decimal := _decimal(high)) is not None:
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
    return Found(0.0, white, f"{reason}: {bits} bits", _LIKELY if hot else 0.85 if high < white else _SURE)


def _spaced(step: int, high: float, white: float) -> Found | None:
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
    return Found(0.0, top, f"all numbers are {words} times {step}", _LIKELY)


def _decimal(high: float) -> float | None:
    """A white such as of per cent that the greatest number all but reaches; None: none."""
    return next((white for white in (100.0, 1000.0, 10_000.0) if 0.99 * white <= high <= white), None)


def _of_signed(values: Values) -> Found | None:
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
        return Found(*_HOUNSFIELD, "numbers as of computed tomography, -1024 to 3071", 0.7)
    if high > 0 and values.negative <= 0.01 * values.n and -low <= 0.02 * high:
        return None
    return Found(low, high, f"the range of all numbers{cut}", 0.65)


def _with_sign(low: float, high: float, step: int, cut: str) -> Found | None:
    """The scale of so many bits with a sign, times a step, that numbers from low to high fill at both ends."""
    bits = next((b for b in (7, 8, 9, 10, 11, 12, 13, 15, 31) if max(-low, high) / step <= 2**b), None)
    if bits is None or low / step > -(2.0 ** (bits - 1)) or high / step < 2.0 ** (bits - 1) - 1:
        return None
    times = f" times {step}" if step > 1 else ""
    reason = f"numbers from {low:g} to {high:g}: {bits + 1} bits with a sign{times}{cut}"
    return Found(-(2.0**bits) * step, (2.0**bits - 1) * step, reason, 0.85)


def _of_floats(values: Values) -> Found:
    low, (high, hot) = values.usual_low()[0], values.usual_high()
    if low < 0:
        return _of_floats_below_zero(values, low, high)
    if high <= 1:
        if 0 < high < 1 / 16 and not hot:
            return _either(1.0, high, f"the greatest number is {high:.4g}")
        cut = f"; {hot:,} outliers, up to {values.high:g}, are cut" if hot else ""
        return Found(0.0, 1.0, f"numbers from {low:g} to {min(high, 1.0):g}{cut}", _LIKELY if hot else _SURE)
    if values.whole:
        return _of_whole(values, 32)
    if values.above(0) <= 1e-3 * values.n and high < 2:
        return Found(0.0, 1.0, f"all numbers but {values.above(0):,} are at most 1; those are cut", 0.7)
    if high < _LEAST:
        return _either(high, 255.0, f"the greatest number is {high:.4g}, far below that of any usual depth")
    bits = next((bits for bits in DEPTHS if high <= 2**bits), None)
    if bits is None:
        return Found(0.0, high, f"no usual depth ends near {high:.4g}, the greatest number", 0.65)
    if (decimal := _decimal(high)) is not None:
        return _either(2.0**bits - 1, decimal, f"the greatest number is {high:.4g}")
    beyond = values.above(bits - 2) if bits > 8 else values.n
    if beyond <= few(values.n, _FEW):
        return _either(2.0**bits - 1, 2.0 ** (bits - 2) - 1, f"only {beyond:,} numbers are above {2 ** (bits - 2) - 1}")
    cut = f"; {hot:,} outliers are cut" if hot else ""
    return Found(0.0, 2.0**bits - 1, f"numbers up to {values.high:.4g}: {bits} bits{cut}", 0.85 if bits == 8 else 0.75)


def _of_floats_below_zero(values: Values, low: float, high: float) -> Found:
    share = values.negative / values.n
    if low >= -0.5 and high <= 0.5 and low < -0.25 and high > 0.25:
        return Found(-0.5, 0.5, f"numbers from {low:.4g} to {high:.4g}", 0.75)
    if low >= -1 and high <= 1:
        if low < -0.25:
            return Found(-1.0, 1.0, f"numbers from {low:.4g} to {high:.4g}", 0.9)
        if share <= 0.1:
            return Found(0.0, 1.0, f"all but {share:.2%} of the numbers are from 0 to 1; those are cut", 0.7)
        return Found(-1.0, 1.0, f"{share:.0%} of the numbers are negative", _OPEN, (0.0, 1.0))
    if high > 0 and share <= 0.01 and -low <= 0.02 * high:
        above = _of_whole(values, 32) if values.whole else _positive(values, high)
        return above._replace(reason=f"{above.reason}; {values.negative:,} small negative numbers are cut")
    if low > -0.5 and 0.5 < high < 1.5:
        reason = f"numbers from {low:.4g} to {high:.4g}: from 0 to 1 with noise, or a range of their own"
        return Found(0.0, 1.0, reason, _OPEN, (low, high))
    return Found(low, high, "the range of all numbers, which has no usual ends", 0.65)


def _positive(values: Values, high: float) -> Found:
    if high < 2:
        return Found(0.0, 1.0, f"numbers up to {high:.4g}", 0.7)
    bits = next((bits for bits in DEPTHS if high <= 2**bits), None)
    if bits is None or high < _LEAST:
        return Found(0.0, high, f"no usual depth ends near {high:.4g}, the greatest number", 0.65)
    return Found(0.0, 2.0**bits - 1, f"numbers up to {values.high:.4g}: {bits} bits", 0.7)
