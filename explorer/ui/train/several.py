"""Several trainings of the form's recipe: a sweep over values of one or two fields, or k-fold, in the background."""

from __future__ import annotations

import os

import streamlit as st

from explorer.core.errors import ExplorerError, RecipeError
from explorer.data import Dataset
from explorer.recipe import OPTIONAL_PARTS, Recipe
from explorer.sweeps import LIMIT, Sweep, SweptField, folds_sweep, seconds_of_all, start_sweep
from explorer.sweeps.training import ended_of
from explorer.ui.shell.cache import cached
from explorer.ui.train import form_data
from explorer.ui.train.form_filling import KEY, NOTHING
from explorer.ui.widgets.forms import FieldPlaces
from explorer.ui.widgets.text import duration, plain

OWN = f"{KEY}.several"
LINK = "several"
"""The settings' name in the link: FIELD=VALUES each, or folds=K."""
ONE, SWEEP, FOLDS = "one", "sweep", "folds"
TITLES = {ONE: "One training", SWEEP: "Sweep over values", FOLDS: "k-fold"}
FIELD_WIDTH, VALUES_WIDTH = 320, 320
FIRST = ("model.beta", "model.latent_dim")
"""What is offered to be swept, the first that there is."""
HOW = "As 1,4,16 or 0..2 or 0.1..0.5..0.2 (from, to, step)."


def several(recipe: Recipe, dataset: Dataset, name: str, in_memory: bool, fields: FieldPlaces) -> None:
    """Choose what is trained several times, say how many trainings that is and about how long, and start them.

    Args:
        recipe: of the form.
        dataset: its items.
        name: of the dataset in the form.
        in_memory: whether they exist in this session alone.
        fields: of the form, of which values may be swept.
    """
    _from_link()
    st.markdown("**How often**")
    kind = st.segmented_control(
        "How often",
        list(TITLES),
        key=f"{OWN}.kind",
        format_func=TITLES.__getitem__,
        label_visibility="collapsed",
        persist_state="session",
    )
    if kind not in (SWEEP, FOLDS):
        _into_link([])
        return
    places = FieldPlaces()
    settings = _swept(fields, places) if kind == SWEEP else []
    folds = _folds(recipe, places) if kind == FOLDS else 0
    with st.container(horizontal=True, gap="small"):
        title = _text("name", "Name of the sweep", places, "Empty: made of the recipe's and the fields'.")
        jobs = st.number_input(
            "Trainings at once", 1, max(1, os.cpu_count() or 1), 1, key=f"{OWN}.jobs", width=150,
            help="Each is a process; several share the processors.", persist_state="session",
        )  # fmt: skip
    asked = _asked(recipe, kind, settings, folds, title.strip(), in_memory, places)
    if asked is not None:
        _into_link([f"folds={folds}"] if kind == FOLDS else settings)
        _offer(asked, dataset, name, in_memory, jobs, places)


# --- what is typed ----------------------------------------------------------------------------------------------------


def sweepable(fields: FieldPlaces) -> dict[str, str]:
    """The settings of a form that have a field on the page, and their titles: those that apply to what is chosen."""
    named: dict[str, str] = {}
    for key, title in fields.titles.items():
        part, *rest = key.removeprefix(f"{KEY}.").split(".")
        if rest:
            path = [part, *(rest[1:] if part in OPTIONAL_PARTS else rest)]
            named[".".join(path)] = title
    return named


def _swept(fields: FieldPlaces, places: FieldPlaces) -> list[str]:
    """Settings as they are typed, FIELD=VALUES; one without values is left out while there is another."""
    named = sweepable(fields)
    settings: list[str] = []
    chosen = ""
    for number in (1, 2):
        options = [field for field in named if field != chosen]
        options = options if number == 1 else [NOTHING, *options]
        state = st.session_state
        if state.get(f"{OWN}.field{number}") not in options:
            first = next((field for field in FIRST if field in named), options[0])
            state[f"{OWN}.field{number}"] = first if number == 1 else NOTHING
        with st.container(horizontal=True, gap="small"):
            chosen = st.selectbox(
                "Field" if number == 1 else "And a second one",
                options,
                key=f"{OWN}.field{number}",
                format_func=lambda field: f"{named[field]} · {field}" if field in named else "None",
                width=FIELD_WIDTH,
                persist_state="session",
            )
            if chosen == NOTHING:
                continue
            typed = _text(f"values{number}", "Its values", places, HOW)
        settings.append(f"{chosen}={typed}")
    return settings


def _folds(recipe: Recipe, places: FieldPlaces) -> int:
    st.session_state.setdefault(f"{OWN}.folds", recipe.data.split.folds or 5)
    with st.container(gap=None):
        folds = st.number_input(
            "Folds", 2, 100, key=f"{OWN}.folds", width=150, persist_state="session",
            help="So many trainings, each with another part of the items held out. Items that stay together: All "
            "settings, Split.",
        )  # fmt: skip
        places.places[f"{OWN}.folds"] = st.container()
    return int(folds)


