"""Anomalib's detectors beside ours on the same images, where Anomalib is installed (written for 2.7).

Its torch models are used as its own trainer uses them: pictures of 256 by 256 pixels with the mean and deviation of
ImageNet's, a bank of a tenth of all patches and 9 neighbours (PatchCore), 100 features of three stages (PaDiM), a
ResNet-18 below. Its weights are timm's, which are downloaded by it, or those of a file; without either there is no row.
"""

from __future__ import annotations

import importlib.util
import pathlib
from collections.abc import Iterator
from typing import Self

import numpy as np
import torch
import torch.nn.functional as F

from explorer.data.stored import as_float
from explorer.novelty.patches.resnet import MEAN, STD

SIDE, BATCH, CORESET, NEIGHBOURS = 256, 8, 0.1, 9
LAYERS = {"anomalib-patchcore": ["layer2", "layer3"], "anomalib-padim": ["layer1", "layer2", "layer3"]}
METHODS = tuple(LAYERS)


def is_installed() -> bool:
    """Whether Anomalib can be asked."""
    return importlib.util.find_spec("anomalib") is not None


def usable(weights: pathlib.Path | None) -> list[str]:
    """Its methods that have weights to look through; of the others it is said why not."""
    found = []
    for method in METHODS if is_installed() else ():
        try:
            AnomalibMaps(method, weights)
        except (OSError, RuntimeError) as error:  # what timm raises without a connection
            print(f"{method} has no weights to look through, give --weights: {type(error).__name__}: {error}")
        else:
            found.append(method)
    return found


class AnomalibMaps:
    """One of its detectors.

    Args:
        method: of ``METHODS``.
        weights: a safetensors file of ResNet-18; ``None``: what Anomalib downloads by itself.
    """

    def __init__(self, method: str, weights: pathlib.Path | None) -> None:
        torch.manual_seed(0)  # PaDiM draws its features, PatchCore its first patch
        given = {"layers": LAYERS[method], "backbone": "resnet18", "pre_trained": weights is None}
        if method == "anomalib-patchcore":
            from anomalib.models.image.patchcore.torch_model import PatchcoreModel

            self._model = PatchcoreModel(num_neighbors=NEIGHBOURS, **given)
        else:
            from anomalib.models.image.padim.torch_model import PadimModel

            self._model = PadimModel(**given)
        if weights is not None:
            self._use(weights)

    def _use(self, weights: pathlib.Path) -> None:
        from safetensors.torch import load_file

        network = self._model.feature_extractor.feature_extractor
        if missing := network.load_state_dict(load_file(weights), strict=False).missing_keys:
            raise SystemExit(f"{weights} is no ResNet-18 for Anomalib: {missing[0]} is missing.")

    @torch.no_grad()
    def fit(self, images: np.ndarray) -> Self:
        """Learn from normal images."""
        self._model.train()
        self._model.feature_extractor.eval()
        for batch in _batches(images):
            self._model(batch)
        if hasattr(self._model, "subsample_embedding"):
            self._model.subsample_embedding(CORESET)
        else:
            self._model.fit()
        self._model.eval()
        return self

    @torch.no_grad()
    def scores_and_maps(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Its own score of each image, and its maps, (N, H, W) in pixels of the original."""
        seen = [self._model(batch) for batch in _batches(images)]
        maps = torch.cat([F.interpolate(one.anomaly_map, images.shape[2:], mode="bilinear")[:, 0] for one in seen])
        return torch.cat([one.pred_score.flatten() for one in seen]).double().numpy(), maps.numpy()


def _batches(images: np.ndarray) -> Iterator[torch.Tensor]:
    """(n, 3, SIDE, SIDE) as its networks expect them."""
    mean, std = (torch.tensor(of).view(1, 3, 1, 1) for of in (MEAN, STD))
    for start in range(0, len(images), BATCH):
        x = F.interpolate(as_float(images[start : start + BATCH]), (SIDE, SIDE), mode="bilinear", antialias=True)
        yield (x.expand(-1, 3, -1, -1) - mean) / std
