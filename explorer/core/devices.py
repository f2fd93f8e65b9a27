"""Where a training runs: one device, or several through Hugging Face Accelerate."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from explorer.core.errors import TrainingError


@dataclass(frozen=True)
class Placement:
    """A device, and this process's place among those that train together.

    Args:
        device: where weights and batches live.
        rank, world: this process's number, and how many there are.
        accelerator: Accelerate's object where there are several, else None.
    """

    device: torch.device
    rank: int = 0
    world: int = 1
    accelerator: Any = None

    @property
    def is_main(self) -> bool:
        """Whether this process is the one that writes files and reports."""
        return self.rank == 0

    def own(self, part: slice) -> slice:
        """Of a step's places in an epoch's order those of this process: every ``world``-th, from ``rank`` on."""
        return slice(part.start + (self.rank - part.start) % self.world, part.stop, self.world)

    def prepare(self, module: nn.Module, optimiser: torch.optim.Optimizer) -> tuple[nn.Module, torch.optim.Optimizer]:
        """Wrap a module so that gradients are averaged over the processes; itself where there is one."""
        if self.accelerator is None:
            return module, optimiser
        # A second stage wraps other weights; Accelerate would otherwise keep the first one's wrappers.
        self.accelerator.free_memory()
        with _together():
            return self.accelerator.prepare(module, optimiser)

    def backward(self, total: Float[Tensor, ""]) -> None:
        if self.accelerator is None:
            total.backward()
        else:
            with _together():
                self.accelerator.backward(total)

    def mean(self, values: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
        """The mean of each process's values, the same on all of them."""
        if self.accelerator is None:
            return values
        with _together():
            return self.accelerator.reduce(values, reduction="mean")


LOST = ("gloo", "nccl", "connection closed", "connection reset", "timed out")


@contextlib.contextmanager
def _together() -> Iterator[None]:
    """Within it processes wait for one another; one that has ended is said in words instead of the network's.

    Raises:
        TrainingError: another process has ended or does not answer.
    """
    try:
        yield
    except RuntimeError as error:
        if not any(word in str(error).lower() for word in LOST):
            raise
        raise TrainingError(
            "Another process of this training has ended or does not answer.",
            "Its own output says why. Then start all of them again with --resume: the last saved state is kept, and"
            " another number of processes may go on from it.",
        ) from error


def is_main_process() -> bool:
    """Whether this process is the one that writes files, known before anything is set up (launchers set RANK)."""
    return int(os.environ.get("RANK", "0")) == 0


def agreed(value: int) -> int:
    """The main process's value, on every process that trains with it.

    Each process has to ask at the same point of the training; with one process it costs nothing.

    Raises:
        TrainingError: another process has ended.
    """
    return value if not torch.distributed.is_initialized() else int(_told(torch.tensor([value])).item())


def sent(content: bytes) -> bytes:
    """The main process's bytes, on every process that trains with it; each asks at the same point, as in ``agreed``.

    Raises:
        TrainingError: another process has ended.
    """
    if not torch.distributed.is_initialized():
        return content
    size = agreed(len(content))
    if not size:
        return b""
    own = torch.frombuffer(bytearray(content), dtype=torch.uint8) if content else torch.zeros(size, dtype=torch.uint8)
    return _told(own).numpy().tobytes()


def is_same(value: int) -> bool:
    """Whether every process that trains together has the same number here: the same answer on all of them.

    Raises:
        TrainingError: another process has ended.
    """
    if not torch.distributed.is_initialized():
        return True
    both = torch.tensor([value, -value], device=_meeting_place())
    with _together():
        torch.distributed.all_reduce(both, op=torch.distributed.ReduceOp.MAX)
    return int(both[0]) == -int(both[1])


def _told(values: Int[Tensor, "*shape"]) -> Int[Tensor, "*shape"]:
    exchanged = values.to(_meeting_place())
    with _together():
        torch.distributed.broadcast(exchanged, src=0)
    return exchanged.cpu()


def _meeting_place() -> str:
    """Where the processes' numbers have to lie so that they can be exchanged."""
    return "cuda" if torch.distributed.get_backend() == "nccl" else "cpu"


def place(device: str) -> Placement:
    """The placement for a recipe's ``training.device``; several processes where a launcher started them.

    Raises:
        TrainingError: the device is not there.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        # Imported only here: it takes seconds, and one device does not need it.
        from accelerate import Accelerator

        # Without being told, Accelerate lets processes that found no GPU train by themselves, each the same model.
        with _together():
            accelerator = Accelerator(cpu=device == "cpu" or not torch.cuda.is_available())
        return Placement(accelerator.device, accelerator.process_index, accelerator.num_processes, accelerator)
    return Placement(device_called(device))


def device_called(name: str) -> torch.device:
    """A device by its name: "cpu", "cuda" or "mps", or "auto" for the fastest that is there.

    Raises:
        TrainingError: the device is not there.
    """
    is_present = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if name == "auto":
        return torch.device(next(d for d in ("cuda", "mps", "cpu") if is_present[d]))
    if not is_present[name]:
        raise TrainingError(f"This machine has no {name} device.", "Choose auto or cpu as the device.")
    return torch.device(name)
