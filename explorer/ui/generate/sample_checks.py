"""What samples are worth: how sharp they are beside real images, and whether they copy training items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from jaxtyping import Int

from explorer import evaluation
from explorer.checkpoints import Metric
from explorer.core.intervals import POSITIVE
from explorer.data import DATASETS, Dataset, downloads
from explorer.data.item_names import item_name
from explorer.io import images
from explorer.latent import realism
from explorer.latent.realism import CopyCheck
from explorer.ui.generate import sample_figures
from explorer.ui.generate.sample_draw import SampleDraw
from explorer.ui.shell import cache, session
from explorer.ui.shell.cache import cached
from explorer.ui.shell.session import Context
from explorer.ui.widgets.pictures import gallery
from explorer.ui.widgets.terms import explained
from explorer.ui.widgets.text import interval, percent, plain, three_digits
from explorer.views import item_words

SHARPNESS_ITEMS = 500
PAIRS = 6
SHARPNESS_UNIT = "squared intensity"


@dataclass(frozen=True, eq=False)
class Known:
    """Items that a sample might be a copy of.

    Args:
        dataset: that holds them.
        rows: (n,) row numbers in it.
        is_training: whether the model was trained on them.
        words: what they are, with their number.
    """

    dataset: Dataset
    rows: Int[np.ndarray, " n"]
    is_training: bool
    words: str


def checks(context: Context, draws: Sequence[SampleDraw]) -> None:
    """Sharpness of every draw, figures of a whole set, and the search for copies in the first."""
    if context.is_image:
        sample_figures.set_figures(context)
        st.subheader("Are they as sharp as real ones?")
        _sharpness(context, draws)
    st.subheader("Are they copies?")
    _copies(context, draws[0])


# --- Sharpness ------------------------------------------------------------------------------------------------------


def _sharpness(context: Context, draws: Sequence[SampleDraw]) -> None:
    if min(context.dataset.event_shape[1:]) < 3:
        explained("These images are too small to measure their sharpness.")
        return
    real, rebuilt = _real_sharpness(context)
    rows = [("Real images", real), ("Their reconstructions", rebuilt)]
    rows += [(f"Samples: {d.title}", _summary(context.checkpoint.decode(d.codes), f"drawn, {d.key}")) for d in draws]
    st.dataframe(
        [
            {
                "what": title,
                "sharpness (95 % interval)": interval(sharpness),
                "of real ones": f"{100 * sharpness.value / real.value:.0f} %" if real.value else "",
                "n": sharpness.n,
            }
            for title, sharpness in rows
        ],
        hide_index=True,
        width="stretch",
        key="sharpness",
    )
    explained(
        f"Sharpness is the variance of the Laplacian, in units of {SHARPNESS_UNIT} (real ones: {real.split}). Blurred "
        "edges lower it. Samples cannot be expected to be sharper than reconstructions, which the decoder makes too."
    )


@cached(max_entries=16)
def _real_sharpness(context: Context) -> tuple[Metric, Metric]:
    x = images.to_float(context.x(cache.shown_rows(np.arange(len(context.rows)), SHARPNESS_ITEMS)))
    split = f"{context.split.split(',')[0]}, n = {len(x):,}"
    return _summary(x, split), _summary(context.checkpoint.reconstruct(x), split)


def _summary(x: np.ndarray, split: str) -> Metric:
    return evaluation.summary("sharpness", SHARPNESS_UNIT, realism.sharpness(x), split, POSITIVE)


# --- Copies ---------------------------------------------------------------------------------------------------------


def _copies(context: Context, draw: SampleDraw) -> None:
    known = known_items(context)
    samples = context.checkpoint.decode(draw.codes)
    check = _copy_check(samples, _real_distances(context, known), known)
    _say(context, known, check, len(draw.codes))
    closest = np.argsort(check.distances, kind="stable")[:PAIRS]
    _pairs(context, known, samples[closest], check.positions[closest], check.distances[closest])


def known_items(context: Context) -> Known:
    """The training items where this machine holds them, else the shown items."""
    dataset = _training_data(context)
    if dataset is not None:
        part = context.card.recipe.data
        classes = part.classes if dataset.label_names else ()
        rows = evaluation.training_rows(dataset, classes, "train", part.limit)
        return Known(dataset, rows, True, f"train, n = {len(rows):,}")
    return Known(context.dataset, context.rows, False, context.split)


def _training_data(context: Context) -> Dataset | None:
    """The very data that the model was trained on, split as it was then; None where it is not here."""
    trained_on = context.card.data
    name = trained_on.name
    dataset = context.dataset
    if dataset.fingerprint != trained_on.fingerprint:
        if name not in DATASETS or not (DATASETS[name].offline or downloads.is_local(name)):
            return None
        dataset = session.dataset_of(name, context.card)
    same = (dataset.fingerprint, dataset.splits.note) == (trained_on.fingerprint, trained_on.splits)
    return dataset if same else None


@cached(max_entries=8, spinner="Comparing real items with one another")
def _real_distances(context: Context, known: Known) -> np.ndarray:
    """Distance of each shown item to the nearest known one, itself left out."""
    others = known.dataset.x[known.rows]
    scale = _scale(known)
    x = context.x() if known.is_training else others
    return realism.nearest_items(_scaled(x, scale), _scaled(others, scale), skip_itself=not known.is_training)[1]


@cached(max_entries=16, spinner="Looking for copies")
def _copy_check(samples: np.ndarray, usual: np.ndarray, known: Known) -> CopyCheck:
    scale = _scale(known)
    nearest = realism.nearest_items(_scaled(samples, scale), _scaled(known.dataset.x[known.rows], scale))
    return realism.check_copies(*nearest, usual)


def _scale(known: Known) -> np.ndarray | None:
    """Spread of each column of a table, so that all of them count alike; None for images."""
    if known.dataset.kind == "image":
        return None
    std = np.asarray(known.dataset.x[known.rows], np.float64).std(0)
    std[std == 0] = 1
    return std


def _scaled(x: np.ndarray, scale: np.ndarray | None) -> np.ndarray:
    return x if scale is None else np.asarray(x / scale, np.float32)


def _say(context: Context, known: Known, check: CopyCheck, n: int) -> None:
    word = item_words.item_word(context)
    unit = "units of intensity" if context.is_image else "standard deviations of the columns"
    other = "training" if known.is_training else "real"
    if not known.is_training:
        explained(
            f"The {word}s that the model was trained on are not on this machine, so its samples are compared with "
            f"{plain(known.words)} instead. That shows whether samples are as near to real {word}s as those are to one "
            "another, but not copies of training items."
        )
    share = check.closer
    st.markdown(
        f"{share.count} of {share.n} samples (**{100 * share.value:.1f} %**, 95 % interval {share.ends(percent)} %) "
        f"lie nearer to a {other} {word} than {three_digits(check.limit)}, which only 1 % of "
        f"real {word}s do ({plain(context.split)}; against {plain(known.words)}). Distances in {unit}; "
        f"{three_digits(check.usual)} is usual."
    )
    if share.low > realism.COPY_QUANTILE:
        explained(
            f"More than real {word}s would. Blurred or average ones lie near to everything, so look at the closest "
            "pairs before calling it copying."
        )
    elif known.is_training:
        explained(f"No more than fresh real {word}s would: no sign of copying.")


def _pairs(context: Context, known: Known, samples: np.ndarray, positions: np.ndarray, distances: np.ndarray) -> None:
    rows = known.rows[positions]
    if not context.is_image:
        st.dataframe(
            [
                {"closest": i + 1, "item": item_name(known.dataset, int(row)), "distance": float(d)}
                for i, (row, d) in enumerate(zip(rows, distances, strict=True))
            ],
            hide_index=True,
            key="pairs",
        )
        return
    other = "training" if known.is_training else "real"
    explained(f"The {len(samples)} closest pairs: a sample, and the {other} image nearest to it")
    for column, sample, row, distance in zip(st.columns(len(samples)), samples, rows, distances, strict=True):
        with column:
            pair = np.stack([sample, images.to_float(known.dataset.x[[row]])[0]])
            gallery(
                pair,
                ["sample", f"{item_name(known.dataset, int(row))}\n{three_digits(float(distance))} apart"],
                size=56,
                alt="Closest pair:",
            )
