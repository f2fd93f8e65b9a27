"""Each part of a contract has a control where it is shown, and the control acts: a field without one fails here."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from explorer import data
from explorer.data import ImportOptions
from explorer.io.images.asked import ImagesAsked
from explorer.io.images.contract import ImageContract
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.contract import TableContract
from explorer.io.tables.dialect import Asked, Dialect
from explorer.io.tables.roles import ASKED
from explorer.ui.widgets import read_as

TABLE = "a;b;when\n" + "".join(f"{n % 7},5;{n * 3 % 11};{n % 9 + 1}/{n % 11 + 1}/2024\n" for n in range(60))
OF_TABLES: dict[str, tuple[str, str, Any]] = {
    "encoding": ("Encoding", "cp1252", "cp1252"),
    "delimiter": ("Delimiter", ",", ","),
    "decimal": ("Decimal sign", ".", "."),
    "thousands": ("Between thousands", ".", "."),
    "header": ("The first row", False, False),
    "units": ("The row below it", True, True),
    "lines_above": ("Lines above it", 2, 2),
    "lines_below": ("Lines below it", 1, 1),
    "quote": ("Quotes", "'", "'"),
    "missing": ("Also missing", "-999, n/k", ("-999", "n/k")),
    "widths": ("Widths of cells", "4, 5", (4, 5)),
    "day_first": ("Dates such as 1/2/2024", True, True),
}
"""Field of what can be said -> label of its control, what is set there, and what is then said."""
OF_IMAGES: dict[str, tuple[dict[str, Any], Any]] = {
    "white": ({"White": 300.0}, 300),
    "black": ({"Black": 7.0}, 7),
    "axes": ({"Axes": "NWH"}, "NWH"),
    "size": ({"Height": 5, "Width": 6}, (5, 6)),
    "channels": ({"Channels": 3}, 3),
    "fit": ({"Of another shape": "border"}, "border"),
    "layout": ({"Folders": "none"}, "none"),
    "pages": ({"Of a file with several pictures": "all"}, "all"),
}


def script(key: str) -> None:
    import streamlit as st

    from explorer.ui.widgets import read_as

    contract, said = st.session_state["given"]
    st.session_state["changed"] = read_as.read_as(contract, None, said, key)


def changed(contract: TableContract | ImageContract, settings: dict[str, Any]) -> ImportOptions:
    """What is said after these controls were set."""
    app = AppTest.from_function(script, args=("k",), default_timeout=30)
    app.session_state["given"] = (contract, ImportOptions())
    app.run()
    controls = [*app.selectbox, *app.number_input, *app.text_input]
    for label, value in settings.items():
        [control] = [control for control in controls if control.label == label]
        control.set_value(value)
    [again] = [button for button in app.button if button.label == "Read it again"]
    again.click().run()
    assert not app.exception
    said: ImportOptions = app.session_state["changed"]
    return said


def table() -> TableContract:
    asked = Asked(delimiter=";", decimal=",")
    return data.from_upload(
        "t.csv", TABLE.encode(), options=ImportOptions(dialect=asked, roles=RolesAsked(dates=("when",)))
    ).contract  # type: ignore[return-value]


def images(field: str) -> ImageContract:
    if field == "axes":
        content = io.BytesIO()
        np.savez(content, x=np.arange(8 * 9 * 10, dtype=np.uint8).reshape(8, 9, 10))
        return data.from_upload("t.npz", content.getvalue()).contract  # type: ignore[return-value]
    if field == "layout":
        return folder({f"{part}/{i}.png": png(i) for part in ("train", "test") for i in range(4)})
    frames = [Image.new("L", (8, 8), 40 * i) for i in range(5)]
    content = io.BytesIO()
    frames[0].save(content, "TIFF", save_all=True, append_images=frames[1:])
    return folder({"a.tif": content.getvalue(), "b.png": png(1)})


def png(grey: int) -> bytes:
    content = io.BytesIO()
    Image.fromarray(np.full((8, 8), 30 * grey, np.uint8)).save(content, "PNG")
    return content.getvalue()


def folder(files: dict[str, bytes]) -> ImageContract:
    import zipfile

    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, file in files.items():
            archive.writestr(name, file)
    return data.from_upload("t.zip", content.getvalue()).contract  # type: ignore[return-value]


def test_nothing_that_can_be_said_lacks_a_control() -> None:
    assert set(OF_TABLES) == set(Asked.model_fields)
    assert set(OF_IMAGES) == set(ImagesAsked.model_fields)
    assert {"label", *ASKED} == set(RolesAsked.model_fields), "each role of a column has its field"
    assert set(read_as.ROLES) == {"label", *(role for role in ASKED.values() if role)}, "and stands in the table"


def test_each_part_of_a_contract_can_be_said_or_follows_from_what_is_read() -> None:
    counted = {"kind", "items", "files", "reshaped", "resized", "left_out", "layout_line", "normal"}
    assert set(ImageContract.model_fields) - counted - {"findings", "remarks", "scales"} <= set(
        ImagesAsked.model_fields
    )
    counted = {"kind", "rows", "ragged", "first_ragged", "empty", "repeated", "stray", "first_stray", "findings"}
    assert set(TableContract.model_fields) - counted == {"dialect", "columns"}
    assert set(Dialect.model_fields) - {"packing"} <= set(Asked.model_fields), "packing is told by the file's bytes"


@pytest.mark.slow
@pytest.mark.parametrize("field", OF_TABLES)
def test_every_field_of_a_table_acts(field: str) -> None:
    label, value, said = OF_TABLES[field]
    contract = table()
    if field == "day_first":
        assert [finding for finding in contract.findings if "day" in finding.what], "or there is nothing to choose"
    assert getattr(changed(contract, {label: value}).dialect, field) == said


@pytest.mark.slow
@pytest.mark.parametrize("field", OF_IMAGES)
def test_every_field_of_images_acts(field: str) -> None:
    settings, said = OF_IMAGES[field]
    assert getattr(changed(images(field), settings).images, field) == said
