"""Denoising: noise is rubbed onto an item, and on points in the plane one sees where a denoiser pulls."""

from __future__ import annotations

import numpy as np
from pydantic.fields import FieldInfo

from explorer import noise
from explorer.browser.pack import MAX_BYTES, pack_reconstruction
from explorer.browser.scenes.scene import Lead, Material, Scene, SceneMessage
from explorer.browser.schema import File, Float32, Number, Part
from explorer.checkpoints import Card
from explorer.data import as_float
from explorer.noise.base import Noise

ITEMS = 20
FEWEST_PHOTONS, MOST_PHOTONS = 1, 60
"""Of the brush: with more photons the noise can no longer be seen."""


class Brush(Part):
    """A corruption that can be rubbed on.

    Args:
        kind: its name in recipes.
        title: its name on pages.
        level: what its slider says.
        low, high, step, start: of that slider.
    """

    kind: str
    title: str
    level: str
    low: Number
    high: Number
    step: Number
    start: Number


class Denoising(SceneMessage):
    """A denoising autoencoder, items to damage, and the brushes.

    Args:
        pack: encoder and decoder in one.
        shape: (C, H, W) of an item.
        items: (n, C, H, W) in [0, 1].
        trained: what the model saw in training.
        kind: of that corruption.
        split: what the items are to the model.
        brushes: every corruption of the registry.
    """

    pack: File
    shape: tuple[int, int, int]
    items: Float32
    trained: str
    kind: str
    split: str
    brushes: tuple[Brush, ...]


def matches(card: Card) -> bool:
    """Whether a checkpoint is a denoising one of small pictures that a browser can run."""
    return (
        card.recipe.corruption is not None
        and card.data.kind == "image"
        and card.recipe.model.family != "photo"
        and 4 * card.weights <= MAX_BYTES
    )


def prepare(material: Material | None) -> Denoising:
    """The scene's message."""
    assert material is not None  # noqa: S101 - a scene with ``matches`` gets one
    corruption = material.checkpoint.card.recipe.corruption
    assert corruption is not None  # noqa: S101 - what makes it of this kind
    return Denoising(
        pack=pack_reconstruction(material.checkpoint.model),
        shape=material.checkpoint.event_shape,
        rows=material.first(ITEMS),
        items=as_float(material.x(ITEMS)).numpy(),
        trained=f"{corruption.title.lower().replace('gaussian', 'Gaussian').replace('poisson', 'Poisson')} "
        f"({_level_title(type(corruption)).lower()} {getattr(corruption, corruption.level_field):g})",
        kind=corruption.kind,
        split=material.split.split(",")[0],
        brushes=tuple(_brush(kind, corruption) for kind in noise.REGISTRY.values()),
    )


def _field(kind: type[Noise]) -> FieldInfo:
    return kind.model_fields[kind.level_field]


def _level_title(kind: type[Noise]) -> str:
    return _field(kind).title or kind.level_field


def _brush(kind: type[Noise], trained: Noise) -> Brush:
    field = _field(kind)
    low, high = (next(float(getattr(m, side)) for m in field.metadata if hasattr(m, side)) for side in ("ge", "le"))
    is_count = kind.level_field == "peak"
    own = trained if isinstance(trained, kind) else kind()
    return Brush(
        kind=kind.model_fields["kind"].default,
        title=kind.title,
        level=_level_title(kind),
        low=max(low, FEWEST_PHOTONS) if is_count else low,
        high=min(high, MOST_PHOTONS) if is_count else high,
        step=1 if is_count else 0.05,
        start=float(np.clip(getattr(own, kind.level_field), low, min(high, MOST_PHOTONS))),
    )


SCENE = Scene(
    name="denoising",
    number=6,
    title="Denoising",
    sentence="**Rub noise** onto the digit: what comes back follows your hand. Then press **Train**, and see where a "
    "denoiser pulls each place of the plane.",
    for_tables="It shows pictures, because noise can be rubbed onto them. For rows it is columns that get noise, or "
    "are set to 0; the points below are rows with two columns.",
    message=Denoising,
    prepare=prepare,
    leads=(
        Lead("denoise", "Clean this picture with it", {"denoise_what": "Items of the model"}),
        Lead("train", "Train one", {"recipe": "mnist-denoising-32d"}),
    ),
    matches=matches,
    recipe="mnist-denoising-32d",
)
