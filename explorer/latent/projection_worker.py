"""Laying a map out in a process of its own: it says how far it is, can be stopped, and outlives the page that asked.

``python -m explorer.latent.projection_worker KIND SEED`` reads codes from its input and writes places to its output,
both as .npy; before those, lines with the share that is done. Nothing touches the disk.
"""

from __future__ import annotations

import io
import subprocess
import sys
import threading
import time
from collections import OrderedDict, deque
from typing import BinaryIO, Literal

import numpy as np
from jaxtyping import Num

from explorer.core.errors import ExplorerError
from explorer.latent.projection import REGISTRY, IterativeProjector, laid_out

Status = Literal["running", "done", "cancelled", "failed"]
MAX_RUNNING = 2
"""Each takes a processor for as long as it runs."""
MAX_KEPT = 32
"""So many finished maps are kept, the last used ones."""
_PLACES = b"places "
"""Starts the line that says how many bytes of places follow."""


class Layout:
    """One map on its way. Its attributes are written by a thread and may be read by any.

    Args:
        kind: a name of an ``IterativeProjector`` in ``projection.REGISTRY``.
        codes: (N, D).
        seed: of the map.

    Attributes:
        status: what it is doing.
        share: of the steps that are done, in [0, 1]; None before the first.
        places: (N, 2) once it is done; else None.
        message: what went wrong, where it failed.
    """

    def __init__(self, kind: str, codes: Num[np.ndarray, "n d"], seed: int = 0) -> None:
        self.kind = kind
        self.seed = seed
        self.codes = np.asarray(codes)
        self.status: Status = "running"
        self.share: float | None = None
        self.places: np.ndarray | None = None
        self.message = ""
        self._started = time.monotonic()
        self._ended: float | None = None
        command = [sys.executable, "-m", "explorer.latent.projection_worker", kind, str(seed)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe)
        self._errors: deque[str] = deque(maxlen=20)
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()
        threading.Thread(target=self._collect_errors, daemon=True).start()

    @property
    def seconds(self) -> float:
        """How long it has run, or ran."""
        return (self._ended or time.monotonic()) - self._started

    def cancel(self) -> None:
        """Stop it; a map that is done stays."""
        if self.status == "running":
            self.status = "cancelled"
            self._process.kill()
        self.wait()

    def wait(self, timeout_s: float | None = None) -> None:
        """Until it has ended, at most so long."""
        self._thread.join(timeout_s)

    def projector(self) -> IterativeProjector:
        """The fitted map, once it is done.

        Raises:
            ExplorerError: it is not done.
        """
        projector = REGISTRY[self.kind](self.seed)
        if self.places is None or not isinstance(projector, IterativeProjector):
            raise ExplorerError(f"This map is not laid out: {self.message or self.status}.", "Lay it out again.")
        rows = laid_out(len(self.codes))
        return projector.restore(self.codes[rows], self.places[rows])

    def _follow(self) -> None:
        """Send the codes, read how far the process is, then the places."""
        assert self._process.stdin is not None  # noqa: S101 (pipes were asked for)
        assert self._process.stdout is not None  # noqa: S101
        try:
            with self._process.stdin as codes_to:
                codes_to.write(_packed(self.codes))
            for line in self._process.stdout:
                if line.startswith(_PLACES):
                    self.places = _unpacked(self._process.stdout.read(int(line.removeprefix(_PLACES))))
                    break
                self.share = float(line)
        except (OSError, ValueError) as error:  # it ended in the middle
            self._errors.append(str(error))
        # Also when all went well: taking down its libraries can take a process longer than it is worth waiting for.
        self._process.kill()
        self._process.wait()
        self._ended = time.monotonic()
        if self.status == "running":
            self.status = "done" if self.places is not None else "failed"
            self.message = "" if self.places is not None else self._last_words()

    def _collect_errors(self) -> None:
        assert self._process.stderr is not None  # noqa: S101
        for line in self._process.stderr:
            if line.strip():
                self._errors.append(line.decode(errors="replace").strip())

    def _last_words(self) -> str:
        return self._errors[-1] if self._errors else f"the process ended with {self._process.returncode}"


class Layouts:
    """Maps by name, so that what one page asked for is found again by the next. Safe to use from several threads."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Layout] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Layout | None:
        """The map of this name, running or ended; None where there is none."""
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
            return self._known.get(key)

    def start(self, key: str, kind: str, codes: Num[np.ndarray, "n d"], seed: int = 0) -> Layout:
        """Lay out a map under a name; one that runs or is done is not laid out again.

        Raises:
            ExplorerError: too many are being laid out.
        """
        with self._lock:
            known = self._known.get(key)
            if known is not None and known.status in ("running", "done"):
                return known
            if sum(one.status == "running" for one in self._known.values()) >= MAX_RUNNING:
                raise ExplorerError(
                    f"{MAX_RUNNING} maps are being laid out already, which is as many as run at once.",
                    "Wait for one to end, or cancel it where it was started.",
                )
            self._known[key] = Layout(kind, codes, seed)
            self._known.move_to_end(key)
            ended = [name for name, one in self._known.items() if one.status != "running"]
            for name in ended[: max(0, len(self._known) - MAX_KEPT)]:
                del self._known[name]
            return self._known[key]


def _work(kind: str, seed: int, codes_from: BinaryIO, places_to: BinaryIO) -> None:
    """What the process does."""
    told = 0.0

    def tell(share: float) -> None:
        nonlocal told
        clock = time.monotonic()
        if clock - told > 0.1 or share == 1:
            told = clock
            places_to.write(b"%.4f\n" % share)
            places_to.flush()

    places = REGISTRY[kind](seed).fit_transform(_unpacked(codes_from.read()), tell)
    content = _packed(places)
    places_to.write(_PLACES + b"%d\n" % len(content) + content)
    places_to.flush()


def _packed(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _unpacked(content: bytes) -> np.ndarray:
    array: np.ndarray = np.load(io.BytesIO(content), allow_pickle=False)
    return array


def main() -> None:
    """``python -m explorer.latent.projection_worker KIND SEED``."""
    output = sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever a library prints must not come between the lines
    _work(sys.argv[1], int(sys.argv[2]), sys.stdin.buffer, output)


if __name__ == "__main__":
    main()
