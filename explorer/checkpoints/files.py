"""Safetensors files: read whole or by their header alone, within limits; written complete or not at all."""

from __future__ import annotations

import json
import os
import struct
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

from explorer.core.errors import CheckpointError

CARD_KEY = "explorer_card"
DETECTOR_KEY = "explorer_detector"
"""What novelty detectors, which hold models too, have in the card's place."""
MAX_HEADER_BYTES = 64 << 20
MAX_FILE_BYTES = 4 << 30


def read_metadata(path: Path) -> dict[str, Any]:
    """What stands beside the tensors in a safetensors file's header, without reading the tensors.

    Raises:
        CheckpointError: not a whole safetensors file.
    """
    return metadata_of(_read_header(path), str(path))


def _read_header(path: Path) -> bytes:
    """The start of a whole file: its length and header."""
    try:
        with path.open("rb") as file:
            start = file.read(8)
            length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
            content = start + file.read(min(length, MAX_HEADER_BYTES))
            size = file.seek(0, os.SEEK_END)
    except OSError as error:
        raise _unreadable(path, error) from error
    if len(content) + _data_bytes(_header(content, str(path)), str(path)) != size:
        raise _cut_off(str(path))
    return content


def write_tensors(path: str | os.PathLike[str], tensors: Mapping[str, Tensor], metadata: dict[str, str]) -> Path:
    """Write a safetensors file atomically: complete under its name, or not at all.

    Raises:
        CheckpointError: the file cannot be written.
    """
    return write_file(path, tensors_bytes(tensors, metadata))


def tensors_bytes(tensors: Mapping[str, Tensor], metadata: dict[str, str]) -> bytes:
    """What a safetensors file of these holds."""
    return save_tensors(dict(tensors), metadata)


def write_file(path: str | os.PathLike[str], content: bytes) -> Path:
    """Write a file beside its place and move it in: complete under its name, or not at all.

    Raises:
        CheckpointError: the file cannot be written; the one that was there is as it was.
    """
    path = Path(path)
    partial: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(partial, 0o644)
        os.replace(partial, path)
    except OSError as error:
        if partial:
            Path(partial).unlink(missing_ok=True)
        raise CheckpointError(
            f"Cannot write {path}: {error.strerror}.", "Free some space or choose another folder; nothing was replaced."
        ) from error
    return path


def read_tensors(source: Path | bytes, name: str = "the file") -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Tensors and metadata of a safetensors file that this program wrote.

    Args:
        source: the file's path, or its bytes.
        name: what to call bytes in an error.

    Raises:
        CheckpointError: not a whole safetensors file.
    """
    content = source if isinstance(source, bytes) else read_whole(source)
    name = name if isinstance(source, bytes) else str(source)
    metadata = metadata_of(content, name)
    return tensors_of(content, name), metadata


def read_whole(path: Path, limit: int | None = None) -> bytes:
    """A file's bytes.

    Raises:
        CheckpointError: it cannot be read, or has more than ``limit`` bytes.
    """
    try:
        if limit is not None and path.stat().st_size > limit:
            raise CheckpointError(f"{path} is larger than {limit >> 30} GiB.", "No checkpoint is.")
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error


def metadata_of(content: bytes, name: str) -> dict[str, Any]:
    """What stands beside the tensors in the bytes of a safetensors file.

    Raises:
        CheckpointError: not a safetensors file; says what it is instead.
    """
    return _header(content, name).get("__metadata__", {})


def tensors_of(content: bytes, name: str) -> dict[str, Tensor]:
    """The tensors in the bytes of a safetensors file.

    Raises:
        CheckpointError: they are not all there.
    """
    try:
        return load_tensors(content)
    except SafetensorError as error:
        raise _cut_off(name) from error


def _header(content: bytes, name: str) -> dict[str, Any]:
    """The JSON header of a safetensors file, or an error that says what the file is instead."""
    # A header's length may start with the same bytes; its brace tells them apart.
    is_pickled = content[:2] in (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")
    if content[8:9] != b"{" and (is_pickled or (content[:2] == b"PK" and b".pkl" in content[:200])):
        raise CheckpointError(
            f"{name} is a pickle (such as torch.save writes), not a safetensors file.",
            "Pickles can run code when they are opened, so they are never loaded, and weights of other programs have "
            "no card that says what they are. Load it into its own modules and keep those: explorer.adopt(NAME, "
            "encoder=..., decoder=..., data=...); or export it to ONNX: python -m explorer import MODEL.onnx --data D",
        )
    if len(content) < 9:
        raise CheckpointError(f"{name} is too short to be a safetensors file ({len(content)} bytes).", "Copy it again.")
    length = struct.unpack("<Q", content[:8])[0]
    if content[8:9] != b"{" or length > MAX_HEADER_BYTES:
        raise CheckpointError(f"{name} is not a safetensors file.", "Choose a checkpoint that this program saved.")
    if length + 8 > len(content):
        raise CheckpointError(f"{name} is cut off in its header.", "Copy or download it again.")
    try:
        header = json.loads(content[8 : 8 + length])
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"{name} has a damaged header.", "Copy or download it again.") from error
    if not isinstance(header, dict) or not isinstance(header.get("__metadata__", {}), dict):
        raise CheckpointError(f"{name} has a damaged header.", "Copy or download it again.")
    return header


def _data_bytes(header: dict[str, Any], name: str) -> int:
    """How many bytes of tensors follow a safetensors header."""
    try:
        return max((int(entry["data_offsets"][1]) for key, entry in header.items() if key != "__metadata__"), default=0)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise CheckpointError(f"{name} has a damaged header.", "Copy or download it again.") from error


def _cut_off(name: str) -> CheckpointError:
    return CheckpointError(
        f"{name} is cut off or damaged: its tensors are not all there.", "Copy or download it again."
    )


def _unreadable(path: Path, error: OSError) -> CheckpointError:
    return CheckpointError(f"Cannot read {path}: {error.strerror}.", "Check the path and the file's permissions.")
