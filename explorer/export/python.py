"""Views as Python: what "copy as Python" shows, a program that computes the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from jaxtyping import Int, Integer, Num

from explorer.export.program import DataCode, data_code, items_of, opened, program, rows_of
from explorer.latent.interpolation import KINDS

SampleSource = Literal["prior", "mixture", "card"]
"""Where samples come from: a prior, a mixture fitted to codes, or the Gaussian of a card's statistics."""


def latent_space_code(
    checkpoint: str,
    dataset: str | DataCode,
    split: str = "test",
    projection: str = "",
    seed: int = 0,
    pair: tuple[int, int] | None = None,
    items: int | None = None,
    also: int | None = None,
) -> str:
    """Python that computes a map of codes: ``rows`` of the data, their codes ``z``, and ``places``.

    Args:
        checkpoint: name or path.
        dataset: name or path, or how it was opened.
        split: "train", "validation" or "test"; anything else means every item.
        projection: a name of ``explorer.latent.projection.REGISTRY``; empty for a 2-D code as it is.
        seed: of the projection.
        pair: dimensions of a raw pair, from 0, for the projection "pair".
        items: use so many of the split's items, spread over all; None for all.
        also: row of one more item, which is none of those; None for no more.
    """
    return program(
        [
            *_opening(checkpoint, dataset),
            *_rows(rows_of(split, checkpoint), items, also),
            "x = data.x[rows]",
            "z = model.encode(x)  # one code an item",
            *_places(projection, seed, pair),
        ]
    )


def decoded_code(
    checkpoint: str,
    projection: str = "",
    seed: int = 0,
    pair: tuple[int, int] | None = None,
    items: int | None = None,
    also: int | None = None,
) -> str:
    """Python that computes a map of what a model decodes itself, where there are no data: as ``latent_space_code``.

    Args:
        checkpoint, projection, seed, pair, items, also: as there; ``codes`` are those of all decoded samples.
    """
    return program(
        [
            *_opening(checkpoint),
            "from explorer.views.items import decoded_dataset",
            "data, codes = decoded_dataset(model)  # decoded from codes that are drawn from what the card knows",
            *_rows(rows_of("", ""), items, also),
            "x, z = data.x[rows], codes[rows]",
            *_places(projection, seed, pair),
        ]
    )


def decode_code(checkpoint: str, z: Sequence[float] | Num[np.ndarray, " d"]) -> str:
    """Python that decodes one code, as the sliders show it."""
    return program([*_opening(checkpoint), f"picture = model.decode([{_numbers(z)}])[0]"])


def entries_code(checkpoint: str, numbers: Int[np.ndarray, "h w"]) -> str:
    """Python that decodes a grid of entries of a codebook.

    Args:
        checkpoint: name or path.
        numbers: of the entries, from 0.
    """
    return program(
        [
            *_opening(checkpoint),
            "import torch",
            f"numbers = torch.tensor([{numbers.tolist()}])  # entries of the codebook, counted from 0",
            "picture = model.decode(model.model.vectors_of(numbers))[0]",
        ]
    )


def interpolate_code(
    checkpoint: str,
    dataset: str | DataCode,
    items: Sequence[int] | Num[np.ndarray, "k *d"],
    n: int,
    kind: str = "linear",
    spacing: str = "steps",
    split: str = "test",
    n_items: int | None = None,
) -> str:
    """Python that decodes a path through items.

    Args:
        checkpoint, dataset, split: as in ``latent_space_code``; the split's codes are those that a path along the data
            keeps to.
        n_items: it keeps to so many of them, spread over all; None for all.
        items: row numbers in the dataset, or codes (K, D), which need no dataset.
        n: number of pictures.
        kind, spacing: as ``explorer.latent.interpolation.route`` and its ``frames`` take them.

    Raises:
        ValueError: another kind or spacing.
    """
    if kind not in KINDS or spacing not in ("steps", "length"):
        raise ValueError(f"there is no path {kind!r} with spacing {spacing!r}")
    as_codes = np.ndim(items) == 2
    lines = _opening(checkpoint) if as_codes and kind != "data" else _opening(checkpoint, dataset)
    lines.append("from explorer.latent import interpolation")
    if as_codes:
        lines.append(f"items = [{', '.join(_numbers(code) for code in np.asarray(items))}]")
    else:
        lines.append(f"items = model.encode(data.x[[{', '.join(str(int(row)) for row in items)}]])")
    if kind == "data":
        lines += [*items_of(split, checkpoint), *_thinned(n_items)]
        lines.append("graph = interpolation.NeighbourGraph(model.encode(x))")
    graph = ", graph" if kind == "data" else ""
    lines.append(f"pictures = model.decode(interpolation.route({kind!r}, items{graph}).frames({n}, {spacing!r}))")
    return program(lines)


