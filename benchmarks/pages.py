"""How long pages take to stand still in Chromium: when their address is opened, and after a click in the navigation.

    python benchmarks/pages.py [--rounds 3] [--models NAME ...] [--pages NAME ...]
    python benchmarks/pages.py --only train             the clicks on one page alone

Starts the app as `make app` does and prints the seconds from the server's start to the first real picture on Home.
Then, for each page, the seconds from opening its address in a new browser context to its last change, on a server that
has shown it before (warm) and on one that has not (first), and the same for an empty page served beside it.
Last, for each model, the seconds from a click on a page's name in the navigation to that page's last change: the first
click of a visit to a server that has not shown this page for this model yet, and later ones. A visit begins on Train,
so that the first click on each other page is a first one; for Train itself it begins on Home, with a server of its own.
Novelty's worked examples are measured from the press on their card. Needs Chromium, as the browser tests do.
"""

from __future__ import annotations

import argparse
import pathlib
import statistics
import tempfile
import time
from collections.abc import Sequence

from playwright.sync_api import Browser, Locator, Page, ViewportSize, sync_playwright
from running_app import FLAGS, chromium_path, load, server

from explorer.ui.novelty.sources import CARDS
from explorer.ui.shell.frame import PAGES

STATE = """() => [
    document.querySelector('[data-testid=stApp]')?.getAttribute('data-test-script-state') || 'initial',
    document.querySelectorAll('[data-testid=stSkeleton], [data-testid=stSpinner]').length,
    document.body.innerText.length,
    document.querySelectorAll('img, canvas, svg').length,
].join('|')"""
QUIET_S, LIMIT_S = 1.0, 120.0
SIZE: ViewportSize = {"width": 1440, "height": 900}
MODELS = (
    "mnist-vae-2d",
    "mnist-conv-vae-16d",
    "mnist-stacked-30d",
    "mnist-convolutional-16d",
    "breast-cancer-undercomplete",
    "photo-denoiser-grey",
)
"""One of each kind that pages draw differently."""


def seconds_until_still(page: Page) -> float:
    """Seconds from now until the last change before a second of quiet."""
    start = last_change = time.perf_counter()
    seen = None
    while time.perf_counter() - start < LIMIT_S:
        state = page.evaluate(STATE)
        busy = state.split("|")[0] in ("initial", "running", "rerunRequested") or state.split("|")[1] != "0"
        if busy or state != seen:
            seen, last_change = state, time.perf_counter()
        elif time.perf_counter() - last_change > QUIET_S:
            return last_change - start
        page.wait_for_timeout(50)
    raise SystemExit(f"{page.url} did not stand still within {LIMIT_S:.0f} s")


def open_page(browser: Browser, url: str) -> float:
    """Seconds that a new visitor waits for this address."""
    context = browser.new_context(viewport=SIZE)
    page = context.new_page()
    start = time.perf_counter()
    page.goto(url)
    seconds = time.perf_counter() - start + seconds_until_still(page)
    context.close()
    return seconds


def click(target: Locator) -> float:
    """Seconds from a press on something until the page stands still."""
    start = time.perf_counter()
    target.click()
    return time.perf_counter() - start + seconds_until_still(target.page)


def clicks(browser: Browser, app: str, model: str, pages: list[str], rounds: int) -> dict[str, list[float]]:
    """Seconds after each click on a page's name, by page, the first click first.

    The visit begins on a page that is none of them and comes back to it, so that each click changes the page.
    """
    begin = "home" if "train" in pages else "train"
    context = browser.new_context(viewport=SIZE)
    page = context.new_page()
    page.goto(f"{app}/{'' if begin == 'home' else begin}?model={model}")
    seconds_until_still(page)
    bar = page.get_by_test_id("stSidebarNav")
    seen: dict[str, list[float]] = {name: [] for name in pages}
    for _ in range(1 + rounds):
        for name in pages:
            seen[name].append(click(bar.get_by_role("link", name=PAGES[name][0], exact=True)))
        click(bar.get_by_role("link", name=PAGES[begin][0], exact=True))
    context.close()
    return seen


def example_clicks(browser: Browser, app: str, rounds: int) -> dict[str, list[float]]:
    """Seconds after each press on the card of a worked example of Novelty."""
    context = browser.new_context(viewport=SIZE)
    page = context.new_page()
    page.goto(f"{app}/novelty")
    seconds_until_still(page)
    seen: dict[str, list[float]] = {name: [] for name in CARDS}
    for _ in range(1 + rounds):
        for name, (_, question) in CARDS.items():
            card = page.get_by_test_id("stColumn").filter(has_text=question)
            seen[name].append(click(card.get_by_role("button", name="Open")))
    context.close()
    return seen


def print_clicks(title: str, seen: dict[str, list[float]]) -> None:
    """A line of a table for each."""
    for name, (first, *later) in seen.items():
        print(f"| {title} | {name} | {first:.1f} s | {statistics.median(later):.1f} s |", flush=True)


def measure_clicks(browser: Browser, pages: list[str], models: Sequence[str], rounds: int) -> None:
    """Click on pages with each model, and print a table."""
    print("\n| model | page | first click | later clicks |\n|---|---|---|---|")
    for together in ([name for name in pages if name != "train"], [name for name in pages if name == "train"]):
        if together:
            with server() as app:
                for model in models:
                    print_clicks(model, clicks(browser, app, model, together, rounds))


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
    parser.add_argument("--models", nargs="*", default=MODELS, metavar="NAME", help="to click through the pages with")
    parser.add_argument("--pages", nargs="+", default=list(PAGES), choices=list(PAGES), help="to click on")
    parser.add_argument("--only", choices=list(PAGES), help="the clicks on this page, and nothing else")
    args = parser.parse_args()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        if args.only:
            print(load())
            measure_clicks(browser, [args.only], args.models, args.rounds)
            print(load())
            return
        print(f"{load()}\nserver's start to first picture: {first_picture(browser):.1f} s")
        empty = pathlib.Path(folder) / "empty.py"
        empty.write_text("import streamlit as st\nst.title('Empty')\n")
        with server(empty) as nothing, server() as app:
            open_page(browser, nothing)
            base = statistics.median(open_page(browser, nothing) for _ in range(args.rounds))
            print(
                f"empty Streamlit page: {base:.1f} s\n\n| page | first | warm | warm minus empty |\n|---|---|---|---|"
            )
            for name in PAGES:
                address = f"{app}/{'' if name == 'home' else name}?model={MODELS[0]}"
                first = open_page(browser, address)
                warm = statistics.median(open_page(browser, address) for _ in range(args.rounds))
                print(f"| {name} | {first:.1f} s | {warm:.1f} s | {warm - base:+.1f} s |", flush=True)
        measure_clicks(browser, args.pages, args.models, args.rounds)
        with server() as app:
            print_clicks("Novelty's example", example_clicks(browser, app, args.rounds))
        print(load())
        browser.close()


if __name__ == "__main__":
    main()
