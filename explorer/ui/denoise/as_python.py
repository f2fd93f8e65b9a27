"""What the page did, as lines of Python that do it again."""

from __future__ import annotations

from explorer.checkpoints import Checkpoint
from explorer.models.photo import GREY_LEVELS
from explorer.ui.denoise.photo_result import result_name
from explorer.ui.denoise.photo_source import ChosenPhoto
from explorer.ui.denoise.settings import DenoisingTask


def as_python(checkpoint: Checkpoint, source: ChosenPhoto, asked: DenoisingTask) -> str:
    """A program that reads the photo, cleans all of it and writes the result."""
    imports = ["from pathlib import Path", ""]
    imports.append(f"from explorer import checkpoints, {'data, ' if source.is_shipped else ''}denoising")
    imports.append("from explorer.io import photo_files")
    lines = _reading(source)
    noisy = "photo.image"
    if asked.noise is not None:
        imports.append(f"from explorer.noise import {type(asked.noise).__name__}")
        lines.append(f"noisy = denoising.add_noise(photo.image[None], {asked.noise!r}, seed={asked.seed})[0]")
        noisy = "noisy"
    lines.append(f"model = checkpoints.load({checkpoint.name!r})")
    if asked.peak:
        lines.append(f"result = denoising.denoise_poisson(model, {noisy}, peak={asked.peak:g})")
    else:
        strength = f"{GREY_LEVELS * asked.strength:g} / {GREY_LEVELS}"
        fast = ", fast=True" if asked.fast else ""
        lines.append(f"result = denoising.denoise_photo(model, {noisy}, sigma={strength}{fast})")
    name = result_name(source.name, source.photo)
    lines.append(f"Path({name!r}).write_bytes(photo_files.write_photo(photo, result))")
    return "\n".join([*imports, "", *lines])


def _reading(source: ChosenPhoto) -> list[str]:
    if not source.is_shipped:
        return [f"name = {source.name!r}", "photo = photo_files.read_photo(Path(name).read_bytes(), name)"]
    return [
        f"pixels = next(photo.array for photo in data.photos() if photo.name == {source.name!r})",
        "pixels = pixels.reshape(*pixels.shape[:2], -1).transpose(2, 0, 1)",
        "photo = photo_files.Photo((pixels / 255).astype('float32'))",
    ]
