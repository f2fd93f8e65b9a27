"""Break the program on purpose, one place at a time: a test must fail each time.

    python benchmarks/mutants.py                      every mutant of mutants.toml, two at once
    python benchmarks/mutants.py --only NAME ...      some of them
    python benchmarks/mutants.py --changed FILE ...   those of some source files
    python benchmarks/mutants.py --passing            the tests have just passed: they are not run unbroken first
    python benchmarks/mutants.py --list               names and files, nothing is run

A mutant is one exact change of one file and the test files that must notice it. It is made in a copy of the tree, never
in the tree itself. First the tests are run unbroken, since a test that fails anyway notices nothing. The exit status is
1 if a mutant survives, or if its text is no longer found exactly once.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import pathlib
import queue
import shutil
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

ROOT = pathlib.Path(__file__).parents[1]
LIST = pathlib.Path(__file__).with_suffix(".toml")
MAX_JOBS = 2
SECONDS = 300
"""A mutant whose tests take longer than this counts as noticed: it hangs."""
NOT_COPIED = (".git", ".venv*", ".*_cache", ".hypothesis", "__pycache__", "*.egg-info", "node_modules")
MADE_AT_THE_TOP = ("runs", "build", "dist")
"""Not copied from the top of the tree; the package has a folder of runs of its own."""
LIBRARIES = (
    *(
        "pytest",
        "hypothesis",
        "torch",
        "pydantic",
        "jaxtyping",
        "beartype",
        "scipy.stats",
        "scipy.ndimage",
        "PIL.Image",
    ),
    *("typer.testing", "safetensors.torch", "sklearn.ensemble", "sklearn.decomposition", "skimage.metrics", "psutil"),
)
"""Imported once, since most of a quick test's time is theirs; each run of tests is then a fork (Linux and macOS)."""
PASSED, FAILED = 0, 1
"""Exit status of pytest; any other means that the tests could not be run."""

SERVER = multiprocessing.get_context("forkserver")

Outcome = Literal["noticed", "hangs", "SURVIVED", "CANNOT RUN"]
GOOD: tuple[Outcome, ...] = ("noticed", "hangs")


@dataclass(frozen=True)
class Mutant:
    """One breakage.

    Args:
        name: says what is broken.
        file: its path in the tree.
        old: text that stands in the file exactly once.
        new: what replaces it.
        tests: test files, one of which must fail.
    """

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    @contextmanager
    def applied(self, root: pathlib.Path) -> Iterator[None]:
        """Within it, the file below ``root`` is broken.

        Raises:
            ValueError: the text is not there, or more than once.
        """
        path = root / self.file
        whole = path.read_text(encoding="utf-8") if path.is_file() else ""
        if (times := whole.count(self.old)) != 1:
            raise ValueError(f"{self.name}: its text stands {times} times in {self.file}, not once.")
        path.write_text(whole.replace(self.old, self.new), encoding="utf-8")
        try:
            yield
        finally:
            path.write_text(whole, encoding="utf-8")


@dataclass(frozen=True)
class Result:
    """What became of a mutant, and the last lines that pytest wrote."""

    mutant: Mutant
    outcome: Outcome
    seconds: float
    output: str


def read(path: pathlib.Path = LIST) -> list[Mutant]:
    """The mutants of a list.

    Raises:
        ValueError: two have one name, or one changes nothing or names no test.
    """
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["mutant"]
    mutants = [Mutant(**entry | {"tests": tuple(entry["tests"])}) for entry in entries]
    names = [mutant.name for mutant in mutants]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"Two mutants have one name: {', '.join(twice)}.")
    if idle := [mutant.name for mutant in mutants if mutant.old == mutant.new or not mutant.tests]:
        raise ValueError(f"These change nothing or name no test: {', '.join(idle)}.")
    return mutants


