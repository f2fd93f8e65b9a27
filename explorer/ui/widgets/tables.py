"""Tables of results: shown, and downloaded with all their digits."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st


def csv_bytes(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Rows as CSV in UTF-8, the columns in the order of the first row; numbers with all their digits."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def csv_button(label: str, rows: Sequence[Mapping[str, Any]], file_name: str, key: str) -> None:
    """Offer rows as a CSV file; nothing to press where there are none."""
    st.download_button(
        label,
        csv_bytes(rows),
        file_name,
        "text/csv",
        key=key,
        icon=":material/download:",
        disabled=not rows,
        on_click="ignore",
    )
