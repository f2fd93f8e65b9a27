"""The form of a training: simple choices first, every field of the recipe on demand, and the recipe as text."""

from __future__ import annotations

import pprint
from dataclasses import dataclass

import streamlit as st

from explorer import runs
from explorer.core.errors import ExplorerError
from explorer.data import Dataset
from explorer.evaluation.activations import weights_of
from explorer.export import kinds
from explorer.recipe import Recipe
from explorer.training.class_weights import class_weights_of
from explorer.training.items import label_count
from explorer.ui.shell import held_out, kept, user_data
from explorer.ui.train import form_data, form_fields, form_filling, form_messages
from explorer.ui.train.family_drawing import show_drawing
from explorer.ui.train.form_filling import KEY
from explorer.ui.train.preset_cards import preset_cards
from explorer.ui.train.several import several
from explorer.ui.widgets.download import download
from explorer.ui.widgets.forms import FieldPlaces
from explorer.ui.widgets.text import plain, weights

BUTTON = 110
"""Width of Start, in pixels."""


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


def plan_form(current_recipe: Recipe | None, has_stage: bool) -> tuple[Plan | None, bool]:
    """Draw the form: what it holds (None, with the reason shown, while it is no valid recipe), and if Start is pressed.

    Args:
        current_recipe: recipe of the checkpoint in the sidebar.
        has_stage: whether a run is shown below, which needs the room.
    """
    templates = form_filling.templates_of(current_recipe)
    kept.control(f"{KEY}.")
    form_filling.begin(templates)
    preset_cards(with_sentences=not has_stage)
    bar = st.container(horizontal=True, vertical_alignment="bottom", key="train_bar")
    notes, question = st.container(), st.container()
    settings = st.expander("All settings", key="train_settings")
    fields = FieldPlaces()
    with bar:
        name = form_data.dataset_picker(settings, notes)
    plan = None
    try:
        dataset = form_data.opened(name)
        with notes:
            user_data.show_reading(name, KEY)
        values = form_fields.draw_recipe(dataset, fields, bar, settings, templates)
        with settings:
            how_often = st.container()
        values |= {"data": {**values["data"], "dataset": name, **user_data.recipe_values(name)}}
        with notes:
            recipe = form_messages.parsed(values, fields, KEY)
        if recipe is not None:
            dataset = form_data.split_as(name, recipe.data)
            counted = class_weights_of(recipe, dataset, dataset.splits.train)
            in_memory = user_data.is_in_memory(name) or held_out.is_in_memory(recipe.data.split)
            plan = Plan(recipe, dataset, in_memory)
            size = weights_of(recipe, dataset.event_shape, label_count(recipe, dataset))
    except ExplorerError as error:
        # Shown here, so that the form stays as it was typed.
        plan = None
        with notes:
            form_messages.say(error, fields)
    with question:
        form_data.decide()
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
            about += [plain(dataset.splits.note)] if dataset.first_splits is not None else []
            about += [plain(counted.words)] if counted is not None else []
            about += [form_data.stands_in_for(name)] if form_data.stands_in_for(name) else []
            about += ["a run is in progress; two at once share the processor"] if busy else []
            st.caption(" · ".join(about))
            form_filling.into_link(plan.recipe, plan.in_memory)
    if plan is not None:
        with fields.places[f"{KEY}.drawing"]:
            show_drawing(plan.recipe, plan.dataset.event_shape, size)
        with fields.places[f"{KEY}.file"]:
            recipe_as_text(plan)
        with how_often:
            several(plan.recipe, plan.dataset, name, plan.in_memory, fields)
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
