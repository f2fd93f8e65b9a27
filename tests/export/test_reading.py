"""What was said of a reading, as flags and as Python: the command line and Python themselves say what these mean."""

from __future__ import annotations

import typing
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from explorer.cli.reading import Reading
from explorer.cli.reading_flags import reads_input
from explorer.data import ImportOptions
from explorer.export.reading import options_code, table_flags
from explorer.io.images.asked import ImagesAsked
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.dialect import Asked, Quote
from explorer.io.tables.numbers import Decimal, Thousands
from explorer.io.tables.roles import ASKED

names = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=8)
dialects = st.builds(
    Asked,
    encoding=st.none() | st.sampled_from(["utf-8", "cp1252", "utf-16"]),
    delimiter=st.none() | st.sampled_from([",", ";", "\t", "|", " ", "#"]),
    decimal=st.none() | st.sampled_from(typing.get_args(Decimal)),
    thousands=st.none() | st.sampled_from(typing.get_args(Thousands)),
    header=st.none() | st.booleans(),
    units=st.none() | st.booleans(),
    lines_above=st.none() | st.integers(0, 30),
    lines_below=st.none() | st.integers(0, 9),
    quote=st.none() | st.sampled_from(typing.get_args(Quote)),
    widths=st.lists(st.integers(1, 20), max_size=3).map(tuple),
)
roles = st.builds(
    RolesAsked,
    label=st.none() | st.just("") | names,
    **{field: st.lists(names, max_size=2).map(tuple) for field in ASKED},
)


def heard(*flags: str) -> Reading:
    """What the command line makes of flags."""
    app, readings = typer.Typer(), []

    @app.command()
    @reads_input
    def command(*, reading: Reading) -> None:
        readings.append(reading)

    result = CliRunner().invoke(app, list(flags))
    assert result.exit_code == 0, result.output
    return readings[0]


@pytest.mark.slow
@given(dialects, roles)
def test_the_command_line_hears_what_was_said(dialect: Asked, said: RolesAsked) -> None:
    assert heard(*table_flags(dialect, said)) == Reading(dialect, said, ImagesAsked())


@given(dialects, roles)
def test_the_lines_of_python_make_the_same_options(dialect: Asked, said: RolesAsked) -> None:
    wanted = ImportOptions(dialect=dialect, roles=said)
    scope: dict[str, Any] = {}
    exec("\n".join(options_code(wanted)), scope)  # noqa: S102 - our own lines
    assert scope.get("options", ImportOptions()) == wanted


def test_nothing_said_needs_no_words() -> None:
    assert table_flags(Asked(), RolesAsked()) == ()
    assert options_code(ImportOptions()) == []
