"""Models as other people write them: with forwards of their own, heads, residual blocks, tanh, dictionaries."""

from __future__ import annotations

from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Residual(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(x + self.second(torch.relu(self.first(x))))


class Encoder(nn.Module):
    """Mean and log variance, as a pair."""

    def __init__(self, latent_dim: int = 6) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(1, 8, 4, 2, 1), nn.BatchNorm2d(8), nn.GELU(), Residual(8))
        self.deeper = nn.Sequential(nn.Conv2d(8, 16, 4, 2, 1), nn.GroupNorm(4, 16), nn.SiLU())
        self.mean = nn.Linear(16 * 7 * 7, latent_dim)
        self.log_variance = nn.Linear(16 * 7 * 7, latent_dim)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        h = self.deeper(self.body(x))
        h = h.view(h.shape[0], -1)
        return self.mean(h), self.log_variance(h)


class NamedEncoder(Encoder):
    """The same in a dictionary."""

    def forward(self, x: Tensor) -> OrderedDict[str, Tensor]:  # type: ignore[override]  # another one's model
        mean, log_variance = super().forward(x)
        return OrderedDict(embedding=mean, log_covariance=log_variance)


class Decoder(nn.Module):
    """Pixels from -1 to 1."""

    def __init__(self, latent_dim: int = 6) -> None:
        super().__init__()
        self.start = nn.Linear(latent_dim, 16 * 7 * 7)
        self.norm = nn.LayerNorm(16 * 7 * 7)
        self.up = nn.ConvTranspose2d(16, 8, 4, 2, 1)
        self.larger = nn.Upsample(scale_factor=2, mode="bilinear")
        self.end = nn.Conv2d(8, 1, 3, padding=1, padding_mode="reflect")

    def forward(self, z: Tensor) -> Tensor:
        h = F.mish(self.norm(self.start(z))).reshape(-1, 16, 7, 7)
        return torch.tanh(self.end(self.larger(F.softplus(self.up(h)))))


class Drawing(nn.Module):
    """An encoder that draws its code."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(4, 2)

    def forward(self, x: Tensor) -> Tensor:
        mean = self.layer(x)
        return mean + torch.randn_like(mean)


class Attention(nn.Module):
    """A product of two tensors of items, which no chain of layers is."""

    def __init__(self) -> None:
        super().__init__()
        self.query = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        return torch.softmax(self.query(x), -1) * x


def seeded(module: nn.Module, seed: int = 0) -> nn.Module:
    """The module in evaluation mode, with weights and statistics that leave no layer near the identity."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for layer in module.eval().modules():
            if isinstance(layer, nn.BatchNorm2d | nn.BatchNorm1d):
                assert layer.running_mean is not None
                assert layer.running_var is not None
                layer.running_mean.normal_(generator=generator)
                layer.running_var.uniform_(0.5, 2.0, generator=generator)
        for parameter in module.parameters():
            std = 0.5 if parameter.ndim < 2 else 1.0 / parameter[0].numel() ** 0.5
            parameter.normal_(std=std, generator=generator)
    return module
