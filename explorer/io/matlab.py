"""MATLAB's files, which are not read here: the line that makes an NPZ file of one, its arrays by their names."""

from __future__ import annotations

import json
import shlex
from pathlib import PurePath

SUFFIX = ".mat"
_SINCE_7_3 = b"MATLAB 7.3"
"""At the beginning of those that are HDF5 files."""


def conversion(name: str, data: bytes) -> str:
    """What to do with such a file: a line for the shell that writes what this program reads.

    Args:
        name: of the file.
        data: its bytes, of which the first say which of the two formats it is.
    """
    source, arrays = json.dumps(name), json.dumps(f"{PurePath(name).stem}.npz")
    if data.startswith(_SINCE_7_3):
        first = "It is one of version 7.3. Convert it once, after pip install h5py: "
        code = (
            f"import h5py, numpy as np; d = h5py.File({source}); np.savez({arrays}, "
            '**{k: np.array(v).T for k, v in d.items() if isinstance(v, h5py.Dataset) and v.dtype.kind in "buif"})'
        )
    else:
        first = "Convert it once: "
        code = (
            f"import numpy as np; from scipy.io import loadmat; d = loadmat({source}); np.savez({arrays}, "
            '**{k: v for k, v in d.items() if k[:2] != "__" and getattr(v, "dtype", np.dtype("O")).kind in "buif"})'
        )
    return f"{first}python -c {shlex.quote(code)}"
