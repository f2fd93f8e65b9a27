"""A million embeddings without a model on the app's Latent space page, in Chromium: seconds, and memory at both ends.

    python benchmarks/embeddings.py [--items 1000000] [--numbers 32]

Vectors around ten centres are written as NPZ and as Parquet, with a label each, and opened by their path on a server of
its own. Seconds are from the path's Enter to the first drawing of the map of all items (PCA), and from the release of a
lasso around its middle to the number of chosen items on the map and to the page's account of them. Memory of the server
is that of its process, largest and at the end; of the tab that of its process (anonymous, resident).
"""

from __future__ import annotations

import argparse
import asyncio
import math
import pathlib
import tempfile
import time

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from map import WATCH, memory
from playwright.async_api import Browser, Page, async_playwright, expect
from running_app import FLAGS, chromium_path, load, server_process

MAP = "[role=application]"
WAIT_MS = 120_000
SIZES = (200_000, 1_000_000)
"""Numbers of items that the page offers, and whose drawing can be waited for by its counts, which fewer lack."""


def write(folder: pathlib.Path, items: int, numbers: int) -> list[pathlib.Path]:
    """The same vectors as NPZ and as Parquet."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, items)
    x = rng.normal(size=(items, numbers)) + 3 * rng.normal(size=(10, numbers))[labels]
    x = x.astype(np.float32)
    paths = [folder / "vectors.npz", folder / "vectors.parquet"]
    np.savez(paths[0], x=x, y=labels)
    columns = {f"v{i + 1}": x[:, i] for i in range(numbers)}
    groups = pa.array([f"group {label}" for label in labels]).dictionary_encode()
    pq.write_table(pa.table({**columns, "group": groups}), paths[1])
    return paths


def server_memory(pid: int) -> tuple[float, float]:
    """GiB of the server's process: the most it has taken, and what it takes."""
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    size = {line.split(":")[0]: line.split()[1] for line in lines if line.startswith("Vm")}
    return int(size["VmHWM"]) / 2**20, int(size["VmRSS"]) / 2**20


async def lasso(page: Page) -> tuple[float, float]:
    """Seconds until the items inside are counted on the map, and until the page tells of them."""
    box = await page.locator(MAP).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await page.get_by_role("button", name="Lasso (L)").click()
    await page.mouse.move(x + 100, y)
    await page.mouse.down()
    for i in range(1, 60):
        await page.mouse.move(x + 100 * math.cos(i / 9.5), y + 100 * math.sin(i / 9.5))
    timed = asyncio.create_task(page.evaluate("timeLasso()"))
    await page.wait_for_timeout(300)
    start = time.perf_counter()
    await page.mouse.up()
    counted, _ = await timed
    await expect(page.get_by_role("heading", name="Selection: ")).to_be_visible()
    return counted / 1000, time.perf_counter() - start


async def measured(browser: Browser, path: pathlib.Path, items: int) -> list[str]:
    """The cells of one file's line."""
    with server_process() as (url, pid):
        page = await browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(WAIT_MS)
        expect.set_options(timeout=WAIT_MS)
        await page.add_init_script(WATCH)
        await page.goto(f"{url}/latent_space?model=none&items={items}")
        await page.get_by_text("Add my data").first.click()
        field = page.get_by_role("textbox", name="A path on this machine")
        await field.wait_for()
        await page.wait_for_timeout(3000)
        _, before = server_memory(pid)
        await field.fill(str(path))
        start = time.perf_counter()
        await field.press("Enter")
        await page.locator(".map-counts").wait_for()  # shown with the drawing of very many points
        first = time.perf_counter() - start
        await expect(page.get_by_text(f"n = {items:,}").first).to_be_visible()
        await page.wait_for_timeout(3000)
        counted, told = await lasso(page)
        await page.wait_for_timeout(3000)
        process, scripts = await memory(browser, await page.context.new_cdp_session(page))
        most, after = server_memory(pid)
        await page.close()
    tab = [f"{process:.0f} MiB", f"{scripts:.0f} MiB"]
    seconds = [f"{first:.1f} s", f"{counted:.2f} s", f"{told:.1f} s"]
    return [path.suffix[1:].upper(), *seconds, f"{before:.2f}, {after:.2f}, {most:.2f} GiB", *tab]


async def measure(folder: pathlib.Path, items: int, numbers: int) -> None:
    """Both files, as a Markdown table."""
    print(f"{items:,} vectors of {numbers} numbers; {load()}\n")
    print("| file | to the first map | lasso to number | to the page's account | server before, after, at most | tab | "
          "of it scripts |")  # fmt: skip
    print("|---|---|---|---|---|---|---|")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        for path in write(folder, items, numbers):
            print(f"| {' | '.join(await measured(browser, path, items))} |", flush=True)
        await browser.close()
    print(f"\n{load()} at the end")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=SIZES[-1], choices=SIZES)
    parser.add_argument("--numbers", type=int, default=32)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(pathlib.Path(folder), args.items, args.numbers))


if __name__ == "__main__":
    main()
