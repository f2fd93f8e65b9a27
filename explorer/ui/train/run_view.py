"""A training as it goes, and afterwards: curves, pictures, map, and what can be done with the run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from explorer import denoising, runs
from explorer.checkpoints import Card
from explorer.checkpoints.history import loss_unit
from explorer.core.errors import ExplorerError
from explorer.data.stored import as_float
from explorer.export import figures
from explorer.latent import projection
from explorer.runs import Run, Status
from explorer.training.events import Preview
from explorer.ui.shell import cache, session
from explorer.ui.shell.cache import cached
from explorer.ui.shell.links import open_page
from explorer.ui.shell.session import Context
from explorer.ui.train import live_charts
from explorer.ui.train.run_progress import Progress, progress
from explorer.ui.widgets import pictures, profiles
from explorer.ui.widgets.figure import show_figure
from explorer.ui.widgets.history import went_back
from explorer.ui.widgets.terms import explained, explanation
from explorer.ui.widgets.text import duration, plain, three_digits, weights
from explorer.views import item_words

BADGES: dict[Status, tuple[str, str]] = {
    "running": ("blue", ":material/play_arrow:"),
    "paused": ("gray", ":material/pause:"),
    "finished": ("primary", ":material/check:"),
    "stopped": ("gray", ":material/stop:"),
    "failed": ("orange", ":material/error:"),
    "dead": ("orange", ":material/power_off:"),
}
"""Status -> colour and icon."""
WITH_FINDINGS = ("orange", ":material/warning:")
OF_CHECKPOINT = ""
"""In place of a run's id: the training of the current checkpoint."""
ITEMS, TABLE_ITEMS = 8, 4


def choice(ids: Sequence[str]) -> str:
    """Pick what is shown: one of the runs, the newest at first, or the checkpoint's own training.

    Returns:
        A run's id, or ``OF_CHECKPOINT``.
    """
    if "next_run" in st.session_state:
        st.session_state["run"] = st.session_state.pop("next_run")
    elif "run" not in st.session_state or went_back():
        st.session_state["run"] = st.query_params.get("run", next(iter(ids), OF_CHECKPOINT))
    if st.session_state["run"] not in (*ids, OF_CHECKPOINT):
        st.session_state["run"] = next(iter(ids), OF_CHECKPOINT)
    if not ids:
        return OF_CHECKPOINT
    shown = st.selectbox(
        "Shown",
        [*ids, OF_CHECKPOINT],
        key="run",
        format_func=lambda run_id: run_id or "Training of the current checkpoint",
        persist_state="session",
    )
    st.query_params["run"] = shown
    return shown


def open_run(run_id: str) -> None:
    """Draw the page again with this run."""
    st.session_state["next_run"] = run_id
    st.rerun()


def find(run_id: str) -> Run | None:
    """The run of that id, if its folder is there."""
    return next((run for run in runs.list_runs() if run.id == run_id), None)


def show(run: Run) -> None:
    """Draw a run: every second anew while it is running."""
    if run.status == "running":
        _live(run)
    else:
        _at_rest(run)


@st.fragment(run_every="0.5s")
def _live(run: Run) -> None:
    if run.status != "running":
        st.rerun()
    state = read(run)
    _heading(run, state)
    if not state.started:
        st.info("The process is starting: reading the data and building the model.", icon=":material/hourglass_top:")
    else:
        left = "time left not known yet" if state.seconds_left is None else f"{duration(state.seconds_left)} left"
        stage = f"{plain(state.stage)}: " if len(state.started["stages"]) > 1 else ""
        st.progress(
            state.share,
            f"{stage}epoch {state.epoch} of {state.epochs} · step {state.step:,} of {state.steps:,} · "
            f"{state.items_per_second:,.0f} items/s · {left}",
        )
    pause, stop = st.columns(2)
    if pause.button(
        "Pause", icon=":material/pause:", key="pause", width="stretch", help="Save all and end; resume later."
    ):
        _ask(run.pause, "Pausing after this step.")
    if stop.button("Stop and keep the best", icon=":material/stop:", key="stop", width="stretch"):
        _ask(run.stop, "Stopping after this step.")
    _curves(run, state, live=True)
    run.watch()
    live, kept_frames = run.live(), frames(run)
    newest = max([*kept_frames.items(), *([] if live is None else [live])], key=lambda frame: frame[0], default=None)
    _pictures(run, state, newest, live=True)


def _at_rest(run: Run) -> None:
    state = read(run)
    _heading(run, state)
    _outcome(run, state)
    _actions(run)
    _curves(run, state, live=False)
    by_epoch = {int(epoch): frame for epoch, frame in frames(run).items()}
    epochs = list(by_epoch)
    if len(epochs) > 1:
        words = "Drag back to see it learn."
        epochs = [st.select_slider("Epoch", epochs, epochs[-1], key=f"epoch.{run.id}", help=words)]
    _pictures(run, state, (epochs[-1], by_epoch[epochs[-1]]) if epochs else None, live=False)


def frames(run: Run) -> dict[float, Preview]:
    """A run's kept epochs; only what was written since the last look is read."""
    known: Run = st.session_state.setdefault(f"frames.{run.id}", run)
    return known.frames()


