"""Layers and bodies that the families share. Every layer here can also be run by the browser's decoder runtime."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn

from explorer.core.errors import RecipeError
from explorer.core.scale import shared_scale
from explorer.models.residual import DenseResidual, MapResidual

Activation = Literal["relu", "leaky_relu", "elu", "silu", "gelu", "tanh", "sigmoid"]
Downsampling = Literal["strided", "pooled"]
Upsampling = Literal["upsampling", "transposed", "unpooling"]

ACTIVATIONS: dict[str, type[nn.Module]] = {
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "elu": nn.ELU,
    "silu": nn.SiLU,
    "gelu": nn.GELU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
}


class Standardise(nn.Module):
    """(x - mean) / std for each column of a table, fitted on training rows and saved with the weights."""

    mean: Tensor
    std: Tensor

    def __init__(self, columns: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(columns))
        self.register_buffer("std", torch.ones(columns))

    def fit(self, parts: Iterable[Float[Tensor, "_ d"]], together: Iterable[Sequence[int]] = ()) -> None:
        """Take mean and standard deviation from the rows; a constant column keeps a standard deviation of 1.

        Args:
            parts: (n, D) rows each, all of them together.
            together: columns that share a standard deviation, as ``shared_scale`` has it.

        Source: Chan, Golub and LeVeque 1979 (means and squares of parts put together).
        """
        n, (mean, squares) = 0, torch.zeros(2, len(self.mean), dtype=torch.float64, device=self.mean.device)
        for x in parts:
            variance_of_part, mean_of_part = torch.var_mean(x.double(), dim=0, correction=0)
            difference, share = mean_of_part - mean, len(x) / (n + len(x))
            squares += len(x) * variance_of_part + n * share * difference**2
            mean += share * difference
            n += len(x)
        std = (squares / n).sqrt()
        self.mean.copy_(mean)
        # Relative, because float32 leaves a little spread in a column that holds one large value throughout.
        std = torch.where(std > 1e-6 * (1e-30 + mean.abs()), std, torch.zeros_like(std))
        std = torch.as_tensor(shared_scale(std.cpu().numpy(), together)).to(std)
        self.std.copy_(torch.where(std > 0, std, torch.ones_like(std)))

    def forward(self, x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
        return (x - self.mean) / self.std


class Unstandardise(nn.Module):
    """x * std + mean: the way back to a column's own units."""

    mean: Tensor
    std: Tensor

    def __init__(self, columns: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(columns))
        self.register_buffer("std", torch.ones(columns))

    def copy_from(self, fitted: Standardise) -> None:
        self.mean.copy_(fitted.mean)
        self.std.copy_(fitted.std)

    def forward(self, x: Float[Tensor, "n d"]) -> Float[Tensor, "n d"]:
        return x * self.std + self.mean


class TiedLinear(nn.Module):
    """A decoder layer that uses the transposed weight of an encoder layer, with a bias of its own: W_d = W_e^T."""

    def __init__(self, encoder_layer: nn.Linear) -> None:
        super().__init__()
        # In a tuple, so that the encoder's weight is not registered (counted, saved) a second time.
        self._tied = (encoder_layer,)
        self.bias = nn.Parameter(torch.zeros(encoder_layer.in_features))

    @property
    def weight(self) -> Float[Tensor, "out in"]:
        return self._tied[0].weight.t()

    def forward(self, x: Float[Tensor, "n i"]) -> Float[Tensor, "n o"]:
        return F.linear(x, self.weight, self.bias)


