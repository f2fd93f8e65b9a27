"""The story as a route: one scene at a time, each with an address of its own (``?scene=NAME``)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from explorer.browser.scenes import SCENES as LIVE
from explorer.browser.scenes.scene import Material, Scene
from explorer.browser.schema import Message
from explorer.checkpoints import Card, VectorCheckpoint
from explorer.data import Dataset
from explorer.ui.learn import material
from explorer.ui.learn.scenes import SCENES as SERVED
from explorer.ui.learn.scenes.scene import ITEMS, ServedScene
from explorer.ui.shell import frame
from explorer.ui.shell.cache import cached_resource
from explorer.ui.widgets.component import mount
from explorer.ui.widgets.history import went_back
from explorer.ui.widgets.text import plain

KEY = "scene"
"""Of the control that chooses, and its name in the link."""


@dataclass(frozen=True)
class Stop:
    """One stop of the route.

    Args:
        name: its address.
        title: on the route, the scene's up to its colon.
        live: the scene that runs in the browser, if there is one.
        served: what is dragged with the server's help, if there is something.
    """

    name: str
    title: str
    live: Scene | None
    served: ServedScene | None


def stops() -> dict[str, Stop]:
    """The stops by name, in the order of the story."""
    live, served = {scene.number: scene for scene in LIVE}, {scene.number: scene for scene in SERVED}
    numbers = sorted(live.keys() | served.keys())
    both = [(live.get(number), served.get(number)) for number in numbers]
    named = [(one or other, one, other) for one, other in both]
    return {
        scene.name: Stop(scene.name, f"{i}. {scene.title.partition(':')[0]}", one, other)
        for i, (scene, one, other) in enumerate(named, 1)
        if scene is not None
    }


@st.fragment
def draw(current: Card | None) -> None:
    """The route, and the scene that was chosen on it.

    Args:
        current: of the current model, which a scene shows where it is of its kind.
    """
    route = stops()
    names = list(route)
    in_link = st.query_params.get(KEY, "")
    if KEY not in st.session_state or went_back():
        st.session_state[KEY] = in_link if in_link in route else names[0]
    picked = st.pills(
        "Scene", names, required=True, format_func=lambda name: route[name].title, key=KEY, label_visibility="collapsed"
    )
    name = picked or names[0]
    if name != (in_link or names[0]):
        st.query_params[KEY] = name
    stop = route[name]
    if stop.live is not None:
        _live(stop.live, current)
    if stop.served is not None:
        _served(stop.served, current)
    following = names[names.index(name) + 1 :]
    if following:
        st.button(
            f"Next: {route[following[0]].title}", icon=":material/arrow_forward:", on_click=_go, args=(following[0],)
        )


def _go(name: str) -> None:
    st.session_state[KEY] = name


def _live(scene: Scene, current: Card | None) -> None:
    st.subheader(scene.title)
    st.markdown(scene.sentence)
    if scene.matches is None:
        mount(scene.component, scene.prepare(None), key=f"scene_{scene.name}")
    elif (shown := material.for_scene(scene.matches, current)) is None:
        _missing(scene.recipe)
    else:
        message = _message(scene.name, shown.checkpoint, shown.dataset, shown.rows, shown.split)
        mount(scene.component, message, key=f"scene_{scene.name}")
        material.caption(shown)
    for place, lead in zip(st.columns(max(1, len(scene.leads))), scene.leads, strict=False):
        title, icon = frame.PAGES[lead.page]
        place.page_link(
            frame.page_file(lead.page), label=f"{title}: {lead.label}", icon=icon, query_params=dict(lead.query)
        )


@cached_resource(max_entries=16, spinner="Preparing the scene")
def _message(name: str, checkpoint: VectorCheckpoint, dataset: Dataset, rows: np.ndarray, split: str) -> Message:
    scene = next(scene for scene in LIVE if scene.name == name)
    return scene.prepare(Material(checkpoint, dataset, rows, split))


def _served(scene: ServedScene, current: Card | None) -> None:
    st.subheader(scene.title)
    st.markdown(scene.text)
    shown = material.for_scene(scene.matches, current)
    if shown is None:
        _missing(scene.recipe)
        return
    st.latex(material.formula(shown.checkpoint.card))
    material.caption(shown)
    scene.play(shown.checkpoint, shown.dataset, shown.x(ITEMS))


def _missing(recipe: str) -> None:
    st.info(
        f"There is no such checkpoint: train one from the recipe {plain(recipe)} on the Train page.",
        icon=":material/info:",
    )
