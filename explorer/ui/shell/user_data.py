"""The visitor's own datasets: uploaded, or by a path on this machine; read again as the visitor says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import streamlit as st

from explorer import data
from explorer.core.errors import DataError, ExplorerError
from explorer.data import Dataset, ImportOptions, SplitAsked
from explorer.data.annotated import SUFFIX, array_names
from explorer.data.file_kinds import known_as
from explorer.data.table_rows import open_rows
from explorer.io.images.contract import ImageContract
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.contract import TableContract
from explorer.io.tables.dialect import Asked
from explorer.io.tables.source import SUFFIXES as TABLE_SUFFIXES
from explorer.ui.shell import held_out, kept, user_files
from explorer.ui.shell.user_files import UserFile
from explorer.ui.widgets import images_read_as, read_as
from explorer.ui.widgets.text import plain

DATASETS, SOURCES, PENDING = "user_datasets", "user_sources", "user_pending"
PROBLEM, MISFIT = "user_data_problem", "user_data_misfit"
"""Names in the session."""
RESPLIT, MOST_RESPLIT = "user_datasets_split", 4
"""In the session: the same datasets with other splits, by name, content, seed and split; at most so many."""
PREVIEW_ROWS = 4
UPLOAD_LABEL = "A table, NPZ, IDX, image, or a zip of images (folders become labels)"


@dataclass(frozen=True)
class UserSource:
    """Where a dataset comes from, and what was said of how it is read.

    Args:
        file: the upload; None: it is read by its path.
        path: of a file or folder on this machine; empty for an upload.
        options: what was said.
        modified: when what lies under the path was changed last, as it was read.
    """

    file: UserFile | None
    path: str
    options: ImportOptions
    modified: int = 0

    @property
    def title(self) -> str:
        return self.path if self.file is None else self.file.name

    def read(self, seed: int = 0) -> Dataset:
        """Read it, split by this seed where it has no split of its own.

        Raises:
            DataError: it cannot be read, or holds no data.
        """
        if self.file is None:
            return data.open_dataset(self.path, seed, options=self.options)
        return data.from_upload(self.file.name, self.file.content, seed, options=self.options)


def datasets() -> dict[str, Dataset]:
    """The visitor's own datasets by name; after a reload they are read again."""
    opened: dict[str, Dataset] = st.session_state.setdefault(DATASETS, {})
    for name, source in sources().items():
        if name not in opened:
            try:
                opened[name] = _read(source)
            except ExplorerError as error:
                st.session_state[PROBLEM] = str(error)
                _set_sources({other: one for other, one in sources().items() if other != name})
    return opened


def split_again(name: str, seed: int, split: SplitAsked) -> Dataset:
    """One of the visitor's own datasets with another split, such as that of a model that learnt from it.

    Raises:
        DataError: what the split goes by is not there.
    """
    opened = datasets()[name]
    if not split.is_said and not seed:
        return opened
    known: dict[tuple[object, ...], Dataset] = st.session_state.setdefault(RESPLIT, {})
    key = (name, opened.fingerprint, seed, split, *(_modified(file) for file in split.files.values()))
    if key not in known:
        again = _read_split(sources()[name], seed, split)
        while len(known) >= MOST_RESPLIT:
            known.pop(next(iter(known)))
        known[key] = again
    return known[key]


def _read_split(source: UserSource, seed: int, split: SplitAsked) -> Dataset:
    with st.spinner("Reading the data"):
        options = replace(source.options, split=split, uploads=held_out.uploads())
        return replace(source, options=options).read(seed)


def sources() -> Mapping[str, UserSource]:
    """Where they come from, by their names."""
    known: Mapping[str, UserSource] = st.session_state.get(SOURCES, {})
    return known


def is_there(path: str) -> bool:
    """Whether there is a file or folder of that path on this machine."""
    return bool(path) and Path(path).expanduser().exists()


def is_in_memory(name: str) -> bool:
    """Whether a dataset is the visitor's own and exists so in memory alone: its path would not give it again."""
    source = sources().get(name)
    options = None if source is None or source.file is not None else source.options
    by_path = options is not None and options.like is None and not options.model_columns
    return name in datasets() and not by_path


def recipe_values(name: str) -> dict[str, Any]:
    """What a recipe has to say of how one of the visitor's own datasets is read, by its fields."""
    source = sources().get(name)
    if source is None or is_in_memory(name):
        return {}
    parts = {"dialect": source.options.dialect, "roles": source.options.roles, "images": source.options.images}
    return {field: part.model_dump(exclude_none=True) for field, part in parts.items()}


