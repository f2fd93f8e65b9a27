"""What the commands write: arrays, decoded codes and pictures as files.

What takes long to import is imported inside the commands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from explorer.core.errors import ExplorerError

if TYPE_CHECKING:
    import numpy as np
    from jaxtyping import Num

    from explorer.checkpoints import Checkpoint, VectorCheckpoint
    from explorer.io.tables.columns import Cells

import typer

from explorer.cli.inputs import NamedItems
from explorer.cli.streams import deliver, is_stream


def write_arrays(
    out: Path,
    items: NamedItems,
    arrays: Mapping[str, np.ndarray],
    columns: Mapping[str, Cells],
) -> None:
    """Write named arrays as NPZ, or columns of (N,) values as CSV or Parquet; items' names and labels go with all."""
    import numpy as np

    from explorer import export
    from explorer.data.item_names import beside

    known = {"item": np.array(items.names)}
    if items.labels is not None:
        known["label"] = np.array(items.labels)
    is_table = out.suffix in (".csv", ".parquet", ".pq") or is_stream(out)
    own = list(columns) if is_table else list(arrays)
    kept = beside([*known, *own], items.kept)
    ids, others = dict(kept[: items.ids]), dict(kept[items.ids :])
    if out.suffix == ".npz":
        deliver(out, export.npz_bytes(**_arrays(ids), **known, **arrays, **_arrays(others)))
    elif is_table:
        as_bytes = export.parquet_bytes if out.suffix in (".parquet", ".pq") else export.csv_bytes
        deliver(out, as_bytes({**ids, **known, **columns, **others}))
    else:
        raise ExplorerError(f"Cannot tell the format of {out}.", "Give a name that ends in .csv, .npz or .parquet.")


def columns_of(checkpoint: Checkpoint, x: Num[np.ndarray, "n *event"]) -> dict[str, Cells]:
    """Items (N, *event) as columns of a CSV: a table's own, with categories as text; numbered ones of pictures."""
    from explorer.io.contract import as_columns

    card = checkpoint.card.data
    rows = x.reshape(len(x), -1)
    return as_columns(rows, card.contract, card.feature_names or [f"x{i + 1}" for i in range(rows.shape[1])])


def _arrays(columns: Mapping[str, Sequence[str]]) -> dict[str, np.ndarray]:
    import numpy as np

    return {name: np.array(cells, str) for name, cells in columns.items()}


def write_decoded(checkpoint: VectorCheckpoint, z: Num[np.ndarray, "n d"], out: Path, columns: int) -> None:
    """Write decoded codes as one picture, or as rows of a table."""
    from explorer import export
    from explorer.io import images

    x = checkpoint.decode(z)
    if checkpoint.card.data.kind == "table":
        if out.suffix != ".csv" and not is_stream(out):
            raise ExplorerError(f"Table rows cannot be written to {out}.", "Give a name that ends in .csv.")
        deliver(out, export.csv_bytes(columns_of(checkpoint, x)))
        return
    if out.suffix != ".png" and not is_stream(out):
        raise ExplorerError(f"Pictures cannot be written to {out}.", "Give a name that ends in .png.")
    if note := images.channels_note(x.shape[1:]):
        typer.echo(note, err=True)
    deliver(out, images.png_bytes(images.grid(x, columns)))


def write_pictures(folder: Path, names: Sequence[str], x: Num[np.ndarray, "n *event"]) -> None:
    """Write (N, C, H, W) images as PNG files of these names.

    Raises:
        ExplorerError: the items are rows of a table.
    """
    from explorer import export
    from explorer.checkpoints.files import write_file
    from explorer.io import images

    if x.ndim != 4:
        raise ExplorerError(f"Table rows cannot be written to {folder}.", "Give a name that ends in .csv or .npz.")
    if note := images.channels_note(x.shape[1:]):
        typer.echo(note, err=True)
    for name, picture in zip(export.picture_names(names), x, strict=True):
        write_file(folder / name, images.png_bytes(picture))
