"""Checkpoints: one .safetensors file with the weights and, in its header, a JSON card that says what they are.

Loading never runs code from the file: the card is checked first (version, sizes, shapes), then the tensors are read.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import struct
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from pydantic import BaseModel, ConfigDict, ValidationError
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors
from torch import Tensor

from explorer.core import places
from explorer.core.errors import CheckpointError, ExplorerError
from explorer.data.base import as_float
from explorer.models import REGISTRY, Autoencoder
from explorer.recipe import Recipe

FORMAT_VERSION = 1
CARD_KEY = "explorer_card"
DETECTOR_KEY = "explorer_detector"
"""What novelty detectors, which hold models too, have in the card's place."""
MAX_HEADER_BYTES = 64 << 20
MAX_FILE_BYTES = 4 << 30
MAX_EVENT_VALUES = 1 << 24
BATCH_SIZE = 512


class Metric(BaseModel):
    """A figure with what a reader needs to believe it."""

    # A figure can be infinite (a PSNR of equal images), and JSON has no number for that.
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")

    name: str
    value: float
    unit: str
    split: str
    n: int
    low: float | None = None
    high: float | None = None


class DataCard(BaseModel):
    """What a model was trained on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    kind: Literal["image", "table"]
    event_shape: tuple[int, ...]
    label_names: tuple[str, ...] = ()
    feature_names: tuple[str, ...] = ()
    fingerprint: str
    licence: str
    source: str
    splits: str
    n_train: int
    n_validation: int


class LatentStatistics(BaseModel):
    """Where the codes of training items lie: for samplers and slider ranges.

    ``quantiles[i][d]`` is the quantile at ``levels[i]`` of dimension d; ``covariance`` is left out of large codes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    n: int
    split: str
    mean: tuple[float, ...]
    std: tuple[float, ...]
    covariance: tuple[tuple[float, ...], ...] | None
    levels: tuple[float, ...]
    quantiles: tuple[tuple[float, ...], ...]


class Card(BaseModel):
    """Everything about a checkpoint that is not its weights."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="strings")

    format_version: int = FORMAT_VERSION
    recipe: Recipe
    data: DataCard
    weights: int
    metrics: tuple[Metric, ...] = ()
    history: tuple[dict[str, Any], ...] = ()
    best_epoch: int = 0
    finished: str = ""
    kl_per_dimension: tuple[float, ...] | None = None
    latent: LatentStatistics | None = None
    calibration: tuple[float, ...] = ()
    """Sorted reconstruction errors of validation items, thinned to at most 1,000."""
    versions: dict[str, str] = {}
    created: str = ""
    training_seconds: float = 0.0
    device: str = ""
    licence: str = ""

    @property
    def name(self) -> str:
        return self.recipe.name

    @property
    def title(self) -> str:
        return self.recipe.display_title

    @property
    def has_vector_code(self) -> bool:
        """Whether its family encodes an item to one vector and back; a photo denoiser does not."""
        return REGISTRY[self.recipe.model.family][1].has_vector_code

    def metric(self, name: str, split: str = "test") -> Metric | None:
        """The figure of that name on that split, if the card has it."""
        return next((m for m in self.metrics if m.name == name and m.split == split), None)


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A model and its card, as loaded; arrays in, arrays out.

    Items may be uint8 (divided by 255) or float; codes and results are float32 arrays.
    """

    model: Autoencoder
    card: Card

    @property
    def name(self) -> str:
        return self.card.name

    @property
    def event_shape(self) -> tuple[int, ...]:
        return self.model.event_shape

    @property
    def latent_dim(self) -> int:
        return self.model.latent_dim

    @cached_property
    def fingerprint(self) -> str:
        """sha256 over the weights (names, types, shapes, values) and the card, 64 hex digits; computed once."""
        digest = hashlib.sha256(self.card.model_dump_json().encode())
        for name, tensor in self.model.state_dict().items():
            values = tensor.detach().cpu().contiguous().numpy()
            digest.update(f"{name}|{values.dtype.str}|{values.shape}".encode())
            digest.update(values.data)
        return digest.hexdigest()

    @cached_property
    def is_variational(self) -> bool:
        return hasattr(self.model, "posterior")

    def encode(self, x: np.ndarray | Tensor) -> np.ndarray:
        """(N, *event) -> (N, latent_dim) codes; the posterior's mean, for a variational model."""
        return self._map(self.model.encode, self.tensor(x))

    def decode(self, z: np.ndarray | Tensor | Sequence[Sequence[float]]) -> np.ndarray:
        """(N, latent_dim) -> (N, *event) in the units of the data; images in [0, 1]."""
        codes = torch.as_tensor(np.asarray(z), dtype=torch.float32)
        if codes.ndim != 2 or codes.shape[1] != self.latent_dim:
            raise ExplorerError(
                f"Codes of shape {tuple(codes.shape)} do not fit {self.name}.", f"Give (N, {self.latent_dim}) values."
            )
        return self._map(self.model.decode, codes)

    def reconstruct(self, x: np.ndarray | Tensor) -> np.ndarray:
        """(N, *event) -> (N, *event): the model's ``forward``."""
        return self._map(self.model, self.tensor(x))

    def posterior(self, x: np.ndarray | Tensor) -> tuple[np.ndarray, np.ndarray]:
        """(N, latent_dim) mean and log variance of a variational model's posterior.

        Raises:
            ExplorerError: the model has none.
        """
        if not self.is_variational:
            raise ExplorerError(f"{self.name} has no posterior: it is not a variational autoencoder.")
        both = self._map(lambda x: torch.cat(self.model.posterior(x), 1), self.tensor(x))  # type: ignore[operator]
        return both[:, : self.latent_dim], both[:, self.latent_dim :]

    def reconstruction_errors(self, x: np.ndarray | Tensor) -> np.ndarray:
        """(N,) squared error of each item, summed over pixels, or over columns in standard deviations."""
        return self._map(lambda x: self.model.reconstruction_error(x, self.model(x)), self.tensor(x))

    def tensor(self, x: np.ndarray | Tensor) -> Tensor:
        """Items as the model takes them: (N, *event) float32, uint8 divided by 255.

        Raises:
            ExplorerError: they do not fit the model.
        """
        items = x.float() if isinstance(x, Tensor) else as_float(np.asarray(x))
        if tuple(items.shape[1:]) != self.event_shape:
            raise ExplorerError(
                f"Items of shape {tuple(items.shape[1:])} do not fit {self.name}, which takes {self.event_shape}.",
                "Choose data of that shape, or another checkpoint.",
            )
        return items

    @torch.inference_mode()
    def _map(self, function: Any, x: Tensor) -> np.ndarray:
        if not len(x):
            return np.concatenate([function(torch.zeros(1, *x.shape[1:])).numpy()])[:0]
        return np.concatenate([function(batch).numpy() for batch in x.split(BATCH_SIZE)])


