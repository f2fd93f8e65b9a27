"""One source, three homes: what joins components to Streamlit, to a notebook and to a page of their own is short."""

from __future__ import annotations

import pytest

from tests.conftest import ROOT

MOST_LINES = 60


@pytest.mark.parametrize(
    "adapter",
    [
        "ui/widgets/component.py",
        "notebook/view.py",
        "browser/notebook/widget.js",
        "browser/exported_page/page.js",
    ],
)
def test_an_adapter_is_short(adapter: str) -> None:
    assert len((ROOT / "explorer" / adapter).read_text(encoding="utf-8").splitlines()) <= MOST_LINES
