"""``python -m explorer``: the command line."""

from __future__ import annotations

from explorer.cli import main

if __name__ == "__main__":
    main()
