"""How often the map of codes is redrawn while it is dragged, in Chromium, beside Plotly's scattergl.

    python benchmarks/map.py [--moves 180] [--seconds 3]

Draws the same points, ten classes, with the app's own map and with the Plotly figure that the app offers for download,
and drags each in a circle: the pointer's moves are sent by the clock, whether or not the page keeps up. A redraw is a
frame in which the points stand elsewhere than in the frame before: drawn anew, or the last drawing moved.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import pathlib
import tempfile

from playwright.async_api import Browser, async_playwright
from running_app import FLAGS, WAIT_S, chromium_path, load, move_by_the_clock, server

SIZES = (5_000, 20_000, 70_000)
PLACES = {"own map": "[role=application]", "Plotly": ".js-plotly-plot .nsewdrag"}
SCRIPT = """
import numpy as np
import streamlit as st
from explorer import figures, palette
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
    contents = LatentMap(points=Points(places=points, groups=labels, names=names, palette=colours))
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
  const log = (window.mapLog = { frames: 0, redraws: 0, size: '' });
  const canvases = (root) => [...root.querySelectorAll('*')].flatMap((e) =>
    e.shadowRoot ? canvases(e.shadowRoot) : e.tagName === 'CANVAS' ? [e] : []);
  let found = [], before = '';
  const tick = () => {
    if (!found.length) found = canvases(document).filter((c) => c.width > 300);
    const now = draws + found.map((canvas) => canvas.style.transform).join();
    log.frames++;
    if (now !== before) log.redraws++;
    before = now;
    requestAnimationFrame(tick);
  };
  window.startMapLog = () => { requestAnimationFrame(tick); };
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


async def redraws_a_second(
    browser: Browser, url: str, kind: str, n: int, moves: int, seconds: float
) -> tuple[float, str]:
    """Redraws a second while dragging, and the map's size in CSS pixels."""
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
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.wait_for_timeout(300)
    await page.evaluate("startMapLog()")
    turns = [2 * math.pi * i / moves for i in range(1, moves + 1)]
    start = asyncio.get_running_loop().time()
    await move_by_the_clock(page, [(x + 120 * math.sin(t), y + 120 * (1 - math.cos(t)) / 2) for t in turns], seconds)
    redraws = await page.evaluate("mapLog.redraws")
    took = asyncio.get_running_loop().time() - start
    await page.mouse.up()
    await page.close()
    return redraws / took, f"{box['width']:.0f}x{box['height']:.0f}"


async def measure(moves: int, seconds: float) -> None:
    """All sizes with both, as a Markdown table."""
    print(f"{moves} moves in {seconds:g} s, software GL; {load()}\n")
    with tempfile.TemporaryDirectory() as folder:
        script = pathlib.Path(folder) / "both_maps.py"
        script.write_text(SCRIPT)
        with server(script) as url:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
                print("| points | own map, redraws a second | Plotly's scattergl, redraws a second |\n|---|---|---|")
                sizes = ""
                for n in SIZES:
                    cells = []
                    for kind in PLACES:
                        rate, size = await redraws_a_second(browser, url, kind, n, moves, seconds)
                        cells.append(f"{rate:.1f}")
                        sizes += "" if n != SIZES[0] else f"; {kind} {size}"
                    print(f"| {n:,} | {' | '.join(cells)} |", flush=True)
                await browser.close()
    print(f"\n{load()} at the end{sizes}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moves", type=int, default=180)
    parser.add_argument("--seconds", type=float, default=3.0)
    args = parser.parse_args()
    asyncio.run(measure(args.moves, args.seconds))


if __name__ == "__main__":
    main()
