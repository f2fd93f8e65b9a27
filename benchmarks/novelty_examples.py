"""Fit the detectors of Novelty's worked examples, so that a visitor need not wait for it.

Run: OMP_NUM_THREADS=1 python benchmarks/novelty_examples.py [NAME ...]

Writes `checkpoints/novelty/NAME.safetensors`: to be run again when an example, its checkpoint or its data change.
"""

from __future__ import annotations

import argparse

from explorer.novelty.examples import EXAMPLES, fit_example, stored_file


def main() -> None:
    """Fit those that the command line names, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", default=list(EXAMPLES), metavar="NAME", help="of examples; all by default")
    for name in parser.parse_args().names:
        detector = fit_example(name)
        path = stored_file(name)
        path.parent.mkdir(exist_ok=True)
        detector.save(path)
        print(f"{name}: {path.stat().st_size / 1e6:.1f} MB, fitted in {detector.card.seconds:.1f} s")


if __name__ == "__main__":
    main()
