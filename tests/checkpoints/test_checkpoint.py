"""Checkpoint files: one line says what is wrong with a bad one; none runs code, none is left half written."""

from __future__ import annotations

import errno
import io
import json
import os
import pickle
import struct
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from explorer import checkpoints
from explorer.checkpoints import Card, Checkpoint, DataCard, VectorCheckpoint
from explorer.checkpoints.files import CARD_KEY
from explorer.core.errors import CheckpointError, ExplorerError
from explorer.recipe import Recipe


def content(checkpoint: Checkpoint, tmp_path: Path) -> bytes:
    return checkpoints.save(checkpoint, tmp_path / "whole.safetensors").read_bytes()


def with_card(whole: bytes, change: Any) -> bytes:
    """The same file with another card."""
    length = struct.unpack("<Q", whole[:8])[0]
    header = json.loads(whole[8 : 8 + length])
    card = json.loads(header["__metadata__"][CARD_KEY])
    changed = change(card)
    header["__metadata__"][CARD_KEY] = json.dumps(card if changed is None else changed)
    written = json.dumps(header).encode()
    return struct.pack("<Q", len(written)) + written + whole[8 + length :]


def refused(source: bytes | Path, words: str) -> None:
    with pytest.raises(CheckpointError, match=words) as caught:
        checkpoints.load(source)
    assert "\n" not in str(caught.value)


