"""The form of a training: simple choices first, every field of the recipe on demand, and the recipe as text."""

from __future__ import annotations

import pprint
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st
from pydantic import BaseModel

from explorer.core import places
from explorer.core.errors import ExplorerError, RecipeError
from explorer.data import DATASETS, Dataset, ImportOptions
from explorer.evaluation.activations import weights_of
from explorer.export import kinds
from explorer.models import REGISTRY as FAMILIES
from explorer.noise import REGISTRY as NOISES
from explorer.objectives import REGISTRY as OBJECTIVES
from explorer.penalties import REGISTRY as PENALTIES
from explorer.recipe import DataPart, Recipe, TrainingPart
from explorer.ui.shell import cache, kept, session, user_data
from explorer.ui.widgets import forms
from explorer.ui.widgets.download import download
from explorer.ui.widgets.text import plain, weights

RECIPES = places.shipped("recipes")
KEY = "train"
CURRENT_MODEL, PATH, NO_NOISE, NO_PENALTY = "the current checkpoint", "a path", "none", "none"
NO_OBJECTIVE = "none"
FIRST_RECIPE = {"name": "untitled", "model": {"family": "undercomplete"}}
SIMPLE = {"model": ("latent_dim",), "training": ("epochs",)}


@dataclass(frozen=True)
class Plan:
    """What the form holds: a valid recipe that fits its data.

    Args:
        recipe: what would be trained.
        dataset: the items.
        in_memory: whether they exist in this session alone, so that starting writes them into the run's folder.
    """

    recipe: Recipe
    dataset: Dataset
    in_memory: bool


def plan_form(current_recipe: Recipe | None) -> Plan | None:
    """Draw the form and return what it holds; None, with the reason shown, while that is no valid recipe.

    Args:
        current_recipe: recipe of the checkpoint in the sidebar.
    """
    templates = _templates(current_recipe)
    kept.control(f"{KEY}.")
    if f"{KEY}.name" not in st.session_state:
        _fill(next(iter(templates.values())))
    _take_from_link(templates)
    st.selectbox(
        "Start from",
        list(templates),
        key=f"{KEY}.template",
        on_change=lambda: _fill(templates[st.session_state[f"{KEY}.template"]]),
        help="A recipe to fill the form with; what you changed before is replaced.",
        persist_state="session",
    )
    name = _dataset_picker()
    reading, question = st.container(), st.container()
    try:
        dataset = _opened(name)
        with reading:
            user_data.show_reading(name, KEY)
        values = _fields(dataset)
        recipe = Recipe.parse(values | {"data": {"dataset": name, **values["data"], **user_data.recipe_values(name)}})
        size = weights(weights_of(recipe, dataset.event_shape))
    except ExplorerError as error:
        # Shown here, so that the form stays as it was typed.
        st.error(f"{plain(error.message)}\n\n{plain(error.hint)}", icon=":material/error:")
        with question:
            _decide()
        return None
    with question:
        _decide()
    shape = " x ".join(map(str, dataset.event_shape))
    st.caption(f"{len(dataset.splits.train):,} training items of {shape} · about {size}")
    return Plan(recipe, dataset, user_data.is_in_memory(name))


def recipe_as_text(plan: Plan) -> None:
    """The recipe as a file, the command that trains it, and the same in Python."""
    recipe = plan.recipe
    with st.popover("Recipe as file, command, Python", icon=":material/code:", width="stretch"):
        if plan.in_memory:
            st.caption("Put the path of your file in place of the dataset's name: what you uploaded is in memory only.")
        download("Download the recipe (TOML)", recipe.to_toml(), f"{recipe.name}.toml", kinds.RECIPE)
        st.code(f"python -m explorer train {recipe.name}.toml", language="shell")
        st.code(as_python(recipe), language="python")
        st.code(recipe.to_toml(), language="toml")


