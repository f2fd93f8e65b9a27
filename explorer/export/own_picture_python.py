"""The session's own picture, written out in Python: a drawing or a pasted picture has no file to be read again."""

from __future__ import annotations

import base64
import zlib

import numpy as np
from jaxtyping import Num

OWN_NAME = "own"
"""What a program calls the visitor's own picture."""
WIDTH = 100
"""Characters of a line."""


def own_picture_lines(name: str, x: Num[np.ndarray, "*event"]) -> list[str]:
    """Imports and statements that leave a picture in ``name``, (1, C, H, W) float32, bit by bit as it is here.

    Args:
        x: (C, H, W), as a model takes it.
    """
    values = np.ascontiguousarray(x, dtype="<f4")
    text = base64.b64encode(zlib.compress(values.tobytes(), 9)).decode()
    pieces = [f"    {text[start : start + WIDTH]!r}" for start in range(0, len(text), WIDTH)]
    return [
        "import base64",
        "import zlib",
        "import numpy as np",
        "packed = (  # your picture as the model takes it",
        *pieces,
        ")",
        f"{name} = np.frombuffer(zlib.decompress(base64.b64decode(packed)), '<f4').reshape(1, {_sizes(values)})",
    ]


def _sizes(x: np.ndarray) -> str:
    return ", ".join(map(str, x.shape))
