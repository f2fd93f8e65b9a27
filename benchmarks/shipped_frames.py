"""Lay frames of a training beside the checkpoints that ship, without touching their weights.

    python -m explorer train recipes/mnist-vae-2d.toml --run-dir runs/mnist-vae-2d
    python benchmarks/shipped_frames.py runs/mnist-vae-2d ...

Shipped weights are not trained anew. Their recipe is run again with its seed, and its log is laid beside them, smaller,
as ``checkpoints/frames/NAME.bin``. Prints whether weights are the same to the bit; where they are not, the file says
that its pictures and curve are of another run, with both runs' best validation losses. Refuses a run of other settings.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

from explorer import checkpoints
from explorer.checkpoints.history import loss_unit
from explorer.core.written import three_digits
from explorer.runs import Run, current
from explorer.runs.kept_frames import keep_frames

CHECKPOINTS = Path(__file__).parents[1] / "checkpoints"


def digest(path: Path) -> str:
    """SHA-256 of a checkpoint's weights, by their names."""
    weights = checkpoints.load(path).model.state_dict()
    content = b"".join(name.encode() + weights[name].numpy().tobytes() for name in sorted(weights))
    return hashlib.sha256(content).hexdigest()


def lay_beside(folder: Path) -> str:
    """Write the frames of one run beside the shipped checkpoint of its recipe; a line of what was done."""
    run = Run(folder)
    path = CHECKPOINTS / f"{run.recipe.name}.safetensors"
    card, again = checkpoints.load_card(path), run.checkpoint
    if run.status != "finished" or again is None:
        return f"{run.recipe.name}: {run.status}, nothing written"
    if card.recipe != checkpoints.load_card(again).recipe:
        return f"{run.recipe.name}: the run's recipe is another one, nothing written"
    events = run.events()[0]
    history = [event for event in current(events) if event["event"] == "epoch"]
    last = history[-1]["stage"]
    ours, theirs = (
        min(entry["validation"]["total"] for entry in entries if entry["stage"] == last)
        for entries in (history, card.history)
    )
    is_same = digest(path) == digest(again)
    told = (
        ""
        if is_same
        else f"Pictures and curve are of another run of the same recipe and seed, whose best validation loss was"
        f" {three_digits(ours)} {loss_unit(history)} (this checkpoint's: {three_digits(theirs)}); processors and"
        " versions round differently, and weights part from there."
    )
    written = keep_frames(run.frames(), events, path, card, told)
    size = 0 if written is None else written.stat().st_size
    same = "the same weights" if is_same else "other weights"
    return f"{run.recipe.name}: {same}, best validation {ours:.6g} against {theirs:.6g}, {size:,} bytes"


def main() -> int:
    """Do it for each run named."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("runs", nargs="+", type=Path)
    lines = [lay_beside(folder) for folder in options.parse_args().runs]
    print("\n".join(lines))
    whole = sum(path.stat().st_size for path in (CHECKPOINTS / "frames").glob("*.bin"))
    print(f"{whole:,} bytes in checkpoints/frames")
    return int(any("nothing written" in line for line in lines))


if __name__ == "__main__":
    sys.exit(main())