def as_python(recipe: Recipe) -> str:
    """A script that trains the recipe and prints the validation loss of each epoch."""
    values = pprint.pformat(recipe.model_dump(mode="json", exclude_none=True), sort_dicts=False, width=88)
    return (
        f"import explorer\n\nrecipe = explorer.Recipe.parse(\n    {values.replace(chr(10), chr(10) + '    ')}\n)\n"
        'for event in explorer.train(recipe):\n    if event.kind == "epoch":\n'
        "        print(event.epoch, event.validation)\n"
    )


# --- The template ----------------------------------------------------------------------------------------------------


def _templates(current_recipe: Recipe | None) -> dict[str, Recipe]:
    # A family that the form does not offer has fields that it cannot show.
    can_show = current_recipe is not None and current_recipe.model.in_form
    templates = {CURRENT_MODEL: current_recipe} if can_show and current_recipe is not None else {}
    for path in sorted(RECIPES.glob("*.toml")):
        templates[path.stem] = Recipe.from_toml(path)
    return templates or {"defaults": Recipe.parse(FIRST_RECIPE)}


def _take_from_link(templates: dict[str, Recipe]) -> None:
    """Start from the recipe that a link names (``?recipe=NAME``), once for each link."""
    name = st.query_params.get("recipe", "")
    if name in templates and st.session_state.get(f"{KEY}.linked") != name:
        st.session_state[f"{KEY}.linked"] = st.session_state[f"{KEY}.template"] = name
        _fill(templates[name])


def _fill(recipe: Recipe) -> None:
    """Put a recipe's values into the form's widgets; only before they are drawn, or in a callback."""
    state = st.session_state
    state[f"{KEY}.name"] = recipe.name if recipe.name.startswith("my-") else f"my-{recipe.name}"[:80]
    state[f"{KEY}.title"] = ""
    state[f"{KEY}.family"] = recipe.model.family
    state[f"{KEY}.noise"] = NO_NOISE if recipe.corruption is None else recipe.corruption.kind
    state[f"{KEY}.penalty"] = NO_PENALTY if recipe.penalty is None else recipe.penalty.kind
    state[f"{KEY}.objective"] = NO_OBJECTIVE if recipe.objective is None else recipe.objective.kind
    state[f"{KEY}.dataset"] = recipe.data.dataset
    parts: list[tuple[str, BaseModel | None]] = [
        ("data", recipe.data),
        ("model", recipe.model),
        ("training", recipe.training),
        (f"corruption.{state[f'{KEY}.noise']}", recipe.corruption),
        (f"penalty.{state[f'{KEY}.penalty']}", recipe.penalty),
        (f"objective.{state[f'{KEY}.objective']}", recipe.objective),
    ]
    for path, part in parts:
        for name, info in type(part).model_fields.items() if part is not None else ():
            if forms.is_drawable(info):
                state[f"{KEY}.{path}.{name}"] = forms.as_typed(info, getattr(part, name))


# --- The data --------------------------------------------------------------------------------------------------------


def _dataset_picker() -> str:
    """The name or path of the data to train on."""
    place = st.container()
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
    if chosen != PATH:
        if user_data.is_in_memory(chosen):
            st.caption("Your upload is in memory; starting a training writes it into the run's folder.")
        return chosen
    return user_data.path_input(f"{KEY}.path")


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
    with st.popover("Add my data", icon=":material/add:", width="stretch"):
        added = user_data.form(KEY, ImportOptions())
    name = st.session_state.pop(f"{KEY}.added", None) if added is None else added.name
    if name is not None:
        st.session_state[f"{KEY}.dataset"] = name


def _decide() -> None:
    """Ask how data is to be read of which two readings are as likely."""
    added = user_data.decide(KEY)
    if added is not None:
        st.session_state[f"{KEY}.added"] = added.name
        st.rerun()


def _opened(name: str) -> Dataset:
    if name in DATASETS:
        away = st.session_state.get(f"{KEY}.away")
        if away in DATASETS and away != name:
            st.caption(f"{DATASETS[away].title} is not on this machine: python -m explorer data fetch {away}")
        return cache.load_dataset(name)
    if not name:
        raise RecipeError("No path is given yet.", "Type the path of a folder, zip, NPZ, IDX or CSV on this machine.")
    return user_data.opened(name, KEY)


# --- The fields ------------------------------------------------------------------------------------------------------


