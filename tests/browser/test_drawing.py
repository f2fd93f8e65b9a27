"""The visitor's own image in a running app: drawn by mouse, finger and keys, pasted, dropped, uploaded."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from explorer import checkpoints, data
from explorer.browser.drawing import message as drawing
from explorer.core.neighbours import nearest
from explorer.io import images, user_image, user_image_style
from explorer.io.user_image import Options
from explorer.recipe import Recipe
from explorer.training import train
from explorer.training.events import Finished
from tests.browser.digits import DIGITS, Stroke, rasterise
from tests.browser.hands import Fingers, place_on
from tests.browser.modules import open_modules

DEMO = "drawing_demo.py"
SIDE = 168
PEN = drawing.BRUSH / 100 * SIDE
NEEDED = 15


LISTEN = """() => {
  window.placed = [];
  const channels = (window.explorerChannels ??= new Map());
  if (!channels.has('demo')) channels.set('demo', {listeners: new Map(), place: null});
  channels.get('demo').listeners.set((kind, detail) => window.placed.push(
    {kind, code: [...(detail.code ?? [])], std: detail.std ? [...detail.std] : null}), null);
}"""


@pytest.fixture
def open_demo(new_page: Callable[..., Page], demo_url: str, settle: Callable[[Page], None]) -> Callable[..., Page]:
    def open_one(model: str = "mnist-conv-vae-16d", **settings: Any) -> Page:
        page = new_page(**settings)
        page.goto(f"{demo_url}/?model={model}")
        settle(page)
        page.evaluate(LISTEN)
        return page

    return open_one


def surface(page: Page) -> Locator:
    return page.get_by_label("Drawing surface")


def draw(page: Page, strokes: list[Stroke]) -> list[Stroke]:
    """Draw with the mouse; returns the same strokes in the surface's own pixels."""
    box = surface(page).bounding_box()
    assert box is not None
    reached = []
    for stroke in strokes:
        points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point)
        page.mouse.up()
        reached.append([(x * SIDE, y * SIDE) for x, y in stroke])
    return reached


def line_of(page: Page, name: str) -> str:
    return page.get_by_text(re.compile(f"^{name}: ")).inner_text().split(": ", 1)[1]


