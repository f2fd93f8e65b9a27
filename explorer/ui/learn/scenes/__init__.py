"""The scenes of Learn's story, in the order in which each answers what the one before leaves open.

A new one is a file with a ``SCENE`` and its entry in ``SCENES``.
"""

from __future__ import annotations

from explorer.ui.learn.scenes import convolutional, denoising, stacked, undercomplete, variational
from explorer.ui.learn.scenes.scene import Scene

SCENES: tuple[Scene, ...] = (
    undercomplete.SCENE,
    stacked.SCENE,
    denoising.SCENE,
    convolutional.SCENE,
    variational.SCENE,
)
