"""The Python that gives Home's map and the pictures of its tiles again."""

from __future__ import annotations

import streamlit as st

from explorer import export
from explorer.export.tiles_python import DenoisedCode, with_tiles
from explorer.ui.home import home_page
from explorer.ui.shell import copied
from explorer.ui.shell.session import Context


def python(context: Context) -> None:
    """It, on the page."""
    with st.expander("Copy as Python"):
        st.caption("The map, and what the tiles show; the five autoencoders below are shown by other models' pages.")
        st.code(python_of(context), language="python")


def python_of(context: Context) -> str:
    """The codes of the items on the map and their places, and what each tile shows."""
    name, data = copied.model_name(context.card), copied.data_of(context)
    split, whole = context.split.split(", n")[0], len(context.rows)
    kind = "" if context.checkpoint.latent_dim == 2 else "pca"
    items = home_page.MAP_ITEMS if whole > home_page.MAP_ITEMS else None
    code = export.latent_space_code(name, data, split, kind, items=items)
    others = [copied.model_name(one.card) for one in home_page.others_like(context)]
    steps = home_page.path_steps(context)
    return with_tiles(code, split, home_page.TILE_ITEMS, steps, others, _denoised(context))


def _denoised(context: Context) -> DenoisedCode | None:
    chosen = home_page.to_denoise(context)
    if chosen is None:
        return None
    name, data = copied.model_name(chosen.card), copied.data_of(chosen)
    noise = home_page.tile_noise(chosen).model_dump()
    return DenoisedCode(name, data, chosen.split.split(", n")[0], home_page.TILE_ITEMS, noise)
