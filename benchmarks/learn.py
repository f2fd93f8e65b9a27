"""How fast Learn is in Chromium: training, frames, bytes, and the picture after a move, for each scene.

    python benchmarks/learn.py [--seconds 3] [--only SCENE ...]

First the training engine alone, in an empty page: steps a second of a 2-16-16-1-16-16-2 autoencoder with batches of 256
points, for each activation, with the compiled kernel and in plain JavaScript: of 200 runs of ten steps, what one in
twenty is faster than, since a run is short enough to get through between other work on the machine.

Then the app, with a server that has shown the page before. Of each scene, which is found by itself: milliseconds from
opening its address in a new browser until it is drawn, and how much later that is than a page of Streamlit with one
word on it; bytes of its scripts; milliseconds from a move of the pointer over its picture, dragged where it can be, to
the end of the frame that shows what follows (median / 95th percentile), and the same for its first slider; where it
trains, frames a second while it does.
Needs Chromium, as the browser tests do.
"""

from __future__ import annotations

import argparse
import functools
import json
import pathlib
import sys
import tempfile
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Locator, Page, sync_playwright
from running_app import FLAGS, WAIT_S, chromium_path, load, server

ROOT = pathlib.Path(__file__).parents[1]
sys.path[:0] = [str(ROOT)]  # run from a clone

from explorer.browser import assets  # noqa: E402
from explorer.browser.scenes import SCENES  # noqa: E402
from tests.browser.modules import open_modules  # noqa: E402

KINDS = ("tanh", "relu", "leaky_relu", "elu", "silu", "sigmoid")
SPEED = """async ({kind, open, runs}) => {
  const [{simdKernel, javascriptKernel}, {Chain}] = await Promise.all(
    ['./runtime/kernel.js', './training/chain.js'].map((path) => import(path)));
  const layers = [16, 16, 1, 16, 16, 2].flatMap((rows, i) => [
    {op: 'linear', rows},
    ...(i === 2 || i === 5 ? [] : [{op: 'activation', kind, parameter: 0.1}]),
  ]);
  const plan = {inputs: 2, layers, batch: 256, seed: 1};
  const chain = new Chain(plan, {simdKernel, javascriptKernel}[open]);
  for (let i = 0; i < 256; i++) {
    chain.input[i] = Math.cos((i / 128) * Math.PI);
    chain.input[256 + i] = Math.sin((i / 128) * Math.PI);
  }
  for (let i = 0; i < 300; i++) chain.step(0.003); // until it is compiled
  const speeds = [];
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    for (let i = 0; i < 10; i++) chain.step(0.003);
    speeds.push(10000 / (performance.now() - start));
  }
  return speeds.sort((a, b) => b - a)[Math.floor(runs / 20)];
}"""
WATCH = """(() => {
  const log = (window.sceneLog = {moves: [], paints: []});
  for (const name of ['pointermove', 'input']) {
    addEventListener(name, (event) => log.moves.push([event.timeStamp, performance.now(), name]), true);
  }
  const note = () => {
    const paint = {start: performance.now(), done: Infinity};
    log.paints.push(paint);
    // The next task begins when the frame's style, layout and paint are done.
    const {port1, port2} = new MessageChannel();
    port1.onmessage = () => { paint.done = performance.now(); };
    port2.postMessage(0);
  };
  for (const name of ['clearRect', 'putImageData', 'drawImage']) {
    const draw = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (...args) { note(); return draw.apply(this, args); };
  }
})()"""
FIRST_SEEN = """(selector) => {
  const roots = [document];
  const attach = Element.prototype.attachShadow;
  Element.prototype.attachShadow = function (...args) {
    const root = attach.apply(this, args);
    roots.push(root);
    return root;
  };
  const look = () => {
    if (roots.some((root) => root.querySelector(selector))) window.firstSeen = performance.now();
    else requestAnimationFrame(look);
  };
  look();
}"""
FRAMES = """(seconds) => new Promise((done) => {
  const times = [];
  const tick = (time) => {
    times.push(time);
    if (time - times[0] < 1000 * seconds) requestAnimationFrame(tick);
    else done(times);
  };
  requestAnimationFrame(tick);
})"""


def kilobytes(files: set[str]) -> str:
    """Bytes of built scripts, in thousands."""
    return f"{sum((assets.FOLDER / file).stat().st_size for file in files) / 1000:.1f} KB"


def measure_engine(browser: Browser) -> None:
    """Steps a second of the training engine, as a table."""
    print("| activation | compiled kernel | plain JavaScript |\n|---|---|---|")
    for kind in KINDS:
        speeds = []
        for kernel in ("simdKernel", "javascriptKernel"):
            page = browser.new_page()
            open_modules(page)
            speeds.append(page.evaluate(SPEED, {"kind": kind, "open": kernel, "runs": 200}))
            page.close()
        print(f"| {kind} | {speeds[0]:,.0f} steps a second | {speeds[1]:,.0f} |", flush=True)


