"""How long each page takes to show a model that came from elsewhere, on the server.

The page's own script is run from its first line to its last by Streamlit's ``AppTest``, as the server runs it for a
browser: what a browser draws afterwards is not in it. Seconds are those of the processor, which do not grow with what
else a machine does; on a free one they are those of the clock, since a page's script is one thread.
"""

from __future__ import annotations

import os
import pathlib
import time
from collections.abc import Mapping
from dataclasses import dataclass

from streamlit.testing.v1 import AppTest

from explorer.ui.shell.frame import PAGES

LIMIT_S = 60
PATIENCE_S = 1200
"""Of the clock: a busy machine takes as long as it takes."""
ASKED: Mapping[str, Mapping[str, str]] = {"denoise": {"denoise_what": "Items of the model"}}
"""What the address asks a page for beside the model."""


@dataclass(frozen=True)
class Shown:
    """How the pages of one model opened.

    Args:
        seconds: of the processor, from the address to the last line of each page that shows the model.
        refused: page -> what it says in place of the model.
    """

    seconds: Mapping[str, float]
    refused: Mapping[str, str]

    @property
    def slowest(self) -> str:
        """The page that takes longest."""
        return max(self.seconds, key=self.seconds.__getitem__)


def _framed(page: str) -> None:
    """The sidebar and one page, as the frame draws them."""
    import runpy

    from explorer.ui.shell import frame
    from explorer.ui.shell.sidebar import sidebar

    frame._drawn.set(True)
    frame.navigation()  # so that pages can link to one another
    sidebar()
    runpy.run_path(str(frame.page_file(page)))


def pages_of(model: pathlib.Path, data: pathlib.Path) -> Shown:
    """Open every page with a checkpoint and with its items, each in a session of its own.

    Args:
        model: the checkpoint; its folder is the one that the app finds.
        data: items for it, given by their path in the sidebar.
    """
    os.environ["EXPLORER_CHECKPOINTS"] = str(model.parent)
    seconds, refused = {}, {}
    for page in PAGES:
        start = time.process_time()
        app = AppTest.from_function(_framed, args=(page,), default_timeout=PATIENCE_S)
        for key, value in {"model": model.stem, **ASKED.get(page, {})}.items():
            app.query_params[key] = value
        app = app.run().sidebar.text_input(key="data_path").set_value(str(data)).run()
        said = [element.value for element in (*app.error, *app.exception)]
        if said:
            refused[page] = str(said[0])
        else:
            seconds[page] = time.process_time() - start
    return Shown(seconds, refused)
