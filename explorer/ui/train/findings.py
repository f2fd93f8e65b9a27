"""What is wrong with the training that is shown, and the change that helps, one press away."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from explorer import runs
from explorer.checkpoints import Card, TrainingFinding
from explorer.core.errors import ExplorerError
from explorer.recipe import Recipe
from explorer.runs import Run
from explorer.ui.train import run_view
from explorer.ui.widgets.findings import show_finding
from explorer.ui.widgets.text import plain


def of_run(run: Run) -> None:
    """Findings of a run: of its losses while it is running, of the whole of it once it has ended."""
    if run.status == "running":
        _so_far(run)
    elif run.findings:
        _show(run.findings, run.recipe, run.id)


def of_checkpoint(card: Card) -> None:
    """Findings that the card of a checkpoint keeps."""
    _show(card.findings or (), card.recipe, f"card.{card.name}")


@st.fragment(run_every="3s")
def _so_far(run: Run) -> None:
    """What the newest epoch says; only what was written since the last look is read."""
    told, position = st.session_state.get(f"told.{run.id}", ((), 0))
    new, position = run.events(position)
    newest = next((event for event in reversed(new) if event["event"] == "epoch"), None)
    if newest is not None:
        told = tuple(TrainingFinding.model_validate(values) for values in newest.get("findings", ()))
    st.session_state[f"told.{run.id}"] = told, position
    for finding in told:
        show_finding(finding)


def _show(findings: Sequence[TrainingFinding], recipe: Recipe, key: str) -> None:
    for number, finding in enumerate(findings):
        show_finding(finding)
        remedy = finding.remedy
        if remedy is not None and st.button(
            f"Train again with {plain(remedy.setting)}",
            icon=":material/healing:",
            key=f"remedy.{key}.{number}",
            help="A new run of this recipe with that field changed; this one stays.",
        ):
            _train_again(recipe, remedy.setting)


def _train_again(recipe: Recipe, setting: str) -> None:
    try:
        started = runs.start(recipe.with_settings([setting]))
    except ExplorerError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    run_view.open_run(started.id)
