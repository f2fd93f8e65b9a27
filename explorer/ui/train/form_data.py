"""The data of a training: a dataset, an upload, or a path on this machine."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.core.errors import RecipeError
from explorer.data import DATASETS, Dataset, ImportOptions
from explorer.recipe import DataPart
from explorer.ui.shell import cache, held_out, session, user_data
from explorer.ui.train.form_filling import KEY, READING

PATH = "a path"
WIDTH = 170
"""Of the list in the bar, in pixels."""


def dataset_picker(settings: DeltaGenerator, notes: DeltaGenerator) -> str:
    """The name or path of the data to train on."""
    place = st.container(width=WIDTH)
    with settings:
        _add_data()
    names = session.dataset_names()
    wanted = st.session_state.get(f"{KEY}.dataset")
    if wanted not in (*names, PATH):
        st.session_state[f"{KEY}.dataset"] = _stand_in(wanted, names)
    titles = {name: session.dataset_title(name) for name in names} | {PATH: "A path on this machine"}
    chosen = place.selectbox(
        "Dataset",
        list(titles),
        key=f"{KEY}.dataset",
        format_func=titles.__getitem__,
        help="What is on this machine, and what you uploaded. More: python -m explorer data list",
        persist_state="session",
    )
    with notes:
        if chosen == PATH:
            return user_data.path_input(f"{KEY}.path")
        if user_data.is_in_memory(chosen):
            st.caption("Your upload is in memory; starting a training writes it into the run's folder.")
    return chosen


def _stand_in(wanted: str | None, names: list[str]) -> str:
    """What to offer where a recipe's data is not here: a sample of the same kind, or the path it names."""
    if wanted is not None and wanted not in DATASETS and Path(wanted).exists():
        st.session_state[f"{KEY}.path"] = wanted
        return PATH
    known = [name for name in names if name in DATASETS]
    alike = [name for name in known if wanted in DATASETS[name].held_out_for]
    shape = DATASETS[wanted].event_shape if wanted in DATASETS else None
    same = [name for name in known if DATASETS[name].event_shape == shape]
    st.session_state[f"{KEY}.away"] = wanted
    return next(iter([*alike, *same, *known, *names]))


def _add_data() -> None:
    with st.popover("Add my data", icon=":material/add:"):
        added = user_data.form(KEY, ImportOptions())
        held_out.form(KEY, f"{KEY}.data.split")
    name = st.session_state.pop(f"{KEY}.added", None) if added is None else added.name
    if name is not None:
        st.session_state[f"{KEY}.dataset"] = name


def decide() -> None:
    """Ask how data is to be read of which two readings are as likely."""
    added = user_data.decide(KEY)
    if added is not None:
        st.session_state[f"{KEY}.added"] = added.name
        st.rerun()


def stands_in_for(name: str) -> str:
    """Where the data that the form was filled with is not here: what it was, and how to get it."""
    away = st.session_state.get(f"{KEY}.away")
    if name not in DATASETS or away not in DATASETS or away == name:
        return ""
    return f"{DATASETS[away].title} is not on this machine: python -m explorer data fetch {away}"


def split_as(name: str, part: DataPart) -> Dataset:
    """The same items, split as a recipe says.

    Raises:
        DataError: there is no such column, or a value in it means no split.
    """
    if name in DATASETS:
        return cache.load_dataset(name, part.seed, part.split)
    dataset = user_data.split_again(name, part.seed, part.split)
    if part.split.columns and dataset.contract is not None:
        dataset.contract.require_decided(dataset.title)  # without the split's columns another may look like labels
    return dataset


def opened(name: str) -> Dataset:
    """The items of a name or path.

    Raises:
        ExplorerError: it names nothing that can be read.
    """
    if name in DATASETS:
        return cache.load_dataset(name)
    if not name:
        raise RecipeError("No path is given yet.", "Type the path of a folder, zip, NPZ, IDX or CSV on this machine.")
    path, said = st.session_state.pop(READING, ("", None))
    return user_data.opened(name, KEY, said if path == name else None)
