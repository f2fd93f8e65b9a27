"""The contract over pages: each shows something for every checkpoint that is shipped, and survives a broken one."""

from __future__ import annotations

import pathlib
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from explorer import checkpoints
from explorer.ui.shell.frame import PAGES
from tests.conftest import ROOT

OpenPage = Callable[..., AppTest]
SHIPPED = sorted(path.stem for path in (ROOT / "checkpoints").glob("*.safetensors"))


def own_folder() -> pathlib.Path:
    """Where checkpoints of the tests go; the shipped ones are found beside it."""
    return checkpoints.folders()[0]


def test_every_page_has_its_file_and_its_place_in_the_navigation() -> None:
    assert {path.stem for path in (ROOT / "pages").glob("*.py")} == set(PAGES)


@pytest.mark.parametrize("model", SHIPPED)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_every_shipped_checkpoint(open_page: OpenPage, page: str, model: str) -> None:
    app = open_page(page, model=model)
    assert not app.exception
    assert not app.error
    assert app.title
    assert app.selectbox(key="model").value == model
    assert app.caption


@pytest.mark.parametrize("page", PAGES)
def test_a_link_to_a_checkpoint_that_is_gone_shows_another_and_says_so(open_page: OpenPage, page: str) -> None:
    app = open_page(page, model="no-such-model")
    assert not app.exception
    assert any("no-such-model" in warning.value for warning in app.warning)


@pytest.mark.parametrize("page", PAGES)
def test_a_broken_checkpoint_is_one_line_of_error(open_page: OpenPage, page: str) -> None:
    broken = own_folder() / "broken.safetensors"
    broken.write_bytes(b"PK\x03\x04 not a checkpoint at all")
    try:
        app = open_page(page, model="broken")
    finally:
        broken.unlink()
    assert not app.exception
    assert [error for error in app.error if "pickle" in error.value]
