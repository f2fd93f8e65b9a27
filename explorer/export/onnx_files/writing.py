"""Modules as ONNX files for any number of items, with what their numbers mean, held against the modules."""

from __future__ import annotations

import contextlib
import io
import json
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from jaxtyping import Num, Shaped
from torch import Tensor, nn

from explorer.core.errors import ExplorerError

OPSET = 17
TOLERANCE = 1e-4
"""Largest difference between what a file makes and what its module makes, relative where values are above 1."""

Named = Mapping[str, Shaped[np.ndarray, "..."]]


def written(
    module: nn.Module,
    inputs: Mapping[str, Num[Tensor, "..."]],
    outputs: Sequence[str],
    free: Mapping[str, Mapping[int, str]] | None = None,
) -> onnx.ModelProto:
    """The graph of a module, traced on some items.

    Args:
        inputs: name -> (n, ...) items, in the order that the module takes them.
        outputs: names of what it makes.
        free: name -> axis -> name of each axis that may have any length beside the first, which always may.

    Raises:
        ExplorerError: it has an operation for which ONNX has none.
    """
    file = io.BytesIO()
    axes = {name: {0: "n", **(free or {}).get(name, {})} for name in (*inputs, *outputs)}
    with warnings.catch_warnings(), torch.no_grad(), contextlib.redirect_stdout(io.StringIO()):
        # It prints the whole graph where it fails. The tracing exporter: it needs no package beside torch.
        warnings.simplefilter("ignore")
        try:
            torch.onnx.export(
                module.eval(),
                tuple(inputs.values()),
                file,  # type: ignore[arg-type]  # it writes to files as well
                dynamo=False,
                opset_version=OPSET,
                do_constant_folding=False,  # rows that are kept in single precision would be written in double
                input_names=[*inputs],
                output_names=[*outputs],
                dynamic_axes=axes,
            )
        except torch.onnx.errors.OnnxExporterError as error:
            reason = str(error).splitlines()[0][:200]
            raise ExplorerError(
                f"ONNX has no operation for a part of this: {reason}", "Use it with this program: python -m explorer"
            ) from error
    return onnx.load_model_from_string(file.getvalue())


def described(proto: onnx.ModelProto, facts: Mapping[str, Any]) -> bytes:
    """The file's bytes with facts in its metadata: text as it is, empty text left out, anything else as JSON."""
    texts = {
        key: fact if isinstance(fact, str) else json.dumps(fact, ensure_ascii=False) for key, fact in facts.items()
    }
    onnx.helper.set_model_props(proto, {"opset": str(OPSET), **{key: text for key, text in texts.items() if text}})
    onnx.checker.check_model(proto)
    return proto.SerializeToString()


class OnnxRun:
    """An ONNX file in onnxruntime, on one thread.

    Args:
        content: the file's bytes.
    """

    def __init__(self, content: bytes) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3  # of likelihoods by columns it warns of sizes that it then finds right
        self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        self.outputs = [output.name for output in self._session.get_outputs()]

    def __call__(self, inputs: Named) -> dict[str, Shaped[np.ndarray, "n *result"]]:
        """Outputs by name.

        Args:
            inputs: name -> (n, ...).
        """
        return dict(zip(self.outputs, self._session.run(self.outputs, dict(inputs)), strict=True))


def check_difference(name: str, difference: float) -> None:
    """Raise ExplorerError where a file makes something else than what it was made of."""
    if not difference <= TOLERANCE:
        raise ExplorerError(
            f"{name} makes something else by onnxruntime than here: {difference:.2g} apart; {TOLERANCE:g} may be.",
            "Please report this model.",
        )
