from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explorer.core.errors import DataError
from explorer.data import dataset, from_upload


def png(value: int) -> bytes:
    out = io.BytesIO()
    Image.new("L", (3, 2), value).save(out, format="PNG")
    return out.getvalue()


def test_one_image_is_a_dataset_for_testing(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(png(9))
    data = dataset(str(path))
    assert data.x.tolist() == [[[[9] * 3] * 2]]
    assert [len(part) for part in (data.train, data.validation, data.test)] == [0, 0, 1]
    assert data.name == str(path)
    assert data.title == "a.png"


def test_two_uploads_of_one_name_differ() -> None:
    assert from_upload("a.png", png(1)).name != from_upload("a.png", png(2)).name
    assert from_upload("a.png", png(1)).name == from_upload("a.png", png(1)).name


def test_splits_follow_the_seed() -> None:
    text = "a,b\n" + "\n".join(f"{i},{i * i}" for i in range(50))
    one, same, other = (from_upload("t.csv", text.encode(), seed) for seed in (1, 1, 2))
    assert [len(part) for part in (one.train, one.validation, one.test)] == [35, 5, 10]
    np.testing.assert_array_equal(one.splits.test, same.splits.test)
    assert not np.array_equal(one.splits.test, other.splits.test)
    assert one.fingerprint == other.fingerprint


@pytest.mark.parametrize("name", ["a.docx", "noextension", "model.pkl", "weights.safetensors"])
def test_other_files_say_what_can_be_read(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=name) as caught:
        from_upload(name, b"anything")
    assert ".csv" in caught.value.hint
    (tmp_path / name).write_bytes(b"anything")
    with pytest.raises(DataError, match=name):
        dataset(str(tmp_path / name))


def test_a_missing_path_lists_names_and_kinds(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no dataset or file") as caught:
        dataset(str(tmp_path / "none.csv"))
    assert "mnist-sample" in caught.value.hint


def test_an_unwritable_cache_says_how_to_move_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "file"))
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "a.png").write_bytes(png(1))
    with pytest.raises(DataError, match="cannot be written") as caught:
        dataset(str(tmp_path / "images"))
    assert "EXPLORER_CACHE" in caught.value.hint


class _Bomb:
    """What runs code when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return exec, ("import explorer; explorer.unpickled = True",)


@pytest.mark.parametrize("name", ["a.npz", "a.npy"])
def test_pickles_in_arrays_are_not_opened(name: str) -> None:
    import explorer

    content = io.BytesIO()
    array = np.array([_Bomb()], object)
    np.savez(content, x=array) if name.endswith("npz") else np.save(content, array)
    with pytest.raises(DataError):
        from_upload(name, content.getvalue())
    assert "unpickled" not in vars(explorer)


def test_channels_that_come_last_are_moved_pixel_by_pixel() -> None:
    x = np.random.default_rng(0).integers(0, 256, (6, 7, 5, 3), np.uint8)
    content = io.BytesIO()
    np.savez(content, x=x)
    opened = from_upload("a.npz", content.getvalue())
    assert opened.event_shape == (3, 7, 5)
    for item, row in zip(opened.x, x, strict=True):
        for channel in range(3):
            np.testing.assert_array_equal(item[channel], row[:, :, channel])
