"""Reads the columns beside a dataset's items: of its own table or arrays, and of a table that lies beside it."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

import numpy as np
from jaxtyping import Int

from explorer.core.errors import DataError
from explorer.data import annotated
from explorer.data.base import Dataset
from explorer.data.beside.observations import obs_columns
from explorer.data.beside.places import table_beside
from explorer.data.beside.typed import ItemColumn, typed_array, typed_categories, typed_cells
from explorer.data.cells import as_written, texts
from explorer.data.file_kinds import known_as
from explorer.data.importing import ImportOptions
from explorer.data.npz_keys import is_beside
from explorer.data.table_rows import FileRows, open_rows
from explorer.io.tables.contract import TableContract
from explorer.io.tables.dialect import Asked
from explorer.io.tables.roles import INPUTS
from explorer.io.tables.source import SUFFIXES

_OWN = ("label", *INPUTS)
"""Roles of columns that the dataset has itself: labels, and what a model learns from."""

_OF_SEVERAL = (
    "The items come from several files: columns beside them are shown of each file by itself, once it is opened alone."
)


@dataclass(frozen=True, eq=False)
class ItemColumns:
    """What stands beside the items of a dataset.

    Args:
        columns: each of its N items.
        remarks: what was guessed, did not fit or was left out, a sentence each.
    """

    columns: tuple[ItemColumn, ...] = ()
    remarks: tuple[str, ...] = ()


def read_columns(
    source: Path | bytes,
    name: str,
    dataset: Dataset,
    options: ImportOptions | None = None,
    beside: tuple[str, bytes] | None = None,
) -> ItemColumns:
    """The columns that are no inputs, typed, in the order of the items.

    Of a table: every column but inputs and labels, and its categories. Of an NPZ: every array with one value an item.
    Of AnnData: ``obs``, and the places on maps in ``obsm``.
    Of a folder or zip of images: a ``labels`` or ``metadata`` table in it. Beside ``vectors.tsv``: ``metadata.tsv``, as
    TensorFlow's Embedding Projector has it.

    Args:
        source: what the dataset was read from, its path or its bytes.
        name: of it.
        dataset: as it was read.
        options: with which it was.
        beside: name and bytes of a table that was given for it; None: the one that lies beside it, if any.

    Raises:
        DataError: the table beside it cannot be read, or is not of these items.
    """
    options = options or ImportOptions()
    if dataset.parts and beside is None:
        return ItemColumns((), (_OF_SEVERAL,))
    own = [] if dataset.parts else list(_own(source, name, dataset, options))
    of_table = table_beside(source, name) if beside is None else beside
    given = ItemColumns() if of_table is None else _of_table(*of_table, dataset)
    columns, counts = [], Counter(column.name for column in (*own, *given.columns))
    for column in (*own, *given.columns):
        twin = counts[column.name] > 1 and column in given.columns and of_table is not None
        called = f"{column.name} ({PurePath(of_table[0]).name})" if twin and of_table is not None else column.name
        columns.append(ItemColumn(called, column.kind, column.values, column.names, column.remark))
    return ItemColumns(tuple(columns), (*given.remarks, *guesses(columns)))


def guesses(columns: Iterable[ItemColumn]) -> list[str]:
    """What was guessed of columns, a sentence for those of which it is the same."""
    alike: dict[str, list[str]] = {}
    for column in columns:
        alike.setdefault(column.remark, []).append(column.name)
    return [f"{', '.join(names)}: {remark}." for remark, names in alike.items() if remark]


def _own(source: Path | bytes, name: str, dataset: Dataset, options: ImportOptions) -> Iterator[ItemColumn]:
    """Those of the file that the items come from."""
    if isinstance(source, Path) and source.is_dir():
        return
    kind = known_as(name, source).lower()
    if isinstance(dataset.contract, TableContract) and kind.endswith(SUFFIXES):
        yield from _of_own_table(source, name, dataset, options)
    elif kind.endswith(annotated.SUFFIX):
        yield from obs_columns(source, name, dataset.item_numbers)
    elif kind.endswith(".npz"):
        yield from _of_arrays(source, dataset)


def _of_own_table(source: Path | bytes, name: str, dataset: Dataset, options: ImportOptions) -> Iterator[ItemColumn]:
    contract = dataset.contract
    assert isinstance(contract, TableContract)  # noqa: S101 (the caller has looked)
    wanted = [c.name for c in contract.columns if c.role == "category" or c.role not in _OWN]
    if not wanted:
        return
    # As it was read: dates and categories that are inputs are text here.
    like = options.like if isinstance(options.like, TableContract) else None
    table = open_rows(source, name, options.dialect, options.roles, like)
    rows, cells = _cells(table, wanted)
    places = np.arange(len(rows)) if dataset.item_numbers is None else np.searchsorted(rows, dataset.item_numbers)
    categories = contract.of("category")
    for column in wanted:
        of_items = [cells[column][place] for place in places.tolist()]
        typed = typed_categories(column, texts(of_items)) if column in categories else typed_cells(column, of_items)
        if typed is not None:
            yield typed


def _cells(table: FileRows, columns: list[str]) -> tuple[np.ndarray, dict[str, list[str]]]:
    """Numbers of a table's rows, and the cells of columns as they are written."""
    rows: list[np.ndarray] = []
    cells: dict[str, list[str]] = {column: [] for column in columns}
    for chunk in table.chunks(as_text=columns, only=columns):
        rows.append(np.asarray(chunk.rows))
        for column in columns:
            cells[column] += as_written(chunk.cells[column])
    return np.concatenate(rows) if rows else np.empty(0, np.int64), cells


