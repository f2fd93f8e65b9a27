"""Tables of results: shown, and downloaded with all their digits."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from explorer.export import kinds
from explorer.ui.widgets.download import download
from explorer.ui.widgets.text import three_digits


def csv_bytes(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Rows as CSV in UTF-8, the columns in the order of the first row; numbers with all their digits."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def number_columns(rows: Sequence[Mapping[str, Any]], form: str = "%.3g") -> dict[str, Any]:
    """How columns of numbers are shown, of rows that may also hold text; as ``st.dataframe`` takes it."""
    number = st.column_config.NumberColumn(format=form)
    return {name: number for name, value in (rows[0] if rows else {}).items() if not isinstance(value, str)}


def of_one_kind(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows whose columns hold numbers or text, not both: numbers beside text become text of three digits."""
    text = {name for row in rows for name, value in row.items() if isinstance(value, str)}
    return [
        {
            name: three_digits(value) if name in text and not isinstance(value, str) else value
            for name, value in row.items()
        }
        for row in rows
    ]


def csv_button(label: str, rows: Sequence[Mapping[str, Any]], file_name: str, key: str) -> None:
    """Offer rows as a CSV file; nothing to press where there are none."""
    download(label, csv_bytes(rows), file_name, kinds.MEASURED, key=key, disabled=not rows)
