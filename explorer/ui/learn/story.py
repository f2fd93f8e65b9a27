"""The five autoencoders as steps of one story: each with a shipped checkpoint of its kind, and something to drag."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st
from sklearn import decomposition

from explorer import denoising, evaluation
from explorer.checkpoints import Card, VectorCheckpoint
from explorer.core import metrics
from explorer.data import Dataset, Split
from explorer.data.base import as_float
from explorer.evaluation.activations import activations, standardised
from explorer.models import REGISTRY
from explorer.ui.learn import diagram
from explorer.ui.learn.walkthrough import show_items, show_values
from explorer.ui.shell import cache, session
from explorer.ui.shell.cache import cached, cached_resource
from explorer.ui.widgets.pictures import gallery
from explorer.ui.widgets.text import interval, plain, three_digits

ITEMS = 8
FIT_ITEMS, ERROR_ITEMS = 2000, 500
"""PCA is fitted on so many items at most, and errors are means over so many others."""


@dataclass(frozen=True)
class Kind:
    """One step of the story.

    Args:
        title: its heading.
        text: one short paragraph.
        matches: whether a checkpoint is of this kind.
        play: draws what can be dragged, given the checkpoint, its data and the shown items as stored.
        recipe: a shipped recipe of this kind, to train one where none is available.
    """

    title: str
    text: str
    matches: Callable[[Card], bool]
    play: Callable[[VectorCheckpoint, Dataset, np.ndarray], None]
    recipe: str


def story(current: Card) -> None:
    """All five, in the order in which each answers what the one before leaves open."""
    for number, kind in enumerate(STORY, 1):
        st.subheader(f"{number}. {kind.title}")
        st.markdown(kind.text)
        name = checkpoint_for(kind, current)
        if name is None:
            st.info(
                f"There is no such checkpoint: train one from the recipe {kind.recipe} on the Train page.",
                icon=":material/info:",
            )
        else:
            _step(number, name)


def checkpoint_for(kind: Kind, current: Card) -> str | None:
    """A checkpoint of a kind: the current one, else one of the same data, else of the same shape, else of images."""
    matching = [(name, card) for name, card in session.cards().items() if kind.matches(card)]

    def preference(entry: tuple[str, Card]) -> tuple[bool, ...]:
        name, card = entry
        other_shape = card.data.event_shape != current.data.event_shape
        return name != current.name, not session.have_same_data(card, current), other_shape, card.data.kind != "image"

    with_data = [entry for entry in matching if session.dataset_names(entry[1].data.event_shape)]
    return min(with_data, key=preference, default=("", None))[0] or None


@st.fragment
def _step(number: int, name: str) -> None:
    """One step with its picture; dragging runs this part alone."""
    kind = STORY[number - 1]
    checkpoint = session.vector_checkpoint_of(name)
    data_name = session.preferred_dataset(checkpoint.card, session.dataset_names(checkpoint.event_shape))
    dataset = session.dataset_of(str(data_name), checkpoint.card)
    rows, split = cache.rows_for(checkpoint, dataset)
    context = session.Context(checkpoint, dataset, rows, split)
    x = context.x(context.samples(ITEMS))
    st.latex(_formula(checkpoint.card))
    st.caption(plain(f"{checkpoint.card.title}: {ITEMS} {split.split(',')[0]} items. {figure(checkpoint.card)}"))
    kind.play(checkpoint, dataset, x)


def _formula(card: Card) -> str:
    """The family's loss, and what is done to its input first, where something is."""
    formula, corruption = REGISTRY[card.recipe.model.family][1].formula, card.recipe.corruption
    if corruption is None:
        return formula
    return formula.replace("f(x)", r"f(\tilde x)") + r",\qquad " + corruption.formula


def figure(card: Card) -> str:
    """A checkpoint's held-out error in words."""
    metric = card.metric("ELBO") or card.metric("reconstruction error")
    if metric is None:
        return "Its card has no held-out figure."
    return f"{metric.name} {interval(metric)} {metric.unit} ({metric.split}, n = {metric.n:,})"


def _both(checkpoint: VectorCheckpoint, x: np.ndarray, label: str = "Input, and the model's reconstruction") -> None:
    st.caption(label)
    show_items(checkpoint, as_float(x).numpy(), size=56)
    show_items(checkpoint, checkpoint.reconstruct(x), size=56)


# --- What can be dragged ---------------------------------------------------------------------------------------------


def _play_undercomplete(checkpoint: VectorCheckpoint, dataset: Dataset, x: np.ndarray) -> None:
    _both(checkpoint, x)
    pca = _pca(checkpoint, dataset)
    largest = min(64, len(pca.components_))
    k = st.slider(
        "Dimensions of PCA's code",
        1,
        largest,
        min(checkpoint.latent_dim, largest),
        key="learn_pca",
        help="PCA is the best linear code.",
    )
    errors, model_error = _errors(checkpoint, dataset)
    show_values(pca_rebuilt(pca, standardised(checkpoint, x), k), size=56)
    enough = np.flatnonzero(errors <= model_error)
    verdict = (
        f"PCA needs {enough[0] + 1} dimensions for that." if len(enough) else "PCA needs more dimensions for that."
    )
    st.caption(
        f"PCA with {k} dimensions: squared error {three_digits(float(errors[k - 1]))}. The autoencoder with "
        f"{checkpoint.latent_dim}: {three_digits(model_error)}. {verdict} Mean over "
        f"{len(_rows(checkpoint, dataset, 'test', ERROR_ITEMS))} items of this dataset's test split; "
        "PCA is fitted on its training split."
    )


