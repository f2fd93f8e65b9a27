"""The form of a training: simple choices first, every field of the recipe on demand, and the recipe as text."""

from __future__ import annotations

import json
import pprint
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st
from pydantic import BaseModel
from streamlit.delta_generator import DeltaGenerator

from explorer import runs
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
from explorer.ui.train import form_messages
from explorer.ui.train.family_drawing import show_drawing
from explorer.ui.train.presets import PRESETS
from explorer.ui.widgets import forms
from explorer.ui.widgets.download import download
from explorer.ui.widgets.forms import FieldPlaces
from explorer.ui.widgets.history import went_back
from explorer.ui.widgets.text import plain, weights

RECIPES = places.shipped("recipes")
KEY = "train"
LINK = "form"
"""The settings' name in the link."""
CURRENT_MODEL, PATH, NO_NOISE, NO_PENALTY = "the current checkpoint", "a path", "none", "none"
NO_OBJECTIVE = "none"
OWN = "own"
"""The preset that is the visitor's own form."""
FIRST_RECIPE = {"name": "untitled", "model": {"family": "undercomplete"}}
IN_BAR = ("latent_dim", "beta")
"""Fields of a family that stand in the bar, where it has them."""
SHORT = {"latent_dim": "Code size"}
"""Their titles there, where the field's own is too long."""
WIDE, MIDDLE, NARROW, BUTTON = 170, 122, 102, 110
"""Widths in the bar, in pixels: two wide ones, or three others, fill a phone's screen."""
LONGEST_LINK = 3000
SMALL_SIDE = 48
"""Pixels; of smaller images no crops are offered."""


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


def plan_form(current_recipe: Recipe | None) -> tuple[Plan | None, bool]:
    """Draw the form: what it holds (None, with the reason shown, while it is no valid recipe), and if Start is pressed.

    Args:
        current_recipe: recipe of the checkpoint in the sidebar.
    """
    templates = _templates(current_recipe)
    kept.control(f"{KEY}.")
    _begin(templates)
    _preset_cards()
    bar = st.container(horizontal=True, vertical_alignment="bottom", key="train_bar")
    notes, question = st.container(), st.container()
    settings = st.expander("All settings", key="train_settings")
    fields = FieldPlaces()
    with bar:
        name = _dataset_picker(settings, notes)
    plan = None
    try:
        dataset = _opened(name)
        with notes:
            user_data.show_reading(name, KEY)
        values = _fields(dataset, fields, bar, settings, templates)
        values |= {"data": {**values["data"], "dataset": name, **user_data.recipe_values(name)}}
        with notes:
            recipe = form_messages.parsed(values, fields, KEY)
        if recipe is not None:
            plan = Plan(recipe, dataset, user_data.is_in_memory(name))
            size = weights_of(recipe, dataset.event_shape)
    except ExplorerError as error:
        # Shown here, so that the form stays as it was typed.
        plan = None
        with notes:
            form_messages.say(error, fields)
    with question:
        _decide()
    busy = sum(run.status == "running" for run in runs.list_runs())
    with bar:
        pressed = st.button(
            "Start", type="primary", icon=":material/play_arrow:", disabled=plan is None, key="start", width=BUTTON
        )
    with notes:
        if plan is None:
            titles = ", ".join(fields.titles[key] for key in fields.said)
            st.caption(f"Not ready to start: {titles or 'see the message above'}.")
        else:
            shape = " x ".join(map(str, plan.dataset.event_shape))
            about = [f"{len(plan.dataset.splits.train):,} training items of {shape} · about {weights(size)}"]
            about += [_stands_in_for(name)] if _stands_in_for(name) else []
            about += ["a run is in progress; two at once share the processor"] if busy else []
            preset = PRESETS.get(st.session_state.get(f"{KEY}.preset", OWN))
            st.caption(" · ".join(about) if preset is None else f"{preset.about}  \n{' · '.join(about)}")
            _into_link(plan)
    if plan is not None:
        with fields.places[f"{KEY}.drawing"]:
            show_drawing(plan.recipe, plan.dataset.event_shape, size)
        with fields.places[f"{KEY}.file"]:
            recipe_as_text(plan)
    return plan, pressed


def recipe_as_text(plan: Plan) -> None:
    """The recipe as a file, the command that trains it, and the same in Python."""
    recipe = plan.recipe
    with st.popover("Recipe as file, command, Python", icon=":material/code:"):
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


def _begin(templates: dict[str, Recipe]) -> None:
    """What the form holds when the page is opened: what the link says, else what was typed, else the first template."""
    state = st.session_state
    said = st.query_params.get(LINK, "")
    is_first = f"{KEY}.name" not in state
    if is_first:
        _fill(next(iter(templates.values())))
    if said and (is_first or went_back()) and said != state.get(f"{KEY}.in_link"):
        try:
            values = json.loads(said)
            _fill(Recipe.parse(values if isinstance(values, dict) else {}), values.get("name", ""))
        except (ExplorerError, ValueError) as error:
            st.warning(f"The settings in the link cannot be read: {plain(str(error))}", icon=":material/link_off:")
    name = st.query_params.get("recipe", "")
    if name in templates and state.get(f"{KEY}.linked") != name:
        state[f"{KEY}.linked"] = state[f"{KEY}.template"] = name
        _fill(templates[name])


