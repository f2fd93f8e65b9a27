"""Every row that leaves a command or a page says whose it is, and neither a broken file nor a ragged row moves a name.

The oracle is the picture, or the row, that was written under a name: it alone has that code.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from explorer import checkpoints, data
from explorer.checkpoints import Checkpoint
from explorer.cli import app
from explorer.data.item_names import item_keys, item_name
from explorer.io import images
from explorer.novelty.items import read_items
from explorer.ui.compare import compare_page
from explorer.ui.generate import interpolation_items
from explorer.ui.latent_space import item_search, map_downloads, selection_drawer
from explorer.ui.map import map_view, planes
from explorer.ui.novelty import scored_items
from explorer.ui.shell.session import Context
from explorer.views import colouring, map_contents

BROKEN, RAGGED, GAP = 4, 3, 6
"""Numbers, from 1, of the file that is no picture, of the row with too few cells and of that with a gap."""
Rows = list[dict[str, str]]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, digits_vae: Checkpoint, digits: data.Dataset) -> Path:
    """Twelve digits as PNG files, one broken, ten rows of a table, one ragged and one with a gap, and a model."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path / "models"))
    checkpoints.save(digits_vae, tmp_path / "models" / "vae.safetensors")
    (tmp_path / "set").mkdir()
    for i, picture in enumerate(digits.x[:12], 1):
        file = tmp_path / "set" / f"scan {i:02}.png"
        file.write_bytes(b"no picture" if i == BROKEN else images.png_bytes(picture))
    cancer = data.dataset("breast-cancer")
    lines = [["patient_id", *cancer.feature_names]]
    for i, row in enumerate(cancer.x[:10].tolist(), 1):
        cells = ["" if i == GAP and c == 2 else repr(value) for c, value in enumerate(row)]
        lines.append([f"P{97 * i % 89:03}", *(cells[:5] if i == RAGGED else cells)])
    with Path("rows.csv").open("w", newline="") as table:
        csv.writer(table).writerows(lines)
    return tmp_path


def called(*arguments: str) -> None:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == 0, result.output


def lines(text: str | bytes) -> Rows:
    return list(csv.DictReader(io.StringIO(text if isinstance(text, str) else text.decode())))


WHOLE_FILES = [f"scan {i:02}.png" for i in range(1, 13) if i != BROKEN]
WHOLE_ROWS = [i for i in range(1, 11) if i not in (RAGGED, GAP)]
PATIENTS = [f"P{97 * i % 89:03}" for i in WHOLE_ROWS]
TABLE_MODEL = "breast-cancer-undercomplete"


def opened(model: Checkpoint, source: str, **options: object) -> Context:
    dataset = data.dataset(source, options=data.ImportOptions(**options))  # type: ignore[arg-type]
    vectors = checkpoints.with_codes(model)
    return Context(vectors, dataset, np.arange(len(dataset)), f"all, n = {len(dataset)}")


@pytest.fixture
def pictures(digits_vae: Checkpoint) -> Context:
    return opened(digits_vae, "set")


@pytest.fixture
def rows() -> Context:
    model = checkpoints.load(TABLE_MODEL)
    return opened(model, "rows.csv", model_columns=model.card.data.feature_names)


# --- Commands --------------------------------------------------------------------------------------------------------


COMMANDS = ("encode", "reconstruct", "score")


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_commands_name_files(command: str, digits_vae: Checkpoint, digits: data.Dataset) -> None:
    called(command, "vae", "set", "--out", "out.csv", "--split", "all")
    written = lines(Path("out.csv").read_text())
    assert [row["item"] for row in written] == WHOLE_FILES
    called(command, "vae", "set", "--out", "out.npz", "--split", "all")
    with np.load("out.npz") as arrays:
        assert arrays["item"].tolist() == WHOLE_FILES
    if command == "encode":
        at = [int(name[5:7]) - 1 for name in WHOLE_FILES]
        codes = [[float(row["z1"]), float(row["z2"])] for row in written]
        np.testing.assert_allclose(codes, digits_vae.encode(digits.x[at]), atol=1e-5)
    if command == "reconstruct":
        called(command, "vae", "set", "--out", "pictures", "--split", "all")
        assert sorted(path.name for path in Path("pictures").iterdir()) == WHOLE_FILES


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_commands_name_rows(command: str) -> None:
    called(command, TABLE_MODEL, "rows.csv", "--out", "out.csv", "--split", "all")
    written = lines(Path("out.csv").read_text())
    assert [*written[0]][:2] == ["patient_id", "item"]
    assert [row["patient_id"] for row in written] == PATIENTS
    assert [int(row["item"]) for row in written] == WHOLE_ROWS
    called(command, TABLE_MODEL, "rows.csv", "--out", "out.npz", "--split", "all")
    with np.load("out.npz") as arrays:
        assert arrays["patient_id"].tolist() == PATIENTS


@pytest.mark.slow
def test_a_detector_names_both() -> None:
    called("detector", "fit", "breast-cancer", "--normal", "benign", "--scorer", "pca", "--out", "d.safetensors")
    called("score", "d.safetensors", "rows.csv", "--out", "out.csv")
    written = lines(Path("out.csv").read_text())
    with_gap = [i for i in range(1, 11) if i != RAGGED]  # a detector fills gaps
    assert [int(row["item"]) for row in written] == with_gap
    assert [row["patient_id"] for row in written] == [f"P{97 * i % 89:03}" for i in with_gap]
    called("detector", "fit", "digits", "--scorer", "pca", "--out", "d.safetensors")
    called("score", "d.safetensors", "set", "--out", "out.csv")
    assert [row["item"] for row in lines(Path("out.csv").read_text())] == WHOLE_FILES


