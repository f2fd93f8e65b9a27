"""k-fold: a recipe trained once for every fold that is held out, as a sweep over the folds."""

from __future__ import annotations

import json
import re

from explorer.core.errors import RecipeError
from explorer.recipe import Recipe
from explorer.sweeps.fields import FOLD
from explorer.sweeps.sweep import LONGEST_NAME, Sweep


def folds_sweep(recipe: Recipe, folds: int = 0, groups: str = "", name: str = "") -> Sweep:
    """The trainings of all folds of a recipe.

    Args:
        recipe: what is trained.
        folds: how many, 2 or more; 0: as many as the recipe says.
        groups: column whose items of one value stay together; empty: what the recipe says.
        name: of the sweep; empty: made of the recipe's and the number.

    Raises:
        RecipeError: nothing says how many folds, or it is one.
    """
    count = folds or recipe.data.split.folds
    if not count:
        raise RecipeError("Nothing says how many folds.", "Add --folds 5, or set data.split.folds in the recipe.")
    settings = [f"data.split.folds={count}", f"{FOLD}=1"]
    together = f"-by-{re.sub(r'[^A-Za-z0-9._-]+', '-', groups)}" if groups else ""
    settings += [f"data.split.groups={json.dumps(groups, ensure_ascii=False)}"] if groups else []
    return Sweep.parse(
        recipe.with_settings(settings),
        [f"{FOLD}=1..{count}"],
        name or f"{recipe.name}-{count}-folds{together}"[:LONGEST_NAME],
    )
