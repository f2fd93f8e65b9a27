"""The map of codes in Chromium: lasso and box, what is shown of an item, layers, linked maps, keys and fingers.

Where each item is drawn is computed here from the map's documented fit (all points in sight, 6 % free on each side), so
that the tests know without asking the map what a lasso holds and what is under the pointer.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA

from explorer.core import palette
from tests.browser.hands import Fingers, comes_to_hold

DEMO = "map_demo.py"
OPAQUE = 216 / 255  # a point over what lies under it
FREE = 0.88  # share of the map's width and height that the points may take
CLEAR_AT = "([canvas, x, y]) => !canvas.getContext('2d').getImageData(x, y, 1, 1).data[3]"


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray, np.ndarray, PCA]:
    """Pictures (n, 64), codes (n, 4) and the model of the demo page."""
    flat = load_digits().data / 16
    model = PCA(4, svd_solver="full").fit(flat)
    return flat, model.transform(flat), model


@pytest.fixture
def open_demo(new_page: Callable[..., Page], demo_url: str, settle: Callable[[Page], None]) -> Callable[..., Page]:
    """Opens one part of the demo page; the list given grows with each message to the server."""

    def open_one(show: str, sent: list[Any] | None = None, **options: Any) -> Page:
        page = new_page(**options)
        if sent is not None:
            page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
        page.goto(f"{demo_url}/?show={show}")
        settle(page)
        return page

    return open_one


class Plan:
    """Where a map draws what, in pixels of the page.

    Args:
        points: (n, 2) places of its items.
        which: of the maps on the page.
    """

    def __init__(self, page: Page, points: np.ndarray, which: int = 0) -> None:
        self.page = page
        self.points = points.astype(np.float32).astype(np.float64)
        self.root = page.locator(".live").filter(has=page.get_by_role("application")).nth(which)
        self.surface = self.root.get_by_role("application")
        self.surface.scroll_into_view_if_needed()
        self.fit()

    def fit(self) -> None:
        """The view that shows all."""
        box = self.surface.evaluate("(c) => { const b = c.getBoundingClientRect(); return [b.left, b.top]; }")
        width, height = self.root.locator(".map").evaluate("(map) => [map.clientWidth, map.clientHeight]")
        low, high = self.points.min(0), self.points.max(0)
        self.corner, self.size = np.array(box), np.array([width, height])
        self.centre = (low + high) / 2
        self.unit = float(((high - low) / (self.size * FREE)).max())

    def at(self, places: np.ndarray) -> np.ndarray:
        """Map units -> pixels of the page."""
        return self.corner + self.size / 2 + (np.asarray(places) - self.centre) * [1, -1] / self.unit

    def place(self, pixel: Sequence[float]) -> np.ndarray:
        """A pixel of the page -> map units."""
        return np.asarray(self.centre + (np.asarray(pixel) - self.corner - self.size / 2) * [1, -1] * self.unit)

    def zoom_at(self, pixel: Sequence[float], factor: float) -> None:
        """As the map zooms: what is at the pixel stays there."""
        fixed = self.place(pixel)
        self.unit *= factor
        self.centre = fixed - (np.asarray(pixel) - self.corner - self.size / 2) * [1, -1] * self.unit

    def middle(self, x: float, y: float) -> tuple[int, int]:
        """A whole pixel at a share of the map's width and height."""
        left, top = np.round(self.corner + self.size * [x, y]).astype(int)
        return int(left), int(top)

    def tool(self, name: str) -> Locator:
        return self.root.get_by_role("group", name="Selection").get_by_role("button", name=name)


def inside(pixels: np.ndarray, corners: Sequence[tuple[float, float]]) -> set[int]:
    """Positions inside a polygon: those with an odd number of its edges straight above them."""
    x, y = pixels.T
    above = np.zeros(len(pixels), int)
    for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if x1 != x2:
            crossed = (x >= min(x1, x2)) & (x < max(x1, x2))
            above += crossed & (y1 + (x - x1) * (y2 - y1) / (x2 - x1) < y)
    return set(np.flatnonzero(above % 2).tolist())


def drag(page: Page, corners: Sequence[tuple[int, int]], key: str = "") -> None:
    page.mouse.move(*corners[0])
    if key:
        page.keyboard.down(key)
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner)
    page.mouse.up()
    if key:
        page.keyboard.up(key)


