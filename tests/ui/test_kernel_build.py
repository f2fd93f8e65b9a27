"""kernel.wasm is what kernel.c compiles to: by the record of its build, and by building it again where clang is."""

from __future__ import annotations

import hashlib
import pathlib
import shutil
import subprocess

import pytest

from tests.conftest import ROOT

FOLDER = ROOT / "explorer" / "browser" / "runtime"


def record() -> tuple[str, str, str]:
    """The compiler, and the sha256 of source and binary, as `make wasm` wrote them."""
    compiler, source, binary = (FOLDER / "kernel.built").read_text("utf-8").splitlines()
    return compiler, source.split()[0], binary.split()[0]


def test_the_shipped_kernel_was_built_from_its_source() -> None:
    # Git may give the source other line ends on other systems.
    source = (FOLDER / "kernel.c").read_bytes().replace(b"\r\n", b"\n")
    binary = (FOLDER / "kernel.wasm").read_bytes()
    digests = tuple(hashlib.sha256(content).hexdigest() for content in (source, binary))
    assert digests == record()[1:], "kernel.c or kernel.wasm has changed: run `make wasm`"


def test_building_the_kernel_again_gives_the_same_bytes(tmp_path: pathlib.Path) -> None:
    if not all(map(shutil.which, ("make", "clang", "wasm-ld"))):
        pytest.skip("make, clang and wasm-ld are needed to build the kernel")
    compiler = subprocess.run(["clang", "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]
    if compiler != record()[0]:
        pytest.skip(f"the kernel was built by {record()[0]}; another compiler may give other bytes")
    subprocess.run(["make", "wasm", f"KERNEL={tmp_path}/kernel"], cwd=ROOT, check=True, capture_output=True)
    assert (tmp_path / "kernel.wasm").read_bytes() == (FOLDER / "kernel.wasm").read_bytes()
    assert (tmp_path / "kernel.built").read_text() == (FOLDER / "kernel.built").read_text()