class Bomb:
    """Makes a folder if it is ever unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, ("/tmp/explorer-unpickled-a-checkpoint",)  # noqa: S108 - must not come to be


@pytest.mark.parametrize("zipped", [True, False])
def test_a_pickle_is_refused_unopened(zipped: bool, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    if zipped:
        torch.save({"weights": Bomb()}, buffer)
    else:
        pickle.dump(Bomb(), buffer)
    path = tmp_path / "model.safetensors"
    path.write_bytes(buffer.getvalue())
    refused(path, "is a pickle")
    refused(buffer.getvalue(), "is a pickle")
    assert not Path("/tmp/explorer-unpickled-a-checkpoint").exists()  # noqa: S108


def test_a_header_whose_length_begins_like_a_pickle_is_no_pickle() -> None:
    saved = (safetensors.numpy.save({"w": np.zeros(3)}, {"pad": "x" * n}) for n in range(640))
    content = next(content for content in saved if content[:2] == b"\x80\x02")
    refused(content, "another program: it has no card")


def test_a_foreign_safetensors_file_has_no_card() -> None:
    refused(safetensors.numpy.save({"w": np.zeros(3)}), "another program: it has no card")
    refused(safetensors.numpy.save({"w": np.zeros(3)}, {"format": "pt"}), "another program: it has no card")


@pytest.mark.slow
def test_files_cut_off_anywhere_are_refused(digits_autoencoder: Checkpoint, tmp_path: Path) -> None:
    whole = content(digits_autoencoder, tmp_path)
    assert checkpoints.load(whole).card == digits_autoencoder.card
    refused(b"", "too short")
    for length in np.linspace(1, len(whole) - 1, 40).astype(int):
        refused(whole[:length], "too short|cut off|damaged")


@given(st.binary(max_size=400))
def test_random_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(CheckpointError):
        checkpoints.load(data)


@given(st.binary(max_size=400), st.integers(0, 2**64 - 1))
def test_random_headers_are_refused(data: bytes, length: int) -> None:
    for claimed in (length, len(data)):
        with pytest.raises(CheckpointError):
            checkpoints.load(struct.pack("<Q", claimed) + b"{" + data)


@settings(max_examples=40)
@given(st.recursive(st.none() | st.integers() | st.text(), lambda v: st.lists(v) | st.dictionaries(st.text(), v)))
@pytest.mark.slow
def test_headers_of_any_json_are_refused(value: Any) -> None:
    for header in (value, {"__metadata__": value}, {"__metadata__": {CARD_KEY: value}}):
        written = json.dumps(header).encode()
        with pytest.raises(CheckpointError):
            checkpoints.load(struct.pack("<Q", len(written)) + written)
    for card in (json.dumps(value), json.dumps({"format_version": 1, "recipe": value})):
        with pytest.raises(CheckpointError):
            checkpoints.load(safetensors.numpy.save({}, {CARD_KEY: card}))


@given(data=st.data())
@pytest.mark.slow
def test_a_changed_byte_never_breaks_the_program(
    data: st.DataObject, digits_autoencoder: Checkpoint, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = bytearray(content(digits_autoencoder, tmp_path_factory.getbasetemp()))
    length = struct.unpack("<Q", whole[:8])[0]
    for _ in range(data.draw(st.integers(1, 3))):
        whole[data.draw(st.integers(0, 8 + length - 1))] = data.draw(st.integers(0, 255))
    try:
        checkpoints.load(bytes(whole))
    except CheckpointError as error:
        assert "\n" not in error.message


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda card: card.update(format_version=9), "card of version 9; this program reads versions 1 to 3"),
        (lambda card: card.update(format_version="1"), "card of version '1'"),
        (lambda card: card.pop("format_version"), "damaged card"),
        (lambda card: card.update(extra=1), "field 'extra' is wrong"),
        (lambda card: card.pop("recipe"), "field 'recipe' is wrong"),
        (lambda card: [1], "damaged card"),
        (lambda card: card["recipe"]["model"].update(family="gan"), "field 'recipe.model' is wrong"),
        (lambda card: card["recipe"]["model"].update(latent_dim=7), "does not hold the weights its card describes"),
        (lambda card: card["recipe"]["model"].update(hidden=[64, 64]), "does not hold the weights"),
        (lambda card: card["recipe"]["model"].update(hidden=[16384] * 30), "does not hold the weights"),
        (lambda card: card["data"].update(event_shape=[1, 4, 4]), "does not hold the weights"),
        (lambda card: card["data"].update(event_shape=[1, 1 << 20, 1 << 20]), "which cannot be"),
        (lambda card: card["data"].update(event_shape=[1, 0, 8]), "which cannot be"),
        (lambda card: card["data"].update(event_shape=[1, -8, -8]), "which cannot be"),
        (lambda card: card["data"].update(event_shape=[8, 8]), "which cannot be"),
    ],
)
def test_a_card_that_lies_is_found_out(change: Any, words: str, digits_autoencoder: Checkpoint, tmp_path: Path) -> None:
    refused(with_card(content(digits_autoencoder, tmp_path), lambda card: _changed(card, change)), words)


def _changed(card: dict[str, Any], change: Any) -> Any:
    result = change(card)
    return result if isinstance(result, list) else card


def test_the_card_alone_is_read_from_the_header(digits_vae: Checkpoint, tmp_path: Path) -> None:
    path = checkpoints.save(digits_vae, tmp_path / "vae.safetensors")
    assert checkpoints.load_card(path) == digits_vae.card
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(CheckpointError, match="cut off in its header"):
        checkpoints.load_card(path)


def test_a_header_longer_than_the_limit_is_not_read(digits_vae: Checkpoint, tmp_path: Path, monkeypatch: Any) -> None:
    whole = content(digits_vae, tmp_path)
    checkpoints.load(whole)
    length = struct.unpack("<Q", whole[:8])[0]
    monkeypatch.setattr("explorer.checkpoints.files.MAX_HEADER_BYTES", length - 1)
    refused(whole, "is not a safetensors file")


def test_half_precision_halves_the_file_and_keeps_the_pictures(digits_vae: Checkpoint, tmp_path: Path) -> None:
    full = checkpoints.save(digits_vae, tmp_path / "full.safetensors")
    half = checkpoints.save(digits_vae, tmp_path / "half.safetensors", half=True)
    n_weights = digits_vae.card.weights
    assert full.stat().st_size - half.stat().st_size == pytest.approx(2 * n_weights, rel=0.02)
    z = np.random.default_rng(0).normal(size=(50, 2))
    assert np.abs(checkpoints.load(half).decode(z) - digits_vae.decode(z)).max() < 0.01
    assert checkpoints.load(half).decode(z).dtype == np.float32


@pytest.mark.parametrize("function", ["replace", "fsync"])
def test_a_full_disk_leaves_the_old_file(
    function: str, digits_vae: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = checkpoints.save(digits_vae, tmp_path / "vae.safetensors")
    before = path.read_bytes()

    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, function, full)
    with pytest.raises(CheckpointError, match="No space left on device"):
        checkpoints.save(digits_vae, path, half=True)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_made_is_an_error(digits_vae: Checkpoint, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CheckpointError, match="Cannot write"):
        checkpoints.save(digits_vae, tmp_path / "file" / "vae.safetensors")


def test_checkpoints_are_found_by_name_and_path(
    digits_vae: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path))
    path = checkpoints.save(digits_vae, tmp_path / "mine.safetensors")
    (tmp_path / "broken.safetensors").write_bytes(b"nothing")
    assert checkpoints.find("mine") == checkpoints.find(path) == path
    cards = dict(checkpoints.iter_cards())
    assert cards["mine"] == digits_vae.card
    assert isinstance(cards["broken"], CheckpointError)
    with pytest.raises(CheckpointError, match="no checkpoint called 'other'") as caught:
        checkpoints.load("other")
    assert "mine" in caught.value.hint
    with pytest.raises(CheckpointError, match="no file"):
        checkpoints.load(tmp_path / "other.safetensors")


def test_items_and_codes_of_the_wrong_shape_are_refused(digits_vae: Checkpoint) -> None:
    with pytest.raises(ExplorerError, match="shape"):
        digits_vae.encode(np.zeros((2, 1, 9, 9), np.float32))
    with pytest.raises(ExplorerError, match="shape"):
        digits_vae.decode(np.zeros((2, 5)))
    assert digits_vae.encode(np.zeros((0, 1, 8, 8), np.float32)).shape == (0, 2)


def test_large_inputs_are_answered_in_parts(digits_vae: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.random.default_rng(0).random((100, 1, 8, 8), np.float32)
    whole = digits_vae.encode(x)
    monkeypatch.setattr("explorer.checkpoints.checkpoint.BATCH_SIZE", 7)
    np.testing.assert_allclose(digits_vae.encode(x), whole, atol=1e-6)


def test_a_figure_that_is_not_finite_survives_the_file(digits_autoencoder: Checkpoint, tmp_path: Path) -> None:
    """A PSNR of equal pictures is infinite, and JSON has no such number."""
    metric = checkpoints.Metric(name="PSNR", value=float("inf"), unit="dB", split="test", n=1, low=float("nan"))
    history = ({"epoch": 1, "train": {"total": float("inf")}},)
    card = digits_autoencoder.card.model_copy(update={"metrics": (metric,), "history": history})
    checkpoints.save(VectorCheckpoint(digits_autoencoder.model, card), tmp_path / "odd.safetensors")
    again = checkpoints.load(tmp_path / "odd.safetensors").card
    assert again.metrics[0].value == float("inf")
    assert np.isnan(again.metrics[0].low)
    assert float(again.history[0]["train"]["total"]) == float("inf")


def test_the_card_of_a_file_that_is_cut_off_is_not_shown(digits_autoencoder: Checkpoint, tmp_path: Path) -> None:
    """The card stands at the front, so it is whole where the weights are not."""
    path = checkpoints.save(digits_autoencoder, tmp_path / "whole.safetensors")
    assert checkpoints.load_card(path) == digits_autoencoder.card
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(CheckpointError, match="cut off"):
        checkpoints.load_card(path)


@pytest.mark.parametrize("entry", [{}, [], {"data_offsets": []}, {"data_offsets": ["a", "b"]}, 3])
def test_a_card_beside_a_damaged_table_of_tensors_is_refused(
    entry: Any, digits_autoencoder: Checkpoint, tmp_path: Path
) -> None:
    whole = content(digits_autoencoder, tmp_path)
    length = struct.unpack("<Q", whole[:8])[0]
    header = json.loads(whole[8 : 8 + length]) | {"odd": entry}
    written = json.dumps(header).encode()
    path = tmp_path / "odd.safetensors"
    path.write_bytes(struct.pack("<Q", len(written)) + written + whole[8 + length :])
    with pytest.raises(CheckpointError, match="damaged"):
        checkpoints.load_card(path)


def test_a_photo_denoiser_opens_without_codes_and_says_so_where_they_are_needed() -> None:
    recipe = Recipe.parse({"name": "p", "data": {"dataset": "digits"}, "model": {"family": "photo", "blocks": 1}})
    model = recipe.model.build((1, 16, 16))
    data = DataCard(
        name="d", title="D", kind="image", event_shape=(1, 16, 16), fingerprint="0", licence="", source="", splits="",
        n_train=1, n_validation=1,
    )  # fmt: skip
    photo = checkpoints.checkpoint_of(model, Card(recipe=recipe, data=data, weights=1))
    assert not isinstance(photo, VectorCheckpoint)
    assert photo.card.code_size is None
    with pytest.raises(ExplorerError, match="no code") as caught:
        checkpoints.with_codes(photo)
    assert caught.value.hint


def test_what_is_loaded_has_codes_where_its_family_has(digits_vae: VectorCheckpoint, tmp_path: Path) -> None:
    loaded = checkpoints.load(checkpoints.save(digits_vae, tmp_path / "vae.safetensors"))
    assert checkpoints.with_codes(loaded) is loaded
    assert loaded.card.code_size == checkpoints.with_codes(loaded).latent_dim == 2


def test_a_fingerprint_belongs_to_weights_and_card(digits_vae: VectorCheckpoint, tmp_path: Path) -> None:
    loaded = checkpoints.load(checkpoints.save(digits_vae, tmp_path / "vae.safetensors"))
    assert loaded.fingerprint == digits_vae.fingerprint
    half = checkpoints.load(checkpoints.save(digits_vae, tmp_path / "half.safetensors", half=True))
    assert half.card == digits_vae.card
    assert half.fingerprint != digits_vae.fingerprint
    other_card = checkpoints.checkpoint_of(digits_vae.model, digits_vae.card.model_copy(update={"created": "later"}))
    assert other_card.fingerprint != digits_vae.fingerprint


@pytest.mark.slow
def test_only_a_batch_of_items_is_float_at_once(tmp_path: Path) -> None:
    model = checkpoints.with_codes(checkpoints.load("mnist-vae-2d"))
    random = np.random.default_rng(0)
    items = random.integers(0, 256, (1100, 1, 28, 28), np.uint8)
    np.save(tmp_path / "x.npy", items)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    parts = np.concatenate([model.encode(items[start : start + 100]) for start in range(0, 1100, 100)])
    for x in (items, mapped, mapped[3:], np.asfortranarray(items)):
        np.testing.assert_allclose(model.encode(x), parts[1100 - len(x) :], rtol=1e-4, atol=1e-5)
    many = np.broadcast_to(items[:1], (20_000, 1, 28, 28))  # 60 MiB as float32
    tracemalloc.start()
    errors = model.reconstruction_errors(many)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5e6
    np.testing.assert_allclose(errors, model.reconstruction_errors(items[:1])[0], rtol=1e-4)
