"""A user's own data by its path, or as an upload."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from pathlib import Path, PurePath

import numpy as np
from jaxtyping import Num

from explorer.core.errors import DataError
from explorer.data import annotated
from explorer.data.arrays import from_arrays, read_idx_items, read_npy, read_npz
from explorer.data.base import Dataset, Progress
from explorer.data.file_kinds import ELSEWHERE, known_as
from explorer.data.folders import import_folder, import_in_memory, import_zip, import_zip_in_memory
from explorer.data.image_sets import ImageFiles, Member
from explorer.data.importing import Imported, ImportOptions
from explorer.data.joined_files import Held, joined, require_same_columns
from explorer.data.split_asked import SplitAsked
from explorer.data.split_columns import SplitSource, for_split, split_of_source
from explorer.data.splits import Split, Splits, split_groups, split_rows, with_validation
from explorer.data.stored import fingerprint_with
from explorer.data.tables import read_table
from explorer.io import matlab, pickles
from explorer.io.idx import is_idx_name, label_name
from explorer.io.images import MAX_PIXELS, SUFFIXES, decode_native
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.contract import TableContract
from explorer.io.tables.source import SUFFIXES as TABLE_SUFFIXES

LICENCE = "your own data"
READABLE = (
    "a folder or .zip of images, .npz, .npy, a table as text (.csv or another ending, also .gz, .zst, .bz2, .xz),"
    " .parquet, IDX (-ubyte, .idx, also .gz), or an image"
)


def open_path(
    path: Path, seed: int = 0, progress: Progress | None = None, options: ImportOptions | None = None
) -> Dataset:
    """Open a folder or file.

    Args:
        path: of a folder or zip of images, a table, an array file or one image.
        seed: of the splits.
        progress: called while images are decoded.
        options: wanted image size, channels and label column.

    Raises:
        DataError: it is not there, not readable, or holds no data.
    """
    options = options or ImportOptions()
    name, options = options.called or str(path), for_split(replace(options, called=""))
    try:
        kind = "" if path.is_dir() else known_as(path.name, path).lower()
        if path.is_dir():
            imported = import_folder(path, options, progress)
        elif kind.endswith(".zip"):
            imported = import_zip(path, options, progress, name)
        elif kind.endswith(TABLE_SUFFIXES):
            imported = read_table(path, name, options)
        elif kind.endswith(".npz"):
            imported = read_npz(path, name, options)
        elif kind.endswith(annotated.SUFFIX):
            imported = annotated.read_h5ad(path, name, options)
        elif kind.endswith(".npy"):
            imported = read_npy(path, name, options)
        elif is_idx_name(kind):
            imported = read_idx_items(path, _label_file(path), known_as(name, path), options)
        else:
            imported = _read(name, path.read_bytes(), options)
    except OSError as error:
        raise DataError(f"{name} cannot be read: {error.strerror or error}.", "Check the path.") from error
    dataset = _dataset(name, str(path.resolve()) if name == str(path) else name, imported, seed)
    return _as_asked(dataset, path, name, options, seed, progress)


def from_upload(
    name: str,
    data: bytes,
    seed: int = 0,
    progress: Progress | None = None,
    options: ImportOptions | None = None,
) -> Dataset:
    """Read an uploaded file in memory; nothing is written to disk.

    Args:
        name: of the file, for its kind and for errors.
        data: its bytes; they are not trusted.
        seed: of the splits.
        progress: called while images are decoded.
        options: wanted image size, channels and label column.

    Returns:
        A dataset whose name holds the file's name and the start of its sha256, so that two uploads of one
        name differ.

    Raises:
        DataError: not readable, or no data in it.
    """
    options = for_split(options or ImportOptions())
    if known_as(name, data).lower().endswith(".zip"):
        imported = import_zip_in_memory(io.BytesIO(data), name, options, progress)
    else:
        imported = _read(name, data, options)
    dataset = _dataset(f"{name}#{hashlib.sha256(data).hexdigest()[:12]}", name, imported, seed)
    return _as_asked(dataset, data, name, options, seed, progress)


def _as_asked(
    dataset: Dataset, source: Path | bytes, name: str, options: ImportOptions, seed: int, progress: Progress | None
) -> Dataset:
    """The items with the split that is asked for, and those of the files that are held out."""
    if not options.split.files or dataset.parts:
        return split_of_source(dataset, source, name, options, seed)
    if dataset.splits.are_given:
        raise DataError(
            f"{dataset.title} says itself which items are held out: {dataset.splits.note}",
            "Leave data.split.test_data and data.split.validation_data out, or give a file of the training items.",
        )
    pieces, held = [SplitSource(dataset, source, name, options)], []
    for split, file in options.split.files.items():
        piece = _held_out(file, split, dataset, options, progress)
        pieces.append(piece)
        held.append(Held(split, piece.dataset))
    return split_of_source(joined(dataset, held), source, name, options, seed, pieces)


def _held_out(
    file: str, split: Split, train: Dataset, options: ImportOptions, progress: Progress | None
) -> SplitSource:
    """A file whose items are held out, read as the one that is learnt from."""
    upload = options.uploads.get(file)
    path = Path(file).expanduser()
    if upload is None and not path.exists():
        raise DataError(f"There is no file or folder {file!r}.", f"data.split.{split}_data: check the path.")
    name, source = (file, path) if upload is None else upload
    contract, roles = train.contract, RolesAsked()
    if isinstance(contract, TableContract):
        if known_as(PurePath(name).name, source).lower().endswith(TABLE_SUFFIXES):
            require_same_columns(source, name, contract, train.title, options.dialect, f"data.split.{split}_data")
        if contract.label is not None or train.labels is None:
            roles = RolesAsked(label=contract.label or "")
    read_as = replace(
        options,
        roles=roles,
        split=SplitAsked(),
        uploads={},
        called="",
        like=contract,
        model_columns=train.feature_names,
    )
    if upload is None:
        other = open_path(path, progress=progress, options=read_as)
    else:
        other = from_upload(name, upload[1], progress=progress, options=read_as)
    return SplitSource(other, source, name, read_as)


def _read(name: str, data: bytes, options: ImportOptions) -> Imported:
    lowered = known_as(name, data).lower()
    suffix = PurePath(lowered).suffix
    if suffix == ".npz":
        return read_npz(data, name, options)
    if suffix == annotated.SUFFIX:
        return annotated.read_h5ad(data, name, options)
    if suffix == ".npy":
        return read_npy(data, name, options)
    if lowered.endswith(TABLE_SUFFIXES):
        return read_table(data, name, options)
    if suffix in SUFFIXES:
        return _image(name, data, options)
    if is_idx_name(lowered):
        return read_idx_items(data, None, known_as(name, data), options)
    if suffix in pickles.SUFFIXES:
        raise DataError(f"{name} is a pickle: Python objects.", pickles.conversion(name))
    if suffix == matlab.SUFFIX:
        raise DataError(f"{name}: MATLAB's files that end in {suffix} are not read.", matlab.conversion(name, data))
    for suffixes, hint in ELSEWHERE:
        if lowered.endswith(suffixes):
            what = "" if lowered == name.lower() else f" holds what a {suffix} file does, and"
            raise DataError(f"{name}{what or ':'} files that end in {suffix} are not read.", hint)
    raise DataError(f"{name} is of no kind that can be read.", f"Use {READABLE}.")


def from_images(files: ImageFiles, name: str, options: ImportOptions, progress: Progress | None = None) -> Dataset:
    """Image files as one dataset, whatever their names end in.

    Args:
        files: in the order of the items; what is in them is not trusted.
        name: of all, for errors.
        options: wanted size and channels, and how the images were read that a model learnt from.
        progress: called while images are decoded.

    Raises:
        DataError: none is an image.
    """
    if len(files.members) == 1:
        only = files.members[0]
        decode_native(only.read(), only.name)  # whose error says more than that of a set without images
    return _dataset(name, name, import_in_memory(files, name, options, progress), 0)


def from_array(x: Num[np.ndarray, "n *event"], name: str, options: ImportOptions | None = None) -> Dataset:
    """An array in memory as a dataset; shapes and errors as a NumPy file's.

    Args:
        x: (N, H, W), (N, C, H, W) or (N, H, W, C) images, or (N, D) table rows.
        name: of the dataset.
        options: how it is read.
    """
    return _dataset(name, name, from_arrays(x, None, name, options=options), 0)


def _image(name: str, data: bytes, options: ImportOptions) -> Imported:
    decode_native(data, name)
    one = ImageFiles((Member(PurePath(name).name, lambda: data),), ())
    return import_in_memory(one, name, replace(options, max_side=MAX_PIXELS))


def _label_file(path: Path) -> bytes | None:
    """The labels that lie beside an IDX file of images, as MNIST's do."""
    beside = label_name(path.name)
    return path.with_name(beside).read_bytes() if beside and path.with_name(beside).is_file() else None


