"""Where a training runs: one device, or several through Hugging Face Accelerate."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
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

    def prepare(self, module: nn.Module, optimiser: torch.optim.Optimizer) -> tuple[nn.Module, torch.optim.Optimizer]:
        """Wrap a module so that gradients are averaged over the processes; itself where there is one."""
        if self.accelerator is None:
            return module, optimiser
        # A second stage wraps other weights; Accelerate would otherwise keep the first one's wrappers.
        self.accelerator.free_memory()
        return self.accelerator.prepare(module, optimiser)

    def backward(self, total: Float[Tensor, ""]) -> None:
        if self.accelerator is None:
            total.backward()
        else:
            self.accelerator.backward(total)

    def mean(self, values: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
        """The mean of each process's values, the same on all of them."""
        return values if self.accelerator is None else self.accelerator.reduce(values, reduction="mean")


def is_main_process() -> bool:
    """Whether this process is the one that writes files, known before anything is set up (launchers set RANK)."""
    return int(os.environ.get("RANK", "0")) == 0


def agreed(value: int) -> int:
    """The main process's value, on every process that trains with it.

    Each process has to ask at the same point of the training; with one process it costs nothing.
    """
    if not torch.distributed.is_initialized():
        return value
    device = "cuda" if torch.distributed.get_backend() == "nccl" else "cpu"
    told = torch.tensor([value], device=device)
    torch.distributed.broadcast(told, src=0)
    return int(told.item())


def place(device: str) -> Placement:
    """The placement for a recipe's ``training.device``; several processes where a launcher started them.

    Raises:
        TrainingError: the device is not there.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        # Imported only here: it takes seconds, and one device does not need it.
        from accelerate import Accelerator

        accelerator = Accelerator(cpu=device == "cpu")
        return Placement(accelerator.device, accelerator.process_index, accelerator.num_processes, accelerator)
    is_present = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if device == "auto":
        return Placement(torch.device(next(d for d in ("cuda", "mps", "cpu") if is_present[d])))
    if not is_present[device]:
        raise TrainingError(f"This machine has no {device} device.", "Set training.device to auto or cpu.")
    return Placement(torch.device(device))
