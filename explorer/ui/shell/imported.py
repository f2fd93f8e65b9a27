"""What modules have made once they are imported is not looked through again after each run of a page.

Streamlit collects garbage after every run of a script or fragment. With PyTorch, pandas and this package loaded that
looks at a million objects, nearly all of them functions and classes of modules, which stay until the app ends.
"""

from __future__ import annotations

import gc
import sys

NEW_MODULES = 50
"""From so many on they are set aside: seldom enough that what a visitor has just then is not kept along with them."""

_known = 0


def set_modules_aside() -> None:
    """Take what there is now out of what the collection of garbage looks at, where many modules have come."""
    global _known
    if len(sys.modules) - _known >= NEW_MODULES:
        _known = len(sys.modules)
        gc.collect()  # what is garbage already is not set aside
        gc.freeze()
