"""A form holds what the model's fields state, and gives back values the model accepts."""

from __future__ import annotations

from typing import Literal

import pytest
from annotated_types import Ge
from pydantic import BaseModel, Field
from streamlit.testing.v1 import AppTest

from explorer.core.errors import RecipeError
from explorer.models import REGISTRY as FAMILIES
from explorer.noise import REGISTRY as NOISES
from explorer.objectives import REGISTRY as OBJECTIVES
from explorer.penalties import REGISTRY as PENALTIES
from explorer.recipe import DataPart, Recipe, TrainingPart
from explorer.ui.widgets import forms

FAMILIES_IN_FORM = [config for config, _ in FAMILIES.values() if config.in_form]
MODELS = [DataPart, TrainingPart, *FAMILIES_IN_FORM, *NOISES.values(), *PENALTIES.values(), *OBJECTIVES.values()]


def _draw(module: str, name: str) -> None:
    import importlib

    import streamlit as st

    from explorer.ui.widgets import forms

    model = getattr(importlib.import_module(module), name)
    st.session_state["values"] = forms.draw_fields(model, "form")


def _form(model: type[BaseModel]) -> AppTest:
    app = AppTest.from_function(_draw, args=(model.__module__, model.__name__)).run(timeout=30)
    assert not app.exception
    return app


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_an_untouched_form_gives_the_defaults(model: type[BaseModel]) -> None:
    values = _form(model).session_state["values"]
    assert model.model_validate(values) == model()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_but_tags_is_drawn(model: type[BaseModel]) -> None:
    tags = {"family", "kind"}
    parts = {"dialect", "roles", "images", "split"}  # "Read as" has controls for the first three, "Split" for its own
    assert set(_form(model).session_state["values"]) == set(model.model_fields) - tags - parts


def test_widgets_carry_title_help_and_bounds() -> None:
    app = _form(TrainingPart)
    epochs = app.number_input("form.epochs")
    assert (epochs.label, epochs.min, epochs.max) == ("Epochs", 1, 100_000)
    assert epochs.help == "Passes over the training split (of the last stage). From 1 to 100,000."
    assert app.number_input("form.warmup_epochs").label == "Warm-up (epochs)"
    assert app.selectbox("form.schedule").options == ["constant", "cosine", "one cycle", "plateau"]
    assert app.toggle("form.compile").value is False


def test_an_open_bound_is_left_to_the_model() -> None:
    app = _form(TrainingPart)
    rate = app.number_input("form.learning_rate")
    assert rate.min is None
    assert rate.help.endswith("Above 0, at most 10.")
    assert rate.step == pytest.approx(1e-3)


def test_typed_values_come_back_as_the_model_wants_them() -> None:
    app = _form(FAMILIES["stacked"][0])
    app.text_input("form.hidden").set_value("300 100;50").run()
    app.toggle("form.tied").set_value(True).run()
    app.number_input("form.latent_dim").set_value(7).run()
    values = app.session_state["values"]
    assert (values["hidden"], values["tied"], values["latent_dim"]) == ([300, 100, 50], True, 7)


@pytest.mark.slow
def test_an_empty_optional_number_is_none() -> None:
    app = _form(DataPart)
    app.number_input("form.limit").set_value(500).run()
    assert app.session_state["values"]["limit"] == 500
    app.number_input("form.limit").set_value(None).run()
    assert app.session_state["values"]["limit"] is None


def test_a_list_that_is_none_says_so() -> None:
    with pytest.raises(RecipeError, match="'many' is not a list of whole numbers") as caught:
        forms._whole_numbers("Hidden layers", "many")
    assert "512, 256" in caught.value.hint


class _Sample(BaseModel):
    at_least: int = Field(3, ge=2)
    at_most: float = Field(1.0, le=5)
    between: float = Field(1.0, ge=-1, le=5)
    below: int = Field(0, ge=0, lt=2**31)
    free: str = ""
    choice: Literal["a", "b"] = "a"
    tag: Literal["a"] = "a"
    part: DataPart = DataPart()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("at_least", "At least 2."),
        ("at_most", "At most 5."),
        ("between", "From -1 to 5."),
        ("below", "From 0 to 2,147,483,647."),
        ("free", ""),
    ],
)
def test_bounds_in_words(name: str, text: str) -> None:
    assert forms.range_of(_Sample.model_fields[name]) == text


def test_parts_and_tags_have_no_widget() -> None:
    drawn = {name for name, info in _Sample.model_fields.items() if forms.is_drawable(info)}
    assert drawn == {"at_least", "at_most", "between", "below", "free", "choice"}


def test_bounds_are_the_constraints_of_the_field() -> None:
    for model in MODELS:
        for info in model.model_fields.values():
            low, _ = forms.bounds(info)
            stated = [m.ge for m in info.metadata if isinstance(m, Ge)]
            assert not stated or low == stated[0]


def test_a_recipe_value_is_typed_and_read_back() -> None:
    recipe = Recipe.parse({"model": {"family": "stacked", "hidden": [400, 20]}})
    info = type(recipe.model).model_fields["hidden"]
    assert forms.as_typed(info, recipe.model.hidden) == "400, 20"
    assert forms.as_typed(DataPart.model_fields["classes"], ("3", "8")) == ["3", "8"]
