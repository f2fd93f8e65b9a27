"""The most memory that commands and the app's pages take with large data by its path; each in a process of its own.

python benchmarks/big_data.py [--only table.csv] [--folder FOLDER] [--app]

Data: 50,000 rows of 2,000 columns, 1,000,000 rows of 30, and 100,000 pictures of 3x64x64. With --app each is instead
opened by its path in the sidebar of the app and shown on every page (Chromium, Linux).
"""

from __future__ import annotations

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image
from pyarrow import csv

LIMIT_GIB = 2.0
PAGES = ("Home", "Latent space", "Generate", "Denoise", "Novelty", "Compare", "Learn", "Train")
RECIPE = """name = "model"
[data]
dataset = '{data}'
[model]
family = "{family}"
latent_dim = 2
[training]
epochs = 1
"""
FEW = 300
"""So many items are learnt from, before all of them are opened."""
BLOCK = 1000

Kind = tuple[str, tuple[int, ...], str]
"""Family, shape of all items, file of the first few."""
WIDE: Kind = ("undercomplete", (50_000, 2_000), "few-{end}")
LONG: Kind = ("undercomplete", (1_000_000, 30), "few-{end}")
PICTURES: Kind = ("convolutional", (100_000, 3, 64, 64), "few.npy")


def of_numbers(shape: tuple[int, ...]) -> Callable[[int, int], np.ndarray]:
    """Normal numbers of a table, block by block, always the same."""
    return lambda start, stop: np.random.default_rng(start).normal(size=(stop - start, *shape[1:])).round(5)


def of_pictures(shape: tuple[int, ...]) -> Callable[[int, int], np.ndarray]:
    """As ``of_numbers``, of bytes."""
    return lambda start, stop: np.random.default_rng(start).integers(0, 256, (stop - start, *shape[1:]), np.uint8)


def write_csv(path: pathlib.Path, shape: tuple[int, ...], block: Callable[[int, int], np.ndarray]) -> None:
    """Write a table as CSV, block by block."""
    names = [f"c{i}" for i in range(shape[1])]
    with csv.CSVWriter(path, pa.schema([(name, pa.float64()) for name in names])) as writer:
        for start, stop in blocks(shape[0]):
            writer.write_table(pa.table(list(block(start, stop).T), names))


def write_parquet(path: pathlib.Path, shape: tuple[int, ...], block: Callable[[int, int], np.ndarray]) -> None:
    """Write a table as Parquet, block by block."""
    names = [f"c{i}" for i in range(shape[1])]
    with pq.ParquetWriter(path, pa.schema([(name, pa.float64()) for name in names])) as writer:
        for start in range(0, shape[0], 10 * BLOCK):
            stop = min(start + 10 * BLOCK, shape[0])
            rows = np.concatenate([block(start + first, start + last) for first, last in blocks(stop - start)])
            writer.write_table(pa.table(list(rows.T), names))


def write_npy(path: pathlib.Path, shape: tuple[int, ...], block: Callable[[int, int], np.ndarray]) -> None:
    """Write an array as NPY, block by block."""
    array = np.lib.format.open_memmap(path, "w+", block(0, 1).dtype, shape)
    for start, stop in blocks(shape[0]):
        array[start:stop] = block(start, stop)


def write_npz(path: pathlib.Path, shape: tuple[int, ...], block: Callable[[int, int], np.ndarray]) -> None:
    """Write an array as NPZ, packed where its name says so, block by block."""
    beside = path.with_name("for-npz.npy")
    write_npy(beside, shape, block)
    (np.savez_compressed if "packed" in path.name else np.savez)(path, x=np.load(beside, mmap_mode="r"))
    beside.unlink()


def write_idx(path: pathlib.Path, shape: tuple[int, ...], block: Callable[[int, int], np.ndarray]) -> None:
    """Write bytes as IDX, block by block."""
    with path.open("wb") as file:
        file.write(bytes([0, 0, 8, len(shape)]) + b"".join(side.to_bytes(4, "big") for side in shape))
        for start, stop in blocks(shape[0]):
            file.write(block(start, stop).tobytes())


def write_folder(path: pathlib.Path, shape: tuple[int, ...], block: Callable[[int, int], np.ndarray]) -> None:
    """Write pictures as PNG files in folders of 10,000, block by block."""
    for start, stop in blocks(shape[0]):
        kind = path / f"kind-{start // (10 * BLOCK)}"
        kind.mkdir(parents=True, exist_ok=True)
        for number, picture in enumerate(block(start, stop), start):
            Image.fromarray(picture.transpose(1, 2, 0)).save(kind / f"{number:06d}.png", compress_level=1)


def blocks(n: int) -> list[tuple[int, int]]:
    """Where each block of n rows begins and ends."""
    return [(start, min(start + BLOCK, n)) for start in range(0, n, BLOCK)]


