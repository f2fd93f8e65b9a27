"""What a page shows beside its first view, as more lines of that view's Python: clusters, trust, selection."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from jaxtyping import Int, Num

from explorer.export.own_picture_python import OWN_NAME, own_picture_lines
from explorer.export.program import opened, program

ComparedSpace = Literal["codes", "pixels", "columns"]
"""What a map is compared with: codes, or the items themselves where the code is the map."""
_PROJECTED = re.compile(r"\nplaces = (REGISTRY\[.*?\]\(.*?\))\.fit_transform\(")
LISTED = 1000
"""Rows of a selection that are written out; of more the file that the page offers is read."""


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
    if "\ndata, codes = " in code:  # of decoded samples, whose codes are those that they were decoded from
        return _with(code, ["import numpy as np"], [*lines, "z_selected = codes[selected]"])
    if scale:
        return _with(
            code,
            ["import numpy as np"],
            [*lines, f"z_selected = scaling_of(vectors, {scale!r})(vectors.rows(selected))"],
        )
    lines += ["z_selected = model.encode(data.x[selected])"]
    lines += ["errors_selected = model.reconstruction_errors(data.x[selected])"]
    return _with(code, ["import numpy as np"], lines)


def with_own_picture(code: str, x: Num[np.ndarray, "*event"]) -> str:
    """The Python of a map, and where the visitor's own picture lies on it.

    Args:
        code: that leaves ``model`` and, with a projection, ``places``.
        x: (C, H, W) the picture as the model takes it.
    """
    lines = [*own_picture_lines(OWN_NAME, x), "z_own = model.encode(own)"]
    if "\nplaces = " in code:
        code = _PROJECTED.sub(r"\nprojection = \1\nplaces = projection.fit_transform(", code)
        lines.append("place_own = projection.transform(z_own)")
    return _with(code, [], lines)


def with_second_model(code: str, checkpoint: str, projection: str, seed: int, pair: tuple[int, int] | None) -> str:
    """The Python of a map, and that of the same items by a second model.

    Args:
        code: of the first, that leaves ``x``.
        checkpoint: name or path of the second.
        projection, seed, pair: of its map, as of ``latent_space_code``.
    """
    imports, lines = ["import explorer"], ["z_second = second.encode(x)"]
    lines = [f"second = {opened(checkpoint)}", *lines]
    if projection:
        imports.append("from explorer.latent.projection import REGISTRY")
        options = f"i={pair[0]}, j={pair[1]}" if pair is not None else f"seed={seed}"
        lines.append(f"places_second = REGISTRY[{projection!r}]({options}).fit_transform(z_second)")
    return _with(code, imports, lines)


def with_sheet(code: str, side: int, flat: bool, pair: tuple[int, int] | None = None) -> str:
    """The Python of a map, and what the decoder makes of a grid of places on it.

    Args:
        code: of the map, that leaves ``model`` and the codes ``z``.
        side: places of the grid along each side.
        flat: whether the code has two numbers, so that the grid is one of codes.
        pair: the dimensions of a raw pair, from 0; None: the map is by PCA.
    """
    if flat:
        grid = f"model.decode(manifold_grid(model.card, {side}))"
        return _with(
            code,
            ["from explorer.latent.dimensions import manifold_grid"],
            [f"sheet = {grid}  # row by row, from the top"],
        )
    imports = ["import numpy as np"]
    if pair is None:
        imports.append("from explorer.latent.projection import PCA")
        before, plane, codes = ["pca = PCA().fit(z)"], "pca.transform(z)", ["of_grid = pca.inverse(grid)"]
    else:
        before, plane = [], f"z[:, {list(pair)}]"
        codes = [
            "of_grid = np.tile(np.median(z, axis=0).astype(np.float64), (len(grid), 1))",
            f"of_grid[:, {list(pair)}] = grid",
        ]
    lines = [
        *before,
        f"across, up = np.quantile({plane}, (np.arange({side}) + 0.5) / {side}, axis=0).T",
        "grid = np.stack(np.meshgrid(across, up[::-1]), axis=-1).reshape(-1, 2)",
        *codes,
        "sheet = model.decode(of_grid)  # row by row, from the top",
    ]
    return _with(code, imports, lines)


def with_trust(code: str, space: ComparedSpace, k: int, labelled: bool) -> str:
    """The Python of a map, and how far it can be trusted.

    Args:
        code: of the map.
        space: what the map is compared with.
        k: neighbours that labels are compared among; curves are over all sizes, this among them.
        labelled: whether the items have labels.
    """
    places = "places" if "\nplaces = " in code else "z"
    imports = ["from explorer.latent import embedding_quality"]
    lines = ["space = z"]
    if space != "codes":
        imports.append("import numpy as np")
        lines = ["space = np.asarray(x).reshape(len(x), -1)"]
    if space == "columns":
        lines += ["std = space.std(0)", "space = (space - space.mean(0)) / np.where(std > 0, std, 1)"]
    lines.append(
        f"trust = embedding_quality.curves(space, {places}, sorted({{*embedding_quality.KS, {k}}}))"
        "  # .ks, .trustworthiness, .continuity"
    )
    if labelled:
        imports.append("import numpy as np")
        lines += [
            "labels = np.asarray(data.labels)[rows]",
            f"by_code = embedding_quality.knn_accuracy(z, labels, {k})  # how often neighbours have an item's label",
            f"by_map = embedding_quality.knn_accuracy({places}, labels, {k})",
        ]
    return _with(code, imports, lines)


def with_differences(code: str, beside: Sequence[str], renamed: Mapping[str, str], labelled: bool) -> str:
    """The Python of a map with a selection, and what tells that from the other items on the map.

    Args:
        code: that leaves ``selected`` and, where they were looked for, ``clusters``.
        beside: imports and statements that leave ``beside``, the columns of the items; none: there are none.
        renamed: columns that a page calls otherwise.
        labelled: whether the items have labels with names.
    """
    imports = ["import numpy as np", "from explorer.evaluation.groups import group_differences"]
    lines = ["columns = {}"]
    if beside:
        name = f"{dict(renamed)!r}.get(column.name, column.name)" if renamed else "column.name"
        lines = [*beside, f"columns = {{{name}: column.of(rows) for column in beside}}"]
    if "\nclusters = " in code:
        imports.append("from explorer.evaluation.groups import cluster_column, group_words")
        words = "group_words(clusters.labels, columns)"
        lines.append(f"columns['Cluster'] = cluster_column(clusters.labels, {words})")
    if labelled:
        imports.append("from explorer.data.beside import ItemColumn")
        values = "np.asarray(data.labels, np.int64)[rows]"
        lines.append(f"columns['Label'] = ItemColumn('Label', 'category', {values}, data.label_names)")
    lines.append("differences = group_differences(columns, np.isin(rows, selected))  # .column, .effect, .q")
    return _with(code, imports, lines)


def _with(code: str, imports: Sequence[str], lines: Sequence[str]) -> str:
    """A program with more lines."""
    return program([*code.splitlines(), *imports, *lines])
