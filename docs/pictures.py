"""The pictures of the README's tour: every page, every scene of Learn and an exported page, as Chromium shows them.

    python docs/pictures.py [--only NAME ...]

Starts the app as `make app` does and writes `docs/pictures/NAME.webp`, 1440 by 900 pixels, light theme. Needs Chromium,
as the browser tests do.
"""

from __future__ import annotations

import argparse
import io
import pathlib
import subprocess
import sys
import tempfile

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = pathlib.Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]  # run from a clone

from running_app import FLAGS, chromium_path, server  # noqa: E402

from explorer.ui.learn import route  # noqa: E402
from explorer.ui.shell.frame import PAGES  # noqa: E402
from tests.browser.waits import PATIENCE_MS, Traffic, stand_still  # noqa: E402

FOLDER = pathlib.Path(__file__).with_name("pictures")
SIZE = {"width": 1440, "height": 900}
QUALITY = 80
SCROLL = "scene => { scene.style.scrollMarginTop = '110px'; scene.scrollIntoView({block: 'start'}); }"
"""To a scene, with its title above it."""
EXPORTED = "exported-page"
STEPS = 3000
"""Of training in a scene that trains live."""


def addresses() -> dict[str, str]:
    """Name of a picture -> the address that it shows."""
    pages = {name: "" if name == "home" else name for name in PAGES if name != "learn"}
    return pages | {f"learn-{name}": f"learn?scene={name}" for name in route.stops()}


def shot(page: Page, traffic: Traffic, url: str) -> bytes:
    """A page that stands still, as WebP."""
    page.goto(url)
    page.wait_for_selector("h1")
    stand_still(page, traffic)
    train = page.locator(".scene").get_by_role("button", name="Train", exact=True)
    if train.count():  # what is trained live is shown trained
        train.click()
        steps = page.locator(".scene .figure", has_text="Steps of training").locator("dd")
        while int(steps.inner_text().replace(",", "")) < STEPS:
            page.wait_for_timeout(100)
        page.locator(".scene").get_by_role("button", name="Pause").click()
    if page.locator(".scene").count():  # the drawing of the model stands above it
        page.locator(".scene").first.evaluate(SCROLL)
        page.wait_for_timeout(1000)
    return picture_of(page)


def picture_of(page: Page) -> bytes:
    """What is in sight of a page, as WebP."""
    out = io.BytesIO()
    Image.open(io.BytesIO(page.screenshot())).convert("RGB").save(out, "WEBP", quality=QUALITY, method=6)
    return out.getvalue()


def shot_of_exported(page: Page) -> bytes:
    """The exported page of the first model, opened from a file, with the pointer on its map."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "page.html"
        command = [sys.executable, "-m", "explorer", "export", "mnist-vae-2d", "--html", str(path)]
        subprocess.run(command, check=True, cwd=ROOT)
        page.goto(path.as_uri())
        surface = page.locator("#map canvas.overlay")
        surface.wait_for()
        box = surface.bounding_box()
        assert box is not None  # noqa: S101 - it is in sight
        page.mouse.move(box["x"] + 0.28 * box["width"], box["y"] + 0.38 * box["height"])
        page.wait_for_timeout(1500)
        return picture_of(page)


def main() -> None:
    """Take the pictures that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", metavar="NAME", help="take these")
    wanted = parser.parse_args().only
    chosen = {name: address for name, address in addresses().items() if wanted is None or name in wanted}
    FOLDER.mkdir(exist_ok=True)
    with server() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        page = browser.new_context(viewport=SIZE, color_scheme="light").new_page()
        page.set_default_timeout(PATIENCE_MS)
        traffic = Traffic(page)
        for name, address in chosen.items():
            picture = shot(page, traffic, f"{url}/{address}")
            keep(name, picture)
        if wanted is None or EXPORTED in wanted:
            keep(EXPORTED, shot_of_exported(page))


def keep(name: str, picture: bytes) -> None:
    """Write a picture into the folder."""
    (FOLDER / f"{name}.webp").write_bytes(picture)
    print(f"{name}: {len(picture) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
