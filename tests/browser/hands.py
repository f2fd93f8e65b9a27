"""What a visitor's eyes and hands do: read a picture, wait for a change, press, drag, touch."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page

from tests.browser.waits import PATIENCE_S


def assert_fine(page: Page) -> None:
    """No error box, a heading, a picture, and nothing wider than the window: neither the page nor a live component."""
    boxes = page.locator("[data-testid=stException], [data-testid=stAlertContentError]").all_inner_texts()
    assert boxes == []
    assert page.locator("h1").count() == 1
    assert page.locator("[data-testid=stMain] :is(img, canvas, svg)").count() > 0
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    for root in page.locator(".live").all():
        assert root.evaluate("(node) => node.scrollWidth - node.clientWidth") <= 1


def pixels(canvas: Locator) -> str:
    """What a canvas shows, as text that differs for different pictures."""
    return str(canvas.evaluate("(c) => c.toDataURL()"))


def changed(read: Callable[[], str], before: str) -> str:
    """What `read` gives once it differs from `before`; waits for the browser's next frames, however busy it is."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        value = read()
        if value != before:
            return value
        time.sleep(0.02)
    raise AssertionError(f"nothing changed within {PATIENCE_S:g} s")


def comes_to_hold(check: Callable[[], None]) -> None:
    """Wait until `check` raises no AssertionError; what it says last is the failure.

    For what a canvas shows: words beside it change at once, the canvas is painted in one of the browser's next frames.
    """
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return check()
        except AssertionError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.02)


def becomes(page: Page, canvas: Locator, wanted: str) -> None:
    """Wait until a canvas shows what `pixels` gave."""
    arguments = [canvas.element_handle(), wanted]
    page.wait_for_function("([canvas, wanted]) => canvas.toDataURL() === wanted", arg=arguments)


def sent_by(page: Page) -> list[Any]:
    """A list that grows with each message that the page sends to the server; call it before the page is opened."""
    sent: list[Any] = []
    # A lambda: Playwright cannot mark a bound method of a built-in.
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    return sent


def place_on(target: Locator, x_share: float, y_share: float = 0.5) -> tuple[float, float]:
    """A place on an element, scrolled into sight, in pixels of the page."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box is not None
    return box["x"] + x_share * box["width"], box["y"] + y_share * box["height"]


def press_on(page: Page, target: Locator, x_share: float, y_share: float = 0.5) -> tuple[float, float, float, float]:
    """Press the mouse on an element; the place, and the element's width and height, in pixels of the page."""
    x, y = place_on(target, x_share, y_share)
    box = target.bounding_box()
    assert box is not None
    page.mouse.move(x, y)
    page.mouse.down()
    return x, y, box["width"], box["height"]


class Fingers:
    """Fingers on a page whose context has touch."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)

    def _send(self, kind: str, places: tuple[tuple[float, float], ...]) -> None:
        points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(places)]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def down(self, *places: tuple[float, float]) -> None:
        """Put a finger on each place; those already down stay in the list."""
        self._send("touchStart", places)

    def move(self, *places: tuple[float, float]) -> None:
        self._send("touchMove", places)

    def up(self) -> None:
        self._send("touchEnd", ())


FOCUSED = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  const byType = {range: 'slider', text: 'textbox', number: 'spinbutton'}[at.getAttribute('type')];
  const role = at.getAttribute('role') ?? byType ?? at.localName;
  return [role, at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent ?? ''];
}"""


def tab_to(page: Page, role: str, name: str, limit: int = 150) -> None:
    """Press Tab until an element of this role has the focus whose name begins so; fails where Tab never gets there."""
    passed = []
    for _ in range(limit):
        page.keyboard.press("Tab")
        passed.append(page.evaluate(FOCUSED))
        if passed[-1][0] == role and passed[-1][1].strip().startswith(name):
            return
    raise AssertionError(f"{limit} times Tab never reached a {role} called {name}: {passed}")
