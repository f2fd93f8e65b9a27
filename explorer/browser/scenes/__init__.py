"""The scenes of Learn that run in the browser.

A new one is a folder with its ``scene.py``, ``index.js``, ``words.js`` and ``style.css``, and its entry in ``SCENES``.
"""

from __future__ import annotations

from explorer.browser.scenes.convolutional import scene as convolutional
from explorer.browser.scenes.denoising import scene as denoising
from explorer.browser.scenes.features import scene as features
from explorer.browser.scenes.novelty import scene as novelty
from explorer.browser.scenes.ordered import scene as ordered
from explorer.browser.scenes.scene import Scene
from explorer.browser.scenes.stacked import scene as stacked
from explorer.browser.scenes.undercomplete import scene as undercomplete
from explorer.browser.scenes.variational import scene as variational
from explorer.browser.scenes.which import scene as which

SCENES: tuple[Scene, ...] = (
    # In any order: each says its own place in the story.
    denoising.SCENE,
    novelty.SCENE,
    undercomplete.SCENE,
    ordered.SCENE,
    features.SCENE,
    variational.SCENE,
    convolutional.SCENE,
    which.SCENE,
    stacked.SCENE,
)
