"""The scripts' sources as modules in an empty page, so that a test can call what they export, without a build."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Route

from tests.conftest import ROOT

FOLDER = ROOT / "explorer" / "browser"
ADDRESS = "http://sources.localhost/"
RUNTIME = ("runtime/kernel.js", "runtime/network.js", "runtime/any_network.js")


def open_modules(page: Any, *paths: str, preparation: str = "") -> None:
    """Put all exports of some modules on the window of an empty page.

    Args:
        page: of Playwright.
        paths: of the modules, below explorer/browser.
        preparation: a script that runs before them.
    """
    page.route(f"{ADDRESS}**", _answer)
    page.goto(ADDRESS)
    page.evaluate(f"() => {{ {preparation} }}")
    page.evaluate(
        "async (paths) => { for (const path of paths) Object.assign(window, await import(`./${path}`)); }", paths
    )


def _answer(route: Route) -> None:
    """A file as the build gives it to a script that imports it: bytes for a compiled kernel."""
    path = FOLDER / route.request.url.removeprefix(ADDRESS)
    if path == FOLDER:
        route.fulfill(body="<!doctype html>", content_type="text/html")
    elif path.suffix == ".wasm":
        numbers = json.dumps(list(path.read_bytes()))
        route.fulfill(body=f"export default new Uint8Array({numbers});", content_type="text/javascript")
    else:
        route.fulfill(path=path, content_type="text/javascript")
