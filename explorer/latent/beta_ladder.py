"""The models of the beta ladder, and how each is measured."""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Int

from explorer import checkpoints
from explorer.checkpoints import VectorCheckpoint
from explorer.core import likelihood
from explorer.core.errors import ExplorerError
from explorer.core.intervals import POSITIVE
from explorer.data.base import Dataset
from explorer.evaluation import summary
from explorer.evaluation.learn_figures import Rung
from explorer.latent.dimensions import ACTIVE_VARIANCE
from explorer.models import VariationalAutoencoder

BETAS = (0, 0.25, 1, 2, 4, 8, 16)


def rung_name(beta: float) -> str:
    """The name of the ladder's checkpoint with this weight of the KL."""
    return f"mnist-beta-{beta:g}"


def load_rung(beta: float) -> VectorCheckpoint:
    """The ladder's checkpoint with this weight of the KL."""
    return checkpoints.with_codes(checkpoints.load(rung_name(beta)))


@torch.inference_mode()
def measure_rung(
    checkpoint: VectorCheckpoint, dataset: Dataset, rows: Int[np.ndarray, " n"], split: str, seed: int = 0
) -> Rung:
    """Reconstruction, KL, ELBO and active units over chosen rows.

    Args:
        split: what to call these rows.
        seed: of the one posterior sample of each item; reconstruction, KL and ELBO are of the same ones.

    Raises:
        ExplorerError: the model is not variational, or its prior no standard normal.
    """
    model = checkpoint.model
    if not isinstance(model, VariationalAutoencoder) or not model.code_prior.is_standard_normal:
        raise ExplorerError(
            f"{checkpoint.name} is not variational with a standard normal prior, and has no KL by dimension.",
            "Choose a variational model whose prior is the standard normal.",
        )
    generator = torch.Generator().manual_seed(seed)
    reconstruction, kl, means = [], [], []
    for start in range(0, len(rows), 1024):
        x = dataset.tensor(rows[start : start + 1024])
        mu, logvar = model.posterior(x)
        logits = model.decoder(model.sample_posterior(mu, logvar, generator))
        reconstruction.append(-model.log_likelihood(x, logits).numpy())
        kl.append(likelihood.kl_per_dimension(mu, logvar).numpy())
        means.append(mu.numpy())
    error, divergence = np.concatenate(reconstruction), np.concatenate(kl)
    # The log likelihood of values in [0, 1] by probabilities is never above 0.
    bounds = POSITIVE if model.observation.is_probability else (-np.inf, np.inf)
    return Rung(
        name=checkpoint.name,
        beta=model.beta,
        reconstruction=summary("reconstruction", "nats", error, split, bounds),
        kl=summary("KL", "nats", divergence.sum(1), split, POSITIVE),
        elbo=summary("ELBO", "nats", -error - divergence.sum(1), split, (-bounds[1], -bounds[0])),
        kl_per_dimension=tuple(divergence.mean(0).tolist()),
        active_units=int((np.concatenate(means).var(0) > ACTIVE_VARIANCE).sum()),
    )
