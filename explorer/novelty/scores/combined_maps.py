"""Defects at the size they have, by several maps: those that normal images speak for are joined, place by place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

import numpy as np
from jaxtyping import Float, Num

from explorer.core.errors import ExplorerError
from explorer.data.base import Progress
from explorer.novelty.scores.image_score import ImageScore
from explorer.novelty.scores.masked_patches import MaskedPatches
from explorer.novelty.scores.registered_template import RegisteredTemplate
from explorer.novelty.scores.scorer import CrossCalibrated

MEMBERS = (MaskedPatches, RegisteredTemplate)
SHARES = (0.9, 0.1)
"""Of the progress."""
MARGIN = 0.0
"""The template may find values of normal images so much less likely, in nats."""


class CombinedMaps(ImageScore, CrossCalibrated):
    """The highest place of masked patches' map and, where parts can be registered, of that of the registered template.

    Each map is taken in the spread of its highest values over normal images that it had not seen, and of the maps the
    highest counts at each place. The template joins where it finds values of normal images that it has not seen at
    least as likely as the masked autoencoder does: parts that look alike, not textures.

    Args:
        seed: of masked patches.

    Attributes:
        crossed_: (n,) scores of the normal items, each by what had not seen it.
        joined_: (2,) which of the two are joined.
        surprise_: (2,) the negative logarithm of the likelihood of a value of normal images by each.
    """

    title = "Combined maps"
    summary = "Where pixels do not follow from those around them or, of parts that all look alike, from other parts."
    unit = "standard deviations"
    is_positive = False

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        self._members: dict[int, MaskedPatches | RegisteredTemplate] = {}

    def fit(self, normal: Num[np.ndarray, "n *event"], progress: Progress | None = None) -> Self:
        self._settle_shape(normal)
        if len(normal) < 2:
            raise ExplorerError(f"{len(normal)} normal image cannot be compared with others.", "Give 20 or more.")
        patches = MaskedPatches(self.seed).fit(normal, _part(progress, 0.0, SHARES[0]))
        template = RegisteredTemplate().fit(normal, _part(progress, *SHARES))
        self.surprise_ = np.array([float(patches.surprise_[0]), float(template.surprise_)])
        self.joined_ = np.array([True, bool(self.surprise_[1] <= self.surprise_[0] + MARGIN)])
        members: list[MaskedPatches | RegisteredTemplate] = [patches, template]
        self._members = {i: members[i] for i in np.flatnonzero(self.joined_).tolist()}
        peaks = np.stack([members[i].crossed_ for i in self._members])
        self.peak_mean_, self.peak_std_ = peaks.mean(1), np.maximum(peaks.std(1, ddof=1), 1e-3)
        self.crossed_ = _crossed(peaks)
        return self

    @property
    def remarks(self) -> tuple[str, ...]:
        if bool(self.joined_[1]):
            return (
                "Parts are registered: their shift, turn and light are found, and each is compared with the others as "
                "well as with its own surroundings, since that foretells normal parts better.",
            )
        return (
            "Parts are not registered: what is around a place foretells normal images better than the same place of "
            "other images does.",
        )

    def score(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, " n"]:
        return self.maps(x).max((1, 2)).astype(np.float64) if len(x) else np.empty(0)

    def maps(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n h w"]:
        """(N, H, W) how unusual each place is; its highest value is the score."""
        joined = np.full((len(x), *self._checked(x).shape[2:]), -np.inf, np.float32)
        for member, mean, std in zip(self._members.values(), self.peak_mean_, self.peak_std_, strict=True):
            np.maximum(joined, (member.maps(x) - np.float32(mean)) / np.float32(std), out=joined)
        return joined

    def contributions(self, x: Num[np.ndarray, "n *event"]) -> Float[np.ndarray, "n *event"]:
        maps = np.maximum(self.maps(x), 0)[:, None]
        return np.broadcast_to(maps, x.shape).astype(np.float32)

    # --- file ---

    def learnt(self) -> dict[str, np.ndarray]:
        of_members = {f"{i}.{k}": v for i, member in self._members.items() for k, v in member.learnt().items()}
        return super().learnt() | of_members

    def restore(self, learnt: dict[str, np.ndarray]) -> Self:
        super().restore({name: values for name, values in learnt.items() if "." not in name})
        self._members = {}
        for i in np.flatnonzero(self.joined_).tolist():
            own = {k.removeprefix(f"{i}."): v for k, v in learnt.items() if k.startswith(f"{i}.")}
            self._members[i] = MEMBERS[i]().restore(own)
        return self


def _crossed(peaks: Float[np.ndarray, "members n"]) -> Float[np.ndarray, " n"]:
    """(n,) scores of the normal images, each as if it had not been among those that spreads are taken of."""
    n = peaks.shape[1]
    scores = np.empty(n)
    for row in range(n):
        rest = np.delete(peaks, row, 1)
        std = rest.std(1, ddof=1) if n > 2 else np.ones(len(rest))
        scores[row] = ((peaks[:, row] - rest.mean(1)) / np.maximum(std, 1e-3)).max()
    return scores


def _part(progress: Progress | None, start: float, share: float) -> Progress | None:
    """A share of the progress, from where it starts."""
    if progress is None:
        return None
    whole: Callable[[float, str], None] = progress
    return lambda done, words: whole(start + share * done, words)
