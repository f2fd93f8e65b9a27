"""Train shipped models and keep their weights in half precision, each after the one whose weights it starts from.

Run: EXPLORER_DATA=FOLDER OMP_NUM_THREADS=1 python benchmarks/half_precision.py NAME ...

A name is that of a recipe in recipes/ or recipes/learn/; its checkpoint lies in the same place of checkpoints/. The
figures of the card are those of the weights as kept. A run that was broken off goes on.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from explorer import checkpoints, evaluation, runs
from explorer.core import places
from explorer.recipe import Recipe
from explorer.training.events import EpochFinished, Finished

RECIPES = places.shipped("recipes")


def in_order(paths: list[Path]) -> dict[Path, Recipe]:
    """The recipes of files, each after the one whose weights it starts from."""
    recipes = {path: Recipe.from_toml(path) for path in paths}
    ordered: dict[Path, Recipe] = {}
    while len(ordered) < len(recipes):
        waiting = {recipe.name for path, recipe in recipes.items() if path not in ordered}
        ready = {path: recipe for path, recipe in recipes.items() if recipe.training.start_from not in waiting}
        ordered |= {path: recipe for path, recipe in ready.items() if path not in ordered}
    return ordered


def train(recipe: Recipe, folder: Path, out: Path) -> None:
    """Train as the recipe says, and keep the result in half precision."""
    finished: Finished | None = None
    for event in runs.drain(recipe, folder, resume=(folder / "state.safetensors").is_file()):
        if isinstance(event, EpochFinished):
            print(f"{recipe.name} {event.stage} {event.epoch}/{event.epochs}: {event.validation}", flush=True)
        if isinstance(event, Finished):
            finished = event
    assert finished is not None
    assert finished.checkpoint is not None
    kept = checkpoints.load(checkpoints.save(finished.checkpoint, out, half=True))
    dataset = recipe.data.open()
    rows = evaluation.training_rows(dataset, recipe.data.classes, "test")
    figures = tuple(evaluation.evaluate(kept, dataset, rows, "test"))
    checkpoints.save(replace(kept, card=kept.card.model_copy(update={"metrics": figures})), out, half=True)
    print(f"{out}: {out.stat().st_size:,} bytes", flush=True)


def main() -> None:
    """Train those that are named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="+", metavar="NAME", help="of a recipe")
    parser.add_argument("--runs", type=Path, default=places.user_folder("runs"), help="where unfinished runs are kept")
    arguments = parser.parse_args()
    paths = {path.stem: path for path in sorted(RECIPES.rglob("*.toml"))}
    for path, recipe in in_order([paths[name] for name in arguments.names]).items():
        out = places.shipped("checkpoints") / path.relative_to(RECIPES).with_name(f"{path.stem}.safetensors")
        train(recipe, arguments.runs / f"half-{recipe.name}", out)


if __name__ == "__main__":
    main()
