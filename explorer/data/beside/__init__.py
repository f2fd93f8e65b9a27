"""What stands beside items and is no input of a model: typed columns, from the same file or one beside it."""

from explorer.data.beside.reading import ItemColumns, read_columns
from explorer.data.beside.typed import ColumnKind, ItemColumn

__all__ = ["ColumnKind", "ItemColumn", "ItemColumns", "read_columns"]
