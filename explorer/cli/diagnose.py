"""The command that says what is wrong with a training, and what to change.

What takes long to import is imported inside the command.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from explorer.cli.output import AsJson, finding_lines, print_json
from explorer.core.errors import CheckpointError, ExplorerError, TrainingError

if TYPE_CHECKING:
    from explorer.checkpoints import TrainingFinding


def diagnose(
    name: Annotated[
        str,
        typer.Argument(
            metavar="RUN|CHECKPOINT|RECIPE.toml",
            help="A run's folder or name, or a checkpoint's name or file; a recipe with --range-test.",
        ),
    ],
    range_test: Annotated[
        bool, typer.Option("--range-test", help="Train for 140 steps with rising learning rates: which of them fit.")
    ] = False,
    keep: Annotated[
        bool,
        typer.Option("--keep", help="Write what is found into the checkpoint's card; its weights stay as they are."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say what is wrong with a training, the figures that show it, and which field of the recipe to change.

    A checkpoint is looked at anew, on the data that it learnt from where they are on this machine; a run's findings are
    those of its end, or of its losses so far.
    """
    if keep and range_test:
        raise TrainingError("A range test is of a recipe, which keeps no findings.", "Leave out --keep.")
    if range_test:
        _range_test(name, as_json)
        return
    title, findings, looked = _looked_at(name, keep)
    if as_json:
        values = [finding.model_dump(mode="json") for finding in findings]
        print_json({"name": title, "looked at": looked, "findings": values})
        return
    typer.echo(f"{title}: {looked}.")
    for line in finding_lines(findings):
        typer.echo(line)
    if not findings:
        typer.echo("Nothing stands out.")


def _range_test(name: str, as_json: bool) -> None:
    from explorer import checkpoints, runs
    from explorer.recipe import Recipe
    from explorer.training import range_test as tests

    run = next((run for run in runs.list_runs() if run.id == name), None)
    is_recipe = name.endswith(".toml")
    card = None if is_recipe or run is not None else checkpoints.load_card(name)
    recipe = Recipe.from_toml(name) if is_recipe else run.recipe if run is not None else card.recipe if card else None
    assert recipe is not None  # noqa: S101 - each of the three has one
    test = tests.range_test(recipe)
    finding = tests.rate_finding(recipe, test)
    if as_json:
        curve = {"rates": test.rates.tolist(), "losses": test.losses.tolist()}
        limit = test.limit if math.isfinite(test.limit) else None
        values = {"begins": test.begins, "limit": limit, "suggested": test.suggested, **curve}
        findings = [] if finding is None else [finding.model_dump(mode="json")]
        print_json({"name": recipe.name, "range test": values, "findings": findings})
        return
    if test.begins is None:
        typer.echo(f"{recipe.name}: no learning rate from {tests.LOWEST:g} to {tests.HIGHEST:g} made the loss fall.")
        return
    rises = f"rises again from {test.limit:.1g}" if math.isfinite(test.limit) else "does not rise again"
    typer.echo(
        f"{recipe.name}: the loss begins to fall at a learning rate of {test.begins:.1g} and {rises}."
        f" The recipe has {recipe.training.learning_rate:g}; a good one is {test.suggested:g}"
        f" (--set training.learning_rate={test.suggested:g})."
    )
    for line in finding_lines([] if finding is None else [finding]):
        typer.echo(line)


def _looked_at(name: str, keep: bool) -> tuple[str, tuple[TrainingFinding, ...], str]:
    """What it is called, its findings, and what was looked at; ``keep``: they go into the checkpoint's card."""
    from explorer import checkpoints, diagnosis, runs

    run = next((run for run in runs.list_runs() if run.id == name), None)
    if run is None and Path(name).is_dir():
        run = runs.Run(Path(name))
    if run is None and name.endswith(".toml"):
        raise TrainingError(f"{name} is a recipe, and nothing was trained by it here.", "Add --range-test.")
    if run is None:
        checkpoint = checkpoints.load(name)
        try:
            dataset = checkpoint.card.recipe.data.open()
        except ExplorerError as error:
            if keep:
                raise _half_a_look(name, error.message) from error
            words = f"its card and weights alone ({error.message.rstrip('.')})"
            return checkpoint.name, diagnosis.diagnose_checkpoint(checkpoint, None), words
        record = diagnosis.record_of(checkpoint, dataset)
        items = (
            f"{dataset.title}" if record.has_items else f"its card alone ({dataset.title} is not what it learnt from)"
        )
        findings = diagnosis.diagnose_checkpoint(checkpoint, dataset)
        if keep and not record.has_items:
            raise _half_a_look(name, f"{dataset.title} is not what it learnt from.")
        if keep:
            checkpoints.keep_findings(checkpoints.find(name), findings)
            items += ", and kept in its card"
        return checkpoint.name, findings, f"looked at on {items}"
    if keep:
        raise TrainingError(f"{name} is a run, whose findings are kept with it.", "Leave out --keep.")
    if not (run.folder / "events.jsonl").is_file():
        raise CheckpointError(f"{name} is no run's folder.", "Give a run's folder, or a checkpoint.")
    if run.status in ("finished", "stopped", "failed"):
        return run.id, run.findings, run.status_words
    history = [event for event in runs.current(run.events()[0]) if event["event"] == "epoch"]
    started = next((event for event in run.events()[0] if event["event"] == "started"), None)
    if started is None:
        raise TrainingError(f"The run {run.id} has not begun.", "Wait for its first epoch to end.")
    record = diagnosis.TrainingRecord(run.recipe, history, "", started["n_train"], started["n_validation"])
    return run.id, diagnosis.diagnose(record), f"{run.status}, {len(history)} epochs so far"


def _half_a_look(name: str, reason: str) -> CheckpointError:
    """Why findings without the items are not kept: a card's are of all examinations."""
    return CheckpointError(
        f"Without the items that it learnt from only a part of {name} can be looked at: {reason}",
        "Leave out --keep to see that part, or put the data where the card says (explorer info).",
    )
