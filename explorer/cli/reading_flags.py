"""The flags that say how a command's input is read, and the value that they become."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable
from typing import Annotated, Any

import typer

from explorer.cli.reading import Reading
from explorer.core.errors import DataError

MAX_DELIMITER = 5
"""Signs between two cells, at most."""
_PANEL = "How a table is read (found from the file where it is not said)"


def _option(*flags: str, text: str, metavar: str = "COLUMN", panel: str = _PANEL) -> Any:
    return typer.Option(*flags, help=text, metavar=metavar, rich_help_panel=panel)


_IMAGES_PANEL = "How images are read (found from all of them where it is not said)"
_OF_IMAGES: dict[str, tuple[str, str, type]] = {
    "white": ("The number that is white, such as 4095.", "NUMBER", float),
    "black": ("The number that is black.", "NUMBER", float),
    "axes": ("Of an array: NHWC, NCHW, NHW, NWH, HWCN, CHWN, HWN, HWC, CHW or HW.", "LETTERS", str),
    "size": ("Of all images: HEIGHTxWIDTH, or one number for squares.", "SIZE", str),
    "channels": ("1: grey, 3: colour, or as many as the images have.", "N", int),
    "fit": ("For images of another shape: cut (the middle), border, or tiles.", "HOW", str),
    "layout": ("Of their folders: none (they are labels), splits, or mvtec.", "NAME", str),
    "pages": ("Of a file with several pictures: first, or all.", "WHICH", str),
}
_OPTIONS: dict[str, tuple[Any, Any]] = {
    "label": (
        Annotated[str | None, _option("--label", "--labels", text="The column of labels; none: there is none.")],
        None,
    ),
    "no_label": (
        Annotated[bool, typer.Option("--no-label", help="No column holds labels.", rich_help_panel=_PANEL)],
        False,
    ),
    "ids": (Annotated[list[str] | None, _option("--id", text="A column that names rows; may be repeated.")], None),
    "ignore": (Annotated[list[str] | None, _option("--ignore", text="A column to leave out; may be repeated.")], None),
    "meta": (
        Annotated[list[str] | None, _option("--meta", text="A column that goes along unread; may be repeated.")],
        None,
    ),
    "time": (Annotated[list[str] | None, _option("--time", text="A column of times; may be repeated.")], None),
    "numbers": (
        Annotated[list[str] | None, _option("--number", text="A column to learn from as numbers; may be repeated.")],
        None,
    ),
    "counts": (
        Annotated[
            list[str] | None,
            _option("--count", text="A column to learn from as counts (whole, from 0 on); may be repeated."),
        ],
        None,
    ),
    "categories": (
        Annotated[
            list[str] | None, _option("--category", text="A column to learn from as categories; may be repeated.")
        ],
        None,
    ),
    "dates": (
        Annotated[
            list[str] | None,
            _option("--date", text="A column to learn from as dates (hour, day of week and year, age)."),
        ],
        None,
    ),
    "inputs": (
        Annotated[list[str] | None, _option("--input", text="A column to learn from all the same; may be repeated.")],
        None,
    ),
    "delimiter": (
        Annotated[
            str | None,
            _option("--delimiter", text="Between cells: one sign or several, as ~ or ||; tab; space.", metavar="SIGN"),
        ],
        None,
    ),
    "decimal": (Annotated[str | None, _option("--decimal", text="The decimal sign: . or ,", metavar="SIGN")], None),
    "thousands": (
        Annotated[str | None, _option("--thousands", text="Groups digits: . , ' or a space.", metavar="SIGN")],
        None,
    ),
    "header": (
        Annotated[
            bool | None,
            typer.Option(
                "--header/--no-header", help="Whether the first row names the columns.", rich_help_panel=_PANEL
            ),
        ],
        None,
    ),
    "units": (
        Annotated[
            bool | None,
            typer.Option(
                "--units/--no-units", help="Whether the row below the header names units.", rich_help_panel=_PANEL
            ),
        ],
        None,
    ),
    "lines_above": (
        Annotated[int | None, _option("--lines-above", text="Lines above the table to pass over.", metavar="N")],
        None,
    ),
    "lines_below": (
        Annotated[int | None, _option("--lines-below", text="Lines at the end to leave out; 0: none.", metavar="N")],
        None,
    ),
    "quote": (
        Annotated[
            str | None,
            _option(
                "--quote", text='Around cells: ", \', none, or \\" where that is a quote within one.', metavar="SIGN"
            ),
        ],
        None,
    ),
    "day_first": (
        Annotated[
            bool | None,
            typer.Option(
                "--day-first/--month-first", help="What comes first in dates such as 1/2/2024.", rich_help_panel=_PANEL
            ),
        ],
        None,
    ),
    "missing": (
        Annotated[
            list[str] | None,
            _option("--missing", text="A cell that holds nothing, as -999; may be repeated.", metavar="TEXT"),
        ],
        None,
    ),
    "widths": (
        Annotated[
            str | None,
            _option("--widths", text="Of cells at fixed places, in letters, such as 16,5,6.", metavar="N,N"),
        ],
        None,
    ),
    "encoding": (Annotated[str | None, _option("--encoding", text="Such as utf-8 or cp1252.", metavar="NAME")], None),
}


_OPTIONS |= {
    name: (Annotated[kind | None, _option(f"--{name}", text=text, metavar=metavar, panel=_IMAGES_PANEL)], None)
    for name, (text, metavar, kind) in _OF_IMAGES.items()
}

Keep = Annotated[
    list[str] | None,
    typer.Option(
        "--keep", metavar="COLUMN", help="A column of the table to write too; may be repeated; all: every column."
    ),
]


def reads_input(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the flags that say how its input is read; it gets them as its argument ``reading``."""
    return _with_flags(command, _OPTIONS)


