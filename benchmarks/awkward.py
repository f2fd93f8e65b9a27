"""Awkward inputs from known values: how many are read right, asked about or refused, and which are wrong in silence.

python benchmarks/awkward.py --kind tables [--cases 20000] [--seed 0]
"""

from __future__ import annotations

import argparse
import collections
import importlib
import pathlib
import sys
import time
from typing import Any

import hypothesis

ROOT = pathlib.Path(__file__).parents[1]
KINDS = {
    "tables": ("tests.io.tables.awkward_tables", "awkward_tables"),
    "images": ("tests.io.awkward_images", "awkward_sets"),
}
"""Kind -> a module and the strategy in it; the module's ``wrong`` says what is wrong, or refused, about an input."""
SHOWN, ALIKE = 5, 30
"""How many wrong cases are shown, and in how many first letters these differ."""


def main() -> None:
    """Print how many cases got which verdict, with some that are wrong; the exit status says whether one was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=KINDS, required=True)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    module, strategy = KINDS[chosen.kind]
    inputs = importlib.import_module(module)
    counts: collections.Counter[str] = collections.Counter()
    wrong: list[tuple[str, Any]] = []
    start = time.process_time()

    @hypothesis.seed(chosen.seed)
    @hypothesis.settings(
        max_examples=chosen.cases, database=None, deadline=None, suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate],
    )  # fmt: skip
    @hypothesis.given(getattr(inputs, strategy)())
    def judge(case: Any) -> None:
        verdict = inputs.wrong(case)
        kind = "wrong" if verdict and not verdict.startswith("refused") else "refused" if verdict else "right or asked"
        counts[kind] += 1
        if kind == "wrong" and len(wrong) < SHOWN and verdict[:ALIKE] not in {shown[:ALIKE] for shown, _ in wrong}:
            wrong.append((verdict, case))

    judge()
    listed = ", ".join(f"{n:,} {kind}" for kind, n in counts.most_common())
    print(f"{counts.total():,} {chosen.kind}: {listed}; {time.process_time() - start:.0f} s of processor time")
    for verdict, case in wrong:
        print(f"\n{verdict}\n{getattr(case, 'text', case)}")
    sys.exit(bool(counts["wrong"]))


if __name__ == "__main__":
    main()
