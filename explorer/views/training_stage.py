"""The stage of a whole training: of a run that rests, or of the frames that a checkpoint carries."""

from __future__ import annotations

from collections.abc import Sequence

from explorer import checkpoints
from explorer.browser.run_stage.message import RunStage
from explorer.checkpoints.history import loss_unit
from explorer.core.errors import DataError
from explorer.data import DATASETS
from explorer.runs import Run, current
from explorer.runs.kept_frames import KeptFrames
from explorer.views.stage_contents import StageFrames, curves_of, stage_message


def label_names_of(run: Run) -> tuple[str, ...]:
    """Names of the classes: from the best checkpoint so far, else of a dataset by name, as the events hold none."""
    if run.checkpoint is not None:
        return checkpoints.load_card(run.checkpoint).data.label_names
    return run.recipe.data.open().label_names if run.recipe.data.dataset in DATASETS else ()


def stage_of_run(run: Run, label_names: Sequence[str]) -> RunStage:
    """All that a run has kept.

    Raises:
        DataError: it has no frames yet.
    """
    frames = run.frames()
    if not frames:
        raise DataError(f"The run {run.id} kept no pictures.", "Wait for its first epoch to end.")
    events = current(run.events()[0])
    started = next(event for event in reversed(events) if event["event"] == "started")
    history = [event for event in events if event["event"] == "epoch"]
    stages = started["stages"]
    steps = [event for event in events if event["event"] == "step"]
    newest = next(reversed(frames.values()))
    return stage_message(
        run.id,
        StageFrames(sum(epochs for _, epochs in stages[:-1])).of(frames),
        newest,
        label_names,
        curves_of(history, steps, started["steps_per_epoch"]),
        unit=loss_unit(history),
        epochs=sum(epochs for _, epochs in stages),
        whole=True,
        live=False,
        labels=() if newest.labels is None else newest.labels.tolist(),
    )


def stage_of_kept(kept: KeptFrames, name: str, label_names: Sequence[str]) -> RunStage:
    """What a checkpoint of that name carries."""
    newest = next(reversed(kept.frames.values()))
    before = sum(entry["stage"] != kept.history[-1]["stage"] for entry in kept.history)
    message = stage_message(
        f"checkpoint {name}",
        StageFrames(before).of(kept.frames),
        newest,
        label_names,
        curves_of(kept.history, (), 1),
        unit=loss_unit(kept.history),
        epochs=kept.epochs,
        whole=True,
        live=False,
        labels=() if newest.labels is None else newest.labels.tolist(),
        code_size=kept.code_size,
    )
    return message.model_copy(update={"note": f"{kept.told} {message.note}".strip()})