def _dataset(name: str, source: str, imported: Imported, seed: int) -> Dataset:
    n = len(imported.x)
    nothing = np.empty(0, np.int64)
    one = Splits(nothing, nothing, np.zeros(1, np.int64), "One item, for testing only.")
    return Dataset(
        name=name,
        title=PurePath(source).name,
        x=imported.x,
        labels=imported.labels,
        label_names=imported.label_names,
        splits=one if n == 1 else _splits(imported, seed),
        licence=LICENCE,
        source=source,
        fingerprint=fingerprint_with(imported.x, imported.labels, imported.vectors, imported.fingerprint),
        feature_names=imported.feature_names,
        item_names=imported.item_names,
        item_numbers=imported.item_numbers,
        report=imported.report,
        contract=imported.contract,
        kept=imported.kept,
        masks=imported.masks,
        vectors=imported.vectors,
        files=imported.files,
        split_columns=imported.split_columns,
        parts=imported.parts,
    )


def _splits(imported: Imported, seed: int) -> Splits:
    """The split that the data has, with validation items where it names none; else one by the seed."""
    if imported.splits is not None:
        return with_validation(imported.splits, seed, groups=imported.files)
    if imported.files is not None:
        return split_groups(imported.files, seed)
    return split_rows(len(imported.x), seed)
