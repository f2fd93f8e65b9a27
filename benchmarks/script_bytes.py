"""How many bytes of our scripts and styles a browser gets when it first visits each page.

    python benchmarks/script_bytes.py [--model mnist-vae-2d]

Each page is opened in a browser context that knows nothing yet, and then loaded a second time. Counted are scripts and
styles inside messages of the websocket, once for every message that carries them, and files that components ask the
server for: as they are on disk, as they travelled (compressed), and those that came more than once.
Needs Chromium, as the browser tests do.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from running_app import FLAGS, chromium_path, server
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from explorer.ui.shell.frame import PAGES
from pages import seconds_until_still

OUR_FILES = re.compile(r"/_stcore/bidi-components/")


def in_message(frame: str | bytes) -> int:
    """Bytes of scripts and styles inside one websocket message."""
    if not isinstance(frame, bytes):
        return 0
    message = ForwardMsg.FromString(frame)
    component = message.delta.new_element.bidi_component
    return len(component.js_content.encode()) + len(component.css_content.encode())


class Visit:
    """What came while a page was loaded once.

    Args:
        in_messages: bytes of scripts and styles inside messages.
        files: name -> how often it came, its bytes, and its bytes as they travelled, of one time.
    """

    def __init__(self) -> None:
        self.in_messages = 0
        self.times: Counter[str] = Counter()
        self.bytes: dict[str, int] = {}
        self.travelled: dict[str, int] = {}

    def __str__(self) -> str:
        n_files = sum(self.bytes[name] * times for name, times in self.times.items())
        n_travelled = sum(self.travelled[name] * times for name, times in self.times.items())
        twice = sum(times > 1 for times in self.times.values())
        return f"{kilo(self.in_messages)} | {len(self.times)} | {kilo(n_files)} | {kilo(n_travelled)} | {twice}"


def kilo(n: int) -> str:
    """Bytes for reading."""
    return f"{n / 1000:,.1f} kB"


def visits(browser: Browser, url: str) -> Iterator[Visit]:
    """Load an address in a new context, and once more."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    visit = Visit()

    def count_message(frame: str | bytes) -> None:
        visit.in_messages += in_message(frame)

    def count_file(request: Any) -> None:
        if OUR_FILES.search(request.url) and request.response().from_service_worker is False:
            name = request.url.rsplit("/", 1)[1]
            travelled = request.sizes()["responseBodySize"]
            if travelled > 0:  # of what the browser has kept it is minus the bytes of headers
                visit.times[name] += 1
                visit.bytes[name] = len(request.response().body())
                visit.travelled[name] = travelled

    page.on("websocket", lambda socket: socket.on("framereceived", count_message))
    page.on("requestfinished", count_file)
    for _ in range(2):
        visit = Visit()
        page.goto(url)
        seconds_until_still(page)
        yield visit
    context.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="mnist-vae-2d")
    args = parser.parse_args()
    print("| page | load | in messages | files | bytes of files | as travelled | files that came twice |")
    print("|---|---|---|---|---|---|---|")
    with sync_playwright() as playwright, server() as app:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        for name in PAGES:
            address = f"{app}/{'' if name == 'home' else name}?model={args.model}"
            for load, visit in zip(("first", "again"), visits(browser, address), strict=True):
                print(f"| {name} | {load} | {visit} |", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
