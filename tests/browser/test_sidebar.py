"""What the sidebar says of the page in use, in the running app."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_the_sidebar_names_what_each_page_uses(page: Page, app_url: str, settle: Callable[[Page], None]) -> None:
    sidebar = page.get_by_test_id("stSidebar")
    page.goto(f"{app_url}/denoise?model=mnist-vae-2d")
    settle(page)
    in_use = sidebar.get_by_text("This page uses").locator("..")
    # The shipped one, also where another test has put one of its own on this server.
    expect(in_use).to_contain_text("Photo denoiser · grey")
    expect(in_use).not_to_contain_text("VAE")
    expect(sidebar.get_by_text("Not in use here: the model and data chosen below.")).to_be_visible()
    sidebar.get_by_role("link", name="Latent space").click()
    expect(page.get_by_role("heading", name="Latent space")).to_be_visible()
    settle(page)
    expect(in_use).to_contain_text("VAE · MNIST · 2-D")
    expect(sidebar.get_by_text("Not in use here")).to_have_count(0)
