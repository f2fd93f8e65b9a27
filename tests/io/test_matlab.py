"""A MATLAB file is refused with a line that makes an NPZ file of it: run as it stands, and what it writes is read."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat

from explorer import data
from explorer.core.errors import DataError

RNG = np.random.default_rng(0)


def converted(name: str) -> data.Dataset:
    """What the offered line makes of a file, opened."""
    with pytest.raises(DataError, match="MATLAB") as caught:
        data.dataset(name)
    program, flag, code = shlex.split(caught.value.hint.split("Convert it once: ")[1])
    assert (program, flag) == ("python", "-c")
    subprocess.run([sys.executable, "-c", code], check=True)
    return data.dataset(f"{Path(name).stem}.npz")


@pytest.mark.slow
def test_the_line_gives_the_images_and_labels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As SVHN has them, the number of the image last; and as USPS is passed on, rows with their labels."""
    monkeypatch.chdir(tmp_path)
    x, y = RNG.integers(0, 256, (32, 32, 3, 20), dtype=np.uint8), np.arange(20) % 10 + 1
    savemat("it's 32x32.mat", {"X": x, "y": y[:, None], "note": "cell", "boxes": {"a": 1}}, do_compression=True)
    images = converted("it's 32x32.mat")
    np.testing.assert_array_equal(images.x, x.transpose(3, 2, 0, 1))
    assert [images.label_names[i] for i in images.labels] == [str(label) for label in y]
    rows = RNG.random((30, 6))
    savemat("usps.mat", {"fea": rows, "gnd": y[:, None].repeat(2, 0)[:30]})
    table = converted("usps.mat")
    np.testing.assert_allclose(table.x, rows, rtol=1e-6)
    assert table.labels is not None


def test_files_of_version_7_3_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "new.mat"
    path.write_bytes(b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(512) + b"\x89HDF\r\n\x1a\n")
    with pytest.raises(DataError, match="pip install h5py") as caught:
        data.dataset(str(path))
    _, _, code = shlex.split(caught.value.hint.split("h5py: ")[1])
    compile(code, "offered", "exec")
