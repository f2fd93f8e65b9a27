"""Which one when: the families side by side on one item, with what each was for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float

from explorer import checkpoints, denoising
from explorer.browser.scenes.scene import Lead, Material, Scene, SceneMessage
from explorer.browser.schema import Float32, Number, Part, Whole
from explorer.checkpoints import Card, VectorCheckpoint
from explorer.core.intervals import mean_interval
from explorer.data import as_float
from explorer.noise import GaussianNoise

ITEMS, MEASURED = 10, 500
"""Items that can be chosen, and items that errors are the mean of."""
NOISE = GaussianNoise(sigma=0.4)


@dataclass(frozen=True)
class Kind:
    """A kind of autoencoder.

    Args:
        title: its name.
        recipe: of the shipped one.
        purpose: what it was for.
        samples: whether new items can be drawn from it, and why.
    """

    title: str
    recipe: str
    purpose: str
    samples: str


NO_PRIOR = "no: nothing says which codes are likely"
KINDS = (
    Kind("Undercomplete", "mnist-undercomplete-32d", "few numbers that keep the most: features, novelty", NO_PRIOR),
    Kind("Stacked", "mnist-stacked-30d", "deep codes, learnt layer by layer where training at once fails", NO_PRIOR),
    Kind("Denoising", "mnist-denoising-32d", "clean what is noisy; codes that small damage does not move", NO_PRIOR),
    Kind("Convolutional", "mnist-convolutional-16d", "pictures: the same kernels everywhere, few weights", NO_PRIOR),
    Kind(
        "Variational",
        "mnist-conv-vae-16d",
        "new items, and a smooth map of codes",
        "yes: its codes were pressed to N(0, I)",
    ),
)


class Family(Part):
    """One kind, with what its model makes of the items.

    Args:
        title, purpose, samples: see ``Kind``.
        model: the model's title.
        recipe: where Train starts from.
        code_size: numbers in a code.
        weights: trained numbers.
        error: mean squared error an item, on clean ones, with the ends of its 95 % interval.
        noisy_error: that of what it makes of noisy ones, against the clean ones.
        rebuilt, cleaned, decoded: (n, C, H, W) of the items, of the noisy ones, and of codes drawn from N(0, I).
    """

    title: str
    purpose: str
    samples: str
    model: str
    recipe: str
    code_size: Whole
    weights: Whole
    error: tuple[Number, Number, Number]
    noisy_error: Number
    rebuilt: Float32
    cleaned: Float32
    decoded: Float32


class Which(SceneMessage):
    """The families on the same items.

    Args:
        shape: (C, H, W) of an item.
        items, noisy: (n, C, H, W), clean and with noise.
        damage: mean squared difference of a noisy item from its clean one.
        noise: of the noisy ones, in words.
        split: what the items are, and of how many errors are the mean.
        families: in the story's order.
    """

    shape: tuple[int, int, int]
    items: Float32
    noisy: Float32
    damage: Number
    noise: str
    split: str
    families: tuple[Family, ...]


def matches(card: Card) -> bool:
    """Whether a checkpoint is of the data that a model of each kind is shipped for."""
    return card.data.name == "mnist" and not card.recipe.data.classes and card.data.event_shape == (1, 28, 28)


def prepare(material: Material | None) -> Which:
    """The scene's message."""
    assert material is not None  # noqa: S101 - a scene with ``matches`` gets one
    x = as_float(material.x(MEASURED)).numpy()
    noisy = denoising.add_noise(x, NOISE)
    return Which(
        shape=material.checkpoint.event_shape,
        rows=material.first(ITEMS),
        items=x[:ITEMS],
        noisy=noisy[:ITEMS],
        damage=float(_errors(noisy, x).mean()),
        noise=f"Gaussian noise, sigma = {NOISE.sigma:g}",
        split=f"{material.split.split(',')[0]}, n = {len(x):,}",
        families=tuple(_family(kind, material.checkpoint, x, noisy) for kind in KINDS),
    )


def kind_of(card: Card) -> str:
    """The kind's title of a model."""
    return "Denoising" if card.recipe.corruption is not None else card.recipe.model.family.capitalize()


def _family(
    kind: Kind, current: VectorCheckpoint, x: Float[np.ndarray, "n *event"], noisy: Float[np.ndarray, "n *event"]
) -> Family:
    checkpoint = current if kind_of(current.card) == kind.title else checkpoints.load(kind.recipe)
    assert isinstance(checkpoint, VectorCheckpoint)  # noqa: S101 - every shipped one of these has a code
    rebuilt, cleaned = checkpoint.reconstruct(x), denoising.denoise(checkpoint, noisy)
    error = mean_interval(_errors(rebuilt, x))
    code_size = checkpoint.model.latent_dim
    z = torch.randn(ITEMS, code_size, generator=torch.Generator().manual_seed(0))
    return Family(
        title=kind.title,
        purpose=kind.purpose,
        samples=kind.samples,
        model=checkpoint.card.title,
        recipe=kind.recipe,
        code_size=code_size,
        weights=checkpoint.card.weights,
        error=(error.value, error.low, error.high),
        noisy_error=float(_errors(cleaned, x).mean()),
        rebuilt=rebuilt[:ITEMS],
        cleaned=cleaned[:ITEMS],
        decoded=checkpoint.decode(z.numpy()),
    )


def _errors(values: Float[np.ndarray, "n *event"], wanted: Float[np.ndarray, "n *event"]) -> Float[np.ndarray, " n"]:
    errors: np.ndarray = ((values - wanted) ** 2).reshape(len(wanted), -1).sum(1).astype(np.float64)
    return errors


SCENE = Scene(
    name="which",
    number=9,
    title="Which one when",
    sentence="**One item through all of them**: give it clean, give it with noise, or give them a random code, and "
    "see which kind is for what.",
    for_tables="It shows pictures, since all kinds can take these; of them only the convolutional ones need pictures.",
    message=Which,
    prepare=prepare,
    leads=(Lead("compare", "All models in figures"),),
    matches=matches,
    about_others=True,
    recipe="mnist-undercomplete-32d",
)
