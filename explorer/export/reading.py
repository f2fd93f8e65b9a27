"""What was said of how an input is read, as flags of the command line and as Python."""

from __future__ import annotations

from explorer.data.importing import ImportOptions
from explorer.export.program import said
from explorer.io.images.asked import ImagesAsked
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.dialect import Asked

_COLUMNS = {
    "inputs": "--input",
    "numbers": "--number",
    "counts": "--count",
    "categories": "--category",
    "dates": "--date",
    "identifier": "--id",
    "metadata": "--meta",
    "time": "--time",
    "ignore": "--ignore",
}


def table_flags(dialect: Asked, roles: RolesAsked) -> tuple[str, ...]:
    """The flags that say the same of a table: every command that reads one takes them."""
    flags: list[str] = []
    for name in ("encoding", "delimiter", "decimal", "thousands", "lines_above", "lines_below"):
        value = getattr(dialect, name)
        if value is not None:
            flags += [f"--{name.replace('_', '-')}", "tab" if value == "\t" else str(value)]
    if dialect.quote is not None:
        flags += ["--quote", dialect.quote or "none"]
    if dialect.widths:
        flags += ["--widths", ",".join(map(str, dialect.widths))]
    if dialect.header is not None:
        flags.append("--header" if dialect.header else "--no-header")
    if dialect.units is not None:
        flags.append("--units" if dialect.units else "--no-units")
    if dialect.day_first is not None:
        flags.append("--day-first" if dialect.day_first else "--month-first")
    for word in dialect.missing:
        flags += ["--missing", word]
    if roles.label is not None:
        flags += ["--label", roles.label] if roles.label else ["--no-label"]
    for name, flag in _COLUMNS.items():
        for column in getattr(roles, name):
            flags += [flag, column]
    return tuple(flags)


def image_flags(images: ImagesAsked) -> tuple[str, ...]:
    """The flags that say the same of images."""
    flags: list[str] = []
    for name, value in images:
        if value is not None:
            flags += [f"--{name}", "x".join(map(str, value)) if isinstance(value, tuple) else _number(value)]
    return tuple(flags)


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def options_code(options: ImportOptions) -> list[str]:
    """Lines of Python that make ``options`` of what was said; none where nothing was."""
    dialect, roles, images = said(options.dialect), said(options.roles), said(options.images)
    spoken = {"dialect": dialect, "roles": roles, "images": images}
    arguments = ", ".join(f"{name}={text}" for name, (_, text) in spoken.items() if text)
    if not arguments:
        return []
    imports = sorted(line for more, _ in spoken.values() for line in more)
    return ["from explorer.data import ImportOptions", *imports, "", f"options = ImportOptions({arguments})"]
