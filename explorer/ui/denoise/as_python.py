"""What the page did, as lines of Python that do it again."""

from __future__ import annotations

from explorer.checkpoints import Checkpoint
from explorer.denoising.no_reference import BLOCK
from explorer.io.images.asked import NOTHING_ASKED
from explorer.models.photo import GREY_LEVELS
from explorer.ui.denoise.methods import can_be_tuned, noise_size
from explorer.ui.denoise.photo_result import DenoisedPhoto, result_name
from explorer.ui.denoise.photo_source import ChosenPhoto
from explorer.ui.denoise.settings import DenoisingTask


def as_python(
    checkpoint: Checkpoint, source: ChosenPhoto, asked: DenoisingTask, shown: DenoisedPhoto, of_whole: bool
) -> str:
    """A program that reads the photo, cleans all of it, writes the result, and measures what is shown.

    Args:
        shown: under the divider.
        of_whole: whether that is cut from the photo that was cleaned whole, and not a part cleaned on its own.
    """
    imports = ["from pathlib import Path", ""]
    imports.append(f"from explorer import checkpoints, {'data, ' if source.is_shipped else ''}denoising")
    imports.append("from explorer.io import photo_files")
    if source.asked != NOTHING_ASKED:
        imports.append("from explorer.io.images.asked import ImagesAsked")
    if source.stack is not None:
        imports.insert(0, "import numpy as np")
    lines = [*_reading(source), f"model = checkpoints.load({checkpoint.name!r})"]
    if asked.noise is not None:
        imports.append(f"from explorer.noise import {type(asked.noise).__name__}")
    lines += _cleaning(asked) if source.stack is None else _cleaning_pages(asked, source.page)
    name = result_name(source.name, source.photo)
    lines.append(f"Path({name!r}).write_bytes(photo_files.write_photo(photo, result))")
    if shown.step == 1:
        imports += ["from explorer.denoising import beside"] if can_be_tuned(shown) else []
        lines += _measuring(source, asked, shown, of_whole)
    return "\n".join([*imports, "", *lines])


def _measuring(source: ChosenPhoto, asked: DenoisingTask, shown: DenoisedPhoto, of_whole: bool) -> list[str]:
    """The figures of the page, and those of the classical methods beside the model."""
    page = "" if source.stack is None else f"[{source.page}]"
    image = "photo.image" if source.stack is None else f"photo.images{page}"
    noisy = image
    if asked.noise is not None:
        drawn = f"denoising.add_noise({image}[None], {asked.noise!r}, seed={asked.seed})[0]"
        noisy = "noisy" if source.stack is None else drawn
    top, left, height, width = shown.region
    is_all = shown.noisy.shape == source.photo.image.shape
    part = "" if is_all else f"[:, {top}:{top + height}, {left}:{left + width}]"
    lines = ["# What is shown, and its figures.", f"noisy_shown = {noisy}{part}"]
    result = f"result{page}{part}" if of_whole or is_all else _call(asked, "noisy_shown")
    lines.append(f"denoised_shown = {result}")
    is_tuned, strength = can_be_tuned(shown), f"{asked.strength!r}"
    if shown.clean is None:
        if min(shown.noisy.shape[1:]) >= BLOCK:
            more = f", peak={asked.peak:g}" if asked.peak else ", fast=True" if asked.fast else ""
            lines.append(f"quality = denoising.assess(model, noisy_shown, denoised_shown, {strength}{more})")
        if is_tuned:
            lines += [
                f"methods = beside.tuned_on(noisy_shown, size={noise_size(asked)!r})",
                f"table = beside.ranked(lambda y: {_call(asked, 'y')}, noisy_shown, {strength}, methods)",
            ]
        return lines
    lines += [
        f"clean_shown = {image}{part}",
        "shown = clean_shown, noisy_shown, denoised_shown",
        "figures = denoising.compare(*(x[None] for x in shown))  # PSNR in dB and SSIM, before and after",
    ]
    if is_tuned:
        lines += [
            "methods = beside.tuned_on(noisy_shown, clean_shown)",
            f"table = beside.scored(*shown, {strength}, methods)",
        ]
    return lines


def _cleaning(asked: DenoisingTask) -> list[str]:
    if asked.noise is None:
        return [f"result = {_call(asked, 'photo.image')}"]
    noisy = f"noisy = denoising.add_noise(photo.image[None], {asked.noise!r}, seed={asked.seed})[0]"
    return [noisy, f"result = {_call(asked, 'noisy')}"]


def _cleaning_pages(asked: DenoisingTask, page: int) -> list[str]:
    lines = ["pages = []", "for number, noisy in enumerate(photo.images):"]
    if asked.noise is not None:
        seed = f"{asked.seed - page} + number"
        lines.append(f"    noisy = denoising.add_noise(noisy[None], {asked.noise!r}, seed={seed})[0]")
    return [*lines, f"    pages.append({_call(asked, 'noisy')})", "result = np.stack(pages)"]


def _call(asked: DenoisingTask, noisy: str) -> str:
    if asked.peak:
        return f"denoising.denoise_poisson(model, {noisy}, peak={asked.peak:g})"
    strength = f"{GREY_LEVELS * asked.strength:g} / {GREY_LEVELS}"
    fast = ", fast=True" if asked.fast else ""
    return f"denoising.denoise_photo(model, {noisy}, sigma={strength}{fast})"


def _reading(source: ChosenPhoto) -> list[str]:
    if not source.is_shipped:
        said = source.asked.model_dump(exclude_defaults=True)
        asked = ", ".join(f"{name}={value!r}" for name, value in said.items())
        read = f"Path(name).read_bytes(), name{f', asked=ImagesAsked({asked})' if said else ''}"
        return [f"name = {source.name!r}", f"photo = photo_files.read_photo({read})"]
    return [
        f"pixels = next(photo.array for photo in data.photos() if photo.name == {source.name!r})",
        "pixels = pixels.reshape(*pixels.shape[:2], -1).transpose(2, 0, 1)",
        "photo = photo_files.Photo((pixels / 255).astype('float32')[None])",
    ]
