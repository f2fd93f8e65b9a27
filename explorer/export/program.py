"""What every piece of copied Python begins with: its imports in order, and data opened as they were on the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields

from explorer.data.importing import ImportOptions
from explorer.data.reading import argument
from explorer.data.split_asked import SplitAsked
from explorer.data.splits import SPLITS
from explorer.io.images.asked import ImagesAsked
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.dialect import Asked

_HOMES = {Asked: "explorer.io.tables.dialect", RolesAsked: "explorer.io.tables.asked",
          ImagesAsked: "explorer.io.images.asked", SplitAsked: "explorer.data"}  # fmt: skip
_STANDARD = ("base64", "dataclasses", "pathlib", "zlib")
_PACKAGE = "import explorer"


class GivenModel(str):
    """What ``explorer.load`` takes for a conditional model, and the label that a page gives it."""

    label: str

    @classmethod
    def of(cls, name: str, label: str | None) -> str:
        """The name, with a label where there is one."""
        if label is None:
            return name
        given = cls(name)
        given.label = label
        return given


def opened(checkpoint: str) -> str:
    """The expression that opens a checkpoint, given a label where a page gives it one.

    Args:
        checkpoint: name or path; a ``GivenModel`` has a label.
    """
    given = f".given({checkpoint.label!r})" if isinstance(checkpoint, GivenModel) else ""
    return f"explorer.load({str(checkpoint)!r}){given}"


def rows_of(split: str, checkpoint: str, data: str = "data", model: str = "model") -> tuple[list[str], str]:
    """Row numbers of the items that a page shows for a model: what they import, and an expression.

    Args:
        split: "train", "validation" or "test"; anything else means every item.
        checkpoint: name or path; of one that is given a label only the items of that label are meant.
        data, model: what the program calls them.
    """
    if isinstance(checkpoint, GivenModel):
        return ["from explorer import evaluation"], f"evaluation.rows_for({model}, {data})[0]"
    if split in SPLITS:
        return [], f"{data}.splits.{split}"
    return ["import numpy as np"], f"np.arange(len({data}))"


def items_of(split: str, checkpoint: str) -> list[str]:
    """Imports and the statement that leaves ``x``, the items that a page shows for ``model``; as ``rows_of``."""
    if isinstance(checkpoint, GivenModel):
        imports, rows = rows_of(split, checkpoint)
        return [*imports, f"x = data.x[{rows}]"]
    return [f"x = data.{split}.x" if split in SPLITS else "x = data.x"]


def program(lines: Iterable[str]) -> str:
    """Lines as one piece of Python: imports first, each once, those of the standard library before the others.

    Args:
        lines: imports and statements, in any mixture; empty ones are left out.
    """
    given = list(filter(None, lines))
    imports = {line for line in given if line.startswith(("import ", "from "))}
    standard = sorted(line for line in imports if line.split()[1].split(".")[0] in _STANDARD)
    ours = sorted(line for line in imports if line.split()[1].split(".")[0] == "explorer" and line != _PACKAGE)
    others = sorted(imports - {*standard, *ours, _PACKAGE})
    package = [_PACKAGE] if _PACKAGE in imports else []
    blocks = [standard, others, [*package, *ours], [line for line in given if line not in imports]]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def said(part: Asked | RolesAsked | ImagesAsked | SplitAsked) -> tuple[list[str], str]:
    """What was said of a reading: what it imports, and the value; nothing of either where nothing was said."""
    if part == type(part)():
        return [], ""
    return [f"from {_HOMES[type(part)]} import {type(part).__name__}"], argument(part).partition("=")[2]


@dataclass(frozen=True)
class DataCode:
    """How a page opened data, to be opened so again.

    Args:
        source: name of a dataset, path of data, or name of a file that was uploaded.
        options: what was said of how it is read.
        seed: of splits that the data do not fix themselves.
        is_upload: whether the file's bytes were read, and not what lies under a path.
        model: name or path of the checkpoint by whose data it is read, whose contract is ``options.like``; empty: the
            contract is written out.
    """

    source: str
    options: ImportOptions = field(default_factory=ImportOptions)
    seed: int = 0
    is_upload: bool = False
    model: str = ""

    def lines(self, name: str = "data", model: str = "") -> list[str]:
        """Imports and the statement that opens it, for ``program``.

        Args:
            name: what the program calls it.
            model: name or path of the checkpoint that the program calls ``model``; empty: it has none.
        """
        imports, arguments = ["import explorer"], [repr(self.source)]
        opener = "explorer.dataset"
        if self.is_upload:
            imports += ["from pathlib import Path", "from explorer.data import from_upload"]
            opener, arguments = "from_upload", [*arguments, self.content]
        arguments += [f"seed={self.seed}"] if self.seed else []
        more, options = self._options(model)
        if options:
            arguments.append("options=options")
            more.append(f"options = ImportOptions({', '.join(options)})")
        return [*imports, *more, f"{name} = {opener}({', '.join(arguments)})"]

    @property
    def content(self) -> str:
        """What it was read from, as an expression: a path, or the bytes of an upload; both need ``Path``."""
        return f"Path({self.source!r}).read_bytes()" if self.is_upload else f"Path({self.source!r}).expanduser()"

    def _options(self, model: str) -> tuple[list[str], list[str]]:
        """What they import, and those that were said, each as an argument."""
        imports: list[str] = []
        arguments = []
        card = "" if not self.model else "model.card" if self.model == model else f"{opened(self.model)}.card"
        for one in fields(ImportOptions):
            value = getattr(self.options, one.name)
            if value == getattr(ImportOptions(), one.name):
                continue
            if isinstance(value, Asked | RolesAsked | ImagesAsked | SplitAsked):
                more, text = said(value)
                imports += more
            elif one.name == "like" and not card:
                imports.append(f"from {type(value).__module__} import {type(value).__name__}")
                text = f"{type(value).__name__}.model_validate_json({value.model_dump_json(exclude_defaults=True)!r})"
            elif one.name == "like":
                text = f"{card}.data.contract"
            else:
                text = repr(value)
            arguments.append(f"{one.name}={text}")
        return [*imports, *(["from explorer.data import ImportOptions"] if arguments else [])], arguments


def data_code(data: str | DataCode) -> DataCode:
    """Data by name or path, as it is opened where nothing was said of it."""
    return DataCode(data) if isinstance(data, str) else data