@pytest.mark.slow
def test_arrays_are_numbered_alike_by_every_command(digits: data.Dataset) -> None:
    """From 1 in a file of one's own, where a broken image moves none; from 0 in registered data."""
    x = digits.x[:12].astype(np.float32)
    x[BROKEN - 1, 0, 2, 2] = np.nan
    np.savez("own.npz", x=x)
    whole = [str(i) for i in range(1, 13) if i != BROKEN]
    called("detector", "fit", "digits", "--scorer", "pca", "--out", "d.safetensors")
    for command, model in (("encode", "vae"), ("score", "vae"), ("score", "d.safetensors")):
        called(command, model, "own.npz", "--out", "out.csv", "--split", "all", "--white", "255")
        assert [row["item"] for row in lines(Path("out.csv").read_text())] == whole
        called(command, model, "digits", "--out", "out.csv", "--split", "test")
        assert [int(row["item"]) for row in lines(Path("out.csv").read_text())] == digits.splits.test.tolist()


# --- Pages -----------------------------------------------------------------------------------------------------------


def downloads(context: Context) -> dict[str, Callable[[], bytes]]:
    """Every file of items that the Latent space page gives away."""
    chosen = selection_drawer.selected(context, context.rows)
    return {
        "codes CSV": lambda: map_downloads.codes_csv(context),
        "codes NPZ": lambda: map_downloads.codes_npz(context, planes.plane(context)),
        "selection CSV": lambda: selection_drawer.table_csv(context, chosen),
        "selection NPZ": lambda: selection_drawer.arrays_npz(context, chosen),
    }


def named_in(content: bytes, column: str) -> list[str]:
    if content.startswith(b"PK"):
        with np.load(io.BytesIO(content)) as arrays:
            return [str(name) for name in arrays[column].tolist()]
    return [row[column] for row in lines(content)]


def test_downloads_name_files_and_rows(pictures: Context, rows: Context) -> None:
    for title, download in downloads(pictures).items():
        assert named_in(download(), "item") == WHOLE_FILES, title
    for title, download in downloads(rows).items():
        content = download()
        assert named_in(content, "item") == [str(i) for i in WHOLE_ROWS], title
        assert named_in(content, "patient_id") == PATIENTS, title
    packed = selection_drawer.pictures_zip(pictures)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.namelist() == WHOLE_FILES
        seventh = np.asarray(Image.open(archive.open("scan 07.png")).convert("L"))
    np.testing.assert_array_equal(seventh, data.dataset("digits").x[6, 0])


@pytest.mark.slow
def test_an_identifier_keeps_its_cells_beside_a_column_of_ours(folder: Path) -> None:
    text = Path("rows.csv").read_text().replace("patient_id", "item", 1)
    Path("rows.csv").write_text(text)
    called("encode", TABLE_MODEL, "rows.csv", "--out", "out.csv", "--split", "all", "--id", "item")
    assert [row["item (2)"] for row in lines(Path("out.csv").read_text())] == PATIENTS


def test_captions_name_files_and_rows(pictures: Context, rows: Context) -> None:
    fifth = WHOLE_FILES.index("scan 05.png")
    assert map_view.item_caption(pictures, fifth) == "scan 05.png"
    assert interpolation_items.caption(pictures, fifth) == "scan 05.png"
    assert item_name(rows.dataset, 2) == f"row {WHOLE_ROWS[2]}, patient_id {PATIENTS[2]}"
    assert item_keys(rows.dataset, np.array([2])) == [str(WHOLE_ROWS[2])]
    items = compare_page.items_for(pictures)
    assert compare_page._labels(items) == [WHOLE_FILES[row] for row in items.shown]


def test_items_are_found_by_their_names(pictures: Context, rows: Context) -> None:
    assert item_search.hits(pictures, "scan 05").positions.tolist() == [WHOLE_FILES.index("scan 05.png")]
    assert item_search.hits(rows, "row 7").positions.tolist() == [WHOLE_ROWS.index(7)], "the file's own number"
    assert item_search.hits(rows, PATIENTS[4]).positions.tolist() == [4]


@pytest.mark.slow
def test_novelty_names_files_and_rows(pictures: Context) -> None:
    called("detector", "fit", "digits", "--scorer", "pca", "--out", "d.safetensors")
    from explorer.novelty import detector

    fitted = detector.load("d.safetensors")
    assert list(read_items(fitted, pictures.dataset).names) == WHOLE_FILES
    assert scored_items.read_items is read_items, "the page reads them so"


def test_identifiers_that_count_along_say_nothing_more() -> None:
    text = "id,a,b\n" + "".join(f"{i},{i % 5}.5,{i % 7}.25\n" for i in range(101, 131))
    dataset = data.from_upload("t.csv", text.encode())
    assert item_name(dataset, 4) == "row 5"
    assert dataset.ids == {"id": [str(i) for i in range(101, 131)]}


def test_the_map_names_what_lies_under_the_pointer(pictures: Context, rows: Context) -> None:
    for context in (pictures, rows):
        points = map_contents.map_points(context, planes.plane(context), colouring.by_label(context))
        assert points.titles is not None
        assert points.titles.read() == list(context.dataset.item_names)
    assert rows.dataset.item_names[0] == f"row 1, patient_id {PATIENTS[0]}"
