"""The Python that gives Home's first picture and the pictures of its tiles again."""

from __future__ import annotations

import streamlit as st

from explorer import export
from explorer.checkpoints import Checkpoint
from explorer.export.python_additions import with_own_picture
from explorer.export.tiles_python import (
    DenoisedCode,
    KindCode,
    photo_tile_code,
    with_decoded_tiles,
    with_kinds,
    with_tiles,
)
from explorer.ui.home import home_page, photo_home
from explorer.ui.shell import copied, user_image
from explorer.ui.shell.session import Context


def python(context: Context | None, photo_model: Checkpoint | None = None) -> None:
    """It, on the page.

    Args:
        context: of the tiles, and of the map where that comes first; None: there are none of them.
        photo_model: whose photo comes first.
    """
    pieces = [] if context is None else [python_of(context)]
    if photo_model is not None:
        pieces.insert(0, python_of_photo(photo_model))
    if not pieces:
        return
    with st.expander("Copy as Python"):
        st.caption("What stands first, what the tiles show, and the five autoencoders, in the name five.")
        for piece in pieces:
            st.code(piece, language="python")


def python_of_photo(model: Checkpoint) -> str:
    """The photo with the noise that is chosen, and without."""
    name = photo_home.PHOTOS[model.event_shape[0]]
    level = st.session_state.get(photo_home.LEVEL, photo_home.USUAL)
    return photo_tile_code(copied.model_name(model.card), name, photo_home.HEIGHT, photo_home.WIDTH, level)


def python_of(context: Context) -> str:
    """The codes of the items on the map and their places, what each tile shows, and the five autoencoders."""
    own = user_image.current(context)
    name = copied.model_name(context.card)
    kind = "" if context.checkpoint.latent_dim == 2 else "pca"
    steps, few = home_page.path_steps(context), home_page.TILE_ITEMS
    if not context.is_real:
        total = 0 if context.drawn is None else len(context.drawn)
        code = export.decoded_code(name, kind, items=home_page.MAP_ITEMS if total > home_page.MAP_ITEMS else None)
        code = code if own is None else with_own_picture(code, own.x[0])
        return with_kinds(with_decoded_tiles(code, few, steps, _denoised(context)), _kinds())
    split, whole = context.split.split(", n")[0], len(context.rows)
    items = home_page.MAP_ITEMS if whole > home_page.MAP_ITEMS else None
    code = export.latent_space_code(name, copied.data_of(context), split, kind, items=items)
    code = code if own is None else with_own_picture(code, own.x[0])
    others = [copied.model_name(one.card) for one in home_page.others_like(context)]
    return with_kinds(with_tiles(code, name, split, few, steps, others, _denoised(context)), _kinds())


def _kinds() -> list[KindCode]:
    """The five autoencoders, as far as there is a checkpoint of each."""
    shown = {kind: home_page.of_kind(kind) for kind in home_page.STORY}
    return [_kind(kind, chosen) for kind, chosen in shown.items() if chosen is not None]


def _kind(kind: str, chosen: Context) -> KindCode:
    noise = chosen.card.recipe.corruption
    return KindCode(
        kind,
        copied.model_name(chosen.card),
        copied.data_of(chosen),
        chosen.split.split(", n")[0],
        home_page.TILE_ITEMS,
        None if noise is None else noise.model_dump(),
        home_page.SAMPLED if kind == "variational" else 0,
        home_page.SAMPLE_SEED,
    )


def _denoised(context: Context) -> DenoisedCode | None:
    chosen = home_page.to_denoise(context)
    if chosen is None:
        return None
    name, data = copied.model_name(chosen.card), copied.data_of(chosen)
    noise = home_page.tile_noise(chosen).model_dump()
    return DenoisedCode(name, data, chosen.split.split(", n")[0], home_page.TILE_ITEMS, noise)
