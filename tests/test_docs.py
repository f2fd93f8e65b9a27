"""The documentation: every page has its place, links lead somewhere, snippets run, and the site asks for nothing."""

from __future__ import annotations

import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import explorer
from tests.conftest import ROOT

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
HOW_TO = sorted((DOCS / "how-to").glob("*.md"))


def in_nav(part: object) -> list[str]:
    """The files that a part of the navigation names."""
    if isinstance(part, str):
        return [part]
    parts = part.values() if isinstance(part, dict) else part
    return [file for each in parts for file in in_nav(each)]  # type: ignore[attr-defined]


def test_every_page_is_in_the_navigation() -> None:
    config = yaml.safe_load((ROOT / "mkdocs.yml").read_text())
    assert sorted(in_nav(config["nav"])) == sorted(page.relative_to(DOCS).as_posix() for page in PAGES)


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md"], ids=lambda page: page.stem)
def test_links_lead_to_files(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text(), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


@pytest.mark.slow
@pytest.mark.parametrize("page", HOW_TO, ids=lambda page: page.stem)
def test_snippets_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path / "checkpoints"))
    snippets = re.findall(r"```python\n(.*?)```", page.read_text(), re.DOTALL)
    assert snippets
    names: dict[str, object] = {}
    for snippet in snippets:  # one after the other, as they are read
        exec(compile(snippet, page.name, "exec"), names)  # noqa: S102 - that it runs is what is tested


def test_the_reference_has_all_that_a_notebook_imports() -> None:
    named = set(re.findall(r"^::: ([\w.]+)$", (DOCS / "reference.md").read_text(), re.MULTILINE))
    homes = {f"{home}.{name}" for name, home in explorer._HOMES.items()}  # type: ignore[attr-defined]
    assert homes <= named
    for name in named:
        assert pkgutil.resolve_name(name).__doc__, name


def test_the_reference_has_all_that_copied_python_imports() -> None:
    named = set(re.findall(r"^::: ([\w.]+)$", (DOCS / "reference.md").read_text(), re.MULTILINE))
    written = "".join(path.read_text() for path in (ROOT / "explorer" / "export").glob("*.py"))
    imported = re.findall(r"""["']from (explorer[\w.]*) import ([\w, ]+)["']""", written)
    assert len(imported) > 20
    missing = set()
    for module, names in imported:
        for name in names.partition(" as ")[0].split(", "):
            made = pkgutil.resolve_name(f"{module}.{name}")
            homes = {module, f"{module}.{name}", str(getattr(made, "__module__", "")), getattr(made, "__name__", "")}
            homes.add(f"{getattr(made, '__module__', '')}.{name}")
            if not homes & named:
                missing.add(f"{module}.{name}")
    assert missing == set()


def test_the_site_is_built_and_read_offline(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(tmp_path)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    assert "reconstruction_errors" in (tmp_path / "reference.html").read_text()
    for page in tmp_path.rglob("*.html"):
        asked = re.findall(r"<(?:script|img|link)[^>]*?(?:src|href)=\"((?:https?:)?//[^\"]*)\"", page.read_text())
        assert asked == [], page.name


# --- The container --------------------------------------------------------------------------------------------------


def test_the_container_runs_the_readme_s_command_as_another_user_than_root() -> None:
    text = (ROOT / "Dockerfile").read_text()
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line and not line.startswith("#")]
    steps = [tuple(line.split(maxsplit=1)) for line in lines]
    user = [i for i, (step, _) in enumerate(steps) if step == "USER"]
    assert [steps[i][1] for i in user] == ["explorer"]
    assert "useradd --create-home --uid 1000 explorer" in text
    assert {step for step, _ in steps[user[0] :]} == {"USER", "WORKDIR", "ENV", "EXPOSE", "HEALTHCHECK", "CMD"}
    assert steps[-1] == ("CMD", '["explorer", "app"]')
    [set_there] = [argument for step, argument in steps if step == "ENV"]
    assert "STREAMLIT_BROWSER_SERVER_ADDRESS=localhost" in set_there, "else it asks outside what its own address is"
    assert "explorer app" in (ROOT / "README.md").read_text()
    copied = [argument.split()[0] for step, argument in steps if step == "COPY"]
    assert all((ROOT / source).exists() for source in copied)
    left_out = (ROOT / ".dockerignore").read_text().split()
    for needed in ("explorer", "checkpoints", "recipes", "pages", "setup.py", "README.md", "LICENSE"):
        assert needed not in left_out
    version = re.search(r"FROM python:(\d+)\.(\d+)-slim", text)
    assert version is not None
    assert (int(version[1]), int(version[2])) >= (3, 11)
    assert re.findall(r"https?://([^/:'\"]+)", text) == ["localhost"]


def test_commands_of_the_container_stand_where_they_are_read() -> None:
    commands = re.findall(r"#     (docker .+)", (ROOT / "Dockerfile").read_text())[:2]
    start = (DOCS / "index.md").read_text()
    assert len(commands) == 2
    assert [command for command in commands if command not in start] == []
