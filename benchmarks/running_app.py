"""A server of the app and a Chromium to look at it, for the scripts beside this file."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence

from playwright.async_api import CDPSession, Page

ROOT = pathlib.Path(__file__).parents[1]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
FLAGS += ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
WITHOUT_SIMD = "--js-flags=--no-enable-sse4-1"
"""A flag that takes WebAssembly SIMD from Chromium on x86 processors."""
WAIT_S = 120.0


def chromium_path() -> str:
    """The Chromium that CHROMIUM names, or the first on the path."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        raise SystemExit("No Chromium was found: install the package `chromium`, or set CHROMIUM to its path.")
    return path


@contextlib.contextmanager
def server(script: pathlib.Path = ROOT / "explorer_app.py", /, **environment: str) -> Iterator[str]:
    """A Streamlit server of its own, as it is when its port answers; its address."""
    with server_process(script, **environment) as (url, _):
        yield url


@contextlib.contextmanager
def server_process(script: pathlib.Path = ROOT / "explorer_app.py", /, **environment: str) -> Iterator[tuple[str, int]]:
    """As ``server``; its address and the number of its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    command += ["--server.headless", "true", "--server.fileWatcherType", "none", "--browser.gatherUsageStats", "false"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | environment
    )
    url = f"http://localhost:{port}"
    try:
        while process.poll() is None:
            with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                urllib.request.urlopen(f"{url}/_stcore/health", timeout=1)  # noqa: S310 - our own server
                break
            time.sleep(0.05)
        yield url, process.pid
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:  # a script that still runs keeps the server from ending
            process.kill()


def load() -> str:
    """The machine's load average over one minute, beside its processors; other work makes all figures worse."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"


async def move_by_the_clock(page: Page, places: Sequence[tuple[float, float]], seconds: float) -> None:
    """Move the pressed pointer through places evenly in time, whether or not the page keeps up.

    Returns when the page has taken all moves.

    Args:
        places: (x, y) in CSS pixels.
        seconds: that the moves take.
    """
    chrome = await page.context.new_cdp_session(page)
    loop = asyncio.get_running_loop()
    start = loop.time()
    pending = []
    for i, (x, y) in enumerate(places, 1):
        await asyncio.sleep(max(0.0, start + i * seconds / len(places) - loop.time()))
        pending.append(asyncio.create_task(_move(chrome, x, y)))
    await asyncio.gather(*pending)


async def _move(chrome: CDPSession, x: float, y: float) -> None:
    await chrome.send(
        "Input.dispatchMouseEvent", {"type": "mouseMoved", "x": x, "y": y, "button": "left", "buttons": 1}
    )
