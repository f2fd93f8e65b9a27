"""What a user gets: the wheel, in an environment and a folder that hold nothing of this repository."""

from __future__ import annotations

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import sysconfig
import urllib.request
import venv
import zipfile
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import running
from tests.conftest import ROOT

LARGEST_WHEEL_BYTES = 50_000_000
NOT_SOURCES = shutil.ignore_patterns(
    ".git", ".venv*", ".*_cache", ".hypothesis", "__pycache__", "*.egg-info", "build", "node_modules"
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """The wheel, built from a copy, since the build leaves files beside its sources."""
    sources, target = tmp_path_factory.mktemp("sources") / "copy", tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT, sources, ignore=NOT_SOURCES)
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(target)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, str(sources)], check=True, capture_output=True)
    (built,) = target.iterdir()
    return built


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A user's home folder in which nothing is."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def variables(home: pathlib.Path) -> dict[str, str]:
    """The environment variables of someone who has set none for this program, at home in `home`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("EXPLORER_", "PYTHON", "XDG_"))}
    return kept | {"HOME": str(home), "USERPROFILE": str(home), "LOCALAPPDATA": str(home / "local")}


@pytest.fixture(scope="module")
def environment(
    wheel: pathlib.Path, variables: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> pathlib.Path:
    """The scripts of a virtual environment with the wheel, and with what it depends on as it is installed here."""
    folder = tmp_path_factory.mktemp("environment")
    builder = venv.EnvBuilder(symlinks=os.name != "nt")
    builder.create(folder)
    python = builder.ensure_directories(folder).env_exe
    command = [sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", str(wheel)]
    # Without PYTHONPATH, on which pip would find this repository and take the wheel for installed.
    subprocess.run(command, cwd=folder, env=variables, check=True, capture_output=True)
    # The dependencies' folder comes after the environment's own, and its .pth files, where an editable installation
    # of this repository would stand, are not followed.
    (packages,) = folder.rglob("site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return pathlib.Path(python).parent


@pytest.fixture(scope="module")
def user_app(
    environment: pathlib.Path, variables: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, pathlib.Path]]:
    """`explorer app` in an empty folder; its address and that folder."""
    empty = tmp_path_factory.mktemp("empty")
    log = tmp_path_factory.mktemp("log") / "app.log"
    with running([str(environment / "explorer"), "app"], empty, variables, log) as url:
        yield url, empty


def test_the_wheel_holds_the_whole_program(wheel: pathlib.Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    listed = {"explorer_app.py", "streamlit_app.py", ".streamlit/config.toml"}
    for pattern in ("pages/*.py", "checkpoints/*.safetensors", "recipes/*.toml"):
        listed |= {path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern)}
    assert {f"explorer/_app/{name}" for name in listed} <= held
    package = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "explorer").rglob("*")
        if (path.suffix in {".py", ".npz", ".png"} or path.parent.name == "built") and "node_modules" not in path.parts
    }
    assert package <= held
    assert any(name.startswith("explorer/browser/built/") and name.endswith(".js") for name in held)
    assert "explorer/py.typed" in held
    assert not [name for name in held if name.startswith(("tests/", "benchmarks/", "docs/"))]
    assert wheel.stat().st_size < LARGEST_WHEEL_BYTES


def test_the_command_line_knows_the_models_in_the_wheel(
    environment: pathlib.Path, variables: dict[str, str], tmp_path: pathlib.Path
) -> None:
    command = [environment / "explorer", "list", "--json"]
    done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=True)
    names = {entry["name"] for entry in json.loads(done.stdout)}
    assert names == {path.stem for path in (ROOT / "checkpoints").glob("*.safetensors")}


def test_what_is_trained_goes_to_the_user_and_not_into_the_environment(
    environment: pathlib.Path, variables: dict[str, str], home: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    recipe = ROOT / "recipes" / "breast-cancer-undercomplete.toml"
    command = [environment / "explorer", "train", recipe, "--set", "training.epochs=1", "--set", "name=mine"]
    subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, check=True)
    (saved,) = home.rglob("mine.safetensors")
    assert saved.parent.name == "checkpoints"
    assert list(tmp_path.iterdir()) == []
    assert list(environment.parent.rglob("mine*")) == []


def test_the_app_opens_in_an_empty_folder_with_a_real_result(
    user_app: tuple[str, pathlib.Path], new_page: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    url, empty = user_app
    with urllib.request.urlopen(url) as answer:
        assert answer.status == 200
    page = new_page(is_first_visit=True)
    page.goto(url)
    expect(page.get_by_role("heading", name="Autoencoder Explorer")).to_be_visible()
    settle(page)
    expect(page.locator("[data-testid=stAlertContentError], [data-testid=stException]")).to_have_count(0)
    expect(page.locator("[data-testid=stMain] canvas").first).to_be_visible()
    expect(page.get_by_text(re.compile(r", n = [\d,]+")).first).to_be_visible()
    assert list(empty.iterdir()) == [], "the app leaves nothing where it was started"
    first = _bytes_of_scripts(page)
    assert sum(first) > 10_000
    page.reload()
    expect(page.locator("[data-testid=stMain] canvas").first).to_be_visible()
    settle(page)
    # What a browser has kept costs no byte on the way (Resource Timing, transferSize).
    assert _bytes_of_scripts(page) == [0] * len(first)


def _bytes_of_scripts(page: Page) -> list[int]:
    """How many bytes each of our scripts brought since the page was loaded."""
    ours = "e => e.name.includes('/_stcore/bidi-components/')"
    sizes: list[int] = page.evaluate(
        f"performance.getEntriesByType('resource').filter({ours}).map(e => e.transferSize)"
    )
    return sizes
