"""Recipes of likelihoods and residual blocks beside what they are an alternative to, on scikit-learn's digits.

    python benchmarks/likelihoods.py                            trains all (minutes), prints a Markdown table
    python benchmarks/likelihoods.py --table digits-counts.csv  writes the table of `recipes/more/digits-counts.toml`

The digits are 8 x 8 squares of 4 x 4 pixels; a number is how many of a square's 16 have ink, so that they are counts,
and as pictures have 17 of the 256 grey levels. Figures are of the test split, of the weights of the best validation.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
import time
from pathlib import Path

from sklearn.datasets import load_digits
from trained import trained

from explorer.recipe import Recipe
from explorer.training import train

RECIPES = Path(__file__).parents[1] / "recipes" / "more"
CASES = {
    "digits-counts": ((), ("model.likelihood=poisson",), ("model.likelihood=gaussian_each",)),
    "digits-categorical": ((), ("model.likelihood=discretised_logistic",)),
    "digits-residual": (
        (),
        ("model.residual_blocks=0",),
        ("model.residual_blocks=0", "model.hidden=[128,128,128,128,128]"),
    ),
}
"""Recipe -> what is changed of it, a training each."""


def write_counts(path: Path) -> None:
    """Write the digits as a table of 64 counts."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow([f"ink {row}.{column}" for row in range(1, 9) for column in range(1, 9)])
        rows.writerows(load_digits().data.astype(int).tolist())


def main() -> None:
    """Train and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--table", type=Path, help="write the table of counts here, and train nothing")
    table: Path | None = parser.parse_args().table
    if table is not None:
        write_counts(table)
        return
    with tempfile.TemporaryDirectory() as folder:
        counts = Path(folder) / "digits-counts.csv"
        write_counts(counts)
        print("| recipe | changed | weights | squared error | ELBO (nats) | seconds |\n|---|---|---|---|---|---|")
        for name, variants in CASES.items():
            for changed in variants:
                recipe = Recipe.from_toml(RECIPES / f"{name}.toml").with_settings(list(changed))
                if name == "digits-counts":
                    recipe = recipe.with_settings([f"data.dataset={counts}"])
                start = time.perf_counter()
                card = trained(train(recipe)).card
                figures = {one.name: one for one in card.metrics}
                shown = [figures.get("reconstruction error"), figures.get("ELBO")]
                cells = ["–" if one is None else f"{one.value:.4g} ± {(one.high - one.low) / 2:.2g}" for one in shown]
                of_them = ", ".join(f"`{one}`" for one in changed) or "–"
                seconds = time.perf_counter() - start
                print(f"| `{name}` | {of_them} | {card.weights:,} | {' | '.join(cells)} | {seconds:.0f} |")


if __name__ == "__main__":
    main()
