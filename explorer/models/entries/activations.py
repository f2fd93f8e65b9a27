"""Activations of a list: one value in, one value out."""

from __future__ import annotations

from typing import Annotated, Literal

import torch
from jaxtyping import Float
from pydantic import Field, model_validator
from torch import Tensor, nn

from explorer.models.entries.base import LayerEntry, Size, TorchEntry

Number = Annotated[float, Field(ge=-1e6, le=1e6)]
Positive = Annotated[float, Field(gt=0, le=1e6)]


class ReLUEntry(TorchEntry):
    """max(x, 0)."""

    makes = nn.ReLU
    kind: Literal["relu"] = "relu"


class ReLU6Entry(TorchEntry):
    """min(max(x, 0), 6)."""

    makes = nn.ReLU6
    kind: Literal["relu6"] = "relu6"


class LeakyReLUEntry(TorchEntry):
    """x, or a part of it below 0."""

    makes = nn.LeakyReLU
    kind: Literal["leaky_relu"] = "leaky_relu"
    negative_slope: Number = 0.01


class PReLUEntry(TorchEntry):
    """x, or below 0 a part of it that was learnt, one for all or one a channel."""

    makes = nn.PReLU
    kind: Literal["prelu"] = "prelu"
    num_parameters: Size = 1


class ELUEntry(TorchEntry):
    """x, or alpha (e^x - 1) below 0."""

    makes = nn.ELU
    kind: Literal["elu"] = "elu"
    alpha: Number = 1.0


class CELUEntry(TorchEntry):
    """x, or alpha (e^(x / alpha) - 1) below 0."""

    makes = nn.CELU
    kind: Literal["celu"] = "celu"
    alpha: Positive = 1.0


class SELUEntry(TorchEntry):
    """ELU with the scale that keeps mean and variance (Klambauer et al. 2017)."""

    makes = nn.SELU
    kind: Literal["selu"] = "selu"


class GELUEntry(TorchEntry):
    """x Phi(x), exact or by its approximation with tanh."""

    makes = nn.GELU
    kind: Literal["gelu"] = "gelu"
    approximate: Literal["none", "tanh"] = "none"


class Erf(nn.Module):
    """The error function of each value, which exact GELU is made of where a file spells it out."""

    def forward(self, x: Float[Tensor, "n *shape"]) -> Float[Tensor, "n *shape"]:
        return torch.erf(x)


class ErfEntry(TorchEntry):
    """The error function."""

    makes = Erf
    kind: Literal["erf"] = "erf"


class SiLUEntry(TorchEntry):
    """x sigmoid(x), also called swish."""

    makes = nn.SiLU
    kind: Literal["silu"] = "silu"


class MishEntry(TorchEntry):
    """x tanh(softplus(x))."""

    makes = nn.Mish
    kind: Literal["mish"] = "mish"


class TanhEntry(TorchEntry):
    """The hyperbolic tangent."""

    makes = nn.Tanh
    kind: Literal["tanh"] = "tanh"


class SigmoidEntry(TorchEntry):
    """1 / (1 + e^-x)."""

    makes = nn.Sigmoid
    kind: Literal["sigmoid"] = "sigmoid"


class SoftplusEntry(TorchEntry):
    """log(1 + e^(beta x)) / beta."""

    makes = nn.Softplus
    kind: Literal["softplus"] = "softplus"
    beta: Positive = 1.0
    threshold: Positive = 20.0


class SoftsignEntry(TorchEntry):
    """x / (1 + |x|)."""

    makes = nn.Softsign
    kind: Literal["softsign"] = "softsign"


class HardtanhEntry(TorchEntry):
    """x, kept between two ends."""

    makes = nn.Hardtanh
    kind: Literal["hardtanh"] = "hardtanh"
    min_val: Number = -1.0
    max_val: Number = 1.0

    @model_validator(mode="after")
    def _ends(self) -> HardtanhEntry:
        if self.min_val >= self.max_val:
            raise ValueError("the lower end is not below the upper one")
        return self


class HardsigmoidEntry(TorchEntry):
    """x / 6 + 1/2, kept between 0 and 1."""

    makes = nn.Hardsigmoid
    kind: Literal["hardsigmoid"] = "hardsigmoid"


class HardswishEntry(TorchEntry):
    """x times its hard sigmoid."""

    makes = nn.Hardswish
    kind: Literal["hardswish"] = "hardswish"


ACTIVATION_ENTRIES: tuple[type[LayerEntry], ...] = (
    ReLUEntry,
    ReLU6Entry,
    LeakyReLUEntry,
    PReLUEntry,
    ELUEntry,
    CELUEntry,
    SELUEntry,
    GELUEntry,
    ErfEntry,
    SiLUEntry,
    MishEntry,
    TanhEntry,
    SigmoidEntry,
    SoftplusEntry,
    SoftsignEntry,
    HardtanhEntry,
    HardsigmoidEntry,
    HardswishEntry,
)
