"""An exported page in Chromium, opened from the file system without a connection: everything in it is live."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect
from typer.testing import CliRunner

from explorer import checkpoints, data, latent
from explorer.checkpoints import VectorCheckpoint
from explorer.cli import app
from explorer.data import Dataset
from explorer.models import QuantisedAutoencoder
from explorer.views.exported import PageWishes, ShownMap, model_page, parts
from explorer.views.exported.rounded import in_half_precision, live_packs
from explorer.views.items import HeldItems, held_items, thinned_items
from explorer.views.planes import plane_of, projector_of
from explorer.views.report import report_page, reported_items
from tests.browser.conftest import watch
from tests.conftest import _trained

EVIL = "</script><img src=x onerror=document.title='broken'>\"'\u2028`"
PIXELS = """canvas => {
  const { width: w, height: h } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, w, h);
  return [w, h, Array.from({ length: w * h }, (_, i) => data[4 * i])];
}"""
CLOSE = 0.5 / 255 + 1e-3
"""What a screen's 256 steps leave, and 1e-3."""


@pytest.fixture(scope="module")
def items() -> HeldItems:
    checkpoint = checkpoints.with_codes(checkpoints.load("mnist-vae-2d"))
    dataset = data.dataset("mnist-sample")
    return thinned_items(checkpoint, dataset, np.arange(len(dataset)), "held out", 400)


@pytest.fixture(scope="module")
def file(items: HeldItems, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("exported") / "a page.html"
    path.write_bytes(model_page(items, PageWishes(code=(0.5, -1.0), first="sliders")).html)
    return path


@pytest.fixture
def open_file(chromium: Browser) -> Iterator[Callable[..., tuple[Page, list[str]]]]:
    """Opens a file without a connection; the list grows with what goes wrong and with every request but the first."""
    contexts = []

    def open_one(path: Path, **kind: object) -> tuple[Page, list[str]]:
        context = chromium.new_context(offline=True, **kind)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        problems = watch(page)
        page.on("request", lambda request: problems.append(request.url) if request.url != path.as_uri() else None)
        problems_of_the_file: list[str] = problems
        page.goto(path.as_uri())
        for host in page.locator("[data-component]").all():
            expect(host.locator(".live")).to_be_attached()
        problems_of_the_file[:] = [one for one in problems_of_the_file if one != f"left this machine: {path.as_uri()}"]
        return page, problems_of_the_file

    yield open_one
    for context in contexts:
        context.close()


def part(page: Page, name: str) -> Locator:
    return page.locator(f"#{name}")


def picture(canvas: Locator) -> np.ndarray:
    """(H, W) brightness from 0 to 1 of a canvas that holds a picture in its own pixels."""
    width, height, values = canvas.evaluate(PIXELS)
    return np.array(values).reshape(height, width) / 255


def shows(canvas: Locator, expected: np.ndarray) -> None:
    """Wait until a canvas shows what is expected, as exactly as a screen can."""
    for _ in range(200):
        seen = picture(canvas)
        if seen.shape == expected.shape and np.abs(seen - expected).max() <= CLOSE:
            return
        canvas.page.wait_for_timeout(50)
    raise AssertionError(np.abs(picture(canvas) - expected).max())


def test_it_asks_for_nothing_and_breaks_nowhere(file: Path, open_file: Callable[..., tuple[Page, list[str]]]) -> None:
    for scheme in ("light", "dark"):
        for width in (1440, 390):
            page, problems = open_file(file, color_scheme=scheme, viewport={"width": width, "height": 844})
            assert page.evaluate("document.documentElement.scrollWidth") == width
            page.wait_for_timeout(800)
            assert page.evaluate("scrollY") == 0  # nothing that moves by itself pulls the page to it
            ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert ground == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(18, 24, 27)")
            page.evaluate("window.fetched = fetch('https://example.org').then(() => 'sent', () => 'refused')")
            assert page.evaluate("window.fetched") == "refused"
            assert [problem for problem in problems if "example.org" not in problem] == []


def test_a_slider_decodes_what_torch_decodes_from_the_code_of_the_page(
    file: Path, items: HeldItems, open_file: Callable[..., tuple[Page, list[str]]]
) -> None:
    page, problems = open_file(file)
    assert page.locator("section").first.get_attribute("id") == "sliders"
    sliders = part(page, "sliders")
    canvas = sliders.get_by_role("img", name="Decoded item")
    rounded = in_half_precision(items.checkpoint)
    shows(canvas, rounded.decode([[0.5, -1.0]])[0, 0])
    slider = sliders.get_by_role("slider", name="z2")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 0.5 * box["height"], steps=5)
    dimension = next(d for d in latent.dimension_order(items.card) if d.index == 1)
    share = float(slider.input_value()) / float(slider.get_attribute("max") or 0)
    value = dimension.low + share * (dimension.high - dimension.low)
    assert value > 0.5
    moved = rounded.decode([[0.5, value]])[0, 0]
    assert np.abs(moved - rounded.decode([[0.5, -1.0]])[0, 0]).max() > 0.05
    shows(canvas, moved)  # while the hand still holds it
    page.mouse.up()
    sliders.get_by_role("textbox", name="z2, value").fill("-1.25")
    page.keyboard.press("Enter")
    shows(canvas, rounded.decode([[0.5, -1.25]])[0, 0])
    assert problems == []


