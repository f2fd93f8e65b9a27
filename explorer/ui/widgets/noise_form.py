"""Controls for a corruption, made from the fields of its class: the kind, a slider for the level, and the rest."""

from __future__ import annotations

import streamlit as st
from pydantic.fields import FieldInfo

from explorer.noise import REGISTRY, Noise
from explorer.ui.widgets import forms

SLIDER_STEPS = 200


def follow_model(model: str, default: Noise) -> None:
    """Set the controls to a model's own corruption when the model changes; a link's settings win on the first run.

    Call before ``noise_form``: a widget's value can only be set before it is drawn.
    """
    shown_for = st.session_state.get("noise_for")
    st.session_state["noise_for"] = model
    if shown_for == model or (shown_for is None and "noise" in st.query_params):
        return
    values = default.model_dump()
    kind = st.session_state["noise"] = values.pop("kind")
    for name, value in values.items():
        st.session_state[f"{kind}.{name}"] = value


def noise_form() -> Noise:
    """Draw the kind of noise, its level and its other settings; kind and level are bound to the URL.

    Returns:
        The corruption as chosen.
    """
    kind = st.selectbox(
        "Noise",
        list(REGISTRY),
        format_func=lambda kind: REGISTRY[kind].title,
        key="noise",
        bind="query-params",
        help="What is done to the clean item.",
    )
    cls = REGISTRY[kind]
    level = cls.level_field
    values = {level: _level(kind, level, cls.model_fields[level])}
    values |= forms.draw_fields(cls, kind, [name for name in cls.model_fields if name != level])
    st.latex(cls.formula)
    return cls(**values)


def _level(kind: str, name: str, field: FieldInfo) -> float:
    low, high = forms.bounds(field)
    if low is None or high is None:
        raise ValueError(f"The level of {kind} noise has no bounds to make a slider from.")
    key = f"{kind}.{name}"
    st.session_state.setdefault(key, field.default)
    # Whole steps where the range is wide (photons), hundredths where it is narrow.
    step = max(0.01, float(round((high - low) / SLIDER_STEPS)))
    label, help_text = forms.title_of(name, field), forms.help_of(field)
    value: float = st.slider(label, float(low), float(high), step=step, key=key, bind="query-params", help=help_text)
    return value
