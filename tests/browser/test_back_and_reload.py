"""Back undoes one step at a time, and a reload finds again what a visitor brought and set."""

from __future__ import annotations

import pathlib
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from explorer.io import images
from tests.browser.test_links import choose

Settle = Callable[[Page], None]


def type_into(settle: Settle, field: Locator, value: str) -> None:
    field.fill(value)
    field.press("Enter")
    settle(field.page)


def go_to(page: Page, settle: Settle, name: str) -> None:
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    settle(page)


def go_back(page: Page, settle: Settle) -> None:
    page.go_back()
    settle(page)


def test_back_undoes_the_item_the_model_and_the_page(page: Page, app_url: str, settle: Settle) -> None:
    model, item = page.get_by_role("combobox", name="Model"), page.get_by_role("textbox", name="Item")
    page.goto(f"{app_url}/train?model=mnist-vae-2d")
    settle(page)
    go_to(page, settle, "Latent space")
    first = item.input_value()
    type_into(settle, item, "77")
    second = item.input_value()
    type_into(settle, item, "123")
    third = item.input_value()
    assert len({first, second, third}) == 3
    before = model.input_value()
    choose(page, settle, "Model", "Undercomplete · MNIST · 32-D")
    go_to(page, settle, "Compare")
    go_back(page, settle)
    expect(page.get_by_role("heading", name="Latent space", exact=True)).to_be_visible()
    expect(model).to_have_value("Undercomplete · MNIST · 32-D")
    go_back(page, settle)
    expect(model).to_have_value(before)
    expect(item).to_have_value(third)
    go_back(page, settle)
    expect(item).to_have_value(second)
    go_back(page, settle)
    expect(item).to_have_value(first)
    go_back(page, settle)
    expect(page.get_by_role("heading", name="Train", exact=True)).to_be_visible()
    page.go_forward()
    expect(page.get_by_role("heading", name="Latent space", exact=True)).to_be_visible()
    settle(page)
    expect(item).to_have_value(first)


@pytest.mark.parametrize("address", ["train", "latent_space", "generate?model=fashion-vae-2d", ""])
def test_the_first_page_of_a_visit_is_one_step(page: Page, app_url: str, settle: Settle, address: str) -> None:
    before = f"{app_url}/_stcore/health"
    page.goto(before)
    page.goto(f"{app_url}/{address}")
    settle(page)
    assert "model=" in page.url
    go_to(page, settle, "Compare")
    page.go_back()
    settle(page)
    assert urlsplit(page.url).path == f"/{address.split('?')[0]}"
    page.go_back()
    page.wait_for_url(before)


def test_back_undoes_the_way_to_say_what_is_normal(page: Page, app_url: str, settle: Settle) -> None:
    page.goto(f"{app_url}/novelty?model=mnist-vae-2d&novelty_from=good-examples")
    settle(page)
    page.get_by_role("button", name="Use my data").click()
    page.get_by_role("button", name="A saved detector").click()
    settle(page)
    expect(page.get_by_text("saved here or by the command")).to_be_visible()
    go_back(page, settle)
    expect(page.get_by_text("All normal, or with a column or folders of labels")).to_be_visible()


def test_a_reload_keeps_files_a_learnt_detector_and_the_form(page: Page, app_url: str, settle: Settle) -> None:
    values = np.random.default_rng(0).normal(size=(90, 2))
    rows = "".join(f"{100 + i};{a:.3f};{b:.3f}\n" for i, (a, b) in enumerate(values))
    file = {"name": "parts.csv", "mimeType": "text/csv", "buffer": f"id;volt;temp\n{rows}".encode()}
    page.goto(f"{app_url}/novelty?model=mnist-vae-2d&novelty_from=good-examples")
    settle(page)
    main = page.get_by_test_id("stMain")
    main.locator("input[type=file]").set_input_files([file])
    expect(main.get_by_text("Read as: 90 rows; semicolon; 2 numbers")).to_be_visible()
    choose(page, settle, "Score", "PCA reconstruction")
    main.get_by_role("button", name="Fit on parts.csv").click()
    scores = main.get_by_role("button", name=re.compile("^All 18 scores"))
    expect(scores).to_be_visible()

    go_to(page, settle, "Train")
    all_settings = main.get_by_text("All settings", exact=True)
    all_settings.click()
    type_into(settle, page.get_by_role("textbox", name="Name", exact=True), "my-own-run")
    go_to(page, settle, "Novelty")
    expect(scores).to_be_visible()
    page.reload()
    settle(page)
    expect(main.get_by_text("In use: parts.csv")).to_be_visible()
    expect(scores).to_be_visible()
    go_to(page, settle, "Train")
    all_settings.click()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("my-own-run")
    page.reload()
    settle(page)
    all_settings.click()
    expect(page.get_by_role("textbox", name="Name", exact=True)).to_have_value("my-own-run")


