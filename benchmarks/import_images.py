"""Peak memory and time of importing a folder of many small images.

Run: python benchmarks/import_images.py [--images 100000] [--side 32]
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from explorer.data import dataset


def write_images(folder: Path, n: int, side: int) -> None:
    """Write n RGB PNG files in ten class folders; noise, so that none packs well."""
    rng = np.random.default_rng(0)
    for i in range(n):
        out = io.BytesIO()
        Image.fromarray(rng.integers(0, 256, (side, side, 3), dtype=np.uint8)).save(out, format="PNG", compress_level=1)
        path = folder / f"class-{i % 10}" / f"{i:07}.png"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(out.getvalue())


def peak_mib() -> float:
    """Largest resident size of this process so far; ru_maxrss is in KiB on Linux, in bytes on macOS."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def main() -> None:
    """Write the images, import them, print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--side", type=int, default=32)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        os.environ["EXPLORER_CACHE"] = str(Path(name) / "cache")
        folder = Path(name) / "images"
        folder.mkdir()
        write_images(folder, options.images, options.side)
        before = peak_mib()
        start = time.perf_counter()
        data = dataset(str(folder))
        first = time.perf_counter() - start
        start = time.perf_counter()
        dataset(str(folder))
        again = time.perf_counter() - start
        print(f"{len(data):,} images of {data.event_shape}: {data.x.nbytes / 2**20:.0f} MiB decoded")
        print(f"first import {first:.1f} s, opened again in {again:.1f} s")
        print(f"peak resident memory {peak_mib():.0f} MiB, {before:.0f} MiB before the import")


if __name__ == "__main__":
    main()
