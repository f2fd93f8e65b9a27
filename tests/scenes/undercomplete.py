"""An example of what the scene undercomplete gets."""

from __future__ import annotations

import numpy as np

from explorer.browser.scenes.undercomplete.scene import Undercomplete

MESSAGE = Undercomplete(leads=("Train: train one",), rows=np.array([3]))
REPORTS = ()