def test_a_reload_right_after_an_upload_trains_on_it_still(page: Page, app_url: str, settle: Settle) -> None:
    page.goto(f"{app_url}/train?model=mnist-vae-2d")
    settle(page)
    main = page.get_by_test_id("stMain")
    main.get_by_text("All settings", exact=True).click()
    main.get_by_role("button", name="Add my data").click()
    rows = "".join(f"{i % 7}.5,{i % 5}.25\n" for i in range(40))
    file = {"name": "mine.csv", "mimeType": "text/csv", "buffer": f"volt,temp\n{rows}".encode()}
    uploader = page.get_by_test_id("stFileUploader").filter(has_text="A table, NPZ").last
    uploader.locator("input[type=file]").set_input_files([file])
    expect(main.get_by_text("Read as: 40 rows; comma; 2 numbers")).to_be_visible()
    settle(page)
    page.reload()
    settle(page)
    expect(main.get_by_text("Read as: 40 rows; comma; 2 numbers")).to_be_visible()


def test_one_walk_keeps_a_photo_an_image_data_and_views_over_a_reload_of_every_page(
    page: Page, app_url: str, settle: Settle, tmp_path: pathlib.Path
) -> None:
    ink = np.zeros((1, 28, 28), np.float32)
    ink[0, 6:22, 12:16] = 1.0
    picture = {"name": "one.png", "mimeType": "image/png", "buffer": images.png_bytes(ink)}
    digits = (np.random.default_rng(0).random((40, 28, 28)) * 255).astype(np.uint8)
    np.savez(tmp_path / "mine.npz", x=digits)
    main, data = page.get_by_test_id("stMain"), page.get_by_role("combobox", name="Data")

    page.goto(f"{app_url}/latent_space?model=mnist-vae-2d&items=500")
    settle(page)
    page.get_by_role("radio", name="My image").click()
    page.get_by_role("radio", name="Upload").click()
    main.locator("input[type=file]").set_input_files(picture)
    mine = page.get_by_role("button", name="Denoise it")
    expect(mine).to_be_visible()
    settle(page)
    page.reload()
    settle(page)
    expect(mine).to_be_visible()

    go_to(page, settle, "Generate")
    choose_view = page.get_by_role("radio", name="Interpolate")
    choose_view.click()
    settle(page)
    sent = {"name": "sent.npz", "mimeType": "application/zip", "buffer": (tmp_path / "mine.npz").read_bytes()}
    page.get_by_role("button", name="Add my data").click()
    page.locator("input[type=file]").last.set_input_files([sent])
    expect(data).to_have_value("sent.npz")
    page.keyboard.press("Escape")
    settle(page)
    page.reload()
    settle(page)
    expect(choose_view).to_have_attribute("aria-checked", "true")
    expect(data).to_have_value("sent.npz")

    go_to(page, settle, "Compare")
    expect(data).to_have_value("sent.npz")
    view = main.get_by_role("radio").last
    view.click()
    settle(page)
    page.get_by_role("button", name="Add my data").click()
    type_into(settle, page.get_by_role("textbox", name="A path on this machine"), str(tmp_path / "mine.npz"))
    page.keyboard.press("Escape")
    expect(data).to_have_value("mine.npz")
    settle(page)
    page.reload()
    settle(page)
    expect(data).to_have_value("mine.npz")
    expect(view).to_have_attribute("aria-checked", "true")

    go_to(page, settle, "Denoise")
    expect(data).to_have_value("mine.npz")
    choose(page, settle, "Model", "Photo denoiser · grey")
    main.locator("input[type=file]").first.set_input_files(picture)
    photo = page.get_by_role("combobox", name="Photo")
    expect(photo).to_have_value("one.png")
    settle(page)
    go_to(page, settle, "Compare")
    go_to(page, settle, "Denoise")
    expect(photo).to_have_value("one.png")
    page.reload()
    settle(page)
    expect(photo).to_have_value("one.png")