def expect_choice(page: Page, wanted: set[int], name: str = "map") -> None:
    """Python knows just these items."""
    said = page.get_by_text(re.compile(f"^{name} chose {len(wanted)}:"))
    expect(said).to_be_visible()
    assert {int(position) for position in said.inner_text().split(":")[1].split()} == wanted


def star(plan: Plan) -> list[tuple[int, int]]:
    """A pentagram, which crosses itself: its middle is outside by the even-odd rule."""
    x, y = plan.size * 0.36
    turns = 2 * np.pi * np.arange(5) * 2 / 5
    middle = plan.corner + plan.size / 2
    corners = middle + np.stack([x * np.sin(turns), -y * np.cos(turns)], axis=1)
    return [(int(a), int(b)) for a, b in np.round(corners)]


def picture(canvas: Locator) -> np.ndarray:
    """A canvas's own pixels, red, green, blue and opacity in [0, 1]."""
    png = canvas.evaluate("(c) => c.toDataURL().split(',')[1]")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(png))).convert("RGBA"), float) / 255


def grey(canvas: Locator) -> np.ndarray:
    """A grey picture's values."""
    return picture(canvas)[..., 0]


def opacity(canvas: Locator, plan: Plan, pixels: np.ndarray) -> np.ndarray:
    """The most opaque value of a drawn layer within a pixel around each of these, in [0, 1]."""
    alpha = np.pad(picture(canvas)[..., 3], 2)
    at = np.round(np.atleast_2d(pixels) - plan.corner).astype(int) + 2
    return np.array([alpha[y - 1 : y + 2, x - 1 : x + 2].max() for x, y in at])


def expect_grey(canvas: Locator, wanted: np.ndarray) -> None:
    """A canvas comes to show this grey picture, to half a step of 8 bits and rounding."""
    comes_to_hold(lambda: np.testing.assert_allclose(grey(canvas), wanted, atol=1 / 128))


def expect_drawn(canvas: Locator, plan: Plan, pixels: np.ndarray, least: float) -> None:
    """A layer comes to be more opaque than `least` at each of these places."""

    def check() -> None:
        seen = opacity(canvas, plan, pixels)
        assert (seen > least).all(), seen

    comes_to_hold(check)


def shot(page: Page) -> np.ndarray:
    """The page as it looks, red, green and blue in [0, 1]."""
    return np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB"), float) / 255


def test_the_lasso_holds_exactly_what_is_inside(open_demo: Callable[..., Page], digits: Any) -> None:
    page = open_demo("tools")
    plan = Plan(page, digits[1][:, :2])
    pixels = plan.at(plan.points)
    lasso = star(plan)
    plan.tool("Lasso").click()
    expect(page.get_by_text("Draw around points")).to_be_visible()
    drag(page, lasso)
    chosen = inside(pixels, lasso)
    assert 100 < len(chosen) < 1500
    expect_choice(page, chosen)
    expect(page.get_by_text(f"{len(chosen):,} selected")).to_be_visible()

    triangle = [plan.middle(0.4, 0.4), plan.middle(0.6, 0.45), plan.middle(0.5, 0.7)]
    drag(page, triangle, "Shift")
    more = chosen | inside(pixels, triangle)
    assert len(more) > len(chosen)
    expect_choice(page, more)
    left = [plan.middle(0.02, 0.02), plan.middle(0.45, 0.02), plan.middle(0.45, 0.97), plan.middle(0.02, 0.97)]
    drag(page, left, "Alt")
    less = more - inside(pixels, left)
    assert 0 < len(less) < len(more)
    expect_choice(page, less)

    # Hidden classes are not on the map, so a lasso does not catch them.
    page.get_by_role("button", name="7", exact=True).click()
    drag(page, lasso)
    labels = load_digits().target
    expect_choice(page, {i for i in chosen if labels[i] != 7})

    page.keyboard.press("Escape")
    expect_choice(page, set())
    expect(page.get_by_text("selected", exact=False)).to_have_count(0)


