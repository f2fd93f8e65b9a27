"""What a page shows beside its first view, as more lines of that view's Python: clusters, and what is selected."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Int

LISTED = 1000
"""Rows of a selection that are written out; of more the file that the page offers is read."""
_PACKAGE = "import explorer\n"


def with_clusters(code: str, min_size: int, of_places: bool) -> str:
    """The Python of a map, and the clusters of what it shows.

    Args:
        code: that leaves ``z`` and, with a projection, ``places``.
        min_size: items of the smallest cluster.
        of_places: of the places on the map; else of the codes.
    """
    points = "places" if of_places and "\nplaces = " in code else "z"
    lines = [f"clusters = find_clusters({points}, {min_size})  # .labels (-1: in none), .sizes, .stability"]
    return _with(code, ["from explorer.latent.clusters import find_clusters"], lines)


def with_selection(code: str, rows: Int[np.ndarray, " n"], file: str, scale: str = "") -> str:
    """The Python of a map, and the numbers of the selected items.

    Args:
        code: of the map.
        rows: (n,) of the selected items in the dataset, however they were chosen.
        file: name of the NPZ with the selection that the page offers, for those of very many.
        scale: of distances, where the map is of vectors alone; empty: it is of a model's codes.
    """
    listed = f"np.array({rows.tolist()})" if len(rows) <= LISTED else f"np.load({file!r})['rows']"
    lines = [f"selected = {listed}  # rows of the data"]
    if scale:
        return _with(code, [], [*lines, f"z_selected = scaling_of(vectors, {scale!r})(vectors.rows(selected))"])
    lines += ["z_selected = model.encode(data.x[selected])"]
    lines += ["errors_selected = model.reconstruction_errors(data.x[selected])"]
    return _with(f"import numpy as np\n\n{code}", [], lines)


def _with(code: str, imports: Sequence[str], lines: Sequence[str]) -> str:
    """A program with more lines; its package comes before what is imported of it."""
    first, package, rest = code.partition(_PACKAGE)
    return first + package + "".join(f"{one}\n" for one in imports) + rest + "".join(f"{line}\n" for line in lines)
