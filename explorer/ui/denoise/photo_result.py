"""The chosen photo, cleaned: a part of it at once, the whole of a large one in the background."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePath

import numpy as np
import streamlit as st
from jaxtyping import Num

from explorer import denoising
from explorer.checkpoints import Checkpoint
from explorer.data.base import Progress
from explorer.io import images
from explorer.io.photo_files import Photo, write_photo
from explorer.ui.denoise.photo_source import ChosenPhoto
from explorer.ui.denoise.settings import DenoisingTask
from explorer.ui.shell.cache import Keyed, cached, key_of
from explorer.ui.shell.jobs import Job, jobs

AT_ONCE = 400_000
"""Pixels of a photo that is cleaned whole while the page waits; of a larger one, a part."""
PART = 512
"""Side of that part."""
SHOWN = 16_000_000
"""Pixels that the browser gets of one picture; a larger one is shown smaller, and its parts as they are.

Three lossless pictures of a noisy colour photo of 12 megapixels are 54 MB on the way and 0.5 GB in the browser."""
ENCODING_SHARE = 0.05
"""Of a job: writing the file at its end."""
Region = tuple[int, int, int, int]
"""Top, left, height and width, in pixels."""


@dataclass(frozen=True, eq=False)
class DenoisedPhoto(Keyed):
    """A photo or a part of it, before and after; (C, H, W) each, white is 1.

    Args:
        clean: None where it is not known.
        seconds: that the model took.
        region: of the photo.
        step: pixels of the photo that are one here, each way.
        key: differs for different pictures.
    """

    noisy: Num[np.ndarray, "c h w"]
    denoised: Num[np.ndarray, "c h w"]
    clean: Num[np.ndarray, "c h w"] | None
    seconds: float
    region: Region
    step: int
    key: str

    @property
    def pixels(self) -> int:
        """Of the photo, in its region."""
        return self.region[2] * self.region[3]

    @property
    def is_large(self) -> bool:
        """Whether more is shown than can be worked on while the page waits."""
        return self.pixels > AT_ONCE

    @property
    def seconds_a_megapixel(self) -> float:
        return self.seconds / (self.pixels / 1e6)


@dataclass(frozen=True, eq=False)
class Whole:
    """A whole photo, cleaned.

    Args:
        image: (C, H, W) float32, not clipped; of a stack, the chosen page.
        seconds: that the model took.
        file: like the one that the photo came from, with all its pages.
    """

    image: Num[np.ndarray, "c h w"]
    seconds: float
    file: bytes


def is_large(source: ChosenPhoto) -> bool:
    """Whether the whole photo takes too long to wait for."""
    return source.photo.image.shape[1] * source.photo.image.shape[2] > AT_ONCE


def choose_region(source: ChosenPhoto) -> Region:
    """The part to show; of a small photo, all of it, without controls."""
    _, height, width = source.photo.image.shape
    if not is_large(source):
        return 0, 0, height, width
    with st.popover("Part of the photo"):
        down, across = (
            st.slider(f"{word}, %", 0, 100, 50, key=f"part_{name}", bind="query-params")
            for name, word in (("down", "Down"), ("across", "Across"))
        )
    rows, columns = min(PART, height), min(PART, width)
    return (height - rows) * down // 100, (width - columns) * across // 100, rows, columns


def cleaned_part(checkpoint: Checkpoint, asked: DenoisingTask, region: Region) -> DenoisedPhoto:
    """A part of the photo, cleaned while the page waits; once for each question."""
    denoised, seconds = _part(checkpoint, asked, region)
    return _cut(asked, denoised, region, seconds, key_of(checkpoint, asked, region))


def part_of(whole: Whole, asked: DenoisingTask, region: Region, key: str) -> DenoisedPhoto:
    """A part of a photo that was cleaned whole."""
    denoised = whole.image[_slices(region)]
    return _cut(asked, denoised, region, whole.seconds * denoised.size / whole.image.size, f"{key}|{region}")


def all_of(whole: Whole, asked: DenoisingTask, key: str) -> DenoisedPhoto:
    """All of a photo that was cleaned whole, pixel for pixel unless that is too much for a browser."""
    _, height, width = whole.image.shape
    step = 1
    while (height // step) * (width // step) > SHOWN:
        step += 1
    region = (0, 0, height, width)
    shown = _cut(asked, whole.image, region, whole.seconds, f"{key}|whole")
    if step == 1:
        return shown
    noisy, denoised = (images.shrunk(x[None], step)[0] for x in (shown.noisy, shown.denoised))
    clean = None if shown.clean is None else images.shrunk(shown.clean[None], step)[0]
    return replace(shown, noisy=noisy, denoised=denoised, clean=clean, step=step)


def whole_key(checkpoint: Checkpoint, asked: DenoisingTask) -> str:
    """Name of the job that cleans the whole photo."""
    return key_of(checkpoint, asked)


def start_whole(checkpoint: Checkpoint, source: ChosenPhoto, asked: DenoisingTask) -> Job[Whole]:
    """Clean the whole photo in the background."""
    photo = source.photo if source.stack is None else source.stack

    def clean(progress: Progress) -> Iterator[np.ndarray]:
        for number, image in enumerate(photo.images):

            def tell(share: float, words: str, number: int = number) -> None:
                progress((1 - ENCODING_SHARE) * (number + share) / len(photo), words)

            noisy = asked.noisy if number == source.page else asked.with_noise(image, number - source.page)
            yield asked.clean_with(checkpoint, noisy, tell)

    return jobs().start(
        whole_key(checkpoint, asked), lambda progress: clean_whole(photo, clean(progress), source.page, progress)
    )


def clean_whole(photo: Photo, cleaned: Iterable[np.ndarray], page: int, progress: Progress | None = None) -> Whole:
    """A whole photo and its file.

    Args:
        photo: as read.
        cleaned: (C, H, W) for each of its pictures, made as they are asked for.
        page: the one to show.
        progress: called before the file is written.
    """
    start = time.perf_counter()
    images = np.stack(list(cleaned))
    seconds = time.perf_counter() - start
    if progress:
        progress(1 - ENCODING_SHARE, "Writing the file")
    return Whole(images[page], seconds, write_photo(photo, images))


def result_name(name: str, photo: Photo) -> str:
    """File name of the result: the photo's own with an ending that fits what is written."""
    return f"{PurePath(name.replace(chr(92), '/')).stem or 'photo'}-denoised{photo.suffix}"


@cached(max_entries=16, spinner="Removing the noise")
def _part(checkpoint: Checkpoint, asked: DenoisingTask, region: Region) -> tuple[np.ndarray, float]:
    noisy = asked.noisy[_slices(region)]
    timed = denoising.timed(lambda: asked.clean_with(checkpoint, noisy))
    return timed.image, timed.seconds


def _slices(region: Region) -> tuple[slice, slice, slice]:
    top, left, height, width = region
    return slice(None), slice(top, top + height), slice(left, left + width)


def _cut(asked: DenoisingTask, denoised: np.ndarray, region: Region, seconds: float, key: str) -> DenoisedPhoto:
    part = _slices(region)
    clean = None if asked.clean is None else asked.clean[part]
    return DenoisedPhoto(asked.noisy[part], denoised, clean, seconds, region, 1, key)