def test_labels_and_entries_are_decoded_as_they_are_chosen(
    tmp_path: Path, open_file: Callable[..., tuple[Page, list[str]]]
) -> None:
    """Each page with another script: the one with scenes of Learn, and the smaller one."""
    digits = data.dataset("digits")
    rows = digits.splits.test[:40]
    conditional = _trained("digits", 1, family="variational", hidden=[16], latent_dim=2, conditional=True)
    assert isinstance(conditional, VectorCheckpoint)
    of_three = rows[np.asarray(digits.labels)[rows] == 3]
    one = held_items(conditional.given("3"), digits, np.resize(of_three, 12), "test")
    wishes = PageWishes(code=(0.5, -1.0), scenes=False)
    (tmp_path / "labels.html").write_bytes(model_page(one, wishes, conditional).html)
    page, problems = open_file(tmp_path / "labels.html")
    canvas = part(page, "sliders").get_by_role("img", name="Decoded item")
    rounded = in_half_precision(conditional)
    shows(canvas, rounded.given("3").decode([[0.5, -1.0]])[0, 0])
    page.get_by_role("group", name="Label", exact=True).get_by_role("button", name="7").click()
    shows(canvas, rounded.given("7").decode([[0.5, -1.0]])[0, 0])
    quantised = _trained("digits", 1, family="quantised", channels=[4], latent_dim=3, entries=6, prior_epochs=1)
    assert isinstance(quantised, VectorCheckpoint)
    items = held_items(quantised, digits, rows, "test")
    (tmp_path / "entries.html").write_bytes(model_page(items).html)
    page, more = open_file(tmp_path / "entries.html")
    entries, model = part(page, "entries"), in_half_precision(quantised).model
    assert isinstance(model, QuantisedAutoencoder)
    indices = model.indices_of(torch.from_numpy(items.codes()[items.samples(1)]))
    numbers = indices.view(-1)  # of the same memory
    entries.get_by_role("button").nth(5).click()
    entries.get_by_role("spinbutton", name="Number of the entry").fill(str(int(numbers[5] + 1) % 6 + 1))
    page.keyboard.press("Enter")
    numbers[5] = (numbers[5] + 1) % 6
    with torch.no_grad():
        changed = model.decode(model.vectors_of(indices))[0, 0].numpy()
    shows(entries.get_by_role("img", name="Decoded item"), changed)
    assert problems == more == []


def test_the_pointer_on_the_map_decodes_that_place_and_names_the_nearest_item(
    file: Path, items: HeldItems, open_file: Callable[..., tuple[Page, list[str]]]
) -> None:
    page, problems = open_file(file)
    inspector = part(page, "map").locator(".inspector")
    canvas = inspector.get_by_role("img", name="Decoded from the cursor position")
    surface = part(page, "map").locator(".map-side canvas").last
    surface.scroll_into_view_if_needed()
    box = surface.bounding_box()
    assert box is not None
    seen = []
    for share in (0.3, 0.5, 0.7):
        page.mouse.move(box["x"] + share * box["width"], box["y"] + 0.5 * box["height"])
        page.wait_for_timeout(300)
        words = inspector.locator(".caption").first.inner_text().replace("−", "-")
        x, y = (float(number) for number in words.removeprefix("Decoded at (").removesuffix(")").split(", "))
        expected = items.checkpoint.decode([[x, y]])[0, 0]
        seen.append(picture(canvas))
        assert np.abs(seen[-1] - expected).max() < 0.05  # the words round the place
    assert np.abs(seen[0] - seen[2]).max() > 0.2
    expect(inspector).to_contain_text("Nearest real image")
    assert problems == []


def test_a_way_plays_from_item_to_item(
    file: Path, items: HeldItems, open_file: Callable[..., tuple[Page, list[str]]]
) -> None:
    page, problems = open_file(file)
    way = part(page, "interpolation")
    canvas = way.get_by_role("img", name="Decoded item on the path")
    first = items.rows[items.samples(3)][0]
    rounded = in_half_precision(items.checkpoint)
    shows(canvas, rounded.decode(items.checkpoint.encode(items.dataset.x[[first]]))[0, 0])
    at = way.get_by_role("slider", name="Position on the path")
    assert float(at.input_value()) == 0
    way.get_by_role("button", name="Play").click()
    expect(at).not_to_have_value("0")
    way.get_by_role("button", name="Pause").click()
    assert 0 < float(at.input_value()) < 1
    at.focus()
    for _ in range(10):
        at.press("PageUp")
    last = items.rows[items.samples(3)][-1]
    shows(canvas, rounded.decode(items.checkpoint.encode(items.dataset.x[[last]]))[0, 0])
    assert problems == []


