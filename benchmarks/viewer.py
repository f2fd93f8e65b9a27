"""How large the viewer is once it is installed, in a new environment, and that it scores rows there.

    python benchmarks/viewer.py DETECTOR.onnx ROWS.csv

It asks the package index that pip knows for numpy and onnxruntime. Size: all files of the environment, pip among them.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
LARGEST = 200_000_000
"""Bytes."""


def main() -> None:
    """Install, measure, run."""
    detector, rows = (str(Path(name).resolve()) for name in sys.argv[1:3])
    with tempfile.TemporaryDirectory() as folder:
        environment = Path(folder) / "environment"
        venv.create(environment, with_pip=True)
        pip = [str(environment / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, str(ROOT / "viewer")], check=True, cwd=folder)
        size = sum(path.lstat().st_blocks * 512 for path in environment.rglob("*") if path.is_file())
        viewer = str(environment / "bin" / "explorer-view")
        subprocess.run([viewer, detector, rows, "--out", "scores.csv"], check=True, cwd=folder)
        without = "import importlib.util, sys; sys.exit(importlib.util.find_spec('torch') is not None)"
        subprocess.run([str(environment / "bin" / "python"), "-c", without], check=True)
    print(f"installed: {size / 1e6:.0f} MB, without PyTorch")
    assert size < LARGEST


if __name__ == "__main__":
    main()
