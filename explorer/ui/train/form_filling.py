"""What the form of a training holds at first: a link's settings, a recipe, a preset, or what was typed before."""

from __future__ import annotations

import json

import streamlit as st
from pydantic import BaseModel

from explorer.core import places
from explorer.core.errors import ExplorerError
from explorer.recipe import Recipe
from explorer.ui.train.presets import PRESETS
from explorer.ui.widgets import forms
from explorer.ui.widgets.history import went_back
from explorer.ui.widgets.text import plain

RECIPES = places.shipped("recipes")
KEY = "train"
"""With which the keys of its fields begin."""
LINK = "form"
"""The settings' name in the link."""
READING = f"{KEY}.reading"
"""In the session: a path, and how a recipe says that it is read, until the page has read it."""
LONGEST_LINK = 3000
CURRENT_MODEL, NOTHING = "the current checkpoint", "none"
OWN = "own"
"""The preset that is the visitor's own form."""
FIRST_RECIPE = {"name": "untitled", "model": {"family": "undercomplete"}}
CHOICES = ("corruption", "penalty", "objective")
"""Parts of a recipe of which there is one of several kinds, or none."""


def templates_of(current_recipe: Recipe | None) -> dict[str, Recipe]:
    """What a form can be filled with, by name: the recipe of the current checkpoint first."""
    # A family that the form does not offer has fields that it cannot show.
    can_show = current_recipe is not None and current_recipe.model.in_form
    templates = {CURRENT_MODEL: current_recipe} if can_show and current_recipe is not None else {}
    for path in sorted(RECIPES.glob("*.toml")):
        templates[path.stem] = Recipe.from_toml(path)
    return templates or {"defaults": Recipe.parse(FIRST_RECIPE)}


def begin(templates: dict[str, Recipe]) -> None:
    """What the form holds when the page is opened: what the link says, else what was typed, else the first template."""
    state = st.session_state
    said = st.query_params.get(LINK, "")
    is_first = f"{KEY}.name" not in state
    if is_first:
        fill(next(iter(templates.values())))
    if said and (is_first or went_back()) and said != state.get(f"{KEY}.in_link"):
        try:
            values = json.loads(said)
            fill(Recipe.parse(values if isinstance(values, dict) else {}), values.get("name", ""))
        except (ExplorerError, ValueError) as error:
            st.warning(f"The settings in the link cannot be read: {plain(str(error))}", icon=":material/link_off:")
    name = st.query_params.get("recipe", "")
    if name in templates and state.get(f"{KEY}.linked") != name:
        state[f"{KEY}.linked"] = state[f"{KEY}.template"] = name
        fill(templates[name])


def into_link(recipe: Recipe, is_in_memory: bool) -> None:
    """Have the link hold the settings; those of data in memory alone would lead nowhere."""
    values = recipe.model_dump(mode="json", exclude_defaults=True)
    values["model"] = {"family": recipe.model.family, **values.get("model", {})}
    for part in CHOICES:
        chosen = getattr(recipe, part)
        if chosen is not None:
            values[part] = {"kind": chosen.kind, **values.get(part, {})}
    text = json.dumps(values, separators=(",", ":"), ensure_ascii=False)
    if is_in_memory or len(text) > LONGEST_LINK:
        text = ""  # not taken away: a parameter goes from the address only while its page is left
    if st.query_params.get(LINK, "") != text:
        st.query_params[LINK] = text
    st.session_state[f"{KEY}.in_link"] = text


def take_preset(name: str) -> None:
    """Fill the form with a preset, or with what the visitor's own form held; in a callback."""
    state = st.session_state
    if state.get(f"{KEY}.preset", OWN) == OWN:
        state[f"{KEY}.own_form"] = {
            key: value for key, value in state.items()
            if str(key).startswith(f"{KEY}.") and isinstance(value, str | int | float | bool | list | None)
        }  # fmt: skip
    state[f"{KEY}.preset"] = name
    if name in PRESETS:
        fill(PRESETS[name].recipe)
        return
    for key, value in state.get(f"{KEY}.own_form", {}).items():
        if key != f"{KEY}.preset":
            state[key] = value


def fill(recipe: Recipe, name: str = "") -> None:
    """Put a recipe's values into the form's widgets; only before they are drawn, or in a callback.

    Args:
        recipe: that the form is to hold.
        name: of the run; empty: that of the recipe, as one's own.
    """
    state = st.session_state
    state[f"{KEY}.name"] = name or (recipe.name if recipe.name.startswith("my-") else f"my-{recipe.name}"[:80])
    state[f"{KEY}.title"] = recipe.title if name else ""
    state[f"{KEY}.family"] = recipe.model.family
    state[f"{KEY}.dataset"] = recipe.data.dataset
    state[READING] = recipe.data.dataset, recipe.data.options
    parts: list[tuple[str, BaseModel | None]] = [
        ("data", recipe.data),
        ("data.split", recipe.data.split),
        ("model", recipe.model),
        ("training", recipe.training),
    ]
    for name in CHOICES:
        chosen = getattr(recipe, name)
        kind = NOTHING if chosen is None else chosen.kind
        state[f"{KEY}.{name}"] = kind
        parts.append((f"{name}.{kind}", chosen))
    for path, part in parts:
        for field, info in type(part).model_fields.items() if part is not None else ():
            if forms.is_drawable(info):
                state[f"{KEY}.{path}.{field}"] = forms.as_typed(info, getattr(part, field))
                state.pop(f"{KEY}.{path}.{field}{forms.FORMER}", None)
