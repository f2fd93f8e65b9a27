"""Photos of any size through the photo denoiser: in overlapping tiles, with progress and a way to stop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Num

from explorer import checkpoints
from explorer.checkpoints import Checkpoint
from explorer.core.errors import DataError, ExplorerError
from explorer.data.base import Progress
from explorer.data.stored import as_float
from explorer.models.photo import PhotoDenoiser

TILE = 1024
"""Side of what one pass adds to the result, in pixels; with its surroundings it takes about 700 MiB."""
SHIPPED = {1: "photo-denoiser-grey", 3: "photo-denoiser-colour"}
"""Number of channels -> the checkpoint made for it."""


@dataclass(frozen=True)
class Tile:
    """One pass: rows and columns that the network sees, and those among them that are kept.

    Args:
        seen: slices of the picture.
        kept: slices of the picture, inside ``seen``.
    """

    seen: tuple[slice, slice]
    kept: tuple[slice, slice]

    @property
    def inner(self) -> tuple[slice, slice]:
        """``kept`` as slices of what is seen."""
        rows, columns = (
            slice(kept.start - seen.start, kept.stop - seen.start)
            for seen, kept in zip(self.seen, self.kept, strict=True)
        )
        return rows, columns


def is_photo_denoiser(checkpoint: Checkpoint) -> bool:
    """Whether a checkpoint takes photos of any size and is told the noise level."""
    return isinstance(checkpoint.model, PhotoDenoiser)


def highest_level(checkpoint: Checkpoint) -> float:
    """The highest noise level that a photo denoiser was trained on, in units where white is 1."""
    return _photo_model(checkpoint).sigma_max


def denoise_photo(
    checkpoint: Checkpoint,
    image: Num[np.ndarray, "*shape"],
    sigma: float | Num[np.ndarray, "*level"],
    progress: Progress | None = None,
    tile: int = TILE,
    fast: bool = False,
) -> Float[np.ndarray, "c h w"]:
    """A photo without its noise.

    Large photos are cut into tiles; each is denoised with as much of its surroundings as the network looks at, and
    only its own pixels are kept, so that nothing is blended and there is no seam. A model of grey photos denoises each
    colour channel on its own.

    Args:
        checkpoint: a photo denoiser.
        image: (C, H, W) uint8, or float in units where white is 1; values outside [0, 1] are welcome.
        sigma: standard deviation of the noise in the same units: a number, or (H, W) one a pixel.
        progress: called after each tile; an exception that it raises ends the work.
        tile: side of the tiles in pixels.
        fast: whether the layers work in bfloat16, which on processors with matrix units takes a third of the time;
            single pixels change by up to 0.01, and PSNR by less than that in dB (docs/results.md).

    Returns:
        (C, H, W) float32, not clipped.

    Raises:
        DataError: no photo denoiser, an image of values that are not finite, a negative level, or a grey picture for a
            model of colour ones.
    """
    model = _checked(checkpoint, image, sigma)
    level = torch.as_tensor(sigma, dtype=torch.float32)
    result = np.empty(image.shape, np.float32)
    parts = list(tiles(image.shape[1], image.shape[2], tile, model.radius, model.multiple))
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=fast):
        for done, part in enumerate(parts):
            level_here = level if level.ndim == 0 else level[part.seen][None, None]
            seen = as_float(image[:, *part.seen])
            # Channels that the model does not take together are pictures of their own.
            pictures = [model.denoise(planes[None], level_here)[0] for planes in seen.split(model.event_shape[0])]
            result[:, *part.kept] = torch.cat(pictures)[:, *part.inner].numpy()
            if progress:
                progress((done + 1) / len(parts), f"Denoised {done + 1} of {len(parts)} tiles")
    return result


def tiles(height: int, width: int, size: int, margin: int, multiple: int) -> Iterator[Tile]:
    """Tiles that cover a picture, each with a margin of pixels around it that it needs to see.

    What is seen starts at multiples of ``multiple``, so that the network's grids lie as they do on the whole picture.
    """
    size = max(multiple, size // multiple * multiple)
    margin = -(-margin // multiple) * multiple
    for rows in _spans(height, size, margin):
        for columns in _spans(width, size, margin):
            yield Tile((rows[0], columns[0]), (rows[1], columns[1]))


def _spans(length: int, size: int, margin: int) -> Iterator[tuple[slice, slice]]:
    """Along one side: what is seen and what is kept of it."""
    # A picture that fits into one tile with its margins is not cut.
    if length <= size + 2 * margin:
        yield slice(0, length), slice(0, length)
        return
    for start in range(0, length, size):
        stop = min(start + size, length)
        yield slice(max(0, start - margin), min(length, stop + margin)), slice(start, stop)


def _checked(checkpoint: Checkpoint, image: np.ndarray, sigma: float | np.ndarray) -> PhotoDenoiser:
    model = _photo_model(checkpoint)
    if image.ndim != 3 or image.shape[0] not in (1, 3) or 0 in image.shape:
        raise DataError(f"A photo has the shape (1 or 3, height, width), not {image.shape}.", "Use another picture.")
    if image.shape[0] % model.event_shape[0]:
        raise DataError(f"{checkpoint.name} takes colour photos, and this one is grey.", f"Use {SHIPPED[1]}.")
    if not np.isfinite(image).all():
        raise DataError("The photo holds values that are not finite.", "Replace them, or save it anew as PNG.")
    level = np.asarray(sigma)
    if level.shape not in ((), image.shape[1:]) or not np.isfinite(level).all() or level.min() < 0:
        raise DataError(
            "The noise level has to be a number from 0 on, or one for each pixel.", "Give it in grey levels of 255."
        )
    return model


def _photo_model(checkpoint: Checkpoint) -> PhotoDenoiser:
    if not isinstance(checkpoint.model, PhotoDenoiser):
        raise DataError(f"{checkpoint.name} takes items of one size, not photos.", f"Use {SHIPPED[3]}.")
    return checkpoint.model


def denoiser_for(channels: int) -> Checkpoint:
    """The shipped photo denoiser for pictures of so many channels; the grey one serves colour where it is alone.

    Raises:
        ExplorerError: neither is available.
    """
    available = checkpoints.available()
    for name in (SHIPPED[channels], SHIPPED[1]):
        if name in available:
            return checkpoints.load(name)
    raise ExplorerError("There is no photo denoiser.", f"Train one: python -m explorer train recipes/{SHIPPED[1]}.toml")
