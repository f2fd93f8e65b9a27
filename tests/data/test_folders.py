from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explorer.core.errors import DataError
from explorer.data import ImportOptions, dataset, fingerprint, from_upload
from explorer.data import folders as folders_module
from explorer.io.images.asked import ImagesAsked
from tests.conftest import ROOT

RNG = np.random.default_rng(0)


def png(array: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(array).save(out, format="PNG")
    return out.getvalue()


def random_png(height: int = 6, width: int = 8, channels: int = 3) -> tuple[np.ndarray, bytes]:
    shape = (height, width, 3) if channels == 3 else (height, width)
    array = RNG.integers(0, 256, shape, dtype=np.uint8)
    return array, png(array)


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, body in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return folder


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return out.getvalue()


@pytest.fixture
def animals() -> tuple[dict[str, np.ndarray], dict[str, bytes]]:
    names = ["zoo/cat/1.png", "zoo/cat/2.png", "zoo/dog/1.png", "zoo/dog/sub/9.png"]
    pairs = {name: random_png() for name in names}
    return {n: a for n, (a, _) in pairs.items()}, {n: b for n, (_, b) in pairs.items()}


def test_class_folders_become_labels_in_path_order(tmp_path: Path, animals: tuple) -> None:
    arrays, files = animals
    data = dataset(str(write(tmp_path, files)))
    np.testing.assert_array_equal(data.x, np.stack([arrays[n].transpose(2, 0, 1) for n in sorted(arrays)]))
    assert data.label_names == ("cat", "dog")
    assert data.labels is not None
    assert data.labels.tolist() == [0, 0, 1, 1]
    assert data.fingerprint == fingerprint(np.array(data.x), data.labels)
    assert isinstance(data.x, np.memmap)
    assert not data.x.flags.writeable


def test_a_zip_and_an_upload_give_what_the_folder_gives(tmp_path: Path, animals: tuple) -> None:
    _, files = animals
    from_folder = dataset(str(write(tmp_path / "folder", files)))
    path = tmp_path / "zoo.zip"
    path.write_bytes(zipped(files))
    uploaded = from_upload("zoo.zip", path.read_bytes())
    for other in (dataset(str(path)), uploaded):
        assert other.fingerprint == from_folder.fingerprint
        assert other.label_names == from_folder.label_names
        np.testing.assert_array_equal(other.splits.train, from_folder.splits.train)
    assert uploaded.name.startswith("zoo.zip#")


def test_an_upload_writes_nothing(tmp_path: Path, animals: tuple, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    from_upload("zoo.zip", zipped(animals[1]))
    assert list(tmp_path.iterdir()) == []


def test_one_folder_has_no_labels_and_files_beside_folders_have_their_own(tmp_path: Path) -> None:
    flat = dataset(str(write(tmp_path / "flat", {f"{i}.png": random_png()[1] for i in range(3)})))
    assert flat.labels is None
    assert flat.label_names == ()
    partly_labelled = dataset(str(write(tmp_path / "mixed", {"a.png": random_png()[1], "cat/b.png": random_png()[1]})))
    assert partly_labelled.label_names == ("(no folder)", "cat")


def test_mixed_files_become_one_shape_with_a_report(tmp_path: Path) -> None:
    files = {f"{i}.png": random_png()[1] for i in range(3)}
    files["large.png"] = random_png(20, 40)[1]
    files["grey.png"] = random_png(channels=1)[1]
    files["deep.png"] = png(RNG.integers(0, 65536, (6, 8), dtype=np.uint16))
    files["notes.txt"] = b"hello"
    files[".hidden.png"] = files["0.png"]
    files["broken.png"] = files["0.png"][:70]
    files["empty.png"] = b""
    data = dataset(str(write(tmp_path, files)))
    assert data.x.shape == (6, 3, 6, 8)
    assert data.x.dtype == np.float32  # one of them has 16 bits
    assert data.report is not None
    assert data.report.kept == 6
    converted, left_out = dict(data.report.converted), dict(data.report.left_out)
    assert "resized from 40x20 to 8x6" in converted["large.png"]
    assert converted["grey.png"] == "greyscale to RGB"
    assert converted["deep.png"] == "greyscale to RGB"
    assert "0.png" not in converted
    assert set(left_out) == {"notes.txt", ".hidden.png", "broken.png", "empty.png"}
    assert ".txt" in left_out["notes.txt"]
    assert "damaged" in left_out["broken.png"]
    assert "empty" in left_out["empty.png"]


def test_grey_folders_stay_grey_and_options_decide(tmp_path: Path) -> None:
    folder = write(tmp_path, {f"{i}.png": random_png(channels=1)[1] for i in range(3)})
    assert dataset(str(folder)).event_shape == (1, 6, 8)
    options = ImportOptions(ImagesAsked(size=(4, 5), channels=3))
    assert dataset(str(folder), options=options).event_shape == (3, 4, 5)


def test_large_images_are_shrunk_in_proportion(tmp_path: Path) -> None:
    folder = write(tmp_path, {f"{i}.png": random_png(100, 300)[1] for i in range(2)})
    assert dataset(str(folder)).event_shape == (3, 43, 128)
    assert dataset(str(folder), options=ImportOptions(max_side=64)).event_shape == (3, 21, 64)


def test_large_images_are_shrunk_so_that_all_fit_into_memory_but_never_below_the_usual_limit(tmp_path: Path) -> None:
    folder = write(tmp_path, {f"{i}.png": random_png(100, 300)[1] for i in range(2)})
    for max_bytes, size in ((2 * 3 * 150**2, (50, 150)), (100, (43, 128)), (2 * 3 * 300**2, (100, 300))):
        opened = dataset(str(folder), options=ImportOptions(max_side=2000, max_bytes=max_bytes))
        assert opened.event_shape == (3, *size)
        assert opened.contract is not None
        assert ("do not fit into memory" in opened.contract.model_dump_json()) == (size != (100, 300))


def test_decoding_happens_once_until_a_file_changes(tmp_path: Path) -> None:
    folder = write(tmp_path, {f"{i}.png": random_png()[1] for i in range(3)})
    calls: list[float] = []
    first = dataset(str(folder), progress=lambda share, _: calls.append(share))
    assert calls
    calls.clear()
    again = dataset(str(folder), progress=lambda share, _: calls.append(share))
    assert calls == []
    assert again.fingerprint == first.fingerprint
    assert again.report == first.report
    write(folder, {"1.png": random_png()[1] + b"\0"})
    assert dataset(str(folder)).fingerprint != first.fingerprint


def test_a_damaged_cache_is_built_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "cache"))
    folder = write(tmp_path / "images", {f"{i}.png": random_png()[1] for i in range(3)})
    first = dataset(str(folder))
    (stored,) = (tmp_path / "cache").rglob("x.npy")
    stored.write_bytes(stored.read_bytes()[:-5])
    assert dataset(str(folder)).fingerprint == first.fingerprint
    assert len(list((tmp_path / "cache" / "items").iterdir())) == 1  # no draft is left behind