def reads_images(command: Callable[..., None]) -> Callable[..., None]:
    """As ``reads_input``, of a command that takes images alone."""
    return _with_flags(command, {name: _OPTIONS[name] for name in _OF_IMAGES})


def _with_flags(command: Callable[..., None], options: dict[str, tuple[Any, Any]]) -> Callable[..., None]:
    nothing = {name: default for name, (_, default) in _OPTIONS.items()}

    @functools.wraps(command)
    def with_flags(**given: Any) -> None:
        said = {name: given.pop(name) for name in options}
        command(**given, reading=_reading(**(nothing | said)))

    signature = inspect.signature(command, eval_str=True)
    kept = [p for p in signature.parameters.values() if p.name != "reading"]
    flags = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, (annotation, default) in options.items()
    ]
    as_keywords = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in kept]
    with_flags.__signature__ = signature.replace(parameters=[*as_keywords, *flags])  # type: ignore[attr-defined]
    with_flags.__annotations__ = {p.name: p.annotation for p in [*as_keywords, *flags]} | {"return": None}
    del with_flags.__wrapped__  # typer is to see these flags, not the command's own parameters
    return with_flags


def _reading(
    *,
    label: str | None,
    no_label: bool,
    ids: list[str] | None,
    ignore: list[str] | None,
    meta: list[str] | None,
    time: list[str] | None,
    numbers: list[str] | None,
    counts: list[str] | None,
    categories: list[str] | None,
    dates: list[str] | None,
    inputs: list[str] | None,
    delimiter: str | None,
    decimal: str | None,
    thousands: str | None,
    header: bool | None,
    units: bool | None,
    lines_above: int | None,
    lines_below: int | None,
    quote: str | None,
    day_first: bool | None,
    missing: list[str] | None,
    widths: str | None,
    encoding: str | None,
    size: str | None,
    **images: Any,
) -> Reading:
    from pydantic import ValidationError

    from explorer.io.images.asked import ImagesAsked
    from explorer.io.tables.asked import RolesAsked
    from explorer.io.tables.dialect import Asked

    try:
        dialect = Asked.model_validate(
            {
                "delimiter": None if delimiter is None else _delimiter(delimiter),
                "decimal": decimal,
                "thousands": thousands,
                "header": header,
                "units": units,
                "lines_above": lines_above,
                "lines_below": lines_below,
                "quote": "" if quote == "none" else quote,
                "encoding": encoding,
                "widths": () if widths is None else tuple(part.strip() for part in widths.split(",")),
                "missing": tuple(missing or ()),
                "day_first": day_first,
            }
        )
        of_images = ImagesAsked.model_validate({"size": None if size is None else _size(size), **images})
    except ValidationError as error:
        first = error.errors()[0]
        said = f"--{first['loc'][0]}: {first['input']!r} cannot be used." if first["loc"] else "The flags do not fit."
        raise DataError(said, str(first["msg"]).removeprefix("Value error, ")) from error
    return Reading(
        dialect,
        RolesAsked(
            label="" if no_label else label,
            inputs=tuple(inputs or ()),
            identifier=tuple(ids or ()),
            metadata=tuple(meta or ()),
            time=tuple(time or ()),
            numbers=tuple(numbers or ()),
            counts=tuple(counts or ()),
            categories=tuple(categories or ()),
            dates=tuple(dates or ()),
            ignore=tuple(ignore or ()),
        ),
        of_images,
    )


def _delimiter(text: str) -> str:
    r"""The sign or signs that are meant by a word, as ``\x01``, or as they are.

    Raises:
        DataError: they are none.
    """
    signs = {"tab": "\t", "space": " ", "comma": ",", "semicolon": ";", "colon": ":", "bar": "|"}
    sign = signs.get(text, text)
    if "\\" in sign:
        sign = re.sub(r"\\t|\\x([0-9a-f]{2})", lambda match: chr(int(match[1], 16)) if match[1] else "\t", sign)
    if not sign or len(sign) > MAX_DELIMITER or (sign.isascii() and sign.isalnum()) or {*sign} & {"\n", "\r", '"'}:
        raise DataError(
            f"{text!r} is no delimiter.", f"Give one sign or up to {MAX_DELIMITER}, as '||', or tab, space, or '\\x01'."
        )
    return sign


def _size(text: str) -> tuple[int, ...]:
    """(height, width) of "28x32" or "28".

    Raises:
        DataError: it is no size.
    """
    sides = text.lower().replace("×", "x").split("x")
    if not all(side.strip().isdecimal() and int(side) for side in sides) or len(sides) > 2:
        raise DataError(f"--size: {text!r} is no size.", "Give HEIGHTxWIDTH in pixels, such as 28x28.")
    return int(sides[0]), int(sides[-1])
