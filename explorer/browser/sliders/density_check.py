"""What the browser needs to say, while a code moves, how likely it is and which real item is nearest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from explorer.browser.parts import SpriteSheet
from explorer.browser.schema import Float32, Float64, Part
from explorer.latent.realism import Closeness, Verdict
from explorer.latent.sampling import GaussianMixtureSampler

HINTS = {
    Verdict.INSIDE: "This code is as near to a real one as nine in ten real ones are to one another.",
    Verdict.EDGE: "Only one in ten real codes lies this far from its nearest neighbour.",
    Verdict.MADE_UP: "Fewer than one in a hundred real codes lie this far from their nearest neighbour.",
}


class VerdictLimit(Part):
    """A verdict on codes up to a distance from the nearest real one.

    Args:
        name: of its style.
        words: the verdict.
        hint: what it means, shown on hover.
        limit: the distance; None for any.
    """

    name: str
    words: str
    hint: str
    limit: float | None


class Neighbourhood(Part):
    """How near real codes lie to one another.

    Args:
        distances: (n,) of each from its nearest neighbour, rising.
        verdicts: with rising limits.
    """

    distances: Float32
    verdicts: tuple[VerdictLimit, ...]


class Mixture(Part):
    """A Gaussian mixture: log p(z) = logsumexp over k of constant_k - |(z - mean_k) factor_k|^2 / 2.

    Args:
        constants: (k,).
        means: (k, D).
        factors: (k, D, D), each the transpose of the upper triangle of its precision's Cholesky factor, so that the
            browser reads each column in one go; or (k, D) of diagonal covariances.
        densities: (n,) log densities of the items' codes, rising, in nats.
    """

    constants: Float64
    means: Float32
    factors: Float32
    densities: Float32


class DensityCheck(Part):
    """Items to compare a code with.

    Args:
        codes: (n, latent_dim) of the items.
        names: (n,) what each item is.
        neighbourhood: None where the codes are not those of real items, so that nothing is said of them.
        mixture: a density fitted to the codes; None where they are too few.
        item_word: what one item is called ("image", "row").
        code_words: what the codes are called ("real codes").
        source: what the items are, with their number ("test, n = 1,000").
        sprites: thumbnails of the items, for models of images.
        rows: (n, columns) the items themselves, for models of table rows: marked on the decoded columns.
    """

    codes: Float32
    names: tuple[str, ...]
    neighbourhood: Neighbourhood | None
    mixture: Mixture | None
    item_word: str
    source: str
    code_words: str = "real codes"
    sprites: SpriteSheet | None = None
    rows: Float32 | None = None


def density_check(
    codes: np.ndarray,
    names: Sequence[str],
    closeness: Closeness | None,
    mixture: GaussianMixtureSampler | None,
    *,
    item_word: str,
    source: str,
    code_words: str = "real codes",
    sprites: SpriteSheet | None = None,
    rows: np.ndarray | None = None,
) -> DensityCheck:
    """Items to compare a code with.

    Args:
        closeness: fitted on the codes; None where they are not those of real items.
        mixture: fitted on the codes; None where they are too few.
        codes, names, item_word, source, code_words, sprites, rows: see ``DensityCheck``.
    """
    return DensityCheck(
        codes=codes,
        names=names,
        neighbourhood=closeness and _neighbourhood(closeness),
        mixture=mixture and _mixture(mixture),
        item_word=item_word,
        source=source,
        code_words=code_words,
        sprites=sprites,
        rows=rows,
    )


def _neighbourhood(closeness: Closeness) -> Neighbourhood:
    limits = (closeness.edge_, closeness.far_, None)
    verdicts = [
        VerdictLimit(name=verdict.name.lower(), words=str(verdict), hint=HINTS[verdict], limit=limit)
        for verdict, limit in zip(Verdict, limits, strict=True)
    ]
    return Neighbourhood(distances=closeness.distances_, verdicts=verdicts)


def _mixture(fitted: GaussianMixtureSampler) -> Mixture:
    mixture = fitted.mixture_
    factors = mixture.precisions_cholesky_  # (k, D, D), upper triangles; or (k, D) of diagonal covariances
    full = factors.ndim == 3
    diagonals = np.diagonal(factors, axis1=1, axis2=2) if full else factors
    dimensions = mixture.means_.shape[1]
    constants = np.log(mixture.weights_) + np.log(diagonals).sum(1) - 0.5 * dimensions * np.log(2 * np.pi)
    return Mixture(
        constants=constants,
        means=mixture.means_,
        factors=factors.transpose(0, 2, 1) if full else factors,
        densities=fitted.log_densities_,
    )
