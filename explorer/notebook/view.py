"""A component as a widget of anywidget, which Jupyter, marimo and others show. Nothing else imports anywidget.

Everything that a view says came from a browser: it is read as the component's reports, or is nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import anywidget
import traitlets

from explorer.browser import notebook
from explorer.browser.schema import Message, Report

FOLDER = Path(notebook.__file__).parent
R = TypeVar("R", bound=Report)


class NotebookView(anywidget.AnyWidget):
    """A component with its message.

    ``observe`` a change of ``reports`` to hear of what the hand did.
    """

    _esm = FOLDER / "built" / "widget.js"
    _css = FOLDER / "style.css"
    component = traitlets.Unicode().tag(sync=True)
    message = traitlets.Bytes().tag(sync=True)
    reports = traitlets.Dict().tag(sync=True)

    def __init__(self, component: str, message: Message) -> None:
        super().__init__(component=component, message=message.seal())

    def last(self, report: type[R]) -> R | None:
        """The last report of a kind; None before the first, and for what cannot be read."""
        return report.read(self.reports.get(report.NAME))
