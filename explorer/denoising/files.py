"""Files of photos in, files without noise out, each with its figures; one bad file does not stop the others."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import numpy as np
from jaxtyping import Float

from explorer.checkpoints import Checkpoint
from explorer.core.errors import DataError, ExplorerError
from explorer.data.base import Progress
from explorer.data.folders import zip_files
from explorer.denoising.items import compare
from explorer.denoising.no_reference import NoReferenceQuality, no_reference_quality
from explorer.denoising.noise_level import estimate_noise
from explorer.denoising.photo import denoise_photo, denoiser_for, highest_level
from explorer.io.images import with_channels
from explorer.io.photo_files import Photo, read_photo, write_photo

Choose = Callable[[int], Checkpoint]
"""Number of channels -> the checkpoint for such photos."""


@dataclass(frozen=True)
class DenoisingSetting:
    """How photos are denoised.

    Args:
        sigma: noise level in units where white is 1; None: each photo's own, estimated.
        fast: as in ``denoise_photo``.
        scored: whether each result is assessed, which takes twice as long again.
    """

    sigma: float | None = None
    fast: bool = False
    scored: bool = True


@dataclass(frozen=True, eq=False)
class DenoisedFile:
    """One photo without noise.

    Args:
        name: of the file that was read.
        photo: as read.
        image: (C, H, W) float32, unclipped.
        figures: plain values by name, for tables and JSON; noise levels in grey levels of 255.
        evidence: what speaks for and against it, where that was asked for.
    """

    name: str
    photo: Photo
    image: Float[np.ndarray, "c h w"]
    figures: dict[str, Any]
    no_reference_quality: NoReferenceQuality | None = None

    @property
    def written_name(self) -> str:
        """The file's name with the ending of the format that the result is written in."""
        path = PurePosixPath(self.name)
        kept = path.suffix.lower().replace("jpeg", "jpg").replace("tiff", "tif") == self.photo.suffix
        return path.name if kept else f"{path.stem}{self.photo.suffix}"

    def file(self) -> bytes:
        """The result as a file with the size, depth and profile of the one that was read."""
        return write_photo(self.photo, self.image)


@dataclass(frozen=True)
class Failed:
    """A file that could not be denoised, and why."""

    name: str
    error: ExplorerError
    figures: dict[str, Any] = field(default_factory=dict)


def clean_file(
    choose: Choose,
    name: str,
    data: bytes,
    setting: DenoisingSetting = DenoisingSetting(),
    reference: bytes | None = None,
    progress: Progress | None = None,
) -> DenoisedFile:
    """Denoise one file.

    Args:
        choose: the checkpoint for so many channels, such as ``denoiser_for``.
        name: of the file, for errors.
        data: its bytes; they are not trusted.
        setting: how.
        reference: the file of the same picture without noise, if there is one.
        progress: as in ``denoise_photo``.

    Raises:
        DataError: the file cannot be read, the reference is of another size, or the model does not take such photos.
    """
    photo = read_photo(data, name)
    clean_picture = None if reference is None else _reference(reference, photo)
    checkpoint = choose(len(photo.image))
    start = time.perf_counter()
    sigma, noise = setting.sigma, None
    if sigma is None:
        noise = estimate_noise(photo.image)
        sigma = noise.value
    level: float = sigma

    def clean(y: np.ndarray, told: Progress | None = None) -> np.ndarray:
        return denoise_photo(checkpoint, y, level, told, fast=setting.fast)

    image = clean(photo.image, progress)
    figures: dict[str, Any] = {"sigma": 255 * level, "seconds": round(time.perf_counter() - start, 2)}
    quality = None
    if setting.scored:
        quality = no_reference_quality(clean, photo.image, image, level, highest_level(checkpoint))
        figures |= _quality_figures(quality)
    elif noise is not None:
        figures |= {"estimated_sigma_low": 255 * noise.low, "estimated_sigma_high": 255 * noise.high}
    if clean_picture is not None:
        figures |= _of_comparison(clean_picture, photo.image, image)
    if photo.notes:
        figures["notes"] = "; ".join(photo.notes)
    return DenoisedFile(name, photo, image, figures, quality)


