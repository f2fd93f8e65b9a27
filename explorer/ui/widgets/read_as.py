"""Read as: how an input was read, in one line, with all that can be said to have it read otherwise."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast, get_args

import pyarrow as pa
import streamlit as st

from explorer.data.base import ImportReport
from explorer.data.importing import ImportOptions
from explorer.export.reading import image_flags, options_code, table_flags
from explorer.io.contract import Contract
from explorer.io.findings import Finding
from explorer.io.images.asked import ImagesAsked
from explorer.io.images.contract import ImageContract
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.below import BELOW
from explorer.io.tables.contract import TableContract
from explorer.io.tables.dates import ORDER_OF_DATES
from explorer.io.tables.dialect import DELIMITERS, ENCODING, QUOTES, SIGNS, Asked, Dialect, DialectFinding, said_as
from explorer.io.tables.labels import LabelFinding
from explorer.io.tables.letters import ENCODINGS
from explorer.io.tables.roles import ASKED, ColumnRole, Role
from explorer.ui.widgets import images_read_as
from explorer.ui.widgets.text import plain, with_code

ROLES: dict[Role, str] = {
    "number": "number input",
    "count": "count input",
    "category": "category input",
    "date": "date input",
    "label": "label",
    "identifier": "identifier",
    "time": "time",
    "metadata": "metadata",
    "left out": "left out",
}
"""What the page calls each role."""
HEADERS = {True: "has names", False: "is data"}
UNITS = {True: "has units", False: "is data"}
MAX_SHOWN = 40
"""Columns whose roles are shown without a press, at most."""
ABOVE = 30
"""Most lines above a table that can be set here."""
_SETS_COLUMNS = ("encoding", "delimiter", "header", "units", "lines_above", "quote", "widths")
"""Parts of a dialect that change which columns there are."""


def read_as(
    contract: Contract, report: ImportReport | None, said: ImportOptions, key: str, with_roles_shown: bool = False
) -> ImportOptions | None:
    """Show how an input was read, what was left out of it, and the controls that change it.

    Args:
        contract: how it was read.
        report: what was left out or converted.
        said: what was said of it so far.
        key: of the widgets; differs for different inputs on one page.
        with_roles_shown: whether what each column of a table is for stands there to be changed, without a press.

    Returns:
        What is said now, where that was changed just now; it is then to be read again.
    """
    st.caption(f"Read as: {with_code(contract.line)}")
    if with_roles_shown and isinstance(contract, TableContract) and len(contract.columns) <= MAX_SHOWN:
        roles = _roles_shown(contract, said, f"{key}.shown.{_digest(contract)}")
        if roles is not None:
            return replace(said, roles=roles)
    with st.container(horizontal=True):
        with st.popover("Change", icon=":material/tune:", help="How the file is written, and what each column is for."):
            changed = _controls(contract, said, f"{key}.{_digest(contract)}")
            changed = changed or _said_so_far(said, f"{key}.{_digest(contract)}")
        left_out(report)
    return changed


def _roles_shown(contract: TableContract, said: ImportOptions, key: str) -> RolesAsked | None:
    """The columns with their roles, each to be changed where it stands; what is said now, where one was."""
    before = [column.role for column in contract.columns]
    role = st.column_config.SelectboxColumn(
        options=list(ROLES), format_func=lambda role: ROLES[cast(Role, role)], required=True
    )
    edited: pa.Table = st.data_editor(
        pa.table({column.name: [column.role] for column in contract.columns}),
        key=key,
        hide_index=True,
        width="stretch",
        column_config={
            column.name: {**role, "label": column.name, "help": column.reason} for column in contract.columns
        },
    )
    st.caption("What each column is for: press one to change it.")
    chosen = [edited[column.name][0].as_py() for column in contract.columns]
    return None if chosen == before else with_roles(said.roles, contract.columns, chosen)


def left_out(report: ImportReport | None) -> None:
    """What was left out of an input or changed on the way in, one press away; nothing where all is as it was."""
    entries = () if report is None else (*report.left_out, *report.converted)
    if entries:
        with st.popover(f"Left out or changed: {len(entries):,}", icon=":material/filter_alt:"):
            what, why = zip(*entries, strict=True)
            st.dataframe({"What": what, "Why": why}, hide_index=True, height="content" if len(what) < 9 else 320)


def decide(
    finding: DialectFinding | LabelFinding, previews: Sequence[Mapping[str, Sequence[Any]]], key: str
) -> int | None:
    """Ask which of two readings is right, each with the first rows as it gives them.

    Args:
        finding: what can be read in two ways.
        previews: the first rows of each of its readings, column by column.
        key: of the widgets.

    Returns:
        The number of the chosen one, from 0; None until there is one.
    """
    st.warning(f"The {finding.what} cannot be told: {plain(finding.reason)}. Choose how to read it.")
    chosen = None
    readings: Sequence[Asked | RolesAsked] = finding.readings
    places = st.columns(len(previews))
    for number, (column, reading, preview) in enumerate(zip(places, readings, previews, strict=True)):
        with column:
            st.dataframe(preview, hide_index=True, alt=f"The first rows with {in_words(reading)}")
            if st.button(f"Read with {plain(in_words(reading))}", key=f"{key}.{number}", width="stretch", wrap=True):
                chosen = number
    return chosen


def in_words(reading: Asked | RolesAsked) -> str:
    """One of two readings in a few words, such as "decimal comma, points between thousands"."""
    if isinstance(reading, RolesAsked):
        inputs = [
            f"{column!r} as an input"
            for column in (*reading.inputs, *reading.numbers, *reading.counts, *reading.categories)
        ]
        inputs += [f"{column!r} as a name of rows" for column in reading.identifier]
        return ", ".join([*inputs, *([f"labels in {reading.label!r}"] if reading.label else [])])
    words = [] if reading.encoding is None else [f"letters in {ENCODINGS.get(reading.encoding, reading.encoding)}"]
    if reading.delimiter is not None:
        words.append(f"the delimiter {said_as(reading.delimiter)}")
    if reading.widths:
        words.append(f"cells of {', '.join(map(str, reading.widths))} letters")
    if reading.decimal is not None:
        words.append("decimal point" if reading.decimal == "." else "decimal comma")
    if reading.thousands:
        words.append(f"{SIGNS[reading.thousands]} between thousands")
    if reading.header is not None:
        words.append("names of columns in the first row" if reading.header else "no names in the first row")
    if reading.units is not None:
        words.append("units in the row below the names" if reading.units else "no units below the names")
    if reading.lines_above is not None:
        words.append(f"{reading.lines_above} lines above the table" if reading.lines_above != 1 else "1 line above it")
    if reading.lines_below is not None:
        words.append(f"{reading.lines_below} lines below the table" if reading.lines_below != 1 else "1 line below it")
    if reading.quote is not None:
        words.append(QUOTES[reading.quote])
    if reading.day_first is not None:
        words.append("the day before the month" if reading.day_first else "the month before the day")
    return ", ".join(words)


def flags(said: ImportOptions) -> str:
    """What was said, as flags of the command line; empty where nothing was."""
    return shlex.join((*table_flags(said.dialect, said.roles), *image_flags(said.images)))


# --- The controls ----------------------------------------------------------------------------------------------------


def _controls(contract: Contract, said: ImportOptions, key: str) -> ImportOptions | None:
    if isinstance(contract, ImageContract):
        images = images_read_as.controls(contract, said.images, key)
        return None if images is None else replace(said, images=images)
    with st.form(key, border=False):
        chosen = {} if contract.dialect is None else _dialect_fields(contract.dialect, contract.findings, key)
        chosen |= _order_of_dates(said.dialect, contract.findings, key)
        st.markdown("**What each column is for**")
        edited: pa.Table = st.data_editor(
            pa.table(
                {
                    "column": [column.name for column in contract.columns],
                    "role": [column.role for column in contract.columns],
                    "why": [column.reason for column in contract.columns],
                }
            ),
            key=f"{key}.roles",
            hide_index=True,
            disabled=["column", "why"],
            height=min(38 + 35 * len(contract.columns), 250),
            column_config={
                "column": "Column",
                "role": st.column_config.SelectboxColumn(
                    "Role",
                    options=list(ROLES),
                    format_func=lambda role: ROLES[cast(Role, role)],
                    required=True,
                    width="small",
                ),
                "why": "Why",
            },
        )
        if st.form_submit_button("Read it again", icon=":material/refresh:"):
            dialect = with_dialect(said.dialect, contract.dialect, chosen)
            if any(getattr(dialect, part) != getattr(said.dialect, part) for part in _SETS_COLUMNS):
                return replace(said, dialect=dialect, roles=RolesAsked())
            roles = with_roles(said.roles, contract.columns, edited["role"].to_pylist())
            return replace(said, dialect=dialect, roles=roles)
    return None


def _said_so_far(said: ImportOptions, key: str) -> ImportOptions | None:
    """What was said, as flags and as Python, and a way back to what was found."""
    if as_flags := flags(said):
        st.caption("What you set, for the command line:")
        st.code(as_flags, language="shell", wrap_lines=True)
        st.caption("In Python, with `explorer.dataset(path, options=options)`:")
        st.code("\n".join(options_code(said)), language="python", wrap_lines=True)
        if st.button("Back to what was found", key=f"{key}.found"):
            return replace(said, dialect=Asked(), roles=RolesAsked(), images=ImagesAsked())
    return None


def _dialect_fields(dialect: Dialect, findings: Sequence[Finding], key: str) -> dict[str, Any]:
    reasons = {finding.what: f"{finding.reason[0].upper()}{finding.reason[1:]}." for finding in findings}
    left, middle, right = st.columns(3)
    decimal = {".": "point", ",": "comma"}
    words = left.text_input(
        "Also missing",
        ", ".join(dialect.missing),
        key=f"{key}.missing",
        placeholder="-999, n/k",
        help="Cells that hold nothing, beside empty ones and the usual words; commas between them.",
    )
    widths = right.text_input(
        "Widths of cells",
        ", ".join(map(str, dialect.widths)),
        key=f"{key}.widths",
        placeholder="16, 5, 6",
        help="Of cells that stand at fixed places, in letters; commas between them. Empty: a sign stands between them.",
    )
    return {
        "delimiter": _select(left, "Delimiter", DELIMITERS, dialect.delimiter, reasons.get("delimiter"), key, new=True),
        "decimal": _select(middle, "Decimal sign", decimal, dialect.decimal, reasons.get("decimal sign"), key),
        "thousands": _select(right, "Between thousands", {"": "nothing", **SIGNS}, dialect.thousands, None, key),
        "header": _select(left, "The first row", HEADERS, dialect.header, reasons.get("header"), key),
        "units": _select(right, "The row below it", UNITS, dialect.units, None, key),
        "encoding": _select(middle, "Encoding", ENCODINGS, dialect.encoding, reasons.get(ENCODING), key),
        "lines_above": right.number_input(
            "Lines above it",
            0,
            max(ABOVE, dialect.lines_above),
            dialect.lines_above,
            key=f"{key}.above",
            help=reasons.get("lines above"),
        ),
        "lines_below": middle.number_input(
            "Lines below it",
            0,
            max(ABOVE, dialect.lines_below),
            dialect.lines_below,
            key=f"{key}.below",
            help=reasons.get(BELOW, "Totals, sources and remarks; empty lines are not counted."),
        ),
        "quote": _select(left, "Quotes", QUOTES, dialect.quote, None, key),
        "missing": _words_in(words),
        "widths": tuple(int(width) for width in _words_in(widths) if width.isdecimal() and int(width)),
    }


def _words_in(text: str) -> tuple[str, ...]:
    """What stands between commas."""
    return tuple(filter(None, map(str.strip, text.split(","))))


def _order_of_dates(said: Asked, findings: Sequence[Finding], key: str) -> dict[str, bool]:
    """Whether the day or the month comes first in dates that are written so, where that is now another than before."""
    order = next((finding for finding in findings if finding.what == ORDER_OF_DATES), None)
    if order is None and said.day_first is None:
        return {}
    before = said.day_first if order is None else order.value == "day first"
    words = {True: "day first", False: "month first"}
    value: bool = _select(st, "Dates such as 1/2/2024", words, before, None if order is None else order.reason, key)
    return {} if value == before else {"day_first": value}


def _role(role: Any) -> str:
    return ROLES[cast(Role, role)]


def _select(
    place: Any, label: str, words: dict[Any, str], value: Any, why: str | None, key: str, new: bool = False
) -> Any:
    """One of several values in words; ``new``: or another one, which is typed."""
    options = [*words, *([] if value in words else [value])]
    return place.selectbox(
        label, options, options.index(value), lambda one: words.get(one, str(one)), key=f"{key}.{label}", help=why,
        accept_new_options=new,
    )  # fmt: skip


def with_dialect(said: Asked, dialect: Dialect | None, chosen: dict[str, Any]) -> Asked:
    """What was said of a dialect, with what differs from how the table was read."""
    changed = {name: value for name, value in chosen.items() if value != getattr(dialect, name, None)}
    return said.model_copy(update=changed)


def with_roles(said: RolesAsked, columns: Sequence[ColumnRole], chosen: Sequence[str]) -> RolesAsked:
    """What was said of the columns, with the roles that differ from how the table was read.

    Args:
        said: what was said before.
        columns: how the table was read.
        chosen: the role of each column.
    """
    fields = {field: list(getattr(said, field)) for field in ASKED}
    field_of = {role: field for field, role in ASKED.items() if role is not None}
    label = said.label
    for column, role in zip(columns, chosen, strict=True):
        if role == column.role or role not in get_args(Role):
            continue
        for names in fields.values():
            if column.name in names:
                names.remove(column.name)
        if column.role == "label" and label in (None, column.name):
            label = ""
        if role != "label":
            fields[field_of[cast(Role, role)]].append(column.name)
    newly = [c.name for c, role in zip(columns, chosen, strict=True) if role == "label" and c.role != "label"]
    kept = {field: tuple(names) for field, names in fields.items()}
    return RolesAsked(label=newly[-1] if newly else label, **cast(Any, kept))


def _digest(contract: Contract) -> str:
    """So that the controls start anew where a table was read otherwise."""
    return hashlib.blake2b(contract.model_dump_json().encode(), digest_size=8).hexdigest()