def pixels_on(page: Page) -> np.ndarray:
    """(1, H, W) what the surface shows, once it has painted what was asked, with the next frame."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    address = surface(page).evaluate("(canvas) => canvas.toDataURL()")
    return images.decode_image(base64.b64decode(address.split(",")[1]), "surface.png").array[:1]


def last_placed(page: Page) -> dict[str, Any]:
    return dict(page.evaluate("() => window.placed.filter((entry) => entry.kind === 'place').at(-1)"))


@pytest.mark.parametrize(("model", "needed"), [("mnist-conv-vae-16d", NEEDED), ("mnist-vae-2d", 12)])
def test_most_of_twenty_drawn_digits_land_among_their_kind(
    open_demo: Callable[..., Page], model: str, needed: int, record_property: Callable[[str, object], None]
) -> None:
    page = open_demo(model)
    dataset = data.dataset("mnist-sample")
    checkpoint = checkpoints.load(model)
    codes, labels = checkpoint.encode(dataset.x), np.asarray(dataset.labels)
    guesses = []
    for digit, strokes in DIGITS:
        page.get_by_role("button", name="Clear").click()
        page.evaluate("() => { window.placed = []; }")
        draw(page, strokes)
        page.wait_for_function("() => window.placed.some((entry) => entry.kind === 'place')")
        code = np.array(last_placed(page)["code"], np.float32)
        guesses.append((digit, int(np.bincount(labels[nearest(codes, np.asarray(code)[None], 10)[0][0]]).argmax())))
    right = sum(digit == kind for digit, kind in guesses)
    record_property(f"{model}: of 20 drawn digits among their kind", right)
    assert right >= needed, guesses


def test_a_drawing_is_placed_while_it_is_drawn_and_reported_when_it_ends(open_demo: Callable[..., Page]) -> None:
    page = open_demo()
    box = surface(page).bounding_box()
    assert box is not None
    at = [(box["x"] + share * box["width"], box["y"] + box["height"] * 0.5) for share in (0.3, 0.4, 0.5, 0.6, 0.7)]
    page.mouse.move(*at[0])
    page.mouse.down()
    seen: list[Any] = []
    for point in at[1:]:
        page.mouse.move(*point)
        page.wait_for_function("(n) => window.placed.length > n", arg=len(seen))
        seen = page.evaluate("() => window.placed")
    assert len({json.dumps(entry["code"]) for entry in seen}) >= 4, "every move must be encoded"
    expect(page.get_by_text("no image")).to_be_visible()  # Python has not heard of it
    page.mouse.up()
    expect(page.get_by_text("name: my drawing")).to_be_visible()
    # What the browser placed is what Python computes from the pixels it was sent.
    python_code = np.array([float(value) for value in line_of(page, "code").split()])
    placed = last_placed(page)
    np.testing.assert_allclose(placed["code"], python_code, atol=1e-3)
    assert len(placed["std"]) == 16
    # The surface is what another program makes of the same strokes; so is the item of it.
    strokes = [[(share * SIDE, 0.5 * SIDE) for share in (0.3, 0.4, 0.5, 0.6, 0.7)]]
    expected = rasterise(strokes, SIDE, SIDE, PEN)
    pixels_drawn = pixels_on(page)
    assert np.abs(pixels_drawn.astype(int) - expected).max() <= 1
    checkpoint = checkpoints.load("mnist-conv-vae-16d")
    style = user_image_style.style_of(data.dataset("mnist-sample").x[::17])
    x = user_image.convert(pixels_drawn, (1, 28, 28), user_image_style.for_drawing(style).options).x
    mu, logvar = checkpoint.posterior(x[None])
    np.testing.assert_allclose(placed["code"], mu[0], atol=1e-3)
    np.testing.assert_allclose(placed["std"], np.exp(logvar[0] / 2), atol=1e-3)
    # From now on the page marks it itself.
    page.wait_for_function("() => window.placed.at(-1).kind === 'unplace'")


def test_undo_erase_and_clear(open_demo: Callable[..., Page]) -> None:
    page = open_demo()
    blank = pixels_on(page)
    assert blank.max() == 0
    draw(page, [[(0.2, 0.2), (0.8, 0.2)]])
    one = pixels_on(page)
    draw(page, [[(0.2, 0.7), (0.8, 0.7)]])
    assert pixels_on(page).sum() > 1.5 * one.sum()
    page.get_by_role("button", name="Eraser").click()
    draw(page, [[(0.1, 0.7), (0.9, 0.7)]])
    page.wait_for_function(
        "(canvas) => canvas.getContext('2d').getImageData(84, 117, 1, 1).data[0] === 0",
        arg=surface(page).element_handle(),
    )
    np.testing.assert_allclose(pixels_on(page)[:, :60], one[:, :60])
    undo = page.get_by_role("button", name="Undo")
    undo.click()
    undo.click()
    expect(undo).to_be_enabled()
    np.testing.assert_array_equal(pixels_on(page), one)
    page.get_by_role("button", name="Clear").click()
    np.testing.assert_array_equal(pixels_on(page), blank)
    expect(page.get_by_text("no image")).to_be_visible()
    undo.click()
    np.testing.assert_array_equal(pixels_on(page), one)
    expect(page.get_by_text("name: my drawing")).to_be_visible()
    page.get_by_role("button", name="Remove my image").click()
    expect(page.get_by_text("no image")).to_be_visible()
    page.wait_for_function(
        "(canvas) => canvas.getContext('2d').getImageData(0, 0, 168, 168).data.every((v, i) => i % 4 === 3 || v === 0)",
        arg=surface(page).element_handle(),
    )


def test_the_keyboard_draws_too(open_demo: Callable[..., Page]) -> None:
    page = open_demo()
    surface(page).focus()
    for key in ("ArrowUp", "ArrowUp", "Space", *["ArrowDown"] * 8, "Space", "ArrowRight"):
        page.keyboard.press(key)
    expect(page.get_by_text("name: my drawing")).to_be_visible()
    top, bottom = SIDE / 2 - 2 * SIDE / 28, SIDE / 2 + 6 * SIDE / 28
    steps = np.linspace(top, bottom, 9)
    expected = rasterise([[(SIDE / 2, float(y)) for y in steps]], SIDE, SIDE, PEN)
    assert np.abs(pixels_on(page).astype(int) - expected).max() <= 1
    page.keyboard.press("Backspace")
    expect(page.get_by_text("no image")).to_be_visible()


def photo() -> bytes:
    """A dark four on light paper, 300 by 200 pixels, as PNG."""
    digit, strokes = DIGITS[9]
    assert digit == 4
    ink = rasterise([[(50 + 190 * x, 5 + 190 * y) for x, y in stroke] for stroke in strokes], 200, 300, 15)
    return images.png_bytes((235 - 0.8 * ink.astype(np.float32)).astype(np.uint8))


PASTE = """([text, how]) => {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], 'four.png', {type: 'image/png'}));
  const inside = (node) => [...node.querySelectorAll('*')].flatMap((n) => n.shadowRoot ? roots(n.shadowRoot) : []);
  const roots = (node) => [node, ...inside(node)];
  const surface = roots(document).map((root) => root.querySelector('.surface')).find(Boolean);
  const event = how === 'paste'
    ? new ClipboardEvent('paste', {clipboardData: transfer, bubbles: true, composed: true})
    : new DragEvent('drop', {dataTransfer: transfer, bubbles: true, composed: true, cancelable: true});
  (how === 'paste' ? document.body : surface).dispatchEvent(event);
}"""


@pytest.mark.parametrize("how", ["paste", "drop"])
def test_a_picture_is_pasted_or_dropped(open_demo: Callable[..., Page], how: str) -> None:
    page = open_demo()
    page.evaluate(PASTE, [base64.b64encode(photo()).decode(), how])
    expect(page.get_by_text("nearest kind: 4")).to_be_visible()
    assert line_of(page, "name") == ("pasted picture" if how == "paste" else "four.png")
    assert line_of(page, "pixels").startswith("(1, 200, 300)")
    expect(page.get_by_text(re.compile("Light and dark swapped"))).to_be_visible()
    page.get_by_role("button", name="How it was prepared").click()
    expect(page.get_by_text(re.compile("The border of your picture is light"))).to_be_visible()
    before = line_of(page, "item sum")
    page.get_by_text("Swap light and dark", exact=True).click()
    expect(page.get_by_text(f"item sum: {before}")).to_have_count(0)
    expect(page.get_by_text(re.compile("The automatic choice was"))).to_be_visible()
    page.get_by_role("button", name="Back to the automatic choice").click()
    expect(page.get_by_text(f"item sum: {before}")).to_be_visible()


def test_a_photo_of_another_size_is_uploaded_and_stays_when_the_way_changes(open_demo: Callable[..., Page]) -> None:
    page = open_demo()
    page.get_by_text("Upload a file").click()
    page.locator("input[type=file]").set_input_files({"name": "four.png", "mimeType": "image/png", "buffer": photo()})
    expect(page.get_by_text("nearest kind: 4")).to_be_visible()
    page.get_by_text("Draw or paste").click()
    expect(surface(page)).to_be_visible()
    expect(page.get_by_text("name: four.png")).to_be_visible()
    draw(page, DIGITS[2][1])
    expect(page.get_by_text("name: my drawing")).to_be_visible()


def test_a_finger_draws_on_a_phone(open_demo: Callable[..., Page], settle: Callable[[Page], None]) -> None:
    page = open_demo(width=390, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 392
    fingers = Fingers(page)
    start = place_on(surface(page), 0.5, 0.2)
    scrolled = page.evaluate("window.scrollY")
    fingers.down(start)
    for step in range(1, 7):
        fingers.move(place_on(surface(page), 0.5, 0.2 + 0.1 * step))
    fingers.up()
    expect(page.get_by_text("nearest kind: 1")).to_be_visible()
    assert page.evaluate("window.scrollY") == scrolled


CONVERT = """([pixels, size, shape, steps]) => {
  const bytes = Uint8Array.from(atob(pixels), (c) => c.charCodeAt(0));
  const item = new Float32Array(shape[0] * shape[1] * shape[2]);
  const isThere = toItem(bytes, size, shape, steps, item);
  return [isThere, [...item]];
}"""

OPTIONS = [
    Options(),
    Options(invert=True, fit="pad"),
    Options(crop=True, fit="pad", size=0.714, centre="mass"),
    Options(crop=True, fit="cut", size=0.9),
    Options(crop=True, fit="stretch", centre="mass", invert=True, size=0.5),
    Options(fit="stretch", size=0.123),
]


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32), (1, 7, 5), (3, 64, 40)], ids=str)
@pytest.mark.parametrize("options", OPTIONS, ids=lambda o: f"{o.fit}-{o.centre}-{o.crop}")
def test_browser_and_python_turn_a_drawing_into_the_same_item(
    converter_page: Any, shape: tuple[int, int, int], options: Options
) -> None:
    _, height, width = drawing.surface_shape(shape)
    strokes = [[(x * width, y * height) for x, y in stroke] for stroke in DIGITS[5][1]]
    pixels = np.repeat(rasterise(strokes, height, width, 0.1 * width), shape[0], axis=0)
    if shape[0] == 3:
        pixels[1] = 90 + pixels[1] // 2
        pixels[2] = 255 - pixels[2]
    answer = converter_page.evaluate(
        CONVERT,
        [base64.b64encode(pixels.tobytes()).decode(), [height, width], shape, drawing.Steps.of(options).model_dump()],
    )
    expected = user_image.convert(pixels, shape, options).x
    assert answer[0] is True
    assert expected.std() > 0.02
    np.testing.assert_allclose(np.array(answer[1]).reshape(shape), expected, atol=1e-6)


def test_an_empty_surface_is_known_as_such(converter_page: Any) -> None:
    blank = base64.b64encode(bytes([255] * 100)).decode()
    is_there, item = converter_page.evaluate(
        CONVERT, [blank, [10, 10], [1, 4, 4], drawing.Steps.of(OPTIONS[2]).model_dump()]
    )
    assert is_there is False
    assert item == [1] * 16


@pytest.fixture(scope="module")
def converter_page(chromium: Any) -> Iterator[Any]:
    page = chromium.new_page()
    open_modules(page, "drawing/user_image.js")
    yield page
    page.close()


@pytest.fixture
def colour_model(own_folders: None) -> str:
    """A small model of colour patches that unpools, as the app finds it by name."""
    recipe = Recipe.parse(
        {
            "name": "tiny-colour",
            "data": {"dataset": "photo-patches"},
            "model": {
                "family": "convolutional",
                "channels": [4, 6],
                "latent_dim": 5,
                "downsampling": "pooled",
                "upsampling": "unpooling",
            },
            "training": {"epochs": 1, "device": "cpu"},
        }
    )
    *_, last = train(recipe, data.dataset("photo-patches"))
    assert isinstance(last, Finished)
    assert last.checkpoint is not None
    checkpoints.save(last.checkpoint, checkpoints.folders()[0] / "tiny-colour.safetensors")
    return "tiny-colour"


def test_colours_reach_a_model_that_unpools(open_demo: Callable[..., Page], colour_model: str) -> None:
    page = open_demo(colour_model)
    page.get_by_label("Colour of the pen").fill("#ff8000")
    draw(page, [[(0.2, 0.5), (0.8, 0.5)]])
    expect(page.get_by_text("name: my drawing")).to_be_visible()
    middle = surface(page).evaluate("(c) => [...c.getContext('2d').getImageData(c.width / 2, c.height / 2, 1, 1).data]")
    assert middle == [255, 128, 0, 255]
    checkpoint = checkpoints.load(colour_model)
    shown = surface(page).evaluate("(canvas) => canvas.toDataURL()")
    pixels = images.decode_image(base64.b64decode(shown.split(",")[1]), "surface.png").array
    x = user_image.convert(pixels, (3, 32, 32), Options()).x[None]
    error = float(checkpoint.reconstruction_errors(x)[0])
    said = page.get_by_text(re.compile("Reconstruction: squared error")).inner_text()
    assert float(said.rsplit(" ", 1)[1]) == pytest.approx(error, rel=0.01)
