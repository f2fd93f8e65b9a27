"""Runs: followed, paused, resumed, stopped and killed; their folders are never damaged."""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import psutil
import pytest
import torch

from explorer import checkpoints, data, runs
from explorer.checkpoints.files import write_file
from explorer.cli import waiting
from explorer.core.errors import CheckpointError, ExplorerError, TrainingError
from explorer.data import Dataset
from explorer.recipe import Recipe
from explorer.runs import Run, warm, writer
from explorer.runs.frames import epoch_record, items_record, whole_records
from explorer.runs.processes import environment_of_process
from explorer.training import train
from explorer.training.events import EpochFinished, Finished, Preview, Step


def recipe(epochs: int = 3, **model: Any) -> Recipe:
    return Recipe.parse(
        {
            "name": "tiny",
            "data": {"dataset": "digits"},
            "model": {"family": "variational", "hidden": [16], **model},
            "training": {"epochs": epochs, "batch_size": 100, "device": "cpu"},
        }
    )


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path / "checkpoints"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    return tmp_path / "runs"


@pytest.fixture
def end_processes(root: Path) -> Iterator[None]:
    """Ends what a failed test left running."""
    yield
    for run in runs.list_runs():
        if run.status == "running":
            kill(run)


def save_every_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "SECONDS_BETWEEN_STATES", 0)
    monkeypatch.setattr(writer, "SHARE_OF_SAVING", 1e9)


