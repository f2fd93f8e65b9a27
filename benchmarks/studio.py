"""How soon a training shows itself on Train, how evenly its slider moves, and what a run takes on the disk.

    python benchmarks/studio.py [--rounds 3] [--epochs 100]

Starts the app and opens Train, waits until the process for the next training has loaded, presses Start on the preset
"Watch a VAE form", and prints the seconds until the first number and the first picture are on the page; the last round
again on a server without a waiting process (EXPLORER_WARM=0). When the training is over, plays its epochs for five
seconds and prints the drawings a second. Last, trains as many epochs as asked with 2, 16 and 64 numbers a code and
prints the bytes of their frames, and what watching costs the training: its pictures alone, and (``--only page``) with a
page open and closed in turns. Needs Chromium, as the browser tests do.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import tempfile
import time
import urllib.parse
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import psutil
from playwright.sync_api import Page, ViewportSize, sync_playwright
from running_app import FLAGS, chromium_path, load, server, server_process

from explorer import runs
from explorer.recipe import Recipe
from explorer.training.events import EpochFinished, Started, Step
from explorer.ui.train.presets import PRESETS

SIZE: ViewportSize = {"width": 1440, "height": 900}
LIMIT_MS = 120_000
SHOWN = """({what, before}) => {
    const look = (root) => {
        for (const element of root.querySelectorAll('*')) {
            const inner = element.shadowRoot;
            const live = inner?.querySelector('.live[data-run]');
            if (live && live.dataset.run !== before) {
                if (what === 'number' && inner.querySelector('.key')) return live.dataset.run;
                if (what === 'picture' && inner.querySelector('.pair')) return live.dataset.run;
            }
            const found = inner && look(inner);
            if (found) return found;
        }
        return '';
    };
    return look(document);
}"""


def is_waiting() -> bool:
    """Whether a process for the next training has loaded all that it needs: it rests and has the memory for it."""
    for process in psutil.process_iter(["cmdline"]):
        if "explorer.cli.waiting" in (process.info["cmdline"] or []):
            return process.cpu_percent(1.0) < 2 and process.memory_info().rss > 300 << 20
    return False


def start(page: Page, before: str) -> tuple[float, float, str]:
    """Press Start; seconds until a number and a picture are shown, and the run's name."""
    clock = time.perf_counter()
    page.get_by_role("button", name="Start", exact=True).click()
    seconds = []
    for what in ("number", "picture"):
        page.wait_for_function(SHOWN, arg={"what": what, "before": before}, polling=50, timeout=LIMIT_MS)
        seconds.append(time.perf_counter() - clock)
    name = page.evaluate(SHOWN, {"what": "picture", "before": before})
    return seconds[0], seconds[1], str(name)


