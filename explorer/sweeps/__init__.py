"""Sweeps: a recipe trained once for every combination of some fields' values."""

from __future__ import annotations

from explorer.sweeps.background import start_sweep
from explorer.sweeps.estimate import seconds_of_all
from explorer.sweeps.fields import SweptField
from explorer.sweeps.folds import folds_sweep
from explorer.sweeps.outcomes import SweepOutcome, outcome_of
from explorer.sweeps.sweep import LIMIT, Sweep, SweepPoint, list_sweeps
from explorer.sweeps.training import SweepNews, SweepTraining

__all__ = [
    "LIMIT",
    "Sweep",
    "SweepNews",
    "SweepOutcome",
    "SweepPoint",
    "SweepTraining",
    "SweptField",
    "folds_sweep",
    "list_sweeps",
    "outcome_of",
    "seconds_of_all",
    "start_sweep",
]
