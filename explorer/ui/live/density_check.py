"""What the browser needs to say, while a code moves, whether it is typical of real ones and which is nearest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer.latent.density_check import DensityCheck, Reason, Verdict
from explorer.latent.sampling import GaussianMixtureSampler
from explorer.ui.live.map_parts import SpriteSheet

HINTS = {
    Verdict.INSIDE: "19 in 20 real codes get this verdict.",
    Verdict.EDGE: "1 in 20 real codes gets this verdict or the next.",
    Verdict.MADE_UP: "1 in 100 real codes gets this verdict.",
}


@dataclass(frozen=True, eq=False)
class AtRest:
    """What encoding again makes of the code that the sliders were released at, where the browser cannot encode.

    Args:
        code: (latent_dim,).
        again: (latent_dim,) the code of what it decodes to.
    """

    code: Sequence[float]
    again: Sequence[float]


@dataclass(frozen=True, eq=False)
class DensityPanel:
    """Items to compare a code with.

    Args:
        codes: (n, latent_dim) of the items.
        names: (n,) what each item is.
        check: fitted on the codes; None where they are not those of real items, so that nothing is said of them.
        mixture: a density fitted to the codes; None where they are too few.
        item_word: what one item is called ("image", "row").
        code_words: what the codes are called ("real codes").
        source: what the items are, with their number ("test, n = 1,000").
        sprites: thumbnails of the items, for models of images.
        rows: (n, columns) the items themselves, for models of table rows: marked on the decoded columns.
        encoder: from ``pack_encoder``, so that the browser encodes what it decodes again; None where it cannot.
        at_rest: what the server makes of the code as it was released, in place of an encoder.
    """

    codes: np.ndarray
    names: Sequence[str]
    check: DensityCheck | None
    mixture: GaussianMixtureSampler | None
    item_word: str
    source: str
    code_words: str = "real codes"
    sprites: SpriteSheet | None = None
    rows: np.ndarray | None = None
    encoder: bytes | None = None
    at_rest: AtRest | None = None

    def parcel(self) -> tuple[dict[str, Any], dict[str, bytes]]:
        """JSON values and named bytes for the browser's part (``readDensityPanel``)."""
        header: dict[str, Any] = {
            "names": list(self.names),
            "check": None,
            "item_word": self.item_word,
            "code_words": self.code_words,
            "source": self.source,
            "sprites": None,
            "mixture": None,
        }
        sections = {"real_codes": _floats(self.codes)}
        if self.check is not None:
            header["check"] = _check(self.check, self.at_rest)
            sections["check_means"] = _floats(self.check.mean_)
            sections["check_stds"] = _floats(self.check.std_)
            if self.encoder is not None:
                sections["encoder"] = self.encoder
        if self.sprites is not None:
            header["sprites"] = {name: getattr(self.sprites, name) for name in ("columns", "width", "height")}
            sections["real_sprites"] = self.sprites.png
        if self.rows is not None:
            sections["real_rows"] = _floats(self.rows)
        if self.mixture is not None:
            header["mixture"], more = _mixture(self.mixture)
            sections |= more
        return header, sections


def _check(check: DensityCheck, at_rest: AtRest | None) -> dict[str, Any]:
    limits = (check.edge_, check.far_, None)
    return {
        "verdicts": [
            {"name": verdict.name.lower(), "words": str(verdict), "hint": HINTS[verdict], "limit": limit}
            for verdict, limit in zip(Verdict, limits, strict=True)
        ],
        "reasons": {reason.name.lower(): str(reason) for reason in Reason},
        "centre": check.centre_,
        # JSON has no infinity: a figure that is not asked for has no scale.
        "scales": [float(scale) if np.isfinite(scale) else None for scale in check.scales_],
        "usual": float(np.median(check.distances_)),
        "inactive": np.flatnonzero(~check.active_).tolist(),
        "at_rest": None if at_rest is None else {"code": list(at_rest.code), "again": list(at_rest.again)},
    }


def _mixture(fitted: GaussianMixtureSampler) -> tuple[dict[str, Any], dict[str, bytes]]:
    """A Gaussian mixture such that log p(z) = logsumexp over k of constant_k - |(z - mean_k) factor_k|^2 / 2."""
    mixture = fitted.mixture_
    factors = mixture.precisions_cholesky_  # (k, D, D), upper triangles; or (k, D) of diagonal covariances
    full = factors.ndim == 3
    diagonals = np.diagonal(factors, axis1=1, axis2=2) if full else factors
    dimensions = mixture.means_.shape[1]
    constants = np.log(mixture.weights_) + np.log(diagonals).sum(1) - 0.5 * dimensions * np.log(2 * np.pi)
    # Transposed, so that the browser reads each column of a factor in one go.
    stored = factors.transpose(0, 2, 1) if full else factors
    return {"full": full}, {
        "mixture_constants": constants.astype("<f8").tobytes(),
        "mixture_means": _floats(mixture.means_),
        "mixture_factors": _floats(stored),
        "mixture_densities": _floats(fitted.log_densities_),
    }


def _floats(values: np.ndarray) -> bytes:
    return np.ascontiguousarray(values, "<f4").tobytes()
