"""The most memory that opening, encoding and showing large data by its path takes; each in a process of its own.

python benchmarks/big_data.py [--rows 50000] [--columns 2000] [--pictures 100000] [--app]

With --app each is instead opened by its path in the sidebar of the app and shown on every page (Chromium, Linux).
"""

from __future__ import annotations

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np
import psutil
import pyarrow as pa
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


def written_table(folder: pathlib.Path, rows: int, columns: int) -> list[str]:
    """A table of normal numbers as CSV and as NPY, and its first rows alone, to train on."""
    random = np.random.default_rng(0)
    names = [f"c{i}" for i in range(columns)]
    array = np.lib.format.open_memmap(folder / "table.npy", "w+", np.float64, (rows, columns))
    with csv.CSVWriter(folder / "table.csv", pa.schema([(name, pa.float64()) for name in names])) as writer:
        for start in range(0, rows, 2000):
            block = random.normal(size=(min(2000, rows - start), columns)).round(5)
            array[start : start + len(block)] = block
            writer.write_table(pa.table(list(block.T), names))
            if start == 0:
                csv.write_csv(pa.table(list(block[:300].T), names), folder / "few.csv")
                np.save(folder / "few.npy", block[:300])
    return ["table.csv", "table.npy"]


def written_pictures(folder: pathlib.Path, n: int) -> list[str]:
    """Pictures of 3x64x64 as NPY and as NPZ, and some of them alone."""
    random = np.random.default_rng(0)
    array = np.lib.format.open_memmap(folder / "pictures.npy", "w+", np.uint8, (n, 3, 64, 64))
    for start in range(0, n, 1000):
        array[start : start + 1000] = random.integers(0, 256, array[start : start + 1000].shape, np.uint8)
    np.save(folder / "some.npy", array[:300])
    np.savez(folder / "pictures.npz", x=array)
    return ["pictures.npy", "pictures.npz"]


def peak_gib(command: list[str]) -> tuple[float, float]:
    """The most memory that a command took, in GiB, and seconds."""
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, *command], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed")
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


def main() -> None:
    """Print the peak of each; the exit status says whether all are below the limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--columns", type=int, default=2_000)
    parser.add_argument("--pictures", type=int, default=100_000)
    parser.add_argument("--app", action="store_true")
    chosen = parser.parse_args()
    over = False
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        kinds = [
            (written_table(folder, chosen.rows, chosen.columns), {"csv": "few.csv", "npy": "few.npy"}, "undercomplete"),
            (written_pictures(folder, chosen.pictures), {"npy": "some.npy", "npz": "some.npy"}, "convolutional"),
        ]
        for files, few, family in kinds:
            for file in files:
                small = folder / few[file.rpartition(".")[2]]
                (folder / "recipe.toml").write_text(RECIPE.format(data=small, family=family), encoding="utf-8")
                model, codes = str(folder / "model.safetensors"), str(folder / "codes.csv")
                peak_gib(["-m", "explorer", "train", str(folder / "recipe.toml"), "--out", model])
                if chosen.app:
                    gib, seconds = app_peak_gib(pathlib.Path(model), folder / file)
                    over |= gib > LIMIT_GIB
                    print(f"app     {file:13s} {gib:5.2f} GiB at most, {seconds:4.0f} s", flush=True)
                    continue
                opens = f"from explorer import data; data.dataset({str(folder / file)!r})"
                for what, command in (
                    ("open", ["-c", opens]),
                    (
                        "encode",
                        ["-m", "explorer", "encode", model, str(folder / file), "--split", "all", "--out", codes],
                    ),
                ):
                    gib, seconds = peak_gib(command)
                    over |= gib > LIMIT_GIB
                    size = (folder / file).stat().st_size / (1 << 30)
                    print(f"{what:7s} {file:13s} {size:5.2f} GiB on disk: {gib:5.2f} GiB at most, {seconds:4.0f} s")
    sys.exit(over)


if __name__ == "__main__":
    main()
