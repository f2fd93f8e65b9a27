"""Hints work when they are followed: every flag and command that an error or a remark names is there."""

from __future__ import annotations

import ast
import functools
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer
from typer.main import get_command
from typer.testing import CliRunner

from explorer.checkpoints.card import read_card
from explorer.checkpoints.files import CARD_KEY, DETECTOR_KEY
from explorer.cli import app, train
from explorer.core.errors import CheckpointError, ExplorerError
from explorer.recipe import Recipe
from tests.conftest import ROOT

READING = ("train", "evaluate", "encode", "reconstruct", "score", "interpolate", "export", "data show", "detector fit")
MET_IN = {
    "explorer/io/photo_files": ("denoise",),
    "explorer/denoising": ("denoise",),
    "explorer/io": READING,
    "explorer/data": READING,
    "explorer/training": ("train",),
    "explorer/novelty": ("detector fit", "detector update", "score"),
}
"""Where a text stands, and the commands that can show it."""


def _commands(command: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    if hasattr(command, "commands"):
        for name, inner in command.commands.items():
            yield from _commands(inner, (*words, name))
    else:
        yield " ".join(words), command


COMMANDS = dict(_commands(get_command(app)))
FLAGS = {
    name: {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    for name, command in {"": get_command(app), **COMMANDS}.items()
}


def _texts(path: Path) -> Iterator[str]:
    """Texts of a file for people: its strings but docstrings, with {} for what is filled in."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    pieces = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and isinstance(node.body[0], ast.Expr):
            pieces.add(id(node.body[0].value))
        if isinstance(node, ast.JoinedStr):
            pieces |= {id(value) for value in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(v.value) if isinstance(v, ast.Constant) else "{}" for v in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in pieces:
            yield node.value


def _flags_in(text: str) -> set[str]:
    return set() if "<" in text or "style=" in text else set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text))


@functools.cache
def all_texts() -> dict[str, list[str]]:
    """Those of each file of the program; read by the tests that ask, not by every process that collects them."""
    files = sorted((ROOT / "explorer").rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): list(_texts(path)) for path in files}


def test_every_flag_in_a_text_is_one_of_the_commands_that_can_show_it() -> None:
    wrong = []
    for file, texts in all_texts().items():
        folder = next((folder for folder in MET_IN if file.startswith(f"{folder}/")), None)
        for text in texts:
            met_in = MET_IN[folder] if folder else ()
            for flag in _flags_in(text.replace("/--", " --")):
                known = all(flag in FLAGS[name] for name in met_in) if met_in else flag in set().union(*FLAGS.values())
                # A detector's own flags are known to one of its commands.
                if folder == "explorer/novelty":
                    known = any(flag in FLAGS[name] for name in met_in)
                if named := re.search(rf"explorer ({'|'.join(COMMANDS)}) [^,;`]*{flag}\b", text):
                    known = flag in FLAGS[named[1]]
                if not known:
                    wrong.append(f"{file}: {flag} in {text!r}")
    assert sum(len(_flags_in(text)) for texts in all_texts().values() for text in texts) > 60
    assert wrong == []


def test_every_command_in_a_text_is_whole() -> None:
    """With all that it needs: pasted as it stands, it starts."""
    seen, wrong = 0, []
    names = "|".join(sorted(COMMANDS, key=len, reverse=True))
    for file, texts in all_texts().items():
        for text in texts:
            for match in re.finditer(rf"python -m explorer ({names})\b([^`\n]*)", text):
                seen += 1
                command, words = COMMANDS[match[1]], match[2].rstrip(".`").replace("{}", "x").split(", ")[0]
                given = shlex.split(words)
                arguments = [word for i, word in enumerate(given) if word[0] != "-" and given[i - 1 : i] not in _VALUED]
                needed = [p for p in command.params if p.required]
                missing = [p.name for p in needed if p.param_type_name == "option" and not set(p.opts) & set(given)]
                if len(arguments) < sum(p.param_type_name == "argument" for p in needed) or missing:
                    wrong.append(f"{file}: {match[0]!r}")
                wrong += [f"{file}: {flag} of {match[1]}" for flag in _flags_in(words) if flag not in FLAGS[match[1]]]
    assert seen > 8
    assert wrong == []


_VALUED = [["--out"], ["--run-dir"]]


@pytest.mark.parametrize("setting", ["model.batch_norm=false", "training.batch_size=2", "training.clip_norm=1"])
def test_fields_that_hints_of_training_name_can_be_set(setting: str) -> None:
    recipe = Recipe.parse({"name": "a", "model": {"family": "convolutional"}})
    assert recipe.with_settings([setting])


@pytest.mark.parametrize(("field", "words"), [("crop", "data.crop=0"), ("augment", "data.augment=false")])
def test_crops_can_be_taken_back_as_their_hint_says(field: str, words: str) -> None:
    recipe = Recipe.parse(
        {"name": "a", "model": {"family": "photo"}, "data": {"dataset": "digits", "crop": 4, "augment": True}}
    )
    changed = recipe.with_settings([words])
    assert getattr(changed.data, field) in (0, False)


def test_a_detector_in_a_checkpoints_place_names_a_command_that_takes_it() -> None:
    with pytest.raises(CheckpointError) as caught:
        read_card({DETECTOR_KEY: "{}"}, "d.safetensors")
    assert CARD_KEY not in str(caught.value)
    assert "python -m explorer score d.safetensors INPUT --out scores.csv" in caught.value.hint


def test_an_unknown_name_is_one_line_with_a_hint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for arguments in (["show", "nope"], ["train", "nope.toml"], ["data", "show", "nope"], ["data", "fetch", "nope"]):
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code in (1, 2)
        assert not isinstance(result.exception, ExplorerError)
        assert result.stderr.startswith("Error: ")


def test_the_line_that_goes_on_with_a_paused_run_can_be_pasted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "my runs" / "it's here"
    recipe = Recipe.parse({"model": {"family": "undercomplete"}})
    with pytest.raises(typer.Exit):
        train._conclude(recipe, folder, None, None, False)
    _, line = capsys.readouterr().err.strip().split("Go on with: ")
    recipe_path, run_dir = str(folder / "recipe.toml"), str(folder)
    assert shlex.split(line) == ["explorer", "train", recipe_path, "--run-dir", run_dir, "--resume"]