def in_words(event_shape: tuple[int, ...], columns: Sequence[str]) -> str:
    """What a model takes, such as "images of 1 x 28 x 28" or "the columns a, b, c, …"."""
    if len(event_shape) == 3:
        return f"images of {' x '.join(map(str, event_shape))}"
    listed = ", ".join(columns[:6]) + (", …" if len(columns) > 6 else "")
    return f"the columns {plain(listed)}" if listed else f"rows of {event_shape[0]} numbers"


def opened(name_or_path: str, key: str, said: ImportOptions | None = None) -> Dataset:
    """One of the visitor's own datasets, or what lies under a path on this machine, which becomes one of them.

    Args:
        name_or_path: of the data.
        key: as in ``add``.
        said: how what lies under a path is to be read; None: as it was, and as it is found the first time.

    Raises:
        DataError: it cannot be read, or it cannot be told how: ``decide`` then asks.
    """
    source = sources().get(name_or_path, UserSource(None, name_or_path, ImportOptions()))
    known, options = datasets().get(name_or_path), source.options
    if said is not None and source.file is None:
        options = replace(options, dialect=said.dialect, roles=said.roles, images=said.images)
    is_as_read = source.file is not None or (source.modified == _modified(name_or_path) and options == source.options)
    if known is not None and is_as_read:
        return known
    source = replace(source, options=options)
    dataset = add(source, key)
    if dataset is None:
        raise DataError(f"{name_or_path} can be read in two ways.", "Choose one of them.")
    return dataset


def add(source: UserSource, key: str) -> Dataset | None:
    """Read data and make it one of the visitor's own; None where two readings of it are as likely.

    Args:
        source: of the data.
        key: of the controls that gave it: ``decide`` with this key then asks for one of the readings.

    Raises:
        DataError: it cannot be read, or holds no data.
    """
    source, dataset = _read_or_as_it_is(source)
    if dataset.contract is not None and dataset.contract.undecided:
        st.session_state[f"{key}_{PENDING}"] = source
        return None
    st.session_state.pop(f"{key}_{PENDING}", None)
    datasets()[dataset.name] = dataset
    _set_sources({**sources(), dataset.name: replace(source, modified=_modified(source.path))})
    return dataset


def form(key: str, options: ImportOptions) -> Dataset | None:
    """The ways to add data, by upload or by path; what was added just now.

    Args:
        key: of the controls.
        options: how it is to be read, as far as that is known.
    """
    is_scaled = options != ImportOptions()
    for file in user_files.take(UPLOAD_LABEL, None, f"{key}_upload"):
        if is_new(f"{file.key}|{is_scaled}", f"{key}_upload_seen"):
            return _added(UserSource(file, "", options), key)
    path = path_input(f"{key}_path")
    if path and is_new(f"{path}|{is_scaled}", f"{key}_path_seen"):
        return _added(UserSource(None, path, options), key)
    if problem := st.session_state.get(PROBLEM):
        st.error(plain(problem), icon=":material/error:")
    _point_to_question(key)
    return None


def path_input(key: str) -> str:
    """Ask for the path of data on this machine; empty: none was given."""
    return st.text_input(
        "A path on this machine",
        key=kept.control(key),
        placeholder="/data/parts.csv",
        help="For large data: it is read where it lies, not uploaded. A folder or zip of images, a table, NPZ or IDX.",
    ).strip()


def _added(source: UserSource, key: str) -> Dataset | None:
    st.session_state.pop(PROBLEM, None)
    try:
        added = add(source, key)
    except ExplorerError as error:
        st.session_state[PROBLEM] = str(error)
        st.error(plain(str(error)), icon=":material/error:")
        return None
    if added is None:
        _point_to_question(key)
    return added


def _point_to_question(key: str) -> None:
    """Say where the form is, which covers the page, that ``decide`` asks something below it."""
    if pending := st.session_state.get(f"{key}_{PENDING}"):
        st.info(f"{plain(pending.title)} can be read in two ways. Close this to say which.", icon=":material/help:")


def is_new(what: str, key: str) -> bool:
    """Whether this is asked for the first time: a rerun or a reload brings the same again."""
    if st.session_state.get(key) == what:
        return False
    kept.keep(key, what)
    return True


def decide(key: str) -> Dataset | None:
    """Ask for what cannot be told of data that is to be added; what was added, once there is an answer.

    Args:
        key: of the controls that gave the data.
    """
    source: UserSource | None = st.session_state.get(f"{key}_{PENDING}")
    if source is None:
        return None
    st.markdown(f"**{plain(source.title)}**")
    said = chosen_reading(source, f"{key}_decide")
    return None if said is None else add(replace(source, options=said), key)