def test_the_box_after_zooming_and_the_rerun(open_demo: Callable[..., Page], digits: Any) -> None:
    page = open_demo("tools")
    plan = Plan(page, digits[1][:, :2])
    centre = plan.middle(0.4, 0.4)
    page.mouse.move(*centre)
    page.mouse.wheel(0, -400)
    plan.zoom_at(centre, float(np.exp(-0.0015 * 400)))
    page.keyboard.press("b")  # not yet: the map has no focus
    expect(plan.tool("Box")).to_have_attribute("aria-pressed", "false")
    plan.surface.focus()
    page.keyboard.press("b")
    expect(plan.tool("Box")).to_have_attribute("aria-pressed", "true")
    a, c = plan.middle(0.3, 0.3), plan.middle(0.6, 0.7)
    drag(page, [a, centre, c])
    box = [a, (c[0], a[1]), c, (a[0], c[1])]
    chosen = inside(plan.at(plan.points), box)
    assert len(chosen) > 50
    expect_choice(page, chosen)

    page.get_by_text("Larger digits first").click()
    expect(page.get_by_role("switch", name="Larger digits first")).to_be_checked()
    expect_choice(page, chosen)
    expect(page.get_by_text(f"{len(chosen):,} selected")).to_be_visible()
    plan.tool("Clear the selection").click()
    expect_choice(page, set())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_chosen_items_stand_out(
    open_demo: Callable[..., Page], settle: Callable[[Page], None], digits: Any, scheme: str
) -> None:
    page = open_demo("kept", color_scheme=scheme)
    plan = Plan(page, digits[1][:, :2])
    pixels = plan.at(plan.points)
    gaps = np.linalg.norm(pixels[:, None] - pixels[None], axis=2)
    np.fill_diagonal(gaps, np.inf)
    lonely = np.flatnonzero(gaps.min(1) > 12)  # nothing else is drawn where these are
    at = np.round(pixels[lonely] - 0.5).astype(int).T[::-1]
    page.mouse.move(1, 1)
    before = shot(page)
    page.get_by_role("button", name="Choose the first three").click()
    expect(page.get_by_text("3 selected")).to_be_visible()
    expect(page.get_by_text("page keeps: 3")).to_be_visible()
    page.mouse.move(1, 1)
    settle(page)  # the mouse's last crosshair is gone
    after = shot(page)
    background = after[tuple(np.round(plan.corner + 3).astype(int)[::-1])]
    from_background = [np.abs(view[tuple(at)] - background).max(1) for view in (before, after)]
    faded = from_background[1] < 0.75 * from_background[0]
    assert set(lonely[~faded]) <= {0, 1, 2}
    # The three are drawn over all others, in their classes' colours.
    classes = [palette.class_colour(int(label)) for label in load_digits().target[:3]]
    colours = np.array([[int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)] for colour in classes])
    three = np.round(pixels[:3] - 0.5).astype(int).T[::-1]
    np.testing.assert_allclose(after[tuple(three)], OPAQUE * colours + (1 - OPAQUE) * background, atol=0.15)

    # A choice made on the map goes to the page's own store, and comes back.
    plan.tool("Lasso").click()
    lasso = star(plan)
    drag(page, lasso)
    expect(page.get_by_text(f"page keeps: {len(inside(pixels, lasso))}")).to_be_visible()
    page.get_by_role("button", name="Choose the first three").click()
    expect(page.get_by_text("3 selected")).to_be_visible()


def test_a_plain_canvas_restores_the_choice_of_a_link(open_demo: Callable[..., Page], digits: Any) -> None:
    page = open_demo("kept&keep=3&plain=1")
    expect(page.get_by_text("3 selected")).to_be_visible()
    plan = Plan(page, digits[1][:, :2])
    assert plan.root.locator(".map").get_attribute("data-renderer") == "canvas"
    points = picture(plan.root.locator("canvas.points"))
    coloured = points[..., :3].max(2) - points[..., :3].min(2) > 0.3  # class colours are, faded ones are not
    coloured &= points[..., 3] > 0.5
    rows, columns = np.nonzero(coloured)
    at = plan.at(plan.points[:3]) - plan.corner
    away = np.abs(np.stack([columns, rows], axis=1)[:, None] + 0.5 - at).max(2)  # (coloured pixels, the three)
    assert (away.min(1) < 6).all(), "only the three are in full colour"
    assert (away.min(0) < 1).all(), "all of the three are"


