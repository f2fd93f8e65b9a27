"""Every run in a table that is live, sweeps as groups of their own, and what was deleted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from explorer import runs
from explorer.core.errors import ExplorerError
from explorer.runs import Run
from explorer.runs.summary import RunSummary, summarise
from explorer.runs.trash import DAYS
from explorer.sweeps import Sweep, list_sweeps
from explorer.sweeps.background import is_going, last_words
from explorer.ui.shell.cache import cached
from explorer.ui.train.sweep_group import sweep_group
from explorer.ui.widgets.text import duration, plain, three_digits

REFRESH = "5s"
"""Each fragment that is drawn again has the browser go through the page, whose time the training lacks."""
COLUMNS = {
    "★": st.column_config.TextColumn("★", width=32),
    "progress": st.column_config.ProgressColumn("progress", format="percent", width="small"),
}


def show(every_run: Sequence[Run]) -> None:
    """Runs of their own first, then each sweep's; looked at again every five seconds while one is going on.

    Args:
        every_run: newest first.
    """
    live = _is_live(every_run, list_sweeps())
    st.fragment(_tables, run_every=REFRESH if live else None)([run.id for run in every_run])


def _is_live(every_run: Sequence[Run], sweeps: Sequence[Sweep]) -> bool:
    return any(run.status == "running" for run in every_run) or any(is_going(sweep) for sweep in sweeps)


def _tables(ids: Sequence[str]) -> None:
    every_run, sweeps = runs.list_runs(), {sweep.name: sweep for sweep in list_sweeps()}
    live = _is_live(every_run, list(sweeps.values()))
    if st.session_state.get("runs_were_live") and not live:
        st.session_state["runs_were_live"] = False
        st.rerun()
    st.session_state["runs_were_live"] = live
    own = [run for run in every_run if run.about.sweep not in sweeps and run.id in ids]
    if own:
        _table(own, "runs")
    for name, sweep in sweeps.items():
        of_sweep = [run for run in every_run if run.about.sweep == name]
        if of_sweep or is_going(sweep) or last_words(sweep):
            sweep_group(sweep, partial(_table, of_sweep, f"runs.{name}"))


def _table(shown: Sequence[Run], key: str) -> None:
    st.dataframe([row_of(run) for run in shown], hide_index=True, width="stretch", key=key, column_config=COLUMNS)


def row_of(run: Run) -> dict[str, Any]:
    """What the table says of a run."""
    told, about = _told(run), run.about
    best = told.best
    return {
        "★": "★" if about.starred else "",
        "name": run.title,
        "status": run.status_words,
        "progress": told.progress.share if run.status in ("running", "paused", "dead") else 1.0,
        "epochs": f"{told.progress.epochs_done} of {run.recipe.training.epochs}",
        "best validation": ""
        if best is None
        else f"{best.name} {three_digits(best.value)} {best.unit} (epoch {told.best_epoch})",
        "findings": "; ".join(told.findings),
        "time": duration(told.progress.seconds) if told.progress.history else "",
        "dataset": told.progress.started.get("dataset") or run.recipe.data.dataset,
        "recipe": run.recipe.name,
        "notes": about.notes,
        "run": run.id,
    }


def _told(run: Run) -> RunSummary:
    path = run.folder / "events.jsonl"
    return _summary(run.folder, path.stat().st_size if path.exists() else 0)


@cached(max_entries=512)
def _summary(folder: Path, size: int) -> RunSummary:
    """A run's summary from its events up to a size."""
    return summarise(Run(folder))


# --- What is said of a run, and what was deleted ----------------------------------------------------------------------


def about(run: Run) -> None:
    """Its title, star and notes, kept as they are typed."""
    said = run.about
    with st.popover("Name and notes", icon=":material/edit_note:"):
        title = st.text_input("Name in lists", said.title, max_chars=120, placeholder=run.recipe.display_title,
                              key=f"about.title.{run.id}")  # fmt: skip
        starred = st.toggle("Star", said.starred, key=f"about.star.{run.id}")
        notes = st.text_area("Notes", said.notes, max_chars=10_000, key=f"about.notes.{run.id}")
    typed = said.model_copy(update={"title": title.strip(), "starred": starred, "notes": notes})
    if typed != said:
        try:
            run.describe(typed)
        except ExplorerError as error:
            st.error(plain(str(error)), icon=":material/error:")


def delete(run: Run) -> None:
    """A button that moves a run to the trash, with what that means for its checkpoint."""
    with st.popover("Delete", icon=":material/delete:"):
        checkpoint = "" if run.checkpoint is None else " The checkpoint in it goes along; one saved under a name stays."
        back = f"It can be brought back for {DAYS} days."
        st.markdown(f"Delete this run, with its curves and pictures?{checkpoint} {back}")
        if st.button("Delete the run", key="delete"):
            try:
                run.delete()
            except ExplorerError as error:
                st.error(plain(str(error)), icon=":material/error:")
                return
            st.session_state["deleted_run"] = run.id
            st.session_state["next_run"] = None
            st.rerun()


def deleted() -> None:
    """What was deleted: the newest with one press to undo it, all of them in a fold."""
    trash = runs.trashed_runs()
    newest = st.session_state.get("deleted_run")
    if newest is not None and newest in [run.id for run in trash]:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.badge(f"Deleted: {newest}", icon=":material/delete:", color="gray")
            if st.button("Undo", icon=":material/undo:", key="undo_delete"):
                _bring_back(newest)
    if trash:
        with st.popover(f"Deleted runs ({len(trash)})", icon=":material/delete_history:", type="tertiary"):
            names = {run.id: f"{run.id} (kept for {run.days_left} days)" for run in trash}
            chosen = st.selectbox("Deleted run", list(names), key="trashed", format_func=lambda run_id: names[run_id])
            if st.button("Bring it back", icon=":material/undo:", key="restore"):
                _bring_back(chosen)


def _bring_back(run_id: str) -> None:
    try:
        runs.restore(run_id)
    except ExplorerError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    st.session_state.pop("deleted_run", None)
    st.session_state["next_run"] = run_id
    st.rerun()
