"""Every command that reads an input takes every flag that says how: a field or a command without one fails here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click
import pytest
import typer.main

from explorer.cli import app
from explorer.export.reading import image_flags, table_flags
from explorer.io.images.asked import ImagesAsked
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.dialect import Asked

EXAMPLES: dict[str, Any] = {
    "encoding": "cp1252", "delimiter": ";", "decimal": ",", "thousands": ".", "header": False, "units": True,
    "lines_above": 2,
    "lines_below": 1, "quote": "'",
    "missing": ("-9",), "widths": (4, 5), "day_first": False, "label": "kind", "white": 4095.0, "black": 1.0,
    "axes": "NHWC", "size": (4, 5), "channels": 2, "fit": "border", "layout": "splits", "pages": "all",
}  # fmt: skip
"""A value of each field; of the others, which hold names of columns, one name."""
READS_ALL = {
    "train",
    "folds",
    "sweep",
    "import",
    "evaluate",
    "encode",
    "reconstruct",
    "interpolate",
    "export",
    "report",
    "figure",
    "project",
    "score",
    "detector fit",
    "detector update",
    "detector export",
    "data show",
}
READS_IMAGES = {"denoise"}
READS_NOTHING = {"list", "show", "diagnose", "film", "sample", "app", "data list", "data fetch", "detector show"}
READS_NOTHING |= {"runs list", "runs compare", "give"}


def commands(group: click.Command, prefix: str = "") -> Iterator[tuple[str, click.Command]]:
    if isinstance(group, click.Group) or hasattr(group, "commands"):
        for name, command in group.commands.items():  # type: ignore[attr-defined]
            yield from commands(command, f"{prefix}{name} ")
    else:
        yield prefix.strip(), group


COMMANDS = dict(commands(typer.main.get_command(app)))


def spelled(command: str) -> set[str]:
    return {name for p in COMMANDS[command].params for name in (*p.opts, *p.secondary_opts)}


def flag_of(kind: type, field: str) -> str:
    value = EXAMPLES.get(field, ("column",))
    if kind is ImagesAsked:
        more = {"size": (4, 5)} if field == "fit" else {}
        said = image_flags(ImagesAsked(**{field: value, **more}))
    elif kind is Asked:
        said = table_flags(Asked(**{field: value}), RolesAsked())
    else:
        said = table_flags(Asked(), RolesAsked(**{field: value}))
    return next(flag for flag in said if flag.startswith("--") and (flag != "--size" or field == "size"))


FIELDS = [(kind, field) for kind in (Asked, RolesAsked, ImagesAsked) for field in kind.model_fields]


def test_each_command_is_known_for_what_it_reads() -> None:
    assert set(COMMANDS) == READS_ALL | READS_IMAGES | READS_NOTHING


@pytest.mark.parametrize(("kind", "field"), FIELDS, ids=[field for _, field in FIELDS])
def test_every_command_takes_the_flag_of_every_field(kind: type, field: str) -> None:
    readers = READS_ALL | (READS_IMAGES if kind is ImagesAsked else set())
    flag = flag_of(kind, field)
    assert [command for command in sorted(readers) if flag not in spelled(command)] == []


def test_values_follow_their_flags() -> None:
    assert table_flags(Asked(lines_above=2), RolesAsked(label="")) == ("--lines-above", "2", "--no-label")
    assert image_flags(ImagesAsked(size=(4, 5), white=4095.0)) == ("--white", "4095", "--size", "4x5")