def test_an_item_is_shown_beside_its_reconstruction_without_the_server(
    open_demo: Callable[..., Page], digits: Any
) -> None:
    flat, codes, model = digits
    sent: list[Any] = []
    page = open_demo("inspector", sent)
    plan = Plan(page, codes[:, :2])
    assert sent
    sent.clear()
    rebuilt = model.inverse_transform(codes)
    error = ((flat - rebuilt) ** 2).sum(1)
    for x, y in ((0.5, 0.8), (0.3, 0.5), (0.7, 0.4)):
        pixel = plan.middle(x, y)
        page.mouse.move(*pixel)
        item = int(np.linalg.norm(plan.points - plan.place(pixel), axis=1).argmin())
        expect(page.get_by_text(f"Nearest real digit: scan {item}.png, ")).to_be_visible()
        row = page.locator("dl.details > div")
        expect(row.first).to_contain_text(f"{error[item]:.3g} per digit")
        expect(row.nth(1)).to_contain_text("–" if item % 2 == 0 else f"{flat[item].mean():.3f}"[:4])
        shown = page.get_by_role("img", name="Nearest real item")
        expect_grey(shown, flat[item].reshape(8, 8))
        shown = page.get_by_role("img", name="Its reconstruction")
        expect_grey(shown, rebuilt[item].reshape(8, 8).clip(0, 1))
    assert sent == []


def test_layers_follow_the_view(open_demo: Callable[..., Page], digits: Any) -> None:
    page = open_demo("layers")
    plan = Plan(page, digits[1][:, :2])
    assert plan.size[1] in (498, 500), "the height asked for, with or without its border"
    lines, overlay, under = page.locator("canvas.lines"), plan.surface, page.locator("img.underlay")
    middle, factor = plan.points.mean(0), np.linalg.cholesky(np.cov(plan.points.T))
    hits = plan.points[load_digits().target == 7][:20]

    def check() -> None:
        # A view that has just moved is drawn anew when the hand rests.
        assert not lines.evaluate("(canvas) => canvas.style.transform")
        left, top = plan.at(np.array([-1.5, 1.5]))
        right, bottom = plan.at(np.array([1.5, -1.5]))
        box = under.bounding_box()
        assert box is not None
        drawn = [box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]]
        np.testing.assert_allclose(drawn, [left, top, right, bottom], atol=1)
        angles = np.linspace(0, 2 * np.pi, 60)
        ellipse = plan.at(middle + np.stack([np.cos(angles), np.sin(angles)], axis=1) @ factor.T)
        seen = (ellipse > plan.corner + 5).all(1) & (ellipse < plan.corner + plan.size - 5).all(1)
        assert seen.sum() > 10
        assert (opacity(lines, plan, ellipse[seen]) > 0.3).all()
        assert (opacity(lines, plan, plan.at(middle)) < 0.3).all(), "nothing but the lines"
        rings = plan.at(hits) + np.array([6.5, 0])
        seen = (rings > plan.corner + 5).all(1) & (rings < plan.corner + plan.size - 5).all(1)
        assert seen.sum() > 5
        assert (opacity(overlay, plan, rings[seen]) > 0.5).all()
        mark = np.array([1.0, 1.0])
        long = plan.at(mark + 0.5 * np.array([np.cos(0.5), np.sin(0.5)]))
        short = plan.at(mark + 2 * 0.2 * np.array([-np.sin(0.5), np.cos(0.5)]))
        assert (opacity(overlay, plan, np.stack([long, short])) > 0.3).all()

    comes_to_hold(check)
    pixel = plan.middle(0.62, 0.3)
    page.mouse.move(*pixel)
    page.mouse.wheel(0, -200)
    plan.zoom_at(pixel, float(np.exp(-0.0015 * 200)))
    comes_to_hold(check)
    a, b = plan.middle(0.8, 0.8), plan.middle(0.72, 0.9)
    before = plan.place(a)
    drag(page, [a, b])
    plan.centre = plan.centre + before - plan.place(b)
    comes_to_hold(check)


