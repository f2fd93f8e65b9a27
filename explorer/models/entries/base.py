"""What each layer of a list is: a frozen value that builds a module of torch, and can be read from one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from torch import nn

from explorer.core.errors import RecipeError

MAX_SIZE = 1 << 20
"""Of features, channels and sides: a file that says more is not believed."""


def pair(value: Any) -> Any:
    """A size for both axes as one for each."""
    return (value, value) if isinstance(value, int) else value


Size = Annotated[int, Field(ge=1, le=MAX_SIZE)]
Count = Annotated[int, Field(ge=0, le=MAX_SIZE)]
Sizes = Annotated[tuple[Size, Size], BeforeValidator(pair)]
Counts = Annotated[tuple[Count, Count], BeforeValidator(pair)]


class UnknownLayerError(RecipeError):
    """A layer of somebody's own model that no list may hold.

    Args:
        place: where it stands in the model.
        name: of its class or operation.
        reason: why not.
    """

    def __init__(self, place: str, name: str, reason: str) -> None:
        super().__init__(
            f"The layer {place} ({name}) cannot be kept: {reason}.",
            "Write it with layers that explorer.models.entries lists, or leave it outside the model.",
        )


class LayerEntry(BaseModel, ABC):
    """One layer: its kind and sizes, no weights and no code."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    kind: str

    @abstractmethod
    def build(self) -> nn.Module:
        """The layer, with weights yet to be set."""

    @classmethod
    def of_modules(cls) -> Iterable[type[nn.Module]]:
        """The classes of modules that ``of`` reads; none: it is never a module of torch."""
        return ()

    @classmethod
    def of(cls, module: Any, place: str) -> Self:
        """This layer as a value.

        Args:
            module: of one of the classes in ``of_modules``.
            place: where it stands, for the error.

        Raises:
            UnknownLayerError: it has a setting that no list may hold.
        """
        try:
            return cls.model_validate(cls.settings_of(module))
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"])
            raise UnknownLayerError(place, type(module).__name__, f"{field}: {first['msg']}") from error

    @classmethod
    def settings_of(cls, module: Any) -> dict[str, Any]:
        """The fields of a module; by default its attributes of the same names."""
        return {name: _attribute(module, name) for name in cls.model_fields if name != "kind"}

    def layers(self) -> int:
        """Layers in it, itself included."""
        return 1

    def depth(self) -> int:
        """How deep branches lie within one another; 0: there are none."""
        return 0


class TorchEntry(LayerEntry):
    """A layer that is a class of torch with arguments of the fields' names."""

    makes: ClassVar[type[nn.Module]]
    only: ClassVar[dict[str, Any]] = {}
    """Attributes that have no field, and the value that they must have."""

    @classmethod
    def of_modules(cls) -> Iterable[type[nn.Module]]:
        return (cls.makes,)

    @classmethod
    def settings_of(cls, module: Any) -> dict[str, Any]:
        others = {name: getattr(module, name) for name, value in cls.only.items() if getattr(module, name) != value}
        return super().settings_of(module) | others

    def build(self) -> nn.Module:
        return self.makes(**self.model_dump(exclude={"kind"}))


def _attribute(module: Any, name: str) -> Any:
    value = getattr(module, name)
    return value is not None if name == "bias" else value