def _into_link(plan: Plan) -> None:
    """Have the link hold the settings; those of data in memory alone would lead nowhere."""
    values = plan.recipe.model_dump(mode="json", exclude_defaults=True)
    values["model"] = {"family": plan.recipe.model.family, **values.get("model", {})}
    for part in ("corruption", "penalty", "objective"):
        chosen = getattr(plan.recipe, part)
        if chosen is not None:
            values[part] = {"kind": chosen.kind, **values.get(part, {})}
    text = json.dumps(values, separators=(",", ":"), ensure_ascii=False)
    if plan.in_memory or len(text) > LONGEST_LINK:
        st.query_params.pop(LINK, None)
    elif st.query_params.get(LINK) != text:
        st.query_params[LINK] = text
    st.session_state[f"{KEY}.in_link"] = text


def _preset_cards() -> None:
    """Ways to begin; the visitor's own form comes back as it was left."""
    chosen = st.session_state.get(f"{KEY}.preset", OWN)
    cards = {name: (preset.title, preset.icon, preset.about) for name, preset in PRESETS.items()}
    cards[OWN] = ("My own", ":material/edit:", "The form as you left it.")
    with st.container(horizontal=True, key="train_presets", gap="small"):
        for name, (title, icon, about) in cards.items():
            st.button(
                f"**{title}**" if name == chosen else title,
                icon=":material/check:" if name == chosen else icon,
                help=about,
                key=f"preset.{name}",
                on_click=_take_preset,
                args=(name,),
            )


def _take_preset(name: str) -> None:
    state = st.session_state
    if state.get(f"{KEY}.preset", OWN) == OWN:
        state[f"{KEY}.own_form"] = {
            key: value for key, value in state.items()
            if str(key).startswith(f"{KEY}.") and isinstance(value, str | int | float | bool | list | None)
        }  # fmt: skip
    state[f"{KEY}.preset"] = name
    if name in PRESETS:
        _fill(PRESETS[name].recipe)
        return
    for key, value in state.get(f"{KEY}.own_form", {}).items():
        if key != f"{KEY}.preset":
            state[key] = value


def _fill(recipe: Recipe, name: str = "") -> None:
    """Put a recipe's values into the form's widgets; only before they are drawn, or in a callback.

    Args:
        recipe: that the form is to hold.
        name: of the run; empty: that of the recipe, as one's own.
    """
    state = st.session_state
    state[f"{KEY}.name"] = name or (recipe.name if recipe.name.startswith("my-") else f"my-{recipe.name}"[:80])
    state[f"{KEY}.title"] = recipe.title if name else ""
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


def _dataset_picker(settings: DeltaGenerator, notes: DeltaGenerator) -> str:
    """The name or path of the data to train on."""
    place = st.container(width=WIDE)
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
    name = st.session_state.pop(f"{KEY}.added", None) if added is None else added.name
    if name is not None:
        st.session_state[f"{KEY}.dataset"] = name


def _decide() -> None:
    """Ask how data is to be read of which two readings are as likely."""
    added = user_data.decide(KEY)
    if added is not None:
        st.session_state[f"{KEY}.added"] = added.name
        st.rerun()


def _stands_in_for(name: str) -> str:
    """Where the data that the form was filled with is not here: what it was, and how to get it."""
    away = st.session_state.get(f"{KEY}.away")
    if name not in DATASETS or away not in DATASETS or away == name:
        return ""
    return f"{DATASETS[away].title} is not on this machine: python -m explorer data fetch {away}"


def _opened(name: str) -> Dataset:
    if name in DATASETS:
        return cache.load_dataset(name)
    if not name:
        raise RecipeError("No path is given yet.", "Type the path of a folder, zip, NPZ, IDX or CSV on this machine.")
    return user_data.opened(name, KEY)


# --- The fields ------------------------------------------------------------------------------------------------------


