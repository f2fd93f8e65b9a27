"""A sweep in a process of its own: started, asked to pause, gone on with; it outlives who started it."""

from __future__ import annotations

from explorer import data, runs
from explorer.checkpoints.files import write_file
from explorer.core.errors import TrainingError
from explorer.data import Dataset
from explorer.runs.processes import is_at_work, start_process
from explorer.sweeps.sweep import Sweep
from explorer.sweeps.training import ended_of

LOG_LINES = 3


def start_sweep(sweep: Sweep, dataset: Dataset | None = None, jobs: int = 1) -> Sweep:
    """Train what is left of a sweep as ``explorer sweep`` does; what is done is left as it is.

    Args:
        sweep: what is trained.
        dataset: items that exist in memory alone: they are written into the sweep's folder.
        jobs: trainings at once.

    Returns:
        The sweep as it is trained, of data that lies in a file.

    Raises:
        ExplorerError: a setting is no recipe, the recipe has changed since, the sweep is going on, or its folder cannot
            be written.
    """
    if is_going(sweep):
        raise TrainingError(f"The sweep {sweep.name} is going on.", "Wait for it, or pause it under Runs.")
    if dataset is not None:
        sweep = sweep.in_memory
    _ = sweep.points
    sweep.check_unchanged()
    if dataset is not None:
        write_file(sweep.data_file, data.npz_bytes(dataset))
    sweep.save()
    recipe = write_file(sweep.folder / "recipe.toml", sweep.recipe.to_toml().encode())
    for name in ("request", "log.txt"):
        (sweep.folder / name).unlink(missing_ok=True)
    settings = [word for field in sweep.fields for word in ("--set", field.text)]
    limits = ["--limit", str(sweep.size), "--jobs", str(jobs)]
    start_process(["sweep", str(recipe), *settings, "--name", sweep.name, *limits], sweep.folder)
    return sweep


def is_going(sweep: Sweep) -> bool:
    """Whether a process trains it now, or one of its runs is trained by itself."""
    return is_at_work(sweep.folder) or any(run.status == "running" for run in sweep.runs().values())


def ask_pause(sweep: Sweep) -> None:
    """Ask whoever trains it to pause the training in progress and to begin no other."""
    write_file(sweep.folder / "request", b"pause")
    for run in sweep.runs().values():
        if run.status == "running" and not is_at_work(sweep.folder):
            run.pause()


def state_words(sweep: Sweep) -> str:
    """What a list says of it: going on, pausing, done, or that something is left."""
    if is_going(sweep):
        return "pausing" if (sweep.folder / "request").is_file() else "going on"
    return "done" if len(ended_of(sweep)) == sweep.size else "has trainings left"


def last_words(sweep: Sweep) -> str:
    """The last lines that its process wrote: why it ended, where it ended by itself. Empty where there are none."""
    path = sweep.folder / "log.txt"
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
    return "\n".join([line for line in lines if line.strip()][-LOG_LINES:])


def runs_of(sweep: Sweep) -> list[runs.Run]:
    """Its runs, the newest first."""
    return [run for run in runs.list_runs() if run.about.sweep == sweep.name]
