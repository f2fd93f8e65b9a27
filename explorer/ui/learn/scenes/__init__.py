"""The scenes of Learn's story that are dragged with the server's help.

Those that run in the browser are in ``explorer.browser.scenes``; a new scene is one of them.
"""

from __future__ import annotations

from explorer.ui.learn.scenes import undercomplete
from explorer.ui.learn.scenes.scene import ServedScene

SCENES: tuple[ServedScene, ...] = (undercomplete.SCENE,)