def read(run: Run) -> Progress:
    """How far a run is; only what was written since the last look is read."""
    events, position = st.session_state.get(f"events.{run.id}", ([], 0))
    new, position = run.events(position)
    events = [*events, *new] if new else events
    st.session_state[f"events.{run.id}"] = (events, position)
    return progress(runs.current(events))


def _heading(run: Run, state: Progress) -> None:
    colour, icon = BADGES[run.status] if run.status_words == run.status else WITH_FINDINGS
    st.subheader(plain(run.recipe.display_title))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.badge(run.status_words, color=colour, icon=icon)  # type: ignore[arg-type]
        if state.started:
            explained(
                f"{plain(state.started['dataset'])} · {state.started['n_train']:,} training and "
                f"{state.started['n_validation']:,} validation items · "
                f"{weights(state.started['weights'])} · {plain(state.started['device'])}"
            )


def _outcome(run: Run, state: Progress) -> None:
    outcome = run.outcome
    if run.status == "failed":
        text = f"{plain(outcome.get('message', ''))}\n\n{plain(outcome.get('hint', ''))}"
        st.error(text, icon=":material/error:")
    elif run.status == "dead":
        st.warning(
            "The process of this run was stopped from outside. Resume goes on from its last saved state.",
            icon=":material/power_off:",
        )
    if state.finished:
        figures_ = [
            f"{m['name']} {three_digits(m['value'])} {m['unit']} ({m['split']}, n = {m['n']:,})"
            for m in state.finished.get("metrics", [])
        ]
        took = f"best epoch {state.finished['best_epoch']}, {duration(state.finished['seconds'])} of training"
        explained(plain(" · ".join([took, *figures_])))


def _actions(run: Run) -> None:
    with st.container(horizontal=True):
        if run.status in ("paused", "dead", "failed") and (run.folder / "state.safetensors").is_file():
            if st.button("Resume", icon=":material/play_arrow:", key="resume"):
                _ask(run.resume, "Going on.")
        elif run.status == "dead" and st.button("Start again", icon=":material/play_arrow:", key="resume"):
            _ask(run.resume, "Starting again.")
        if run.status in ("paused", "dead") and st.button("Stop and keep the best", icon=":material/stop:", key="stop"):
            _ask(run.stop, "Ending the run.")
        if run.checkpoint is not None:
            with st.popover("Save as checkpoint", icon=":material/save:"):
                _keep(run)
        with st.popover("Delete", icon=":material/delete:"):
            st.markdown("Delete this run's folder, with its curves and pictures? Saved checkpoints stay.")
            if st.button("Delete the run", key="delete"):
                run.delete()
                st.session_state["next_run"] = None
                st.rerun()
    _offer_kept(run)


def _keep(run: Run) -> None:
    name = st.text_input("Name", run.recipe.name, key=f"keep_name.{run.id}")
    replace = st.toggle("Replace a checkpoint of that name", key=f"keep_replace.{run.id}")
    if st.button("Save", key="keep"):
        try:
            with st.spinner("Measuring and saving"):
                run.keep(name, replace)
        except ExplorerError as error:
            st.error(plain(str(error)), icon=":material/error:")
            return
        st.session_state[f"kept.{run.id}"] = name
        st.rerun()  # the sidebar lists it then


def _offer_kept(run: Run) -> None:
    name = st.session_state.get(f"kept.{run.id}")
    if name is None or session.card_of(name) is None:
        return
    st.success(f"Saved as {plain(name)}: it is in the list under Model.", icon=":material/check:")
    if st.button("Open it in Latent space", icon=":material/scatter_plot:", key="open_kept"):
        st.session_state["next_model"] = name
        open_page("latent_space", {})


def _ask(request: Callable[[], None], words: str) -> None:
    """Do what a button says; an error stays beside it."""
    try:
        request()
    except ExplorerError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    st.toast(words)
    st.rerun()


# --- Results ---------------------------------------------------------------------------------------------------------


def _curves(run: Run, state: Progress, live: bool) -> None:
    if state.history:
        curves(state.history, f"curves.{run.id}", live)


def _pictures(run: Run, state: Progress, frame: tuple[float, Preview] | None, live: bool) -> None:
    """How items look after one epoch, or within it; None before the first."""
    if frame is not None:
        epoch, preview = frame
        st.markdown(f"**Validation items after epoch {epoch:.{0 if epoch == int(epoch) else 2}f}**")
        _items(preview.x, preview.x_noisy, preview.x_hat, [] if preview.x_names is None else preview.x_names.tolist())
        _map(preview, _label_names(run), f"map.{run.id}", live)
    elif state.started:
        explained("Pictures and map appear after the first epoch of the last stage.")


def curves(history: Sequence[Any], key: str, live: bool = False) -> None:
    """The terms of the loss over the epochs, as the page's chart."""
    about = filter(
        None, ["Shows terms of different sizes beside each other.", explanation(" ".join(history[0]["train"]))]
    )
    log_y = st.toggle("Logarithmic axis", key=f"log.{key}", help="\n\n".join(about))
    if live:
        live_charts.curves(history, loss_unit(history), f"live.{key}", log_y)
    else:
        show_figure(figures.loss_curves(history, loss_unit(history), log_y), key=key)


