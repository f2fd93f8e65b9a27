"""The scripts that ship: one for each component, small and whole; `make check` builds them again and compares."""

from __future__ import annotations

import pytest

from explorer.browser import assets
from explorer.browser.scenes import SCENES
from tests.conftest import ROOT

SOURCES = ROOT / "explorer" / "browser"
LARGEST_TOTAL = 200_000
"""Bytes of all scripts but those of Learn."""
LARGEST_LEARN = 150_000
"""Bytes of all scenes and of the drawing of the current model together, with what they share."""
LARGEST_BUTTON = 10_000


def size(files: set[str]) -> int:
    return sum((assets.FOLDER / file).stat().st_size for file in files)


def test_every_component_has_a_script() -> None:
    sources = [*SOURCES.glob("*/index.js"), *SOURCES.glob("scenes/*/index.js")]
    assert assets.components() == sorted(path.parent.name for path in sources)


def test_all_scripts_together_are_small_and_each_is_of_use() -> None:
    files = {path.name for path in assets.FOLDER.iterdir()}
    scenes = {scene.name for scene in SCENES} | {"inside"}
    others = set().union(*(assets.brings(assets.script(name)) for name in assets.components() if name not in scenes))
    learn = set().union(*(assets.brings(assets.script(name)) for name in scenes))
    assert size(others) <= LARGEST_TOTAL
    assert size(learn) <= LARGEST_LEARN
    assert others | learn == files


def test_a_button_brings_no_decoder() -> None:
    assert size(assets.brings(assets.script("paste"))) <= LARGEST_BUTTON


def test_a_script_that_was_built_twice_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(assets, "FOLDER", tmp_path)
    with pytest.raises(FileNotFoundError, match="0 built scripts of paste"):
        assets.script("paste")
