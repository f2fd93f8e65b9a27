"""An exported page as a file: what it holds, how large it is, and that every text of a stranger stays text."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from explorer import checkpoints, data
from explorer.browser.exported_page.carrier import carried, pieces
from explorer.browser.interpolation.message import Place as PathPlace
from explorer.browser.schema import Message
from explorer.browser.sliders.message import Sliders
from explorer.checkpoints import VectorCheckpoint
from explorer.core.errors import DataError
from explorer.core.written import three_digits
from explorer.data import Dataset
from explorer.views import thumbnails
from explorer.views.exported import PageWishes, model_page, parts
from explorer.views.exported.page import FOLDER, page_html
from explorer.views.exported.parts import PagePart
from explorer.views.exported.rounded import in_half_precision, live_packs, what_rounding_changes
from explorer.views.items import HeldItems, data_on_this_machine, decoded_items, held_items, thinned_items
from tests.conftest import ROOT

EVIL = "</script><img src=x onerror=alert(1)>\"'&amp;\u2028`${alert(2)}"
LETTERS = [chr(code) for code in range(33, 127) if chr(code) not in '<"\\']


class Read(HTMLParser):
    """A page as HTML's own rules read it: its elements, its text, and what stands in its scripts."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.text = ""
        self._open = ""
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open == "script":
            self.scripts[-1] += data
        elif self._open != "style":
            self.text += data


