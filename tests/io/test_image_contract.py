"""The scale, axes and names of images: each case is a kind that people report for tools of this field."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from PIL import Image

from explorer.core.errors import DataError, UndecidedError
from explorer.data import Dataset, ImportOptions, dataset, from_upload
from explorer.io.images.asked import ImagesAsked
from tests.io.awkward_images import AwkwardSet, awkward_sets, deep_png, idx, wrong

RNG = np.random.default_rng(0)


def npz(**arrays: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.savez(out, **arrays)
    return out.getvalue()


def tiff(values: np.ndarray, **options: object) -> bytes:
    out = io.BytesIO()
    tifffile.imwrite(out, values, metadata=None, **options)
    return out.getvalue()


def pictured(array: np.ndarray, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(array).save(out, kind, **options)
    return out.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return out.getvalue()


def written(folder: Path, files: dict[str, bytes]) -> Path:
    for name, body in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)
    return folder


def like(data: Dataset) -> ImportOptions:
    return ImportOptions(like=data.contract)


@pytest.mark.slow
@settings(max_examples=250, deadline=None)
@given(awkward_sets())
def test_no_set_is_read_wrongly_in_silence(given: AwkwardSet) -> None:
    assert wrong(given) == ""


# --- The scale -------------------------------------------------------------------------------------------------------


def levels(data: Dataset) -> int:
    return len(np.unique(data.tensor().numpy()))


def test_twelve_bits_keep_their_levels_and_the_whole_set_has_one_scale(tmp_path: Path) -> None:
    dark, bright = RNG.integers(0, 300, (12, 12)), RNG.integers(0, 4096, (12, 12))
    bright[0, 0] = 4095
    files = {"a.tif": tiff(dark.astype(np.uint16)), "b.png": deep_png(bright.astype(np.uint16)[None])}
    data = dataset(str(written(tmp_path, files)))
    np.testing.assert_allclose(data.tensor()[0, 0], dark / 4095, atol=1e-6)
    np.testing.assert_allclose(data.tensor()[1, 0], bright / 4095, atol=1e-6)
    assert data.contract.line == "2 images 1x12x12; 12-bit in 16-bit numbers, white is 4095"
    assert levels(data) > 130


@pytest.mark.parametrize("kind", ["uint16", "int32", "float32"])
def test_one_hot_pixel_does_not_decide(kind: str) -> None:
    x = RNG.integers(0, 900, (40, 16, 16)).astype(kind)
    x[3, 4, 5] = 60000
    data = from_upload("a.npz", npz(x=x))
    assert data.contract.white == 1023
    assert "1 are below" in data.contract.findings[0].reason or "outliers" in data.contract.findings[0].reason
    assert float(data.tensor()[3, 0, 4, 5]) == 1


@pytest.mark.parametrize(
    ("values", "first", "other"),
    [
        (np.array([0, 3, 12, 15], np.uint8), 255, 15),  # four bits, or very dark
        (np.array([0, 4, 7, 16], np.float64), 16, 255),  # scikit-learn's digits
        (np.array([0.0, 0.01, 0.02, 0.04]), 1, 0.04),
        (np.array([0.0, 3.5, 17.2, 22.1]), 22.1, 255),
        (np.array([0.0, 3.5, 57.2, 100.0]), 255, 100),  # per cent
        (np.array([0, 3, 570, 1000], np.uint16), 1023, 1000),
    ],
)
def test_what_may_be_read_in_two_ways_is_asked(values: np.ndarray, first: float, other: float) -> None:
    data = from_upload("a.npz", npz(x=np.resize(values, (6, 8, 8))))
    (finding,) = data.contract.undecided
    assert [reading.white for reading in finding.readings] == pytest.approx([first, other])
    with pytest.raises(UndecidedError, match="cannot be told") as caught:
        data.contract.require_decided("a.npz")
    assert f"--white {other:g}" in caught.value.hint
    said = from_upload("a.npz", npz(x=np.resize(values, (6, 8, 8))), options=ImportOptions(ImagesAsked(white=other)))
    assert not said.contract.undecided
    assert float(said.tensor().max()) == pytest.approx(min(1, values.max() / other))


@pytest.mark.parametrize("dtype", [np.int8, np.int16])
def test_white_is_no_number_that_a_type_cannot_hold(dtype: type) -> None:
    high = np.iinfo(dtype).max
    x = RNG.integers(0, high, (6, 9, 9), dtype=dtype, endpoint=True)
    x[0, 0, 0] = high
    data = from_upload("a.npz", npz(x=x))
    assert data.contract.white == high
    np.testing.assert_allclose(data.tensor()[:, 0], x / high, atol=1e-6)


@pytest.mark.parametrize("container", ["array", "files"])
def test_images_of_two_scales_in_one_set_are_asked_about(container: str) -> None:
    """Some were divided by 255 before, others were not: read together, the former would be black."""
    of_bytes = np.rint(255 * RNG.random((5, 1, 9, 9))).astype(np.float32)
    of_bytes[:, 0, 0, 0] = 255

    def read(x: np.ndarray) -> Dataset:
        files = {f"{i}.tif": tiff(image[0]) for i, image in enumerate(x)}
        return from_upload("a.npz", npz(x=x)) if container == "array" else from_upload("a.zip", zipped(files))

    assert not read(of_bytes).contract.undecided
    assert not read(of_bytes / 255).contract.undecided
    (question,) = read(np.concatenate([of_bytes, of_bytes[:2] / 255])).contract.undecided
    assert {reading.white for reading in question.readings} == {255, 1}
    assert "2 of 7 images go up to 1" in question.reason
    masks = (of_bytes[:2] > 127).astype(np.float32)
    assert not read(np.concatenate([of_bytes, masks])).contract.undecided, "0 and 1 may be numbers of any scale"


def test_a_few_numbers_just_above_a_usual_white_are_asked_about() -> None:
    x = RNG.integers(0, 256, (40, 16, 16)).astype(np.uint16)
    x[0, 0, 0] = 300
    (finding,) = from_upload("a.npz", npz(x=x)).contract.undecided
    assert {reading.white for reading in finding.readings} == {255, 1023}


def test_masks_of_0_and_1_are_black_and_white(tmp_path: Path) -> None:
    masks = RNG.integers(0, 2, (4, 9, 9)).astype(np.uint8)
    data = dataset(str(written(tmp_path, {f"{i}.png": pictured(mask, "PNG") for i, mask in enumerate(masks)})))
    np.testing.assert_array_equal(data.tensor()[:, 0], masks)


def test_a_white_that_the_file_states_is_taken() -> None:
    x = RNG.integers(0, 500, (12, 12)).astype(np.uint16)  # by its numbers of 9 or 10 bits
    stated = tiff(x, extratags=[(281, "H", 1, 4095, True)])
    np.testing.assert_allclose(from_upload("a.tif", stated).tensor()[0, 0], x / 4095, atol=1e-6)
    header = b"P5 12 12 1023\n"
    graymap = from_upload("a.pgm", header + x.astype(">u2").tobytes())
    np.testing.assert_allclose(graymap.tensor()[0, 0], np.minimum(x, 1023) / 1023, atol=1e-4)


def test_eight_and_twelve_bits_in_one_folder_have_a_scale_each(tmp_path: Path) -> None:
    eight, twelve = RNG.integers(0, 256, (9, 9)).astype(np.uint8), RNG.integers(0, 4096, (9, 9)).astype(np.uint16)
    twelve[0, 0] = 4095
    data = dataset(str(written(tmp_path, {"a.png": pictured(eight, "PNG"), "b.png": pictured(twelve, "PNG")})))
    np.testing.assert_allclose(data.tensor()[0, 0], eight / 255, atol=1e-6)
    np.testing.assert_allclose(data.tensor()[1, 0], twelve / 4095, atol=1e-6)
    assert "; 8-bit, white is 255 (1 of them)" in data.contract.line
    assert "; 12-bit in 16-bit numbers, white is 4095 (1 of them)" in data.contract.line


# --- As what was learnt from -----------------------------------------------------------------------------------------


def twelve_bits(n: int, top: int) -> np.ndarray:
    x = RNG.integers(0, top + 1, (n, 10, 10)).astype(np.uint16)
    x[0, 0, 0] = top
    return x


@pytest.mark.parametrize("kind", ["uint16", "int32", "float32", "float64"])
def test_new_images_are_divided_by_what_the_learnt_ones_were(kind: str) -> None:
    learnt = from_upload("train.npz", npz(x=twelve_bits(30, 4095)))
    dim = twelve_bits(5, 900)
    data = from_upload("new.npz", npz(x=dim.astype(kind)), options=like(learnt))
    np.testing.assert_allclose(data.tensor()[:, 0], dim / 4095, atol=1e-6)
    assert data.contract.remarks == ()


def test_one_file_at_a_time_gives_what_all_at_once_gives(tmp_path: Path) -> None:
    x = twelve_bits(6, 4095) // np.array([1, 2, 5, 9, 3, 4], np.uint16)[:, None, None]
    files = {f"{i}.tif": tiff(image) for i, image in enumerate(x)}
    learnt = dataset(str(written(tmp_path, files)))
    for i, name in enumerate(files):
        one = from_upload(name, files[name], options=like(learnt))
        np.testing.assert_array_equal(one.x[0], learnt.x[i])
    backwards = from_upload("z.zip", zipped({f"{9 - i}.tif": body for i, body in enumerate(files.values())}))
    np.testing.assert_array_equal(np.asarray(backwards.x)[::-1], learnt.x)


@pytest.mark.parametrize("factor", [2, 3, 16])
def test_a_constant_factor_on_all_images_changes_nothing(factor: int) -> None:
    x = twelve_bits(20, 4095)
    plain, times = (from_upload("a.npz", npz(x=one)) for one in (x, x * np.uint16(factor)))
    np.testing.assert_allclose(times.tensor(), plain.tensor(), atol=0.004)


@pytest.mark.parametrize(
    ("x", "words"),
    [
        (RNG.integers(0, 65536, (5, 10, 10)).astype(np.uint16), "beyond the white 4095"),
        (RNG.integers(0, 256, (5, 10, 10)).astype(np.uint16), "reach 255 only"),
        (RNG.integers(0, 256, (5, 10, 10)).astype(np.uint8), "hold uint8 numbers, read with white 255"),
    ],
)
def test_numbers_that_leave_the_learnt_scale_are_said(x: np.ndarray, words: str) -> None:
    learnt = from_upload("train.npz", npz(x=twelve_bits(30, 4095)))
    (remark,) = from_upload("new.npz", npz(x=x), options=like(learnt)).contract.remarks
    assert words in remark


def test_what_is_cut_by_a_scale_that_was_asked_for_is_said() -> None:
    x = twelve_bits(30, 4095)
    ask = ImportOptions(ImagesAsked(white=100, black=10))
    (remark,) = from_upload("a.npz", npz(x=x), options=ask).contract.remarks
    assert "up to 4095, above the white 100" in remark
    assert "below the black 10" in remark
    assert from_upload("a.npz", npz(x=x), options=ImportOptions(ImagesAsked(white=4095))).contract.remarks == ()


# --- Axes and channels -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "readings"),
    [
        ((100, 3, 32, 3), ("NHWC", "NCHW")), ((50, 4, 16, 4), ("NHWC", "NCHW")), ((9, 3, 3, 3), ("NHWC", "NCHW")),
        ((28, 28, 28), ("NHW", "HWN")), ((32, 32, 32), ("NHW", "HWN")), ((3, 3, 3), ("NHW", "HWN")),
        ((3, 3, 64), ("HWN", "NHW")), ((28, 28, 60), ("HWN", "NHW")), ((64, 64, 20), ("HWN", "NHW")),
        ((48, 64, 3), ("HWC", "HWN", "NHW")), ((28, 28, 9), ("HWC", "HWN", "NHW")), ((64, 64, 3), ("HWC", "HWN")),
        ((3, 64, 64), ("CHW", "NHW")), ((4, 64, 64), ("CHW", "NHW")), ((13, 64, 64), ("CHW", "NHW")),
        ((32, 32, 4, 4), ("NHWC", "NCHW", "HWCN")), ((3, 32, 32, 20), ("CHWN", "NHWC")),
    ],
)  # fmt: skip
def test_axes_that_may_be_either_are_asked_about_with_all_readings(
    shape: tuple[int, ...], readings: tuple[str, ...]
) -> None:
    x = RNG.integers(0, 256, shape).astype(np.uint8)
    (question,) = from_upload("a.npy", _npy(x)).contract.undecided
    assert tuple(reading.axes for reading in question.readings) == readings
    with pytest.raises(UndecidedError, match="may be") as caught:
        from_upload("a.npy", _npy(x)).contract.require_decided("a.npy")
    assert all(f"--axes {one}" in caught.value.hint for one in readings)
    for reading in question.readings:
        data = from_upload("a.npy", _npy(x), options=ImportOptions(reading))
        n = shape[reading.axes.index("N")] if "N" in reading.axes else 1
        assert len(data) == n
        assert data.x[0, 0, 0, 0] == x.flat[0]
        assert not data.contract.undecided


@pytest.mark.parametrize(
    ("shape", "axes"),
    [
        ((28, 28, 900), "HWN"), ((100, 28, 28), "NHW"), ((9, 30, 40), "NHW"), ((64, 3, 3), "NHW"), ((1, 9, 9), "NHW"),
        ((3, 32, 32, 300), "CHWN"), ((1, 28, 28, 300), "CHWN"), ((32, 32, 3, 300), "HWCN"), ((1, 32, 32, 3), "NHWC"),
        ((3, 32, 32, 3), "NHWC"), ((32, 32, 3, 10), "HWCN"), ((24, 32, 1, 50), "HWCN"), ((99, 16, 16), "NHW"),
    ],
)  # fmt: skip
def test_the_number_of_the_image_may_be_the_last_axis(shape: tuple[int, ...], axes: str) -> None:
    x = RNG.integers(0, 256, shape).astype(np.uint8)
    data = from_upload("a.npy", _npy(x))
    assert data.contract.axes == axes
    assert len(data) == shape[axes.index("N")]
    assert not data.contract.undecided


def test_a_format_and_a_model_say_which_axis_is_what() -> None:
    x = RNG.integers(0, 256, (28, 28, 28)).astype(np.uint8)
    of_idx = from_upload("cube.idx3-ubyte", idx(x)).contract
    assert (of_idx.axes, of_idx.undecided) == ("NHW", ())
    few = RNG.integers(0, 256, (3, 16, 16)).astype(np.uint8)
    for channels, axes in ((1, "NHW"), (3, "CHW")):
        of_model = ImportOptions(ImagesAsked(size=(16, 16), channels=channels))
        contract = from_upload("a.npy", _npy(few), options=of_model).contract
        assert (contract.axes, contract.undecided) == (axes, ())


def test_labels_say_which_axis_counts_the_images() -> None:
    x = RNG.integers(0, 256, (28, 28, 60)).astype(np.uint8)
    for n, axes in ((28, "NHW"), (60, "HWN")):
        assert from_upload("a.npz", npz(x=x, y=np.arange(n) % 2)).contract.axes == axes


def test_emnists_swapped_sides_are_undone_and_said(tmp_path: Path) -> None:
    """Its files hold the letter L lying: the long stroke is a row of each image as it is stored."""
    upright = np.zeros((20, 28, 28), np.uint8)
    upright[:, 4:24, 6], upright[:, 23, 6:18] = 255, 255
    stored, name = upright.transpose(0, 2, 1), "emnist-letters-train-images-idx3-ubyte"
    for end, body in (("", idx(stored)), (".gz", gzip.compress(idx(stored)))):
        data = dataset(str(written(tmp_path / f"set{end}", {f"{name}{end}": body}) / f"{name}{end}"))
        np.testing.assert_array_equal(data.x[:, 0], upright)
        assert data.contract.axes == "NWH"
        assert any("--axes NHW" in remark for remark in data.contract.remarks)
        assert not data.contract.undecided
    as_stored = from_upload(name, idx(stored), options=ImportOptions(ImagesAsked(axes="NHW")))
    np.testing.assert_array_equal(as_stored.x[:, 0], stored)
    # The same from others, who may have turned them already: asked.
    (question,) = (finding for finding in from_upload("emnist.npy", _npy(stored)).contract.undecided)
    assert [reading.axes for reading in question.readings] == ["NWH", "NHW"]
    # Kept with what learns from them, undone for their like, and said of others.
    again = from_upload(name, idx(stored), options=like(data))
    np.testing.assert_array_equal(again.x[:, 0], upright)
    other = from_upload("mine.npy", _npy(upright), options=like(data))
    np.testing.assert_array_equal(other.x[:, 0], upright)
    assert any("--axes NWH" in remark for remark in other.contract.remarks)
    of_upright = from_upload(name, idx(stored), options=like(from_upload("mine.npy", _npy(upright))))
    assert any("--axes NWH" in remark for remark in of_upright.contract.remarks)


def _npy(x: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.save(out, x)
    return out.getvalue()


@pytest.mark.parametrize("channels", [2, 4, 5, 12])
def test_more_channels_than_colours_are_kept(channels: int, tmp_path: Path) -> None:
    x = RNG.integers(0, 65536, (4, channels, 20, 24)).astype(np.uint16)
    x[:, :, 0, 0] = 65535
    expected = x / 65535
    first = from_upload("a.npz", npz(x=x))
    last = from_upload("a.npz", npz(x=x.transpose(0, 2, 3, 1)))
    files = {f"{i}.tif": tiff(image, photometric="minisblack", planarconfig="separate") for i, image in enumerate(x)}
    folder = dataset(str(written(tmp_path, files)))
    for data in (first, last, folder):
        assert data.event_shape == (channels, 20, 24)
        np.testing.assert_allclose(data.tensor(), expected, atol=1e-6)


def test_a_fourth_channel_that_is_opaque_all_over_is_no_band() -> None:
    x = RNG.integers(0, 256, (4, 12, 12, 4)).astype(np.uint8)
    assert from_upload("a.npz", npz(x=x)).event_shape == (4, 12, 12)
    x[..., 3] = 255
    data = from_upload("a.npz", npz(x=x))
    assert data.event_shape == (3, 12, 12)
    assert any("opaque" in remark for remark in data.contract.remarks)


# --- Files and names -------------------------------------------------------------------------------------------------

SMALL = RNG.integers(0, 256, (12, 16, 3)).astype(np.uint8)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *((f"a{end}", "JPEG") for end in (".jfif", ".jpe", ".jpeg")),
        *((f"a{end}", "PPM") for end in (".ppm", ".pnm")),
        ("a.avif", "AVIF"), ("a.jp2", "JPEG2000"), ("a.dib", "DIB"), ("a.tga", "TGA"), ("a.apng", "PNG"),
    ],
)  # fmt: skip
def test_every_ending_of_a_format_is_read(name: str, kind: str, tmp_path: Path) -> None:
    flat = np.full((12, 16, 3), 120, np.uint8)
    body = pictured(flat, kind)
    for data in (from_upload(name, body), dataset(str(written(tmp_path, {name: body})))):
        assert data.event_shape == (3, 12, 16)
        assert abs(int(data.x.mean()) - 120) <= 3


@pytest.mark.parametrize("name", ["a.eps", "a.wmf", "a.pdf", "a.dat", "a"])
def test_what_would_start_another_program_is_no_image(name: str) -> None:
    with pytest.raises(DataError, match=r"that end in \.\w+ are not read") as refused:
        from_upload(name, b"%!PS-Adobe-3.0 EPSF-3.0\n")
    assert "PNG, JPEG or TIFF" in refused.value.hint


def test_names_in_zips_are_as_meant() -> None:
    body = pictured(SMALL, "PNG")
    backslashes = from_upload("a.zip", zipped({f"set\\{label}\\{i}.png": body for label in "ab" for i in range(2)}))
    assert backslashes.label_names == ("a", "b")
    packed = zipped({f"Käse{i % 2}/{i}.png": body for i in range(4)})
    unflagged = bytearray(packed)
    for mark, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):  # the UTF-8 flag, bit 11, of each name
        at = unflagged.find(mark)
        while at >= 0:
            unflagged[at + flags + 1] &= ~0x08
            at = unflagged.find(mark, at + 4)
    assert unflagged != packed
    assert from_upload("a.zip", bytes(unflagged)).label_names == ("Käse0", "Käse1")


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no symbolic links here")
def test_linked_folders_are_entered_once(tmp_path: Path) -> None:
    body = pictured(SMALL, "PNG")
    outside = written(tmp_path / "outside", {"x.png": body})
    folder = written(tmp_path / "set", {"a/1.png": body, "b/2.png": body})
    (folder / "linked").symlink_to(outside)
    (folder / "circle").symlink_to(folder)
    (folder / "again").symlink_to(folder / "a")
    (folder / "gone.png").symlink_to(tmp_path / "nothing")
    data = dataset(str(folder))
    assert data.item_names == ("a/1.png", "b/2.png", "linked/x.png")
    left_out = dict(data.report.left_out)
    assert set(left_out) == {"circle", "again", "gone.png"}
    assert "read already (a)" in left_out["again"]


@pytest.mark.parametrize(
    ("images", "labels"),
    [
        ("train-images.idx3-ubyte", "train-labels.idx1-ubyte"),
        ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
        ("emnist-letters-train-images-idx3-ubyte.gz", "emnist-letters-train-labels-idx1-ubyte.gz"),
        ("train-images.idx3", "train-labels.idx1"),
    ],
)
def test_idx_files_are_known_by_their_names_with_the_labels_beside_them(
    images: str, labels: str, tmp_path: Path
) -> None:
    x, y = RNG.integers(0, 256, (5, 8, 9)).astype(np.uint8), np.arange(5, dtype=np.uint8)
    pack = gzip.compress if images.endswith(".gz") else bytes
    written(tmp_path, {images: pack(idx(x)), labels: pack(idx(y))})
    data = dataset(str(tmp_path / images))
    np.testing.assert_array_equal(data.x[:, 0], x)
    assert data.labels.tolist() == y.tolist()


@pytest.mark.parametrize(
    ("train", "train_y", "test", "test_y"),
    [
        ("x_train", "y_train", "x_test", "y_test"),
        ("train_images", "train_labels", "test_images", "test_labels"),
        ("X_train", "Y_train", "X_test", "Y_test"),
        ("trainX", "trainY", "testX", "testY"),
        ("images_train", "labels_train", "images_test", "labels_test"),
    ],
)
def test_splits_of_an_npz_are_used(train: str, train_y: str, test: str, test_y: str) -> None:
    x = RNG.integers(0, 256, (50, 8, 9)).astype(np.uint8)
    y = np.arange(50) % 5
    file = npz(**{test: x[40:], train_y: y[:40], train: x[:40], test_y: y[40:, None]})  # MedMNIST's labels are (N, 1)
    data = from_upload("a.npz", file)
    np.testing.assert_array_equal(data.x[:, 0], x)
    assert data.labels.tolist() == y.tolist()
    assert data.splits.test.tolist() == list(range(40, 50))
    assert sorted([*data.splits.train, *data.splits.validation]) == list(range(40))
    assert len(data.splits.validation) == 4


def test_positional_arrays_are_items_and_labels() -> None:
    x = RNG.integers(0, 256, (12, 8, 9)).astype(np.uint8)
    data = from_upload("a.npz", npz(arr_0=x, arr_1=np.arange(12) % 3))
    np.testing.assert_array_equal(data.x[:, 0], x)
    assert data.label_names == ("0", "1", "2")


def test_an_array_that_is_not_used_is_said() -> None:
    x = RNG.integers(0, 256, (12, 8, 9)).astype(np.uint8)
    data = from_upload("a.npz", npz(images=x, segmentation=x, labels=RNG.integers(0, 2, (12, 14))))
    reasons = {name.removeprefix("a.npz: "): reason for name, reason in data.report.left_out}
    assert set(reasons) == {"segmentation", "labels"}
    assert "several labels an item" in reasons["labels"]


# --- Another shape ---------------------------------------------------------------------------------------------------


def test_a_border_keeps_what_a_cut_loses(tmp_path: Path) -> None:
    wide = np.full((10, 30), 200, np.uint8)
    wide[:, 2] = 0  # outside of the middle
    folder = str(written(tmp_path, {"a.png": pictured(wide, "PNG"), "b.png": pictured(wide[:, ::-1].copy(), "PNG")}))
    asked = {fit: ImportOptions(ImagesAsked(size=(10, 10), fit=fit)) for fit in ("cut", "border", "tiles")}
    cut, border, tiled = (dataset(folder, options=asked[fit]) for fit in asked)
    np.testing.assert_array_equal(cut.x[0], cut.x[1])
    assert (border.x[0] != border.x[1]).any()
    assert len(tiled) == 6
    assert "middle cut out of 2 of 2" in cut.contract.line
    assert "border added to 2 of 2" in border.contract.line
    assert "6 tiles" in tiled.contract.line
