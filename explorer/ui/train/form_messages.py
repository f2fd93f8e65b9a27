"""What is wrong with a form's recipe, said at the field that it is about."""

from __future__ import annotations

import re
from typing import Any

import streamlit as st
from pydantic import BaseModel, ValidationError

from explorer.core.errors import ExplorerError
from explorer.data import SplitAsked
from explorer.models import REGISTRY as FAMILIES
from explorer.noise import REGISTRY as NOISES
from explorer.objectives import REGISTRY as OBJECTIVES
from explorer.penalties import REGISTRY as PENALTIES
from explorer.recipe import DataPart, Recipe, TrainingPart
from explorer.ui.widgets import forms
from explorer.ui.widgets.forms import FieldPlaces
from explorer.ui.widgets.text import plain


def parsed(values: dict[str, Any], fields: FieldPlaces, key: str) -> Recipe | None:
    """The recipe of a form; None, with each error said at its field, while it is none.

    Args:
        values: plain.
        fields: that were drawn.
        key: with which their keys begin.
    """
    try:
        recipe = Recipe.model_validate(values)
    except ValidationError as error:
        for one in error.errors():
            path = [str(part) for part in one["loc"]]
            info = _info(path)
            message = one["msg"].removeprefix("Value error, ")
            sentence = plain(f"{message[0].upper()}{message[1:]}.".replace("..", "."))
            sentence = sentence if info is None else f"{sentence} {forms.range_of(info)}".strip()
            _say(f"{key}.{_key_of(path)}", sentence, fields, message)
        return None
    return None if fields.said else recipe


def say(error: ExplorerError, fields: FieldPlaces) -> None:
    """Say an error of a whole recipe at the field that it names, else here."""
    _say("", f"{plain(error.message)}\n\n{plain(error.hint)}", fields, f"{error.message} {error.hint}")


def _say(key: str, sentence: str, fields: FieldPlaces, text: str) -> None:
    if not fields.say(key, sentence) and not fields.say(_named(text, fields), sentence):
        st.error(sentence, icon=":material/error:")


def _named(text: str, fields: FieldPlaces) -> str:
    """The key of the first field that a text names by part and name; else one of the model by its name alone."""
    by_name = {".".join(key.split(".")[-2:]): key for key in fields.places}
    by_name |= {".".join(key.split(".")[-3:]): key for key in fields.places}
    by_name |= {key.rpartition(".")[2]: key for key in fields.places if ".model." in key}
    named = [word for word in re.findall(r"[a-z_]+(?:\.[a-z_]+)*", text) if word in by_name]
    return next((by_name[word] for word in sorted(named, key=lambda word: "." not in word)), "")


def _key_of(path: list[str]) -> str:
    """A field's key: that of a union's member is the family's own, of a corruption or penalty below its kind."""
    if path[0] == "model" and path[1:2] and path[1] in FAMILIES:
        path = ["model", *path[2:]]
    return ".".join(part for part in path if not part.isdigit())


def _info(path: list[str]) -> Any:
    """The field of the recipe at a path, if it is one of a form's."""
    members: dict[str, type[BaseModel]] = {
        **{f"model.{name}": config for name, (config, _) in FAMILIES.items()},
        **{f"corruption.{name}": noise for name, noise in NOISES.items()},
        **{f"objective.{name}": objective for name, objective in OBJECTIVES.items()},
        **{f"penalty.{name}": penalty for name, penalty in PENALTIES.items()},
        "data": DataPart,
        "data.split": SplitAsked,
        "training": TrainingPart,
    }
    for depth in (2, 1):
        model = members.get(".".join(path[:depth]))
        if model is not None and len(path) > depth:
            return model.model_fields.get(path[depth])
    return Recipe.model_fields.get(path[0]) if len(path) == 1 else None
