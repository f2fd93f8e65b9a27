"""A training as it goes, and afterwards: curves, pictures, map, and what can be done with the run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer import denoising, runs
from explorer.checkpoints import Card
from explorer.checkpoints.history import loss_unit
from explorer.core.errors import ExplorerError
from explorer.data.stored import as_float
from explorer.export import figures
from explorer.export.training_python import run_code, training_code
from explorer.runs import Run, Status
from explorer.runs.progress import Progress
from explorer.ui.shell import copied, session
from explorer.ui.shell.links import open_page
from explorer.ui.shell.session import Context
from explorer.ui.train import run_list
from explorer.ui.train.stage import followed, show_kept, show_stage
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
RUN_WIDTH = 300
"""Of the list of runs, in pixels."""


def choice(every_run: Sequence[Run]) -> str:
    """Pick what is shown: one of the runs, the newest at first, or the checkpoint's own training.

    Args:
        every_run: newest first.

    Returns:
        A run's id, or ``OF_CHECKPOINT``.
    """
    ids = {run.id: run.title for run in every_run}
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
        format_func=lambda run_id: f"{ids[run_id]} · {run_id}" if run_id else "Training of the current checkpoint",
        persist_state="session",
        label_visibility="collapsed",
        width=RUN_WIDTH,
    )
    st.query_params["run"] = shown
    return shown


def has_stage(all_runs: Sequence[Run]) -> bool:
    """Whether one of the runs is shown, before ``choice`` is asked."""
    return bool(all_runs) and st.session_state.get("run", st.query_params.get("run")) != OF_CHECKPOINT


def open_run(run_id: str) -> None:
    """Draw the page again with this run."""
    st.session_state["next_run"] = run_id
    st.rerun()


def find(run_id: str) -> Run | None:
    """The run of that id, if its folder is there."""
    return next((run for run in runs.list_runs() if run.id == run_id), None)


def show(run: Run, head: DeltaGenerator) -> None:
    """Draw a run: twice a second anew while it is running.

    Args:
        run: that is shown.
        head: the row above the stage, for what it is and what can be done with it.
    """
    if run.status == "running":
        st.session_state["stage_is_new"] = True
        with head:
            _live_head(run)
        _live(run)
        return
    state = followed(run).progress()
    with head:
        _badge(run)
        _actions(run)
    _offer_kept(run)
    _broken_off(run)
    show_stage(run, state, live=False, whole=True)
    _figures_of(run, state)
    with st.expander("Copy as Python"):
        st.code(run_code(str(run.folder)), language="python")


@st.fragment
def _live_head(run: Run) -> None:
    # Not looked at by a clock: what it says changes with the status, at which ``_live`` draws the whole page again.
    with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
        _badge(run)
        if st.button("Pause", icon=":material/pause:", key="pause", help="Save all and end; resume later."):
            _ask(run.pause, "Pausing after this step.")
        if st.button("Stop and keep the best", icon=":material/stop:", key="stop"):
            _ask(run.stop, "Stopping after this step.")


@st.fragment(run_every="0.5s")
def _live(run: Run) -> None:
    if run.status != "running":
        st.rerun()
    run.watch()
    state = followed(run).progress()
    if state.started:
        left = "time left not known yet" if state.seconds_left is None else f"{duration(state.seconds_left)} left"
        stage = f"{plain(state.stage)}: " if len(state.started["stages"]) > 1 else ""
        st.progress(
            state.share,
            f"{stage}epoch {state.epoch} of {state.epochs} · step {state.step:,} of {state.steps:,} · "
            f"{state.items_per_second:,.0f} items/s · {left}",
        )
    else:
        st.progress(0.0, "The process is starting: reading the data and building the model.")
    # The first time in a run of the page the browser may know nothing yet.
    show_stage(run, state, live=True, whole=st.session_state.pop("stage_is_new", False))
    _figures_of(run, state)


def _badge(run: Run) -> None:
    colour, icon = BADGES[run.status] if run.status_words == run.status else WITH_FINDINGS
    st.badge(run.status_words, color=colour, icon=icon)  # type: ignore[arg-type]


def _broken_off(run: Run) -> None:
    outcome = run.outcome
    if run.status == "failed":
        text = f"{plain(outcome.get('message', ''))}\n\n{plain(outcome.get('hint', ''))}"
        st.error(text, icon=":material/error:")
    elif run.status == "dead":
        st.warning(
            "The process of this run was stopped from outside. Resume goes on from its last saved state.",
            icon=":material/power_off:",
        )


def _figures_of(run: Run, state: Progress) -> None:
    """What was trained on what, and what came of it, in a line below the stage."""
    if not state.started:
        return
    parts = [
        run.recipe.display_title,
        state.started["dataset"],
        f"{state.started['n_train']:,} training and {state.started['n_validation']:,} validation items",
        weights(state.started["weights"]),
        state.started["device"],
    ]
    if state.finished:
        parts += [f"best epoch {state.finished['best_epoch']}, {duration(state.finished['seconds'])} of training"]
        parts += [
            f"{m['name']} {three_digits(m['value'])} {m['unit']} ({m['split']}, n = {m['n']:,})"
            for m in state.finished.get("metrics", [])
        ]
        parts += [line for line in state.started.get("read", []) if line.startswith("Split: ")]
    explained(plain(" · ".join(parts)))


def _actions(run: Run) -> None:
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
    run_list.about(run)
    run_list.delete(run)


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


def curves(history: Sequence[Any], key: str) -> None:
    """The terms of the loss over the epochs, as the page's chart."""
    about = filter(
        None, ["Shows terms of different sizes beside each other.", explanation(" ".join(history[0]["train"]))]
    )
    log_y = st.toggle("Logarithmic axis", key=f"log.{key}", help="\n\n".join(about))
    show_figure(figures.loss_curves(history, loss_unit(history), log_y), key=key)


