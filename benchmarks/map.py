"""How the map of codes follows the hand in Chromium, up to 1,000,000 points, beside Plotly's scattergl.

    python benchmarks/map.py [--moves 180] [--seconds 3] [--sizes 5000 1000000]

Draws the same points, ten classes, with the app's own map and, up to 70,000, with the Plotly figure that the app offers
for download. Each is dragged in a circle, and our own is zoomed in 16 times and out again: moves and turns of the wheel
are sent by the clock, whether or not the page keeps up. A redraw is a frame in which the points stand elsewhere than in
the frame before: drawn anew, or the last drawing moved. The longest gap is that between two such frames.

A lasso around the middle of our map is timed from the button's release until the number of chosen items is on the page,
and until the points are drawn anew with it (medians of five lassos); beside it the processor time of
the page's thread. Memory is that of the tab's process after all this
(anonymous, resident), and of it the scripts' heap and arrays after a collection.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import math
import pathlib
import statistics
import tempfile
from collections.abc import Awaitable, Callable, Sequence

from playwright.async_api import Browser, CDPSession, Page, async_playwright
from running_app import FLAGS, WAIT_S, chromium_path, load, move_by_the_clock, server

SIZES = (5_000, 20_000, 70_000, 300_000, 1_000_000)
PLOTLY_UP_TO = 70_000
ZOOM = 16.0
LASSOS = 5
PLACES = {"own map": "[role=application]", "Plotly": ".js-plotly-plot .nsewdrag"}
SCRIPT = """
import numpy as np
import streamlit as st
from explorer.core import palette
from explorer.export import figures
from explorer.browser.latent_map.message import LatentMap
from explorer.browser.latent_map.parts import Points
from explorer.ui.map.latent_map import latent_map

st.set_page_config(layout="wide")
n = int(st.query_params["n"])
rng = np.random.default_rng(0)
labels = rng.integers(0, 10, n)
points = rng.normal(size=(n, 2)) + 3 * rng.normal(size=(10, 2))[labels]
names = [str(i) for i in range(10)]
if st.query_params["kind"] == "Plotly":
    st.plotly_chart(figures.scatter2d(points, labels, names).update_layout(height=650))
else:
    colours = [palette.class_colour(i) for i in range(10)]
    contents = LatentMap(points=Points(places=points, groups=labels, names=names, palette=colours), tools=True)
    latent_map(contents, key="map")
