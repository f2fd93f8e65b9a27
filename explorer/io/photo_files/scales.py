"""Which stored value of photos stands for white: found over all of them; nothing is cut there, and black is 0."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from jaxtyping import Num

from explorer.core.errors import DataError
from explorer.io.images.asked import NOTHING_ASKED, ImageFinding, ImagesAsked
from explorer.io.images.decode import type_of
from explorer.io.images.depth import Ends, decimal_white, find_ends, of_one_scale
from explorer.io.images.scale import Scale, ScalesFound, finding_of
from explorer.io.images.values import Values

BITS = (8, 10, 12, 14, 15, 16, 24, 31, 32)
"""Bits a value that cameras, scanners and microscopes give, also in wider files."""
FLOAT_BITS = (0, *(bits for bits in BITS if bits != 15))
"""Of floating-point values white is 1, or what so many bits reach: the first that most of the values stay below."""
_BEYOND, _ABOVE = 0.01, 0.05
"""Shares of floating-point values that noise may take beyond twice white, and above a white other than 1."""
_DIM, _LEAST = 1 / 16, 64
"""Floats below the first may be of a white of their own, not 1; of those up to the second none is usual."""
_DEEP_WHITES, _WHITE_OF_16 = (1023.0, 4095.0, 16383.0), 65535.0


def find_photo_scales(sets: Mapping[str, Values], asked: ImagesAsked = NOTHING_ASKED) -> ScalesFound:
    """What white is among the values of each type; black is 0 unless it is asked for.

    Bytes reach up to 255. Wider whole numbers are read as those of a set of images (``images.depth``), so that
    12-bit pictures in 16-bit files are not sixteen times too dark. Floating-point and signed values, which noise takes
    beyond white and below black, are told by how far most of them go.

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
    if asked.white is not None:
        ends = Ends(black, asked.white, "as asked", 1.0)
        remark = f"{asked.white:g} is white, as told"
    else:
        ends = _ends(kind, values)._replace(black=black)
        usual = 1 if kind.startswith("float") else _full(kind)
        other = "" if ends.other is None else f", or it is {ends.other[1]:g}"
        remark = f"{ends.white:g} is taken for white ({ends.reason}{other}; --white sets it)"
        remark = remark if ends.white != usual or other else ""
    if not (np.isfinite(ends.white) and ends.white > black):
        raise DataError(
            f"White cannot be {ends.white:g} where black is {black:g}.", "Give the stored value that stands for white."
        )
    if asked.black is not None:
        remark = f"{remark}; {black:g} is black, as told".removeprefix("; ")
    scale = Scale(type=kind, black=black, white=ends.white, images=values.images, low=values.low, high=values.high)
    return scale, finding_of(ends, "").model_copy(update={"what": "white", "value": f"{ends.white:g}"}), remark


def _full(kind: str) -> float:
    """The greatest number of a type, or the white that its files state."""
    name, _, said = kind.partition(", white ")
    return float(said) if said else 1.0 if name == "bool" else float(np.iinfo(name).max)


def _ends(kind: str, values: Values) -> Ends:
    """White and why, how sure that is, and the other reading where there is one about as likely; black is 0."""
    if kind.startswith("float"):
        return of_one_scale(values, _of_floats(values))
    full = _full(kind)
    if ", white " in kind:
        return Ends(0.0, full, "the file says so", 1.0)
    if kind == "uint8" or values.high <= 0:
        return Ends(0.0, full, f"{kind.lstrip('uint')} bits", 1.0)
    if values.low < 0:
        white = min(full, next(2.0**bits - 1 for bits in (*BITS, 64) if values.high <= 2**bits - 1))
        return Ends(0.0, white, f"no value is above {values.high:g}", 0.85)
    ends = find_ends(kind, values)
    ends = ends._replace(white=min(full, ends.white))
    if ends.white in _DEEP_WHITES and values.high < ends.white / 2 and ends.other is None:
        # Its highest bit is never used: as well a dark picture of all 16 bits.
        return ends._replace(
            confidence=0.5, other=(0.0, _WHITE_OF_16), reason=f"the greatest number is {values.high:g}"
        )
    return ends


def _of_floats(values: Values) -> Ends:
    beyond, high = _BEYOND * values.n, values.high
    bits = next((bits for bits in FLOAT_BITS if values.above(bits + 1) <= beyond), None)
    if bits is None:
        return Ends(0.0, high, "the greatest number", 0.65)
    white = max(1.0, 2.0**bits - 1)
    other = high if white == 1 and 0 < high < _DIM else decimal_white(high)
    if white > 1 and high < _LEAST:
        white, other = high, 255.0
    elif white > 1 and other is None and values.above(bits) > _ABOVE * values.n:
        other = 2.0 ** next((deeper for deeper in FLOAT_BITS if deeper > bits), 64) - 1
    if other is not None and other != white:
        return Ends(0.0, white, f"the greatest number is {high:.4g}", 0.5, (0.0, other))
    return Ends(0.0, white, f"{'most' if values.above(bits) else 'all'} numbers are below {white + 1:g}", 0.85)
