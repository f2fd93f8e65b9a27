"""An exported ONNX file and items for it: read as its metadata says, run in parts, written as CSV or NPZ."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from explorer_viewer.problem import ViewError

AT_ONCE = 1000
"""Items: the distances of a detector to all rows that it keeps take memory."""
COLUMNS = {"numbers": "columns.numbers", "categories": "columns.categories", "x": "columns"}
"""Input -> where the metadata name its columns."""


class ExportedModel:
    """A model or detector as it was exported."""

    def __init__(self, path: Path) -> None:
        try:
            self._session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
        except OSError as error:
            raise ViewError(f"{path} cannot be read: {error.strerror}.") from error
        except Exception as error:
            raise ViewError(f"{path} is no ONNX file that onnxruntime runs: {str(error).splitlines()[0]}") from error
        self.inputs = [one.name for one in self._session.get_inputs()]
        self.outputs = [one.name for one in self._session.get_outputs()]
        self._types = {one.name: one.type for one in self._session.get_inputs()}
        self.told: dict[str, str] = self._session.get_modelmeta().custom_metadata_map

    def words(self) -> list[str]:
        """What goes in and comes out, a sentence each."""
        return [f"{name}: {self.told.get(f'meaning.{name}', 'not said')}" for name in (*self.inputs, *self.outputs)]

    def read(self, path: Path) -> dict[str, np.ndarray]:
        """Items of a CSV, NPZ or NPY file by the names of the inputs, (n, ...) each.

        Raises:
            ViewError: it cannot be read, or does not hold what the file takes.
        """
        try:
            given = self._rows(path) if path.suffix.lower() == ".csv" else self._arrays(path)
        except OSError as error:
            raise ViewError(f"{path} cannot be read: {error.strerror or error}.") from error
        if len({len(values) for values in given.values()}) != 1:
            raise ViewError(f"{path} has inputs of different lengths.")
        return given

    def run(self, given: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """What comes out of items, (n, ...) each."""
        n = len(next(iter(given.values())))
        made: dict[str, list[np.ndarray]] = {name: [] for name in self.outputs}
        for start in range(0, n, AT_ONCE):
            part = {name: values[start : start + AT_ONCE] for name, values in given.items()}
            try:
                results = self._session.run(self.outputs, part)
            except Exception as error:
                raise ViewError(f"onnxruntime takes no such items: {str(error).splitlines()[0]}") from error
            for name, values in zip(self.outputs, results, strict=True):
                made[name].append(values)
        return {name: np.concatenate(parts) for name, parts in made.items()}

    def _rows(self, path: Path) -> dict[str, np.ndarray]:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
        if not rows:
            raise ViewError(f"{path} has no rows.")
        given = {}
        for name in self.inputs:
            columns = json.loads(self.told.get(COLUMNS.get(name, ""), "[]"))
            if not columns:
                raise ViewError(
                    f"{path} holds rows, and the ONNX file takes {self.words()[0]}. Give an NPZ or NPY file."
                )
            missing = [column for column in columns if column not in rows[0]]
            if missing:
                raise ViewError(f"{path} lacks the column {missing[0]!r}. It needs: {', '.join(columns)}.")
            if "string" in self._types[name]:
                cells: Any = [[(row[column] or "").strip() for column in columns] for row in rows]
                given[name] = np.array(cells, dtype=object)
            else:
                given[name] = self._typed(name, [[_number(row[c], c, path) for c in columns] for row in rows])
        return given

    def _arrays(self, path: Path) -> dict[str, np.ndarray]:
        try:
            read = np.load(path, allow_pickle=False)
        except (ValueError, EOFError) as error:
            raise ViewError(f"{path} is no CSV, NPZ or NPY file.") from error
        if isinstance(read, np.ndarray):
            arrays = {self.inputs[0]: read}
        else:
            with read:
                arrays = {name: read[name] for name in read.files}
            if len(self.inputs) == 1 and self.inputs[0] not in arrays and len(arrays) == 1:
                arrays = {self.inputs[0]: next(iter(arrays.values()))}
        missing = [name for name in self.inputs if name not in arrays]
        if missing:
            raise ViewError(f"{path} has no array {missing[0]!r}; it has {', '.join(arrays) or 'none'}.")
        return {name: self._typed(name, arrays[name]) for name in self.inputs}

    def _typed(self, name: str, values: Any) -> np.ndarray:
        if "string" in self._types[name]:
            return np.asarray(values, dtype=object)
        if "int64" in self._types[name]:
            return self._whole(name, np.asarray(values))
        return np.asarray(values, np.float64 if "double" in self._types[name] else np.float32)

    def _whole(self, name: str, values: np.ndarray) -> np.ndarray:
        """Whole numbers, or the names that the file has numbers for, such as those of labels."""
        known = json.loads(self.told.get(f"{name}s", "{}"))
        if values.dtype.kind in "US":
            unknown = [text for text in values.astype(str).ravel().tolist() if text not in known]
            if unknown:
                listed = ", ".join(known) or "none"
                raise ViewError(f"{name}: the file has no number for {unknown[0]!r}; it has them for: {listed}.")
            values = np.array([known[text] for text in values.astype(str).ravel().tolist()]).reshape(values.shape)
        if values.dtype.kind not in "biuf" or (values != np.round(values)).any():
            raise ViewError(f"{name} takes whole numbers. {self.told.get(f'meaning.{name}', '')}".strip())
        return values.astype(np.int64)


def write(path: Path, made: Mapping[str, np.ndarray]) -> None:
    """Write what came out: CSV of a line an item with what is one number each, or NPZ of all of it.

    Raises:
        ViewError: another ending, or nothing that a CSV can hold.
    """
    if path.suffix.lower() == ".npz":
        arrays: dict[str, Any] = dict(made)
        np.savez_compressed(path, **arrays)
        return
    if path.suffix.lower() != ".csv":
        raise ViewError(f"Cannot tell the format of {path}. Give a name that ends in .csv or .npz.")
    columns: dict[str, np.ndarray] = {}
    for name, values in made.items():
        if values.ndim == 1:
            columns[name] = values
        elif values.ndim == 2:
            columns |= {f"{name}{i + 1}": column for i, column in enumerate(values.T)}
    if not columns:
        raise ViewError(f"{', '.join(made)} do not fit into a CSV file. Give a name that ends in .npz.")
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["row", *columns])
        for i, cells in enumerate(zip(*(column.tolist() for column in columns.values()), strict=True)):
            writer.writerow([i, *(int(cell) if isinstance(cell, bool) else repr(cell) for cell in cells)])


def _number(cell: str | None, column: str, path: Path) -> float:
    try:
        return float(cell or "nan")
    except ValueError as error:
        raise ViewError(f"{path}: {cell!r} in the column {column!r} is no number.") from error
