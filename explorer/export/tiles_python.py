"""Home's tiles as Python: a picture of each page, of the current model and items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from explorer.export.program import DataCode, data_code, opened, program, rows_of


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


@dataclass(frozen=True)
class KindCode:
    """The items by which Home shows one of the five autoencoders.

    Args:
        kind: "undercomplete", "stacked", "denoising", "convolutional" or "variational".
        checkpoint, dataset, split, items: as of ``DenoisedCode``.
        noise: what the model was trained to remove, added to the shown item; None: nothing.
        sampled: so many samples of the prior are decoded instead; 0: an item is rebuilt.
        seed: of these.
    """

    kind: str
    checkpoint: str
    dataset: str | DataCode
    split: str
    items: int
    noise: Mapping[str, object] | None = None
    sampled: int = 0
    seed: int = 0


def with_kinds(code: str, kinds: Sequence[KindCode]) -> str:
    """More lines that leave ``five``: kind -> the pictures that Home shows of it.

    Args:
        code: that they follow; may be empty.
        kinds: those of which there is a checkpoint.
    """
    lines = ["five = {}  # the five autoencoders"] if kinds else []
    for one in kinds:
        lines += ["import explorer", f"network = {opened(one.checkpoint)}"]
        if one.sampled:
            lines.append("from explorer.latent import sampling")
            drawn = f"sampling.sample_prior(network, {one.sampled}, seed={one.seed})"
            lines.append(f"five[{one.kind!r}] = network.decode({drawn})")
            continue
        of_split = rows_of(one.split, one.checkpoint, "those", "network")
        lines += [
            *data_code(one.dataset).lines("those", one.checkpoint),
            *_few(
                of_split,
                one.items,
                "x_of_kind",
                "labels_of_kind",
                "those",
            ),
            "from explorer.io import images",
            "x_of_kind = images.to_float(x_of_kind[class_by_class(labels_of_kind, len(x_of_kind), 1)])",
        ]
        if one.noise is not None:
            lines += ["from explorer import denoising, noise",
                      f"x_of_kind = denoising.add_noise(x_of_kind, {_noise(one.noise)})"]  # fmt: skip
        lines.append(f"five[{one.kind!r}] = np.concatenate([x_of_kind, network.reconstruct(x_of_kind)])")
    return program([*code.splitlines(), *lines])


def photo_tile_code(checkpoint: str, photo: str, height: int, width: int, level: int) -> str:
    """The Python of a shipped photo with noise and without, as Home shows it for a model of photos.

    Args:
        checkpoint: name or path.
        photo: name of one of ``explorer.data.photos``.
        height, width: of the part that is shown at most, in pixels.
        level: standard deviation of the noise in grey levels of 255.
    """
    return program(
        [
            "import numpy as np",
            "import explorer",
            "from explorer import denoising",
            "from explorer.data.bundled import photos",
            "from explorer.io import images",
            "from explorer.noise.gaussian import GaussianNoise",
            f"model = explorer.load({checkpoint!r})",
            f"photo = next(photo.array for photo in photos() if photo.name == {photo!r})",
            "planes = photo.reshape(*photo.shape[:2], -1).transpose(2, 0, 1)",
            f"clean = images.to_float(np.ascontiguousarray(planes[:, :{height}, :{width}]))",
            f"sigma = {level} / 255",
            "noisy = denoising.add_noise(clean[None], GaussianNoise(sigma=sigma))[0]",
            "denoised = denoising.denoise_photo(model, noisy, sigma)",
            "psnr = denoising.compare(clean[None], noisy[None], denoised[None])  # .psnr_before, .psnr_after in dB",
        ]
    )


def with_decoded_tiles(code: str, items: int, steps: int, denoised: DenoisedCode | None) -> str:
    """The Python of the map of decoded samples, and what the tiles show that need no real items.

    Args:
        code: of the map, that leaves ``model``, ``data`` and ``codes``.
        items, steps, denoised: as of ``with_tiles``.
    """
    lines = [
        "from explorer.core.row_samples import spread_sample",
        "import numpy as np",
        f"z_few = codes[spread_sample(np.arange(len(codes)), {items})]",
        *_small_map(),
        *_denoised(denoised),
        *_path(steps),
        *_losses(),
    ]
    return program([*code.splitlines(), *lines])


def with_tiles(
    code: str,
    checkpoint: str,
    split: str,
    items: int,
    steps: int,
    others: Sequence[str],
    denoised: DenoisedCode | None,
) -> str:
    """The Python of the map, and what each tile shows, in their order.

    Args:
        code: of the map, that leaves ``model`` and ``data``.
        checkpoint, split: of the items, as in ``latent_space_code``.
        items: tiles are of at most so many, spread over all.
        steps: codes of the path from the first to the last of them.
        others: models that the first item is rebuilt by as well.
        denoised: items for the tile of noise; None: it shows none.
    """
    lines = [
        *_few(rows_of(split, checkpoint), items),
        "z_few = model.encode(few)",
        *_small_map(),
        *_denoised(denoised),
        "errors = model.reconstruction_errors(few)  # Find what is odd",
        "oddest = np.argsort(errors)[::-1][:2]",
        *_path(steps),
        *_losses(),
        "first = few[class_by_class(labels, len(few), 1)]  # Compare",
        f"rebuilt = [one.reconstruct(first) for one in [{', '.join(['model', *map(opened, others)])}]]",
    ]
    return program([*code.splitlines(), *lines])


def _small_map() -> list[str]:
    return [
        "from explorer.latent.projection import REGISTRY",
        "small_map = z_few if model.latent_dim == 2 else REGISTRY['pca']().fit_transform(z_few)  # See inside",
    ]


def _path(steps: int) -> list[str]:
    return [
        "from explorer.latent import interpolation",
        f"path = model.decode(interpolation.linear_path(z_few[0], z_few[-1], {steps}))  # Make new ones",
    ]


def _losses() -> list[str]:
    return ["losses = [epoch['train']['total'] for epoch in model.card.history if epoch.get('train')]  # Train"]


def _noise(noise: Mapping[str, object]) -> str:
    """A corruption as an expression, which needs ``explorer.noise``."""
    fields = ", ".join(f"{name}={value!r}" for name, value in noise.items() if name != "kind")
    return f"noise.REGISTRY[{noise['kind']!r}]({fields})"


def _few(
    of_split: tuple[list[str], str], items: int, few: str = "few", labels: str = "labels", data: str = "data"
) -> list[str]:
    """Some items of those that ``rows_of`` gives, and their labels."""
    imports, rows = of_split
    return [
        *imports,
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
    of_split = rows_of(asked.split, asked.checkpoint, "pictures", "denoiser")
    return [
        "from explorer import denoising, noise",
        f"denoiser = {opened(asked.checkpoint)}  # Clean a picture",
        *data_code(asked.dataset).lines("pictures", asked.checkpoint),
        *_few(of_split, asked.items, "x", "of_classes", "pictures"),
        "x = x[class_by_class(of_classes, len(x), 2)]",
        f"noisy = denoising.add_noise(x, {_noise(asked.noise)})",
        "clean = denoising.denoise(denoiser, noisy)",
    ]
