"""A form made from a pydantic model: one widget a field, with the title, unit, bounds and help the field itself states.

A widget's key is the form's prefix and the field's path in the model ("train.model.latent_dim"), so that families which
share a field share what was typed into it, and nothing typed is lost while a field is hidden.
"""

from __future__ import annotations

import math
import types
import typing
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import streamlit as st
from annotated_types import Gt, Lt
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from streamlit.delta_generator import DeltaGenerator

from explorer.core.applicability import applying, choices_of, settled
from explorer.core.errors import RecipeError

FORMER = ".former"
"""Added to a widget's key: a word that does not fit the items, and the one in its place."""


@dataclass
class FieldPlaces:
    """Where the fields of a form stand, and what is said at them.

    Args:
        places: key of a field's widget -> the place below it.
        titles: key -> label.
        said: key -> what is wrong with it.
    """

    places: dict[str, DeltaGenerator] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)

    def say(self, key: str, message: str) -> bool:
        """Say what is wrong with a field, below it, once; False where it has no place."""
        if key not in self.places:
            return False
        if key not in self.said:
            self.places[key].error(message, icon=":material/error:")
            self.said[key] = message
        return True


def draw_fields(
    model: type[BaseModel],
    path: str,
    names: Collection[str] | None = None,
    options: Mapping[str, Sequence[str]] | None = None,
    into: FieldPlaces | None = None,
    titles: Mapping[str, str] | None = None,
    traits: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Draw a widget for each field of a model and return what they hold.

    Args:
        model: whose fields are drawn, in their order.
        path: prefix of the widgets' keys.
        names: of the fields to draw; None for all that can be drawn and apply.
        options: choices for fields that are tuples of names, such as the classes of the current dataset.
        titles: labels of fields, in place of their own.
        traits: of the items and what else is chosen, as in ``core.applicability``: where given, what does not apply is
            not drawn, and words that do not fit are not offered.
        into: gets a place below each field, at which a list of numbers that cannot be read is said.

    Returns:
        Field name -> plain value, unchecked: the model's own validation has the last word.

    Raises:
        RecipeError: a list of numbers that cannot be read, where there is no place to say it.
    """
    wanted = [n for n in model.model_fields if (names is None or n in names) and is_drawable(model.model_fields[n])]
    values: dict[str, Any] = {}
    if traits is not None:
        means_something = applying(model, typed(model, path), traits)
        wanted = [name for name in wanted if name in means_something]
        values = {
            name: value for name, value in settled(model, traits).items() if is_drawable(model.model_fields[name])
        }
        words = {name: choices_of(model.model_fields[name], traits) for name in wanted}
        options = {name: fitting for name, fitting in words.items() if fitting} | dict(options or {})
    for name in wanted:
        info, key = model.model_fields[name], f"{path}.{name}"
        with st.container(gap=None):
            try:
                values[name] = draw_field(name, info, path, (options or {}).get(name), (titles or {}).get(name))
            except RecipeError as error:
                if into is None:
                    raise
                values[name] = as_typed(info, info.get_default())
                into.places[key], into.titles[key] = st.container(), title_of(name, info)
                into.say(key, f"{error.message} {error.hint}")
                continue
            if into is not None:
                into.places[key], into.titles[key] = st.container(), title_of(name, info)
    return values


def typed(model: type[BaseModel], path: str) -> dict[str, Any]:
    """What was typed into the fields of a model so far, drawn now or not."""
    state = st.session_state
    return {name: state[f"{path}.{name}"] for name in model.model_fields if f"{path}.{name}" in state}


def draw_field(
    name: str, info: FieldInfo, path: str, options: Sequence[str] | None = None, title: str | None = None
) -> Any:
    """Draw one field's widget and return what it holds, as ``draw_fields``."""
    key, label = f"{path}.{name}", title or title_of(name, info)
    kind, optional = kind_of(info)
    if key not in st.session_state:
        st.session_state[key] = as_typed(info, info.get_default())
    shared: dict[str, Any] = {"key": key, "help": help_of(info), "persist_state": "session"}
    if typing.get_origin(kind) is Literal:
        return st.selectbox(label, _fitting(key, options) or typing.get_args(kind), format_func=_in_words, **shared)
    if kind is bool:
        return st.toggle(label, **shared)
    if kind in (int, float):
        return _number(label, info, kind, optional, shared)
    if typing.get_args(kind)[:1] == (str,):
        return _names(label, key, options, {"placeholder": _empty(info), **shared})
    text = st.text_input(label, **shared)
    return text if kind is str else _whole_numbers(label, text)


def is_drawable(info: FieldInfo) -> bool:
    """Whether a field has a widget here: parts with fields of their own, and tags with one value, have none."""
    kind, _ = kind_of(info)
    if typing.get_origin(kind) is Literal:
        return len(typing.get_args(kind)) > 1
    return kind in (bool, int, float, str) or typing.get_origin(kind) is tuple


def kind_of(info: FieldInfo) -> tuple[Any, bool]:
    """A field's type without ``None``, and whether it may be ``None``."""
    kind = info.annotation
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        kinds = [k for k in typing.get_args(kind) if k is not type(None)]
        return (kinds[0], len(kinds) < len(typing.get_args(kind))) if len(kinds) == 1 else (kind, True)
    return kind, False


def as_typed(info: FieldInfo, value: Any) -> Any:
    """A field's value as its widget holds it: lists of numbers are text, names stay a list."""
    kind, _ = kind_of(info)
    if typing.get_origin(kind) is not tuple:
        return value
    return ", ".join(map(str, value)) if typing.get_args(kind)[0] is not str else list(value)


def title_of(name: str, info: FieldInfo) -> str:
    """A field's label: its title, and its unit where there is one."""
    extra = info.json_schema_extra
    unit = extra.get("unit") if isinstance(extra, dict) else None
    title = info.title or name.replace("_", " ").capitalize()
    return f"{title} ({unit})" if unit else title


def help_of(info: FieldInfo) -> str | None:
    """What a field does, and its range."""
    text = f"{info.description or ''} {range_of(info)}".strip()
    return text or None


def range_of(info: FieldInfo) -> str:
    """A field's bounds as a sentence: "From 1 to 4,096.", "Above 0, at most 10."; empty where there are none."""
    low, high = bounds(info)
    is_open = any(isinstance(m, Gt) for m in info.metadata)
    if low is not None and high is not None and not is_open:
        return f"From {_figure(low)} to {_figure(high)}."
    parts = [] if low is None else [f"{'above' if is_open else 'at least'} {_figure(low)}"]
    parts += [] if high is None else [f"at most {_figure(high)}"]
    return f"{', '.join(parts).capitalize()}." if parts else ""


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:g}"