def sample_code(
    checkpoint: str,
    n: int,
    seed: int,
    temperature: float,
    source: SampleSource,
    dataset: str | DataCode = "",
    split: str = "",
    items: int | None = None,
    drawn: int | None = None,
) -> str:
    """Python that draws new items.

    Args:
        checkpoint: name or path.
        n: number of samples.
        source: the prior of a variational model, a mixture fitted to the codes of items, or the Gaussian on the card.
        dataset, split, items: of a mixture, as in ``latent_space_code``.
        drawn: draw so many and keep the first n, as a page does that measures more than it shows; None: n.
    """
    lines = _opening(checkpoint, dataset, split) if source == "mixture" else _opening(checkpoint)
    lines.append("from explorer.latent import sampling")
    count = n if drawn is None else drawn
    if source == "mixture":
        lines += _thinned(items)
        lines.append("mixture = sampling.GaussianMixtureSampler().fit(model.encode(x))")
        lines.append(f"z = mixture.sample({count}, seed={seed}, temperature={temperature})")
    elif source == "prior":
        lines.append(f"z = sampling.sample_prior(model, {count}, seed={seed}, temperature={temperature})")
    else:
        lines.append(f"z, _ = sampling.sample_codes(model, {count}, seed={seed})")
        if temperature != 1:
            lines.append("mean = model.card.latent.mean")
            lines.append(f"z = mean + {temperature} * (z - mean)")
    kept = f"z[:{n}]" if count > n else "z"
    return program([*lines, f"pictures = model.decode({kept})"])


def traversal_code(
    checkpoint: str,
    z: Sequence[float] | Num[np.ndarray, " d"],
    spans: Mapping[int, tuple[float, float]],
    steps: int,
) -> str:
    """Python that moves one dimension after the other from low to high.

    Args:
        checkpoint: name or path.
        z: (D,) the code that they go through.
        spans: dimension, from 0 -> where it begins and ends.
        steps: pictures of each.
    """
    ends = ", ".join(f"{dim}: ({float(low)!r}, {float(high)!r})" for dim, (low, high) in spans.items())
    return program(
        [
            *_opening(checkpoint),
            "import numpy as np",
            "from explorer.latent import interpolation",
            f"z = np.array({_numbers(z)})",
            f"spans = {{{ends}}}  # dimension, from 0: from where to where",
            f"codes = {{dim: interpolation.traversal(z, dim, *span, {steps}) for dim, span in spans.items()}}",
            "pictures = {dim: model.decode(path) for dim, path in codes.items()}",
        ]
    )


def attribute_code(
    checkpoint: str,
    dataset: str | DataCode,
    groups: tuple[str | Sequence[int], str | Sequence[int]],
    by_means: bool,
    items: int,
) -> str:
    """Python that measures the direction from one group of items to another, and what it does.

    Args:
        checkpoint, dataset: as in ``latent_space_code``.
        groups: without and with the attribute: a label each, empty for all other items, or row numbers.
        by_means: the direction is the difference of the means; else the normal of the probe's plane.
        items: at most so many items, spread over those that the model has not learnt from.
    """
    lines = [
        *_opening(checkpoint, dataset),
        "import numpy as np",
        "from explorer import evaluation",
        "from explorer.core.row_samples import spread_sample",
        "from explorer.latent import directions",
        f"rows = spread_sample(evaluation.rows_for(model, data)[0], {items})",
    ]
    for name, group in zip("ab", groups, strict=True):
        if not isinstance(group, str):
            chosen = f"np.array([{', '.join(str(int(row)) for row in group)}])"
        elif group:
            chosen = f"rows[data.labels[rows] == data.label_names.index({group!r})]"
        else:
            chosen = "rows"
        lines.append(f"rows_{name} = {chosen}")
    lines.append("rows_a = np.setdiff1d(rows_a, rows_b)")
    make = "mean_direction" if by_means else "probe_direction"
    return program(
        [
            *lines,
            "probe = directions.AttributeProbe().fit(model.encode(data.x[rows_a]), model.encode(data.x[rows_b]))",
            f"direction = directions.{make}(probe.fitted_a_, probe.fitted_b_)  # add it to a code, once or in part",
            "accuracy = probe.accuracy_  # on items that the probe was not fitted on",
        ]
    )


