"""Sweeps: a recipe trained once for every combination of some fields' values."""

from __future__ import annotations

from explorer.sweeps.fields import SweptField
from explorer.sweeps.folds import folds_sweep
from explorer.sweeps.outcomes import SweepOutcome, outcome_of
from explorer.sweeps.sweep import Sweep, SweepPoint, list_sweeps
from explorer.sweeps.training import SweepNews, SweepTraining

__all__ = [
    "Sweep",
    "SweepNews",
    "SweepOutcome",
    "SweepPoint",
    "SweepTraining",
    "SweptField",
    "folds_sweep",
    "list_sweeps",
    "outcome_of",
]