def kill(run: Run) -> None:
    pid = json.loads((run.folder / "process.json").read_text())["pid"]
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def wait(condition: Callable[[], Any], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def kinds(run: Run) -> list[str]:
    return [event["event"] for event in runs.current(run.events()[0])]


def check_every_file(run: Run) -> None:
    """Reads all that a run has written."""
    Recipe.from_toml(run.folder / "recipe.toml")
    run.events()
    for frame in run.frames().values():
        assert len(frame.z)
    if (run.folder / "state.safetensors").exists():
        assert runs.read_state(run.folder).values["step"] > 0
    if run.checkpoint:
        checkpoints.load(run.checkpoint)
    known = {
        "recipe.toml",
        "events.jsonl",
        "frames.bin",
        "live.bin",
        "watched",
        "state.safetensors",
        "best.safetensors",
        "log.txt",
    }
    known |= {"checkpoint.safetensors", "process.json", "request", "outcome.json"}
    whole = {path.name for path in run.folder.iterdir() if not path.name.endswith(".part")}
    assert whole <= known


# --- in this process --------------------------------------------------------------------------------------------------


def test_states_between_epochs_do_not_put_off_the_best_weights(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = itertools.count()  # a second at each look at the clock
    monkeypatch.setattr(writer, "time", SimpleNamespace(monotonic=lambda: float(next(ticks))))
    monkeypatch.setattr(writer, "SECONDS_BETWEEN_STATES", 10)
    monkeypatch.setattr(writer, "SECONDS_BETWEEN_STATES_IN_EPOCH", 0)
    run, saved = Run(root / "slow"), []
    for event in runs.drain(recipe(epochs=4), run.folder):
        best = run.folder / "best.safetensors"
        if event.kind == "epoch" and best.exists():
            saved.append(checkpoints.load_card(best).best_epoch)
    assert saved[-1] >= 3


@pytest.mark.slow
def test_a_run_leaves_its_result_and_its_story(root: Path, digits: Dataset) -> None:
    run = Run(root / "one")
    events = list(runs.drain(recipe(), run.folder))
    assert run.status == "finished"
    assert run.recipe == recipe()
    assert [kind for kind in kinds(run) if kind != "step"] == ["started", "epoch", "epoch", "epoch", "finished"]
    assert checkpoints.load(run.checkpoint).card == events[-1].checkpoint.card
    assert list(run.frames()) == [1, 2, 3]
    seen = run.frames()[2]
    assert seen.x.shape == seen.x_hat.shape == (8, 1, 8, 8)
    assert seen.z.shape == (len(digits.splits.validation), 2)
    np.testing.assert_array_equal(seen.labels, digits.validation.labels)
    assert not (run.folder / "state.safetensors").exists()
    check_every_file(run)
    assert [r.id for r in runs.list_runs()] == ["one"]
    with pytest.raises(TrainingError, match="holds a run already"):
        list(runs.drain(recipe(), run.folder))


def test_tables_have_previews_without_labels_too(root: Path) -> None:
    values = recipe(1).model_dump(mode="json")
    values["model"] |= {"likelihood": "gaussian"}
    values["data"]["dataset"] = "wine"
    wine = data.dataset("wine")
    list(runs.drain(Recipe.parse(values), root / "one", dataset=dataclasses.replace(wine, labels=None)))
    assert Run(root / "one").frames()[1].labels is None


def test_events_are_read_as_they_come(root: Path) -> None:
    run = Run(root / "one")
    assert run.events() == ([], 0)
    run.folder.mkdir(parents=True)
    path = run.folder / "events.jsonl"
    path.write_text('{"event": "started"}\n{"event": "st')
    events, position = run.events()
    assert events == [{"event": "started"}]
    assert run.events(position) == ([], position)
    with path.open("a") as file:
        file.write('ep", "step": 3}\n{"event": "step", "step": 4}\n')
    events, position = run.events(position)
    assert [event["step"] for event in events] == [3, 4]
    assert position == path.stat().st_size


@pytest.mark.slow
def test_steps_are_thinned(root: Path) -> None:
    run = Run(root / "one")
    seen = list(runs.drain(recipe(epochs=20), run.folder))
    written = kinds(run).count("step")
    assert 0 < written <= seen[-1].seconds / writer.SECONDS_BETWEEN_STEPS + 1
    assert written < sum(isinstance(event, Step) for event in seen)


@pytest.mark.slow
def test_long_runs_keep_some_previews(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "MAX_PREVIEWS", 3)
    list(runs.drain(recipe(epochs=8), root / "one"))
    assert list(Run(root / "one").frames()) == [1, 3, 6, 8]


def weights(path: Path) -> torch.Tensor:
    return torch.cat([v.flatten() for v in checkpoints.load(path).model.state_dict().values()])


@pytest.mark.slow
@pytest.mark.parametrize("at", [1, 20, 39])
def test_a_broken_off_run_goes_on_to_the_same_end(at: int, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_every_epoch(monkeypatch)
    monkeypatch.setattr(writer, "SECONDS_BETWEEN_STEPS", 0)
    whole, broken = Run(root / "whole"), Run(root / "broken")
    list(runs.drain(recipe(), whole.folder))
    for event in runs.drain(recipe(), broken.folder):
        if isinstance(event, Step) and event.step == at:
            break
    with (broken.folder / "events.jsonl").open("ab") as file:
        file.write(b'{"event": "step", "st')
    list(runs.drain(recipe(), broken.folder, resume=True))
    assert torch.equal(weights(broken.checkpoint), weights(whole.checkpoint))
    told = runs.current(broken.events()[0])
    steps = [event["step"] for event in told if event["event"] == "step"]
    assert steps == sorted(set(steps))
    assert [event["epoch"] for event in told if event["event"] == "epoch"] == [1, 2, 3]
    assert [event["event"] for event in broken.events()[0]].count("resumed") == 1


def test_resumed_markers_drop_what_is_done_again() -> None:
    def step(n: int) -> dict[str, Any]:
        return {"event": "step", "step": n}

    epoch = {"event": "epoch", "step": 2}
    marker = {"event": "resumed", "step": 2, "epochs": 0}
    assert runs.current([step(1), step(2), epoch, step(3), marker, epoch, step(3)]) == [
        step(1),
        step(2),
        epoch,
        step(3),
    ]
    kept = {**marker, "epochs": 1}
    assert runs.current([step(1), step(2), epoch, step(3), kept, step(4)]) == [step(1), step(2), epoch, step(4)]


@pytest.mark.slow
def test_requests_are_obeyed_after_the_next_step(root: Path, digits: Dataset) -> None:
    run, whole = Run(root / "one"), Run(root / "whole")
    list(runs.drain(recipe(), whole.folder))
    for event in runs.drain(recipe(), run.folder):
        if isinstance(event, Step) and event.step == 16:
            run.pause()
    assert run.status == "paused"
    assert isinstance(event, Step)
    assert event.step == 16
    assert runs.read_state(run.folder).values["step"] == 16
    check_every_file(run)
    *_, last = runs.drain(recipe(), run.folder, resume=True)
    assert last.reason == "completed"
    assert run.status == "finished"
    assert torch.equal(weights(run.checkpoint), weights(whole.checkpoint))


def test_stop_keeps_the_best_so_far(root: Path) -> None:
    run = Run(root / "one")
    best = None
    for event in runs.drain(recipe(epochs=50), run.folder):
        if isinstance(event, EpochFinished) and event.improved:
            best = event.best()
        if isinstance(event, Step) and event.epoch == 4:
            run.stop()
    assert isinstance(event, Finished)
    assert run.status == event.reason == "stopped"
    kept = checkpoints.load(run.checkpoint)
    assert kept.card.metric("ELBO") is not None
    z = np.zeros((1, 2))
    np.testing.assert_array_equal(kept.decode(z), best.decode(z))
    with pytest.raises(TrainingError, match="it is stopped"):
        run.stop()
    with pytest.raises(TrainingError, match="it is stopped"):
        run.pause()
    with pytest.raises(TrainingError, match="it is stopped"):
        run.resume()


def test_a_run_that_cannot_start_says_why(root: Path) -> None:
    values = recipe().model_dump(mode="json")
    values["data"]["dataset"] = "no-such-data"
    with pytest.raises(ExplorerError):
        list(runs.drain(Recipe.parse(values), root / "one"))
    run = Run(root / "one")
    assert run.status == "failed"
    assert "no-such-data" in run.outcome["message"]
    with pytest.raises(TrainingError, match="cannot go on"):
        run.resume()


@pytest.mark.slow
@pytest.mark.parametrize("broken", ["fsync", "replace"])
def test_a_full_disk_is_said_and_damages_nothing(broken: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_every_epoch(monkeypatch)
    run = Run(root / "one")

    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    stream = runs.drain(recipe(), run.folder)
    while next(stream).kind != "epoch":
        pass
    next(stream)
    before = (run.folder / "state.safetensors").read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(os, broken, full)
        with pytest.raises(CheckpointError, match="No space left on device"):
            list(stream)
    assert (run.folder / "state.safetensors").read_bytes() == before
    assert list(run.folder.rglob("*.part")) == []
    check_every_file(run)
    *_, last = runs.drain(recipe(), run.folder, resume=True)
    assert last.reason == "completed"


def test_events_on_a_full_disk_are_an_error(root: Path) -> None:
    run = Run(root / "one")
    run.folder.mkdir(parents=True)
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    stream = runs.drain(recipe(), run.folder)
    next(stream)
    replace_log_with_full_disk(run)
    with pytest.raises(TrainingError, match=r"Cannot write .*events.jsonl: No space left"):
        list(stream)


def replace_log_with_full_disk(run: Run) -> None:
    """Point the open events file of this process at a device that is always full."""
    path = run.folder / "events.jsonl"
    for link in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # the listing's own descriptor is closed by now
            if link.readlink() == path:
                full = os.open("/dev/full", os.O_WRONLY)
                os.dup2(full, int(link.name))
                os.close(full)


def test_a_number_that_was_used_again_is_not_a_living_run(root: Path) -> None:
    run = Run(root / "one")
    write_file(run.folder / "recipe.toml", recipe().to_toml().encode())
    this_process = psutil.Process()
    written = {"pid": this_process.pid, "started": this_process.create_time()}
    write_file(run.folder / "process.json", json.dumps(written).encode())
    assert run.status == "running"
    written["started"] -= 100
    write_file(run.folder / "process.json", json.dumps(written).encode())
    assert run.status == "dead"


def test_items_in_memory_go_into_the_folder(root: Path, digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Run, "_start", lambda _run: None)
    run = runs.start(recipe(), dataset=digits)
    reopened = data.dataset(run.recipe.data.dataset)
    np.testing.assert_array_equal(reopened.x, digits.x)
    run.delete()
    assert not run.folder.exists()


def test_keep_gives_a_checkpoint_a_name(root: Path) -> None:
    run = Run(root / "one")
    stream = runs.drain(recipe(), run.folder)
    next(stream)
    with pytest.raises(TrainingError, match="no checkpoint yet"):
        run.keep("mine")
    list(stream)
    path = run.keep("mine")
    assert path == checkpoints.folders()[0] / "mine.safetensors"
    assert checkpoints.load("mine").card.name == "mine"
    with pytest.raises(ExplorerError, match="already"):
        run.keep("mine")
    assert run.keep("mine", replace=True) == path
    with pytest.raises(ExplorerError, match="name"):
        run.keep("../elsewhere")


@pytest.mark.slow
def test_the_best_so_far_is_kept_with_figures(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_every_epoch(monkeypatch)
    run = Run(root / "one")
    for event in runs.drain(recipe(), run.folder):
        if isinstance(event, Step) and event.epoch == 2:
            break
    kept = checkpoints.load(run.keep("so-far"))
    *_, finished = train(recipe(epochs=3))
    assert kept.card.latent is not None
    assert {m.name for m in kept.card.metrics} == {m.name for m in finished.checkpoint.card.metrics}


# --- in processes of their own ----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.usefixtures("end_processes")
def test_pause_resume_kill_and_stop_of_a_process(root: Path) -> None:
    long = recipe(epochs=100_000)
    run = runs.start(long)
    assert run.status == "running"
    wait(lambda: "epoch" in kinds(run))
    run.pause()
    wait(lambda: run.status == "paused")
    step = runs.read_state(run.folder).values["step"]
    check_every_file(run)

    run.resume()
    assert run.status == "running"
    with pytest.raises(TrainingError, match="it is running"):
        run.resume()
    wait(lambda: [e for e in run.events()[0] if e["event"] == "started"][-1]["resumed_at_step"] == step)
    wait(lambda: runs.current(run.events()[0])[-1].get("step", 0) > step)
    kill(run)
    wait(lambda: run.status == "dead")
    check_every_file(run)

    # Someone else's view of the same folder, as after a reload of the app.
    seen = Run(run.folder)
    assert seen.status == "dead"
    seen.stop()
    wait(lambda: seen.status == "stopped")
    assert checkpoints.load(seen.checkpoint).card.finished == "stopped"
    assert (run.folder / "log.txt").read_text().count("Traceback") == 0


APP = """
from explorer import runs
from explorer.recipe import Recipe
from explorer.runs import warm
runs.keep_ready()
waiting = warm._waiting.pid
recipe = Recipe.from_toml("recipe.toml")
for number in range(2):
    run = runs.start(recipe, dataset_path="own.npz")
    warm._replacing.join()
    print(run.id, waiting, warm._waiting.pid, flush=True)
broken = runs.prepare(recipe)
(broken.folder / "recipe.toml").write_text("this is no recipe")
broken.begin()
print(broken.id, flush=True)
input()
"""


@pytest.mark.slow
@pytest.mark.usefixtures("end_processes")
@pytest.mark.skipif(sys.platform != "linux", reason="a fork is not safe elsewhere")
def test_trainings_that_follow_at_once_each_get_a_process_that_trains_the_same_and_outlives_the_app(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLORER_WARM", "1")
    (tmp_path / "recipe.toml").write_text(recipe(2).to_toml())
    np.savez(tmp_path / "own.npz", x=np.random.default_rng(0).integers(0, 256, (60, 1, 8, 8), np.uint8))
    app = subprocess.Popen(
        [sys.executable, "-c", APP],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    told = [app.stdout.readline().split() for _ in range(2)]
    both = [Run(root / name) for name, *_ in told]
    # One that cannot even begin has ended, though the process that waits is still there.
    broken = Run(root / app.stdout.readline().strip())
    wait(lambda: broken.status == "dead")
    app.kill()
    app.communicate()
    waited = {int(pid) for _, *pids in told for pid in pids}
    assert len(waited) == 1  # one that waits for all of them
    wait(lambda: not any(map(psutil.pid_exists, waited)) or psutil.Process(*waited).status() == psutil.STATUS_ZOMBIE)
    wait(lambda: all(run.status != "running" for run in both))
    pids = {json.loads((run.folder / "process.json").read_text())["pid"] for run in both}
    assert len(pids | waited) == 3
    for run in both:
        assert run.status == "finished", (run.folder / "log.txt").read_text()
        assert run.recipe.data.dataset == str(tmp_path / "own.npz")
        *_, last = train(run.recipe)
        trained = checkpoints.load(run.checkpoint).model.state_dict()
        assert all(torch.equal(trained[name], value) for name, value in last.checkpoint.model.state_dict().items())
        check_every_file(run)


def test_pictures_between_epochs_come_while_somebody_watches_and_change_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "SECONDS_BETWEEN_PICTURES", 1e-6)
    monkeypatch.setattr(writer, "SHARE_OF_PICTURES", 1e9)
    monkeypatch.setattr(writer, "MOST_CODES", 100)
    run = Run(root / "one")
    run.folder.mkdir(parents=True)
    shown = []
    for event in runs.drain(recipe(2), run.folder):
        if event.kind == "step":
            shown.append(run.live())
            if len(shown) > 3:
                run.watch()
    steps = len(shown) // 2
    assert shown[:4] == [None] * 4
    assert [live[0] for live in shown[4:]] == pytest.approx((np.arange(4, 2 * steps) + 1) / steps)
    assert (len(shown[4][1].z), len(shown[-1][1].z)) == (writer.FEWEST_CODES, 100)
    whole, part = run.frames()[2], shown[-1][1]
    np.testing.assert_array_equal(part.labels, whole.labels[part.placed])
    # The last step's weights are those of the epoch that it ends: the same places, in other bits.
    np.testing.assert_allclose(part.z, whole.z[part.placed], atol=1e-2)
    np.testing.assert_allclose(part.x_hat, whole.x_hat, atol=1e-2)
    *_, last = train(recipe(2))
    trained = checkpoints.load(run.checkpoint).model.state_dict()
    assert all(torch.equal(trained[name], value) for name, value in last.checkpoint.model.state_dict().items())


def test_an_epoch_in_few_bits_is_what_it_was_within_half_a_step(root: Path) -> None:
    run = Run(root / "one")
    epochs = [e for e in runs.drain(recipe(2, latent_dim=40), run.folder) if e.kind == "epoch"]
    for event in epochs:
        frame = run.frames()[event.epoch]
        for name in ("x", "x_hat", "z"):
            kept, true = getattr(frame, name), getattr(event.preview, name)
            span = np.ptp(true) if name != "z" else np.ptp(true, axis=0)
            assert (np.abs(kept - true) <= 0.51 * span / 255 + 1e-6).all()
        np.testing.assert_array_equal(frame.labels, event.preview.labels)
        np.testing.assert_array_equal(frame.z_names, event.preview.z_names)


@pytest.mark.parametrize(("event_shape", "latent_dim"), [((3, 64, 64), 64), ((30,), 4), ((1, 28, 28), 2)])
def test_a_hundred_epochs_take_eight_megabytes_at_most(event_shape: tuple[int, ...], latent_dim: int) -> None:
    rng = np.random.default_rng(0)
    x = rng.random((8, *event_shape), np.float32)
    preview = Preview(x, x, x, rng.standard_normal((1000, latent_dim)).astype(np.float32), np.arange(1000) % 10)
    assert len(items_record(preview)) + 100 * len(epoch_record(1, preview)) <= 8_000_000


def test_half_a_frame_is_not_read_and_is_cut_off_before_the_run_goes_on(root: Path) -> None:
    run = Run(root / "one")
    list(runs.drain(recipe(2), run.folder))
    path = run.folder / "frames.bin"
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])
    assert list(run.frames()) == [1]
    assert whole_records(path) < len(whole) - 9
    (run.folder / "outcome.json").unlink()
    list(runs.drain(recipe(2), run.folder, resume=True))
    assert list(Run(run.folder).frames()) == [1, 2]


def test_where_a_fork_is_not_safe_the_one_that_waits_becomes_the_training_and_another_one_waits(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLORER_WARM", "1")
    monkeypatch.setattr(warm, "MODULE", "tests.runs.waits")
    run = runs.prepare(recipe())
    runs.keep_ready()
    first = warm._waiting.pid
    assert warm.take(run.folder, ["train"], str(run.folder / "log.txt"), environment_of_process())
    assert json.loads((run.folder / "process.json").read_text())["pid"] == first
    assert warm._waiting is None  # until it has said that it can give another one
    warm._replacing.join()
    assert warm._waiting.pid != first
    warm.end_waiting()


def test_a_process_with_threads_of_its_own_becomes_the_training_and_takes_no_second_one(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[Any] = []
    monkeypatch.setattr(waiting, "_load", lambda: done.append("loaded"))
    monkeypatch.setattr(waiting, "_answer", done.append)
    monkeypatch.setattr(waiting, "_one_thread", lambda: 7)
    monkeypatch.setattr(waiting, "_become", lambda job, threads: done.append((job, threads)))
    monkeypatch.setattr(waiting, "_job", iter([{"run": "a"}, {"run": "b"}]).__next__)
    held = threading.Event()
    thread = threading.Thread(target=held.wait)
    thread.start()
    try:
        assert not waiting.may_fork()
        waiting.main()
    finally:
        held.set()
        thread.join()
    assert done == ["loaded", waiting.BECAME, ({"run": "a"}, 7)]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has no priority of its own")
def test_who_waits_next_makes_way_for_the_training_and_is_as_others_once_it_trains(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[int] = []

    def look() -> None:
        seen.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    mine = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    monkeypatch.setattr(waiting, "_one_thread", lambda: 1)
    monkeypatch.setattr(waiting, "_load", look)
    monkeypatch.setattr(waiting, "_job", look)
    monkeypatch.setattr(sys, "argv", ["waiting", warm.GENTLY])
    waiting.main()
    assert seen == [19, mine]


def test_nobody_is_waited_for_after_the_app_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    for written in (b"", b'{"arguments": ["tra'):
        read, write = os.pipe()
        os.write(write, written)
        os.close(write)
        with os.fdopen(read) as stream:
            monkeypatch.setattr(sys, "stdin", stream)
            assert waiting._job() is None
    monkeypatch.setattr(waiting, "SECONDS_OF_PATIENCE", 0.01)
    read, write = os.pipe()
    with os.fdopen(read) as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        assert waiting._job() is None
    os.close(write)


def test_threads_of_a_training_wait_for_one_another_without_holding_the_processors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On two processors a watched training is else slower by twenty times and more; what was set before holds."""
    monkeypatch.delenv("GOMP_SPINCOUNT", raising=False)
    assert int(environment_of_process()["GOMP_SPINCOUNT"]) < 10_000
    monkeypatch.setenv("GOMP_SPINCOUNT", "7")
    assert environment_of_process()["GOMP_SPINCOUNT"] == "7"
