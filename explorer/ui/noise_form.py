"""Controls for a corruption, made from the fields of its class."""

from __future__ import annotations

from typing import Any

import streamlit as st
from pydantic.fields import FieldInfo

from explorer.noise import REGISTRY, Noise

SLIDER_STEPS = 200


def follow_model(model: str, default: Noise) -> None:
    """Set the controls to a model's own corruption when the model changes; a link's settings win on the first run.

    Call before ``noise_form``: a widget's value can only be set before it is drawn.
    """
    shown_for = st.session_state.get("noise_for")
    st.session_state["noise_for"] = model
    if shown_for == model or (shown_for is None and "noise" in st.query_params):
        return
    st.session_state["noise"] = default.kind  # type: ignore[attr-defined]
    for name in type(default).model_fields:
        if name != "kind":
            st.session_state[_key(default.kind, name)] = getattr(default, name)  # type: ignore[attr-defined]


def noise_form() -> Noise:
    """The kind of noise and its level; what is rarely changed sits in a popover. Bound to the URL.

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
    fields = {name: field for name, field in cls.model_fields.items() if name != "kind"}
    values = {cls.level_field: _slider(kind, cls.level_field, fields.pop(cls.level_field))}
    for name, field in fields.items():
        values[name] = _control(kind, name, field)
    st.latex(cls.formula)
    return cls(**values)


def _control(kind: str, name: str, field: FieldInfo) -> Any:
    if field.annotation is bool:
        key = _key(kind, name)
        st.session_state.setdefault(key, field.default)
        return st.checkbox(field.title or name, key=key, help=field.description)
    return _slider(kind, name, field)


def _slider(kind: str, name: str, field: FieldInfo) -> float:
    low, high = (_bound(field, side) for side in ("ge", "le"))
    unit = field.json_schema_extra.get("unit") if isinstance(field.json_schema_extra, dict) else None
    label = f"{field.title or name} ({unit})" if unit else field.title or name
    key = _key(kind, name)
    # Whole steps where the range is wide (photons), hundredths where it is narrow.
    step = max(0.01, round((high - low) / SLIDER_STEPS))
    st.session_state.setdefault(key, field.default)
    value: float = st.slider(label, low, high, step=step, key=key, bind="query-params", help=field.description)
    return value


def _bound(field: FieldInfo, side: str) -> float:
    """The field's ``ge`` or ``le``: every parameter of a corruption has both."""
    return next(float(getattr(limit, side)) for limit in field.metadata if hasattr(limit, side))


def _key(kind: str, name: str) -> str:
    return f"{kind}_{name}"
