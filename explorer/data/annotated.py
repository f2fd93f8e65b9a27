"""AnnData files (.h5ad): vectors from ``obsm`` or ``X``, ``obs`` beside them; read by the package anndata.

Only arrays and tables that lie in the file itself are read: HDF5 can also name other files of the machine.
"""

from __future__ import annotations

import importlib
import io
import math
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from explorer.core.errors import DataError
from explorer.data.arrays import from_arrays
from explorer.data.cells import texts
from explorer.data.importing import Imported, ImportOptions

SUFFIX = ".h5ad"
X = "X"
"""What the main matrix is called among the arrays."""
MAX_VALUES = 1 << 28
"""Of the main matrix, which is taken where it is dense and no larger, and of an embedding: 1 GiB as single floats."""
LATENT = ("scvi", "scanvi", "latent", "emb", "pca", "lsi")
"""Parts of the names of embeddings, the first one that is there is taken; maps of two numbers come last."""
_OF_A_DAMAGED_FILE = (OSError, LookupError, ValueError, RuntimeError, AttributeError, TypeError, ArithmeticError)
INSTALL = 'Install it: pip install "autoencoder-explorer[anndata]"; or save the array as NPZ: numpy.savez.'


def read_h5ad(source: Path | bytes, name: str, options: ImportOptions | None = None) -> Imported:
    """An array of an AnnData file as table rows, by the names of its observations.

    Args:
        source: the file, by its path or its bytes; it is not trusted.
        name: of it, for errors.
        options: with ``array`` as the key of ``obsm``, or "X"; empty: the one that is found.

    Raises:
        DataError: the package anndata is not installed, the file is damaged, or has no such array.
    """
    options = options or ImportOptions()
    with opened_annotated(source, name) as (file, read):
        known = dense_arrays(file)
        if options.array and options.array not in known:
            raise DataError(f"{name} has no array {options.array!r}.", f"It has: {', '.join(known) or 'none'}.")
        if not known:
            raise DataError(
                f"{name} has no embedding in obsm, and its X is sparse, too large or not there.",
                "Compute one, such as scanpy.pp.pca(adata), and write the file again.",
            )
        key = options.array or taken_unasked(known)
        x = np.asarray(read(file[X] if key == X else file["obsm"][key]))
        names = texts(list(read(file["obs"]).index))
        if len(x) != len(names):
            raise DataError(
                f"{name}: {key} has {len(x):,} rows and obs has {len(names):,}.",
                "Write it again with adata.write_h5ad.",
            )
        columns = (
            [str(gene) for gene in read(file["var"]).index]
            if key == X
            else [f"{key} {i + 1}" for i in range(x.shape[1])]
        )
    others = [other for other in known if other != key]
    told = f"vectors from {key}" + (f"; there are also {', '.join(others)}" if others else "")
    choice = f"explorer project --array {shlex.quote(others[0])}, or the choice on the page" if others else ""
    imported = from_arrays(x, None, name, tuple(columns), options, told, choice)
    if imported.item_numbers is None:
        return imported
    return replace(imported, item_names=tuple(names[imported.item_numbers - 1].tolist()))


def array_names(source: Path | bytes, name: str) -> list[str]:
    """Keys of the arrays that can be taken for vectors, that which is taken unasked first: those of ``obsm``, and "X".

    Raises:
        DataError: as ``read_h5ad``.
    """
    with opened_annotated(source, name) as (file, _):
        known = dense_arrays(file)
    return sorted(known, key=lambda key: key != taken_unasked(known))


def taken_unasked(known: dict[str, tuple[int, int]]) -> str:
    """The array that is taken where nobody says which: an embedding of more than two numbers before a map, X last."""
    wide = [key for key, (_, size) in known.items() if size > 2 and key != X]
    of_name = [key for part in LATENT for key in wide if part in key.lower()]
    return next(iter([*of_name, *wide, *known]))


# --- The file ---------------------------------------------------------------------------------------------------------


@contextmanager
def opened_annotated(source: Path | bytes, name: str) -> Iterator[tuple[Any, Any]]:
    """The open file, of which nothing points elsewhere, and anndata's way to read what lies in it."""
    try:
        h5py: Any = importlib.import_module("h5py")
        read: Any = importlib.import_module("anndata.io").read_elem
    except ImportError as error:
        raise DataError(
            f"{name}: AnnData files need the package anndata, which is not installed here.", INSTALL
        ) from error
    try:
        with h5py.File(source if isinstance(source, Path) else io.BytesIO(source), "r") as file:
            if not {"obs", "var"} <= {*file}:
                raise DataError(f"{name} is an HDF5 file without obs and var.", "AnnData files have both.")
            for part in ("obs", "var", "obsm", X):
                if part in file:
                    _check(h5py, file, part, name)
            yield file, read
    except DataError:
        raise
    except Exception as error:
        # anndata's own errors derive from nothing narrower, and none of their names is public.
        foreign = type(error).__module__.partition(".")[0] in ("anndata", "h5py")
        if not foreign and not isinstance(error, _OF_A_DAMAGED_FILE):
            raise
        update = "Update anndata here, or write" if foreign else "Write"
        raise DataError(
            f"{name} cannot be read as AnnData: {_readable(error)}.", f"{update} it again with adata.write_h5ad."
        ) from error


def _readable(error: Exception) -> str:
    """What an error says, on one line; bytes of the file that are no text as their escapes."""
    words = " ".join(str(error).encode(errors="backslashreplace").decode().split())
    return words.rstrip(".")


def _check(h5py: Any, group: Any, key: str, name: str) -> None:
    """Refuse what lies in another file.

    Raises:
        DataError: it does.
    """
    member = group[key] if isinstance(group.get(key, getlink=True), h5py.HardLink) else None
    elsewhere = member is None or (isinstance(member, h5py.Dataset) and (member.external or member.is_virtual))
    if elsewhere:
        raise DataError(
            f"{name}: {key} points to another place or file.", "Write the file again with all that it holds."
        )
    if isinstance(member, h5py.Group):
        for inner in member:
            _check(h5py, member, inner, name)


def dense_arrays(file: Any) -> dict[str, tuple[int, int]]:
    """Shapes of the dense arrays of two axes with numbers, by key; those of ``obsm`` first."""
    members = {key: file["obsm"][key] for key in file["obsm"]} if "obsm" in file else {}
    members |= {X: file[X]} if X in file else {}
    shapes: dict[str, tuple[Any, Any]] = {
        key: (getattr(member, "shape", ()), getattr(member, "dtype", None)) for key, member in members.items()
    }
    return {
        key: (int(shape[0]), int(shape[1]))
        for key, (shape, dtype) in shapes.items()
        if len(shape) == 2 and dtype is not None and dtype.kind in "buif" and 0 < math.prod(shape) <= MAX_VALUES
    }
