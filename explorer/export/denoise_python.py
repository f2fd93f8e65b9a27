"""What Denoise shows of items as Python: figures over many, a row of a few, and the visitor's own pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Int, Num

from explorer.export.own_picture_python import OWN_NAME, own_picture_lines
from explorer.export.program import DataCode, data_code, opened, program, rows_of, said
from explorer.io.images.asked import ImagesAsked


def denoise_code(
    checkpoint: str,
    dataset: str | DataCode,
    split: str,
    noise: Mapping[str, object],
    seed: int = 0,
    items: int | None = None,
    tuning_items: int = 0,
    shown: Int[np.ndarray, " k"] | None = None,
) -> str:
    """Python that adds noise to items, removes it again and measures both.

    Args:
        checkpoint, dataset, split, items: as in ``latent_space_code``.
        noise: a corruption's fields with its ``kind``, as in a recipe.
        seed: of the noise.
        tuning_items: of the others, that the classical methods are tuned on; 0: none are tried.
        shown: (k,) rows of a few items that get noise of their own; None: none.
    """
    imports, rows = rows_of(split, checkpoint)
    fields = ", ".join(f"{name}={value!r}" for name, value in noise.items() if name != "kind")
    lines = [
        "import explorer",
        "import numpy as np",
        *imports,
        f"model = {opened(checkpoint)}",
        *data_code(dataset).lines(model=checkpoint),
        "from explorer.core.row_samples import spread_sample",
        f"rows = {rows if items is None else f'spread_sample({rows}, {items})'}",
        "x = data.x[rows]",
        "from explorer import denoising",
        "from explorer.noise import REGISTRY",
        f"noise = REGISTRY[{noise['kind']!r}]({fields})",
        f"x_noisy = denoising.add_noise(x, noise, seed={seed})",
        "x_hat = denoising.denoise(model, x_noisy)",
        "figures = denoising.compare(x, x_noisy, x_hat)  # PSNR in dB and SSIM, before and after",
    ]
    if tuning_items:
        lines += [
            "others = np.setdiff1d(np.arange(len(data)), rows)",
            f"tuning = data.x[spread_sample(others if len(others) else rows, {tuning_items})]",
            f"method = denoising.tune(tuning, denoising.add_noise(tuning, noise, seed={seed + 1}))  # .title, .sigma",
            "figures_classical = denoising.compare(x, x_noisy, method.denoise(x_noisy))",
        ]
    if shown is not None:
        lines += [
            f"few = data.x[{np.asarray(shown).tolist()}]",
            f"few_noisy = denoising.add_noise(few, noise, seed={seed})",
            "few_denoised = denoising.denoise(model, few_noisy)",
        ]
        lines += ["few_classical = method.denoise(few_noisy)"] if tuning_items else []
    return program(lines)


def with_own_pictures(
    code: str,
    own: Num[np.ndarray, "*event"] | None,
    files: Sequence[str],
    asked: ImagesAsked,
    seed: int | None,
) -> str:
    """The Python of Denoise, and the same done with pictures of the visitor's own.

    Args:
        code: that leaves ``model`` and ``noise``.
        own: (C, H, W) the session's own picture as the model takes it; None: there is none.
        files: names of picture files and zips, which are read as one set.
        asked: what was said of how they are read.
        seed: of the noise that is added to them; None: they are noisy already.
    """
    lines, parts = [], []
    if own is not None:
        lines += own_picture_lines(OWN_NAME, own)
        parts.append(OWN_NAME)
    if files:
        imports, value = said(asked)
        options = ""
        if value:
            lines += ["from explorer.data import ImportOptions", *imports]
            options = f", ImportOptions(images={value})"
        lines += [
            "from pathlib import Path",
            "from explorer.io import images",
            "from explorer.denoising import pictures",
            f"files = [(name, Path(name).read_bytes()) for name in {list(files)!r}]",
            f"read = pictures.read_pictures(model, files{options})",
        ]
        parts.append("images.to_float(read.x)")
    whole = parts[0] if len(parts) == 1 else f"np.concatenate([{', '.join(parts)}])"
    lines.append(f"yours = {whole}  # as the model takes them")
    noisy = "yours" if seed is None else f"denoising.add_noise(yours, noise, seed={seed})"
    return program(
        [
            *code.splitlines(),
            *lines,
            f"yours_noisy = {noisy}",
            "yours_denoised = denoising.denoise(model, yours_noisy)",
        ]
    )
