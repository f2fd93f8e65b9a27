"""A worked example: two heart beats are learnt, and code adds faults of a sensor to what follows them.

The recording is the electrocardiogram that PyWavelets carries (1,024 samples with three beats, MIT licence).
"""

from __future__ import annotations

import functools

import numpy as np
import pywt
from jaxtyping import Float

from explorer.core import places
from explorer.data.memory_rows import CellRows
from explorer.io.tables.contract import TableContract
from explorer.io.tables.roles import ColumnRole
from explorer.novelty import detector as detectors
from explorer.novelty.detector import Detector
from explorer.novelty.inputs import TableInput
from explorer.novelty.items import ItemsToScore, read_items
from explorer.novelty.table_fitting import fit_table
from explorer.novelty.windowing import WindowsAsked, find_windows, windowed

NAME, TITLE = "heartbeat", "Faults in an ECG"
QUESTION = "The detector learnt two heart beats of a recording. Where did code add faults to what follows them?"
RATE = 0.05
LEARNT = 680
"""Samples with two beats; one follows."""
LENGTH = 32
FAULTS: dict[str, tuple[int, int]] = {
    "turned over": (153, 189),
    "noise": (60, 100),
    "held": (240, 275),
}
"""What code does -> from which sample behind ``LEARNT`` up to which: the beat upside down, noise, one value held."""
NOISE = 40.0
"""Standard deviation of the noise, in the units of the recording (its beats are 300 high)."""
_GAP = 100
AS_RECORDED = "as recorded"
COLUMN, TIME, LABEL = "ecg", "sample", "label"


def recording() -> Float[np.ndarray, " n"]:
    """(1024,) the samples, in the units of the recording."""
    return np.asarray(pywt.data.ecg(), np.float64)


def learnt_series() -> TableInput:
    """The two beats that are learnt."""
    return _series(recording()[:LEARNT], np.arange(LEARNT), np.full(LEARNT, AS_RECORDED))


def new_series() -> TableInput:
    """What follows them: as it was recorded, then once with each fault."""
    after = recording()[LEARNT:]
    values, labels = [after], [np.full(len(after), AS_RECORDED, object)]
    for fault, (start, stop) in FAULTS.items():
        changed, label = after.copy(), np.full(len(after), AS_RECORDED, object)
        changed[start:stop] = _spoilt(after[start:stop], fault)
        label[start:stop] = fault
        values.append(changed)
        labels.append(label)
    times = [LEARNT + i * (len(after) + _GAP) + np.arange(len(after)) for i in range(len(values))]
    return _series(np.concatenate(values), np.concatenate(times), np.concatenate(labels))


def _spoilt(values: np.ndarray, fault: str) -> np.ndarray:
    if fault == "turned over":
        ground = np.linspace(values[0], values[-1], len(values))
        return 2 * ground - values
    if fault == "held":
        return np.full_like(values, recording().max())
    noise = np.random.Generator(np.random.PCG64(0)).normal(size=len(values))
    return values + NOISE * noise


def fit_heartbeat() -> Detector:
    """Fit the detector; takes about ten seconds."""
    table = learnt_series()
    windows = find_windows(table, WindowsAsked(columns=(COLUMN,), length=LENGTH))
    return fit_table(windowed(table, windows, to_fit=True), scorer="combined-mean")


def stored_file() -> str:
    """Where the fitted detector is shipped; ``benchmarks/novelty_examples.py`` writes it."""
    return str(places.shipped("checkpoints") / "novelty" / f"{NAME}.safetensors")


@functools.cache
def open_heartbeat() -> tuple[Detector, ItemsToScore]:
    """The stored detector, and the windows that it has not seen."""
    detector = detectors.load(stored_file())
    return detector, read_items(detector, new_series())


def _series(values: np.ndarray, times: np.ndarray, labels: np.ndarray) -> TableInput:
    roles = (
        ColumnRole(name=TIME, role="time", reason="it counts the samples"),
        ColumnRole(name=COLUMN, role="number"),
        ColumnRole(name=LABEL, role="label"),
    )
    contract = TableContract(rows=len(values), dialect=None, columns=roles)
    cells = {TIME: times.astype(np.float64), COLUMN: values, LABEL: labels.tolist()}
    return TableInput("a recorded heart", CellRows(cells, "a recorded heart", contract), LABEL)
