"""What the browser needs to say, while a code moves, how likely it is and which real item is nearest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer.latent.realism import Closeness, Verdict
from explorer.latent.sampling import GaussianMixtureSampler
from explorer.ui.live.map_parts import SpriteSheet

HINTS = {
    Verdict.INSIDE: "This code is as near to a real one as nine in ten real ones are to one another.",
    Verdict.EDGE: "Only one in ten real codes lies this far from its nearest neighbour.",
    Verdict.MADE_UP: "Fewer than one in a hundred real codes lie this far from their nearest neighbour.",
}


@dataclass(frozen=True, eq=False)
class Likeness:
    """Items to compare a code with.

    Args:
        codes: (n, latent_dim) of the items.
        names: (n,) what each item is.
        closeness: fitted on the codes; None where they are not those of real items, so that nothing is said of them.
        mixture: a density fitted to the codes; None where they are too few.
        item_word: what one item is called ("image", "row").
        code_words: what the codes are called ("real codes").
        source: what the items are, with their number ("test, n = 1,000").
        sprites: thumbnails of the items, for models of images.
        rows: (n, columns) the items themselves, for models of table rows: marked on the decoded columns.
    """

    codes: np.ndarray
    names: Sequence[str]
    closeness: Closeness | None
    mixture: GaussianMixtureSampler | None
    item_word: str
    source: str
    code_words: str = "real codes"
    sprites: SpriteSheet | None = None
    rows: np.ndarray | None = None

    def parcel(self) -> tuple[dict[str, Any], dict[str, bytes]]:
        """JSON values and named bytes for ``likeness.js``."""
        header: dict[str, Any] = {
            "names": list(self.names),
            "verdicts": [],
            "item_word": self.item_word,
            "code_words": self.code_words,
            "source": self.source,
            "sprites": None,
            "mixture": None,
        }
        sections = {"real_codes": _floats(self.codes)}
        if self.closeness is not None:
            limits = (self.closeness.edge_, self.closeness.far_, None)
            header["verdicts"] = [
                {"name": verdict.name.lower(), "words": str(verdict), "hint": HINTS[verdict], "limit": limit}
                for verdict, limit in zip(Verdict, limits, strict=True)
            ]
            sections["real_distances"] = _floats(self.closeness.distances_)
        if self.sprites is not None:
            header["sprites"] = {name: getattr(self.sprites, name) for name in ("columns", "width", "height")}
            sections["real_sprites"] = self.sprites.png
        if self.rows is not None:
            sections["real_rows"] = _floats(self.rows)
        if self.mixture is not None:
            header["mixture"], more = _mixture(self.mixture)
            sections |= more
        return header, sections


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
