"""What the stage of a training is given: maps that do not jump, pictures in bytes, curves with all terms."""

from __future__ import annotations

import numpy as np

from explorer.training.events import Preview
from explorer.views.stage_contents import StageFrames, curves_of, in_bytes, stage_message

RNG = np.random.default_rng(0)
X = np.linspace(0, 1, 8 * 4, dtype=np.float32).reshape(8, 1, 2, 2)


def _preview(z: np.ndarray, placed: np.ndarray | None = None, labels: np.ndarray | None = None) -> Preview:
    return Preview(X, X, 1 - X, z.astype(np.float32), labels, placed=placed)


def test_a_map_that_was_only_turned_stands_still_also_where_few_items_are_placed() -> None:
    z = RNG.standard_normal((60, 3)) * [9, 4, 1]
    q, _ = np.linalg.qr(RNG.standard_normal((3, 3)))
    some = np.arange(0, 60, 4)
    shown = StageFrames(offset=2)
    first, part, last = shown.of({1: _preview(z), 1.5: _preview((z @ q)[some], some), 2: _preview(z @ q)})
    assert [first.epoch, part.epoch, last.epoch] == [3, 3.5, 4]
    np.testing.assert_allclose(last.places, first.places, atol=1e-3)
    near = np.abs(part.places - first.places[some]).mean()
    assert near < 0.35 * np.abs(first.places).mean()
    np.testing.assert_array_equal(part.placed, some)


def test_codes_of_two_numbers_are_shown_as_they_are() -> None:
    z = RNG.standard_normal((20, 2))
    first, last = StageFrames().of({1: _preview(z), 2: _preview(-z)})
    np.testing.assert_allclose(last.places, -first.places)


def test_an_epoch_that_was_done_again_is_shown_as_it_is_now() -> None:
    shown, z = StageFrames(), RNG.standard_normal((20, 2))
    shown.of({1: _preview(z)})
    (again,) = shown.of({1: _preview(z + 1)})
    np.testing.assert_allclose(again.places, z + 1, atol=1e-6)


def test_pictures_and_rows_in_bytes() -> None:
    np.testing.assert_array_equal(in_bytes(X, X), np.rint(X * 255))
    rows = np.array([[0.0, 10.0], [4.0, 30.0]])
    values = in_bytes(rows, rows)
    np.testing.assert_allclose(values / 255 * [6, 30] + [-1, 5], rows, atol=0.1)


def test_every_term_has_a_curve_for_each_split_and_steps_one_of_the_total() -> None:
    history = [
        {s: {"total": 3.0 - i, "KL": 1.0, "reconstruction": 2.0 - i} for s in ("train", "validation")} for i in (0, 1)
    ]
    steps = [{"step": n, "terms": {"total": 9.0 / n}} for n in range(1, 7)] + [{"step": 7, "terms": {}}]
    light, *curves = curves_of(history, steps, 4)
    assert (light.light, light.epochs, light.values[0]) == (True, (0.25, 0.5, 0.75, 1.0, 1.25, 1.5), 9.0)
    assert {(c.name, c.dashed) for c in curves} == {
        (n, d) for n in ("total", "KL", "reconstruction") for d in (False, True)
    }
    assert all(c.epochs == (1.0, 2.0) for c in curves)


def test_classes_keep_their_colours_and_names() -> None:
    preview = _preview(RNG.standard_normal((3, 2)), labels=np.array([7, 2, 7]))
    frames = StageFrames().of({1: preview})
    how = {"unit": "nats", "epochs": 1, "whole": True, "live": False}
    message = stage_message("a", frames, preview, [f"n{i}" for i in range(8)], (), labels=[7, 2, 7], **how)
    assert (message.names, message.groups.tolist(), message.axes) == (("n2", "n7"), [1, 0, 1], ("z₁", "z₂"))
    assert stage_message("a", [], None, [], (), **how).shape == (0,)
