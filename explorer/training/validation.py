"""After an epoch: the loss of the validation items, and how some of them look."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor

from explorer.core import likelihood
from explorer.core.row_samples import spread_positions
from explorer.data.crops import Crops
from explorer.models import Autoencoder, Reconstructor, Stage, VariationalAutoencoder
from explorer.noise import Noise
from explorer.training.events import Preview
from explorer.training.items import Batches

PREVIEW_ITEMS, PREVIEW_CODES = 8, 1000


@torch.inference_mode()
def validation_loss(
    model: Reconstructor,
    stage: Stage,
    items: Batches,
    corruption: Noise | None,
    generator: torch.Generator,
    item_weights: Float[Tensor, " n"] | None = None,
) -> dict[str, float]:
    """Mean of each loss term over the items, weighted or not, by name.

    The model is ready for evaluation, the generator seeded.
    """
    sums: dict[str, float] = {}
    start = 0
    for part in items.parts(model):
        weights = None if item_weights is None else item_weights[start : start + len(part)]
        start += len(part)
        target = stage.inputs(part)
        x = target if corruption is None else corruption(target, generator)
        for name, value in stage.loss(x, target, generator).values(weights).items():
            sums[name] = sums.get(name, 0.0) + value * len(part) / len(items)
    return sums


@torch.inference_mode()
def preview_of(
    model: Reconstructor,
    items: Batches,
    crops: Crops,
    corruption: Noise | None,
    generator: torch.Generator,
    codes: int = PREVIEW_CODES,
) -> Preview:
    """How the model, ready for evaluation, reconstructs some of the items, and where it places more of them.

    Args:
        model, items, crops, corruption, generator: as a training has them.
        codes: at most so many of the items that are placed in a whole preview, spread over them.
    """
    wanted = PREVIEW_CODES if isinstance(model, Autoencoder) else PREVIEW_ITEMS
    chosen = torch.from_numpy(spread_positions(len(items), wanted))
    pictured = chosen[torch.from_numpy(spread_positions(len(chosen), PREVIEW_ITEMS))]
    shown = crops.centre(items.batch(pictured))
    noisy = shown if corruption is None else corruption(shown, generator)
    with items.telling(model, pictured):
        given, x_hat = model.demonstrate(noisy, generator)
    placed = torch.from_numpy(spread_positions(len(chosen), codes))
    z = shown.new_empty(len(placed), 0)
    kl = None
    if isinstance(model, VariationalAutoencoder):
        with items.telling(model, chosen[placed]):
            z, logvar = model.posterior(crops.centre(items.batch(chosen[placed])))
        kl = likelihood.kl_per_dimension(z, logvar).mean(0).float().cpu().numpy()
    elif isinstance(model, Autoencoder):
        z = model.encode(crops.centre(items.batch(chosen[placed])))
    x_shown, x_given, rebuilt, places = (t.float().cpu().numpy() for t in (shown, given, x_hat, z))
    return Preview(
        x_shown,
        x_given,
        rebuilt,
        places,
        items.labels(chosen[placed]),
        items.names(pictured),
        items.names(chosen[placed]),
        placed.numpy(),
        kl,
    )
