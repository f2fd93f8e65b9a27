"""Every scene of Learn: all that can be moved is moved, by mouse, touch and keys, and each time the picture follows.

The server hears nothing of it, and no error reaches the console (``pages`` fails then). A visitor who wants less
motion sees nothing move by itself, so that a change of the picture is the hand's work. A scene is opened once for each
kind of hand, and one test after the other goes on with it as the one before has left it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from explorer.browser.scenes import SCENES
from tests.browser.conftest import pages
from tests.browser.hands import Fingers, changed, place_on, sent_by
from tests.browser.waits import Traffic, stand_still

PICTURE = """(scene) => [
  ...[...scene.querySelectorAll('.stage canvas')].map((canvas) => canvas.toDataURL()),
  ...[...scene.querySelectorAll('.stage svg, .stage img')].map((node) => node.outerHTML),
  // Not as HTML: the place of a style among the attributes differs from one reading to the next.
  ...[...scene.querySelectorAll('.stage [style]')].map((node) => node.style.cssText),
  scene.querySelector('.stage').innerText,
].join('|')"""
LIT = """(scene) => {
  const lit = new Set();
  const note = () => {
    for (const symbol of scene.querySelectorAll('.formula .symbol.lit')) lit.add(symbol.getAttribute('aria-label'));
  };
  const tell = (element, type, more = {}) => {
    element.dispatchEvent(new PointerEvent(type, {pointerType: 'mouse', ...more}));
    note();
  };
  for (const picture of scene.querySelectorAll('[data-hand]')) {
    const box = picture.getBoundingClientRect();
    for (let y = 2; y < box.height; y += 4) {
      for (let x = 2; x < box.width; x += 4) {
        tell(picture, 'pointermove', {clientX: box.left + x, clientY: box.top + y});
      }
    }
    tell(picture, 'pointerleave');
  }
  for (const part of scene.querySelectorAll('[data-part]:not(.symbol)')) {
    tell(part, 'pointerenter');
    tell(part, 'pointerleave');
  }
  return [...lit];
}"""
"""Names of the symbols of the formula that light up while a pointer goes over all of the picture."""
MOST_CONTROLS = 3
MOUSE = [(scene.name, "mouse") for scene in SCENES]
HANDS = [*MOUSE, *((scene.name, "touch") for scene in SCENES)]
by_each_hand = pytest.mark.parametrize("seen", HANDS, indirect=True, ids="-".join)
by_mouse = pytest.mark.parametrize("seen", MOUSE, indirect=True, ids="-".join)
PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True, "color_scheme": "dark"}


class Opened:
    """A scene on its page.

    Args:
        name: of the scene.
        page: of Playwright.
        traffic: between it and its server.
        sent: grows with each message to the server.
        is_touch: whether the hand is a finger on a phone in the dark, not a mouse on a large screen.
    """

    def __init__(self, name: str, page: Page, traffic: Traffic, sent: list[Any], is_touch: bool) -> None:
        self.name, self.page, self.traffic, self.sent, self.is_touch = name, page, traffic, sent, is_touch
        self.scene = page.locator(".scene")
        self.fingers = Fingers(page)

    def picture(self) -> str:
        return str(self.scene.evaluate(PICTURE))

    def moves(self, work: Callable[[], None], what: str) -> None:
        """Some work of the hand changes the picture, and the server hears nothing of it."""
        before = self.picture()
        self.sent.clear()
        work()
        changed(self.picture, before)
        assert self.sent == [], f"the server heard of {what}"

    def each(self, selector: str) -> list[tuple[Locator, str]]:
        """The elements of the scene that are seen, each with its name."""
        visible = [element for element in self.scene.locator(selector).all() if element.is_visible()]
        return [(element, (element.get_attribute("aria-label") or element.inner_text()).strip()) for element in visible]

    def press(self, target: Locator) -> None:
        (target.tap if self.is_touch else target.click)()

    def drawn(self) -> None:
        """Wait until the scene is drawn and the page stands still."""
        self.page.locator(".scene[data-drawn]").wait_for()
        stand_still(self.page, self.traffic)

    def still(self) -> None:
        """What plays is stopped, and the pointer is elsewhere."""
        pause = self.scene.get_by_role("button", name="Pause")
        if pause.is_visible():
            pause.click()
        self.page.mouse.move(0, 0)


@pytest.fixture(scope="module")
def seen(
    request: pytest.FixtureRequest, window: Callable[..., Any], chromium: Browser, app_url: str
) -> Iterator[Opened]:
    """A scene, opened once for a mouse or for fingers."""
    name, hand = request.param
    traffic: dict[Page, Traffic] = {}
    with pages(window, chromium, traffic) as new_page:
        page = new_page(reduced_motion="reduce", **PHONE if hand == "touch" else {})
        sent = sent_by(page)
        page.goto(f"{app_url}/learn?scene={name}")
        opened = Opened(name, page, traffic[page], sent, hand == "touch")
        opened.drawn()
        yield opened


@by_mouse
def test_all_of_it_works_by_keyboard_alone(seen: Opened) -> None:
    keys = seen.page.keyboard
    for slider, label in seen.each("input[type=range]"):
        slider.focus()
        is_low = slider.evaluate("(s) => s.valueAsNumber < s.max")
        seen.moves(lambda is_low=is_low: keys.press("ArrowRight" if is_low else "ArrowLeft"), label)
    for group, label in seen.each(".choice"):
        group.locator("input:checked").focus()
        seen.moves(lambda: keys.press("ArrowRight"), label)
    for button, label in seen.each(".buttons > button"):
        button.focus()
        seen.moves(lambda: keys.press("Enter"), label)
        seen.still()
    for picture, label in seen.each("[data-hand]"):

        def draw(picture: Locator = picture) -> None:
            picture.focus()
            keys.press("Space")
            for key in ("ArrowRight", "ArrowRight", "ArrowUp", "ArrowRight", "ArrowDown", "ArrowRight"):
                keys.press(f"Shift+{key}")
            keys.press("Space")

        seen.moves(draw, label)
        seen.still()


@by_each_hand
def test_the_picture_follows_every_button_and_choice(seen: Opened) -> None:
    assert len(seen.each(".controls > .control")) <= MOST_CONTROLS
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= seen.page.viewport_size["width"]  # type: ignore[index]
    assert seen.scene.locator(".formula").evaluate("(f) => f.scrollWidth <= f.clientWidth"), "it is cut off at the side"
    for button, label in seen.each(".buttons > button"):
        seen.moves(lambda button=button: seen.press(button), label)
        seen.still()
    for option, label in seen.each(".choice label"):
        if not option.locator("input").is_checked():
            seen.moves(lambda option=option: seen.press(option), label)


@by_each_hand
def test_the_picture_follows_every_slider_while_it_is_dragged(seen: Opened) -> None:
    for slider, label in seen.each("input[type=range]"):
        at = float(slider.evaluate("(s) => (s.valueAsNumber - s.min) / (s.max - s.min)"))
        start = place_on(slider, 0.02 + 0.96 * at)
        end = place_on(slider, 0.98 if at < 0.5 else 0.02)
        if seen.is_touch:
            seen.fingers.down(start)
            seen.moves(lambda end=end: [seen.fingers.move((end[0] + dx, end[1])) for dx in (2, 0)], label)
            seen.fingers.move(start)  # back, for what comes after
            seen.fingers.up()
        else:
            seen.page.mouse.move(*start)
            seen.page.mouse.down()
            seen.moves(lambda end=end: seen.page.mouse.move(*end, steps=3), label)
            seen.page.mouse.move(*start)
            seen.page.mouse.up()


@by_each_hand
def test_symbols_and_parts_of_the_picture_light_each_other(seen: Opened) -> None:
    meaning = seen.scene.locator(".says")
    unlit = meaning.inner_text()
    symbols = seen.each(".symbol")
    assert symbols
    for symbol, label in symbols:
        dark = seen.picture()
        seen.moves(lambda symbol=symbol: symbol.tap() if seen.is_touch else symbol.hover(), label)
        expect(meaning).to_contain_text(label)
        symbol.evaluate("(s) => s.blur()")
        seen.page.mouse.move(0, 0)
        if not seen.is_touch:
            expect(meaning).to_have_text(unlit)
            assert seen.picture() == dark
    for symbol, _ in symbols:
        symbol.focus()
        expect(symbol).to_have_class("symbol lit")
    symbols[-1][0].evaluate("(s) => s.blur()")
    for picture, label in seen.each("[data-hand]"):
        for share in [i / 40 for i in range(41)]:
            place = place_on(picture, share, 0.5)
            if seen.is_touch:
                seen.fingers.down(place)
                seen.fingers.up()
            else:
                seen.page.mouse.move(*place)
            if seen.scene.locator(".symbol.lit").count():
                break
        else:
            raise AssertionError(f"no symbol lights up wherever one points at {label}")
    if not seen.is_touch:
        wanted = {name for _, name in seen.each(".formula .symbol")}
        assert wanted <= set(seen.scene.evaluate(LIT)), "a symbol of which no part of the picture can be pointed at"


@by_each_hand
def test_the_picture_follows_a_hand_on_it(seen: Opened) -> None:
    for picture, label in seen.each("[data-hand]"):
        is_dragged = picture.get_attribute("data-hand") == "drag"
        places = [place_on(picture, 0.3 + 0.05 * i, 0.45 + 0.02 * i) for i in range(8)]

        def work(places: list[tuple[float, float]] = places, is_dragged: bool = is_dragged) -> None:
            if seen.is_touch:
                seen.fingers.down(places[0])
                for place in places:
                    seen.fingers.move(place)
                return
            seen.page.mouse.move(*places[0])
            if is_dragged:
                seen.page.mouse.down()
            for place in places:
                seen.page.mouse.move(*place)

        seen.moves(work, label)
        if seen.is_touch:
            seen.fingers.up()
        elif is_dragged:
            seen.page.mouse.up()
        seen.still()


@by_mouse
def test_a_link_brings_back_how_it_was_set(seen: Opened) -> None:
    options = [option for option in seen.each(".choice label") if not option[0].locator("input").is_checked()][:2]
    first = seen.picture()
    for option, _ in options:
        option.click()
    if options:
        changed(seen.picture, first)
        seen.page.wait_for_url(re.compile(f"set={seen.name}"))
    seen.page.mouse.move(0, 0)
    stand_still(seen.page, seen.traffic)  # the last option is drawn, and nothing is lit any more
    set_so = seen.picture()
    seen.page.reload()
    seen.drawn()
    assert seen.picture() == set_so
