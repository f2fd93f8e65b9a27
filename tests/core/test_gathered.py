"""Results gathered from parts: equal to joining them, without the memory that joining a list of them takes."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explorer.core.gathered import gathered

MEBIBYTE = 1 << 20
PEAK = """
import torch
from explorer.core.gathered import gathered

torch.set_num_threads(1)
torch.set_grad_enabled(False)
x = torch.zeros(256, 3 * 64 * 64)  # 12 MiB, as large as what a model makes of some pictures

def part():
    made = x + 1
    return (x - made).square().sum(1).numpy()

gathered((part() for _ in range(60)), 60 * 256)
# Not ru_maxrss: Linux starts a new program's with that of the process which started it.
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
"""


@given(st.lists(st.integers(1, 5), min_size=1, max_size=6))
def test_parts_together_are_the_whole(sizes: list[int]) -> None:
    whole = np.arange(3 * sum(sizes), dtype=np.int16).reshape(-1, 3)
    parts = np.split(whole, np.cumsum(sizes)[:-1])
    together = gathered(iter(parts), len(whole))
    np.testing.assert_array_equal(together, np.concatenate(parts))
    assert together.dtype == whole.dtype


@pytest.mark.parametrize("n", [3, 5])
def test_another_number_of_items_is_an_error(n: int) -> None:
    with pytest.raises(ValueError, match=r"4 results of|could not broadcast"):
        gathered([np.zeros(2), np.zeros(2)], n)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the peak of a process is read from /proc")
def test_memory_does_not_grow_with_the_number_of_parts() -> None:
    """A list of these small results, joined at the end, holds a gibibyte that stood between them."""
    answer = subprocess.run([sys.executable, "-c", PEAK], capture_output=True, text=True, check=True)
    assert int(answer.stdout) * 1024 < 600 * MEBIBYTE
