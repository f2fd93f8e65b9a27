"""The columns beside the items of the visitor's own data: where they come from, and what each is said to hold."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from explorer.browser.envelope import digest
from explorer.core.errors import DataError
from explorer.data import Dataset, ImportOptions
from explorer.data.beside import ASKED_KINDS, AskedKind, ItemColumns, as_asked, modified_beside, read_columns
from explorer.export.program import DataCode
from explorer.ui.shell import kept, user_files
from explorer.ui.shell.cache import cached_resource
from explorer.ui.shell.user_data import UserSource, datasets, sources
from explorer.ui.shell.user_files import UserFile
from explorer.ui.widgets.text import plain

COLUMNS_NAMED = 6
KINDS = "user_column_kinds"
"""In the session: what columns are said to hold, by dataset and by their names."""


def columns_form(name: str) -> None:
    """The way to give a table of columns for one of the visitor's own datasets, where it is one."""
    if name not in sources() or name not in datasets():
        return
    user_files.take(
        f"Columns for {datasets()[name].title}: a table",
        None,
        _beside_key(name),
        help_text="A row an item, in their order; of pictures, the file's name in the first column. They colour, filter"
        " and describe items, and are no inputs of a model. It stays in memory.",
    )


def columns_of(name: str) -> ItemColumns:
    """What stands beside the items of a dataset, as it was said to be; nothing for one that is not the visitor's own.

    Raises:
        DataError: the table that was given, or lies beside it, is not of these items.
    """
    return _columns(name, _asked(name))


def show_columns(name: str) -> None:
    """Which columns stand beside the items, what was guessed of them, and the controls that change it."""
    try:
        as_read, beside = _columns(name, {}), columns_of(name)
    except DataError as error:
        st.warning(plain(str(error)), icon=":material/table_rows:")
        return
    if beside.columns:
        named = ", ".join(f"{column.name} ({column.kind})" for column in beside.columns[:COLUMNS_NAMED])
        more = f" and {len(beside.columns) - COLUMNS_NAMED:,} more" if len(beside.columns) > COLUMNS_NAMED else ""
        st.caption(plain(f"Beside the items: {named}{more}."))
    for remark in beside.remarks:
        st.caption(plain(remark))
    if as_read.columns:
        _kind_form(name, as_read)


def python_of(name: str, opened: DataCode) -> list[str]:
    """Imports and statements that leave ``beside``, the columns of a dataset; none where there are none.

    Args:
        opened: how the program opened the dataset, which it calls ``data``.
    """
    columns = columns_of(name).columns
    if not columns:
        return []
    given = next(iter(user_files.given(_beside_key(name))), None)
    arguments = [opened.content, repr(opened.source), "data"]
    arguments += [] if opened.options == ImportOptions() else ["options"]
    arguments += [] if given is None else [f"beside=({given.name!r}, Path({given.name!r}).read_bytes())"]
    read = f"read_columns({', '.join(arguments)})"
    imports, asked = ["from pathlib import Path", "from explorer.data.beside import read_columns"], dict(_asked(name))
    if asked:
        imports.append("from explorer.data.beside import as_asked")
        read = f"as_asked({read}, {asked!r})"
    return [*imports, f"beside = {read}.columns"]


def _kind_form(name: str, as_read: ItemColumns) -> None:
    """Choose a column, and what it holds."""
    with st.expander("What these columns hold", icon=":material/table_rows:"):
        guessed = {column.name: column.kind for column in as_read.columns}
        key = digest(name.encode())
        column = st.selectbox("Column", list(guessed), key=f"beside_column.{key}")
        before = _asked(name).get(column, guessed[column])
        kind: AskedKind = st.selectbox(
            "It holds",
            ASKED_KINDS,
            ASKED_KINDS.index(before),
            key=f"beside_kind.{key}.{digest(column.encode())}",
            format_func=lambda kind: f"{kind} (as guessed)" if kind == guessed[column] else kind,
            help="Numbers have scales and medians, categories a colour each and shares, text is searched.",
        )
    if kind == before:
        return
    others = {other: said for other, said in _asked(name).items() if other != column}
    said = others if kind == guessed[column] else {**others, column: kind}
    kept.keep(KINDS, {**st.session_state.get(KINDS, {}), name: said})
    st.rerun()


def _asked(name: str) -> Mapping[str, AskedKind]:
    of_all: Mapping[str, Mapping[str, AskedKind]] = st.session_state.get(KINDS, {})
    return of_all.get(name, {})


def _columns(name: str, asked: Mapping[str, AskedKind]) -> ItemColumns:
    source, dataset = sources().get(name), datasets().get(name)
    if source is None or dataset is None:
        return ItemColumns()
    beside = next(iter(user_files.given(_beside_key(name))), None)
    # What lies beside data can change while the data stay as they were.
    modified = modified_beside(_content(source)) if beside is None else 0
    columns = _as_asked(source, dataset, beside, modified, asked)
    if isinstance(columns, DataError):
        raise columns
    return columns


def _content(source: UserSource) -> Path | bytes:
    return Path(source.path).expanduser() if source.file is None else source.file.content


@cached_resource(max_entries=8, spinner="Reading the columns beside the items")
def _read_columns(
    source: UserSource, dataset: Dataset, beside: UserFile | None, modified: int
) -> ItemColumns | DataError:
    given = None if beside is None else (beside.name, beside.content)
    try:
        return read_columns(_content(source), source.title, dataset, source.options, given)
    except DataError as error:
        return error


@cached_resource(max_entries=8)
def _as_asked(
    source: UserSource, dataset: Dataset, beside: UserFile | None, modified: int, asked: Mapping[str, AskedKind]
) -> ItemColumns | DataError:
    columns = _read_columns(source, dataset, beside, modified)
    return columns if isinstance(columns, DataError) else as_asked(columns, asked)


def _beside_key(name: str) -> str:
    return f"beside.{digest(name.encode())}"
