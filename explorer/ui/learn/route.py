"""The story as a route: one scene at a time, each with an address of its own (``?scene=NAME``)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np
import streamlit as st

from explorer.browser.scenes import SCENES
from explorer.browser.scenes.scene import Lead, LeadPressed, Material, Scene, SceneMessage
from explorer.checkpoints import Card, VectorCheckpoint
from explorer.data import Dataset
from explorer.ui.learn import material
from explorer.ui.map.exported_page import exported_page
from explorer.ui.shell import frame, links
from explorer.ui.shell.cache import cached_resource
from explorer.ui.shell.session import Context
from explorer.ui.widgets import item_choice
from explorer.ui.widgets.component import mount
from explorer.ui.widgets.history import went_back
from explorer.ui.widgets.terms import explained
from explorer.ui.widgets.text import plain
from explorer.views.exported import PageWishes

KEY = "scene"
"""Of the control that chooses, and its name in the link."""
SEEN = "seen"
"""The scenes that were left behind, in the session and in the link."""
PAGE_ITEMS = 2000
"""Of an exported page."""
_AT, _SEEN, _PRESSED = "learn_at", "learn_seen", "learn_lead"


def stops() -> dict[str, Scene]:
    """The scenes by name, in the order of the story."""
    return {scene.name: scene for scene in sorted(SCENES, key=lambda scene: scene.number)}


@st.fragment
def draw(current: Card | None) -> None:
    """The route, and the scene that was chosen on it.

    Args:
        current: of the current model, which a scene shows where it is of its kind.
    """
    route = stops()
    names = list(route)
    titles = {name: f"{i}. {scene.title.partition(':')[0]}" for i, (name, scene) in enumerate(route.items(), 1)}
    if went_back():
        st.session_state.pop(_AT, None)  # only what the address says holds
    before = st.query_params.get(KEY, st.session_state.get(_AT, ""))
    before = before if before in route else names[0]
    if KEY not in st.session_state or went_back():
        st.session_state[KEY] = before
    seen = _seen(route)
    ticks = {name: f"{':material/check: ' if name in seen else ''}{title}" for name, title in titles.items()}
    picked = st.pills(
        "Scene", names, required=True, format_func=ticks.__getitem__, key=KEY, label_visibility="collapsed"
    )
    name = picked or names[0]
    if name != before:
        seen = [each for each in names if each in seen or each == before]
    if name != st.query_params.get(KEY, names[0]):
        st.query_params.update({KEY: name, SEEN: ".".join(seen)})
    st.session_state[_AT], st.session_state[_SEEN] = name, seen
    _scene(route[name], current)
    following = names[names.index(name) + 1 :]
    if following:
        st.button(f"Next: {titles[following[0]]}", icon=":material/arrow_forward:", on_click=_go, args=(following[0],))


def take_away(context: Context) -> None:
    """The button that takes the scenes of the current model away as one HTML file, the one that is shown first."""
    first = str(st.session_state.get(_AT, ""))
    exported_page(context.thinned(PAGE_ITEMS), lambda _: PageWishes(first=first, views=False), key="learn_page")


def _seen(route: Mapping[str, Scene]) -> list[str]:
    """Names of the scenes that were left behind, by the link, else by the session."""
    if went_back():
        st.session_state.pop(_SEEN, None)
    text = st.query_params.get(SEEN)
    return [name for name in text.split(".") if name in route] if text else st.session_state.get(_SEEN, [])


def _go(name: str) -> None:
    st.session_state[KEY] = name


def _scene(scene: Scene, current: Card | None) -> None:
    st.subheader(scene.title)
    st.markdown(scene.sentence)
    if current is not None and current.data.kind == "table":
        explained(f"{plain(current.title)} takes rows of a table. {scene.for_tables}")
    shown = None if scene.matches is None else material.for_scene(scene.matches, current)
    if scene.matches is not None and shown is None:
        st.info(
            f"There is no such checkpoint: train one from the recipe {plain(scene.recipe)} on the Train page.",
            icon=":material/info:",
        )
        return
    if shown is None:
        message = _with_leads(scene, scene.prepare(None))
    else:
        message = _message(scene.name, shown.checkpoint, shown.dataset, shown.rows, shown.split)
    mount(scene.component, message, key=f"scene_{scene.name}", on_event={LeadPressed: partial(_press, scene.name)})
    if shown is not None:
        material.caption(shown)
        material.python(shown, message.rows)
    pressed = st.session_state.pop(_PRESSED, None)
    if pressed is not None and pressed[0] == scene.name and 0 <= pressed[1].lead < len(scene.leads):
        lead = scene.leads[pressed[1].lead]
        _follow(lead.page, lead.address(shown, pressed[1].item))


def _follow(page: str, address: Mapping[str, str]) -> None:
    """Open a page with the model, the data and the item of an address: the sidebar shows these from now on."""
    for key in ("model", "data"):
        if key in address:
            st.session_state[f"next_{key}"] = address[key]
    if page == "generate" and item_choice.ITEM in address:
        links.show_sliders(links.ITEM)
    links.open_page(page, address)


@cached_resource(max_entries=16, spinner="Preparing the scene")
def _message(name: str, checkpoint: VectorCheckpoint, dataset: Dataset, rows: np.ndarray, split: str) -> SceneMessage:
    scene = stops()[name]
    return _with_leads(scene, scene.prepare(Material(checkpoint, dataset, rows, split)))


def _with_leads(scene: Scene, message: SceneMessage) -> SceneMessage:
    return message.model_copy(update={"leads": tuple(map(_words, scene.leads))})


def _words(lead: Lead) -> str:
    return f"{frame.PAGES[lead.page][0]}: {lead.label}"


def _press(name: str, pressed: LeadPressed | None) -> None:
    """Keep what was pressed until the scene is drawn: a page cannot be opened from a callback."""
    if pressed is not None:
        st.session_state[_PRESSED] = (name, pressed)
