"""ResNet-18 up to its third stage, by weights from a file: features of pictures, nothing is trained."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Self

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from explorer.checkpoints.files import read_tensors
from explorer.core.errors import CheckpointError, ExplorerError

STAGES = {"layer1": (64, 64, 1), "layer2": (64, 128, 2), "layer3": (128, 256, 2)}
"""Channels that come in and go out, and the stride, of stages of two blocks each."""
OF_NORM = ("weight", "bias", "running_mean", "running_var")
EPSILON = 1e-5
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of the pictures that such networks were trained on, red, green and blue in [0, 1]."""
LEAST_SIDE = 32
HINT = (
    "Give a safetensors file of ResNet-18 with the names of torchvision or timm, such as timm's "
    "resnet18.a1_in1k/model.safetensors."
)


def _shapes() -> dict[str, tuple[int, ...]]:
    """Every tensor up to the third stage with its shape."""
    convolutions: dict[str, tuple[int, ...]] = {"conv1": (64, 3, 7, 7)}
    norms = {"bn1": 64}
    for stage, (before, after, stride) in STAGES.items():
        for block in (0, 1):
            name, first = f"{stage}.{block}", before if block == 0 else after
            convolutions |= {f"{name}.conv1": (after, first, 3, 3), f"{name}.conv2": (after, after, 3, 3)}
            norms |= {f"{name}.bn1": after, f"{name}.bn2": after}
            if block == 0 and stride > 1:
                convolutions[f"{name}.downsample.0"] = (after, first, 1, 1)
                norms[f"{name}.downsample.1"] = after
    of_norms = {f"{name}.{part}": (n,) for name, n in norms.items() for part in OF_NORM}
    return {f"{name}.weight": shape for name, shape in convolutions.items()} | of_norms


SHAPES = _shapes()


class ResNetFeatures:
    """What a trained ResNet-18 sees in each place of a picture: its second and third stage, side by side.

    Args:
        weights: the tensors of ``SHAPES``, float32.

    Source: He et al. 2016 (the network); Roth et al. 2022 (PatchCore: the second and third stage, means over 3 by 3).
    """

    n_features = 128 + 256

    def __init__(self, weights: Mapping[str, Tensor]) -> None:
        self.weights = {name: weights[name].detach().float().contiguous() for name in SHAPES}

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """From a safetensors file; what it has beyond the third stage is left.

        Raises:
            CheckpointError: it is no safetensors file, or holds another network.
        """
        source = Path(path).expanduser()
        if not source.is_file():
            raise CheckpointError(f"There is no file {path}.", HINT)
        tensors, _ = read_tensors(source)
        if missing := [name for name in SHAPES if name not in tensors]:
            raise CheckpointError(
                f"{path} holds no ResNet-18: {missing[0]!r} is missing"
                f"{f', and {len(missing) - 1} more of its {len(SHAPES)} tensors' if len(missing) > 1 else ''}.",
                HINT,
            )
        if deeper := [name for name in tensors if re.match(r"layer[123]\.([2-9]|\d\d)\.", name)]:
            raise CheckpointError(
                f"{path} holds a deeper network than ResNet-18: {deeper[0]!r} belongs to a third block of its stage.",
                HINT,
            )
        for name, shape in SHAPES.items():
            own = tuple(tensors[name].shape)
            if own != shape:
                raise CheckpointError(
                    f"{path} holds another network than ResNet-18: {name!r} has the shape {own}, not {shape}.", HINT
                )
            if not tensors[name].isfinite().all():
                raise CheckpointError(f"{path} has a value in {name!r} that is no number.", "Copy it again.")
        return cls(tensors)

    @property
    def fingerprint(self) -> str:
        """Of the weights: the same for a file with other tensors beside them."""
        digest = hashlib.sha256()
        for name, tensor in self.weights.items():
            digest.update(name.encode())
            digest.update(tensor.numpy().tobytes())
        return digest.hexdigest()

    @torch.inference_mode()
    def __call__(self, image: Float[Tensor, "c h w"]) -> Float[Tensor, "features rows columns"]:
        """Features of each square of 8 pixels, means over 3 by 3 of these.

        Args:
            image: in [0, 1], red, green and blue; of another number of channels their mean.

        Raises:
            ExplorerError: a side of fewer than 32 pixels.
        """
        if min(image.shape[1:]) < LEAST_SIDE:
            raise ExplorerError(
                f"Images of {image.shape[2]}x{image.shape[1]} pixels are too small for this network.",
                f"Give images of {LEAST_SIDE} or more a side.",
            )
        colours = image if len(image) == 3 else image.mean(0, keepdim=True).expand(3, -1, -1)
        mean, std = (torch.tensor(of).view(3, 1, 1) for of in (MEAN, STD))
        x = F.relu(
            self._norm(F.conv2d(((colours - mean) / std)[None], self.weights["conv1.weight"], None, 2, 3), "bn1")
        )
        x = F.max_pool2d(x, 3, 2, 1)
        stages = []
        for stage, (_, _, stride) in STAGES.items():
            for block in (0, 1):
                x = self._block(x, f"{stage}.{block}", stride if block == 0 else 1)
            stages.append(F.avg_pool2d(x, 3, 1, 1))
        second, third = stages[1:]
        third = F.interpolate(third, second.shape[2:], mode="bilinear", align_corners=False)
        return torch.cat([second, third], 1)[0]

    def _block(self, x: Tensor, name: str, stride: int) -> Tensor:
        own = F.relu(self._norm(F.conv2d(x, self.weights[f"{name}.conv1.weight"], None, stride, 1), f"{name}.bn1"))
        own = self._norm(F.conv2d(own, self.weights[f"{name}.conv2.weight"], None, 1, 1), f"{name}.bn2")
        if stride > 1:
            x = self._norm(
                F.conv2d(x, self.weights[f"{name}.downsample.0.weight"], None, stride), f"{name}.downsample.1"
            )
        return F.relu(x + own)

    def _norm(self, x: Tensor, name: str) -> Tensor:
        weight, bias, mean, variance = (self.weights[f"{name}.{part}"] for part in OF_NORM)
        return F.batch_norm(x, mean, variance, weight, bias, False, 0.0, EPSILON)
