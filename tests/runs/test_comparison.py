"""Runs as lists and comparisons have them, from events that were written by hand; what is deleted comes back."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from explorer import runs
from explorer.cli import app
from explorer.core.errors import TrainingError
from explorer.export.run_figures import overlaid_curves
from explorer.recipe import Recipe
from explorer.runs import Run
from explorer.runs.about import RunAbout
from explorer.runs.comparison import RunComparison
from explorer.runs.differences import differing_fields
from explorer.runs.summary import summarise
from explorer.runs.trash import DAYS


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    return tmp_path / "runs"


def recipe(best_by: str = "total", **model: Any) -> Recipe:
    return Recipe.parse(
        {"name": "r", "model": {"family": "variational", **model}, "training": {"epochs": 3, "best_by": best_by}}
    )


def ended(of: Recipe, values: list[tuple[float, float]], about: RunAbout | None = None) -> Run:
    """A run that is over, with reconstruction and KL on validation items after each epoch."""
    run = runs.prepare(of, about)
    events: list[dict[str, Any]] = [{"event": "started", "stages": [["end to end", 3]], "steps_per_epoch": 1,
                                     "resumed_at_step": 0, "dataset": "Digits"}]  # fmt: skip
    for epoch, (reconstruction, kl) in enumerate(values, 1):
        terms = {"reconstruction": reconstruction, "KL": kl, "total": reconstruction + kl}
        events.append({"event": "epoch", "stage": "end to end", "epoch": epoch, "step": epoch, "seconds": 2.0,
                       "items_per_second": 1.0, "train": terms, "validation": terms})  # fmt: skip
    metric = {"name": "ELBO", "split": "test", "unit": "nats", "value": -9.0, "n": 4}
    finding = {"title": "Overfit", "severity": "wrong"}
    events.append({"event": "finished", "seconds": 7.0, "metrics": [metric], "findings": [finding], "best_epoch": 1})
    (run.folder / "events.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))
    (run.folder / "outcome.json").write_text('{"status": "finished"}')
    return run


VALUES = [(3.0, 9.0), (4.0, 5.0), (5.0, 6.0)]


def test_the_best_epoch_is_that_of_the_figure_which_the_recipe_names() -> None:
    by_total, by_term = (summarise(ended(recipe(name), VALUES)) for name in ("total", "reconstruction"))
    assert (by_total.best_epoch, by_total.best.name, by_total.best.value) == (2, "total", 9.0)
    assert (by_term.best_epoch, by_term.best.name, by_term.best.value) == (1, "reconstruction", 3.0)
    assert by_term.figure("total (validation)").value == 12.0, "of the epoch that was kept"
    assert (by_term.figure("ELBO").value, by_term.findings, by_term.progress.seconds) == (-9.0, ("Overfit",), 7.0)


def test_only_what_differs_in_recipes_is_told() -> None:
    one, other = recipe(beta=2.0, hidden=[8]), recipe(beta=4.0, hidden=[8, 4])
    assert differing_fields([one, other.model_copy(update={"name": "z"})]) == {
        "model.beta": (2.0, 4.0),
        "model.hidden": ([8], [8, 4]),
    }
    assert differing_fields([one, one.model_copy(update={"title": "called otherwise"})]) == {}
    stacked = Recipe.parse({"model": {"family": "stacked"}, "training": {"epochs": 3}})
    assert differing_fields([one, stacked])["model.beta"] == (2.0, None)


def test_runs_lie_beside_each_other_on_the_page_and_on_the_command_line() -> None:
    first = ended(recipe(beta=2.0), VALUES, RunAbout(title="same", starred=True, notes="a note"))
    second = ended(recipe(beta=4.0), VALUES[:2], RunAbout(title="same", sweep="s"))
    together = RunComparison((summarise(first), summarise(second)))
    names = together.names
    assert names == (f"same ({first.id})", f"same ({second.id})")
    assert together.curves("KL") == {names[0]: [9.0, 5.0, 6.0], names[1]: [9.0, 5.0]}
    lines = [(trace.line.color, trace.line.dash, len(trace.y)) for trace in
             overlaid_curves(together.curves("KL"), "KL (validation)", "nats").data]  # fmt: skip
    assert [length for _, _, length in lines] == [3, 2]
    assert len({colour for colour, _, _ in lines}) == len({dash for _, dash, _ in lines}) == 2
    answer = json.loads(CliRunner().invoke(app, ["runs", "compare", first.id, second.id, "--json"]).stdout)
    assert answer["differences"] == [{"field": "model.beta", names[0]: "2", names[1]: "4"}]
    assert {"figure": "ELBO (test), nats", names[0]: -9.0, names[1]: -9.0} in answer["figures"]
    (listed,) = json.loads(CliRunner().invoke(app, ["runs", "list", "--sweep", "s", "--json"]).stdout)
    assert (listed["run"], listed["best"]["value"], listed["epochs_done"]) == (second.id, 9.0, 2)
    shown = CliRunner().invoke(app, ["runs", "list"]).stdout
    assert "same" in shown
    assert "Overfit" in shown
    refused = CliRunner().invoke(app, ["runs", "compare", first.id, "gone"])
    assert (refused.exit_code, "There is no run 'gone'" in refused.stderr) == (1, True)


def test_a_deleted_run_comes_back_whole_until_its_days_are_over(folder: Path) -> None:
    run = ended(recipe(), VALUES, RunAbout(notes="kept"))
    content = {path.name: path.read_bytes() for path in run.folder.iterdir()}
    run.delete()
    assert runs.list_runs() == []
    (trashed,) = runs.trashed_runs()
    assert (trashed.id, trashed.days_left) == (run.id, DAYS)
    assert runs.restore(run.id) == run.folder
    assert {path.name: path.read_bytes() for path in run.folder.iterdir()} == content
    assert runs.trashed_runs() == []
    run.delete()
    an_hour = 3600
    for age, left in ((DAYS * 86_400 - an_hour, 1), (DAYS * 86_400 + an_hour, 0)):
        then = time.time() - age
        os.utime(folder / "trash" / run.id, (then, then))
        assert len(runs.trashed_runs()) == left
    with pytest.raises(TrainingError, match="not among the deleted"):
        runs.restore(run.id)


def test_a_title_and_notes_change_nothing_else() -> None:
    run = ended(recipe(), VALUES)
    assert run.title == "r"
    run.describe(RunAbout(title="mine", notes="two\nlines"))
    assert (run.title, run.about.notes, run.recipe) == ("mine", "two\nlines", recipe())
    (run.folder / "about.json").write_text("{damaged")
    assert (run.title, run.about) == ("r", RunAbout())
