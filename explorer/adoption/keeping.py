"""Modules of one's own as a checkpoint: an autoencoder, or one half of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from jaxtyping import Num
from torch import nn

from explorer.adoption.adopting import Output, checkpoint_of_parts, first_that_fits, of_modules, shape_after
from explorer.adoption.halves import checkpoint_of_half
from explorer.adoption.modules import chain_of
from explorer.checkpoints import VectorCheckpoint, save
from explorer.core import places
from explorer.core.errors import CheckpointError
from explorer.data import Dataset, open_dataset
from explorer.data.user_data import from_array


def target_of(name: str, path: str | Path | None, overwrite: bool) -> Path:
    """Where a checkpoint of that name is written: by default in the user's folder.

    Raises:
        CheckpointError: there is a file already, and it may not be replaced.
    """
    target = places.user_folder("checkpoints") / f"{name}.safetensors" if path is None else Path(path)
    if target.exists() and not overwrite:
        raise CheckpointError(f"There is a file {target} already.", "Choose another name, or say overwrite.")
    return target


def _dataset(data: str | Dataset | Num[np.ndarray, "n *event"]) -> Dataset:
    if isinstance(data, Dataset):
        return data
    return from_array(data, "array") if isinstance(data, np.ndarray) else open_dataset(data)


def adopt(
    name: str,
    *,
    encoder: nn.Module | None = None,
    decoder: nn.Module | None = None,
    mu: nn.Module | None = None,
    logvar: nn.Module | None = None,
    data: str | Dataset | Num[np.ndarray, "n *event"],
    pixels: tuple[float, float] = (0.0, 1.0),
    output: Output = "values",
    title: str = "",
    licence: str = "",
    held_out: bool = False,
    code_size: int | None = None,
    path: str | Path | None = None,
    overwrite: bool = False,
) -> VectorCheckpoint:
    """Keep a model of one's own as a checkpoint: one safetensors file without code, which every page opens.

    The layers of its modules become a list in the file; a sequence of known layers is taken as it is, anything else by
    what it computes. Statistics of codes, slider ranges, calibration and figures are worked out from the data.

    Args:
        name: of the checkpoint: letters, digits, dot, dash and underscore.
        encoder: takes items (N, *event), or flattened ones, to codes (N, D); to mean and log variance, as two results
            or side by side, of a variational model; or to what ``mu`` and ``logvar`` take.
            None: there is none, and a decoder alone is kept.
        decoder: takes codes (N, D) to items, or flattened ones; None: there is none, and an encoder alone is kept.
        mu, logvar: heads of a variational model, where they are modules of their own.
        data: items of the kind that it was trained on: a dataset's name, a path, a dataset, or an array.
        pixels: what black and white are for the model, such as (-1, 1); images alone.
        output: "logits" where the decoder's values have yet to pass a sigmoid.
        title: what the pages call it; empty: its name.
        licence: of the weights.
        held_out: that the test split of the data was not trained on; else the figures say that it is not known.
        code_size: numbers of a code, for a decoder alone whose first layer does not tell it.
        path: where to write it; None: in the user's folder of checkpoints.
        overwrite: whether a file that is there may be replaced.

    Returns:
        The checkpoint, as written; ``checkpoint.card.origin`` says what was found out by itself.

    Raises:
        CheckpointError, RecipeError: a layer cannot be kept, named with the reason; modules and data do not fit; there
            is a file of that name.
        DataError: the data cannot be read.
    """
    target = target_of(name, path, overwrite)
    dataset = _dataset(data)
    if encoder is None or decoder is None:
        adopted = _half(name, encoder, decoder, mu, code_size, dataset, pixels, output, title, licence)
        save(adopted, target)
        return adopted
    chains = of_modules(encoder, decoder, mu, logvar, dataset.event_shape)
    adopted = checkpoint_of_parts(
        name, chains, dataset, pixels=pixels, output=output, title=title, licence=licence, held_out=held_out
    )
    save(adopted, target)
    return adopted


def _half(
    name: str,
    encoder: nn.Module | None,
    decoder: nn.Module | None,
    mu: nn.Module | None,
    code_size: int | None,
    dataset: Dataset,
    pixels: tuple[float, float],
    output: Output,
    title: str,
    licence: str,
) -> VectorCheckpoint:
    origin = "Brought in from torch modules."
    if encoder is not None:
        chain, is_flat = first_that_fits(encoder, dataset.event_shape)
        layers = [*([nn.Flatten()] if is_flat else []), *chain.trunk]
        if chain.heads is not None:
            layers += chain.heads[0]
            origin += " Of mean and log variance the mean is the code."
        if mu is not None:
            layers += chain_of(mu, shape_after(layers, dataset.event_shape), "head mu").trunk
        return checkpoint_of_half(
            name, layers, "decoder", dataset, pixels=pixels, title=title, licence=licence, origin=origin
        )
    if decoder is None:
        raise CheckpointError("There is neither an encoder nor a decoder.", "Give one of them, or both.")
    size = code_size or next((m.in_features for m in decoder.modules() if isinstance(m, nn.Linear)), None)
    if size is None:
        raise CheckpointError("Nothing tells how many numbers its codes have.", "Say it: code_size=16.")
    layers = chain_of(decoder, (size,), "decoder").trunk
    return checkpoint_of_half(
        name,
        layers,
        "encoder",
        dataset,
        code_size=size,
        pixels=pixels,
        output=output,
        title=title,
        licence=licence,
        origin=origin,
    )