def clean_files(
    choose: Choose,
    files: Iterable[tuple[str, Callable[[], bytes]]],
    setting: DenoisingSetting = DenoisingSetting(),
    progress: Progress | None = None,
) -> Iterator[DenoisedFile | Failed]:
    """Denoise files one by one, in order; a bad one is reported in its place and the others go on.

    Args:
        choose, setting, progress: as in ``clean_file``.
        files: names, and how to read each.
    """
    for name, read in files:
        try:
            yield clean_file(choose, name, read(), setting, progress=progress)
        except ExplorerError as error:
            yield Failed(name, error)
        except OSError as error:
            yield Failed(name, DataError(f"{name} cannot be read: {error.strerror}.", "Check the file."))


def files_of_zip(data: bytes, name: str) -> tuple[list[tuple[str, Callable[[], bytes]]], tuple[tuple[str, str], ...]]:
    """The photos in a zip, and (name, reason) of what else is in it; nothing is unpacked yet.

    Raises:
        DataError: no zip, or larger than the limits.
    """
    with zip_files(io.BytesIO(data), name, ()) as files:
        members, left_out = files.members, files.left_out

    def reader(wanted: str) -> Callable[[], bytes]:
        def read() -> bytes:
            with zip_files(io.BytesIO(data), name, ()) as files:
                return next(member.read() for member in files.members if member.name == wanted)

        return read

    return [(member.name, reader(member.name)) for member in members], left_out


def zip_of(results: Iterable[DenoisedFile | Failed]) -> bytes:
    """A zip of the results' files and of their figures as ``figures.csv``; failed ones have a row with the reason."""
    rows, out = [], io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:  # pictures are packed already
        taken = {"figures.csv"}
        for result in results:
            rows.append(row_of(result))
            if isinstance(result, DenoisedFile):
                name = _free(str(PurePosixPath(result.name).with_name(result.written_name)), taken)
                archive.writestr(name, result.file())
                rows[-1]["written"] = name
        archive.writestr("figures.csv", csv_of(rows), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def row_of(result: DenoisedFile | Failed) -> dict[str, Any]:
    """A result as one row of a table."""
    if isinstance(result, Failed):
        return {"file": result.name, "error": str(result.error)}
    return {"file": result.name, **result.figures}


def csv_of(rows: list[dict[str, Any]]) -> str:
    """Rows with different columns as one CSV table; what a row lacks is empty."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def choice_of(checkpoint: Checkpoint | None) -> Choose:
    """One checkpoint for all photos, or the shipped one for each kind where it is None."""
    return denoiser_for if checkpoint is None else lambda _: checkpoint


def _reference(data: bytes, photo: Photo) -> np.ndarray:
    reference = read_photo(data, "The reference").image
    if reference.shape[1:] != photo.image.shape[1:]:
        sizes = ["x".join(map(str, image.shape[:0:-1])) for image in (reference, photo.image)]
        raise DataError(f"The reference has {sizes[0]} pixels and the photo {sizes[1]}.", "Give the same picture.")
    if len(reference) == len(photo.image):
        return reference
    return with_channels(reference, len(photo.image))[0]


def _quality_figures(quality: NoReferenceQuality) -> dict[str, Any]:
    return {
        "estimated_sigma": 255 * quality.noise.value,
        "estimated_sigma_low": 255 * quality.noise.low,
        "estimated_sigma_high": 255 * quality.noise.high,
        "noise_left": 255 * quality.left,
        "expected_psnr": quality.psnr,
        "structure_removed": float(quality.structure.mean()),
        "self_supervised_error": 255 * quality.self_supervised,
        "verdict": quality.verdict,
        "reasons": " ".join(quality.reasons),
        "share_to_check": float(quality.regions.mean()),
    }


def _of_comparison(reference: np.ndarray, noisy: np.ndarray, image: np.ndarray) -> dict[str, float]:
    figures = compare(reference[None], noisy[None], image[None])
    return {name: float(getattr(figures, name)[0]) for name in vars(figures)}


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number where it is taken already."""
    path, number = PurePosixPath(name), 1
    while name in taken:
        number += 1
        name = str(path.with_name(f"{path.stem}-{number}{path.suffix}"))
    taken.add(name)
    return name
