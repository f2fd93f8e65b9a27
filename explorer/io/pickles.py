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
    written = (name, f"{plain}.npz", f"{plain}.npy", f"{plain}.csv")
    source, arrays, array, table = map(json.dumps, written)
    if suffix == ".npz":
        code = (
            f"import numpy as np; d = np.load({source}, None, True); a = {{k: np.array(d[k].tolist()) for k in d}}; "
            f"np.savez({arrays}, **{{k: v.astype(float) if v.dtype == object else v for k, v in a.items()}})"
        )
    elif suffix == ".npy":
        # A dictionary of arrays, an array of numbers, or rows of several types: none may come out as objects again.
        code = (
            f"import numpy as np, pandas as pd; x = np.load({source}, None, True).tolist(); "
            f"a = np.array([] if isinstance(x, dict) else x); "
            f"np.savez({arrays}, **x) if isinstance(x, dict) else np.save({array}, a) if a.dtype.kind in 'biuf' "
            f"else pd.DataFrame(x).rename(columns=lambda c: c if isinstance(c, str) else 'column %d' % (c + 1))"
            f".to_csv({table}, index=False)"
        )
    elif suffix in _TORCH:
        code = (
            f"import numpy as np; from torch import load; x = load({source}, weights_only=True); "
            f'np.savez({arrays}, **(x if isinstance(x, dict) else {{"x": x}}))'
        )
    else:
        code = (
            f"import joblib, numpy as np; x = joblib.load({source}); "
            f'x.to_csv({table}, index=False) if hasattr(x, "to_csv") else np.savez({arrays}, x=np.array(x))'
        )
    return (
        "A pickle can run code when it is opened, so none is read. If you trust it, convert it once: "
        f"python -c {shlex.quote(code)}"
    )
