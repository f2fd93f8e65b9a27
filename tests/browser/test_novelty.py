"""The Novelty page in Chromium: worked examples open at a click, and a detector is learnt, kept and used elsewhere."""

from __future__ import annotations

import csv
import io
import pathlib
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from typer.testing import CliRunner

from explorer.cli import app as command_line
from explorer.novelty.examples import EXAMPLES

Settle = Callable[[Page], None]


def _has_no_error(page: Page) -> None:
    expect(page.locator("[data-testid=stException], [data-testid=stAlertContentError]")).to_have_count(0)


def test_each_worked_example_opens_at_a_click_with_a_picture(page: Page, app_url: str, settle: Settle) -> None:
    page.goto(f"{app_url}/novelty")
    settle(page)
    for example in EXAMPLES.values():
        page.get_by_role("radio", name=example.title).or_(page.get_by_role("button", name=example.title)).first.click()
        expect(page.get_by_text(example.question)).to_be_visible()
        settle(page)
        assert f"novelty_from={example.name}" in page.url, "the link brings it back"
        _has_no_error(page)
        expect(page.get_by_role("slider", name="Threshold")).to_be_visible()
        expect(page.locator(".confusion .count").first).to_be_visible()
        if example.name != "cells":
            picture = page.locator("[data-testid=stHtml] img").first
            picture.scroll_into_view_if_needed()
            page.wait_for_function("(image) => image.complete && image.naturalWidth > 0", arg=picture.element_handle())


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
    here = {row["name"]: row for row in csv.DictReader(io.StringIO(scored.value.path().read_text()))}

    arguments = ["score", str(tmp_path / "detector.safetensors"), str(file), "--out", str(tmp_path / "scores.csv")]
    assert CliRunner().invoke(command_line, arguments).exit_code == 0
    elsewhere = list(csv.DictReader((tmp_path / "scores.csv").open()))
    assert len(here) == 28 + 10, "a fifth of the good rows, and the odd ones"
    for name, row in here.items():
        other_row = elsewhere[int(name.removeprefix("row ")) - 1]
        assert float(other_row["score"]) == pytest.approx(float(row["score"]), rel=1e-5, abs=1e-6)
        assert other_row["p_value"] == row["p_value"]
