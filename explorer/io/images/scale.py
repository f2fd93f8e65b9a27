"""Which numbers of a set of images are black and white: found from all of them, never from one image alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Shaped, UInt8
from pydantic import BaseModel, ConfigDict

from explorer.core.errors import DataError
from explorer.io.images.asked import ImageFinding, ImagesAsked
from explorer.io.images.depth import DEPTHS, Ends, find_ends
from explorer.io.images.values import Values


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
        findings.append(finding_of(ends, f" of {kind}" if len(sets) > 1 else ""))
    return ScalesFound(scales, tuple(findings), tuple(remarks))


def finding_of(ends: Ends, of_type: str) -> ImageFinding:
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
) -> Ends:
    if white is not None:
        remarks += _cut_as_asked(values, black or 0.0, white)
        return Ends(black or 0.0, white, "as asked", 1.0)
    known = next((scale for scale in learnt if scale.type == kind), None)
    own = Ends(0.0, 1.0, "there are no numbers", 1.0) if not values.n else find_ends(kind, values)
    if black is not None:
        own = own._replace(black=black, reason=f"black as asked; {own.reason}")
    elif known is None and learnt and not kind.startswith("uint8"):
        # The same numbers, kept in another type on the way.
        known = next((s for s in learnt if (s.black, s.white) != (0, 255) and _may_be_of(values, s)), None)
    if known is not None:
        remarks += _leaving(values, known)
        return Ends(known.black, known.white, "as of the images that were learnt from", 1.0)
    if learnt and (own.black, own.white) != (learnt[0].black, learnt[0].white):
        held = f"{values.images:,} image{'s hold' if values.images != 1 else ' holds'} {kind} numbers"
        remarks.append(
            f"{held}, read with white {own.white:g}, where the images that were learnt from hold {learnt[0].words}"
        )
    return own


def _cut_as_asked(values: Values, black: float, white: float) -> list[str]:
    """What there is to say of numbers outside a scale that was asked for."""
    if not values.n:
        return []
    beyond = [f"up to {values.high:g}, above the white {white:g}"] if values.high > white else []
    beyond += [f"down to {values.low:g}, below the black {black:g}"] if values.low < black else []
    return [f"numbers reach {' and '.join(beyond)} that was asked for, and are cut to it"] if beyond else []


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