def of_a_visit(rounds: int, warm: bool) -> None:
    """Print what is seen of some trainings, and of the last one's slider."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        where = {"EXPLORER_RUNS": folder, "EXPLORER_CHECKPOINTS": folder, "EXPLORER_WARM": "1" if warm else "0"}
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        with server(**where) as url:
            page = browser.new_page(viewport=SIZE)
            page.goto(f"{url}/train")
            page.get_by_role("button", name=PRESETS["forms"].title).click(timeout=LIMIT_MS)
            name, numbers, pictures = "", [], []
            for _ in range(rounds):
                while warm and not is_waiting():
                    time.sleep(0.5)
                    page.reload()
                    page.get_by_role("button", name="Start", exact=True).wait_for(timeout=LIMIT_MS)
                    time.sleep(5)
                number, picture, name = start(page, name)
                numbers.append(number)
                pictures.append(picture)
                page.get_by_role("button", name="Save as checkpoint").wait_for(timeout=LIMIT_MS)
            print(
                f"{'a process waits' if warm else 'none waits'}: first number {statistics.median(numbers):.1f} s, first"
                f" picture {statistics.median(pictures):.1f} s (median of {rounds}; {load()})",
                flush=True,
            )
            if warm:
                live = page.locator(".live[data-run]")
                page.get_by_role("button", name="Play", exact=True).click()
                time.sleep(0.5)
                drawn, clock = int(live.get_attribute("data-drawn") or 0), time.perf_counter()
                time.sleep(5)
                rate = (int(live.get_attribute("data-drawn") or 0) - drawn) / (time.perf_counter() - clock)
                print(f"slider: {rate:.0f} drawings a second while it plays ({load()})", flush=True)
        browser.close()


def of_the_disk(epochs: int) -> None:
    """Print the bytes of a run's frames by the size of its codes."""
    for latent_dim in (2, 16, 64):
        values = PRESETS["forms"].values | {"training": {"epochs": epochs, "device": "cpu"}}
        recipe = Recipe.parse(values).with_settings([f"model.latent_dim={latent_dim}", "model.hidden=[64]"])
        with tempfile.TemporaryDirectory() as folder:
            for _ in runs.drain(recipe, Path(folder) / "run"):
                pass
            size = (Path(folder) / "run" / "frames.bin").stat().st_size
            events = (Path(folder) / "run" / "events.jsonl").stat().st_size
        print(
            f"{latent_dim} numbers a code, {epochs} epochs: frames {size:,} bytes, events {events:,} bytes", flush=True
        )


def of_watching(rounds: int) -> None:
    """Print how many training items a second there are with nobody watching, and with somebody."""
    ratios = []
    for _ in range(rounds):
        rates = []
        for watched in (False, True):
            with tempfile.TemporaryDirectory() as folder:
                run = runs.Run(Path(folder) / "run")
                clock, items, recipe = 0.0, 0, PRESETS["forms"].recipe
                for event in runs.drain(recipe, run.folder):
                    if isinstance(event, Started):
                        clock, items = time.process_time(), event.n_train * recipe.training.epochs
                    if watched and isinstance(event, Step) and event.step % 20 == 1:
                        run.watch()
                    if isinstance(event, EpochFinished) and event.epoch == event.epochs:
                        rates.append(items / (time.process_time() - clock))
        ratios.append(rates[1] / rates[0])
    print(
        f"items a second of processor time with pictures between epochs: {statistics.median(ratios):.3f} of without"
        f" ({min(ratios):.3f} to {max(ratios):.3f}; {load()})"
    )


def cpu_of(processes: Iterable[psutil.Process]) -> float:
    """Processor seconds that some processes have taken so far."""
    seconds = 0.0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            times = process.cpu_times()
            seconds += times.user + times.system
    return seconds


@dataclass(frozen=True)
class Reading:
    """What a training, the server and Chromium have taken until a step was written down.

    Args:
        steps: of the training.
        own, app, chromium: processor seconds.
        wall: seconds on the clock.
    """

    steps: float
    own: float
    app: float
    chromium: float
    wall: float

    def since(self, before: Reading) -> Reading:
        """What came between two readings."""
        return Reading(*(b - a for a, b in zip(astuple(before), astuple(self), strict=True)))


def reading(run: runs.Run, training: psutil.Process, app: psutil.Process) -> Reading:
    """A reading just as a step is written: steps are written ten times a second, which is 1 % of a window of ten."""
    path = run.folder / "events.jsonl"
    size = path.stat().st_size
    while path.stat().st_size == size:
        time.sleep(0.001)
    chromium = [p for p in psutil.Process().children(recursive=True) if "chrom" in p.name() and p.pid != app.pid]
    return Reading(steps_of(run), cpu_of([training]), cpu_of([app]), cpu_of(chromium), time.perf_counter())


