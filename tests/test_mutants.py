"""The script that breaks the program on purpose, on a tree of two files; and its list, on the tree as it stands."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ADD = """def add(a, b):
    return a + b
"""
TESTS = """from package.sums import add

def test_a_sum_is_right():
    assert add(2, 2) == 4
"""


@pytest.fixture(scope="module")
def mutants(root: Path) -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(root / "benchmarks")
        patch.setenv("OMP_NUM_THREADS", "1")
        # A new process would run the main script again, and that is whatever another test has left there.
        patch.setitem(sys.modules, "__main__", ModuleType("__main__"))
        yield importlib.import_module("mutants")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A package of one function, whose one test cannot tell a sum from a product."""
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").write_text("")
    (tmp_path / "package" / "sums.py").write_text(ADD)
    (tmp_path / "test_sums.py").write_text(TESTS)
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    return tmp_path


def broken(mutants: ModuleType, new: str, old: str = "a + b", tests: tuple[str, ...] = ("test_sums.py",)):
    return mutants.Mutant(f"{old} becomes {new}", "package/sums.py", old, new, tests)


def test_a_copy_has_all_but_what_is_made(
    mutants: ModuleType, tree: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for folder in ("runs", "package/runs", ".venv", ".streamlit"):
        (tree / folder).mkdir()
        (tree / folder / "file").touch()
    copy = mutants.copied(tree, tmp_path_factory.mktemp("copy") / "tree")
    copied = {str(path.relative_to(copy)) for path in copy.rglob("*") if path.is_dir()}
    assert copied == {"package", "package/runs", ".streamlit"}


@pytest.mark.slow
def test_what_no_test_notices_survives_and_the_tree_stays_whole(mutants: ModuleType, tree: Path) -> None:
    tried = [broken(mutants, "a - b"), broken(mutants, "a * b"), broken(mutants, "a +")]
    outcomes = {result.mutant: result.outcome for result in mutants.run(tried, tree, jobs=2)}
    assert [outcomes[mutant] for mutant in tried] == ["noticed", "SURVIVED", "CANNOT RUN"]
    assert (tree / "package" / "sums.py").read_text() == ADD


@pytest.mark.slow
def test_what_takes_too_long_hangs(mutants: ModuleType, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree / "test_sums.py").write_text("import time\n\ndef test_forever():\n    time.sleep(600)\n")
    monkeypatch.setattr(mutants, "SECONDS", 1)
    assert mutants.tested(tree, ["test_sums.py"])[0] is None
    unbroken_then_broken = iter([0, None])
    monkeypatch.setattr(mutants, "tested", lambda *_: (next(unbroken_then_broken), ""))
    (result,) = mutants.run([broken(mutants, "a - b")], tree, jobs=1)
    assert result.outcome == "hangs"


@pytest.mark.parametrize(("old", "times"), [("a - b", 0), ("b", 2)])
def test_a_text_that_does_not_stand_once_is_an_error(mutants: ModuleType, tree: Path, old: str, times: int) -> None:
    with pytest.raises(ValueError, match=f"stands {times} times in package/sums.py"):
        list(mutants.run([broken(mutants, "c", old)], tree, jobs=1))


@pytest.mark.slow
def test_tests_that_fail_unbroken_are_an_error(mutants: ModuleType, tree: Path) -> None:
    (tree / "test_sums.py").write_text(TESTS.replace("== 4", "== 5"))
    with pytest.raises(ValueError, match=r"Unbroken, test_sums.py do not pass"):
        list(mutants.run([broken(mutants, "a - b")], tree, jobs=1))


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('name = "one"\nfile = "f"\nold = "a"\nnew = "b"\ntests = ["t"]', "one name: one"),
        ('name = "two"\nfile = "f"\nold = "a"\nnew = "a"\ntests = ["t"]', "no test: two"),
        ('name = "three"\nfile = "f"\nold = "a"\nnew = "b"\ntests = []', "no test: three"),
    ],
)
def test_a_list_that_means_nothing_is_an_error(mutants: ModuleType, tmp_path: Path, lines: str, message: str) -> None:
    path = tmp_path / "list.toml"
    first = 'name = "one"\nfile = "f"\nold = "a"\nnew = "b"\ntests = ["t"]'
    path.write_text(f"[[mutant]]\n{first}\n[[mutant]]\n{lines}\n")
    with pytest.raises(ValueError, match=message):
        mutants.read(path)


def test_every_mutant_of_the_list_fits_the_tree(mutants: ModuleType, root: Path) -> None:
    """A change of the program that moves a mutant's text, or a test file, is met here and not months later."""
    listed = mutants.read()
    assert len(listed) >= 60
    for mutant in listed:
        assert (root / mutant.file).read_text(encoding="utf-8").count(mutant.old) == 1, f"{mutant.file}: {mutant.name}"
        missing = [name for name in mutant.tests if not (root / name).is_file()]
        assert not missing, mutant.name
