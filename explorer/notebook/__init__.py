"""The app's components in a notebook: ``explorer.show(checkpoint)``, with the very messages and scripts of the app."""

from __future__ import annotations

from explorer.notebook.shown_model import ShownModel, show

__all__ = ["ShownModel", "show"]
