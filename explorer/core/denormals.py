"""Numbers too small for full precision, which slow most processors down."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import torch


@contextlib.contextmanager
def denormals_flushed() -> Iterator[None]:
    """Within it, numbers too small for full precision (below 1.2e-38) count as zero, as on GPUs.

    Adam's averages of rarely used weights sink that low; on most processors steps then take twice as long, from the
    third epoch of MNIST on (docs/decisions.md).
    """
    before = (torch.tensor([1e-39]) * 1.0).item() == 0
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(before)
