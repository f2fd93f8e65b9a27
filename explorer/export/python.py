"""Views as Python: what "copy as Python" shows, a program that computes the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Num

from explorer.latent.interpolation import KINDS


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
        items: use so many of the split's items, spread over all; None for all.
    """
    lines = _opening(checkpoint, dataset, split)
    if items is not None:
        lines.insert(1, "from explorer.core.row_samples import spread_sample")
        lines.append(f"x = spread_sample(x, {items})")
    lines.append("z = model.encode(x)  # one code an item")
    if projection:
        lines.insert(1, "from explorer.latent.projection import REGISTRY")
        options = f"i={pair[0]}, j={pair[1]}" if pair is not None else f"seed={seed}"
        lines.append(f"places = REGISTRY[{projection!r}]({options}).fit_transform(z)  # (N, 2)")
    return _code(lines)


def decode_code(checkpoint: str, z: Sequence[float] | Num[np.ndarray, " d"]) -> str:
    """Python that decodes one code, as the sliders show it."""
    return _code([*_opening(checkpoint), f"picture = model.decode([{_numbers(z)}])[0]"])


def interpolate_code(
    checkpoint: str,
    dataset: str,
    items: Sequence[int] | Num[np.ndarray, "k *d"],
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


def denoise_code(
    checkpoint: str, dataset: str, split: str, noise: Mapping[str, object], seed: int = 0, items: int | None = None
) -> str:
    """Python that adds noise to items, removes it again and measures both.

    Args:
        checkpoint, dataset, split, items: as in ``latent_space_code``.
        noise: a corruption's fields with its ``kind``, as in a recipe.
        seed: of the noise.
    """
    lines = _opening(checkpoint, dataset, split)
    lines[1:1] = ["from explorer import denoising", "from explorer.noise import REGISTRY"]
    if items is not None:
        lines.insert(2, "from explorer.core.row_samples import spread_sample")
        lines.append(f"x = spread_sample(x, {items})")
    fields = ", ".join(f"{name}={value!r}" for name, value in noise.items() if name != "kind")
    return _code(
        [
            *lines,
            f"x_noisy = denoising.add_noise(x, REGISTRY[{noise['kind']!r}]({fields}), seed={seed})",
            "x_hat = denoising.denoise(model, x_noisy)",
            "figures = denoising.compare(x, x_noisy, x_hat)  # PSNR in dB and SSIM, before and after",
        ]
    )


def novelty_code(
    checkpoint: str, dataset: str, scorer: str, threshold: float, classes: Sequence[str] = (), novel: str = ""
) -> str:
    """Python that fits a score on normal items and counts alarms among other normal items and among novel ones.

    Args:
        checkpoint: name or path.
        dataset: of the normal items, name or path.
        scorer: a name of ``explorer.novelty.REGISTRY``.
        threshold: above it is an alarm.
        classes: labels that are normal; none: all.
        novel: dataset of the novel items; the same one for its other classes; empty where none are known.
    """
    lines = [
        "import explorer",
        "from explorer import novelty",
        "",
        f"model = explorer.load({checkpoint!r})",
        f"data = explorer.dataset({dataset!r})",
        f"splits = novelty.normal_splits(model, data, {tuple(classes)!r})",
        f"scorer = novelty.REGISTRY[{scorer!r}].for_checkpoint(model).fit(data.x[splits.fit])",
        f"threshold = {threshold!r}  # novelty.threshold_for(scorer.score(data.x[splits.calibrate]), rate) sets one",
        "false_alarms = scorer.score(data.x[splits.test]) > threshold",
    ]
    if novel:
        source = "data" if novel == dataset else f"explorer.dataset({novel!r})"
        of_classes = f", {tuple(classes)!r}" if novel == dataset else ""
        lines += [
            f"others = {source}",
            f"alarms = scorer.score(others.x[novelty.novel_rows(model, others{of_classes})]) > threshold",
        ]
    return _code(lines)


def compare_code(checkpoints: Sequence[str], dataset: str, classes: Sequence[str] = ()) -> str:
    """Python that measures several checkpoints and PCA on the same test items of a dataset.

    Args:
        checkpoints: names or paths.
        dataset: name or path.
        classes: labels that the items are restricted to; none: all.
    """
    return _code(
        [
            "import explorer",
            "from explorer.evaluation import comparison",
            "",
            f"items = comparison.choose_items(explorer.dataset({dataset!r}), {tuple(classes)!r})",
            f"entries = [comparison.measure(explorer.load(name), items) for name in {list(checkpoints)!r}]",
            "entries += comparison.measure_pca(items, [entry.latent_dim for entry in entries])",
            "errors = {entry.name: entry.error.value for entry in entries}",
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
