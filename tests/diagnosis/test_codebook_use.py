"""A codebook whose entries are dead, by entries that were put where no encoding comes."""

from __future__ import annotations

import copy
from dataclasses import replace

import torch

from explorer.data import Dataset
from explorer.diagnosis import EXAMINATIONS, record_of
from explorer.recipe import Recipe
from explorer.training import train


def test_entries_that_nothing_is_near_to_are_a_finding(digits: Dataset) -> None:
    values = {
        "name": "a",
        "data": {"dataset": "digits"},
        "model": {"family": "quantised", "body": "dense", "hidden": [32], "places": 8, "latent_dim": 4, "entries": 16,
                  "prior_epochs": 0},
        "training": {"epochs": 3, "device": "cpu"},
    }  # fmt: skip
    *_, last = train(Recipe.parse(values), digits)
    look = EXAMINATIONS["dead codebook"].look
    assert look(record_of(last.checkpoint, digits)) is None
    model = copy.deepcopy(last.checkpoint.model)
    with torch.no_grad():
        model.codebook.entries[5:] = 1e4
    finding = look(record_of(replace(last.checkpoint, model=model), digits))
    assert finding is not None
    assert finding.is_wrong
    used = next(figure for figure in finding.figures if figure.name == "entries in use")
    assert used.value == len(model.indices(record_of(last.checkpoint, digits).x_train).unique()) <= 5
    assert finding.remedy is not None
    assert finding.remedy.setting == f"model.entries={int(used.value)}"
