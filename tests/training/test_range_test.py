"""The test of learning rates: how a curve is read, and what it says of recipes whose rate is known to be wrong."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from explorer.cli import app
from explorer.recipe import Recipe
from explorer.training.range_test import RangeTest, range_test, rate_finding, read_range

RATES = np.geomspace(1e-6, 10, 140)


def recipe(rate: float) -> Recipe:
    return Recipe.parse(
        {
            "name": "tried",
            "data": {"dataset": "digits"},
            "model": {"family": "undercomplete", "hidden": [64], "latent_dim": 8},
            "training": {"learning_rate": rate, "device": "cpu", "batch_size": 64},
        }
    )


def test_a_curve_that_falls_and_rises_is_read_where_it_does() -> None:
    # 10 up to 1e-4, down along the logarithm to 2 at 1e-2, up again to 10 at 1.
    place = np.log10(RATES)
    losses = np.interp(place, [-6, -4, -2, 0, 1], [10, 10, 2, 10, 30])
    test = read_range(RATES, losses)
    # Smoothing lags by some six steps, a third of a decade.
    assert -4 < math.log10(test.begins or 0) < -3.3
    assert -1.2 < math.log10(test.limit) < -0.5
    assert test.suggested in (1e-3, 2e-3)


def test_a_loss_that_never_falls_suggests_nothing() -> None:
    test = read_range(RATES, np.linspace(5, 6, 140))
    assert (test.begins, test.suggested, test.limit) == (None, None, math.inf)


def test_where_the_loss_is_not_finite_any_more_is_the_limit() -> None:
    test = read_range(RATES[:100], np.linspace(9, 1, 100), is_whole=False)
    assert test.limit == pytest.approx(RATES[99])


@pytest.mark.slow
def test_rates_far_below_and_above_the_range_are_named_and_mended() -> None:
    test = range_test(recipe(1e-3))
    assert isinstance(test, RangeTest)
    assert test.begins is not None
    assert 1e-5 < test.begins < 1e-2
    assert 1e-4 <= (test.suggested or 0) <= 3e-2
    assert rate_finding(recipe(1e-3), test) is None
    low, high = rate_finding(recipe(1e-7), test), rate_finding(recipe(10), test)
    assert low is not None
    assert low.name == "learning rate too low"
    assert high is not None
    assert high.name == "learning rate too high"
    assert high.remedy is not None
    assert recipe(10).with_settings([high.remedy.setting]).training.learning_rate == test.suggested


def test_the_command_asks_for_it_where_nothing_was_trained(tmp_path: Path) -> None:
    path = str(tmp_path / "tried.toml")
    Path(path).write_text(recipe(1e-7).to_toml())
    assert "--range-test" in CliRunner().invoke(app, ["diagnose", path]).output
    told = CliRunner().invoke(app, ["diagnose", path, "--range-test"])
    assert told.exit_code == 0
    assert "begins to fall" in told.output
    assert "Wrong: The learning rate is too low" in told.output
