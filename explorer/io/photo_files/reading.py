"""Photos read from their files: one by one, under a scale that is found over all that are given together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

import numpy as np

from explorer.core.errors import DataError
from explorer.io.images import MAX_BYTES, MAX_PIXELS
from explorer.io.images import SUFFIXES as FORMATS_OF_ENDINGS
from explorer.io.images.asked import NOTHING_ASKED, ImageFinding, ImagesAsked
from explorer.io.images.scale import Scale, ScalesFound
from explorer.io.images.tiff import is_tiff
from explorer.io.images.values import Values
from explorer.io.photo_files import pillow, tiff
from explorer.io.photo_files.contract import PhotoContract, of_all
from explorer.io.photo_files.photo import Photo, PhotoValues, StoredPhoto
from explorer.io.photo_files.scales import add_photo, find_photo_scales


def read_photo(
    data: bytes,
    name: str,
    max_pixels: int = MAX_PIXELS,
    max_bytes: int = MAX_BYTES,
    asked: ImagesAsked = NOTHING_ASKED,
    scales: Mapping[str, Scale] | None = None,
) -> Photo:
    """Read a photo of any mode and depth, with all pages or frames of one size.

    Args:
        data: the file; it is not trusted.
        name: of the file, for errors.
        max_pixels: limit of width times height times pages, checked before anything is decoded.
        max_bytes: limit of the file.
        asked: what was said of it: black, white, axes, pages.
        scales: found over all photos that are given together, by the type of their values; None: it is alone.

    Raises:
        DataError: too large, not an image, cut short or damaged, or with values that are not finite.
    """
    stored = _stored(data, name, max_pixels, max_bytes, asked)
    sets: dict[str, Values] = {}
    kind = add_photo(sets, stored.values, stored.white)
    own = find_photo_scales(sets, asked)
    scale, remarks, whites = own.scales[kind], own.remarks, own.findings
    if scales is not None and kind in scales and asked.white is None:
        shared, remarks = scales[kind], ()
        whites = (ImageFinding(what="white", value=f"{shared.white:g}", reason="found over all photos"),)
        if shared.white != scale.white:
            remarks = (
                f"{shared.white:g} is white, as found over all photos; of this one alone it would be {scale.white:g}",
            )
        scale = shared
    value = PhotoValues(stored.values.dtype.name, scale.white, scale.black)
    notes = (*stored.notes, *_digits(value), *remarks)
    contract = PhotoContract(
        files=1,
        pictures=len(stored.values),
        pages=asked.pages or "all",
        scales=(scale,),
        axes=stored.axes,
        left_out=stored.left_out,
        findings=(*whites, *stored.findings(asked)),
        remarks=notes,
    )
    return Photo(
        value.to_units(stored.values),
        value,
        stored.format,
        stored.kept,
        stored.profile,
        stored.options,
        notes,
        contract,
    )


def _stored(data: bytes, name: str, max_pixels: int, max_bytes: int, asked: ImagesAsked) -> StoredPhoto:
    stored = tiff.read(data, name, max_pixels, asked) if is_tiff(data) and len(data) <= max_bytes else None
    if stored is None:
        promised = FORMATS_OF_ENDINGS.get(PurePath(name).suffix.lower())
        stored = pillow.read(data, name, max_pixels, max_bytes, promised, asked)
        if stored.format == "TIFF" and is_tiff(data):
            stored = tiff.with_tags(stored, data, name)
    if not np.isfinite(stored.values).all():
        raise DataError(f"{name} holds values that are not finite.", "Replace them, or save it anew.")
    return stored


def _digits(value: PhotoValues) -> list[str]:
    many = np.dtype(value.dtype).itemsize > 4 or (not value.is_float and value.white > 2**24)
    return [f"values of {value.dtype} are worked on with seven digits"] if many else []


class PhotoSurvey:
    """Photos that are given together, looked at one by one: one white is found over all of them.

    Args:
        asked: what was said of them.
    """

    def __init__(self, asked: ImagesAsked = NOTHING_ASKED) -> None:
        self.asked = asked
        self._sets: dict[str, Values] = {}
        self._contracts: list[PhotoContract] = []

    def add(self, data: bytes, name: str) -> None:
        """Look at a photo.

        Raises:
            DataError: as ``read_photo``.
        """
        stored = _stored(data, name, MAX_PIXELS, MAX_BYTES, self.asked)
        add_photo(self._sets, stored.values, stored.white)
        self._contracts.append(
            PhotoContract(
                files=1,
                pictures=len(stored.values),
                pages=self.asked.pages or "all",
                scales=(),
                axes=stored.axes,
                left_out=stored.left_out,
                findings=stored.findings(self.asked),
            )
        )

    @property
    def scales(self) -> ScalesFound:
        """Of all photos so far.

        Raises:
            DataError: a white that is asked for and cannot be one.
        """
        return find_photo_scales(self._sets, self.asked)

    @property
    def shared(self) -> dict[str, Scale] | None:
        """The scales that the photos share, by the type of their values; None: there is one photo at most.

        Raises:
            DataError: as ``scales``.
        """
        return self.scales.scales if len(self._contracts) > 1 else None

    def contract(self) -> PhotoContract | None:
        """How all are read; None where none could be.

        Raises:
            DataError: axes are asked for, and no photo is a stack of planes.
        """
        if not self._contracts:
            return None
        contract = of_all(self._contracts, self.scales)
        if self.asked.axes is not None and contract.axes is None:
            raise DataError(
                f"--axes {self.asked.axes}: none of the photos is a stack of grey planes.", "Leave the flag out."
            )
        return contract
