"""Files of photos in, files without noise out, each with its figures; one bad file does not stop the others."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath
from typing import Any, Literal, get_args

import numpy as np
from jaxtyping import Float

from explorer.checkpoints import Checkpoint
from explorer.core.errors import DataError, ExplorerError
from explorer.data.base import Progress
from explorer.data.folders import zip_files
from explorer.denoising.items import compare
from explorer.denoising.no_reference import NoReferenceQuality, Verdict, no_reference_quality
from explorer.denoising.noise_level import NoisyPicture
from explorer.denoising.photo import denoise_photo, denoiser_for, highest_level
from explorer.denoising.poisson import photon_scale
from explorer.io.images import with_channels
from explorer.io.images.asked import NOTHING_ASKED, ImagesAsked
from explorer.io.images.scale import Scale
from explorer.io.photo_files import Photo, read_photo, write_photo

Choose = Callable[[int], Checkpoint]
"""Number of channels -> the checkpoint for such photos."""


@dataclass(frozen=True)
class DenoisingSetting:
    """How photos are denoised.

    Args:
        sigma: noise level in units where white is 1; None: each picture's own, estimated.
        fast: as in ``denoise_photo``.
        scored: whether each result is assessed, which takes twice as long again.
        peak: photons that white collects, for photon noise, in place of ``sigma``; ``AUTO``: each picture's own,
            estimated; None: the noise is the same everywhere.
        asked: what was said of how the photos are read.

    Raises:
        DataError: a level and a number of photons.
    """

    sigma: float | None = None
    fast: bool = False
    scored: bool = True
    peak: float | Literal["auto"] | None = None
    asked: ImagesAsked = NOTHING_ASKED

    def __post_init__(self) -> None:
        if self.peak is not None and (self.sigma is not None or self.fast):
            raise DataError("Photon noise has a number of photons in place of a level.", "Leave the level out.")


@dataclass(frozen=True, eq=False)
class DenoisedFile:
    """One photo, or a stack of them, without noise.

    Args:
        name: of the file that was read.
        photo: as read.
        images: (N, C, H, W) float32, unclipped.
        figures: plain values by name, for tables and JSON; noise levels in grey levels of 255. Of several pictures, the
            means, the PSNR of all, and the worst verdict.
        pages: the figures of each picture.
        qualities: what speaks for and against each, where that was asked for.
    """

    name: str
    photo: Photo
    images: Float[np.ndarray, "n c h w"]
    figures: dict[str, Any]
    pages: tuple[dict[str, Any], ...] = ()
    qualities: tuple[NoReferenceQuality, ...] = ()

    @property
    def written_name(self) -> str:
        """The file's name with the ending of the format that the result is written in."""
        path = PurePosixPath(self.name)
        kept = path.suffix.lower().replace("jpeg", "jpg").replace("tiff", "tif") == self.photo.suffix
        return path.name if kept else f"{path.stem}{self.photo.suffix}"

    def file(self) -> bytes:
        """The result as a file with the size, depth, pages and profile of the one that was read."""
        return write_photo(self.photo, self.images)


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
    scales: Mapping[str, Scale] | None = None,
) -> DenoisedFile:
    """Denoise one file.

    Args:
        choose: the checkpoint for so many channels, such as ``denoiser_for``.
        name: of the file, for errors.
        data: its bytes; they are not trusted.
        setting: how.
        reference: the file of the same picture without noise, if there is one.
        progress: as in ``denoise_photo``.
        scales: as in ``read_photo``, of all photos that are given together.

    Raises:
        DataError: the file cannot be read, the reference is of another size, or the model does not take such photos.
    """
    photo = read_photo(data, name, asked=setting.asked, scales=scales)
    clean_pictures = None if reference is None else _reference(reference, photo, setting.asked)
    checkpoint = choose(photo.images.shape[1])
    results: list[_Result] = []
    for number, noisy in enumerate(photo.images):

        def tell(share: float, words: str, number: int = number) -> None:
            if progress:
                picture = f"Picture {number + 1} of {len(photo)}: " if len(photo) > 1 else ""
                progress((number + share) / len(photo), f"{picture}{words}")

        result = _cleaned(checkpoint, noisy, setting, tell)
        if clean_pictures is not None:
            result.figures.update(compare(clean_pictures[number, None], noisy[None], result.image[None]).figures(0))
        results.append(result)
    pages = tuple(result.figures for result in results)
    figures = dict(pages[0]) if len(pages) == 1 else {"pages": len(pages), **_summary(pages)}
    if photo.notes:
        figures["notes"] = "; ".join(photo.notes)
    qualities = tuple(result.quality for result in results if result.quality is not None)
    return DenoisedFile(name, photo, np.stack([result.image for result in results]), figures, pages, qualities)


