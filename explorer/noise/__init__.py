"""Corruptions. A new one is a file here and its class in ``AnyNoise``; recipes, forms and tests find it there."""

from __future__ import annotations

from typing import Annotated, get_args

from pydantic import Field

from explorer.noise.base import Noise
from explorer.noise.blocks import BlockNoise
from explorer.noise.gaussian import GaussianNoise
from explorer.noise.masking import MaskingNoise
from explorer.noise.poisson import PoissonNoise
from explorer.noise.salt_and_pepper import SaltAndPepperNoise
from explorer.noise.speckle import SpeckleNoise

AnyNoise = Annotated[
    GaussianNoise | MaskingNoise | BlockNoise | SaltAndPepperNoise | PoissonNoise | SpeckleNoise,
    Field(discriminator="kind"),
]
"""What a recipe's corruption field holds: the ``kind`` in the file chooses the class."""

REGISTRY: dict[str, type[Noise]] = {cls.model_fields["kind"].default: cls for cls in get_args(get_args(AnyNoise)[0])}
"""Every corruption by its kind, in the order that forms list them."""

__all__ = [
    "REGISTRY",
    "AnyNoise",
    "BlockNoise",
    "GaussianNoise",
    "MaskingNoise",
    "Noise",
    "PoissonNoise",
    "SaltAndPepperNoise",
    "SpeckleNoise",
]
