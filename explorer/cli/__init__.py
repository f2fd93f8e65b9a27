"""The command line: every command answers in plain lines or, with --json, in JSON; errors are one line on stderr."""

from __future__ import annotations

from explorer.cli.app import app, main

__all__ = [
    "app",
    "main",
]