def run(
    mutants: Sequence[Mutant], root: pathlib.Path = ROOT, jobs: int = MAX_JOBS, *, passing: bool = False
) -> Iterator[Result]:
    """Try mutants in copies of a tree, and yield what became of them as they end.

    Args:
        mutants: what to try.
        root: top of the tree; only read.
        jobs: how many at once.
        passing: whether the tests are known to pass unbroken, which takes half of the time to find out.

    Raises:
        ValueError: a mutant's text does not stand in its file exactly once, or its tests fail without it.
    """
    os.environ["OMP_NUM_THREADS"] = "1"
    SERVER.set_forkserver_preload(list(LIBRARIES))
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder, ThreadPoolExecutor(jobs) as pool:
        copies: queue.Queue[pathlib.Path] = queue.Queue()
        for number in range(jobs):
            copies.put(copied(root, pathlib.Path(folder) / str(number)))
        with borrowed(copies) as copy:
            for mutant in mutants:
                with mutant.applied(copy):
                    pass  # said before anything is tried, not an hour later

        def unbroken(tests: tuple[str, ...]) -> None:
            with borrowed(copies) as copy:
                status, output = tested(copy, tests)
            if status != PASSED:
                raise ValueError(f"Unbroken, {' '.join(tests)} do not pass:\n{output}")

        def tried(mutant: Mutant) -> Result:
            start = time.perf_counter()
            with borrowed(copies) as copy, mutant.applied(copy):
                status, output = tested(copy, mutant.tests)
            outcomes: dict[int | None, Outcome] = {PASSED: "SURVIVED", FAILED: "noticed", None: "hangs"}
            return Result(mutant, outcomes.get(status, "CANNOT RUN"), time.perf_counter() - start, output)

        # A test file that several mutants name is run unbroken once.
        files = [] if passing else dict.fromkeys((test,) for mutant in mutants for test in mutant.tests)
        list(pool.map(unbroken, files))
        yield from pool.map(tried, mutants)


def copied(root: pathlib.Path, target: pathlib.Path) -> pathlib.Path:
    """Copy a tree without what is built or cached."""
    by_name = shutil.ignore_patterns(*NOT_COPIED)

    def ignored(folder: str, names: list[str]) -> set[str]:
        return by_name(folder, names) | (set(MADE_AT_THE_TOP) if pathlib.Path(folder) == root else set())

    return shutil.copytree(root, target, ignore=ignored)


@contextmanager
def borrowed(copies: queue.Queue[pathlib.Path]) -> Iterator[pathlib.Path]:
    """One of the copies, for one thread alone."""
    copy = copies.get()
    try:
        yield copy
    finally:
        copies.put(copy)


def tested(copy: pathlib.Path, tests: Sequence[str]) -> tuple[int | None, str]:
    """Run test files of a copy up to the first failure: pytest's status (None: it hung) and its last lines."""
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder) / "log.txt"
        process = SERVER.Process(target=run_pytest, args=(copy, tests, log))
        process.start()
        process.join(SECONDS)
        status = process.exitcode
        if status is None:
            process.kill()
            process.join()
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines() if log.is_file() else []
    return status, "\n".join(lines[-12:])


def run_pytest(copy: pathlib.Path, tests: Sequence[str], log: pathlib.Path) -> None:
    """Run test files of a copy in this process, and end it with pytest's status."""
    import pytest

    output = os.open(log, os.O_WRONLY | os.O_CREAT)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.chdir(copy)
    # Compiled files are told apart by time and size, which a mutant may leave as they were.
    sys.dont_write_bytecode = True
    os.environ |= {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    status = pytest.main(["-x", "-q", "--no-header", "-p", "no:cacheprovider", *tests])
    sys.stdout.flush()
    os._exit(status)


def main() -> None:
    """Try the mutants asked for and say which survive."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="try these")
    parser.add_argument("--changed", nargs="+", metavar="FILE", help="try those of these source files")
    parser.add_argument("--jobs", type=int, default=MAX_JOBS, choices=range(1, MAX_JOBS + 1), help="how many at once")
    parser.add_argument("--passing", action="store_true", help="the tests pass unbroken: do not run them so first")
    parser.add_argument("--list", action="store_true", help="print names and files alone")
    options = parser.parse_args()
    mutants = read()
    if unknown := set(options.only or ()) - {mutant.name for mutant in mutants}:
        parser.error(f"no mutant is called {', '.join(sorted(unknown))}")
    chosen = [m for m in mutants if not options.only or m.name in options.only]
    chosen = [m for m in chosen if not options.changed or m.file in options.changed]
    if options.list:
        print("\n".join(f"{mutant.file}: {mutant.name}" for mutant in chosen))
        return
    start, survivors = time.perf_counter(), 0
    try:
        for result in run(chosen, jobs=options.jobs, passing=options.passing):
            print(
                f"{result.outcome:10} {result.seconds:5.0f} s  {result.mutant.file}: {result.mutant.name}", flush=True
            )
            if result.outcome not in GOOD:
                survivors += 1
                print(result.output, flush=True)
    except ValueError as error:
        sys.exit(str(error))
    minutes = (time.perf_counter() - start) / 60
    print(f"{len(chosen)} mutants of {len({m.file for m in chosen})} files in {minutes:.1f} min, {survivors} survivors")
    sys.exit(int(survivors > 0))


if __name__ == "__main__":
    main()