def bounds(info: FieldInfo) -> tuple[float | None, float | None]:
    """The smallest and largest value of a field, None where there is no such bound; open bounds of fractions count."""
    limits: dict[str, float] = {}
    for m in info.metadata:
        for name in ("ge", "gt", "le", "lt"):
            if hasattr(m, name):
                limits[name] = getattr(m, name)
    high = limits.get("lt", limits.get("le"))
    if "lt" in limits and info.annotation is int:
        high = limits["lt"] - 1
    return limits.get("ge", limits.get("gt")), high


def _fitting(key: str, words: Sequence[Any] | None) -> Sequence[Any] | None:
    """The words, of which the first takes the place of one that does not fit; that one comes back where it fits."""
    state = st.session_state
    former, instead = state.get(f"{key}{FORMER}", (None, None))
    if words and state[key] not in words:
        state[f"{key}{FORMER}"] = state[key], words[0]
        state[key] = words[0]
    elif words and former in words and state.pop(f"{key}{FORMER}") and state[key] == instead:
        state[key] = former
    return words


def _number(label: str, info: FieldInfo, kind: type, optional: bool, shared: dict[str, Any]) -> Any:
    low, high = bounds(info)
    if any(isinstance(m, Gt) for m in info.metadata):
        low = None  # the widget's bounds are closed; the recipe says what is wrong with the bound itself
    if kind is float and any(isinstance(m, Lt) for m in info.metadata):
        high = None
    # The widget wants numbers of one type, and gives None only if it may start from it.
    limits: dict[str, Any] = {
        "min_value": None if low is None else kind(low),
        "max_value": None if high is None else kind(high),
    }
    if kind is float:
        limits |= {"step": _step(info), "format": "%g"}
    start: dict[str, Any] = {"value": None, "placeholder": "All"} if optional else {}
    return st.number_input(label, **limits, **start, **shared)


def _step(info: FieldInfo) -> float:
    """A step of the size of the default's last digit: 0.001 for a learning rate of 0.001, 0.1 for a level of 0.3."""
    default = info.get_default()
    if not default:
        return 0.01 if (bounds(info)[1] or 1) <= 10 else 1.0
    return float(min(1.0, 10.0 ** math.floor(math.log10(abs(default)))))


def _names(label: str, key: str, options: Sequence[str] | None, shared: dict[str, Any]) -> list[str]:
    """Names to choose from; where nobody knows which there are, to be typed."""
    if options is None:
        return st.multiselect(label, st.session_state[key], accept_new_options=True, **shared)
    st.session_state[key] = [name for name in st.session_state[key] if name in options]
    return st.multiselect(label, options, **shared)


def _empty(info: FieldInfo) -> str:
    """What a list of names means in which nothing stands: all of them, where the field does not say otherwise."""
    extra = info.json_schema_extra
    return str(extra.get("empty", "All")) if isinstance(extra, dict) else "All"


def _whole_numbers(label: str, text: str) -> list[int]:
    try:
        return [int(word) for word in text.replace(";", " ").replace(",", " ").split()]
    except ValueError as error:
        raise RecipeError(
            f"{label}: {text!r} is not a list of whole numbers.", "Write it like 512, 256; empty for none."
        ) from error


def _in_words(value: Any) -> str:
    return str(value).replace("_", " ")
