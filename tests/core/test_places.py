"""Where the program's files lie and the user's go, in a clone; browser/test_installed.py has the installed wheel."""

from __future__ import annotations

from pathlib import Path

import pytest

from explorer import checkpoints, runs
from explorer.core import places
from tests.conftest import ROOT


@pytest.mark.parametrize(
    "name", ["explorer_app.py", "streamlit_app.py", ".streamlit/config.toml", "pages", "checkpoints", "recipes"]
)
def test_a_clone_uses_the_files_at_its_top(name: str) -> None:
    assert places.shipped(name) == ROOT / name
    assert places.shipped(name).exists()


def test_a_clone_keeps_everything_together(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("EXPLORER_CHECKPOINTS")
    monkeypatch.delenv("EXPLORER_RUNS")
    monkeypatch.chdir(tmp_path)
    assert checkpoints.folders() == [ROOT / "checkpoints"]
    assert runs.root() == ROOT / "runs"


def test_a_variable_names_another_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", "mine")
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "elsewhere"))
    assert checkpoints.folders() == [tmp_path / "mine", ROOT / "checkpoints"]
    assert runs.root() == tmp_path / "elsewhere"
