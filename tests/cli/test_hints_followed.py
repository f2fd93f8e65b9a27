"""What an error's hint says is done, word for word, until the command works: no hint leads back to its own error."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from explorer.cli import app
from tests.cli.test_hints import COMMANDS

N = 60
DEPTH = 4
"""Errors one behind the other: each may have a hint of its own."""

_VALUE = r"""(?:'[^']*'|[.,](?=[\s.])|[^\s'",;()-][^\s,;()]*)"""
_STEP = re.compile(rf"--[a-z-]+(?: {_VALUE})?(?: --[a-z-]+(?: {_VALUE})?)*")
_LEAVE_OUT = re.compile(r"[Ll]eave (--[a-z-]+) out")


def numbers(n: int, columns: int, seed: int = 0) -> list[list[str]]:
    return [[f"{value:.3f}" for value in row] for row in np.random.default_rng(seed).normal(100, 5, (n, columns))]


def table(folder: Path, header: str, rows: list[list[str]], sign: str = ",", encoding: str = "utf-8") -> Path:
    file = folder / "table.csv"
    lines = [*([header] if header else []), *(sign.join(row) for row in rows)]
    file.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return file


def thousands_or_decimals(folder: Path) -> list[str]:
    rows = [
        [f"{value:.3f}".replace(".", ",") for value in row] for row in np.random.default_rng(1).uniform(1, 9, (N, 2))
    ]
    return fit(folder, table(folder, "a;b", rows, ";"))


def a_mixture(folder: Path) -> list[str]:
    rows = [[*row, "attack" if i % 5 == 0 else "no attack"] for i, row in enumerate(numbers(N, 3))]
    return fit(folder, table(folder, "a,b,c,kind", rows))


def an_open_quote(folder: Path) -> list[str]:
    rows = [[f"{i}", f'"{i + 1}' if i == 20 else f"{i * i % 17}", f"{i * 7 % 13}"] for i in range(N)]
    return fit(folder, table(folder, "a,b,c", rows))


def another_encoding(folder: Path) -> list[str]:
    rows = [[*row, f"é{i % 3}"] for i, row in enumerate(numbers(N, 2))]
    return [*fit(folder, table(folder, "a,b,name", rows, encoding="cp1252")), "--encoding", "utf-8"]


def a_series_of_times(folder: Path) -> list[str]:
    rows = [[f"2024-01-{i // 24 + 1:02d}T{i % 24:02d}:00", *row] for i, row in enumerate(numbers(300, 1))]
    return [*fit(folder, table(folder, "when,value", rows)), "--series", "when", "--window", "10"]


def axes_that_fit_twice(folder: Path) -> list[str]:
    file = folder / "x.npy"
    np.save(file, np.random.default_rng(0).integers(0, 255, (24, 3, 12, 3), np.uint8))
    return fit(folder, file)


def output_on_the_source(folder: Path) -> list[str]:
    file = folder / "photo.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (20, 24), np.uint8)).save(file)
    return ["denoise", "photo-denoiser-grey", str(file), "--out", str(file)]


def labels_as_the_series(folder: Path) -> list[str]:
    rows = [[*row, f"{i % 2}"] for i, row in enumerate(numbers(300, 1))]
    return [*fit(folder, table(folder, "value,anomaly", rows)), "--series", "anomaly", "--window", "10"]


def fit(folder: Path, data: Path) -> list[str]:
    return ["detector", "fit", str(data), "--scorer", "pca", "--out", str(folder / "detector.safetensors")]


CASES: list[Callable[[Path], list[str]]] = [
    thousands_or_decimals, a_mixture, an_open_quote, another_encoding, a_series_of_times, labels_as_the_series,
    axes_that_fit_twice, output_on_the_source,
]  # fmt: skip


def error_of(command: list[str]) -> str:
    """What a command says on its way to an end with an error; empty: it works."""
    result = CliRunner().invoke(app, command)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.stderr if result.exit_code else ""


def followed(command: list[str], said: str) -> list[list[str]]:
    """The command with what was said done to it: once for each of the things that may be done."""
    commands = [without(command, flag) for flag in _LEAVE_OUT.findall(said)]
    for step in _STEP.findall(_LEAVE_OUT.sub("", said)):
        taken = options(shlex.split(step))
        if any(takes_value(flag) and not value for flag, value in taken):
            continue  # "another folder with --out": what to give is the user's
        rest = command
        for flag, _ in taken:
            rest = without(rest, flag)
        commands.append([*rest, *(word for pair in taken for word in pair if word)])
    return commands


def options(words: list[str]) -> list[tuple[str, str]]:
    """Flags, each with its value; empty: it takes none, or none is said. A full stop ends the sentence."""
    taken = []
    for word, after in zip(words, [*words[1:], ""], strict=True):
        if word.startswith("--"):
            value = "" if after.startswith("--") or not takes_value(word) else after
            taken.append((word, value if value == "." else value.removesuffix(".")))
    return taken


def takes_value(flag: str) -> bool:
    of_commands = [p for command in COMMANDS.values() for p in command.params if flag in (*p.opts, *p.secondary_opts)]
    return not any(getattr(parameter, "is_flag", False) for parameter in of_commands)


def without(command: list[str], flag: str) -> list[str]:
    if flag not in command:
        return command
    place = command.index(flag)
    return [*command[:place], *command[place + 1 + takes_value(flag) :]]


def leads_on(command: list[str], errors: tuple[str, ...] = ()) -> None:
    """Every way that is said leads to a command that works, past no error twice."""
    said = error_of(command)
    if not said:
        return
    assert said not in errors, f"in a circle: {said}"
    assert len(errors) < DEPTH, errors
    ways_on = followed(command, said)
    assert ways_on, f"no way on: {said}"
    for way_on in ways_on:
        leads_on(way_on, (*errors, said))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_following_hints_ends_in_a_command_that_works(case: Callable[[Path], list[str]], tmp_path: Path) -> None:
    command = case(tmp_path)
    assert error_of(command), "this case is to begin with an error"
    leads_on(command)
