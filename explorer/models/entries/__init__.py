"""Layers that a recipe may list one by one: values without code, from modules of torch and back.

A new one is a class in the file of its kind, and a line in ``ENTRIES``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Annotated, Any

from pydantic import Field, TypeAdapter
from torch import Tensor, nn

from explorer.models.branches import Branches
from explorer.models.entries.activations import ACTIVATION_ENTRIES
from explorer.models.entries.base import LayerEntry, UnknownLayerError
from explorer.models.entries.branches import BranchesEntry
from explorer.models.entries.convolutions import Conv2dEntry, ConvTranspose2dEntry
from explorer.models.entries.dense import LinearEntry
from explorer.models.entries.normalisation import (
    AffineEntry,
    BatchNorm1dEntry,
    BatchNorm2dEntry,
    GroupNormEntry,
    InstanceNorm2dEntry,
    LayerNormEntry,
)
from explorer.models.entries.resampling import (
    AdaptiveAvgPool2dEntry,
    AvgPool2dEntry,
    MaxPool2dEntry,
    PadEntry,
    PixelShuffleEntry,
    UpsampleEntry,
)
from explorer.models.entries.shapes import ColumnsEntry, FlattenEntry, PermuteEntry, ReshapeEntry

MAX_LAYERS = 1024
"""Of one list, those in branches included."""
MAX_DEPTH = 16
"""Of branches within branches."""

ENTRIES: tuple[type[LayerEntry], ...] = (
    LinearEntry,
    Conv2dEntry,
    ConvTranspose2dEntry,
    BatchNorm1dEntry,
    BatchNorm2dEntry,
    LayerNormEntry,
    GroupNormEntry,
    InstanceNorm2dEntry,
    AffineEntry,
    MaxPool2dEntry,
    AvgPool2dEntry,
    AdaptiveAvgPool2dEntry,
    UpsampleEntry,
    PixelShuffleEntry,
    PadEntry,
    FlattenEntry,
    ReshapeEntry,
    PermuteEntry,
    ColumnsEntry,
    BranchesEntry,
    *ACTIVATION_ENTRIES,
)
"""Every layer that a list may hold."""

AnyEntry: Any = Annotated[reduce(or_, ENTRIES), Field(discriminator="kind")]
Entries = tuple[AnyEntry, ...]
BranchesEntry.model_rebuild(_types_namespace={"AnyEntry": AnyEntry})
ENTRY: TypeAdapter[LayerEntry] = TypeAdapter(AnyEntry)

_OF_MODULE: dict[type[nn.Module], type[LayerEntry]] = {
    module: entry for entry in ENTRIES for module in entry.of_modules()
}
_LEFT_OUT = (nn.Identity, nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.AlphaDropout)
"""Layers that do nothing once a model is trained."""


def built(entries: Iterable[LayerEntry]) -> list[nn.Module]:
    """The modules of a list of layers, in order, with weights yet to be set."""
    return [entry.build() for entry in entries]


def with_weights(module: nn.Module) -> tuple[list[LayerEntry], list[nn.Module]]:
    """What a module of torch is as a list of layers, and modules of those layers with its weights.

    Containers (``nn.Sequential``) are opened; what does nothing once trained (dropout, identity) is left out.

    Raises:
        UnknownLayerError: a layer, named by its place and class, that no list may hold.
    """
    entries: list[LayerEntry] = []
    modules: list[nn.Module] = []
    for place, layer in _leaves(module, ""):
        entry, state = _entry(layer, place)
        copy = entry.build()
        copy.load_state_dict(state)
        entries.append(entry)
        modules.append(copy.eval())
    return entries, modules


def _entry(layer: nn.Module, place: str) -> tuple[LayerEntry, dict[str, Tensor]]:
    """A layer as a value, and its weights by the names of what that builds."""
    if isinstance(layer, Branches):
        branches: list[tuple[LayerEntry, ...]] = []
        state: dict[str, Tensor] = {}
        for number, branch in enumerate(layer.branches):
            entries, modules = with_weights(branch)
            branches.append(tuple(entries))
            state |= nn.Sequential(*modules).state_dict(prefix=f"branches.{number}.")
        return BranchesEntry(join=layer.join, branches=tuple(branches)), state
    known = _OF_MODULE.get(type(layer))
    if known is None:
        raise UnknownLayerError(place, type(layer).__name__, "layers of this class are not known")
    return known.of(layer, place), layer.state_dict()


def _leaves(module: nn.Module, place: str) -> Iterable[tuple[str, nn.Module]]:
    if type(module) is nn.Sequential:
        for name, child in module.named_children():
            yield from _leaves(child, f"{place}.{name}" if place else name)
    elif not isinstance(module, _LEFT_OUT):
        yield place or type(module).__name__, module


def check_size(entries: Sequence[LayerEntry]) -> None:
    """Raise ValueError for more layers, or branches further in, than any model has."""
    if sum(entry.layers() for entry in entries) > MAX_LAYERS:
        raise ValueError(f"a list holds at most {MAX_LAYERS} layers")
    if max((entry.depth() for entry in entries), default=0) > MAX_DEPTH:
        raise ValueError(f"branches lie at most {MAX_DEPTH} deep")


__all__ = [
    "ENTRIES",
    "ENTRY",
    "AnyEntry",
    "Entries",
    "LayerEntry",
    "UnknownLayerError",
    "built",
    "check_size",
    "with_weights",
]