def folders() -> list[Path]:
    """Where checkpoints are looked for by name; new ones are saved in the first.

    The user's own (``places.own`` says which), then those that come with the program; in a clone they are one.
    """
    return list(dict.fromkeys([places.own("checkpoints"), places.shipped("checkpoints")]))


def available() -> dict[str, Path]:
    """Name -> file of every checkpoint in ``folders()``, by name; the first folder wins."""
    found: dict[str, Path] = {}
    for folder in folders():
        for path in sorted(folder.glob("*.safetensors")):
            found.setdefault(path.stem, path)
    return dict(sorted(found.items()))


def find(name_or_path: str | os.PathLike[str]) -> Path:
    """The file of a checkpoint given by name or path.

    Raises:
        CheckpointError: there is none.
    """
    path = Path(name_or_path)
    if path.suffix == ".safetensors" or path.is_file():
        if path.is_file():
            return path
        raise CheckpointError(f"There is no file {path}.", "Check the path.")
    known = available()
    if str(name_or_path) in known:
        return known[str(name_or_path)]
    raise CheckpointError(
        f"There is no checkpoint called {str(name_or_path)!r}.",
        f"Known: {', '.join(known)}." if known else "Train one first: python -m explorer train recipes/NAME.toml",
    )


def load(source: str | os.PathLike[str] | bytes, name: str = "the file") -> Checkpoint:
    """Load a checkpoint on the CPU, ready for use (evaluation mode, float32).

    Args:
        source: a name in ``checkpoints/``, a path, or a file's bytes.
        name: what to call bytes in an error.

    Raises:
        CheckpointError: not a checkpoint of this program or not of this version; says what the file is instead.
    """
    if isinstance(source, bytes):
        content = source
    else:
        path = find(source)
        name = str(path)
        try:
            if path.stat().st_size > MAX_FILE_BYTES:
                raise CheckpointError(f"{name} is larger than {MAX_FILE_BYTES >> 30} GiB.", "No checkpoint is.")
            content = path.read_bytes()
        except OSError as error:
            raise CheckpointError(f"Cannot read {name}: {error.strerror}.", "Check the file's permissions.") from error
    card = _read_card(content, name)
    return Checkpoint(build(card, _tensors(content, name), name), card)


def load_card(source: str | os.PathLike[str]) -> Card:
    """Read the card alone: quick, for lists.

    Raises:
        CheckpointError: as ``load``.
    """
    path = find(source)
    return _read_card(_read_header(path), str(path))


def read_metadata(path: Path) -> dict[str, str]:
    """What stands beside the tensors in a safetensors file's header, without reading the tensors.

    Raises:
        CheckpointError: not a whole safetensors file.
    """
    return _header(_read_header(path), str(path)).get("__metadata__", {})


def _read_header(path: Path) -> bytes:
    """The start of a whole file: its length and header."""
    try:
        with path.open("rb") as file:
            start = file.read(8)
            length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0
            content = start + file.read(min(length, MAX_HEADER_BYTES))
            size = file.seek(0, os.SEEK_END)
    except OSError as error:
        raise CheckpointError(f"Cannot read {path}: {error.strerror}.", "Check the file's permissions.") from error
    if len(content) + _data_bytes(_header(content, str(path)), str(path)) != size:
        raise _cut_off(str(path))
    return content


