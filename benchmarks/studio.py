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
from collections.abc import Iterable
from pathlib import Path

import psutil
from playwright.sync_api import Page, sync_playwright
from running_app import FLAGS, chromium_path, load, server, server_process

from explorer import runs
from explorer.recipe import Recipe
from explorer.ui.train.presets import PRESETS

SIZE = {"width": 1440, "height": 900}
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
                    if event.kind == "started":
                        clock, items = time.process_time(), event.n_train * recipe.training.epochs
                    if watched and event.kind == "step" and event.step % 20 == 1:
                        run.watch()
                    if event.kind == "epoch" and event.epoch == event.epochs:
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


def of_the_page(rounds: int, seconds: float = 10.0) -> None:
    """Print what a training, the server and Chromium take while its page is open, and while it is closed, in turns."""
    values = PRESETS["forms"].values | {"name": "long", "training": {"epochs": 5000, "device": "cpu"}}
    ratios, shares = [], []
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
            for _ in range(rounds):
                rates = []
                for is_open in (True, False):
                    page.goto(f"{url}/train?run={run.id}" if is_open else "about:blank", timeout=LIMIT_MS)
                    if is_open:
                        page.wait_for_function(SHOWN, arg={"what": "picture", "before": ""}, timeout=LIMIT_MS)
                    page.wait_for_timeout(6000)  # who has not looked for five seconds no longer watches
                    chromium = [p for p in psutil.Process().children(recursive=True) if "chrom" in p.name()]
                    chromium = [p for p in chromium if p.pid != server_id]
                    before = [cpu_of([training]), cpu_of([app]), cpu_of(chromium), time.perf_counter(), steps_of(run)]
                    page.wait_for_timeout(1000 * seconds)
                    after = [cpu_of([training]), cpu_of([app]), cpu_of(chromium), time.perf_counter(), steps_of(run)]
                    own, of_app, of_chromium, wall, steps = (b - a for a, b in zip(before, after, strict=True))
                    items = 128 * steps
                    rates.append((items / own, items / wall))
                    if is_open:
                        shares.append((of_app / wall, of_chromium / wall))
                ratios.append([rates[0][i] / rates[1][i] for i in (0, 1)])
            run.stop()
        browser.close()
    by_cpu, by_wall = (statistics.median(column) for column in zip(*ratios, strict=True))
    app_share, chromium_share = (statistics.median(column) for column in zip(*shares, strict=True))
    print(
        f"with its page open a training does {by_cpu:.2f} of the items a second of processor time, and {by_wall:.2f} of"
        f" those a second, that it does with the page closed; meanwhile the server takes {app_share:.2f} and Chromium"
        f" {chromium_share:.2f} of a processor (median of {rounds}; {load()})",
        flush=True,
    )


def steps_of(run: runs.Run) -> int:
    """Steps of a run so far."""
    return max(event.get("step", 0) for event in run.events()[0])


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