def test_progress_rises_to_less_than_all(tmp_path: Path) -> None:
    shares: list[float] = []
    dataset(str(write(tmp_path, {f"{i}.png": random_png()[1] for i in range(150)})), 0, lambda s, _: shares.append(s))
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] <= 1
    assert len(shares) == 4


@pytest.mark.parametrize("files", [{}, {"a.txt": b"x"}, {"a.png": b"not an image"}])
def test_a_folder_without_images_is_an_error(tmp_path: Path, files: dict[str, bytes]) -> None:
    with pytest.raises(DataError, match="no readable image"):
        dataset(str(write(tmp_path, files)))
    with pytest.raises(DataError, match="no readable image"):
        from_upload("a.zip", zipped(files))


def test_paths_that_lead_out_of_a_zip_are_left_out() -> None:
    good = random_png()[1]
    bad = ["../evil.png", "/etc/evil.png", "a/../../evil.png", "C:/evil.png", "..\\evil.png"]
    data = from_upload("a.zip", zipped({"good.png": good, **dict.fromkeys(bad, good)}))
    assert len(data) == 1
    assert data.report is not None
    assert {name for name, _ in data.report.left_out} == set(bad)


def test_bombs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    good = random_png()[1]
    bomb = zipped({"good.png": good, "bomb.png": bytes(20_000_000)})
    data = from_upload("a.zip", bomb)
    assert data.report is not None
    assert "1000-fold" in dict(data.report.left_out)["bomb.png"]
    monkeypatch.setattr(folders_module, "MAX_MEMBER_BYTES", 10_000_000)
    data = from_upload("a.zip", bomb)
    assert data.report is not None
    assert "unpacks to more" in dict(data.report.left_out)["bomb.png"]
    monkeypatch.setattr(folders_module, "MAX_TOTAL_BYTES", 10_000_000)
    with pytest.raises(DataError, match="limits"):
        from_upload("a.zip", bomb)


