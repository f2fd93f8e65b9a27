"""What people and sweeps say of a run: its title, notes, a star, and the sweep that it belongs to."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from explorer.checkpoints.files import write_file

FILE = "about.json"


class RunAbout(BaseModel):
    """What is said of a run beside its recipe; nothing of it changes the training."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    title: str = Field("", max_length=120, title="Title", description="What lists call the run; empty: its recipe's.")
    notes: str = Field("", max_length=10_000, title="Notes")
    starred: bool = Field(False, title="Star")
    sweep: str = Field("", title="Sweep", description="Its name; empty: it belongs to none.")


def read_about(folder: Path) -> RunAbout:
    """What is said of a run; of one of which nothing can be read, nothing."""
    try:
        return RunAbout.model_validate_json((folder / FILE).read_bytes())
    except (OSError, ValidationError):
        return RunAbout()


def write_about(folder: Path, about: RunAbout) -> None:
    """Keep it in the run's folder.

    Raises:
        CheckpointError: it cannot be written.
    """
    write_file(folder / FILE, about.model_dump_json(exclude_defaults=True).encode())