def test_what_is_drawn_is_encoded_rebuilt_and_ringed_on_the_map(
    file: Path, open_file: Callable[..., tuple[Page, list[str]]]
) -> None:
    page, problems = open_file(file)
    drawing = part(page, "drawing")
    surface = drawing.get_by_role("application", name="Drawing surface")
    surface.scroll_into_view_if_needed()
    rebuilt = drawing.get_by_role("img", name="What the model makes of the drawing")
    assert picture(rebuilt).max() == 0
    box = surface.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.2 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.8 * box["height"], steps=8)
    page.mouse.up()
    page.wait_for_timeout(500)
    seen = picture(rebuilt)
    assert seen[8:20, 11:17].max() > 0.5  # a one
    assert seen[:, :6].max() < 0.3
    expect(drawing.locator(".numbers")).to_contain_text("Code (")
    assert drawing.get_by_role("button", name="Paste a picture").count() == 0
    assert page.evaluate("window.explorerChannels.get('exported').place?.label") == "my drawing"
    assert problems == []


def test_the_scenes_that_fit_are_live(file: Path, open_file: Callable[..., tuple[Page, list[str]]]) -> None:
    page, problems = open_file(file)
    names = [host.get_attribute("data-component") for host in page.locator("[data-component]").all()]
    assert names[:5] == ["sliders", "latent_map", "interpolation", "drawing", "inside"]
    inside = part(page, "inside")
    words = inside.get_by_text("row", exact=False).last
    before = words.inner_text()
    inside.get_by_role("button", name="Another item").click()
    expect(words).not_to_have_text(before)
    assert problems == []


def test_names_with_script_tags_stay_names(
    digits_vae: VectorCheckpoint, digits: Dataset, tmp_path: Path, open_file: Callable[..., tuple[Page, list[str]]]
) -> None:
    dataset = replace(
        digits,
        title=EVIL,
        label_names=tuple(f"{i} {EVIL}" for i in range(10)),
        item_names=tuple(f"{EVIL} {i}" for i in range(len(digits))),
    )
    recipe = digits_vae.card.recipe.model_copy(update={"title": EVIL})
    checkpoint = replace(digits_vae, card=digits_vae.card.model_copy(update={"recipe": recipe}))
    path = tmp_path / "evil.html"
    path.write_bytes(model_page(held_items(checkpoint, dataset, np.arange(80), EVIL)).html)
    page, problems = open_file(path)
    assert page.title() == EVIL.replace("\u2028", " ") or page.title() == EVIL
    assert page.locator("h1").evaluate("e => e.textContent") == EVIL
    assert page.locator("img:not(.underlay)").count() == 0
    legend = part(page, "map").locator(".map-side")
    assert f"3 {EVIL}" in legend.evaluate("e => e.textContent")
    assert EVIL in part(page, "map").locator(".inspector").evaluate("e => e.textContent")
    assert problems == []


def test_a_page_s_own_choice_and_colours_are_those_of_the_map_that_it_was_given(
    digits_vae: VectorCheckpoint, digits: Dataset, tmp_path: Path, open_file: Callable[..., tuple[Page, list[str]]]
) -> None:
    shown = thinned_items(digits_vae, digits, digits.splits.test, "test", 100)
    packs = live_packs(digits_vae)
    message = parts.map_part(shown, packs, PageWishes(colour="z1")).message
    projector = projector_of("pair")
    plane = plane_of(shown, projector, projector.fit_transform(shown.codes()))
    assert isinstance(message, parts.LatentMap)
    selection = message.selection.model_copy(update={"chosen": np.array([2, 3, 5], np.uint32)})
    given = message.model_copy(update={"selection": selection, "cursor": (0.5, 0.25)})
    path = tmp_path / "chosen.html"
    path.write_bytes(model_page(shown, PageWishes(map=ShownMap(given, plane), scenes=False)).html)
    page, problems = open_file(path)
    assert " to " in part(page, "map").locator(".map-side").evaluate("e => e.textContent")  # the steps of a quantity
    expect(part(page, "map")).to_contain_text("Decoded at (0.5")
    assert problems == []


