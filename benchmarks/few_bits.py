"""Expected PSNR of photos of few bits beside the PSNR of the file that is written.

``python benchmarks/few_bits.py`` prints the table of docs/results.md; it takes a minute on two cores.
"""

from __future__ import annotations

import io

import numpy as np
import tifffile

from explorer import data, denoising

KINDS = {
    "floats": None,
    "8 bits in 16-bit numbers": (255, 255, np.uint16),
    "12 bits in 16-bit numbers": (4095, 4095, np.uint16),
    "5 bits stretched to 8": (31, 255, np.uint8),
    "4 bits stretched to 8": (15, 255, np.uint8),
    "3 bits stretched to 8": (7, 255, np.uint8),
}
"""How the noisy photo is kept: steps, white and type of its numbers; None: as it is."""
LEVELS = (0, 1, 8)


def stored(y: np.ndarray, kind: tuple[int, int, type] | None) -> np.ndarray:
    """A noisy photo (H, W) as a file would hold it."""
    if kind is None:
        return y.astype(np.float32)
    steps, white, dtype = kind
    return np.rint(np.rint(np.clip(y, 0, 1) * steps) * (white / steps)).astype(dtype)


def main() -> None:
    """Print the table."""
    camera = next(photo.array for photo in data.photos() if photo.name == "camera")
    x = camera[100:356, 150:406] / 255
    print("| noise, of 255 | stored as | expected | true |\n|---|---|---|---|")
    for level in LEVELS:
        y = x + level / 255 * np.random.default_rng(0).standard_normal(x.shape)
        for name, kind in KINDS.items():
            file = io.BytesIO()
            tifffile.imwrite(file, stored(y, kind))
            result = denoising.clean_file(denoising.denoiser_for, "a.tif", file.getvalue())
            written = tifffile.imread(io.BytesIO(result.file())) / result.photo.scale.white
            true = -10 * np.log10(np.mean(np.square(written - x)))
            print(f"| {level} | {name} | {result.figures['expected_psnr']:.1f} | {true:.1f} |")


if __name__ == "__main__":
    main()
