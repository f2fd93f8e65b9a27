"""Maps laid out in a process of their own: the same map, its progress, its end."""

from __future__ import annotations

import time

import numpy as np
import pytest

from explorer.core.errors import ExplorerError
from explorer.latent import projection, projection_worker
from explorer.latent.projection_worker import Layout, Layouts

PATIENCE_S = 120


@pytest.fixture(scope="module")
def codes() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(60, 4))


@pytest.mark.slow
def test_the_map_is_that_of_the_same_seed_in_this_process(codes: np.ndarray) -> None:
    told: list[float] = []
    expected = projection.TSNE(seed=3).fit_transform(codes, told.append)
    running = Layout("tsne", codes, seed=3)
    running.wait(PATIENCE_S)
    assert running.status == "done"
    assert running.share == 1
    assert running.places is not None
    np.testing.assert_allclose(running.places, expected, rtol=1e-6)
    assert told == sorted(told), "it never goes back"
    assert len(told) > 5
    np.testing.assert_array_equal(running.projector().transform(codes[:3]), running.places[:3])
    running.cancel()
    assert running.status == "done", "what is done stays"


def test_cancel_ends_the_process_at_once(codes: np.ndarray) -> None:
    running = Layout("tsne", np.tile(codes, (50, 1)))
    started = time.monotonic()
    running.cancel()
    assert running.status == "cancelled"
    assert running._process.returncode is not None
    assert running.seconds <= time.monotonic() - started + 5
    with pytest.raises(ExplorerError, match="cancelled"):
        running.projector()


@pytest.mark.slow
def test_a_process_that_fails_says_why(codes: np.ndarray) -> None:
    running = Layout("tsne", np.full((20, 3), np.nan))
    running.wait(PATIENCE_S)
    assert running.status == "failed"
    assert "NaN" in running.message


def test_maps_are_found_again_by_name_and_few_run_at_once(codes: np.ndarray) -> None:
    many = Layouts()
    assert many.get("a") is None
    first = many.start("a", "tsne", codes)
    assert many.start("a", "tsne", codes) is many.get("a") is first
    others = [many.start(str(i), "tsne", codes) for i in range(projection_worker.MAX_RUNNING - 1)]
    with pytest.raises(ExplorerError, match="as many as run at once"):
        many.start("more", "tsne", codes)
    for one in [first, *others]:
        one.cancel()
    again = many.start("a", "tsne", codes)
    assert again is not first, "a cancelled one is started anew"
    again.cancel()


def test_only_the_last_finished_maps_are_kept(codes: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection_worker, "MAX_KEPT", 2)
    many = Layouts()
    for name in "abc":
        many.start(name, "tsne", codes).cancel()
    assert many.get("a") is None
    assert many.get("c") is not None


@pytest.mark.slow
def test_a_sample_that_was_laid_out_is_taken_up_again(codes: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    running = Layout("tsne", codes, seed=3)
    running.wait(PATIENCE_S)
    assert running.places is not None
    monkeypatch.setattr(projection, "MOST_LAID_OUT", 50)
    monkeypatch.setattr(projection, "LAID_OUT", 40)
    projector = running.projector()
    sample = projection.laid_out(len(codes))
    np.testing.assert_array_equal(projector.codes_, codes[sample])
    np.testing.assert_array_equal(projector.places_, running.places[sample])