def _fields(
    dataset: Dataset, fields: FieldPlaces, bar: DeltaGenerator, settings: DeltaGenerator, templates: dict[str, Recipe]
) -> dict[str, Any]:
    """Every value of the recipe but the dataset's name: the bar, then all settings by part."""
    with bar:
        family = st.selectbox(
            "Family",
            [name for name, (config, _) in FAMILIES.items() if config.in_form],
            key=f"{KEY}.family",
            format_func=lambda name: FAMILIES[name][1].title,
            help="Which kind of autoencoder. Each one's purpose and drawing: All settings, Model.",
            persist_state="session",
            width=WIDE,
        )
        model = FAMILIES[family][0]
        values_model: dict[str, Any] = {}
        for name in IN_BAR[:1]:
            with st.container(width=NARROW):
                values_model |= forms.draw_fields(model, f"{KEY}.model", (name,), into=fields, titles=SHORT)
        noise = st.selectbox(
            "Corruption",
            [NO_NOISE, *NOISES],
            key=f"{KEY}.noise",
            format_func=lambda kind: NOISES[kind].title if kind in NOISES else "None",
            help=Recipe.model_fields["corruption"].description,
            persist_state="session",
            width=MIDDLE,
        )
        if IN_BAR[1] in model.model_fields:
            with st.container(width=NARROW):
                values_model |= forms.draw_fields(model, f"{KEY}.model", IN_BAR[1:], into=fields)
    with settings:
        for_data, for_model, for_training = st.columns(3, gap="large")
    with for_data:
        st.markdown("**Data**")
        options = {"classes": dataset.label_names}
        shown = _data_fields(dataset)
        values_data = forms.draw_fields(DataPart, f"{KEY}.data", shown, options, fields)
        corruption: dict[str, Any] = {}
        if noise != NO_NOISE:
            st.markdown(f"**Corruption: {NOISES[noise].title.lower()}**")
            corruption = forms.draw_fields(NOISES[noise], f"{KEY}.corruption.{noise}", into=fields)
    with for_model:
        st.markdown("**Model**")
        st.caption(FAMILIES[family][1].summary)
        fields.places[f"{KEY}.drawing"] = st.container()
        values_model |= forms.draw_fields(model, f"{KEY}.model", _others(model, IN_BAR), into=fields)
        penalty = _penalty_fields(fields)
        objective = _objective_fields(fields)
    with for_training:
        st.markdown("**Training**")
        name = st.text_input(
            "Name", key=f"{KEY}.name", help=Recipe.model_fields["name"].description, persist_state="session"
        )
        fields.places[f"{KEY}.name"], fields.titles[f"{KEY}.name"] = st.container(), "Name"
        title = forms.draw_fields(Recipe, KEY, ("title",), into=fields)
        values_training = forms.draw_fields(TrainingPart, f"{KEY}.training", into=fields)
        st.selectbox(
            "Start from a recipe",
            list(templates),
            key=f"{KEY}.template",
            on_change=lambda: _fill(templates[st.session_state[f"{KEY}.template"]]),
            help="A recipe to fill the form with; what you changed before is replaced.",
            persist_state="session",
        )
        fields.places[f"{KEY}.file"] = st.container()
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


def _data_fields(dataset: Dataset) -> list[str]:
    """The fields that mean something for these items; the others have their defaults."""
    hidden = {"dataset"}
    is_image = len(dataset.event_shape) == 3
    if not is_image:
        hidden |= {"crop", "crops_per_item", "augment"}
    elif min(dataset.event_shape[1:]) < SMALL_SIDE:
        hidden |= {"crop", "crops_per_item"}
    if not is_image or dataset.name in DATASETS:
        hidden |= {"tile", "exclude"}
    if dataset.labels is None:
        hidden |= {"classes"}
    return _others(DataPart, hidden)


def _penalty_fields(fields: FieldPlaces) -> dict[str, Any] | None:
    """Which penalty, what it is for, and its fields; None for no penalty."""
    kind = st.selectbox(
        "Penalty",
        [NO_PENALTY, *PENALTIES],
        key=f"{KEY}.penalty",
        format_func=lambda kind: PENALTIES[kind].title if kind in PENALTIES else "None",
        help=Recipe.model_fields["penalty"].description,
        persist_state="session",
    )
    fields.places[f"{KEY}.penalty"], fields.titles[f"{KEY}.penalty"] = st.container(), "Penalty"
    if kind == NO_PENALTY:
        return None
    st.caption(PENALTIES[kind].summary)
    return {"kind": kind, **forms.draw_fields(PENALTIES[kind], f"{KEY}.penalty.{kind}", into=fields)}


def _objective_fields(fields: FieldPlaces) -> dict[str, Any] | None:
    """Which objective, what it is, and its fields; None for the ELBO."""
    kind = st.selectbox(
        "Objective",
        [NO_OBJECTIVE, *OBJECTIVES],
        key=f"{KEY}.objective",
        format_func=lambda kind: OBJECTIVES[kind].title if kind in OBJECTIVES else "The family's own",
        help=Recipe.model_fields["objective"].description,
        persist_state="session",
    )
    fields.places[f"{KEY}.objective"], fields.titles[f"{KEY}.objective"] = st.container(), "Objective"
    if kind == NO_OBJECTIVE:
        return None
    st.caption(OBJECTIVES[kind].summary)
    return {"kind": kind, **forms.draw_fields(OBJECTIVES[kind], f"{KEY}.objective.{kind}", into=fields)}


def _others(model: type[BaseModel], names: Iterable[str]) -> list[str]:
    return [name for name in model.model_fields if name not in names]