FILES: dict[str, tuple[Kind, Callable[..., None]]] = {
    "table.csv": (WIDE, write_csv),
    "table.parquet": (WIDE, write_parquet),
    "table.npy": (WIDE, write_npy),
    "table.npz": (WIDE, write_npz),
    "long.csv": (LONG, write_csv),
    "long.parquet": (LONG, write_parquet),
    "pictures.npy": (PICTURES, write_npy),
    "pictures.npz": (PICTURES, write_npz),
    "pictures-packed.npz": (PICTURES, write_npz),
    "pictures.idx4-ubyte": (PICTURES, write_idx),
    "pictures": (PICTURES, write_folder),
}


def written(folder: pathlib.Path, name: str) -> tuple[pathlib.Path, pathlib.Path]:
    """The file of all items and that of the first few, written where they are not there."""
    (_, shape, few), write = FILES[name]
    block = (of_numbers if len(shape) == 2 else of_pictures)(shape)
    of_few = folder / few.format(end=name)
    for path, n, writer in ((folder / name, shape[0], write), (of_few, FEW, write if len(shape) == 2 else write_npy)):
        if not path.exists():
            writer(path, (n, *shape[1:]), lambda start, stop: block(start, BLOCK + start)[: stop - start])
    return folder / name, of_few


def peak_gib(command: list[str]) -> tuple[float, float]:
    """The most memory that a command took, in GiB, and seconds."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "explorer", *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    words = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed: {words.decode()[-500:]}")
    return usage.ru_maxrss / (1 << 20), time.perf_counter() - start


def app_peak_gib(model: pathlib.Path, data: pathlib.Path) -> tuple[float, float]:
    """The most memory that the app's process took while it showed data on every page, in GiB, and seconds."""
    from playwright.sync_api import sync_playwright
    from running_app import FLAGS, chromium_path, server

    from pages import seconds_until_still

    start = time.perf_counter()
    with server(EXPLORER_CHECKPOINTS=str(model.parent)) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{url}/?model=model")
        seconds_until_still(page)
        page.get_by_role("button", name="Add my data").click()
        page.get_by_role("textbox", name="A path on this machine").fill(str(data))
        page.keyboard.press("Enter")
        seconds_until_still(page)
        page.keyboard.press("Escape")
        if data.name not in page.get_by_test_id("stSidebar").inner_text():
            raise SystemExit(f"the sidebar does not show {data.name}")
        for title in PAGES:
            page.get_by_test_id("stSidebarNav").get_by_role("link", name=title).click()
            seconds_until_still(page)
            if page.get_by_test_id("stException").count():
                raise SystemExit(f"{title}: {page.get_by_test_id('stException').first.inner_text()}")
        browser.close()
        (app,) = (child for child in psutil.Process().children() if "streamlit" in child.cmdline())
        status = pathlib.Path(f"/proc/{app.pid}/status").read_text(encoding="utf-8")
        peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) / (1 << 20), time.perf_counter() - start


def measured(folder: pathlib.Path, name: str, in_app: bool) -> bool:
    """Print the peak of each command, or of the app, with one file; whether all are below the limit."""
    data, few = written(folder, name)
    models = folder / "models"
    models.mkdir(exist_ok=True)
    model, recipe, detector, out = (
        models / "model.safetensors",
        *(folder / n for n in ("r.toml", "d.safetensors", "out.csv")),
    )
    recipe.write_text(RECIPE.format(data=few, family=FILES[name][0][0]), encoding="utf-8")
    peak_gib(["train", str(recipe), "--out", str(model)])
    commands = {
        "show": ["data", "show", str(data)],
        "encode": ["encode", str(model), str(data), "--split", "all", "--out", str(out)],
        "evaluate": ["evaluate", str(model), "--dataset", str(data), "--split", "all"],
        "fit": ["detector", "fit", str(data), "--recipe", str(recipe), "--out", str(detector)],
        "score": ["score", str(detector), str(data), "--out", str(out)],
    }
    is_below = True
    for what in ("app",) if in_app else commands:
        gib, seconds = app_peak_gib(model, data) if in_app else peak_gib(commands[what])
        print(f"{what:9s} {name:20s} {gib:5.2f} GiB at most, {seconds:4.0f} s", flush=True)
        is_below &= gib <= LIMIT_GIB
    return is_below


def main() -> None:
    """Print the peak of each; the exit status says whether all are below the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=FILES, action="append", help="One file; may be repeated.")
    parser.add_argument("--folder", type=pathlib.Path, help="Where files are kept for the next time.")
    parser.add_argument("--app", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or pathlib.Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        below = [measured(folder, name, chosen.app) for name in chosen.only or FILES]
    sys.exit(not all(below))


if __name__ == "__main__":
    main()