def chosen_reading(source: UserSource, key: str) -> ImportOptions | None:
    """Ask which of two readings is right; what is said of it now, None until there is an answer."""
    content: Path | bytes = Path(source.path).expanduser() if source.file is None else source.file.content
    if known_as(source.title, content).lower().endswith(TABLE_SUFFIXES):
        return _chosen_dialect(source, content, key)
    options = source.options
    contract = source.read().contract
    for finding in contract.undecided if isinstance(contract, ImageContract) else ():
        said = [options.images.model_copy(update=r.model_dump(exclude_none=True)) for r in finding.readings]
        previews = [replace(source, options=replace(options, images=one)).read().x[:PREVIEW_ROWS] for one in said]
        answer = images_read_as.decide(finding, previews, key)
        if answer is not None:
            return replace(options, images=said[finding.readings.index(answer)])
    return None


def _chosen_dialect(source: UserSource, content: Path | bytes, key: str) -> ImportOptions | None:
    """As ``chosen_reading``, of a table."""
    options = source.options
    like = options.like if isinstance(options.like, TableContract) else None
    rows = open_rows(content, source.title, options.dialect, options.roles, like)
    for finding in rows.contract.undecided:
        said = [_with_reading(options, reading) for reading in finding.readings]
        previews = [_first_rows(content, source.title, one.dialect, one.roles) for one in said]
        answer = read_as.decide(finding, previews, key)
        if answer is not None:
            return said[answer]
    return None


def _with_reading(options: ImportOptions, reading: Asked | RolesAsked) -> ImportOptions:
    """What was said of a table, with one of the readings of what was asked."""
    update = reading.model_dump(exclude_defaults=True)
    if isinstance(reading, Asked):
        return replace(options, dialect=options.dialect.model_copy(update=update))
    joined = {name: (*getattr(options.roles, name), *v) if isinstance(v, tuple) else v for name, v in update.items()}
    return replace(options, roles=options.roles.model_copy(update=joined))


def _first_rows(content: Path | bytes, name: str, dialect: Asked, roles: RolesAsked) -> dict[str, Any]:
    """The first rows of the columns that are learnt from, and of all where there is none."""
    rows = open_rows(content, name, dialect, roles)
    inputs = rows.contract.inputs
    chunk = next(rows.chunks(PREVIEW_ROWS))
    return {column: list(cells) for column, cells in chunk.cells.items() if column in inputs or not inputs}


def show_reading(name: str, key: str) -> None:
    """How one of the visitor's own datasets was read, and the controls that change it."""
    source, dataset = sources().get(name), datasets().get(name)
    if source is None or dataset is None or dataset.contract is None:
        return
    changed = _other_array(source, key) or read_as.read_as(dataset.contract, dataset.report, source.options, key)
    if changed is not None:
        try:
            add(replace(source, options=changed), key)
        except ExplorerError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
        st.rerun()


def _other_array(source: UserSource, key: str) -> ImportOptions | None:
    """Ask which array of an AnnData file the vectors are; None where it is the one that was read."""
    if not source.title.lower().endswith(SUFFIX):
        return None
    content: Path | bytes = Path(source.path).expanduser() if source.file is None else source.file.content
    names = array_names(content, source.title)
    array = source.options.array or names[0]
    chosen: str = st.selectbox("Vectors of the file", names, names.index(array), key=f"{key}_array")
    return None if chosen == array else replace(source.options, array=chosen)


def _modified(path: str) -> int:
    """When a file or folder changed last; 0 where it is not there, which reading it then says."""
    place = Path(path).expanduser()
    return place.stat().st_mtime_ns if path and place.exists() else 0


def forget() -> None:
    """Forget all that the visitor gave, here and for a reload."""
    kept.forget_all()
    for name in list(st.session_state):
        if name in (DATASETS, PROBLEM) or str(name).endswith(PENDING):
            del st.session_state[name]


def _read_or_as_it_is(source: UserSource) -> tuple[UserSource, Dataset]:
    """Data as a model takes it; where it lacks the model's columns, as it is, to train on."""
    st.session_state.pop(MISFIT, None)
    try:
        return source, _read(source)
    except DataError as error:
        if not source.options.model_columns:
            raise
        st.session_state[MISFIT] = str(error)
    source = replace(source, options=replace(source.options, like=None, model_columns=()))
    return source, _read(source)


def _read(source: UserSource) -> Dataset:
    with st.spinner("Reading the data"):
        return source.read()


def _set_sources(known: Mapping[str, UserSource]) -> None:
    contents: Sequence[int] = [len(source.file.content) for source in known.values() if source.file is not None]
    kept.keep(SOURCES, known, sum(contents) + 1000)
