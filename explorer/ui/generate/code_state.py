"""The code that the Generate page is about: one for all its views, kept for the session and carried by the link.

It comes from the sliders when one is released, from the controls that say where to start, or from the link: another
page, a copied address, and the browser's Back button, which so undoes what the sliders did.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st
from jaxtyping import Num

from explorer.browser.sliders.message import Setting
from explorer.ui.shell.session import Context
from explorer.ui.widgets.served import ServedDecoder
from explorer.ui.widgets.sliders import last_sliders

PARAMETER = "z"
DIGITS = 4
"""Significant digits of each number in the link."""
_KEY = "generate_code"
_GIVEN_KEY = "generate_code_given"
_tokens = itertools.count(1)

Code = tuple[float, ...]


@dataclass(frozen=True)
class CurrentCode:
    """The code, and what the sliders that show it were last given.

    Args:
        model: key of the checkpoint that it belongs to.
        setting: of the sliders.
        code: (latent_dim,) where they stand.
        amounts: how much of each direction is part of it.
        direction: names the directions that the amounts are of; empty for none.
        text: what the link says of the code; empty where it says nothing.
    """

    model: str
    setting: Setting
    code: Code
    amounts: Code = ()
    direction: str = ""
    text: str = ""

    @property
    def array(self) -> Num[np.ndarray, " d"]:
        return np.array(self.code)


@dataclass(frozen=True, eq=False)
class Start:
    """What the controls say to start from.

    Args:
        code: (latent_dim,).
        in_link: whether the controls' own words in the link are enough to have it again.
    """

    code: Num[np.ndarray, " d"]
    in_link: bool = True


def settle(
    context: Context, start: Start, decoder: bytes | ServedDecoder, key: str, direction: str = "", amount: float = 0.0
) -> CurrentCode:
    """The code as of this run, to be called before the sliders are drawn with its ``setting``.

    Args:
        start: what a reset goes back to.
        decoder: as the sliders take it.
        key: of the sliders.
        direction: names the one direction that these sliders have beside the dimensions; empty for none.
        amount: of it in a code that the link brings, as the link says.
    """
    at = _kept(context)
    is_first = at is None
    chosen = tuple(float(v) for v in start.code)
    if at is None:
        # What the link still says of another model's code is not news of this one.
        another = st.session_state.get(_KEY)
        model, text = context.model_key, another.text if another else ""
        at = CurrentCode(model, Setting(chosen, token=next(_tokens)), chosen, text=text)
    report = last_sliders(decoder, at.setting, key=key) if direction == at.direction else None
    if at.setting.start != chosen:
        at = replace(at, setting=Setting(chosen, token=next(_tokens)), code=chosen, amounts=())
        report = None
    moved = report is not None and report.code != at.code
    if report is not None:
        at = replace(at, code=report.code, amounts=report.amounts)
    if direction != at.direction:
        # On the first visit the link's amount is of this direction; later ones are of the one that was left.
        at = replace(at, direction=direction, amounts=(amount,) if direction and is_first else ())
    linked = st.query_params.get(PARAMETER, "")
    # A link that still holds the code before the last release is not news.
    if linked not in ("", at.text) and not moved:
        code = code_of_text(linked, len(chosen))
        at = replace(at, code=code or at.code, text=linked)
    # Sliders that stand where they were reported are left alone; new ones, or another code, are put there.
    if report is None and (at.code, at.amounts) != (at.setting.code or chosen, at.setting.amounts):
        at = replace(at, setting=Setting(chosen, at.code, at.amounts, next(_tokens)))
    elif report is not None and at.code != report.code:
        at = replace(at, amounts=(), setting=Setting(chosen, at.code, (), next(_tokens)))
    at = _written(at, start)
    st.session_state[_KEY] = at
    return at


def current(context: Context, otherwise: Num[np.ndarray, " d"]) -> Num[np.ndarray, " d"]:
    """(latent_dim,) the code where no sliders are shown: as they were left, or as the link says; the link then says it.

    Args:
        otherwise: the code where there is neither, which the link need not name.
    """
    at = _kept(context)
    if at is None:
        code = code_of_text(_linked(), context.checkpoint.latent_dim)
        return np.asarray(otherwise, np.float64) if code is None else np.array(code)
    # The controls that say where to start are not shown either, so the link cannot leave the code to them.
    middle = Start(otherwise, in_link=at.code == tuple(float(v) for v in otherwise))
    st.session_state[_KEY] = _written(at, middle)
    return at.array


def set_code(context: Context, code: Num[np.ndarray, " d"]) -> None:
    """Take a code that was picked elsewhere on the page; the sliders are put there, and a reset goes back to it."""
    values = tuple(float(v) for v in code)
    setting = Setting(values, token=next(_tokens))
    st.session_state[_KEY] = CurrentCode(context.model_key, setting, values, text=_linked())
    st.session_state[_GIVEN_KEY] = (context.model_key, values)


def given(context: Context) -> Num[np.ndarray, " d"] | None:
    """(latent_dim,) the code that was last picked on the page, else the one in the link; None for neither."""
    model, values = st.session_state.get(_GIVEN_KEY, ("", None))
    if model != context.model_key:
        values = code_of_text(_linked(), context.checkpoint.latent_dim)
        if values is not None:  # kept, since the link follows the sliders
            st.session_state[_GIVEN_KEY] = (context.model_key, values)
    return None if values is None else np.array(values)


def _kept(context: Context) -> CurrentCode | None:
    at: CurrentCode | None = st.session_state.get(_KEY)
    return at if at is not None and at.model == context.model_key else None


def _linked() -> str:
    return str(st.query_params.get(PARAMETER, ""))


def _written(at: CurrentCode, start: Start) -> CurrentCode:
    """Write the code into the link, unless the controls' own words there are enough to have it again."""
    linked = _linked()
    text = "" if start.in_link and at.code == tuple(float(v) for v in start.code) else text_of_code(at.code)
    if text and text != linked:
        st.query_params[PARAMETER] = text
    elif linked and not text:
        del st.query_params[PARAMETER]
    return replace(at, text=text)


def text_of_code(code: Code) -> str:
    """A code as a link carries it: numbers with four digits, separated by signs that need no quoting."""
    return "_".join(f"{value:.{DIGITS}g}".replace("e-0", "e-").replace("e+0", "e") for value in code)


def code_of_text(text: str, size: int) -> Code | None:
    """The code in a link; None where it is not one of this size."""
    parts = text.split("_")
    if len(parts) != size:
        return None
    try:
        code = tuple(float(part) for part in parts)
    except ValueError:
        return None
    return code if np.isfinite(code).all() else None
