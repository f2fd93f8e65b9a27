"""An example of what the scene undercomplete gets."""

from __future__ import annotations

from explorer.browser.scenes.undercomplete.scene import Undercomplete

MESSAGE = Undercomplete(leads=("Train: train one",))
REPORTS = ()