def _play_stacked(checkpoint: VectorCheckpoint, dataset: Dataset, x: np.ndarray) -> None:
    _both(checkpoint, x)
    passed = [activations(checkpoint, item) for item in x]
    drawn = diagram.blocks([a.layer for a in passed[0]], checkpoint.event_shape)
    encoder = [block for block in drawn if block.part == "encoder"]
    depth = st.slider(
        "Layer", 1, max(2, len(encoder)), len(encoder), key="learn_depth",
        help="The values of this layer of the encoder, for each item.",
    )  # fmt: skip
    block = encoder[min(depth, len(encoder)) - 1]
    values = np.stack([item[block.last].value.ravel() for item in passed])
    gallery(squares(values), size=56, alt="values of the layer")
    st.caption(
        f"Layer {min(depth, len(encoder))} of {len(encoder)}: each item as {values.shape[1]:,} values, one a pixel, "
        "from the least (black) to the largest (white)."
    )


def _play_denoising(checkpoint: VectorCheckpoint, dataset: Dataset, x: np.ndarray) -> None:
    corruption = checkpoint.card.recipe.corruption
    assert corruption is not None  # noqa: S101 - what makes it of this kind
    field = type(corruption).model_fields[corruption.level_field]
    low, high = (next(float(getattr(m, side)) for m in field.metadata if hasattr(m, side)) for side in ("ge", "le"))
    trained_at = float(getattr(corruption, corruption.level_field))
    level = st.slider(
        field.title or "Level", low, high, trained_at, key="learn_noise", help=f"It was trained at {trained_at:g}."
    )
    noisy = denoising.add_noise(x, corruption.model_copy(update={corruption.level_field: level}))
    x_hat = denoising.denoise(checkpoint, noisy)
    st.caption("Corrupted input, and the model's reconstruction")
    show_items(checkpoint, noisy, size=56)
    show_items(checkpoint, x_hat, size=56)
    before, after = (float(metrics.mse(as_float(x), as_float(v)).mean()) for v in (noisy, x_hat))
    st.caption(
        f"Mean squared error a value: {three_digits(before)} corrupted, "
        f"{three_digits(after)} reconstructed, n = {len(x)}."
    )