@dataclass(frozen=True, eq=False)
class _Result:
    """One picture without noise, with its figures and what speaks for and against it."""

    image: np.ndarray
    figures: dict[str, Any]
    quality: NoReferenceQuality | None


def _cleaned(checkpoint: Checkpoint, noisy: np.ndarray, setting: DenoisingSetting, progress: Progress) -> _Result:
    """A picture (C, H, W) without its noise: of one level, or made so for the model where it is photon noise."""
    start = time.perf_counter()
    scale = None if setting.peak is None else photon_scale(noisy, setting.peak)
    picture = NoisyPicture(noisy) if scale is None else scale.even(noisy)
    level = setting.sigma if scale is None else scale.sigma
    sigma = picture.noise.value if level is None else level
    clean = partial(denoise_photo, checkpoint, sigma=sigma, fast=setting.fast)
    cleaned = clean(picture.image, progress=progress)
    image = cleaned if scale is None else scale.back(cleaned)
    figures: dict[str, Any] = {} if scale is None else {"peak": scale.peak}
    figures |= {"sigma": 255 * sigma, "seconds": round(time.perf_counter() - start, 2)}
    quality = None
    if setting.scored:
        quality = no_reference_quality(clean, picture, cleaned, sigma, highest_level(checkpoint))
        if scale is not None:
            quality = quality.for_photo(scale.growth(image))
        figures |= quality.figures
    elif level is None:
        figures |= {"estimated_sigma_low": 255 * picture.noise.low, "estimated_sigma_high": 255 * picture.noise.high}
    return _Result(image, figures, quality)


def _summary(pages: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The figures of several pictures as those of one."""
    summary: dict[str, Any] = {}
    for name in pages[0]:
        values = [page[name] for page in pages]
        if name == "verdict":
            summary[name] = max(values, key=get_args(Verdict).index)
        elif name == "reasons":
            worst = [page[name] for page in pages if page["verdict"] == summary["verdict"]]
            summary[name] = " ".join(dict.fromkeys(worst))
        elif "psnr" in name:  # of the mean squared error over all of them
            summary[name] = -10 * float(np.log10(np.mean([10 ** (-value / 10) for value in values])))
        else:
            summary[name] = float(np.sum(values) if name == "seconds" else np.mean(values))
    return summary


def clean_files(
    choose: Choose,
    files: Iterable[tuple[str, Callable[[], bytes]]],
    setting: DenoisingSetting = DenoisingSetting(),
    progress: Progress | None = None,
    scales: Mapping[str, Scale] | None = None,
) -> Iterator[DenoisedFile | Failed]:
    """Denoise files one by one, in order; a bad one is reported in its place and the others go on.

    Args:
        choose, setting, progress, scales: as in ``clean_file``.
        files: names, and how to read each.
    """
    for name, read in files:
        try:
            yield clean_file(choose, name, read(), setting, progress=progress, scales=scales)
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


def _reference(data: bytes, photo: Photo, asked: ImagesAsked) -> np.ndarray:
    """(N, C, H, W) clean pictures; values of one kind mean the same in both files."""
    own = asked.model_copy(update={"white": None, "black": None})
    reference = read_photo(data, "The reference", asked=own)
    same = reference.scale.dtype == photo.scale.dtype
    images = reference.read_as(photo.scale) if same else reference.images
    if images.shape[2:] != photo.images.shape[2:]:
        sizes = ["x".join(map(str, x.shape[:1:-1])) for x in (images, photo.images)]
        raise DataError(f"The reference has {sizes[0]} pixels and the photo {sizes[1]}.", "Give the same picture.")
    if len(images) != len(photo):
        raise DataError(
            f"The reference has {len(images)} pictures and the photo {len(photo)}.", "Give the same number."
        )
    if images.shape[1] == photo.images.shape[1]:
        return images
    return np.stack([with_channels(image, photo.images.shape[1])[0] for image in images])


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number where it is taken already."""
    path, number = PurePosixPath(name), 1
    while name in taken:
        number += 1
        name = str(path.with_name(f"{path.stem}-{number}{path.suffix}"))
    taken.add(name)
    return name