def of_checkpoint(card: Card, context: Context | None) -> None:
    """The training that gave the current checkpoint, from its card, and what it makes of shown items.

    Args:
        card: of the checkpoint.
        context: the shown items; None where there are none that fit.
    """
    st.subheader(plain(card.title))
    metrics = [f"{m.name} {three_digits(m.value)} {m.unit} ({m.split}, n = {m.n:,})" for m in card.metrics]
    trained = (
        f"How this checkpoint was trained: {card.data.title}, {card.data.n_train:,} items, "
        f"{duration(card.training_seconds)} on {card.device}, best epoch {card.best_epoch}."
    )
    explained(plain(card.origin or trained))
    if card.history:
        curves(card.history, key="curves.checkpoint")
    elif not card.origin:
        st.info("This checkpoint's card has no history of its training.", icon=":material/info:")
    explained(plain(" · ".join(metrics)))
    if context is not None:
        positions = context.samples(ITEMS)
        x = as_float(context.x(positions)).numpy()
        corruption = card.recipe.corruption
        x_noisy = x if corruption is None else denoising.add_noise(x, corruption)
        st.markdown(f"**Items and their reconstructions ({plain(context.split.split(',')[0])})**")
        titles = [item_words.item_title(context, position) for position in positions.tolist()]
        _items(x, x_noisy, context.checkpoint.reconstruct(x_noisy), titles)


def _items(x: np.ndarray, x_noisy: np.ndarray, x_hat: np.ndarray, titles: Sequence[str]) -> None:
    """Items (n, *event), with what they are called, above what the model sees of them and makes of them."""
    if x.ndim == 2:
        _rows(x, x_hat, titles)
        return
    pictures.picture_row("Input", x, titles, size=64)
    if not np.array_equal(x, x_noisy):
        pictures.picture_row("Corrupted input: what the model sees", np.clip(x_noisy, 0, 1), size=64)
    pictures.picture_row("Reconstruction", np.clip(x_hat, 0, 1), size=64)


def _rows(x: np.ndarray, x_hat: np.ndarray, titles: Sequence[str]) -> None:
    """Table rows as bars, each column scaled to the items that are shown."""
    mean, std = x.mean(0), x.std(0)
    std[std == 0] = 1
    pairs = zip(*((rows[:TABLE_ITEMS] - mean) / std for rows in (x, x_hat)), strict=True)
    explained("Bars: the row, one bar a column, in standard deviations of the shown rows. Lines: its reconstruction.")
    bars = [profiles.bars(row, "A row and its reconstruction", row_hat) for row, row_hat in pairs]
    profiles.show(bars, titles[:TABLE_ITEMS])


def _label_names(run: Run) -> tuple[str, ...]:
    """Names of the classes, from the best checkpoint so far: the events do not hold them."""
    return () if run.checkpoint is None else cache.load_card(run.checkpoint).data.label_names


def _map(preview: Preview, names: Sequence[str], key: str, live: bool) -> None:
    z = preview.z
    if not z.shape[1]:
        return  # a model without a vector code
    axes = ("z₁", "z₂")
    if z.shape[1] != 2:
        z = projection.PCA().fit_transform(z) if len(z) > 1 else np.zeros((len(z), 2))
        axes = ("PCA 1", "PCA 2")
    st.markdown(f"**Codes of {len(z):,} validation items**")
    if live:
        live_charts.code_map(z, preview.labels, names, axes, f"live.{key}")
    else:
        titles = [] if preview.z_names is None else preview.z_names.tolist()
        show_figure(figures.scatter2d(z, preview.labels, names, axes, titles), key=key)


# --- The list --------------------------------------------------------------------------------------------------------


def table(runs_shown: Sequence[Run]) -> None:
    """All runs with their state, newest first."""
    rows = [_summary(run) for run in runs_shown]
    st.dataframe(rows, hide_index=True, width="stretch", key="runs")


def _summary(run: Run) -> dict[str, Any]:
    path = run.folder / "events.jsonl"
    size = path.stat().st_size if path.exists() else 0
    dataset, done, best = _figures(run.folder, size)
    return {
        "run": run.id,
        "status": run.status_words,
        "name": run.recipe.display_title,
        "dataset": dataset or run.recipe.data.dataset,
        "epochs": f"{done} of {run.recipe.training.epochs}",
        "best validation loss": best,
    }


@cached(max_entries=256)
def _figures(folder: Path, size: int) -> tuple[str, int, str]:
    """Dataset, epochs done in the last stage, and the best validation loss of a run's events up to a size."""
    state = progress(runs.current(Run(folder).events()[0]))
    best = state.best_validation
    last = state.started.get("stages", [[""]])[-1][0]
    done = sum(entry["stage"] == last for entry in state.history)
    unit = loss_unit(state.history).removesuffix(" per item")
    return (
        state.started.get("dataset", ""),
        done,
        "" if best is None else f"{three_digits(best[0])} {unit} (epoch {best[1]})",
    )