def _play_convolutional(checkpoint: VectorCheckpoint, dataset: Dataset, x: np.ndarray) -> None:
    width = checkpoint.event_shape[2]
    by = st.slider(
        "Move the picture (pixels)", -(width // 3), width // 3, 0, key="learn_shift",
        help="The same small filters look everywhere, so their maps move along.",
    )  # fmt: skip
    moved = shifted(as_float(x).numpy(), by)
    _both(checkpoint, moved)
    maps = next(a.value for a in activations(checkpoint, moved[0]) if a.value.ndim == 3)[:ITEMS]
    low, high = maps.min(), maps.max()
    st.caption(f"First {len(maps)} feature maps of the first item: they move with it")
    gallery(((maps - low) / ((high - low) or 1))[:, None], size=56, alt="feature map")


def _play_variational(checkpoint: VectorCheckpoint, dataset: Dataset, x: np.ndarray) -> None:
    scale = st.slider(
        "Scale of the samples (posterior standard deviations)", 0.0, 4.0, 1.0, key="learn_spread",
        help="1 is the posterior itself; far out, the neighbours' items appear.",
    )  # fmt: skip
    mu, logvar = checkpoint.posterior(x[:1])
    eps = np.random.default_rng(0).standard_normal((ITEMS, checkpoint.latent_dim)).astype(np.float32)
    st.caption("One item, its reconstruction from the mean, and reconstructions of samples around it")
    show_items(checkpoint, np.concatenate([as_float(x[:1]).numpy(), checkpoint.decode(mu)]), size=56)
    show_items(checkpoint, checkpoint.decode(mu + scale * np.exp(0.5 * logvar) * eps), size=56)
    sigma = ", ".join(three_digits(float(s)) for s in np.exp(0.5 * logvar[0, :4]))
    st.caption(f"Standard deviation of the posterior in the first dimensions: {sigma}; the prior's is 1.")


def pca_rebuilt(pca: decomposition.PCA, x: np.ndarray, k: int) -> np.ndarray:
    """(N, *event) items after a PCA to ``k`` dimensions and back."""
    directions = pca.components_[:k]
    flat = x.reshape(len(x), -1) - pca.mean_
    rebuilt: np.ndarray = (flat @ directions.T @ directions + pca.mean_).reshape(x.shape)
    return rebuilt


def shifted(x: np.ndarray, by: int) -> np.ndarray:
    """(N, C, H, W) images moved to the right by so many pixels; black comes in from the side."""
    moved = np.zeros_like(x)
    width = x.shape[3]
    moved[..., max(by, 0) : width + min(by, 0)] = x[..., max(-by, 0) : width + min(-by, 0)]
    return moved


def squares(values: np.ndarray) -> np.ndarray:
    """(N, D) values as (N, 1, side, side) pictures, each stretched over [0, 1]; the rest of the square is black."""
    low, high = values.min(1, keepdims=True), values.max(1, keepdims=True)
    side = int(np.ceil(np.sqrt(values.shape[1])))
    padded = np.zeros((len(values), side * side), np.float32)
    padded[:, : values.shape[1]] = (values - low) / np.where(high > low, high - low, 1)
    return padded.reshape(-1, 1, side, side)


def _rows(checkpoint: VectorCheckpoint, dataset: Dataset, split: Split, limit: int) -> np.ndarray:
    """Rows of a split, of the classes the model was trained on where it was trained on this dataset."""
    is_training_data = checkpoint.card.data.fingerprint == dataset.fingerprint
    classes = checkpoint.card.recipe.data.classes if is_training_data else ()
    return cache.shown_rows(evaluation.training_rows(dataset, classes, split), limit)


def _flat(checkpoint: VectorCheckpoint, dataset: Dataset, split: Split, limit: int) -> np.ndarray:
    """(n, D) values as the model sees them, in which its error is measured too."""
    x = standardised(checkpoint, dataset.x[_rows(checkpoint, dataset, split, limit)])
    return x.reshape(len(x), -1)


@cached_resource(max_entries=4, spinner="Fitting PCA")
def _pca(checkpoint: VectorCheckpoint, dataset: Dataset) -> decomposition.PCA:
    x = _flat(checkpoint, dataset, "train", FIT_ITEMS)
    return decomposition.PCA(min(64, *x.shape), svd_solver="covariance_eigh").fit(x)


@cached(max_entries=4)
def _errors(checkpoint: VectorCheckpoint, dataset: Dataset) -> tuple[np.ndarray, float]:
    """Mean squared errors on test items: (K,) of PCA with 1 to K dimensions, and the model's own."""
    pca = _pca(checkpoint, dataset)
    model_errors = checkpoint.reconstruction_errors(dataset.x[_rows(checkpoint, dataset, "test", ERROR_ITEMS)])
    return pca_errors(pca, _flat(checkpoint, dataset, "test", ERROR_ITEMS)), float(model_errors.mean())


def pca_errors(pca: decomposition.PCA, x: np.ndarray) -> np.ndarray:
    """(K,) mean squared error of items (n, D) after a PCA to 1 to K dimensions and back."""
    centred = x - pca.mean_
    # Directions are orthonormal, so that each takes its own square off what is left.
    errors: np.ndarray = np.square(centred).sum(1).mean() - np.cumsum(np.square(centred @ pca.components_.T).mean(0))
    return errors


def _clean(family: str) -> Callable[[Card], bool]:
    return lambda card: card.recipe.model.family == family and card.recipe.corruption is None


STORY = (
    Kind(
        "Undercomplete: a code smaller than the item",
        "The encoder f squeezes an item x into a few numbers, the decoder g rebuilds it from them, and both are "
        "trained to make the difference small. What does not fit through the code is lost, so the code has to hold "
        "what matters. With straight lines only, this is PCA; bent ones do more with the same number of dimensions.",
        _clean("undercomplete"),
        _play_undercomplete,
        "mnist-undercomplete-2d",
    ),
    Kind(
        "Stacked: several codes inside one another",
        "Each layer encodes the code of the one before. Depth lets it describe strokes first and whole digits last. "
        "Deep stacks once had to be trained layer by layer; with today's activations they can be trained at once.",
        _clean("stacked"),
        _play_stacked,
        "mnist-stacked-30d",
    ),
    Kind(
        "Denoising: rebuild the clean item from a damaged one",
        "The encoder sees a corrupted item and the loss compares with the clean one. Copying no longer helps: the "
        "model has to learn what items look like, and pulls what it sees towards them.",
        lambda card: card.recipe.corruption is not None,
        _play_denoising,
        "mnist-denoising-32d",
    ),
    Kind(
        "Convolutional: the same small filter everywhere",
        "An image is not a list of unrelated values. Convolutions look at small neighbourhoods and share their weights "
        "over the whole image, so far fewer weights see the same stroke wherever it is.",
        _clean("convolutional"),
        _play_convolutional,
        "mnist-convolutional-16d",
    ),
    Kind(
        "Variational: a cloud instead of a point",
        "The codes of the others lie wherever training put them, with empty space between. Here the encoder gives a "
        "small cloud of codes for each item, and the KL term keeps all clouds near one standard normal: codes close to "
        "each other then decode to similar items, and a random draw from that normal decodes to a new one.",
        _clean("variational"),
        _play_variational,
        "mnist-vae-2d",
    ),
)
"""The steps, in order."""
