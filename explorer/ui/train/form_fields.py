"""The fields of a recipe: the few of the bar, then all settings by part, without what does not apply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import streamlit as st
from pydantic import BaseModel
from streamlit.delta_generator import DeltaGenerator

from explorer.core.applicability import applying
from explorer.core.counts import hold_counts
from explorer.data import DATASETS, Dataset, SplitAsked
from explorer.models import REGISTRY as FAMILIES
from explorer.models import ModelConfig
from explorer.noise import REGISTRY as NOISES
from explorer.objectives import REGISTRY as OBJECTIVES
from explorer.penalties import REGISTRY as PENALTIES
from explorer.recipe import DataPart, Recipe, TrainingPart
from explorer.ui.shell.cache import cached
from explorer.ui.train import form_data
from explorer.ui.train.form_filling import KEY, NOTHING, fill
from explorer.ui.widgets import forms
from explorer.ui.widgets.forms import FieldPlaces

IN_BAR = ("latent_dim", "beta")
"""Fields of a family that stand in the bar, where it has them."""
SHORT = {"latent_dim": "Code size"}
"""Their titles there, where the field's own is too long."""
MIDDLE, NARROW = 122, 102
"""Widths in the bar, in pixels: two lists of data and family, or three of these, fill a phone's screen."""
BLOCK = 4096
"""Rows that are looked at together."""
SMALL_SIDE = 48
"""Pixels; of smaller images no crops are offered."""


def draw_recipe(
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
            width=form_data.WIDTH,
        )
        model = FAMILIES[family][0]
        traits = traits_of(dataset) | {"has_beta": _uses_beta(model)}
        with st.container(width=NARROW):
            values_model = forms.draw_fields(model, f"{KEY}.model", IN_BAR[:1], into=fields, titles=SHORT)
        noise = st.selectbox(
            "Corruption",
            [NOTHING, *NOISES],
            key=f"{KEY}.corruption",
            format_func=lambda kind: NOISES[kind].title if kind in NOISES else "None",
            help=Recipe.model_fields["corruption"].description,
            persist_state="session",
            width=MIDDLE,
        )
        if IN_BAR[1] in applying(model, {}, traits):
            with st.container(width=NARROW):
                values_model |= forms.draw_fields(model, f"{KEY}.model", IN_BAR[1:], into=fields)
    with settings:
        # Across the page, since a column would make its words too small to read.
        st.markdown(f"**{FAMILIES[family][1].title}.** {FAMILIES[family][1].summary}")
        fields.places[f"{KEY}.drawing"] = st.container()
        for_data, for_model, for_training = st.columns(3, gap="large")
    with for_data:
        st.markdown("**Data**")
        options = {"classes": dataset.label_names}
        others = _others(DataPart, {"dataset"})
        values_data = forms.draw_fields(DataPart, f"{KEY}.data", others, options, fields, traits=traits)
        st.markdown("**Split**")
        values_data["split"] = forms.draw_fields(SplitAsked, f"{KEY}.data.split", into=fields, traits=traits)
        corruption: dict[str, Any] = {}
        if noise != NOTHING:
            st.markdown(f"**Corruption: {NOISES[noise].title.lower()}**")
            path = f"{KEY}.corruption.{noise}"
            corruption = forms.draw_fields(NOISES[noise], path, into=fields, traits=traits)
    with for_model:
        st.markdown("**Model**")
        values_model |= forms.draw_fields(model, f"{KEY}.model", _others(model, IN_BAR), into=fields, traits=traits)
        penalty = _choice("penalty", PENALTIES, "None", fields, traits) if "penalty" in model.takes else None
        objective = (
            _choice("objective", OBJECTIVES, "The family's own", fields, traits) if "objective" in model.takes else None
        )
    with for_training:
        st.markdown("**Training**")
        name = st.text_input(
            "Name", key=f"{KEY}.name", help=Recipe.model_fields["name"].description, persist_state="session"
        )
        fields.places[f"{KEY}.name"], fields.titles[f"{KEY}.name"] = st.container(), "Name"
        title = forms.draw_fields(Recipe, KEY, ("title",), into=fields)
        values_training = forms.draw_fields(TrainingPart, f"{KEY}.training", into=fields, traits=traits)
        st.selectbox(
            "Start from a recipe",
            list(templates),
            key=f"{KEY}.template",
            on_change=lambda: fill(templates[st.session_state[f"{KEY}.template"]]),
            help="A recipe to fill the form with; what you changed before is replaced.",
            persist_state="session",
        )
        fields.places[f"{KEY}.file"] = st.container()
    return {
        "name": name,
        **title,
        "data": values_data,
        "model": {"family": family, **values_model},
        "corruption": None if noise == NOTHING else {"kind": noise, **corruption},
        "penalty": penalty,
        "objective": objective,
        "training": values_training,
    }


def traits_of(dataset: Dataset) -> dict[str, Any]:
    """What the fields' rules ask of the items: see ``core.applicability``."""
    is_image = len(dataset.event_shape) == 3
    return {
        "are_counts": not is_image and not dataset.categories and _are_counts(dataset),
        "items": "images" if is_image else "rows",
        "can_be_cropped": is_image and min(dataset.event_shape[1:]) >= SMALL_SIDE,
        "has_labels": dataset.labels is not None,
        "is_shipped": dataset.name in DATASETS,
    }


@cached(max_entries=64)
def _are_counts(dataset: Dataset) -> bool:
    """Whether all columns of a table hold counts: of a table that is no count's the first rows mostly say so."""
    x = dataset.x
    return all(bool(hold_counts(x[at : at + BLOCK]).all()) for at in range(0, len(x), BLOCK))


def _uses_beta(model: type[ModelConfig]) -> bool:
    """Whether a beta changes anything beside the objective as it is typed."""
    objective = OBJECTIVES.get(st.session_state.get(f"{KEY}.objective", NOTHING))
    if objective is None or "objective" not in model.takes:
        return True
    typed = forms.typed(objective, f"{KEY}.objective.{objective.model_fields['kind'].default}")
    return objective.model_construct(**typed).uses_beta


def _choice(
    part: str, registry: Mapping[str, Any], none: str, fields: FieldPlaces, traits: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Which kind of a part of the recipe, what it is for, and its fields; None where none is chosen."""
    about = Recipe.model_fields[part]
    kind = st.selectbox(
        str(about.title or part.capitalize()),
        [NOTHING, *registry],
        key=f"{KEY}.{part}",
        format_func=lambda kind: registry[kind].title if kind in registry else none,
        help=about.description,
        persist_state="session",
    )
    fields.places[f"{KEY}.{part}"], fields.titles[f"{KEY}.{part}"] = st.container(), part.capitalize()
    if kind == NOTHING:
        return None
    st.caption(registry[kind].summary)
    return {"kind": kind, **forms.draw_fields(registry[kind], f"{KEY}.{part}.{kind}", into=fields, traits=traits)}


def _others(model: type[BaseModel], names: Iterable[str]) -> list[str]:
    return [name for name in model.model_fields if name not in names]
