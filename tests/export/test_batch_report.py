"""The report of scored items: what it says, what it never lets a file say, and that it stays small."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from explorer.cli import app
from explorer.data.base import Dataset
from explorer.data.splits import split_rows
from explorer.data.stored import fingerprint
from explorer.export import top_items
from explorer.export.charts import histogram
from explorer.export.html import Html, element, escaped, page
from explorer.export.top_items import TopItems
from explorer.novelty import image_fitting
from explorer.novelty.thresholds import threshold_at, threshold_for
from tests.novelty.test_updating import drawn

EVIL = '<script>alert("1")</script><img src=http://evil.example/x onerror=alert(2)>&amp;\'"'

KIND = "<script>"


class Seen(HTMLParser):
    """What a browser would make of a page: its elements with their attributes, and its text."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())


@given(st.text(max_size=40))
@settings(max_examples=20)
def test_any_text_stays_text(text: str) -> None:
    seen = Seen(page("t", "", element("p", text, title=text)))
    shown = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]", "\ufffd", text)
    paragraph = next(attributes for tag, attributes in seen.tags if tag == "p")
    assert [tag for tag, _ in seen.tags] == ["html", "head", *["meta"] * 4, "title", "style", "body", "p"]
    assert paragraph["title"] == shown
    assert "".join(seen.texts)[2:-1] == shown


def test_html_is_not_escaped_twice_and_only_what_is_html() -> None:
    assert element("b", element("i", "<")) == "<b><i>&lt;</i></b>"
    assert escaped(Html("<b>")) == "<b>"
    assert element("img", src='"><script>') == '<img src="&quot;&gt;&lt;script&gt;"/>'


def test_the_histogram_counts_every_score() -> None:
    random = np.random.default_rng(0)
    scores = np.concatenate([random.normal(size=500), [40.0, np.nan]])
    drawing = histogram(scores, 1.5, EVIL)
    rectangles = re.findall(r'height="([\d.]+)" fill="(#\w+)"', drawing)
    assert {colour for _, colour in rectangles} == {"#0072b2", "#ed6d03"}
    assert "501 scores" in drawing
    assert f"and {(scores > np.nanmin(scores) + 3 * (1.5 - np.nanmin(scores))).sum()} above" in drawing
    assert "<script" not in drawing


def test_a_threshold_promises_the_same_however_it_was_chosen() -> None:
    scores = np.random.default_rng(0).normal(size=137)
    for rate in (0.01, 0.05, 0.4):
        asked = threshold_for(scores, rate)
        assert threshold_at(scores, asked.value).rate == asked.rate
    assert threshold_at(scores, -9.0).rate.value == 1


def test_a_file_of_rows_is_reported_and_cannot_say_html(tmp_path: Path) -> None:
    table = drawn(150, 1)
    cells = {name: values for chunk in table.rows.chunks(200) for name, values in chunk.cells.items()}
    column = f"b{EVIL}".replace('"', '""')
    lines = [f'serial,a,"{column}",kind,"note {KIND}"']
    quoted = EVIL.replace('"', '""')
    rows = enumerate(zip(*cells.values(), strict=True))
    lines += [f'"{quoted}{i}",{a},{b},{KIND}{i % 2},"seen in hall {i}{quoted} by the window"' for i, (a, b) in rows]
    (tmp_path / "n.csv").write_text("\n".join(lines))
    lines[7:10] = [f's{i},9.5,-12,{KIND}1,"fell off the belt {quoted}"' for i in range(3)]
    file = tmp_path / "<b>new.csv"
    file.write_text("\n".join(lines))
    detector, out = str(tmp_path / "d.safetensors"), tmp_path / "report.html"
    run = CliRunner()
    asked = ["--out", detector, "--scorer", "pca", "--id", "serial"]
    fitted = run.invoke(app, ["detector", "fit", str(tmp_path / "n.csv"), *asked])
    assert fitted.exit_code == 0, fitted.output
    scored = run.invoke(app, ["score", detector, str(file), "--out", str(tmp_path / "s.csv"), "--report", str(out)])
    assert scored.exit_code == 0, scored.output
    content = out.read_bytes()
    seen = Seen(content)
    tags = {tag for tag, _ in seen.tags}
    assert not tags & {"script", "link", "iframe", "object", "form", "a", "img"}
    assert not [a for _, attributes in seen.tags for a in attributes if a.startswith("on")]
    assert b"http" not in re.sub(rb"http-equiv|http://evil.example", b"", content)
    assert "<b>new.csv" in seen.text
    assert "The 100 most anomalous of 150" in seen.text
    assert "Read as 150 rows" in seen.text
    alarms = re.search(r"([\d,]+) alarms among 150 items", scored.output)
    assert alarms is not None
    assert alarms[0] in seen.text
    first = seen.text[seen.text.index(" 1 row ") + 1 :][:400]
    assert first.startswith(("1 row 7, serial s0", "1 row 8, serial s1", "1 row 9, serial s2")), first
    assert f"note {KIND} : fell off the belt {EVIL}" in first
    assert "9.50 (usual: " in first or "-12.0 (usual: " in first
    assert sum(tag == "tr" for tag, _ in seen.tags) == 101


def test_the_most_anomalous_are_kept_whatever_the_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(top_items, "MAX_BYTES", 4000)
    images = np.random.default_rng(0).integers(0, 256, (60, 1, 16, 16), np.uint8)
    dataset = _images(images)
    detector = image_fitting.fit_images(dataset, scorer="pca-maps", registered=False)
    scores = np.random.default_rng(1).permutation(60).astype(float)
    scores[3] = np.nan
    top = TopItems(detector, limit=10)
    for part in np.split(np.arange(60), [7, 9, 40]):
        top.add([f"{i}.png" for i in part], images[part], scores[part])
    items = top.items(threshold=54.5)
    order = np.argsort(-np.nan_to_num(scores, nan=-1))[:10]
    assert [item.name for item in items] == [f"{i}.png" for i in order]
    assert [item.is_alarm for item in items] == [bool(scores[i] > 54.5) for i in order]
    assert len(items[0].pictures) == 2
    assert not items[-1].pictures, "the room for pictures is used up"


def _images(images: np.ndarray) -> Dataset:
    splits = split_rows(len(images), 0)
    return Dataset("made up", "Made up", images, None, (), splits, "none", "none", fingerprint(images, None))
