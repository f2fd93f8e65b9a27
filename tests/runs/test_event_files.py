"""Event files, read by a reader that was written from the published format, and the checksum's published values."""

from __future__ import annotations

import struct
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from explorer import runs
from explorer.recipe import Recipe
from explorer.runs import tensorboard_log
from explorer.runs.event_files import crc32c
from explorer.training.events import EpochFinished, Step


@pytest.mark.parametrize(
    ("content", "crc"),
    [
        (bytes(32), 0x8A9136AA),
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
        (b"123456789", 0xE3069283),
    ],
    ids=["zeros", "ones", "rising", "check"],
)
def test_the_checksum_has_its_published_values(content: bytes, crc: int) -> None:
    """Of RFC 3720, appendix B.4, and the check value of the catalogue of CRCs."""
    assert crc32c(content) == crc


def records(content: bytes) -> Iterator[bytes]:
    while content:
        (length,) = struct.unpack("<Q", content[:8])
        checked = (content[:8], content[8:12]), (content[12 : 12 + length], content[12 + length : 16 + length])
        for part, crc in checked:
            unmasked = (struct.unpack("<I", crc)[0] - 0xA282EAD8) % 2**32
            assert (unmasked >> 17 | unmasked << 15) % 2**32 == crc32c(part)
        yield content[12 : 12 + length]
        content = content[16 + length :]


def fields(message: bytes) -> dict[int, Any]:
    """A protocol buffer's fields by number."""
    values: dict[int, Any] = {}
    at = 0

    def varint() -> int:
        nonlocal at
        number = shift = 0
        while True:
            byte = message[at]
            at, number, shift = at + 1, number | (byte & 0x7F) << shift, shift + 7
            if byte < 0x80:
                return number

    while at < len(message):
        key = varint()
        kind = key & 7
        if kind == 0:
            values[key >> 3] = varint()
            continue
        size = {1: 8, 5: 4}.get(kind) or varint()
        part, at = message[at : at + size], at + size
        values[key >> 3] = struct.unpack("<d" if kind == 1 else "<f", part)[0] if kind != 2 else part
    return values


@pytest.mark.slow
def test_a_run_that_is_resumed_writes_its_figures_by_batch_and_epoch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tensorboard_log, "SECONDS_BETWEEN_BATCHES", 0)
    recipe = Recipe.parse(
        {
            "name": "logged",
            "data": {"dataset": "digits", "limit": 200},
            "model": {"family": "stacked", "hidden": [8], "pretrain_epochs": 1},
            "training": {"epochs": 2, "batch_size": 100, "device": "cpu"},
        }
    )
    runs.ask_for_log(tmp_path)
    events = []
    for event in runs.drain(recipe, tmp_path):
        events.append(event)
        if isinstance(event, EpochFinished) and event.stage == "end to end":
            runs.ask_pause(tmp_path)
    events += list(runs.drain(recipe, tmp_path, resume=True))
    scalars: dict[str, dict[int, float]] = {}
    texts = {}
    files = sorted((tmp_path / "tensorboard").iterdir(), key=lambda file: file.name.rpartition(".")[2])
    assert len(files) == 2, "one before and one after the pause"
    for file in files:
        assert file.name.startswith("events.out.tfevents.")
        first, *others = map(fields, records(file.read_bytes()))
        assert first[3] == b"brain.Event:2"
        for one in others:
            value = fields(fields(one[5])[1])
            if 2 in value:
                scalars.setdefault(value[1].decode(), {})[one.get(2, 0)] = value[2]
            else:
                texts[value[1].decode()] = fields(value[8])[8].decode()
    assert Recipe.parse(tomllib.loads(texts["recipe"].removeprefix("```toml\n").removesuffix("```")))
    steps = {event.step: event.terms["total"] for event in events if isinstance(event, Step)}
    assert scalars["batch/total"] == pytest.approx(steps, rel=1e-6)
    ended = [event for event in events if isinstance(event, EpochFinished)]
    totals = {number: event.validation["total"] for number, event in enumerate(ended, 1)}
    assert scalars["epoch/total/validation"] == pytest.approx(totals, rel=1e-6)
    assert len(totals) > 2, "stages follow one another"
    (metric, *_) = events[-1].checkpoint.card.metrics
    assert scalars[f"test/{metric.name}, {metric.unit}"] == pytest.approx({len(totals): metric.value}, rel=1e-6)
