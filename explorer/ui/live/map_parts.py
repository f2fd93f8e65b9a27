"""What a map of codes can show beside its points, and how each part travels to the browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from explorer.core.errors import ExplorerError

MAX_CODE_BYTES = 48 * 1024 * 1024
"""Of the items' codes, for decoding from the nearest; each visitor's browser gets them."""


@dataclass(frozen=True)
class Mark:
    """A ringed place on the map, such as the code of a user's own image.

    Args:
        x, y: in the map's units.
        label: beside the ring.
        ellipse: half axes of the place's own 1-sigma ellipse, in the map's units, and the angle of the first from the x
            axis in radians, anticlockwise. The ellipse of 2 sigma is drawn with it. None for a place without one.
    """

    x: float
    y: float
    label: str
    ellipse: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class SpriteSheet:
    """Thumbnails of all items in one picture, item i in row i // columns, column i % columns.

    Args:
        png: its bytes.
        columns: thumbnails in a row.
        width, height: of one thumbnail, in pixels.
    """

    png: bytes
    columns: int
    width: int
    height: int


@dataclass(frozen=True)
class Detail:
    """A number of every item, shown for the one under the pointer.

    Args:
        name: what it is.
        values: (N,); not a number where an item has none.
        unit: after the number.
    """

    name: str
    values: np.ndarray
    unit: str = ""


@dataclass(frozen=True)
class Underlay:
    """A picture under the points.

    Args:
        png: its bytes, the first row at the top.
        left, bottom, right, top: the edges of the place it fills, in the map's units.
    """

    png: bytes
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True)
class Contour:
    """Lines at one level of a surface over the map.

    Args:
        lines: each (m, 2), in the map's units.
        label: written on them; empty for none.
        dashed: drawn broken, to tell one surface from another.
    """

    lines: Sequence[np.ndarray]
    label: str = ""
    dashed: bool = False


@dataclass
class Parcel:
    """What goes to the browser: JSON values and named bytes."""

    header: dict[str, Any]
    sections: dict[str, bytes]

    def add_sprites(self, name: str, sheet: SpriteSheet | None) -> None:
        """Thumbnails; the browser finds their size under the same name in the header."""
        self.header[name] = sheet and {"columns": sheet.columns, "width": sheet.width, "height": sheet.height}
        if sheet:
            self.sections[name] = sheet.png

    def add_positions(self, name: str, positions: np.ndarray | None, n: int) -> None:
        """Positions of items, each once and in order; nothing at all for None.

        Raises:
            ExplorerError: one is not among the ``n`` items.
        """
        if positions is None:
            return
        unique = np.unique(np.asarray(positions, dtype=np.int64))
        if len(unique) and not 0 <= unique[0] <= unique[-1] < n:
            wrong = int(unique[0] if unique[0] < 0 else unique[-1])
            raise ExplorerError(f"The map has {n:,} items, but its {name} names item {wrong:,}.")
        self.sections[name] = unique.astype("<u4").tobytes()

    def add_details(self, details: Sequence[Detail], n: int) -> None:
        """Numbers of the items.

        Raises:
            ExplorerError: a detail has more or fewer values than there are items.
        """
        for detail in details:
            if np.shape(detail.values) != (n,):
                raise ExplorerError(
                    f"The map has {n:,} items, but {detail.name!r} has values of shape {np.shape(detail.values)}."
                )
        self.header["details"] = [{"name": detail.name, "unit": detail.unit} for detail in details]
        if details:
            self.sections["details"] = np.stack([detail.values for detail in details]).astype("<f4").tobytes()

    def add_underlay(self, underlay: Underlay | None) -> None:
        """The picture under the points.

        Raises:
            ExplorerError: its edges are not a rectangle.
        """
        if underlay is None:
            return
        left, bottom, right, top = edges = (underlay.left, underlay.bottom, underlay.right, underlay.top)
        if not (np.isfinite(edges).all() and left < right and bottom < top):
            raise ExplorerError(f"The picture under the map has the edges {edges}, which are not a rectangle.")
        self.header["underlay"] = [float(edge) for edge in edges]
        self.sections["underlay"] = underlay.png

    def add_contours(self, contours: Sequence[Contour]) -> None:
        """Lines over the points.

        Raises:
            ExplorerError: a line is no list of finite places.
        """
        lines = [np.asarray(line, dtype="<f4") for contour in contours for line in contour.lines]
        if any(line.ndim != 2 or line.shape[1] != 2 or not np.isfinite(line).all() for line in lines):
            raise ExplorerError("A contour's line needs two finite coordinates for each of its places.")
        self.header["contours"] = [
            {"label": c.label, "dashed": c.dashed, "lengths": [len(line) for line in c.lines]} for c in contours
        ]
        if lines:
            self.sections["contours"] = np.concatenate(lines).tobytes()

    def add_codes(self, codes: np.ndarray | None, n: int) -> None:
        """Codes of the items, from which the browser makes the code of a place.

        Raises:
            ExplorerError: more or fewer codes than items, or too many numbers to send.
        """
        if codes is None:
            return
        if codes.ndim != 2 or len(codes) != n:
            raise ExplorerError(f"The map has {n:,} items, but codes of shape {codes.shape}.")
        if 4 * codes.size > MAX_CODE_BYTES:
            raise ExplorerError(
                f"The codes of {n:,} items take {4 * codes.size / 2**20:,.0f} MiB; "
                f"live decoding stops at {MAX_CODE_BYTES // 2**20} MiB.",
                "Show fewer items.",
            )
        self.header["code_size"] = codes.shape[1]
        self.sections["codes"] = np.ascontiguousarray(codes, dtype="<f4").tobytes()

    def add_drop(self, drop: tuple[np.ndarray, np.ndarray] | None) -> None:
        """The linear way from a code to its place.

        Raises:
            ExplorerError: origin and matrix do not fit together.
        """
        if drop is None:
            return
        origin, matrix = (np.asarray(part, dtype=np.float64) for part in drop)
        if origin.ndim != 1 or matrix.shape != (len(origin), 2):
            raise ExplorerError(f"A code of shape {origin.shape} has no place under a matrix of shape {matrix.shape}.")
        self.header["drop"] = {"origin": origin.tolist(), "matrix": matrix.tolist()}

    def add_marks(self, marks: Sequence[Mark]) -> None:
        """Ringed places."""
        self.header["marks"] = [asdict(mark) for mark in marks]


def positions_from_bits(report: Mapping[str, Any], n: int) -> np.ndarray | None:
    """Positions that the browser reported as one bit an item; None where the report is about another number of items.

    Args:
        report: ``bits``, hexadecimal, item i in byte i // 8 at bit i % 8 from the lowest; ``n``, the number of items.
        n: items on the map.
    """
    if report["n"] != n:
        return None
    packed = np.frombuffer(bytes.fromhex(report["bits"]), np.uint8)
    return np.flatnonzero(np.unpackbits(packed, bitorder="little")[:n])
