"""A dataset in an NPZ file of this program: items as they are, with how they were read and what each is called."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Shaped
from pydantic import TypeAdapter, ValidationError

from explorer.core.errors import DataError
from explorer.data.base import Dataset, ImportReport
from explorer.data.column_names import matched_columns
from explorer.data.importing import Imported
from explorer.data.splits import SPLITS, FilePart, Splits
from explorer.data.stored import encode_labels
from explorer.io.contract import Contract

WRITTEN = "explorer_"
CONTRACT, SPLIT_OF, SPLITS_NOTE = "explorer_contract", "explorer_split", "explorer_splits"
FILES, COLUMN, PARTS = "explorer_files", "explorer_column ", "explorer_parts"
ITEM_NAMES, ITEM_NUMBERS = "item_names", "item_numbers"
"""Names of arrays: the contract as JSON, and where the data names splits, that of each item and how; the file of each
item, and what the names of columns of the split begin with; the files that the items come from as JSON; names and
numbers of items."""
_PARTS: TypeAdapter[tuple[FilePart, ...]] = TypeAdapter(tuple[FilePart, ...])
_CONTRACT: TypeAdapter[Contract] = TypeAdapter(Contract)


def npz_bytes(dataset: Dataset) -> bytes:
    """A dataset's items, labels and column names as an .npz file, which ``read_npz`` reads.

    What came from a user's own files comes back the same to the fingerprint, with its contract, its items' names and
    the splits of its own, with the columns of a recipe's; label names that were not in sorted order come back in it.
    """
    arrays: dict[str, np.ndarray] = {"x": dataset.x}
    if dataset.labels is not None:
        arrays["y"] = np.asarray(dataset.label_names)[dataset.labels]
    if dataset.feature_names:
        arrays["feature_names"] = np.asarray(dataset.feature_names)
    if dataset.contract is not None:
        arrays[CONTRACT] = np.asarray(_CONTRACT.dump_json(dataset.contract).decode())
        if dataset.item_names:
            arrays[ITEM_NAMES] = np.asarray(dataset.item_names)
        if dataset.item_numbers is not None:
            arrays[ITEM_NUMBERS] = dataset.item_numbers
        if dataset.files is not None:
            arrays[FILES] = dataset.files
        arrays |= {f"{COLUMN}{name}": values for name, values in dataset.split_columns.items()}
        if dataset.parts:
            arrays[PARTS] = np.asarray(_PARTS.dump_json(dataset.parts).decode())
        splits = dataset.first_splits or dataset.splits
        if splits.are_given:
            of_items = np.full(len(dataset), "", dtype="U10")
            for split in SPLITS:
                of_items[getattr(splits, split)] = split
            arrays |= {SPLIT_OF: of_items, SPLITS_NOTE: np.asarray(splits.note)}
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)  # type: ignore[arg-type]
    return content.getvalue()


def read_written(
    arrays: Mapping[str, Shaped[np.ndarray, "..."]], name: str, model_columns: Sequence[str] = ()
) -> Imported | None:
    """The dataset in the arrays of a file that ``npz_bytes`` wrote; None for any other file.

    Args:
        arrays: of the file; they are not trusted.
        name: of the file, for errors.
        model_columns: names of what a model takes, in its order; none: all columns are given.

    Raises:
        DataError: its items are not what its contract says, or lack columns of the model.
    """
    if CONTRACT not in arrays:
        return None
    try:
        contract = _CONTRACT.validate_json(str(arrays[CONTRACT]))
        parts = _PARTS.validate_json(str(arrays[PARTS])) if PARTS in arrays else ()
    except ValidationError as error:
        raise DataError(f"{name} does not say how its items were read.", "Save it again from its source.") from error
    x, labels, names = arrays.get("x"), arrays.get("y"), arrays.get("feature_names")
    called, split_of, numbers = arrays.get(ITEM_NAMES), arrays.get(SPLIT_OF), arrays.get(ITEM_NUMBERS)
    if numbers is not None and numbers.dtype.kind not in "iu":
        numbers = None
    files = arrays.get(FILES)
    columns = {key.removeprefix(COLUMN): array for key, array in arrays.items() if key.startswith(COLUMN)}
    is_image = x is not None and x.ndim == 4 and (x.dtype == np.uint8 or _is_in_unit_range(x))
    is_table = x is not None and x.ndim == 2 and x.dtype == np.float32 and bool(np.isfinite(x).all())
    if x is None or not x.size or not (is_image if contract.kind == "image" else is_table):
        raise DataError(f"{name} holds other items than it says.", "Save it again from its source.")
    fits = [array is None or array.shape == (len(x),) for array in (labels, called, split_of, numbers, files)]
    fits += [array.shape == (len(x),) and array.dtype.kind == "U" for array in columns.values()]
    if not all(fits) or (is_table and (names is None or names.shape != x.shape[1:])):
        raise DataError(f"{name} holds more or fewer names or labels than items.", "Save it again from its source.")
    codes, label_names = (None, ()) if labels is None else encode_labels(labels.astype(str))
    if is_table and names is not None and model_columns:
        x, names = x[:, matched_columns(model_columns, names.astype(str).tolist(), name)], np.asarray(model_columns)
    return Imported(
        np.ascontiguousarray(x),
        codes,
        label_names,
        ImportReport(len(x)),
        feature_names=() if names is None else tuple(map(str, names)),
        item_names=() if called is None else tuple(map(str, called)),
        item_numbers=numbers,
        contract=contract,
        files=None if files is None else files.astype(np.int64),
        split_columns=columns,
        parts=parts,
        splits=None if split_of is None else _splits(split_of, str(arrays.get(SPLITS_NOTE, ""))),
    )


def _splits(of_items: np.ndarray, note: str) -> Splits:
    train, validation, test = (np.flatnonzero(of_items.astype(str) == split) for split in SPLITS)
    return Splits(train, validation, test, note, are_given=True)


def _is_in_unit_range(x: np.ndarray) -> bool:
    return x.dtype == np.float32 and bool((x >= 0).all() and (x <= 1).all())