def of_the_page(rounds: int, seconds: float = 8.0) -> None:
    """Print what a training loses while its page is open beside while it is closed.

    One training goes on through all of it; windows with the page open and closed take turns, the first of a pair being
    each in turn, and figures are the medians of the pairs' ratios, so that what else the machine does falls on both.
    Processor time a step is what the training itself does for the page; time on the clock a step is that and what the
    server and Chromium take from it where processors are few.
    """
    values = PRESETS["forms"].values | {"name": "long", "training": {"epochs": 10_000, "device": "cpu"}}
    by_cpu, by_wall, open_windows, closed_windows = [], [], [], []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        where = {"EXPLORER_RUNS": folder, "EXPLORER_CHECKPOINTS": folder, "EXPLORER_WARM": "0"}
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        with server_process(**where) as (url, server_id):
            page = browser.new_page(viewport=SIZE)
            page.goto(f"{url}/train?form={urllib.parse.quote(json.dumps(values))}", timeout=LIMIT_MS)
            page.get_by_role("button", name="Start", exact=True).click(timeout=LIMIT_MS)
            page.wait_for_function(SHOWN, arg={"what": "picture", "before": ""}, polling=50, timeout=LIMIT_MS)
            run = runs.Run(next(Path(folder).glob("*/recipe.toml")).parent)
            training = psutil.Process(json.loads((run.folder / "process.json").read_text())["pid"])
            app = psutil.Process(server_id)
            for number in range(rounds):
                windows = {}
                for is_open in (True, False) if number % 2 == 0 else (False, True):
                    page.goto(f"{url}/train?run={run.id}" if is_open else "about:blank", timeout=LIMIT_MS)
                    if is_open:
                        page.wait_for_function(SHOWN, arg={"what": "picture", "before": ""}, timeout=LIMIT_MS)
                    page.wait_for_timeout(6000)  # who has not looked for five seconds no longer watches
                    before = reading(run, training, app)
                    page.wait_for_timeout(1000 * seconds)
                    windows[is_open] = reading(run, training, app).since(before)
                opened, closed = windows[True], windows[False]
                by_cpu.append(opened.own / opened.steps / (closed.own / closed.steps))
                by_wall.append(opened.wall / opened.steps / (closed.wall / closed.steps))
                open_windows.append(opened)
                closed_windows.append(closed)
                print(f"pair {number + 1}: {by_cpu[-1]:.3f}, {by_wall[-1]:.3f} ({load()})", flush=True)
            run.stop()
        browser.close()
    print(
        f"with its page open a step of the training takes {spread(by_cpu)} times the processor time, and"
        f" {spread(by_wall)} times the time on the clock, that it takes with the page closed; open / closed, the"
        f" training takes {share('own', open_windows):.2f} / {share('own', closed_windows):.2f} of a processor, the"
        f" server {share('app', open_windows):.2f} / {share('app', closed_windows):.2f} and Chromium"
        f" {share('chromium', open_windows):.2f} / {share('chromium', closed_windows):.2f} ({load()})",
        flush=True,
    )


def spread(ratios: Sequence[float]) -> str:
    """The median of some ratios, and from where to where they go."""
    return f"{statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f}, {len(ratios)} pairs)"


def share(name: str, windows: Sequence[Reading]) -> float:
    """The median over windows of the processors that somebody took."""
    return statistics.median(getattr(window, name) / window.wall for window in windows)


def steps_of(run: runs.Run) -> int:
    """Steps of a run so far."""
    lines = (run.folder / "events.jsonl").read_bytes()[-4096:].splitlines()[1:-1]
    return max(json.loads(line).get("step", 0) for line in lines)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--epochs", type=int, default=100)
    options.add_argument("--only", choices=("visit", "cold", "disk", "watching", "page"))
    chosen = options.parse_args()
    if chosen.only in (None, "visit"):
        of_a_visit(chosen.rounds, warm=True)
    if chosen.only in (None, "cold"):
        of_a_visit(1, warm=False)
    if chosen.only in (None, "disk"):
        of_the_disk(chosen.epochs)
    if chosen.only in (None, "watching"):
        of_watching(chosen.rounds)
    if chosen.only in (None, "page"):
        of_the_page(chosen.rounds)


if __name__ == "__main__":
    main()