def _of_arrays(source: Path | bytes, dataset: Dataset) -> Iterator[ItemColumn]:
    """Arrays of an NPZ file with a value an item, of all items or of those that were kept."""
    n = len(dataset)
    of_file = n if dataset.contract is None or dataset.contract.kind != "table" else dataset.contract.rows
    try:
        with np.load(source if isinstance(source, Path) else io.BytesIO(source), allow_pickle=False) as file:
            for key in file.files:
                if is_beside(key) and (array := _column_of(file, key, of_file)) is not None:
                    kept = array if len(array) == n or dataset.item_numbers is None else array[dataset.item_numbers - 1]
                    if len(kept) == n and (typed := typed_array(key, kept)) is not None:
                        yield typed
    except (ValueError, OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(
            f"The arrays beside the items cannot be read: {error}.", "Save them with numpy.savez."
        ) from error


def _column_of(file: np.lib.npyio.NpzFile, key: str, n: int) -> np.ndarray | None:
    """An array with one value an item; None for any other, which is not read."""
    archive = file.zip
    if archive is None:
        return None
    with archive.open(f"{key}.npy" if f"{key}.npy" in archive.namelist() else key) as member:
        version = np.lib.format.read_magic(member)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = read(member)
    if shape not in ((n,), (n, 1)) or dtype.hasobject:
        return None
    array = file[key]
    return array.reshape(n) if isinstance(array, np.ndarray) else None


# --- A table beside the items -----------------------------------------------------------------------------------------


def _of_table(name: str, content: bytes, dataset: Dataset) -> ItemColumns:
    """The columns of a table that lies beside items: by the names of their files, else row by row."""
    if dataset.item_numbers is None and dataset.item_names:
        return _by_names(name, content, dataset)
    wanted = dataset.contract.rows if isinstance(dataset.contract, TableContract) else len(dataset)
    table, remark = _of_length(name, content, wanted)
    rows, cells = _cells(table, [column.name for column in table.contract.columns])
    # A row that was passed over is an item without values.
    place = np.full(wanted, -1)
    place[rows - 1] = np.arange(len(rows))
    items = place if dataset.item_numbers is None else place[dataset.item_numbers - 1]
    return ItemColumns(_typed(cells, items), (remark,) if remark else ())


def _of_length(name: str, content: bytes, wanted: int) -> tuple[FileRows, str]:
    """A table with a row an item.

    How many there are tells whether the first row is a header: in TensorFlow's Embedding Projector several columns have
    one, and one column has none.

    Raises:
        DataError: it has more or fewer rows.
    """
    asked = Asked(delimiter="\t") if name.lower().endswith(".tsv") else Asked()
    table = open_rows(content, name, asked)
    n = _all_rows(table)
    if n == wanted:
        return table, ""
    dialect = table.contract.dialect
    if dialect is not None and n - wanted == (-1 if dialect.header else 1):
        other = open_rows(content, name, asked.model_copy(update={"header": not dialect.header}))
        if _all_rows(other) == wanted:
            is_first = "the first item's" if dialect.header else "a header"
            return other, f"The first row of {name} is {is_first}: so it has a row for each of {wanted:,} items."
    raise DataError(
        f"{name} has {n:,} rows beside {wanted:,} items.", "Give it a row an item, in their order, and one header."
    )


def _all_rows(table: FileRows) -> int:
    return table.contract.rows + table.contract.ragged + table.contract.empty


def _by_names(name: str, content: bytes, dataset: Dataset) -> ItemColumns:
    """The columns of a table whose first one names the items' files, with folder and ending or without.

    Raises:
        DataError: it names none of them.
    """
    table = open_rows(content, name)
    dialect = table.contract.dialect
    if dialect is not None:
        head = table.contract.columns[0].name if dialect.header else _first_cell(table)
        names_a_file = bool((_matched([head], dataset.item_names) >= 0).any())
        if names_a_file == dialect.header:  # a first row that names a file is none of names of columns
            table = open_rows(content, name, Asked(header=not names_a_file))
    first, *others = (column.name for column in table.contract.columns)
    _, cells = _cells(table, [first, *others])
    places = _matched([cell.strip().replace("\\", "/") for cell in cells[first]], dataset.item_names)
    known = int((places >= 0).sum())
    if not known:
        raise DataError(
            f"The first column of {name} names none of the {len(dataset):,} files.",
            f"It has {cells[first][0]!r}, and a file is called {dataset.item_names[0]!r}.",
        )
    remarks = (
        [] if known == len(dataset) else [f"{name} says nothing of {len(dataset) - known:,} of {len(dataset):,} files."]
    )
    unused = len(cells[first]) - len(np.unique(places[places >= 0]))
    if unused:
        remarks.append(f"{unused:,} of its {len(cells[first]):,} rows name no file that is here, or one again.")
    return ItemColumns(_typed({column: cells[column] for column in others}, places), tuple(remarks))


def _first_cell(table: FileRows) -> str:
    first = table.contract.columns[0].name
    return as_written(next(table.chunks(1, as_text=[first], only=[first])).cells[first])[0]


def _matched(names: list[str], item_names: tuple[str, ...]) -> Int[np.ndarray, " n"]:
    """(N,) the row that names each item, -1 for none: by its whole name, else by the part that alone names a file."""
    forms = (lambda n: n, lambda n: PurePath(n).name, lambda n: PurePath(n).stem)
    places = np.full(len(item_names), -1)
    for of_item in forms:
        counts = Counter(map(of_item, item_names))
        row_of = {cell: i for i, cell in reversed(list(enumerate(names)))}
        for item, item_name in enumerate(item_names):
            form = of_item(item_name)
            if places[item] < 0 and counts[form] == 1:
                places[item] = row_of.get(form, -1)
    return places


def _typed(cells: dict[str, list[str]], places: Int[np.ndarray, " n"]) -> tuple[ItemColumn, ...]:
    """Columns of a table as what they hold, (N,) of the rows at these places, -1 for none."""
    of_items = {name: [column[i] if i >= 0 else "" for i in places.tolist()] for name, column in cells.items()}
    return tuple(typed for name, column in of_items.items() if (typed := typed_cells(name, column)) is not None)
