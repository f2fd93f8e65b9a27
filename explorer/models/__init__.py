"""The families of models. A new one is a file here and a line in ``REGISTRY``.

Each is a ``Reconstructor``; those whose items have a vector as their code are an ``Autoencoder``.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Annotated, Any

from pydantic import Field

from explorer.models.base import Autoencoder, Layer, Loss, ModelConfig, Reconstructor, Stage, layers
from explorer.models.convolutional import ConvolutionalAutoencoder, ConvolutionalConfig
from explorer.models.listed import (
    ListedAutoencoder,
    ListedConfig,
    ListedVariationalAutoencoder,
    ListedVariationalConfig,
)
from explorer.models.photo import PhotoConfig, PhotoDenoiser
from explorer.models.quantised import QuantisedAutoencoder, QuantisedConfig
from explorer.models.stacked import StackedAutoencoder, StackedConfig
from explorer.models.undercomplete import UndercompleteAutoencoder, UndercompleteConfig
from explorer.models.variational import VariationalAutoencoder, VariationalConfig

REGISTRY: dict[str, tuple[type[ModelConfig], type[Reconstructor]]] = {
    "undercomplete": (UndercompleteConfig, UndercompleteAutoencoder),
    "stacked": (StackedConfig, StackedAutoencoder),
    "convolutional": (ConvolutionalConfig, ConvolutionalAutoencoder),
    "variational": (VariationalConfig, VariationalAutoencoder),
    "quantised": (QuantisedConfig, QuantisedAutoencoder),
    "listed": (ListedConfig, ListedAutoencoder),
    "listed_variational": (ListedVariationalConfig, ListedVariationalAutoencoder),
    "photo": (PhotoConfig, PhotoDenoiser),
}
"""Family name -> its part of a recipe, and its module."""

AnyModelConfig: Any = Annotated[reduce(or_, (config for config, _ in REGISTRY.values())), Field(discriminator="family")]

__all__ = [
    "REGISTRY",
    "AnyModelConfig",
    "Autoencoder",
    "Layer",
    "Loss",
    "ModelConfig",
    "QuantisedAutoencoder",
    "Reconstructor",
    "Stage",
    "VariationalAutoencoder",
    "layers",
]
