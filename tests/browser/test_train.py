"""A training from the link of its settings: started, watched, scrubbed, paused, reloaded and resumed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from playwright.sync_api import Page, expect

from explorer import runs
from explorer.recipe import Recipe
from tests.browser.hands import changed, pixels

SMALL = {
    "data": {"dataset": "digits", "limit": 200},
    "model": {"family": "variational", "hidden": [8]},
    "training": {"epochs": 3, "device": "cpu"},
}
Settle = Callable[[Page], None]


def address(app_url: str, epochs: int) -> str:
    """Train with small settings in its link."""
    model: dict[str, Any] = {"family": "variational", "hidden": [16]}
    values = {"name": f"seen-{epochs}", "data": {"dataset": "digits"}, "model": model, "training": {"epochs": epochs}}
    return f"{app_url}/train?form={quote(json.dumps(values))}"


def test_a_training_is_started_watched_and_scrubbed(page: Page, app_url: str, settle: Settle) -> None:
    page.goto(address(app_url, 2))
    start = page.get_by_role("button", name="Start", exact=True)
    expect(start).to_be_in_viewport(ratio=1)
    start.click()
    main = page.get_by_test_id("stMain")
    expect(main.get_by_role("button", name="Save as checkpoint")).to_be_visible()
    settle(page)
    slider, epoch = main.get_by_role("slider", name="Epoch"), main.locator(".scrubber output")
    expect(epoch).to_have_text("epoch 2 of 2")
    expect(slider).to_be_in_viewport()
    last = pixels(main.get_by_label("Map of codes"))
    slider.fill("0")
    expect(epoch).to_have_text("epoch 1 of 2")
    first = changed(lambda: pixels(main.get_by_label("Map of codes")), last)
    slider.fill("0.5")
    between = changed(lambda: pixels(main.get_by_label("Map of codes")), first)
    assert between != last
    main.get_by_role("button", name="Play", exact=True).click()
    changed(lambda: pixels(main.get_by_label("Map of codes")), between)
    main.get_by_role("button", name="Pause", exact=True).click()


def test_a_training_is_paused_reloaded_and_resumed_on_a_phone(
    new_page: Callable[..., Page], app_url: str, settle: Settle
) -> None:
    page = new_page(390, 844)
    page.goto(address(app_url, 5000))
    start = page.get_by_role("button", name="Start", exact=True)
    expect(start).to_be_in_viewport(ratio=1)
    start.click()
    main = page.get_by_test_id("stMain")
    expect(main.get_by_role("img", name=re.compile("reconstruction$"))).to_have_count(8)
    main.get_by_role("button", name="Pause", exact=True).first.click()
    resume = main.get_by_role("button", name="Resume", exact=True)
    expect(resume).to_be_visible()
    page.reload()
    expect(resume).to_be_visible()
    expect(main.get_by_role("img", name=re.compile("reconstruction$"))).to_have_count(8)
    resume.click()
    main.get_by_role("button", name="Stop and keep the best").click()
    expect(main.get_by_role("button", name="Save as checkpoint")).to_be_visible()
    expect(resume).to_have_count(0)


def test_two_runs_are_laid_over_each_other(page: Page, app_url: str) -> None:
    made = [runs.prepare(Recipe.parse(SMALL | {"name": name}).with_settings([f"model.beta={beta}"]))
            for name, beta in (("one", 1), ("other", 4))]  # fmt: skip
    for run in made:
        list(runs.drain(run.recipe, run.folder))
    page.goto(f"{app_url}/train?over={','.join(run.id for run in made)}")
    chart = page.get_by_test_id("stPlotlyChart").filter(has=page.get_by_text("(validation), nats"))
    expect(chart.locator(".legendtext")).to_have_text(["one", "other"])
    dashes = chart.locator("g.trace.scatter path.js-line").evaluate_all(
        "lines => lines.map(line => line.style.strokeDasharray)"
    )
    assert len(dashes) == len(set(dashes)) == 2, "told apart without colour"
    expect(page.get_by_text("What differs in their recipes")).to_be_visible()


def test_a_remedy_is_followed(page: Page, app_url: str, settle: Settle) -> None:
    """A VAE at beta 500 is named as such at its end; one press begins a new run with beta 1, which is shown."""
    model: dict[str, Any] = {"family": "variational", "hidden": [16], "latent_dim": 2, "beta": 500.0}
    values = {"name": "dear", "data": {"dataset": "digits"}, "model": model, "training": {"epochs": 6}}
    page.goto(f"{app_url}/train?form={quote(json.dumps(values))}")
    page.get_by_role("button", name="Start", exact=True).click()
    main = page.get_by_test_id("stMain")
    remedy = main.get_by_role("button", name="Train again with model.beta=1", exact=True)
    expect(remedy).to_be_visible()
    said = main.get_by_test_id("stAlert").get_by_text("Beta is too high for items of this size")
    expect(said).to_be_visible()
    settle(page)
    before = parse_qs(urlsplit(page.url).query)["run"]
    remedy.click()
    page.wait_for_function("before => !location.search.includes(before)", arg=before[0])
    expect(main.get_by_role("button", name="Save as checkpoint")).to_be_visible()
    settle(page)
    expect(main.locator(".scrubber output")).to_have_text("epoch 6 of 6")
    expect(said).to_have_count(0)