def test_a_search_hit_out_of_sight_is_brought_into_sight(open_demo: Callable[..., Page], digits: Any) -> None:
    page = open_demo("found")
    plan = Plan(page, digits[1][:, :2])
    corner = plan.middle(0.05, 0.1)
    page.mouse.move(*corner)
    for _ in range(4):
        page.mouse.wheel(0, -600)
    plan.surface.focus()
    page.get_by_text("Search", exact=True).click()
    hit = plan.points[load_digits().target == 0][0]
    # The view is centred on the only hit, and no closer and no farther than before.
    plan.unit *= float(np.exp(-0.0015 * 2400))
    plan.centre = hit
    page.mouse.move(1, 1)
    ring = plan.at(hit) + np.array([[6.5, 0], [-6.5, 0], [0, 6.5], [0, -6.5]])
    overlay = plan.surface
    expect_drawn(overlay, plan, ring, 0.5)


def test_linked_maps_mark_the_same_items(open_demo: Callable[..., Page], digits: Any) -> None:
    _, codes, model = digits
    page = open_demo("linked")
    left, right = Plan(page, codes[:, :2]), Plan(page, codes[:, 2:], 1)
    pixel = left.middle(0.5, 0.85)
    page.mouse.move(*pixel)
    item = int(np.linalg.norm(left.points - left.place(pixel), axis=1).argmin())
    images = page.get_by_role("img", name="Nearest real item")
    expect(right.root.get_by_text("Nearest real digit").first).to_have_text(re.compile(r"at distance 0$"))
    comes_to_hold(lambda: np.testing.assert_array_equal(grey(images.nth(1)), grey(images.nth(0))))
    ring = right.at(right.points[item]) + np.array([[9, 0], [-9, 0], [0, 9], [0, -9]])
    expect_drawn(right.surface, right, ring, 0.5)
    page.mouse.move(5, 5)
    page.wait_for_function(
        CLEAR_AT,
        arg=[right.surface.element_handle(), *(ring[0] - right.corner).round().tolist()],
    )

    left.tool("Lasso").click()
    lasso = star(left)
    drag(page, lasso)
    chosen = inside(left.at(left.points), lasso)
    expect_choice(page, chosen, "left")
    expect(right.root.get_by_text(f"{len(chosen):,} selected")).to_be_visible()
    expect(page.get_by_text("right chose nothing yet")).to_be_visible()
    right.tool("Clear the selection").click()
    expect_choice(page, set(), "right")
    expect(left.root.get_by_text("selected", exact=False)).to_have_count(0)

    # A drawing's code, as the browser makes it: its place and the ellipse of its spread.
    code, std = model.mean_ + 0.3 * model.components_[2] - 0.2 * model.components_[3], np.full(64, 0.05)
    std[20:40] = 0.2
    publish = """([kind, detail]) => {
      for (const listener of window.explorerChannels.get('digits').listeners.keys()) listener(kind, detail);
    }"""
    page.evaluate(publish, ["place", {"code": code.tolist(), "std": std.tolist(), "label": "my drawing"}])
    matrix = model.components_[2:].T
    covariance = matrix.T @ np.diag(std**2) @ matrix
    angles = np.linspace(0, 2 * np.pi, 24)
    root = np.linalg.cholesky(covariance)
    ellipse = np.array([0.3, -0.2]) + np.stack([np.cos(angles), np.sin(angles)], axis=1) @ root.T
    places = right.at(ellipse)
    expect_drawn(right.surface, right, places, 0.3)
    page.evaluate(publish, ["unplace", {}])
    page.wait_for_function(
        CLEAR_AT,
        arg=[right.surface.element_handle(), *(places[0] - right.corner).round().tolist()],
    )


def test_without_a_path_back_the_nearest_codes_are_decoded(open_demo: Callable[..., Page], digits: Any) -> None:
    _, codes, model = digits
    page = open_demo("codes")
    plan = Plan(page, codes[:, :2])
    decoded = page.get_by_role("img", name="Decoded from the cursor position")
    expect(page.get_by_text("Decoded from the mean of the 4 nearest codes", exact=True)).to_be_visible()
    for x, y in ((0.5, 0.8), (0.35, 0.45)):
        pixel = plan.middle(x, y)
        before = decoded.evaluate("(c) => c.toDataURL()")
        page.mouse.move(*pixel)
        distances = np.linalg.norm(plan.points - plan.place(pixel), axis=1)
        near = distances.argsort()[:4]
        weights = 1 / distances[near]
        wanted = model.inverse_transform(weights[None] @ codes[near] / weights.sum()).reshape(8, 8)
        page.wait_for_function(
            "([canvas, before]) => canvas.toDataURL() !== before", arg=[decoded.element_handle(), before]
        )
        expect(page.get_by_text("Nearest real digit").first).to_contain_text(f"{distances[near[0]]:.3g}"[:4])
        expect_grey(decoded, wanted.clip(0, 1))


