"""Home's tiles as Python: a picture of each page, of the current model and items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from explorer.data.splits import SPLITS
from explorer.export.program import DataCode, data_code, program


@dataclass(frozen=True)
class DenoisedCode:
    """The items that a tile has denoised.

    Args:
        checkpoint: name or path of the model.
        dataset: name or path, or how it was opened.
        split: of the items, as in ``latent_space_code``.
        items: at most so many of them, spread over all; the first two of ``class_by_class`` are shown.
        noise: a corruption's fields with its ``kind``, as in a recipe.
    """

    checkpoint: str
    dataset: str | DataCode
    split: str
    items: int
    noise: Mapping[str, object]


def with_tiles(
    code: str, split: str, items: int, steps: int, others: Sequence[str], denoised: DenoisedCode | None
) -> str:
    """The Python of the map, and what each tile shows, in their order.

    Args:
        code: of the map, that leaves ``model`` and ``data``.
        split: of the items, as in ``latent_space_code``.
        items: tiles are of at most so many, spread over all.
        steps: codes of the path from the first to the last of them.
        others: models that the first item is rebuilt by as well.
        denoised: items for the tile of noise; None: it shows none.
    """
    lines = [
        *_few(split, items),
        "from explorer.latent import interpolation",
        "from explorer.latent.projection import REGISTRY",
        "z_few = model.encode(few)",
        "small_map = z_few if model.latent_dim == 2 else REGISTRY['pca']().fit_transform(z_few)  # See inside",
        *_denoised(denoised),
        "errors = model.reconstruction_errors(few)  # Find what is odd",
        "oddest = np.argsort(errors)[::-1][:2]",
        f"path = model.decode(interpolation.linear_path(z_few[0], z_few[-1], {steps}))  # Make new ones",
        "losses = [epoch['train']['total'] for epoch in model.card.history if epoch.get('train')]  # Train your own",
        "first = few[class_by_class(labels, len(few), 1)]  # Compare",
        f"rebuilt = [one.reconstruct(first) for one in [model, *map(explorer.load, {list(others)!r})]]",
    ]
    return program([*code.splitlines(), *lines])


def _few(split: str, items: int, few: str = "few", labels: str = "labels", data: str = "data") -> list[str]:
    """Some items, and their labels."""
    rows = f"{data}.splits.{split}" if split in SPLITS else f"np.arange(len({data}))"
    return [
        "import numpy as np",
        "from explorer.core.row_samples import spread_sample",
        "from explorer.views.items import class_by_class",
        f"chosen = spread_sample({rows}, {items})",
        f"{few} = {data}.x[chosen]",
        f"{labels} = None if {data}.labels is None else np.asarray({data}.labels)[chosen]",
    ]


def _denoised(asked: DenoisedCode | None) -> list[str]:
    if asked is None:
        return []
    fields = ", ".join(f"{name}={value!r}" for name, value in asked.noise.items() if name != "kind")
    return [
        "from explorer import denoising, noise",
        f"denoiser = explorer.load({asked.checkpoint!r})  # Clean a picture",
        *data_code(asked.dataset).lines("pictures", asked.checkpoint),
        *_few(asked.split, asked.items, "x", "of_classes", "pictures"),
        "x = x[class_by_class(of_classes, len(x), 2)]",
        f"noisy = denoising.add_noise(x, noise.REGISTRY[{asked.noise['kind']!r}]({fields}))",
        "clean = denoising.denoise(denoiser, noisy)",
    ]