def vectors_code(
    dataset: str | DataCode,
    scale: str = "as they are",
    projection: str = "",
    seed: int = 0,
    pair: tuple[int, int] | None = None,
    items: int | None = None,
    encoder: str = "",
    also: int | None = None,
) -> str:
    """Python that computes a map of vectors that came without a model, or of the codes of an encoder alone.

    Args:
        dataset: name or path, or how it was opened.
        scale: what distances are measured in, one of ``explorer.data.vectors.VectorScale``.
        projection, seed, pair, items, also: as in ``latent_space_code``.
        encoder: name or path of the encoder alone; empty: the vectors are those of the data.
    """
    lines = []
    if encoder:
        lines += ["from dataclasses import replace", "import explorer", f"model = {opened(encoder)}"]
    lines += data_code(dataset).lines(model=encoder)
    if encoder:
        lines.append("data = replace(data, vectors=model.encode(data.x))")
    return program(
        [
            *lines,
            "from explorer.data.vectors import scaling_of, vectors_of",
            "vectors = vectors_of(data)",
            *_rows(rows_of("", ""), items, also),
            f"z = scaling_of(vectors, {scale!r})(vectors.rows(rows))  # one vector an item",
            *_places(projection, seed, pair),
        ]
    )


def loss_code(checkpoint: str, dataset: str | DataCode, split: str, items: int) -> str:
    """Python that measures the terms of a model's loss.

    Args:
        checkpoint, dataset, split: as in ``latent_space_code``.
        items: at most so many, spread over all.
    """
    return program(
        [
            *_opening(checkpoint, dataset, split),
            *_thinned(items),
            "from explorer.evaluation.activations import loss_terms",
            "terms = loss_terms(model, x)  # .name, .value, .weight",
        ]
    )


def scene_code(checkpoint: str, dataset: str | DataCode, rows: Integer[np.ndarray, " n"]) -> str:
    """Python of what a scene of Learn starts from: its items, their codes, and what the decoder makes of these.

    Args:
        checkpoint, dataset: as in ``latent_space_code``.
        rows: row numbers in the data of the scene's items, in its order.
    """
    return program(
        [
            *_opening(checkpoint, dataset),
            f"rows = {rows.tolist()}  # of the items, in the scene's order",
            "x = data.x[rows]",
            "z = model.encode(x)",
            "x_hat = model.decode(z)",
        ]
    )


def _opening(checkpoint: str, dataset: str | DataCode = "", split: str | None = None) -> list[str]:
    """A model, the data and, with a split, the items ``x`` of it."""
    lines = ["import explorer", f"model = {opened(checkpoint)}"]
    if dataset:
        lines += data_code(dataset).lines(model=checkpoint)
    if dataset and split is not None:
        lines += items_of(split, checkpoint)
    return lines


def _rows(of_split: tuple[list[str], str], items: int | None, also: int | None) -> list[str]:
    """Row numbers of the items that are used, of what ``rows_of`` gives."""
    imports, rows = of_split
    lines = [*imports, *(["import numpy as np"] if also is not None else [])]
    if items is not None:
        lines.append("from explorer.core.row_samples import spread_sample")
        rows = f"spread_sample({rows}, {items})"
    return [*lines, f"rows = {rows if also is None else f'np.union1d({rows}, [{also}])'}"]


def _places(projection: str, seed: int, pair: tuple[int, int] | None) -> list[str]:
    """The codes ``z`` on a map."""
    if not projection:
        return []
    options = f"i={pair[0]}, j={pair[1]}" if pair is not None else f"seed={seed}"
    return [
        "from explorer.latent.projection import REGISTRY",
        f"places = REGISTRY[{projection!r}]({options}).fit_transform(z)  # (N, 2)",
    ]


def _thinned(items: int | None) -> list[str]:
    """So many of the items, spread over all."""
    if items is None:
        return []
    return ["from explorer.core.row_samples import spread_sample", f"x = spread_sample(x, {items})"]


def _numbers(z: Sequence[float] | np.ndarray) -> str:
    return "[" + ", ".join(f"{float(value):.6g}" for value in z) + "]"
