"""The running app and a Chromium that watches it: console errors, and requests that leave this machine."""

from __future__ import annotations

import contextlib
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any, Literal, NoReturn

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, expect, sync_playwright

from tests.browser.modules import RUNTIME, open_modules
from tests.browser.waits import PATIENCE_MS, PATIENCE_S, Traffic, stand_still

ROOT = pathlib.Path(__file__).parents[2]
expect.set_options(timeout=PATIENCE_MS)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
LOCAL = re.compile(r"(data|blob|about):|(https?|wss?)://(localhost|127\.0\.0\.1)[:/]")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is a browser test, and slow: `pytest -m "not browser"` leaves it out."""
    here = pathlib.Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)


def no_browser(reason: str) -> NoReturn:
    """Skip on a machine without a browser; fail where browser tests are required."""
    if os.environ.get("EXPLORER_REQUIRE_BROWSER") or os.environ.get("CI"):
        pytest.fail(f"browser tests are required here, but {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser_type() -> Iterator[BrowserType]:
    """Playwright's way to Chromium."""
    with sync_playwright() as playwright:
        yield playwright.chromium


@pytest.fixture(scope="session")
def chromium_options() -> dict[str, Any]:
    """How Chromium is started: the one that CHROMIUM names or the first on the path, and its flags."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if path is None:
        no_browser("no Chromium was found: install the package `chromium`, or set CHROMIUM to its path")
    return {"executable_path": path, "args": FLAGS}


@pytest.fixture(scope="session")
def chromium(browser_type: BrowserType, chromium_options: dict[str, Any]) -> Iterator[Browser]:
    """A Chromium whose contexts begin with nothing."""
    browser = browser_type.launch(**chromium_options)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def window(
    browser_type: BrowserType, chromium_options: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., BrowserContext]]:
    """A Chromium with a profile on the disk for each kind of window: `window(has_touch=True)`.

    A profile keeps scripts compiled: a page of the app takes about half of the processor time of one in a new context.
    """
    contexts: dict[str, BrowserContext] = {}

    def of_kind(**kind: Any) -> BrowserContext:
        name = repr(sorted(kind.items()))
        if name not in contexts:
            profile = tmp_path_factory.mktemp("profile")
            contexts[name] = browser_type.launch_persistent_context(profile, **chromium_options, **kind)
        return contexts[name]

    yield of_kind
    for context in contexts.values():
        context.close()


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_healthy(process: subprocess.Popen[bytes], url: str, log: pathlib.Path) -> None:
    """Return when the app answers; fail with its output when it ends or stays silent."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=1)
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"the app did not start (exit status {process.poll()}):\n{log.read_text()[-3000:]}")


@contextlib.contextmanager
def running(command: list[str], folder: pathlib.Path, environment: dict[str, str], log: pathlib.Path) -> Iterator[str]:
    """A command that starts a Streamlit server, run in a folder; the server's address."""
    port = free_port()
    url = f"http://localhost:{port}"
    environment = environment | {
        "STREAMLIT_SERVER_PORT": str(port),
        "STREAMLIT_SERVER_HEADLESS": "true",
        "STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT, env=environment)
    try:
        wait_until_healthy(process, url, log)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_S)


def serving(script: str, folder: pathlib.Path) -> contextlib.AbstractContextManager[str]:
    """A Streamlit server of a script of this repository, with its log in the folder; its address."""
    command = [sys.executable, "-m", "streamlit", "run", script]
    return running(command, ROOT, {**os.environ, "PYTHONPATH": str(ROOT)}, folder / "streamlit.log")


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory, own_folders: None) -> Iterator[str]:
    """The address of the app, started once for all browser tests."""
    with serving("explorer_app.py", tmp_path_factory.mktemp("app")) as url:
        yield url


@pytest.fixture(scope="module")
def demo_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, own_folders: None
) -> Iterator[str]:
    """The address of the script beside the tests that a test module names as DEMO."""
    with serving(f"tests/browser/{request.module.DEMO}", tmp_path_factory.mktemp("demo")) as url:
        yield url


def watch(page: Page) -> list[str]:
    """Start to collect what a user would call wrong; the list grows while the page lives."""
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(f"page error: {error}"))
    page.on(
        "console",
        # Streamlit probes its own endpoints while it connects, and the browser logs the misses.
        lambda message: (
            problems.append(f"console: {message.text}")
            if message.type == "error" and "/_stcore/" not in str(message.location)
            else None
        ),
    )
    page.on(
        "request",
        lambda request: None if LOCAL.match(request.url) else problems.append(f"left this machine: {request.url}"),
    )
    return problems


@pytest.fixture
def traffic() -> dict[Page, Traffic]:
    """What goes between each page of `new_page` and its server."""
    return {}


def forget(page: Page) -> None:
    """Close a page whose next one is to know nothing of it; what was fetched and compiled stays."""
    if page.url.startswith("http"):
        stored = {"origin": page.evaluate("origin"), "storageTypes": "cookies,local_storage,indexeddb"}
        page.context.new_cdp_session(page).send("Storage.clearDataForOrigin", stored)
    page.close()


@contextlib.contextmanager
def pages(
    window: Callable[..., BrowserContext], chromium: Browser, traffic: dict[Page, Traffic]
) -> Iterator[Callable[..., Page]]:
    """A way to open pages that are watched, and closed at the end; see ``new_page``."""
    in_use: list[BrowserContext] = []
    opened: list[Page] = []
    problems: list[list[str]] = []

    def make(
        width: int = 1440,
        height: int = 900,
        color_scheme: Literal["light", "dark"] = "light",
        reduced_motion: Literal["reduce", "no-preference"] = "no-preference",
        is_first_visit: bool = False,
        **kind: Any,
    ) -> Page:
        context = window(**kind)
        if is_first_visit or context in in_use:  # another visitor: nothing is shared, not even what is fetched
            context = chromium.new_context(**kind)
        in_use.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=color_scheme, reduced_motion=reduced_motion)
        opened.append(page)
        problems.append(watch(page))
        traffic[page] = Traffic(page)
        return page

    yield make
    for page in opened:
        forget(page)
    for context in in_use:
        if context.browser is chromium:
            context.close()
    distinct = list(dict.fromkeys(problem for of_page in problems for problem in of_page))
    assert not distinct, "\n".join(distinct)


@pytest.fixture
def new_page(
    window: Callable[..., BrowserContext], chromium: Browser, traffic: dict[Page, Traffic]
) -> Iterator[Callable[..., Page]]:
    """Opens a page that knows of no other: `new_page(width=390, height=844, color_scheme="dark", has_touch=True)`.

    The test fails at its end when any of its pages logged a console error or sent a request off this machine.
    """
    with pages(window, chromium, traffic) as make:
        yield make


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """One watched page, 1440 by 900, light."""
    return new_page()


@pytest.fixture
def settle(traffic: dict[Page, Traffic]) -> Callable[[Page], None]:
    """Waits until a page of `new_page` stands still: answered by its server, loaded, and no longer changing."""
    return lambda page: stand_still(page, traffic[page])


@pytest.fixture(scope="session")
def runtime_page(chromium: Browser) -> Iterator[Page]:
    """An empty page with the decoder runtime and its kernels."""
    page = chromium.new_page()
    open_modules(page, *RUNTIME)
    yield page
    page.close()
