"""The shown items' codes, which the views of the Generate page compare a code with: how real it is, what is nearest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from jaxtyping import Num

from explorer.browser.pack import can_run_live
from explorer.browser.sliders.density_check import AtRest, DensityPanel, density_panel
from explorer.core.neighbours import nearest
from explorer.diagnosis import verdicts_withheld
from explorer.latent.density_check import DensityCheck, encode_again
from explorer.latent.sampling import GaussianMixtureSampler
from explorer.ui.map import map_view
from explorer.ui.map.quantities import MIN_DENSITY_ITEMS, density_of
from explorer.ui.shell import cache
from explorer.ui.shell.cache import cached_resource, key_of
from explorer.ui.shell.decoders import model_encoder
from explorer.ui.shell.session import Context
from explorer.ui.widgets.text import plain
from explorer.views import item_words, slider_contents

ITEMS = 1000
"""Real items that codes are compared with: enough for a density, few enough to fit it in a second or two."""
SERVED_ITEMS = 200
"""Of these, those that are decoded and encoded again where the decoder is too large for the browser."""
NEIGHBOURS = 5


@dataclass(frozen=True, eq=False)
class RealCodes:
    """The codes of the shown items.

    Args:
        context: whose items they are.
    """

    context: Context

    @property
    def is_ready(self) -> bool:
        """Whether what a code is compared with has been measured on this server, so that nobody waits for it."""
        return key_of(self.context) in _measured()

    def measure(self) -> None:
        """Fit the density, and see what is usual of the shown codes; takes seconds the first time."""
        code_density(self.context)
        if self.context.is_real and len(self.context.rows) >= MIN_DENSITY_ITEMS:
            density_check(self.context)
        _measured().add(key_of(self.context))

    def panel(self, code: Num[np.ndarray, " d"]) -> DensityPanel | None:
        """What the browser compares a code with; None where there are too few items.

        Args:
            code: (latent_dim,) where the sliders stand: a browser that cannot encode is told what the server makes of
                it.
        """
        context = self.context
        if len(context.rows) < MIN_DENSITY_ITEMS:
            st.caption(f"{context.split} is too few to compare a code with.")
            return None
        encoder = model_encoder(context.checkpoint)
        reason = verdicts_withheld(context.card)
        is_checked = context.is_real and reason is None
        if context.is_real and reason is not None:
            st.caption(f"Whether a code is like real ones is not said. {plain(reason)}")
        at_rest = None
        if is_checked and encoder is None:
            at_rest = AtRest(code=code, again=encode_again(context.checkpoint, code[None])[0])
        return density_panel(
            context.codes(),
            item_words.titles_with_labels(context),
            density_check(context) if is_checked else None,
            code_density(context) if reason is None else None,
            item_word=item_words.item_word(context),
            code_words=f"{item_words.item_kind(context)} codes",
            source=context.split,
            sprites=map_view.sprites(context) if context.is_image and context.is_real else None,
            rows=None if context.is_image or not context.is_real else np.asarray(context.x()),
            encoder=encoder,
            at_rest=at_rest,
        )

    def show_nearest(self, code: Num[np.ndarray, " d"]) -> None:
        """The real items with the nearest codes to one (latent_dim,); nothing where the items are decoded samples."""
        if self.context.is_real:
            (positions,), (distances,) = nearest(self.context.codes(), code[None], NEIGHBOURS)
            map_view.show_neighbours(self.context, positions, distances, size=84)


@cached_resource()
def _measured() -> set[str]:
    """Keys of the contexts whose codes have been measured."""
    return set()


def code_density(context: Context) -> GaussianMixtureSampler | None:
    """A density fitted to the shown codes, once; None where they are too few."""
    return None if len(context.rows) < MIN_DENSITY_ITEMS else density_of(context)


@cached_resource(max_entries=8, spinner="Encoding again what real codes decode to")
def density_check(context: Context) -> DensityCheck:
    """What is usual among the shown codes, measured once; of decoded samples encoding them again is not asked."""
    codes = context.codes()
    again = None
    if context.is_real:
        limit = len(codes) if can_run_live(context.checkpoint.model) is None else SERVED_ITEMS
        rows = cache.shown_rows(np.arange(len(codes)), limit)
        again = np.full(codes.shape, np.nan)
        again[rows] = encode_again(context.checkpoint, codes[rows])
    return DensityCheck(slider_contents.counted_dimensions(context)).fit(codes, again)