def test_a_box_by_keyboard_alone(open_demo: Callable[..., Page], digits: Any) -> None:
    page = open_demo("tools")
    plan = Plan(page, digits[1][:, :2])
    page.mouse.move(1, 1)
    plan.surface.focus()
    for key in ("B", "Enter", *["ArrowRight"] * 2, *["Shift+ArrowDown"] * 3, "Enter"):
        page.keyboard.press(key)
    middle = plan.corner + plan.size / 2
    (x, y), (dx, dy) = middle, (20, 150)
    chosen = inside(plan.at(plan.points), [(x, y), (x + dx, y), (x + dx, y + dy), (x, y + dy)])
    assert chosen
    expect_choice(page, chosen)
    for key in ("L", "Enter", *["Shift+ArrowUp"] * 2, "Enter", *["Shift+ArrowLeft"] * 4, "Enter", "Enter"):
        page.keyboard.press(key)
    corners = [(x + dx, y + dy), (x + dx, y + dy - 100), (x + dx - 200, y + dy - 100)]
    expect_choice(page, inside(plan.at(plan.points), corners))
    for key in ("Escape", "Escape"):
        page.keyboard.press(key)
    expect_choice(page, set())
    expect(plan.tool("Move")).to_have_attribute("aria-pressed", "true")


def test_one_finger_draws_the_lasso(open_demo: Callable[..., Page], digits: Any) -> None:
    page = open_demo("tools", width=390, height=844)
    plan = Plan(page, digits[1][:, :2])
    assert page.evaluate("document.documentElement.scrollWidth") <= 392
    fingers = Fingers(page)
    plan.tool("Lasso").click()
    lasso = star(plan)
    fingers.down(lasso[0])
    for corner in lasso[1:]:
        fingers.move(corner)
    fingers.up()
    chosen = inside(plan.at(plan.points), lasso)
    assert len(chosen) > 100
    expect_choice(page, chosen)

    # A second finger ends the drawing and zooms instead.
    zoom_out = plan.middle(0.5, 0.9)
    fingers.down(lasso[0])
    fingers.down(lasso[0], zoom_out)
    fingers.move(lasso[0], (zoom_out[0], zoom_out[1] - 60))
    fingers.up()
    expect_choice(page, chosen)

    plan.tool("Add to the selection").click()
    page.get_by_role("button", name="Show all points").click()
    triangle = [plan.middle(0.4, 0.4), plan.middle(0.6, 0.45), plan.middle(0.5, 0.7)]
    fingers.down(triangle[0])
    for corner in triangle[1:]:
        fingers.move(corner)
    fingers.up()
    expect_choice(page, chosen | inside(plan.at(plan.points), triangle))


