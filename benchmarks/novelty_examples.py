"""Fit the detectors of Novelty's worked examples, so that a visitor need not wait for it.

Run: OMP_NUM_THREADS=1 python benchmarks/novelty_examples.py [NAME ...]

Writes `checkpoints/novelty/NAME.safetensors`: to be run again when an example, its checkpoint or its data change.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from explorer.novelty.examples import EXAMPLES, fit_example, stored_file
from explorer.novelty.series import heartbeat


def main() -> None:
    """Fit those that the command line names, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "names", nargs="*", default=[*EXAMPLES, heartbeat.NAME], metavar="NAME", help="of examples; all by default"
    )
    for name in parser.parse_args().names:
        if name == heartbeat.NAME:
            detector, path = heartbeat.fit_heartbeat(), Path(heartbeat.stored_file())
        else:
            detector, path = fit_example(name), stored_file(name)
        path.parent.mkdir(exist_ok=True)
        detector.save(path)
        print(f"{name}: {path.stat().st_size / 1e6:.1f} MB, fitted in {detector.card.seconds:.1f} s")


if __name__ == "__main__":
    main()
