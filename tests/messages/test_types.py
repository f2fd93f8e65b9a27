"""A field that is renamed in Python alone makes the type check of the scripts fail, whichever field it is."""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from explorer.browser import declarations
from explorer.browser.components import COMPONENTS

FOLDER = Path(declarations.__file__).parent
COMPILER = FOLDER / "node_modules" / ".bin" / "tsc"
INTERFACE = re.compile(r"export interface (\w+) \{\n(.*?)^\}\n", re.DOTALL | re.MULTILINE)
FIELD = re.compile(r"^  (\w+): (.*);$", re.MULTILINE)
REPORTS = {report.__name__ for component in COMPONENTS for report in (*component.states, *component.events)}
GENERAL = {"Section", "Components"}
TEXT = declarations.declarations()
FIELDS = {name: dict(FIELD.findall(body)) for name, body in INTERFACE.findall(TEXT) if name not in GENERAL}


@functools.cache
def depth(name: str) -> int:
    """How many interfaces lie around this one at most, so that none of a depth lies in another of that depth."""
    around = [other for other, fields in FIELDS.items() if any(re.search(rf"\b{name}\b", t) for t in fields.values())]
    return 1 + max((depth(other) for other in around), default=-1)


def with_renamed_fields(text: str, name: str) -> str:
    """The declarations with every field of one interface renamed."""
    start = text.index(f"export interface {name} {{")
    end = text.index("\n}\n", start)
    return text[:start] + FIELD.sub(r"  renamed_\1: \2;", text[start:end]) + text[end:]


def errors(folder: Path, text: str) -> str:
    """What the compiler says of the scripts with these declarations."""
    (folder / "messages.d.ts").write_text(text, "utf-8")
    return subprocess.run([COMPILER, "-p", folder], capture_output=True, text=True, check=False).stdout


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """A copy of the scripts with their compiler."""
    if not shutil.which("node") or not COMPILER.exists():
        pytest.skip("Node.js and `make scripts` are needed to check the scripts' types")
    folder = tmp_path / "browser"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("node_modules", "built", "*.py", "__pycache__"))
    (folder / "node_modules").symlink_to(COMPILER.parents[1])
    return folder


def missing(said: str) -> set[str]:
    """Names of fields that the compiler did not find."""
    alone = re.findall(r"'(\w+)' (?:does not exist|is missing)", said)
    listed = re.findall(r"is missing the following properties from [^\n]*: ([\w, ]+)$", said, re.MULTILINE)
    return {*alone, *(name for names in listed for name in names.split(", "))}


@pytest.mark.slow
def test_every_renamed_field_is_found(scripts: Path) -> None:
    assert errors(scripts, TEXT) == ""
    waiting: list[str] = []
    for level in range(1 + max(map(depth, FIELDS))):
        names = [name for name in FIELDS if depth(name) == level]
        said = errors(scripts, functools.reduce(with_renamed_fields, names, TEXT))
        for name in names:
            # The compiler tells of no more than one strange field of a report.
            own = re.findall(rf"'(\w+)' does not exist [^\n]*'{name}'", said)
            if FIELDS[name].keys() - own and not (name in REPORTS and own):
                waiting.append(name)
    # Those that the compiler tells of by another type's name: each alone.
    unseen = {name: FIELDS[name].keys() - missing(errors(scripts, with_renamed_fields(TEXT, name))) for name in waiting}
    assert {name: fields for name, fields in unseen.items() if fields} == {}
