"""The repository keeps what its README promises: pins, two commands, local and safe by default."""

from __future__ import annotations

import ast
import os
import pathlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import explorer

ROOT = pathlib.Path(__file__).parents[1]
NOT_OURS = {"build", "dist", "runs", "__pycache__", "node_modules"}
LARGEST_FILE_BYTES = 40_000_000
UNSAFE = [
    r"(?<!safetensors\.)\btorch\.load\(",
    r"\bpickle\.loads?\(",
    r"\ballow_pickle\s*=\s*True",
    r"\bunsafe_allow_html\s*=\s*True",
]


def pinned(name: str) -> dict[str, str]:
    """Package -> exact version, as written in a requirements file."""
    pins = {}
    for line in (ROOT / name).read_text().splitlines():
        if line and not line.startswith(("#", "-r ")):
            requirement = Requirement(line)
            (specifier,) = requirement.specifier
            assert specifier.operator == "==", f"{name}: {line} is not pinned"
            pins[canonicalize_name(requirement.name)] = specifier.version
    return pins


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def own_files() -> Iterator[pathlib.Path]:
    """Every file of the repository, without hidden folders (the virtual environment, git) and build outputs."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in NOT_OURS and (name == ".ci" or not name.startswith("."))]
        yield from (pathlib.Path(folder, name) for name in names)


@pytest.mark.parametrize("line", project()["dependencies"])
def test_a_dependency_is_pinned_within_its_range(line: str) -> None:
    requirement = Requirement(line)
    version = pinned("requirements.txt")[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(version)
    assert "+" not in version, "a local version exists in one index only"


def test_every_dependency_says_what_it_is_for() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    lines = re.search(r"^dependencies = \[\n(.*?)^\]", text, re.DOTALL | re.MULTILINE).group(1).splitlines()
    assert len(lines) == len(project()["dependencies"])
    assert [line for line in lines if not re.search(r'",\s+# \w', line)] == []


def test_requirements_files_agree() -> None:
    runtime, development, site = (pinned(f"requirements{which}.txt") for which in ("", "-dev", "-docs"))
    assert runtime["torch"] == "2.13.0"
    assert not runtime.keys() & development.keys()
    installed = runtime | development
    assert {name for name in site.keys() & installed.keys() if site[name] != installed[name]} == set()
    assert {"pytest", "ruff", "mypy", "import-linter", "playwright"} <= development.keys()
    homes = {"anndata", "anywidget", "jupyterlab", "marimo"}
    assert homes <= development.keys(), "tests open there what is taken out, and are never skipped"


def test_readme_names_two_make_commands_that_exist() -> None:
    code = re.findall(r"```.*?```|`[^`\n]+`", (ROOT / "README.md").read_text(), re.DOTALL)
    named = {command for block in code for command in re.findall(r"\bmake ([a-z]+)", block)}
    assert named == {"app", "test"}
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert named <= set(targets)


def test_python_version_is_the_same_everywhere() -> None:
    assert project()["requires-python"] == ">=3.11"
    assert "(3, 11)" in (ROOT / "Makefile").read_text()
    assert "Python 3.11 or later" in (ROOT / "README.md").read_text()


@pytest.mark.slow
def test_nothing_loads_code_from_files_or_writes_raw_html() -> None:
    problems = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in own_files()
        if path.suffix in {".py", ".ipynb"}
        for match in re.finditer("|".join(UNSAFE), path.read_text(encoding="utf-8"))
    ]
    assert problems == []


def test_no_file_is_too_large_for_a_clone() -> None:
    assert [path for path in own_files() if path.stat().st_size > LARGEST_FILE_BYTES] == []


def test_no_link_is_a_file_of_the_program() -> None:
    """Such as one to packages that lie elsewhere: in another folder it points nowhere, or to itself."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone")
    files = subprocess.run(["git", "ls-files", "-s"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert [line for line in files.stdout.splitlines() if line.startswith("120000")] == []


def test_the_app_is_private_by_default() -> None:
    config = tomllib.loads((ROOT / ".streamlit/config.toml").read_text())
    assert config["browser"]["gatherUsageStats"] is False
    assert config["server"]["address"] == "localhost"
    assert 0 < config["server"]["maxUploadSize"] <= 200
    assert config["server"]["showEmailPrompt"] is False
    theme = (ROOT / ".streamlit/config.toml").read_text()
    assert "://" not in theme, "fonts and themes are local"


def test_the_entry_file_only_draws_the_frame() -> None:
    source = (ROOT / "streamlit_app.py").read_text()
    imported = {
        name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    outside = {
        name for name in imported if name.split(".")[0] not in {"__future__", "streamlit", "explorer", "pathlib"}
    }
    assert outside == set()
    assert len(source.splitlines()) < 40


@pytest.mark.parametrize("name", [name for name in explorer.__all__ if not name.startswith("_")])
def test_a_public_name_resolves_to_what_is_called_so(name: str) -> None:
    # In the package a detector of any kind has that name; scikit-learn's way of using one is a class of its own.
    assert getattr(explorer, name).__name__ == {"Detector": "TableDetector"}.get(name, name)


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'trian'"):
        _ = explorer.trian


def test_importing_explorer_is_quick() -> None:
    heavy = "torch", "streamlit", "plotly", "sklearn", "pandas"
    code = f"import sys, explorer; print(sorted(sys.modules.keys() & set({heavy})))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