def milliseconds_until(browser: Browser, url: str, selector: str) -> float:
    """From opening an address in a new browser context until it has an element, by the page's own clock.

    Playwright's own waiting asks every half a second once it has waited for long.
    """
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.add_init_script(f"({FIRST_SEEN})({json.dumps(selector)})")
    page.goto(url, wait_until="commit")
    elapsed = float(page.wait_for_function("window.firstSeen", timeout=1000 * WAIT_S).json_value())
    context.close()
    return elapsed


def latencies(page: Page, event: str, work: Any) -> str:
    """Of each event of a kind that reached the page, until its picture or a newer one was shown."""
    page.evaluate("sceneLog.moves.length = sceneLog.paints.length = 0")
    work()
    page.wait_for_timeout(300)
    log = page.evaluate("sceneLog")
    times = [
        min((paint["done"] for paint in log["paints"] if paint["start"] >= handled), default=float("nan")) - stamp
        for stamp, handled, name in log["moves"]
        if name == event
    ]
    shown = [each for each in times if np.isfinite(each)]
    if not shown:
        return "no picture"
    return f"{np.median(shown):.1f} / {np.percentile(shown, 95):.1f} ms"


def sweep(page: Page, target: Locator, is_pressed: bool) -> None:
    """Move the pointer over an element, 60 moves a second for a second."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.1 * box["width"], y)
    if is_pressed:
        page.mouse.down()
    for i in range(60):
        page.mouse.move(box["x"] + (0.1 + 0.8 * i / 60) * box["width"], y)
        page.wait_for_timeout(16)
    page.mouse.up()


def measure_scene(browser: Browser, url: str, name: str, seconds: float, bare: float) -> str:
    """One row of the table; ``bare`` is the time of a page with one word."""
    address = f"{url}/learn?scene={name}"
    drawn = [milliseconds_until(browser, address, ".scene[data-drawn]") for _ in range(4)][1:]
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.add_init_script(WATCH)
    page.goto(address)
    page.locator(".scene[data-drawn]").wait_for(timeout=1000 * WAIT_S)
    page.wait_for_timeout(3000)  # what else the page loads is none of the scene's business
    # What is dragged changes with each move. Where one only points, a move within the same part changes nothing and
    # waits for the next one: so the picture counts that is drawn most often.
    dragged = page.locator(".scene [data-hand=drag]:visible").all()[:1]
    moved, most = "none to move on", 0
    for picture in dragged or page.locator(".scene [data-hand]:visible").all():
        of_picture = latencies(page, "pointermove", functools.partial(sweep, page, picture, bool(dragged)))
        if (drawn_so_often := page.evaluate("sceneLog.paints.length")) > most:
            moved, most = of_picture, drawn_so_often
    sliders = page.locator(".scene input[type=range]:visible")
    slid = latencies(page, "input", lambda: sweep(page, sliders.first, True)) if sliders.count() else "no slider"
    train = page.locator(".scene").get_by_role("button", name="Train", exact=True)
    frames = "does not train"
    if train.count():
        train.click()
        page.locator(".scene .stage").scroll_into_view_if_needed()
        times = page.evaluate(FRAMES, seconds)
        longest = np.percentile(np.diff(times), 95)
        frames = f"{1000 * (len(times) - 1) / (times[-1] - times[0]):.0f} a second, 95 % within {longest:.0f} ms"
    page.close()
    scripts = kilobytes(assets.brings(assets.script(name)))
    since = f"{np.median(drawn):,.0f} ms ({np.median(drawn) - bare:+,.0f})"
    return f"| {name} | {since} | {scripts} | {moved} | {slid} | {frames} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3.0, help="of training in which frames are counted")
    names = [scene.name for scene in SCENES]
    parser.add_argument("--only", nargs="+", choices=names, help="these scenes, without the training engine")
    args = parser.parse_args()
    print(f"{load()} at the start\n")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        if not args.only:
            measure_engine(browser)
        empty = pathlib.Path(folder) / "empty.py"
        empty.write_text("import streamlit as st\nst.write('Here')\n")
        with server(empty) as url:
            times = [milliseconds_until(browser, url, "[data-testid=stMarkdown]") for _ in range(4)][1:]
        bare = float(np.median(times))
        print(f"\nA page of Streamlit with one word: {bare:,.0f} ms\n")
        print("| scene | drawn after | scripts | move to picture | slider to picture | frames while training |")
        print("|---|---|---|---|---|---|")
        with server() as url:
            for name in args.only or names:
                print(measure_scene(browser, url, name, args.seconds, bare), flush=True)
        browser.close()
    everything = set().union(*(assets.brings(assets.script(scene.name)) for scene in SCENES))
    print(f"\nAll scenes together: {kilobytes(everything)}. {load()} at the end")


if __name__ == "__main__":
    main()
