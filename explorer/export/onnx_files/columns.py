"""A table's columns as inputs of an ONNX graph: numbers in double precision, categories as text."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import onnx
import torch
from jaxtyping import Float, Num, Shaped
from onnx import TensorProto, helper
from torch import Tensor, nn

from explorer.data.cells import numbers, texts
from explorer.data.encoded_columns import CHANGED, LIMIT, AnyColumn, CategoryColumn, ConstantColumn, NumberColumn
from explorer.data.encoding import TableEncoding
from explorer.io.tables.columns import Cells
from explorer.io.tables.numbers import MISSING

NUMBERS, CATEGORIES, _CODES = "numbers", "categories", "codes"
_ML_OPSET = 3
"""Of the operations for text (``ai.onnx.ml``), which onnxruntime has built in."""


class ColumnInputs:
    """Which columns of a table go in as numbers and which as text.

    Attributes:
        numbers, categories: their names, in the order of the inputs' columns.
    """

    def __init__(self, encoding: TableEncoding) -> None:
        self.encoding = encoding
        self.numbers = tuple(column.name for column in encoding.columns if column.is_of_numbers)
        self.categories = tuple(column.name for column in encoding.columns if not column.is_of_numbers)

    def arrays(self, cells: Mapping[str, Cells]) -> dict[str, Shaped[np.ndarray, "n _"]]:
        """The inputs for rows of a table: (n, columns) float64, NaN where a cell is missing, and text."""
        inputs = {}
        if self.numbers:
            inputs[NUMBERS] = np.stack([numbers(cells[name]) for name in self.numbers], 1)
        if self.categories:
            inputs[CATEGORIES] = np.stack([texts(cells[name]).astype(object) for name in self.categories], 1)
        return inputs

    def tensors(self, n: int = 2) -> dict[str, Num[Tensor, "n _"]]:
        """Inputs of n rows to trace a graph on: text as the numbers of its values."""
        inputs = {}
        if self.numbers:
            inputs[NUMBERS] = torch.zeros(n, len(self.numbers), dtype=torch.float64)
        if self.categories:
            inputs[_CODES] = torch.zeros(n, len(self.categories), dtype=torch.int64)
        return inputs

    def facts(self) -> dict[str, object]:
        """What the inputs mean."""
        told: dict[str, object] = {}
        if self.numbers:
            told["columns.numbers"] = list(self.numbers)
            told["meaning.numbers"] = "columns of numbers in their own units, NaN where one is missing"
        if self.categories:
            told["columns.categories"] = list(self.categories)
            told["meaning.categories"] = "columns of text without spaces around it, empty where it is missing"
        return told


class EncodedRows(nn.Module):
    """Numbers (n, m) in double precision and numbers of values (n, c) to encoded rows (n, D), as ``TableEncoding``."""

    def __init__(self, inputs: ColumnInputs) -> None:
        super().__init__()
        self.inputs = inputs

    def forward(self, *given: Num[Tensor, "n _"]) -> Float[Tensor, "n d"]:
        of_numbers = given[0] if self.inputs.numbers else None
        of_text = given[-1] if self.inputs.categories else None
        pieces, number, category = [], 0, 0
        for column in self.inputs.encoding.columns:
            if column.is_of_numbers and of_numbers is not None:
                pieces.append(_of_number(column, of_numbers[:, number : number + 1]))
                number += 1
            elif of_text is not None:
                pieces.append(_of_text(column, of_text[:, category : category + 1]))
                category += 1
        return torch.cat(pieces, 1).float()


def _of_number(column: AnyColumn, values: Tensor) -> Tensor:
    """(n, 1) numbers -> (n, k) encoded."""
    unknown = torch.full_like(values, torch.nan)
    values = torch.where(values.isinf(), unknown, values)
    missing = values.isnan()
    if isinstance(column, ConstantColumn):
        constant = float(column.value)
        tolerance = 0.0 if constant % 1 == 0 else 1e-6 * abs(constant)
        differs = (values - constant).abs() > tolerance
        return torch.where(missing, unknown, CHANGED * differs.double())
    assert isinstance(column, NumberColumn)  # noqa: S101 - no other column is of numbers
    if column.form == "standardised":
        scaled, told = ((values - column.mean) / column.std).clamp(-LIMIT, LIMIT), _indicator(missing, column.missing)
    else:
        scaled, told = values.clamp(*column.ends), missing.double()
    return torch.cat([scaled, told], 1) if column.missing else scaled


def _of_text(column: AnyColumn, codes: Tensor) -> Tensor:
    """(n, 1) numbers of values, -1 where one is missing -> (n, k) encoded."""
    missing = codes < 0
    if isinstance(column, ConstantColumn):
        encoded = CHANGED * (codes > 0).double()
        return torch.where(missing, torch.full_like(encoded, torch.nan), encoded)
    assert isinstance(column, CategoryColumn)  # noqa: S101 - no other column is of text
    one = (codes == torch.arange(len(column.values) + 1)).double()
    known = torch.where(missing, torch.full_like(one, torch.nan), one)
    scaled = known
    if column.form == "standardised":
        scaled = (known - torch.tensor([*column.shares, 0.0], dtype=torch.float64)) / column.scale
    return torch.cat([scaled, _indicator(missing, column.missing)], 1) if column.missing else scaled


def _indicator(missing: Tensor, share: float) -> Tensor:
    return (missing.double() - share) / max(share * (1 - share), 1e-4) ** 0.5


def with_text(proto: onnx.ModelProto, inputs: ColumnInputs) -> onnx.ModelProto:
    """The graph with text as its input in place of the numbers of its values."""
    if not inputs.categories:
        return proto
    graph, nodes = proto.graph, []
    by_name = {column.name: column for column in inputs.encoding.columns}
    for place, name in enumerate(inputs.categories):
        words, codes, other = _vocabulary(by_name[name])
        number = helper.make_tensor(f"text.place.{place}", TensorProto.INT64, [1], [place])
        graph.initializer.append(number)
        nodes += [
            helper.make_node("Gather", [CATEGORIES, number.name], [f"text.{place}"], axis=1),
            helper.make_node(
                "LabelEncoder",
                [f"text.{place}"],
                [f"text.code.{place}"],
                domain="ai.onnx.ml",
                keys_strings=words,
                values_int64s=codes,
                default_int64=other,
            ),
        ]
    parts = [f"text.code.{place}" for place in range(len(inputs.categories))]
    nodes.append(helper.make_node("Concat", parts, [_CODES], axis=1))
    rest = [*graph.node]
    del graph.node[:]
    graph.node.extend([*nodes, *rest])
    kept = [value for value in graph.input if value.name != _CODES]
    del graph.input[:]
    text = helper.make_tensor_value_info(CATEGORIES, TensorProto.STRING, ["n", len(inputs.categories)])
    graph.input.extend([*kept, text])
    proto.opset_import.append(helper.make_opsetid("ai.onnx.ml", _ML_OPSET))
    return proto


def _vocabulary(column: AnyColumn) -> tuple[list[str], list[int], int]:
    """Words, their numbers, and the number of any other word; -1 where a word says that nothing is there."""
    if isinstance(column, CategoryColumn):
        values: tuple[str, ...] = column.values
    else:
        values = (str(column.value),) if isinstance(column, ConstantColumn) else ()
    known = {word: number for number, word in enumerate(values)}
    nothing = {spelled for word in MISSING for spelled in (word, word.upper(), word.capitalize())} - {*known}
    missing = known.get("", -1)
    vocabulary = {**dict.fromkeys(sorted(nothing), missing), **known}
    return [*vocabulary], [*vocabulary.values()], len(values)
