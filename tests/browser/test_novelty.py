"""The Novelty page in Chromium: worked examples open at a click, and a detector is learnt, kept and used elsewhere."""

from __future__ import annotations

import csv
import io
import pathlib
import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect
from typer.testing import CliRunner

from explorer.cli import app as command_line
from explorer.ui.novelty.sources import CARDS

Settle = Callable[[Page], None]


def _has_no_error(page: Page) -> None:
    expect(page.locator("[data-testid=stException], [data-testid=stAlertContentError]")).to_have_count(0)


def _first_screen(page: Page, target: Locator) -> bool:
    box = target.bounding_box()
    size = page.viewport_size
    return box is not None and size is not None and box["y"] + box["height"] <= size["height"]


def test_each_worked_example_opens_at_a_click_with_an_item_and_its_verdict(
    page: Page, app_url: str, settle: Settle
) -> None:
    page.goto(f"{app_url}/novelty")
    settle(page)
    for name, (_, question) in CARDS.items():
        card = page.get_by_test_id("stColumn").filter(has_text=question)
        card.get_by_role("button", name="Open").click()
        expect(card.get_by_role("button", name="Shown above")).to_be_visible()
        settle(page)
        assert f"novelty_from={name}" in page.url, "the link brings it back"
        _has_no_error(page)
        expect(page.get_by_role("slider", name="Threshold")).to_be_visible()
        expect(page.locator(".confusion .count").first).to_be_visible()
        page.get_by_role("heading", name="Novelty").scroll_into_view_if_needed()
        assert _first_screen(page, page.get_by_role("heading", name="An alarm"))
        if name in ("unseen-digits", "brick"):
            assert _first_screen(page, page.get_by_alt_text("where it differs"))


def test_another_item_is_chosen_by_its_picture_and_costs_are_for_professionals(
    page: Page, app_url: str, settle: Settle
) -> None:
    page.goto(f"{app_url}/novelty?novelty_from=brick")
    settle(page)
    item, large = page.get_by_role("textbox", name="Item, by rank or name"), page.get_by_alt_text("Item: item")
    before, name = large.get_attribute("src"), item.input_value()
    page.get_by_role("button", name=re.compile("^Item, by rank or name #5,")).click()
    expect(large).not_to_have_attribute("src", before or "")
    expect(item).to_have_value(re.compile("^#5, "))
    page.get_by_role("button", name="chevron_right").click()
    page.get_by_role("button", name=re.compile("^Item, by rank or name #19,")).click()
    expect(item).to_have_value(re.compile("^#19, "))
    item.fill(name)
    item.press("Enter")
    expect(large).to_have_attribute("src", before or "")
    settle(page)
    costs = page.get_by_text("What mistakes cost")
    expect(costs).to_have_count(0)
    page.get_by_text("For professionals").click()
    expect(costs).to_be_visible()
    settle(page)
    _has_no_error(page)


def test_a_detector_is_learnt_from_a_file_and_scores_elsewhere(
    page: Page, app_url: str, settle: Settle, tmp_path: pathlib.Path
) -> None:
    random = np.random.default_rng(0)
    a = random.normal(size=150)
    b = a + 0.1 * random.normal(size=150)
    b[:10] += 5
    lines = [f"{x:.4f},{y:.4f},{'odd' if i < 10 else 'good'}" for i, (x, y) in enumerate(zip(a, b, strict=True))]
    file = tmp_path / "parts.csv"
    file.write_text("a,b,class\n" + "\n".join(lines) + "\n")
    page.goto(f"{app_url}/novelty?novelty_from=good-examples")
    settle(page)
    page.locator("input[type=file]").last.set_input_files(file)
    page.get_by_role("button", name="Fit on parts.csv").click()
    save = page.get_by_role("button", name="The detector (.safetensors)")
    expect(save).to_be_visible()
    settle(page)
    _has_no_error(page)
    with page.expect_download() as kept:
        save.click()
    kept.value.save_as(tmp_path / "detector.safetensors")
    with page.expect_download() as scored:
        page.get_by_role("button", name="All 38 scores (CSV)").click()
    here = {row["item"]: row for row in csv.DictReader(io.StringIO(scored.value.path().read_text()))}

    arguments = ["score", str(tmp_path / "detector.safetensors"), str(file), "--out", str(tmp_path / "scores.csv")]
    assert CliRunner().invoke(command_line, arguments).exit_code == 0
    elsewhere = list(csv.DictReader((tmp_path / "scores.csv").open()))
    assert len(here) == 28 + 10, "a fifth of the good rows, and the odd ones"
    for name, row in here.items():
        other_row = elsewhere[int(name) - 1]
        assert float(other_row["score"]) == pytest.approx(float(row["score"]), rel=1e-5, abs=1e-6)
        assert other_row["p_value"] == row["p_value"]


def test_a_column_gets_another_role_where_it_stands(
    page: Page, app_url: str, settle: Settle, tmp_path: pathlib.Path
) -> None:
    lines = [f"{'north' if i % 3 else 'south'},{i % 7}.5,{i % 5}.25" for i in range(60)]
    file = tmp_path / "parts.csv"
    file.write_text("\n".join(["place,a,b", *lines]))
    page.goto(f"{app_url}/novelty?novelty_from=good-examples")
    settle(page)
    page.locator("input[type=file]").last.set_input_files(file)
    expect(page.get_by_text("2 numbers, 1 category")).to_be_visible()
    settle(page)
    roles = page.get_by_test_id("stDataFrame").locator("canvas").first
    roles.scroll_into_view_if_needed()  # waits until it stands still
    shown = roles.bounding_box()
    assert shown is not None
    page.mouse.dblclick(shown["x"] + shown["width"] / 6, shown["y"] + 0.75 * shown["height"])
    page.get_by_text("left out", exact=True).click()
    expect(page.get_by_text("left out: as asked")).to_be_visible()
    settle(page)
    _has_no_error(page)
