"""Every kind of input that was reported in public has tests, and they are there under the names that the list gives."""

from __future__ import annotations

import ast
import tomllib

import pytest

from tests.conftest import ROOT

KINDS = tomllib.loads((ROOT / "benchmarks" / "reports.toml").read_text(encoding="utf-8"))["kind"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind["name"])
def test_the_tests_of_a_kind_are_there(kind: dict[str, list[str]]) -> None:
    assert kind["tests"]
    assert kind["right"]
    for test in kind["tests"]:
        file, _, name = test.partition("::")
        functions = {
            node.name for node in ast.parse((ROOT / file).read_text()).body if isinstance(node, ast.FunctionDef)
        }
        assert name in functions or (not name and any(one.startswith("test_") for one in functions)), test


def test_no_kind_is_forgotten() -> None:
    assert len({kind["name"] for kind in KINDS}) == 17
