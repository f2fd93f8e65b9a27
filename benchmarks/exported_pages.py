"""How large the exported pages of the shipped models are, and how soon their first picture is seen.

    EXPLORER_DATA=FOLDER python benchmarks/exported_pages.py [NAME ...] [--items 2000] [--times 5]

Each checkpoint is exported with items that it has not learnt from and opened from the file system in Chromium, with no
connection. The first picture is what the decoder makes of the place under the map's cursor, or the row's first value:
milliseconds from the start of navigation to the frame in which it stands, the median of several times in a new context.
A move is a slider dragged to a new place: milliseconds to the frame in which the decoded item has changed.
Needs Chromium, as the browser tests do.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from running_app import FLAGS, chromium_path

from explorer import checkpoints, data, evaluation
from explorer.checkpoints import VectorCheckpoint
from explorer.core.errors import ExplorerError
from explorer.views.exported import ExportedPage, model_page
from explorer.views.items import data_on_this_machine, decoded_items, thinned_items

MOVES = 30
WATCH = """
const shown = (part) => {
  const root = document.querySelector(`[data-component=${part}]`)?.shadowRoot;
  const item = root?.querySelector(part === 'latent_map' ? '.inspector .item' : '.output .item');
  const canvas = item?.querySelector('canvas.picture');
  if (canvas && !canvas.hidden && canvas.width > 1) {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value, i) => value !== data[i % 4]) ? data.join() : '';
  }
  return item?.querySelector('.feature .number') ? item.textContent : '';
};
const look = () => {
  if (shown('latent_map')) window.firstPicture = performance.now();
  else requestAnimationFrame(look);
};
window.shown = shown;
requestAnimationFrame(look);
"""
MOVE = """async (value) => {
  const range = document.querySelector('[data-component=sliders]').shadowRoot.querySelector('input[type=range]');
  const before = window.shown('sliders');
  const start = performance.now();
  range.value = value;
  range.dispatchEvent(new Event('input', { bubbles: true }));
  for (let i = 0; i < 60; i++) {
    await new Promise(requestAnimationFrame);
    if (window.shown('sliders') !== before) return performance.now() - start;
  }
  return null;
}"""


@dataclass(frozen=True)
class Opened:
    """A page in a browser: milliseconds to its first picture, and of each move that changed something."""

    first: float
    moves: list[float]


def exported(checkpoint: VectorCheckpoint, items: int) -> ExportedPage:
    """The page of a checkpoint, as the command makes it."""
    name = data_on_this_machine(checkpoint.card)
    if name is None:
        return model_page(decoded_items(checkpoint, items))
    dataset = data.dataset(name, checkpoint.card.recipe.data.seed)
    rows, split = evaluation.rows_for(checkpoint, dataset)
    return model_page(thinned_items(checkpoint, dataset, rows, split, items))


def opened(browser: Browser, path: Path) -> Opened:
    """Open a file in a context that knows nothing and has no connection.

    Raises:
        SystemExit: the page has asked for something, or a script has failed.
    """
    with browser.new_context(offline=True) as context:
        page = context.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda request: problems.append(request.url) if request.url != path.as_uri() else None)
        page.add_init_script(WATCH)
        page.goto(path.as_uri())
        first = _first_picture(page)
        moves = []
        if page.locator("#sliders").count():
            page.locator("#sliders .live").wait_for()
            page.wait_for_timeout(500)
            moves = [page.evaluate(MOVE, 1000 * (i % 10 + 0.5) / 10) for i in range(MOVES)]
        if problems:
            raise SystemExit(f"{path.name}: {problems}")
    return Opened(first, [move for move in moves if move is not None])


def _first_picture(page: Page) -> float:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        first = page.evaluate("window.firstPicture ?? null")
        if first is not None:
            return float(first)
        page.wait_for_timeout(50)
    raise SystemExit("No picture within 60 s.")


def main() -> None:
    """Print a table with a line for each checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="of a checkpoint; default: all that are shipped")
    parser.add_argument("--items", type=int, default=2000)
    parser.add_argument("--times", type=int, default=5)
    arguments = parser.parse_args()
    print("| checkpoint | weights | file | first picture | move to picture | parts beside map and sliders |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        for name in arguments.names or sorted(checkpoints.available()):
            checkpoint = checkpoints.load(name)
            try:
                page = exported(checkpoints.with_codes(checkpoint), arguments.items)
            except ExplorerError as error:
                print(f"| {name} | {checkpoint.card.weights:,} | refused: {error.message} | | | |", flush=True)
                continue
            path = Path(folder) / f"{name}.html"
            path.write_bytes(page.html)
            times = [opened(browser, path) for _ in range(arguments.times)]
            moves = sorted(move for one in times for move in one.moves)
            moved = f"{statistics.median(moves):.1f} / {moves[int(0.95 * len(moves))]:.1f} ms" if moves else ""
            first = statistics.median(one.first for one in times)
            print(
                f"| {name} | {checkpoint.card.weights:,} | {len(page.html) / 1e6:.2f} MB | {first:.0f} ms | {moved} | "
                f"{', '.join(page.parts[2:])} |",
                flush=True,
            )
        browser.close()


if __name__ == "__main__":
    main()
