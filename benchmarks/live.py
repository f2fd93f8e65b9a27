"""How soon the picture follows the hand on the Generate page, in Chromium.

    python benchmarks/live.py [--moves 100] [--seconds 3]

Opens Generate on three decoders: a dense one and a convolutional one as shipped, and a convolutional one for 64x64
colour pictures, trained for one short epoch, since its weights make no difference here. On each, the pointer drags the
first slider to and fro: its moves are sent by the clock, whether or not the page keeps up. Each decoder runs twice:
with the compiled kernel, and in a Chromium without WebAssembly SIMD, where plain JavaScript takes its place (x86 only).

Prints a table. "painted": pictures drawn, of the moves that the browser delivered to the page. "move to picture": from
the time stamp of a move to the end of the frame that shows its picture (median / 95th percentile). "decode": the code
to pixels in the canvas. "decode and paint": the same to the end of the frame. "to server": messages during the drag.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import pathlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from playwright.async_api import Browser, Locator, Page, async_playwright
from running_app import FLAGS, WAIT_S, WITHOUT_SIMD, chromium_path, load, move_by_the_clock, server
from trained import trained

import explorer
from explorer import checkpoints, data

SHIPPED = {"mnist-vae-2d": "dense, 1x28x28", "mnist-conv-vae-16d": "convolutional, 1x28x28"}
COLOUR = "colour-64"
SIDE = 64
WATCH = """(() => {
  const log = (window.liveLog = { moves: [], paints: [] });
  addEventListener('pointermove', (event) => log.moves.push([event.timeStamp, performance.now()]), true);
  const ask = window.requestAnimationFrame.bind(window);
  let start = 0;
  window.requestAnimationFrame = (work) => ask((now) => { start = performance.now(); work(now); });
  const put = CanvasRenderingContext2D.prototype.putImageData;
  CanvasRenderingContext2D.prototype.putImageData = function (...args) {
    put.apply(this, args);
    if (this.canvas.getAttribute('aria-label') !== 'Decoded item') return;
    const paint = { start, drawn: performance.now(), done: Infinity };
    log.paints.push(paint);
    // The next task begins when the frame's style, layout and paint are done.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { paint.done = performance.now(); };
    port2.postMessage(0);
  };
})()"""


@dataclass(frozen=True)
class Drag:
    """What one drag was like; times in ms.

    Args:
        delivered: moves that the browser gave to the page.
        painted: pictures drawn.
        latencies: of each delivered move, until its picture or a newer one was shown.
        decodes: of each picture, from the code to pixels.
        frames: of each picture, from the code to the end of the frame.
        sent: messages to the server.
    """

    delivered: int
    painted: int
    latencies: list[float]
    decodes: list[float]
    frames: list[float]
    sent: int


def save_colour_checkpoint(folder: pathlib.Path) -> None:
    """Save a 64x64 colour decoder; without data of its shape, the page makes its own items."""
    crops = [
        photo.array[top : top + SIDE, left : left + SIDE].transpose(2, 0, 1)
        for photo in data.photos()
        if photo.array.ndim == 3
        for top in range(0, 192, SIDE)
        for left in range(0, 192, SIDE)
    ]
    pictures = folder / "crops.npz"
    np.savez(pictures, x=np.stack([crop for crop in crops if crop.shape == (3, SIDE, SIDE)]))
    recipe = explorer.Recipe.parse(
        {
            "name": COLOUR,
            "data": {"dataset": str(pictures)},
            "model": {"family": "convolutional", "latent_dim": 64, "channels": [32, 64, 128]},
            "training": {"epochs": 1, "device": "cpu"},
        }
    )
    checkpoints.save(trained(explorer.train(recipe, data.dataset(str(pictures)))), folder / f"{COLOUR}.safetensors")


async def open_generate(browser: Browser, url: str, model: str) -> tuple[Page, list[object]]:
    """The page with its sliders there, and a list that grows with each message to the server."""
    page = await browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(1000 * WAIT_S)
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    await page.add_init_script(WATCH)
    await page.goto(f"{url}/generate?model={model}")
    await page.get_by_role("img", name="Decoded item").wait_for()
    await page.wait_for_function("document.querySelector('[data-test-script-state=notRunning]')")
    await page.wait_for_timeout(3000)  # what else the page loads is none of the drag's business
    return page, sent


async def drag(page: Page, sent: list[object], moves: int, seconds: float) -> Drag:
    """Drag the first slider to and fro, open-loop."""
    slider = page.get_by_role("slider").first
    middle, y, reach = await track(slider)
    await page.mouse.move(middle, y)
    await page.mouse.down()
    await page.wait_for_timeout(300)
    await page.evaluate("liveLog.moves.length = liveLog.paints.length = 0")
    sent.clear()
    places = [(middle + reach * math.sin(7.1 * i / moves), y) for i in range(1, moves + 1)]
    await move_by_the_clock(page, places, seconds)
    await page.wait_for_timeout(500)
    during = len(sent)
    log = await page.evaluate("liveLog")
    await page.mouse.up()
    paints = log["paints"]
    latencies = []
    for stamp, handled in log["moves"]:
        done = [paint["done"] for paint in paints if paint["start"] >= handled]
        latencies.append(min(done, default=math.inf) - stamp)
    return Drag(
        len(log["moves"]),
        len(paints),
        latencies,
        [paint["drawn"] - paint["start"] for paint in paints],
        [paint["done"] - paint["start"] for paint in paints],
        during,
    )


async def track(slider: Locator) -> tuple[float, float, float]:
    """The middle of a slider, and how far its handle can go from it, in CSS pixels."""
    await slider.scroll_into_view_if_needed()
    box = await slider.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, 0.45 * box["width"]


def both(values: Sequence[float]) -> str:
    """Median / 95th percentile."""
    return f"{np.median(values):.1f} / {np.percentile(values, 95):.1f} ms"


async def measure(moves: int, seconds: float) -> None:
    """All decoders with both kernels, as a Markdown table."""
    print(f"{moves} moves in {seconds:g} s; {load()}\n")
    print("| decoder | kernel | painted | move to picture | decode | decode and paint | to server |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        save_colour_checkpoint(folder)
        titles = SHIPPED | {COLOUR: f"convolutional, 3x{SIDE}x{SIDE}"}
        with server(EXPLORER_CHECKPOINTS=str(folder)) as url:
            async with async_playwright() as playwright:
                for kernel, flags in (("WebAssembly SIMD", []), ("JavaScript", [WITHOUT_SIMD])):
                    browser = await playwright.chromium.launch(executable_path=chromium_path(), args=[*FLAGS, *flags])
                    for model, title in titles.items():
                        page, sent = await open_generate(browser, url, model)
                        moved = await drag(page, sent, moves, seconds)
                        await page.close()
                        print(
                            f"| {title} | {kernel} | {moved.painted} of {moved.delivered} | {both(moved.latencies)} | "
                            f"{both(moved.decodes)} | {both(moved.frames)} | {moved.sent} |",
                            flush=True,
                        )
                    await browser.close()
    print(f"\n{load()} at the end")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moves", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=3.0)
    args = parser.parse_args()
    asyncio.run(measure(args.moves, args.seconds))


if __name__ == "__main__":
    main()