def test_a_sheet_of_thumbnails_is_shown_as_it_was_packed(
    file: Path, items: HeldItems, open_file: Callable[..., tuple[Page, list[str]]]
) -> None:
    sheet = parts.sprites(items)
    assert sheet is not None
    pixels = np.asarray(Image.open(io.BytesIO(sheet.png)))
    assert np.array_equal(pixels[:28, :28], items.x()[0, 0])
    assert base64.b64encode(sheet.png)
    page, _ = open_file(file)
    canvas = part(page, "map").get_by_role("img", name="Nearest real item")
    page.wait_for_timeout(500)
    seen = np.round(255 * picture(canvas)).astype(np.uint8)
    assert any(np.array_equal(seen, item) for item in items.x()[:, 0])


def test_the_button_of_a_page_takes_away_what_its_map_shows(
    new_page: Callable[..., Page],
    app_url: str,
    settle: Callable[[Page], None],
    tmp_path: Path,
    open_file: Callable[..., tuple[Page, list[str]]],
) -> None:
    page = new_page()
    page.goto(f"{app_url}/latent_space?model=mnist-vae-2d&items=500&colour=Reconstruction+error")
    settle(page)
    page.get_by_role("button", name="Zoom in").first.click()
    page.get_by_role("button", name="Zoom in").first.click()
    settle(page)
    channels = "[...window.explorerChannels.values()].map(each => each.sight?.sight).find(Boolean)"
    sight = page.evaluate(channels)
    with page.expect_download() as download:
        page.get_by_role("button", name="This as one HTML file").click()
    path = tmp_path / "taken.html"
    download.value.save_as(path)
    taken, problems = open_file(path, viewport={"width": 1440, "height": 900})
    expect(part(taken, "map")).to_contain_text("Colour: reconstruction error")
    taken.wait_for_timeout(500)
    seen = taken.evaluate(channels)
    for axis in (0, 1):  # the same place in the middle, and no less in sight
        assert seen[axis] + seen[axis + 2] == pytest.approx(sight[axis] + sight[axis + 2], abs=1e-6)
        assert seen[axis + 2] - seen[axis] >= 0.999 * (sight[axis + 2] - sight[axis])
    assert any(seen[axis + 2] - seen[axis] == pytest.approx(sight[axis + 2] - sight[axis], rel=1e-3) for axis in (0, 1))
    assert problems == []


def test_a_report_is_read_offline_and_its_map_is_live(
    items: HeldItems, tmp_path: Path, open_file: Callable[..., tuple[Page, list[str]]]
) -> None:
    path = tmp_path / "report.html"
    path.write_bytes(report_page(reported_items(items.checkpoint, items.dataset, items.rows, "held out", 400)).html)
    for scheme, width in (("dark", 390), ("light", 1440)):
        page, problems = open_file(path, color_scheme=scheme, viewport={"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") == width
        for name in ("training", "novelty"):
            drawing = part(page, name).locator("svg.chart").first
            assert drawing.bounding_box()["height"] > 100  # type: ignore[index]
        pictures = page.locator(".strip img")
        assert pictures.count() == 40
        assert pictures.evaluate_all("all => all.every(one => one.complete && one.naturalWidth === 28)")
        assert problems == []
    surface = part(page, "map").locator(".map-side canvas").last
    surface.scroll_into_view_if_needed()
    surface.hover()
    inspector = part(page, "map").locator(".inspector")
    expect(inspector.locator(".caption").first).to_contain_text("Decoded at")
    words = inspector.locator(".caption").first.inner_text().replace("−", "-")
    place = [float(number) for number in words.removeprefix("Decoded at (").removesuffix(")").split(", ")]
    seen = picture(inspector.get_by_role("img", name="Decoded from the cursor position"))
    assert np.abs(seen - items.checkpoint.decode([place])[0, 0]).max() < 0.05
    assert problems == []


# --- Vectors without a model ------------------------------------------------------------------------------------------


def test_vectors_alone_are_filtered_by_what_stands_beside_them(
    open_file: Callable[..., tuple[Page, list[str]]], tmp_path: Path
) -> None:
    """Two groups far apart: a press on one bar leaves its own, and the bars of the other column count those."""
    random = np.random.default_rng(0)
    side = np.repeat([0, 1], [30, 20])
    vectors = random.normal(0, 0.1, (50, 3)) + 4 * side[:, None]
    np.savez(tmp_path / "v.npz", embeddings=vectors, site=np.array(["north", "south"])[side], age=np.arange(50.0))
    path = tmp_path / "map.html"
    called = CliRunner().invoke(app, ["project", str(tmp_path / "v.npz"), "--out", str(path), "--colour", "site"])
    assert called.exit_code == 0, called.output
    page, problems = open_file(path)
    expect(page.locator("h1")).to_have_text("v.npz: 3 numbers an item")
    filters = page.locator('[data-component="filters"]')
    expect(filters).to_contain_text("All of 50 shown items")
    filters.get_by_text("south").click()
    expect(filters).to_contain_text("20 of 50 shown items pass")
    expect(page.locator('[data-component="latent_map"]')).to_contain_text("20")
    assert problems == []
