"""What Train shows of a training as Python: its losses, its frames, and a few items through the trained model."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from jaxtyping import Int

from explorer.export.program import DataCode, data_code, opened, program


def run_code(folder: str) -> str:
    """Python that reads a run's losses and frames from its folder.

    Args:
        folder: of the run.
    """
    return program(
        [
            "from pathlib import Path",
            "from explorer import runs",
            f"run = runs.Run(Path({folder!r}))",
            "history = runs.progress(runs.current(run.events()[0])).history  # train and validation loss by epoch",
            "frames = run.frames()  # by epoch, of validation items: codes .z, and .x, .x_noisy and .x_hat of some",
        ]
    )


def training_code(
    checkpoint: str,
    dataset: str | DataCode | None = None,
    shown: Int[np.ndarray, " k"] | None = None,
    noise: Mapping[str, object] | None = None,
) -> str:
    """Python that gives a checkpoint's losses and figures, and what it makes of a few items.

    Args:
        checkpoint: its name or path.
        dataset: whose items are shown; None: none are.
        shown: (k,) rows of those items.
        noise: the corruption that they get, its fields with its ``kind``, as in a recipe; None: none.
    """
    lines = [
        "import explorer",
        f"model = {opened(checkpoint)}",
        "history = model.card.history  # train and validation loss by epoch",
        "figures = model.card.metrics",
    ]
    if dataset is not None and shown is not None:
        lines += [*data_code(dataset).lines(model=checkpoint), f"x = data.x[{np.asarray(shown).tolist()}]"]
        noisy = "x"
        if noise is not None:
            fields = ", ".join(f"{name}={value!r}" for name, value in noise.items() if name != "kind")
            lines += [
                "from explorer import denoising",
                "from explorer.noise import REGISTRY",
                f"x_noisy = denoising.add_noise(x, REGISTRY[{noise['kind']!r}]({fields}))",
            ]
            noisy = "x_noisy"
        lines.append(f"x_hat = model.reconstruct({noisy})")
    return program(lines)
