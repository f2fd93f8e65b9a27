"""How long pages take to stand still in Chromium, beside an empty Streamlit page.

    python benchmarks/pages.py [--rounds 3] [--model NAME]

Starts the app as `make app` does and prints the seconds from the server's start to the first real picture on Home.
Then, for each page, the seconds from opening its address in a new browser context to its last change, on a server that
has shown it before (warm) and on one that has not (first), and the same for an empty page served beside it.
Needs Chromium, as the browser tests do.
"""

from __future__ import annotations

import argparse
import pathlib
import statistics
import tempfile
import time

from playwright.sync_api import Browser, Page, sync_playwright
from running_app import FLAGS, chromium_path, server

from explorer.ui.shell.frame import PAGES

STATE = """() => [
    document.querySelector('[data-testid=stApp]')?.getAttribute('data-test-script-state') || 'initial',
    document.querySelectorAll('[data-testid=stSkeleton], [data-testid=stSpinner]').length,
    document.body.innerText.length,
    document.querySelectorAll('img, canvas, svg').length,
].join('|')"""
QUIET_S, LIMIT_S = 1.0, 120.0


def seconds_until_still(page: Page) -> float:
    """Seconds from now until the last change before a second of quiet."""
    start = last_change = time.perf_counter()
    seen = None
    while time.perf_counter() - start < LIMIT_S:
        state = page.evaluate(STATE)
        busy = state.split("|")[0] in ("initial", "running") or state.split("|")[1] != "0"
        if busy or state != seen:
            seen, last_change = state, time.perf_counter()
        elif time.perf_counter() - last_change > QUIET_S:
            return last_change - start
        page.wait_for_timeout(50)
    raise SystemExit(f"{page.url} did not stand still within {LIMIT_S:.0f} s")


def open_page(browser: Browser, url: str) -> float:
    """Seconds that a new visitor waits for this address."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    start = time.perf_counter()
    page.goto(url)
    seconds = time.perf_counter() - start + seconds_until_still(page)
    context.close()
    return seconds


def first_picture(browser: Browser) -> float:
    """Seconds from the start of the server's process to the first picture that the decoder made."""
    start = time.perf_counter()
    with server() as url:
        page = browser.new_page()
        page.goto(url)
        page.wait_for_selector("[data-testid=stMain] canvas", timeout=1000 * LIMIT_S)
        seconds = time.perf_counter() - start
        page.close()
    return seconds


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--model", default="mnist-vae-2d")
    args = parser.parse_args()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        print(f"server's start to first picture: {first_picture(browser):.1f} s")
        empty = pathlib.Path(folder) / "empty.py"
        empty.write_text("import streamlit as st\nst.title('Empty')\n")
        with server(empty) as nothing, server() as app:
            open_page(browser, nothing)
            base = statistics.median(open_page(browser, nothing) for _ in range(args.rounds))
            print(
                f"empty Streamlit page: {base:.1f} s\n\n| page | first | warm | warm minus empty |\n|---|---|---|---|"
            )
            for name in PAGES:
                address = f"{app}/{'' if name == 'home' else name}?model={args.model}"
                first = open_page(browser, address)
                warm = statistics.median(open_page(browser, address) for _ in range(args.rounds))
                print(f"| {name} | {first:.1f} s | {warm:.1f} s | {warm - base:+.1f} s |", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