def save(checkpoint: Checkpoint, path: str | os.PathLike[str], half: bool = False) -> Path:
    """Write a checkpoint beside its place and move it in, so that a crash leaves the old one.

    Args:
        half: store float16 weights (loading gives float32): half the size, figures to be measured after loading.

    Raises:
        CheckpointError: the file cannot be written (a full disk, no permission).
    """
    state = {k: v.detach().cpu().contiguous() for k, v in checkpoint.model.state_dict().items()}
    if half:
        state = {k: v.half() if v.is_floating_point() else v for k, v in state.items()}
    return write_tensors(path, state, {CARD_KEY: checkpoint.card.model_dump_json()})


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


def read_tensors(source: Path | bytes, name: str = "the file") -> tuple[dict[str, Tensor], dict[str, str]]:
    """Tensors and metadata of a safetensors file that this program wrote.

    Args:
        source: the file's path, or its bytes.
        name: what to call bytes in an error.

    Raises:
        CheckpointError: not a whole safetensors file.
    """
    if isinstance(source, bytes):
        content = source
    else:
        name = str(source)
        try:
            content = source.read_bytes()
        except OSError as error:
            raise CheckpointError(f"Cannot read {name}: {error.strerror}.", "Check the path.") from error
    metadata = _header(content, name).get("__metadata__", {})
    return _tensors(content, name), metadata


def _header(content: bytes, name: str) -> dict[str, Any]:
    """The JSON header of a safetensors file, or an error that says what the file is instead."""
    # A header's length may start with the same bytes; its brace tells them apart.
    if content[8:9] != b"{" and content[:2] in (b"PK", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"):
        raise CheckpointError(
            f"{name} is a pickle (such as torch.save writes), not a safetensors file.",
            "Pickles can run code when they are opened, so they are never loaded; train or export it as .safetensors.",
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


def _read_card(content: bytes, name: str) -> Card:
    metadata = _header(content, name).get("__metadata__", {})
    if DETECTOR_KEY in metadata:
        raise CheckpointError(
            f"{name} is a novelty detector, not a checkpoint.", "Use it with: python -m explorer score"
        )
    text = metadata.get(CARD_KEY)
    if text is None:
        raise CheckpointError(
            f"{name} is a safetensors file of another program: it has no card.",
            "Choose a checkpoint that this program saved.",
        )
    try:
        values = json.loads(text)
        version = values["format_version"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise CheckpointError(f"{name} has a damaged card.", "Copy or download it again.") from error
    if version != FORMAT_VERSION:
        raise CheckpointError(
            f"{name} has a card of version {version!r}; this program reads version {FORMAT_VERSION}.",
            "Update Autoencoder Explorer, or save the checkpoint with this version.",
        )
    try:
        return Card.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise CheckpointError(f"{name} has a card whose field {field!r} is wrong: {first['msg']}.") from error


def build(card: Card, tensors: Mapping[str, Tensor], name: str) -> Autoencoder:
    """The model that a card describes, with these weights, ready for use.

    Args:
        tensors: the model's state.
        name: of the file, for errors.

    Raises:
        CheckpointError: the weights are not those that the card describes.
    """
    shape = card.data.event_shape
    if len(shape) not in (1, 3) or min(shape) < 1 or math.prod(shape) > MAX_EVENT_VALUES:
        raise CheckpointError(f"{name} says its items have shape {shape}, which cannot be.")
    try:
        # On the meta device nothing is allocated, so a card that lies about sizes costs nothing.
        with torch.device("meta"):
            expected = {k: tuple(v.shape) for k, v in card.recipe.model.build(shape).state_dict().items()}
    except ExplorerError as error:
        raise CheckpointError(f"{name} has a card that does not fit together: {error.message}", error.hint) from error
    found = {k: tuple(v.shape) for k, v in tensors.items()}
    if found != expected:
        wrong = next(k for k in sorted({*found, *expected}) if found.get(k) != expected.get(k))
        raise CheckpointError(
            f"{name} does not hold the weights its card describes:"
            f" {wrong!r} is {found.get(wrong, 'missing')}, not {expected.get(wrong, 'expected')}."
        )
    model = card.recipe.model.build(shape)
    model.load_state_dict({k: v.float() if v.is_floating_point() else v for k, v in tensors.items()})
    return model.eval().requires_grad_(False)


def _tensors(content: bytes, name: str) -> dict[str, Tensor]:
    try:
        return load_tensors(content)
    except SafetensorError as error:
        raise _cut_off(name) from error


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


def iter_cards() -> Iterator[tuple[str, Card | CheckpointError]]:
    """(name, card) of every checkpoint at hand; an unreadable file gives its error in the card's place."""
    for name, path in available().items():
        try:
            yield name, load_card(path)
        except CheckpointError as error:
            yield name, error
