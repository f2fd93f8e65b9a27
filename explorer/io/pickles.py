"""Pickles, which are never read here: what they are called, and the line that makes plain data of one."""

from __future__ import annotations

import json
import shlex
from pathlib import PurePath

SUFFIXES = (".pkl", ".pickle", ".p", ".joblib", ".pt", ".pth")
"""Endings of files that are pickles through and through."""
_TORCH = (".pt", ".pth")


def conversion(name: str) -> str:
    """What to do with a file of Python objects: a line for the shell that writes what this program reads.

    Args:
        name: of the file: NPY or NPZ, or one that ends as ``SUFFIXES`` say.
    """
    suffix, plain = PurePath(name).suffix.lower(), PurePath(name).stem + "-plain"
    source, arrays, array = (json.dumps(text) for text in (name, f"{plain}.npz", f"{plain}.npy"))
    if suffix == ".npz":
        code = (
            f"import numpy as np; d = np.load({source}, None, True); "
            f"np.savez({arrays}, **{{k: np.array(d[k].tolist()) for k in d}})"
        )
    elif suffix == ".npy":
        code = f"import numpy as np; np.save({array}, np.array(np.load({source}, None, True).tolist()))"
    elif suffix in _TORCH:
        code = (
            f"import numpy as np; from torch import load; x = load({source}, weights_only=True); "
            f'np.savez({arrays}, **(x if isinstance(x, dict) else {{"x": x}}))'
        )
    else:
        table = json.dumps(f"{plain}.csv")
        code = (
            f"import joblib, numpy as np; x = joblib.load({source}); "
            f'x.to_csv({table}, index=False) if hasattr(x, "to_csv") else np.savez({arrays}, x=np.array(x))'
        )
    return (
        "A pickle can run code when it is opened, so none is read. If you trust it, convert it once: "
        f"python -c {shlex.quote(code)}"
    )