def _fields(dataset: Dataset) -> dict[str, Any]:
    """Every value of the recipe but the dataset's name."""
    family = st.selectbox(
        "Family",
        [name for name, (config, _) in FAMILIES.items() if config.in_form],
        key=f"{KEY}.family",
        format_func=lambda name: FAMILIES[name][1].title,
        help="Which kind of autoencoder.",
        persist_state="session",
    )
    st.caption(FAMILIES[family][1].summary)
    model = FAMILIES[family][0]
    left, right = st.columns(2)
    with left:
        values_model = forms.draw_fields(model, f"{KEY}.model", SIMPLE["model"])
    with right:
        values_training = forms.draw_fields(TrainingPart, f"{KEY}.training", SIMPLE["training"])
    noise = st.selectbox(
        "Corruption",
        [NO_NOISE, *NOISES],
        key=f"{KEY}.noise",
        format_func=lambda kind: NOISES[kind].title if kind in NOISES else "None",
        help=Recipe.model_fields["corruption"].description,
        persist_state="session",
    )
    corruption = {} if noise == NO_NOISE else _noise_fields(noise, level=True)
    name = st.text_input(
        "Name", key=f"{KEY}.name", help=Recipe.model_fields["name"].description, persist_state="session"
    )
    with st.expander("All settings"):
        title = forms.draw_fields(Recipe, KEY, ("title",))
        st.markdown("**Data**")
        options = {"classes": dataset.label_names}
        values_data = forms.draw_fields(DataPart, f"{KEY}.data", _others(DataPart, ("dataset",)), options)
        st.markdown("**Model**")
        values_model |= forms.draw_fields(model, f"{KEY}.model", _others(model, SIMPLE["model"]))
        if noise != NO_NOISE:
            corruption |= _noise_fields(noise, level=False)
        penalty = _penalty_fields()
        objective = _objective_fields()
        st.markdown("**Training**")
        values_training |= forms.draw_fields(TrainingPart, f"{KEY}.training", _others(TrainingPart, SIMPLE["training"]))
    return {
        "name": name,
        **title,
        "data": values_data,
        "model": {"family": family, **values_model},
        "corruption": None if noise == NO_NOISE else {"kind": noise, **corruption},
        "penalty": penalty,
        "objective": objective,
        "training": values_training,
    }


def _noise_fields(kind: str, level: bool) -> dict[str, Any]:
    """A corruption's level, or all its other fields."""
    model = NOISES[kind]
    names = [model.level_field] if level else _others(model, (model.level_field,))
    return forms.draw_fields(model, f"{KEY}.corruption.{kind}", names)


def _penalty_fields() -> dict[str, Any] | None:
    """Which penalty, what it is for, and its fields; None for no penalty."""
    kind = st.selectbox(
        "Penalty",
        [NO_PENALTY, *PENALTIES],
        key=f"{KEY}.penalty",
        format_func=lambda kind: PENALTIES[kind].title if kind in PENALTIES else "None",
        help=Recipe.model_fields["penalty"].description,
        persist_state="session",
    )
    if kind == NO_PENALTY:
        return None
    st.caption(PENALTIES[kind].summary)
    return {"kind": kind, **forms.draw_fields(PENALTIES[kind], f"{KEY}.penalty.{kind}")}


def _objective_fields() -> dict[str, Any] | None:
    """Which objective, what it is, and its fields; None for the ELBO."""
    kind = st.selectbox(
        "Objective",
        [NO_OBJECTIVE, *OBJECTIVES],
        key=f"{KEY}.objective",
        format_func=lambda kind: OBJECTIVES[kind].title if kind in OBJECTIVES else "The family's own",
        help=Recipe.model_fields["objective"].description,
        persist_state="session",
    )
    if kind == NO_OBJECTIVE:
        return None
    st.caption(OBJECTIVES[kind].summary)
    return {"kind": kind, **forms.draw_fields(OBJECTIVES[kind], f"{KEY}.objective.{kind}")}


def _others(model: type[BaseModel], names: Iterable[str]) -> list[str]:
    return [name for name in model.model_fields if name not in names]
