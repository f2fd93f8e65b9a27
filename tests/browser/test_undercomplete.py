"""The scene undercomplete: what its training must come to, and a line that one draws."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.hands import changed, comes_to_hold, pixels, place_on

Settle = Callable[[Page], None]


@pytest.fixture
def scene(page: Page, app_url: str, settle: Settle) -> Callable[..., Locator]:
    def scene(**settings: str) -> Locator:
        link = ".".join(["undercomplete", *(f"{name}~{value}" for name, value in settings.items())])
        page.goto(f"{app_url}/learn?scene=undercomplete&set={link}")
        page.locator(".scene[data-drawn]").wait_for()
        settle(page)
        return page.locator(".scene")

    return scene


def figure(scene: Locator, label: str) -> float:
    text = scene.locator(".figure", has_text=label).locator("dd").inner_text()
    return float(re.sub("[°,]", "", text).replace("−", "-"))


def train_until(scene: Locator, is_done: Callable[[], bool]) -> None:
    """Press Train, wait, press Pause; ``is_done`` is asked each time another step has been taken."""
    scene.get_by_role("button", name="Train", exact=True).click()
    steps = scene.locator(".figure", has_text="Steps of training").locator("dd")
    while not is_done():
        changed(steps.inner_text, steps.inner_text())
    scene.get_by_role("button", name="Pause").click()


def test_linear_layers_find_the_line_of_pca(scene: Callable[..., Locator]) -> None:
    seen = scene(data="moons", activation="linear")
    assert figure(seen, "Angle") > 2
    train_until(seen, lambda: figure(seen, "Angle") < 0.1 and figure(seen, "Steps") > 300)
    assert figure(seen, "Mean squared error") == pytest.approx(figure(seen, "PCA"), rel=0.01)


def test_bent_layers_lose_far_less_than_pca(scene: Callable[..., Locator]) -> None:
    seen = scene(data="ring")
    expect(seen.locator(".figure", has_text="Angle")).to_be_hidden()
    train_until(seen, lambda: figure(seen, "Mean squared error") < 0.03 * figure(seen, "PCA"))


def test_a_line_that_is_drawn_becomes_the_data_and_stays_in_the_link(
    page: Page, scene: Callable[..., Locator], settle: Settle
) -> None:
    seen = scene(data="own")
    plane = seen.locator("[data-hand=drag]")
    before = figure(seen, "PCA")
    start = place_on(plane, 0.3, 0.5)
    page.mouse.move(*start)
    page.mouse.down()
    for i in range(1, 21):
        page.mouse.move(*place_on(plane, 0.3 + 0.02 * i, 0.5))
    page.mouse.up()
    # A straight line from left to right: across it there is only the noise, of a standard deviation of 0.035.
    assert before > 0.05

    def is_flat() -> None:
        assert figure(seen, "PCA") == pytest.approx(0.035**2, rel=0.2)

    comes_to_hold(is_flat)
    seen.get_by_role("button", name="Pause").click()
    page.wait_for_url(re.compile(r"line(~|%7E)\d{64}"))
    page.reload()
    page.locator(".scene[data-drawn]").wait_for()
    settle(page)
    assert figure(page.locator(".scene"), "PCA") == pytest.approx(0.035**2, rel=0.2)


def test_a_code_of_two_numbers_needs_no_curve(scene: Callable[..., Locator]) -> None:
    seen = scene(data="spiral", activation="linear", depth="1")
    seen.get_by_role("button", name="Give the code two numbers").click()
    seen.get_by_role("button", name="Pause").wait_for()
    steps = seen.locator(".figure", has_text="Steps of training").locator("dd")
    while figure(seen, "Mean squared error") > 0.001:
        changed(steps.inner_text, steps.inner_text())


def test_training_rests_while_it_is_out_of_sight(page: Page, scene: Callable[..., Locator]) -> None:
    seen = scene()
    seen.get_by_role("button", name="Train", exact=True).click()
    plane = seen.locator("[data-hand]").first
    first = pixels(plane)
    changed(lambda: pixels(plane), first)
    page.set_viewport_size({"width": 1440, "height": 400})  # lower than what stands below the picture
    page.get_by_text("How this works").scroll_into_view_if_needed()
    steps = seen.locator(".figure", has_text="Steps of training").locator("dd")
    page.wait_for_function("(scene) => scene.getBoundingClientRect().bottom < 0", arg=plane.element_handle())
    # The browser says that it is out of sight when it has time to; from then on nothing moves for half a second.
    page.wait_for_function(
        "(steps) => new Promise((done) => { const before = steps.textContent;"
        " setTimeout(() => done(steps.textContent === before), 500); })",
        arg=steps.element_handle(),
        timeout=3_000,
    )