_MISSING = {
    "decoder": "There are no reconstructions here: this model is an encoder alone, which gives items codes, and nothing"
    " rebuilds them. To see some, bring its decoder in with it (python -m explorer import ENCODER.onnx --decoder"
    " DECODER.onnx --data D), or press Start above, which trains an autoencoder of your own. Its codes are on Latent"
    " space.",
    "encoder": "There are no reconstructions here: this model is a decoder alone, which makes items of codes, and"
    " nothing gives an item its code. To see some, bring its encoder in with it (python -m explorer import"
    " ENCODER.onnx --decoder DECODER.onnx --data D), or press Start above, which trains an autoencoder of your own."
    " What it decodes is on Generate.",
}


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
    show_kept(st.session_state.get("model", card.name), card)
    if card.history:
        curves(card.history, key="curves.checkpoint")
    elif not card.origin:
        st.info("This checkpoint's card has no history of its training.", icon=":material/info:")
    explained(plain(" · ".join(metrics)))
    if card.lacks:
        st.info(_MISSING[card.lacks], icon=":material/info:")
    elif context is not None:
        positions = context.samples(ITEMS)
        x = as_float(context.x(positions)).numpy()
        corruption = card.recipe.corruption
        x_noisy = x if corruption is None else denoising.add_noise(x, corruption)
        st.markdown(f"**Items and their reconstructions ({plain(context.split.split(',')[0])})**")
        titles = [item_words.item_title(context, position) for position in positions.tolist()]
        _items(x, x_noisy, context.checkpoint.reconstruct(x_noisy), titles)
    with st.expander("Copy as Python"):
        st.code(_python(card, context), language="python")


def _python(card: Card, context: Context | None) -> str:
    """The Python of a checkpoint's training, and of the items that are shown with it."""
    if context is None or card.lacks or not context.is_real:
        return training_code(copied.model_name(card))
    noise = card.recipe.corruption
    shown = context.rows[context.samples(ITEMS)]
    return training_code(
        copied.model_name(card), copied.data_of(context), shown, None if noise is None else noise.model_dump()
    )


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
