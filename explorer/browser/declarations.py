"""Writes ``messages.d.ts``: the messages and reports as types that the scripts are checked against.

python -m explorer.browser.declarations
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from explorer.browser.components import COMPONENTS
from explorer.browser.schema import TYPESCRIPT, Report

FILE = Path(__file__).with_name("messages.d.ts")
_HEAD = """\
// Written by `python -m explorer.browser.declarations` from each component's message.py: change that, and run it again.

/** An array or a file of a message. Equal digests mean equal bytes. */
export interface Section<A> {
  readonly digest: string;
  readonly shape: readonly number[];
  /** A copy of its values, one after the other. */
  read(): A;
}
"""
_TAIL = """\
/** Says what the hand did: a state is kept by Python and sent with every rerun, an event is told once. */
export type Say<Said> = <Name extends keyof Said>(name: Name, value: Said[Name]) => void;

/** Builds the view of a component in an empty element. */
export type Create<Name extends keyof Components> = (
  root: HTMLElement,
  report: Say<Components[Name]['states']>,
  tell: Say<Components[Name]['events']>,
) => { update(message: Components[Name]['message']): void; destroy(): void };
"""
_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def declarations() -> str:
    """The text of ``messages.d.ts``."""
    models = [m for c in COMPONENTS for m in (c.message, *c.states, *c.events)]
    # As they are written, so that a field with a default is always there.
    _, schema = models_json_schema([(m, "serialization") for m in dict.fromkeys(models)])
    interfaces = [_interface(name, definition) for name, definition in sorted(schema["$defs"].items())]
    return "\n".join([_HEAD, *interfaces, _components(), _TAIL])


def _interface(name: str, schema: Mapping[str, Any]) -> str:
    words = " ".join(schema.get("description", "").split("\n\n")[0].split())
    fields = [f"  {field}: {_type(about)};\n" for field, about in schema.get("properties", {}).items()]
    missing = schema.get("properties", {}).keys() - set(schema.get("required", ()))
    if missing:
        raise ValueError(f"{name} may lack {', '.join(sorted(missing))}; a script cannot rely on such a field.")
    return f"/** {words} */\nexport interface {name} {{\n{''.join(fields)}}}\n"


def _type(schema: Mapping[str, Any]) -> str:
    if TYPESCRIPT in schema:
        return str(schema[TYPESCRIPT])
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[1]
    if "anyOf" in schema:
        return " | ".join(_type(each) for each in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return " | ".join(json.dumps(value) for value in schema.get("enum", [schema.get("const")]))
    if "prefixItems" in schema:
        return f"[{', '.join(_type(each) for each in schema['prefixItems'])}]"
    if schema.get("type") == "array":
        item = _type(schema["items"])
        return f"({item})[]" if " | " in item else f"{item}[]"
    if schema.get("type") == "object" and "additionalProperties" in schema:
        return f"Record<string, {_type(schema['additionalProperties'])}>"
    return _PLAIN[schema["type"]]


def _components() -> str:
    lines = ["/** What each component's script gets, reports and tells. */", "export interface Components {"]
    for component in COMPONENTS:
        states, events = _said(component.states), _said(component.events)
        lines.append(
            f"  {component.name}: {{ message: {component.message.__name__}; states: {states}; events: {events} }};"
        )
    return "\n".join([*lines, "}\n"])


def _said(reports: Iterable[type[Report]]) -> str:
    fields = "; ".join(f"{report.NAME}: {report.__name__}" for report in reports)
    return f"{{ {fields} }}" if fields else "Record<never, never>"


if __name__ == "__main__":
    FILE.write_text(declarations(), "utf-8")
