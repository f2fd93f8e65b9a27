"""One HTML file that shows a model live, without a server and without a connection."""

from __future__ import annotations

from explorer.views.exported.assembled import ExportedPage, model_page
from explorer.views.exported.parts import PageWishes, ShownMap
from explorer.views.exported.vectors import placed_page, vectors_page

__all__ = ["ExportedPage", "PageWishes", "ShownMap", "model_page", "placed_page", "vectors_page"]
