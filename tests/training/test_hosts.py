"""Several processes train as one, on hosts of their own where the machine allows to make some."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import psutil
import pytest
import torch

from explorer import runs
from explorer.checkpoints import Checkpoint
from explorer.core.devices import Placement
from explorer.data import Dataset
from explorer.recipe import Recipe
from explorer.training import items, train
from explorer.training.events import Finished, Step
from explorer.training.schedule import order_of
from tests.conftest import ROOT

SHARED = Recipe.parse(
    {
        "name": "both",
        "data": {"dataset": "digits"},
        "model": {"family": "undercomplete", "hidden": [16], "latent_dim": 3},
        # 1,258 items: the last batch of an epoch has 19, ten for one process and nine for the other.
        "training": {"epochs": 30, "batch_size": 21},
    }
)
LAUNCH = [sys.executable, "-m", "accelerate.commands.launch", "--multi_gpu", "--num_processes", "2"]
LAUNCH += ["--num_machines", "2", "--mixed_precision", "no", "--dynamo_backend", "no"]


@pytest.fixture
def hosts() -> Iterator[tuple[str, list[list[str]], list[dict[str, str]]]]:
    """The first host's address, and of each what stands before its commands and in their environment.

    Two network namespaces with a cable between them; where the machine makes none, two groups on one address.
    """
    names = [f"explorer-{os.getpid()}-{number}" for number in range(2)]
    cables = [f"ex{os.getpid()}n{number}"[-15:] for number in range(2)]
    commands = [["netns", "add", name] for name in names]
    commands.append(["link", "add", cables[0], "type", "veth", "peer", "name", cables[1]])
    for number, (name, cable) in enumerate(zip(names, cables, strict=True)):
        commands.append(["link", "set", cable, "netns", name])
        commands.append(["-n", name, "addr", "add", f"10.77.0.{number + 1}/24", "dev", cable])
        commands += [["-n", name, "link", "set", device, "up"] for device in ("lo", cable)]
    try:
        if shutil.which("ip") and all(_run("ip", *command) for command in commands):
            before = [["ip", "netns", "exec", name] for name in names]
            yield "10.77.0.1", before, [{"GLOO_SOCKET_IFNAME": cable} for cable in cables]
        else:
            yield "127.0.0.1", [[], []], [{}, {}]
    finally:
        for name in names:
            _run("ip", "netns", "del", name)


def _run(*command: str) -> bool:
    with contextlib.suppress(OSError):
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    return False


def weights(checkpoint: Checkpoint | None) -> torch.Tensor:
    assert checkpoint is not None
    return torch.cat([value.flatten() for value in checkpoint.model.state_dict().values()])


def finished(events: list[object]) -> Finished:
    assert isinstance(events[-1], Finished)
    return events[-1]


@pytest.mark.slow
def test_two_hosts_train_as_one_and_one_goes_on_when_the_other_is_killed(
    hosts, digits: Dataset, tmp_path: Path
) -> None:
    address, before, environments = hosts
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    processes = []
    for number in range(2):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "recipe.toml").write_text(SHARED.to_toml())
        command = [*LAUNCH, "--machine_rank", str(number), "--main_process_ip", address, "--main_process_port", port]
        command += ["-m", "explorer", "train", "recipe.toml", "--run-dir", "run"]
        environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)} | environments[number]
        with (folder / "log.txt").open("wb") as log:
            processes.append(
                subprocess.Popen([*before[number], *command], cwd=folder, env=environment, stdout=log, stderr=log)
            )
    run = runs.Run(tmp_path / "0" / "run")
    waits_until = time.monotonic() + 240
    while not (run.folder / "state.safetensors").exists() and time.monotonic() < waits_until:
        assert all(process.poll() is None for process in processes), (tmp_path / "0" / "log.txt").read_text()
        time.sleep(0.02)
    (worker,) = psutil.Process(processes[1].pid).children()
    worker.send_signal(signal.SIGKILL)
    assert [process.wait(timeout=120) != 0 for process in processes] == [True, True]
    assert not (tmp_path / "1" / "run").exists(), "only the main process writes"
    assert run.outcome["message"] == "Another process of this training has ended or does not answer."
    assert "Another process of this training" in (tmp_path / "0" / "log.txt").read_text()
    state = runs.read_state(run.folder)
    assert 0 < state.values["step"] < 30 * 60, "the other was killed in time"
    # Another number of processes goes on from there: here one.
    resumed = finished(list(runs.drain(SHARED, run.folder, resume=True)))
    alone = finished(list(train(SHARED, digits)))
    assert float((weights(resumed.checkpoint) - weights(alone.checkpoint)).abs().max()) < 1e-5
    # The terms of an epoch are those of all items, not of one process's half.
    ours, theirs = (event.checkpoint.card.history[0]["train"]["total"] for event in (resumed, alone))
    assert ours == pytest.approx(theirs, rel=1e-5)


MEETING = """
import pathlib, sys, torch
from explorer.core import devices
rank = int(sys.argv[1])
torch.distributed.init_process_group("gloo", init_method=f"file://{sys.argv[2]}", rank=rank, world_size=2)
told = [devices.agreed(7 + rank), devices.sent(b"state" if rank == 0 else b""), devices.sent(b"")]
told += [devices.is_same(5), devices.is_same(5 + rank), devices.is_same(-rank)]
torch.distributed.barrier()
torch.distributed.destroy_process_group()
pathlib.Path(sys.argv[3]).write_text(repr(told))
"""


@pytest.mark.slow
def test_processes_meet_over_what_the_main_one_knows(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "WORLD_SIZE": "2"}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", MEETING, str(rank), str(tmp_path / "meet"), str(tmp_path / str(rank))],
            env=environment | {"RANK": str(rank)},
        )
        for rank in range(2)
    ]
    assert [process.wait(timeout=200) for process in processes] == [0, 0]
    told = [(tmp_path / str(rank)).read_text() for rank in range(2)]
    assert told[0] == told[1] == repr([7, b"state", b"", True, False, False])


@pytest.mark.parametrize(("n", "shares"), [(10, 1), (10, 3), (64, 2), (5, 5)])
def test_each_process_reads_its_own_part_of_the_data_in_every_epoch(n: int, shares: int) -> None:
    places = [Placement(torch.device("cpu"), rank, shares) for rank in range(shares)]
    parts: list[set[int]] = [set() for _ in places]
    for epoch in range(3):
        order = order_of(SHARED, n, 0, epoch, shares)
        assert sorted(order.tolist()) == list(range(n))
        for place, part in zip(places, parts, strict=True):
            for start in range(0, n, 4):
                part |= {*order[place.own(slice(start, min(n, start + 4)))].tolist()}
    assert sum(len(part) for part in parts) == n, "no item is read by two"
    for part in parts:
        assert max(part) - min(part) == len(part) - 1, "a part lies in one piece"


def test_every_process_has_a_share_of_each_step_and_they_make_up_the_whole() -> None:
    for world, part in ((2, slice(21, 42)), (3, slice(40, 47)), (4, slice(3, 7))):
        order = np.arange(60)
        owns = [order[Placement(torch.device("cpu"), rank, world).own(part)] for rank in range(world)]
        assert sorted(np.concatenate(owns).tolist()) == order[part].tolist()
        assert max(map(len, owns)) - min(map(len, owns)) <= 1


def test_items_that_are_not_in_memory_are_learnt_from_in_parts(
    monkeypatch: pytest.MonkeyPatch, digits: Dataset
) -> None:
    """With one process there is one part: the steps are those of the same items held in memory."""

    def steps() -> list[dict[str, float]]:
        return [event.terms for event in islice(train(SHARED, digits), 70) if isinstance(event, Step)]

    held = steps()
    monkeypatch.setattr(items, "IN_MEMORY_BYTES", 0)
    assert steps() == held
