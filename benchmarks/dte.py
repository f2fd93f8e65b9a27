"""DTE-NP: for how long a row must have been diffused from a normal one to lie where it does, without a network.

A row that was at x0 lies at a time t of the diffusion about sigma(t) from there. By Bayes' rule, with all times as
likely beforehand, the time of a row at distances r from its nearest normal rows has a posterior

    p(t | x)  in proportion to  sum over neighbours of sigma(t)^-d exp(-r^2 / (2 sigma(t)^2)),

and the score is its mean. As published: 5 neighbours, 300 steps of noise whose variance rises linearly.

Source: Livernoche, Jain, Hezaveh and Ravanbakhsh, "On Diffusion Modeling for Anomaly Detection", ICLR 2024, section 4.
"""

from __future__ import annotations

import numpy as np
from scipy.special import logsumexp

from explorer.core.neighbours import nearest

STEPS, NEIGHBOURS = 300, 5
FIRST_VARIANCE, LAST_VARIANCE = 1e-4, 0.01


class DiffusionTime:
    """Fitted on standardised normal rows (n, d), it scores others by the mean of their posterior diffusion time."""

    def fit(self, normal: np.ndarray) -> DiffusionTime:
        """Keep the rows, standardised by their own mean and spread."""
        self.mean, std = normal.mean(0), normal.std(0)
        self.std = np.where(std > 0, std, 1.0)
        self.rows = ((normal - self.mean) / self.std).astype(np.float32)
        return self

    def score(self, x: np.ndarray) -> np.ndarray:
        """(n, d) -> (n,) in steps; beyond the last step the distance itself goes on."""
        _, distances = nearest(self.rows, ((x - self.mean) / self.std).astype(np.float32), NEIGHBOURS)
        steps = np.arange(1, STEPS + 1)
        variances = 1 - np.cumprod(1 - np.linspace(FIRST_VARIANCE, LAST_VARIANCE, STEPS))
        d = self.rows.shape[1]
        squares = np.square(distances)
        scores = np.empty(len(x))
        for start in range(0, len(x), 2048):
            part = squares[start : start + 2048]
            log_terms = -0.5 * d * np.log(variances) - part[:, :, None] / (2 * variances)
            log_posterior = logsumexp(log_terms, axis=1)
            posterior = np.exp(log_posterior - logsumexp(log_posterior, axis=1, keepdims=True))
            scores[start : start + 2048] = posterior @ steps
        # Rows that are all surely of the last step are told apart by how far they are.
        return scores + 1e-6 * distances.mean(1)
