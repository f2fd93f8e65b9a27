"""What stands beside items and is no input of a model: typed columns, from the same file or one beside it."""

from explorer.data.beside.asked import ASKED_KINDS, AskedKind, as_asked, cells_of
from explorer.data.beside.places import modified_beside
from explorer.data.beside.reading import ItemColumns, read_columns
from explorer.data.beside.typed import ColumnKind, ItemColumn

__all__ = [
    "ASKED_KINDS",
    "AskedKind",
    "ColumnKind",
    "ItemColumn",
    "ItemColumns",
    "as_asked",
    "cells_of",
    "modified_beside",
    "read_columns",
]
