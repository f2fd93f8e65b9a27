"""What holds for every component: messages and reports travel whole, strange fields are refused, no field is idle."""

from __future__ import annotations

import itertools
import json
import re
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel, ValidationError

from explorer.browser import declarations
from explorer.browser.components import COMPONENTS
from explorer.browser.envelope import ALIGNMENT, digest
from explorer.browser.schema import Component, Message, Report, Section
from tests.messages.browser import opened, sections
from tests.messages.examples import MESSAGES, REPORTS

SCRIPTS = Path(declarations.__file__).parent
REPORT_TYPES = {report for component in COMPONENTS for report in (*component.states, *component.events)}


def named(value: object) -> str:
    return type(value).__name__


def models(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], BaseModel]]:
    """A message and every part in it, with the way to each."""
    if isinstance(value, BaseModel):
        yield path, value
        for name in type(value).model_fields:
            yield from models(getattr(value, name), (*path, name))
    elif isinstance(value, tuple):
        for i, part in enumerate(value):
            yield from models(part, (*path, i))


def test_there_is_an_example_of_everything_with_no_field_left_empty() -> None:
    assert {type(message) for message in MESSAGES} == {component.message for component in COMPONENTS}
    assert {type(report) for report in REPORTS} == REPORT_TYPES
    empty = {
        f"{type(part).__name__}.{name}"
        for message in MESSAGES
        for _, part in models(message)
        for name in type(part).model_fields
        if (value := getattr(part, name)) is None or (isinstance(value, tuple) and not value)
    }
    assert empty == {"VerdictLimit.limit"}, "the last verdict has no limit"


@pytest.mark.parametrize("message", MESSAGES, ids=named)
def test_a_message_comes_back_as_it_was_sent(message: Message) -> None:
    sealed = message.seal()
    again = type(message).model_validate(opened(sealed))
    assert again.seal() == sealed
    for (_, sent), (_, back) in zip(models(message), models(again), strict=True):
        for name in type(sent).model_fields:
            value = getattr(sent, name)
            if not isinstance(value, BaseModel | tuple):
                np.testing.assert_array_equal(getattr(back, name), value)


@pytest.mark.parametrize("message", MESSAGES, ids=named)
def test_every_section_is_whole_aligned_and_named_by_its_content(message: Message) -> None:
    blob = message.seal()
    start = 4 + int.from_bytes(blob[:4], "little")
    payloads = [
        value if isinstance(value, bytes) else value.tobytes()
        for _, part in models(message)
        for value in [getattr(part, name) for name in type(part).model_fields]
        if isinstance(value, bytes | np.ndarray)
    ]
    listed = sections(blob)
    assert start % ALIGNMENT == 0
    assert sorted(blob[start + at : start + at + size] for at, size, *_ in listed) == sorted(payloads)
    assert all(at % ALIGNMENT == 0 for at, *_ in listed)
    assert [name for _, _, name, *_ in listed] == [digest(blob[start + a : start + a + n]) for a, n, *_ in listed]
    ends = sorted((at, at + size) for at, size, *_ in listed)
    assert all(end <= following for (_, end), (following, _) in itertools.pairwise(ends))


@pytest.mark.parametrize("message", MESSAGES, ids=named)
def test_an_unknown_field_is_refused_wherever_it_stands(message: Message) -> None:
    for path, _ in models(message):
        values = opened(message.seal())
        part = values
        for step in path:
            part = part[step]
        part["unknown"] = 1
        with pytest.raises(ValidationError, match="unknown"):
            type(message).model_validate(values)


@pytest.mark.parametrize("report", REPORTS, ids=named)
def test_a_report_is_read_whole_or_not_at_all(report: Report) -> None:
    said = json.loads(report.model_dump_json())
    assert type(report).read(said) == report
    assert type(report).read(said | {"unknown": 1}) is None
    for name in said:
        assert type(report).read({field: value for field, value in said.items() if field != name}) is None
        for wrong in ([[]], {"a": []}, float("nan"), float("inf")):
            assert type(report).read(said | {name: wrong}) is None, (name, wrong)
    for wrong in (None, [], "text", 3, {}):
        assert type(report).read(wrong) is None


def test_nothing_of_a_message_can_be_changed() -> None:
    for message in MESSAGES:
        for name in type(message).model_fields:
            with pytest.raises(ValidationError, match="frozen"):
                setattr(message, name, None)


# --- The scripts ------------------------------------------------------------------------------------------------------


def test_the_types_of_the_scripts_are_those_of_the_models() -> None:
    written = declarations.FILE.read_text("utf-8")
    assert written == declarations.declarations(), "run: python -m explorer.browser.declarations"


def script_of(component: Component) -> str:
    """The script of a component with all that it imports, comments left out."""
    folder = next(f for f in (SCRIPTS / component.name, SCRIPTS / "scenes" / component.name) if f.is_dir())
    waiting, text = [folder / "index.js"], {}
    while waiting:
        file = waiting.pop().resolve()
        if file in text:
            continue
        text[file] = re.sub(r"/\*.*?\*/|//[^\n]*", "", file.read_text("utf-8"), flags=re.DOTALL)
        waiting += [file.parent / name for name in re.findall(r"from '(\.[^']*\.js)'", text[file])]
    return "\n".join(text.values())


def parts_of(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models in a field's type."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        for field in annotation.model_fields.values():
            if not any(isinstance(mark, Section) for mark in field.metadata):
                yield from parts_of(field.annotation)
    elif typing.get_origin(annotation) in (tuple, list, dict, typing.Union, types.UnionType):
        for argument in typing.get_args(annotation):
            yield from parts_of(argument)


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda component: component.name)
def test_every_field_is_read_by_its_script(component: Component) -> None:
    script = script_of(component)
    fields = {name for part in parts_of(component.message) for name in part.model_fields}
    assert sorted(name for name in fields if not re.search(rf"\b{name}\b", script)) == []
    assert [said.NAME for said in (*component.states, *component.events) if f"'{said.NAME}'" not in script] == []
