"""Files as a detector takes them: names, labels and columns stay with the rows, and what is odd is said."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from explorer.core.errors import DataError
from explorer.data.base import Dataset
from explorer.io.images.asked import ImagesAsked
from explorer.novelty import image_fitting, table_fitting
from explorer.novelty.detector import Detector
from explorer.novelty.inputs import open_upload
from explorer.novelty.items import ItemsToScore, read_items
from explorer.novelty.labels import normal_among


def _rows(n: int = 60) -> str:
    random = np.random.default_rng(0)
    lines = [f"{random.normal():.3f},{random.choice(['red', 'blue'])},{i}" for i in range(n)]
    return "size,colour,speed\n" + "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def of_rows() -> Detector:
    table = open_upload("good.csv", _rows().encode())
    assert not isinstance(table, Dataset)
    return table_fitting.fit_table(table, scorer="knn")


def _read(detector: Detector, text: str | bytes, name: str = "new.csv") -> ItemsToScore:
    return read_items(detector, open_upload(name, text.encode() if isinstance(text, str) else text))


def test_rows_keep_their_columns_names_and_labels(of_rows: Detector):
    items = _read(of_rows, "speed,id,colour,size,label\n1,a7,red,0.5,good\n2,a8,green,,bad\n")
    assert items.names == ("row 1, id a7", "row 2, id a8")
    assert items.labels == ("good", "bad")
    assert dict(items.cells) == {
        "speed": ["1", "2"],
        "id": ["a7", "a8"],
        "colour": ["red", "green"],
        "size": ["0.5", ""],
    }
    said = " ".join(items.notes)
    assert "id" in said
    assert "colour: a value that no normal row has in 1 of 2 rows" in said
    assert "size: missing" in said


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_separators_and_encodings_do_not_matter(of_rows: Detector, encoding: str, separator: str):
    text = "size,colour,speed,größe\n0.5,red,1,1\n0.1,blue,2,3\n".replace(",", separator)
    plain = _read(of_rows, "size,colour,speed\n0.5,red,1\n0.1,blue,2\n")
    np.testing.assert_array_equal(_read(of_rows, text.encode(encoding)).x, plain.x)


def test_measurements_are_not_labels(of_rows: Detector):
    items = _read(of_rows, "size,colour,speed,target\n1,red,1,0.25\n2,blue,2,0.5\n")
    assert items.labels == ("", "")
    assert "`target` left out: holds measurements, not classes" in items.notes[0]


def test_a_column_it_was_fitted_on_is_no_label():
    table = open_upload("good.npz", _npz(x=np.random.default_rng(0).normal(size=(50, 2)), feature_names=["a", "y"]))
    assert not isinstance(table, Dataset)
    detector = table_fitting.fit_table(table, scorer="knn")
    items = _read(detector, "a,y\n1,0\n2,1\n")
    assert items.x.shape == (2, 2)
    assert items.labels == ("", "")


def test_more_rows_than_are_scored_at_once_are_named(of_rows: Detector):
    items = read_items(of_rows, open_upload("many.csv", _rows(500).encode()), limit=100)
    assert len(items.x) == len(items.names) == len(items.cells["size"]) == 100
    assert "100 of 500 rows, spread over all" in items.notes[1]
    rows = np.array([int(name.split(",")[0].removeprefix("row ")) for name in items.names])
    assert rows.min() <= 5 < 495 < rows.max()
    written = _rows(500).splitlines()
    assert [f"{items.cells['size'][i]},{items.cells['colour'][i]}" for i in range(100)] == [
        ",".join(written[row].split(",")[:2]) for row in rows
    ], "the text that is shown stands in the row that is named"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("size,speed\n1,2\n", "colour"),
        ("size,colour,speed\nbig,red,1\nsmall,red,2\n", "size"),
        ("size,colour,speed\n", "no rows|no items"),
        ("", "empty"),
    ],
)
def test_what_cannot_be_scored_is_named(of_rows: Detector, text: str, named: str):
    with pytest.raises(DataError, match=named):
        _read(of_rows, text)


def test_images_of_another_size_are_scaled_and_keep_their_names(digits: Dataset):
    detector = image_fitting.fit_images(digits, ("0",), scorer="pca")
    items = read_items(
        detector,
        open_upload("two.zip", _zip({"a.png": (30, 20), "b.png": (9, 9)}), images=ImagesAsked(size=(8, 8), channels=1)),
    )
    assert items.x.shape == (2, 1, 8, 8)
    assert [name.rpartition("/")[2] for name in items.names] == ["a.png", "b.png"]
    with pytest.raises(DataError, match="images"):
        _read(detector, "a,b\n1,2\n2,3\n")


def _zip(sizes: dict[str, tuple[int, int]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, size in sizes.items():
            picture = io.BytesIO()
            Image.new("L", size, 99).save(picture, format="PNG")
            archive.writestr(name, picture.getvalue())
    return out.getvalue()


def _npz(**arrays: object) -> bytes:
    out = io.BytesIO()
    np.savez(out, **{name: np.asarray(values) for name, values in arrays.items()})
    return out.getvalue()


@pytest.mark.parametrize(
    ("values", "fitted", "normal"),
    [
        (("0", "1"), (), ("0",)),
        (("good", "scratch", "spot"), (), ("good",)),
        (("fraud", "paid"), (), ("paid",)),
        (("cat", "dog"), (), ()),
        (("cat", "dog"), ("dog",), ("dog",)),
        (("attack",), (), ()),
    ],
)
def test_which_labels_are_normal_is_inferred_or_left_open(values, fitted, normal):
    assert normal_among(values, fitted) == normal