def test_very_many_points_are_drawn_by_their_counts(
    open_demo: Callable[..., Page], settle: Callable[[Page], None]
) -> None:
    n = 110_000
    page = open_demo(f"many&n={n}")
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, n)
    cloud = rng.normal(size=(n, 2)) + 3 * rng.normal(size=(10, 2))[labels]
    plan = Plan(page, cloud)
    drawing = plan.root.locator("canvas.points")
    assert plan.root.locator(".map").get_attribute("data-renderer") == "counts"
    colours = np.array([[int(palette.class_colour(i)[at : at + 2], 16) for at in (1, 3, 5)] for i in range(10)])

    def check(plan: Plan) -> None:
        """The drawing, half as large again as the view, holds each pixel's count as its opacity, its mean as colour."""
        pixels = picture(drawing)
        height, width = pixels.shape[:2]
        at = np.floor((plan.points - plan.centre) * [1, -1] / plan.unit + [width / 2, height / 2]).astype(int)
        size = min(7, 1.5 * (plan_unit / plan.unit) ** 0.35)
        assert round(size) == 2
        sums = np.zeros((height, width, 4))
        for dx, dy in ((0, 0), (1, 0), (0, 1), (1, 1)):
            x, y = (at + np.array([dx, dy])).T
            sees = (x >= 0) & (y >= 0) & (x < width) & (y < height)
            np.add.at(sums, (y[sees], x[sees]), np.concatenate([colours[labels[sees]], np.ones((sees.sum(), 1))], 1))
        counts = sums[..., 3]
        most = counts.max()
        alone = 0.85 / (1 + np.log10(most))
        strong = np.where(counts, alone + (1 - alone) * np.log(np.maximum(counts, 1)) / np.log(most), 0)
        right = np.abs(pixels[..., 3] - strong) < 0.02
        assert right.mean() > 0.999, "but for points on the edge of two pixels"
        mean = sums[..., :3] / np.maximum(counts, 1)[..., None] / 255
        clear = right & (strong > 0.4)
        assert clear.sum() > 1000
        assert (np.abs(pixels[..., :3] - mean)[clear].max(-1) < 0.03).mean() > 0.99
        note = plan.root.locator(".map-counts").inner_text()
        assert abs(int(re.sub(r"\D", "", note)) - most) <= 0.03 * most

    plan_unit = plan.unit
    comes_to_hold(lambda: check(plan))
    # While the hand moves the last drawing moves with it; a new one takes its place.
    a, b = plan.middle(0.5, 0.5), plan.middle(0.7, 0.4)
    page.mouse.move(*a)
    page.mouse.down()
    page.mouse.move(*b, steps=8)
    page.wait_for_function("(canvas) => canvas.style.transform", arg=drawing.element_handle())
    page.mouse.up()
    plan.centre = plan.centre + (plan.place(a) - plan.place(b))
    page.wait_for_function("(canvas) => !canvas.style.transform", arg=drawing.element_handle())
    comes_to_hold(lambda: check(plan))

    plan.tool("Lasso").click()
    page.get_by_role("button", name="4", exact=True).click()
    lasso = star(plan)
    drag(page, lasso)
    chosen = {i for i in inside(plan.at(plan.points), lasso) if labels[i] != 4}
    assert len(chosen) > 1000
    shown = page.get_by_text(re.compile(r"^chosen: [1-9]"))
    expect(shown).to_be_visible()
    assert abs(int(shown.inner_text().split()[1]) - len(chosen)) < 0.002 * n


def test_points_that_stand_apart_are_pictures_and_larger_ones_come_when_in_sight(
    open_demo: Callable[..., Page],
) -> None:
    page = open_demo("pictures")
    plan = Plan(page, np.stack(np.divmod(np.arange(1000), 25), axis=1))
    words, layer = plan.root.locator(".map-pictures"), plan.root.locator("canvas.pictures")
    expect(words).to_have_text("Zoom in: where points stand apart, their images are shown. P: points alone")
    expect(layer).to_be_hidden()
    pointer = plan.middle(0.5, 0.5)
    page.mouse.move(*pointer)
    page.mouse.wheel(0, -1000)
    plan.zoom_at(pointer, np.exp(-1.5))
    on_map = plan.at(plan.points) - plan.corner
    seen = ((on_map >= 0) & (on_map <= plan.size)).all(1)
    expect(words).to_have_text(f"{seen.sum()} images in sight, each in place of its point. P: points alone")

    def check() -> None:
        middle = on_map[seen][((on_map[seen] - plan.size / 2) ** 2).sum(1).argmin()]
        x, y = (middle + plan.size / 4).round().astype(int).tolist()  # a quarter of the view is drawn on each side
        row = "(c, [x, y]) => [...c.getContext('2d').getImageData(x - 15, y, 30, 1).data].filter((_, i) => i % 4 === 0)"
        shades = layer.evaluate(row, [x, y])
        assert max(shades) - min(shades) > 100, "the stripes of a thumbnail of half the size are grey"

    comes_to_hold(check)
    plan.surface.press("p")
    expect(words).to_have_text("Points alone. P: images where points stand apart")
    expect(layer).to_be_hidden()
