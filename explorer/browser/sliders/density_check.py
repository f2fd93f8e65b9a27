"""What the browser needs to say, while a code moves, whether it is typical of real ones and which is nearest."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Num

from explorer.browser.parts import SpriteSheet
from explorer.browser.schema import File, Float32, Float64, Numbers, Part
from explorer.latent.density_check import DensityCheck, Reason, Verdict
from explorer.latent.sampling import GaussianMixtureSampler

HINTS = {
    Verdict.INSIDE: "19 in 20 real codes get this verdict.",
    Verdict.EDGE: "1 in 20 real codes gets this verdict or the next.",
    Verdict.MADE_UP: "1 in 100 real codes gets this verdict.",
}


class VerdictLimit(Part):
    """A verdict on codes whose largest figure is at most a limit.

    Args:
        name: of its style.
        words: the verdict.
        hint: what it means, shown on hover.
        limit: None for any.
    """

    name: str
    words: str
    hint: str
    limit: float | None


class AtRest(Part):
    """What encoding again makes of the code that the sliders were released at, where the browser cannot encode.

    Args:
        code: (latent_dim,).
        again: (latent_dim,) the code of what it decodes to.
    """

    code: Numbers
    again: Numbers


class Typicality(Part):
    """What is usual among real codes; see ``explorer.latent.density_check``.

    Args:
        verdicts: with rising limits.
        reasons: by name, in words.
        centre: the usual norm of a standardised code.
        scales: of the three figures; None for one that is not asked for.
        usual: distance between real codes.
        inactive: dimensions that do not count.
        means, stds: (latent_dim,) of real codes.
        encoder: from ``pack_encoder``, so that the browser encodes again what it decodes; None where it cannot.
        at_rest: what the server makes of the code as it was released, in place of an encoder.
    """

    verdicts: tuple[VerdictLimit, ...]
    reasons: dict[str, str]
    centre: float
    scales: tuple[float | None, float | None, float | None]
    usual: float
    inactive: tuple[int, ...]
    means: Float32
    stds: Float32
    encoder: File | None
    at_rest: AtRest | None


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


class DensityPanel(Part):
    """Items to compare a code with.

    Args:
        codes: (n, latent_dim) of the items.
        names: (n,) what each item is.
        check: None where the codes are not those of real items, so that nothing is said of them.
        mixture: a density fitted to the codes; None where nothing is said of it.
        item_word: what one item is called ("image", "row").
        code_words: what the codes are called ("real codes").
        source: what the items are, with their number ("test, n = 1,000").
        sprites: thumbnails of the items, for models of images.
        rows: (n, columns) the items themselves, for models of table rows: marked on the decoded columns.
    """

    codes: Float32
    names: tuple[str, ...]
    check: Typicality | None
    mixture: Mixture | None
    item_word: str
    source: str
    code_words: str = "real codes"
    sprites: SpriteSheet | None = None
    rows: Float32 | None = None


def density_panel(
    codes: Num[np.ndarray, "n d"],
    names: Sequence[str],
    check: DensityCheck | None,
    mixture: GaussianMixtureSampler | None,
    *,
    item_word: str,
    source: str,
    code_words: str = "real codes",
    sprites: SpriteSheet | None = None,
    rows: Num[np.ndarray, "n columns"] | None = None,
    encoder: bytes | None = None,
    at_rest: AtRest | None = None,
) -> DensityPanel:
    """Items to compare a code with.

    Args:
        check: fitted on the codes; None where they are not those of real items.
        mixture: fitted on the codes; None where nothing is to be said of it.
        encoder, at_rest: see ``Typicality``.
        codes, names, item_word, source, code_words, sprites, rows: see ``DensityPanel``.
    """
    return DensityPanel(
        codes=codes,
        names=names,
        check=check and _typicality(check, encoder, at_rest),
        mixture=mixture and _mixture(mixture),
        item_word=item_word,
        source=source,
        code_words=code_words,
        sprites=sprites,
        rows=rows,
    )


def _typicality(check: DensityCheck, encoder: bytes | None, at_rest: AtRest | None) -> Typicality:
    limits = (check.edge_, check.far_, None)
    return Typicality(
        verdicts=[
            VerdictLimit(name=verdict.name.lower(), words=str(verdict), hint=HINTS[verdict], limit=limit)
            for verdict, limit in zip(Verdict, limits, strict=True)
        ],
        reasons={reason.name.lower(): str(reason) for reason in Reason},
        centre=check.centre_,
        # JSON has no infinity: a figure that is not asked for has no scale.
        scales=[float(scale) if np.isfinite(scale) else None for scale in check.scales_],
        usual=float(np.median(check.distances_)),
        inactive=np.flatnonzero(~check.active_).tolist(),
        means=check.mean_,
        stds=check.std_,
        encoder=encoder,
        at_rest=at_rest,
    )


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
