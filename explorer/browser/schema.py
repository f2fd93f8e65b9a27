"""What a component's script gets and what it reports, as types that both sides are checked against.

A message is a frozen pydantic model; its arrays and files travel as bytes beside the JSON text (``envelope.py``). The
scripts' types are written from the same models (``declarations.py``): a field renamed on one side alone fails a check.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    SerializationInfo,
    Strict,
    ValidationError,
)
from pydantic_core import CoreSchema, core_schema

from explorer.browser import envelope

TYPESCRIPT = "typescript"
"""In a JSON schema: the type that the browser sees."""


class Part(BaseModel):
    """A value inside a message."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, json_schema_serialization_defaults_required=True
    )


class Message(Part):
    """All that the script of one component gets."""

    def seal(self) -> bytes:
        """The message as one blob; see ``envelope.seal``."""
        sections = envelope.Sections()
        return envelope.seal(self.model_dump(context=sections), sections)


class Report(Part):
    """What a component's script says. It comes from a browser and is not trusted."""

    NAME: ClassVar[str]
    """Under which the script reports it."""

    @classmethod
    def read(cls, said: Any) -> Self | None:
        """The report; None where nothing was said, or something else than the script says."""
        try:
            return cls.model_validate(said)
        except ValidationError:
            return None


@dataclass(frozen=True)
class Component:
    """The contract between Python and one component's script.

    Args:
        name: of its folder.
        message: what the script gets.
        states: what it reports; the last report of each is kept and comes with every rerun.
        events: what it tells once.
    """

    name: str
    message: type[Message]
    states: tuple[type[Report], ...] = ()
    events: tuple[type[Report], ...] = ()


# --- Arrays and files -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Section:
    """Marks a field that travels as bytes.

    Args:
        array: what the browser reads it as, such as ``Float32Array``.
        dtype: of the NumPy array; empty for bytes as they are.
    """

    array: str
    dtype: str = ""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        write = core_schema.plain_serializer_function_ser_schema(self._write, info_arg=True)
        return core_schema.no_info_plain_validator_function(self._checked, serialization=write)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {TYPESCRIPT: f"Section<{self.array}<ArrayBuffer>>"}

    def _checked(self, value: Any) -> Any:
        if self.dtype:
            return np.ascontiguousarray(value, dtype=self.dtype)
        if not isinstance(value, bytes):
            raise ValueError("Bytes are needed.")
        return value

    def _write(self, value: Any, info: SerializationInfo) -> Any:
        if not isinstance(info.context, envelope.Sections):
            return value
        if self.dtype:
            return info.context.add(value.tobytes(), self.array, value.shape)
        return info.context.add(value, self.array, (len(value),))


Float32 = Annotated[np.ndarray, Section("Float32Array", "<f4")]
Float64 = Annotated[np.ndarray, Section("Float64Array", "<f8")]
Uint8 = Annotated[np.ndarray, Section("Uint8Array", "|u1")]
Uint16 = Annotated[np.ndarray, Section("Uint16Array", "<u2")]
Uint32 = Annotated[np.ndarray, Section("Uint32Array", "<u4")]
File = Annotated[bytes, Section("Uint8Array")]
"""A PNG, or what ``pack`` has written."""

# --- Numbers ----------------------------------------------------------------------------------------------------------


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray) else value


def _whole(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("A number is needed.")
    return value


Number = Annotated[float, Strict()]
Numbers = Annotated[tuple[Number, ...], BeforeValidator(_plain)]
"""A list, a tuple or a (n,) array."""
Whole = Annotated[int, BeforeValidator(_whole), Field(ge=0, lt=2**53)]
"""A number without a fraction, from 0, which JavaScript holds exactly."""