"""
WATCH = """(() => {
  let draws = 0;
  for (const kind of [WebGLRenderingContext, WebGL2RenderingContext]) {
    for (const name of ['drawArrays', 'drawElements']) {
      const draw = kind.prototype[name];
      kind.prototype[name] = function (...args) { draws++; return draw.apply(this, args); };
    }
  }
  const put = CanvasRenderingContext2D.prototype.putImageData;
  CanvasRenderingContext2D.prototype.putImageData = function (...args) { draws++; return put.apply(this, args); };
  const log = (window.mapLog = { redraws: 0, gap: 0 });
  const canvases = (root) => [...root.querySelectorAll('*')].flatMap((e) =>
    e.shadowRoot ? canvases(e.shadowRoot) : e.tagName === 'CANVAS' ? [e] : []);
  let watched = [], before = '', last = 0;
  const tick = (time) => {
    if (!watched.length) watched = canvases(document).filter((c) => c.width > 300);
    const state = draws + watched.map((canvas) => canvas.style.transform).join();
    if (state !== before) {
      log.redraws++;
      if (last) log.gap = Math.max(log.gap, time - last);
      last = time;
    }
    before = state;
    if (log.on) requestAnimationFrame(tick);
  };
  window.startMapLog = () => {
    Object.assign(log, { redraws: 0, gap: 0, on: true });
    last = 0;
    requestAnimationFrame(tick);
  };
  window.stopMapLog = () => { log.on = false; return [log.redraws, log.gap]; };
  // Milliseconds from the next release of the button to the number of chosen items, and to the points with them.
  window.timeLasso = () => new Promise((resolve) => {
    addEventListener('pointerup', () => {
      const start = performance.now(), drawn = draws;
      let counted = 0;
      const shadows = (root) => [...root.querySelectorAll('*')].filter((e) => e.shadowRoot).map((e) => e.shadowRoot);
      const roots = (root) => [root, ...shadows(root).flatMap(roots)];
      const count = roots(document).map((root) => root.querySelector('.map-tools .count')).find(Boolean);
      const look = () => {
        if (!counted && count.textContent) counted = performance.now() - start;
        if (counted && draws > drawn) resolve([counted, performance.now() - start]);
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    }, { capture: true, once: true });
  });
  // Once it has drawn, and then not for 30 frames.
  window.mapIsCalm = new Promise((resolve) => {
    let [calm, seen] = [0, 0];
    const look = () => {
      calm = draws && draws === seen ? calm + 1 : 0;
      seen = draws;
      if (calm < 30) requestAnimationFrame(look);
      else resolve(true);
    };
    requestAnimationFrame(look);
  });
})()"""


@dataclasses.dataclass
class Followed:
    """How a map followed the hand: redraws a second, and the longest gap between two in ms."""

    rate: float
    gap: float

    def __str__(self) -> str:
        return f"{self.rate:.1f} ({self.gap:.0f})"


@dataclasses.dataclass
class OwnMap:
    """Of our map: pan, zoom, a lasso in ms (until counted, until drawn, of the page's thread), memory in MiB."""

    pan: Followed
    zoom: Followed
    counted: float
    drawn: float
    thread: float
    process: float
    scripts: float


async def opened(browser: Browser, url: str, kind: str, n: int) -> tuple[Page, float, float]:
    """The page with a map at rest, and the map's middle."""
    page = await browser.new_page(viewport={"width": 1100, "height": 900})
    page.set_default_timeout(1000 * WAIT_S)
    await page.add_init_script(WATCH)
    await page.goto(f"{url}/?n={n}&kind={kind}")
    target = page.locator(PLACES[kind]).first
    await target.wait_for()
    await page.wait_for_function("mapIsCalm")
    await page.wait_for_timeout(2000)  # for what else the page loads
    box = await target.bounding_box()
    assert box is not None
    return page, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


async def followed(page: Page, work: Callable[[], Awaitable[None]]) -> Followed:
    """How the map follows while the work is done."""
    await page.wait_for_timeout(300)
    await page.evaluate("startMapLog()")
    start = asyncio.get_running_loop().time()
    await work()
    redraws, gap = await page.evaluate("stopMapLog()")
    return Followed(redraws / (asyncio.get_running_loop().time() - start), gap)


async def pan(page: Page, x: float, y: float, moves: int, seconds: float) -> Followed:
    """Drag once around a circle."""
    turns = [2 * math.pi * i / moves for i in range(1, moves + 1)]
    places = [(x + 120 * math.sin(t), y + 120 * (1 - math.cos(t)) / 2) for t in turns]
    await page.mouse.move(x, y)
    await page.mouse.down()
    result = await followed(page, lambda: move_by_the_clock(page, places, seconds))
    await page.mouse.up()
    return result


async def zoom(page: Page, x: float, y: float, moves: int, seconds: float) -> Followed:
    """Turn the wheel in and out again."""
    chrome = await page.context.new_cdp_session(page)
    step = math.log(ZOOM) / 0.0015 / (moves // 2)  # the map's own factor is exp(0.0015 delta)
    await page.mouse.move(x, y)

    async def turn() -> None:
        loop = asyncio.get_running_loop()
        start = loop.time()
        pending = []
        for i in range(1, moves + 1):
            await asyncio.sleep(max(0.0, start + i * seconds / moves - loop.time()))
            wheel = {"type": "mouseWheel", "x": x, "y": y, "deltaX": 0, "deltaY": -step if i <= moves // 2 else step}
            pending.append(asyncio.create_task(chrome.send("Input.dispatchMouseEvent", wheel)))
        await asyncio.gather(*pending)

    return await followed(page, turn)


async def lasso(page: Page, x: float, y: float) -> tuple[float, float, float]:
    """Milliseconds until the items inside are counted, and until they are drawn; of the page's thread until then."""
    chrome = await page.context.new_cdp_session(page)
    await chrome.send("Performance.enable", {"timeDomain": "threadTicks"})

    async def used() -> float:
        metrics = (await chrome.send("Performance.getMetrics"))["metrics"]
        return 1000 * next(one["value"] for one in metrics if one["name"] == "TaskDuration")

    await page.get_by_role("button", name="Show all points").click()
    await page.get_by_role("button", name="Lasso (L)").click()
    await page.wait_for_timeout(1000)
    times = []
    for _ in range(LASSOS):
        await page.mouse.move(x + 100, y)
        await page.mouse.down()
        for i in range(1, 60):
            await page.mouse.move(x + 100 * math.cos(i / 9.5), y + 100 * math.sin(i / 9.5))
        timed = asyncio.create_task(page.evaluate("timeLasso()"))
        await page.wait_for_timeout(300)
        before = await used()
        await page.mouse.up()
        counted, drawn = await timed
        times.append((counted, drawn, await used() - before))
        await page.wait_for_timeout(1500)  # for the page's answer
    counted, drawn, thread = map(statistics.median, zip(*times, strict=True))
    return counted, drawn, thread


async def memory(browser: Browser, chrome: CDPSession) -> tuple[float, float]:
    """MiB of the tab's process, and of the scripts' heap with their arrays."""
    session = await browser.new_browser_cdp_session()
    processes = (await session.send("SystemInfo.getProcessInfo"))["processInfo"]
    # Of several renderers (Chromium keeps a spare one) the tab's is the largest.
    process = max(_anonymous(one["id"]) for one in processes if one["type"] == "renderer")
    await chrome.send("HeapProfiler.collectGarbage")
    heap = await chrome.send("Runtime.getHeapUsage")
    return process, (heap["usedSize"] + heap["backingStorageSize"]) / 2**20


def _anonymous(pid: int) -> float:
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1024


async def own_map(browser: Browser, url: str, n: int, moves: int, seconds: float) -> OwnMap:
    """Everything of our map at one size."""
    page, x, y = await opened(browser, url, "own map", n)
    panned = await pan(page, x, y, moves, seconds)
    zoomed = await zoom(page, x, y, moves, seconds)
    counted, drawn, thread = await lasso(page, x, y)
    await page.wait_for_timeout(2000)
    process, scripts = await memory(browser, await page.context.new_cdp_session(page))
    await page.close()
    return OwnMap(panned, zoomed, counted, drawn, thread, process, scripts)


async def measure(moves: int, seconds: float, sizes: Sequence[int]) -> None:
    """All sizes with both, as a Markdown table."""
    print(f"{moves} moves in {seconds:g} s, software GL; {load()}\n")
    with tempfile.TemporaryDirectory() as folder:
        script = pathlib.Path(folder) / "both_maps.py"
        script.write_text(SCRIPT)
        with server(script) as url:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
                print("| points | pan, redraws a second (longest gap, ms) | zoom, the same | lasso to number, ms | "
                      "to drawing | thread | tab, MiB | of it scripts, MiB | Plotly's scattergl, pan |")  # fmt: skip
                print("|---|---|---|---|---|---|---|---|---|")
                for n in sizes:
                    own = await own_map(browser, url, n, moves, seconds)
                    plotly = "–"
                    if n <= PLOTLY_UP_TO:
                        page, x, y = await opened(browser, url, "Plotly", n)
                        plotly = str(await pan(page, x, y, moves, seconds))
                        await page.close()
                    cells = [f"{n:,}", own.pan, own.zoom, f"{own.counted:.0f}", f"{own.drawn:.0f}", f"{own.thread:.0f}"]
                    cells += [f"{own.process:.0f}", f"{own.scripts:.0f}", plotly]
                    print(f"| {' | '.join(map(str, cells))} |", flush=True)
                await browser.close()
    print(f"\n{load()} at the end")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moves", type=int, default=180)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    args = parser.parse_args()
    asyncio.run(measure(args.moves, args.seconds, args.sizes))


if __name__ == "__main__":
    main()
