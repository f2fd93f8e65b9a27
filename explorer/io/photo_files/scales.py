"""Which stored value of photos stands for white: found over all of them; nothing is cut there, and black is 0."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from jaxtyping import Num

from explorer.core.errors import DataError
from explorer.io.images.asked import NOTHING_ASKED, ImageFinding, ImagesAsked
from explorer.io.images.decode import type_of
from explorer.io.images.scale import Scale, ScalesFound, find_scales
from explorer.io.images.values import Values

BITS = (8, 10, 12, 14, 15, 16, 24, 31, 32)
"""Bits a value that cameras, scanners and microscopes give, also in wider files."""
FLOAT_BITS = (0, *BITS)
"""Of floating-point values white is 1, or what so many bits reach: the first that most of the values stay below."""
_BEYOND = 0.01
"""Share of floating-point values that noise may take beyond twice white."""


def find_photo_scales(sets: Mapping[str, Values], asked: ImagesAsked = NOTHING_ASKED) -> ScalesFound:
    """What white is among the values of each type; black is 0 unless it is asked for.

    Bytes reach up to 255. Wider whole numbers are read as those of a set of images (``images.find_scales``), so that
    12-bit pictures in 16-bit files are not sixteen times too dark. Floating-point and signed values, which noise takes
    beyond white and below black, are judged by how far most of them go.

    Args:
        sets: the values by their type, of all photos together.
        asked: what was said.

    Raises:
        DataError: a white that is not finite or not above black.
    """
    scales, findings, remarks = {}, [], []
    for kind, values in sets.items():
        scale, finding, remark = _found(kind, values, asked)
        scales[kind] = scale
        findings.append(finding.model_copy(update={"what": f"white of {kind}"}) if len(sets) > 1 else finding)
        remarks += [remark] if remark else []
    return ScalesFound(scales, tuple(findings), tuple(remarks))


def add_photo(sets: dict[str, Values], values: Num[np.ndarray, "n c h w"], white: float | None) -> str:
    """Take the values of one photo into those of its type; the name of that type."""
    kind = type_of(values.dtype, white)
    sets.setdefault(kind, Values(is_float=kind.startswith("float"))).add(values, len(values))
    return kind


def _found(kind: str, values: Values, asked: ImagesAsked) -> tuple[Scale, ImageFinding, str]:
    black = asked.black or 0.0
    readings: tuple[ImagesAsked, ...] = ()
    if asked.white is not None:
        white, reason, remark = asked.white, "as asked", f"{asked.white:g} is white, as told"
        confidence = 1.0
    else:
        white, reason, confidence, readings = _white(kind, values)
        usual = 1 if kind.startswith("float") else _full(kind)
        others = [f", or it is {one.white:g}" for one in readings if one.white != white]
        remark = f"{white:g} is taken for white ({reason}{''.join(others)}; --white sets it)" if white != usual else ""
    if not (np.isfinite(white) and white > black):
        raise DataError(
            f"White cannot be {white:g} where black is {black:g}.", "Give the stored value that stands for white."
        )
    if asked.black is not None:
        remark = f"{remark}; {black:g} is black, as told".removeprefix("; ")
    scale = Scale(type=kind, black=black, white=white, images=values.images, low=values.low, high=values.high)
    flags = " or ".join(f"--white {one.white:g}" for one in readings) or "--white NUMBER"
    finding = ImageFinding(
        what="white", value=f"{white:g}", reason=reason, confidence=confidence, flag=flags, readings=readings
    )
    return scale, finding, remark


def _full(kind: str) -> float:
    """The greatest number of a type, or the white that its files state."""
    name, _, said = kind.partition(", white ")
    return float(said) if said else 1.0 if name == "bool" else float(np.iinfo(name).max)


def _white(kind: str, values: Values) -> tuple[float, str, float, tuple[ImagesAsked, ...]]:
    """White, why, how sure that is, and both readings where another is about as likely."""
    if kind.startswith("float"):
        beyond = _BEYOND * values.n
        bits = next((bits for bits in FLOAT_BITS if values.above(bits + 1) <= beyond), None)
        if bits is None:
            return values.high, "the greatest number", 0.65, ()
        white = max(1.0, 2.0**bits - 1)
        return white, f"{'most' if values.above(bits) else 'all'} numbers are below {white + 1:g}", 0.85, ()
    full = _full(kind)
    if ", white " in kind:
        return full, "the file says so", 1.0, ()
    if kind == "uint8" or values.high <= 0:
        return full, f"{kind.lstrip('uint')} bits", 1.0, ()
    if values.low < 0:
        white = min(full, next(2.0**bits - 1 for bits in (*BITS, 64) if values.high <= 2**bits - 1))
        return white, f"no value is above {values.high:g}", 0.85, ()
    scales = find_scales({kind: values})
    finding = scales.findings[0]
    return min(full, scales.scales[kind].white), finding.reason, finding.confidence, finding.readings
