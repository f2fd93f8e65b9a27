"""The items that a visitor has picked out: the selection itself and two groups kept aside, A and B.

Kept for the whole session and written into the link, so that another page, a reload or another browser has them too. A
selection belongs to its dataset: on other data it is empty, and there again on the way back.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from dataclasses import dataclass

import numpy as np
import streamlit as st
from jaxtyping import Int

from explorer.ui.shell.vector_items import MapContext
from explorer.ui.widgets.history import went_back

SELECTION = ""
"""The name of what is selected now; a group is kept aside under one of ``GROUPS``."""
GROUPS = ("A", "B")
PARAMETERS = {SELECTION: "selected", "A": "group_a", "B": "group_b"}
"""Where each stands in the link."""
MAX_TEXT = 3000
"""A longer text stays out of the link: browsers and servers cut off very long ones."""
_MAX_BYTES = 1 << 20
"""A text from a link is not unpacked beyond this."""


@dataclass(frozen=True, eq=False)
class SelectedRows:
    """Rows of one dataset.

    Args:
        rows: (n,) int64 row numbers, sorted, each once.
        fingerprint: of the dataset.
    """

    rows: Int[np.ndarray, " n"]
    fingerprint: str


def current(context: MapContext, name: str = SELECTION) -> Int[np.ndarray, " n"]:
    """(n,) rows of the current dataset that are selected, or kept under a group's name; sorted, often empty."""
    kept = _kept(name, context.dataset.fingerprint)
    if kept is None or kept.fingerprint != context.dataset.fingerprint:
        return np.empty(0, np.int64)
    return kept.rows[kept.rows < len(context.dataset)]


def positions(context: MapContext, name: str = SELECTION) -> Int[np.ndarray, " n"]:
    """Positions among the shown rows of those that are selected."""
    return np.flatnonzero(np.isin(context.rows, current(context, name)))


def groups(context: MapContext) -> dict[str, np.ndarray]:
    """The rows kept under each group's name; only groups that hold some of the current dataset."""
    return {name: rows for name in GROUPS if len(rows := current(context, name))}


def set(context: MapContext, rows: Int[np.ndarray, " n"], name: str = SELECTION) -> None:
    """Select these rows of the current dataset, or keep them under a group's name; none clears it."""
    st.session_state[f"kept_{PARAMETERS[name]}"] = SelectedRows(
        np.unique(np.asarray(rows, np.int64)), context.dataset.fingerprint
    )
    write_link(context)


def write_link(context: MapContext) -> bool:
    """Write what is selected into the link; to be called by each page that shows a selection.

    Returns:
        False where something is too long for a link.
    """
    fits = True
    for name, parameter in PARAMETERS.items():
        text = link_text(current(context, name), context.dataset.fingerprint)
        if text and len(text) <= MAX_TEXT:
            if st.query_params.get(parameter) != text:
                st.query_params[parameter] = text
        else:
            fits = fits and not text
            if parameter in st.query_params:
                del st.query_params[parameter]
    return fits


def query(context: MapContext) -> dict[str, str]:
    """What to hand to another page's link, for ``st.switch_page``."""
    texts = {PARAMETERS[n]: link_text(current(context, n), context.dataset.fingerprint) for n in PARAMETERS}
    return {parameter: text for parameter, text in texts.items() if text and len(text) <= MAX_TEXT}


# --- The text in a link ---------------------------------------------------------------------------------------------


def link_text(rows: Int[np.ndarray, " n"], fingerprint: str) -> str:
    """Rows as a short text: their gaps, compressed, after the first letters of the dataset's fingerprint.

    Args:
        rows: (n,) sorted, each once.
        fingerprint: of the dataset, so that the text is not read against another.

    Returns:
        Letters that need no quoting in a link; empty for no rows.
    """
    if not len(rows):
        return ""
    gaps = np.diff(rows, prepend=0).astype("<u4")
    # The four bytes of a gap are kept in four blocks: the high ones are all zero and cost next to nothing.
    blocks = gaps.view(np.uint8).reshape(-1, 4).T.tobytes()
    packed = base64.urlsafe_b64encode(zlib.compress(blocks, 9)).decode().rstrip("=")
    return f"{fingerprint[:8]}.{packed}"


def rows_of(text: str, fingerprint: str) -> Int[np.ndarray, " n"] | None:
    """The rows of a text from a link; None where it belongs to other data or is damaged."""
    prefix, _, packed = text.partition(".")
    if prefix != fingerprint[:8] or not packed:
        return None
    try:
        unpacker = zlib.decompressobj()
        raw = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        blocks = unpacker.decompress(raw, _MAX_BYTES)
    except (binascii.Error, zlib.error, ValueError):
        return None
    if len(blocks) % 4 or not unpacker.eof:
        return None
    gaps = np.frombuffer(blocks, np.uint8).reshape(4, -1).T.copy().view("<u4").ravel()
    rows = np.cumsum(gaps, dtype=np.int64)
    return rows if (gaps[1:] > 0).all() else None


def _kept(name: str, fingerprint: str) -> SelectedRows | None:
    """What this session holds under a name; as long as it holds nothing, what the link says of this dataset."""
    key = f"kept_{PARAMETERS[name]}"
    if key not in st.session_state or went_back():
        text = st.query_params.get(PARAMETERS[name], "")
        rows = rows_of(text, fingerprint) if len(text) <= MAX_TEXT else None
        if rows is not None:
            st.session_state[key] = SelectedRows(rows, fingerprint)
        elif went_back() and PARAMETERS[name] not in st.query_params:
            st.session_state.pop(key, None)
    kept: SelectedRows | None = st.session_state.get(key)
    return kept