def test_a_zip_that_lies_about_a_size_gives_no_more_than_it_says() -> None:
    body = bytearray(zipped({"a.png": b"x" * 5000}))
    true, lie = (5000).to_bytes(4, "little"), (50).to_bytes(4, "little")
    assert body.count(true) == 2
    with pytest.raises(DataError, match="no readable image"):
        from_upload("a.zip", bytes(body.replace(true, lie)))


@pytest.mark.parametrize("data", [b"", b"PK\3\4 and then nothing", zipped({"a.png": random_png()[1]})[:-30]])
def test_damaged_zips_are_errors(data: bytes) -> None:
    with pytest.raises(DataError, match="zip"):
        from_upload("a.zip", data)


def test_damaged_and_encrypted_members_are_left_out() -> None:
    good, other = random_png()[1], random_png()[1]
    body = bytearray(zipped({"good.png": good, "other.png": other}))
    at = body.index(b"other.png") + 40
    body[at] ^= 0xFF
    report = from_upload("a.zip", bytes(body)).report
    assert report is not None
    assert "unpacked" in dict(report.left_out)["other.png"]
    locked = bytearray(zipped({"good.png": good, "other.png": other}))
    directory = locked.rindex(b"PK\x01\x02")
    locked[directory + 8] |= 1
    report = from_upload("a.zip", bytes(locked)).report
    assert report is not None
    assert "encrypted" in dict(report.left_out)["other.png"]


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_images(tmp_path: Path) -> None:
    body = png(np.full((128, 128, 3), 99, np.uint8))
    folders = [write(tmp_path / str(n), {f"{i:05}.png": body for i in range(n)}) for n in (10, 100, 1500)]
    # In a process of its own: what checks shapes in tests keeps memory too.
    code = """
import sys, tracemalloc
from explorer.data import dataset
for folder in sys.argv[1:]:
    tracemalloc.start()
    dataset(folder)
    print(tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()
"""
    command = [sys.executable, "-c", code, *map(str, folders)]
    answer = subprocess.run(
        command, check=True, capture_output=True, text=True, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    _, few, many = map(int, answer.stdout.split())  # the first one brings imports and caches
    assert many - few < 1500 * 128 * 128 * 3 / 8  # holding them all would take eight times that


def test_links_in_a_circle_are_left_out_and_the_rest_is_read(tmp_path: Path) -> None:
    write(tmp_path, {"1.png": random_png()[1], "2.png": random_png()[1]})
    for name, target in (("a.png", "b.png"), ("b.png", "a.png"), ("self", "self")):
        (tmp_path / name).symlink_to(target)
    data = dataset(str(tmp_path))
    assert data.item_names == ("1.png", "2.png")
    assert dict(data.report.left_out) == dict.fromkeys(["a.png", "b.png", "self"], "a link that leads nowhere")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_was_packed_again_is_read_once_as_it_is_now() -> None:
    (_, old), (array, new), (_, other) = random_png(), random_png(), random_png()
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, body in (("a.png", old), ("b.png", other), ("a.png", new)):
            archive.writestr(name, body)
    data = from_upload("a.zip", content.getvalue())
    assert data.item_names == ("a.png", "b.png")
    np.testing.assert_array_equal(data.x[0], array.transpose(2, 0, 1))
    assert data.report.left_out == (("a.png", "stands in the archive again, from where it is read"),)