def unpacked(text: str) -> list[bytes]:
    """The messages in a page, read as ``carrier.py`` says that they are written, a letter at a time."""
    length, letters = text.split(" ")
    values = [LETTERS.index(letter) for letter in letters]
    bits = "".join(f"{91 * a + b:013b}" for a, b in zip(values[::2], values[1::2], strict=True))
    packed = bytes(int(bits[8 * i : 8 * i + 8], 2) for i in range(int(length)))
    content = gzip.decompress(packed)
    at = 4 + int.from_bytes(content[:4], "little")
    index = json.loads(content[4:at])
    read = []
    for n, width in index["pieces"]:
        piece = content[at : at + n]
        read.append(
            bytes(piece[k * n // width + i] for i in range(n // width) for k in range(width)) if width > 1 else piece
        )
        at += n
    return [b"".join(read[number] for number in numbers) for numbers in index["messages"]]


@pytest.fixture(scope="module")
def items(digits_vae: VectorCheckpoint, digits: Dataset) -> HeldItems:
    return thinned_items(digits_vae, digits, digits.splits.test, "test", 60)


def messages_of(items: HeldItems) -> Iterator[Message]:
    packs, wishes = live_packs(items.checkpoint), PageWishes()
    compared = parts.compared_with(items)
    assert compared is not None
    yield parts.map_part(items, packs, wishes).message
    yield parts.slider_part(items, packs, compared, wishes).message
    yield parts.path_part(items, packs, compared, wishes).message


def test_a_page_carries_what_the_app_would_send_and_each_piece_once(items: HeldItems) -> None:
    messages = list(messages_of(items))
    text = carried(messages)
    assert unpacked(text) == [message.seal() for message in messages]
    alone = sum(len(carried([message])) for message in messages)
    assert len(text) < 0.7 * alone  # the decoder, and the thumbnails of map and sliders
    assert set(text) <= {*LETTERS, " "}


def test_the_tensors_of_a_network_are_pieces_with_their_width(items: HeldItems) -> None:
    packs = live_packs(items.checkpoint)
    assert packs.decoder is not None
    message = next(m for m in messages_of(items) if isinstance(m, Sliders))
    widths = {len(piece.content): piece.width for piece in pieces(message)}
    assert widths[2 * 64 * 64] == 2  # the last layer: 64 by 64 numbers of 16 bits


# --- What stands in a page ------------------------------------------------------------------------------------------


def test_a_page_runs_its_own_script_alone_and_may_ask_for_nothing(items: HeldItems) -> None:
    read = Read(model_page(items, PageWishes(scenes=False)).html)
    policies = [
        a["content"] for tag, a in read.tags if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy"
    ]
    script = read.scripts[1]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policies == [
        f"default-src 'none'; script-src 'sha256-{digest}' 'wasm-unsafe-eval'; style-src 'unsafe-inline'; "
        "img-src data: blob:; connect-src 'none'; form-action 'none'; base-uri 'none'"
    ]
    assert len(read.scripts) == 2
    assert not [a for _, a in read.tags if "src" in a or ("href" in a and not str(a["href"]).startswith("#"))]


def test_no_script_of_ours_looks_like_its_own_end() -> None:
    for name in ("model", "learn"):
        script = (FOLDER / "built" / f"{name}.js").read_text("utf-8")
        assert not re.search(r"</script|<!--", script, re.IGNORECASE)
        assert not re.search(r"\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|EventSource|importScripts", script)


def test_a_stranger_s_words_stay_words(items: HeldItems) -> None:
    dataset = replace(
        items.dataset,
        title=EVIL,
        source=EVIL,
        licence=EVIL,
        label_names=tuple(f"{EVIL}{i}" for i in range(10)),
        item_names=tuple(f"{EVIL}{i}" for i in range(len(items.dataset))),
    )
    recipe = items.card.recipe.model_copy(update={"title": EVIL})
    checkpoint = replace(items.checkpoint, card=items.card.model_copy(update={"recipe": recipe, "licence": EVIL}))
    evil = held_items(checkpoint, dataset, items.rows, EVIL)
    page = model_page(evil).html
    read, plain = Read(page), Read(model_page(items).html)
    assert [tag for tag, _ in read.tags] == [tag for tag, _ in plain.tags]
    assert read.text.count(EVIL) >= 4
    assert b"<img" not in page
    sent = json.dumps(EVIL)[1:-1].encode()
    assert any(sent in message for message in unpacked(read.scripts[0]))


def test_the_facts_are_those_of_the_card_with_their_split(items: HeldItems) -> None:
    text = " ".join(Read(model_page(items, PageWishes(scenes=False)).html).text.split())
    for metric in items.card.metrics:
        assert f"({metric.split}, n = {metric.n:,})" in text
    assert f"{items.card.data.n_train:,} items of {items.card.data.title}" in text
    assert items.split in text


def test_the_palette_is_the_app_s() -> None:
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
    style = (FOLDER / "page.css").read_text("ascii")
    light, dark = style.split("@media (prefers-color-scheme: dark)")[0], style.split("prefers-color-scheme: dark")[1]
    for name, block in (("light", light), ("dark", dark)):
        for key in ("primaryColor", "backgroundColor", "secondaryBackgroundColor", "textColor", "borderColor",
                    "linkColor", "blueColor", "orangeColor", "greenColor"):  # fmt: skip
            variable = re.sub(r"[A-Z]", lambda letter: f"-{letter[0].lower()}", key)
            assert f"--st-{variable}: {theme[name][key]};" in block, (name, key)


# --- Its size -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("data_name", ["mnist", "fashion"])
def test_a_model_of_a_million_weights_with_two_thousand_items_takes_three_megabytes_at_most(data_name: str) -> None:
    checkpoint = checkpoints.with_codes(checkpoints.load(f"{data_name}-vae-2d"))
    assert checkpoint.card.weights > 1_000_000
    name = data_on_this_machine(checkpoint.card)
    assert name is not None
    assert name.endswith("-sample")
    dataset = data.dataset(name)
    shown = thinned_items(checkpoint, dataset, np.arange(len(dataset)), "held out", 2000)
    page = model_page(shown)
    assert len(page.html) <= 3_000_000
    assert page.parts[:4] == ("Map of the codes", "Sliders over the code", "From item to item", "Draw one")
    assert "larger than 3 MB" in page.left_out[-1]
    assert ("Thumbnails have 16 shades" in " ".join(page.left_out)) == (data_name == "fashion")


def test_thumbnails_in_few_shades_are_the_nearest_of_sixteen_greys(items: HeldItems) -> None:
    sheet = parts.sprites(items)
    assert sheet is not None
    few = thumbnails.with_few_shades(sheet)
    before, after = (np.asarray(Image.open(io.BytesIO(one.png)).convert("L"), int) for one in (sheet, few))
    assert np.array_equal(after, 17 * np.round(before / 17).astype(int))
    assert len(few.png) < len(sheet.png)


@pytest.mark.slow
def test_the_scene_of_a_page_comes_first_and_gives_up_other_models_before_it_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    checkpoint = checkpoints.with_codes(checkpoints.load("mnist-vae-2d"))
    dataset = data.dataset("mnist-sample")
    shown = thinned_items(checkpoint, dataset, np.arange(len(dataset)), "held out", 2000)
    page = model_page(shown, PageWishes(first="variational", views=False))
    assert page.parts[0] == "Variational"
    assert len(page.html) <= 3_000_000
    assert "The other models of this scene are left out here" in Read(page.html).text
    assert "Which one when" not in page.parts  # it is about other models
    monkeypatch.setattr("explorer.views.exported.assembled.MAX_BYTES", 10_000_000)
    whole = model_page(shown, PageWishes(first="variational", views=False))
    assert len(whole.html) > len(page.html) + 1_000_000  # with the seven models of the ladder
    assert "The other models" not in Read(whole.html).text


# --- Half precision -------------------------------------------------------------------------------------------------


def test_weights_are_rounded_to_16_bits_and_what_that_changes_is_measured(items: HeldItems) -> None:
    rounded = in_half_precision(items.checkpoint)
    for name, weights in rounded.model.named_parameters():
        full = dict(items.checkpoint.model.named_parameters())[name]
        assert torch.equal(weights, full.half().float())
    apart = np.abs(items.checkpoint.decode(items.codes()) - rounded.decode(items.codes()))
    words = what_rounding_changes(items, rounded)
    assert three_digits(float(apart.max())) in words
    assert three_digits(float(apart.mean())) in words
    assert 0 < apart.max() < 5e-3
    assert "60 items (test)" in words
    assert "nothing is rounded" in what_rounding_changes(
        replace(items, checkpoint=rounded, held=rounded.encode(items.x())), rounded
    )


def test_a_weight_too_large_for_16_bits_stays_as_it_is(items: HeldItems) -> None:
    checkpoint = replace(items.checkpoint, model=in_half_precision(items.checkpoint).model)
    first = next(checkpoint.model.parameters())
    with torch.no_grad():
        first.flatten()[0] = 1e6
    kept = next(in_half_precision(checkpoint).model.parameters())
    assert float(kept.flatten()[0]) == 1e6
    assert torch.isfinite(kept).all()


# --- What is wished for ---------------------------------------------------------------------------------------------


def test_colours_map_code_path_and_place_are_those_wished_for(items: HeldItems) -> None:
    packs = live_packs(items.checkpoint)
    compared = parts.compared_with(items)
    assert compared is not None
    wishes = PageWishes(colour="z1", code=(0.5, -0.5), path=(3, 5), place=PathPlace(track="spherical", at=0.25))
    shown: Any = parts.map_part(items, packs, wishes).message
    values = items.codes()[:, 0]
    groups = shown.points.groups
    assert all(values[groups == k].max() <= values[groups == k + 1].min() for k in range(7))
    sliders: Any = parts.slider_part(items, packs, compared, wishes).message
    assert sliders.first.code == (0.5, -0.5)
    way: Any = parts.path_part(items, packs, compared, wishes).message
    ends = items.checkpoint.encode(items.dataset.x[[3, 5]])
    for track in way.tracks:
        assert np.allclose(track.codes[[0, -1]], ends, atol=1e-5)
    assert way.start == wishes.place


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        (PageWishes(colour="size"), "no colour 'size'"),
        (PageWishes(path=(1,)), "2 to 8 items, not 1"),
        (PageWishes(path=(1, 99_999)), "no row 99,999"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused(items: HeldItems, wishes: PageWishes, words: str) -> None:
    with pytest.raises(DataError, match=words):
        model_page(items, wishes)


def test_rows_of_a_table_stand_in_place_of_pictures(table_autoencoder: VectorCheckpoint) -> None:
    dataset = data.dataset("breast-cancer")
    shown = thinned_items(table_autoencoder, dataset, dataset.splits.test, "test", 40)
    page = model_page(shown, PageWishes(colour=dataset.feature_names[0], scenes=False))
    assert page.parts == ("Map of the codes", "Sliders over the code", "From item to item")
    assert dataset.feature_names[0].encode() in unpacked(Read(page.html).scripts[0])[0]


def test_without_data_the_items_are_decoded_samples_and_called_so(digits_vae: VectorCheckpoint) -> None:
    page = model_page(decoded_items(digits_vae, 50), PageWishes(scenes=False))
    text = Read(page.html).text
    assert "decoded samples, n = 50" in text
    assert "None of them is real" in text


def test_a_decoder_too_large_for_a_browser_is_said_and_its_map_shown(
    items: HeldItems, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("explorer.browser.pack.MAX_MULTIPLY_ADDS", 10)
    page = model_page(items, PageWishes(scenes=False))
    assert page.parts == ("Map of the codes",)
    text = Read(page.html).text
    assert "live decoding stops at" in text
    assert "open the checkpoint in the app" in text
    assert any(words.startswith("Sliders and ways between items are left out") for words in page.left_out)


def test_two_stars_make_words_strong_and_nothing_else(items: HeldItems) -> None:
    message = next(messages_of(items))
    part = PagePart("map", "T", "**Press** <b>here</b>", "latent_map", message)
    page = page_html("T", "s", [part]).decode()
    assert "<p><strong>Press</strong> &lt;b&gt;here&lt;/b&gt;</p>" in page