def _text(name: str, label: str, places: FieldPlaces, text: str) -> str:
    key = f"{OWN}.{name}"
    with st.container(gap=None, width=VALUES_WIDTH):
        typed = st.text_input(label, key=key, help=text, persist_state="session")
        places.places[key] = st.container()
    return typed


def _asked(
    recipe: Recipe, kind: str, settings: list[str], folds: int, title: str, in_memory: bool, places: FieldPlaces
) -> Sweep | None:
    """The sweep, or None with what is wrong said at its field."""
    at = f"{OWN}.folds"
    try:
        if kind == FOLDS:
            asked = folds_sweep(recipe, folds, name=title)
        else:
            for number, setting in enumerate(settings, 1):
                at = f"{OWN}.values{number}"
                if not setting.partition("=")[2].strip():
                    places.places[at].caption(HOW)
                    return None
                if not _fits(recipe, SweptField.parse(setting), at, places):
                    return None
            at = f"{OWN}.name" if title else at
            asked = Sweep.parse(recipe, settings, title)
            at = f"{OWN}.values{len(settings)}"
            if asked.size > LIMIT:
                places.say(at, f"These are {asked.size:,} trainings, more than {LIMIT}. Give fewer values.")
                return None
        asked = asked.in_memory if in_memory else asked
        _ = asked.points
        at = f"{OWN}.name"
        asked.check_unchanged()
    except ExplorerError as error:
        places.say(at, f"{plain(error.message)} {plain(error.hint)}")
        return None
    return asked


def _fits(recipe: Recipe, field: SweptField, at: str, places: FieldPlaces) -> bool:
    """Whether each value is one of the field's, by itself; what is wrong is said."""
    try:
        for value in field.values:
            recipe.with_settings([f"{field.field}={value}"])
    except RecipeError as error:  # its hint is for who has a recipe's file before them
        places.say(at, plain(error.message))
        return False
    return True


# --- what comes of it -------------------------------------------------------------------------------------------------


def _offer(asked: Sweep, dataset: Dataset, name: str, in_memory: bool, jobs: int, places: FieldPlaces) -> None:
    """Say what it would be, and start it."""
    try:
        items = form_data.split_as(name, asked.points[0].recipe.data)
        done = len(ended_of(asked))
        with st.spinner("Timing some steps"):
            seconds = _seconds(asked, items) * (asked.size - done) / asked.size
    except ExplorerError as error:
        places.say(f"{OWN}.folds", f"{plain(error.message)} {plain(error.hint)}")
        places.say(f"{OWN}.values1", f"{plain(error.message)} {plain(error.hint)}")
        return
    left = asked.size - done
    words = [f"{asked.size} trainings: {plain(asked.words)}"]
    words += [f"{done} done before, which stay as they are"] if done else []
    words += [f"about {duration(seconds)} one after the other, judged by some steps"] if left else []
    st.caption(" · ".join(words))
    if st.button(
        f"Start {left} training{'s' * (left != 1)}", key="start_sweep", icon=":material/stacked_line_chart:",
        disabled=not left, help="In a process of their own, which goes on without this page; see Runs.",
    ):  # fmt: skip
        try:
            started = start_sweep(asked, dataset if in_memory else None, int(jobs))
        except ExplorerError as error:
            places.say(f"{OWN}.name", f"{plain(error.message)} {plain(error.hint)}")
            return
        st.session_state["newest_sweep"] = started.name
        st.toast("The trainings begin; see Runs.")
        st.rerun()


def _seconds(asked: Sweep, dataset: Dataset) -> float:
    return _seconds_of([point.recipe.model_dump_json() for point in asked.points], dataset)


@cached(max_entries=32)
def _seconds_of(recipes: list[str], dataset: Dataset) -> float:
    return seconds_of_all([Recipe.model_validate_json(recipe) for recipe in recipes], dataset)


# --- the link ---------------------------------------------------------------------------------------------------------


def _from_link() -> None:
    state = st.session_state
    if f"{OWN}.kind" in state:
        return
    said = st.query_params.get_all(LINK)
    state[f"{OWN}.kind"] = FOLDS if said and said[0].startswith("folds=") else SWEEP if said else ONE
    if state[f"{OWN}.kind"] == FOLDS and said[0][6:].isdigit():
        state[f"{OWN}.folds"] = min(100, max(2, int(said[0][6:])))
    elif state[f"{OWN}.kind"] == SWEEP:
        for number, setting in enumerate(said[:2], 1):
            state[f"{OWN}.field{number}"], _, state[f"{OWN}.values{number}"] = setting.partition("=")


def _into_link(settings: list[str]) -> None:
    if settings != st.query_params.get_all(LINK):
        if settings:
            st.query_params[LINK] = settings
        else:
            st.query_params.pop(LINK, None)
