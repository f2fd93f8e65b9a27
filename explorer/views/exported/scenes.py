"""Learn's scenes that show a model of this kind, and the drawing of the model, as parts of an exported page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from explorer.browser.scenes import SCENES
from explorer.browser.scenes.scene import Material, Scene
from explorer.core.errors import ExplorerError
from explorer.views.exported.parts import PagePart
from explorer.views.exported.rounded import LivePacks
from explorer.views.inside_contents import inside_message
from explorer.views.items import ShownItems

WITHOUT_OTHERS = "The other models of this scene are left out here: the file would become too large."
ITEMS_INSIDE = 3
"""That go through the drawing of the model."""


def scene_parts(items: ShownItems, packs: LivePacks, first: str = "") -> Iterator[PagePart]:
    """The drawing of the model, then the scenes that show one of its kind: the ``first``, then in the story's order.

    A scene that these items do not suffice for (no labels, too few of them) is left out, as Learn leaves it.
    """
    yield inside_part(items)
    order = items.samples(len(items.rows))
    material = Material(packs.checkpoint, items.dataset, items.rows[order], items.split)
    for scene in sorted(SCENES, key=lambda scene: (scene.name != first, scene.number)):
        if scene.matches is not None and scene.matches(items.card) and not scene.about_others:
            part = _scene_part(scene, material)
            if part is not None:
                yield part


def _scene_part(scene: Scene, material: Material) -> PagePart | None:
    try:
        message = scene.prepare(material)
    except ExplorerError:
        return None
    part = PagePart(scene.name, scene.title, scene.sentence, scene.name, message)
    if scene.smaller is None:
        return part
    less = replace(part, message=scene.smaller(message), notes=[WITHOUT_OTHERS])
    return replace(part, smaller=less)


def inside_part(items: ShownItems) -> PagePart:
    """The model with its true sizes, and items that go through it."""
    message = inside_message(items.checkpoint, items.dataset, items.rows[items.samples(ITEMS_INSIDE)])
    sentence = "Each block is one layer in its true size: point at one to see the values of the item that goes through."
    return PagePart("inside", "Inside the model", sentence, "inside", message)
