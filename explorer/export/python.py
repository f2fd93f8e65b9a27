"""Views as Python: what "copy as Python" shows, a program that computes the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from explorer.latent.interpolation import KINDS
from explorer.recipe import Recipe


def latent_space_code(
    checkpoint: str,
    dataset: str,
    split: str = "test",
    projection: str = "",
    seed: int = 0,
    pair: tuple[int, int] | None = None,
    items: int | None = None,
) -> str:
    """Python that computes a map of codes.

    Args:
        checkpoint: name or path.
        dataset: name or path.
        split: "train", "validation" or "test"; anything else means every item.
        projection: a name of ``explorer.latent.projection.REGISTRY``; empty for a 2-D code as it is.
        seed: of the projection.
        pair: dimensions of a raw pair, from 0, for the projection "pair".
        items: use so many of the split's items, evenly spread; None for all.
    """
    lines = _opening(checkpoint, dataset, split)
    if items is not None:
        lines.insert(1, "from explorer.evaluation import evenly_spaced")
        lines.append(f"x = evenly_spaced(x, {items})")
    lines.append("z = model.encode(x)  # one code an item")
    if projection:
        lines.insert(1, "from explorer.latent.projection import REGISTRY")
        options = f"i={pair[0]}, j={pair[1]}" if pair is not None else f"seed={seed}"
        lines.append(f"places = REGISTRY[{projection!r}]({options}).fit_transform(z)  # (N, 2)")
    return _code(lines)


def decode_code(checkpoint: str, z: Sequence[float] | np.ndarray) -> str:
    """Python that decodes one code, as the sliders show it."""
    return _code([*_opening(checkpoint), f"picture = model.decode([{_numbers(z)}])[0]"])


def interpolate_code(
    checkpoint: str,
    dataset: str,
    items: Sequence[int] | np.ndarray,
    n: int,
    kind: str = "linear",
    spacing: str = "steps",
    split: str = "test",
) -> str:
    """Python that decodes a path through items.

    Args:
        checkpoint, dataset, split: as in ``latent_space_code``; the split's codes are those that a path along the data
            keeps to.
        items: row numbers in the dataset, or codes (K, D), which need no dataset.
        n: number of pictures.
        kind, spacing: as ``explorer.latent.interpolation.route`` and its ``frames`` take them.

    Raises:
        ValueError: another kind or spacing.
    """
    if kind not in KINDS or spacing not in ("steps", "length"):
        raise ValueError(f"there is no path {kind!r} with spacing {spacing!r}")
    as_codes = np.ndim(items) == 2
    lines = _opening(checkpoint) if as_codes and kind != "data" else _opening(checkpoint, dataset, split)
    lines.insert(1, "from explorer.latent import interpolation")
    if as_codes:
        lines.append(f"items = [{', '.join(_numbers(code) for code in np.asarray(items))}]")
    else:
        lines.append(f"items = model.encode(data.x[[{', '.join(str(int(row)) for row in items)}]])")
    if kind == "data":
        lines.append("graph = interpolation.NeighbourGraph(model.encode(x))")
    graph = ", graph" if kind == "data" else ""
    lines.append(f"pictures = model.decode(interpolation.route({kind!r}, items{graph}).frames({n}, {spacing!r}))")
    return _code(lines)


def sample_code(checkpoint: str, dataset: str, n: int, seed: int, temperature: float, variational: bool) -> str:
    """Python that samples: from the prior, or for plain autoencoders from a mixture fitted to the training codes."""
    lines = _opening(checkpoint) if variational else _opening(checkpoint, dataset, "train")
    lines.insert(1, "from explorer.latent import sampling")
    if variational:
        lines.append(f"z = sampling.sample_prior(model, {n}, seed={seed}, temperature={temperature})")
    else:
        lines.append(f"z = sampling.GaussianMixtureSampler().fit(model.encode(x)).sample({n}, seed={seed})")
    return _code([*lines, "pictures = model.decode(z)"])


def denoise_code(checkpoint: str, dataset: str, split: str, noise: Mapping[str, object], seed: int = 0) -> str:
    """Python that adds noise to items, removes it again and measures both.

    Args:
        checkpoint, dataset, split: as in ``latent_space_code``.
        noise: a corruption's fields with its ``kind``, as in a recipe.
        seed: of the noise.
    """
    lines = _opening(checkpoint, dataset, split)
    lines[1:1] = ["from explorer import denoising", "from explorer.noise import REGISTRY"]
    fields = ", ".join(f"{name}={value!r}" for name, value in noise.items() if name != "kind")
    return _code(
        [
            *lines,
            f"x_noisy = denoising.add_noise(x, REGISTRY[{noise['kind']!r}]({fields}), seed={seed})",
            "x_hat = denoising.denoise(model, x_noisy)",
            "figures = denoising.compare(x, x_noisy, x_hat)  # PSNR in dB and SSIM, before and after",
        ]
    )


def novelty_code(checkpoint: str, dataset: str, scorer: str, false_alarm_rate: float) -> str:
    """Python that fits a score on the training split, sets a threshold on validation and counts alarms on test."""
    lines = [
        "import explorer",
        "from explorer.novelty import REGISTRY, threshold_for",
        "",
        f"model = explorer.load({checkpoint!r})",
        f"data = explorer.dataset({dataset!r})",
        f"scorer = REGISTRY[{scorer!r}].for_checkpoint(model).fit(data.train.x)",
        f"threshold = threshold_for(scorer.score(data.validation.x), {false_alarm_rate})",
        "alarms = scorer.score(data.test.x) > threshold.value",
    ]
    return _code(lines)


def compare_code(checkpoints: Sequence[str], dataset: str, split: str = "test") -> str:
    """Python that measures the reconstruction error of several checkpoints on the same items."""
    lines = _opening("", dataset, split)
    return _code(
        [
            *(line for line in lines if not line.startswith("model =")),
            f"errors = {{name: explorer.load(name).reconstruction_errors(x).mean() for name in {list(checkpoints)!r}}}",
        ]
    )


def train_code(recipe: Recipe, path: str) -> str:
    """Python that trains a recipe and saves the checkpoint at ``path``."""
    values = recipe.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    values["model"] = recipe.model.model_dump(mode="json", exclude_none=True)
    if recipe.corruption is not None:
        values["corruption"] = recipe.corruption.model_dump(mode="json")
    return _code(
        [
            "import explorer",
            "from explorer.checkpoints import save",
            "",
            f"recipe = explorer.Recipe.parse({values!r})",
            "for event in explorer.train(recipe):",
            "    pass  # event.kind says what happened",
            f"save(event.checkpoint, {path!r})",
        ]
    )


def _opening(checkpoint: str, dataset: str = "", split: str = "") -> list[str]:
    lines = ["import explorer", "", f"model = explorer.load({checkpoint!r})"]
    if dataset:
        part = f"data.{split}.x" if split in ("train", "validation", "test") else "data.x"
        lines += [f"data = explorer.dataset({dataset!r})", f"x = {part}"]
    return lines


def _numbers(z: Sequence[float] | np.ndarray) -> str:
    return "[" + ", ".join(f"{float(value):.6g}" for value in z) + "]"


def _code(lines: Sequence[str]) -> str:
    return "\n".join(lines) + "\n"