class Pool(nn.Module):
    """2x2 max pooling; an odd edge is a window of its own, so that (h, w) -> (ceil(h/2), ceil(w/2))."""

    def forward(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n c h2 w2"]:
        return F.max_pool2d(x, 2, ceil_mode=True)

    def with_switches(self, x: Float[Tensor, "n c h w"]) -> tuple[Float[Tensor, "n c h2 w2"], Int[Tensor, "n c h2 w2"]]:
        """The pooled maps and, for each value, its flat position in the (h, w) map it came from."""
        return F.max_pool2d(x, 2, ceil_mode=True, return_indices=True)


class Unpool(nn.Module):
    """Undo a 2x2 pooling: each value goes to one position of its window, the others are zero.

    ``forward`` has no switches and uses the top left position of each window (Dosovitskiy et al. 2015);
    ``with_switches`` puts each value back where its maximum was (Zeiler and Fergus 2014).

    Args:
        size: (h, w) of the map before pooling.
    """

    def __init__(self, size: tuple[int, int]) -> None:
        super().__init__()
        self.size = size

    def forward(self, x: Float[Tensor, "n c h2 w2"]) -> Float[Tensor, "n c h w"]:
        out = x.new_zeros(*x.shape[:2], *self.size)
        out[:, :, ::2, ::2] = x
        return out

    def with_switches(
        self, x: Float[Tensor, "n c h2 w2"], switches: Int[Tensor, "n c h2 w2"]
    ) -> Float[Tensor, "n c h w"]:
        return F.max_unpool2d(x, switches, (2, 2), output_size=self.size)

    def extra_repr(self) -> str:
        return f"size={self.size}"


class ResidualBlock(nn.Module):
    """x + W_2 relu(W_1 x) with 3x3 convolutions W_1 and W_2, without biases (He et al. 2016)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.second = nn.Conv2d(width, width, 3, padding=1, bias=False)

    def forward(self, x: Float[Tensor, "n c h w"]) -> Float[Tensor, "n c h w"]:
        # In place where nothing else needs the numbers: large photos spend a tenth of their time on fresh memory.
        return self.second(F.relu(self.first(x), inplace=True)).add_(x)


class NoisePlane(nn.Module):
    """Adds the noise level to a picture as one more channel (Zhang, Zuo and Zhang 2018)."""

    def forward(
        self, x: Float[Tensor, "n c h w"], sigma: Float[Tensor, "*level"] | float = 0.0
    ) -> Float[Tensor, "n c1 h w"]:
        """Append a plane of ``sigma``: one number, (n,) one an item, or (n, 1, h, w) one a pixel."""
        level = torch.as_tensor(sigma, dtype=x.dtype, device=x.device)
        plane = level if level.ndim == 4 else level.view(-1, 1, 1, 1)
        return torch.cat([x, plane.expand(x.shape[0], 1, *x.shape[2:])], 1)


@dataclass(frozen=True)
class DenseOptions:
    """What each hidden layer of a dense body has beside its units, the same on the way in and on the way out.

    Args:
        activation: its name in ``ACTIVATIONS``.
        layer_norm: whether what a hidden layer gives is brought to mean 0 and variance 1 over its units, then scaled by
            learnt factors, before its activation (Ba, Kiros and Hinton 2016).
        dropout: share of a hidden layer's units that are 0 in a step of the training (Srivastava et al. 2014).
        residual_blocks: between a hidden layer and its activation.
    """

    activation: str
    layer_norm: bool = False
    dropout: float = 0.0
    residual_blocks: int = 0

    def after(self, units: int) -> list[nn.Module]:
        """What follows a hidden layer of so many units."""
        activation = ACTIVATIONS[self.activation]
        return [
            *(DenseResidual(units, activation, self.layer_norm, self.dropout) for _ in range(self.residual_blocks)),
            *([nn.LayerNorm(units)] if self.layer_norm else []),
            activation(),
            *([nn.Dropout(self.dropout)] if self.dropout else []),
        ]


def dense_layers(sizes: Sequence[int], options: DenseOptions, last: bool) -> list[nn.Module]:
    """Linear layers through ``sizes``, with what follows a hidden layer after each; after the final one if ``last``."""
    modules: list[nn.Module] = []
    for i, (n_in, n_out) in enumerate(itertools.pairwise(sizes)):
        modules.append(nn.Linear(n_in, n_out))
        modules += options.after(n_out) if last or i < len(sizes) - 2 else []
    return modules


def dense_decoder(
    event_shape: tuple[int, ...], hidden: Sequence[int], latent_dim: int, options: DenseOptions
) -> list[nn.Module]:
    """Layers from a code to the event before its output function; ``hidden`` as the encoder has it."""
    modules = dense_layers([latent_dim, *reversed(hidden), math.prod(event_shape)], options, last=False)
    return modules if len(event_shape) == 1 else [*modules, nn.Unflatten(1, event_shape)]


def image_sizes(event_shape: tuple[int, ...], levels: int) -> list[tuple[int, int]]:
    """(h, w) at each level of halving, rounding up: level 0 is the image itself. A line (1, w) is halved along w alone.

    Raises:
        RecipeError: the events are not images, or are too small for so many levels.
    """
    if len(event_shape) != 3:
        raise RecipeError(
            f"A convolutional body needs images, but the items have shape {event_shape}.",
            "Choose a dense family (undercomplete, stacked, or variational with a dense body) for tables; of windows "
            "of a series, say how many rows they have (model.window).",
        )
    sizes = [(event_shape[1], event_shape[2])]
    for _ in range(levels):
        if min(sizes[-1]) < 2 and (event_shape[1] > 1 or sizes[-1][1] < 2):
            raise RecipeError(
                f"Images of {event_shape[1]} x {event_shape[2]} cannot be halved {levels} times.",
                f"Give at most {len(sizes) - 1} channel counts."
                if len(sizes) > 1
                else "Choose a dense family or body.",
            )
        sizes.append(((sizes[-1][0] + 1) // 2, (sizes[-1][1] + 1) // 2))
    return sizes


def convolutional_encoder(
    event_shape: tuple[int, ...],
    channels: Sequence[int],
    downsampling: Downsampling,
    activation: str,
    batch_norm: bool,
    residual_blocks: int = 0,
) -> tuple[list[nn.Module], int]:
    """The layers of ``halving_layers``, then flattened.

    Returns:
        The layers, and the number of features they end in.
    """
    modules = halving_layers(event_shape, channels, downsampling, activation, batch_norm, residual_blocks)
    return [*modules, nn.Flatten()], channels[-1] * math.prod(image_sizes(event_shape, len(channels))[-1])


def halving_layers(
    event_shape: tuple[int, ...],
    channels: Sequence[int],
    downsampling: Downsampling,
    activation: str,
    batch_norm: bool,
    residual_blocks: int = 0,
) -> list[nn.Module]:
    """3x3 convolutions (3 along a line) that halve the map once for each entry of ``channels``, and their blocks."""
    sizes = image_sizes(event_shape, len(channels))
    modules: list[nn.Module] = []
    c_in = event_shape[0]
    for c_out in channels:
        stride = 2 if downsampling == "strided" else 1
        modules += _convolution(
            _by_three(c_in, c_out, sizes[0][0] == 1, stride, bias=not batch_norm),
            c_out,
            activation,
            batch_norm,
            _map_blocks(residual_blocks, c_out, activation, batch_norm, sizes[0][0] == 1),
        )
        if downsampling == "pooled":
            modules.append(Pool())
        c_in = c_out
    return modules


def convolutional_decoder(
    event_shape: tuple[int, ...],
    channels: Sequence[int],
    upsampling: Upsampling,
    latent_dim: int,
    activation: str,
    batch_norm: bool,
    residual_blocks: int = 0,
) -> list[nn.Module]:
    """The way back: a linear layer to the smallest map, then the layers of ``doubling_layers``."""
    smallest = (channels[-1], *image_sizes(event_shape, len(channels))[-1])
    return [
        nn.Linear(latent_dim, math.prod(smallest)),
        ACTIVATIONS[activation](),
        nn.Unflatten(1, smallest),
        *doubling_layers(event_shape, channels, upsampling, activation, batch_norm, residual_blocks),
    ]


def doubling_layers(
    event_shape: tuple[int, ...],
    channels: Sequence[int],
    upsampling: Upsampling,
    activation: str,
    batch_norm: bool,
    residual_blocks: int = 0,
) -> list[nn.Module]:
    """One doubling for each entry of ``channels``, from the smallest map to the event before its output function.

    ``upsampling`` is nearest upsampling and a 3x3 convolution (Odena et al. 2016); ``transposed`` a transposed
    convolution whose kernel is a multiple of its stride where the size is even; ``unpooling`` fixed unpooling and
    a 3x3 convolution. ``channels`` as the encoder has it.
    """
    sizes = image_sizes(event_shape, len(channels))
    is_line = sizes[0][0] == 1
    modules: list[nn.Module] = []
    outs = [*reversed(channels[:-1]), event_shape[0]]
    for i, (c_in, c_out) in enumerate(zip(reversed(channels), outs, strict=True)):
        size = sizes[len(channels) - 1 - i]
        last = i == len(channels) - 1
        bias = last or not batch_norm
        layer: nn.Module
        if upsampling == "transposed":
            # kernel 4 doubles, kernel 3 gives an odd size: both without padding the output.
            kernel = tuple(4 if n % 2 == 0 else 3 for n in size)
            if is_line:
                layer = nn.ConvTranspose2d(c_in, c_out, (1, kernel[1]), (1, 2), (0, 1), bias=bias)
            else:
                layer = nn.ConvTranspose2d(c_in, c_out, (kernel[0], kernel[1]), 2, 1, bias=bias)
        else:
            modules.append(nn.Upsample(size=size, mode="nearest") if upsampling == "upsampling" else Unpool(size))
            layer = _by_three(c_in, c_out, is_line, 1, bias)
        within = _map_blocks(residual_blocks, c_out, activation, batch_norm, is_line)
        modules += [layer] if last else _convolution(layer, c_out, activation, batch_norm, within)
    return modules


def _by_three(c_in: int, c_out: int, is_line: bool, stride: int, bias: bool) -> nn.Conv2d:
    """A convolution over three places in each direction that there is."""
    if is_line:
        return nn.Conv2d(c_in, c_out, (1, 3), (1, stride), (0, 1), bias=bias)
    return nn.Conv2d(c_in, c_out, 3, stride, 1, bias=bias)


def _map_blocks(count: int, channels: int, activation: str, batch_norm: bool, is_line: bool) -> list[nn.Module]:
    return [MapResidual(channels, ACTIVATIONS[activation], batch_norm, is_line) for _ in range(count)]


def _convolution(
    layer: nn.Module, channels: int, activation: str, batch_norm: bool, blocks: Sequence[nn.Module]
) -> list[nn.Module]:
    normalisation = [nn.BatchNorm2d(channels)] if batch_norm else []
    return [layer, *blocks, *normalisation, ACTIVATIONS[activation]()]
