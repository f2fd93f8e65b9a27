"""Layers of a list that move values and change none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from jaxtyping import Float
from pydantic import Field, model_validator
from torch import Tensor, nn

from explorer.models.entries.base import Count, LayerEntry, Size


class FlattenEntry(LayerEntry):
    """All values of an item in one row."""

    kind: Literal["flatten"] = "flatten"

    @classmethod
    def of_modules(cls) -> Iterable[type[nn.Module]]:
        return (nn.Flatten,)

    @classmethod
    def settings_of(cls, module: Any) -> dict[str, Any]:
        whole = module.start_dim == 1 and module.end_dim == -1
        return {} if whole else {"start_dim": module.start_dim, "end_dim": module.end_dim}

    def build(self) -> nn.Module:
        return nn.Flatten()


class Reshape(nn.Module):
    """The values of each item in another shape, in the same order."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.shape = shape

    def forward(self, x: Float[Tensor, "n *shape"]) -> Float[Tensor, "n *shape2"]:
        return x.reshape(x.shape[0], *self.shape)

    def extra_repr(self) -> str:
        return f"{self.shape}"


class ReshapeEntry(LayerEntry):
    """The values of an item in another shape, in the same order."""

    kind: Literal["reshape"] = "reshape"
    shape: Annotated[tuple[Size, ...], Field(min_length=1, max_length=6)]

    @classmethod
    def of_modules(cls) -> Iterable[type[nn.Module]]:
        return (Reshape, nn.Unflatten)

    @classmethod
    def settings_of(cls, module: Any) -> dict[str, Any]:
        if isinstance(module, Reshape):
            return {"shape": module.shape}
        whole = {"shape": tuple(module.unflattened_size)}
        return whole if module.dim == 1 else whole | {"dim": module.dim}

    def build(self) -> nn.Module:
        return Reshape(self.shape)


class Permute(nn.Module):
    """The axes of each item in another order."""

    def __init__(self, axes: tuple[int, ...]) -> None:
        super().__init__()
        self.axes = axes

    def forward(self, x: Float[Tensor, "n *shape"]) -> Float[Tensor, "n *shape2"]:
        return x.permute(0, *(axis + 1 for axis in self.axes))

    def extra_repr(self) -> str:
        return f"{self.axes}"


class PermuteEntry(LayerEntry):
    """The axes of an item in another order: new axis i is the former ``axes[i]``."""

    kind: Literal["permute"] = "permute"
    axes: Annotated[tuple[Count, ...], Field(min_length=1, max_length=6)]

    @model_validator(mode="after")
    def _each_once(self) -> PermuteEntry:
        if sorted(self.axes) != list(range(len(self.axes))):
            raise ValueError(f"each axis once, not {self.axes}")
        return self

    @classmethod
    def of_modules(cls) -> Iterable[type[nn.Module]]:
        return (Permute,)

    def build(self) -> nn.Module:
        return Permute(self.axes)


class Columns(nn.Module):
    """A range of an item's first axis."""

    def __init__(self, start: int, stop: int) -> None:
        super().__init__()
        self.start, self.stop = start, stop

    def forward(self, x: Float[Tensor, "n d *shape"]) -> Float[Tensor, "n d2 *shape"]:
        return x[:, self.start : self.stop]

    def extra_repr(self) -> str:
        return f"{self.start}, {self.stop}"


class ColumnsEntry(LayerEntry):
    """Features or channels from ``start`` up to ``stop``."""

    kind: Literal["columns"] = "columns"
    start: Count
    stop: Size

    @model_validator(mode="after")
    def _some(self) -> ColumnsEntry:
        if self.start >= self.stop:
            raise ValueError(f"no columns from {self.start} to {self.stop}")
        return self

    @classmethod
    def of_modules(cls) -> Iterable[type[nn.Module]]:
        return (Columns,)

    def build(self) -> nn.Module:
        return Columns(self.start, self.stop)
