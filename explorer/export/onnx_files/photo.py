"""A photo denoiser as an ONNX file: photos of any size and the level of their noise in, clean photos out."""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from explorer.checkpoints import Checkpoint
from explorer.core.agreement import apart
from explorer.core.errors import ExplorerError
from explorer.export.onnx_files.models import OnnxFiles
from explorer.export.onnx_files.units import BITS_8, Units
from explorer.export.onnx_files.writing import OnnxRun, check_difference, described, written
from explorer.models.photo import PhotoDenoiser

SIZES = ((48, 64), (37, 53), (8, 91))
"""Heights and widths that a file is held against the checkpoint on."""
LEVELS = (5.0, 25.0, 60.0)
"""Levels of noise there, in grey levels of 255."""


class _CleanPhotos(nn.Module):
    """Photos and levels in numbers of their files to clean photos in such numbers."""

    def __init__(self, model: PhotoDenoiser, units: Units) -> None:
        super().__init__()
        self.model, self.units = model, units

    def forward(self, x: Tensor, sigma: Tensor) -> Tensor:
        units = self.units
        clean = self.model.denoise((x - units.black) / units.span, sigma / units.span)
        return clean * units.span + units.black


def photo_denoiser_files(checkpoint: Checkpoint) -> OnnxFiles:
    """``denoiser.onnx`` of a photo denoiser, held against the checkpoint on noise of some sizes and levels.

    It takes ``x`` (n, channels, height, width) float32 in grey levels of 255, of any size, and ``sigma`` (n,) the
    standard deviation of their noise in the same unit, and gives ``x_hat``, not clipped. The photo is padded inside.

    Raises:
        ExplorerError: it is no photo denoiser, or onnxruntime makes something else of the file.
    """
    model = checkpoint.model
    if not isinstance(model, PhotoDenoiser):
        raise ExplorerError(f"{checkpoint.card.name} is no photo denoiser.", "Export it as encoder and decoder.")
    module = _CleanPhotos(model, Units(0.0, BITS_8)).eval()
    channels = model.event_shape[0]
    # A size that needs padding both ways, so that padding is in the graph.
    sample = {"x": torch.zeros(2, channels, 3 * model.multiple - 1, 4 * model.multiple - 3), "sigma": torch.ones(2)}
    axes = {2: "height", 3: "width"}
    facts = {
        "name": checkpoint.card.name,
        "title": checkpoint.card.title,
        "licence": checkpoint.card.licence,
        "trained_on": checkpoint.card.provenance,
        "meaning.x": f"noisy photos (n, {channels}, height, width) from {model.multiple} pixels a side on,"
        f" {'grey' if channels == 1 else 'red, green and blue'}: black is 0, white 255; not clipped",
        "meaning.sigma": "standard deviation of the noise of each photo, in the same unit; trained from"
        f" {model.sigma_min * BITS_8:g} to {model.sigma_max * BITS_8:g}",
        "meaning.x_hat": "photos without it, in the same unit; not clipped",
        "radius": str(model.radius),
    }
    content = described(written(module, sample, ("x_hat",), {"x": axes, "x_hat": axes}), facts)
    difference = max(_difference(content, module, channels, size) for size in SIZES)
    check_difference("The denoiser's file", difference)
    return OnnxFiles({"denoiser.onnx": content}, difference)


@torch.no_grad()
def _difference(content: bytes, module: nn.Module, channels: int, size: tuple[int, int]) -> float:
    """The largest difference on noise of this size, at every level, in units where white is 1."""
    random = np.random.Generator(np.random.PCG64(0))
    x = random.uniform(0, BITS_8, (len(LEVELS), channels, *size)).astype(np.float32)
    sigma = np.array(LEVELS, np.float32)
    theirs: Float[np.ndarray, "n c h w"] = OnnxRun(content)({"x": x, "sigma": sigma})["x_hat"]
    ours = module(torch.from_numpy(x), torch.from_numpy(sigma)).numpy()
    return apart(ours / BITS_8, theirs / BITS_8)
